"""Words of a text as they are compared: lower case, without endings; Chinese as pairs of characters.

Only for telling how much two short texts have in common; retrieval has its own, heavier means.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from knowledge.words import HAN_CHARS

_TOKEN = re.compile(rf"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[{HAN_CHARS}]+")
_ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s")
_WORDS = (
    "a an the and or of to in on at for from by with as is are was were be been am do does did can could will would "
    "shall should may might must have has had i you he she it we they me my your our their its this that these those "
    "there here what which who how when where why if so not no yes please hi hello thanks about any some much many get "
    "need want like tell know long im ive id just also than then too very your's"
)
STOP = frozenset(_WORDS.split())
_STOP_ZH = frozenset("的了吗呢吧啊是我你您们他她它有在和与或就都也还要想请问这那个么什怎")


def stem(word: str) -> str:
    """An English word without a common ending: shipping, ships and shipped are all `ship`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def terms(text: str) -> list[str]:
    """The text's terms in order, stop words left out."""
    out: list[str] = []
    for token in _TOKEN.findall(text.lower().replace("’", "'")):
        if token[0] >= "\u3400":
            out.extend(_pairs(token))
        elif token[0].isdigit():
            out.append(token.replace(",", "").removesuffix(".00"))
        elif token not in STOP:
            out.append(stem(token.removesuffix("'s")))
    return out


def _pairs(run: str) -> list[str]:
    """Neighbouring characters of a Chinese run, pairs of empty words left out; a lone character stands for itself."""
    if len(run) == 1:
        return [] if run in _STOP_ZH else [run]
    return [run[i : i + 2] for i in range(len(run) - 1) if run[i] not in _STOP_ZH or run[i + 1] not in _STOP_ZH]


def rarity(texts: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency of each term over these texts, smoothed: log(1 + (N - n + 0.5) / (n + 0.5)).

    It is the one that BM25 uses (Robertson & Zaragoza 2009, with the 1 that keeps it positive).
    """
    counts = Counter(term for text in texts for term in set(terms(text)))
    return {term: log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for term, n in counts.items()}


def coverage(wanted: Iterable[str], text: str, weights: dict[str, float], unseen: float = 1.0) -> float:
    """Share of the weight of `wanted` that occurs in the text, 0 to 1; 0 when nothing is wanted."""
    found = set(terms(text))
    total = hit = 0.0
    for term in set(wanted):
        weight = weights.get(term, unseen)
        total += weight
        hit += weight * (term in found)
    return hit / total if total else 0.0
