"""Which language a message is in, of those that the shop speaks; and whether it is plainly in another one. Pure.

Short messages are what shoppers write: `ok`, `L`, a SKU, a product's name. They tell nothing, so the conversation goes
on in its language. What is answered in another language is not known here.
"""

import re
from collections.abc import Sequence

from knowledge.words import HAN_CHAR, STOP_EN, fold

_WORD = re.compile(r"[A-Za-z]{2,}")
_CODE = re.compile(r"\S+@\S+|\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")
_PARTICLES = re.compile(r"[吗嗎呢吧啊呀么麼的了有没沒是多少几幾怎什谁誰哪请請想要我你您他她它这這那能可会會不还還]")
_COMMON_WORDS = (
    "hello hey hi ok okay sorry good bye yes no not please thanks thank thx buy cost price ship shipping "
    "deliver delivery order return refund size colour color stock available much many long does got get "
    "want need show find looking help"
)
_COMMON = STOP_EN | frozenset(_COMMON_WORDS.split())
_LEAST_WORDS = 4
"""So many Latin words are English in a conversation that was Chinese, though none of them is a common one."""

_SCRIPTS = {
    "ja": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    "ko": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}
_LEAST_LETTERS = 3
_WORDS = {
    "de": "der die das den dem ein eine einen ich ist sind und oder nicht wie viel lange wann wo kann können kostet "
    "haben habe hat gibt für mit auf zu nach bei von auch noch bitte danke wird sie ihr mein meine bestellung versand "
    "lieferung rückgabe guten tag hallo wasserdicht größe",
    "fr": "le la les un une des du est sont je vous nous il elle et ou pas ne que qui quel quelle quels combien "
    "comment où quand avec pour dans sur mon ma mes votre vos livraison commande retour bonjour merci avez puis "
    "peux taille couleur coûte prix",
    "es": "el la los las un una es son está yo usted y o no que qué cuál cuánto cuánta cuesta cómo dónde cuándo con "
    "para por en mi mis su sus envío pedido devolución hola gracias tiene tienen puedo talla color quiero hay",
    "it": "il lo la gli le un una è sono io voi e o non che quale quanto costa come dove quando con per in mio mia "
    "spedizione ordine reso ciao grazie avete posso taglia colore vorrei",
    "pt": "o a os as um uma é são eu você e ou não que qual quanto custa como onde quando com para por em meu minha "
    "entrega pedido devolução olá obrigado obrigada tem posso tamanho cor quero",
}
_FOREIGN = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST_FOREIGN = 3
_ENGLISH_TOO = "die in no me a or do so an am i son sind hat tag per come how y e o"
_SHARED_WITH_ENGLISH = frozenset(_ENGLISH_TOO.split())


def simplified(text: str) -> str:
    """The text with traditional characters made simplified and nothing else changed, so that one pattern reads both."""
    folded = fold(text) if HAN_CHAR.search(text) else text
    if len(folded) != len(text):
        return text
    return "".join(new if HAN_CHAR.match(old) else old for old, new in zip(text, folded, strict=True))


def language(text: str, before: str, spoken: Sequence[str]) -> str:
    """Language of `text` among `spoken`; what was spoken `before` decides where the text does not tell.

    Chinese when Han characters outweigh Latin words (a word counts as two characters, so that a product's Latin name
    inside a Chinese sentence does not turn it into English), but not for a Chinese thing's name in an English sentence;
    English when there are Latin words and no Han. SKUs, order numbers and e-mail addresses are no words, and a Latin
    name alone leaves a Chinese conversation Chinese.
    """
    words = [word.lower() for word in _WORD.findall(_CODE.sub(" ", text))]
    han, common = len(HAN_CHAR.findall(text)), sum(word in _COMMON for word in words)
    if foreign(text, spoken):
        return before if before in spoken else spoken[0]
    if han and "zh" in spoken and han * 2 >= len(words) and (common < 2 or _PARTICLES.search(text)):
        return "zh"
    if not _tells(words, common, han, before):
        return before if before in spoken else "en" if words and "en" in spoken else spoken[0]
    return "en" if "en" in spoken else before if before in spoken else spoken[0]


def _tells(words: Sequence[str], common: int, han: int, before: str) -> bool:
    """Whether Latin words say that the message is English."""
    if han:
        return common >= 2 and len(words) * 2 > han
    if before == "zh":
        return len(words) >= 2 and (common > 0 or len(words) >= _LEAST_WORDS)
    return len(words) >= 2


def foreign(text: str, spoken: Sequence[str]) -> str:
    """The language that the text is plainly in and the shop does not speak; empty when there is none.

    A script of its own tells at once, also among Chinese characters (as Japanese has them); languages in Latin letters
    by three of their small words, more of them than of English ones. A name or two in another script is no language.
    """
    for code, letters in _SCRIPTS.items():
        found = len(letters.findall(text))
        count = found // (2 if code in ("ja", "ko") else 4)
        if (
            code not in spoken
            and found >= _LEAST_LETTERS
            and count >= _latin(text)
            and found * 2 >= len(HAN_CHAR.findall(text))
        ):
            return code
    words = [word.lower() for word in _LETTERS.findall(text)]
    english = sum(word in STOP_EN for word in words)
    counts = {
        code: sum(word in known and word not in _SHARED_WITH_ENGLISH for word in words)
        for code, known in _FOREIGN.items()
    }
    code = max(counts, key=lambda one: counts[one])
    plain = counts[code] >= min(_LEAST_FOREIGN, max(2, len(words) - 1)) and counts[code] > english
    return code if plain and code not in spoken else ""


def _latin(text: str) -> int:
    """Latin words that are no SKU."""
    return len(_WORD.findall(_CODE.sub(" ", text)))
