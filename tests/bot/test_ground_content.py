"""The check over the sample shop's real texts: no false alarm, and hardly a changed figure that slips through."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import ground
from bot.generate.protocol import Numbered, Prompt
from bot.generate.quote import quotation
from bot.sentences import lines
from knowledge.passages import Passage
from knowledge.sources import read

CONTENT = Path(__file__).parents[2] / "knowledge" / "content"
CAUGHT = 0.99
PLACES = ("united-states", "canada", "uk-eu", "australia-new-zealand", "china-japan-singapore")


class Change(NamedTuple):
    """A kind of mistake: where it can be made, and what it makes of that place."""

    pattern: re.Pattern[str]
    made: Callable[[re.Match[str]], str]


def digit(found: "re.Match[str]") -> str:
    """The figure with its first digit changed: 3 → 4, 9 → 2 (as 9 → 0 would drop a place)."""
    text = found.group()
    return re.sub(r"\d", lambda d: str(int(d[0]) % 8 + 2), text, count=1)


UNITS = {"business days": "weeks", "days": "hours", "months": "weeks", "years": "months", "kg": "g", "g": "kg"}
UNITS |= {"mm": "cm", "cm": "m", "L": "ml", "hours": "days", "minutes": "hours", "year": "week", "month": "year"}
UNITS |= {
    "个工作日": "周",
    "天": "个月",
    "年": "天",
    "克": "公斤",
    "小时": "天",
    "个月": "年",
    "厘米": "米",
    "升": "毫升",
}


def unit(found: "re.Match[str]") -> str:
    """The same figure in another unit."""
    return found["figure"] + UNITS[found["unit"]]


def code(found: "re.Match[str]") -> str:
    """The code with its last character changed."""
    text = found.group()
    return text[:-1] + ("7" if text[-1] != "7" else "3")


UNIT = (
    r"(?:business days|days|months?|years?|kg|g|mm|cm|L|hours|minutes)\b|个工作日|天|年(?!\s?\d)|克|小时|个月|厘米|升"
)
CHANGES = {
    "price": Change(re.compile(r"[$]\d[\d,]*(?:\.\d\d)?"), digit),
    "days": Change(re.compile(r"\d+(?=(?:[–-]\d+)?[ -]?(?:business day|working day|day|个工作日|天))"), digit),
    "percent": Change(re.compile(r"\d+(?=\s?%)"), digit),
    "code": Change(re.compile(r"\b(?:FW|LT|KW|NL|HP|TS)(?:-[A-Z0-9]+)+\b|\b[A-Z]{5,}\d{2}\b|\bFREESHIP\b"), code),
    "unit": Change(re.compile(rf"(?P<figure>(?<![\w-])\d+(?:[.,]\d+)*[ -]?)(?P<unit>{UNIT})"), unit),
}


@cache
def passages() -> tuple[Passage, ...]:
    """Everything of the sample shop, cut as it is indexed."""
    return read(CONTENT).passages


def numbered(passage: Passage, n: int = 1) -> Numbered:
    """The passage as a prompt has it."""
    return Numbered(n, passage.id, passage.kind.value, passage.title, passage.text, passage.lang)


def own_sentences(passage: Passage) -> Iterator[str]:
    """Its sentences and table rows, as a draft would say them."""
    for line in lines(passage.text):
        yield from (part.strip() for part in ground.sentences(line) if part.strip())


def sampled() -> Iterator[Passage]:
    """All texts, and every fourth product passage."""
    for i, passage in enumerate(passages()):
        if passage.product is None or i % 4 == 0:
            yield passage


def test_every_sentence_of_the_shop_is_supported_by_its_own_passage() -> None:
    """No sentence of the shop's own texts is called unsupported, cited or not."""
    alarms = [
        (passage.id, sentence, [c for c in verdict.claims if not c.supported])
        for passage in sampled()
        for sentence in own_sentences(passage)
        for said in (sentence, f"{sentence} [1]")
        if not (
            verdict := ground.check(said, [numbered(passage)], passage.lang, "".join(passage.questions[:1]))
        ).supported
    ]
    assert alarms == []


def test_every_quotation_is_supported() -> None:
    """What `quote:` says in answer to the shop's own questions always passes the check."""
    for passage in sampled():
        for question in passage.questions[:2] or (passage.title, "How much is it?", "有货吗"):
            prompt = Prompt(question, passage.lang, "Fernway Outdoor", (numbered(passage),))
            for sentence in ground.sentences(quotation(prompt)):
                assert ground.check(sentence, prompt.passages, passage.lang, question).supported, (passage.id, sentence)


@pytest.mark.parametrize("kind", CHANGES)
def test_changed_figures_are_caught(kind: str) -> None:
    """At least 99 of 100 changed prices, days, percentages, codes and units are found unsupported."""
    change, seen, missed = CHANGES[kind], 0, []
    for passage in sampled():
        for sentence in own_sentences(passage):
            for found in change.pattern.finditer(sentence):
                wrong = sentence[: found.start()] + change.made(found) + sentence[found.end() :]
                seen += 1
                if ground.check(f"{wrong} [1]", [numbered(passage)], passage.lang).supported:
                    missed.append((passage.id, found.group(), wrong))
    assert seen >= 20
    assert len(missed) <= (1 - CAUGHT) * seen, (seen, missed)


def countries(lang: str) -> list[Passage]:
    """The FAQ entries and policy sections on shipping to one place each."""
    wanted = [f"policy:shipping#{place}:{lang}" for place in PLACES]
    known = {passage.id: passage for passage in passages()}
    return [known[one] for one in wanted]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_figure_of_another_country_is_caught(lang: str) -> None:
    """A country's figure in another country's sentence is found, whether both passages are there, cited or not."""
    own = countries(lang)
    figure = re.compile(r"\d+[–-]\d+|[$]\d+(?:\.\d\d)?")
    tally: Counter[str] = Counter()
    for mine in own:
        for other in own:
            both = [numbered(mine, 1), numbered(other, 2)]
            if mine is other:
                continue
            for wrong in _swapped(mine, other, figure):
                for said, name in ((f"{wrong} [1]", "cited"), (wrong, "uncited")):
                    tally[f"{name} seen"] += 1
                    tally[f"{name} missed"] += ground.check(said, both, lang).supported
    assert tally["cited seen"] > 50
    for name in ("cited", "uncited"):
        assert tally[f"{name} missed"] <= (1 - CAUGHT) * tally[f"{name} seen"], tally


def _swapped(mine: Passage, other: Passage, figure: "re.Pattern[str]") -> Iterator[str]:
    """Sentences of one with a figure of the same kind and place in the sentence from the other, where that differs."""
    theirs = list(own_sentences(other))
    for i, sentence in enumerate(own_sentences(mine)):
        if i >= len(theirs):
            return
        for found, instead in zip(figure.finditer(sentence), figure.findall(theirs[i]), strict=False):
            if (
                found.group() not in theirs[i]
                and instead not in mine.text
                and found.group()[0].isdigit() == instead[0].isdigit()
            ):
                wrong = sentence[: found.start()] + instead + sentence[found.end() :]
                if wrong not in other.text:  # else it is the other's own sentence, and names no place
                    yield wrong
