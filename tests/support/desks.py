"""Parts of a desk for tests that need neither its log nor its suggestions."""

from typing import cast

from bot.audit import Audit, Deed
from bot.suggestions import Suggestions


class Untold(Audit):
    """A log in memory."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    async def record(self, deed: Deed) -> None:
        """Keep it."""
        self.deeds.append(deed)


def unsuggested() -> Suggestions:
    """No suggestions: using them fails."""
    return cast(Suggestions, object())
