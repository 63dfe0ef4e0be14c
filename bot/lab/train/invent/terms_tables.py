"""Policies that are tables, of the *terms* family: a row, a column and the value where they meet.

The same table is written as a grid, as lines or as sentences; rows that are asked for but not there are declined, or
denied where the text says that there are no others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_draws import common, listed
from bot.lab.train.invent.terms_draws import drawn as value_drawn
from bot.lab.train.invent.terms_grammar import filled, sentence, vary
from bot.lab.train.invent.terms_grids import GRIDS, Column, Grid
from bot.lab.train.invent.terms_grids_more import MORE
from bot.lab.train.invent.terms_grids_stores import STORES
from bot.lab.train.invent.terms_voice import agreed, declined, formal, loosened, put
from bot.lab.train.sample import Asked, Piece

_NO = ("no,", "no:", "no.", "no –", "not", "n't", "cannot", "unfortunately", "afraid")


@dataclass
class Table:
    """A grid as one shop has it. `closed` says that there are no rows but these, `denied` names some that are not."""

    grid: Grid
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    absent: tuple[str, ...]
    values: dict[tuple[str, str], str]
    denied: tuple[str, ...]
    closed: bool
    layout: str
    title: str
    opening: str
    key: str
    page_title: str
    prose: bool
    slots: dict[str, str]

    @property
    def piece(self) -> Piece:
        """The whole table."""
        return self.without(None, None)

    @property
    def pieces(self) -> list[Piece]:
        """The table, or its pages where each row has one."""
        return [self.page(row) for row in self.rows] if self.layout == "pages" else [self.piece]

    def page(self, row: str, column: Column | None = None) -> Piece:
        """The page of a row, without a column of it where one is named; the whole table where rows have no pages."""
        if self.layout != "pages":
            return self.piece
        columns = [one for one in self.columns if one is not column]
        lines = (f"{one.label}: {self.values[row, one.label]}" for one in columns)
        text = self._prose([row], columns) if self.prose else "\n".join(lines)
        title = filled(self.page_title.replace("› {row}", f"› {sentence(bare(row))}"), {**self.slots, "row": row})
        text = "\n".join(filter(None, (self.opening, text)))
        return Piece(f"policy:{self.grid.topic}#{1 + self.rows.index(row)}", "policy", sentence(title), text)

    def without(self, row: str | None, column: Column | None) -> Piece:
        """The table without a row, or without a column where `row` is none."""
        rows = [one for one in self.rows if one != row]
        columns = [one for one in self.columns if row is not None or one is not column]
        text = {"grid": self._grid, "lines": self._lines}.get(self.layout, self._prose)(rows, columns)
        closing = self._closing() if row is None else ""
        return Piece(self.key, "policy", self.title, "\n".join(filter(None, (self.opening, text, closing))))

    def _closing(self) -> str:
        if self.closed:
            return filled(self.grid.closed, self.slots)
        return filled(self.grid.denied, {**self.slots, "rows": listed(list(self.denied), "or")}) if self.denied else ""

    def _grid(self, rows: list[str], columns: list[Column]) -> str:
        head = [self.grid.row, *(column.label for column in columns)]
        body = [[sentence(bare(row)), *(self.values[row, column.label] for column in columns)] for row in rows]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, *body])

    def _lines(self, rows: list[str], columns: list[Column]) -> str:
        return "\n".join(
            f"{sentence(bare(row))}: "
            + ", ".join(f"{column.label.lower()} {self.values[row, column.label]}" for column in columns)
            for row in rows
        )

    def _told(self, row: str, column: Column) -> str:
        slots = {**self.slots, "row": row, "value": self.values[row, column.label]}
        return f"{sentence(filled(column.told, slots))}.".replace("..", ".")

    def _prose(self, rows: list[str], columns: list[Column]) -> str:
        return " ".join(self._told(row, column) for row in rows for column in columns)


def bare(name: str) -> str:
    """A country without its article."""
    return name.removeprefix("the ")


def drawn(rng: Random, shop: Shop) -> list[Table]:
    """The tables of one shop: some of the grids, each with its rows and values."""
    slots = common(rng, shop)
    return [_table(rng, shop, grid, slots) for grid in (*GRIDS, *MORE, *STORES) if rng.random() < grid.share]


def _number(value: str) -> int:
    return int(re.sub(r"\D.*", "", re.sub(r"^\D+|[,.](?=\d{3})", "", value)))


def _table(rng: Random, shop: Shop, grid: Grid, slots: dict[str, str]) -> Table:
    names = [filled(name, slots) for name in grid.rows]
    if grid.countries:
        names = list(shop.sells_to) + list(shop.not_to)
        rows, absent = names[: max(3, len(shop.sells_to))], names[max(3, len(shop.sells_to)) :]
        if rng.random() < 0.3:
            rows = rows[1:]
    else:
        names = list(dict.fromkeys(names))
        if not grid.ordered:
            rng.shuffle(names)
        count = min(len(names) - 1, rng.randint(2, 4)) if not grid.ordered else rng.randint(3, len(names))
        rows, absent = names[:count], names[count:]
    columns = tuple(rng.sample(grid.columns, rng.randint(min(2, len(grid.columns)), len(grid.columns))))
    values: dict[tuple[str, str], str] = {}
    taken_by: dict[str, list[str]] = {}
    for column in columns:
        taken = taken_by.setdefault(column.kind, [])
        for row in rows:
            for _ in range(10):
                value = value_drawn(rng, shop, column.kind, column.arguments)
                if not any(value in other or other in value for other in taken):
                    break
            taken.append(value)
            values[row, column.label] = value
        if grid.ordered:
            rising = sorted((values[row, column.label] for row in rows), key=_number)
            values.update({(row, column.label): value for row, value in zip(rows, rising, strict=True)})
    closing = rng.random() if grid.closed else 1.0
    layout = rng.choice(("grid", "grid", "lines", "prose") if len(values) < 9 else ("grid", "grid", "lines"))
    if grid.page and len(columns) > 1 and rng.random() < 0.35:
        layout, closing = "pages", 1.0
    return Table(
        grid=grid,
        columns=columns,
        rows=tuple(rows),
        absent=tuple(absent),
        values=values,
        denied=tuple(absent[: rng.randint(1, 3)]) if 0.3 <= closing < 0.65 and grid.denied and len(absent) > 3 else (),
        closed=closing < 0.3,
        layout=layout,
        title=vary(rng, grid.title, slots),
        opening=vary(rng, grid.opening, slots) if rng.random() < 0.4 else "",
        key=f"policy:{grid.topic}#1",
        page_title=vary(rng, grid.page, {"row": "{row}"}),
        prose=rng.random() < 0.6,
        slots=slots,
    )


def ask(rng: Random, table: Table, pieces: list[Piece]) -> Iterator[Asked]:
    """What is asked about one table: cells, whether a row is there, and rows that are not."""
    near = _near(rng, table, pieces)
    for row in table.rows:
        for column in table.columns:
            if rng.random() < 0.5:
                yield _cell(rng, table, row, column, near)
    if table.grid.there:
        for row in [*table.rows[:2], *table.absent[:3]]:
            yield _there(rng, table, row, near)
    for row in table.absent[:2]:
        if table.grid.is_not and (table.closed or row in table.denied):
            yield _presumed(rng, table, row, near)
        if not table.closed and row not in table.denied:
            yield _missing(rng, table, row, rng.choice(table.columns), near)
    for column in table.grid.columns:
        if column not in table.columns and rng.random() < 0.6 and not column.common:
            yield _missing(rng, table, rng.choice(table.rows), column, near)


def _near(rng: Random, table: Table, pieces: list[Piece]) -> tuple[Piece, ...]:
    topic = table.grid.like
    own = {piece.key for piece in table.pieces}
    others = [piece for piece in pieces if piece.key not in own]
    rng.shuffle(others)
    others.sort(key=lambda piece: not piece.key.startswith(f"policy:{topic}"))
    return tuple(others[:5])


def _loose(rng: Random, question: str) -> str:
    return loosened(rng, question) if rng.random() < 0.4 else question


def _said(rng: Random, table: Table, row: str, column: Column) -> tuple[str, str]:
    """A question for a cell, and its answer."""
    slots = {**table.slots, "row": row, "value": table.values.get((row, column.label), "")}
    return _loose(rng, vary(rng, rng.choice(column.asks), slots)), sentence(vary(rng, rng.choice(column.tells), slots))


def _cell(rng: Random, table: Table, row: str, column: Column, near: tuple[Piece, ...]) -> Asked:
    plain, answer = _said(rng, table, row, column)
    value = table.values[row, column.label]
    after, follow = None, ""
    if rng.random() < 0.5:
        after, follow = _after(rng, table, row, column)
    if table.layout == "pages":
        twin = table.page(row, column)
    else:
        twin = table.without(row, column) if rng.random() < 0.6 else table.without(None, column)
    near = _siblings(rng, table, row, near)
    rivals = {table.values[other, column.label] for other in table.rows if other != row}
    rivals |= {table.values[row, other.label] for other in table.columns if other.kind == column.kind}
    slots = {**table.slots, "row": row}
    return Asked(
        kind="table",
        question=put(rng, plain, table.slots),
        answer=answer,
        formal=formal(answer),
        rests_on=(table.page(row),),
        near=near,
        twin=() if value in twin.text else (twin,),
        decline=declined(rng, vary(rng, column.unknown, slots)),
        after=after,
        follow_up=follow,
        must=((value,),),
        never=tuple(sorted(rival for rival in rivals if rival not in answer and value not in rival)),
    )


def _siblings(rng: Random, table: Table, row: str, near: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pages of other rows, then what is near; only the latter where the table is one piece."""
    if table.layout != "pages":
        return near
    rows = [other for other in table.rows if other != row]
    rng.shuffle(rows)
    return (*(table.page(other) for other in rows[:3]), *near[:3])


