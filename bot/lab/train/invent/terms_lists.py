"""Policies that list things, of the *terms* family: what is excluded, accepted, allowed; asked for one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_draws import common, listed
from bot.lab.train.invent.terms_grammar import filled, sentence, vary
from bot.lab.train.invent.terms_kinds import KINDS, Kind
from bot.lab.train.invent.terms_kinds_more import MORE
from bot.lab.train.invent.terms_voice import agreed, declined, formal, loosened, put
from bot.lab.train.sample import Asked, Piece

_NO = ("no,", "no:", "no.", "no –", "not", "n't", "cannot", "unfortunately", "afraid")


@dataclass
class Named:
    """A list as one shop has it: what is `inside` and `outside`, and what the text says of those not named."""

    kind: Kind
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    rest: str
    layout: str
    title: str
    head: str
    tail: str
    other: str
    slots: dict[str, str]

    @property
    def piece(self) -> Piece:
        """The whole passage."""
        return self.without("")

    def without(self, name: str) -> Piece:
        """The passage with a name taken out, or without what it says of all others where the name is outside."""
        names = [one for one in self.inside if one != name]
        if self.layout == "bullets":
            text = "\n".join([f"{self.head}:", *(f"- {sentence(one)}" for one in names)])
        else:
            text = f"{self.head} {listed(names)}." if self.layout == "prose" else f"{self.head}: {', '.join(names)}."
        tail = self.tail if not name else ""
        joint = "\n" if self.layout == "bullets" else " "
        text = joint.join(filter(None, (text, tail, self.other)))
        return Piece(f"policy:{self.kind.topic}#1", "policy", self.title, text)


def drawn(rng: Random, shop: Shop) -> list[Named]:
    """The lists of one shop."""
    slots = common(rng, shop)
    return [_named(rng, kind, slots) for kind in (*KINDS, *MORE) if rng.random() < 0.5]


def _named(rng: Random, kind: Kind, slots: dict[str, str]) -> Named:
    names = [filled(name, slots) for name in kind.names]
    names = list(dict.fromkeys(names))
    rng.shuffle(names)
    count = rng.randint(2, min(6, len(names) - 2))
    closed = rng.random() < 0.6
    return Named(
        kind=kind,
        inside=tuple(names[:count]),
        outside=tuple(names[count:]),
        rest="closed" if closed else "open",
        layout=rng.choice(("prose", "prose", "bullets", "line")),
        title=vary(rng, kind.title, slots),
        head=sentence(vary(rng, rng.choice(kind.heads), slots)),
        tail=sentence(vary(rng, rng.choice(kind.tails), slots)) if closed else "",
        other=sentence(vary(rng, rng.choice(kind.others), slots)) if rng.random() < 0.5 else "",
        slots=slots,
    )


def ask(rng: Random, named: Named, pieces: list[Piece]) -> Iterator[Asked]:
    """Questions for single names: inside, outside where the text is closed, else not known; and for all of them."""
    others = [piece for piece in pieces if piece.key != named.piece.key]
    rng.shuffle(others)
    others.sort(key=lambda piece: not piece.key.startswith(f"policy:{named.kind.like}"))
    near = tuple(others[:5])
    yield _all(rng, named, near)
    for name in rng.sample(named.inside, 2):
        yield _one(rng, named, name, near)
    for name in rng.sample(named.outside, 2):
        yield _one(rng, named, name, near)


def _all(rng: Random, named: Named, near: tuple[Piece, ...]) -> Asked:
    kind, slots = named.kind, named.slots
    answer = sentence(vary(rng, rng.choice(kind.tells_all), {**slots, "names": listed(list(named.inside))}))
    bare = Piece(named.piece.key, "policy", named.title, named.other)
    return Asked(
        kind="list",
        question=put(rng, vary(rng, rng.choice(kind.asks_all), slots), slots),
        answer=answer,
        formal=formal(answer),
        rests_on=(named.piece,),
        near=near,
        twin=(bare,) if named.other else (),
        decline=declined(rng, vary(rng, kind.unknown_all, slots)),
        must=tuple((name,) for name in named.inside),
    )


def _one(rng: Random, named: Named, name: str, near: tuple[Piece, ...]) -> Asked:
    kind, slots = named.kind, {**named.slots, "name": name, "names": listed(list(named.inside))}
    inside = name in named.inside
    inverse = bool(kind.asks_inverse) and rng.random() < 0.3
    wording = vary(rng, rng.choice(kind.asks_inverse if inverse else kind.asks), slots)
    question = put(rng, loosened(rng, wording) if rng.random() < 0.4 else wording, slots)
    unknown = declined(rng, vary(rng, kind.unknown, slots))
    if not inside and named.rest == "open":
        return Asked(
            kind="decline",
            question=question,
            answer=unknown,
            formal=formal(unknown),
            near=(named.piece, *near),
            decline=unknown,
            never=("yes,", "no,"),
        )
    variant = "y" if inside == kind.inside_is_yes else "n"
    answer = agreed(rng, variant, inverse, vary(rng, rng.choice(kind.inside if inside else kind.outside), slots))
    yes = (variant == "y") != inverse
    after, follow = None, ""
    if rng.random() < 0.4 and len(named.inside) > 1:
        other = rng.choice([one for one in named.inside if one != name])
        first = agreed(
            rng, "y" if kind.inside_is_yes else "n", False, vary(rng, kind.inside[0], {**slots, "name": other})
        )
        after = (put(rng, vary(rng, rng.choice(kind.asks), {**slots, "name": other}), slots), first)
        follow = rng.choice(("and {name}?", "What about {name}?", "and {name}", "ok, and {name}?")).format(name=name)
        answer = (
            answer
            if not inverse
            else agreed(rng, variant, False, vary(rng, kind.inside[0] if inside else kind.outside[0], slots))
        )
        yes = variant == "y"
        question = question if not inverse else put(rng, vary(rng, rng.choice(kind.asks), slots), slots)
    return Asked(
        kind="yes_no",
        question=question,
        answer=answer,
        formal=formal(answer),
        rests_on=(named.piece,),
        near=near,
        twin=(named.without(name),) if named.rest == "open" or not inside else (),
        decline=unknown,
        after=after,
        follow_up=follow,
        must=(("yes",) if yes else _NO,),
        never=("no,", "unfortunately") if yes else ("yes,", "yes:"),
    )
