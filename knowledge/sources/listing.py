"""Which files of the content folder are sources, and of which format.

`sources.toml` lists them: `lang`, `currency` and `url` at the top hold for all, `[[source]]` tables give `path` (a
file, a folder or a pattern as `policies/*/*.md`), `format`, and what that format takes. Without the listing every file
is looked at, and its name, header and keys tell the format. A file's language is what its table says, else what its
name or folder says (`faq.zh.jsonl`, `policies/zh/`), else what the top says, else English.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from knowledge.errors import Problem, SourceError
from knowledge.glossary import LANGS
from knowledge.sources import faq, merchant, shopify, table
from knowledge.sources.fields import language
from knowledge.sources.files import Report, Source, is_text, shown
from knowledge.sources.rows import header

LISTING = "sources.toml"
FORMATS = (
    "shopify_csv",
    "shopify_translations",
    "merchant",
    "table",
    "faq",
    "pages",
    "promotions",
    "reviews",
    "terms",
    "orders",
)
"""`orders` are listed with the rest and read by the order look-up, not here."""

_KEYS: Mapping[str, type] = {
    **dict.fromkeys(("path", "format", "lang", "currency", "url"), str),
    **dict.fromkeys(("columns", "options", "facts"), dict),
}
_KEPT = ("currency", "url", "columns", "options", "facts")
_TOP = ("lang", "currency", "url")
_PAGES = (".md", ".markdown", ".html", ".htm")
_TABLES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_NOT_SOURCES = re.compile(r"(readme|license|licence|notice|changelog)\b.*|gold\.jsonl", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2}([-_][a-z]{2,4})?", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}")


def sources(folder: Path, problems: list[Problem]) -> Iterator[Source]:
    """The sources of a folder in the order of the listing, or of their names; what cannot be used is a problem.

    Raises:
        SourceError: The folder or its listing cannot be read.
    """
    if not folder.is_dir():
        raise SourceError([Problem(str(folder), 0, "", "no such folder", "a folder with the shop's sources")])
    try:
        text = (folder / LISTING).read_text("utf-8")
    except FileNotFoundError:
        yield from guessed(folder, problems)
        return
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError([Problem(LISTING, 0, "", str(error), "a listing in UTF-8")]) from error
    yield from _listed(folder, text, problems)


def _listed(folder: Path, text: str, problems: list[Problem]) -> Iterator[Source]:
    try:
        listing = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError([Problem(LISTING, 0, "", f"bad TOML: {error}", "tables [[source]]")]) from error
    tables = listing.get("source")
    if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
        raise SourceError([Problem(LISTING, 0, "source", shown(tables), "tables [[source]]")])
    report = Report(LISTING, problems)
    for key in sorted(listing.keys() - {*_TOP, "source"}):
        report(0, key, f"unknown key {shown(key)}", f"one of {', '.join((*_TOP, 'source'))}")
    default = {key: listing[key] for key in _TOP if key in listing}
    starts = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
    seen: set[str] = set()
    for index, entry in enumerate(tables):
        line = starts[index] if index < len(starts) else 0
        if _entry_fits(default | entry, line, report):
            for path in _listed_files(folder, entry["path"], line, report):
                file = path.relative_to(folder).as_posix()
                if file in seen:
                    report(line, "path", f"{shown(file)} again", "every file once")
                elif source := _source(Source(path, file, entry["format"]), entry, default, problems):
                    seen.add(file)
                    yield source


def _listed_files(folder: Path, path: str, line: int, report: Report) -> list[Path]:
    try:
        found = _files(folder, path)
    except (OSError, ValueError, NotImplementedError) as error:
        report(line, "path", f"{shown(path)}: {error}", "a file, a folder with files, or a pattern")
        return []
    if not found:
        report(line, "path", f"no file {shown(path)}", "a file, a folder with files, or a pattern")
    return found


def _source(bare: Source, entry: dict[str, Any], default: dict[str, Any], problems: list[Problem]) -> Source | None:
    """A listed file with its settings; None, with a problem, if its name tells a language that there is not."""
    kept = {key: value for key, value in (default | entry).items() if key in _KEPT}
    lang = language(entry["lang"]) if "lang" in entry else _named_language(bare.file, Report(bare.file, problems))
    if lang == "":
        return None
    return replace(bare, lang=lang or language(default.get("lang", "")) or bare.lang, **kept)


def _entry_fits(entry: dict[str, Any], line: int, report: Report) -> bool:
    wrong: list[tuple[str, str, str]] = []
    for key, value in entry.items():
        if key not in _KEYS:
            wrong.append((key, f"unknown key {shown(key)}", f"one of {', '.join(_KEYS)}"))
        elif not isinstance(value, _KEYS[key]):
            wrong.append((key, shown(value), "a text" if _KEYS[key] is str else "a table"))
        elif isinstance(value, dict) and not all(isinstance(column, str) for column in value.values()):
            wrong.append((key, shown(value), "names of columns"))
    if not wrong:
        wrong = list(_wrong_values(entry))
    for column, found, wanted in wrong:
        report(line, column, found, wanted)
    return not wrong


def _wrong_values(entry: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if entry.get("format") not in FORMATS:
        yield "format", shown(entry.get("format")), f"one of {', '.join(FORMATS)}"
    if not entry.get("path") or not _inside(entry["path"]):
        yield "path", shown(entry.get("path")), "a path inside the content folder"
    if "lang" in entry and not language(entry["lang"]):
        yield "lang", f"unknown language {shown(entry['lang'])}", "a language of ISO 639-1, as en or zh"
    if not _CURRENCY.fullmatch(entry.get("currency", "USD")):
        yield "currency", shown(entry["currency"]), "a currency of three letters, as USD"
    for name in sorted(entry.get("columns", {}).keys() - {*table.FIELDS}) if entry.get("format") == "table" else ():
        yield "columns", f"unknown field {shown(name)}", f"one of {', '.join(table.FIELDS)}"


def _inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and "\0" not in path


def _files(folder: Path, path: str) -> list[Path]:
    """The files of a path or pattern, sorted; a link that leads out of the folder is none."""
    root = folder.resolve()
    place = folder / path
    if place.is_file():
        found = [place]
    elif place.is_dir():
        found = [file for file in sorted(place.rglob("*")) if not _passed_over(file.relative_to(folder))]
    else:
        found = sorted(folder.glob(path)) if re.search(r"[*?\[]", path) else []
    return [file for file in found if file.is_file() and file.resolve().is_relative_to(root)]


def _passed_over(file: Path) -> bool:
    """Hidden files, those about the folder itself and the gold questions are no sources."""
    return any(part.startswith(".") for part in file.parts) or bool(_NOT_SOURCES.fullmatch(file.name))


def _named_language(file: str, report: Report) -> str | None:
    """The language that a file's name or folder tells: None if neither does, empty if it is unknown (a problem)."""
    pure = PurePosixPath(file)
    marks = [*pure.parent.parts[-1:], *pure.name.split(".")[1:-1]]
    for mark in reversed(marks):
        if _CODE.fullmatch(mark):
            found = language(mark)
            if found is None:
                wanted = "a language of ISO 639-1, as en or zh"
                Report(file, report.problems)(0, "", f"unknown language {shown(mark)} in its name", wanted)
            return found or ""
    return None


