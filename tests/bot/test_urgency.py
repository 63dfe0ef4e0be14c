"""The order of those who wait: by time, with a bounded head start."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Mood, Phase, Stage
from bot.desk_frames import summed
from bot.summary import Summary
from bot.urgency import LONGEST, place_at

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def waiting(minute: float, moods: str = "c", stage: Stage = Stage.DISCOVERY) -> Summary:
    """A conversation that waits since so many minutes after noon."""
    since = NOON + timedelta(minutes=minute)
    return Summary("c", "en", "", NOON, NOON, phase=Phase.WAITING, waiting_since=since, moods=moods, stage=stage)


WAITING = st.builds(waiting, st.floats(0, 600), st.sampled_from(["c", "n", "a", "ac", "cc"]), st.sampled_from(Stage))


def test_who_does_not_wait_has_no_place() -> None:
    """Only the waiting list is ordered by it."""
    assert place_at(Summary("c", "en", "", NOON, NOON)) is None


def test_the_angry_and_the_buying_are_taken_first() -> None:
    """Of four who came at once: the angry, those ready to buy, the annoyed, the others."""
    four = [waiting(0), waiting(0, "n"), waiting(0, stage=Stage.READY), waiting(0, "a")]
    told = sorted(four, key=lambda one: place_at(one) or NOON, reverse=False)
    assert [(one.mood, one.stage) for one in told] == [
        (Mood.ANGRY, Stage.DISCOVERY),
        (Mood.CALM, Stage.READY),
        (Mood.ANNOYED, Stage.DISCOVERY),
        (Mood.CALM, Stage.DISCOVERY),
    ]


@given(WAITING, WAITING)
def test_nobody_is_overtaken_by_who_came_much_later(one: Summary, other: Summary) -> None:
    """Whatever mood and stage: who came more than the longest head start later stands behind."""
    first, second = place_at(one), place_at(other)
    assert first is not None
    assert second is not None
    assert one.waiting_since is not None
    assert other.waiting_since is not None
    if other.waiting_since - one.waiting_since > LONGEST:
        assert first < second


def test_the_desk_is_told_the_place_and_the_signs() -> None:
    """The list's frame has stage and place, so that every desk orders alike."""
    line = summed(waiting(10, "a", Stage.READY))
    assert (line.stage, line.mood, line.place_at) == ("ready", "angry", NOON + timedelta(minutes=2))
