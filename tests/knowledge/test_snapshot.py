"""Building snapshots, checking them, loading and searching them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from knowledge import records
from knowledge.build import build
from knowledge.encode import Vectors
from knowledge.errors import EncoderError, SnapshotError
from knowledge.hashed import HashedEncoder
from knowledge.manifest import MANIFEST, folders, sealed
from knowledge.passages import Hit, Kind, Query
from knowledge.snapshot import FILES, Snapshot, verify
from tests.support.shelves import LARCH, PASSAGES, PROMOTIONS, REVIEWS, TENT, TERMS, content, faq, with_entries

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small shop, built and loaded."""
    root = tmp_path_factory.mktemp("root")
    return Snapshot.load(root / build(content(), root, HashedEncoder()))


def ask(snapshot: Snapshot, query: Query) -> tuple[Hit, ...]:
    """Search with the query's own row."""
    return snapshot.search(query, HashedEncoder().encode([query.text])[0])


def ids(hits: tuple[Hit, ...]) -> list[str]:
    """Passage ids, best first."""
    return [hit.passage.id for hit in hits]


def test_everything_comes_back_as_it_was(snapshot: Snapshot) -> None:
    """Passages, products, reviews, promotions and the shop's terms are loaded as they were read."""
    assert dict(snapshot.passages) == {passage.id: passage for passage in PASSAGES}
    assert snapshot.products["larch-jacket"] == LARCH
    assert snapshot.reviews == REVIEWS
    assert snapshot.promotions == PROMOTIONS
    assert snapshot.glossary.terms[: len(TERMS)] == TERMS


def test_the_manifest_says_what_is_inside(tmp_path: Path) -> None:
    """Version, time, encoder, counts, and the hashes of files and sources are on the label."""
    version = build(content(), tmp_path, HashedEncoder(), created_at=NOON)
    label = json.loads((tmp_path / version / MANIFEST).read_text())
    assert version.startswith("20261122T120000-")
    assert (label["version"], label["created_at"]) == (version, "2026-11-22T12:00:00+00:00")
    assert (label["format"], label["encoder"], label["dim"]) == (3, "hashed-64", 64)
    counts = {"passages": 7, "rows": 13, "unreadable": 5, "products": 3, "reviews": 1, "promotions": 1, "terms": 1}
    assert label["counts"] == counts
    assert sorted(label["files"]) == sorted(FILES)
    assert label["sources"] == {"made.jsonl": "0" * 64}


def test_identical_content_is_the_version_that_is_there(tmp_path: Path) -> None:
    """Building the same again, in another order, embeds nothing and gives the old version."""
    version = build(content(), tmp_path, HashedEncoder(), created_at=NOON)
    encoder = HashedEncoder()
    assert build(content(PASSAGES[::-1]), tmp_path, encoder) == version
    assert encoder.embedded == 0
    assert [folder.name for folder in folders(tmp_path)] == [version]


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    """Of changed content only the changed texts go through the encoder; the vectors are as if all had."""
    build(content(), tmp_path / "a", HashedEncoder())
    encoder = HashedEncoder()
    changed = with_entries(1)
    version = build(changed, tmp_path / "a", encoder)
    assert encoder.embedded == 2
    fresh = build(changed, tmp_path / "b", HashedEncoder())
    assert (tmp_path / "a" / version / "vectors.npy").read_bytes() == (
        tmp_path / "b" / fresh / "vectors.npy"
    ).read_bytes()


def test_vectors_of_another_encoder_are_not_taken_over(tmp_path: Path) -> None:
    """Another encoder embeds everything, and its snapshot is another version."""
    version = build(content(), tmp_path, HashedEncoder())
    encoder = HashedEncoder(name="other")
    assert build(content(), tmp_path, encoder) != version
    assert encoder.embedded == 13


def test_progress_goes_through_all_steps(tmp_path: Path) -> None:
    """Each step is told with how much of how much, and ends complete."""
    told: list[tuple[str, int, int]] = []
    build(with_entries(200), tmp_path, HashedEncoder(), lambda *step: told.append(step))
    assert list(dict.fromkeys(step for step, _, _ in told)) == [
        "embed", "dense", "lexical", "learn", "write", "verify", "publish",
    ]  # fmt: skip
    embedded = [(done, total) for step, done, total in told if step == "embed"]
    assert embedded[0] == (0, 413)
    assert embedded[-1] == (413, 413)
    assert [done for done, _ in embedded] == sorted(done for done, _ in embedded)


