"""Generators: each turns a prompt of numbered passages into a streamed draft.

`open_generator` reads the one dial, `AISLE_GENERATOR`. A new kind of generator is a module of its own and one line in
`ADAPTERS`; modules are imported only when they are chosen, so that `quote:` never pays for torch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.errors import BadSettings
from bot.generate import own
from bot.generate.protocol import Generator

CACHE = Path(".aisle") / "generators"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the dial says. `rest` is what follows the scheme; `timeout_s` is the longest silence allowed.

    Attributes:
        cache: Folder of what is made once of a model and kept.
    """

    rest: str
    key: str
    timeout_s: float
    threads: int
    cache: Path


def _copy(choice: Choice) -> Generator:
    from bot.generate.copy import Copy

    return Copy(choice.rest, cache=choice.cache, timeout_s=choice.timeout_s, threads=choice.threads)


def _quote(choice: Choice) -> Generator:
    from bot.generate.quote import Quote

    if choice.rest:
        raise BadSettings(f"generator: got {'quote:' + choice.rest!r}, wanted quote: with nothing after it")
    return Quote()


def _local(choice: Choice) -> Generator:
    from bot.generate.local import Local

    if not choice.rest:
        raise BadSettings("generator: got 'hf:' alone, wanted hf:<model or path>")
    return Local(choice.rest, timeout_s=choice.timeout_s, threads=choice.threads)


def _server(choice: Choice) -> Generator:
    from bot.generate.server import Server, parse_address

    return Server(parse_address(choice.rest), key=choice.key, timeout_s=choice.timeout_s)


ADAPTERS: Mapping[str, Callable[[Choice], Generator]] = MappingProxyType(
    {
        "copy": _copy,
        "quote": _quote,
        "hf": _local,
        "openai": _server,
    }
)


def open_generator(spec: str, *, key: str = "", timeout_s: float, threads: int = 1, cache: Path = CACHE) -> Generator:
    """The generator that `spec` names; nothing is loaded or connected yet.

    Args:
        spec: `copy:`, `copy:<folder of weights>`, `quote:`, `hf:<model or path>`, `copy:own` or `hf:own` (what
            `aisle train finetune` made active), or `openai:<url>#<model>`.
        key: API key, sent to `openai:` servers only.
        timeout_s: Longest silence before the generator counts as failed.
        threads: Threads of a local model's arithmetic.
        cache: Folder of what is made once of a model and kept.

    Raises:
        BadSettings: The scheme is unknown, or what follows it cannot be used.
    """
    scheme, colon, rest = spec.strip().partition(":")
    adapter = ADAPTERS.get(scheme) if colon else None
    if adapter is None:
        known = ", ".join(f"{name}:" for name in ADAPTERS)
        raise BadSettings(f"generator: got {spec!r}, wanted one of {known}")
    return adapter(Choice(own.meant(cache, scheme, rest), key, timeout_s, threads, cache))
