"""Which product a message is about: one that it names, wholly or by the telling part of a name, or the one in focus.

Names in full, SKUs and handles were found by the search (`Hit.exact`). Shoppers also shorten: "the ridgeline tent",
"skylark shoes". A word tells products apart when it stands in few names and in no description as a plain word; several
products that fit equally well are an ambiguity, and the shopper chooses. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.scene import Scene
from bot.shopping.lexicon import COLOURS, FEATURES, GENDERS, MATERIALS, NOUNS
from bot.shopping.spoken import by_lead, for_others, without_leads
from knowledge.passages import Kind, Passage, Product
from knowledge.words import HAN, fold

FEW = 8
"""A word in more names than this is a kind of product rather than a name."""
FEWEST = 2
"""Up to so many names, a word is telling even if it is a plain one ("the gas canister"), beside another of the name."""
MOST_CHOICES = 4
_THE = re.compile(r"\b(?:the|this|that|your)\b", re.I)
_POINTS = re.compile(
    r"\b(?:it|its|it's|they|them|their|this|that|these|those)\b"
    r"|这个|那个|这款|那款|这件|那件|这双|那双|这条|那条|这顶|那顶|它|该",
    re.I,
)
_Handles = tuple[str, ...]
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+", re.I)


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about.

    Attributes:
        named: Handles of the products that it names, in order.
        either: Handles that one shortened name may mean, when more than one.
        focus: Handle of the product being talked about, else of the page that is open; empty when there is none.
        points: It points at something said before ("it", "this one").
        rest: The message without the names.
    """

    named: tuple[str, ...]
    either: tuple[str, ...]
    focus: str
    points: bool
    rest: str


def about(scene: Scene) -> About:
    """The products that the message itself is about; what was filled in for a follow-up counts as focus only."""
    text, products = _of_pick(scene), scene.live.products
    exact, either = _apart(_exact(scene, text), text, products)
    rest = without(text, [products[h] for h in (*exact, *either)])
    if not exact and not either:
        short = shortened(rest, scene)
        rest = without(without_leads(rest, short, products), [products[h] for h in short])
        exact, either = (short, ()) if len(short) == 1 else ((), short)
    if not exact and not either and (one := _of_kind(rest, scene)):
        handle, said = one
        exact, rest = (handle,), rest.replace(said, " , ")
    focus = next((h for h in _focused(scene) if h in products), "")
    return About(exact, either, focus, bool(_POINTS.search(rest)), rest)


def _of_pick(scene: Scene) -> str:
    """The message; where its words picked one of those shown ("the other one"), with `it` in their place."""
    meaning = scene.meaning
    product = scene.live.product(meaning.focus) if meaning.focus else None
    lead = f"{product.words(scene.lang).name}: " if product else ""
    return meaning.query.removeprefix(lead) if lead and meaning.query.startswith(lead) else meaning.text


def _of_kind(text: str, scene: Scene) -> tuple[str, str] | None:
    """The only product shown whose name ends in what a Chinese question calls a thing, and that word.

    A name may be in English only: "地布多少钱" is about the Footprint of the list.
    """
    plain = fold(text)
    if len(scene.state.shown) < FEWEST or not HAN.search(plain):
        return None
    shown = {h: p for h in scene.state.shown if (p := scene.live.product(h))}
    for forms in NOUNS.values():
        said = max((form for form in forms if HAN.match(form) and form in plain), key=len, default="")
        fits = [h for h, p in shown.items() if said and any(_ends(w.name, forms) for w in p.wording.values())]
        if len(fits) == 1:
            return fits[0], said
    return None


@lru_cache(maxsize=4096)
def called(name: str) -> tuple[str, ...]:
    """What people call a thing, in both languages, whose name or category ends so: 冲锋衣 for `Rain Jackets`."""
    return tuple(form for forms in NOUNS.values() if _ends(name, forms) for form in forms)


def _ends(name: str, forms: Iterable[str]) -> bool:
    return fold(name).removesuffix("s").endswith(tuple(forms))


def _focused(scene: Scene) -> Iterable[str]:
    state = scene.state
    return filter(None, (scene.meaning.focus, state.focus, state.visit.product))


