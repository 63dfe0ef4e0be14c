"""Erasing a shopper: nothing of them is left in any file, socket or list, and a receipt says what was done."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import embedded
from bot.archive import Search
from bot.conversation import Author, Draft
from bot.erasure import Receipt, Wanted
from bot.errors import BadToken, Refused, StateLost
from bot.export_formats import Format
from bot.exports import Asked
from bot.publish import DESK_TOPIC, topic
from bot.suggestions import State
from bot.suggestions import Wanted as Suggested
from tests.support.records import World, world

SECRET = "zanzibarquokka"
EMAIL = "ana@mail.example"


@pytest.fixture
async def shop(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A shop over each kind of database."""
    async with world(database_url, redis_url, tmp_path / "data") as opened:
        yield opened


async def rows_with(shop: World, word: str) -> list[str]:
    """Tables that have a row with this word."""

    async def look(connection: Any) -> list[str]:
        names = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
        found = []
        for name in names:
            if not name.startswith("message_words_"):
                rows = (await connection.execute(sa.text(f"SELECT * FROM {name}"))).all()
                found += [name] if word in str(rows) else []
        return found

    return await shop.database.read(look)


async def test_nothing_of_a_conversation_is_left_in_sql(shop: World, conversation: str) -> None:
    """Messages, glance, notes, suggestions and search rows go; another conversation stays whole."""
    await shop.chat(conversation, f"my {SECRET} leaks", f"again {SECRET}")
    other = await shop.chat(f"{conversation}-other", "a quiet tent")
    assert set(await rows_with(shop, SECRET)) >= {"messages", "conversations", "notes", "suggestions", "message_search"}
    receipt = await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    assert await rows_with(shop, SECRET) == []
    counts = (receipt.conversations, receipt.messages, receipt.notes, receipt.suggestions, receipt.search_rows)
    assert counts == (1, 3, 1, 1, 3)
    assert (receipt.redis_keys, receipt.done, receipt.scrubbed) == (2, True, True)
    kept = await shop.records.archive.get(other)
    assert kept
    assert (len(kept.messages), len(kept.notes)) == (2, 1)
    assert await shop.sessions.load(conversation) is None
    assert await shop.sessions.load(other) is not None
    page = await shop.records.archive.page(Search(q=SECRET))
    assert page.items == ()


async def test_the_receipt_and_the_log_name_nobody(shop: World, conversation: str) -> None:
    """Both say who erased, when and how much; neither has the identity nor the words."""
    await shop.chat(conversation, f"I am {EMAIL}", identity="user-77-anna")
    receipt = await shop.records.erasure.erase(Wanted(identity="user-77-anna"), "admin", "10.0.0.9")
    assert await shop.records.erasure.receipts() == [receipt]
    (entry,) = await shop.logged("transcripts.erase")
    assert (entry.deed.actor, entry.deed.target, entry.deed.address) == ("admin", receipt.id, "10.0.0.9")
    assert entry.deed.detail["messages"] == 2
    for word in ("user-77-anna", EMAIL, conversation):
        assert await rows_with(shop, word) == []


async def test_every_table_that_names_a_conversation_is_emptied(shop: World, conversation: str) -> None:
    """Also one that some later part of Aisle adds."""

    async def add(connection: Any) -> None:
        await connection.execute(sa.text("CREATE TABLE later (conversation TEXT, words TEXT)"))
        values = {"c": conversation, "w": SECRET}
        await connection.execute(sa.text("INSERT INTO later VALUES (:c, :w), ('another', 'tent')"), values)

    await shop.database.write(add)
    receipt = await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    assert receipt.other == {"later": 1}
    assert await rows_with(shop, SECRET) == []


async def test_suggestions_no_longer_quote_the_shopper(shop: World, conversation: str) -> None:
    """One made from many questions loses theirs, one with no other goes, and an approved entry is named."""
    await shop.chat(conversation, f"where is {SECRET} {EMAIL}?")
    masked = f"Where is  {SECRET} [email]?"
    both = await shop.suggestions.add(Suggested("ada", (masked, "do you wrap gifts?"), "Yes.", "en"))
    only = await shop.suggestions.add(Suggested("ada", (masked,), "No.", "en"))
    (about,) = [s for s in await shop.suggestions.list() if s.wanted.conversation == conversation]
    await shop.suggestions.set_state(about.id, State.APPROVED)
    receipt = await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    assert receipt.entries == (f"faq:suggested-{about.id}",)
    assert receipt.suggestions == 3
    left = {suggestion.id: suggestion.wanted.questions for suggestion in await shop.suggestions.list()}
    assert left == {both.id: ("do you wrap gifts?",)}
    assert only.id not in left
    assert await rows_with(shop, SECRET) == []


