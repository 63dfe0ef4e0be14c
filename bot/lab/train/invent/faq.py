"""The *faq* family: an invented shop's questions and answers, and what shoppers ask that those answer, or do not.

Which entries a shop has, what they say and how is drawn anew for each, yes as often as no. What is asked picks a part
of an entry; what no entry says must be declined, however near some entry sounds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bot.lab.train.invent import faq_talk
from bot.lab.train.invent.faq_bank import Entry, Page, Stated, common_slot
from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_grammar import Fact, sentence, vary
from bot.lab.train.invent.terms_voice import agreed, declined, formal, joined, put
from bot.lab.train.sample import Asked, Piece

_NO = ("no,", "no:", "no.", "no –", "not", "n't", "cannot", "unfortunately", "afraid", "never", "only")
_LOWERED = frozenset(
    "We You The All It They Our Your Every Each Most This These There Please Only A An Just If In For Some Any As No "
    "When With Once On At To By Both Its Their Such".split()
)
_INVERTED = re.compile(r"(can|could|may|should|will|must|do) (I|you|we|they) (?!have to\b)(?=\w)", re.IGNORECASE)
_IS = re.compile(r"(is|are) (it|they|there|this) ", re.IGNORECASE)
_INDIRECT = (
    "I wonder whether",
    "I was wondering if",
    "could you tell me whether",
    "do you know if",
    "I'd like to know whether",
    "can you tell me if",
    "not sure if",
    "please could you confirm whether",
    "my question is whether",
)
_STORY = re.compile(r"(?:I|I'm|I've|my|it|we|the|you|forgot|ordered|nobody|there's|they|our)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:what|how|why|when|where|which|who|can|could|may|should|is there|is it|is that|do you|does|will|would|then|right|are they)\b(?!'t)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"(?:and )?(?:can|could|do|does|is|are|may|should|will)\b", re.IGNORECASE)
_STOP = frozenset(
    "the a an do does can i you my is are it to of in for and or how what when which if with on at we your be have be not there from any will me that this by so as".split()
)
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class _Turn:
    """A question to a stated fact with its answer."""

    entry: Entry
    one: Stated
    inverse: bool
    polar: bool
    plain: str
    answer: str
    must: tuple[tuple[str, ...], ...]


def ask(rng: Random, shop: Shop) -> Iterator[Asked]:
    """About 100 to 180 questions on the entries of one shop, and small talk; keys of its pieces begin with `faq:`."""
    page = Page(rng, shop)
    for entry in page.entries:
        for one in entry.stated:
            yield _asked(page, _turn(page, entry, one))
            if rng.random() < 0.5:
                yield _asked(page, _turn(page, entry, one), follows=True)
            if rng.random() < 0.1:
                yield _two(page, _turn(page, entry, one))
        for fact in entry.missing:
            if page.open(fact) and rng.random() < 0.6:
                yield _unanswered(page, entry, fact)
    absent = [(entry, one.fact) for entry in page.absent for one in entry.stated[:1] if page.open(one.fact)]
    for entry, fact in rng.sample(absent, min(len(absent), 14)):
        yield _unanswered(page, entry, fact)
    pieces = [entry.piece for entry in page.entries]
    yield from faq_talk.hopeless(rng, page, lambda text: _nearest(rng, pieces, text))
    yield from faq_talk.small_talk(rng, page.slots, pieces)


def _turn(page: Page, entry: Entry, one: Stated) -> _Turn:
    rng, fact = page.rng, one.fact
    marks = ("", "y", "n") if one.variant in ("y", "n") else ("", "y")
    mark, text = rng.choice([(mark, text) for mark in marks for text in fact.lines.get(("?", mark), [])])
    plain = vary(rng, text, entry.slots)
    polar = mark != "" and one.variant != ""
    answer = _answer(rng, entry, one, mark, polar)
    must = [tuple(vary(rng, text, entry.slots) for text in line.split(" | ")) for line in fact.of("!", one.variant)]
    if not must:
        must = [(entry.slots[slot],) for slot in sorted(one.slots) if slot in entry.kinds or common_slot(slot)]
        must = [texts for texts in must if texts[0] in one.said]
    said = f"{answer}\n{formal(answer)}".lower()
    must = [texts for texts in must if any(all(text.lower() in tone for tone in said.split("\n")) for text in texts)]
    if polar and one.variant in "yn":
        must.insert(0, ("yes",) if (one.variant == "y") != (mark == "n") else _NO)
    return _Turn(entry, one, mark == "n", polar, plain, answer, tuple(must))


def _answer(rng: Random, entry: Entry, one: Stated, mark: str, polar: bool) -> str:
    """The condensed answer or, at times, the statement as it stands; with a yes or a no where that is asked."""
    whole = not one.answers or rng.random() < 0.3
    clause = one.said if whole else vary(rng, rng.choice(one.answers), entry.slots)
    if not polar:
        return sentence(clause)
    if whole and clause.split(" ", 1)[0] not in _LOWERED:
        yes = (one.variant == "y") != (mark == "n")
        return f"{'Yes' if yes else 'No'}. {clause}" if one.variant in "yn" else clause
    clause = clause if not whole else clause[0].lower() + clause[1:]
    said = agreed(rng, one.variant, mark == "n", clause)
    return sentence(said) if one.variant in "yn" else joined("", clause)


def _asked(page: Page, turn: _Turn, follows: bool = False) -> Asked:
    rng, entry, one = page.rng, turn.entry, turn.one
    question = _put(rng, turn)
    after, follow = _before(page, turn) if follows else (None, "")
    twin = entry.without(one) if not page.told & set(one.fact.unless) else None
    near = _near(page, turn.plain, (one.fact,), (entry,))
    return Asked(
        kind="fact" if not turn.polar else "yes_no" if one.variant in "yn" else "condition",
        question=question,
        answer=turn.answer,
        formal=formal(turn.answer),
        rests_on=(entry.piece,),
        near=near,
        twin=(twin,) if twin else (),
        decline=declined(rng, _unknown(rng, entry, one.fact)),
        after=after,
        follow_up=follow,
        must=turn.must,
        never=_never(page, turn, near),
    )


def _put(rng: Random, turn: _Turn) -> str:
    """The question as a shopper may put it; now and then asked roundabout."""
    plain = turn.plain
    if turn.polar and rng.random() < 0.2:
        plain = _indirect(rng, plain)
    return put(rng, told(plain), turn.entry.slots)


def told(plain: str) -> str:
    """The question with a full stop if it is put as a story, such as "it came broken"."""
    story = _STORY.match(plain) and not _ASKING.search(plain) and plain[-1] not in ".?!"
    return f"{plain}." if story else plain


def _indirect(rng: Random, plain: str) -> str:
    """A yes-no question as "I wonder whether …"; as it was where that is not safe."""
    opening = rng.choice(_INDIRECT)
    if match := _INVERTED.match(plain):
        verb = "" if match[1].lower() == "do" else f"{match[1].lower()} "
        turned = f"{match[2]} {verb}{plain[match.end() :]}"
    elif match := _IS.match(plain):
        turned = f"{match[2].lower()} {match[1].lower()} {plain[match.end() :]}"
    else:
        return plain
    mark = "?" if opening.startswith(("could", "do", "can", "please could")) else "."
    return f"{opening} {turned.rstrip('?')}{mark}"


def _before(page: Page, turn: _Turn) -> tuple[tuple[str, str] | None, str]:
    """An earlier turn on the same entry, else on one of the topic; and the question as it follows that."""
    rng, entry = page.rng, turn.entry
    others = [(entry, one) for one in entry.stated if one is not turn.one]
    if not others:
        others = [(other, one) for other in page.entries if other.topic == entry.topic for one in other.stated]
        others = [(other, one) for other, one in others if one is not turn.one]
    if not others:
        return None, ""
    first = _turn(page, *rng.choice(others))
    wordings = turn.one.fact.lines.get((">", "n" if turn.inverse else ""), [])
    if not turn.polar:
        wordings = [text for text in wordings if not _CLOSED.match(text)]
    if wordings and first.entry is entry and not turn.inverse:
        follow = vary(rng, rng.choice(wordings), entry.slots)
    else:
        follow = rng.choice(("and ", "ok, and ", "thanks, and ", "also, ", "great, ")) + turn.plain
    follow = sentence(follow) if rng.random() < 0.7 else follow
    return (put(rng, first.plain, first.entry.slots), first.answer), follow + ("" if follow[-1] in ".?!" else "?")


def _unknown(rng: Random, entry: Entry, fact: Fact) -> str:
    return vary(rng, rng.choice(fact.of("-")), entry.slots)


def _never(page: Page, turn: _Turn, near: Sequence[Piece]) -> tuple[str, ...]:
    """The other polarity's openings, and other values of the kinds that the answer names, nearby ones too."""
    entry, one = turn.entry, turn.one
    never: list[str] = []
    if turn.polar and one.variant in "yn":
        never += ["no,", "unfortunately"] if turn.must[0] == ("yes",) else ["yes,", "yes:"]
    own = entry.values([one])
    kinds = {entry.kinds[slot] for slot in one.slots if slot in own} - {"pick", "some"}
    keys = {piece.key for piece in near[:3]} | {entry.piece.key}
    for other in page.entries:
        if other.piece.key in keys:
            values = other.values([stated for stated in other.stated if stated is not one])
            never += [value for slot, value in values.items() if other.kinds[slot] in kinds]
    said = f"{turn.answer} {turn.plain} {one.said} {turn.must}".lower()
    return tuple(dict.fromkeys(text for text in never if text.lower() not in said))


