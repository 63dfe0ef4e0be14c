"""One thread that makes several drafts at once: they join and leave between two steps of the network.

What a draft is to its reader is not known here, nor how the network says it (`bot.copying.steps`).
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from bot.copying.steps import Speaking, Talk

AT_ONCE = 16


class Job(Protocol):
    """A draft that somebody waits for; called in the thread, never blocks."""

    @property
    def unwanted(self) -> bool:
        """Nobody waits any more."""
        ...

    def begin(self, speaking: Speaking) -> Talk:
        """Join."""
        ...

    def hear(self, talk: Talk) -> None:
        """The draft went on by a piece, perhaps to its end."""
        ...

    def fail(self, error: Exception) -> None:
        """It is not made, or not to its end."""
        ...


class Closed(Exception):
    """The thread is no more."""


class Batch:
    """The thread. `opened` loads the network at the first draft; what it raises is told, and it is tried again."""

    def __init__(self, opened: Callable[[], Speaking]) -> None:
        self._opened = opened
        self._speaking: Speaking | None = None
        self._waiting: deque[Job | Future[None]] = deque()
        self._making: list[tuple[Job, Talk]] = []
        self._some = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def add(self, job: "Job | Future[None]") -> None:
        """Put in line a draft, or a future that is told when the network is loaded.

        Raises:
            Closed: After `close`.
        """
        with self._some:
            if self._closed:
                raise Closed
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="generate-copy", daemon=True)
                self._thread.start()
            self._some.notify()

    def close(self) -> None:
        """End the drafts in flight, and the thread. May be called twice; waits for the step under way."""
        with self._some:
            self._closed = True
            self._some.notify()
        if self._thread:
            self._thread.join()
        self._speaking = None

    def _run(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: self._waiting or self._making or self._closed)
                if self._closed:
                    break
                room = len(self._making) < AT_ONCE
                new = self._waiting.popleft() if self._waiting and room else None
            try:
                self._turn(new)
            except Exception as error:  # whatever arithmetic may raise is the end of these drafts, not of the thread
                self._fail(error, new)
        self._fail(Closed(), *self._waiting)

    def _turn(self, new: "Job | Future[None] | None") -> None:
        """Let one in, those out that nobody waits for, and go on by a piece."""
        if self._speaking is None:
            self._speaking = self._opened()
        if isinstance(new, Future):
            if new.set_running_or_notify_cancel():
                new.set_result(None)
        elif new and not new.unwanted:
            self._making.append((new, new.begin(self._speaking)))
        for talk in [talk for job, talk in self._making if job.unwanted]:
            self._speaking.leave(talk)
        self._making = [made for made in self._making if not made[0].unwanted]
        self._speaking.advance()
        made, self._making = self._making, [one for one in self._making if not one[1].ended]
        for job, talk in made:
            try:
                job.hear(talk)
            except Exception as error:  # what goes wrong with the words of one draft is no matter of the others
                job.fail(error)

    def _fail(self, error: Exception, *more: "Job | Future[None] | None") -> None:
        """Nobody waits in vain; the rows that were in use are given up with the network's."""
        jobs = [*(job for job, _ in self._making), *more]
        self._making, self._speaking = [], None
        for job in jobs:
            if isinstance(job, Future):
                if job.set_running_or_notify_cancel():
                    job.set_exception(error)
            elif job:
                job.fail(error)