def _after(rng: Random, table: Table, row: str, column: Column) -> tuple[tuple[str, str] | None, str]:
    """An earlier question that differs in row or in column, and what is then enough to ask."""
    others = [other for other in table.rows if other != row]
    columns = [other for other in table.columns if other is not column]
    if others and (rng.random() < 0.6 or not columns):
        first = _said(rng, table, rng.choice(others), column)
        wording = rng.choice(
            ("and {row}?", "what about {row}?", "And for {row}?", "and if it's {row}?", "how about {row}")
        )
        if table.grid.preposition:
            lean = table.grid.preposition
            wording = rng.choice(("and {row}?", "What about {row}?", f"and {lean} {{row}}?", f"and {lean} {{row}}"))
        return (put(rng, first[0], table.slots), first[1]), wording.format(row=row)
    if columns:
        first = _said(rng, table, row, rng.choice(columns))
        return (put(rng, first[0], table.slots), first[1]), sentence(vary(rng, column.follow, table.slots))
    return None, ""


def _there(rng: Random, table: Table, row: str, near: tuple[Piece, ...]) -> Asked:
    """Whether a row is there: yes, no where the text says so, else not known."""
    slots = {**table.slots, "row": row}
    question = put(rng, _loose(rng, vary(rng, rng.choice(table.grid.there), slots)), table.slots)
    unknown = declined(rng, vary(rng, table.grid.unknown, slots))
    here = row in table.rows
    if not here and not table.closed and row not in table.denied:
        return _declines(question, unknown, (*table.pieces, *near)[:6])
    clause = vary(rng, rng.choice(table.grid.is_there if here else table.grid.is_not), slots)
    answer = agreed(rng, "y" if here else "n", False, clause)
    return Asked(
        kind="yes_no",
        question=question,
        answer=answer,
        formal=formal(answer),
        rests_on=(table.page(row),) if here else (table.piece,),
        near=_siblings(rng, table, row, near),
        twin=(table.without(row, None),) if here and table.layout != "pages" else (),
        decline=unknown,
        must=(("yes",),) if here else (_NO,),
        never=("no,", "unfortunately") if here else ("yes,", "yes:"),
    )


