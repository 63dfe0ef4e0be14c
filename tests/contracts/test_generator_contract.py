"""What every generator does alike: the words of `bot/generate/protocol.py`, run over each adapter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import GeneratorFailed
from bot.generate import open_generator
from bot.generate.protocol import Generator, Numbered, Prompt, Said
from tests.support import tiny
from tests.support.copying import model as network
from tests.support.wire import EVENTS, event, sending, wired

PASSAGES = (
    Numbered(
        1,
        "faq:a:en",
        "faq",
        "How long does shipping to Canada take?",
        "Canada takes 6–9 business days. It costs $12.95.",
    ),
    Numbered(2, "faq:b:en", "faq", "返品", "退货期为 60 天。", "zh"),
)
PROMPT = Prompt(
    "How long to Canada?", "en", "Fernway", PASSAGES, (Said("shopper", "hi"), Said("bot", "Hello!")), max_tokens=24
)
STREAM = (
    EVENTS,
    event("Canada takes "),
    event("6–9 business "),
    event("days. [1]"),
    event(finish="stop"),
    b"data: [DONE]\n\n",
)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a chat template."""
    return tiny.build(tmp_path_factory.mktemp("tiny"), chat=True)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random ones of the built-in model's shape."""
    folder = tmp_path_factory.mktemp("weights") / "any"
    network().save_pretrained(folder)
    return folder


@asynccontextmanager
async def opened(kind: str, model: Path, weights: Path) -> AsyncIterator[Generator]:
    """A generator of each kind, with what it needs around it."""
    async with wired(sending(*STREAM)) as wire:
        spec = {
            "quote": "quote:",
            "copy": f"copy:{weights}",
            "hf": f"hf:{model}",
            "openai": f"openai:{wire.url}#any",
        }[kind]
        generator = open_generator(spec, timeout_s=120, cache=weights.parent / "cache")
        try:
            yield generator
        finally:
            await generator.aclose()


@pytest.fixture(params=["quote", "copy", "hf", "openai"])
async def generator(request: pytest.FixtureRequest, tiny_model: Path, weights: Path) -> AsyncIterator[Generator]:
    """Each adapter in turn."""
    async with opened(request.param, tiny_model, weights) as one:
        yield one


async def drafted(generator: Generator, prompt: Prompt = PROMPT) -> list[str]:
    """All pieces of a draft."""
    return [piece async for piece in generator.stream(prompt)]


async def test_pieces_make_up_a_draft(generator: Generator) -> None:
    """A draft comes in several pieces, none of them empty, that make up words."""
    pieces = await drafted(generator)
    assert len(pieces) > 1
    assert all(pieces)
    assert "".join(pieces).strip()


async def test_the_same_prompt_gives_the_same_draft(generator: Generator) -> None:
    """Nothing is left to chance."""
    assert "".join(await drafted(generator)) == "".join(await drafted(generator))


async def test_closing_in_the_middle_leaves_the_generator_usable(generator: Generator) -> None:
    """A stream may be closed after one piece; the next draft comes as if nothing had been."""
    whole = "".join(await drafted(generator))
    async with aclosing(generator.stream(PROMPT)) as pieces:  # type: ignore[type-var]
        async for piece in pieces:
            assert whole.startswith(piece)
            break
    assert "".join(await drafted(generator)) == whole


async def test_cancelling_the_reader_is_passed_on(generator: Generator) -> None:
    """A task that reads a draft can be cancelled, and is then over."""
    begun = asyncio.Event()

    async def read() -> None:
        async for _ in generator.stream(PROMPT):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await drafted(generator)


async def test_several_drafts_at_once_do_not_mix(generator: Generator) -> None:
    """Drafts that are read side by side are each whole."""
    alone = "".join(await drafted(generator))
    together = await asyncio.gather(*(drafted(generator) for _ in range(3)))
    assert ["".join(pieces) for pieces in together] == [alone] * 3


async def test_no_passages_is_no_error(generator: Generator) -> None:
    """A prompt without passages still gets a draft."""
    assert await drafted(generator, Prompt("?", "zh", "Fernway", (), max_tokens=8))


async def test_closing_twice_is_allowed(generator: Generator) -> None:
    """`ping` answers while it is open; `aclose` may come twice."""
    await generator.ping()
    await generator.aclose()
    await generator.aclose()


async def test_names_say_what_serves(generator: Generator) -> None:
    """A generator's name is its setting's scheme and what follows."""
    assert generator.name.split(":")[0] in ("quote", "copy", "hf", "openai")


@pytest.mark.parametrize("kind", ["copy", "hf", "openai"])
async def test_a_closed_generator_says_so(kind: str, tiny_model: Path, weights: Path) -> None:
    """A draft or ping after `aclose` is a failure, not a hang."""
    async with opened(kind, tiny_model, weights) as generator:
        await generator.aclose()
        with pytest.raises(GeneratorFailed):
            await drafted(generator)
        with pytest.raises(GeneratorFailed):
            await generator.ping()
