"""Training: batches, the frozen layers' part, the loss, runs that go on, pictures of their course."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from bot.copying.model import CopyConfig, CopyModel, own, warmed
from bot.copying.packaged import open_reader
from bot.copying.source import Reader
from bot.copying.weights import opened
from bot.errors import BadSettings
from bot.generate.protocol import Numbered, Prompt
from bot.lab.train import loop
from bot.lab.train.batches import Example, batch, batches, example, lean, spoken, vocabulary
from bot.lab.train.curves import course, draw
from bot.lab.train.data import written
from bot.lab.train.loop import BEST, CHECKPOINT, Plan, train
from bot.lab.train.loss import loss
from bot.lab.train.lower import Lower
from bot.lab.train.sample import Sample

TEXTS = (
    ("Delivery", "A parcel to Lima takes 4 days and costs $7.25."),
    ("Returns", "Lamps can be sent back within 45 days."),
    ("Opening hours", "Our shop is open from 9:30 to 18:00, and closed on Sundays."),
)


def sample(rests_on: int = 1, question: str = "what does a parcel to lima cost?", answer: str = "") -> Sample:
    """A question about the texts, of which `rests_on` answers."""
    passages = tuple(Numbered(n, f"p{n}", "policy", title, text) for n, (title, text) in enumerate(TEXTS, 1))
    prompt = Prompt(question, "en", "Lumen", passages)
    return Sample(prompt, answer or "It costs $7.25.", (rests_on,), "fact", "shops", "Lumen")


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The packaged pieces."""
    return open_reader()[0]


@pytest.fixture(scope="module")
def model(reader: Reader) -> CopyModel:
    """A network that was taught nothing, with one decoder layer and few words."""
    torch.manual_seed(3)
    words = vocabulary([example(sample(), reader)], open_reader()[1], 200)
    return warmed(CopyConfig(decoder_from=[5], outputs=200), words)


def some(reader: Reader) -> list[Example]:
    """Examples of several lengths."""
    asked = (
        sample(),
        sample(2, "can I send a lamp back?", "Yes, within 45 days."),
        replace(sample(3, "when do you open on weekdays please?", "We open at 9:30."), rests_on=()),
    )
    return [example(one, reader) for one in asked]


def test_an_example_marks_what_its_answer_rests_on(reader: Reader) -> None:
    """Only the passage that answers, and the conversation, may be copied from; each passage has one mark."""
    one = some(reader)[1]
    laid = batch([one])
    assert int(laid.heads.sum()) == 3
    assert laid.answering[0].nonzero().flatten().tolist() == [laid.heads[0].nonzero().flatten().tolist()[1]]
    gold = [role for role, is_gold in zip(one.roles.tolist(), laid.gold[0].tolist(), strict=True) if is_gold]
    assert set(gold) == {1, 5}


def test_lean_samples_keep_what_answers(reader: Reader) -> None:
    """A sample that is too long loses wrong passages from the end, and its numbers follow."""
    one = lean(sample(3, answer="We open at 9:30."), reader, 10)
    assert [p.title for p in one.prompt.passages] == ["Delivery", "Opening hours"]
    assert one.rests_on == (2,)
    assert [p.n for p in one.prompt.passages] == [1, 2]
    assert lean(sample(), reader, 500) == sample()


def test_figures_are_no_words() -> None:
    """No piece with a digit or a sign of currency may be generated."""
    assert not any(map(spoken, ("7", "##25", "$", "€", "[CLS]")))
    assert spoken("days")


def test_batches_hold_every_example_once(reader: Reader) -> None:
    """A round shows all examples, none in a batch larger than asked unless alone."""
    examples = some(reader) * 7
    found = list(batches(examples, 150, random.Random(1)))
    assert sorted(id(one) for row in found for one in row) == sorted(map(id, examples))
    assert all(len(row) == 1 or len(row) * max(one.size for one in row) <= 170 for row in found)


def test_texts_are_read_by_themselves(reader: Reader, model: CopyModel) -> None:
    """What the frozen layers make of a passage is the same beside other passages, and the second time."""
    first, second, _ = some(reader)
    lower = Lower(model, "cpu")
    both, again = lower.states([first, second]), lower.states([second])
    assert torch.allclose(both[1, : second.size].float(), again[0].float(), atol=0.1)
    inside = slice(first.size - 6, first.size)
    assert torch.allclose(both[0, inside].float(), both[1, second.size - 6 : second.size].float(), atol=0.1)


def test_padding_changes_no_loss(reader: Reader, model: CopyModel) -> None:
    """The loss of two examples together is that of each alone, added up."""
    inverse = loop._inverse(model)
    lower = Lower(model, "cpu")

    def words(examples: list[Example]) -> float:
        with torch.no_grad():
            return float(loss(model, lower.states(examples).float(), batch(examples), inverse).words)

    short, long, _ = sorted(some(reader), key=lambda one: one.size)
    assert words([short, long]) == pytest.approx(words([short]) + words([long]), rel=0.02)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data of two questions, many times over."""
    folder = tmp_path_factory.mktemp("data")
    rows = [sample(), sample(2, "can I send a lamp back?", "Yes, within 45 days.")]
    written(folder / "train.jsonl.gz", rows * 12)
    written(folder / "dev.jsonl.gz", rows)
    return folder


def test_a_run_learns_stops_and_goes_on(folder: Path, tmp_path: Path) -> None:
    """The loss on held-out samples falls; a second sitting goes on from the first one's step; the weights open."""
    plan = Plan(folder, tmp_path / "run", minutes=0.08, pieces=300, outputs=200, decoder_from=(5,), threads=1)
    plan = replace(plan, judged_every_s=1.5, held_each=1, rate=2e-3)
    train(plan)
    first = course(plan.out)
    assert first[-1]["loss"] < first[0]["loss"]
    train(replace(plan, minutes=0.1))
    rows = course(plan.out)
    assert rows[len(first)]["step"] > first[-1]["step"]
    assert (plan.out / CHECKPOINT).is_file()
    kept = opened(plan.out / BEST)
    assert own(kept).keys() >= {"output.weight", "vocabulary"}
    assert not any(name.startswith(("pieces.", "encoder.0.")) for name in own(kept))
    assert json.loads((plan.out / "run.json").read_text())["seed"] == 1
    draw([plan.out], tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    """Drawing what is no run says which file was wanted."""
    with pytest.raises(BadSettings, match=r"log\.jsonl"):
        course(tmp_path)
