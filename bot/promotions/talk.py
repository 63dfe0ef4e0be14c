"""The skill for promotions: answers by the rules, cites the promotion, and grants nothing.

Whatever a shopper says somebody promised, only the shop's codes and their conditions count. Prices after a discount
are worked out here, put into a passage of their own (`promotion-price:<code>:<handle>`) and cited from it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from bot.conversation import Card
from bot.policy import Action
from bot.promotions.asked import BROKEN, Ask, asked
from bot.promotions.drafting import Talk
from bot.promotions.rules import Cause, Finding, Line, judge, may_combine, running
from bot.promotions.scope import Fit, Meaning, Vocabulary, is_gift_card, read, wider
from bot.promotions.wording import day
from bot.recommend import cards
from bot.scene import Proposal, Scene
from knowledge.passages import Product, Promotion, money
from knowledge.words import fold, terms

MOST = 6
"""Codes in a list at most."""
LATELY = timedelta(days=120)
SAMPLE = 60
"""Products of a kind that are looked at to say which codes are for it."""
_PROMISED = re.compile(
    r"promised|told me|said|guaranteed|agreed|approved|authori[sz]ed|assured|答应|承诺|说好|保证|批准|同意|说过|说"
)


def promotions(scene: Scene) -> Proposal | None:
    """A reply about codes and discounts; None when the message is about something else, or the shop has no codes."""
    if not scene.promotions or (found := asked(scene)) is None:
        return None
    talk = Talk(scene, found, Vocabulary.of(scene.live.products.values()))
    return _ANSWERS[found.ask](talk)


def _proposal(
    talk: Talk, lines: Sequence[str], cards_: tuple[Card, ...] = (), action: Action = Action.ANSWER
) -> Proposal:
    state = replace(talk.scene.state, task=())
    if talk.asked.product:
        state = replace(state, focus=talk.asked.product.handle)
    return Proposal("\n".join(filter(None, lines)), action, state, tuple(talk.sources), cards_)


# What is on


def _list(talk: Talk) -> Proposal | None:
    goods = _goods(talk)
    if talk.asked.product or talk.asked.goods:
        what = _what(talk)
        fitting = [p for p in _running(talk) if _for_goods(talk, p, goods)]
        coming = [p for p in talk.scene.promotions if _cause(talk, p) is Cause.NOT_YET and _for_goods(talk, p, goods)]
        later = [talk.say("coming"), *_lines(talk, coming)] if coming else []
        mark = f" {about}" if (about := talk.about()) else ""
        opening = talk.say("on_for" if fitting else "none_for", what=what, cite=mark)
        lines = [opening, *_lines(talk, fitting), *later, *_ended(talk, goods)]
        reduced, shown = _reduced(talk, goods, what)
        return _proposal(talk, [*lines, reduced], shown)
    return _proposal(talk, _current(talk))


def _ended(talk: Talk, goods: Sequence[Product]) -> list[str]:
    """Codes for just these goods that ended not long ago: shoppers come with them still."""
    lately = [p for p in talk.scene.promotions if timedelta(0) < talk.today - p.ends <= LATELY]
    kinds = ((p, [read(words, talk.vocabulary).meaning for words in p.applies_to]) for p in lately)
    return [_over(talk, p) for p, of in kinds if Meaning.GOODS in of and _for_goods(talk, p, goods)]


def _current(talk: Talk) -> list[str]:
    """What can be used today, and what comes."""
    on = _running(talk)
    coming = [p for p in talk.scene.promotions if _cause(talk, p) is Cause.NOT_YET]
    opening = talk.say("none" if not on else "on_one" if len(on) == 1 else "on")
    lines = [opening, *_lines(talk, on)]
    return [*lines, talk.say("coming"), *_lines(talk, coming)] if coming else lines


def _lines(talk: Talk, some: Iterable[Promotion]) -> list[str]:
    out = []
    for p in list(some)[:MOST]:
        least = money(p.min_order, p.currency)
        shown = talk.say("least", amount=least) if p.min_order and least.partition(".")[0] not in talk.title(p) else ""
        coming = _cause(talk, p) is Cause.NOT_YET and p.starts
        values = {"code": p.code, "title": talk.title(p), "least": shown, "ends": day(p.ends, talk.lang)}
        starts = day(p.starts, talk.lang) if p.starts else ""
        out.append(talk.say("from" if coming else "until", cite=talk.cited(p), starts=starts, **values))
    return out


def _running(talk: Talk) -> list[Promotion]:
    return [p for p in talk.scene.promotions if running(p, talk.today) is None]


def _cause(talk: Talk, promotion: Promotion) -> Cause | None:
    why = running(promotion, talk.today)
    return why.cause if why else None


def _goods(talk: Talk) -> list[Product]:
    """The products that the question is about."""
    if talk.asked.product:
        return [talk.asked.product]
    live = talk.scene.live
    scopes = [wider(scope, live.products.values()) for scope in talk.asked.goods]
    found = (
        product
        for handle in (live.products if scopes else ())
        if (product := live.product(handle))
        and talk.asked.brand in ("", fold(product.brand))
        and any(scope.fits(product, product.variants[0]) is Fit.YES for scope in scopes)
    )
    return list(islice(found, SAMPLE))


def _for_goods(talk: Talk, promotion: Promotion, goods: Sequence[Product]) -> bool:
    """Whether a code may be for some of the goods, its days, minimum and other plain conditions aside."""
    if promotion.kind == "free_shipping":
        return False
    free = replace(promotion, min_order=promotion.min_order * 0, starts=None, ends=max(promotion.ends, talk.today))
    orders = (talk.order([Line(product, variant)]) for product in goods for variant in product.variants)
    findings = (judge(free, order, talk.vocabulary) for order in orders)
    return any(f.fit is Fit.YES or (f.fit is Fit.UNCLEAR and f.places) for f in findings)


def _reduced(talk: Talk, goods: Sequence[Product], what: str) -> tuple[str, tuple[Card, ...]]:
    """A line on the goods whose price is reduced anyway, with their cards."""
    if talk.asked.product:
        return "", cards([talk.asked.product], talk.lang)
    found = [p for p in goods if any(v.compare_at and v.compare_at > v.price and v.stock for v in p.variants)][:3]
    cited = "".join(map(talk.cited_product, found))
    names = (", " if talk.lang != "zh" else "、").join(p.words(talk.lang).name for p in found)
    return (talk.say("reduced", what=what, names=names, cite=cited) if found else ""), cards(found, talk.lang)


def _what(talk: Talk) -> str:
    """What the question is about, in the shopper's language and as nearly as possible in the shop's words."""
    if talk.asked.product:
        return talk.asked.product.words(talk.lang).name
    names = {
        words.category
        for product in talk.scene.live.products.values()
        for lang, words in product.wording.items()
        if lang == talk.lang and words.category
    }
    exact = [n for n in sorted(names) for scope in talk.asked.goods if tuple(terms(fold(n))) in scope.goods]
    said = exact or [word for scope in talk.asked.goods for word in _said(talk, scope.goods[0])]
    text = talk.say("and").join(said)
    return text.lower() if talk.lang == "en" else text


def _said(talk: Talk, goods: tuple[str, ...]) -> list[str]:
    """The shopper's own words for a kind of goods."""
    words = talk.scene.meaning.text.split()
    return [w.strip("?.!,;:") for w in words if terms(w)[:1] == list(goods[-1:])] or [" ".join(goods)]


