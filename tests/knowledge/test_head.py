"""Learning to tell FAQ entries apart: ranks, probabilities, what is none of them, and the files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from knowledge import learn as learning
from knowledge.build import build, rehearse
from knowledge.dense import row_texts
from knowledge.encode import Vectors
from knowledge.grams import Shelf
from knowledge.hashed import HashedEncoder
from knowledge.head import ARRAYS, UNLEARNED_FLOOR, WORDS, Chance, Chances, Head, mixed, probability, save_none
from knowledge.learn import SLACK, WRONG, Trials, chosen_floor, chosen_threshold, fitted, learn
from knowledge.passages import Kind, Passage, Query
from knowledge.snapshot import Snapshot
from tests.support.shelves import content, faq

TOPICS = {
    "delivery": ("delivery time", "parcel arrives", "快递几天到", "包裹多久到达"),
    "refund": ("refund money", "money back", "退款多久", "什么时候退钱"),
    "gift": ("gift card balance", "voucher amount", "礼品卡余额", "购物券金额"),
    "size": ("jacket size chart", "trousers fit", "尺码表", "裤子合身"),
    "wash": ("wash down coat", "dry clean wool", "清洗羽绒服", "干洗羊毛"),
    "warranty": ("warranty claim", "broken zip repair", "保修申请", "拉链坏了维修"),
    "store": ("store opening hours", "shop address city", "门店营业时间", "店铺地址"),
}
FRAMES = ("{}", "question about {}", "tell me: {}", "I need {} now")
ASKED = {"en": slice(0, 2), "zh": slice(2, 4)}


def shop() -> list[Passage]:
    """Seven entries in two languages, each with its two themes in four frames, in the order of ids."""
    return sorted(
        (
            faq(name, lang, *(frame.format(t) for t in themes[of] for frame in FRAMES), text=" ".join(themes[of]))
            for name, themes in TOPICS.items()
            for lang, of in ASKED.items()
        ),
        key=lambda passage: passage.id,
    )


def rows(passages: list[Passage]) -> Vectors:
    """All rows of the passages, by an encoder that cannot read Chinese."""
    return HashedEncoder().encode([text for passage in passages for text in row_texts(passage)])


@pytest.fixture(scope="module")
def head() -> Head:
    """The head of the shop."""
    made = learn(shop(), rows(shop()))
    assert made is not None
    return made


def best(head: Head, text: str) -> tuple[str, float]:
    """The likeliest entry and its probability."""
    chance = head.chances(text, HashedEncoder().encode([text])[0]).entries[0]
    return chance.entry, chance.probability


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("when is my refund money coming", "faq:refund"),
        ("my zip is broken, repair?", "faq:warranty"),
        ("gift card", "faq:gift"),
        ("我的退款呢", "faq:refund"),
        ("羽绒服如何清洗", "faq:wash"),
        ("門店營業到幾點", "faq:store"),
    ],
)
def test_a_new_wording_finds_its_entry_in_both_languages(head: Head, text: str, entry: str) -> None:
    """Questions that are no examples rank their entry first and pass the threshold."""
    found = head.chances(text, HashedEncoder().encode([text])[0])
    assert found.entries[0].entry == entry
    assert found.entries[0].probability >= found.threshold


@pytest.mark.parametrize("text", ["2 + 2", "who won the world cup", "量子力学", "", "？？？"])
def test_what_no_entry_answers_is_below_the_threshold(head: Head, text: str) -> None:
    """Nonsense and other topics have a best entry too, but not a probable one."""
    found = head.chances(text, HashedEncoder().encode([text])[0])
    assert all(chance.probability < found.threshold for chance in found.entries)


def test_probabilities_are_probabilities_in_falling_order(head: Head) -> None:
    """Each is from 0 to 1, entries occur once, best first."""
    chances = head.chances("refund", HashedEncoder().encode(["refund"])[0]).entries
    drawn = [chance.probability for chance in chances]
    assert drawn == sorted(drawn, reverse=True)
    assert all(0 <= p <= 1 for p in drawn)
    assert len({chance.entry for chance in chances}) == len(chances)


def test_a_head_comes_back_from_its_files_as_it_was(head: Head, tmp_path: Path) -> None:
    """What was saved judges as before, and saving it again gives the same bytes."""
    head.save(tmp_path)
    again = Head.load(tmp_path, rows(shop()))
    assert again is not None
    texts = ("refund money please", "退款", "hello")
    assert [best(again, text) for text in texts] == [best(head, text) for text in texts]
    (tmp_path / "b").mkdir()
    again.save(tmp_path / "b")
    for name in (WORDS, ARRAYS):
        assert (tmp_path / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_rows_that_the_snapshot_lacks_are_refused(head: Head, tmp_path: Path) -> None:
    """Files of two different builds do not go together."""
    head.save(tmp_path)
    with pytest.raises(ValueError, match="found rows up to"):
        Head.load(tmp_path, rows(shop())[:5])


def test_too_few_entries_make_no_head(tmp_path: Path) -> None:
    """Four entries are too few to try on; the files say so, and search has no probabilities."""
    few = [passage for passage in shop() if passage.entry <= "faq:size" and passage.entry != "faq:warranty"][:8]
    assert learn(few, rows(few)) is None
    save_none(tmp_path)
    assert Head.load(tmp_path, rows(few)) is None


def test_entries_with_one_question_each_make_no_head() -> None:
    """With a title and its answer there is nothing to try: no head is better than one that is not calibrated."""
    single = [replace(passage, questions=passage.questions[:1], title=passage.questions[0]) for passage in shop()]
    assert learn(single, rows(single)) is None


def test_above_the_limit_neighbours_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop with too many examples has no weights, and its new wordings still find their entries."""
    monkeypatch.setattr(learning, "MOST_WEIGHTS", 10)
    made = learn(shop(), rows(shop()))
    assert made is not None
    assert made.seeing is not None
    assert not len(made.seeing.weights)
    assert best(made, "when is my refund money coming")[0] == "faq:refund"
    assert best(made, "羽绒服如何清洗")[0] == "faq:wash"