def guessed(folder: Path, problems: list[Problem]) -> Iterator[Source]:
    """Every file of the folder with the format that it looks like."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_dir() or _passed_over(relative) or not path.resolve().is_relative_to(folder.resolve()):
            continue
        source = Source(path=path, file=relative.as_posix(), format="")
        report = Report(source.file, problems)
        lang = _named_language(source.file, report)
        if lang == "":
            continue
        if format_ := _format(source, report):
            yield replace(source, format=format_, lang=lang or source.lang)


def _format(source: Source, report: Report) -> str:
    """The format that a file looks like; empty, with a problem, if it fits none."""
    name, suffix = source.path.name.lower(), source.path.suffix.lower()
    if suffix in _PAGES:
        return "faq" if name.startswith("faq") and suffix in (".md", ".markdown") else "pages"
    if suffix == ".xml":
        return "merchant"
    if suffix not in _TABLES:
        report(0, "", f"a file {shown(suffix or name)}", f"one of {', '.join((*_TABLES, '.xml', *_PAGES))}")
        return ""
    try:
        if not is_text(source.path, report):
            return ""
        columns = header(source, Report(source.file, []))
    except (OSError, UnicodeDecodeError) as error:
        report(0, "", str(error), "a file that can be read")
        return ""
    format_ = _format_of(columns)
    if not format_:
        report(1, "", f"columns {shown(', '.join(columns))}", f"those of one of {', '.join(FORMATS)}")
    return format_


def _format_of(columns: tuple[str, ...]) -> str:
    """The format whose columns are all there; empty if none is."""
    have = set(columns)
    plain = {merchant.column(column) for column in columns}
    signs = {
        "shopify_csv": have.issuperset(shopify.PRODUCT_COLUMNS),
        "shopify_translations": have.issuperset(shopify.TRANSLATION_COLUMNS),
        "faq": bool(have & {"question", "questions"}) and faq.ANSWER in have,
        "reviews": {"product", "stars"} <= have,
        "promotions": {"code", "kind", "ends"} <= have,
        "orders": {"number", "items", "state"} <= have,
        "terms": {*LANGS} == have,
        "table": have.issuperset(table.NEEDED),
        "merchant": plain.issuperset(merchant.NEEDED),
    }
    return next((format_ for format_, fits in signs.items() if fits), "")