def _near(page: Page, question: str, facts: Sequence[Fact], but: Sequence[Entry]) -> tuple[Piece, ...]:
    """Other entries, those of the topic and those that share words with the question first."""
    names = {name for fact in facts for name in (fact.name, *fact.unless)}
    others = [
        other
        for other in page.entries
        if other not in but and names.isdisjoint(stated.fact.name for stated in other.stated)
    ]
    topics = {entry.topic for entry in but}
    return _nearest(
        page.rng, [other.piece for other in others], question, {o.piece.key for o in others if o.topic in topics}
    )


def _nearest(rng: Random, pieces: Sequence[Piece], question: str, like: set[str] | None = None) -> tuple[Piece, ...]:
    """Up to six pieces by the words that they share with a question; those of `like` count for more."""
    words = _stems(question)
    scored = [
        (
            2 * len(words & _stems(piece.title)) + len(words & _stems(piece.text)) + 2 * (piece.key in (like or ())),
            rng.random(),
            piece,
        )
        for piece in pieces
    ]
    scored.sort(key=lambda one: one[:2], reverse=True)
    return tuple(piece for _, _, piece in scored[:6])


def _stems(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _STOP}


def _two(page: Page, first: _Turn) -> Asked:
    """Two questions at once, to two entries."""
    rng = page.rng
    other = rng.choice([entry for entry in page.entries if entry is not first.entry])
    second = _turn(page, other, rng.choice(other.stated))
    link = rng.choice((", and ", " and ", "? And ", "? Also, ", "? Another question: ", "? "))
    plain = first.plain.rstrip("?.") + link + (sentence(second.plain) if link == "? " else second.plain)
    answer = f"{first.answer} {rng.choice(('', '', 'And ')) + second.answer if not second.polar else second.answer}"
    answer = re.sub(r"\bAnd ([A-Z])(\w*)", _and, answer)
    facts, entries = (first.one.fact, second.one.fact), (first.entry, second.entry)
    return Asked(
        kind="two_passages",
        question=put(rng, plain, first.entry.slots),
        answer=answer,
        formal=formal(answer),
        rests_on=(first.entry.piece, other.piece),
        near=_near(page, plain, facts, entries),
        decline=declined(rng, _unknown(rng, first.entry, first.one.fact)),
        must=first.must + second.must,
    )


def _and(match: re.Match[str]) -> str:
    word = match[1] + match[2]
    return f"And {word.lower()}" if word in _LOWERED else word


def _unanswered(page: Page, entry: Entry, fact: Fact) -> Asked:
    """A question that no entry answers."""
    rng = page.rng
    wordings = [text for (mark, _), texts in fact.lines.items() if mark == "?" for text in texts]
    plain = vary(rng, rng.choice(wordings), entry.slots)
    near = _near(page, plain, (fact,), ())
    if entry in page.entries and rng.random() < 0.8:
        near = (entry.piece, *(piece for piece in near if piece is not entry.piece))[:6]
    text = declined(rng, _unknown(rng, entry, fact))
    return Asked(
        "decline",
        put(rng, told(plain), entry.slots),
        text,
        sentence(formal(text)),
        near=near,
        decline=text,
        never=("yes,", "no,"),
    )
