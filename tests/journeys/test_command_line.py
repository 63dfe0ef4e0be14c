"""The command line on the real program: one question, a talk, the settings, the search, and clear errors."""

import json
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.fixtures import Serve
from tests.support.running import aisle, environment
from tests.support.shopper import shopping


def test_ask_tells_everything_about_the_answer_as_json(data: Path) -> None:
    """Text, citations, hits, action, verdict, language and milliseconds per stage, by the server's own path."""
    done = aisle("ask", "How long does shipping to Canada take?", "--json", env=environment(data))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "6–9 business days" in answer["text"]
    assert answer["citations"][0]["passage"] == "faq:shipping-canada:en"
    assert answer["hits"][0]["passage"] == "faq:shipping-canada:en"
    assert (answer["action"], answer["lang"], answer["generator"]) == ("answer", "en", "copy:")
    assert all(claim["supported"] for claim in answer["verdict"])
    assert {"understand", "embed", "dense", "lexical", "fuse", "ground", "first_word", "total"} <= set(answer["ms"])


def test_ask_prints_the_answer_with_its_sources(data: Path) -> None:
    """Without --json a person reads the answer, and below it where it says so."""
    done = aisle("ask", "寄到加拿大要多久？", env=environment(data))
    assert "6–9 个工作日" in done.stdout
    assert "[1]" in done.stdout


def test_chat_is_a_conversation_in_the_terminal(data: Path) -> None:
    """A follow-up is about what was said before; the end of input ends it."""
    command = [sys.executable, "-m", "bot", "chat"]
    said = "Tell me about the Ridgeline 2 Tent\nHow heavy is it?\n"
    done = subprocess.run(
        command, input=said, env=environment(data), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "1,540 g" in done.stdout


def test_config_prints_the_settings_with_secrets_masked(tmp_path: Path) -> None:
    """What is set is shown; a secret and a password in an address are not."""
    env = environment(tmp_path, secret="s3cret" * 8, redis="redis://aisle:hunter2@cache:6379/0", shop="My Shop")
    done = aisle("config", env={**env, "COLUMNS": "200"})
    assert "My Shop" in done.stdout
    assert "s3cret" not in done.stdout
    assert "hunter2" not in done.stdout


def test_search_shows_where_each_score_came_from(data: Path) -> None:
    """Dense, lexical and fused ranks, and the exact match of a SKU."""
    done = aisle("kb", "search", "FW-RDG2-SND price", "--json", env=environment(data))
    hits = json.loads(done.stdout)["hits"]
    assert hits[0]["exact"] == "FW-RDG2-SND"
    assert {"dense", "lexical", "fused"} <= set(hits[0])


def test_a_taken_port_is_a_clear_error(data: Path) -> None:
    """The address, the reason and what to do, in one message, without a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = aisle("serve", "--port", port, env=environment(data), timeout_s=60)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr.replace("\n", "")
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    """Nothing was built yet: the error names the command."""
    done = aisle("ask", "hi", env=environment(tmp_path))
    assert done.returncode == 1
    assert "aisle kb build" in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_building_again_what_did_not_change_embeds_nothing(data: Path) -> None:
    """The second build of the same sources is the same snapshot, without the model's library."""
    before = (data / "knowledge" / "CURRENT").read_text().split()[0]
    done = aisle("kb", "build", "--activate", env=environment(data))
    assert done.returncode == 0, done.stderr
    assert before in done.stdout
    assert (data / "knowledge" / "CURRENT").read_text().split()[0] == before


async def test_the_same_program_runs_on_postgresql_and_a_redis_server(
    serve: Serve, postgres_url: str, redis_url: str
) -> None:
    """Two workers on one PostgreSQL and one Redis: a conversation that began on one goes on at the other."""
    left, right = (serve(database=postgres_url, redis=redis_url) for _ in range(2))
    async with shopping(left.ws) as first:
        await first.ask("Tell me about the Ridgeline 2 Tent")
    async with shopping(right.ws, token=first.welcome["token"]) as second:
        reply = await second.ask("How heavy is it?")
    assert "1,540 g" in reply["text"]
    assert set(first.messages) < set(second.messages)