def _apart(exact: Mapping[str, int], text: str, products: Mapping[str, Product]) -> tuple[_Handles, _Handles]:
    """The products named, and those of which one is meant: several that share a beginning at one place."""
    plain = fold(text)
    words = set(_said(text))
    spoken: dict[int, list[str]] = {}
    for handle in sorted(exact, key=exact.__getitem__):
        spoken.setdefault(exact[handle], []).append(handle)
    sure: list[str] = []
    for group in spoken.values():
        whole = [h for h in group if any(fold(w.name) in plain for w in products[h].wording.values())]
        fits = {h: _fit(products[h], words) for h in group}
        best = whole or _wholes([h for h in group if fits[h] == max(fits.values())], products)
        if len(best) > 1 and not whole:
            return tuple(sure), tuple(best[:MOST_CHOICES])
        sure += best
    whole = _wholes(sure, products)
    return tuple(h for h in sure if h in whole or _tokens(products[h].words("en").name)[-1] in words), ()


def _wholes(handles: list[str], products: Mapping[str, Product]) -> list[str]:
    """Without what the shop's tags call a part of another of them: the tent rather than its footprint."""
    ends = {handle: {tag.rpartition(":")[2] for tag in products[handle].tags} for handle in handles}
    return [h for h in handles if not any(other in ends[h] for other in handles if other != h)] or handles


def _fit(product: Product, said: set[str]) -> int:
    """How many of the words are in the product's name."""
    return max(sum(word in said for word in _tokens(words.name)) for words in product.wording.values())


def _exact(scene: Scene, text: str) -> Mapping[str, int]:
    """Products named literally in the message, with their places there."""
    found: dict[str, int] = {}
    plain = fold(text)
    for hit in scene.hits:
        handle = hit.passage.product
        if hit.exact and handle and hit.passage.kind is Kind.PRODUCT and handle not in found:
            place = _place(plain, scene.live.products[handle], hit.exact)
            if place is not None:
                found[handle] = place
    return found


def _place(plain: str, product: Product, exact: str) -> int | None:
    """Where a product stands in the folded text; None when only the filled-in follow-up has its name."""
    squeezed = "".join(filter(str.isalnum, plain))
    code = "".join(filter(str.isalnum, fold(exact)))
    for form in (code, *_without_latin(exact)):
        if len(form) > 2 and form in squeezed:
            return _at(plain, squeezed.index(form))
    beginnings = [(n, at) for words in product.wording.values() for n, at in [_beginning(plain, words.name)] if n > 1]
    if beginnings:
        return max(beginnings)[1]
    places = [plain.find(word) for word in _coined(product) if word in plain]
    return min(places, default=None)


def _without_latin(name: str) -> Iterable[str]:
    """A Chinese name as it is said without its Latin words, with and without a number among them."""
    plain = fold(name)
    parts = re.findall(rf"{HAN.pattern}|\d+", plain) if HAN.search(plain) else []
    yield "".join(parts)
    yield "".join(part for part in parts if not part.isdigit())


def _at(plain: str, place: int) -> int:
    """The place in the text of a place among its letters and digits."""
    return [i for i, char in enumerate(plain) if char.isalnum()][place]


def _beginning(plain: str, name: str) -> tuple[int, int]:
    """How many of the first words of a name stand together in a text, and where; (0, 0) for none."""
    words = fold(name).split()
    for count in range(len(words), 0, -1):
        if (at := plain.find(" ".join(words[:count]))) >= 0:
            return count, at
    return 0, 0


def _coined(product: Product) -> set[str]:
    """Words of its names."""
    return {word for words in product.wording.values() for word in _tokens(words.name) if len(word) > 2}


@lru_cache(maxsize=16384)
def _tokens(name: str) -> tuple[str, ...]:
    """The words of a name, folded; of Chinese ones each pair of characters."""
    plain = fold(name)
    latin = [word.removesuffix("'s").rstrip("'") for word in _WORD.findall(plain)]
    return tuple(dict.fromkeys([*latin, *_pairs(plain)]))


def _pairs(plain: str) -> list[str]:
    """Every two Chinese characters that stand together."""
    return [run[i : i + 2] for run in HAN.findall(plain) for i in range(len(run) - 1)]


def without(text: str, products: Iterable[Product]) -> str:
    """The text without the words of the products' names, each taken out once."""
    for product in products:
        for name in sorted((w.name for w in product.wording.values()), key=len, reverse=True):
            text = _cut(text, name)
    return text


def _cut(text: str, name: str) -> str:
    whole = re.compile(r"\s*".join(map(re.escape, name.replace(" ", ""))), re.I)
    if whole.search(text):
        return whole.sub(" , ", text, count=1)
    for word in (*HAN.findall(name), *re.findall(r"[^\W_]+(?:['’][^\W_]+)?", HAN.sub(" ", name))):
        edge = r"" if HAN.match(word) else r"(?<![^\W_\u3400-\u9fff])"
        ends = r"" if HAN.match(word) else r"(?:['’]?s)?(?![^\W_\u3400-\u9fff])"
        text = re.sub(f"{edge}{re.escape(word)}{ends}", " ", text, count=1, flags=re.I)
    return text


