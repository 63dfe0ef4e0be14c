"""Stage and mood, turn by turn, on labelled conversations held with the whole bot: accuracy, macro-F1, confusion.

Labels are what a person would say after each message of the shopper, by this guide.

Stage: *discovery* looks around, asks about the shop, or about an order that was made; *interested* asks about a certain
product, compares, or comes back to one; *ready* asks how to get it: pay, codes, stock in a size, delivery by a day, or
has a cart. It stays through small talk and after-sales questions, and comes down by a step when the shopper hesitates
or refuses. Mood: *angry* insults, threatens or is beside themselves; *annoyed* complains of waiting, of repeating, of
the bot, shouts, is sarcastic; a message that is calm in itself keeps the mood of the one before it, the second calm
one does not; thanks end it.

Asking for a person, and agreeing to one, tells nothing of the mood.

The sets lie in `gold/`: rules are tuned on `intent_tune` and `intent_seen`; `intent_test` was written before there were
any rules, `intent_fresh` after the last of them. All are of one author, so figures on real shoppers will be lower;
those of `test` are too good, as who wrote the rules had written its sentences an hour before. `clean` was written by
somebody who had not read the rules, and before anything was run on it. So it is the one to go by; a set whose errors
were looked at becomes another `seen`.

How often calm people are taken for cross ones is bounded on public questions to assistants, where nearly all are calm.
"""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bot.app import Services, opened
from bot.conversation import Message, Mood, Reason, Stage, Visit
from bot.errors import GeneratorFailed
from bot.lab.evaluate.section import Ground, Row, Section
from bot.mood import alarm, mood
from bot.reply import Trace
from bot.stage import Reading

