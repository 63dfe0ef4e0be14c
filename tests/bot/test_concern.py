"""A question's concern: entries that never speak of a warranty, washing or tracking step back for those that do."""

import pytest

from bot.concern import concerned
from knowledge.passages import Hit, Kind, Origin, Passage


def hit(name: str, text: str, probability: float | None, kind: Kind = Kind.FAQ) -> Hit:
    """A hit on an entry of that text."""
    passage = Passage(f"faq:{name}:zh", f"faq:{name}", kind, "zh", name, text, Origin("faq.jsonl", 1))
    return Hit(passage, 1.0, probability=probability)


WASH = hit("down", "羽绒服用 30 °C 清洗。", 0.5)
WARRANTY = hit("warranty", "所有商品保修 2 年。", 0.45)


def test_entries_silent_on_the_concern_step_back() -> None:
    """What they share of the probability goes to those that speak of it."""
    (only,) = concerned([WASH, WARRANTY], "羽绒服保修多久")
    assert only.passage is WARRANTY.passage
    assert only.probability == pytest.approx(0.9)


@pytest.mark.parametrize("query", ["羽绒服多少钱", "怎么洗，保修多久", "how much is the jacket"])
def test_without_one_concern_the_hits_stay(query: str) -> None:
    """A question with no concern, or with two, changes nothing."""
    assert concerned([WASH, WARRANTY], query) == (WASH, WARRANTY)


def test_nothing_steps_back_for_what_is_unlikely() -> None:
    """Where no likely entry speaks of the concern, the search's order stands."""
    unlikely = hit("warranty", "保修 2 年", 0.02)
    assert concerned([WASH, unlikely], "羽绒服保修多久") == (WASH, unlikely)


def test_a_safety_code_is_not_about_safety() -> None:
    """An entry on a card's code does not speak of being safe."""
    declined, safe = hit("declined", "请检查安全码", 0.44), hit("safe", "在这里刷卡是安全的", 0.32)
    assert [h.passage.title for h in concerned([declined, safe], "信用卡付款安全吗")] == ["safe"]
