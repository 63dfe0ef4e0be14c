"""Questions of the *terms* family that a rule and its exception answer together, from two pages."""

from collections.abc import Iterator
from random import Random

from bot.lab.train.invent.terms_grammar import sentence, vary
from bot.lab.train.invent.terms_lists import Named
from bot.lab.train.invent.terms_pages import Policies
from bot.lab.train.invent.terms_voice import declined, formal, put
from bot.lab.train.sample import Asked, Piece

_ASKS = (
    "how long do I have to return {name}",
    "within how many days can {name} be returned",
    "until when can I send back {name}",
    "return period for {name}",
    "I bought {name}. How long do I have to return them?",
    "what's the deadline for returning {name}",
    "I'd like to return {name}, by when do I have to do that",
    "how many days are there to send {name} back",
)
_EXCLUDED = (
    "{name} cannot be returned. For [other|all other] items, you have {window}.",
    "{name} are excluded from returns; other items can be returned within {window}.",
    "[We don't|We do not] take back {name}. The {window} are for other items only.",
    "Unfortunately, {name} cannot be returned. The return period of {window} does not apply to them.",
)
_INCLUDED = (
    "You have {window} from delivery to return {name}.",
    "{name} can be returned within {window} of delivery.",
    "It's {window} from delivery, also for {name}.",
    "Within {window} of delivery: {name} are not excluded from returns.",
)


def ask(rng: Random, policies: Policies, lists: list[Named], pieces: list[Piece]) -> Iterator[Asked]:
    """How long single goods can be returned, where one page has the period and another the exceptions."""
    pages = [page for page in policies.pages if any(one.fact.name == "window" for one in page.stated)]
    named = next((one for one in lists if one.kind.topic == "returns-exceptions"), None)
    if not pages or not named:
        return
    page = pages[0]
    keys = {page.key, named.piece.key}
    near = tuple(piece for piece in pieces if piece.key not in keys and piece.key.startswith("policy:returns"))[:5]
    names = [(name, True) for name in named.inside[:3]]
    if named.rest == "closed":
        names += [(name, False) for name in rng.sample(named.outside, 3)]
    for name, excluded in names:
        slots = {**policies.slots, "name": name}
        answer = sentence(vary(rng, rng.choice(_EXCLUDED if excluded else _INCLUDED), slots))
        window = policies.slots["window"]
        yield Asked(
            kind="exception",
            question=put(rng, vary(rng, rng.choice(_ASKS), slots), slots),
            answer=answer,
            formal=formal(answer),
            rests_on=(named.piece, page.piece),
            near=near,
            decline=declined(rng, f"how long {name} can be returned"),
            must=(("cannot be returned", "excluded", "take back", "cannot"),) if excluded else ((window,),),
            never=() if excluded else ("cannot be returned",),
        )
