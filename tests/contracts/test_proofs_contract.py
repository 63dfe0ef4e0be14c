"""What is kept of a proof: the twin in memory and a real Redis alike."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.orders.proof import Limits, Plea, Proof
from bot.orders.proofs import Asked, Proofs, Trust, open_proofs
from bot.orders.rules import Rules
from bot.orders.senders import MemorySender
from bot.orders.table import MemoryOrders
from bot.sessions import open_sessions

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW_MS = 1_900_000_000_000
ASKED = Asked("h" * 64, "AB-10001", "ana@mail.example", NOW_MS + 600_000)


@pytest.fixture
async def proofs(state_url: str) -> AsyncIterator[Proofs]:
    """A store of proofs."""
    opened = open_proofs(state_url)
    yield opened
    await opened.aclose()


async def test_a_code_may_be_tried_so_often_and_no_more(proofs: Proofs, conversation: str) -> None:
    """Three tries are counted and told apart; the fourth finds nothing."""
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    tried = [await proofs.take(conversation, f"t{n}", 3, NOW_MS) for n in range(4)]
    assert [one and one.count for one in tried] == [1, 2, 3, None]
    first = tried[0]
    assert first is not None
    assert (first.hash, first.number, first.email) == (ASKED.hash, ASKED.number, ASKED.email)
    assert first.fits(ASKED.hash)
    assert not first.fits("g" * 64)


async def test_tries_at_once_are_counted_one_by_one(proofs: Proofs, conversation: str) -> None:
    """Of twenty at the same time three are let through."""
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    tried = await asyncio.gather(*(proofs.take(conversation, f"t{n}", 3, NOW_MS) for n in range(20)))
    assert sorted(one.count for one in tried if one) == [1, 2, 3]


async def test_a_try_that_is_repeated_counts_once(proofs: Proofs, conversation: str) -> None:
    """The same message, answered again after a crash, gets the same answer."""
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    tried = [await proofs.take(conversation, "t1", 3, NOW_MS) for _ in range(5)]
    assert tried == [tried[0]] * 5
    assert tried[0] is not None
    assert tried[0].count == 1


async def test_a_code_expires(proofs: Proofs, conversation: str) -> None:
    """It is good to its last millisecond and no longer."""
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    assert await proofs.take(conversation, "t1", 3, ASKED.until_ms - 1)
    assert await proofs.take(conversation, "t2", 3, ASKED.until_ms) is None
    assert await proofs.take("c-none", "t1", 3, NOW_MS) is None


async def test_a_new_code_takes_the_old_ones_place(proofs: Proofs, conversation: str) -> None:
    """With its own three tries; the same message asking again changes nothing."""
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    for n in range(3):
        await proofs.take(conversation, f"t{n}", 3, NOW_MS)
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    assert await proofs.take(conversation, "t4", 3, NOW_MS) is None
    await proofs.open(conversation, "m2", Asked("n" * 64, "AB-2", "bo@mail.example", ASKED.until_ms), NOW_MS)
    tried = await proofs.take(conversation, "t5", 3, NOW_MS)
    assert tried is not None
    assert (tried.hash, tried.count) == ("n" * 64, 1)


async def test_trust_follows_uses_up_the_code_and_ends(proofs: Proofs, conversation: str) -> None:
    """Until its time, for this conversation alone; a code asked for later leaves it as it is."""
    trust = Trust("ana@mail.example", "c:7", NOW_MS + 1_800_000)
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    await proofs.trust(conversation, trust, NOW_MS)
    assert await proofs.take(conversation, "t1", 3, NOW_MS) is None
    assert await proofs.trusted(conversation, NOW_MS) == trust
    await proofs.open(conversation, "m9", ASKED, NOW_MS)
    assert await proofs.trusted(conversation, trust.until_ms - 1) == trust
    assert await proofs.trusted(conversation, trust.until_ms) is None
    assert await proofs.trusted("c-other", NOW_MS) is None


async def test_codes_are_limited_in_a_window(proofs: Proofs, conversation: str) -> None:
    """So many are allowed, then none until the window is over; repeated under its nonce it is the same answer."""
    who = f"{conversation}-who"
    said = [await proofs.allow(who, f"m{n}", 2, 60_000, NOW_MS + n) for n in range(3)]
    assert said == [True, True, False]
    assert await proofs.allow(who, "m2", 2, 60_000, NOW_MS) is False
    assert await proofs.allow(f"{who}-2", "m3", 2, 60_000, NOW_MS)
    assert await proofs.allow(who, "m4", 2, 60_000, NOW_MS + 60_000)
    assert await proofs.allow(who, "m4", 2, 60_000, NOW_MS + 60_000)


async def test_codes_from_one_network_are_limited_over_conversations(proofs: Proofs, conversation: str) -> None:
    """Every conversation, order and address is another; the fourth from the network is refused, always."""
    ours, theirs = f"net-{conversation}", f"net-{conversation}-2"
    proof = Proof(
        proofs,
        MemoryOrders([], Rules(), lambda: NOW),
        MemorySender(),
        "k" * 32,
        lambda: NOW,
        Limits(pause_s=0, per_address=3),
    )
    pleas = [
        Plea(f"{conversation}-{n}", 1, f"AB-{n}", f"{conversation}{n}@mail.example", "en", "Shop", network=ours)
        for n in range(4)
    ]
    assert [await proof.ask(plea) for plea in pleas] == [True, True, True, False]
    assert not await proof.ask(pleas[3])
    assert await proof.ask(replace(pleas[3], network=theirs))
    await proof.settle()


async def test_erasing_a_conversation_erases_its_proof(redis_url: str, conversation: str) -> None:
    """Live state and proof lie together and go together."""
    proofs, sessions = open_proofs(redis_url), await open_sessions(redis_url)
    await proofs.open(conversation, "m1", ASKED, NOW_MS)
    await proofs.trust(conversation, Trust("ana@mail.example", "m", NOW_MS + 1000), NOW_MS)
    assert await sessions.erase(conversation) == 1
    assert await proofs.trusted(conversation, NOW_MS) is None
    await proofs.aclose()
    await sessions.aclose()
