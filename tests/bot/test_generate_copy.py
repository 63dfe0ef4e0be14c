"""`copy:`, the built-in model: how drafts are asked for, batched, streamed, stopped; on random weights."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.copying.exported import CONFIG, OnnxNet, exported
from bot.copying.rows import Rows
from bot.copying.steps import Speaking
from bot.copying.trust import Trust
from bot.errors import GeneratorFailed
from bot.generate import open_generator
from bot.generate.batch import AT_ONCE
from bot.generate.copy import Copy
from bot.generate.protocol import Numbered, Prompt
from bot.generate.quote import not_found, quotation
from tests.support.copying import RETURNS, SHELL, SHIPPING, asking, model
from tests.support.turning import turns_during

PROMPT = replace(asking("How long does it take to Canada?"), max_tokens=24)
ASKED = ("how", "when", "where", "what", "why", "who", "is", "are")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random ones."""
    folder = tmp_path_factory.mktemp("weights") / "any"
    model().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cache(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With their export."""
    folder = tmp_path_factory.mktemp("cache")
    exported(weights, folder)
    return folder


@pytest.fixture
async def copy(weights: Path, cache: Path) -> AsyncIterator[Copy]:
    """A generator with these weights."""
    one = Copy(str(weights), cache=cache, timeout_s=30)
    yield one
    await one.aclose()


async def drafted(generator: Copy, prompt: Prompt = PROMPT) -> str:
    """The whole draft."""
    return "".join([piece async for piece in generator.stream(prompt)])


def uncited(text: str) -> str:
    """Without the marks."""
    return re.sub(r" (\[\d\])+", "", text)


async def test_the_dial_opens_it(weights: Path, cache: Path) -> None:
    """`copy:` and a folder, or nothing for the built-in weights."""
    one = open_generator(f"copy:{weights}", timeout_s=30, cache=cache)
    await one.ping()
    assert one.name == f"copy:{weights}"
    await one.aclose()
    await one.aclose()
    assert open_generator("copy:", timeout_s=1).name == "copy:"


async def test_every_number_of_a_draft_is_in_the_prompt(copy: Copy) -> None:
    """Even of a network that was taught nothing."""
    everything = " ".join([PROMPT.question, *(f"{p.title} {p.text}" for p in PROMPT.passages)])
    for question in ("How long to Canada?", "price of order 4711?", "What does it weigh?"):
        text = uncited(await drafted(copy, replace(PROMPT, question=question, max_tokens=60)))
        assert text
        assert set(re.findall(r"\d+", text)) <= set(re.findall(r"\d+", f"{everything} {question}"))


async def test_many_chats_at_once_say_what_each_says_alone(copy: Copy) -> None:
    """More than one batch holds: the rest wait for a place."""
    prompts = [replace(PROMPT, question=f"{word}?") for word in ASKED] * 3
    assert len(prompts) > AT_ONCE
    together = await asyncio.gather(*(drafted(copy, prompt) for prompt in prompts))
    alone = [await drafted(copy, prompt) for prompt in prompts[:8]]
    same = sum(one == other for one, other in zip(together, alone * 3, strict=True))
    assert same == len(prompts)


async def test_words_come_one_by_one(copy: Copy) -> None:
    """Never a part of one."""
    pieces = [piece async for piece in copy.stream(replace(PROMPT, max_tokens=40))]
    assert len(pieces) > 5
    assert all(pieces)


async def test_the_loop_goes_on_while_the_model_works(copy: Copy) -> None:
    """Arithmetic is in a thread of its own."""
    await copy.ping()
    assert await turns_during(drafted(copy)) > 100


async def under_way(copy: Copy, count: int) -> "asyncio.Future[str]":
    """A long draft, in the middle of it: then so many are being made."""
    running = asyncio.ensure_future(drafted(copy, replace(PROMPT, max_tokens=150)))
    while len(copy._batch._making) < count:
        assert not running.done()
        await asyncio.sleep(0)
    return running


async def test_closing_a_stream_frees_its_place(copy: Copy) -> None:
    """Within one step; the others go on."""
    await copy.ping()
    staying = asyncio.ensure_future(drafted(copy, PROMPT))
    leaving = await under_way(copy, 2)
    leaving.cancel()
    await copy.ping()  # a turn of the thread has passed
    assert await staying == await drafted(copy, PROMPT)
    assert not copy._batch._making
    speaking = copy._batch._speaking
    assert speaking is not None
    assert not speaking.talks


async def test_what_the_model_cannot_read_is_quoted(copy: Copy) -> None:
    """Chinese questions, passages in Chinese, and prompts without passages."""
    chinese = Numbered(1, "faq:a", "faq", "退货", "退货期为 60 天。", "zh")
    for prompt in (
        Prompt("怎么退货？", "zh", "Fernway", (chinese,)),
        Prompt("Returns?", "en", "Fernway", (chinese,)),
        Prompt("Returns?", "en", "Fernway", ()),
    ):
        assert await drafted(copy, prompt) == quotation(prompt)


async def test_passages_in_another_language_are_left_out(copy: Copy) -> None:
    """The others keep their numbers."""
    chinese = Numbered(2, "faq:a", "faq", "退货", "退货期为 60 天。", "zh")
    mixed = asking("How long?", (SHELL, chinese, replace(SHIPPING, n=3), replace(RETURNS, n=4)))
    text = await drafted(copy, replace(mixed, max_tokens=60))
    assert "退" not in text
    assert set(re.findall(r"\[(\d)\]", text)) <= {"1", "3", "4"}


def trusting(weights: Path, folder: Path, trust: Trust) -> Path:
    """The same weights, trusted so; without weights of features a draft's chance is one half, whatever it is like."""
    shutil.copytree(weights, folder)
    config = orjson.loads((folder / CONFIG).read_bytes())
    (folder / CONFIG).write_bytes(orjson.dumps(config | {"trust": trust.kept()}))
    return folder


async def once(weights: Path, cache: Path, prompt: Prompt = PROMPT) -> str:
    """A draft of these weights."""
    one = Copy(str(weights), cache=cache, timeout_s=60)
    try:
        return await drafted(one, prompt)
    finally:
        await one.aclose()


async def test_a_draft_that_is_not_trusted_is_replaced_by_a_passage_s_words(weights: Path, tmp_path: Path) -> None:
    """Those of the passage that is judged to answer best, under its own number."""
    said = await once(trusting(weights, tmp_path / "unsure", Trust(least=0.6, polar=0.6)), tmp_path / "cache")
    quotations = [
        quotation(replace(PROMPT, passages=(first, *(p for p in PROMPT.passages if p is not first)), sure=True))
        for first in PROMPT.passages
    ]
    assert said in quotations


async def test_a_trusted_draft_is_given_out(copy: Copy, weights: Path, tmp_path: Path) -> None:
    """Whole, as without any trust."""
    said = await once(trusting(weights, tmp_path / "trusted", Trust(least=0.4, polar=0.4)), tmp_path / "cache")
    assert said == await drafted(copy)


async def test_nothing_is_quoted_where_nothing_answers(weights: Path, tmp_path: Path) -> None:
    """A draft that copied from passages, none of which is judged to answer, is not given out either."""
    said = await once(trusting(weights, tmp_path / "nothing", Trust(answers=1.1)), tmp_path / "cache")
    assert said == not_found(PROMPT)


async def test_a_trust_in_other_features_is_refused(weights: Path, tmp_path: Path) -> None:
    """With where it stands and what is wanted."""
    folder = trusting(weights, tmp_path / "other", Trust())
    config = orjson.loads((folder / CONFIG).read_bytes())
    config["trust"]["features"] = ["length"]
    (folder / CONFIG).write_bytes(orjson.dumps(config))
    with pytest.raises(GeneratorFailed, match=r"config\.json: found a trust in \('length',\)"):
        await once(folder, tmp_path / "cache")


@pytest.mark.parametrize(
    "more",
    [
        {"sure": True},
        {"question": "Tell me more about the Larch rain shell"},
        {"question": "I'd like to know a bit about returns"},
        {"question": "describe the Larch"},
    ],
)
async def test_what_needs_no_network_is_quoted(copy: Copy, more: dict[str, Any]) -> None:
    """An entry that is the very answer, and questions about nothing in particular."""
    prompt = replace(PROMPT, **more)
    assert await drafted(copy, prompt) == quotation(prompt)
    assert copy._batch._thread is None


async def test_missing_weights_fail_each_time(tmp_path: Path) -> None:
    """For ping and for drafts, in words that say what is missing."""
    one = Copy(str(tmp_path), cache=tmp_path / "cache", timeout_s=30)
    for _ in range(2):
        with pytest.raises(GeneratorFailed, match="found no model"):
            await one.ping()
        with pytest.raises(GeneratorFailed, match="found no model"):
            await drafted(one)
    await one.aclose()


async def test_silence_is_a_failure(copy: Copy) -> None:
    """A draft that does not begin within the time limit fails; a later one comes."""
    await copy.ping()
    copy._timeout_s = 1e-6
    with pytest.raises(GeneratorFailed, match="silence"):
        await drafted(copy)
    copy._timeout_s = 30
    assert await drafted(copy)


async def test_closing_the_generator_ends_drafts_in_flight(copy: Copy) -> None:
    """A draft in flight fails instead of hanging, and so does one that comes later."""
    await copy.ping()
    running = await under_way(copy, 1)
    await copy.aclose()
    with pytest.raises(GeneratorFailed, match="closed"):
        await running
    with pytest.raises(GeneratorFailed, match="closed"):
        await drafted(copy)


async def test_a_fault_in_the_arithmetic_fails_its_drafts_only(copy: Copy, weights: Path, cache: Path) -> None:
    """The network is opened again for those that come later."""
    await copy.ping()
    speaking = Speaking(Rows(OnnxNet(exported(weights, cache))))

    def broken(_: object) -> list[object]:
        raise RuntimeError("no arithmetic today")

    speaking.steps.step = broken  # type: ignore[method-assign, assignment]
    copy._batch._speaking = speaking
    with pytest.raises(GeneratorFailed, match="no arithmetic today"):
        await drafted(copy)
    assert await drafted(copy)


async def test_a_fault_in_the_words_fails_that_draft_at_once(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the time limit; the next draft comes."""
    await copy.ping()
    with monkeypatch.context() as patch:
        patch.setattr("bot.generate.copy.words", lambda _: 1 / 0)
        with pytest.raises(GeneratorFailed, match="ZeroDivisionError"):
            await drafted(copy)
    assert await drafted(copy)
