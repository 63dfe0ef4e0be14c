"""What a section of the evaluation is given, and what it gives back. Values only."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import BadSettings
from bot.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a section may use.

    Attributes:
        data: Folder of the public data sets (`dev/banking77.jsonl.gz`, …); None where there is none.
        settings: Those of a shop of its own: the sample content, built and active, `memory:` stores, generator as set.
        work: Folder for whatever is worth keeping between runs, such as embeddings.
        quick: A small part of everything, to see that it runs; its figures are not for the README.
        say: Tells a person how far it is.
        beside: More generators to measure beside the one that is set, as `copy:<folder>` with earlier weights.
        used: Hashes of the data files read, filled by `rows`.
    """

    data: Path | None
    settings: Settings
    work: Path
    quick: bool
    say: Say
    beside: tuple[str, ...] = ()
    used: dict[str, str] = field(default_factory=dict)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a data set, as `dev/banking77.jsonl.gz`.

        Raises:
            BadSettings: There is no such file.
        """
        path = (self.data or Path()) / name
        if self.data is None or not path.is_file():
            raise BadSettings(f"found no {path}, wanted the data set; say where it is with --data")
        packed = path.read_bytes()
        self.used[name] = hashlib.sha256(packed).hexdigest()
        for line in gzip.decompress(packed).splitlines():
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `floor` is what it is held against (a baseline, say), `aim` what is wanted."""

    what: str
    value: str
    floor: str = ""
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured.

    Attributes:
        figures: Plain JSON values, all that was found.
        rows: What a reader wants to see.
        notes: What must be known to read them.
        files: Texts to be written beside the result, by file name.
    """

    figures: Mapping[str, Any]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
