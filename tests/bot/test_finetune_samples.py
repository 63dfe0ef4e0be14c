"""What fine-tuning learns from: approved answers and the FAQ, nothing personal, never a gold question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import phrases
from bot.conversation import Citation
from bot.lab.evaluate.judge import declines
from bot.lab.train.approved import Settled, clean, from_transcripts
from bot.lab.train.own import Made, divided, from_knowledge, mixed, says_too
from bot.lab.train.sample import Sample
from bot.suggestions import State
from tests.support.lamps import ANSWER, ENTRIES, QUESTION, becomes, corrected, entry, reworded, shop

SAMPLES = from_knowledge(shop(), 1).samples
PERSONAL = ("ana.ruiz", "415", "LX-204817", "Ruiz")


def learnt(settled: Settled) -> Made:
    """Samples of one correction, its entry built."""
    return from_transcripts(shop(becomes(settled)), [settled], 1)


def test_an_approved_correction_is_learnt_on_its_entry() -> None:
    """The sample is the approved answer on the entry that it became, beside what the wrong reply was made of."""
    made = learnt(corrected())
    (sample,) = made.samples
    titles = {p.n: p.id for p in sample.prompt.passages}
    assert sample.answer == ANSWER
    assert [titles[n] for n in sample.rests_on] == ["faq:suggested-7:en"]
    assert set(titles.values()) <= {"faq:suggested-7:en", "faq:repair:en", "faq:bulbs:en"}
    assert [said.author for said in sample.prompt.history] == ["shopper", "bot"]
    assert "We mend cables" not in str(sample.row())


@pytest.mark.parametrize("state", [State.OPEN, State.REJECTED])
def test_what_nobody_approved_is_never_learnt(state: State) -> None:
    """An open or rejected correction gives no sample, however good it is."""
    made = learnt(corrected(state=state))
    assert made.samples == []
    assert made.left_out == {"nobody approved it": 1}


def test_nothing_personal_is_in_a_sample() -> None:
    """Addresses, phone and order numbers and names are gone from the question and the history; the question stays."""
    (sample,) = learnt(corrected()).samples
    text = str(sample.row())
    assert not [word for word in PERSONAL if word in text]
    assert "how long do cables of the moss lamp last?" in sample.prompt.question
    assert "[email]" in sample.prompt.question


@pytest.mark.parametrize("answer", ["Mail ana.ruiz@lumen.example.", "Your order LX-204817 is on its way."])
def test_a_personal_answer_is_left_out(answer: str) -> None:
    """A mark in its place would be learnt as words."""
    made = learnt(corrected(answer=answer))
    assert (made.samples, dict(made.left_out)) == ([], {"personal data in the answer": 1})


def test_what_is_about_an_order_is_left_out() -> None:
    """By what the reply did, and by what it cited."""
    cited = (Citation(1, "order:LX-204817", "Order", "…"),)
    both = (corrected(action="order"), reworded(corrected(), citations=cited))
    assert [dict(learnt(one).left_out) for one in both] == [{"about an order": 1}] * 2


def test_an_answer_without_a_source_is_learnt_only_if_it_declines() -> None:
    """Without its entry in the knowledge an answer has nothing to rest on; a refusal needs nothing."""
    bare = from_transcripts(shop(), [corrected()], 1)
    assert dict(bare.left_out) == {"its answer is not in the knowledge that serves": 1}
    refusal = from_transcripts(shop(), [corrected(answer=phrases.say("decline", "en"))], 1)
    assert [(one.kind, one.rests_on) for one in refusal.samples] == [("decline", ())]
    assert refusal.samples[0].prompt.passages


def test_gold_questions_are_never_learnt() -> None:
    """Neither from transcripts nor from the FAQ, nor in nearly the same words."""
    gold = ("how long do the cables of the moss lamp last", "WHEN  ARE YOU OPEN?", "which bulb fits the desk lamp")
    settled = reworded(corrected(), verdict='{"query": "How long do cables of the moss lamp last?"}')
    known = shop(becomes(settled), golds=gold)
    assert dict(from_transcripts(known, [settled], 1).left_out) == {"a gold question, or nearly one": 1}
    made = from_knowledge(known, 1)
    asked = {sample.prompt.question for sample in made.samples}
    assert asked.isdisjoint({"When are you open?", "Which bulbs fit the desk lamps?"})
    assert made.left_out["a gold question, or nearly one"] == 2


def test_every_entry_is_asked_with_its_neighbours_and_without_itself() -> None:
    """Answers are the shop's own; each entry has a twin that declines, and nothing in it says the answer."""
    samples = from_knowledge(shop(), 1).samples
    right = [one for one in samples if one.kind == "faq"]
    twins = [one for one in samples if one.kind == "decline"]
    assert {one.answer for one in right} == {text for _, text in ENTRIES.values()}
    assert all(passage_of(one) == one.answer for one in right)
    assert {one.group for one in twins} == {f"faq:{id_}" for id_ in ENTRIES}
    for one in twins:
        assert declines(one.answer)
        text = ENTRIES[one.group.removeprefix("faq:")][1]
        assert one.prompt.passages
        assert not any(says_too(p.text, text) for p in one.prompt.passages)


