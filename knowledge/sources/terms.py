"""The shop's own list of words in two languages, as a table or JSON lines: columns or keys `en` and `zh`.

A row is one meaning; several forms stand between bars (JSON: or in a list). A dash says that the words of the other
column say nothing in a search. What the list is for is told in `knowledge.glossary`.
"""

from collections.abc import Iterator
from typing import Any

from knowledge.glossary import LANGS, NOTHING, Layer, Term, split_forms
from knowledge.sources.files import Report, Source, shown
from knowledge.sources.rows import Row, rows

LONGEST = 80
WANTED = "words in this language, several between bars, or a dash"


def terms(source: Source, report: Report) -> Iterator[Term]:
    """The terms of a file."""
    for row in rows(source, report, LANGS):
        forms = {lang: _forms(row, lang, report) for lang in LANGS}
        if None in forms.values():
            continue
        if any(forms.values()):
            yield Term({lang: found for lang, found in forms.items() if found is not None}, Layer.SHOP)
        else:
            report(row.line, "", "no words in either language", "words in one of them at least")


def _forms(row: Row, lang: str, report: Report) -> tuple[str, ...] | None:
    """The forms of a cell, empty for a dash; None, with a problem, if it is bad."""
    cell: Any = row.cells.get(lang)
    parts = cell if isinstance(cell, list) else [cell]
    if not all(isinstance(part, str) for part in parts) or not (text := "|".join(parts).strip(" |")):
        report(row.line, lang, "nothing" if cell in (None, "", []) else shown(cell), WANTED)
        return None
    forms = split_forms(text)
    if wrong := next((form for form in forms if len(form) > LONGEST or form == NOTHING), None):
        report(row.line, lang, shown(wrong), f"{WANTED}; at most {LONGEST} characters each")
        return None
    return forms
