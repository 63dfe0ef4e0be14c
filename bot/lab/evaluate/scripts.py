"""Conversations of many turns as scripts that people can read, and what each turn must come to. Pure.

    # Finds a tent, then asks about it
    lang: en
    page: ridgeline-2-tent                 the visit, if any: page, viewed, cart, bought
    > do you have tents for three people?
    = recommend
    card ridgeline-3-tent                  among the cards
    > how heavy is it?
    = answer
    cite product:ridgeline-3-tent          among the citations; without the language
    says 1,980 g                           in the text; several are parted by |, one of which must be there
    not Ridgeline 2                        not in the text
    choice Look up my order                among the choices to tap; without a value, there are some

`=` takes several actions parted by `|`. White space and the form of letters do not matter in `says` and `not`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.conversation import Visit
from bot.errors import BadSettings
from bot.lab.evaluate.questions import plain

VISIT = ("page", "viewed", "cart", "bought")
EXPECTED = ("=", "card", "cite", "says", "not", "choice", "lang")


@dataclass(slots=True)
class Turn:
    """What a shopper says, and what the reply must be: pairs of a keyword and its value."""

    text: str
    line: int
    wanted: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation. `name` is its file's and its first line's."""

    name: str
    title: str
    lang: str
    visit: Visit
    turns: tuple[Turn, ...]


def read(path: Path) -> tuple[Script, ...]:
    """The scripts of a file; each begins with a line `# title`.

    Raises:
        BadSettings: Naming file and line of what cannot be read.
    """
    blocks: list[list[tuple[int, str]]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("# "):
            blocks.append([])
        if line.strip():
            if not blocks:
                raise BadSettings(f"{path.name}:{number}: found {line!r}, wanted a title as '# Finds a tent' first")
            blocks[-1].append((number, line.strip()))
    return tuple(_script(path, block) for block in blocks)


def _script(path: Path, block: list[tuple[int, str]]) -> Script:
    first, title = block[0]
    head: dict[str, str] = {}
    turns: list[Turn] = []
    for number, line in block[1:]:
        word, _, rest = line.partition(" ")
        if word == ">":
            turns.append(Turn(rest.strip(), number))
        elif not turns and word.endswith(":") and word[:-1] in ("lang", *VISIT):
            head[word[:-1]] = rest.strip()
        elif turns and word in EXPECTED:
            turns[-1].wanted.append((word, rest.strip()))
        else:
            wanted = f"'>', one of {', '.join(EXPECTED)}, or in the head lang, {', '.join(VISIT)}"
            raise BadSettings(f"{path.name}:{number}: found {line!r}, wanted {wanted}")
    page, *others = (tuple(head.get(name, "").split()) for name in VISIT)
    visit = Visit(page[0] if page else "", *others)
    return Script(f"{path.stem}:{first}", title[2:], head.get("lang", "en"), visit, tuple(turns))


def failures(turn: Turn, reply: Mapping[str, Any]) -> Iterator[str]:
    """What the reply lacks or has too much, in words."""
    for word, value in turn.wanted:
        some, got = value.split("|"), _got(word, reply)
        if not _fits(word, some, got):
            yield f"line {turn.line}: > {turn.text}\n    wanted {word} {value}, got {got}"


def _got(word: str, reply: Mapping[str, Any]) -> Any:
    """What a keyword is about."""
    match word:
        case "=":
            return reply["action"]
        case "card":
            return [card["handle"] for card in reply["cards"]]
        case "cite":
            return [citation["passage"] for citation in reply["citations"]]
        case "choice":
            return list(reply["choices"])
        case "lang":
            return reply["lang"]
        case _:
            return reply["text"]


def _fits(word: str, some: Sequence[str], got: Any) -> bool:
    match word:
        case "=" | "lang":
            return got in some
        case "card" | "choice" if any(some):
            return any(one in got for one in some)
        case "cite":
            return any(one in (cited, cited.rsplit(":", 1)[0]) for one in some for cited in got)
        case "choice":
            return bool(got)
        case _:
            said = any(plain(one) in plain(got) for one in some)
            return said if word == "says" else not said
