"""`hf:`: any causal language model, on a tiny one with random weights."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import GeneratorFailed
from bot.generate.local import Local, _Words
from bot.generate.protocol import Numbered, Prompt, Said
from tests.support import tiny
from tests.support.turning import turns_during

PROMPT = Prompt("How long?", "en", "Fernway", (Numbered(1, "a", "faq", "T", "6–9 days."),), max_tokens=24)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model with a chat template, one without, and one that reads little."""
    root = tmp_path_factory.mktemp("models")
    return {
        "chat": tiny.build(root / "chat", chat=True),
        "plain": tiny.build(root / "plain", chat=False),
        "short": tiny.build(root / "short", chat=True, window=2048),
    }


@pytest.fixture
async def chat(folders: dict[str, Path]) -> AsyncIterator[Local]:
    """The model with a chat template."""
    local = Local(str(folders["chat"]), timeout_s=30)
    yield local
    await local.aclose()


async def drafted(local: Local, prompt: Prompt = PROMPT) -> str:
    """The whole draft."""
    return "".join([piece async for piece in local.stream(prompt)])


@pytest.mark.parametrize("kind", ["chat", "plain"])
async def test_a_model_drafts_with_and_without_a_template(kind: str, folders: dict[str, Path]) -> None:
    """Both kinds of model give words, and the prompt itself is not among them."""
    async with aclosing(Local(str(folders[kind]), timeout_s=30)) as local:
        text = await drafted(local)
    assert text.strip()
    assert "Fernway" not in text


async def test_the_draft_has_at_most_its_tokens(chat: Local) -> None:
    """`max_tokens` bounds the draft: the tokenizer's tokens are bytes here."""
    assert len((await drafted(chat, replace(PROMPT, max_tokens=5))).encode()) <= 5 * 3


async def test_the_loop_goes_on_while_the_model_works(chat: Local) -> None:
    """Arithmetic is in a thread of its own: the loop turns many times between two pieces of a draft."""
    assert await turns_during(drafted(chat)) > 100


async def test_closing_a_stream_stops_the_model_within_a_token(chat: Local) -> None:
    """After the first piece is taken and the stream closed, the model makes no long draft: the next one comes soon."""
    await chat.ping()
    steps = 0
    model = chat._ready().model
    forward = model.forward

    def counted(*args: object, **kwargs: object) -> object:
        nonlocal steps
        steps += 1
        return forward(*args, **kwargs)

    model.forward = counted
    async with aclosing(chat.stream(replace(PROMPT, max_tokens=2000))) as pieces:
        await anext(pieces)
    await chat.ping()  # the worker takes one thing at a time, so the draft is over now
    assert steps < 2000
    reached = steps
    await chat.ping()
    assert steps == reached


async def test_a_missing_model_fails(tmp_path: Path) -> None:
    """A folder without a model is a failure of ping and of drafts, each time."""
    async with aclosing(Local(str(tmp_path), timeout_s=30)) as local:
        for _ in range(2):
            with pytest.raises(GeneratorFailed, match="no model"):
                await local.ping()
            with pytest.raises(GeneratorFailed, match="no model"):
                await drafted(local)


async def test_silence_is_a_failure(chat: Local) -> None:
    """A draft that does not begin within the time limit fails; loading goes on and a later draft comes."""
    await chat.ping()
    chat._timeout_s = 0.05
    hold = asyncio.Event()
    loop = asyncio.get_running_loop()
    chat._submit(lambda: asyncio.run_coroutine_threadsafe(hold.wait(), loop).result())
    with pytest.raises(GeneratorFailed, match="silence"):
        await drafted(chat)
    hold.set()
    chat._timeout_s = 30
    assert await drafted(chat)


async def test_too_long_a_prompt_loses_history_then_passages(folders: dict[str, Path]) -> None:
    """What a model cannot read is left out, oldest history first; the question always stays."""
    long = replace(
        PROMPT,
        history=tuple(Said("shopper", "x" * 500) for _ in range(4)),
        passages=tuple(Numbered(n, str(n), "faq", "T", "word " * 30) for n in (1, 2, 3)),
    )
    async with aclosing(Local(str(folders["short"]), timeout_s=30)) as local:
        assert await drafted(local, long)
        with pytest.raises(GeneratorFailed, match="tokens, wanted at most"):
            await drafted(local, replace(PROMPT, passages=(Numbered(1, "a", "faq", "T", "y" * 4000),)))


async def test_closing_the_generator_ends_drafts_in_flight(chat: Local) -> None:
    """A draft in flight when the program stops fails instead of hanging; so does one that waits for its turn."""
    await chat.ping()
    running, waiting = chat.stream(replace(PROMPT, max_tokens=2000)), chat.stream(PROMPT)
    await anext(running)
    queued = asyncio.ensure_future(anext(waiting))
    await asyncio.sleep(0)
    await chat.aclose()
    with pytest.raises(GeneratorFailed, match="closed"):
        await queued
    with pytest.raises(GeneratorFailed, match="closed"):
        async for _ in running:
            pass


class _Letters:
    """A tokenizer of code points, for the words' own logic; 0 is half a character."""

    def decode(self, ids: list[int], **_: object) -> str:
        """Each id as its character."""
        return "".join(chr(i) if i else "\ufffd" for i in ids)


def _streamed(text: str, mark: str) -> tuple[str, bool]:
    import torch

    said: list[str] = []
    words = _Words(_Letters(), said.append, mark)
    words.put(torch.tensor([[1, 2]]))
    for c in text:
        words.put(torch.tensor([ord(c)]))
    words.end()
    return "".join(said), words.over


def test_a_draft_ends_where_the_model_speaks_for_the_shopper() -> None:
    """A model without a template is cut at its mark; what only looks like the mark's beginning is shown."""
    assert _streamed("Yes.\nShopper: more", "\nShopper:") == ("Yes.", True)
    assert _streamed("Yes.\nShop", "\nShopper:") == ("Yes.\nShop", False)
    assert _streamed("a\nb", "\nShopper:") == ("a\nb", False)


def test_half_a_character_is_held_back() -> None:
    """Bytes that are not yet a whole character are not shown."""
    import torch

    said: list[str] = []
    words = _Words(_Letters(), said.append, "")
    words.put(torch.tensor([[1]]))
    words.put(torch.tensor([ord("a")]))
    words.put(torch.tensor([0]))
    assert said == ["a"]


def test_torch_is_not_imported_before_it_is_needed() -> None:
    """Opening `quote:` or `hf:` imports neither torch nor transformers."""
    code = (
        "import sys; from bot.generate import open_generator; open_generator('hf:x', timeout_s=1);"
        "open_generator('quote:', timeout_s=1); sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
