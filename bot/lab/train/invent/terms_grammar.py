"""Templates of the *terms* family: `[one|another]` chooses, `{slot}` is filled; and how a bank of facts is written.

A bank is a text of lines, each begun by a mark:

    # topic | Heading/Other heading | Sub/Other sub     a section of policies; what follows is in it
    $ name kind arguments                               a value drawn once a shop (see `terms_draws`)
    ~ sentence                                          filler that answers none of the questions
    @ name other,another if third:y                     a fact; facts by which it would be answered too; one whose
                                                        variant it does not contradict
    +y statement    +n statement    + statement         what the passage says, in a variant of the fact
    :y Label: value                                     the same as a line of a list
    ? question    ?y question    ?n question            open, to be answered yes, and put the other way round
    =y clause     =n clause      = answer               what is answered, a clause without yes or no
    - whether …                                         what is not known where the fact is missing
    > and …    >n and …                                 a follow-up after another question of the section
    !y text | text                                      a right answer has one of these

A line may give several wordings, between ` // `. Variants `y` and `n` are a fact's two polarities, any other letter is
a variant of its own (`c`: yes, with a condition; its clause brings its own opening), and none is for all variants.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

_MARK = re.compile(r"\[|\]|\|")
_SLOT = re.compile(r"\{(\w+)\}")

Tree = tuple["str | tuple[Tree, ...]", ...]


@dataclass(slots=True)
class Fact:
    """A fact of a section; `lines` by mark and variant, as `("+", "y")`."""

    name: str
    unless: tuple[str, ...] = ()
    given: str = ""
    lines: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, mark: str, variant: str = "") -> list[str]:
        """The wordings under a mark for a variant: its own, else those for all variants."""
        return self.lines.get((mark, variant)) or self.lines.get((mark, ""), [])

    @property
    def variants(self) -> list[str]:
        """What the passage may say of it, as `["y", "n"]`; `[""]` where only a value varies."""
        return sorted({variant for mark, variant in self.lines if mark == "+"})


@dataclass(slots=True)
class Section:
    """One passage of a bank."""

    topic: str
    headings: list[str]
    subs: list[str]
    filler: list[str] = field(default_factory=list)
    draws: list[tuple[str, str, str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


@cache
def _tree(template: str) -> Tree:
    """The template as texts and choices, nested."""
    stack: list[list[list[str | tuple[Tree, ...]]]] = [[[]]]
    start = 0
    for match in _MARK.finditer(template):
        if match[0] == "|" and len(stack) == 1:
            continue
        stack[-1][-1].append(template[start : match.start()])
        start = match.end()
        if match[0] == "[":
            stack.append([[]])
        elif match[0] == "|":
            stack[-1].append([])
        else:
            options = tuple(tuple(option) for option in stack.pop())
            stack[-1][-1].append(options)
    if len(stack) != 1:
        raise ValueError(f"brackets do not match: {template}")
    return (*stack[0][0], template[start:])


def _grown(rng: Random, tree: Tree) -> str:
    return "".join(part if isinstance(part, str) else _grown(rng, part[int(rng.random() * len(part))]) for part in tree)


def filled(text: str, slots: Mapping[str, str]) -> str:
    """The text with its slots filled.

    Raises:
        KeyError: A slot has no value.
    """
    return _SLOT.sub(lambda match: slots[match[1]], text) if "{" in text else text


def vary(rng: Random, template: str, slots: Mapping[str, str]) -> str:
    """One of the template's wordings, filled; white space is tidied."""
    text = " ".join(filled(_grown(rng, _tree(template)), slots).split())
    return re.sub(r" ([,.:;?!])", r"\1", text.replace("..", "."))


def sentence(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def named(template: str) -> frozenset[str]:
    """The slots that a template may name."""
    return frozenset(_SLOT.findall(template))


@cache
def always(template: str) -> frozenset[str]:
    """The slots that every wording of a template names."""
    return _sure(_tree(template))


def _sure(tree: Tree) -> frozenset[str]:
    sure: frozenset[str] = frozenset()
    for part in tree:
        sure |= named(part) if isinstance(part, str) else frozenset.intersection(*map(_sure, part))
    return sure


@cache
def read(bank: str) -> tuple[Section, ...]:
    """The sections of a bank.

    Raises:
        ValueError: A line has no mark that is known, or comes before what it belongs to.
    """
    sections: list[Section] = []
    for line in filter(None, map(str.strip, bank.splitlines())):
        mark, _, rest = line.partition(" ")
        rest = rest.strip()
        if mark == "#":
            topic, headings, subs = (part.strip() for part in rest.split("|"))
            sections.append(Section(topic, headings.split("/"), subs.split("/")))
        elif mark == "$":
            name, kind, *arguments = rest.split(" ", 2)
            sections[-1].draws.append((name, kind, arguments[0] if arguments else ""))
        elif mark == "~":
            sections[-1].filler += rest.split(" // ")
        elif mark == "@":
            told, _, given = rest.partition(" if ")
            name, _, unless = told.strip().partition(" ")
            sections[-1].facts.append(Fact(name, tuple(filter(None, unless.split(","))), given.strip()))
        elif mark[0] in "+:?=->!":
            sections[-1].facts[-1].lines.setdefault((mark[0], mark[1:]), []).extend(rest.split(" // "))
        else:
            raise ValueError(f"no such mark: {line}")
    return tuple(sections)
