"""What a message asks about promotions, or that it asks nothing of the kind. Pure.

A message is taken only if all of it is understood: words that belong neither to promotions, nor to the shop's goods,
nor to small talk (students, points, a friend's code, Black Friday) leave it to the knowledge, which may have an entry
of its own on that.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bot.conversation import Author
from bot.places import places
from bot.promotions.scope import Scope, Vocabulary, is_gift_card, named_goods
from bot.quantities import amounts, plain
from bot.scene import Scene
from knowledge.passages import Kind, Product, Promotion
from knowledge.words import HAN, fold, terms

_PROMO = re.compile(
    r"\b(?:promo(?:tion)?s?|promotional|coupons?|vouchers?|discounts?|discont|rebates?|deals?|special offers?|offers|"
    r"(?:promo|discount|coupon|voucher|offer)[- ]codes?|codes?)\b|优惠|折扣|打折|促销|满减|活动|券|"
    r"(?<![尺鞋大中小加均偏选换号密编验证维条邮几哪半a-z\d])码(?!数)",
)
_HAGGLE = re.compile(
    r"\b(?:give|grant|offer|make|do|knock|take|cut|allow|sell|get|let)\b[^.?!]{0,40}"
    r"(?:\d+ ?(?:%|percent)|% ?off|\b(?:a|another|extra|any|some|special|bigger|better|small|little|huge) discount\b|"
    r"\bfor free\b(?! (?:shipping|delivery|returns?|standard))|\b(?:for|at) half\b|\bhalf[- ]price\b|"
    r"\bfor (?:only |just )?[$€£¥]?\d+ ?(?:\$|dollars?|euros?|bucks?|usd|cents?)|"
    r"\bfor (?:only |just )?[$€£¥]\d+|\bcheaper\b|"
    r"[$€£¥]\d+ off|\b(?:better|lower|special|good|best) (?:price|deal)\b)"
    r"|\b(?:can|could|would|will|please|you)\b[^.?!]{0,20}\b(?:lower|reduce|drop|bring down|negotiate|discuss) "
    r"(?:\w+ ){0,3}prices?\b|\b(?:lowest|best|better|special) (?:\w+ )?(?:price|deal) (?:you|for me|please)\b"
    r"|\b(?:last|final|best|my) offer\b|\b(?:come on|please|just)\b[ ,]*(?:just |only |a )*\d+ ?(?:%"
    r"|percent\b)"
    r"|\bgo (?:any )?lower\b|\b(?:too expensive|haggle|bargain with)\b"
    r"|\b(?:promised|told|said|guaranteed|offered|agreed|approved|authori[sz]ed|confirmed|assured|quoted)\b[^.?!]{0,60}"
    r"(?:\d+ ?(?:%|percent)|\bdiscount\b|\boff\b|\bfor free\b|\bhalf[- ]price\b|\bcoupon\b)"
    r"|(?<!是不是)(?<!会不会)便宜(?:一?[点些]|我)(?!的)|(?:[能以再]\S{0,3}|^)便宜吗|(?:能不能|可以|能)(?:再)?(?:少|低|便宜)(?!.{0,4}的)"
    r"|打(?:个|点|[一二三四五六七八九\d.]+)折(?!扣?[码券])|给(?:我|个|点|咱).{0,8}(?:折|优惠|折扣|减|免费|便宜)"
    r"|再(?:优惠|便宜|少|降|打)(?:点|些|一[点些])(?!的)|最低(?:价|能?多少钱)|抹零|砍价|讲价|还价|议价|太贵"
    r"|(?:答应|承诺|说好|保证|批准|同意|说).{0,20}(?:[一二三四五六七八九\d]折|优惠|免费|减|半价)"
    r"|价格.{0,6}(?:商量|谈|低一?点)|白送|半价卖"
)
_NOT_HAGGLE = re.compile(
    r"\b(?:do you (?:have|sell|carry|stock)|(?:is|are) there|have you got|you got|show me|find me|looking for|something"
    r"|anything)\b[^.?!]{0,40}\b(?:cheaper|less expensive|lower[- ]priced)\b|"
    r"\b(?:refund|difference|after i (?:bought|ordered)|student|teacher|military|veteran|nurse|senior|match)"
    r"|差价|降价后|学生|教师|军人"
)
_FIRST_ORDER = re.compile(
    r"\bfirst (?:order|purchase|time (?:buyer|customer)s?)\b|\bnew customers?\b"
    r"|首单|新(?:客|用户|顾客|人)|第一次(?:买|购|下单)"
)
_COMBINE = re.compile(
    r"\b(?:combin|stack|together|both|at (?:once|the same time)|simultaneously|plus|along with|"
    r"more than one|two codes|(?:two|several|multiple) (?:\w+ )?(?:codes|coupons|discounts))"
    r"|同时|一起|叠加|同用|合并|并用|用(?:[两二三几多2]|不止一)[个张种]"
)
BROKEN = re.compile(
    r"(?:does ?n[o']?t|do ?n[o']?t|did ?n[o']?t|is ?n[o']?t|not|wo ?n[o']?t|ca ?n[o']?t|isnt|doesnt|wont|never) "
    r"(?:\w+ )?(?:work|appl|accept|valid|go(?:ing)? through|use|enter|redeem|add)|"
    r"\b(?:invalid|rejected|refused|declined|failed|fails|broken|error|eror|expired)\b|用不了|不能用|无效|没用|失效"
    r"|用不上|不好使|报错|不管用|无法使用"
)
_WORKS = re.compile(
    r"\b(?:valid|work|works|working|active|expired?|apply|applies|use|redeem|still|good)\b|有效|过期|能用|可以用|还能"
    r"|使用|管用"
)
_PRICE = re.compile(r"\b(?:price|cost|costs|how much|pay|total)\b|多少钱|价格|总价|几钱")
_CART = re.compile(r"\b(?:my|the|this) (?:cart|basket|bag|order)\b|购物车|我的订单|这单")
_SALE = re.compile(
    r"\b(?:sale|reduced|discounted|clearance)(?: items?| products?| gear| prices?)?\b"
    r"|特价|打折(?:的|商品)|促销商品|降价"
)
_GIFT = re.compile(r"\bgift ?-?(?:cards?|vouchers?)\b|礼品卡|购物卡")
_IT = re.compile(r"\b(?:it|its|this|that|one)\b|它|这个|那个|这款|这件|那款|该码|这码")
_OTHER_IT = re.compile(
    r"\b(?:this|that|which|is there|the) (?:code|coupon|promo|voucher|discount|one)\w*|"
    r"what is that|is it\b|(?:这个|那个)(?:码|优惠|折扣)\S?"
)
_UNSAID = 12
"""Characters of a Chinese question that may leave out what it is about."""
_PAYING = re.compile(r"\b(?:pay|paying|with|using|balance)\b|支付|付款|余额|买单|付")
_UNKNOWN = re.compile(r"(?<![\w-])(?=[A-Za-z0-9]*[A-Za-z])(?:[A-Z][A-Z0-9]{3,19}|[A-Za-z]{3,15}\d{1,3})(?![\w-])")
_CODELIKE = re.compile(r"[A-Za-z]{4,}\d{1,3}")

_KNOWN_WORDS = """
promo promotion promotions promotional coupon coupons voucher vouchers discount discounts discont rebate deal deals
special offer offers code codes off sale sales reduced discounted price prices percent cheaper available active valid
working work works worked running currently current now today right moment existing ongoing going latest new list show
tell see find look looking have get give got know want need there anything something someone online shop store site
website checkout check cart basket bag order orders item items product products use used using apply applies applied
add enter redeem save saving good great best nice please still any cost costs much pay total how what which when where
why one ones another other more extra also can could would like hi hello hey wondering happen happens maybe possible
possibly buy buying purchase thing things everything around here this that it both together combine combined stack
same time minimum min condition conditions term terms expire expired expires end ends ended start starts begin begins
until date dates long mean means explain detail details invalid rejected refused declined error eror failed fails
broken not no isnt doesnt wont dont says said gift card cards clearance gear yet already again ok okay tried trying
dollars dollar bucks usd worth make spend least limit required requirement first
"""
_KNOWN_HAN = """
优惠 折扣 打折 促销 优惠码 优惠券 折扣码 活动 特价 满减 码 券 代码 折 减 现在 目前 当前 今天 最近 最新 店里 店
你们家 家 商品 产品 东西 有没有 有 没有 什么 哪些 吗 呢 可以 能 能用 用 使用 怎么 怎么用 有效 有效期 过期 还 还能
多少 多少钱 价格 总价 钱 买 购买 下单 订单 购物车 这个 那个 它 告诉 知道 看看 推荐 一下 同时 一起 叠加 同用 合并
用不了 不能 不能用 无效 没用 失效 报错 为什么 为何 我 我的 最低 消费 门槛 条件 要求 规则 什么时候 开始 结束 到期
截止 礼品卡 打折商品 吧 请问 想 问 帮 查 查一下 列 列出 所有 全部 都 在 里 上 和 与 跟 个 张 款 件 该 此 现 行 得
好 没 优惠活动 促销活动 折扣活动 不 是 会 给 对 就 再 另外 其他 别的 更 说 提示 显示 结账 时 输入 码子 便宜 适用 于
不了 管用 不管用 哪 几 谢谢 您好 你好 么 呀 啊 哦 搞 做 参加 享受 正在 进行 办 后 之后 以后 到 使 效 期 用于 打 扣
美元 块 满 够
"""


class Ask(StrEnum):
    """What is asked."""

    LIST = "list"
    CODE = "code"
    WORKS = "works"
    COMBINE = "combine"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    HAGGLE = "haggle"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about promotions.

    Attributes:
        codes: The shop's codes that it names, in its order.
        unknown: A code that it names and that the shop does not have.
        product: That it is about, if any.
        goods: Kinds of goods that it is about, by the shop's categories.
        brand: Of the goods, folded; empty when none is named.
        cart: It is about what lies in the cart.
        sale: It is about reduced goods.
        gift: It is about buying gift cards.
    """

    ask: Ask
    codes: tuple[Promotion, ...] = ()
    unknown: str = ""
    product: Product | None = None
    goods: tuple[Scope, ...] = ()
    brand: str = ""
    cart: bool = False
    sale: bool = False
    gift: bool = False


