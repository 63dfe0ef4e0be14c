"""Whether answers on price, stock, size, delivery and policy are exactly right, declined or wrong, on the sample shop.

Each question is asked in a conversation of its own, along the whole way of a turn: what is measured is what a shopper
reads. Right: every wanted figure is said, no foreign one, and a source is cited. Declined: asked back, or a person is
offered. Everything else is wrong.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.app import Services, opened
from bot.conversation import Author, Draft, Message, State
from bot.lab.evaluate.fresh import SETS, written
from bot.lab.evaluate.questions import Asked, questions
from bot.lab.evaluate.section import Ground, Row, Section
from bot.policy import Action
from bot.reply import Reply, Turn

SEED = 20261122
EACH = 45
AIM = 0.98
MADE = "generated and checked questions"
WRITTEN = {"fresh": "fresh questions, asked once", "seen": "questions whose faults were mended"}
NOTES = (
    "Fresh questions were written by hand, before it was known how the bot answers them, in other wordings than all "
    "before; nothing was changed for them since. Those called seen were as fresh once: first asked, 63 of 74 English "
    "ones were right and 7 wrong, 50 of 73 Chinese ones and 16; of a second lot, with what these taught mended, 37 of "
    "46 and 7, 42 of 46 and 4.",
)
DECLINED = frozenset({Action.ASK.value, Action.DECLINE.value, Action.OFFER_STAFF.value, Action.HAND_OVER.value})
LANGS = ("en", "zh")
AT = datetime(2026, 11, 22, 18, tzinfo=UTC)

Told = tuple[Asked, str, str]
"""A question, the verdict (`right`, `declined`, `wrong`), and the reply."""


def measure(ground: Ground) -> Section:
    """Ask everything in both languages: what is made from templates, and apart from it what was written by hand."""
    told = asyncio.run(_asked(ground))
    rows = [_row(told["made"], lang, MADE) for lang in LANGS]
    rows += [_by_kind(told["made"], lang) for lang in LANGS]
    rows += [replace(_row(told[name], lang, WRITTEN[name]), aim="") for name in SETS for lang in LANGS]
    figures: dict[str, object] = {lang: _figures(_of(told["made"], lang)) for lang in LANGS}
    figures |= {f"{lang}_{name}": _figures(_of(told[name], lang)) for name in SETS for lang in LANGS}
    return Section({**figures, "seed": SEED}, tuple(rows), NOTES)


async def _asked(ground: Ground) -> dict[str, list[Told]]:
    """What came of the made questions, and of each written set."""
    told: dict[str, list[Told]] = {name: [] for name in ("made", *SETS)}
    async with opened(ground.settings) as services:
        for lang in LANGS:
            told["made"] += await _told(services, made(services, lang, 5 if ground.quick else EACH))
            for name in SETS:
                told[name] += await _told(services, list(written(name, lang)))
            ground.say(f"{lang}: {sum(map(len, told.values()))} asked")
    return told


async def _told(services: Services, questions: Sequence[Asked]) -> list[Told]:
    return [(asked, *judged(asked, await _reply(services, asked))) for asked in questions]


def _of(told: Sequence[Told], lang: str) -> list[Told]:
    return [one for one in told if one[0].lang == lang]


def made(services: Services, lang: str, each: int) -> list[Asked]:
    """The questions of a language on the knowledge that serves."""
    snapshot = services.library.current
    live = services.upkeep.prices.over(snapshot)
    products = [product for handle in snapshot.products if (product := live.product(handle))]
    known = [question for passage in snapshot.passages.values() for question in passage.questions]
    return questions(products, known, lang, SEED, each)


async def _reply(services: Services, asked: Asked) -> Reply:
    draft = Draft(Author.SHOPPER, asked.text, client_id="evaluation", wants_reply=True)
    turn = Turn(Message("evaluation", 1, AT, draft), State("evaluation", lang=asked.lang))

    async def show(_piece: str) -> None:
        """Nobody looks on."""

    return await services.playground.answer(turn, show)


def judged(asked: Asked, reply: Reply) -> tuple[str, str]:
    """The verdict on a reply, and its text."""
    draft = reply.draft
    if draft.action in DECLINED:
        return "declined", draft.text
    return "right" if draft.citations and asked.right(draft.text) else "wrong", draft.text


def _figures(told: Sequence[Told]) -> dict[str, object]:
    kinds = dict.fromkeys(asked.kind for asked, _, _ in told)
    counts = {kind: dict(Counter(verdict for asked, verdict, _ in told if asked.kind == kind)) for kind in kinds}
    missed = [
        {"kind": asked.kind, "verdict": verdict, "question": asked.text, "reply": text[:300]}
        for asked, verdict, text in told
        if verdict != "right"
    ]
    return {"asked": len(told), "kinds": counts, "not_right": missed}


def _row(told: Sequence[Told], lang: str, kind: str) -> Row:
    verdicts = Counter(verdict for _, verdict, _ in _of(told, lang))
    count = verdicts.total()
    shares = ", ".join(f"{verdicts[name]} {name}" for name in ("right", "declined", "wrong"))
    return Row(f"{count} {kind}, {lang}", f"{verdicts['right'] / count:.1%} ({shares})", aim=f"≥ {AIM:.0%}, 0 wrong")


def _by_kind(told: Sequence[Told], lang: str) -> Row:
    kinds = dict.fromkeys(asked.kind for asked, _, _ in told)
    parts = []
    for kind in kinds:
        verdicts = [verdict for asked, verdict, _ in told if (asked.kind, asked.lang) == (kind, lang)]
        parts.append(f"{kind} {verdicts.count('right')}/{len(verdicts)}")
    return Row(f"right of each kind, {lang}", ", ".join(parts))