@pytest.mark.parametrize("where", ["message", "note", "left", "identity", "capitals"])
async def test_an_address_is_found_wherever_it_was_written(shop: World, conversation: str, where: str) -> None:
    """In messages, notes, as identity, in any case; a longer address that contains it is somebody else's."""
    await shop.chat(f"{conversation}-x", f"joh{EMAIL} and {EMAIL}.evil.example")
    wrote = {"message": f"write to {EMAIL}.", "capitals": f"write to {EMAIL.upper()}"}.get(where, "hello tent")
    await shop.chat(conversation, wrote, identity=EMAIL if where == "identity" else "")
    if where == "note":
        from bot.notes import Wanted as Note

        await shop.notes.add(Note(conversation, "mia", f"it is {EMAIL}", "note-0002"))
    if where == "left":
        await shop.database.write(
            lambda c: c.execute(
                sa.text("UPDATE conversations SET email = :e WHERE id = :c"), {"e": EMAIL, "c": conversation}
            )
        )
    receipt = await shop.records.erasure.erase(Wanted(email=EMAIL), "admin")
    assert receipt.conversations == 1
    assert await shop.transcripts.find(conversation) is None
    assert await shop.transcripts.find(f"{conversation}-x") is not None


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(conversation="c", identity="u"), Wanted(email="nobody"), Wanted(email="a@b.example x")]
)
async def test_it_must_be_said_whom(shop: World, wanted: Wanted) -> None:
    """Nothing, two things at once, or an address that is none are refused, and nothing is logged."""
    with pytest.raises(Refused):
        await shop.records.erasure.erase(wanted, "admin")
    assert await shop.logged("transcripts.erase") == []


async def test_an_erased_conversation_does_not_come_back(shop: World, conversation: str) -> None:
    """A token that is still good opens nothing, and a message that was on its way is not kept."""
    await shop.chat(conversation, "a tent")
    await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    with pytest.raises(BadToken, match="erased"):
        await shop.transcripts.open(conversation, lang="en", identity="", at=shop.now)
    with pytest.raises(Refused):
        await shop.transcripts.append(conversation, Draft(Author.SHOPPER, SECRET), shop.now)
    assert await rows_with(shop, SECRET) == []


async def test_writers_and_an_erasure_at_once(shop: World, conversation: str) -> None:
    """Messages that race with the erasure are erased or refused; none outlives it."""
    await shop.chat(conversation, "a tent")

    async def write(n: int) -> None:
        with suppress(Refused):
            await shop.transcripts.append(conversation, Draft(Author.SHOPPER, f"{SECRET} {n}"), shop.now)

    erase = shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    await asyncio.gather(*map(write, range(4)), erase, *map(write, range(4, 8)))
    assert await rows_with(shop, SECRET) == []


async def test_sockets_and_desks_are_told(shop: World, conversation: str) -> None:
    """An answer in the making is stopped, sockets close, the desk looks again."""
    await shop.chat(conversation, "a tent")
    async with shop.feed.subscribe(topic(conversation)) as notices, shop.feed.subscribe(DESK_TOPIC) as desk:
        await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
        async with asyncio.timeout(10):
            assert [(await anext(notices))["kind"] for _ in range(2)] == ["stop", "erased"]  # type: ignore[index]
            while (await anext(desk)) != {"conversation": conversation}:
                pass


async def test_an_answer_in_the_making_is_waited_for(shop: World, conversation: str) -> None:
    """What its worker still writes into Redis before it ends is erased, too."""
    await shop.chat(conversation, "a tent")
    held, end = asyncio.Event(), asyncio.Event()

    async def answer() -> None:
        async with shop.sessions.lease(conversation, 5) as lease:
            assert lease
            held.set()
            await end.wait()
            await shop.sessions.put_partial(conversation, 1, SECRET)

    answering = asyncio.create_task(answer())
    await held.wait()
    erasing = asyncio.create_task(shop.records.erasure.erase(Wanted(conversation=conversation), "admin"))
    async with shop.feed.subscribe(topic(conversation)) as notices:
        async with asyncio.timeout(10):
            while await shop.transcripts.find(conversation) is not None:  # noqa: ASYNC110 - SQL tells nobody
                await asyncio.sleep(0.01)
        end.set()
        await asyncio.gather(answering, erasing)
        del notices
    assert erasing.result().done
    assert await shop.sessions.partial(conversation) is None


