"""What buyers say about one side of a product: which sides there are, and which way a sentence of a review speaks.

A small lexicon of general language, English and Chinese. Each aspect has words for the question, words by which a
sentence of a review is about it, and for each way of judging it what it is called and how it is said. A sentence that
fits two ways at once is counted as mentioning the aspect only. Pure; knows no product.
"""

import re
from dataclasses import dataclass

_NOT = re.compile(
    r"\b(?:not|no|never|isn't|wasn't|doesn't|didn't|don't|hardly|nothing|without|zero|none|nor)\b|[不没无未]|并非", re.I
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of judging an aspect: `en` completes "2 say it …", `zh` follows "2 条说"."""

    en: str
    zh: str
    said: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side of a product: its name, how it is asked about, how it is mentioned, the ways of judging it."""

    en: str
    zh: str
    asked: str
    about: str
    ways: tuple[Way, ...]


ASPECTS: tuple[Aspect, ...] = (
    Aspect(
        "the fit",
        "尺码是否合身",
        r"\brun(?:s|ning)? (?:small|large|big|true|tight|narrow|wide|short|long)|\btrue to size|\bsize up|\bsize down|"
        r"\bsizing\b|\bhow (?:does|do|did) (?:\w+ ){0,5}?fit\b|\b(?:too|very|rather) (?:small|big|large|tight|"
        r"narrow|wide)\b|"
        r"\bfits? (?:well|true|small|large|big)|偏[小大窄宽]|正码|尺码准|合身|合脚|码数准|会不会[小大窄]|选大一码|顶脚",
        r"\bfits?\b|\bfitted\b|\bsiz(?:e|es|ed|ing)\b|\bsnug\b|\bnarrow\b|\broomy\b|\btight\b|\bcramped\b|"
        r"\bhalf a size\b|"
        r"\bslim\b|\bbaggy\b|\bshort for\b|\blast\b(?=,? i suppose)|"
        r"合身|合脚|尺码|偏[小大]|码|顶脚|前掌宽|太[紧松小大]",
        (
            Way(
                "runs small or tight",
                "偏小或偏紧",
                r"\bruns? (?:\w+ )?(?:small|tight|narrow|short)|\btoo (?:small|tight|narrow|short|slim)|"
                r"\bcame up short|"
                r"\bcramped\b|\bhalf (?:a )?size (?:larger|bigger|up)|\b(?:went|go|going|size|sized) up\b|"
                r"\bsmall(?:er)? than|"
                r"\bpressure on\b|\bcut slim\b|\bbarely (?:any|meets?)|"
                r"偏小|偏紧|偏窄|太[紧小]|顶脚|买大一码|换了.{0,6}合适|大半码",
            ),
            Way(
                "runs large or loose",
                "偏大或偏松",
                r"\bruns? (?:\w+ )?(?:large|big|wide|long|loose)|\btoo (?:large|big|wide|long|loose)\b|\bsize[d]? down|"
                r"\bbaggy\b|\bheel (?:slip|lifts)|\broomy\b|偏大|偏松|偏宽|太[松大]|买小一码",
            ),
            Way(
                "fits as expected",
                "尺码合适",
                r"\btrue to size|\bfits? (?:as expected|well|perfect\w*|like|great|my)|\bas expected\b|"
                r"\bsizing (?:\w+ )?(?:bang on|spot on|right)|"
                r"\btook my usual|\bmy (?:usual|street|normal) size|\bperfect fit|\bsits on my hips properly|"
                r"正合适|刚好|刚刚好|合脚|合身|尺码准|很合适|正好",
            ),
        ),
    ),
    Aspect(
        "staying dry",
        "防水",
        r"\bwater ?proof\b|\bleak\w*|\bkeeps? (?:\w+ )?dry|\bwater[ -]?tight|\bin (?:the |heavy )?rain\b|防水|"
        r"漏水|漏雨|防雨|进水",
        r"\bwater ?proof\w*|\bleak(?:s|ed|ing|y)?\b|\bdry\b|\brain\w*|\bwet\b|\bsoak\w*|\bstorm\w*|\bpuddle|"
        r"\bdamp\b|\bdrip\w*|防水|漏|下雨|雨天|进水|湿|干燥",
        (
            Way(
                "kept the water out",
                "不进水",
                r"\b(?:stay(?:s|ed)?|kept|keeps?) (?:\w+ ){0,3}dry|\bnot a drop|\bdry feet|\bno leaks?\b|"
                r"\bwater ?proof as|\bbeads?\b|"
                r"\bsat out\b|\bnever leak\w*|\b(?:survived|festival proof)|\bdry until|"
                r"没有?漏|不漏|没有?进水|不进水|干燥|"
                r"防水(?:不错|很好|好)",
            ),
            Way(
                "let water in",
                "会进水",
                r"(?<!no )(?<!never )\bleak(?:s|ed|ing)\b(?! down)|\bsoaked\b|\bwet(?:ted)? (?:through|out)|"
                r"\bseeped|\bgot wet|\blet (?:the )?(?:water|rain) in|"
                r"\bnot water ?proof|(?<!没有)(?<!没)(?<!不)(?:漏水|漏雨|进水了|会湿)|不防水",
            ),
        ),
    ),
    Aspect(
        "warmth",
        "保暖",
        r"\bwarm\w*\b|\bcold\b|\btoasty\b|\btemperature\b|保暖|暖和|暖吗|冷不冷|温标|耐寒",
        r"\bwarm\w*|\bcold\w*|\bchilly\b|\btoasty\b|\bcosy\b|\bfroze\w*|\bfreezing\b|保暖|暖|冷|温标",
        (
            Way(
                "is warm",
                "保暖",
                r"(?<!not )(?<!n't )\bwarm(?:th)?\b(?! enough for (?:august|summer))|\btoasty\b|\bcosy\b|"
                r"\bnot one cold|\bcold and still warm|保暖|很暖|暖和|轻而暖",
            ),
            Way(
                "is not warm enough",
                "不够暖",
                r"\b(?:was|were|felt|got|is|be) (?:\w+ )?(?:cold|chilly)|\bnot warm|\bcold sleeper|\bdraft|"
                r"(?<!不)会?冷|不够暖|不保暖",
            ),
        ),
    ),
    Aspect(
        "how long it lasts",
        "耐用",
        r"\bdurab\w*|\blast (?:long|well)|\bhold up\b|\bheld up\b|\bquality\b|\bbreak\b|\bbroke\b|\bwear out|"
        r"\bwell made|\bsturdy|\bflimsy|耐用|结实|质量|耐磨|容易坏|做工",
        r"\bdurab\w*|\blast(?:s|ed|ing)?\b|\bheld up|\bholds? up|\btor[en]\b|\bripped|\bbroke\w*|\bbent\b|"
        r"\bsnapped|\bseam|\byears?\b|\bpeel\w*|\bworn\b|"
        r"\bsturdy|\bflimsy|\bdelicate|\bsplit\b|\bburst\b|\bclogged|\bdied\b|\bthinning|\bnights?\b|耐用|结实|坏|"
        r"破|断|质量|做工|磨",
        (
            Way(
                "holds up well",
                "耐用",
                r"\bheld up|\bholds? up|\bdurab\w*|\bsturdy\b|\bstill (?:works?|going|lofts|fluffy)|"
                r"\bbullet ?proof|\bindestructible|\bcan't kill|\bimmortal|"
                r"\b(?:year|years) (?:two|three|four|five|six|seven|ten)|\b(?:two|three|six|seven|ten|third|"
                r"fourth) (?:years?|winters?|summers?|seasons?)\b|"
                r"\b\d+\+? nights|\bno marks|耐用|结实|做工(?:很?好|精致|扎实)|质量(?:很?好|不错)",
            ),
            Way(
                "broke or wore out",
                "会坏或磨损",
                r"\btor[en]\b|\bripped\b|\bbroke(?:n)?\b|\bsnapped\b|\bpeel(?:ing|ed)\b|\bdied\b|\bsplit\b|"
                r"\bburst\b|\bpulled out\b|\bthinning\b|\bslow leak|"
                r"\bgave up\b|\bflimsy\b|\bcame (?:away|off)\b|\bleaking down\b|坏了|破了|断了|开线|开胶|脱胶|起球",
            ),
        ),
    ),
    Aspect(
        "comfort",
        "舒适",
        r"\bcomfort\w*|\bcomfy\b|\bblister|\bitch\w*|\bbreak(?:ing)?[ -]in\b|\bcushion|舒服|舒适|磨脚|起泡|扎不扎|磨合",
        r"\bcomfort\w*|\bcomfy\b|\bblisters?\b|\bitch\w*|\bbreak(?:ing)?[ -]?in\b|\bsore\b|\bstiff\b|\bhurt|"
        r"\bsoft\b|舒服|舒适|磨脚|起泡|扎|磨合|不酸",
        (
            Way(
                "is comfortable",
                "舒服",
                r"\bcomfortable\b|\bcomfy\b|\bno (?:blisters?|itch|breaking in|bruises)|\bsoft\b|"
                r"\bwithout bruises|舒服|舒适|不磨|不起泡|不扎|不酸",
            ),
            Way(
                "is uncomfortable",
                "不舒服",
                r"\buncomfortable\b|\bblister on\b|\bitchy\b|\bscratchy\b|\bstiff for\b|\bsore\b|\bhurts?\b|"
                r"\bclaustrophobic|磨脚|扎人|不舒服",
            ),
        ),
    ),
    Aspect(
        "weight and size",
        "重量",
        r"\bhow (?:heavy|light|bulky)|\bheavy\b|\bbulky\b|\blight enough|重吗|轻吗|重不重|占地方",
        r"\bheavy\b|\blight(?:er|weight)?\b(?! the| enough for night)|\bbulky\b|\bweigh(?:s|ed|t)?\b|\bkg\b|重|轻|克",
        (
            Way(
                "is light",
                "轻",
                r"\b(?:so |very |super )?light(?:er|weight)?\b(?! is great)|\bfelt like|\bshockingly small|"
                r"很轻|轻便|轻了|比.{1,6}轻",
            ),
            Way("is heavy or bulky", "重或占地方", r"\bheavy\b|\bbulky\b|\beats half|偏重|重一点|有点重|太重"),
        ),
    ),
    Aspect(
        "noise",
        "声音",
        r"\bnois[ey]\w*|\bloud\b|\bquiet\b|\bcrackl\w*|吵|声音|安静|噪音",
        r"\bnois[ey]\w*|\bloud\b|\bquiet\b|\bcrackl\w*|\bsilen\w*|\bsqueak\w*|\baudible\b|吵|声音|安静",
        (
            Way("is quiet", "安静", r"\bquiet\b|\bsilen\w*|\bcrackle is mild|安静|不吵"),
            Way("is noisy", "有声音", r"\bloud\b|\bnois[ey]\w*|\bsqueak\w*|\baudible\b|(?<!不)吵"),
        ),
    ),
    Aspect(
        "the zips",
        "拉链",
        r"\bzip(?:s|per|pers)?\b|拉链",
        r"\bzip(?:s|per|pers|ped)?\b|拉链",
        (
            Way("is smooth", "顺滑", r"\bsmooth\b|\bdoesn't snag|\bnone of that|\bno snag|不夹布|顺滑|很顺"),
            Way("snags", "会卡", r"(?<!doesn't )\bsnag(?:s|ged)\b|\bstuck\b|\bjam(?:s|med)\b|卡住|夹布(?<!不夹布)"),
        ),
    ),
    Aspect(
        "assembly",
        "搭建",
        r"\b(?:easy|hard|quick|difficult|long) (?:\w+ ){0,3}?(?:set up|pitch|put up|assemble|use)|\bset ?up\b|"
        r"\bpitch(?:ing)?\b|好搭|搭建|难搭|难不难|好用吗|容易",
        r"\bpitch(?:es|ed|ing)?\b|\bset ?up\b|\bgoes up|\bminutes\b|\beasy\b|\bput up\b|搭|分钟|容易|新手",
        (
            Way(
                "is quick or easy",
                "快或容易",
                r"\bquick\w*\b|\beasy\b|\bgoes up\b|\b(?:four|five|ten) minutes|很快|快|容易|分钟|新手友好|一次就会",
            ),
            Way(
                "is difficult",
                "不容易",
                r"\bdifficult\b|\bhard to (?:pitch|set)|\bstruggl\w*|\bfiddly\b|困难|难搭|不好搭",
            ),
        ),
    ),
)


def aspect_of(text: str) -> Aspect | None:
    """The aspect that a question asks about; the one named first."""
    found = [(match.start(), n) for n, a in enumerate(ASPECTS) if (match := re.search(a.asked, text, re.I))]
    return ASPECTS[min(found)[1]] if found else None


def mentions(sentence: str, aspect: Aspect) -> bool:
    """Whether a sentence of a review is about the aspect."""
    return bool(re.search(aspect.about, sentence, re.I)) or any(re.search(w.said, sentence, re.I) for w in aspect.ways)


def judged(sentence: str, aspect: Aspect) -> Way | None:
    """Which way a sentence judges the aspect; None when it does not, or both ways."""
    found = [way for way in aspect.ways if _says(sentence, way)]
    return found[0] if len(found) == 1 else None


def _says(sentence: str, way: Way) -> bool:
    """Whether it says so, and does not deny it just before."""
    for match in re.finditer(way.said, sentence, re.I):
        before = sentence[max(0, match.start() - NEAR) : match.start()]
        clause = re.split(r"[,;:.，；。]|\bbut\b|但", before)[-1]
        if not _NOT.search(clause):
            return True
    return False


NEAR = 14
"""Characters before a judgement in which a denial turns it."""
