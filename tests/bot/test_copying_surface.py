"""How copied and generated words are written, and which sentences cite what."""

from collections.abc import Sequence

import pytest

from bot.copying.decode import Spoken
from bot.copying.packaged import open_reader
from bot.copying.saying import Saying
from bot.copying.source import Source
from bot.generate.protocol import Numbered
from tests.support.copying import RETURNS, SHELL, SHIPPING, asking, copied, generated, lexicon, source_of


def said(source: Source, *parts: Sequence[Spoken], answers: Sequence[float] = (0.9, 0.9, 0.9)) -> str:
    """The text of these pieces."""
    saying = Saying(source, lexicon(), answers)
    return saying.take([one for part in parts for one in part]) + saying.close()


@pytest.fixture
def source() -> Source:
    """A question with three passages."""
    return source_of(asking("what about the larch, Sir?"))


@pytest.mark.parametrize(
    "text",
    [
        "I don't know that, sorry.",
        "It's the shop's own; we'll ship it (soon)!",
        'He said "of course" and left.',
        "A one-way trip, and/or more: fine.",
        "Yes – it does. No, e.g. not at 5.",
        "The shoppers' choice…",
        "Well-made & light.",
    ],
)
def test_generated_words_are_written_as_the_surface_says(text: str, source: Source) -> None:
    """Spaces and capitals of a text come back from its pieces and surfaces."""
    assert said(source, generated(text)) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("A$1,049.50", 1),
        ("3–5 business days.", 1),
        ("XL/Green", 1),
        ("so don't wash it above 30 °C; it ships", 1),
        ("The Larch keeps water out (tested), so", 1),
        ("help@fernway.example or see https://fernway.example/ship?x=1 for more.", 2),
    ],
)
def test_a_copied_span_has_the_source_s_own_characters(text: str, part: int, source: Source) -> None:
    """Whatever is copied in one go comes out character for character."""
    assert text in said(source, generated("It is"), copied(source, text, part))


def test_a_line_s_end_becomes_a_space(source: Source) -> None:
    """Lines of a passage do not break an answer."""
    span = copied(source, "Weight: 310 g\nPrice: A$1,049.50", 1)
    assert said(source, span).startswith("Weight: 310 g Price: A$1,049.50.")


def test_spans_from_different_places_meet_with_one_space(source: Source) -> None:
    """Neither too many spaces nor too few, whatever the surface head says."""
    for surface in range(6):
        parts = [
            copied(source, "Weight", 1, surface),
            generated("is"),
            copied(source, "310 g", 1, surface),
            generated("and the price"),
            copied(source, "A$1,049.50", 1, surface),
            generated("."),
        ]
        assert said(source, *parts) == "Weight is 310 g and the price A$1,049.50. [1]"


def test_brackets_and_quotes_hold_what_they_enclose(source: Source) -> None:
    """A copied word after an opening sign and before a closing one has no space there."""
    parts = generated('It is ("'), copied(source, "Moss", 1, 4), generated('").')
    assert said(source, *parts) == 'It is ("Moss"). [1]'


def test_a_sentence_begins_with_a_capital(source: Source) -> None:
    """Copied from mid-sentence, a word gets one at a sentence's start; a run with figures does not change."""
    assert said(source, copied(source, "business days", 1)).startswith("Business days")
    assert said(source, generated("Fine."), copied(source, "it ships", 1)) == "Fine. It ships. [1]"
    assert said(source, copied(source, "https://fernway.example/ship?x=1", 2)).startswith("https://fernway")


def test_a_sentence_s_first_word_is_small_again_in_mid_sentence(source: Source) -> None:
    """Its capital came from where it stood; the head must agree."""
    assert said(source, generated("All"), copied(source, "Returns are free", 3, 3)).startswith("All returns are free")
    assert said(source, generated("All"), copied(source, "Returns are free", 3, 4)).startswith("All Returns are free")


def test_i_is_always_a_capital(source: Source) -> None:
    """Also where the surface head says otherwise."""
    assert said(source, generated("I'm afraid i don't know what i'll do.")) == "I'm afraid I don't know what I'll do."


