"""Edits, uploads and gold questions in SQL: kept, replaced, dropped, checked and logged. On SQLite and PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Audit, Search
from bot.database import Database, open_database
from bot.edits import LARGEST_FILE_BYTES, Edits
from bot.errors import BadKnowledge, NotFound
from bot.gathering import gather
from bot.gold_questions import GoldQuestions
from bot.kept import kept_by, kept_in
from bot.knowledge_tables import uploads
from bot.settings import load
from knowledge.gold import Gold
from knowledge.overlay import Edit
from tests.support.clock import Clock

EDIT = Edit("faq:refund", "en", "anna", "", text="Within 3 days.")
FAQ = b'{"id": "parcel", "questions": ["Where is my parcel?"], "answer": "On its way."}\n'


@pytest.fixture
def clock() -> Clock:
    """The clock of a test."""
    return Clock()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database."""
    opened = await open_database(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def edits(database: Database, clock: Clock) -> Edits:
    """Over the empty database."""
    return Edits(database, Audit(database, clock), clock)


@pytest.fixture
def golds(database: Database, clock: Clock) -> GoldQuestions:
    """Over the empty database."""
    return GoldQuestions(database, Audit(database, clock), clock)


async def logged(database: Database, clock: Clock) -> list[tuple[str, str, str]]:
    """Who did what to what, oldest first."""
    entries = await Audit(database, clock).page(Search())
    return [(entry.deed.actor, entry.deed.action, entry.deed.target) for entry in reversed(entries)]


async def test_an_edit_is_kept_with_who_and_when(edits: Edits, database: Database, clock: Clock) -> None:
    """It comes back as it was, with the moment, and the log tells."""
    full = replace(EDIT, title="Refunds", questions=("Refund?", "退款？"), url="/faq#refund")
    kept = await edits.put(full)
    assert kept == replace(full, at="2031-05-06T07:08:09+00:00")
    assert await edits.all() == (kept,)
    assert await logged(database, clock) == [("anna", "knowledge.source", "faq:refund:en")]


async def test_a_later_edit_takes_the_place_of_an_earlier_one(edits: Edits, clock: Clock) -> None:
    """One edit an entry and language; the last one counts."""
    await edits.put(EDIT)
    clock.forward(hours=1)
    later = await edits.put(replace(EDIT, by="ben", text="Within 2 days."))
    other = await edits.put(replace(EDIT, lang="zh", text="两天内。"))
    assert await edits.all() == (later, other)


async def test_removing_drops_the_edit_first_and_hides_then(edits: Edits) -> None:
    """The first time the files' words count again, the second time the entry is hidden; a third changes nothing."""
    await edits.put(EDIT)
    assert await edits.remove("faq:refund", "en", "ben") == "dropped"
    assert await edits.all() == ()
    for _ in range(2):
        assert await edits.remove("faq:refund", "en", "ben") == "hidden"
    assert [(edit.hidden, edit.text) for edit in await edits.all()] == [(True, "")]


async def test_a_hidden_entry_can_be_restored_and_only_a_hidden_one(edits: Edits) -> None:
    """Restoring is not dropping."""
    await edits.remove("faq:refund", "", "ben")
    await edits.restore("faq:refund", "", "ben")
    assert await edits.all() == ()
    await edits.put(EDIT)
    with pytest.raises(NotFound):
        await edits.restore("faq:refund", "en", "ben")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"entry": "refund"}, "entry"),
        ({"entry": "page:refund"}, "entry"),
        ({"entry": "faq:"}, "entry"),
        ({"entry": "faq:a b"}, "entry"),
        ({"lang": "english"}, "lang"),
        ({"lang": ""}, "lang"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"title": "x" * 301}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//evil.example"}, "url"),
        ({"questions": ("x" * 501,)}, "questions"),
        ({"questions": ("x",) * 51}, "questions"),
        ({"entry": "policy:returns", "questions": ("x",)}, "questions"),
        ({"entry": "product:tent", "url": "/tent"}, "url"),
    ],
)
async def test_an_edit_that_cannot_be_is_refused(edits: Edits, change: dict[str, object], column: str) -> None:
    """The error names the field, and nothing is kept."""
    with pytest.raises(BadKnowledge) as caught:
        await edits.put(replace(EDIT, **change))  # type: ignore[arg-type]
    assert [problem["column"] for problem in caught.value.problems] == [column]
    assert await edits.all() == ()


