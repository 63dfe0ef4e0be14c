"""Everything about transcripts as records, over the places where they are: archive, exports, erasure, retention."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.archive import Archive
from bot.audit import Audit
from bot.database import Database
from bot.erasure import Erasure, Places
from bot.exports import Exports
from bot.feed import Feed
from bot.retention import Days, Retention
from bot.sessions import Sessions
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """What records, and the upkeep, stand on; closing it is the caller's."""

    settings: Settings
    database: Database
    sessions: Sessions
    feed: Feed
    audit: Audit
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Records:
    """The parts. `folder` is where exports are written unless somebody says otherwise."""

    archive: Archive
    exports: Exports
    erasure: Erasure
    retention: Retention
    folder: Path


def open_records(ground: Ground) -> Records:
    """The parts over this ground; nothing has to be closed."""
    settings, database, audit, clock = ground.settings, ground.database, ground.audit, ground.clock
    archive = Archive(database)
    exports = Exports(database, archive, audit, clock)
    places = Places(database, ground.sessions, ground.feed, exports)
    erasure = Erasure(places, audit, clock)
    days = Days(
        transcripts_days=settings.keep_transcripts_days,
        notes_days=settings.keep_notes_days,
        audit_days=settings.keep_audit_days,
        attempts_days=settings.keep_attempts_days,
        exports_days=settings.keep_exports_days,
    )
    retention = Retention(places, erasure, audit, days, clock)
    return Records(archive, exports, erasure, retention, settings.data / "exports")
