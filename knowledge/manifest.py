"""What a snapshot's folder must hold: `manifest.json`, written last, with the SHA-256 of every other file.

The manifest guards itself too: it carries the hash of its own content (`seal`) and must stand in the file byte for byte
as it would be written again. What the files mean is not known here.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from knowledge.errors import SnapshotError

FORMAT = 3
"""To be raised whenever the files, or how texts become rows and terms, change: it is a part of each version's hash."""

MANIFEST = "manifest.json"
BUILDING = ".building-"
VERSION = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot's label.

    Attributes:
        version: Time of the build and hash of the content, as `20261122T101500-0123456789ab`; also the folder's name.
        created_at: ISO 8601, UTC.
        encoder: Name of the encoder whose vectors are inside.
        dim: Their length.
        counts: Of `passages`, `rows`, `unreadable` (rows the encoder could not read), `products`, `reviews`.
        files: File in the folder → SHA-256.
        sources: Source file → SHA-256, as the reader of the sources gave them.
    """

    version: str
    created_at: str
    encoder: str
    dim: int
    counts: Mapping[str, int]
    files: Mapping[str, str]
    sources: Mapping[str, str]
    format: int = FORMAT


def sealed(manifest: Manifest) -> bytes:
    """The manifest as it stands in its file."""
    content = asdict(manifest)
    return _dump(content | {"seal": hashlib.sha256(_dump(content)).hexdigest()})


def read(folder: Path) -> Manifest:
    """The manifest in `folder`, checked against its own seal; the other files are not looked at.

    Raises:
        SnapshotError: It is missing, damaged, of another format, or of another folder.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        content = orjson.loads(data)
    except OSError as error:
        raise SnapshotError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise SnapshotError(f"{path}: found no JSON ({error}), wanted a manifest") from None
    manifest = _manifest(path, content)
    if sealed(manifest) != data:
        raise SnapshotError(f"{path}: found content that does not fit its seal, wanted it unchanged")
    if folder.name.removeprefix(BUILDING) != manifest.version:
        raise SnapshotError(f"{path}: found version {manifest.version}, wanted {folder.name}")
    return manifest


def verify(folder: Path) -> Manifest:
    """`read`, and every file's hash.

    Raises:
        SnapshotError: Naming the first file that is missing or changed.
    """
    manifest = read(folder)
    for name, wanted in manifest.files.items():
        path = folder / name
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise SnapshotError(f"{folder / MANIFEST}: found the file name {name!r}, wanted one inside the folder")
        try:
            found = sha256(path)
        except OSError as error:
            raise SnapshotError(f"{path}: {error.strerror}") from None
        if found != wanted:
            raise SnapshotError(f"{path}: found SHA-256 {found[:12]}…, wanted {wanted[:12]}…; the file is damaged")
    return manifest


def folders(root: Path) -> list[Path]:
    """Folders of finished snapshots, newest first, whole or not."""
    found = [path for path in root.iterdir() if VERSION.fullmatch(path.name)] if root.is_dir() else []
    return sorted(found, key=lambda path: path.name, reverse=True)


def sha256(path: Path) -> str:
    """Hash of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have the disk hold a file's content, or a folder's list of names, before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _manifest(path: Path, content: Any) -> Manifest:
    """`content` as a manifest, format first: another format may have other fields."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise SnapshotError(f"{path}: found format {found!r}, wanted {FORMAT}; build the knowledge again")
    fields = {name: value for name, value in content.items() if name != "seal"}
    try:
        return Manifest(**fields)
    except TypeError as error:
        raise SnapshotError(f"{path}: found other fields than format {FORMAT} has ({error})") from None


def _dump(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
