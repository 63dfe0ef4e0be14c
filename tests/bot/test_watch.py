"""The watch: off by default, done by one worker, with its last result and next time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import BadKnowledge
from bot.run_log import Options, RunState
from bot.upkeep import Upkeep
from bot.watch import EVERY_S, Watch, Watched
from knowledge.library import current
from tests.support.clock import Clock
from tests.support.keeping import Shop, small_shop


@dataclass(frozen=True, slots=True)
class Workers:
    """Two workers of one shop, with watches on one clock."""

    shop: Shop
    clock: Clock
    upkeeps: tuple[Upkeep, ...]

    @property
    def watches(self) -> list[Watch]:
        """One each."""
        return [Watch(self.shop.database, self.shop.audit, u.runs, self.clock) for u in self.upkeeps]


@pytest.fixture
async def workers(built: Path, tmp_path: Path) -> AsyncIterator[Workers]:
    """Nothing built yet."""
    async with small_shop(tmp_path, built / "encoders") as shop:
        yield Workers(shop, Clock(), (await shop.worker(), await shop.worker()))


async def test_it_is_off_until_somebody_turns_it_on(workers: Workers) -> None:
    """And does nothing until then, nor before its time."""
    watch = workers.watches[0]
    assert await watch.get() == Watched()
    assert await watch.look() is None
    on = await watch.put(True, 600, "anna")
    assert (on.enabled, on.next_at) == (True, workers.clock() + timedelta(seconds=600))
    assert await watch.look() is None
    assert ("anna", "knowledge.watch") in await workers.shop.logged()


async def test_when_it_is_due_one_worker_builds(workers: Workers) -> None:
    """Both look at the same moment; the result and the next time are shown by either."""
    watches = workers.watches
    await watches[0].put(True, 600, "anna")
    workers.clock.forward(seconds=601)
    found = await asyncio.gather(*(watch.look() for watch in watches for _ in range(3)))
    (run,) = [one for one in found if one]
    assert (run.state, run.by, current(workers.shop.root)) == (RunState.DONE, "watch", run.version)
    state = await watches[1].get()
    assert state.last_result == f"{run.version} serves"
    assert (state.last_at, state.next_at) == (workers.clock(), workers.clock() + timedelta(seconds=600))
    assert await watches[1].look() is None


async def test_bad_sources_are_its_result(workers: Workers) -> None:
    """Nothing is activated, and it tries again next time."""
    watch = workers.watches[0]
    await watch.put(True, 600, "anna")
    (workers.shop.content / "faq.en.jsonl").write_text("not json\n")
    workers.clock.forward(seconds=601)
    run = await watch.look()
    assert run is not None
    assert run.state is RunState.FAILED
    state = await watch.get()
    assert "in the sources" in state.last_result
    assert state.next_at is not None


async def test_it_leaves_a_running_build_alone(workers: Workers) -> None:
    """Its result says who builds."""
    watch, runs = workers.watches[0], workers.upkeeps[1].runs
    await watch.put(True, 600, "anna")
    workers.clock.forward(seconds=601)
    started = await runs.start(Options(), "ben")
    assert await watch.look() is None
    assert "ben is building" in (await watch.get()).last_result
    await runs.finished(started.id)


@pytest.mark.parametrize("every_s", [EVERY_S[0] - 1, EVERY_S[1] + 1])
async def test_an_interval_that_cannot_be_is_refused(workers: Workers, every_s: int) -> None:
    """A minute to a week."""
    with pytest.raises(BadKnowledge, match=str(every_s)):
        await workers.watches[0].put(True, every_s, "anna")
