"""The sample shop's conversations of many turns, as readable scripts: every turn comes to what it says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import time_machine

from bot.app import opened
from bot.lab.evaluate.journeys import FOLDER, every, played
from bot.lab.evaluate.scripts import Script, Turn, failures, read
from bot.settings import Settings
from bot.talk import Talks
from tests.support.fixtures import MADE
from tests.support.running import environment

SCRIPTS = every(FOLDER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talks(built: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talks]:
    """The sample shop's services in this process, on memory twins, opened once for all scripts."""
    data = tmp_path_factory.mktemp("scripts")
    for name in MADE:
        (data / name).symlink_to(built / name)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(data, database_url="memory:", redis="memory:").items():
            patch.setenv(name, value)
        settings = Settings()
    # Promotions come and go: the scripts are of this day.
    with time_machine.travel(datetime(2026, 11, 22, 18, tzinfo=UTC)):
        async with opened(settings) as services:
            yield Talks(services)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
async def test_every_turn_comes_to_what_its_script_says(talks: Talks, script: Script) -> None:
    """Product, passage, action and words of each turn are those of the script."""
    bad = await played(talks, script)
    assert not bad, f"{script.title}\n" + "\n".join(bad)


def test_there_are_scripts_enough_in_both_languages() -> None:
    """Sixty conversations of two turns and more, twenty of them in Chinese."""
    many = [script for script in SCRIPTS if len(script.turns) > 1]
    assert len(many) >= 60
    assert sum(script.lang == "zh" for script in many) >= 20


def test_a_turn_that_goes_otherwise_is_told(tmp_path: Path) -> None:
    """Each keyword finds its own fault, and a right reply has none."""
    file = tmp_path / "some.txt"
    file.write_text("# Some\nlang: en\n> hi\n= chat\nsays Hello|Hi\nnot price\n", "utf-8")
    (script,) = read(file)
    good = {"text": "Hello!", "cards": [], "citations": [], "choices": [], "action": "chat", "lang": "en"}
    assert not list(failures(script.turns[0], good))
    assert len(list(failures(script.turns[0], good | {"action": "ask", "text": "price"}))) == 3
    assert len(list(failures(Turn("?", 1, [("card", "a"), ("cite", "b"), ("choice", "")]), good))) == 3
