"""A clock for tests that moves when told."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Begins on a day in 2031."""

    def __init__(self) -> None:
        self.now = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def forward(self, **span: float) -> None:
        """Move on."""
        self.now += timedelta(**span)
