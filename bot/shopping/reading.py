"""From a message to wishes: what is wanted, what is not, how it should be, and which words were not understood.

Whether the message is a search at all is not decided here (`asking.py`), nor what fits (`filters.py`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.shopping import privacy
from bot.shopping.figures import Figures, figures
from bot.shopping.vocabulary import Mention, Vocabulary
from bot.shopping.wishes import Wishes
from bot.shopping.wording import Token, readable, singular, tokens

_LETTERS = r"xxs|xs|x{1,3}l|[2-5]xl|s|m|l"
_SIZE = re.compile(
    rf"\b(?:in |an? )?size (?P<named>(?:us |eu |uk )?\d{{1,2}}(?:\.5)?[ky]?|{_LETTERS}|small|medium|large"
    rf"|x-?large|extra large|regular|wide)\b"
    rf"|\b(?:in|an?|my)\s(?P<letter>{_LETTERS})\b(?!')"
    rf"|(?<![a-z\d])(?P<alone>xxs|xs|x{{1,3}}l|[2-5]xl)\b"
    rf"|\b(?P<system>us|eu|uk) ?(?P<number>\d{{1,2}}(?:\.5)?k?)\b"
    rf"|(?<![a-z\d])(?P<zh>{_LETTERS}|\d{{2}}(?:\.5)?|(?:us|美)\s?\d{{1,2}}(?:\.5)?|[加特]?[大中小])(?:码|号)"
    rf"|(?:尺码|码数|穿|要)\s?(?P<zh2>{_LETTERS}|\d{{2}}(?:\.5)?)(?![a-z\d])"
    rf"|\b(?P<year>\d{{1,2}}y)\b"
    rf"|\b(?P<word>extra large|x-large)\b"
)
_SIZE_WORDS = {"small": "s", "medium": "m", "large": "l", "x-large": "xl", "xlarge": "xl", "extra large": "xl"}
_SIZE_WORDS |= {"小": "s", "中": "m", "大": "l", "加大": "xl", "特大": "xl", "加小": "xs", "特小": "xs"}
_STOCK = re.compile(
    r"\b(?:only )?(?:in[ -]stock|available (?:now|right now|today|immediately)|ready to ship"
    r"|that you have now)\b|现货|有货的?|有库存|马上能发",
    re.I,
)
_SALE = re.compile(
    r"\b(?:on sale|on offer|in the sale|reduced|discounted|marked down|clearance|sale items?|sales?(?= items?"
    r"| products?| stuff|$)|"
    r"special offers?|deals?|bargains?|final sale)\b|打折|特价|降价|折扣商品|促销商品|清仓|减价|优惠商品|特卖",
    re.I,
)
_NEGATION = re.compile(
    r"(?:\bnot|\bno|\bwithout|\bnon|\bexcept(?: for)?|\banything but|\bdo(?:n't| not) (?:want|like|need)"
    r"|\bother than|"
    r"\bisn't|\baren't|\bnever|\bavoid|\bhate|\ballergic to|\brather than|\binstead of|\bnothing|"
    r"不要|不想要|不是|不喜欢|不含|不带|不用|不能有|除了|别的?|非|无|(?<!有)没有|拒绝|讨厌|避免|而不是)"
    r"[\s-]*(?:(?:in|made (?:of|from|with)|the|an?|any|too|is|are|it|to be|be|real|with|from|by|of|for|太|用|有"
    r"|任何|带|那种|选|给我|推荐|拿)[\s-]*)*$",
    re.I,
)
_HAVE_NOT = re.compile(r"有没有[\s]*$")
_JOINED = re.compile(r"[\s]*(?:,|or|nor|and|or in|/|、|，|和|或者?|也不要|跟|与|的)[\s]*(?:any |the |a )?", re.I)
_DENIED_AFTER = re.compile(r"(?:除外|不要)(?=\s*(?:$|[,.;!?。]))")
_FREE = re.compile(r"[\s-]free\b")
_ORDERS = (
    (
        "cheap",
        r"\b(?:cheap(?:est)?|least expensive|lowest[ -]priced?|most affordable|affordable|inexpensive"
        r"|budget[ -]friendly|on a budget|low budget)\b|最便宜|最低价|便宜的|便宜点的|实惠|平价|性价比|价格最低",
    ),
    (
        "dear",
        r"\b(?:most expensive|priciest|premium|high[ -]end|top of the (?:line|range)|dearest)\b|最贵"
        r"|最高端|高端|最好的",
    ),
    ("light", r"\b(?:lightest|least heavy|lowest weight)\b|最轻"),
    ("heavy", r"\bheaviest\b|最重的"),
    ("warm", r"\bwarmest\b|最保暖|最暖|最厚"),
    (
        "rated",
        r"\b(?:best[ -](?:rated|reviewed|selling|sellers?)|top[ -]rated|bestsell(?:er|ing)s?|most popular"
        r"|popular|highest[ -]rated|favou?rites?|best)\b|最受欢迎|热销|畅销|好评|评价最[好高]|评分最高"
        r"|口碑|卖得最好|人气|爆款|最火",
    ),
    ("large", r"\b(?:largest|biggest|most spacious|roomiest)\b|最大的?(?!码|号)|容量最大"),
    ("small", r"\b(?:smallest|tiniest|most compact)\b|最小的?(?!码|号)"),
    ("bright", r"\bbrightest\b|最亮"),
)
_ORDER = tuple((name, re.compile(pattern, re.I)) for name, pattern in _ORDERS)
_RELATIVE = (
    (
        "cheap",
        r"\b(?:cheaper(?! than)|less expensive(?! than)|lower[ -]priced?|(?<!not )too expensive|(?<!not )too pricey"
        r"|too much money)\b|更便宜"
        r"|便宜[一]?[点些](?!的)|再便宜|(?<!不要)(?<!不)(?<!别)太贵|便宜(?:一点|点|些)的?",
    ),
    ("dear", r"\b(?:more expensive|pricier|higher quality|better quality)\b|更贵|贵一?点|更好的|高档一?点"),
    ("light", r"\b(?:lighter(?! than)|less heavy(?! than)|(?<!not )too heavy)\b|更轻|轻一?[点些]|太重"),
    ("warm", r"\bwarmer\b(?! than)|更暖|更保暖|暖和?一?点|再厚一?点"),
    ("large", r"\b(?:bigger|larger|roomier|too small)\b(?! than)|更大|大一?点|太小|再大"),
    ("small", r"\b(?:smaller|more compact|too (?:big|large))\b(?! than)|更小|小一?点|太大|再小"),
)
_RELATIVES = tuple((name, re.compile(pattern, re.I)) for name, pattern in _RELATIVE)
_DROPPED = {
    r"budget|price|money|cost|预算|价格|价钱|钱": "price",
    r"colou?r|颜色": "colours",
    r"size|尺码|码数|大小": "sizes",
    r"brand|品牌|牌子": "brands",
    r"material|材质|材料": "materials",
    r"gender|男女": "gender",
    r"stock|库存|有没有货": "in_stock",
    r"sale|特价": "on_sale",
}
_NAMES = "budget|price|money|cost|colou?r|size|brand|material|gender|stock|sale"
_NAMES_ZH = "预算|价格|价钱|颜色|尺码|码数|大小|品牌|牌子|材质|材料|男女|库存"
_DROP = re.compile(
    rf"\b(?:forget|ignore|drop|never ?mind|remove|regardless of|(?:i )?do(?:n't| not) care about|no matter|skip"
    rf"|any)\s(?:about )?(?:the |my |a )?"
    rf"(?:{_NAMES})s?(?: (?:limit|is fine|is ok|will do|works))?\b|\bno (?:budget|price limit)(?: limit)?\b"
    rf"|(?:不限|不管|不考虑|忘了|忘掉|别管|不看|不在乎|去掉|什么)(?:{_NAMES_ZH})(?:都行|都可以|都好)?",
    re.I,
)
_DROP_AFTER = re.compile(
    rf"\b(?:the |my )?(?:{_NAMES})s? (?:doesn't|does not|do not|don't) matter\b|\b(?:{_NAMES}) is (?:not"
    rf"|no) (?:a |an )?(?:problem|issue|important)\b"
    rf"|(?:{_NAMES_ZH})(?:不限|无所谓|都可以|都行|不重要|随便|不是问题|不要紧|没关系|不用管)",
    re.I,
)
_FOR = re.compile(r"\b(?:for|to)\s(?:my |our |the |a )?(?:[a-z]+ )?$|(?:送给?|给)(?:我|我的)?$")
_PRONOUNS = frozenset({"her", "she", "him", "he", "他", "她", "先生", "太太"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read.

    Attributes:
        text: The message as it was read: `readable`.
        cleaned: The message without what is nobody's business: all that may be searched for or kept.
        wishes: What it says of the thing wanted.
        mentions: The phrases that were understood, without those of figures, sizes and order.
        rest: Words that mean nothing here, stop words left out.
        foreign: A currency that is not the shop's, in which a price was said.
        relative: What is wanted more of than in the last list: `cheap`, `light`, `large`, `small`, `warm`, `dear`.
        dropped: Fields of earlier wishes that do not matter any more.
        private: It says something that is nobody's business; it was left out.
    """

    text: str
    wishes: Wishes
    cleaned: str = ""
    mentions: tuple[Mention, ...] = ()
    rest: tuple[str, ...] = ()
    foreign: str = ""
    relative: str = ""
    dropped: tuple[str, ...] = ()
    private: bool = False


