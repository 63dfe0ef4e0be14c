"""How shoppers really write: slips of the keys, no capitals, no question mark, short forms, a greeting around it.

Digits are never touched, nor any word that holds one: a size or an order number mistyped is another question. Words
that an answer must copy from the question, since no passage has them, can be kept as they are.
"""

import random
import re
from collections.abc import Callable, Collection

from bot.lab.train.wording import greets

UNTOUCHED = 0.42
"""Share of questions that are left as they are."""

_WORD = re.compile(r"(?<![\w'’.@/#-])[A-Za-z]{4,}(?![\w'’@/#-])")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {row[at]: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _ROWS for at in range(len(row))}
_SHORT = (
    (r"\bwhat is\b", "what's"),
    (r"\bwhere is\b", "where's"),
    (r"\bhow is\b", "how's"),
    (r"\bdo not\b", "don't"),
    (r"\bdoes not\b", "doesn't"),
    (r"\bcannot\b", "can't"),
    (r"\bis not\b", "isn't"),
    (r"\bI am\b", "I'm"),
    (r"\bI have\b", "I've"),
    (r"\bI would\b", "I'd"),
    (r"\bit is\b", "it's"),
    (r"\bdoesn't\b", "doesnt"),
    (r"\bdon't\b", "dont"),
    (r"\bcan't\b", "cant"),
    (r"\bwhat's\b", "whats"),
    (r"\bI'm\b", "im"),
    (r"\bplease\b", "pls"),
    (r"\bPlease\b", "pls"),
    (r"\byou\b", "u"),
    (r"\bwith\b", "w/"),
)
_BEFORE = (
    "Hi, ",
    "Hi! ",
    "Hello, ",
    "hey ",
    "Hey, ",
    "Hi there, ",
    "Good morning, ",
    "Quick question: ",
    "Sorry, one more thing: ",
    "Just wondering, ",
    "Excuse me, ",
    "ok so ",
)
_AFTER = (" Thanks!", " Thank you.", " thanks", " Thanks in advance!", " pls", " Cheers", " thx")


def noisy(rng: random.Random, question: str, keep: Collection[str] = ()) -> str:
    """The question as a hurried shopper might write it; often just as it is.

    Args:
        rng: What chance there is.
        question: In English.
        keep: Words (compared without case) that must stay letter for letter.
    """
    if rng.random() < UNTOUCHED:
        return question
    kept = {word.casefold() for word in keep}
    steps: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.15, lambda: _shortened(rng, question)),
        (0.30, lambda: _mistyped(rng, question, kept)),
        (0.10, lambda: _mistyped(rng, question, kept)),
        (0.35, lambda: _lowered(question, kept)),
        (0.40, lambda: question.rstrip("?!. ") or question),
        (0.05, lambda: question.replace(",", "").replace("'", "")),
        (0.07, lambda: _greeted(rng, question)),
        (0.06, lambda: question + rng.choice(_AFTER)),
    )
    for chance, step in steps:
        if rng.random() < chance:
            question = step()
    return question


def _shortened(rng: random.Random, question: str) -> str:
    """With one usual contraction or short form, if any fits."""
    fitting = [(pattern, short) for pattern, short in _SHORT if re.search(pattern, question)]
    return re.sub(*rng.choice(fitting), question, count=1) if fitting else question


def _lowered(question: str, kept: Collection[str]) -> str:
    """In lower case, but for words that must stay."""
    return re.sub(r"\S+", lambda m: m[0] if _bare(m[0]) in kept else m[0].lower(), question)


def _bare(word: str) -> str:
    return word.strip(".,;:!?()\"'").casefold()


def _greeted(rng: random.Random, question: str) -> str:
    if greets(question):
        return question
    greeting = rng.choice(_BEFORE)
    first, _, rest = question.partition(" ")
    return greeting + (f"{first.lower()} {rest}" if rest and not greeting.endswith(("! ", ": ")) else question)


def _mistyped(rng: random.Random, question: str, kept: Collection[str]) -> str:
    """With one slip in a word of four letters or more."""
    words = [match for match in _WORD.finditer(question) if match[0].casefold() not in kept]
    if not words:
        return question
    match = rng.choice(words)
    return question[: match.start()] + _slip(rng, match[0]) + question[match.end() :]


def _slip(rng: random.Random, word: str) -> str:
    """Two letters swapped, one dropped, doubled or hit beside; the first letter stays."""
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    beside = rng.choice(_NEIGHBOURS[word[at].lower()])
    return word[:at] + beside + word[at + 1 :]
