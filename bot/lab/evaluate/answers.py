"""Whether answers on price, stock, size, delivery and policy are exactly right, declined or wrong, on the sample shop.

Each question is asked in a conversation of its own, along the whole way of a turn: what is measured is what a shopper
reads. Right: every wanted figure is said, no foreign one, and a source is cited. Declined: asked back, or a person is
offered. Everything else is wrong.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.app import Services, opened
from bot.conversation import Author, Draft, Message, State
from bot.lab.evaluate.questions import Asked, questions
from bot.lab.evaluate.section import Ground, Row, Section
from bot.policy import Action
from bot.reply import Reply, Turn

SEED = 20261122
EACH = 45
AIM = 0.98
DECLINED = frozenset({Action.ASK.value, Action.DECLINE.value, Action.OFFER_STAFF.value, Action.HAND_OVER.value})
LANGS = ("en", "zh")
AT = datetime(2026, 11, 22, 18, tzinfo=UTC)

Told = tuple[Asked, str, str]
"""A question, the verdict (`right`, `declined`, `wrong`), and the reply."""


def measure(ground: Ground) -> Section:
    """Ask everything in both languages."""
    told = asyncio.run(_asked(ground))
    rows = [_row(told, lang) for lang in LANGS]
    rows += [_by_kind(told, lang) for lang in LANGS]
    figures = {lang: _figures([one for one in told if one[0].lang == lang]) for lang in LANGS}
    return Section({**figures, "seed": SEED}, tuple(rows))


async def _asked(ground: Ground) -> list[Told]:
    told = []
    async with opened(ground.settings) as services:
        for lang in LANGS:
            for asked in made(services, lang, 5 if ground.quick else EACH):
                told.append((asked, *judged(asked, await _reply(services, asked))))
            ground.say(f"{lang}: {len(told)} asked")
    return told


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


def _row(told: Sequence[Told], lang: str) -> Row:
    verdicts = Counter(verdict for asked, verdict, _ in told if asked.lang == lang)
    count = verdicts.total()
    shares = ", ".join(f"{verdicts[name]} {name}" for name in ("right", "declined", "wrong"))
    what = f"{count} generated and checked questions, {lang}"
    return Row(what, f"{verdicts['right'] / count:.1%} ({shares})", aim=f"≥ {AIM:.0%}, 0 wrong")


def _by_kind(told: Sequence[Told], lang: str) -> Row:
    kinds = dict.fromkeys(asked.kind for asked, _, _ in told)
    parts = []
    for kind in kinds:
        verdicts = [verdict for asked, verdict, _ in told if (asked.kind, asked.lang) == (kind, lang)]
        parts.append(f"{kind} {verdicts.count('right')}/{len(verdicts)}")
    return Row(f"right of each kind, {lang}", ", ".join(parts))
