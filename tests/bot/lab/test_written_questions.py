"""The hand-written questions of the evaluation: apart from all others, and checked to the word."""

import json
from pathlib import Path

import pytest

from bot.lab.evaluate.fresh import SETS, written
from bot.lab.evaluate.questions import GOLD, plain

CONTENT = Path(__file__).resolve().parents[3] / "knowledge" / "content"


def known() -> set[str]:
    """The shop's example questions and the other gold questions."""
    lines = [line for lang in ("en", "zh") for line in (CONTENT / f"faq.{lang}.jsonl").read_text("utf-8").splitlines()]
    texts = [question for line in lines for question in json.loads(line)["questions"]]
    for line in (GOLD / "policies.jsonl").read_text("utf-8").splitlines():
        texts += [text for lang in ("en", "zh") for text in json.loads(line)[lang]]
    return {plain(text).strip("?？。 ") for text in texts}


def test_no_question_is_the_shop_s_own_or_asked_twice() -> None:
    """Neither among the examples, nor the generated policy questions, nor in both sets."""
    texts = [plain(one.text).strip("?？。 ") for name in SETS for lang in ("en", "zh") for one in written(name, lang)]
    assert not known() & set(texts)
    assert len(texts) == len(set(texts)) > 300


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("what would I have to pay for a Ridgeline 3", "It costs $459.00 [1].", "It costs $4590.00."),
        ("smallest size you sell in the Merino 200 leggings?", "It comes in XS, S [1].", "It comes in S."),
        ("when exactly will my Visa be debited", "When it is dispatched.", "When you order."),
        ("is the slate Ridgeline 1 sold out?", "Yes, it is out of stock.", "It is in stock (3 left)."),
        ("从温哥华退东西会扣我多少", "扣除 $7.00。", "运费 $12.95。"),
    ],
)
def test_an_answer_is_right_when_it_says_what_is_needed(text: str, right: str, wrong: str) -> None:
    """Whole words and figures count, `*` allows any ending, and the first sentence may have to be a yes or a no."""
    (one,) = [one for name in SETS for lang in ("en", "zh") for one in written(name, lang) if one.text == text]
    assert one.right(right)
    assert not one.right(wrong)
