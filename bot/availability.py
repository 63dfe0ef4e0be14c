"""Reads what is in stock, from a product's lines and from sentences, and compares the two.

A table here maps a choice, as `slate` or `fern green / l`, to pieces: 0 when it is out of stock, None for some. The
choice of a product that comes in one way only is empty.
"""

import re
from collections.abc import Iterator, Mapping

Stock = Mapping[str, int | None]

_LABEL = re.compile(
    r"\b(?P<in>in stock|available)\b|\b(?P<out>out of stock)\b|(?P<in_zh>有货|可订购)|(?P<out_zh>缺货)", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?P<head>[^:\n]{1,60}):\s*(?=(?:in stock|out of stock|available|有货|缺货|可订购)(?!:))", re.IGNORECASE
)
_ITEM = re.compile(r"(?P<name>.*?)\s*(?:\((?P<count>[\d,]+)\))?")
_VARIANT = re.compile(
    r"[A-Z0-9][A-Z0-9-]*: ?(?:(?P<choice>.+?)[,、] ?)?[^,、\s]*\d[\d.,]*[^,、]*[,、] ?"
    r"(?:(?P<count>\d+) in stock|库存 ?(?P<zh>\d+) ?件|out of stock|缺货)"
)
_LIST_END = re.compile(r"[。；]|[.;](?=\s|$)|\n|$")
_NO = re.compile(
    r"\b(?:out of stock|sold out|unavailable|not (?:currently |presently |yet |now )?(?:in stock|available)|"
    r"(?:isn't|aren't|is not|are not|no longer) (?:currently )?(?:in stock|available)|none left)\b|"
    r"缺货|售罄|无货|没有?现?货|卖完|断货|售完",
    re.IGNORECASE,
)
_YES = re.compile(r"\bin stock\b|有现?货|现货", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?P<en>\d+)\s(?:pieces |left |of them )?(?:in stock|left|available)\b|(?:库存|还剩|仅剩|剩)\s?(?P<zh>\d+)"
)
_CLAUSE = re.compile(r"[。；，]|[.;!?](?:\s|$)|,\s(?=and |but |while )|\b(?:but|while|whereas)\b|但是?|而")
_CLAUSE_OR_COMMA = re.compile(rf"{_CLAUSE.pattern}|,\s")
_LETTER_SIZE = re.compile(r"x*s|m|\d?x*l|\d?xs")


def table(text: str) -> dict[str, int | None]:
    """The stock that a `plain` text lists; empty when it lists none."""
    out: dict[str, int | None] = {}
    for line in text.split("\n"):
        if variant := _VARIANT.match(line.strip()):
            out[(variant["choice"] or "").strip().lower()] = int(variant["count"] or variant["zh"] or 0)
        else:
            out.update(_listed(line))
    return out


def _listed(line: str) -> Iterator[tuple[str, int | None]]:
    found = _HEAD.search(line)
    head = f"{re.split(r'[.。-] ?', found['head'])[-1].strip().lower()} / " if found else ""
    for label in _LABEL.finditer(line):
        after = line[label.end() :]
        if not head and not after.startswith(":"):
            continue
        nothing = bool(label["out"] or label["out_zh"])
        items = after[: min(_first(_LABEL, after), _first(_LIST_END, after))].lstrip(": ").rstrip("; ")
        for item in re.split(r"[,、]\s?", items):
            parts = _ITEM.fullmatch(item.strip())
            if parts and parts["name"].isdigit() and not (head or nothing or parts["count"]):
                yield "", int(parts["name"])
            elif parts and parts["name"]:
                count = int(parts["count"].replace(",", "")) if parts["count"] else None
                yield head + parts["name"].lower(), 0 if nothing else count


def _first(pattern: "re.Pattern[str]", text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)


def statements(sentence: str) -> Iterator[tuple[str, bool, int | None]]:
    """Clauses that say whether something is in stock: the clause, yes or no, and how many where that is said."""
    mixed = _NO.search(sentence) and _YES.search(_NO.sub("", sentence))
    for clause in (_CLAUSE_OR_COMMA if mixed else _CLAUSE).split(sentence):
        count = _COUNT.search(clause)
        if _NO.search(clause):
            yield clause, False, None
        elif count:
            yield clause, True, int(count["en"] or count["zh"])
        elif _YES.search(clause):
            yield clause, True, None


def lists_agree(said: Stock, known: Stock) -> bool:
    """Whether everything that a sentence lists is listed just so."""
    return all(choice in known and _same(count, known[choice]) for choice, count in said.items())


def _same(said: int | None, known: int | None) -> bool:
    return said == known or (said is None and known != 0)


def agrees(clause: str, there: bool, count: int | None, known: Stock) -> bool:
    """Whether a clause fits a product's stock; choices that it names must all fit, else the product as a whole."""
    named = [option for option in _options(known) if _names(clause, option)]
    rows = _rows(named, known)
    if count is not None:
        return count in rows.values() or (not named and count == sum(n or 0 for n in known.values()))
    if not named:
        return any(n != 0 for n in rows.values()) if there else all(n == 0 for n in rows.values())
    return all(_fits(option, there, rows) for option in named)


def _fits(option: str, there: bool, rows: Stock) -> bool:
    left = [n != 0 for choice, n in rows.items() if option in choice.split(" / ")]
    return any(left) if there else not any(left)


def sold_out(question: str, known: Stock) -> str | None:
    """What a question asks for that is gone: the choice that it names, or empty if all of it is; else None."""
    if known and not any(n != 0 for n in known.values()):
        return ""
    named = [option for option in _options(known) if _names(question, option)]
    if not named or any(n != 0 for n in _rows(named, known).values()):
        return None
    return " / ".join(named)


def _options(known: Stock) -> list[str]:
    return sorted({option for choice in known for option in choice.split(" / ") if option}, key=len, reverse=True)


def _names(clause: str, option: str) -> bool:
    if option >= "\u3400":
        return option in clause
    letters = _LETTER_SIZE.fullmatch(option) is not None
    said = option.upper() if letters else option
    return bool(re.search(rf"(?<![\w-]){re.escape(said)}(?![\w-]|\.\d)", clause, 0 if letters else re.IGNORECASE))


def _rows(named: list[str], known: Stock) -> Stock:
    """The choices with most of the named options; all without any."""
    score = {choice: sum(option in choice.split(" / ") for option in named) for choice in known}
    best = max(score.values(), default=0)
    if len(named) == best or best == 0:
        return {choice: n for choice, n in known.items() if score[choice] == best}
    return {choice: n for choice, n in known.items() if score[choice]}
