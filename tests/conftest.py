"""Real parts for tests, private to the run: a Redis, and databases behind each address that Aisle takes."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import embedded

pytest_plugins = ["tests.support.fixtures"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_url() -> AsyncIterator[str]:
    """Address of a real Redis that all tests of the run share; use a conversation of your own."""
    folder = Path(tempfile.mkdtemp(prefix="aisle-redis-"))
    server = await embedded.start(folder)
    yield server.url
    await server.aclose()
    shutil.rmtree(folder)


@pytest.fixture(params=["memory", "redis"])
def state_url(request: pytest.FixtureRequest) -> str:
    """Address of each kind of place for live state."""
    if request.param == "memory":
        return "memory:"
    url: str = request.getfixturevalue("redis_url")
    return url


@pytest.fixture
def conversation() -> str:
    """A conversation that no other test has."""
    return f"c-{uuid.uuid4().hex}"


def _postgres_folder() -> Path | None:
    """Where `postgres` and `initdb` are: on PATH or in the system's folder of PostgreSQL, newest first."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "postgres").exists() and (p / "initdb").exists()), None)


def _as_user() -> tuple[list[str], int, int]:
    """How to start PostgreSQL, which refuses root: command prefix, user and group id."""
    if os.getuid() != 0:
        return [], os.getuid(), os.getgid()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("PostgreSQL: refuses root, and setpriv is not installed to become somebody else")
    user = pwd.getpwnam("nobody")
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [setpriv, *ids, "--pdeathsig=INT"], user.pw_uid, user.pw_gid


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """Folder with the unix socket of a private PostgreSQL cluster, user `aisle`, no password."""
    programs = _postgres_folder()
    if programs is None:
        pytest.skip("PostgreSQL: got no initdb and postgres on PATH or in /usr/lib/postgresql")
    prefix, uid, gid = _as_user()
    folder = Path(tempfile.mkdtemp(prefix="aisle-pg-"))
    os.chown(folder, uid, gid)
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "aisle", "--no-sync", "-E", "UTF8"]
    subprocess.run([*prefix, *initdb, "--locale=C"], check=True, capture_output=True, cwd=folder)
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", f"unix_socket_directories={folder}"]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [*prefix, str(programs / "postgres"), "-D", str(data), *settings], stdout=log, stderr=log, cwd=folder
        )
    try:
        _wait_for_postgres(programs, folder, server)
        yield folder
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(folder)


def _wait_for_postgres(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while subprocess.run([str(programs / "pg_isready"), "-q", "-h", str(folder)], check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.02)


@pytest.fixture
def postgres_url(postgres_folder: Path) -> str:
    """Address of an empty PostgreSQL database."""
    name = f"aisle_{uuid.uuid4().hex}"
    createdb = str((_postgres_folder() or postgres_folder) / "createdb")
    subprocess.run([createdb, "-h", str(postgres_folder), "-U", "aisle", name], check=True)
    return f"postgresql://aisle@/{name}?host={postgres_folder}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'aisle.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