# One code


def _code(talk: Talk) -> Proposal:
    promotion = talk.asked.codes[0]
    trouble = talk.say("check") if BROKEN.search(fold(talk.scene.meaning.text)) else ""
    return _proposal(talk, [*_explained(talk, promotion), "" if _cause(talk, promotion) else trouble])


def _explained(talk: Talk, promotion: Promotion) -> list[str]:
    cause = _cause(talk, promotion)
    if cause is Cause.OVER:
        return [_over(talk, promotion), *_instead(talk)]
    text = f"{talk.words(promotion)} {talk.cited(promotion)}"
    if cause is Cause.NOT_YET:
        return [_not_yet(talk, promotion), text]
    return [text, talk.say("today")]


def _over(talk: Talk, promotion: Promotion) -> str:
    return talk.say("over", code=promotion.code, ends=day(promotion.ends, talk.lang), cite=talk.cited(promotion))


def _not_yet(talk: Talk, promotion: Promotion) -> str:
    starts = promotion.starts or promotion.ends
    return talk.say("not_yet", code=promotion.code, starts=day(starts, talk.lang), cite=talk.cited(promotion))


def _instead(talk: Talk) -> list[str]:
    return _current(talk) if _running(talk) else []


def _works(talk: Talk) -> Proposal | None:
    promotion = talk.asked.codes[0]
    if _cause(talk, promotion):
        return _proposal(talk, _explained(talk, promotion))
    if talk.asked.sale and not talk.asked.product:
        return _on_sale(talk, promotion)
    if talk.asked.cart:
        return _for_cart(talk, promotion)
    if product := talk.asked.product or (_gift_card(talk) if talk.asked.gift else None):
        return _for_product(talk, promotion, product)
    goods = _goods(talk)
    return _for_kind(talk, promotion, goods) if goods else _code(talk)