def test_zero_documents_are_refused(tmp_path: Path) -> None:
    """Sources without a passage make no snapshot, so an emptied folder cannot silence the bot."""
    with pytest.raises(SnapshotError, match="found no passage"):
        build(content(()), tmp_path, HashedEncoder())
    assert folders(tmp_path) == []


@pytest.mark.parametrize(
    ("passages", "products", "message"),
    [
        ((*PASSAGES, PASSAGES[0]), (), "found 'faq:canada:en' twice"),
        (PASSAGES, (LARCH, LARCH), "found 'larch-jacket' twice"),
        ((replace(PASSAGES[0], text="\ud800"),), (), "'faq:canada:en'"),
    ],
)
def test_content_that_cannot_be_kept_is_refused(passages: tuple, products: tuple, message: str, tmp_path: Path) -> None:  # type: ignore[type-arg]
    """Ids that are not unique and texts that are not text are named."""
    with pytest.raises(SnapshotError, match=message):
        build(content(passages, products), tmp_path, HashedEncoder())


class Wrong(HashedEncoder):
    """An encoder whose rows can be spoiled."""

    def __init__(self, spoil: str) -> None:
        super().__init__()
        self._spoil = spoil

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows that are not as promised."""
        rows = super().encode(texts)
        return {"narrow": rows[:, :32], "few": rows[1:], "long": rows * 2, "nan": rows * np.float32("nan")}[self._spoil]


@pytest.mark.parametrize("spoil", ["narrow", "few", "long", "nan"])
def test_rows_that_are_not_as_promised_are_refused(spoil: str, tmp_path: Path) -> None:
    """Wrong dimension, count or length of rows stops the build, and leaves nothing behind."""
    with pytest.raises(EncoderError, match="found"):
        build(content(), tmp_path, Wrong(spoil))
    assert [path.name for path in tmp_path.iterdir()] == [".build.lock"]


def test_a_vector_of_another_dimension_in_a_whole_snapshot_is_found(tmp_path: Path) -> None:
    """A snapshot whose hashes are right and whose parts do not fit is refused by name."""
    folder = tmp_path / build(content(), tmp_path, HashedEncoder())
    label = verify(folder)
    (folder / MANIFEST).write_bytes(sealed(replace(label, dim=65)))
    with pytest.raises(SnapshotError, match="found vectors of dimension 64, wanted 65"):
        Snapshot.load(folder)


@pytest.mark.parametrize(
    ("name", "message"), [("format", "found format 9, wanted 3"), ("unknown", "found format None, wanted 3")]
)
def test_unknown_formats_are_refused(name: str, message: str, tmp_path: Path) -> None:
    """A manifest of another format, or none at all, says which one was found and wanted."""
    folder = tmp_path / build(content(), tmp_path, HashedEncoder())
    label = json.loads((folder / MANIFEST).read_text()) | {"format": 9}
    (folder / MANIFEST).write_text(json.dumps(label if name == "format" else {"a": 1}))
    with pytest.raises(SnapshotError, match=message):
        verify(folder)


def test_a_renamed_folder_is_refused(tmp_path: Path) -> None:
    """A snapshot under another's name is not taken for it."""
    folder = tmp_path / build(content(), tmp_path, HashedEncoder())
    other = folder.rename(tmp_path / "20200101T000000-000000000000")
    with pytest.raises(SnapshotError, match="found version"):
        verify(other)


def test_a_file_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A manifest cannot have files outside its folder read."""
    folder = tmp_path / build(content(), tmp_path, HashedEncoder())
    label = verify(folder)
    (folder / MANIFEST).write_bytes(sealed(replace(label, files={"../../secret": "0" * 64, **label.files})))
    with pytest.raises(SnapshotError, match="inside the folder"):
        verify(folder)


def test_nothing_in_a_snapshot_is_a_pickle(tmp_path: Path) -> None:
    """Arrays load with pickling forbidden; all other files are JSON or FAISS' own."""
    folder = tmp_path / build(content(), tmp_path, HashedEncoder())
    for path in folder.rglob("*.npy"):
        assert np.load(path, allow_pickle=False).dtype != object
    for path in folder.rglob("*.json"):
        assert isinstance(json.loads(path.read_text()), dict)
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes == {".npy", ".npz", ".json", ".jsonl", ".faiss"}


