"""Text to search terms: folding, segmentation, stems, stop words. The same for passages, queries and product names.

`fold` makes spellings equal: full-width forms (NFKC), case, traditional Chinese (to simplified), accents on Latin
letters. `terms` writes Chinese numerals as figures (三人帐篷 is 3人帐篷) and cuts the folded text: Latin words are
stemmed (Snowball English), a compound with dashes gives its parts and the whole (`gore-tex` → gore, tex, goretex),
Chinese is segmented by jieba in its search mode, without its guessing of new words, which cuts the same characters
differently in a query and in a passage.

Dictionaries are loaded on first need (jieba's takes 0.8 s); `warm` does it ahead. jieba's own cache, a marshal file in
the system's shared temporary folder that anybody may write, is not used.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from knowledge.numerals import figures

HAN_CHARS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, for between the brackets of a regular expression."""
HAN = re.compile(f"[{HAN_CHARS}]+")
"""Chinese characters in a row."""
HAN_CHAR = re.compile(f"[{HAN_CHARS}]")
"""One of them."""
LETTER = rf"[^\W_{HAN_CHARS}]"
"""A letter or digit that is not a Chinese character, as a regular expression."""
_PIECES = re.compile(rf"(?P<han>[{HAN_CHARS}]+)|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>{LETTER}+(?:[-']{LETTER}+)*)")
_LATIN_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_QUOTES = str.maketrans("’‘ʼ‐‑‒–—−", "'''------")

_STOP_EN = """
a about am an and any are aren as at be been being but by can cannot could couldn did didn do does doesn doing
don for from had has hasn have haven he hello her hers hi him his how i if in into is isn it its just let like
ll m me my of on or our ours please re s shall she should so some t than thank thanks that the their them then
there these they this those to too us ve very was wasn we were what when where which who whom why will with
won would wouldn you your yours d im ive id dont doesnt cant
"""
STOP_EN = frozenset(_STOP_EN.split())
_STOP_ZH = """
的 了 吗 呢 吧 啊 呀 嘛 哦 么 和 与 及 或 在 是 我 你 您 他 她 它 我们 你们 您们 他们 咱们 这 那 这个 那个
这些 那些 有 没 就 都 也 还 很 要 想 会 能 可以 能够 请 请问 一下 一个 什么 怎么 怎样 如何 为什么 哪 哪些 哪个
哪里 谁 把 被 让 给 对 从 到 向 于 而 但 但是 如果 因为 所以 并 及其 之 其 得 地 着 过 上 下 里 中 个 您好
你好 谢谢 麻烦
"""
STOP_ZH = frozenset(_STOP_ZH.split())


def fold(text: str) -> str:
    """The text with spellings made equal, as in the module's docstring. May change its length; idempotent."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text)))
    return _simplifier().convert(text) if HAN.search(text) else text


def terms(text: str, *, every: bool = False) -> list[str]:
    """The text's search terms in order, with repetition; stop words left out.

    Args:
        text: Any text.
        every: For passages: also each Chinese word of the dictionary that lies across the cuts. 退货运费 is cut into
            退 and 货运费, where a query for 退货 would find nothing.
    """
    out: list[str] = []
    for match in _PIECES.finditer(figures(fold(text))):
        piece = match.group()
        if match.lastgroup == "han":
            out += _chinese(piece, every)
        elif match.lastgroup == "number":
            out.append(piece.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", piece) else piece)
        else:
            out += _latin(piece)
    return out


def warm() -> None:
    """Load the Chinese dictionaries now rather than with the first Chinese text."""
    terms("暖")


def _chinese(piece: str, every: bool) -> list[str]:
    """Words of a run of Chinese characters."""
    words = list(_segmenter().cut_for_search(piece, HMM=False))
    across = [word for word in _segmenter().cut(piece, cut_all=True) if word not in words] if every else []
    return [word for word in words + across if word not in STOP_ZH]


def _latin(piece: str) -> list[str]:
    """Stems of a word, or of a compound's parts and the whole. `'s` and the like fall away."""
    word = piece.partition("'")[0] if piece.count("'") == 1 and "-" not in piece else piece.replace("'", "")
    parts = [part for part in word.split("-") if part and part not in STOP_EN]
    whole = [word.replace("-", "")] if parts and "-" in word else []
    stems: list[str] = _stemmer().stemWords(parts + whole)
    return stems


_local = threading.local()


def _stemmer() -> Any:
    """One per thread: they are not safe to share."""
    if not hasattr(_local, "stemmer"):
        import Stemmer

        _local.stemmer = Stemmer.Stemmer("english")
    return _local.stemmer


@lru_cache(1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


_loading = threading.Lock()


@lru_cache(1)
def _loaded_segmenter() -> Any:
    import jieba

    segmenter = jieba.Tokenizer()
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter


def _segmenter() -> Any:
    """The segmenter with its dictionary, loaded once whatever the number of threads that ask for it."""
    with _loading:
        return _loaded_segmenter()
