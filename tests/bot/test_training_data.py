"""Training data: invented shops and public sets as samples, held out by shop, without the sample shop's texts."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import BadSettings
from bot.generate.protocol import Numbered, Prompt
from bot.lab.train import public, wording
from bot.lab.train.data import Plan, build, read
from bot.lab.train.figures import nameless, unfounded
from bot.lab.train.invent.shop import Shop, opened
from bot.lab.train.leakage import content, grams
from bot.lab.train.noise import noisy
from bot.lab.train.sample import Asked, Piece, Sample
from bot.lab.train.samples import Stall, lay_out, states

PLANTED = "our kettles are descaled by hand in the back room before every sale"
FIELDS = ("weight", "height", "material", "warranty", "capacity")
FRUIT = ("Apple", "Pear", "Plum", "Cherry", "Quince", "Lemon")


def kettles(rng: random.Random, shop: Shop) -> Iterator[Asked]:
    """A family of the tests: what a shop is asked about its kettles."""
    facts = {(name, field): f"{rng.randint(100, 999)} {field[:2]}" for name in FRUIT for field in FIELDS}
    for name, field in facts:
        yield _field(name, field, facts, shop)
    for asked, told in (("hello", "Hello!"), ("thanks", "You're welcome!")):
        yield Asked("small_talk", asked, f"{told} What can I do for you at {shop.name}?")


def _field(name: str, field: str, facts: dict[tuple[str, str], str], shop: Shop) -> Asked:
    def piece(of: str, without: str = "") -> Piece:
        lines = [f"{label.capitalize()}: {facts[of, label]}" for label in FIELDS if label != without]
        return Piece(f"product:{of.lower()}", "product", f"{of} kettle", "\n".join(lines))

    before = FIELDS[FIELDS.index(field) - 1]
    return Asked(
        kind=f"field_{field}",
        question=f"What is the {field} of the {name} kettle?",
        answer=f"The {name} kettle's {field} is {facts[name, field]}, and that's it!",
        rests_on=(piece(name),),
        near=tuple(piece(other) for other in FRUIT if other != name),
        twin=(piece(name, without=field),),
        decline=f"I don't know the {field} of the {name} kettle. Shall I ask someone at {shop.name}?",
        after=(f"And the {before} of the {name} kettle?", f"It is {facts[name, before]}."),
        follow_up=f"and its {field}?",
        must=((facts[name, field],),),
        never=(facts[name, before],),
    )


@pytest.fixture(scope="module")
def laid() -> list[Sample]:
    """Two thousand samples of one shop."""
    rng = random.Random(5)
    shop = opened(rng)
    return list(lay_out(rng, Stall.of(shop.name, f"{shop.name} #5", list(kettles(rng, shop))), 2000))


def _plan(out: Path, **more: Any) -> Plan:
    return Plan(out, shops=3, dev=1, test=1, per_shop=40, **more)


def _text(prompt: Prompt) -> str:
    return "\n".join(f"{passage.title}\n{passage.text}" for passage in prompt.passages)


def test_each_sample_is_what_its_row_was_made_of(laid: list[Sample]) -> None:
    """A sample written as JSON and read again is the same sample."""
    for sample in laid[:200]:
        assert Sample.of(json.loads(json.dumps(sample.row()))) == sample


def test_answers_rest_on_passages_that_state_what_they_must_say(laid: list[Sample]) -> None:
    """The passages a sample rests on hold every fact that a right answer must contain, and the answer contains them."""
    for sample in laid:
        if sample.must:
            resting = "\n".join(p.text for p in sample.prompt.passages if p.n in sample.rests_on)
            assert sample.rests_on
            assert states(resting, sample.must)
            assert states(sample.answer, sample.must)


def test_declined_samples_have_no_passage_that_answers(laid: list[Sample]) -> None:
    """Where the answer declines, no fact of the kind asked for the product asked is in the passages."""
    declined = [sample for sample in laid if sample.kind == "decline"]
    for sample in declined:
        assert sample.rests_on == ()
        assert sample.must == ()
        asked = re.search(r"know the (\w+) of the (\w+) kettle", sample.answer)
        assert asked, sample.answer
        for passage in sample.prompt.passages:
            assert passage.title != f"{asked[2]} kettle" or f"{asked[1].capitalize()}:" not in passage.text
    assert declined


def test_shares_are_about_as_set(laid: list[Sample]) -> None:
    """About 24 % of samples decline, 20 % follow an earlier turn, 6 % ask twice; the right passage is first in 65 %."""
    total = len(laid)
    kinds = Counter(sample.kind for sample in laid)
    assert kinds["decline"] / total == pytest.approx(0.24, abs=0.03)
    assert (kinds["two_questions"] + kinds["two_half"]) / total == pytest.approx(0.06, abs=0.02)
    assert kinds["small_talk"] / total == pytest.approx(0.04, abs=0.02)
    formal = [sample for sample in laid if sample.prompt.tone == "formal"]
    assert len(formal) / total == pytest.approx(0.35, abs=0.04)
    follows = [s for s in laid if s.prompt.history and s.prompt.history[-2].text.startswith("And the ")]
    assert len(follows) / total == pytest.approx(0.20, abs=0.03)
    several = [s for s in laid if len(s.rests_on) == 1 and len(s.prompt.passages) == 4]
    first = sum(sample.rests_on == (1,) for sample in several)
    assert first / len(several) == pytest.approx(0.65, abs=0.06)


def test_passages_are_numbered_from_one_and_none_comes_twice(laid: list[Sample]) -> None:
    """A prompt has at most four passages, numbered 1, 2, 3, 4, each of another piece."""
    for sample in laid:
        passages = sample.prompt.passages
        assert [passage.n for passage in passages] == list(range(1, len(passages) + 1))
        assert len({passage.id for passage in passages}) == len(passages) <= 4


def test_a_formal_answer_has_neither_short_forms_nor_exclamation_marks(laid: list[Sample]) -> None:
    """The formal tone spells `that's` and `don't` out and does not exclaim."""
    formal = [sample.answer for sample in laid if sample.prompt.tone == "formal"]
    assert not [answer for answer in formal if re.search(r"!|\w'(?:t|re|m)\b|that's", answer)]


def test_what_is_never_right_does_not_stand_in_the_right_answer(laid: list[Sample]) -> None:
    """Two questions at once drop from `never` what the other's answer says."""
    for sample in laid:
        assert not [text for text in sample.never if text.casefold() in sample.answer.casefold()]


