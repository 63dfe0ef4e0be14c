"""Figures for admins, as JSON and each table as CSV."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.audit import Deed
from bot.insights import Insights, Wanted, wanted
from bot.routes.auth import signed_in
from bot.settings import Settings
from bot.sheets import sheet
from bot.suggestions import State, Suggestions
from knowledge.library import Library

SHOWN = 200
"""Rows of a list in JSON; its CSV has all of them."""

EXPORTED = "insights.export"

router = APIRouter(prefix="/api/insights", tags=["insights"])
Reader = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.INSIGHTS_READ))]


@dataclass(frozen=True, slots=True)
class InsightsGate:
    """What these routes share."""

    settings: Settings
    insights: Insights
    suggestions: Suggestions
    library: Library


class Range(BaseModel):
    """Which figures: days from `from` up to but without `to`, on the clock of `timezone`; `lang` empty: all.

    Without `to`, up to and with today; without `from`, 30 days; without `timezone`, the shop's own.
    """

    model_config = ConfigDict(extra="forbid")

    from_: str = Field("", alias="from", max_length=10)
    to: str = Field("", max_length=10)
    timezone: str = Field("", max_length=60, pattern=r"^[A-Za-z0-9_+/-]*$")
    lang: str = Field("", max_length=8, pattern=r"^[A-Za-z-]*$")


@router.get("")
async def all_figures(asked: Annotated[Range, Query()], request: Request, response: Response, _who: Reader) -> Any:
    """All figures, with what they mean (`definitions`, by language).

    Lists hold the first 200 rows; `cut` says how many rows those have that are longer.
    """
    response.headers["cache-control"] = "no-store"
    gate = _gate(request)
    figures = await gate.insights.figures(_wanted(asked, request), gate.library.current)
    suggested = await _suggested(gate.suggestions)
    for row in figures["unanswered"]:
        row["suggestion"] = next((suggested[text] for text in row["examples"] if text in suggested), None)
    return _cut(figures)


@router.get("/{table}.csv")
async def table(table: str, asked: Annotated[Range, Query()], request: Request, who: Reader) -> Response:
    """One table: totals, series, hours, languages, outcomes, stages, moods, ratings, times, unanswered, passages (also
    passages_most and passages_never), products, out_of_stock or price_objections. Taking one is logged.
    """
    gate, of = _gate(request), _wanted(asked, request)
    text = sheet(table, await gate.insights.figures(of, gate.library.current))
    detail = {"from": of.span.first.isoformat(), "to": of.span.end.isoformat(), "lang": of.lang}
    await request.app.state.access.audit.record(Deed(who.name, EXPORTED, table, detail))
    name = f"aisle-{table}-{of.span.first}-{of.span.end}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def _suggested(suggestions: Suggestions) -> dict[str, dict[str, Any]]:
    """Questions for which an answer was suggested that was not rejected."""
    kept = [one for one in await suggestions.list() if one.state is not State.REJECTED]
    return {text: {"id": one.id, "state": one.state.value} for one in reversed(kept) for text in one.wanted.questions}


def _cut(figures: dict[str, Any]) -> dict[str, Any]:
    lists = {name: rows for name, rows in figures.items() if name in _LONG}
    never = figures["passages"]["never"]
    cut = {name: len(rows) for name, rows in lists.items() if len(rows) > SHOWN}
    cut |= {f"passages_{name}": len(figures["passages"][name]) for name in ("most", "never")}
    passages = figures["passages"] | {"most": figures["passages"]["most"][:SHOWN], "never": never[:SHOWN]}
    shown = {name: rows[:SHOWN] for name, rows in lists.items()}
    return {**figures, **shown, "passages": passages, "cut": {n: count for n, count in cut.items() if count > SHOWN}}


_LONG = ("unanswered", "products", "out_of_stock", "price_objections")


def _wanted(asked: Range, request: Request) -> Wanted:
    gate = _gate(request)
    now = request.app.state.access.clock()
    return wanted(asked.from_, asked.to, asked.timezone or gate.settings.timezone, asked.lang, now)


def _gate(request: Request) -> InsightsGate:
    gate: InsightsGate = request.app.state.insights
    return gate
