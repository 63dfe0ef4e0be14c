"""Questions on the sample shop written before anybody looked at how the bot answers them, in two sets. Pure.

`gold/answers_fresh.jsonl` was asked once and nothing was changed for it since; what went wrong in
`gold/answers_seen.jsonl` was looked at, and its causes mended. One question a line: `need` lists what a right answer
says, `|` parting ways to say the same; a `*` at the end stands for any ending. `first`, where it is there, is whether
the first sentence is a `yes` or a `no`.
"""

import json
import re
from collections.abc import Iterator, Sequence

from bot.lab.evaluate.questions import GOLD, Asked, Check, negative, plain, positive

SETS = ("fresh", "seen")
_FIRST = {"yes": positive, "no": negative}


def written(name: str, lang: str) -> Iterator[Asked]:
    """The questions of one of `SETS` in a language, in their order."""
    for line in (GOLD / f"answers_{name}.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        if one["lang"] == lang:
            yield Asked(one["kind"], lang, one["text"], _right(one["need"], one.get("first"), lang))


def _right(need: Sequence[str], first: str | None, lang: str) -> Check:
    wanted = [re.compile("|".join(map(_way, one.split("|")))) for one in need]
    starts = _FIRST[first](lang) if first else bool
    return lambda text: starts(text) and all(one.search(plain(text)) for one in wanted)


def _way(words: str) -> str:
    """A pattern for one way to say it: whole words and figures, so that `$31` is not found in `$319`."""
    exact = plain(words.removesuffix("*"))
    start = r"(?<![a-z\d.])" if exact[0].isascii() and exact[0].isalnum() else ""
    end = "" if words.endswith("*") or not (exact[-1].isascii() and exact[-1].isalnum()) else r"(?![a-z\d])"
    return f"{start}{re.escape(exact)}{end}"
