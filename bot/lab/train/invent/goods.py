"""What invented shops sell: kinds of goods with their options, facts and traits, read from word lists beside this file.

A list is plain text that is read once, on first use. `{2..5/0.5} kg` stands for a number from 2 to 5 in steps of 0.5,
`@origin` for a word of that pool, `|` parts alternatives.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_RANGE = re.compile(r"\{([-\d.]+)\.\.([-\d.]+)(?:/([\d.]+))?\}")
_SINGLE = re.compile(
    r"(?<![\d.,-])(1) (year|month|week|day|hour|minute|drop|board|token|person|player|spoon|capsule|pair|blade|adapter)s\b"
)
_POOL = re.compile(r"@(\w+)")


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that holds or does not, as waterproof. Predicates and questions are templates of `catalogue_words`."""

    id: str
    label: str
    holds: str
    fails: str
    questions: tuple[str, ...]
    because: str
    because_not: str


@dataclass(frozen=True, slots=True)
class GoodsKind:
    """A kind of goods of one trade. Prices are in euros or dollars, weights in grams."""

    trade: str
    noun: str
    plural: bool
    countable: bool
    price: tuple[int, int]
    weight: tuple[int, int] | None
    options: Mapping[str, str]
    names: tuple[str, ...]
    uses: tuple[str, ...]
    features: tuple[str, ...]
    traits: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def listed(text: str) -> tuple[str, ...]:
    """The alternatives of a line."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


@cache
def pools() -> Mapping[str, tuple[str, ...]]:
    """Pool → its words."""
    lines = (_HERE / "goods_pools.txt").read_text(encoding="utf-8").splitlines()
    return {name: listed(words) for name, _, words in (line.partition(": ") for line in lines if line)}


@cache
def traits() -> Mapping[str, Trait]:
    """Traits by their id."""
    lines = (_HERE / "goods_traits.txt").read_text(encoding="utf-8").splitlines()
    rows = ([cell.strip() for cell in line.split(";")] for line in lines if line and not line.startswith("#"))
    return {row[0]: Trait(row[0], row[1], row[2], row[3], listed(row[4]), row[5], row[6]) for row in rows}


@cache
def kinds() -> Mapping[str, tuple[GoodsKind, ...]]:
    """Trade → its kinds of goods."""
    found: dict[str, list[GoodsKind]] = {}
    for path in sorted(_HERE.glob("goods_[0-9]*.txt")):
        for kind in _kinds(path.read_text(encoding="utf-8")):
            found.setdefault(kind.trade, []).append(kind)
    return {trade: tuple(group) for trade, group in found.items()}


def _kinds(text: str) -> Iterator[GoodsKind]:
    trade = ""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.strip().splitlines()
        if lines[0].startswith("= "):
            trade = lines.pop(0)[2:]
        if lines:
            yield _kind(trade, lines)


def _kind(trade: str, lines: list[str]) -> GoodsKind:
    noun, price, weight, options = (cell.strip() for cell in lines[0].split(";"))
    by_word = {word: rest for word, _, rest in (line.partition(" ") for line in lines[1:])}
    facts = dict(line.split(": ", 1) for line in lines[1:] if re.match(r"[A-Z][\w ,/-]*: ", line))
    return GoodsKind(
        trade=trade,
        noun=noun.lstrip("+~"),
        plural=noun.startswith("+") or "plural" in by_word,
        countable=not noun.startswith(("+", "~")),
        price=_span(price) or (10, 20),
        weight=_span(weight),
        options=_options(options),
        names=listed(by_word.get("name", "")),
        uses=listed(by_word.get("for", "")),
        features=listed(by_word.get("has", "")),
        traits=tuple(part.strip() for part in by_word.get("yn", "").split(",") if part.strip()),
        facts={label: listed(values) for label, values in facts.items()},
    )


def _span(text: str) -> tuple[int, int] | None:
    low, _, high = text.partition("-")
    return (int(low), int(high)) if low else None


def _options(text: str) -> dict[str, str]:
    parts = (part.strip() for part in text.split(",  ")) if ",  " in text else re.split(r", (?=[A-Z])", text)
    found = {}
    for part in parts:
        name, _, values = part.strip().partition("=")
        if name and name != "-":
            found[name] = values or f"@{name.lower()}"
    return found


def values_of(spec: str) -> tuple[str, ...]:
    """All values of an option, as `S|M|L` or `@colour` say."""
    return pools()[spec[1:]] if spec.startswith("@") else listed(spec)


def drawn(rng: random.Random, pattern: str) -> str:
    """The pattern with its pools and ranges drawn; of one pool no word twice."""
    used: set[str] = set()

    def word(match: re.Match[str]) -> str:
        if match[1] == "person":
            return f"{rng.choice(pools()['firstname'])} {rng.choice(pools()['lastname'])}"
        chosen = rng.choice([one for one in pools()[match[1]] if one not in used] or pools()[match[1]])
        used.add(chosen)
        return chosen

    text = _RANGE.sub(lambda match: _number(rng, match), _POOL.sub(word, pattern))
    return _SINGLE.sub(r"\1 \2", text)


def _number(rng: random.Random, match: re.Match[str]) -> str:
    low, high, step = float(match[1]), float(match[2]), float(match[3] or 1)
    number = low + step * rng.randint(0, round((high - low) / step))
    digits = max(len(part.partition(".")[2]) for part in (match[1], match[3] or "1"))
    return f"{number:.{digits}f}"
