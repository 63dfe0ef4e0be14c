"""Questions about sending a thing to a place: a passage on the thing's sending leads over one on the place alone. Pure.

"Can the gas go to Canada?" is near all that is said of Canada, whose delivery times mislead where fuel is not sent
there. What is to be sent is what the question has beside its place and the words of sending and asking.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from knowledge.gazetteer import found
from knowledge.passages import Hit, Kind, Passage
from knowledge.words import terms

_SENDING = re.compile(
    r"\b(?:ship\w*|deliver\w*|sen[dt]\w*|mail\w*|post(?:ed|ing)?|fly|flown|freight)\b"
    r"|(?<!退)[寄邮](?!箱|件地址|回|编)|[配运]送|空运|快递|发(?:到|往|给|国|货|[^现生票起])|怎么运",
    re.IGNORECASE,
)
_BACK = re.compile(r"\breturn|\bback\b|\brepair|退|寄回|换货|修", re.IGNORECASE)
_USUAL = """
ship shipping shipped send sent sending deliver delivered delivery mail mailed post posted postage fly parcel parcels
package packages item items order orders ordered ordering thing things stuff product products goods something anything
much many long fast quick quickly soon day days week weeks time times take takes express standard regular normal free
cost costs price prices fee fees charge pay paid money dollar dollars cheap cheapest possible get gets arrive arrives
reach reaches receive come comes go goes country countries customer customers people live want buy need help usually
amount spend minimum fee one two also still even able allowed allow international overseas abroad home house address
door city state town usual way hello hi please know tell wondering question other others
多久 几天 多少 天 钱 多少钱 快递 加急 标准 普通 包邮 免邮 免运费 邮费 运费 包裹 东西 商品 订单 下单 时间 到 寄 发 送 收
收到 收货 到货 国际 配送 物流 地址 国外 海外 国家 地区 城市 邮寄 寄送 发货 发到 寄到 送到 支持 可不可以 能不能 可否 货
买 卖 需要 大概 一般 最快 最 免费 满 元 美元 美金 这边 那边 这里 那里 直接 全 运 邮 运送 过去 过来 其他 别的
"""
NOTHING = (0, 0)
LEAST = 0.01
"""A passage less likely than that does not lead, whatever words it has."""


def led(hits: Sequence[Hit], query: str) -> tuple[Hit, ...]:
    """The hits; where one speaks on sending the thing that is asked about, and the first does not, that one leads.

    It is then as likely as the one that led before. Without a place, a thing or a word of sending nothing changes.
    """
    thing = _thing(query)
    rules = [hit for hit in hits if hit.passage.kind is not Kind.PRODUCT]
    told = {hit.passage.id: _told(hit.passage, thing) for hit in rules if _likely(hit)} if thing else {}
    best = max(told.values(), default=NOTHING)
    leads = (*rules[:1], *sorted(rules, key=lambda hit: -(hit.probability or 0.0))[:1])
    if best == NOTHING or all(told.get(hit.passage.id) == best for hit in leads):
        return tuple(hits)
    equal = [hit for hit in rules if told.get(hit.passage.id) == best]
    first = next((hit for hit in equal if hit.passage.kind is Kind.FAQ), equal[0])
    chance = max((hit.probability or 0.0 for hit in hits if hit.passage.kind is Kind.FAQ), default=0.0)
    raised = replace(first, probability=max(chance, first.probability)) if first.probability is not None else first
    return (raised, *(hit for hit in hits if hit is not first))


def _likely(hit: Hit) -> bool:
    return hit.passage.kind is Kind.POLICY or (hit.passage.kind is Kind.FAQ and (hit.probability or 0.0) >= LEAST)


def _thing(query: str) -> frozenset[str]:
    """The terms of what is to be sent to a place; none where no place or no sending is asked about."""
    spots = list(found(query))
    if not spots or not _SENDING.search(query) or _BACK.search(query):
        return frozenset()
    kept, last = "", 0
    for spot in spots:
        kept, last = f"{kept}{query[last : spot.start]} ", spot.stop
    return frozenset(terms(re.sub(r"[(（][^)）]*[)）]", " ", kept + query[last:]))) - _usual()


@lru_cache(maxsize=1)
def _usual() -> frozenset[str]:
    return frozenset(terms(_USUAL))


def _told(passage: Passage, thing: frozenset[str]) -> tuple[int, int]:
    """How many terms of the thing one line on sending has at most, and how many the first sentence has."""
    most = max((_shared(line, thing) for line in _lines(passage) if _SENDING.search(line)), default=0)
    return (most, _shared(_sentences(passage.text)[0], thing)) if most else NOTHING


def _shared(line: str, thing: frozenset[str]) -> int:
    return len(thing & set(terms(line, every=True)))


def _lines(passage: Passage) -> Iterable[str]:
    lines = (passage.title, *passage.questions, *_sentences(passage.text))
    return (line for line in lines if not _BACK.search(line))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?;])\s|[。！？；\n]", text.strip())
