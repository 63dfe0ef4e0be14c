"""CSV, TSV and JSON lines as rows that know their physical line. What the columns mean is not known here.

A CSV record may span many lines, and a quote that is never closed would swallow the rest of the file. So the lines of
the record being read are kept: when it proves bad, the line where its bad quote opens is reported and left out, and
reading goes on with the line after.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import orjson

from knowledge.sources.files import Report, Source, opened, shown


@dataclass(frozen=True, slots=True)
class Row:
    """One record. Cells are text in CSV and any JSON value in JSON lines; `line` is where the record begins."""

    line: int
    cells: Mapping[str, Any]


class _Lines:
    """Physical lines with one record's worth of memory, so that reading can go back into a bad record."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: list[str] = []
        self.kept: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._stream)
        self.kept.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """Forget the last record; the number of the line that comes next."""
        self.kept.clear()
        return self.number + 1

    def back_to(self, index: int) -> None:
        """Read the kept lines from `index` on once more."""
        self.number -= len(self.kept) - index
        self._again.extend(reversed(self.kept[index:]))
        self.kept.clear()


def rows(source: Source, report: Report, needed: Sequence[str] = ()) -> Iterator[Row]:
    """All good records of a CSV, TSV or JSON lines file; `needed` columns must stand in a CSV's header.

    Raises:
        OSError, UnicodeDecodeError: The file cannot be read, or changed while it was.
    """
    with opened(source) as stream:
        if is_json_lines(source.file):
            yield from _json_rows(stream, report)
        else:
            yield from _csv_rows(stream, report, needed)


def is_json_lines(file: str) -> bool:
    """Whether the file's name says JSON lines."""
    return file.lower().endswith((".jsonl", ".ndjson"))


def header(source: Source, report: Report) -> tuple[str, ...]:
    """The columns of a CSV or TSV file, or the keys of a JSON lines file's first object; empty if there are none."""
    with opened(source) as stream:
        if is_json_lines(source.file):
            first = next(_json_rows(stream, report), None)
            return tuple(first.cells) if first else ()
        records = _records(_Lines(stream), _delimiter(stream), report)
        _, names = next(records, (0, []))
        return tuple(name.strip() for name in names)


def _csv_rows(stream: TextIO, report: Report, needed: Sequence[str]) -> Iterator[Row]:
    records = _records(_Lines(stream), _delimiter(stream), report)
    line, names = next(records, (0, []))
    columns = [name.strip() for name in names]
    if not _header_fits(line, columns, report, needed):
        return
    for line, cells in records:
        if not any(map(str.strip, cells)):
            continue
        if len(cells) != len(columns):
            report(line, "", f"{len(cells)} columns", f"{len(columns)} columns, as in the header")
            continue
        yield Row(line, dict(zip(columns, cells, strict=True)))


def _header_fits(line: int, columns: list[str], report: Report, needed: Sequence[str]) -> bool:
    """Whether the header has every needed column, and none twice."""
    named = [name for name in columns if name]
    if not named:
        report(0, "", "no header", "a first line with the names of the columns")
        return False
    twice = sorted({name for name in named if named.count(name) > 1})
    missing = [name for name in dict.fromkeys(needed) if name not in named]
    for name in twice:
        report(line, name, f"column {shown(name)} twice", "every column once")
    for name in missing:
        listed = ", ".join(named)
        report(line, name, f"no such column; there are {listed}", f"a column {shown(name)}")
    return not twice and not missing


def _delimiter(stream: TextIO) -> str:
    """The mark between columns, told by the first line that is not blank; the stream is put back to its start."""
    start = stream.tell()
    first = next((line for line in iter(stream.readline, "") if line.strip()), "")
    stream.seek(start)
    return max(",;\t", key=lambda mark: first[:100_000].count(mark))


def _records(lines: _Lines, delimiter: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Each good record with the number of its first line; blank lines are passed over."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    while True:
        start = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad = _opening(lines.kept, delimiter)
            report(start + bad, "", "a quote that is not closed", 'a closing " before the next column or line')
            lines.back_to(bad + 1)
            reader = csv.reader(lines, strict=True, delimiter=delimiter)
            continue
        if cells:
            yield start, cells


def _opening(lines: Sequence[str], delimiter: str) -> int:
    """Index of the line in which the record's bad quoted column opens: the last that opens and does not end rightly."""
    inside, opened_at = False, 0
    for index, line in enumerate(lines):
        at = 0
        while at < len(line):
            if inside:
                quote = line.find('"', at)
                if quote < 0:
                    break
                after = line[quote + 1 : quote + 2]
                if after == '"':
                    at = quote + 2
                    continue
                if after not in ("", delimiter, "\r", "\n"):
                    return opened_at
                inside, at = False, quote + 2
            elif line[at] == '"':
                inside, opened_at, at = True, index, at + 1
            else:
                mark = line.find(delimiter, at)
                at = len(line) if mark < 0 else mark + 1
    return opened_at


def _json_rows(stream: TextIO, report: Report) -> Iterator[Row]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            report(number, str(error.colno), f"bad JSON: {error.msg}", "one JSON object a line")
            continue
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            report(number, "", shown(value), "one JSON object a line")
