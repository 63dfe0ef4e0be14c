"""`aisle kb` from the command line, on a small folder of sources and on the sample shop."""

import json
from pathlib import Path

import pytest

from tests.support.running import aisle, environment

GOOD = '{"id": "refund", "questions": ["When do I get my refund?", "refund time"], "answer": "Within 7 days."}\n'


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> dict[str, str]:
    """Environment of a shop with one FAQ file, and the encoder that is exported already."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "faq.en.jsonl").write_text(GOOD)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "encoders").symlink_to(built / "encoders")
    return environment(tmp_path / "data", content=str(tmp_path / "content"))


def test_build_list_search_and_roll_back(shop: dict[str, str], tmp_path: Path) -> None:
    """The way of an admin: build, look, search, build anew, go back."""
    first = json.loads(aisle("kb", "build", "--json", env=shop).stdout)
    assert (first["passages"], first["state"]) == (1, "active")
    faq = tmp_path / "content" / "faq.en.jsonl"
    faq.write_text(GOOD + GOOD.replace("refund", "parcel"))
    second = json.loads(aisle("kb", "build", "--no-activate", "--json", env=shop).stdout)
    assert (second["passages"], second["state"]) == (2, "not active")
    listed = json.loads(aisle("kb", "list", "--json", env=shop).stdout)
    assert {info["version"]: info["current"] for info in listed} == {first["version"]: True, second["version"]: False}
    assert aisle("kb", "activate", second["version"], env=shop).stdout == f"{second['version']}: active\n"
    found = json.loads(aisle("kb", "search", "how soon is my refund paid", "--json", env=shop).stdout)
    assert (found["snapshot"], found["hits"][0]["id"]) == (second["version"], "faq:refund:en")
    assert (
        found["hits"][0]["dense"]["rank"]
        == found["hits"][0]["lexical"]["rank"]
        == found["hits"][0]["fused"]["rank"]
        == 0
    )
    assert aisle("kb", "rollback", env=shop).stdout == f"{first['version']}: active\n"
    again = aisle("kb", "rollback", env=shop)
    assert (again.returncode, "no earlier snapshot" in again.stderr) == (1, True)


def test_bad_sources_are_all_listed_and_the_old_knowledge_stays(shop: dict[str, str], tmp_path: Path) -> None:
    """`check` lists every problem and exits 1; `build` refuses, or leaves bad rows out when told to."""
    assert aisle("kb", "check", env=shop).returncode == 0
    (tmp_path / "content" / "faq.en.jsonl").write_text(GOOD + '{"id": 1\n{"id": "x"}\n')
    checked = aisle("kb", "check", "--json", env=shop)
    assert checked.returncode == 1
    assert {problem["line"] for problem in json.loads(checked.stdout)["problems"]} == {2, 3}
    refused = aisle("kb", "build", env=shop)
    assert refused.returncode == 1
    assert "faq.en.jsonl:2" in refused.stderr
    assert "faq.en.jsonl:3" in refused.stderr
    assert json.loads(aisle("kb", "list", "--json", env=shop).stdout) == []
    assert aisle("kb", "build", "--skip-bad", env=shop).returncode == 0


def test_search_before_a_build_says_what_to_do(shop: dict[str, str]) -> None:
    """Without knowledge the message is one line that names the command."""
    done = aisle("kb", "search", "refund", env=shop)
    assert done.returncode == 1
    assert "aisle kb build" in done.stderr
    assert "Traceback" not in done.stderr
