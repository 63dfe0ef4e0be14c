"""Fixtures that stand for the whole program: built knowledge of the sample shop, and servers on it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.copying.exported import BUILT_IN, exported
from tests.support.running import Running, aisle, environment, serving

Serve = Callable[..., Running]
MADE = ("knowledge", "encoders", "generators")
"""Folders of a data folder that are made once and only read from then on."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample shop's knowledge and the built-in model's export, made once."""
    data = tmp_path_factory.mktemp("aisle")
    done = aisle("kb", "build", "--activate", env=environment(data))
    assert done.returncode == 0, done.stdout + done.stderr
    exported(BUILT_IN, data / "generators")
    return data


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, with the built knowledge in it and nothing else."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in MADE:
        shutil.copytree(built / name, folder / name, copy_function=_link)
    return folder


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


@pytest.fixture
def serve(data: Path, tmp_path: Path) -> Iterator[Serve]:
    """Start servers on the test's data folder: `serve(generator="quote:")`; all are stopped at the end."""
    with ExitStack() as stack:
        count = 0

        def start(**settings: str) -> Running:
            nonlocal count
            count += 1
            log = tmp_path / f"server-{count}.log"
            return stack.enter_context(serving(environment(data, **settings), log))

        yield start
