"""`aisle train finetune` on a small shop: what it shows, trains, judges, keeps and activates."""

import asyncio
import json
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import torch

from bot.audit import Audit
from bot.copying.model import CopyConfig, warmed
from bot.copying.packaged import open_reader
from bot.copying.weights import save
from bot.database import open_database
from bot.generate import own as places
from bot.gold_questions import GoldQuestions
from bot.lab.train import finetune
from bot.lab.train.batches import example, vocabulary
from bot.lab.train.own import from_knowledge
from bot.settings import Settings, load
from bot.suggestions import Suggestions, Wanted
from knowledge.gold import Gold
from tests.support import tiny
from tests.support.lamps import shop, write_shop
from tests.support.running import aisle, environment


@pytest.fixture(scope="module")
def lamps(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the lamp shop, its knowledge built and active; its sources are in `content`."""
    data = tmp_path_factory.mktemp("lamps")
    (data / "encoders").symlink_to(built / "encoders")
    write_shop(data / "content")
    done = aisle("kb", "build", "--activate", env=environment(data, content=str(data / "content")))
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def settings(lamps: Path, tmp_path: Path) -> Settings:
    """Of a shop of the test's own."""
    data = tmp_path / "data"
    shutil.copytree(lamps / "knowledge", data / "knowledge")
    (data / "encoders").symlink_to((lamps / "encoders").resolve())
    return load(data=data, content=lamps / "content", shop="Lumen")


def env(settings: Settings) -> dict[str, str]:
    """Of a process of that shop."""
    return environment(settings.data, content=str(settings.content), shop="Lumen")


def test_a_dry_run_shows_what_would_be_learnt_and_changes_nothing(settings: Settings) -> None:
    """Counts, the first samples with their sources, what is left out and why; no weights are made."""
    done = aisle("train", "finetune", "--generator", "copy:", "--dry-run", env=env(settings))
    assert done.returncode == 0, done.stderr
    assert "faq (en)" in done.stdout
    assert "decline (en)" in done.stdout
    assert "4 gold questions to judge by" in done.stdout
    assert "answer: " in done.stdout
    assert not (settings.data / "generators").exists()


async def test_what_the_database_keeps_is_taken_in(settings: Settings) -> None:
    """Saved gold questions judge too, and suggestions that nobody approved are not among the samples."""
    database = await open_database(settings.access_database_url)
    clock = partial(datetime.now, UTC)
    await GoldQuestions(database, Audit(database, clock), clock).put(
        Gold("", "may I pick up lamps", "en", "faq:pickup"), "ann"
    )
    await Suggestions(database, clock).add(Wanted("bo", ("how tall?",), "Two metres tall.", "en", "talk", 2))
    await database.aclose()
    found = await asyncio.to_thread(finetune.looked_at, settings, finetune.Wanted("copy:"))
    assert "may I pick up lamps" in {one.question for one in found.golds}
    assert not any("Two metres" in sample.answer for sample in found.samples)
    assert found.suggestions == ()


def test_a_language_model_is_adapted_judged_and_activated(settings: Settings, tmp_path: Path) -> None:
    """Noise before and after is not worse, so what learnt serves as `hf:own`; the report has both sides."""
    base = tiny.build(tmp_path / "base", chat=True)
    result = finetune.finetune(settings, finetune.Wanted(f"hf:{base}", minutes=0.05))
    assert result.why_not == ""
    assert places.current(settings.data / "generators", "hf") == result.folder
    report = json.loads((result.folder / finetune.REPORT).read_text())
    assert report["after"]["perplexity"] < report["before"]["perplexity"]
    assert report["after"]["asked"] == report["before"]["asked"] > 0
    assert sorted(path.name for path in places.home(settings.data / "generators").iterdir()) == sorted(
        [result.folder.name, "hf.current"]
    )
    assert any("gold questions right" in line for line in finetune.table(report))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network that was never trained."""
    torch.manual_seed(3)
    reader, pieces = open_reader()
    words = vocabulary([example(one, reader) for one in from_knowledge(shop(), 1).samples[:4]], pieces, 200)
    folder = tmp_path_factory.mktemp("weights") / "start"
    save(warmed(CopyConfig(decoder_from=[5], outputs=200), words), folder)
    return folder


def test_the_built_in_network_is_adapted_and_judged(settings: Settings, start: Path) -> None:
    """What is activated is what the report says is not worse; nothing of the samples stays on the disk."""
    found = finetune.finetune(settings, finetune.Wanted(f"copy:{start}", minutes=0.03))
    cache = settings.data / "generators"
    assert found.report["samples"]["learnt"] > found.report["samples"]["held_out"] > 0
    assert found.report["after"]["asked"] > 0
    assert places.current(cache, "copy") == (None if found.why_not else found.folder)
    kept = {path.name for path in places.home(cache).rglob("*")}
    assert kept - {"copy.current"} == {found.folder.name, "config.json", "model.safetensors", finetune.REPORT}


def test_the_command_keeps_what_it_cannot_judge_and_says_so(settings: Settings, start: Path, tmp_path: Path) -> None:
    """Without gold questions nothing tells whether it got worse: exit status 3, the weights kept, none active."""
    content = tmp_path / "content"
    shutil.copytree(settings.content, content)
    (content / "gold.jsonl").unlink()
    command = ("train", "finetune", "--generator", f"copy:{start}", "--minutes", "0.02", "--json")
    done = aisle(*command, env={**env(settings), "AISLE_CONTENT": str(content)})
    assert done.returncode == 3, done.stderr
    assert "not activated: no gold question" in done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["activated"] is False
    cache = settings.data / "generators"
    assert len([path for path in places.home(cache).iterdir() if (path / "model.safetensors").is_file()]) == 1
    assert places.current(cache, "copy") is None
