"""The check of a draft: does each sentence say only what the passages say?

What is checked is what does harm when it is wrong: prices, discounts, days and dates, stock, sizes, colours,
measures, codes, links, places, promises. `claims.py` finds such statements in the sentence and, in the very same way,
in the passages (`evidence.py`); a claim is supported when a passage that the sentence cites states the same, or any
one passage, the same for all its figures, when it cites none. `[n]` covers what stands before it, back to the mark
before. Three more things must fit together: a figure and the place that it is for (a line on Japan bears out nothing
on Canada), a figure and the way of shipping (standard, express), and a fact and the product that the sentence names.

What the shopper wrote is no support: otherwise a car would soon cost one dollar. Only an order number may be repeated,
and anything in a sentence that says that it is not known.

Limits, known and accepted. A bare number ("12 pockets") is looked for without the word behind it. That a sentence turns
a passage into its opposite is seen only for stock and places, and where it keeps nearly all its words. Statements
without any such claim ("it is very comfortable") pass.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.availability import lists_agree, statements, table
from bot.claims import Fact, facts
from bot.evidence import Saying, Source, bears, read, stocked, turned, verbatim, vouches
from bot.generate.protocol import Numbered
from bot.places import places
from bot.promises import promises
from bot.quantities import plain
from bot.sentences import Holder, cells, sentences
from bot.terms import terms
from knowledge.words import HAN_CHAR, HAN_CHARS

__all__ = ["Claim", "Holder", "Verdict", "check", "cited", "empty", "repeats", "sentences"]

_CITE = re.compile(r"\[\s?(\d{1,3}(?:[ ,、]+\d{1,3})*)\s?\]")
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s")
_DENIES = re.compile(r"\b(?:not|no|never|cannot|nor|without)\b|n't\b|[不没无未]", re.IGNORECASE)
_UNKNOWING = re.compile(
    r"(?:do(?:n't| not)|can(?:not|'t| not)|could(?:n't| not)|unable to) (?:know|find|see|say|tell|answer|confirm)|"
    r"not (?:sure|listed|mentioned)|do(?:es)?(?:n't| not) (?:say|mention)|no information|"
    r"不知道|没有?找到|找不到|没有写|没有提|不清楚|查不到|不确定",
    re.IGNORECASE,
)
_ORDER = re.compile(r"[A-Z]{1,4}-?\d{4,}")
_COLOURS = re.compile(
    r"\b(?:black|white|red|blue|green|yellow|orange|purple|pink|gr[ea]y|brown|navy|beige|teal|olive|khaki|turquoise|maroon)\b|"
    r"[黑白红蓝绿黄橙紫粉灰棕褐]色"
)
_LOOP = re.compile(rf"(\b\w+(?:\W+\w+){{0,2}}\W+)\1{{3,}}|([{HAN_CHARS}]{{2,12}})\2{{2,}}")
_FIGURES = frozenset({"price", "discount", "percent", "duration", "measure", "date", "time"})
WRONG_LANGUAGE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkable statement of a draft. `value` is its plain form, `passage` the number of what bears it out."""

    kind: str
    text: str
    value: str
    supported: bool
    passage: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, and why."""

    supported: bool
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands before one citation, what it may rest on, and what the shopper said anyway."""

    saying: Saying
    sources: tuple[Source, ...]
    echo: frozenset[str]

    @property
    def text(self) -> str:
        return self.saying.text

    def judge(self, kind: str, text: str, value: str, test: Callable[[Source], bool]) -> Claim:
        """The claim, supported by the first source that passes the test."""
        n = next((source.n for source in self.sources if test(source)), None)
        return Claim(kind, text.strip(), value, n is not None, n)


def check(sentence: str, passages: Sequence[Numbered], lang: str, question: str = "") -> Verdict:
    """Whether the passages bear out everything that a sentence claims.

    Args:
        sentence: As the splitter releases it, citation marks included. Without any claim it is supported.
        passages: Those of the prompt, cited or not.
        lang: The language wanted; a sentence in another, on passages in this one, is not supported.
        question: What the shopper wrote; tells which place "it" goes to, and supports nothing.
    """
    if columns := _columns(sentence, passages):
        return Verdict(all(claim.supported for claim in columns), tuple(columns))
    known = {passage.n: passage for passage in passages}
    out = [Claim("citation", f"[{n}]", str(n), n in known, n if n in known else None) for n in sorted(cited(sentence))]
    for words, numbers in _parts(plain(sentence)):
        chosen = [known[n] for n in numbers if n in known] if numbers else list(passages)
        part = _part(words, _named(words, chosen, passages), plain(question))
        out.extend(_claims(part))
        out.extend([] if numbers else _mixed(part))
        out.extend(_language(words, chosen, lang))
    if _LOOP.search(plain(sentence)):
        out.append(Claim("repeat", sentence.strip()[:40], "", False))
    return Verdict(all(claim.supported for claim in out), tuple(out))


def _columns(sentence: str, passages: Sequence[Numbered]) -> list[Claim]:
    """Claims of a row that compares the products of the passages, a column each; empty when it is none.

    Each cell must stand in its own product's passage, and what it claims be borne out there.
    """
    row = cells(plain(sentence)) if sentence.strip().startswith("|") and not cited(sentence) else []
    if len(passages) < 2 or len(row) != len(passages) + 1 or any(passage.kind != "product" for passage in passages):
        return []
    out: list[Claim] = []
    for cell, passage in zip(row[1:], passages, strict=True):
        source = read(passage)
        words = source.words.lower()
        stands = all(piece in words for piece in re.split(r"[,;、]\s?", cell.lower())) or not re.search(r"\w", cell)
        out.append(Claim("cell", cell, cell, stands, passage.n if stands else None))
        out.extend(_claims(_Part(Saying(cell), (source,), frozenset())))
    return [*out, *_claims(_Part(Saying(row[0]), tuple(map(read, passages)), frozenset()))]


