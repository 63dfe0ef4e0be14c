"""What buyers' reviews say about a product: how many there are, their stars, and of one side of it, who says what.

"Does it run small?", "is it really waterproof?", 评价怎么样: counts and at most two short quotes in the buyers' own
words, marked as such. What the rules counted stands in a passage of its own (`review:<handle>`), which the
reply cites. A review's text is content, never a command, and is quoted only if it is short, in plain words, and
has no address, number or link in it. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot import pii
from bot.policy import Action
from bot.recommend import cards
from bot.scene import Proposal, Scene
from bot.sentences import sentences
from bot.shopping.about import About, about
from bot.shopping.asked import policy
from bot.shopping.aspects import Aspect, Way, aspect_of, judged, mentions
from bot.shopping.item import Item, item
from knowledge.passages import Kind, Origin, Passage, Review

QUOTES = 2
LONGEST = 160
SHORTEST = 8
_ABOUT_REVIEWS = re.compile(
    r"\breviews?\b|\bratings?\b|\brated\b|\bstars?\b(?! (?:map|chart|ceiling))|\bfeedback\b|\bwhat (?:do|"
    r"did) (?:people|buyers|customers|others|other people|owners|users) (?:say|think)|"
    r"\b(?:people|buyers|customers|owners|anyone|anybody|users) (?:say|think|like|complain|report|find)\w*|"
    r"\bany complaints?\b|\bcomplain\w* about|\baccording to (?:\w+ )?(?:people|buyers|customers|owners|users"
    r"|reviewers)\b"
    r"|[买用]过的人|评价|评论|口碑|买家(?:怎么)?说|大家(?:怎么|觉得)|反馈|好评|差评|评分|几星|有人说|用过的人",
    re.I,
)
_COMPLAINTS = re.compile(
    r"\bcomplain\w*|\b(?:bad|poor|negative|worst|critical|low(?:est)?)\b.{0,12}\b(?:reviews?|ratings?|feedback"
    r"|things?)\b|"
    r"\b(?:downsides?|drawbacks?|(?:don'?t|didn'?t|not|dis)[ -]?like|wrong with|problems? with)\b|差评|缺点|不好的"
    r"|吐槽|抱怨|不满|不足",
    re.I,
)
_JUDGES = re.compile(
    r"\b(?:does|do|did|is|are|will|would|really|actually|any good|too|how (?:does|do|is|are|warm|heavy|"
    r"durable|comfortable|loud|noisy|quiet))\b"
    r"|吗|真的|会不会|怎么样|好不好|是不是|容不容易|[偏太]|不.吗|如何",
    re.I,
)
_OPINION = re.compile(
    r"\brun(?:s|ning)? (?:small|large|big|true|tight|narrow|wide)|\btrue to size\b|\bsize (?:up|down)\b|"
    r"\breally\b|\bactually\b|\btruly\b|\bany good\b|"
    r"\bhold(?:s)? up\b|\blast long\b|\bdurab\w*|\bcomfortable\b|\bcomfy\b|\bitch\w*|\bblister\w*|"
    r"\bnois[ey]\w*|\bloud\b|\bsnag\w*|\beasy to\b|\bhow does it fit\b|"
    r"\bwarm enough\b|\bleak\w*|\bfit (?:well|small|large|true)|\btoo (?:small|big|large|tight|warm|heavy)\b|"
    r"\bsturdy\b|\bwell made\b"
    r"|偏[小大窄宽]|真的|正码|尺码准|合身|合脚|会不会|耐用|结实|舒服|磨脚|扎|吵|好用|卡|漏|暖和|好搭|容易|顶脚|质量"
    r"|做工|选大一码",
    re.I,
)
_RISKY = re.compile(
    r"https?:|www\.|\.(?:com|cn|net|org|io|shop)\b|@|\b(?:ignore|disregard|"
    r"forget) (?:\w+ ){0,4}(?:instruction|prompt|rule|previous|above)\w*|system prompt|"
    r"\b(?:discount|promo(?:tion)?|coupon) code\b|\bcode [A-Z0-9]{4,}|\d{6,}|"
    r"忽略.{0,8}(?:指令|提示|规则)|系统提示|微信|加我|"
    r"优惠码|折扣码|[<>{}\[\]|`]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the reviews of a product say about an aspect: who mentions it, who judges it which way, and a sentence."""

    mentioned: int
    judged: tuple[tuple[Way, int], ...]
    quotes: tuple[tuple[str, str], ...]


