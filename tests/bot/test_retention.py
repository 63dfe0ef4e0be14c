"""How long what is kept: days that can be changed, and a job that removes what is older, once a day, by one worker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.access_tables import sign_in_attempts
from bot.archive import Search
from bot.audit import Deed
from bot.conversation import Author, Draft, Event, Phase
from bot.errors import BadSettings, Refused
from bot.export_formats import Format
from bot.exports import Asked
from bot.records import Ground, open_records
from bot.retention import BY
from bot.settings import load
from tests.support.records import World, world


@pytest.fixture
async def shop(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A shop over each kind of database; its audit entries are old enough to be removed."""
    async with world(database_url, redis_url, tmp_path / "data", keep_transcripts_days=90) as opened:
        yield opened


async def test_days_come_from_the_settings_until_changed(shop: World) -> None:
    """What is changed is kept and logged with who did it; what is not stays with the settings."""
    retention = shop.records.retention
    assert (await retention.get()).transcripts_days == 90
    changed = await retention.put({"transcripts_days": 7, "notes_days": 0}, "ada", "10.0.0.9")
    assert (changed.transcripts_days, changed.notes_days, changed.audit_days) == (7, 0, 730)
    assert await retention.get() == changed
    (entry,) = await shop.logged("transcripts.retention")
    assert (entry.deed.actor, entry.deed.detail) == ("ada", {"transcripts_days": 7, "notes_days": 0})


@pytest.mark.parametrize(
    "days", [{"transcripts_days": -1}, {"audit_days": 30}, {"attempts_days": 0}, {"notes_days": 36501}, {"weeks": 2}]
)
async def test_days_that_cannot_be_are_refused(shop: World, days: dict[str, int]) -> None:
    """Negative ones, far too many, an unknown kind, and a log so short that a deed could be hidden; none is changed."""
    before = await shop.records.retention.get()
    with pytest.raises(Refused, match="got"):
        await shop.records.retention.put({"transcripts_days": 5, **days}, "ada")
    assert await shop.records.retention.get() == before


def test_the_settings_refuse_a_log_that_is_too_short() -> None:
    """As the database would, later."""
    with pytest.raises(BadSettings, match="AISLE_KEEP_AUDIT_DAYS: got 7"):
        load(keep_audit_days=7)


async def test_old_conversations_go_everywhere(shop: World, conversation: str) -> None:
    """Rows, search, live state; those with a newer message stay."""
    old = await shop.chat(f"{conversation}-old", "an old tent")
    awake = await shop.chat(f"{conversation}-awake", "another old tent")
    shop.pass_days(80)
    await shop.transcripts.append(awake, Draft(Author.SHOPPER, "and now?"), shop.now)
    shop.pass_days(11)
    done = await shop.records.retention.run("cli")
    assert done.removed["transcripts"] == 1
    assert await shop.transcripts.find(old) is None
    assert await shop.sessions.load(old) is None
    assert await shop.transcripts.find(awake) is not None
    page = await shop.records.archive.page(Search(q="tent"))
    assert [found.summary.conversation for found in page.items] == [awake]
    entry = (await shop.logged("transcripts.retention"))[0]
    assert (entry.deed.actor, entry.deed.detail["transcripts"]) == ("cli", 1)


@pytest.mark.parametrize(("event", "phase"), [(Event.ASK_STAFF, Phase.WAITING), (Event.CLAIM, Phase.STAFF)])
async def test_what_waits_is_never_cut(shop: World, conversation: str, event: Event, phase: Phase) -> None:
    """A conversation that waits for staff, or that they have, stays whatever its age; once closed it goes."""
    await shop.chat(conversation, "a tent")
    await shop.move(conversation, event)
    shop.pass_days(1000)
    assert (await shop.records.retention.run("cli")).removed["transcripts"] == 0
    assert await shop.phase(conversation) is phase
    await shop.move(conversation, Event.CLOSE)
    shop.pass_days(91)
    assert (await shop.records.retention.run("cli")).removed["transcripts"] == 1


async def test_who_is_owed_an_answer_is_never_cut(shop: World, conversation: str) -> None:
    """Not even after years."""
    await shop.transcripts.open(conversation, lang="en", identity="", at=shop.now)
    await shop.transcripts.append(conversation, Draft(Author.SHOPPER, "hello?", wants_reply=True), shop.now)
    shop.pass_days(1000)
    assert (await shop.records.retention.run("cli")).removed["transcripts"] == 0
    await shop.transcripts.settle(conversation, 1)
    assert (await shop.records.retention.run("cli")).removed["transcripts"] == 1


async def test_many_old_ones_go_in_batches(shop: World, monkeypatch: pytest.MonkeyPatch, conversation: str) -> None:
    """More than fit into one transaction."""
    monkeypatch.setattr("bot.retention.BATCH", 3)
    for n in range(8):
        await shop.transcripts.open(f"{conversation}-{n}", lang="en", identity="", at=shop.now)
    shop.pass_days(91)
    assert (await shop.records.retention.run("cli")).removed["transcripts"] == 8


async def test_each_kind_has_days_of_its_own(shop: World, conversation: str) -> None:
    """Notes, log, tries to sign in and exports; 0 keeps for ever."""
    retention, exports = shop.records.retention, shop.records.exports
    shop.pass_days(-1000)  # the database lets nobody remove what is younger than 30 days by its own clock
    await shop.chat(conversation, "a tent")
    await shop.audit.record(Deed("mia", "conversation.reply"))
    path = await exports.write(Asked("cli", Format.JSONL, Search()), shop.records.folder)
    attempt = {"subject": "account:x", "count": 1, "last_at": shop.now, "until": None}

    async def add(connection: Any) -> None:
        await connection.execute(sa.insert(sign_in_attempts).values(attempt))

    await shop.database.write(add)
    forever = {"transcripts_days": 0, "notes_days": 0, "audit_days": 0, "exports_days": 0, "attempts_days": 36500}
    await retention.put(forever, "ada")
    shop.pass_days(100)
    assert set((await retention.run("cli")).removed.values()) == {0}
    days = {"notes_days": 99, "audit_days": 99, "attempts_days": 99, "exports_days": 99}
    await retention.put(days, "ada")
    removed = (await retention.run("cli")).removed
    assert removed == {"transcripts": 0, "notes": 1, "attempts": 1, "audit": 3, "exports": 1}
    assert not path.exists()
    assert await shop.notes.after(conversation) == []
    assert await shop.transcripts.find(conversation) is not None


async def test_one_worker_does_it_once_a_day(shop: World, conversation: str) -> None:
    """Of workers that look at once, one runs; the next run is a day later."""
    ground = Ground(load(data=shop.records.folder), shop.database, shop.sessions, shop.feed, shop.audit, shop.clock)
    workers = [shop.records.retention, *(open_records(ground).retention for _ in range(3))]
    await shop.chat(conversation, "a tent")
    for passed in (timedelta(0), timedelta(hours=25)):
        shop.now += passed
        looked = await asyncio.gather(*(worker.look() for worker in workers))
        assert sum(done is not None for done in looked) == 1
    shop.now += timedelta(hours=23)
    assert [await worker.look() for worker in workers] == [None] * 4
    assert [entry.deed.actor for entry in await shop.logged("transcripts.retention")] == [BY, BY]
