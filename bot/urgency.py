"""In which order those who wait for a person are taken: by time, with a head start for some. Pure.

Who is angry, annoyed or about to buy counts as if they had waited some minutes longer. A head start is bounded, so
nobody is overtaken by who came more than `LONGEST` after them, however many angry shoppers there are.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.conversation import Mood, Stage
from bot.summary import Summary

OF_MOOD: Final = {Mood.ANGRY: timedelta(minutes=5), Mood.ANNOYED: timedelta(minutes=2), Mood.CALM: timedelta()}
OF_STAGE: Final = {Stage.READY: timedelta(minutes=3), Stage.INTERESTED: timedelta(), Stage.DISCOVERY: timedelta()}
LONGEST: Final = max(OF_MOOD.values()) + max(OF_STAGE.values())


def place_at(summary: Summary) -> datetime | None:
    """Since when the conversation counts as waiting; the earliest is taken first. None when it does not wait."""
    if summary.waiting_since is None:
        return None
    return summary.waiting_since - OF_MOOD[summary.mood] - OF_STAGE[summary.stage]