GOLD = Path(__file__).resolve().parent.parent / "gold"
TUNED = ("tune", "seen")
SETS = (*TUNED, "test", "fresh", "clean")
PUBLIC = ("dev/clinc150.jsonl.gz", "dev/banking77.jsonl.gz")
QUICK = 6
PATIENCE_S = 60.0
LANGS = ("en", "zh")
LABELS: dict[str, tuple[str, ...]] = {"stage": tuple(s.value for s in Stage), "mood": tuple(m.value for m in Mood)}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A conversation: what the shop's page told, and each message with its stage and mood."""

    id: str
    lang: str
    visit: Visit
    turns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One label beside what was read: of `stage` or `mood`, by the bot and by the baselines."""

    of: str
    lang: str
    want: str
    got: str
    text: str = ""
    alarmed: str = ""


def conversations(name: str) -> list[Labelled]:
    """The conversations of a set; empty when there is no such set."""
    path = GOLD / f"intent_{name}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [_labelled(json.loads(line)) for line in lines]


def measure(ground: Ground) -> Section:
    """Hold every conversation, and compare what was read with what is labelled."""
    sets = {name: conversations(name) for name in SETS}
    if ground.quick:
        sets = {name: [*found[:QUICK], *found[-QUICK:]] for name, found in sets.items()}
    points = asyncio.run(_held(ground, {name: found for name, found in sets.items() if found}))
    figures = {name: scored(found, points["tune"]) for name, found in points.items()}
    for name, found in figures.items():
        found["conversations"] = {lang: sum(c.lang == lang for c in sets[name]) for lang in LANGS}
    public = [_flagged(ground, name) for name in PUBLIC if ground.data]
    rows = [*_rows(figures), *(Row(f"{one['data']}: not read as calm", _share(one)) for one in public)]
    return Section({**figures, "public": public}, tuple(rows), NOTES)


NOTES = (
    "conversations of our own, one author: `test` was written before any rule, by who then wrote them, so it flatters",
    "`fresh` was written after the last rule, `clean` without a look at the rules, and each was measured once",
    "public questions: a bound on false alarms, no labels",
    "majority: always the label most frequent in `tune`; alarm: angry where a person would be offered, else calm",
)


def scored(points: Sequence[Point], tune: Sequence[Point]) -> dict[str, Any]:
    """Accuracy, macro-F1 and confusion of stage and mood by language, beside what is trivial."""
    return {of: {lang: _scores(of, lang, points, tune) for lang in ("all", *LANGS)} for of in LABELS}


def _scores(of: str, lang: str, points: Sequence[Point], tune: Sequence[Point]) -> dict[str, Any]:
    own = [point for point in points if point.of == of and lang in ("all", point.lang)]
    usual = Counter(point.want for point in tune if point.of == of).most_common(1)[0][0]
    found: dict[str, Any] = {"n": len(own), **_figures(own, lambda point: point.got, of)}
    found["majority"] = _figures(own, lambda _: usual, of)
    if of == "mood":
        found["alarm"] = _figures(own, lambda point: point.alarmed, of)
    seen = Counter((point.want, point.got) for point in own)
    found["confusion"] = {want: {got: seen[want, got] for got in LABELS[of]} for want in LABELS[of]}
    found["wrong"] = [f"{point.want}, got {point.got}: {point.text}" for point in own if point.want != point.got]
    return found


def _figures(points: Sequence[Point], guess: Callable[[Point], str], of: str) -> dict[str, float]:
    pairs = [(point.want, guess(point)) for point in points]
    right = sum(want == got for want, got in pairs)
    scores = [f1(label, pairs) for label in LABELS[of]]
    return {"accuracy": round(right / max(1, len(pairs)), 4), "macro_f1": round(sum(scores) / len(scores), 4)}


def f1(label: str, pairs: Sequence[tuple[str, str]]) -> float:
    """F1 of one label over (wanted, got); 0 where it is neither wanted nor got."""
    both = sum(want == got == label for want, got in pairs)
    either = sum((want == label) + (got == label) for want, got in pairs)
    return 2 * both / either if either else 0.0


def _flagged(ground: Ground, name: str) -> dict[str, Any]:
    """Moods read off public questions; there are no labels."""
    texts = [str(row["text"]) for row in ground.rows(name)]
    moods = Counter(mood(text).value for text in (texts[:500] if ground.quick else texts))
    return {"data": name, "n": sum(moods.values()), **{label: moods[label] for label in LABELS["mood"]}}


def _share(found: dict[str, Any]) -> str:
    return f"{100 * (1 - found['calm'] / found['n']):.2f} % of {found['n']}"


def _rows(figures: dict[str, Any]) -> list[Row]:
    rows = []
    for name in (one for one in SETS if one in figures and one not in TUNED):
        for of in LABELS:
            for lang in LANGS:
                found = figures[name][of][lang]
                told = f"{name}: {of}, {lang}, {found['n']} turns: accuracy / macro-F1"
                rows.append(Row(told, _pair(found), _floors(found)))
    return rows


def _floors(found: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_pair(found[name])}" for name in ("majority", "alarm") if name in found)


def _pair(found: dict[str, float]) -> str:
    return f"{100 * found['accuracy']:.1f} % / {found['macro_f1']:.2f}"


# The conversations


async def _held(ground: Ground, sets: dict[str, list[Labelled]]) -> dict[str, list[Point]]:
    async with opened(ground.settings) as services:
        out = {}
        for name, found in sets.items():
            ground.say(f"{len(found)} conversations of {name}")
            out[name] = list(chain.from_iterable([await _points(services, one) for one in found]))
        return out


async def _points(services: Services, labelled: Labelled) -> list[Point]:
    """What was read after each message, as the stored reply has it."""
    conversation = secrets.token_urlsafe(18)
    replies: asyncio.Queue[Trace] = asyncio.Queue()

    def note(message: Message, trace: Trace) -> None:
        if message.conversation == conversation:
            replies.put_nowait(trace)

    services.dialogue.on_reply = note
    await services.dialogue.open(conversation, labelled.lang, "")
    await services.dialogue.visited(conversation, labelled.visit)
    points: list[Point] = []
    for text, stage, felt in labelled.turns:
        await services.dialogue.hear(conversation, secrets.token_urlsafe(12), text)
        try:
            async with asyncio.timeout(PATIENCE_S):
                reading = (await replies.get()).reading or Reading()
        except TimeoutError:
            raise GeneratorFailed(f"intent: no answer within {PATIENCE_S:g} s to {text!r}") from None
        points.append(Point("stage", labelled.lang, stage, reading.stage.value, text))
        points.append(Point("mood", labelled.lang, felt, reading.mood.value, text, _alarmed(text)))
    return points


def _alarmed(text: str) -> str:
    """The mood as the offer of a person sees it, which is all that there was before."""
    return Mood.ANGRY.value if alarm(text) in (Reason.ANGER, Reason.LEGAL_THREAT) else Mood.CALM.value


def _labelled(kept: dict[str, Any]) -> Labelled:
    visit = kept["visit"]
    told = Visit(visit.get("product", ""), tuple(visit.get("viewed", ())), tuple(visit.get("cart", ())))
    turns = tuple((turn["text"], turn["stage"], turn["mood"]) for turn in kept["turns"])
    return Labelled(kept["id"], kept["lang"], told, turns)
