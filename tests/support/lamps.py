"""A small lamp shop: its knowledge built in a moment, a search over it, and what its staff corrected."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from bot.conversation import Author, Citation, Draft, Message
from bot.lab.train.approved import Settled
from bot.lab.train.own import Shop
from bot.suggestions import State, Suggestion, Wanted
from bot.terms import terms
from knowledge.passages import Hit, Kind, Origin, Passage, Query

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ENTRIES = {
    "delivery": (
        ("How long does delivery to Lima take?", "when will my lamp be in lima"),
        "Parcels reach Lima in 4 days.",
    ),
    "returns": (("Can I send a lamp back?", "return period lamps"), "Lamps can be sent back within 45 days, unlit."),
    "hours": (("When are you open?", "opening hours of the shop"), "We open at 9:30 and close at 18:00."),
    "bulbs": (("Which bulbs fit the desk lamps?", "what bulb socket"), "All desk lamps take E27 bulbs."),
    "repair": (("Do you repair old lamps?", "fix a broken switch"), "Our workshop mends switches and cables for free."),
    "gifts": (("Do you wrap gifts?", "gift wrapping paper"), "Gift wrapping is free for everything in the shop."),
    "paint": (("Can I choose the colour?", "custom paint job"), "Shades are painted in any RAL colour on request."),
    "pickup": (("May I collect my order myself?", "pick up in person"), "Orders are handed out at the back door."),
}
GOLDS = (
    ("back", "How many days until I must return a desk lamp?", "faq:returns"),
    ("lima", "delivery time for a parcel to Lima, Peru", "faq:delivery"),
    ("socket", "what kind of bulbs do your desk lamps need", "faq:bulbs"),
    ("mend", "my lamp's switch is broken, do you repair it", "faq:repair"),
)


def write_shop(folder: Path) -> Path:
    """Its content folder, gold questions with it."""
    folder.mkdir(parents=True)
    rows = [{"id": id_, "questions": list(asked), "answer": text} for id_, (asked, text) in ENTRIES.items()]
    golds = [{"id": id_, "question": text, "lang": "en", "passage": entry} for id_, text, entry in GOLDS]
    for name, lines in (("faq.en.jsonl", rows), ("gold.jsonl", golds)):
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


def entry(id_: str, text: str, questions: Sequence[str]) -> Passage:
    """An entry of the FAQ."""
    name = f"faq:{id_}"
    return Passage(f"{name}:en", name, Kind.FAQ, "en", questions[0], text, Origin("faq", 1), tuple(questions))


PASSAGES = {p.id: p for p in (entry(id_, text, asked) for id_, (asked, text) in ENTRIES.items())}


def shop(*more: Passage, golds: Sequence[str] = ()) -> Shop:
    """The shop with these entries more; its search goes by common terms."""
    passages = PASSAGES | {p.id: p for p in more}

    def search(query: Query) -> list[Hit]:
        asked = set(terms(query.text))
        every = sorted(passages.values(), key=lambda p: (-len(asked & set(terms(p.title + p.text))), p.id))
        return [Hit(p, 1.0) for p in every[: query.limit]]

    return Shop("Lumen", "friendly", ("en",), passages, search, tuple(golds))


QUESTION = (
    "Hi, my name is Ana Ruiz, mail ana.ruiz@lumen.example or call +1 415 555 0142 about order LX-204817: "
    "how long do cables of the moss lamp last?"
)
ANSWER = "The cables of the moss lamp last ten years."


def corrected(id_: int = 7, answer: str = ANSWER, state: State = State.APPROVED, action: str = "answer") -> Settled:
    """A reply that was wrong, and what staff wrote in its place."""
    wanted = Wanted("bo", ("how long do cables last?",), answer, "en", "talk", 4)
    cited = (Citation(1, "faq:repair:en", "Do you repair old lamps?", "…"),)
    verdict = orjson.dumps({"query": QUESTION, "hits": [{"passage": "faq:bulbs:en"}]}).decode()
    said = (
        Draft(Author.SHOPPER, "I am Ana, reach me at ana.ruiz@lumen.example"),
        Draft(Author.BOT, "Hello! What would you like to know?", reply_to=1, action="chat"),
        Draft(Author.SHOPPER, QUESTION),
        Draft(Author.BOT, "We mend cables. [1]", reply_to=3, action=action, citations=cited, verdict=verdict),
    )
    messages = tuple(Message("talk", seq, AT, draft) for seq, draft in enumerate(said, 1))
    return Settled(Suggestion(id_, AT, wanted, state), messages)


def becomes(settled: Settled) -> Passage:
    """The entry that an approved suggestion is, once it is built."""
    return entry(
        f"suggested-{settled.suggestion.id}", settled.suggestion.wanted.answer, settled.suggestion.wanted.questions
    )


def reworded(settled: Settled, **draft: object) -> Settled:
    """The same with another reply."""
    *before, reply = settled.said
    changed = replace(reply, draft=replace(reply.draft, **draft))  # type: ignore[arg-type]
    return Settled(settled.suggestion, (*before, changed))