def test_leaving_an_example_out_is_exact() -> None:
    """What the closed form says of an example is what a machine says that never had it."""
    passages = [passage for passage in shop() if passage.lang == "en"]
    vectors = rows(passages)
    examples = learning.examples_of(passages)
    shelf = Shelf.build(examples.texts)
    bench = learning._Bench(examples, shelf, np.arange(len(examples.texts)), vectors)
    near, _, _ = learning._all_pairs(bench)
    np.fill_diagonal(near, 1.0)
    target = np.eye(len(bench.entries), dtype=np.float32)[bench.of] - np.float32(1 / len(bench.entries))
    inverse = learning._inverted(near.copy())
    left_out = target - learning._times(inverse, target) / np.diag(inverse)[:, None]
    place = 17
    others = np.delete(np.arange(len(near)), place)
    ridge = near[np.ix_(others, others)] + learning.RIDGE * np.eye(len(others))
    refitted = near[place, others] @ np.linalg.solve(ridge, target[others])
    assert left_out[place] == pytest.approx(refitted, abs=1e-3)


def test_the_curve_follows_the_share_that_is_right() -> None:
    """On made-up evidence whose truth is known, the mean probability is the share of right candidates."""
    chance = np.random.default_rng(3)
    columns = chance.random((400, 3, 5)).astype(np.float32)
    right = chance.random((400, 3)) < columns[:, :, 0]
    none = Trials(columns[:50] * 0.1, np.zeros((50, 3), np.bool_))
    curve = fitted(Trials(columns, right), none)
    assert np.all(curve[:-1] >= 0)
    drawn = probability(curve, columns.reshape(-1, 5))
    assert drawn.mean() == pytest.approx(right.mean(), abs=0.1)