def shortened(text: str, scene: Scene) -> tuple[str, ...]:
    """Products that a shortened name may mean: those with most of the message's words, if one of these is telling."""
    said = set(_said(text))
    if not said:
        return ()
    products = scene.live.products
    common = _counted(_Shop(products, scene.passages))
    sure, others = by_lead(text, products, common.characters), for_others(text, products)
    meant = {h: products[h] for h in sure - others} or {h: p for h, p in products.items() if h not in others}
    score = {h: _fit(product, said) + (h in sure) for h, product in meant.items()}
    best = max(score.values(), default=0)
    found = [handle for handle, n in score.items() if n == best] if best else []
    words = [
        word for word in said if not word.isdigit() and (not HAN.match(word) or word in _fresh(text, common.plain))
    ]
    telling = {word for word in words if 0 < common.names[word] <= FEW and word not in common.plain}
    if best > 1 and _THE.search(text):
        few = FEWEST if len(found) == 1 else 0
        telling |= {w for w in words if 0 < common.names[w] <= (FEW if w not in common.usual else few)}
    good = [
        h for h in found if h in sure or telling & {t for w in products[h].wording.values() for t in _tokens(w.name)}
    ]
    good = _wholes(good, products)
    return tuple(good) if 0 < len(good) <= MOST_CHOICES else ()


def written(scene: Scene) -> frozenset[str]:
    """The words that the shop's names and texts have, in lower case."""
    common = _counted(_Shop(scene.live.products, scene.passages))
    return common.plain | common.names.keys()


def _fresh(text: str, plain: frozenset[str]) -> set[str]:
    """Pairs of Chinese characters that are not made of the plain words beside them, as the middle of 羽绒睡袋 is."""
    out: set[str] = set()
    for run in HAN.findall(fold(text)):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        known = {place for i, pair in enumerate(pairs) if pair in plain for place in (i, i + 1)}
        out |= {pair for i, pair in enumerate(pairs) if not {i, i + 1} <= known}
    return out


def _said(text: str) -> list[str]:
    plain = fold(text)
    latin = [word.removesuffix("'s") for word in _WORD.findall(plain)]
    singular = [word[:-1] for word in latin if word.endswith("s") and len(word) > 3]
    return [word for word in (*latin, *singular, *_pairs(plain)) if len(word) > 1 or word.isdigit()]


@dataclass(frozen=True, slots=True)
class _Common:
    """In how many products' names a word stands, which words are plain ones, and which in more than a description.

    `characters` are the Chinese characters of all texts but names.
    """

    names: Counter[str]
    plain: frozenset[str]
    usual: frozenset[str]
    characters: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class _Shop:
    """What one snapshot holds; two are the same when their products are the same object."""

    products: Mapping[str, Product]
    passages: Mapping[str, Passage]

    def __hash__(self) -> int:
        return id(self.products)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shop) and other.products is self.products


@lru_cache(maxsize=2)
def _counted(shop: _Shop) -> _Common:
    counts: Counter[str] = Counter()
    plain, described = set(_general()), set[str]()
    for product in shop.products.values():
        wordings = product.wording.values()
        counts.update({word for wording in wordings for word in _tokens(wording.name)})
        plain |= _plain_words(product.brand.casefold())
        for wording in wordings:
            described |= _plain_words(wording.description)
            plain |= _plain_words(" ".join((wording.category, *wording.facts)).casefold())
            plain |= _plain_words(" ".join((*wording.facts.values(), *wording.options.values())))
    for passage in shop.passages.values():
        if passage.kind in (Kind.FAQ, Kind.POLICY):
            plain |= _latin_words(" ".join((passage.text, *passage.questions)))
    characters = frozenset(char for word in plain | described for char in word if HAN.match(char))
    return _Common(counts, frozenset(plain | described), frozenset(plain), characters)


@lru_cache(maxsize=1)
def _general() -> frozenset[str]:
    """Words for kinds of things, whatever the shop calls its products."""
    groups = (*NOUNS.values(), *MATERIALS.values(), *FEATURES.values(), *GENDERS.values(), *COLOURS.values())
    return frozenset(word for group in groups for phrase in group for word in _plain_words(phrase))


def _plain_words(text: str) -> set[str]:
    """Lower-case words, also in the singular, and pairs of Chinese characters: those that name no product alone."""
    return {*_latin_words(text), *_pairs(fold(text))}


def _latin_words(text: str) -> set[str]:
    found = re.findall(r"(?<![^\W_])[a-z]+(?![^\W_])", text)
    return {*found, *(word[:-1] for word in found if word.endswith("s"))}
