"""Runs: built in a process of their own, judged by the gold questions, activated, cancelled, retried, one at a time."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Building, NotFound
from bot.publish import KNOWLEDGE_TOPIC
from bot.rebuild import Job, built
from bot.run_log import GONE_AFTER_S, Options, Report, Run, RunLog, RunState
from bot.upkeep import Upkeep
from knowledge.encode import Vectors
from knowledge.errors import SnapshotError
from knowledge.gold import Gold
from knowledge.hashed import HashedEncoder
from knowledge.library import current, rollback
from knowledge.overlay import Edit
from knowledge.patient import Patient
from knowledge.snapshot import Snapshot
from tests.support.clock import Clock
from tests.support.keeping import Shop, small_shop, write_shop
from tests.support.shelves import content


@pytest.fixture
async def shop(built: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    """The small shop, nothing built yet."""
    async with small_shop(tmp_path, built / "encoders") as opened:
        yield opened


@pytest.fixture
async def upkeep(shop: Shop) -> Upkeep:
    """Its first worker."""
    return await shop.worker()


async def run(upkeep: Upkeep, options: Options | None = None) -> Run:
    """A run from start to end."""
    return await upkeep.runs.finished((await upkeep.runs.start(options or Options(), "anna")).id)


async def test_a_build_serves_and_everybody_is_told(shop: Shop, upkeep: Upkeep) -> None:
    """The run ends done, its snapshot is current, the feed has the notice, and the log who did it."""
    async with shop.feed.subscribe(KNOWLEDGE_TOPIC) as notices:
        done = await run(upkeep)
        assert await anext(notices) == {"version": done.version}
    assert (done.state, done.report.activated, done.report.why) == (RunState.DONE, True, "")
    assert current(shop.root) == done.version
    assert done.report.gold == {"before": None, "after": {"total": 3, "first": 3, "passed": 3, "missed": []}}
    assert await shop.logged() == [("anna", "knowledge.build")] * 2


async def test_edits_and_uploads_are_built_with_the_files(shop: Shop, upkeep: Upkeep) -> None:
    """Both are in the snapshot, and the command line would build the very same one."""
    await upkeep.edits.put(Edit("faq:refund", "en", "anna", "", text="Within 2 days."))
    await upkeep.edits.put_file("faq.more.jsonl", b'{"question": "Open?", "id": "open", "answer": "Daily."}\n', "anna")
    done = await run(upkeep)
    passages = Snapshot.load(shop.root / done.version).passages
    assert passages["faq:refund:en"].text == "Within 2 days."
    assert (passages["faq:refund:en"].origin.edited_by, passages["faq:open:en"].text) == ("anna", "Daily.")
    names = {"data": shop.settings.data, "content": shop.content, "database": shop.settings.database}
    env = {f"AISLE_{name.upper()}": str(value) for name, value in names.items()}
    command = [sys.executable, "-m", "bot", "kb", "build", "--no-activate"]
    told = await asyncio.to_thread(subprocess.run, command, env=env, capture_output=True, text=True, check=True)
    assert told.stdout.startswith(done.version)


async def test_bad_sources_fail_the_run_with_every_problem(shop: Shop, upkeep: Upkeep) -> None:
    """The old snapshot serves on; with `skip_bad` the rest is built."""
    before = await run(upkeep)
    with (shop.content / "faq.en.jsonl").open("a") as file:
        file.write('{"id": "x", "questions": [], "answer": "?"}\nnot json\n')
    failed = await run(upkeep)
    assert failed.state is RunState.FAILED
    assert [(problem["file"], problem["line"]) for problem in failed.report.problems] == [
        ("faq.en.jsonl", 4),
        ("faq.en.jsonl", 5),
    ]
    assert current(shop.root) == before.version
    assert (await run(upkeep, Options(skip_bad=True))).state is RunState.DONE


async def test_a_build_that_misses_gold_questions_does_not_serve_by_itself(shop: Shop, upkeep: Upkeep) -> None:
    """It is there, with the reason; it serves when somebody insists."""
    before = await run(upkeep)
    await upkeep.golds.put(Gold("lost", "Do you repair zips?", "en", "faq:zip"), "anna")
    weak = await run(upkeep)
    assert (weak.state, weak.report.activated, current(shop.root)) == (RunState.DONE, False, before.version)
    assert "3 of 4 gold questions" in weak.report.why
    assert await upkeep.runs.against(weak.version) == weak.report.why
    forced = await run(upkeep, Options(force=True))
    assert (forced.report.activated, current(shop.root)) == (True, forced.version)


async def test_a_build_may_be_left_inactive(shop: Shop, upkeep: Upkeep) -> None:
    """Without `activate` nothing serves but what served."""
    first = await run(upkeep)
    write_shop(shop.content, refund="Within 9 days.")
    second = await run(upkeep, Options(activate=False))
    assert second.version != first.version
    assert current(shop.root) == first.version
    await upkeep.runs.activate(second.version)
    assert current(shop.root) == second.version
    assert rollback(shop.root) == first.version


async def test_a_check_tells_everything_and_builds_nothing(shop: Shop, upkeep: Upkeep) -> None:
    """Problems, differences, and the gold questions before and after."""
    first = await run(upkeep)
    await upkeep.edits.put(Edit("faq:refund", "en", "anna", "", text="Within 2 days."))
    await upkeep.edits.put(Edit("faq:wrap", "", "anna", "", hidden=True))
    await upkeep.edits.put(Edit("faq:zip", "en", "anna", "", text="We mend zips.", title="Zips"))
    (shop.content / "products.csv").write_text(
        (shop.content / "products.csv").read_text().replace("149.00,3", "139.00,0") + "tent,,,x,1,T\n"
    )
    outcome = await upkeep.runs.check()
    assert outcome.result is not None
    found = outcome.result
    assert {(p["file"], p["line"], p["column"]) for p in found["problems"]} >= {("products.csv", 3, "price")}
    diff = {name: [one["id"] for one in found["diff"][name]] for name in ("added", "changed", "removed")}
    assert diff == {
        "added": ["faq:zip:en"],
        "changed": ["faq:refund:en", "product:larch:en"],
        "removed": ["faq:wrap:en"],
    }
    assert found["diff"]["prices"] == [{"sku": "L-1", "before": "149.00", "after": "139.00"}]
    assert found["diff"]["stock"] == [{"sku": "L-1", "before": "3", "after": "0"}]
    assert (found["gold"]["before"]["passed"], found["gold"]["after"]["passed"]) == (3, 2)
    assert found["gold"]["unknown"] == ["faq:wrap"]
    assert [path.name for path in shop.root.iterdir() if path.is_dir()] == [first.version]


async def test_two_admins_at_once_one_is_told_who_builds(shop: Shop, upkeep: Upkeep) -> None:
    """On whichever worker the second one is; when the first is done, the second may."""
    other = await shop.worker()
    first = await upkeep.runs.start(Options(), "anna")
    with pytest.raises(Building, match=f"anna is building since .* {first.id}"):
        await other.runs.start(Options(), "ben")
    assert (await upkeep.runs.finished(first.id)).state is RunState.DONE
    assert (await run(other)).state is RunState.DONE


async def test_many_at_once_get_one_run(shop: Shop, upkeep: Upkeep) -> None:
    """However many press at the same moment."""
    workers = [upkeep, await shop.worker(), await shop.worker()]
    tries = [worker.runs.start(Options(), f"admin-{n}") for n, worker in enumerate(workers * 3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Building"] * 8 + ["Run"]
    await asyncio.gather(*(worker.runs.aclose() for worker in workers))


async def test_another_worker_may_cancel(shop: Shop, upkeep: Upkeep) -> None:
    """The process ends, the run says so, and nothing serves that did not."""
    other = await shop.worker()
    started = await upkeep.runs.start(Options(), "anna")
    await other.runs.cancel(started.id, "ben")
    ended = await upkeep.runs.finished(started.id)
    assert (ended.state, ended.version) == (RunState.CANCELLED, "")
    with pytest.raises(SnapshotError):
        current(shop.root)
    assert ("ben", "knowledge.build") in await shop.logged()
    again = await other.runs.finished((await other.runs.retry(started.id, "ben")).id)
    assert (again.state, again.by) == (RunState.DONE, "ben")


async def test_a_worker_that_stops_ends_its_run(shop: Shop, upkeep: Upkeep) -> None:
    """The slot is free for others at once."""
    started = await upkeep.runs.start(Options(), "anna")
    await upkeep.runs.aclose()
    assert (await upkeep.runs.log.get(started.id)).state is RunState.CANCELLED
    assert (await run(await shop.worker())).state is RunState.DONE


async def test_progress_is_told_with_rate_and_time_left(upkeep: Upkeep) -> None:
    """Stages come in order, and none goes beyond its total."""
    started = await upkeep.runs.start(Options(), "anna")
    reports: list[Report] = []
    finished = asyncio.create_task(upkeep.runs.finished(started.id))
    while not finished.done():
        reports.append((await upkeep.runs.log.get(started.id)).report)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(finished), 0.05)
    seen = list(dict.fromkeys(report.stage for report in reports))
    assert seen[0] == "start"
    assert len(seen) > 2
    assert all(report.done <= report.total for report in reports)


async def test_an_unknown_run_is_not_found(upkeep: Upkeep) -> None:
    """To see, cancel or retry."""
    for call in (upkeep.runs.log.get("x"), upkeep.runs.cancel("x", "anna"), upkeep.runs.retry("x", "anna")):
        with pytest.raises(NotFound):
            await call


async def test_a_run_whose_worker_is_gone_gives_way(shop: Shop) -> None:
    """After a while without a beat it is failed, and its slot is free."""
    clock = Clock()
    log = RunLog(shop.database, shop.audit, clock)
    one = Run("one", "anna", clock(), RunState.RUNNING, Options(), Report())
    two = replace(one, id="two", by="ben")
    await log.begin(one)
    clock.forward(seconds=GONE_AFTER_S - 1)
    assert not await log.beat(one)
    clock.forward(seconds=GONE_AFTER_S - 1)
    with pytest.raises(Building, match="anna"):
        await log.begin(two)
    clock.forward(seconds=2)
    await log.begin(two)
    gone = await log.get("one")
    assert (gone.state, gone.report.why) == (RunState.FAILED, "its worker is gone; the old knowledge serves")


async def test_entries_that_cannot_be_embedded_are_left_out_and_told(tmp_path: Path) -> None:
    """Everything else is in the snapshot, and a later build takes them in without embedding the rest again."""

    class Choosy(HashedEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if any("refund" in text.lower() for text in texts):
                raise RuntimeError("no")
            return super().encode(texts)

    version, failed = built_by(Choosy(), tmp_path)
    assert failed == [{"id": "faq:refund:en", "why": "RuntimeError: no"}]
    passages = set(Snapshot.load(tmp_path / version).passages)
    assert passages == {p.id for p in content().passages} - {"faq:refund:en"}
    whole = HashedEncoder()
    later, failed = built_by(whole, tmp_path)
    assert (failed, "faq:refund:en" in Snapshot.load(tmp_path / later).passages) == ([], True)
    assert whole.embedded == 2


def built_by(encoder: HashedEncoder, root: Path) -> tuple[str, list[dict[str, str]]]:
    """The small shop built by this encoder, without waiting between tries."""
    return built(content(), root, Patient(encoder, lambda _s: None), lambda *_: None)


def test_the_process_ends_with_whoever_wanted_it(tmp_path: Path) -> None:
    """When its standard input is closed, as by the death of the server, it ends in the middle of its work."""
    job = Job("build", str(write_shop(tmp_path / "content")), str(tmp_path / "root"), "st:", str(tmp_path / "cache"))
    command = [sys.executable, "-m", "bot.rebuild"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin
        process.stdin.write(job.as_line())
        process.stdin.close()
        assert process.wait(60) == 3
    assert not (tmp_path / "root").exists()
