"""Whether a promotion applies to an order, what it takes off, and why not. Pure; all amounts are Decimal.

A code applies when its days have come and not gone, the order has what it is for, none of that is excluded, and the
goods reach its minimum. What the shop's data do not tell (whether it is somebody's first order, words that fit nothing
in the shop) leaves it depending on that; a discount is worked out only where all depends on plain conditions that can
be said beside it, and never where words were not understood. Codes are used together only where each names the other.
Amounts come off before percentages, which is the least that any checkout's order of steps can give; nothing falls
below zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.promotions.scope import Fit, Meaning, Scope, Vocabulary, read
from knowledge.passages import Product, Promotion, Variant, rounded
from knowledge.words import fold

_EVERY_CODE = frozenset(
    {"other codes", "any code", "any other code", "all codes", "其他优惠码", "所有优惠码", "任意优惠码"}
)
_FREE_SHIPPING = frozenset({"free shipping", "免运费", "包邮"})


class Cause(StrEnum):
    """Why a code does not apply, or what that depends on."""

    NOT_YET = "not_yet"
    OVER = "over"
    MINIMUM = "minimum"
    GOODS = "goods"
    EXCLUDED = "excluded"
    CURRENCY = "currency"
    FIRST_ORDER = "first_order"
    SHIPPING = "shipping"
    UNCLEAR = "unclear"
    STACKING = "stacking"


@dataclass(frozen=True, slots=True)
class Why:
    """A cause with the shop's words for it, or the amount that is missing to a minimum."""

    cause: Cause
    words: str = ""
    missing: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one variant."""

    product: Product
    variant: Variant
    pieces: int = 1

    @property
    def total(self) -> Decimal:
        """Price times pieces."""
        return self.variant.price * self.pieces


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody would buy on a day. `first` tells whether it is their first order; None where nobody knows."""

    lines: tuple[Line, ...]
    day: date
    first: bool | None = None

    @property
    def total(self) -> Decimal:
        """Value of the goods, before any discount. Mixed currencies are not added up by any shop: see `judge`."""
        return sum((line.total for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a promotion is for an order.

    Attributes:
        fit: YES: it applies. UNCLEAR: that depends on `whys`. NO: it does not, because of all `whys`.
        saving: What comes off the goods; 0 unless it applies, or depends on plain conditions alone.
        places: Of the order's lines that it takes something off, from 0.
    """

    promotion: Promotion
    fit: Fit
    whys: tuple[Why, ...] = ()
    saving: Decimal = Decimal(0)
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Joint:
    """What several codes in one order come to. `saving` is 0 unless all of them may be used together and apply."""

    findings: tuple[Finding, ...]
    fit: Fit
    saving: Decimal = Decimal(0)
    whys: tuple[Why, ...] = ()


_REFUSES = frozenset({Cause.NOT_YET, Cause.OVER, Cause.MINIMUM, Cause.GOODS, Cause.EXCLUDED, Cause.CURRENCY})
_PLAIN = frozenset({Cause.FIRST_ORDER})
"""What a discount may depend on and still be worked out: a condition that the shopper can judge."""


def running(promotion: Promotion, day: date) -> Why | None:
    """None on the promotion's days; else whether it is over or has not begun."""
    if promotion.starts and day < promotion.starts:
        return Why(Cause.NOT_YET)
    return Why(Cause.OVER) if day > promotion.ends else None


def judge(promotion: Promotion, order: Order, vocabulary: Vocabulary) -> Finding:
    """Whether one code applies to an order, alone. An order without lines is never refused for its goods."""
    whys = [why] if (why := running(promotion, order.day)) else []
    scopes = [read(words, vocabulary) for words in promotion.applies_to]
    whys += _conditions(promotion, scopes, order)
    if any(line.variant.currency != promotion.currency for line in order.lines):
        return _finding(promotion, order, [*whys, Why(Cause.CURRENCY)], ())
    marks = [_mark(promotion, scopes, line, vocabulary) for line in order.lines]
    meant = tuple(place for place, mark in enumerate(marks) if not mark)
    about = list(dict.fromkeys(why for mark in marks for why in mark)) if not meant else []
    if any(why.cause is Cause.UNCLEAR for why in about):  # some line may be meant: what others lack refuses nothing
        about = [why for why in about if why.cause is Cause.UNCLEAR]
    return _finding(promotion, order, whys + about + _minimum(promotion, order, meant), meant)


def together(promotions: Sequence[Promotion], order: Order, vocabulary: Vocabulary) -> Joint:
    """What codes come to in one order, in whatever order they are named; each counts once."""
    codes = sorted({p.code: p for p in promotions}.values(), key=lambda p: (p.kind != "amount", p.code))
    findings = tuple(judge(promotion, order, vocabulary) for promotion in codes)
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    stacking = min((may_combine(a, b) for a, b in pairs), default=Fit.YES)
    fit = min([stacking, *(finding.fit for finding in findings)], default=Fit.NO)
    whys = (Why(Cause.STACKING),) if stacking is not Fit.YES else ()
    clear = all(finding.fit and {why.cause for why in finding.whys} <= _PLAIN for finding in findings)
    saving = _save(findings, order) if stacking is Fit.YES and clear else Decimal(0)
    return Joint(findings, fit, saving, whys)


def may_combine(one: Promotion, other: Promotion) -> Fit:
    """Whether two codes may be used in one order: YES if each names the other, UNCLEAR if only one of them does."""
    if one.code == other.code:
        return Fit.NO
    return Fit(int(_names(one, other)) + int(_names(other, one)))


def _names(one: Promotion, other: Promotion) -> bool:
    said = {" ".join(fold(words).split()) for words in one.stacks_with}
    free = other.kind == "free_shipping" and bool(said & _FREE_SHIPPING)
    return fold(other.code) in said or free or bool(said & _EVERY_CODE)


def _conditions(promotion: Promotion, scopes: Iterable[Scope], order: Order) -> list[Why]:
    """What does not depend on the goods."""
    out = []
    for scope in scopes:
        if scope.meaning is Meaning.FIRST_ORDER and order.first is not True:
            out.append(Why(Cause.GOODS if order.first is False else Cause.FIRST_ORDER, scope.words))
    if promotion.kind == "free_shipping":
        out.append(Why(Cause.SHIPPING, ", ".join(promotion.applies_to)))
    return out


def _mark(promotion: Promotion, scopes: Sequence[Scope], line: Line, vocabulary: Vocabulary) -> tuple[Why, ...]:
    """Why a line is not meant, or is not for sure; empty when it is."""
    if promotion.kind == "free_shipping":  # its words tell of shipping; goods count for its minimum alone
        scopes = ()
    wanted = max((scope.fits(line.product, line.variant) for scope in scopes), default=Fit.YES)
    if wanted is Fit.NO:
        return (Why(Cause.GOODS, ", ".join(promotion.applies_to)),)
    barred = [(w, read(w, vocabulary).fits(line.product, line.variant)) for w in promotion.excludes]
    if out := [words for words, fit in barred if fit is Fit.YES]:
        return tuple(Why(Cause.EXCLUDED, words) for words in out)
    unsure = [words for words, fit in barred if fit is Fit.UNCLEAR]
    if wanted is Fit.UNCLEAR:
        unsure += promotion.applies_to
    return tuple(Why(Cause.UNCLEAR, words) for words in unsure)


def _minimum(promotion: Promotion, order: Order, meant: Sequence[int]) -> list[Why]:
    """Short of the minimum by all goods it is not reached; by those alone that count for sure, it depends."""
    if not order.lines or not promotion.min_order:
        return []
    if order.total < promotion.min_order:
        return [Why(Cause.MINIMUM, missing=promotion.min_order - order.total)]
    counted = sum((order.lines[place].total for place in meant), Decimal(0))
    return [Why(Cause.UNCLEAR, "minimum")] if meant and counted < promotion.min_order else []


def _finding(promotion: Promotion, order: Order, whys: Sequence[Why], meant: tuple[int, ...]) -> Finding:
    causes = {why.cause for why in whys}
    if causes & _REFUSES:
        return Finding(promotion, Fit.NO, tuple(why for why in whys if why.cause in _REFUSES))
    finding = Finding(
        promotion, Fit.UNCLEAR if whys else Fit.YES, tuple(whys), places=meant if causes <= _PLAIN else ()
    )
    return replace(finding, saving=_save([finding], order))


def _save(findings: Sequence[Finding], order: Order) -> Decimal:
    """What comes off, rounded to what can be paid: amounts first, spread over their lines, then percentages."""
    left = [line.total for line in order.lines]
    for finding in findings:
        base = sum((left[place] for place in finding.places), Decimal(0))
        share = _share(finding.promotion, base)
        for place in finding.places:
            left[place] *= 1 - share
    currency = findings[0].promotion.currency if findings else ""
    return min(rounded(order.total - sum(left, Decimal(0)), currency), order.total)


def _share(promotion: Promotion, base: Decimal) -> Decimal:
    """The part of `base` that a code takes off, 0 to 1."""
    if promotion.kind == "percent":
        return min(promotion.value / 100, Decimal(1))
    if promotion.kind == "amount" and base > 0:
        return min(promotion.value, base) / base
    return Decimal(0)
