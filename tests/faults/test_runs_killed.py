"""A build's process is killed at every step, or finds its disk full: what served serves, the next run is clean."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from bot.process import carry_out
from bot.run_log import Options, RunState
from bot.upkeep import Upkeep
from knowledge.library import current
from knowledge.snapshot import Snapshot
from tests.support.keeping import Shop, small_shop, write_shop
from tests.support.running import until

STEPS = ("read", "embed", "dense", "lexical", "write", "verify", "publish", "gold")

# Holds the build's process where it tells its step, so that the kill meets it there and not after its end.
HELD_AT = """
import os, time

class Held:
    def __init__(self, out):
        self.out = out

    def write(self, line):
        self.out.write(line)
        if b'"stage": "{step}"' in line:
            time.sleep(600)

fdopen = os.fdopen
os.fdopen = lambda fd, *args, **named: (Held if args == ("wb",) else lambda out: out)(fdopen(fd, *args, **named))
"""


@pytest.fixture
async def shop(built: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    """The small shop, nothing built yet."""
    async with small_shop(tmp_path, built / "encoders") as opened:
        yield opened


def build_process() -> psutil.Process:
    """The process that builds for this one."""
    children = psutil.Process().children(recursive=True)
    return next(child for child in children if "bot.rebuild" in " ".join(child.cmdline()))


async def built_once(upkeep: Upkeep) -> str:
    """A first snapshot that serves."""
    run = await upkeep.runs.start(Options(), "anna")
    return (await upkeep.runs.finished(run.id)).version


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_the_old_snapshot_serves(
    shop: Shop, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL when the step is told: the outcome says so, nothing is activated, and the next run leaves no trace."""
    upkeep = await shop.worker()
    old = await built_once(upkeep)
    write_shop(shop.content, refund="Within 9 days.")
    await upkeep.edits.put_file("faq.more.jsonl", b'{"question": "Open?", "id": "open", "answer": "Daily."}\n', "anna")

    def kill(stage: str, _done: int, _total: int) -> None:
        if stage == step:
            build_process().kill()

    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "sitecustomize.py").write_text(HELD_AT.replace("{step}", step), encoding="utf-8")
    with monkeypatch.context() as held:
        held.setenv("PYTHONPATH", str(tmp_path / "held"))
        outcome = await carry_out(await upkeep.runs._means.job("build", False), kill)
    assert outcome.result is None
    assert "was killed (signal 9)" in outcome.why
    assert current(shop.root) == old
    assert Snapshot.load(shop.root / old).version == old
    run = await upkeep.runs.finished((await upkeep.runs.start(Options(), "anna")).id)
    assert (run.state, current(shop.root)) == (RunState.DONE, run.version)
    assert run.version != old
    assert not list(shop.root.glob(".building-*"))


async def test_a_killed_run_fails_and_can_be_retried(shop: Shop) -> None:
    """The run's row says that its process was killed; one call runs it again."""
    upkeep = await shop.worker()
    started = await upkeep.runs.start(Options(), "anna")
    await until(lambda: any("bot.rebuild" in " ".join(c.cmdline()) for c in psutil.Process().children()), every_s=0.01)
    build_process().kill()
    failed = await upkeep.runs.finished(started.id)
    assert failed.state is RunState.FAILED
    assert "was killed (signal 9)" in failed.report.why
    again = await upkeep.runs.retry(started.id, "anna")
    assert (await upkeep.runs.finished(again.id)).state is RunState.DONE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount") or "mount"
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a full disk: mounting a tmpfs is not allowed here ({done.stderr.decode().strip()})")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_is_told_and_loses_nothing(built: Path, tmp_path: Path, small_disk: Path) -> None:
    """The run fails with a clear message, the old snapshot serves; with room again, the next run works."""
    async with small_shop(tmp_path, built / "encoders", small_disk / "data") as shop:
        upkeep = await shop.worker()
        old = await built_once(upkeep)
        filler = small_disk / "filler"
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 8 * 1024))
        write_shop(shop.content, refund="Within 9 days.")
        edit_files = await upkeep.edits.put_file(
            "faq.more.jsonl", b'{"question": "Open?", "answer": "Daily."}\n', "anna"
        )
        full = await upkeep.runs.finished((await upkeep.runs.start(Options(), "anna")).id)
        assert full.state is RunState.FAILED
        assert "No space left on device" in full.report.why
        assert "nothing was changed" in full.report.why
        assert current(shop.root) == old
        assert await upkeep.edits.files() == (edit_files,)
        filler.unlink()
        run = await upkeep.runs.finished((await upkeep.runs.retry(full.id, "anna")).id)
        assert (run.state, current(shop.root)) == (RunState.DONE, run.version)
