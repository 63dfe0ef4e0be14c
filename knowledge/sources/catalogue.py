"""Products put together from rows: heads, variants and translations arrive in any file order and become `Product`s.

It knows shops' rules (one SKU once, a variant belongs to a product) but no file format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from knowledge.errors import Problem
from knowledge.passages import Origin, Product, Variant, Wording
from knowledge.sources.files import shown

OPTION, VALUE, FACT = "option:", "option_value:", "metafield:"


@dataclass(frozen=True, slots=True)
class Head:
    """What a row says about the product as a whole, in one language."""

    handle: str
    lang: str
    words: Wording
    origin: Origin
    brand: str = ""
    tags: tuple[str, ...] = ()
    weight_g: int | None = None
    url: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A row's variant."""

    handle: str
    variant: Variant
    origin: Origin


@dataclass(frozen=True, slots=True)
class Skipped:
    """A product that is not sold (a draft), or whose row was bad: what belongs to it is passed over in silence."""

    handle: str


@dataclass(frozen=True, slots=True)
class Translation:
    """One field of one product in another language.

    Attributes:
        handle: The product's; empty when `field` holds for every product (an option's name, a value).
        field: `title`, `body_html`, `product_type`, `metafield:<label>`, `option:<name>` or `option_value:<value>`.
        column: Where problems with `field` are shown.
    """

    handle: str
    lang: str
    field: str
    text: str
    origin: Origin
    column: str = "Field"


@dataclass(slots=True)
class _Draft:
    head: Head
    wording: dict[str, Wording]
    variants: list[Variant] = field(default_factory=list)


class Catalogue:
    """Gathers the parts; `products` puts them together. Complaints go to `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._drafts: dict[str, _Draft] = {}
        self._skipped: set[str] = set()
        self._skus: dict[str, Origin] = {}
        self._translations: dict[tuple[str, str], list[Translation]] = {}

    def add(self, part: Head | Offer | Skipped | Translation) -> None:
        """Take one part; heads come before their variants."""
        match part:
            case Head():
                self._add_head(part)
            case Offer():
                self._add_offer(part)
            case Skipped():
                self._skipped.add(part.handle)
            case Translation():
                self._translations.setdefault((part.handle, part.lang), []).append(part)

    def knows(self, handle: str) -> bool:
        """Whether the handle is a product's, sold or not."""
        return handle in self._drafts or handle in self._skipped

    def products(self) -> tuple[Product, ...]:
        """All products with at least one variant, translated, in the order of their heads."""
        self._translate()
        out = []
        for handle, draft in self._drafts.items():
            if draft.variants:
                out.append(_product(draft))
            elif handle not in self._skipped:
                self._wrong(draft.head.origin, "", f"no variant of {shown(handle)}", "at least one, with a price")
        return tuple(out)

    def _wrong(self, origin: Origin, column: str, found: str, wanted: str) -> None:
        self._problems.append(Problem(origin.file, origin.line, column, found, wanted))

    def _add_head(self, head: Head) -> None:
        draft = self._drafts.get(head.handle)
        if draft is None:
            self._drafts[head.handle] = _Draft(head, {head.lang: head.words})
        elif head.lang not in draft.wording:
            draft.wording[head.lang] = head.words
        elif head.words.name != draft.wording[head.lang].name:
            first = draft.head.origin
            wanted = f"a handle of its own; it is first used in {first.file}:{first.line}"
            self._wrong(head.origin, "handle", f"{shown(head.handle)} for another product", wanted)
        else:
            known = draft.wording[head.lang]
            draft.wording[head.lang] = replace(known, facts=_merged(known.facts, head.words.facts))

    def _add_offer(self, offer: Offer) -> None:
        if offer.handle in self._skipped and offer.handle not in self._drafts:
            return
        draft = self._drafts.get(offer.handle)
        sku = offer.variant.sku
        if draft is None:
            wanted = "a row with the product's title before it"
            self._wrong(offer.origin, "handle", f"a variant of {shown(offer.handle)}", wanted)
        elif sku and (first := self._skus.get(sku)):
            wanted = f"a SKU of its own; it is first used in {first.file}:{first.line}"
            self._wrong(offer.origin, "sku", f"{shown(sku)} again", wanted)
            self._skipped.add(offer.handle)
        else:
            self._skus[sku] = offer.origin
            draft.variants.append(offer.variant)

    def _translate(self) -> None:
        for (handle, lang), parts in self._translations.items():
            if not handle or handle in self._skipped:
                continue
            draft = self._drafts.get(handle)
            if draft is None:
                self._wrong(parts[0].origin, "Identification", f"unknown product {shown(handle)}", "a product's handle")
                continue
            shared = [part for part in self._translations.get(("", lang), []) if _names_option(draft, part)]
            self._translate_one(draft, lang, shared + parts)

    def _translate_one(self, draft: _Draft, lang: str, parts: list[Translation]) -> None:
        base = next(iter(draft.wording.values()))
        words = draft.wording.get(lang) or Wording(name=base.name, description="")
        facts, options = dict(words.facts), dict(words.options)
        for part in parts:
            name = part.field.partition(":")[2]
            if part.field == "title":
                words = replace(words, name=part.text)
            elif part.field == "body_html":
                words = replace(words, description=part.text)
            elif part.field == "product_type":
                words = replace(words, category=part.text)
            elif part.field.startswith(FACT):
                label, *value = re.split("[:：]", part.text, maxsplit=1)
                facts[label.strip() if value else name] = (value or [label])[0].strip()
            elif _names_option(draft, part):
                options[name] = part.text
            else:
                self._wrong(part.origin, part.column, f"unknown option {shown(part.field)}", _known_options(draft))
        draft.wording[lang] = replace(words, facts=facts, options=options)


def _merged(known: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Facts of several variants: what differs between them stands side by side."""
    out = dict(known)
    for label, value in more.items():
        if label not in out:
            out[label] = value
        elif f"; {value}; " not in f"; {out[label]}; ":
            out[label] = f"{out[label]}; {value}"
    return out


def _names_option(draft: _Draft, part: Translation) -> bool:
    """Whether the field is an option's name or value of this product."""
    kind, _, name = part.field.partition(":")
    if f"{kind}:" == OPTION:
        return any(name in variant.options for variant in draft.variants)
    return f"{kind}:" == VALUE and any(name in variant.options.values() for variant in draft.variants)


def _known_options(draft: _Draft) -> str:
    """What a product lets one choose, for a problem's `wanted`."""
    known: dict[str, dict[str, None]] = {}
    for variant in draft.variants:
        for name, value in variant.options.items():
            known.setdefault(name, {})[value] = None
    listed = "; ".join(f"{name}: {', '.join(values)}" for name, values in known.items())
    return f"one of {listed}" if listed else "no option: this product has none"


def _product(draft: _Draft) -> Product:
    head = draft.head
    wording: Mapping[str, Wording] = draft.wording
    return Product(
        handle=head.handle,
        wording=wording,
        brand=head.brand,
        variants=tuple(draft.variants),
        origin=head.origin,
        tags=head.tags,
        weight_g=head.weight_g,
        url=head.url,
        image=head.image,
    )
