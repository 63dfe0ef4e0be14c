"""The archive: full-text search over transcripts in both languages, filters, pages, snippets, and how exports look."""

import csv
import io
import itertools
import sqlite3
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.archive import Archive, Search, Whole
from bot.conversation import Author, Card, Citation, Draft, Event, Phase, Reason
from bot.database import Database, open_database
from bot.errors import Refused
from bot.export_formats import Format, cell, written
from bot.notes import SqlNotes, Wanted
from bot.search_terms import asked_for, snippet, terms_of
from bot.transcripts_sql import SqlTranscripts

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
WORDS = [
    "tent",
    "tents",
    "退货",
    "运费",
    "退货运费",
    "gore-tex",
    "FW-204817",
    "帐篷",
    "帳篷",
    "Zürich",
    "the",
    "¥1,299.00",
]


def said(text: str, **more: Any) -> Draft:
    """A shopper's message."""
    return Draft(Author.SHOPPER, text, **more)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database of each kind."""
    opened = await open_database(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def archive(database: Database) -> Archive:
    """Its archive."""
    return Archive(database)


class Shop:
    """Writes conversations, each a minute after the one before."""

    def __init__(self, database: Database) -> None:
        self.transcripts = SqlTranscripts(database)
        self.notes = SqlNotes(database, lambda: AT)
        self.now = AT

    async def chat(self, name: str, *drafts: Draft | str, lang: str = "en") -> str:
        """A conversation with these messages."""
        self.now += timedelta(minutes=1)
        await self.transcripts.open(name, lang=lang, identity="", at=self.now)
        for draft in drafts:
            await self.transcripts.append(name, said(draft) if isinstance(draft, str) else draft, self.now)
        return name


@pytest.fixture
def shop(database: Database) -> Shop:
    """Writes into the database."""
    return Shop(database)


async def names(archive: Archive, **search: Any) -> set[str]:
    """What a search finds."""
    page = await archive.page(Search(**search), limit=100)
    assert not page.next
    return {found.summary.conversation for found in page.items}


async def test_words_are_found_in_both_languages(archive: Archive, shop: Shop) -> None:
    """Inflected, in traditional characters, inside longer Chinese words, across messages, as parts of a number."""
    await shop.chat("a", "Do you sell waterproof tents?", "And how do I return one?")
    await shop.chat("b", "退货运费谁来承担？", lang="zh")
    await shop.chat("c", "Where is FW-204817? I'm in Zürich.")
    found = {
        q: await names(archive, q=q) for q in ("tent", "TENT returns", "退货", "運費", "fw-204817", "204817", "zurich")
    }
    assert found == {
        "tent": {"a"},
        "TENT returns": {"a"},
        "退货": {"b"},
        "運費": {"b"},
        "fw-204817": {"c"},
        "204817": {"c"},
        "zurich": {"c"},
    }
    assert await names(archive, q="tent zurich") == set()
    assert await names(archive, q="the") == set()
    assert await names(archive) == {"a", "b", "c"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chats=st.lists(st.lists(st.lists(st.sampled_from(WORDS), max_size=4), min_size=1, max_size=3), max_size=3),
    q=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
async def test_search_is_brute_force_over_the_words(
    archive: Archive, shop: Shop, chats: list[list[list[str]]], q: list[str]
) -> None:
    """Found are exactly the conversations whose messages have every word asked for."""
    run = uuid.uuid4().hex
    kept = {f"{run}-{i}": [f"{run} {' '.join(words)}" for words in chat] for i, chat in enumerate(chats)}
    for name, texts in kept.items():
        await shop.chat(name, *texts)
    query = f"{run} {' '.join(q)}"
    wanted = set(asked_for(query))
    brute = {n for n, texts in kept.items() if wanted <= {t for text in texts for t in terms_of(said(text))}}
    assert await names(archive, q=query) == brute


@pytest.mark.parametrize(
    "q", ['"', "' OR 1=1 --", "tent*", "NEAR(a b)", "a:b", "-tent", "&|!()", "\\", "tent' | 'x", "%"]
)
async def test_no_query_is_a_command(archive: Archive, shop: Shop, q: str) -> None:
    """Signs that mean something to a database are just signs."""
    await shop.chat("a", "Do you sell a tent?")
    assert await names(archive, q=q) == ({"a"} if asked_for(q) == ["tent"] else set())


async def test_filters_narrow_together(archive: Archive, shop: Shop) -> None:
    """By rating, reason, staff, product, language, phase and date, each alone and with words."""
    card = Card("ridge-2", "Ridge 2", "$299.00", 4)
    cited = Citation(1, "product:dome-4:en", "Dome 4", "…")
    answer = Draft(Author.BOT, "The Ridge 2.", cards=(card,), citations=(cited,), lang="en")
    await shop.chat("a", "a tent?", answer)
    await shop.transcripts.rate("a", 2, -1)
    asks = Draft(Author.SYSTEM, "", event=Event.ASK_STAFF, reason=Reason.ANGER)
    claims = Draft(Author.SYSTEM, "", event=Event.CLAIM, staff="mia@desk")
    await shop.chat("b", "帐篷坏了", asks, claims, Draft(Author.STAFF, "您好", staff="mia@desk"), lang="zh")
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"rating": -1}, {"a"}),
        ({"rating": 0}, {"b"}),
        ({"reason": Reason.ANGER}, {"b"}),
        ({"reason": Reason.POLICY}, set()),
        ({"staff": "mia@desk"}, {"b"}),
        ({"staff": "mia"}, set()),
        ({"product": "ridge-2"}, {"a"}),
        ({"product": "dome-4"}, {"a"}),
        ({"product": "ridge"}, set()),
        ({"lang": "zh"}, {"b"}),
        ({"phase": Phase.STAFF}, {"b"}),
        ({"phase": Phase.BOT, "q": "tent"}, {"a"}),
        ({"since": AT + timedelta(minutes=2)}, {"b"}),
        ({"until": AT + timedelta(minutes=1)}, {"a"}),
        ({"until": AT}, set()),
        ({"lang": "zh", "rating": -1}, set()),
    ]
    for search, wanted in cases:
        assert await names(archive, **search) == wanted, search


async def test_pages_go_on_where_the_last_one_ended(archive: Archive, shop: Shop) -> None:
    """Newest first, each once, also those of one moment; a cursor that is none is refused."""
    for i in range(7):
        await shop.chat(f"c{i}", "a tent")
    shop.now -= timedelta(minutes=1)
    await shop.chat("c7", "a tent")
    seen, after = [], ""
    for _ in range(10):
        page = await archive.page(Search(q="tent"), after, 3)
        seen += [found.summary.conversation for found in page.items]
        if not (after := page.next):
            break
    assert seen == ["c7", *(f"c{i}" for i in reversed(range(7)))]
    with pytest.raises(Refused, match="cursor"):
        await archive.page(Search(), "nonsense")


async def test_a_snippet_shows_the_words(archive: Archive, shop: Shop) -> None:
    """The line is from the message that has most of what was asked for, and short."""
    long = "word " * 100 + "my tent leaks at the seam " + "word " * 100
    await shop.chat("a", "hello, a tent", long)
    (found,) = (await archive.page(Search(q="tent leaking"))).items
    assert "tent leaks at the seam" in found.snippet
    assert found.snippet.startswith("…")
    assert found.snippet.endswith("…")
    assert len(found.snippet) < 170
    assert snippet(["我想问一下退货的运费由谁来付"], ["运费"]) == "我想问一下退货的运费由谁来付"
    assert snippet(["nothing here"], ["tent"]) == ""


async def test_card_numbers_reach_no_store(shop: Shop, database: Database) -> None:
    """Of shopper, staff and notes alike: neither text, nor glance, nor index has the number; both marks are there."""
    number = "4111 1111 1111 1111"
    await shop.chat("a", f"charge {number} please", Draft(Author.STAFF, f"not {number}!", staff="mia"))
    await shop.chat("b", f"卡号{number}", lang="zh")
    await shop.notes.add(Wanted("a", "mia", f"they sent {number}", "note-0001"))

    async def everything(connection: Any) -> str:
        inspected = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
        tables = [name for name in inspected if not name.startswith("message_words")]
        return "".join([str((await connection.execute(sa.text(f"SELECT * FROM {name}"))).all()) for name in tables])

    kept = await database.read(everything)
    assert "1111" not in kept
    assert kept.count("[card number removed]") >= 3
    assert "[银行卡号已删除]" in kept


async def test_what_was_written_before_is_indexed_and_cleaned(archive: Archive, shop: Shop, database: Database) -> None:
    """The migration finds old messages, and takes the card numbers out of them."""
    await shop.chat("a", "my tent", Draft(Author.BOT, "Yes.", cards=(Card("ridge-2", "Ridge 2", "$1", 1),)))

    async def back(connection: Any) -> None:
        for table in (
            "message_search",
            "exports",
            "export_contents",
            "erasures",
            "erased",
            "retention",
            "retention_runs",
        ):
            await connection.execute(sa.text(f"DROP TABLE {table} {'CASCADE' if database.is_postgres else ''}"))
        if not database.is_postgres:
            await connection.execute(sa.text("DROP TABLE message_words"))
        for column in ("stage", "signs"):
            await connection.execute(sa.text(f"ALTER TABLE conversations DROP COLUMN {column}"))
        old = "UPDATE messages SET text = 'my tent 4111111111111111' WHERE seq = 1"
        for statement in (old, "UPDATE alembic_version SET version_num = '0004'"):
            await connection.execute(sa.text(statement))

    await database.write(back)
    await database.migrate()
    assert await names(archive, q="tent", product="ridge-2") == {"a"}
    whole = await archive.get("a")
    assert whole
    assert whole.messages[0].draft.text == "my tent [card number removed]"


async def export(archive: Archive, format: Format, **search: Any) -> str:
    """The whole export as text."""
    return "".join([piece async for piece in written(format, archive.wholes(await archive.ids(Search(**search))))])


NASTY = '=HYPERLINK("http://x.example","a")<script>alert(1)</script>'


async def test_json_lines_hold_everything(archive: Archive, shop: Shop) -> None:
    """A line a conversation, oldest first, messages and notes inside."""
    await shop.chat("a", "a tent", Draft(Author.BOT, "Yes.", reply_to=1, action="answer"))
    await shop.chat("b", "a boot")
    await shop.notes.add(Wanted("a", "mia", "a regular", "note-0001"))
    lines = [orjson.loads(line) for line in (await export(archive, Format.JSONL)).splitlines()]
    assert [(line["conversation"], [m["text"] for m in line["messages"]]) for line in lines] == [
        ("a", ["a tent", "Yes."]),
        ("b", ["a boot"]),
    ]
    assert [note["text"] for note in lines[0]["notes"]] == ["a regular"]
    assert await export(archive, Format.JSONL, q="nowhere") == ""


@pytest.mark.parametrize(("format", "rows"), [(Format.CONVERSATIONS, 1), (Format.MESSAGES, 2)])
async def test_tables_hold_no_formula(archive: Archive, shop: Shop, format: Format, rows: int) -> None:
    """A cell that a spreadsheet would run is text; the rest reads back as it was said, line breaks included."""
    await shop.chat("a", NASTY, 'a "tent",\nplease')
    text = await export(archive, format)
    assert text.startswith("\ufeff")
    header, *table = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert len(table) == rows
    assert {len(row) for row in table} == {len(header)}
    cells = list(itertools.chain(*table))
    assert f"'{NASTY}" in cells
    assert not [c for c in cells if c.lstrip().startswith(("=", "+", "@", "-"))]
    if format is Format.MESSAGES:
        assert table[1][header.index("text")] == 'a "tent",\nplease'


@given(st.text(max_size=30))
def test_a_cell_never_begins_as_a_formula(text: str) -> None:
    """Whatever is written, and nothing else is changed."""
    shown = str(cell(text))
    assert shown in (text, f"'{text}")
    assert not shown.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


async def test_the_page_escapes_every_word(archive: Archive, shop: Shop) -> None:
    """No markup of a shopper's gets into the page; its style sheet is a link, or in a file of its own inside."""
    await shop.chat("a", NASTY, Draft(Author.BOT, "Yes.", citations=(Citation(1, "p", "<b>t</b>", ""),)))
    page = await export(archive, Format.HTML)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;t" in page
    assert '<link rel="stylesheet" href="/web/print.css">' in page
    assert page.rstrip().endswith("</html>")

    async def none() -> AsyncIterator[Whole]:
        return
        yield

    assert "<style>p{}</style>" in "".join([piece async for piece in written(Format.HTML, none(), "p{}")])


def test_sqlite_here_has_full_text_search() -> None:
    """FTS5 is compiled in."""
    sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)")
