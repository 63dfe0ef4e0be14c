"""What a draft may say, whatever the network says: properties over random scores, and single rules."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.copying.decode import Decoder, Scores
from bot.copying.field import Rules
from bot.copying.lexicon import Lexicon, figure
from bot.copying.packaged import open_reader
from bot.copying.saying import Saying
from bot.copying.source import SEP, Source, locked_runs
from bot.generate.protocol import Numbered
from tests.support.copying import HISTORY, RETURNS, SHELL, SHIPPING, asking, lexicon, outputs, source_of

ALPHABET = st.sampled_from(list("ab XL09.,$%€-–/'’\"()[]|*\n:;°²½é中5"))
TEXTS = st.text(ALPHABET, min_size=1, max_size=60)
WORDS = st.lists(
    st.sampled_from(
        ["$5", "$5.50", "5", "50", "3–5", "AB-12", "A$1,049.50", "12.5%", "the", "days", "Shipping", "unbelievable",
         "(tested)", "don't", "x", "and", "shop@a.example", "https://a.example/5?b=6", "|", "-", "5", "1/2", "kr", "zł"]
    ),
    min_size=3,
    max_size=25,
).map(" ".join)  # fmt: skip


class Whim:
    """A network that says anything at all."""

    def __init__(self, seed: int, source: Source) -> None:
        self._draw, self._size = np.random.default_rng(seed), len(source)

    def scores(self) -> Scores:
        """Of the next piece."""
        draw = self._draw
        copy = np.exp(draw.normal(0, 4, self._size)).astype(np.float32)
        vocabulary = draw.normal(0, 5, len(outputs())).astype(np.float32)
        return Scores(
            copy / copy.sum(),
            float(draw.random()),
            float(draw.random() ** 2),
            vocabulary,
            draw.normal(0, 1, 6).astype(np.float32),
        )


def drafted(source: Source, seed: int, rules: Rules | None = None, answers: Sequence[float] = (0.5, 0.5)) -> Decoder:
    """A draft by whim."""
    decoder, whim = Decoder(source, lexicon(), answers, rules or Rules(most=40)), Whim(seed, source)
    while not decoder.ended:
        decoder.next(whim.scores())
    return decoder


def text_of(source: Source, decoder: Decoder) -> str:
    """What it says, with citations."""
    saying = Saying(source, lexicon(), (0.5, 0.5))
    return saying.take(decoder.said) + saying.close()


def uncited(text: str) -> str:
    """Without the marks."""
    return re.sub(r" (\[\d\])+", "", text)


@settings(deadline=None, max_examples=120)
@given(TEXTS | WORDS, TEXTS | WORDS, st.integers(0, 2**32))
def test_every_number_of_a_draft_stands_in_its_source(question: str, passage: str, seed: int) -> None:
    """Each run of digits is a run of digits of the source, and each locked run one of its locked runs."""
    source = source_of(asking(question, (Numbered(1, "a", "faq", "", passage), SHIPPING)))
    text = uncited(text_of(source, drafted(source, seed)))
    everything = " ".join(one.text for one in source.texts)
    runs = {one.text[a:b] for one in source.texts for a, b in locked_runs(one.text)}
    assert set(re.findall(r"\d+", text)) <= set(re.findall(r"\d+", everything))
    for word in text.split():
        if re.search(r"\d", word):
            assert any(run.split()[-1] in word or word.strip(".,;:!?…()\"'’") in run for run in runs), (word, runs)


@settings(deadline=None, max_examples=120)
@given(TEXTS | WORDS, TEXTS | WORDS, st.integers(0, 2**32))
def test_locked_runs_are_copied_whole_from_one_place(question: str, passage: str, seed: int) -> None:
    """A piece within a run has its neighbour in the run beside it, at both sides."""
    source = source_of(asking(question, (Numbered(1, "a", "faq", "", passage), SHIPPING)))
    decoder = drafted(source, seed)
    places = [one.place for one in decoder.said]
    goes_on = decoder.field.goes_on
    for n, place in enumerate(places):
        if place is None:
            assert not figure(open_reader()[1][decoder.said[n].piece])
            continue
        if goes_on[place]:
            assert places[n + 1] == place + 1
        if place and goes_on[place - 1]:
            assert n
            assert places[n - 1] == place - 1


@settings(deadline=None, max_examples=80)
@given(WORDS, WORDS, st.integers(0, 2**32))
def test_spacing_is_never_broken(question: str, passage: str, seed: int) -> None:
    """No doubled space, none before a comma or a closing bracket, none at the ends."""
    source = source_of(asking(question, (Numbered(1, "a", "faq", "", passage), SHIPPING)))
    text = text_of(source, drafted(source, seed))
    assert "  " not in text
    assert text == text.strip()
    assert not re.search(r"\s[,;:!?)](?:\s|$)|\s\.(?:\s|$)|\(\s", uncited(text))


@settings(deadline=None, max_examples=60)
@given(WORDS, st.integers(0, 2**32))
def test_text_in_pieces_is_the_text_in_one(passage: str, seed: int) -> None:
    """How a draft is streamed makes no difference to what it says."""
    source = source_of(asking("what?", (Numbered(1, "a", "faq", "", passage), SHIPPING)))
    decoder = drafted(source, seed)
    saying = Saying(source, lexicon(), (0.5, 0.5))
    assert "".join([*(saying.take([one]) for one in decoder.said), saying.close()]) == text_of(source, decoder)


def certain(source: Source, place: int | None = None, carry: float = 0.0) -> Scores:
    """Scores that copy from a place; from none, that end."""
    copy = np.full(len(source), 1e-6, np.float32)
    vocabulary = np.zeros(len(outputs()), np.float32)
    if place is None:
        vocabulary[lexicon().output_of[SEP]] = 50
    else:
        copy[place] = 1
    return Scores(copy / copy.sum(), carry, 0.999 if place is None else 0.001, vocabulary, np.zeros(6, np.float32))


def place_of(source: Source, text: str, nth: int = 0) -> int:
    """Where the nth piece written so stands."""
    return [n for n in range(len(source)) if source.written(n) == text][nth]


def test_a_price_is_decided_by_all_its_signs() -> None:
    """Where several begin alike, the pointer may make up its mind at the sign in which they differ."""
    prices = Numbered(1, "a", "product", "", "Small: $19.50. Large: $24.90.")
    source = source_of(asking("how much is the large one?", (prices,)))
    decoder = Decoder(source, lexicon(), (0.9,))
    decoder.next(certain(source, place_of(source, "$", 0)))  # the first `$`, with little of the second
    almost = certain(source, place_of(source, "24"))
    even = certain(source, place_of(source, "$", 0)).copy + certain(source, place_of(source, "$", 1)).copy
    decoder = Decoder(source, lexicon(), (0.9,))
    decoder.next(replace(certain(source, 1), copy=even / even.sum()))
    decoder.next(almost)
    decoder.next(certain(source, place_of(source, "Small")))
    decoder.next(certain(source, place_of(source, "Small")))
    decoder.next(certain(source))
    assert [source.written(one.place or 0) for one in decoder.said] == ["$", "24", ".", "90"]
    assert decoder.said[0].place == place_of(source, "$", 1)
    assert decoder.ended


def test_a_word_is_copied_whole() -> None:
    """The pieces of a name do not part."""
    source = source_of(asking("x", (Numbered(1, "a", "faq", "", "The Fernwayish tent."),)))
    first = next(n for n in range(len(source)) if source.written(n) == "Fern")
    decoder = Decoder(source, lexicon(), (0.9,))
    decoder.next(certain(source, first))
    decoder.next(certain(source, place_of(source, "tent")))
    assert decoder.said[1].piece == source.ids[first + 1]


def test_a_passage_that_surely_does_not_answer_is_not_copied_from() -> None:
    """When another surely does; with no such other, it is."""
    source = source_of(asking("how long?", (SHELL, SHIPPING)))
    place = place_of(source, "water")
    barred = Decoder(source, lexicon(), (0.001, 0.9))
    barred.next(certain(source, place))
    assert barred.said[0].place != place
    alone = Decoder(source, lexicon(), (0.001, 0.1))
    alone.next(certain(source, place))
    assert alone.said[0].place == place


def test_no_word_is_said_twice_running() -> None:
    """Unless the source says it twice there."""
    source = source_of(asking("x", (Numbered(1, "a", "faq", "", "It is very very light."),)))
    one = Decoder(source, lexicon(), (0.9,))
    for _ in range(2):
        one.next(certain(source, place_of(source, "light")))
    assert one.said[1].piece != one.said[0].piece
    two = Decoder(source, lexicon(), (0.9,))
    two.next(certain(source, place_of(source, "very", 0)))
    two.next(certain(source, place_of(source, "very", 1)))
    assert two.said[1].piece == two.said[0].piece


def test_no_phrase_is_said_twice_running() -> None:
    """Whatever the pointer wants: `is light is light`."""
    source = source_of(asking("x", (Numbered(1, "a", "faq", "", "It is very light."),)))
    one = Decoder(source, lexicon(), (0.9,))
    for word in ("is", "light", "is", "light"):
        one.next(certain(source, place_of(source, word)))
    assert [source.written(said.place or 0) for said in one.said[:3]] == ["is", "light", "is"]
    assert one.said[3].piece != one.said[1].piece


def test_a_draft_says_something_and_ends() -> None:
    """It does not end before its first word, and not after its most pieces."""
    source = source_of(asking("hello"))
    decoder = Decoder(source, lexicon(), (0.1, 0.1, 0.1))
    assert decoder.next(certain(source)) != SEP
    assert decoder.next(certain(source)) is None
    long = drafted(source, 3, Rules(most=10, enough=99))
    assert 1 <= len(long.said) <= 10 + 8


def test_markup_and_marks_are_not_copied() -> None:
    """Neither table signs nor bullets nor `[1]`, so that no citation is made up."""
    source = source_of(asking("x", (Numbered(1, "a", "policy", "", "| a | [1] b |\n- c *d* - e"),)))
    starts = Decoder(source, lexicon(), (0.9,)).field.starts
    assert {source.written(n) for n in np.flatnonzero(starts).tolist()} >= {"a", "b", "c", "d", "e", "1"}
    written = [source.written(n) for n in np.flatnonzero(starts).tolist()]
    assert not set(written) & {"|", "[", "]", "*"}
    assert written.count("-") == 1


def test_the_shopper_s_question_mark_is_not_copied() -> None:
    """An answer does not end as the question does; words of the question may be said."""
    source = source_of(asking("Is it light?", (RETURNS,)))
    starts = Decoder(source, lexicon(), (0.9,)).field.starts
    assert not starts[place_of(source, "?")]
    assert starts[place_of(source, "light")]
    assert starts[place_of(source, ".")]


def test_a_run_that_was_cut_off_is_not_copied() -> None:
    """Where a passage did not fit, its last price may be half a price."""
    text = "word " * 500 + "costs $12.95 today. " * 200
    source = source_of(asking("x", (Numbered(1, "a", "policy", "", text), SHIPPING), history=HISTORY))
    start = Decoder(source, lexicon(), (0.9, 0.9)).field.starts
    last = source.texts[-2].end - 1
    if source.locked[last]:
        assert not start[last]
    for size in range(5, 30):
        cut = replace(source, texts=[*source.texts[:-1], replace(source.texts[-1], end=source.texts[-1].start + size)])
        field = Decoder(cut, lexicon(), (0.9, 0.9)).field
        place = cut.texts[-1].end - 1
        found = cut.chars[place]
        assert found
        runs = locked_runs(cut.texts[-1].text)
        if any(a < found[2] < b for a, b in runs):
            assert not field.starts[place]


def test_figures_are_never_in_the_vocabulary_that_is_said() -> None:
    """Even a network with a figure among its outputs does not generate it."""
    pieces = open_reader()[1]
    odd = [SEP, *(pieces.index(piece) for piece in ("5", "½", "$", "%", "##7", "[UNK]", "hello"))]
    assert Lexicon.of(pieces, odd).sayable.tolist() == [True, *[False] * 6, True]


@pytest.mark.parametrize("passages", [(), (RETURNS,)])
def test_a_prompt_with_few_passages_is_drafted(passages: tuple[Numbered, ...]) -> None:
    """Also with none."""
    source = source_of(asking("hello", passages))
    assert drafted(source, 1, answers=[0.5] * len(passages)).said