def _presumed(rng: Random, table: Table, row: str, near: tuple[Piece, ...]) -> Asked:
    """A question that takes for granted a row that the text rules out."""
    plain, _ = _said(rng, table, row, rng.choice(table.columns))
    clause = vary(rng, rng.choice(table.grid.is_not), {**table.slots, "row": row})
    answer = sentence(rng.choice(("", "", "Unfortunately, ", "Sorry, but ")) + clause)
    return Asked(
        kind="exception",
        question=put(rng, plain, table.slots),
        answer=answer,
        formal=formal(answer),
        rests_on=(table.piece,),
        near=near,
        decline=declined(rng, vary(rng, table.grid.unknown, {**table.slots, "row": row})),
        must=(_NO,),
        never=tuple(sorted(set(table.values.values()))),
    )


def _missing(rng: Random, table: Table, row: str, column: Column, near: tuple[Piece, ...]) -> Asked:
    """A cell that the table does not have."""
    plain, _ = _said(rng, table, row, column)
    text = declined(rng, vary(rng, column.unknown, {**table.slots, "row": row}))
    return _declines(put(rng, plain, table.slots), text, (*table.pieces, *near)[:6])


def _declines(question: str, text: str, near: tuple[Piece, ...]) -> Asked:
    return Asked(
        kind="decline",
        question=question,
        answer=text,
        formal=formal(text),
        near=near,
        decline=text,
        never=("yes,", "no,"),
    )