def cited(text: str) -> set[int]:
    """Numbers of the passages that a text cites."""
    return {int(n) for found in _CITE.finditer(plain(text)) for n in re.findall(r"\d+", found[1])}


def empty(text: str) -> bool:
    """Whether a draft has no words, only marks and citations."""
    return not re.search(r"\w", _CITE.sub("", plain(text)))


def repeats(sentence: str, earlier: Sequence[str]) -> bool:
    """Whether a sentence of at least three terms was said before, citations and punctuation aside."""
    words = terms(_CITE.sub("", plain(sentence)))
    return len(words) >= 3 and any(terms(_CITE.sub("", plain(text))) == words for text in earlier)


def _parts(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The text between citations, each with the numbers behind it; what comes last has those before it."""
    out: list[tuple[str, tuple[int, ...]]] = []
    start = 0
    for found in _CITE.finditer(text):
        numbers = tuple(int(n) for n in re.findall(r"\d+", found[1]))
        words = text[start : found.start()]
        if re.search(r"\w", words):
            out.append((words, numbers))
        elif out:
            out[-1] = (out[-1][0], out[-1][1] + numbers)
        start = found.end()
    if re.search(r"\w", text[start:]):
        out.append((text[start:], out[-1][1] if out else ()))
    return [(_LIST_MARK.sub("", words), numbers) for words, numbers in out]


def _named(text: str, chosen: Sequence[Numbered], passages: Sequence[Numbered]) -> list[Numbered]:
    """The chosen passages without products other than those that the text names; the longest name counts."""
    lower = text.lower()
    said = {title for p in passages if p.kind == "product" and (title := plain(p.title).lower()) and title in lower}
    said = {title for title in said if not any(title != other and title in other for other in said)}
    if not said:
        return list(chosen)
    return [p for p in chosen if p.kind != "product" or any(t in read(p).words.lower() for t in said)]


def _part(text: str, passages: Sequence[Numbered], question: str) -> _Part:
    own = places(text)
    echo = frozenset(fact.value for fact in facts(question))
    saying = Saying(text, own, frozenset() if own else places(question))
    return _Part(saying, tuple(map(read, passages)), echo)


def _claims(part: _Part) -> Iterator[Claim]:
    for fact in facts(part.text):
        claim = part.judge(fact.kind, fact.text, fact.value, lambda s, f=fact: bears(s, f, part.saying))  # type: ignore[misc]
        yield Claim(claim.kind, claim.text, claim.value, True) if _may_echo(fact, part) else claim
    for promise in promises(part.text):
        we, verb = promise.actor == "we", promise.verb
        yield part.judge(
            "promise",
            promise.text,
            verb,
            lambda s, w=we, v=verb: verbatim(s, part.text) or (w and vouches(s, v, part.text)),  # type: ignore[misc]
        )
    yield from _stock(part)
    if not _DENIES.search(part.text):
        for colour in sorted({found.group() for found in _COLOURS.finditer(part.text.lower())}):
            yield part.judge("colour", colour, colour, lambda s, c=colour: c in s.words.lower())  # type: ignore[misc]
    near = [source.n for source in part.sources if turned(source, part.text)]
    if near and not any(verbatim(source, part.text) for source in part.sources):
        yield Claim("negation", part.text.strip(), "the opposite", False)


def _mixed(part: _Part) -> Iterator[Claim]:
    """A claim when figures of a sentence without citations come from different passages, though it names one place."""
    figures = [fact for fact in facts(part.text) if fact.kind in _FIGURES]
    products = sum(source.title.lower() in part.text.lower() for source in part.sources)
    names_two = products > 1 or len(part.saying.places - {"eu"}) > 1
    if len(figures) < 2 or names_two or not all(any(bears(s, f, part.saying) for s in part.sources) for f in figures):
        return
    if not any(all(bears(source, fact, part.saying) for fact in figures) for source in part.sources):
        yield Claim("mixed", part.text.strip(), "figures of different passages", False)


def _stock(part: _Part) -> Iterator[Claim]:
    if listed := table(part.text):
        yield part.judge("stock", part.text, "list", lambda s: lists_agree(listed, s.stock))
        return
    for clause, there, count in statements(part.text):
        value = "in stock" if there else "out of stock"
        yield part.judge(
            "stock",
            clause,
            value if count is None else f"{count} {value}",
            lambda s, c=clause, t=there, k=count: stocked(s, c, t, k),  # type: ignore[misc]
        )


def _may_echo(fact: Fact, part: _Part) -> bool:
    """Whether it may be repeated from the question: an order number, or what is said not to be known."""
    if fact.value not in part.echo:
        return False
    return bool(fact.kind == "code" and _ORDER.fullmatch(fact.value)) or bool(_UNKNOWING.search(part.text))


def _language(text: str, chosen: Sequence[Numbered], lang: str) -> Iterator[Claim]:
    """A claim only when the language is wrong although the passages are in the right one."""
    if not chosen or any(passage.lang != lang for passage in chosen):
        return
    chinese, words = len(HAN_CHAR.findall(text)), len(re.findall(r"[A-Za-z]{2,}", text))
    wrong = (lang == "zh" and not chinese and words > WRONG_LANGUAGE_WORDS) or (lang == "en" and chinese > 2 * words)
    if wrong and not any(text.strip() in read(passage).words for passage in chosen):
        yield Claim("language", text.strip()[:40], lang, False)