def test_a_twin_that_still_has_the_fact_is_not_declined() -> None:
    """A question whose twin states the fact all the same is only asked with its answer."""
    piece = Piece("faq:parking", "faq", "Parking", "Parking costs 7 euros.")
    ask = Asked(
        "fee", "What is parking?", "7 euros.", rests_on=(piece,), twin=(piece,), decline="No idea.", must=(("7",),)
    )
    rows = list(lay_out(random.Random(1), Stall.of("Shop", "g", [ask]), 200))
    assert not [row for row in rows if row.kind == "decline" and row.prompt.passages]


@given(st.integers(0, 10_000), st.text(alphabet="abcdefgh IJK0123456789.,?'-$", min_size=1, max_size=60))
def test_noise_never_changes_digits(seed: int, question: str) -> None:
    """However a question is mistyped, its digits stay in their order."""
    assert re.findall(r"\d", noisy(random.Random(seed), question)) == re.findall(r"\d", question)


def test_noise_keeps_words_that_must_be_copied() -> None:
    """A word that only the question has stays letter for letter while others are mistyped."""
    asked = "Does the Marlow Kestrel thermometer measure temperature?"
    heard = {noisy(random.Random(seed), asked, {"marlow", "kestrel"}) for seed in range(400)}
    assert len(heard) > 50
    assert all("Marlow Kestrel" in question for question in heard)


