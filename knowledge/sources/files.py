"""One source file: its place, its hash, its encoding, and where complaints about it go.

What stands in the file is not known here.
"""

import codecs
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from knowledge.errors import Problem

CHUNK_BYTES = 1 << 20
SHOWN_CHARS = 60

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, and what the listing says about it.

    Attributes:
        path: Where it lies on disk.
        file: The same relative to the content folder, with `/`; problems and origins carry it.
        format: One of `listing.FORMATS`.
        lang: ISO 639-1; the language of rows that name none.
        currency: ISO 4217; the currency of prices that name none.
        url: A page's address with `{id}` in it, for rows that name none; empty: none.
        columns: Our name of a field → the file's column (`table`, `faq`, `reviews`).
        options: What the shopper chooses (`Size`) → the file's column (`table`).
        facts: Label → the file's column (`table`).
    """

    path: Path
    file: str
    format: str
    lang: str = "en"
    currency: str = "USD"
    url: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def address(self, id_: str, given: str = "") -> str:
        """The page's address: as given in the row, else from the pattern."""
        return given or self.url.replace("{id}", id_)


class Report:
    """Takes complaints about one file; none of them stops the reading."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def __call__(self, line: int, column: str, found: str, wanted: str) -> None:
        """Take a complaint; `line` 0 means the whole file."""
        self.problems.append(Problem(self.file, line, column, found, wanted))


def shown(value: object) -> str:
    """A bad value as problems quote it: escaped, and cut when long."""
    text = repr(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_text(path: Path, report: Report) -> bool:
    """Whether the whole file is UTF-8, or UTF-16 with a byte order mark; complains about the first byte that is not.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        encoding = _encoding(stream)
        decoder = codecs.getincrementaldecoder(encoding)()
        at, line, more = stream.tell(), 1, True
        while more:
            chunk = stream.read(CHUNK_BYTES)
            more = bool(chunk)
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, not more)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "replace")
                line += good.count("\n")
                _not_text(report, line, at - held + error.start, f"is not {encoding.upper()}")
                return False
            if (nul := text.find("\0")) >= 0:
                line += text.count("\n", 0, nul)
                _not_text(report, line, at - held + len(text[:nul].encode(encoding)), "is a NUL")
                return False
            line += text.count("\n")
            at += len(chunk)
    return True


@contextmanager
def opened(source: Source) -> Iterator[TextIO]:
    """The file as text, its byte order mark dropped and its line ends as they stand.

    Raises:
        OSError: The file cannot be read.
        UnicodeDecodeError: While reading, if the file changed after `is_text` looked.
    """
    with source.path.open("rb") as stream:
        encoding = _encoding(stream)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            yield text


def _encoding(stream: BinaryIO) -> str:
    """The encoding that the first bytes tell; leaves the stream behind the byte order mark."""
    head = stream.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            stream.seek(len(mark))
            return encoding
    stream.seek(0)
    return "utf-8"


def _not_text(report: Report, line: int, position: int, what: str) -> None:
    report(line, "", f"a byte at position {position} that {what}", "UTF-8, or UTF-16 with a byte order mark")
