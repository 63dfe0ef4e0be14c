"""Opening hours: read from text, refused with a reason, right over midnight, weeks and changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSettings
from bot.hours import BadHours, Hours, read_hours
from bot.settings import load

BERLIN = ZoneInfo("Europe/Berlin")
SHOP = "Mon-Fri 09:00-12:30 13:00-18:00, Sat 10:00-16:00"


def hours(text: str, zone: ZoneInfo = BERLIN) -> Hours:
    """Hours that are there."""
    found = read_hours(text, zone)
    assert found is not None
    return found


def berlin(text: str) -> datetime:
    """A moment on Berlin's clock, given in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T12:30", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T10:00", True),
        ("2026-11-29T12:00", False),
    ],
)
def test_it_is_open_from_the_first_minute_until_before_the_last(at: str, is_open: bool) -> None:
    """Breaks, Saturdays and Sundays as they were written."""
    assert hours(SHOP).is_open(berlin(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T09:00", "2026-11-23T13:00"),
        ("2026-11-27T20:00", "2026-11-28T10:00"),
        ("2026-11-28T16:00", "2026-11-30T09:00"),
    ],
)
def test_it_says_when_it_opens_again(at: str, opens: str) -> None:
    """The next beginning, over a break, a night and a Sunday, on the shop's clock."""
    found = hours(SHOP).opens(berlin(at))
    assert found == berlin(opens)
    assert found is not None
    assert found.tzinfo is BERLIN


def test_hours_follow_the_shops_summer_time() -> None:
    """Nine o'clock is 8:00 UTC in winter and 7:00 UTC in summer."""
    week = hours("Mon-Sun 09:00-10:00")
    assert week.is_open(datetime(2026, 3, 28, 8, 30, tzinfo=UTC))
    assert not week.is_open(datetime(2026, 3, 29, 8, 30, tzinfo=UTC))
    assert week.is_open(datetime(2026, 3, 29, 7, 30, tzinfo=UTC))


def test_a_night_in_two_parts_and_days_over_the_week() -> None:
    """24:00 ends a day, 00:00 begins one, and Fri-Mon goes over Sunday."""
    bar = hours("Fri 22:00-24:00, Sat 00:00-02:00", ZoneInfo("UTC"))
    assert bar.is_open(datetime(2026, 11, 27, 23, 59, tzinfo=UTC))
    assert bar.is_open(datetime(2026, 11, 28, 1, 59, tzinfo=UTC))
    long = hours("fri-mon 10:00-11:00", ZoneInfo("UTC"))
    open_on = [long.is_open(datetime(2026, 11, 23, 10, 30, tzinfo=UTC) + timedelta(days)) for days in range(7)]
    assert open_on == [True, False, False, False, True, True, True]


def test_no_hours_are_no_hours() -> None:
    """Empty text says nothing about when somebody is there."""
    assert read_hours("  ", BERLIN) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mon-Fri", "got 'mon-fri', wanted days and times"),
        ("Montag 9-18", "got the times '9-18', wanted two such as 09:00-18:00"),
        ("Xyz 09:00-18:00", "got the days 'xyz', wanted Mon"),
        ("Mon 18:00-09:00", "ends before it begins"),
        ("Mon 09:00-09:00", "ends before it begins"),
        ("Mon 09:00-25:00", "wanted times of a day"),
        ("Mon 09:60-10:00", "wanted times of a day"),
        ("Mon 09:00-12:00 11:00-18:00", "two times for Mon that overlap"),
        ("Mon-Wed 09:00-12:00, Tue 10:00-11:00", "two times for Tue that overlap"),
        ("Mon 09:00-12:00,,", "wanted days and times"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_a_reason(text: str, why: str) -> None:
    """The message quotes the part and says what was wanted; so do the settings, by variable."""
    with pytest.raises(BadHours, match=why):
        read_hours(text, BERLIN)
    with pytest.raises(BadSettings, match=f"AISLE_HOURS: .*{why}"):
        load(hours=text)


def test_a_time_zone_and_an_address_that_are_none_are_refused() -> None:
    """By variable, with what was wanted; a negative duration too."""
    with pytest.raises(BadSettings, match="AISLE_TIMEZONE: got 'Mars/Base', wanted a name"):
        load(timezone="Mars/Base")
    with pytest.raises(BadSettings, match="AISLE_REPLY_FROM: got 'nobody', wanted an e-mail address"):
        load(reply_from="nobody")
    with pytest.raises(BadSettings, match="AISLE_REPLY_MINUTES"):
        load(reply_minutes=-1)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_when_it_opens_is_after_now_and_open(at: datetime, zone: str) -> None:
    """At any moment and anywhere: the opening lies ahead within 8 days, it is open then, and closed just before it
    unless it was open all along.
    """
    week = hours(SHOP, ZoneInfo(zone))
    opens = week.opens(at)
    assert opens is not None
    assert at < opens <= at + timedelta(days=8)
    assert week.is_open(opens)
    assert not week.is_open(opens - timedelta(seconds=1))
