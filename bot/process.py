"""One job in a process of its own: started, listened to, ended. What the job is about is in `rebuild.py`."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from bot.rebuild import Job

ROOT = str(Path(__file__).resolve().parent.parent)
LINE_BYTES = 256 * 1024 * 1024
TAIL_CHARS = 2000
TERM_S = 5.0

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: with a result, or with problems in the sources, or with why there is neither."""

    result: dict[str, Any] | None = None
    problems: tuple[dict[str, Any], ...] = ()
    why: str = ""
    cancelled: bool = False


async def carry_out(job: Job, progress: Progress, cancel: asyncio.Event | None = None) -> Outcome:
    """Do a job to its end.

    Cancelling the caller's task, or setting `cancel`, ends the process; so does the death of this one.
    """
    with TemporaryDirectory(prefix="aisle-job-") as scratch:  # ours, so that it is gone even if the process is killed
        return await _done(await _start(scratch), job, progress, cancel or asyncio.Event())


async def _done(process: asyncio.subprocess.Process, job: Job, progress: Progress, cancel: asyncio.Event) -> Outcome:
    reading = asyncio.create_task(_read(process, job, progress))
    wanted = asyncio.create_task(cancel.wait())
    try:
        await asyncio.wait({reading, wanted}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            return Outcome(cancelled=True)
        return reading.result()
    finally:
        await _ended(process)
        for task in (reading, wanted):
            task.cancel()
        await asyncio.gather(reading, wanted, return_exceptions=True)


async def _start(scratch: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    path = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH", ""))))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.rebuild", stdin=pipe, stdout=pipe, stderr=pipe, limit=LINE_BYTES,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": scratch}, start_new_session=True,
    )  # fmt: skip


async def _read(process: asyncio.subprocess.Process, job: Job, progress: Progress) -> Outcome:
    """Hand in the job, then take its lines until it ends. Its standard input stays open: its end would end it."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    complaints = asyncio.create_task(_tail(process.stderr))
    with contextlib.suppress(ConnectionError):
        process.stdin.write(job.as_line())
        await process.stdin.drain()
    last: dict[str, Any] = {}
    async for line in process.stdout:
        last = orjson.loads(line)
        if "stage" in last:
            progress(last["stage"], last["done"], last["total"])
    status = await process.wait()
    return _outcome(last, status, await complaints)


def _outcome(last: dict[str, Any], status: int, complaints: str) -> Outcome:
    if "outcome" in last:
        return Outcome(result=last["outcome"])
    if "problems" in last:
        found = tuple(last["problems"])
        count = "a problem" if len(found) == 1 else f"{len(found)} problems"
        return Outcome(problems=found, why=f"{count} in the sources; the old knowledge serves")
    if "error" in last:
        return Outcome(why=f"{last['error']}; the old knowledge serves")
    what = f"was killed (signal {-status})" if status < 0 else f"ended with status {status}"
    return Outcome(why=f"the build process {what}; the old knowledge serves. {complaints}".strip())


async def _tail(stream: asyncio.StreamReader) -> str:
    """The end of what the process complained about."""
    kept = ""
    while chunk := await stream.read(4096):
        kept = (kept + chunk.decode("utf-8", "replace"))[-TAIL_CHARS:]
    return kept.strip()


async def _ended(process: asyncio.subprocess.Process) -> None:
    """See to it that the process is gone: asked first, then made to."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(TERM_S):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.stdin:
        process.stdin.close()
