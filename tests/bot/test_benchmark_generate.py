"""The benchmark's parts about generators, on random weights and a tiny language model."""

import asyncio
from pathlib import Path

import pytest

from bot.lab import generating, language_model
from bot.settings import Settings
from tests.support.copying import model

TINY = {
    **language_model.SHAPE,
    "hidden_size": 56,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "vocab_size": 30_522,
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The sample shop, with an empty data folder."""
    return Settings(data=tmp_path)


def test_prompts_are_the_shop_s_questions_with_their_passages(settings: Settings) -> None:
    """Three passages each, the right one first; the same ones each time."""
    made = generating.prompts(settings, 10)
    assert made == generating.prompts(settings, 10)
    assert len({prompt.question for prompt in made}) == 10
    assert all(len({passage.id for passage in prompt.passages}) == 3 for prompt in made)
    assert all(passage.lang == "en" for prompt in made for passage in prompt.passages)


def test_the_built_in_generator_is_measured(settings: Settings, tmp_path: Path) -> None:
    """First words and pieces a second, for one chat and several."""
    model().save_pretrained(tmp_path / "weights")
    asked = generating.prompts(settings, 3)
    found = asyncio.run(generating._measured(f"copy:{tmp_path / 'weights'}", tmp_path / "cache", asked, 1))
    assert found["first_word_new"]["n"] == found["first_word_known"]["n"] == 3
    assert 0 < found["first_word_new"]["p50"] <= found["first_word_new"]["p95"]
    assert set(found["pieces_per_s"]) == {"1", "4", "16"}
    assert all(speed["p50"] > 0 for speed in found["pieces_per_s"].values())
    assert found["memory_mib"]["most"] > 0
    assert found["first_load_s"] > found["load_s"]


def test_a_language_model_is_measured_beside_it(settings: Settings, tmp_path: Path) -> None:
    """Through `hf:`, by the same clock."""
    language_model.build(tmp_path / "model", TINY)
    found = asyncio.run(language_model._measured(f"hf:{tmp_path / 'model'}", generating.prompts(settings, 2)))
    assert found["first_word"]["p50"] > 0
    assert found["pieces_per_s"]["p50"] > 0