async def test_a_file_is_kept_listed_replaced_and_removed(edits: Edits, database: Database, clock: Clock) -> None:
    """With size and SHA-256; one of the same name takes its place."""
    await edits.put_file("faq.more.jsonl", b"old", "anna")
    upload = await edits.put_file("faq.more.jsonl", FAQ, "ben")
    assert await edits.files() == (upload,)
    assert (upload.size_bytes, len(upload.sha256), upload.by) == (len(FAQ), 64, "ben")
    assert await edits.contents() == {"faq.more.jsonl": FAQ}
    await edits.remove_file("faq.more.jsonl", "ben")
    assert await edits.files() == ()
    with pytest.raises(NotFound):
        await edits.remove_file("faq.more.jsonl", "ben")
    assert [target for _, _, target in await logged(database, clock)] == ["file faq.more.jsonl"] * 3


@pytest.mark.parametrize(
    "name",
    [
        "",
        "faq",
        "../faq.csv",
        "/etc/faq.csv",
        "a/../faq.csv",
        ".faq.csv",
        "faq.exe",
        "a\\b.csv",
        "a\x00.csv",
        "sources.toml",
    ],
)
async def test_a_name_that_no_source_has_is_refused(edits: Edits, name: str) -> None:
    """Nothing leads out of the folder of uploads, and the listing is not replaced."""
    with pytest.raises(BadKnowledge, match="name"):
        await edits.put_file(name, FAQ, "anna")


@pytest.mark.parametrize("size", [0, LARGEST_FILE_BYTES + 1])
async def test_a_file_of_no_or_too_great_size_is_refused(edits: Edits, size: int) -> None:
    """The error says the size."""
    with pytest.raises(BadKnowledge, match=f"{size:,} bytes"):
        await edits.put_file("faq.csv", b"x" * size, "anna")


async def test_a_file_that_changed_in_the_database_is_not_read(edits: Edits, database: Database) -> None:
    """Its SHA-256 tells."""
    await edits.put_file("faq.more.jsonl", FAQ, "anna")

    async def spoil(connection: AsyncConnection) -> None:
        await connection.execute(sa.update(uploads).values(content=b"spoilt"))

    await database.write(spoil)
    with pytest.raises(BadKnowledge, match="other bytes"):
        await edits.contents()


async def test_all_sources_are_read_as_one(edits: Edits, tmp_path: Path) -> None:
    """Edits win over uploads, uploads over files; the files themselves stay as they are."""
    folder = tmp_path / "content"
    folder.mkdir()
    synced = FAQ.replace(b"parcel", b"refund")
    (folder / "faq.en.jsonl").write_bytes(synced)
    await edits.put_file("faq.more.jsonl", FAQ, "anna")
    await edits.put(EDIT)
    content = gather(folder, await kept_by(edits))
    assert {p.id: p.text for p in content.passages} == {
        "faq:refund:en": "Within 3 days.",
        "faq:parcel:en": "On its way.",
    }
    assert (folder / "faq.en.jsonl").read_bytes() == synced
    (folder / "faq.en.jsonl").write_bytes(synced.replace(b"On its way", b"Synced anew"))
    assert gather(folder, await kept_by(edits)).passages == content.passages


async def test_the_command_line_reads_what_the_server_keeps(edits: Edits, database_url: str, tmp_path: Path) -> None:
    """The same edits and uploads, from the same database."""
    await edits.put(EDIT)
    await edits.put_file("faq.more.jsonl", FAQ, "anna")
    assert await kept_in(load(database=database_url, data=tmp_path)) == await kept_by(edits)


async def test_without_a_database_nothing_is_kept_and_none_is_made(tmp_path: Path) -> None:
    """A first `aisle kb build` needs no database."""
    kept = await kept_in(load(data=tmp_path / "data"))
    assert (kept.edits, kept.uploads) == ((), {})
    assert not (tmp_path / "data").exists()


async def test_gold_questions_are_saved_replaced_and_removed(golds: GoldQuestions) -> None:
    """One without an id gets one; one with a known id takes that one's place."""
    saved = await golds.put(Gold("", " When is my  refund? ", "en", "faq:refund"), "anna")
    assert saved.id
    assert saved.question == "When is my refund?"
    changed = await golds.put(replace(saved, question="Refund?"), "ben")
    assert await golds.all() == (changed,)
    await golds.remove(saved.id, "ben")
    with pytest.raises(NotFound):
        await golds.remove(saved.id, "ben")


@pytest.mark.parametrize("bad", [{"question": "  "}, {"lang": "xx"}, {"passage": "refund"}, {"id": "x" * 101}])
async def test_a_gold_question_that_cannot_be_is_refused(golds: GoldQuestions, bad: dict[str, str]) -> None:
    """The error names the field."""
    with pytest.raises(BadKnowledge) as caught:
        await golds.put(replace(Gold("a", "Refund?", "en", "faq:refund"), **bad), "anna")
    assert [problem["column"] for problem in caught.value.problems] == list(bad)
