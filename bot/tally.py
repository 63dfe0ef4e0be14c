"""Counts of conversations: totals, by day, by hour of the week, by language, outcomes, ratings and times. Pure.

Two rules hold everywhere, so that figures add up over days and ranges. A conversation counts once, at the shopper's
first line in it; what is written counts when it was written. A conversation in which the shopper wrote nothing counts
nowhere. Days are those of the range's own clock; the last one is not in it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation import Author, Mood, Stage
from bot.lines import WRITTEN, Exchange, Line, Talk
from bot.outcomes import Outcome, handed_over, outcome
from bot.stage import further, worse

_BY_AUTHOR = {Author.SHOPPER: "shopper_messages", Author.BOT: "bot_messages", Author.STAFF: "staff_messages"}


@dataclass(frozen=True, slots=True)
class Span:
    """Days on a clock: from the first, up to but without `end`."""

    first: date
    end: date
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        """The moment on the range's clock."""
        return at.astimezone(self.zone)

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        return self.first <= self.local(at).date() < self.end

    def days(self) -> Iterator[date]:
        """Every day, ascending."""
        for n in range((self.end - self.first).days):
            yield self.first + timedelta(days=n)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of the values do not exceed (nearest rank); None without values."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


class Tally:
    """Counts talks one by one. `now` decides which of them are over."""

    def __init__(self, span: Span, now: datetime) -> None:
        self._span, self._now = span, now
        self._totals: Counter[str] = Counter()
        self._by_day: dict[date, Counter[str]] = {day: Counter() for day in span.days()}
        self._by_hour: Counter[tuple[int, int, str]] = Counter()
        self._by_lang: Counter[tuple[str, str]] = Counter()
        self._outcomes: Counter[Outcome] = Counter()
        self._by_stage: Counter[tuple[Stage, str]] = Counter()
        self._moods: Counter[Mood] = Counter()
        self._ratings: Counter[int] = Counter()
        self._first_word_ms: list[float] = []
        self._answer_ms: list[float] = []

    def add(self, talk: Talk) -> None:
        """Count a talk and what was written in it, as far as it is in the range."""
        began = talk.began
        if began is None:
            return
        if self._span.holds(began):
            self._conversation(talk, began)
        for line in talk.lines:
            if line.author in WRITTEN and self._span.holds(line.at):
                self._line(talk, line)
        for exchange in talk.exchanges():
            if self._span.holds(exchange.asked.at):
                self._exchange(exchange)

    def _conversation(self, talk: Talk, began: datetime) -> None:
        local, result = self._span.local(began), outcome(talk, self._now)
        self._outcomes[result] += 1
        self._count(local, "conversations")
        self._by_day[local.date()][result] += 1
        self._by_lang[talk.lang, "conversations"] += 1
        self._totals["handed_over"] += handed_over(talk)
        self._felt(talk, result)

    def _felt(self, talk: Talk, result: Outcome) -> None:
        """Count the furthest stage that it reached, and its worst mood."""
        readings = list(talk.readings())
        stage = reduce(further, (reading.stage for reading in readings), Stage.DISCOVERY)
        self._by_stage[stage, "conversations"] += 1
        self._by_stage[stage, "abandoned"] += result is Outcome.ABANDONED
        self._by_stage[stage, "handed_over"] += handed_over(talk)
        self._moods[reduce(worse, (reading.mood for reading in readings), Mood.CALM)] += 1

    def _line(self, talk: Talk, line: Line) -> None:
        local = self._span.local(line.at)
        self._totals["messages"] += 1
        self._totals[_BY_AUTHOR[line.author]] += 1
        self._by_day[local.date()]["messages"] += 1
        self._by_lang[talk.lang, "messages"] += 1
        if line.author is Author.SHOPPER:
            self._by_hour[local.isoweekday(), local.hour, "messages"] += 1
        else:
            self._ratings[line.rating] += 1

    def _exchange(self, exchange: Exchange) -> None:
        day = self._by_day[self._span.local(exchange.asked.at).date()]
        for name in _results(exchange):
            self._totals[name] += 1
            day[name] += 1
        if exchange.answered and exchange.reply:
            basis = exchange.reply.basis
            self._first_word_ms += [] if basis.first_word_ms is None else [basis.first_word_ms]
            self._answer_ms += [] if basis.answer_ms is None else [basis.answer_ms]

    def _count(self, local: datetime, name: str) -> None:
        self._totals[name] += 1
        self._by_day[local.date()][name] += 1
        self._by_hour[local.isoweekday(), local.hour, name] += 1

    def figures(self) -> dict[str, Any]:
        """Everything counted so far, JSON-able; rows without anything are there too."""
        return {
            "totals": {name: self._totals[name] for name in TOTALS},
            "series": [
                {"day": day.isoformat(), **{name: counts[name] for name in DAILY}}
                for day, counts in self._by_day.items()
            ],
            "hours": [
                {"weekday": weekday, "hour": hour, **{name: self._by_hour[weekday, hour, name] for name in HOURLY}}
                for weekday in range(1, 8)
                for hour in range(24)
            ],
            "languages": self._languages(),
            "outcomes": {result.value: self._outcomes[result] for result in Outcome},
            "stages": self._stages(),
            "moods": {mood.value: self._moods[mood] for mood in Mood},
            "ratings": {"up": self._ratings[1], "down": self._ratings[-1], "none": self._ratings[0]},
            "times": {"first_word_ms": _times(self._first_word_ms), "answer_ms": _times(self._answer_ms)},
        }

    def _stages(self) -> list[dict[str, Any]]:
        stages = list(Stage)
        counts = [self._by_stage[stage, "conversations"] for stage in stages]
        return [
            {
                "stage": stage.value,
                "conversations": counts[place],
                "reached": sum(counts[place:]),
                "went_on": sum(counts[place + 1 :]),
                "abandoned": self._by_stage[stage, "abandoned"],
                "handed_over": self._by_stage[stage, "handed_over"],
            }
            for place, stage in enumerate(stages)
        ]

    def _languages(self) -> list[dict[str, Any]]:
        rows = [
            {"lang": lang, **{name: self._by_lang[lang, name] for name in HOURLY}}
            for lang in {lang for lang, _ in self._by_lang}
        ]
        return sorted(rows, key=lambda row: (-row["conversations"], -row["messages"], row["lang"]))


HOURLY = ("conversations", "messages")
TOTALS = (
    *("conversations", "messages", *_BY_AUTHOR.values()),
    *("questions", "answered", "unanswered", "failed", "handed_over"),
)
DAILY = ("conversations", "messages", "questions", "answered", "unanswered", "failed", *(o.value for o in Outcome))


def _results(exchange: Exchange) -> Iterable[str]:
    """Under which names a shopper's line counts; a line that is no question for the knowledge counts under none."""
    names = {"answered": exchange.answered, "unanswered": exchange.missed, "failed": exchange.failed}
    found = [name for name, is_so in names.items() if is_so]
    return ["questions", *found] if found else []


def _times(values_ms: Sequence[float]) -> dict[str, Any]:
    shown = {name: percentile(values_ms, share) for name, share in (("p50", 0.5), ("p95", 0.95))}
    return {name: None if ms is None else round(ms, 1) for name, ms in shown.items()} | {"count": len(values_ms)}