def test_two_builds_of_one_plan_are_the_same_bytes(tmp_path: Path) -> None:
    """The same seed gives the same files; another seed other ones."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        build(_plan(tmp_path / name, seed=seed), (kettles,))
    one, same, other = ((tmp_path / name / "train.jsonl.gz").read_bytes() for name in "abc")
    assert one == same
    assert one != other


def test_no_shop_is_in_two_splits(tmp_path: Path) -> None:
    """Train, dev and test have no group and no shop's name in common, and `data.json` counts what they hold."""
    about = build(_plan(tmp_path), (kettles,))
    rows = {split: list(read(tmp_path / f"{split}.jsonl.gz")) for split in public.SPLITS}
    groups = [{row.group for row in of_split} for of_split in rows.values()]
    names = [{row.prompt.shop for row in of_split} for of_split in rows.values()]
    for seen in (groups, names):
        assert sum(map(len, seen)) == len(set().union(*seen)) == 5
    assert about["samples"] == {split: len(of_split) for split, of_split in rows.items()}
    assert json.loads((tmp_path / "data.json").read_text()) == about


def test_a_training_sample_that_shares_eight_words_with_the_content_is_dropped(tmp_path: Path) -> None:
    """What a shop's content says in the same eight words is not in training, and is counted."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "faq.jsonl").write_text(json.dumps({"answer": f"You know, {PLANTED.title()}."}) + "\n")
    (folder / "care.md").write_text("# Care\n\nshort\n")

    def leaking(rng: random.Random, shop: Shop) -> Iterator[Asked]:
        yield from kettles(rng, shop)
        piece = Piece("faq:care", "faq", "Care", f"As we say, {PLANTED}.")
        yield Asked("leak", "Are they clean?", "They are.", rests_on=(piece,))

    about = build(_plan(tmp_path / "out", content=folder), (leaking,))
    kept = [_text(sample.prompt) for sample in read(tmp_path / "out" / "train.jsonl.gz")]
    assert kept
    assert not [text for text in kept if PLANTED in text]
    assert about["left_out"]["shares_a_run_with_content"] > 0


def test_runs_that_come_again_in_training_are_told(tmp_path: Path) -> None:
    """Decline texts of the same template in all shops share runs of words; passages of ten words do so less."""
    told = build(_plan(tmp_path), (kettles,))["leakage"]["held_out_runs_found_in_training"]
    assert told["answer"]["runs"] > 0
    assert 0 < told["answer"]["in_training"] <= 1


def test_grams_are_runs_of_eight_words_without_case() -> None:
    """Nine words have two runs; seven have none; marks and case do not count."""
    assert len(grams("One, two three four five six seven eight nine.")) == 2
    assert grams("one two three four five six seven") == frozenset()
    assert grams("A b c d e f g H") == grams("a, b; c d e f g h!")


def test_the_sample_shops_texts_are_known_by_their_runs(tmp_path: Path) -> None:
    """Markdown is read by paragraph, so that no run goes from one into the next."""
    (tmp_path / "a.md").write_text("one two three four five\n\nsix seven eight nine ten\nmore and more")
    assert content(tmp_path) == grams("six seven eight nine ten more and more")


def test_figures_and_names_that_nothing_says_are_found() -> None:
    """A number or a capitalised word of the answer that no text of the prompt has is told."""
    prompt = Prompt("How long?", "en", "Shop", (Numbered(1, "a", "faq", "Shipping", "It takes 3–5 days with Hermes."),))
    good = Sample(prompt, "It takes 3–5 days with Hermes.", (1,), "faq", "shops", "g")
    bad = Sample(prompt, "It takes 7 days with Colissimo.", (1,), "faq", "shops", "g")
    assert (unfounded(good), nameless(good)) == (frozenset(), frozenset())
    assert (unfounded(bad), nameless(bad)) == (frozenset({"7"}), frozenset({"Colissimo"}))


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    (folder / "train").mkdir(exist_ok=True, parents=True)
    with gzip.open(folder / "train" / f"{name}.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Small public data of the documented shape."""
    cafe = {"name": "x", "restaurant_name": "Hot Crab", "time": "17:30", "serves_alcohol": "False", "price": "1049"}
    other = {"name": "y", "restaurant_name": "La Paloma", "time": "09:00", "serves_alcohol": "True", "price": "20"}
    offer = [{"act": "OFFER", "slot": "restaurant_name", "values": ["Hot Crab"]}]
    inform = [{"act": "INFORM", "slot": "price", "values": ["$1,049"]}]
    booked = [{"act": "NOTIFY_SUCCESS", "slot": "", "values": []}]
    ask = ["U: Find me a place"]
    told = [*ask, "S: How about hot crab?", "U: What does it cost?"]
    dialogue = {"id": "1_0", "service": "Restaurants_1"}
    sgd = [
        {
            **dialogue,
            "history": ask,
            "facts": [cafe, other],
            "actions": offer,
            "response": "Try hot crab. Shall I book?",
        },
        {**dialogue, "history": told, "facts": [], "actions": inform, "response": "It costs $1,049"},
        {**dialogue, "history": told, "facts": [], "actions": inform, "response": "It costs $7 in Rome."},
        {**dialogue, "history": told, "facts": [cafe], "actions": booked, "response": "It is booked."},
    ]
    for split in public.SPLITS:
        _write(tmp_path, f"sgd_grounded_{split}", sgd if split == "train" else sgd[:1])
    snippets = [
        {"id": f"{place}{n}", "entity": f"{place} HOUSE", "type": "review", "text": f"Review {n} says quiet."}
        for place in ("A", "B", "C", "D")
        for n in range(3)
    ]
    turns = [{"speaker": "S", "text": "What next?"}, {"speaker": "U", "text": "Is it quiet?"}]
    _write(tmp_path, "dstc11_snippets", snippets)
    _write(
        tmp_path,
        "dstc11_grounded",
        [
            {"id": n, "turns": turns, "gold_ids": gold, "response": reply}
            for n, (gold, reply) in enumerate(((["A0", "A1"], "guests found it quiet."), ([], None)))
        ],
    )
    entries = [
        {"entity": "A HOUSE", "question": "Do you have parking?", "answer": "A House has parking."},
        {"entity": "A HOUSE", "question": "Is breakfast served?", "answer": "Breakfast is at 8."},
    ]
    _write(tmp_path, "dstc9_faq", entries)
    _write(tmp_path, "dstc9_faq_replies", [{**entries[0], "reply": "Yes, parking is there. Anything else?"}])
    request = {"instruction": "cancel my order", "intent": "cancel_order", "category": "ORDER", "response": "{{x}}"}
    _write(tmp_path, "bitext_support", [request] * 40)
    return tmp_path


