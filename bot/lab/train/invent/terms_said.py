"""Questions to policies drawn from banks of facts: alone, after one another, two at once, unanswered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.lab.train.invent.terms_grammar import Fact, Section, named, sentence, vary
from bot.lab.train.invent.terms_pages import Page, Policies, Stated
from bot.lab.train.invent.terms_voice import agreed, declined, formal, indirect, joined, loosened, put
from bot.lab.train.sample import Asked, Piece

_NO = ("no,", "no:", "no.", "no –", "not", "n't", "cannot", "unfortunately", "afraid")
_CONDITION = re.compile(r"\b(only|within|unless|except|until|up to|at least|before|after)\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"(how|what|when|where|which|who|whom|until|by|do|does|can|could|is|are|will|may|would|am|should) .+ "
)
_SHARED = re.compile(r"(day|carrier|town)\d?$")


@dataclass(frozen=True)
class _Turn:
    """A question to a stated fact with its answer."""

    page: Page
    one: Stated
    inverse: bool
    plain: str
    answer: str
    must: tuple[tuple[str, ...], ...]
    kind: str


def ask(policies: Policies, others: list[Piece]) -> Iterator[Asked]:
    """All that is asked about a shop's pages; `others` are pieces that may stand near."""
    rng = policies.rng
    for page in policies.pages:
        for one in page.stated:
            turn = _turn(policies, page, one)
            yield _asked(policies, turn, others)
            if rng.random() < 0.45:
                yield _asked(policies, _turn(policies, page, one, closed=True), others, follows=True)
            if rng.random() < 0.2 and _WHOLE.match(turn.plain):
                yield _two(policies, turn, others)
    for section, fact in policies.missing:
        here = next((page for page in policies.pages if page.section is section), None)
        if rng.random() < (0.45 if here else 0.16) and (asked := _unanswered(policies, section, fact, others)):
            yield asked


def _wording(policies: Policies, one: Stated, closed: bool) -> tuple[str, str]:
    """A mark and a question under it that suits the variant; one for yes or no where there is any if `closed`."""
    marks = {"": ["", "y"], "y": ["", "y", "n"], "n": ["", "y", "n"]}.get(one.variant, ["", "y"])
    if closed and ("?", "y") in one.fact.lines:
        marks = ["y"]
    wordings = [(mark, text) for mark in marks for text in one.fact.lines.get(("?", mark), [])]
    rng = policies.rng
    if not closed and rng.random() < 0.1:
        unknown = _unknown(policies, one.fact)
        if not re.search(r"\byour?\b", unknown):
            return "", indirect(rng, unknown)
    mark, text = rng.choice(wordings)
    text = vary(rng, text, policies.slots)
    return mark, loosened(rng, text) if rng.random() < 0.4 else text


def _turn(policies: Policies, page: Page, one: Stated, closed: bool = False) -> _Turn:
    rng, slots = policies.rng, policies.slots
    mark, plain = _wording(policies, one, closed)
    clause = vary(rng, rng.choice(one.fact.of("=", one.variant)), slots)
    polar = mark != "" and one.variant != ""
    answer = agreed(rng, one.variant, mark == "n", clause) if polar else joined("", clause)
    must = [tuple(vary(rng, text, slots) for text in line.split(" | ")) for line in one.fact.of("!", one.variant)]
    if not must:
        must = [
            (slots[slot],) for slot in sorted(one.slots) if slot in policies.kinds or _SHARED.match(slot) is not None
        ]
    if one.variant == "n" and not polar and any(word in clause.lower() for word in _NO):
        must.insert(0, _NO)
    if polar and one.variant in "yn":
        must.insert(0, ("yes",) if (one.variant == "y") != (mark == "n") else _NO)
    kind = "condition" if one.variant == "c" or (not polar and _CONDITION.search(clause)) else "fact"
    kind = "yes_no" if polar and one.variant in "yn" else kind
    return _Turn(page, one, mark == "n", plain, answer, tuple(must), kind)


def _never(policies: Policies, turn: _Turn) -> tuple[str, ...]:
    """The other polarity's openings, and the same page's other values of the kinds that the answer names."""
    never: list[str] = []
    if turn.kind == "yes_no":
        yes = turn.must[0] == ("yes",)
        never += ["no,", "unfortunately"] if yes else ["yes,", "yes:"]
    own = {slot for text in turn.one.fact.of("+", turn.one.variant) for slot in named(text)}
    kinds = {policies.kinds.get(slot) for slot in turn.one.slots & own} - {None, "pick", "some"}
    said = f"{turn.answer} {turn.plain} {' '.join(text for texts in turn.must for text in texts)}".lower()
    for slot in sorted(turn.page.mentioned - own):
        value = policies.slots[slot]
        if policies.kinds.get(slot) in kinds and value.lower() not in said:
            never.append(value)
    return tuple(text for text in never if text.lower() not in turn.answer.lower())