def test_a_question_finds_its_answer_in_its_language(snapshot: Snapshot) -> None:
    """The best hit is the entry asked for, in the language asked for, with its ranks and scores."""
    english = ask(snapshot, Query("shipping umbrellas to Canada?", "en"))[0]
    assert (english.passage.id, english.dense_rank, english.lexical_rank) == ("faq:canada:en", 0, 0)
    assert english.score == pytest.approx(3 / 11)
    assert 0 < english.coverage < 1
    chinese = ask(snapshot, Query("寄到加拿大要幾天", "zh"))[0]
    assert (chinese.passage.id, chinese.dense_rank, chinese.lexical_rank) == ("faq:canada:zh", None, 0)
    assert chinese.cosine == 0.0


def test_of_one_entry_only_the_wanted_language_comes(snapshot: Snapshot) -> None:
    """An entry that exists in the language asked for comes in no other; one that does not is still found."""
    both = "Canada shipping 加拿大 礼品卡 refund"
    assert "faq:canada:en" not in ids(ask(snapshot, Query(both, "zh", limit=9)))
    assert {"faq:canada:zh", "faq:refund:en", "faq:giftcard:zh"} <= set(ids(ask(snapshot, Query(both, "zh", limit=9))))
    assert "faq:canada:zh" not in ids(ask(snapshot, Query(both, "en", limit=9)))
    assert "faq:giftcard:zh" in ids(ask(snapshot, Query(both, "en", limit=9)))
    assert {"faq:canada:zh", "faq:canada:en"} <= set(ids(ask(snapshot, Query(both, limit=9))))
    assert {"faq:canada:zh", "faq:canada:en"} <= set(ids(ask(snapshot, Query(both, "fr", limit=9))))


def test_only_the_wanted_kinds_come(snapshot: Snapshot) -> None:
    """A filter by kind holds for every ranking, exact matches included."""
    faqs = ask(snapshot, Query("refund Larch Jacket rain", kinds=frozenset({Kind.FAQ}), limit=9))
    assert faqs
    assert {hit.passage.kind for hit in faqs} == {Kind.FAQ}
    assert ask(snapshot, Query("Larch Jacket", kinds=frozenset({Kind.POLICY}))) == ()


def test_a_product_that_is_named_comes_first(snapshot: Snapshot) -> None:
    """A SKU or full name outranks every score, and the hit says what matched."""
    hits = ask(snapshot, Query("refund refund refund: when do I get my refund for LP-200-L?"))
    assert (hits[0].passage.product, hits[0].exact) == ("larch-pro-jacket", "LP-200-L")
    assert hits[0].score < hits[1].score
    assert ids(ask(snapshot, Query("Larch Jacket or Larch Pro Jacket")))[:2] == [
        "product:larch-jacket:en", "product:larch-pro-jacket:en",
    ]  # fmt: skip


def test_equal_scores_come_in_the_order_of_ids(tmp_path: Path) -> None:
    """Passages with the same words tie, and ties are by id, every time."""
    twins = [faq(name, "en", "Same words here?", text="Same.") for name in ("c", "a", "b")]
    snapshot = Snapshot.load(tmp_path / build(content(twins, ()), tmp_path, HashedEncoder()))
    assert ids(ask(snapshot, Query("same words"))) == ["faq:a:en", "faq:b:en", "faq:c:en"]


@pytest.mark.parametrize("text", ["", "?!", "\x00", "\ud800", "的", "🙂"])
def test_a_query_without_words_finds_nothing(snapshot: Snapshot, text: str) -> None:
    """Texts without a word, broken ones included, give no hit and no error."""
    assert snapshot.search(Query(text), np.zeros(64, np.float32)) == ()


@pytest.mark.parametrize("limit", [0, -1, 1, 2, 99])
def test_at_most_the_limit_comes(snapshot: Snapshot, limit: int) -> None:
    """The limit is kept; a limit beyond what can be found gives all of it, in the same order."""
    everything = ids(ask(snapshot, Query("rain jacket refund bivy", "en", limit=1000)))
    assert len(everything) >= 4
    assert ids(ask(snapshot, Query("rain jacket refund bivy", "en", limit=limit))) == everything[: max(0, limit)]


def test_records_that_are_no_records_are_refused() -> None:
    """A line that was not written by this program is an error, not half a passage."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        records.parse(b'{"id": "x"}\n', records.passage)
    assert records.parse(records.lines([TENT]), records.product) == (TENT,)
