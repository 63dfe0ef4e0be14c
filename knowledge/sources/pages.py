"""Policy pages as Markdown with front matter, or as HTML: one passage a section, not yet cut to size.

A section is what stands between two headings; its title is the path of headings from the page's title down, its anchor
the heading's `{#anchor}` or `id`, else made from its words. Front matter may give `title`, `entry` (the page's id, else
the file's name), `url` and `lang`. Sections without text of their own are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import yaml
from bs4 import Tag

from knowledge.passages import Kind, Origin, Passage
from knowledge.sources.fields import Record, language, slug
from knowledge.sources.files import Report, Source, opened, shown
from knowledge.sources.plain import markdown_html, soup, tidy, walk
from knowledge.sources.rows import Row

ARROW = " › "
LARGEST_CHARS = 2_000_000

_ANCHOR = re.compile(r"\s*\{#([^\s{}#]+)\}\s*$")
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading (or, first, before any; `level` 0 then)."""

    level: int
    heading: str
    anchor: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page's front matter and sections."""

    front: dict[str, str]
    sections: tuple[Section, ...]


def passages(source: Source, report: Report) -> Iterator[Passage]:
    """A page's sections."""
    page = read_page(source, report)
    if page is None:
        return
    record = Record(Row(1, page.front), report)
    lang = record.lang("lang", source.lang)
    stem = PurePosixPath(source.file).name.split(".")[0]
    entry = (record.line("entry") or slug(stem)).removeprefix("policy:")
    url = source.address(entry, record.address("url"))
    if not record.ok:
        return
    title = record.line("title") or next((section.heading for section in page.sections if section.heading), stem)
    found = False
    for section, path in _paths(page.sections, title):
        if section.text:
            found = True
            anchor = f"#{section.anchor}" if section.anchor else ""
            yield Passage(
                id=f"policy:{entry}{anchor}:{lang}",
                entry=f"policy:{entry}{anchor}",
                kind=Kind.POLICY,
                lang=lang,
                title=path,
                text=section.text,
                origin=Origin(source.file, section.line),
                url=f"{url}{anchor}" if url else "",
            )
    if not found:
        report(0, "", "a page without text", "text below its headings")


def read_page(source: Source, report: Report) -> Page | None:
    """The page as sections with line numbers; None when it cannot be used."""
    with opened(source) as stream:
        text = stream.read(LARGEST_CHARS + 1)
    if len(text) > LARGEST_CHARS:
        report(0, "", f"more than {LARGEST_CHARS:,} characters", "a page of ordinary length")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if source.file.lower().endswith((".html", ".htm")):
        return _html_page(text)
    front, body, first_line = _front_matter(text, report)
    return None if front is None else Page(front, tuple(sections(markdown_html(body, first_line), first_line)))


def _front_matter(text: str, report: Report) -> tuple[dict[str, str] | None, str, int]:
    """The page's own settings, the rest, and the rest's first line; None for settings that cannot be read."""
    lines = text.split("\n")
    if not _FENCE.fullmatch(lines[0]):
        return {}, text, 1
    end = next((index for index, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), 0)
    if not end:
        report(1, "", "front matter that does not end", "a line --- behind it")
        return None, "", 0
    try:
        front = yaml.load("\n".join(lines[1:end]), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        report(2 + mark.line if mark else 2, "", f"bad front matter: {what}", "lines as title: Shipping")
        return None, "", 0
    if not isinstance(front or {}, dict):
        report(2, "", f"front matter {shown(front)}", "lines as title: Shipping")
        return None, "", 0
    return {str(key): value for key, value in (front or {}).items()}, "\n".join(lines[end + 1 :]), end + 2


def _html_page(text: str) -> Page:
    page = soup(text)
    front = {}
    head = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    heading = page.find("h1")
    title = heading.get_text(" ") if isinstance(heading, Tag) else head[1] if head else ""
    if title.strip():
        front["title"] = " ".join(title.split())
    html = page.find("html")
    if isinstance(html, Tag) and (lang := language(str(html.get("lang") or ""))):
        front["lang"] = lang
    main = page.find("main") or page.find("article") or page.find("body") or page
    return Page(front, tuple(_sections(main, 1))) if isinstance(main, Tag) else Page(front, ())


def sections(html: str, first_line: int) -> list[Section]:
    """The sections of a piece of HTML whose first line is `first_line` in its file."""
    return _sections(soup(html), first_line)


def _sections(page: Tag, first_line: int) -> list[Section]:
    """A parsed page cut at its headings."""
    found = [Section(0, "", "", first_line, "")]
    text: list[str] = []
    for part in walk(page):
        if isinstance(part, str):
            text.append(part)
        else:
            found[-1] = replace(found[-1], text=tidy("".join(text)))
            found.append(_heading(part, first_line))
            text.clear()
    found[-1] = replace(found[-1], text=tidy("".join(text)))
    return found


def _heading(tag: Tag, first_line: int) -> Section:
    """A heading's section, still without text."""
    words = " ".join(tidy(tag.get_text(" " if tag.find("br") else "")).split())
    match = _ANCHOR.search(words)
    heading = words[: match.start()] if match else words
    anchor = match[1] if match else str(tag.get("id") or "") or slug(heading)
    line = str(tag.get("data-line") or "")
    number = int(line) if line.isdecimal() else (tag.sourceline or first_line)
    return Section(int(tag.name[1]), heading, anchor, number, "")


def _paths(found: tuple[Section, ...], title: str) -> Iterator[tuple[Section, str]]:
    """Each section with its path of headings, the page's title first and not said twice."""
    above: list[Section] = []
    for section in found:
        above = [other for other in above if other.level < section.level]
        if section.level and section.heading and section.heading != title:
            above.append(section)
        yield section, ARROW.join([title, *(other.heading for other in above)])