def _apart(foreign_at: float) -> tuple[Vectors, Trials, Trials]:
    """A curve, and trials whose right candidates are at 0.9 and whose foreign ones are at `foreign_at`."""
    columns = np.zeros((10, 3, 5), np.float32)
    columns[:, 0, 0] = 0.9
    known = Trials(columns, np.tile([True, False, False], (10, 1)))
    strange = columns.copy()
    strange[:, 0, 0] = foreign_at
    curve = np.array([10, 0, 0, 0, 0, -5], np.float32)
    return curve, known, Trials(strange, np.zeros((10, 3), np.bool_))


def test_the_threshold_parts_what_is_right_from_what_is_foreign() -> None:
    """Where the two are apart it lies between them, at the value of a perfect curve if that is between."""
    assert chosen_threshold(*_apart(0.2)) == pytest.approx(WRONG / (1 + WRONG))
    curve, known, foreign = _apart(0.6)
    strange = probability(curve, foreign.columns[0])[0]
    assert strange < chosen_threshold(curve, known, foreign) <= probability(curve, known.columns[0])[0]


def test_the_floor_keeps_nearly_all_right_answers_and_is_nothing_without_any() -> None:
    """It lies where the cosines of right answers begin, whatever wrong ones have; without right ones it is 0."""
    curve, known, _ = _apart(0.2)
    columns = known.columns.copy()
    columns[:, 0, 3] = np.linspace(0.4, 0.9, len(columns))
    trials = Trials(columns, known.right)
    floor = chosen_floor(curve, trials, 0.0)
    right = columns[known.right[:, 0], 0, 3]
    assert right.min() <= floor <= np.quantile(right, 2 * SLACK)
    assert chosen_floor(curve, Trials(columns, np.zeros_like(known.right)), 0.0) == 0.0


def test_only_a_machine_that_sees_has_a_floor_and_old_files_get_the_one_of_then(head: Head, tmp_path: Path) -> None:
    """A floor on cosines means nothing where no cosine is known; snapshots from before there was one still serve."""
    assert head.seeing is not None
    assert head.seeing.floor > 0
    assert head.reading is not None
    assert head.reading.floor == 0
    head.save(tmp_path)
    label = orjson.loads((tmp_path / WORDS).read_bytes())
    for machine in label["machines"].values():
        del machine["floor"]
    (tmp_path / WORDS).write_bytes(orjson.dumps(label))
    old = Head.load(tmp_path, rows(shop()))
    assert old is not None
    assert old.seeing is not None
    assert old.reading is not None
    assert (old.seeing.floor, old.reading.floor) == (UNLEARNED_FLOOR, 0)


def test_a_search_carries_probability_and_threshold_of_faq_hits_only(tmp_path: Path) -> None:
    """Hits of entries have both, in the snapshot and in its rehearsal alike; products have neither."""
    from tests.support.shelves import PASSAGES

    things = content([*shop(), *(p for p in PASSAGES if p.kind is Kind.PRODUCT)])
    snapshot = Snapshot.load(tmp_path / build(things, tmp_path, HashedEncoder()))
    query = Query("refund money for the rain jacket", "en", limit=20)
    vector = HashedEncoder().encode([query.text])[0]
    hits = snapshot.search(query, vector)
    assert hits[0].passage.entry == "faq:refund"
    for hit in hits:
        judged = hit.passage.kind is Kind.FAQ
        assert (hit.probability is not None, hit.threshold is not None) == (judged, judged)
    rehearsed = rehearse(things, tmp_path / "none", HashedEncoder()).search(query, vector)[0]
    assert [(h.passage.id, h.probability) for h in rehearsed] == [(h.passage.id, h.probability) for h in hits]


def test_two_opinions_are_weighed_by_how_much_of_the_question_was_carried_over() -> None:
    """The other language's opinion counts as much as its share; with none of it our own stays as it is."""
    own = Chances((Chance("a", 0.4), Chance("b", 0.2)), 0.3)
    other = Chances((Chance("b", 0.8),), 0.9)
    assert mixed(own, other, 0.0) == own
    whole = mixed(own, other, 1.0)
    assert [(c.entry, round(c.probability, 6)) for c in whole.entries] == [("b", 0.5), ("a", 0.2)]
    assert whole.threshold == 0.3