async def test_exports_that_have_it_are_deleted_or_named(shop: World, conversation: str) -> None:
    """A file goes, a download is named with who has it, and exports without the conversation stay."""
    run = conversation.replace("-", "")
    await shop.chat(conversation, f"my {SECRET} {run}")
    await shop.chat(f"{conversation}-other", f"a tent {run}")
    exports, folder = shop.records.exports, shop.records.folder
    both = await exports.write(Asked("cli", Format.HTML, Search(q=run)), folder)
    other = await exports.write(Asked("cli", Format.JSONL, Search(q=f"tent {run}")), folder)
    pieces = await exports.download(Asked("mia", Format.MESSAGES, Search(q=run), "session"))
    assert SECRET in "".join([piece async for piece in pieces])
    assert SECRET in both.read_text()
    assert both.stat().st_mode & 0o777 == 0o600
    receipt = await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    told = [(export["file"], export["by"], export["deleted"]) for export in receipt.exports]
    assert sorted(told) == [("", "mia", False), (both.name, "cli", True)]
    assert not both.exists()
    assert other.exists()
    for file in folder.iterdir():
        assert SECRET.encode() not in file.read_bytes()
    again = await shop.records.erasure.erase(Wanted(conversation=conversation), "admin")
    assert again.exports == ()


async def test_an_export_that_cannot_be_written_leaves_no_file(shop: World, conversation: str, tmp_path: Path) -> None:
    """It says so, and is listed as gone."""
    await shop.chat(conversation, "a tent")
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Refused, match="cannot be written"):
        await shop.records.exports.write(Asked("cli", Format.JSONL, Search()), tmp_path / "taken")
    (export,) = await shop.records.exports.all()
    assert export.gone_at == shop.now
    assert (tmp_path / "taken").read_text() == "a file"


async def test_what_redis_could_not_forget_is_forgotten_later(shop: World, conversation: str) -> None:
    """With Redis away SQL is clean at once, the receipt says that it is not done, and `resume` finishes it."""
    await shop.chat(conversation, f"my {SECRET}")
    path = await shop.records.exports.write(Asked("cli", Format.JSONL, Search()), shop.records.folder)
    erasure, sessions = shop.records.erasure, shop.sessions

    async def away(_conversation: str) -> int:
        raise StateLost("away")

    sessions.erase = away  # type: ignore[method-assign, assignment]
    receipt = await erasure.erase(Wanted(conversation=conversation), "admin")
    assert not receipt.done
    assert await rows_with(shop, SECRET) == []
    assert await shop.sessions.load(conversation) is not None
    del sessions.erase
    assert sorted(await asyncio.gather(erasure.resume(), erasure.resume(), erasure.resume())) == [0, 0, 1]
    assert await erasure.resume() == 0
    (kept,) = await erasure.receipts()
    assert (kept.done, kept.redis_keys, kept.messages) == (True, 2, receipt.messages)
    assert [export["file"] for export in kept.exports] == [path.name]
    assert await rows_with(shop, conversation) == []
    assert await shop.sessions.load(conversation) is None


def _files_with(folder: Path, word: bytes) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert files
    return [str(path.relative_to(folder)) for path in files if word in path.read_bytes()]


async def test_no_file_has_a_byte_of_it_afterwards(tmp_path: Path) -> None:
    """The words are in SQLite's files, in Redis' append-only file and in an export before; in none of them after."""
    server = await embedded.start(tmp_path / "redis")
    try:
        async with world(f"sqlite:///{tmp_path / 'aisle.db'}", server.url, tmp_path) as shop:
            for n in range(60):  # enough for pages to split and merge
                await shop.chat(f"c{n}", f"a tent {n} " + os.urandom(200).hex())
            await shop.chat("gone", f"my {SECRET} leaks, {EMAIL}", f"{SECRET} " * 500)
            for n in range(60, 80):
                await shop.chat(f"c{n}", f"a boot {n} " + os.urandom(200).hex())
            await shop.records.exports.write(Asked("cli", Format.JSONL, Search()), shop.records.folder)
            before = _files_with(tmp_path, SECRET.encode())
            assert {Path(name).parts[0] for name in before} >= {"redis", "exports"}
            assert any(name.startswith("aisle.db") for name in before)
            receipt: Receipt = await shop.records.erasure.erase(Wanted(email=EMAIL), "admin")
            assert (receipt.conversations, receipt.scrubbed, receipt.done) == (1, True, True)
            for word in (SECRET, EMAIL, "zanzibar", "ana@"):
                assert _files_with(tmp_path, word.encode()) == [], word
            assert len((await shop.records.archive.page(Search(q="tent"), limit=100)).items) == 60
        assert _files_with(tmp_path, SECRET.encode()) == []
    finally:
        await server.aclose()
    assert _files_with(tmp_path, SECRET.encode()) == []
