"""How exported transcripts look: JSON Lines, two tables as CSV, and a page to print. Pure; a piece of text at a time.

    jsonl              a line a conversation, with its messages and notes
    conversations.csv  a row a conversation
    messages.csv       a row a message
    html               to read and print; every word escaped, no script

A cell that a spreadsheet would take for a formula gets an apostrophe before it (CWE-1236), as whoever chats with the
shop can write `=HYPERLINK(…)`. The tables begin with a byte order mark, without which Excel reads Chinese wrongly.
"""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import Any

import orjson

from bot.archive import Whole
from bot.conversation import Author, Draft, Message
from bot.summary import Summary

PRINT_CSS = "/web/print.css"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Format(StrEnum):
    """What can be asked for."""

    JSONL = "jsonl"
    CONVERSATIONS = "conversations.csv"
    MESSAGES = "messages.csv"
    HTML = "html"

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        if self is Format.JSONL:
            return "application/jsonl"
        return "text/html; charset=utf-8" if self is Format.HTML else "text/csv; charset=utf-8"


async def written(format: Format, wholes: AsyncIterator[Whole], style: str = "") -> AsyncIterator[str]:
    """The export, piece by piece.

    Args:
        format: Which.
        wholes: The conversations.
        style: For HTML that is kept as a file: its style sheet; empty: a link to the server's.
    """
    piece, begin, end = _WRITERS[format]
    yield begin(style)
    async for whole in wholes:
        yield piece(whole)
    if end:
        yield end


# JSON Lines


def as_json(whole: Whole) -> dict[str, Any]:
    """A conversation as plain values."""
    return {
        **summary_row(whole.summary),
        "messages": [_message_json(message) for message in whole.messages],
        "notes": [asdict(note) for note in whole.notes],
    }


def _message_json(message: Message) -> dict[str, Any]:
    draft = message.draft
    kept = {name: value for name in Draft.__slots__ if (value := getattr(draft, name)) not in (None, "", (), False)}
    kept.pop("client_id", None)
    kept.pop("verdict", None)
    return {"seq": message.seq, "at": message.at, **kept, **({"rating": message.rating} if message.rating else {})}


def _line(whole: Whole) -> str:
    return orjson.dumps(as_json(whole), option=orjson.OPT_UTC_Z).decode() + "\n"


# CSV


def summary_row(summary: Summary) -> dict[str, Any]:
    """A conversation's columns."""
    return {
        "conversation": summary.conversation,
        "opened_at": summary.opened_at,
        "last_at": summary.last_at,
        "phase": summary.phase.value,
        "lang": summary.lang,
        "reason": summary.reason.value if summary.reason else "",
        "staff": summary.staff,
        "rating": summary.rating,
        "count": summary.messages,
        "identity": summary.identity,
        "email": summary.email,
        "question": summary.question,
        "last": summary.last,
    }


def _message_row(message: Message) -> dict[str, Any]:
    draft = message.draft
    return {
        "conversation": message.conversation,
        "seq": message.seq,
        "at": message.at,
        "author": draft.author.value,
        "staff": draft.staff,
        "event": draft.event.value if draft.event else "",
        "reason": draft.reason.value if draft.reason else "",
        "action": draft.action,
        "rating": message.rating,
        "lang": draft.lang,
        "text": draft.text,
        "citations": " ".join(citation.passage for citation in draft.citations),
        "products": " ".join(card.handle for card in draft.cards),
    }


_SUMMARY = (
    *("conversation", "opened_at", "last_at", "phase", "lang", "reason", "staff", "rating", "count"),
    *("identity", "email", "question", "last"),
)
_MESSAGE = (
    *("conversation", "seq", "at", "author", "staff", "event", "reason", "action", "rating", "lang", "text"),
    *("citations", "products"),
)


def cell(value: object) -> object:
    """A value that a spreadsheet shows as it is; numbers stay numbers, moments are ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u3000").startswith(_FORMULA) else value


def _table(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def _conversation_rows(whole: Whole) -> str:
    return _table([list(summary_row(whole.summary).values())])


def _message_rows(whole: Whole) -> str:
    return _table(list(_message_row(message).values()) for message in whole.messages)


# HTML


def _page(style: str) -> str:
    sheet = f"<style>{style}</style>" if style else f'<link rel="stylesheet" href="{PRINT_CSS}">'
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return f'<!doctype html>\n<html lang="en"><head>{head}<title>Transcripts</title>{sheet}</head><body>\n'


def _article(whole: Whole) -> str:
    summary = whole.summary
    facts = [summary.phase.value, summary.lang, summary.reason, summary.staff, summary.identity, summary.email]
    parts = [
        f'<article lang="{escape(summary.lang or "en")}">',
        f"<h2>{_moment(summary.opened_at)}</h2>",
        f"<p>{escape(' · '.join(str(fact) for fact in [summary.conversation, *facts] if fact))}</p>",
        *map(_bubble, whole.messages),
        *(_section("note", f"{note.staff} (note)", note.at, note.text) for note in whole.notes),
        "</article>",
    ]
    return "\n".join(parts) + "\n"


def _bubble(message: Message) -> str:
    draft = message.draft
    who = draft.staff or draft.author.value
    text = draft.text or (draft.event.value if draft.event else "")
    rated = {1: " · rated up", -1: " · rated down"}.get(message.rating, "")
    extra = "".join(f"<li>[{citation.n}] {escape(citation.title)}</li>" for citation in draft.citations)
    kind = "system" if draft.author is Author.SYSTEM else draft.author.value
    return _section(kind, who + rated, message.at, text, f"<ul>{extra}</ul>" if extra else "")


def _section(kind: str, who: str, at: datetime, text: str, extra: str = "") -> str:
    return f'<section class="{kind}"><h3>{escape(who)}, {_moment(at)}</h3><p>{escape(text)}</p>{extra}</section>'


def _moment(at: datetime) -> str:
    return f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M} UTC</time>'


_Writer = tuple[Callable[[Whole], str], Callable[[str], str], str]
_WRITERS: dict[Format, _Writer] = {
    Format.JSONL: (_line, lambda _: "", ""),
    Format.CONVERSATIONS: (_conversation_rows, lambda _: "\ufeff" + _table([_SUMMARY]), ""),
    Format.MESSAGES: (_message_rows, lambda _: "\ufeff" + _table([_MESSAGE]), ""),
    Format.HTML: (_article, _page, "</body></html>\n"),
}