def asked(scene: Scene) -> Asked | None:
    """What the message asks about promotions; None when it is for somebody else."""
    text = scene.meaning.text
    low = fold(text)
    codes = _codes(text, low, scene)
    haggles = bool(_HAGGLE.search(low)) and not _NOT_HAGGLE.search(low)
    unknown = "" if codes else _unknown(text, low, scene)
    if not (codes or unknown or haggles or _PROMO.search(low)):
        return None
    vocabulary = Vocabulary.of(scene.live.products.values())
    product = _product(scene, low)
    goods = named_goods(_without(low, (p.code for p in codes)), vocabulary) if product is None else ()
    brand = next((b for b in sorted(vocabulary.brands) if re.search(rf"(?<!\w){re.escape(b)}(?!\w)", low)), "")
    marks = (bool(pattern.search(low)) for pattern in (_CART, _SALE, _GIFT))
    about = Asked(Ask.LIST, codes, unknown, product, goods, brand if goods else "", *marks)
    ask = _kind(about, low, haggles, bool(scene.state.visit.cart))
    if ask is None or (ask is not Ask.HAGGLE and _left(low, about, vocabulary, scene)):
        return None
    return replace(about, ask=ask)


def _kind(about: Asked, low: str, haggles: bool, has_cart: bool) -> Ask | None:
    if (about.gift or (about.product and is_gift_card(about.product))) and _PAYING.search(low):
        return Ask.CODE if len(about.codes) == 1 else None
    if about.unknown:
        return Ask.UNKNOWN
    if len(about.codes) > 1:
        return Ask.COMBINE
    if about.codes:
        return _of_one(about, low, has_cart)
    if haggles:
        return Ask.HAGGLE
    if about.gift or _COMBINE.search(low) or about.sale:
        return None
    return Ask.BROKEN if BROKEN.search(low) else Ask.LIST


