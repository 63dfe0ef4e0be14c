"""`aisle bench`, each part on real parts with small sizes. No timing is a pass mark: only that figures are there."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import Unavailable
from bot.lab import retrieval, serving, stores
from bot.lab.benchmark import Order, run
from bot.lab.plan import FULL, QUICK, Plan
from bot.lab.report import table
from bot.lab.samples import active, sample
from bot.lab.synthetic import FARTHEST, NEAREST, imagined
from bot.settings import Settings, load
from knowledge.passages import Kind
from tests.support.running import aisle, environment

TINY = Plan(runs=2, queries=10, sizes=(20, 60), chats=(1, 3), asked=3, least_asked=1, commits=5, starts=2)
FIGURES = {"n", "runs", "p50", "p95", "p99", "low", "high"}


def is_figures(found: Any, n: int) -> bool:
    """Whether these are the figures of `n` samples, in order of size."""
    return bool(found.keys() >= FIGURES and found["n"] == n and 0 <= found["p50"] <= found["p95"] <= found["p99"])


def test_the_command_ends_with_its_result_as_json(built: Path, tmp_path: Path) -> None:
    """`--quick --only embed` measures both encoders, prints a table and JSON, and leaves no run's files."""
    before, out = sorted(built.rglob("*")), tmp_path / "results" / "bench.json"
    done = aisle("bench", "--quick", "--only", "embed", "--out", str(out), env=environment(built))
    assert done.returncode == 0, done.stderr
    assert "by sentence-transformers" in done.stdout
    result = json.loads(done.stdout.splitlines()[-1])
    assert result == json.loads(out.read_text())
    assert result.keys() == {"command", "date", "commit", "machine", "threads", "plan", "embed", "took_s"}
    assert result["command"] == "aisle bench --quick --only embed"
    assert (result["threads"], result["plan"]["sizes"]) == (1, list(QUICK.sizes))
    assert result["machine"].keys() >= {"cores", "python", "versions", "memory_gib", "load_before"}
    samples = QUICK.runs * QUICK.queries
    assert is_figures(result["embed"]["served"], samples)
    assert is_figures(result["embed"]["sentence_transformers"], samples)
    assert result["embed"]["ratio"] > 0
    assert result["embed"]["least_cosine"] > 0.999
    left = set(built.rglob("*")) - set(before)
    assert left <= {built / "generators"}, "exports are kept for the next run, nothing else is"
    assert str(tmp_path) not in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "speed"), "wanted one of embed, search, stores, generate, language_model, serve"),
        (("--out", "/dev/null/x"), "cannot be written"),
    ],
)
def test_a_bad_order_is_refused_before_anything_is_measured(
    options: tuple[str, str], said: str, tmp_path: Path
) -> None:
    """An unknown part, or a result that cannot be written, is told at once; nothing is made."""
    done = aisle("bench", *options, env=environment(tmp_path / "data"), timeout_s=30)
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_search_is_measured_at_each_size(data: Path) -> None:
    """Each size has figures of the three searches, build times, and all true neighbours found by the exact index."""
    found = retrieval.measure(TINY, load(data=data))
    assert found["sizes"].keys() == {"20", "60"}
    for size, one in found["sizes"].items():
        assert is_figures(one["lexical"], 20)
        assert is_figures(one["fused"], 20)
        assert is_figures(one["dense"], 18)  # one of ten questions is Chinese, which the encoder cannot read
        assert one["build_s"].keys() == {"dense", "lexical"}
        assert 0 < one["rows"] <= int(size)
        assert (one["dense_index"], one["recall_at_10"]) == ("exact", 1.0)


def test_commits_are_measured_on_real_stores(tmp_path: Path) -> None:
    """SQL appends, saved states and kept pieces are all counted."""
    found = stores.measure(TINY, load(data=tmp_path))
    assert all(is_figures(found[name], 10) for name in ("sql_append", "redis_save", "redis_partial"))


def test_a_real_server_is_started_weighed_and_asked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered or counted as failed, every start counted, and the server is gone at the end."""
    monkeypatch.setenv("AISLE_DATA", str(data))
    found = serving.measure(TINY, load())
    assert is_figures(found["cold_start"], 2)
    assert found["memory"]["most_under_load"]["server"] >= found["memory"]["after_first_chats"]["server"] > 50
    assert found["memory"]["most_under_load"]["redis"] > 1
    for count, one in found["chats"].items():
        asked = TINY.runs * max(int(count), TINY.asked)
        assert (one["asked"], one["answered"], one["failed"]) == (asked, asked, {})
        assert is_figures(one["first_word"], asked)
        assert is_figures(one["whole_answer"], asked)
        assert one["first_word"]["p50"] <= one["whole_answer"]["p50"]
        assert sum(one["actions"].values()) == asked


def test_a_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without knowledge the server ends, and its last words are in the error."""
    monkeypatch.setenv("AISLE_DATA", str(tmp_path))
    monkeypatch.setenv("AISLE_SIGN_IN_IDLE_S", "none")
    with (
        pytest.raises(Unavailable, match="AISLE_SIGN_IN_IDLE_S"),
        serving._serving(Settings(data=tmp_path, sign_in_idle_s=1)),
    ):
        pytest.fail("no server can be ready")


def test_a_made_up_shop_is_like_the_real_one_and_always_the_same(built: Path) -> None:
    """Sizes, ids, languages and vectors are as promised; the same seed gives the same shop, another one another."""
    settings = load(data=built)
    real = sample(settings, active(settings))
    shop = imagined(real, 300, seed=1)
    again, other = imagined(real, 300, seed=1), imagined(real, 300, seed=2)
    assert shop.passages == again.passages
    assert shop.passages != other.passages
    assert np.array_equal(shop.vectors, again.vectors)
    ids = [passage.id for passage in shop.passages]
    assert ids == sorted(set(ids))
    assert {passage.lang for passage in shop.passages} == {"en", "zh"}
    assert all(passage.text.strip() and passage.title.strip() for passage in shop.passages)
    lengths = np.linalg.norm(shop.vectors, axis=1)
    assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)
    cosines = np.max(shop.vectors[lengths > 0] @ real.vectors.T, axis=1)
    assert np.all(cosines > NEAREST - 1e-3)
    assert np.mean(cosines) < FARTHEST
    names = {passage.title.split()[0] for passage in shop.passages if passage.kind is Kind.PRODUCT}
    assert len(names) > 50


def test_a_report_of_some_parts_says_nothing_of_the_others() -> None:
    """The table of a result without any part has no row, and its plan can be read back from JSON."""
    machine = {"cores": 2, "python": "3", "load_before": 0.0}
    assert table({"command": "aisle bench", "machine": machine, "commit": "x", "took_s": 1.0}).row_count == 0
    fields: dict[str, Any] = json.loads(json.dumps({name: getattr(FULL, name) for name in FULL.__slots__}))
    assert Plan.read(fields) == FULL


def test_a_run_of_the_stores_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `run` returns is what its last line says, and its folder is gone."""
    result = run(Order(quick=True, only=("stores",)), load(data=tmp_path))
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == result
    assert is_figures(result["stores"]["sql_append"], QUICK.runs * QUICK.commits)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoders", "generators"]
