"""Whether wishes are understood, and only products that fit are shown; and that questions of policy are left alone.

Every message goes the whole way of a turn, in a conversation of its own. The labels are predicates over the products'
raw fields (`needed.py`). The test half was first measured at 93.2 % (English) and 93.9 % (Chinese) understood exactly,
on 2026-11-22. Faults that it showed were mended then, so it tells of regressions from now on. The clean half was
written afterwards, without a look at the rules, and measured once.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app import Services, opened
from bot.conversation import Author, Draft, Message, State
from bot.lab import machine
from bot.lab.evaluate.needed import Need, first, fits, needs
from bot.lab.evaluate.section import Ground, Row, Section
from bot.reply import Reply, Turn
from bot.shopping.asking import ask
from bot.shopping.filters import fitting
from bot.shopping.reading import read
from bot.shopping.vocabulary import Vocabulary, vocabulary
from knowledge.live import Live

GOLD = machine.ROOT / "bot" / "lab" / "gold"
AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
CURRENCY = "USD"
HALVES = ("clean", "test", "tune")
AIM_EXACT, AIM_UNDERSTOOD = 1.0, 0.95


@dataclass(frozen=True, slots=True)
class _Judged:
    """A need with what came of it.

    Attributes:
        shown: How many products were shown, and `fit` how many of them fit.
        understood: The wishes read from it let in just the products that the label does.
        right: All that was shown fits, the best first where that was asked, and something was shown if anything fits.
    """

    need: Need
    shown: int
    fit: int
    understood: bool
    right: bool
    text: str


def measure(ground: Ground) -> Section:
    """Ask for everything, and hand every question of the knowledge to the recogniser."""
    return asyncio.run(_measured(ground))


async def _measured(ground: Ground) -> Section:
    wanted = needs(GOLD / "needs.jsonl")
    wanted = wanted[::8] if ground.quick else wanted
    async with opened(ground.settings) as services:
        judged = [await _judge(need, services) for need in wanted]
        ground.say(f"{len(judged)} wishes asked")
        taken = await _taken(services)
    rows = [row for half in HALVES for lang in ("en", "zh") for row in _rows(judged, half, lang)]
    figures = {half: {lang: _figures(judged, half, lang) for lang in ("en", "zh")} for half in HALVES}
    return Section({**figures, "false_takes": taken}, (*rows, *_taken_rows(taken)))


async def _judge(need: Need, services: Services) -> _Judged:
    snapshot = services.library.current
    live = services.upkeep.prices.over(snapshot)
    words = vocabulary(live.products)
    products = [product for handle in live.products if (product := live.product(handle))]
    right = need.right(products)
    reply = await _reply(services, need.text, need.lang)
    shown = [product for card in reply.draft.cards if (product := live.product(card.handle))]
    own = _own(need.text, words, live)
    fit = sum(fits(product, need.label) for product in shown)
    best = first(shown, [product for product in products if product.handle in right], need.label) if right else not own
    some = bool(shown) and fit == len(shown) if right else True
    return _Judged(need, len(shown) if right else 0, fit if right else 0, own == right, some and best, reply.draft.text)


def _own(text: str, words: Vocabulary, live: Live) -> frozenset[str]:
    """Handles of what fits the wishes as they were read."""
    return frozenset(one.product.handle for one in fitting(read(text, words, CURRENCY).wishes, words, live))


async def _reply(services: Services, text: str, lang: str) -> Reply:
    draft = Draft(Author.SHOPPER, text, client_id="evaluation", wants_reply=True)
    turn = Turn(Message("evaluation", 1, AT, draft), State("evaluation", lang=lang))

    async def show(_piece: str) -> None:
        """Nobody looks on."""

    return await services.playground.answer(turn, show)


async def _taken(services: Services) -> dict[str, object]:
    """Questions that are not for the search and that it takes: of the knowledge itself, and of other wording."""
    words = vocabulary(services.library.current.products)
    asked = sorted({q for p in services.library.current.passages.values() for q in p.questions})
    alone = [text for text in asked if ask(read(text, words, CURRENCY), searching=False, named=False)]
    served = [text for text in alone if await _searched(services, text)]
    fresh = list(_fresh())
    wrong = [text for text in fresh if await _searched(services, text)]
    return {
        "questions": len(asked),
        "recogniser_alone": len(alone),
        "served": len(served),
        "examples": served,
        "fresh": len(fresh),
        "fresh_served": len(wrong),
        "fresh_examples": wrong,
    }


async def _searched(services: Services, text: str) -> bool:
    lang = "zh" if any(char >= "\u3400" for char in text) else "en"
    return (await _reply(services, text, lang)).trace.generator == "search"


def _fresh() -> Iterator[str]:
    """Questions of policy in other words than the knowledge has them."""
    for row in map(json.loads, (GOLD / "policies.jsonl").read_text("utf-8").splitlines()):
        yield from (text for lang in ("en", "zh") for text in row.get(lang, ()))


def _of(judged: Sequence[_Judged], half: str, lang: str) -> list[_Judged]:
    return [one for one in judged if one.need.half == half and one.need.lang == lang]


def _figures(judged: Sequence[_Judged], half: str, lang: str) -> dict[str, object]:
    own = _of(judged, half, lang)
    shown, fit = sum(one.shown for one in own), sum(one.fit for one in own)
    return {
        "wishes": len(own),
        "understood": sum(one.understood for one in own),
        "right": sum(one.right for one in own),
        "shown": shown,
        "fit": fit,
        "not_right": [{"text": o.need.text, "reply": o.text[:300]} for o in own if not o.right or not o.understood],
    }


def _rows(judged: Sequence[_Judged], half: str, lang: str) -> Iterator[Row]:
    counts = Counter[str]()
    for one in _of(judged, half, lang):
        counts.update(n=1, shown=one.shown, fit=one.fit, right=one.right, understood=one.understood)
    if not counts["n"]:
        return
    name = f"{lang}, {half} half of {counts['n']}"
    yield Row(f"shown products that fit every wish, {name}", _share(counts, "fit", "shown"), aim=f"{AIM_EXACT:.0%}")
    yield Row(f"wishes understood exactly, {name}", _share(counts, "understood", "n"), aim=f"{AIM_UNDERSTOOD:.0%}")
    yield Row(f"wishes answered right, {name}", _share(counts, "right", "n"), aim=f"{AIM_UNDERSTOOD:.0%}")


def _share(counts: Mapping[str, int], some: str, whole: str) -> str:
    return f"{counts[some] / max(1, counts[whole]):.1%} ({counts[some]} of {counts[whole]})"


def _taken_rows(taken: Mapping[str, object]) -> Iterator[Row]:
    yield Row(
        "FAQ questions that the search takes",
        f"{taken['served']} of {taken['questions']}",
        floor=f"{taken['recogniser_alone']} by the recogniser alone",
        aim="0",
    )
    yield Row(
        "policy questions in other words that the search takes", f"{taken['fresh_served']} of {taken['fresh']}", aim="0"
    )
