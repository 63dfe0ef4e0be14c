"""Errors of the knowledge package.

KnowledgeError
├── SourceError      a source that cannot be used; `problems` lists every bad place, not only the first
├── SnapshotError    a snapshot that is missing, damaged or of another format
└── EncoderError     an encoder that cannot be loaded, or does not fit the snapshot
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad place in a source. Lines and columns count from 1; 0 means the whole file or line."""

    file: str
    line: int
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}{f', column {self.column}' if self.column else ''}: found {self.found}, wanted {self.wanted}"


class KnowledgeError(Exception):
    """Root of the knowledge package's errors."""


class SourceError(KnowledgeError):
    """Sources that cannot be used as they are."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class SnapshotError(KnowledgeError):
    """A snapshot that is missing, damaged or of another format."""


class EncoderError(KnowledgeError):
    """An encoder that cannot be loaded, or whose vectors do not fit the snapshot."""
