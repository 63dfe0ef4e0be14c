"""Names of places that shops ship to or do not, in English and Chinese, each read as one code.

Enough to tell that a sentence on Canada does not rest on a line about Japan. Members of the European Union count as
`eu` and as themselves; a place that is not listed here is not seen at all.
"""

import re
from functools import lru_cache

_EU = (
    "austria 奥地利|belgium 比利时|bulgaria 保加利亚|croatia 克罗地亚|cyprus 塞浦路斯|czechia 捷克|"
    "denmark 丹麦|estonia 爱沙尼亚|finland 芬兰|france 法国|germany 德国|greece 希腊|hungary 匈牙利|"
    "ireland 爱尔兰|italy 意大利|latvia 拉脱维亚|lithuania 立陶宛|luxembourg 卢森堡|malta 马耳他|"
    "netherlands 荷兰|poland 波兰|portugal 葡萄牙|romania 罗马尼亚|slovakia 斯洛伐克|slovenia 斯洛文尼亚|"
    "spain 西班牙|sweden 瑞典"
)
_OTHERS = (
    "canada 加拿大|mexico 墨西哥|brazil 巴西|argentina 阿根廷|chile 智利|switzerland 瑞士|norway 挪威|"
    "iceland 冰岛|turkey 土耳其|russia 俄罗斯|ukraine 乌克兰|india 印度|japan 日本|singapore 新加坡|"
    "taiwan 台湾|malaysia 马来西亚|thailand 泰国|vietnam 越南|indonesia 印度尼西亚|philippines 菲律宾|"
    "israel 以色列|egypt 埃及|nigeria 尼日利亚|kenya 肯尼亚|pakistan 巴基斯坦|colombia 哥伦比亚|peru 秘鲁"
)
_MANY: dict[str, str] = {
    "us": r"united states|(?<![a-z])usa(?![a-z])|america(?!n express)|美国|美國|北美",
    "uk": r"united kingdom|great britain|\bbritain\b|\bengland\b|\bscotland\b|\bwales\b|northern ireland|英国|英國",
    "eu": r"european union|\beurope\b|欧盟|歐盟|欧洲",
    "au": r"\baustralia\b|澳大利亚|澳洲",
    "nz": r"new zealand|新西兰|纽西兰",
    "cn": r"mainland china|\bchina\b|中国内地|中国大陆|中国(?!香港|澳门|台湾)|内地|大陆",
    "hk": r"hong ?kong|香港",
    "mo": r"\bmacau?o?\b|澳门",
    "kr": r"south korea|\bkorea\b|韩国",
    "za": r"south africa|南非",
    "ae": r"\bdubai\b|united arab emirates|阿联酋|迪拜",
}
_CAPITALS = re.compile(
    r"\b(?:U\.S\.A?|US|UK|U\.K|EU)(?![$A-Za-z]|\s?(?:sizes?|dollars?|\d))"
    r"(?!\s(?:men|women)\b)"
)


def _patterns() -> list[tuple[frozenset[str], re.Pattern[str]]]:
    out = [(frozenset({code}), re.compile(pattern)) for code, pattern in _MANY.items()]
    for names, codes in ((_EU, {"eu"}), (_OTHERS, set[str]())):
        for pair in names.split("|"):
            english, chinese = pair.split()
            out.append((frozenset({english, *codes}), re.compile(rf"\b{english}\b|{chinese}")))
    return out


_PATTERNS = _patterns()
_ANY = re.compile("|".join(pattern.pattern for _, pattern in _PATTERNS))


@lru_cache(maxsize=4096)
def places(text: str) -> frozenset[str]:
    """Codes of the places named in a text. `us` and `it` in lower case are words, not places."""
    lower = text.lower()
    found: set[str] = set()
    for codes, pattern in _PATTERNS if _ANY.search(lower) else ():
        if pattern.search(lower):
            found |= codes
    for match in _CAPITALS.finditer(text):
        found.add(
            {"U.S": "us", "US": "us", "U.K": "uk", "UK": "uk", "EU": "eu"}[match.group().removesuffix(".A").rstrip(".")]
        )
    return frozenset(found)


def spans(text: str) -> list[tuple[int, int]]:
    """Where places stand in a text, as (start, end) from the left; one that is part of another counts once."""
    lower = text.lower()
    found = (
        [match.span() for match in (*_ANY.finditer(lower), *_CAPITALS.finditer(text))]
        if len(lower) == len(text)
        else []
    )
    out: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out
