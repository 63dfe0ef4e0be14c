"""Logs and figures: structlog for people and machines, Prometheus for graphs.

Nothing global but structlog's configuration, which `configure_logs` sets once for a process. What is worth counting is
decided here; when it happens is decided by those who call.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.guard import mask

_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Telemetry:
    """The figures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("aisle_turns", "Turns answered, by action", ["action"], registry=self.registry)
        self.fallbacks = Counter("aisle_fallbacks", "Steps down the failure ladder", ["why"], registry=self.registry)
        self.refusals = Counter("aisle_refusals", "Frames and connections refused", ["code"], registry=self.registry)
        self.attacks = Counter("aisle_attacks", "Messages with orders to the model", registry=self.registry)
        self.sockets = Gauge("aisle_sockets", "Open chat connections", registry=self.registry)
        self.answering = Gauge("aisle_answering", "Answers being made", registry=self.registry)
        self.stages = Histogram(
            "aisle_stage_seconds", "Time of each stage of a turn", ["stage"], buckets=_SECONDS, registry=self.registry
        )

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class Stopwatch:
    """Milliseconds per stage of one turn, in the order in which they came."""

    def __init__(self) -> None:
        self._start_s = perf_counter()
        self.ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to stage `name`."""
        begin_s = perf_counter()
        try:
            yield
        finally:
            self.ms[name] = self.ms.get(name, 0.0) + (perf_counter() - begin_s) * 1000

    def mark(self, name: str) -> None:
        """Note the time since the start of the turn, the first time that `name` comes."""
        self.ms.setdefault(name, (perf_counter() - self._start_s) * 1000)


def _masked(_logger: Any, _name: str, event: Any) -> Any:
    """Personal data never reach a log."""
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


def configure_logs(*, json: bool, level: str = "INFO") -> None:
    """One line an event on standard error, as JSON for machines or in columns for people."""
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