def passage_of(sample: Sample) -> str:
    """The text that a sample rests on."""
    (n,) = sample.rests_on
    return sample.prompt.passages[n - 1].text


def test_a_passage_that_says_the_same_is_no_wrong_passage() -> None:
    """What states the answer's figures, or most of its words, is never beside an entry as if it were wrong."""
    too = entry("again", "Back within 45 days? Yes, lamps can be sent back, unlit.", ["may lamps go back"])
    about = [one for one in from_knowledge(shop(too), 1).samples if one.group in ("faq:again", "faq:returns")]
    assert len(about) > 3
    for sample in about:
        assert len({p.id for p in sample.prompt.passages} & {"faq:again:en", "faq:returns:en"}) == (
            sample.kind == "faq"
        )
    assert says_too(too.text, ENTRIES["returns"][1])
    assert not says_too(ENTRIES["hours"][1], ENTRIES["returns"][1])


def test_the_same_seed_gives_the_same_samples() -> None:
    """And another one others."""
    assert from_knowledge(shop(), 1).samples == from_knowledge(shop(), 1).samples
    assert from_knowledge(shop(), 1).samples != from_knowledge(shop(), 2).samples


def test_declining_is_in_the_shops_tone() -> None:
    """A formal shop does not contract."""
    formal = replace(shop(), tone="formal")
    (words,) = {one.answer for one in from_knowledge(formal, 1).samples if one.kind == "decline"}
    assert "I'm" not in words
    assert declines(words)


@given(st.integers())
def test_held_out_entries_are_held_out_whole(seed: int) -> None:
    """No entry has samples on both sides, and both sides have some."""
    learn, held = divided(SAMPLES, seed)
    assert learn
    assert held
    assert {one.group for one in learn}.isdisjoint({one.group for one in held})


def test_a_tenth_of_the_general_data_is_mixed_in() -> None:
    """At most as much as there is of the shop's own."""
    own = from_knowledge(shop(), 1).samples
    general = [replace(own[0], source="shops", answer=str(n)) for n in range(50)]
    some = [one for one in mixed(own, general, 1) if one.source == "shops"]
    assert 0 < len(some) < 15
    many = [one for one in mixed(own[:2], general * 40, 1) if one.source == "shops"]
    assert len(many) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my name is Ana Ruiz and I live at 12 Elm Street", "my name is [name] and I live at [address]"),
        ("order number is 20481775, please", "order number is [order], please"),
        ("我叫王小明，订单号 20481775", "我叫[name]，订单号 [order]"),
        ("does SKU LAMP-10455 fit E27? it costs $1,049.50", "does SKU LAMP-10455 fit E27? it costs $1,049.50"),
    ],
)
def test_personal_words_are_replaced_and_others_are_not(text: str, wanted: str) -> None:
    """Names said as such, addresses and order numbers go; a SKU that a passage has, and prices, stay."""
    assert clean(text, "LAMP-10455") == wanted


def test_the_whole_question_is_cleaned() -> None:
    """What is left has no digit of a number that was somebody's."""
    assert not any(part in clean(QUESTION) for part in PERSONAL)