def _asked(policies: Policies, turn: _Turn, others: list[Piece], follows: bool = False) -> Asked:
    rng, page, one = policies.rng, turn.page, turn.one
    hidden = one.slots & frozenset(policies.kinds)
    names = (*one.fact.unless, one.fact.name)
    twin = page.without(one)
    known = bool(hidden) and all(policies.slots[slot] in twin.text for slot in hidden)
    known = known or any(other.fact.name in one.fact.unless for other in page.stated)
    before = [other for other in page.stated if other is not one]
    after, follow = None, ""
    if before and follows:
        first = _turn(policies, page, rng.choice(before))
        after, follow = (put(rng, first.plain, policies.slots), first.answer), _follow_up(policies, turn)
    return Asked(
        kind=turn.kind,
        question=put(rng, turn.plain, policies.slots),
        answer=turn.answer,
        formal=formal(turn.answer),
        rests_on=(page.piece,),
        near=_pieces(policies.near(page, page.section, hidden, names), others),
        twin=() if known else (twin,),
        decline=declined(rng, _unknown(policies, one.fact)),
        after=after,
        follow_up=follow,
        must=turn.must,
        never=_never(policies, turn),
    )


def _unknown(policies: Policies, fact: Fact) -> str:
    return vary(policies.rng, policies.rng.choice(fact.of("-")), policies.slots)


def _pieces(pages: list[Page], others: list[Piece], count: int = 6) -> tuple[Piece, ...]:
    pieces = [page.piece for page in pages[:count]]
    return tuple([*pieces, *others][:count])


def _follow_up(policies: Policies, turn: _Turn) -> str:
    """A wording that leans on the turn before, else the question itself with a word before it."""
    rng = policies.rng
    wordings = turn.one.fact.lines.get((">", "n" if turn.inverse else ""), [])
    if wordings and rng.random() < 0.85:
        return sentence(vary(rng, rng.choice(wordings), policies.slots).rstrip("?") + "?")
    mark = "" if turn.plain[-1] in ".?!" else "?"
    if ". " in turn.plain:
        return rng.choice(("Ok. ", "Thanks! ", "I see. ", "Great. ", "")) + sentence(turn.plain) + mark
    return sentence(rng.choice(("and ", "ok, and ", "thanks, and ", "also, ", "ok. ", "great, ")) + turn.plain + mark)


def _two(policies: Policies, first: _Turn, others: list[Piece]) -> Asked:
    """Two questions at once: to two pages, or to one and to nothing."""
    rng = policies.rng
    pages = [page for page in policies.pages if page is not first.page]
    page = rng.choice(pages) if pages else first.page
    second = _turn(policies, page, rng.choice(page.stated))
    for _ in range(6):
        if _WHOLE.match(second.plain):
            break
        second = _turn(policies, page, rng.choice(page.stated))
    clause = vary(rng, rng.choice(second.one.fact.of("=", second.one.variant)), policies.slots)
    link = rng.choice((", and ", " and ", "? And ", "? Also, ", "? Another question: ", "? "))
    plain = first.plain.rstrip("?.") + link + (sentence(second.plain) if link == "? " else second.plain)
    hidden = (first.one.slots | second.one.slots) & frozenset(policies.kinds)
    names = (first.one.fact.name, second.one.fact.name, *first.one.fact.unless, *second.one.fact.unless)
    near = [page for page in policies.near(first.page, first.page.section, hidden, names) if page is not second.page]
    answer = f"{first.answer} {sentence(clause)}"
    values = tuple(must for must in second.must if must not in (("yes",), _NO))
    return Asked(
        kind="two_passages",
        question=put(rng, plain, policies.slots),
        answer=answer,
        formal=formal(answer),
        rests_on=(first.page.piece, second.page.piece),
        near=_pieces(near, others),
        decline=declined(rng, _unknown(policies, first.one.fact)),
        must=first.must + values,
    )


def _unanswered(policies: Policies, section: Section, fact: Fact, others: list[Piece]) -> Asked | None:
    """A question that none of the shop's pages answers; none where one might."""
    rng = policies.rng
    answers = [text for (mark, _), texts in fact.lines.items() if mark == "=" for text in texts]
    hidden = frozenset(slot for text in answers for slot in named(text)) & frozenset(policies.kinds)
    near = policies.near(None, section, hidden, (*fact.unless, fact.name))
    if len(near) < len(policies.pages):
        return None
    wordings = [text for (mark, _), texts in fact.lines.items() if mark == "?" for text in texts]
    text = declined(rng, _unknown(policies, fact))
    wording = vary(rng, rng.choice(wordings), policies.slots)
    wording = loosened(rng, wording) if rng.random() < 0.4 else wording
    return Asked(
        kind="decline",
        question=put(rng, wording, policies.slots),
        answer=text,
        formal=formal(text),
        near=_pieces(near, others),
        decline=text,
        never=("yes,", "no,"),
    )