def _gift_card(talk: Talk) -> Product | None:
    live = talk.scene.live
    return next((p for handle in live.products if (p := live.product(handle)) and is_gift_card(p)), None)


def _on_sale(talk: Talk, promotion: Promotion) -> Proposal | None:
    """On reduced goods as such: told only where the code excludes them in so many words."""
    barred = any(read(words, talk.vocabulary).meaning is Meaning.SALE for words in promotion.excludes)
    if not barred:
        return None
    said = talk.say("excluded", code=promotion.code, what=talk.say("sale_items"), cite=talk.cited(promotion))
    return _proposal(talk, [said])


def _for_kind(talk: Talk, promotion: Promotion, goods: Sequence[Product]) -> Proposal:
    """On a kind of goods: told where all of them fare alike, its minimum aside; else the conditions."""
    free = replace(promotion, min_order=promotion.min_order * 0)
    found = [judge(free, talk.order([Line(p, v)]), talk.vocabulary) for p in goods for v in p.variants]
    causes = {why.cause for finding in found for why in finding.whys}
    values = {"code": promotion.code, "what": _what(talk), "cite": talk.cited(promotion)}
    if all(f.fit is Fit.YES for f in found):
        return _proposal(talk, [talk.say("yes", **values), f"{talk.words(promotion)} {values['cite']}"])
    if causes == {Cause.FIRST_ORDER}:
        return _proposal(talk, [talk.say("yes_if_first", **values), f"{talk.words(promotion)} {values['cite']}"])
    if all(f.fit is Fit.NO for f in found) and causes <= {Cause.GOODS, Cause.EXCLUDED}:
        return _proposal(talk, [talk.say("not_for", **values), f"{talk.words(promotion)} {values['cite']}"])
    return _proposal(talk, [_depends(talk, promotion, values["what"])])


def _depends(talk: Talk, promotion: Promotion, what: str) -> str:
    cited = talk.cited(promotion) + talk.about()
    return talk.say("depends", code=promotion.code, what=what, text=talk.words(promotion), cite=cited)


def _for_product(talk: Talk, promotion: Promotion, product: Product) -> Proposal:
    found = [(v, judge(promotion, talk.order([Line(product, v)]), talk.vocabulary)) for v in product.variants]
    shown = cards([product], talk.lang)
    name = product.words(talk.lang).name
    good = [(variant, finding) for variant, finding in found if finding.places and finding.saving]
    if not good:
        worst = max((finding for _, finding in found), key=lambda f: (f.fit, -_least(f)))
        return _proposal(talk, _refused(talk, worst, name), shown)
    variant, finding = min(good, key=lambda pair: pair[0].price - pair[1].saving)
    after, before = money(variant.price - finding.saving, variant.currency), money(variant.price, variant.currency)
    values = {"code": promotion.code, "item": name, "after": after, "before": before}
    text = talk.say("price_source", saving=money(finding.saving, variant.currency), **values)
    source = talk.made(f"promotion-price:{promotion.code}:{product.handle}", talk.say("price_title", **values), text)
    one = len({v.price for v, _ in good}) == 1
    cited = talk.cited(promotion) + talk.about()
    yes = talk.say("yes" if finding.fit is Fit.YES else "yes_if_first", code=promotion.code, what=name, cite=cited)
    price = talk.say("price" if one else "price_from", cite=talk.cite(source), **values)
    partly = any(w.cause is Cause.EXCLUDED for _, f in found for w in f.whys)
    return _proposal(talk, [yes, price, talk.say("some_excluded") if partly else ""], shown)


def _least(finding: Finding) -> int:
    return sum(why.cause is Cause.MINIMUM for why in finding.whys)


