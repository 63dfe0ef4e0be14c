"""Plain text out of whatever a source holds: HTML, Markdown, control characters. Pure.

Each block of HTML becomes a line, each row of a table a line that can be read alone, so that an answer may quote single
lines. Scripts, styles and invisible characters (a way to poison a text unseen) are dropped.
"""

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from markdown_it import MarkdownIt

_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--")
_INSTRUCTION = re.compile(r"<\?[^>]*>?|<!\[[^>]*>?")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CJK_BREAK = re.compile(
    "(?<=[\u3000-\u303f\uff00-\uffef])\n|(?<=[\u3040-\u30ff\u3400-\u9fff])\n(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])"
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_DROPPED = frozenset(
    ("script", "style", "template", "noscript", "iframe", "svg", "head", "title", "nav", "form", "button")
)
_BLOCKS = HEADINGS | frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)


def tidy(text: str) -> str:
    """Text without invisible characters, with single spaces, and without blank lines."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Text on one line, for names and titles; tags are dropped."""
    return " ".join(to_text(text).split()) if text else ""


def to_text(text: str) -> str:
    """Plain text, whether the source holds HTML or plain text already."""
    if _TAG.search(text):
        return tidy(lines_of(soup(text)))
    return tidy(html.unescape(text) if "&" in text else text)


def soup(markup: str) -> BeautifulSoup:
    """The parsed page; empty if the parser refuses it."""
    try:
        return BeautifulSoup(_INSTRUCTION.sub("", markup), "html.parser")
    except (ParserRejectedMarkup, RecursionError):
        return BeautifulSoup("", "html.parser")


def lines_of(page: Tag) -> str:
    """The text of a parsed page, a line a block."""
    return "".join(part if isinstance(part, str) else f"\n{part.get_text()}\n" for part in walk(page))


def walk(page: Tag) -> Iterator[str | Tag]:
    """The text of a parsed page in its order, with line ends around blocks; headings come as tags.

    Scripts, styles, comments and navigation are left out. Takes time in proportion to the page, however deep it is.
    """
    open_tags = [(iter(page.contents), "")]
    in_pre = 0
    while open_tags:
        inside, name = open_tags[-1]
        node = next(inside, None)
        if node is None:
            open_tags.pop()
            in_pre -= name == "pre"
            yield "\n" if name in _BLOCKS else ""
        elif isinstance(node, Tag):
            if _is_heading(node):
                yield node
            elif node.name == "table":
                yield "\n" + "\n".join(_table(node)) + "\n"
            elif node.name not in _DROPPED:
                yield "\n" if node.name in _BLOCKS else ""
                open_tags.append((iter(node.contents), node.name))
                in_pre += node.name == "pre"
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield node if in_pre else _CJK_BREAK.sub("", node).replace("\n", " ")


def _is_heading(tag: Tag) -> bool:
    """Whether a tag is a heading; one that holds a block was never closed, and is read as text."""
    return tag.name in HEADINGS and not any(isinstance(child, Tag) and child.name in _BLOCKS for child in tag.contents)


def _table(table: Tag) -> list[str]:
    """A table's rows, each to be read alone: `Canada — Standard: 6–9 days; Cost: $12.95`."""
    parts = [table, *table.find_all(["thead", "tbody", "tfoot"], recursive=False)]
    rows = [row for part in parts for row in part.find_all("tr", recursive=False)]
    if not rows:
        return [_cell(table)]
    captions = [_cell(caption) for caption in table.find_all("caption", recursive=False)]
    grid = [[_cell(cell) for cell in row.find_all(["td", "th"], recursive=False)] for row in rows]
    has_head = not rows[0].find("td", recursive=False) and rows[0].find("th", recursive=False) is not None
    if not has_head or len(grid) < 2:
        return captions + [", ".join(filter(None, cells)) for cells in grid]
    head, *body = grid
    return captions + [_table_row(head, cells) for cells in body]


def _table_row(head: list[str], cells: list[str]) -> str:
    colon, semicolon, dash = ("：", "；", "——") if _CJK.search("".join(head + cells)) else (": ", "; ", " — ")
    named = [f"{name}{colon}{cell}" if name else cell for name, cell in zip(head[1:], cells[1:], strict=False) if cell]
    return f"{cells[0] if cells else ''}{dash if named else ''}{semicolon.join(named + cells[len(head) :])}"


def _cell(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split())


@cache
def markdown() -> MarkdownIt:
    """The Markdown reader: CommonMark with tables; raw HTML goes through and is cleaned with the rest."""
    return MarkdownIt("commonmark").enable("table")


def markdown_html(text: str, first_line: int = 1) -> str:
    """Markdown as HTML whose headings carry their line in `data-line`; `first_line` is that of the text in its file."""
    environment: dict[str, Any] = {}
    reader = markdown()
    tokens = reader.parse(text, environment)
    for token in tokens:
        if token.type == "heading_open" and token.map:
            token.attrSet("data-line", str(token.map[0] + first_line))
    rendered: str = reader.renderer.render(tokens, reader.options, environment)
    return rendered
