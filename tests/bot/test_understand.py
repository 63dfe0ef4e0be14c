"""Reading a message: language, greetings, wish for a person. Follow-ups have tests of their own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Context
from bot.conversation import Intent, State
from bot.language import language
from bot.understand import normalise, understand

SPOKEN = ("en", "zh")
FRESH = State("c")


@pytest.mark.parametrize(
    ("text", "before", "wanted"),
    [
        ("How long does shipping take?", "", "en"),
        ("配送需要多长时间？", "", "zh"),
        ("这款 Ridgeline 2 Tent 多重？", "en", "zh"),
        ("ok", "zh", "zh"),
        ("L", "zh", "zh"),
        ("👍", "zh", "zh"),
        ("thanks a lot", "zh", "en"),
        ("FW-RDG2-GRN", "zh", "zh"),
        ("", "", "en"),
        ("帳篷防水嗎", "", "zh"),
    ],
)
def test_language_follows_the_words_and_else_what_was_spoken(text: str, before: str, wanted: str) -> None:
    """Han characters mean Chinese even around a Latin product name; what tells nothing keeps the language."""
    assert language(text, before, SPOKEN) == wanted


def test_a_shop_that_speaks_one_language_answers_in_it() -> None:
    """A language that the shop does not speak is never chosen."""
    assert language("你好，请问运费多少", "", ("en",)) == "en"
    assert language("How much is shipping?", "", ("zh",)) == "zh"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hi", Intent.HELLO),
        ("Hello there!", Intent.HELLO),
        ("你好", Intent.HELLO),
        ("Thanks so much!", Intent.THANKS),
        ("好的，谢谢", Intent.THANKS),
        ("bye", Intent.BYE),
        ("are you a bot?", Intent.WHO),
        ("Can I talk to a person?", Intent.STAFF),
        ("转人工", Intent.STAFF),
        ("agent please", Intent.STAFF),
        ("fine. give me a human", Intent.STAFF),
        ("I need a person to sign for it?", Intent.QUESTION),
        ("hi, how long does shipping take?", Intent.QUESTION),
        ("thanks, and how much is the express?", Intent.QUESTION),
        ("Is the Hello Kitty mug in stock?", Intent.QUESTION),
        ("Does a travel agent discount exist?", Intent.QUESTION),
        ("How many people fit in the tent?", Intent.QUESTION),
        ("yes", Intent.NOD),
        ("好的", Intent.NOD),
        ("thanks a lot, bye", Intent.BYE),
        ("haha great, you are the best", Intent.THANKS),
        ("great, do you ship to Canada?", Intent.QUESTION),
    ],
)
def test_small_talk_is_told_from_questions(text: str, intent: Intent) -> None:
    """Greetings, thanks and the wish for a person are known; a question that begins with one stays a question."""
    assert understand(text, Context(FRESH, SPOKEN)).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes please", Intent.YES),
        ("no thanks", Intent.NO),
        ("好的", Intent.YES),
        ("yes, a person please", Intent.YES),
        ("ok, connect me", Intent.YES),
        ("好的，帮我转人工", Intent.YES),
        ("no, forget it", Intent.NO),
        ("no thanks, I'm good", Intent.NO),
        ("不用了，谢谢", Intent.NO),
        ("no, how much is shipping?", Intent.QUESTION),
        ("ok, how do I return it?", Intent.QUESTION),
    ],
)
def test_yes_and_no_answer_an_offer_of_a_person(text: str, intent: Intent) -> None:
    """After the bot offered a person, yes and no are answers to that."""
    assert understand(text, Context(State("c", offered=True), SPOKEN)).intent is intent


@given(st.text())
def test_normalised_text_is_stable_and_clean(text: str) -> None:
    """Normalising twice is normalising once; no control or format character is left."""
    once = normalise(text)
    assert normalise(once) == once
    assert not any(c in once for c in "\u202e\u200b\x00\n\U000e0041")


@settings(deadline=None)
@given(st.text(), st.sampled_from(["", "en", "zh"]))
def test_understanding_never_fails(text: str, before: str) -> None:
    """Whatever was written, there is a query and a spoken language."""
    meaning = understand(text, Context(State("c", lang=before), SPOKEN, ("first",)))
    assert meaning.lang in SPOKEN
