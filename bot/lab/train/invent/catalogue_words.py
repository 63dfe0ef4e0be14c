"""Templates of questions and answers about invented goods, and the little grammar that they need.

`{n}` is the product ("the Velora kettle"), `{N}` the same at the start of a sentence, `{it}`, `{them}`, `{is}`, `{do}`,
`{has}`, `{come}` and `[s]` agree with it. Templates stand in text files beside this one, read once, on first use.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.lab.train.invent.goods import listed

_HERE = Path(__file__).parent
_ONE = {"it": "it", "them": "it", "is": "is", "do": "does", "has": "has", "come": "comes", "its": "its", "was_": "was"}
_MANY = {
    "it": "they",
    "them": "them",
    "is": "are",
    "do": "do",
    "has": "have",
    "come": "come",
    "its": "their",
    "was_": "were",
}
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """How a fact is asked for and stated. `colon` ones fit any value, `stated` only one that goes on in small letters."""

    asked: tuple[str, ...]
    stated: tuple[str, ...]
    colon: tuple[str, ...]
    follow: tuple[str, ...]


@cache
def phrases() -> Mapping[str, tuple[str, ...]]:
    """Intent → its templates."""
    lines = (_HERE / "catalogue_phrases.txt").read_text(encoding="utf-8").splitlines()
    return {name.strip("[]"): listed(texts) for name, texts in zip(lines[::2], lines[1::2], strict=True)}


@cache
def labels() -> Mapping[str, Phrases]:
    """Label → its phrases; `*` for all others."""
    found: dict[str, Phrases] = {}
    blocks = re.split(r"(?m)^(?=\[)", (_HERE / "goods_labels.txt").read_text(encoding="utf-8"))
    for block in filter(None, blocks):
        head, *lines = block.strip().splitlines()
        parts = {line[0]: listed(line[3:]) for line in lines}
        for label in head.strip("[]").split(", "):
            found[label] = Phrases(parts["q"], parts.get("s", ()), parts.get("c", ()), parts["f"])
    return found


def phrases_of(label: str) -> Phrases:
    """The label's phrases, else those that fit any."""
    return labels().get(label) or labels()["*"]


def spoken(label: str) -> str:
    """A label as it stands within a sentence: `Seat height` is `seat height`, `SPF` stays."""
    return " ".join(
        word if word == "Bluetooth" or word[1:] != word[1:].lower() else word.lower() for word in label.split()
    )


def agreeing(noun: str) -> str:
    """`are` for several, as `tasting notes`; else `is`."""
    return "are" if re.search(r"[^s]s$", noun) and noun not in ("stock", "glass", "canvas") else "is"


def filled(template: str, plural: bool, values: Mapping[str, str]) -> str:
    """The template with its slots filled; a slot with a capital is the same value with one: `{N}`, `{It}`."""
    known = {**(_MANY if plural else _ONE), **values}

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        return known[name] if name in known else capital(known[name[0].lower() + name[1:]])

    return _SLOT.sub(slot, template.replace("[s]", "" if plural else "s"))


def capital(text: str) -> str:
    """With its first letter as a capital."""
    return text[:1].upper() + text[1:]


def counted(feature: str) -> dict[str, str]:
    """Slots for something that a product has: `a lid`, `spare backs`."""
    many = not feature.startswith(("a ", "an ", "the ")) and feature.endswith("s")
    return {"x": feature, "x_is": "are" if many else "is", "that": "those" if many else "that"}


def with_article(text: str) -> str:
    """`an ivory`, `a navy`, `an XL`, `an 8 GB`."""
    spelt = len(re.split(r"[^A-Za-z]", text)[0]) < 3 and text[0] in "FHLMNRSX"
    return f"{'an' if spelt or re.match('[aeioAEIO]|8|11 |18 ', text) else 'a'} {text}"


def joined(parts: list[str] | tuple[str, ...], word: str = "and") -> str:
    """`A, B and C`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def answered(rng: random.Random, text: str) -> tuple[str, str]:
    """A plain answer in the friendly and in the formal tone."""
    known = phrases()
    return rng.choice(known["friendly"]).replace("{a}", text), rng.choice(known["formal"]).replace("{a}", text)


def opened(rng: random.Random, core: str) -> str:
    """A question as somebody would type it: with a greeting, in small letters, without its mark, mistyped."""
    core = core.rstrip("?")
    core = mistyped(rng, core) if rng.random() < 0.07 else core
    frame = rng.choice(phrases()["open.q"])
    text = (frame.replace(" please", "").replace(", please", "") if "please" in core else frame).replace("{q}", core)
    roll = rng.random()
    if roll < 0.15:
        return text.lower().rstrip("?.!")
    if roll < 0.25:
        return text
    return capital(re.sub(r"\bi\b", "I", text))


def followed(rng: random.Random, core: str) -> str:
    """A question that goes on from another, as somebody would type it."""
    core = core.rstrip("?")
    core = mistyped(rng, core) if rng.random() < 0.07 else core
    roll = rng.random()
    if roll < 0.3:
        return core.lower() + ("?" if roll < 0.15 else "")
    end = rng.choice(("?", "?", "?", "?", "", "? Thanks", " please?", "?", "? :)"))
    return capital(re.sub(r"\bi\b", "I", core)) + (end if "please" not in core else "?")


def mistyped(rng: random.Random, text: str) -> str:
    """With two letters of one plain word changed round, or one left out."""
    found = list(re.finditer(r"(?<![\w-])[a-z]{4,}(?![\w-])", text))
    if not found:
        return text
    match = rng.choice(found)
    place = rng.randrange(match.start() + 1, match.end() - 1)
    kept = text[place + 1] + text[place] if rng.random() < 0.6 else text[place + 1]
    return text[:place] + kept + text[place + 2 :]
