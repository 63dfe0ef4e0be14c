"""Frequent questions as CSV, JSON lines or Markdown: one passage an entry, not yet cut to size.

CSV columns and JSON keys: `id`, `questions` (or `question`; several in a cell stand on lines of their own or between
`|`), `answer`, `url`, `lang`; only question and answer are needed. In Markdown a heading is the question, with the id
as `{#id}`; lines below it that end in a question mark are the same question in other words; the rest is the answer.
"""

from collections.abc import Iterator

from knowledge.passages import Kind, Origin, Passage
from knowledge.sources.fields import Record, slug
from knowledge.sources.files import Report, Source, shown
from knowledge.sources.pages import read_page
from knowledge.sources.rows import Row, rows

ANSWER = "answer"

_WANTED = "an answer that is not empty"
_QUESTION = "at least one question"


def passages(source: Source, report: Report) -> Iterator[Passage]:
    """The entries of a file."""
    read = _markdown if source.file.lower().endswith((".md", ".markdown")) else _table
    for record in read(source, report):
        if passage := _passage(source, record):
            yield passage


def _table(source: Source, report: Report) -> Iterator[Record]:
    """Rows with our own names for their columns."""
    names = {name: source.columns.get(name, name) for name in ("id", "questions", ANSWER, "url", "lang")}
    for row in rows(source, report, [names[ANSWER], *source.columns.values()]):
        cells = {name: row.cells.get(column) for name, column in names.items()}
        if cells["questions"] is None:
            cells["questions"] = row.cells.get("question")
        yield Record(Row(row.line, cells), report)


def _markdown(source: Source, report: Report) -> Iterator[Record]:
    page = read_page(source, report)
    if page is None:
        return
    deepest = max((section.level for section in page.sections if section.text), default=0)
    for section in page.sections:
        if not section.level or (section.level < deepest and not section.text):
            continue
        lines = section.text.split("\n")
        asked = next((index for index, line in enumerate(lines) if not line.endswith(("?", "？"))), len(lines))
        cells = {
            "id": section.anchor,
            "questions": [section.heading, *filter(None, lines[:asked])],
            "answer": "\n".join(lines[asked:]),
            "url": None,
            "lang": page.front.get("lang"),
        }
        yield Record(Row(section.line, cells), report)


def _passage(source: Source, record: Record) -> Passage | None:
    questions = record.lines("questions")
    answer = record.text("answer", _WANTED)
    lang = record.lang("lang", source.lang)
    if not questions:
        record.wrong("questions", "nothing", _QUESTION)
        return None
    id_ = record.id("id", "a stable id in one word") if record.raw("id") else slug(questions[0])
    if not id_:
        record.wrong("id", shown(questions[0]), "an id, or a question with words in it")
    url = source.address(id_, record.address("url"))
    if not record.ok:
        return None
    return Passage(
        id=f"faq:{id_}:{lang}",
        entry=f"faq:{id_}",
        kind=Kind.FAQ,
        lang=lang,
        title=questions[0],
        text=answer,
        origin=Origin(source.file, record.row.line),
        questions=questions,
        url=url,
    )