def test_dialogues_become_grounded_samples(sets: Path) -> None:
    """Offers and facts of SGD rest on a row, spelt as replies spell it; bookings and unfounded figures are left out."""
    offered, *informed = (sample for sample in public.samples(sets, "train", 2) if sample.source == "sgd")
    assert offered.answer == "Try Hot Crab."
    assert offered.prompt.question == "Find me a place"
    resting = offered.prompt.passages[offered.rests_on[0] - 1]
    assert resting.title == "Hot Crab"
    assert {"Time: 5:30 pm", "Serves alcohol: No", "Price: $1,049"} <= set(resting.text.splitlines())
    for sample in informed:  # the row was found a turn earlier
        assert (sample.answer == "It costs $1,049.") == bool(sample.rests_on)
        assert [said.author for said in sample.prompt.history] == ["shopper", "bot"]
        assert ("$1,049" in _text(sample.prompt)) == bool(sample.rests_on)
    assert 1 <= len(informed) <= 2


def test_reviews_and_entries_become_samples_of_one_split_a_place(sets: Path) -> None:
    """A place's reviews and frequent questions are all in one split, their replies without the question back."""
    splits = {split: list(public.samples(sets, split, 4)) for split in public.SPLITS}
    at = [split for split, rows in splits.items() if any(row.group == "place:A HOUSE" for row in rows)]
    assert len(at) == 1
    places = [row for row in splits[at[0]] if row.group == "place:A HOUSE"]
    answers = {row.source: row.answer for row in places if row.rests_on}
    assert answers.items() <= {"dstc11": "Guests found it quiet.", "dstc9": "Yes, parking is there."}.items()
    assert {row.source for row in places} == {"dstc11", "dstc9"}


