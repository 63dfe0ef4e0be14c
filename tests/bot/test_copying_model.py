"""Drafting with the network itself: alone and in a batch, by its cache and at once, kept and opened again."""

from pathlib import Path
from typing import Any

import pytest
import torch

from bot.copying.field import Rules
from bot.copying.model import CopyModel, own
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.source import CLS, SEP, Source
from bot.copying.stepping import TorchNet
from bot.copying.table import Table
from bot.copying.weights import WEIGHTS
from bot.errors import BadSettings
from tests.support.copying import HISTORY, RETURNS, SHIPPING, asking, model, source_of

RULES = Rules(most=24)


@pytest.fixture(scope="module")
def network() -> CopyModel:
    """Random weights that like to copy."""
    return model()


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Of different lengths and tones."""
    return [
        source_of(asking("How long does it take to Canada?", history=HISTORY)),
        source_of(asking("hi", ())),
        source_of(asking("What does the Larch weigh?", tone="formal")),
        source_of(asking("Can I return it?", (RETURNS,))),
        source_of(asking("And AB-1234?", (SHIPPING, RETURNS))),
    ]


def test_chats_in_one_batch_say_what_they_say_alone(network: CopyModel, sources: list[Source]) -> None:
    """Whoever else is being answered makes no difference."""
    together = [talk.text for talk in network.drafts(sources, RULES)]
    alone = [network.drafts([source], RULES)[0].text for source in sources]
    assert together == alone
    assert all(together)


def test_chats_join_and_leave_between_steps(network: CopyModel, sources: list[Source]) -> None:
    """One that comes late, and one that goes, leave the others' drafts as they are."""
    speaking = network.speaking(RULES)
    first, gone = speaking.join(sources[0]), speaking.join(sources[2])
    for _ in range(3):
        speaking.advance()
    late = speaking.join(sources[3])
    speaking.leave(gone)
    while speaking.talks:
        speaking.advance()
    assert first.text == network.drafts([sources[0]], RULES)[0].text
    assert late.text == network.drafts([sources[3]], RULES)[0].text
    assert not gone.ended


def test_a_draft_has_at_most_its_pieces(network: CopyModel, sources: list[Source]) -> None:
    """`most` of the one who asks counts; a run is not cut off by it."""
    speaking = network.speaking(RULES)
    talk = speaking.join(sources[0], most=3)
    while speaking.talks:
        speaking.advance()
    assert 1 <= len(talk.decoder.said) <= 3 + 12


def test_steps_say_what_the_network_says_at_once(network: CopyModel, sources: list[Source]) -> None:
    """Piece by piece from the cache is the same as the whole draft under teacher forcing."""
    source = sources[0]
    said = [CLS, *(one.piece for one in network.drafts([source], RULES)[0].decoder.said)]
    ids, roles, copyable = (torch.tensor([row]) for row in (source.ids, source.roles, source.copyable))
    with torch.no_grad():
        mask = torch.ones_like(copyable)
        states = network.lower(network.embedded(ids, torch.tensor([source.places])), copyable, mask)
        seen = network.encode((states, network.pieces(ids)), roles, copyable, mask)
        step, _ = network.hear(torch.tensor([said]), torch.tensor([source.tone]), seen)
    rows = Rows(TorchNet(network, open_reader()[1]))
    rows.join(sources[1])  # a shorter one beside it
    rows.join(source)
    for place, piece in enumerate(said):
        scores = rows.step([piece, piece])[1]
        for ours, theirs in ((scores.copy, step.copy), (scores.vocabulary, step.vocabulary)):
            assert torch.allclose(torch.from_numpy(ours), theirs[0, place], atol=1e-4)
        assert scores.carry == pytest.approx(float(step.carry[0, place]), abs=1e-4)
        assert scores.word == pytest.approx(float(step.word[0, place]), abs=1e-4)


def test_generate_gives_pieces_and_streams_them(network: CopyModel, sources: list[Source]) -> None:
    """As transformers' users expect: rows of ids, padded; a streamer hears each as it is said."""

    class Heard:
        def __init__(self) -> None:
            self.ids: list[int] = []
            self.over = False

        def put(self, value: torch.Tensor) -> None:
            self.ids.extend(value.tolist())

        def end(self) -> None:
            self.over = True

    heard = Heard()
    ids = network.generate(sources[:1], max_new_tokens=8, streamer=heard)
    assert ids[0, -1] == SEP
    assert heard.over
    assert ids[0, : len(heard.ids)].tolist() == heard.ids
    assert len(heard.ids) >= ids.shape[1] - 2
    assert network.generate(sources[:2], max_new_tokens=8).shape[0] == 2
    with pytest.raises(ValueError, match="wanted one"):
        network.generate(sources[:2], streamer=heard)


def test_what_was_kept_drafts_the_same(network: CopyModel, sources: list[Source], tmp_path: Path) -> None:
    """Only the network's own weights are kept, in half precision; at most 40 MB."""
    network.save_pretrained(tmp_path / "kept")
    assert (tmp_path / "kept" / WEIGHTS).stat().st_size < 40e6
    opened = CopyModel.from_pretrained(tmp_path / "kept")
    for name, value in own(network).items():
        assert torch.allclose(own(opened)[name].float(), value.float(), atol=1e-3), name
    assert opened.drafts(sources[:1], RULES)[0].text


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """In words that say what is missing."""
    with pytest.raises(BadSettings, match=r"wanted config\.json"):
        CopyModel.from_pretrained(tmp_path)


def test_a_table_keeps_its_rows() -> None:
    """Rows and width grow without losing anything; the last row takes the place of one that is dropped."""
    import numpy as np

    def zeros(shape: tuple[int, ...]) -> Any:
        return np.zeros(shape)

    table = Table(zeros, {"a": (0, 2), "b": (3, 0)}, 4)
    for row in range(6):
        assert table.add(row + 1) == row
        table.put("a", row, np.full((row + 1, 2), row))
        table.put("b", row, np.full((3, 1), row), row)
    table.widen(9)
    assert table.view("a").shape == (6, 12, 2)
    assert table.view("b").shape == (6, 3, 12)
    assert [table.view("a")[row, row, 0] for row in range(6)] == list(range(6))
    table.drop(2)
    assert table.view("b")[2, 0, 5] == 5
    assert table.rows == 5
