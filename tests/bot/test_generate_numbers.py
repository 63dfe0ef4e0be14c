"""The limit on numbers for language models: only those of the prompt, each to its end."""

import re
from contextlib import aclosing
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bot.generate.local import Local
from bot.generate.numbers import Numbers, OnlyKnownNumbers, figured
from bot.generate.protocol import Numbered, Prompt, Said
from tests.support import tiny

SAID = re.compile(r"\d+(?:[.,]\d+)*")
PROMPT = Prompt(
    "Is order 4711 late?",
    "en",
    "Fernway",
    (
        Numbered(1, "a", "faq", "Costs", "It costs A$1,049.50 or 149 and takes 6–9 days."),
        Numbered(2, "b", "faq", "12 pockets", "Yes."),
    ),
    (Said("bot", "It was sent on the 24th."),),
    max_tokens=60,
)
NUMBERS = Numbers.of(PROMPT)


@pytest.mark.parametrize(
    "text", ["4711", " 149 ", "6", "6–9", "$1,049.50.", "1,049 and", "24th", "12,", "[1]", "[2]", "149."]
)
def test_numbers_of_the_prompt_may_be_said(text: str) -> None:
    """From the question, earlier messages, titles and texts; passages by their numbers."""
    assert NUMBERS.may_follow("It is ", text)
    assert all(NUMBERS.may_follow(f"It is {text[:end]}", text[end]) for end in range(len(text)))


@pytest.mark.parametrize("text", ["5", "47 ", "14 days", "1,050", "1,04 ", "149.7", "[3]", "[12]", "4711471", "049"])
def test_no_other_number_may(text: str) -> None:
    """Neither another one, nor a part that is none, nor two run together."""
    assert not NUMBERS.may_follow("It is ", text)
    assert not all(NUMBERS.may_follow(f"It is {text[:end]}", text[end]) for end in range(len(text)))


@given(st.lists(st.sampled_from(["4", "7", "1", "47", "11", "149", ",", ".", " ", "[", "a", "1,0", "49.5", "0", "9"])))
def test_what_is_let_through_has_known_numbers_only(tokens: list[str]) -> None:
    """Whatever a model wants to say, token by token."""
    text = ""
    for token in tokens:
        if NUMBERS.may_follow(text, token):
            text += token
    if NUMBERS.whole(text):
        known = {
            *SAID.findall(" ".join([PROMPT.question, *(f"{p.title} {p.text}" for p in PROMPT.passages)])),
            "1",
            "2",
        }
        for number in SAID.findall(text):
            assert any(one == number or re.match(rf"{re.escape(number)}[.,]", one) for one in known | {"24"}), text


def test_a_model_says_no_number_of_its_own(tmp_path: Path) -> None:
    """With digits as its dearest wish, a model gets only those of the prompt."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny.build(tmp_path / "model", chat=True))
    tokens = figured(tokenizer)
    assert set("0123456789") <= set("".join(tokens.values()))
    draw = torch.Generator().manual_seed(1)
    said = torch.zeros((1, 3), dtype=torch.int64)
    process = OnlyKnownNumbers(NUMBERS, tokens, tokenizer, 3)
    for _ in range(120):
        scores = torch.randn((1, len(tokenizer)), generator=draw)
        scores[0, list(tokens)] += 3
        best = process(said, scores).argmax(-1, keepdim=True)
        said = torch.cat([said, best], 1)
    text = str(tokenizer.decode(said[0, 3:], skip_special_tokens=True))
    known = {"4711", "1", "1,049", "1,049.50", "149", "6", "9", "12", "24", "2"}
    assert len(re.findall(r"\d", text)) > 10
    assert set(SAID.findall(text)[:-1]) <= known


async def test_drafts_of_a_local_model_keep_to_it(tmp_path: Path) -> None:
    """`hf:` uses the limit."""
    folder = tiny.build(tmp_path / "model", chat=True)
    async with aclosing(Local(str(folder), timeout_s=60)) as local:
        text = "".join([piece async for piece in local.stream(PROMPT)])
    known = {"4711", "1", "1,049", "1,049.50", "149", "6", "9", "12", "24", "2"}
    assert set(SAID.findall(text)[:-1]) <= known