def _of_one(about: Asked, low: str, has_cart: bool) -> Ask | None:
    if places(low):
        return None
    if _COMBINE.search(low):
        return None
    if about.product or about.goods or about.gift or about.sale or (about.cart and has_cart):
        return Ask.WORKS
    return Ask.CODE


def _codes(text: str, low: str, scene: Scene) -> tuple[Promotion, ...]:
    """The codes named; "it" is the one that the last answer was about."""
    loose = bool(_PROMO.search(low))
    found = [(at, p) for p in scene.promotions if (at := _place(p.code, text, loose)) >= 0]
    if found:
        return tuple(p for _, p in sorted(found, key=lambda pair: pair[0]))
    last = {hit.split(":")[1] for hit in scene.state.last_hits if hit.startswith(("promotion:", "promotion-price:"))}
    before = next((m.draft.text for m in reversed(scene.history) if m.draft.author is Author.SHOPPER), "")
    if len(asked_of := [p.code for p in scene.promotions if _place(p.code, before, loose=False) >= 0]) == 1:
        last &= set(asked_of)
    if described := _described(low, scene.promotions, loose):
        return described
    of_it = _IT.search(low) or (HAN.search(low) and len(low) <= _UNSAID)
    if len(last) == 1 and of_it and (loose or _WORKS.search(low) or BROKEN.search(low) or _PRICE.search(low)):
        return tuple(p for p in scene.promotions if p.code in last)
    return ()