def read(text: str, words: Vocabulary, currency: str) -> Reading:
    """What a message says of a thing wanted; the wishes are empty when it says nothing of the kind."""
    whole = readable(text)
    clean, private = privacy.without(whole)
    kept = " ".join(clean.split())
    clean, dropped = _dropped(clean)
    clean, relative = _first(clean, _RELATIVES)
    told = figures(clean, currency)
    clean, sizes = _sizes(told.rest, words)
    clean, order = _first(clean, _ORDER)
    clean, stock = _blanked(clean, _STOCK)
    clean, sale = _blanked(clean, _SALE)
    mentions = [mention for mention in words.mentions(clean) if mention.meaning.field]
    wanted, denied = _parted(clean, mentions)
    wishes = _wishes(clean, wanted, told)
    wishes = replace(
        wishes,
        sizes=tuple(dict.fromkeys(sizes)),
        order=order,
        in_stock=stock,
        on_sale=sale,
        without=tuple(dict.fromkeys(f"{m.meaning.field}={m.meaning.value}" for m in denied)),
        gender=wishes.gender or ("kids" if told.age else ""),
    )
    return Reading(
        text=whole,
        wishes=wishes,
        cleaned=kept,
        mentions=(*wanted, *denied),
        rest=tuple(_unread(clean, mentions)),
        foreign=told.foreign,
        relative=relative,
        dropped=dropped,
        private=private,
    )


