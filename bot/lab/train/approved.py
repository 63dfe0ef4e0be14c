"""Samples of a shop's transcripts: only answers that a person approved, with everything personal taken out. Pure.

Staff mark a reply wrong and write the right answer; an admin approves it, and it becomes an entry of the FAQ. The
sample is that answer, to what the shopper wrote, in that conversation, on the entry and what the reply had been made
of. The reply that was wrong is never learnt, and of other messages nothing is. What is about an order is left out
altogether, and so is an answer with personal data in it: a mark in their place would be learnt as words.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from bot import pii
from bot.approvals import entry_of
from bot.conversation import Author, Draft, Message
from bot.generate.protocol import Said
from bot.lab.evaluate.judge import declines
from bot.lab.train.own import DECLINED, Asking, Made, Reason, Shop, laid, says_too
from bot.suggestions import State, Suggestion
from knowledge.passages import Passage

HISTORY = 6
"""Messages before the question, as a turn has them."""

_ORDER = re.compile(r"(?<![\w@.-])[A-Za-z]{1,5}-?\d{5,12}(?![\w@]|[-.]\w)|(?<!\w)#\d{4,12}\b", re.ASCII)
_SAID_ORDER = re.compile(
    r"(?P<keep>(?:\border(?: (?:no\.?|number|nr\.?|id))?|订单号?)\s*(?:is|:|是|为)?\s*)#?\d{4,12}(?!\w)", re.IGNORECASE
)
_NAME = re.compile(
    r"(?P<keep>(?i:\b(?:my|the) name(?:'s| is)\s+|\bname:\s*))[^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,3}|"
    r"(?P<zh>我叫|我的名字是|姓名[:：是])\s*\w{1,4}"
)
_ADDRESS = re.compile(
    r"\b\d{1,5}[a-z]?,? (?:[A-Z][\w.'’-]* ){1,4}(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|way|court|ct|square|"
    r"place|boulevard|blvd)\b\.?|\b[A-Z]\w+(?:stra(?:ß|ss)e|weg|gasse|platz) \d{1,4}[a-z]?\b|"
    r"\w{2,8}(?:路|街|大道)\d{1,5}号\w{0,12}"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A suggestion that was settled, and the conversation that it corrects, in order."""

    suggestion: Suggestion
    said: Sequence[Message]


def from_transcripts(shop: Shop, settled: Sequence[Settled], seed: int) -> Made:
    """A sample of each that may be learnt."""
    made = Made()
    for one in settled:
        found = _asking(shop, one)
        if isinstance(found, Reason):
            made.left_out[found] += 1
        else:
            made.samples.append(laid(random.Random(f"{seed}:{one.suggestion.id}"), shop, found))
    return made


def clean(text: str, known: str = "") -> str:
    """A text with everything personal replaced by its kind; what looks like an order's number stays where it is `known`
    from a passage, as a SKU.
    """
    text = _NAME.sub(lambda found: f"{found['keep'] or found['zh']}[name]", text)
    text = _SAID_ORDER.sub(lambda found: f"{found['keep']}[order]", pii.mask(_ADDRESS.sub("[address]", text)))
    return _ORDER.sub(lambda found: found[0] if found[0] in known else "[order]", text)


def _asking(shop: Shop, one: Settled) -> Asking | Reason:
    """What is to be laid out, or why nothing is."""
    wanted = one.suggestion.wanted
    if one.suggestion.state is not State.APPROVED:
        return "nobody approved it"
    if wanted.lang not in shop.langs:
        return "in another language"
    reply = next((m.draft for m in one.said if m.seq == wanted.seq and m.draft.author is Author.BOT), None)
    asked = next((m for m in one.said if reply and m.seq == reply.reply_to and m.draft.author is Author.SHOPPER), None)
    if reply is None or asked is None:
        return "its conversation is gone"
    if reply.action == "order" or any(citation.passage.startswith("order:") for citation in reply.citations):
        return "about an order"
    record = _record(reply)
    if shop.is_gold(asked.draft.text) or shop.is_gold(str(record.get("query", ""))):
        return "a gold question, or nearly one"
    return _laid_out(shop, one, asked, _sources(shop, reply, record))


def _laid_out(shop: Shop, one: Settled, asked: Message, sources: Sequence[Passage]) -> Asking | Reason:
    wanted = one.suggestion.wanted
    entry = entry_of(one.suggestion.id)
    right = shop.passages.get(f"{entry}:{wanted.lang}")
    answer = right.text if right else wanted.answer
    if clean(answer) != answer:
        return "personal data in the answer"
    if right is None and not declines(answer):
        return "its answer is not in the knowledge that serves"
    known = " ".join(f"{passage.title} {passage.text}" for passage in (*sources, *([right] if right else [])))
    others = [p for p in sources if p.entry != entry and p.lang == wanted.lang and not says_too(p.text, answer)]
    history = tuple(_history([m.draft for m in one.said if m.seq < asked.seq], lambda text: clean(text, known)))
    record = _record(next(m.draft for m in one.said if m.seq == wanted.seq))
    question = clean(str(record.get("query", "")) or asked.draft.text, known)
    kind = "faq" if right else DECLINED
    return Asking(question, wanted.lang, right, others, answer, entry, kind, history)


def _record(reply: Draft) -> dict[str, Any]:
    """Why the reply was what it was; empty where it does not tell."""
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(reply.verdict)
        return found if isinstance(found, dict) else {}
    return {}


def _sources(shop: Shop, reply: Draft, record: dict[str, Any]) -> list[Passage]:
    """What the reply was made of, cited first, as far as it still serves."""
    ids = [citation.passage for citation in reply.citations]
    ids += [str(hit.get("passage", "")) for hit in record.get("hits", ())]
    return [shop.passages[id_] for id_ in dict.fromkeys(ids) if id_ in shop.passages]


def _history(before: Sequence[Draft], cleaned: Callable[[str], str]) -> Iterator[Said]:
    """The last messages, none where an order was talked about; whoever of the team wrote one is not named."""
    said = [draft for draft in before if draft.author is not Author.SYSTEM and draft.text][-HISTORY:]
    for draft in [] if any(draft.action == "order" for draft in said) else said:
        yield Said(draft.author.value, cleaned(draft.text))  # type: ignore[arg-type]
