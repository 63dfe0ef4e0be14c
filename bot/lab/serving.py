"""Benchmark: a real `aisle serve` process: how soon it is ready, what it weighs, and how fast it answers chats.

The shoppers are a process of their own (`chats.py`) on the same machine, so they take a part of its cores. The server
has its own data folder, embedded Redis and SQLite. Limits for each address and connection are lifted, because one
address plays all shoppers; places for answers and their queue are as the settings have them, so busy refusals are real.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bot.errors import Unavailable
from bot.lab.metrics import figures
from bot.lab.plan import SEED, Plan
from bot.lab.samples import active, picked
from bot.lab.synthetic import CHINESE
from bot.settings import Settings

START_LIMIT_S = 120.0
STOP_LIMIT_S = 20.0
CLIENT_LIMIT_S = 300.0
LOOK_EVERY_S = 0.01
WEIGH_EVERY_S = 0.05
LIFTED = {"AISLE_FRAMES_PER_S": "1000", "AISLE_FRAMES_PER_S_ADDRESS": "100000", "AISLE_CONNECTIONS_PER_ADDRESS": "1000"}
MIB = 1024 * 1024
WARM_UP_CHATS = 10
"""So many that one is Chinese: its dictionary is loaded with the first Chinese question."""


@dataclass(slots=True)
class _Server:
    """A server that is ready. `port` is on the loopback address, `ready_s` counted from the start of its process."""

    process: psutil.Process
    port: int
    ready_s: float

    def rss_mib(self) -> dict[str, float]:
        """Memory that the server's process holds, and its Redis."""
        weights = {"server": self.process.memory_info().rss / MIB, "redis": 0.0}
        with suppress(psutil.Error):
            weights["redis"] = sum(child.memory_info().rss for child in self.process.children(recursive=True)) / MIB
        return weights


def measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    """Seconds to readiness, memory idle and loaded, and for each number of chats the times of their answers."""
    ready_s = []
    for _ in range(plan.starts - 1):
        with _serving(settings) as server:
            ready_s.append(server.ready_s)
    asked = _Asked.of(settings)
    with _serving(settings) as server:
        ready_s.append(server.ready_s)
        idle = server.rss_mib()
        _hold(server, asked.share(WARM_UP_CHATS, 1))
        warmed = server.rss_mib()
        with _weighing(server) as most:
            chats = {str(count): _measured(plan, server, asked, count) for count in plan.chats}
        memory = {"idle": idle, "after_first_chats": warmed, "most_under_load": most}
    return {
        "cold_start": {"unit": "s", **figures([[one] for one in ready_s]).as_json()},
        "memory": {"unit": "MiB", **{name: _rounded(weights) for name, weights in memory.items()}},
        "chats": chats,
        "unit": "ms",
        "generator": settings.generator.partition(":")[0] + ":",
        "answers_in_flight": settings.answers_in_flight,
        "answers_queued": settings.answers_queued,
        "note": "all chats begin at once and ask without a pause; times run from the first try to say it, waits after a"
        " busy refusal included; the shoppers' process shares the machine's cores; files were in the page cache",
    }


@dataclass(slots=True)
class _Asked:
    """The shop's questions, given out without repetition as long as they last."""

    english: list[str]
    chinese: list[str]
    given: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, settings: Settings) -> "_Asked":
        passages = tuple(active(settings).passages.values())
        by_lang = {lang: [p for p in passages if p.lang == lang] for lang in ("en", "zh")}
        counts = {lang: sum(len(p.questions) or 1 for p in spoken) for lang, spoken in by_lang.items()}
        english = picked(passages, "en", counts["en"], SEED)
        return cls(english, picked(passages, "zh", counts["zh"], SEED) if counts["zh"] else english)

    def share(self, chats: int, each: int) -> list[list[str]]:
        """Questions of each chat; every tenth chat is Chinese."""
        every = round(1 / CHINESE)
        return [self._next("chinese" if chat % every == every - 1 else "english", each) for chat in range(chats)]

    def _next(self, name: str, count: int) -> list[str]:
        of: list[str] = getattr(self, name)
        start = self.given[name]
        self.given[name] += count
        return [of[i % len(of)] for i in range(start, start + count)]


def _measured(plan: Plan, server: _Server, asked: _Asked, count: int) -> dict[str, Any]:
    """The figures of `plan.runs` runs of `count` chats."""
    each = max(plan.least_asked, plan.asked // count)
    runs = [_hold(server, asked.share(count, each)) for _ in range(plan.runs)]
    answered = sum(len(run["whole_answer_ms"]) for run in runs)
    times = ("welcome_ms", "first_word_ms", "whole_answer_ms")
    counted = {name: dict(sum((Counter(run[name]) for run in runs), Counter())) for name in ("failed", "actions")}
    return {
        **{name.removesuffix("_ms"): figures([run[name] for run in runs]).as_json(1) for name in times},
        "asked": plan.runs * count * each,
        "answered": answered,
        "answers_per_s": round(answered / sum(run["took_s"] for run in runs), 1),
        "busy_refusals": sum(run["refused"].get("busy", 0) for run in runs),
        "other_refusals": sum(run["refused"].get("rate_limited", 0) for run in runs),
        **counted,
    }


def _hold(server: _Server, questions: list[list[str]]) -> dict[str, Any]:
    """One run of chats in a process of its own.

    Raises:
        Unavailable: The shoppers' process failed, or did not end.
    """
    order = json.dumps({"ws": f"ws://127.0.0.1:{server.port}/ws", "questions": questions})
    command = [sys.executable, "-m", "bot.lab.chats"]
    try:
        done = subprocess.run(command, input=order, capture_output=True, text=True, timeout=CLIENT_LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"benchmark: {len(questions)} chats did not end within {CLIENT_LIMIT_S:g} s") from None
    if done.returncode:
        raise Unavailable(f"benchmark: {len(questions)} chats failed: {done.stderr.strip()[-500:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@contextmanager
def _weighing(server: _Server) -> Iterator[dict[str, float]]:
    """The most that the server and its Redis weigh while the body runs."""
    most, ended = server.rss_mib(), threading.Event()

    def weigh() -> None:
        while not ended.wait(WEIGH_EVERY_S):
            for name, weight in server.rss_mib().items():
                most[name] = max(most[name], weight)

    thread = threading.Thread(target=weigh)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


@contextmanager
def _serving(settings: Settings) -> Iterator[_Server]:
    """A server, from the start of its process until it is ready; ended with the body.

    Raises:
        Unavailable: It does not get ready; its last words are in the message.
    """
    log = settings.data / "server.log"
    with log.open("w") as sink:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, env={**os.environ, **LIFTED},
        )  # fmt: skip
    try:
        port = _ready(process, log)
        yield _Server(psutil.Process(process.pid), port, time.perf_counter() - began)
    finally:
        _end(process)


def _ready(process: subprocess.Popen[bytes], log: Path) -> int:
    """The server's port, once it says that it is ready."""
    deadline = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        if (found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())) and _answers(int(found[1])):
            return int(found[1])
        time.sleep(LOOK_EVERY_S)
    raise Unavailable(f"benchmark: the server did not get ready: {log.read_text()[-500:].strip()}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server in order, or by force."""
    process.terminate()
    try:
        process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, 1) for name, weight in weights.items()}
