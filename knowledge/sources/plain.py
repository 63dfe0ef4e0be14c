"""Plain text out of whatever a source holds: HTML, Markdown, control characters. Pure.

Each block of HTML becomes a line, each row of a table a line that can be read alone, so that an answer may quote single
lines. Scripts, styles and invisible characters (a way to poison a text unseen) are dropped.
"""

import html
import re
from functools import cache
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
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
_DROPPED = ("script", "style", "template", "noscript", "iframe", "svg", "head", "nav", "form", "button")
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption", "figure"),
    *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section"),
    *("table", "tr", "ul"),
)


def tidy(text: str) -> str:
    """Text without invisible characters, with single spaces, and without blank lines."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Text on one line, for names and titles; tags are dropped."""
    return " ".join(to_text(text).split())


def to_text(text: str) -> str:
    """Plain text, whether the source holds HTML or plain text already."""
    if _TAG.search(text):
        return tidy(lines_of(soup(text)))
    return tidy(html.unescape(text) if "&" in text else text)


def soup(markup: str) -> BeautifulSoup:
    """The parsed page without scripts and styles; empty if the parser refuses it."""
    try:
        page = BeautifulSoup(_INSTRUCTION.sub("", markup), "html.parser")
    except (ParserRejectedMarkup, RecursionError):
        return BeautifulSoup("", "html.parser")
    for tag in page.find_all(_DROPPED):
        tag.extract()
    for comment in page.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    return page


def lines_of(page: Tag) -> str:
    """The text of a parsed page, a line a block; changes the page (tables become lines)."""
    for text in page.find_all(string=lambda text: "\n" in text):
        if not text.find_parent("pre"):
            text.replace_with(type(text)(_CJK_BREAK.sub("", text).replace("\n", " ")))
    for table in reversed(page.find_all("table")):
        table.replace_with("\n" + "\n".join(_table(table)) + "\n")
    for block in page.find_all(_BLOCKS):
        block.insert_before("\n")
        block.append("\n") if block.name not in ("br", "hr") else block.insert_after("\n")
    return page.get_text()


def _table(table: Tag) -> list[str]:
    """A table's rows, each to be read alone: `Canada — Standard: 6–9 days; Cost: $12.95`."""
    grid = [[_cell(cell) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
    first = table.find("tr")
    has_head = isinstance(first, Tag) and not first.find("td") and first.find("th") is not None
    if not has_head or len(grid) < 2:
        return [", ".join(filter(None, cells)) for cells in grid]
    head, *body = grid
    return [_table_row(head, cells) for cells in body]


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