def test_requests_without_an_answer_are_declined(sets: Path) -> None:
    """Requests of Bitext come with lines about something else, and are declined."""
    rows = [row for split in public.SPLITS for row in public.samples(sets, split, 4) if row.source == "bitext"]
    assert 0 < len(rows) < 40
    assert {(row.kind, row.rests_on) for row in rows} == {("decline", ())}


def test_a_missing_public_file_is_named(tmp_path: Path) -> None:
    """Without the file of a data set the error says which one is wanted."""
    with pytest.raises(BadSettings, match="dstc9_faq"):
        list(public.samples(tmp_path, "train", 1))


def test_public_samples_fill_at_most_their_share(sets: Path, tmp_path: Path) -> None:
    """Public data is capped at its share of training, and its inputs are told by hash."""
    about = build(_plan(tmp_path / "out", public=sets, public_share=0.04), (kettles,))
    of_shops = about["sources"]["train"]["shops"]
    assert 0 < about["samples"]["train"] - of_shops <= of_shops * 0.05
    assert set(about["inputs"]) == {f"{name}.jsonl.gz" for name in public.FILES}


def test_two_questions_are_joined_as_people_do() -> None:
    """The second question goes on in lower case, but a name keeps its capital."""
    joined = {wording.both(random.Random(n), "What is it?", "How long?") for n in range(60)}
    assert "What is it and how long?" in joined
    assert "What is it? Also, how long?" in joined
    assert "What is it? And Miele fits?" in {
        wording.both(random.Random(n), "What is it?", "Miele fits?") for n in range(60)
    }


def test_two_in_one_message_greet_and_close_once() -> None:
    """Two questions joined have no thanks or greeting between them, two answers nothing that ends or begins one."""
    for seed in range(40):
        joined = wording.both(random.Random(seed), "Hi, what is it? Thanks!", "Excuse me, how long?")
        assert not re.search("Thanks|Excuse me", joined)
    told = wording.told("It is tea. Let me know if you need more.", "Sure! It takes 3 days. Anything else?")
    assert told == "It is tea. It takes 3 days. Anything else?"


def test_nothing_said_earlier_tells_what_is_declined(laid: list[Sample]) -> None:
    """Where the answer declines, no earlier message has the fact that the shopper asks for."""
    asked = [re.search(r"know the (\w+) of the (\w+) kettle", s.answer) for s in laid if s.kind == "decline"]
    for sample, fact in zip((s for s in laid if s.kind == "decline"), asked, strict=True):
        assert fact
        for question, answer in zip(sample.prompt.history[::2], sample.prompt.history[1::2], strict=True):
            same = fact[2].lower() in question.text.lower() and fact[1] in question.text.lower()
            assert not same or answer.text.startswith("I don't know"), sample


def test_the_command_says_what_it_needs() -> None:
    """`aisle train data` without a folder to write to is refused with the option's name."""
    result = CliRunner().invoke(app, ["train", "data"])
    assert result.exit_code == 2
    assert "--out" in result.output