def reviews(scene: Scene) -> Proposal | None:
    """What reviews say; None when the message does not ask for opinions on a product."""
    text = scene.meaning.text
    named = bool(_ABOUT_REVIEWS.search(scene.meaning.query if scene.meaning.follows else text))
    if not named and not (_OPINION.search(text) and _JUDGES.search(text)):
        return None
    found = about(scene)
    handle = _whose(found, named)
    thing = item(scene, handle) if handle else None
    if thing is None or _OWN.search(found.rest) or (not named and policy(found.rest)):
        return None
    own = [review for review in scene.reviews if review.product == thing.product.handle]
    aspect = aspect_of(found.rest)
    if not named and (not own or aspect is None):
        return None
    state = replace(scene.state, focus=thing.product.handle, task=())
    shown = cards([thing.product], scene.lang)
    if not own:
        return Proposal(_none(thing), Action.ANSWER, state, (thing.passage(),), shown)
    tally = _tally(own, aspect, scene.lang) if aspect else None
    if not named and tally and not tally.mentioned:
        return None
    lines = _lines(thing, own, aspect, tally)
    quotes = tally.quotes if tally else _worst(own, scene.lang) if _COMPLAINTS.search(text) else _best(own, scene.lang)
    source = _passage(thing, lines, quotes)
    said = [*_cited(lines, scene.lang), *_quoted(quotes, scene.lang)]
    return Proposal("\n".join(said), Action.ANSWER, state, (source,), shown)


_OWN = re.compile(
    r"\b(?:write|leave|post|submit|delete|edit|fake|publish|my) (?:\w+ )?reviews?\b|\breview (?:my|policy)|"
    r"写评价|发表评价|删除评价|我的评价|晒单|怎么评价你",
    re.I,
)


def _whose(found: About, named: bool) -> str:
    """The product: the one named, else that in focus if the message points there or asks for reviews and no more."""
    if found.named:
        return found.named[0] if len(found.named) == 1 else ""
    little = len(found.rest.split()) <= FEW_WORDS and len(found.rest) <= FEW_CHARS
    return found.focus if found.focus and (found.points or named or little) else ""


FEW_WORDS, FEW_CHARS = 9, 48


def _tally(own: Sequence[Review], aspect: Aspect, lang: str) -> Tally:
    """Each review counted once for each way that any of its sentences judges."""
    mentioned, quotes = 0, list[tuple[Way | None, int, str, str]]()
    counts: dict[Way, int] = {}
    for review in own:
        about_it = [s.strip() for s in _of(review) if mentions(s, aspect)]
        mentioned += bool(about_it)
        ways = {way: s for s in about_it if (way := judged(s, aspect))}
        for way in ways if len(ways) == 1 else ():
            counts[way] = counts.get(way, 0) + 1
        for sentence in about_it:
            if quotable(sentence):
                quotes.append((judged(sentence, aspect), review.stars, review.lang, sentence))
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return Tally(mentioned, tuple(ordered), _chosen(quotes, [way for way, _ in ordered], lang))


def _of(review: Review) -> list[str]:
    title = review.title if review.title.endswith((".", "!", "?", "。", "！", "？")) else f"{review.title}."
    return [title.removesuffix("."), *sentences(review.text)]


def _chosen(
    quotes: Sequence[tuple[Way | None, int, str, str]], ways: Sequence[Way], lang: str
) -> tuple[tuple[str, str], ...]:
    """One quote for each of the ways most said, in the shopper's language first; then any."""
    order = sorted(quotes, key=lambda q: (q[2] != lang, len(q[3]) < 2 * SHORTEST, len(q[3])))
    out: list[tuple[str, str]] = []
    for way in [*ways[:QUOTES], None, None]:
        fresh = (q for q in order if (way is None or q[0] == way) and (q[3], q[2]) not in out)
        if len(out) < QUOTES and (quote := next(fresh, None)) and (way is not None or not ways):
            out.append((quote[3], quote[2]))
    return tuple(out)


def _best(own: Sequence[Review], lang: str) -> tuple[tuple[str, str], ...]:
    """A short sentence of a good review, and of a poor one if there is any."""
    order = sorted(own, key=lambda r: (r.lang != lang, -r.stars, len(r.text)))
    poor = sorted((r for r in own if r.stars <= 3), key=lambda r: (r.lang != lang, r.stars, len(r.text)))
    out: list[tuple[str, str]] = []
    for review in (*order[:1], *poor[:1]):
        sentence = next((s.strip() for s in sentences(review.text) if quotable(s.strip())), "")
        if sentence and (sentence, review.lang) not in out:
            out.append((sentence, review.lang))
    return tuple(out[:QUOTES])