def test_names_stay_as_they_are(source: Source) -> None:
    """A word with a capital in mid-sentence anywhere is a name; so is one with a capital within."""
    assert said(source, generated("The"), copied(source, "Larch", 1, 3)).startswith("The Larch")
    assert said(source, generated("In"), copied(source, "XL/Green", 1, 3)).startswith("In XL/Green")
    assert "Canada" in said(source, generated("To canada it is."))
    assert "the Larch" in said(source, generated("For the"), copied(source, "larch", 0, 3))


def test_a_conjunction_is_no_name() -> None:
    """A capital that it has in a bracket is not its own."""
    warned = Numbered(1, "a", "review", "Larch", "Warm (But mind the sizes, says Ann).")
    source = open_reader()[0].read(asking("Is it warm?", (warned,)))
    assert said(source, generated("Sorry, but ask ann.")) == "Sorry, but ask Ann."


def test_a_sentence_cites_what_its_words_are_from(source: Source) -> None:
    """Each sentence on its own; two passages where both have a real share."""
    first = [*copied(source, "310 g", 1), *generated(".")]
    second = [*generated("Shipping"), *copied(source, "costs $12.95", 2), *generated(".")]
    assert said(source, generated("It weighs"), first, second) == "It weighs 310 g. [1] Shipping costs $12.95. [2]"
    both = [*copied(source, "keeps water out", 1), *generated("and"), *copied(source, "are free within 60 days", 3)]
    assert said(source, generated("It"), both).endswith(". [1][3]")


def test_small_talk_and_words_of_the_conversation_cite_nothing(source: Source) -> None:
    """Only what passages say is cited."""
    assert said(source, generated("Hello! How can I help?")) == "Hello! How can I help?"
    assert said(source, generated("Sorry,"), copied(source, "Sir", 0), generated(".")) == "Sorry, Sir."


def test_a_passage_that_does_not_answer_is_not_cited(source: Source) -> None:
    """What it says may be in the words of a passage that is about something else."""
    parts = generated("A person knows the"), copied(source, "Larch rain shell", 1), generated(".")
    assert "[1]" in said(source, *parts)
    assert "[" not in said(source, *parts, answers=(0.01, 0.01, 0.01))


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("I'm afraid I don't know the weight of the", False),
        ("I could not find the weight of the", False),
        ("There is nothing about the weight on the page of the", False),
        ("Our texts do not tell the weight of the", False),
        ("The weight isn't stated for the", False),
        ("We do not wash the", True),
        ("No, you cannot combine it with the", True),
    ],
)
def test_what_is_not_known_cites_nothing(text: str, cites: bool, source: Source) -> None:
    """A refusal names the product but rests on no passage; a plain no rests on one."""
    made = said(source, generated(text), copied(source, "Larch rain shell", 1), generated("."))
    assert made.endswith("[1]") == cites


def test_a_sentence_is_not_said_twice(source: Source) -> None:
    """The draft ends before a sentence that was said already, and nothing of it is given out."""
    saying = Saying(source, lexicon(), (0.9, 0.9, 0.9))
    text = saying.take(generated("It is light. It is warm. It is light. It is"))
    assert text.strip() == "It is light. It is warm."
    assert saying.repeats


def test_text_is_given_as_soon_as_it_is_certain(source: Source) -> None:
    """Word by word; a word that may go on is held back."""
    saying = Saying(source, lexicon(), (0.9, 0.9, 0.9))
    pieces = [*generated("It is"), *copied(source, "310 g", 1)]
    assert [saying.take([one]) for one in pieces] == ["", "It", " is", " 310"]
    assert saying.close() == " g. [1]"


def test_an_unfinished_sentence_gets_its_full_stop(source: Source) -> None:
    """No draft ends without an end."""
    assert said(source, generated("It is light")) == "It is light."
    assert said(source, generated("Is it?")) == "Is it?"


def test_markup_of_the_source_is_no_text() -> None:
    """Signs of lists and tables are not copied (the decoder's part); what is left reads on."""
    shown = Numbered(1, "a", "policy", "Table", "| Canada | 6–9 days |")
    source = source_of(asking("when?", (shown, SHIPPING, RETURNS, SHELL)))
    parts = generated("To"), copied(source, "Canada", 1), copied(source, "6–9 days", 1)
    assert said(source, *parts, answers=(0.9,) * 4) == "To Canada 6–9 days. [1]"