def _blanked(text: str, pattern: "re.Pattern[str]") -> tuple[str, bool]:
    out = pattern.sub(lambda found: " " * len(found.group()), text)
    return out, out != text


def _first(text: str, named: Sequence[tuple[str, "re.Pattern[str]"]]) -> tuple[str, str]:
    """The name of the first pattern that is found, and the text without it."""
    for name, pattern in named:
        blanked, found = _blanked(text, pattern)
        if found:
            return blanked, name
    return text, ""


def _dropped(text: str) -> tuple[str, tuple[str, ...]]:
    """Fields that the message says do not matter, and the text without saying so."""
    out: list[str] = []
    for found in (*_DROP.finditer(text), *_DROP_AFTER.finditer(text)):
        out.extend(_DROPPED[name] for name in _DROPPED if re.search(name, found.group()))
    if not out:
        return text, ()
    clean = _blanked(_blanked(text, _DROP)[0], _DROP_AFTER)[0]
    return clean, tuple(dict.fromkeys(out))


def _sizes(text: str, words: Vocabulary) -> tuple[str, list[str]]:
    """Sizes said as such; more letters after one ("M or L") count too. The text comes back without them."""
    out: list[str] = []
    for found in _SIZE.finditer(text):
        said = next(value for name, value in found.groupdict().items() if value and name != "system").strip()
        size = _SIZE_WORDS.get(said, said.replace("美", "us "))
        out.extend(_as_listed(f"{found['system']} {size}" if found["system"] else size, words))
        more = re.match(rf"\s?(?:or|and|/|或|和|、)\s?({_LETTERS}|\d{{1,2}})\b", text[found.end() :])
        out.extend([more[1]] if more else [])
    return _SIZE.sub(lambda found: " " * len(found.group()), text), out


def _as_listed(size: str, words: Vocabulary) -> list[str]:
    """The size in the catalogue's own way of writing: `8` may be `us 8` there, `l` may be `m-l`."""
    size = re.sub(r"^(us|eu|uk)\s?(?=\d)", r"\1 ", size)
    if size in words.sizes:
        return [size, *([f"us {size}"] if f"us {size}" in words.sizes else [])]
    return [f"us {size}"] if f"us {size}" in words.sizes else [size]


def _parted(text: str, mentions: Sequence[Mention]) -> tuple[list[Mention], list[Mention]]:
    """The mentions that are wanted and those that are not; a list after "not" is denied to its end."""
    wanted: list[Mention] = []
    denied: list[Mention] = []
    for place, mention in enumerate(mentions):
        before = text[: mention.start]
        negated = bool(_NEGATION.search(before)) and not _HAVE_NOT.search(before)
        follows = bool(denied) and bool(place) and mentions[place - 1] is denied[-1]
        joined = follows and bool(_JOINED.fullmatch(text[mentions[place - 1].end : mention.start]))
        same = follows and mention.meaning.field == denied[-1].meaning.field
        without = bool(_FREE.match(text[mention.end :])) or bool(_DENIED_AFTER.match(text[mention.end :]))
        (denied if negated or (joined and same) or without else wanted).append(mention)
    return wanted, denied