def _described(low: str, promotions: Sequence[Promotion], loose: bool) -> tuple[Promotion, ...]:
    """The one code that is told by its percentage, or as that for a first order; a wish for a discount names none."""
    if not loose or _HAGGLE.search(low):
        return ()
    if _FIRST_ORDER.search(low):
        found = [p for p in promotions if any(_FIRST_ORDER.search(fold(words)) for words in p.applies_to)]
    else:
        said = {amount.low for amount in amounts(plain(low)) if amount.kind == "percent"}
        found = [p for p in promotions if p.kind == "percent" and p.value in said]
    return tuple(found) if len(found) == 1 else ()


def _place(code: str, text: str, loose: bool) -> int:
    """Where a code stands in a text, else -1. A plain word in lower case is a code only beside words on codes."""
    parts = re.findall(r"[A-Za-z]+|\d+|[^\W\d_]+", code)
    pattern = r"[ _-]?".join(map(re.escape, parts)) if parts else re.escape(code)
    hit = re.search(rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])", text, re.IGNORECASE)
    if hit is None:
        return -1
    plain = code.isalpha() or re.search(r"[ _-]", hit.group())
    return hit.start() if loose or not plain or hit.group().upper() == hit.group() else -1


def _unknown(text: str, low: str, scene: Scene) -> str:
    """A word that looks like a code, stands where codes stand, and occurs nowhere in the shop."""
    about_codes = bool(re.search(r"\b(?:codes?|coupon|promo|voucher|discount)\b|码|券", low))
    for hit in _UNKNOWN.finditer(text):
        word = hit.group()
        written = (word.isupper() and word.isalnum()) or bool(_CODELIKE.fullmatch(word))
        sure = about_codes or (bool(_CODELIKE.fullmatch(word)) and bool(_WORKS.search(low) or BROKEN.search(low)))
        if written and sure and not _in_shop(word, scene):
            return word.upper()
    return ""


def _in_shop(word: str, scene: Scene) -> bool:
    upper = word.upper()
    if any(hit.exact.upper() == upper for hit in scene.hits):
        return True
    return any(upper in passage.title.upper() or upper in passage.text.upper() for passage in scene.passages.values())


def _product(scene: Scene, low: str) -> Product | None:
    """The product named; else the one being talked about, or whose page is open, where the message says "it"."""
    named = [hit.passage.product for hit in scene.hits if hit.exact and hit.passage.kind is Kind.PRODUCT]
    said = [handle for handle in named if handle and _says(scene, handle, low)]
    if said:
        return scene.live.product(said[0])
    pointed = scene.meaning.focus or scene.state.focus or scene.state.visit.product
    return scene.live.product(pointed) if pointed and _IT.search(_OTHER_IT.sub(" ", low)) else None


def _says(scene: Scene, handle: str, low: str) -> bool:
    """Whether the message itself names it, and not only the query that was made of it."""
    exact = next((hit.exact for hit in scene.hits if hit.passage.product == handle and hit.exact), "")
    words = fold(exact)
    return words in low or any(term in terms(low) for term in terms(exact))


def _left(low: str, about: Asked, vocabulary: Vocabulary, scene: Scene) -> list[str]:
    """Words of the message that are not understood."""
    names = [p.code for p in scene.promotions] + [about.unknown]
    if about.product:
        names += [text for words in about.product.wording.values() for text in (words.name, words.category)]
        names += [value for variant in about.product.variants for value in variant.options.values()]
        names += [value for words in about.product.wording.values() for value in words.options.values()]
    known = _known() | {term for name in names for term in terms(name)}
    known |= {term for scope in about.goods for goods in scope.goods for term in goods}
    known |= {term for brand in vocabulary.brands for term in terms(brand)} | set(terms(scene.shop))
    rest = _without(low, names)
    return [term for term in terms(rest) if term not in known and not term.replace(".", "").isdigit()]


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(fold(name))}(?!\w)" if name.isascii() else re.escape(fold(name)), " ", text)
    return text


@lru_cache(1)
def _known() -> frozenset[str]:
    return frozenset(terms(_KNOWN_WORDS)) | frozenset(_KNOWN_HAN.split()) | frozenset(_all(_KNOWN_HAN.split()))


def _all(words: Sequence[str]) -> Iterable[str]:
    return (term for word in words for term in terms(word, every=True))