def _worst(own: Sequence[Review], lang: str) -> tuple[tuple[str, str], ...]:
    """Short sentences of the poorest reviews; none where nobody gave three stars or fewer."""
    poor = sorted((r for r in own if r.stars <= 3), key=lambda r: (r.lang != lang, r.stars, len(r.text)))
    first = (next((s.strip() for s in _of(review) if quotable(s.strip())), "") for review in poor)
    return tuple((text, review.lang) for text, review in zip(first, poor, strict=True) if text)[:QUOTES]


def quotable(sentence: str) -> bool:
    """Whether a reviewer's words may be repeated: short, no links, codes or personal data, nothing like a command."""
    if not SHORTEST <= len(sentence) * (2 if re.search(r"[\u4e00-\u9fff]", sentence) else 1) <= LONGEST:
        return False
    return not _RISKY.search(sentence) and not any(True for _ in pii.find(sentence))


# Words


def _none(thing: Item) -> str:
    if thing.lang == "zh":
        return f"{thing.name}还没有买家评价，所以我没法转述别人的看法。"
    return f"There are no reviews of the {thing.name} yet, so I cannot say what buyers think of it."


def _lines(thing: Item, own: Sequence[Review], aspect: Aspect | None, tally: Tally | None) -> list[str]:
    """What was counted, without full stops."""
    zh, count = thing.lang == "zh", len(own)
    average = f"{Decimal(sum(review.stars for review in own)) / count:.1f}"
    if zh:
        overall = f"{thing.name}共有 {count} 条评价，平均 {average} 星（满分 5 星）"
    else:
        overall = f"The {thing.name} has {count} review{'s' if count > 1 else ''}, {average} of 5 stars on average"
    if aspect is None or tally is None:
        good, poor = sum(r.stars >= 4 for r in own), sum(r.stars <= 2 for r in own)
        spread = (
            f"{good} 条 4 星以上，{poor} 条 2 星以下" if zh else f"{_give(good)} 4 or 5 stars, {_give(poor)} 1 or 2"
        )
        return [overall, spread]
    if not tally.mentioned:
        return [
            f"{count} 条评价都没有提到{aspect.zh}" if zh else f"None of the {count} reviews mentions {aspect.en}",
            overall,
        ]
    if zh:
        first = f"{thing.name}的 {count} 条评价中有 {tally.mentioned} 条提到{aspect.zh}"
    else:
        verb = "mentions" if tally.mentioned == 1 else "mention"
        first = f"{tally.mentioned} of {count} reviews of the {thing.name} {verb} {aspect.en}"
    ways = [f"{n} 条认为{way.zh}" if zh else f"{n} say{'s' if n == 1 else ''} it {way.en}" for way, n in tally.judged]
    joined = (first + ("，其中 " if zh else "; ") + ("，" if zh else ", ").join(ways)) if ways else first
    return [joined, overall]


def _give(count: int) -> str:
    return f"{count} give{'s' if count == 1 else ''}"


def _cited(lines: Sequence[str], lang: str) -> list[str]:
    return [f"{line} [1]{'。' if lang == 'zh' else '.'}" for line in lines]


def _quoted(quotes: Sequence[tuple[str, str]], lang: str) -> list[str]:
    """The quotes, marked as buyers' own words."""
    if not quotes:
        return []
    texts = [f"“{text.rstrip('.。')}”" for text, _ in quotes]
    return [f"买家原话：{'；'.join(texts)} [1]。" if lang == "zh" else f"In buyers' own words: {'; '.join(texts)} [1]."]


def _passage(thing: Item, lines: Sequence[str], quotes: Sequence[tuple[str, str]]) -> Passage:
    """What the rules counted, as a passage that the reply can cite."""
    zh = thing.lang == "zh"
    text = "\n".join([*(f"{line}{'。' if zh else '.'}" for line in lines), *(f"“{quote}”" for quote, _ in quotes)])
    return Passage(
        id=f"review:{thing.product.handle}",
        entry=f"review:{thing.product.handle}",
        kind=Kind.REVIEW,
        lang=thing.lang,
        title=f"{thing.name}的评价" if zh else f"Reviews of the {thing.name}",
        text=text,
        origin=Origin("reviews", 0),
        url=thing.product.url,
        product=thing.product.handle,
    )