def _refused(talk: Talk, finding: Finding, what: str) -> list[str]:
    """Why a code takes nothing off what is named."""
    promotion = finding.promotion
    whys = {why.cause: why for why in finding.whys}
    values = {"code": promotion.code, "what": what, "cite": talk.cited(promotion) + talk.about()}
    words = f"{talk.words(promotion)} {talk.cited(promotion)}"
    if Cause.EXCLUDED in whys:
        return [talk.say("excluded", **values), words]
    if Cause.GOODS in whys:
        return [talk.say("not_for", **values), words]
    if (why := whys.get(Cause.MINIMUM)) and why.missing is not None:
        figures = {
            "least": money(promotion.min_order, promotion.currency),
            "missing": money(why.missing, promotion.currency),
            "total": money(promotion.min_order - why.missing, promotion.currency),
        }
        text = talk.say("minimum_source", code=promotion.code, what=what, **figures)
        source = talk.made(f"promotion-price:{promotion.code}:minimum", f"{promotion.code}", text)
        return [talk.say("minimum", price=talk.cite(source), **values, **figures)]
    return [_depends(talk, promotion, what)]


def _for_cart(talk: Talk, promotion: Promotion) -> Proposal:
    lines = _cart(talk.scene)
    finding = judge(promotion, talk.order(lines), talk.vocabulary)
    what = talk.say("cart")
    if not lines or not (finding.places and finding.saving):
        return _proposal(talk, _refused(talk, finding, what) if lines else _explained(talk, promotion))
    total = sum((line.total for line in lines), promotion.min_order * 0)
    after, before = money(total - finding.saving, promotion.currency), money(total, promotion.currency)
    values = {"code": promotion.code, "item": what, "after": after, "before": before}
    text = talk.say("price_source", saving=money(finding.saving, promotion.currency), **values)
    source = talk.made(f"promotion-price:{promotion.code}:cart", talk.say("price_title", **values), text)
    name = "yes" if finding.fit is Fit.YES else "yes_if_first"
    yes = talk.say(name, code=promotion.code, what=what, cite=talk.cited(promotion))
    return _proposal(talk, [yes, talk.say("price", cite=talk.cite(source), **values)])


def _cart(scene: Scene) -> list[Line]:
    """What the shop's page said lies in the cart, a piece each time that it is named; nothing if a price is unsure."""
    by_sku = {v.sku: handle for handle, p in scene.live.products.items() for v in p.variants if v.sku}
    out = []
    for name in scene.state.visit.cart:
        product = scene.live.product(by_sku.get(name, name))
        variants = [v for v in product.variants if v.sku == name] or list(product.variants) if product else []
        if product is None or len({v.price for v in variants}) != 1:
            return []
        out.append(Line(product, variants[0]))
    return out


# Several codes, none, and a wish for a better price


def _combine(talk: Talk) -> Proposal:
    codes = talk.asked.codes[:3]
    fit = min(may_combine(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :])
    gone = [p for p in codes if _cause(talk, p)]
    cited = "".join(talk.cited(p) for p in codes)
    names = talk.say("and").join(p.code for p in codes)
    key = {Fit.NO: "combine_no", Fit.YES: "combine_yes", Fit.UNCLEAR: "combine_unclear"}[fit]
    ended = [_over(talk, p) if _cause(talk, p) is Cause.OVER else _not_yet(talk, p) for p in gone]
    return _proposal(talk, [talk.say(key, codes=names, cite=cited), *ended])


def _broken(talk: Talk) -> Proposal | None:
    """Asks which code, once; codes to tap. In the middle of being asked, the knowledge answers."""
    if talk.scene.state.asked:
        return None
    choices = tuple(talk.say("choice_use", code=p.code) for p in _running(talk)[:4])
    return Proposal(talk.say("which"), Action.ASK, replace(talk.scene.state, task=()), choices=choices)


def _unknown(talk: Talk) -> Proposal:
    return _proposal(talk, [talk.say("unknown", code=talk.asked.unknown), *_current(talk)])


def _haggle(talk: Talk) -> Proposal:
    promised = talk.say("promised") if _PROMISED.search(fold(talk.scene.meaning.text)) else ""
    goods = _goods(talk)
    fitting = [p for p in _running(talk) if not goods or _for_goods(talk, p, goods)]
    opening = talk.say("on" if len(fitting) > 1 else "on_one") if fitting else talk.say("none")
    return _proposal(talk, [talk.say("haggle"), promised, opening, *_lines(talk, fitting)])


_ANSWERS: Mapping[Ask, Callable[[Talk], Proposal | None]] = {
    Ask.LIST: _list,
    Ask.CODE: _code,
    Ask.WORKS: _works,
    Ask.COMBINE: _combine,
    Ask.BROKEN: _broken,
    Ask.UNKNOWN: _unknown,
    Ask.HAGGLE: _haggle,
}
