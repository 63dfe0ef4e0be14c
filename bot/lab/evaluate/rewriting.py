"""Follow-ups that stand alone: TREC CAsT 2019 and 2020, rewritten by rules, beside leaving them as they are.

The rules were made while reading 2019; no query of 2020 was read and no rule kept or dropped for its score, so its
figures tell how they do elsewhere. Each query
is rewritten from the earlier queries as they were asked, not from their rewrites by people.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from bot.lab.evaluate.section import Ground, Row, Section
from bot.lab.metrics import rouge_l
from bot.topic import rewritten

DATA = "dev/cast_rewrites_2019_2020.jsonl.gz"
QUICK = 40
OFFICIAL_2020 = 0.758
"""ROUGE-L of the automatic rewrites that TREC CAsT 2020 gave out, as `shared/data/README.md` has it."""
KEPT_AIM = 0.95
_YEARS = {"19": "2019", "20": "2020"}
_TOKEN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Tried:
    """A query as asked, as people rewrote it, and as the rules did."""

    query: str
    gold: str
    got: str


def measure(ground: Ground) -> Section:
    """ROUGE-L by year, and the share of the queries that stand alone which were left alone.

    Raises:
        BadSettings: The data set is missing.
    """
    by_year: dict[str, list[_Tried]] = {year: [] for year in _YEARS.values()}
    for row in ground.rows(DATA):
        tried = _Tried(row["query"], row["gold"], rewritten(row["query"], row["history"]))
        by_year[_YEARS[row["id"][:2]]].append(tried)
    figures = {year: _figures(tried[:QUICK] if ground.quick else tried) for year, tried in by_year.items()}
    return Section(figures, tuple(row for year in figures for row in _rows(year, figures[year])), _NOTES)


_NOTES = (
    "rules made on 2019; 2020 is the test: nothing was tuned on it",
    f"2020's official automatic rewrites reach {OFFICIAL_2020}; 2020's gold also draws on the answers, which "
    f"are not in the data",
    "words are runs of letters and digits, lower case; the mean of the queries' F1",
)


def _figures(tried: Sequence[_Tried]) -> Mapping[str, Any]:
    alone = [one for one in tried if one.query.strip() == one.gold.strip()]
    return {
        "queries": len(tried),
        "rouge_l": round(fmean(_alike(one.gold, one.got) for one in tried), 4),
        "rouge_l_as_asked": round(fmean(_alike(one.gold, one.query) for one in tried), 4),
        "rewritten": sum(one.got != one.query for one in tried),
        "better": sum(_alike(one.gold, one.got) > _alike(one.gold, one.query) for one in tried),
        "worse": sum(_alike(one.gold, one.got) < _alike(one.gold, one.query) for one in tried),
        "standing_alone": len(alone),
        "kept": sum(one.got == one.query for one in alone),
    }


def _alike(gold: str, got: str) -> float:
    return rouge_l(_TOKEN.findall(gold.lower()), _TOKEN.findall(got.lower()))


def _rows(year: str, found: Mapping[str, Any]) -> tuple[Row, ...]:
    kept = found["kept"] / found["standing_alone"] if found["standing_alone"] else 1.0
    aim = f"{OFFICIAL_2020}" if year == "2020" else ""
    return (
        Row(
            f"CAsT {year} rewriting, ROUGE-L",
            f"{found['rouge_l']:.3f}",
            f"{found['rouge_l_as_asked']:.3f} as asked",
            aim,
        ),
        Row(f"CAsT {year}, queries that stand alone left alone", f"{kept:.1%}", "", f"≥ {KEPT_AIM:.0%}"),
    )