def _wishes(text: str, wanted: Sequence[Mention], told: Figures) -> Wishes:
    said: dict[str, list[str]] = {}
    for mention in wanted:
        if mention.meaning.field != "recipient" or _is_recipient(text, mention):
            said.setdefault(mention.meaning.field, []).append(mention.meaning.value)
    each = {field: tuple(dict.fromkeys(values)) for field, values in said.items()}
    kinds, gender = each.get("kind", ()), each.get("gender", ())
    return Wishes(
        kinds=kinds,
        price=told.price,
        colours=each.get("colour", ()),
        materials=_besides(each.get("material", ()), kinds),
        brands=each.get("brand", ()),
        gender=gender[0] if gender else "",
        recipient=each.get("recipient", ("",))[0],
        tags=each.get("tag", ()),
        bounds=told.bounds,
        features=each.get("feature", ()),
    )


def _is_recipient(text: str, mention: Mention) -> bool:
    """Pronouns are recipients only after `for` or 送."""
    return mention.words not in _PRONOUNS or bool(_FOR.search(text[: mention.start]))


def _besides(materials: tuple[str, ...], kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Materials that the kind's own name does not say: a down jacket is of down anyway."""
    return tuple(m for m in materials if not any(m in kind.split() for kind in kinds))


def _unread(text: str, mentions: Sequence[Mention]) -> Iterator[str]:
    """Tokens outside of what was understood, without words that say nothing; Chinese as runs of characters."""
    covered = [(mention.start, mention.end) for mention in mentions]
    left = [
        token for token in tokens(_FILLER_ZH.sub(lambda m: " " * len(m.group()), text)) if not _inside(token, covered)
    ]
    run = ""
    for place, token in enumerate(left):
        if token.text >= "\u3400":
            touches = place + 1 < len(left) and left[place + 1].start == token.end and left[place + 1].text >= "\u3400"
            run += token.text
            if not touches:
                yield run
                run = ""
        elif singular(token.text) not in _FILLER and token.text not in _FILLER and not token.text.isdigit():
            yield token.text


def _inside(token: Token, covered: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in covered)


_FILLER_WORDS = """
    a an the and or of to in on at for from by with as is are was be am do doe does did can could will would should may
    might i i'm i'd i've id im ive me my we our you your u
    it its it's that this these those there here what what's which who how any
    some all every much many get got getting want wanted need needed like looking look find search show see give tell
    have has had having sell selling stock carry offer recommend recommendation suggest suggestion please hi hello hey
    thank thanks ok okay so just only also too then than but if not no don't dont something anything thing stuff item
    product one ones kind type sort option choice range good nice great decent proper suitable right best better really
    very quite bit little pretty about up out under over between below above less more most than around max maximum
    min minimum price priced cost budget money spend dollar buck buy buying purchase shop shopping store available
    currently now today new use used using go going us size sized colour color coloured colored made make making
    help idea maybe non except free gear either both else other
    another let know wear wearing worn who's whose person people someone
    somebody friend would love prefer preferably ideally think thinking interested after been few couple per each when
    weather day days season handle fit fits fitting work works well-made model models version well time case way
    """
_FILLER = frozenset(_FILLER_WORDS.split())
_FILLER_ZH = re.compile(
    r"有没有|有吗|有哪些|有什么|有啥|哪些|哪种|哪款|哪个|哪几款|什么|多少|几款|推荐一下|推荐个|推荐|介绍一下|介绍|看看|看一下|看下|找一下|找个|找|"
    r"我想要|我想买|我想|想要|想买|想|要买|买|需要|我要|要|我的|我们|我|你们家|你们|你|您|请问一下|请问|请|麻烦|帮我|帮|给我|给|一下|一件|一双|一个|一顶|一款|一把|一条|"
    r"[这那几]?[款件双个顶把条只种些支套副]|的话|的|了|吗|呢|吧|啊|呀|嘛|哦|么|有|没有|没|能|可以|可|会|是|在|卖|和|与|或者|或|还|也|都|就|又|且|而且|适合|用来|用的|用|"
    r"穿|戴|背|店里|店|商品|产品|东西|装备|款式|款|牌子|品牌|价格|价位|价钱|预算|左右|以下|以内|之内|以上|上下|之间|不超过|超过|低于|高于|最多|至少|大概|大约|"
    r"元|块钱|块|美元|刀|人民币|便宜|好的|好|点|一点|些|比较|稍微|更|最|很|太|多|大|小|高|尺码|颜色|码|号|色|人|送|礼物给|不要|不想|不是|不含|不|别|非|除了|外|"
    r"谢谢|您好|你好|现在|最近|想看|看|来|到|时候|时|去|天|里|上|下|中|跟|对|把|让|被|从|等|吃|玩|住|个人|适用|类|类型|系列|所有|全部|只|仅|仅限|限"
)
