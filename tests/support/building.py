"""A build as a process of its own: `python -m tests.support.building ROOT ENTRIES STEP DONE`.

It says each step of the build on standard output, and at STEP with at least DONE done it waits for its standard input
to be closed: there the test kills it, or lets it go on. With STEP `activate` it moves the pointer to and fro between
all versions for ever.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from knowledge.build import build
from knowledge.errors import KnowledgeError
from knowledge.hashed import HashedEncoder
from knowledge.library import activate, versions
from tests.support.shelves import with_entries


@contextmanager
def building(root: Path, entries: int, step: str, done: int = 0) -> Iterator["subprocess.Popen[str]"]:
    """The process, once it has come to `step`; killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.support.building", str(root), str(entries), step, str(done)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line == "here\n":
                    break
            yield process
        finally:
            process.kill()


def _main(root: Path, entries: int, step: str, least: int) -> None:
    def say(name: str, done: int, total: int) -> None:
        print(name, done, total, flush=True)
        if name == step and done >= least:
            print("here", flush=True)
            sys.stdin.read()

    if step == "activate":
        print("here", flush=True)
        for info in cycle(versions(root)):
            activate(root, info.version)
    try:
        print(build(with_entries(entries), root, HashedEncoder(), say), flush=True)
    except KnowledgeError as error:
        print(error, flush=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
