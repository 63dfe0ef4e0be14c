"""A circuit breaker: after some failures in a row, calls are refused for a while, then one is let through. Pure.

(Nygard, "Release It!", 2007.) One that succeeds closes it, one that fails opens it again. The time in seconds is
passed in.
"""


class Breaker:
    """Open after `failures` in a row, for `pause_s` seconds."""

    def __init__(self, failures: int, pause_s: float) -> None:
        self._most, self._pause_s = failures, pause_s
        self._count = 0
        self._until_s = 0.0

    def admits(self, now_s: float) -> bool:
        """Whether a call may be made; after the pause one may, and the others wait for what becomes of it."""
        if self._count < self._most:
            return True
        if now_s < self._until_s:
            return False
        self._until_s = now_s + self._pause_s
        return True

    def succeeded(self) -> None:
        """A call was answered."""
        self._count = 0

    def failed(self, now_s: float) -> None:
        """A call was not answered."""
        self._count += 1
        if self._count >= self._most:
            self._until_s = now_s + self._pause_s
