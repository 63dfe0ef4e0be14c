"""Real `aisle serve` processes for tests: started on a free loopback port, awaited, killed by their own id."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 60.0


@dataclass(slots=True)
class Running:
    """A server process; `base` is like `http://127.0.0.1:41234`."""

    process: subprocess.Popen[str]
    base: str
    log: Path

    @property
    def ws(self) -> str:
        """Address of the chat websocket."""
        return self.base.replace("http", "ws", 1) + "/ws"

    def kill(self) -> None:
        """End it as a crash would: SIGKILL, nothing cleaned up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """End it as an operator would, and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of an Aisle process: this one's without its AISLE_ variables, and `settings` as AISLE_…"""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
    named = {f"AISLE_{name.upper()}": value for name, value in settings.items()}
    return {**clean, "AISLE_DATA": str(data), "HF_HUB_OFFLINE": "1", **named}


def aisle(
    *arguments: str, env: Mapping[str, str], timeout_s: float = 300, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one `aisle` command to its end, with `typed` on its standard input."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, env=dict(env), input=typed, capture_output=True, text=True, timeout=timeout_s, check=False
    )


@contextmanager
def serving(env: Mapping[str, str], log: Path, port: int = 0) -> Iterator[Running]:
    """A server that is ready to chat; stopped at the end if it still runs."""
    with log.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(port)],
            env=dict(env), stdout=sink, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    try:
        yield Running(process, _ready(process, log), log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _ready(process: subprocess.Popen[str], log: Path) -> str:
    """The server's address, once it says that it is ready."""
    deadline_s = time.monotonic() + START_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            break
        if found := re.search(r"http://[\d.]+:\d+", log.read_text()):
            try:
                if httpx.get(found[0] + "/readyz", timeout=5).status_code == 200:
                    return found[0]
            except httpx.TransportError:
                pass
        time.sleep(0.05)
    raise AssertionError(f"the server did not get ready:\n{log.read_text()[-4000:]}")


async def until(condition: Callable[[], bool], timeout_s: float = 15.0, every_s: float = 0.05) -> None:
    """Wait until `condition()` is true, for things outside this process that tell nobody."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {timeout_s} s: {condition}")
        await asyncio.sleep(every_s)
