"""The built-in model answers by default, in the terminal and in the chat, with the network cut."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fixtures import Serve
from tests.support.running import aisle, environment
from tests.support.shopper import shopping

CUT = """
import socket

connect = socket.socket.connect


def near(self, address):
    if isinstance(address, tuple) and not address[0].startswith("127.") and address[0] not in ("localhost", "::1"):
        raise OSError(f"the network is cut: {address}")
    return connect(self, address)


socket.socket.connect = near
"""
UNANSWERED = "Does the Meridian Carry-On 38 have a TSA lock?"


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, str]:
    """An environment in which no process reaches beyond this machine."""
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CUT)
    return {"PYTHONPATH": str(folder)}


def asked(question: str, data: Path, alone: dict[str, str]) -> dict[str, object]:
    """What `aisle ask` says, with no generator set."""
    done = aisle("ask", question, "--json", env=environment(data) | alone)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_cut_is_a_cut(alone: dict[str, str]) -> None:
    """A process in that environment reaches nothing but itself."""
    code = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=5)"
    done = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=False)
    assert "the network is cut" in done.stderr


def test_it_says_what_the_texts_do_not(data: Path, alone: dict[str, str]) -> None:
    """Its judge of passages declines where the nearest passage would be quoted, and offers a person."""
    answer = asked(UNANSWERED, data, alone)
    assert (answer["generator"], answer["action"], answer["citations"]) == ("copy:", "decline", [])
    assert "person" in str(answer["text"]) or "colleague" in str(answer["text"])
    quoted = aisle("ask", UNANSWERED, "--json", env=environment(data, generator="quote:") | alone)
    assert json.loads(quoted.stdout)["action"] == "answer"


async def test_it_answers_in_the_chat(serve: Serve, alone: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the websocket, as the widget does; the server is cut off, too."""
    monkeypatch.setenv("PYTHONPATH", alone["PYTHONPATH"])
    async with shopping(serve().ws) as shopper:
        reply = await shopper.ask(UNANSWERED)
    assert reply["action"] == "decline"
