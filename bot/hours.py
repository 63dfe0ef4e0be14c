"""When somebody of the team is there: opening hours, whether it is open, and when it opens again. Pure.

Hours are times on the shop's own clock, so they follow its summer time; the moment that is asked about is an argument.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WANTED = "wanted days and times such as Mon-Fri 09:00-18:00, Sat 10:00-16:00"
_MIDNIGHT = 24 * 60
_DAYS = re.compile(r"(?P<first>[a-z]{3})[a-z]*(?:-(?P<last>[a-z]{3})[a-z]*)?")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class BadHours(ValueError):
    """Hours that cannot be read; says which part, and what was wanted."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of a week.

    Attributes:
        spans: For each day, Monday first, when it is open: (from, to) in minutes after midnight, ascending, apart.
        zone: The shop's clock.
    """

    spans: tuple[tuple[tuple[int, int], ...], ...]
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at this moment; the last minute is no longer open."""
        today = at.astimezone(self.zone).date()
        return any(start <= at < end for start, end in self._on(today))

    def opens(self, at: datetime) -> datetime | None:
        """The first moment of opening after `at`, on the shop's clock; None when it never opens."""
        today = at.astimezone(self.zone).date()
        for days in range(8):
            later = [start for start, _ in self._on(today + timedelta(days)) if start > at]
            if later:
                return later[0].astimezone(self.zone)
        return None

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The spans of a day as moments in UTC, which can be compared also when the clock is put forward or back."""
        return [(self._moment(day, start), self._moment(day, end)) for start, end in self.spans[day.weekday()]]

    def _moment(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, _MIDNIGHT)
        local = datetime.combine(day + timedelta(days), time(rest // 60, rest % 60), tzinfo=self.zone)
        return local.astimezone(UTC)


def read_hours(text: str, zone: ZoneInfo) -> Hours | None:
    """Hours from their text, such as `Mon-Fri 09:00-12:30 13:00-18:00, Sat 10:00-16:00`; None when it is empty.

    Raises:
        BadHours: A part cannot be read, ends before it begins, or overlaps another.
    """
    if not text.strip():
        return None
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for part in text.lower().replace("–", "-").split(","):
        days, spans = _part(part.strip())
        for day in days:
            week[day] += spans
    return Hours(tuple(_apart(name, spans) for name, spans in zip(DAYS, week, strict=True)), zone)


def _part(part: str) -> tuple[list[int], list[tuple[int, int]]]:
    words = re.sub(r"\s*-\s*", "-", part).split()
    if len(words) < 2:
        raise BadHours(f"got {part!r}, {WANTED}")
    return _days(words[0]), [_span(word) for word in words[1:]]


def _days(word: str) -> list[int]:
    """Days of `mon` or `fri-mon`, which goes over the end of the week."""
    found = _DAYS.fullmatch(word)
    names = (found["first"], found["last"] or found["first"]) if found else ("", "")
    if not set(names) <= set(DAYS):
        raise BadHours(f"got the days {word!r}, wanted Mon, Tue, Wed, Thu, Fri, Sat, Sun, or a range such as Mon-Fri")
    first, last = (DAYS.index(name) for name in names)
    return [(first + i) % 7 for i in range((last - first) % 7 + 1)]


def _span(word: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(word)
    if not found:
        raise BadHours(f"got the times {word!r}, wanted two such as 09:00-18:00")
    h1, m1, h2, m2 = map(int, found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or end > _MIDNIGHT or start >= _MIDNIGHT:
        raise BadHours(f"got the times {word!r}, wanted times of a day from 00:00 to 24:00")
    if end <= start:
        raise BadHours(f"got {word!r}, which ends before it begins; wanted two parts: until 24:00, and from 00:00 on")
    return start, end


def _apart(day: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    ordered = sorted(spans)
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise BadHours(f"got two times for {day.title()} that overlap, wanted each hour once")
    return tuple(ordered)
