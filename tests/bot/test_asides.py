"""Small talk, what is off topic, insults, other languages, gibberish: told apart from questions for the shop."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import phrases
from bot.catalogue import Catalogue
from bot.context import Context
from bot.conversation import Intent, Reason, State, Understood
from bot.policy import Action, decide
from bot.smalltalk import small_talk
from bot.understand import understand
from knowledge.match import Matcher
from knowledge.sources import read
from tests.support.asides import ASIDES, SHOP

CONTENT = Path("knowledge/content")
SPOKEN = ("en", "zh")
ALL = [(kind, text) for kind, texts in ASIDES.items() for text in texts]


@cache
def catalogue() -> Catalogue:
    """The sample shop's words."""
    products = {product.handle: product for product in read(CONTENT).products}
    return Catalogue.of(products, Matcher(list(products.values())).find)


def heard(text: str, state: State | None = None) -> Understood:
    """What the message means in a new conversation, or in the given one."""
    return understand(text, Context(state or State("c"), SPOKEN, catalogue=catalogue()))


@pytest.mark.parametrize(("kind", "text"), ALL)
def test_asides_are_told_by_their_kind(kind: str, text: str) -> None:
    """Each kind has its own reply."""
    meaning = heard(text)
    if meaning.alarm:
        assert meaning.alarm is Reason.ANGER
    elif kind == "abuse":
        assert meaning.intent is Intent.ABUSE
    else:
        assert (meaning.about, meaning.intent in (Intent.SMALL_TALK, Intent.OFF_TOPIC)) == (kind, True)


@pytest.mark.parametrize("text", SHOP)
def test_questions_for_the_shop_are_never_turned_away(text: str) -> None:
    """A question for the shop stays one, however it sounds."""
    assert heard(text).intent is Intent.QUESTION


def test_no_question_of_the_shops_own_is_turned_away() -> None:
    """All example questions and gold questions of the sample shop reach the knowledge, or a person."""
    questions = [q for lang in SPOKEN for row in _rows(f"faq.{lang}.jsonl") for q in row["questions"]]
    questions += [row["question"] for row in _rows("gold.jsonl")]
    meant = {question: heard(question).intent for question in questions}
    turned_away = {q: intent for q, intent in meant.items() if intent is not Intent.QUESTION}
    assert len(questions) > 1800
    assert set(turned_away.values()) <= {Intent.STAFF, Intent.WHO}


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CONTENT / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("kind", "text"), ALL)
def test_every_aside_has_words_in_both_languages(kind: str, text: str) -> None:
    """The reply is in the shopper's language, without a passage, and leads on."""
    meaning = heard(text)
    decision = decide(meaning, (), State("c"))
    if meaning.alarm:
        assert decision.action is Action.OFFER_STAFF
        return
    assert decision.action is Action.CHAT, kind
    for lang in SPOKEN:
        said = phrases.say(decision.phrase, lang, shop="Fernway", languages=phrases.languages(SPOKEN, lang))
        assert said
        assert "{" not in said


@pytest.mark.parametrize(("text", "intent"), [("👍", Intent.NOD), ("🙏", Intent.THANKS), ("👍🏽👍🏽", Intent.NOD)])
def test_a_thumb_up_is_a_yes(text: str, intent: Intent) -> None:
    """Emoji alone say what they say; after an offer of a person a thumb up accepts it."""
    assert heard(text).intent is intent
    if intent is Intent.NOD:
        assert heard(text, State("c", offered=True)).intent is Intent.YES


def test_in_the_middle_of_a_task_any_words_may_be_its_answer() -> None:
    """While the bot waits for an order's code, "test" may be one."""
    assert heard("qwerty", State("c", task=(("kind", "order"),))).intent is Intent.QUESTION


def test_an_order_that_was_told_waits_for_nothing() -> None:
    """After it small talk is small talk again."""
    told = State("c", task=(("kind", "order"), ("step", "done")))
    assert heard("tell me a joke", told).intent is Intent.SMALL_TALK


def test_code_words_are_no_gibberish() -> None:
    """Short codes in capitals, and words with digits, may be of the shop."""
    assert not any(map(small_talk, ("TRLX", "FWSHP", "SUMMER30", "GTX", "xl-tall")))


def test_anger_is_not_small_talk() -> None:
    """Swearing that the mood knows is answered with the offer of a person."""
    assert heard("fuck you").alarm is Reason.ANGER
