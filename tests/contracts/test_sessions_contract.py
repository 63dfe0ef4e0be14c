"""What sessions promise, checked on the twin in memory and on a real Redis alike."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from bot.conversation import Phase, State
from bot.errors import BadSettings
from bot.sessions import Sessions, open_sessions


@pytest.fixture
async def workers(state_url: str) -> AsyncIterator[list[Sessions]]:
    """Sessions of two workers over the same store."""
    first = await open_sessions(state_url)
    opened = [first, first if state_url == "memory:" else await open_sessions(state_url)]
    yield opened
    for sessions in opened:
        await sessions.aclose()


@pytest.fixture
def sessions(workers: list[Sessions]) -> Sessions:
    """Sessions of one worker."""
    return workers[0]


async def until(check: Callable[[], Awaitable[bool]], limit_s: float = 5.0) -> None:
    """Wait for something to become true, and fail when it does not."""
    end_s = time.monotonic() + limit_s
    while not await check():
        assert time.monotonic() < end_s, "it never came true"
        await asyncio.sleep(0.01)


async def test_a_state_comes_back_as_it_was_saved(workers: list[Sessions], conversation: str) -> None:
    """Every field survives, for any worker, one version higher."""
    state = State(
        conversation,
        phase=Phase.WAITING,
        lang="zh",
        seq=7,
        focus="tent-2",
        wishes=(("colour", "黑"), ("budget", "150")),
        last_hits=("p1", "p2"),
        asked=True,
        misses=2,
    )
    assert await workers[0].load(conversation) is None
    saved = await workers[0].save(state, 60)
    assert saved == replace(state, version=1)
    assert await workers[1].load(conversation) == saved


async def test_an_older_state_never_overwrites_a_newer_one(workers: list[Sessions], conversation: str) -> None:
    """Of two who loaded the same version, the second to save gets None, and the first one's state stays."""
    await workers[0].save(State(conversation), 60)
    one, two = await workers[0].load(conversation), await workers[1].load(conversation)
    assert one == two
    assert one is not None
    saved = await workers[0].save(replace(one, focus="a"), 60)
    assert saved is not None
    assert await workers[1].save(replace(one, focus="b"), 60) is None
    assert await workers[1].load(conversation) == saved
    assert saved.version == 2


async def test_of_many_savers_at_once_one_wins(workers: list[Sessions], conversation: str) -> None:
    """Twenty saves of the same version, equal in content, have one winner."""
    saves = [workers[i % 2].save(State(conversation), 60) for i in range(20)]
    done = await asyncio.gather(*saves)
    assert [state for state in done if state] == [State(conversation, version=1)]


async def test_a_state_that_is_gone_is_not_saved_over(sessions: Sessions, conversation: str) -> None:
    """Who saves a state that was erased meanwhile gets None, and starts again from version 0."""
    saved = await sessions.save(State(conversation), 60)
    assert saved is not None
    await sessions.erase(conversation)
    assert await sessions.load(conversation) is None
    assert await sessions.save(saved, 60) is None
    assert await sessions.save(replace(saved, version=0), 60) == saved


async def test_a_state_expires(sessions: Sessions, conversation: str) -> None:
    """After its time it is gone; saving again gives it more."""
    await sessions.save(State(conversation), 1)
    other = conversation + "-longer"
    first = await sessions.save(State(other), 1)
    assert first is not None
    await sessions.save(first, 60)

    async def gone() -> bool:
        return await sessions.load(conversation) is None

    await until(gone)
    assert await sessions.load(other) is not None


async def test_the_answer_in_flight_is_kept_until_dropped(workers: list[Sessions], conversation: str) -> None:
    """The last text put is what any worker reads, until it is dropped or erased."""
    assert await workers[1].partial(conversation) is None
    await workers[0].put_partial(conversation, 3, "We ship")
    await workers[0].put_partial(conversation, 3, "We ship to 加拿大 \u2028")
    assert await workers[1].partial(conversation) == (3, "We ship to 加拿大 \u2028")
    await workers[1].drop_partial(conversation)
    assert await workers[0].partial(conversation) is None
    await workers[0].put_partial(conversation, 4, "x")
    await workers[0].erase(conversation)
    assert await workers[0].partial(conversation) is None


async def test_a_lease_has_one_holder(workers: list[Sessions], conversation: str) -> None:
    """While one holds it everyone else gets None, other conversations are free, and it is free again afterwards."""
    async with workers[0].lease(conversation, 5) as held:
        assert held is not None
        assert not held.lost.is_set()
        for sessions in workers:
            async with sessions.lease(conversation, 5) as second:
                assert second is None
        async with workers[1].lease(conversation + "-other", 5) as other:
            assert other is not None
    async with workers[1].lease(conversation, 5) as again:
        assert again is not None
        assert again.token != held.token


async def test_a_lease_is_freed_when_its_holder_fails_or_is_cancelled(
    workers: list[Sessions], conversation: str
) -> None:
    """Errors and cancellation inside leave nothing behind."""
    with pytest.raises(RuntimeError):
        async with workers[0].lease(conversation, 30):
            raise RuntimeError

    entered = asyncio.Event()

    async def hold() -> None:
        async with workers[0].lease(conversation, 30) as lease:
            assert lease is not None
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with workers[1].lease(conversation, 5) as lease:
        assert lease is not None


async def test_a_lease_is_held_longer_than_its_time(workers: list[Sessions], conversation: str) -> None:
    """It is renewed in the background: after twice its time nobody else has got it."""
    async with workers[0].lease(conversation, 0.3) as held:
        assert held is not None
        end_s = time.monotonic() + 0.6
        while time.monotonic() < end_s:
            async with workers[1].lease(conversation, 0.3) as second:
                assert second is None
            await asyncio.sleep(0.02)
        assert not held.lost.is_set()


async def test_of_many_who_want_a_lease_one_gets_it(workers: list[Sessions], conversation: str) -> None:
    """Ten at once: at no time do two hold it."""
    holders = most = 0

    async def want(sessions: Sessions) -> bool:
        nonlocal holders, most
        async with sessions.lease(conversation, 5) as lease:
            if lease is None:
                return False
            holders += 1
            most = max(most, holders)
            await asyncio.sleep(0)
            holders -= 1
            return True

    got = await asyncio.gather(*(want(workers[i % 2]) for i in range(10)))
    assert most == 1
    assert any(got)


async def test_ping_answers(sessions: Sessions) -> None:
    """A store that is there says so."""
    await sessions.ping()


@pytest.mark.parametrize("url", ["", "http://h", "redis://h:port", "redis://h?nonsense=1"])
async def test_other_addresses_are_refused(url: str) -> None:
    """An address that Aisle cannot use is refused by the setting's name."""
    with pytest.raises(BadSettings, match="AISLE_REDIS"):
        await open_sessions(url)


async def test_the_address_stays_secret() -> None:
    """The error for an address does not show its password."""
    with pytest.raises(BadSettings) as caught:
        await open_sessions("redi://user:hunter2@h")
    assert "hunter2" not in str(caught.value)
