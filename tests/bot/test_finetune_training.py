"""Fine-tuning itself: adapters learn, the network goes on from its weights, only what is not worse serves."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from bot.copying.model import CopyConfig, own, warmed
from bot.copying.packaged import open_reader
from bot.copying.weights import opened, save
from bot.errors import BadSettings
from bot.generate import open_generator
from bot.generate import own as places
from bot.lab.evaluate.judge import Posed
from bot.lab.evaluate.told import Told
from bot.lab.train import finetune, gold, loop, lora
from bot.lab.train.batches import example, vocabulary
from bot.lab.train.curves import course
from bot.lab.train.data import written
from bot.lab.train.gold import Marks, in_tone, worse
from bot.lab.train.own import divided, from_knowledge
from bot.settings import load
from tests.support import tiny
from tests.support.lamps import shop

SAMPLES = from_knowledge(shop(), 1).samples
MARKS = Marks(asked=10, right=8, declined=1, wrong=1, unanswerable=5, invented=1, unsupported=2, in_tone=1, seconds=3)


def test_an_adapter_learns_and_its_model_opens_without_peft(tmp_path: Path) -> None:
    """The loss on its samples falls, the base stays as it was, and the merged model is a plain one with changes."""
    from transformers import AutoModelForCausalLM

    base = tiny.build(tmp_path / "base", chat=True)
    plan = lora.Plan(str(base), tmp_path / "out", minutes=0.1, rate=5e-3, judgements=3)
    came = lora.adapt(plan, SAMPLES[:4], SAMPLES[:2])
    assert came.after < came.before
    assert came.too_long == 0
    before, after = (AutoModelForCausalLM.from_pretrained(path).state_dict() for path in (base, plan.out))
    assert before.keys() == after.keys()
    assert any(not torch.equal(before[name], after[name]) for name in before)
    assert (plan.out / lora.ADAPTER / "adapter_model.safetensors").is_file()


def test_what_a_model_cannot_read_whole_is_not_learnt(tmp_path: Path) -> None:
    """A window that is too small for every sample is an error that says so."""
    base = tiny.build(tmp_path / "base", chat=False, window=64)
    with pytest.raises(BadSettings, match="no samples"):
        lora.adapt(lora.Plan(str(base), tmp_path / "out"), SAMPLES[:2], SAMPLES[:1])
    with pytest.raises(BadSettings, match="no model"):
        lora.adapt(lora.Plan(str(tmp_path / "none"), tmp_path / "out"), SAMPLES[:2], SAMPLES[:1])


def test_answers_for_a_language_model_cite_as_it_is_told_to() -> None:
    """Each sentence has the number of the passage that it is from; a refusal has none."""
    one = next(sample for sample in SAMPLES if sample.kind == "faq")
    assert lora.cited(one) == f"{one.answer} [{one.rests_on[0]}]"
    refusal = next(sample for sample in SAMPLES if sample.kind == "decline")
    assert lora.cited(refusal) == refusal.answer


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network that was never trained."""
    torch.manual_seed(3)
    reader, pieces = open_reader()
    words = vocabulary([example(one, reader) for one in SAMPLES[:4]], pieces, 200)
    folder = tmp_path_factory.mktemp("weights") / "start"
    save(warmed(CopyConfig(decoder_from=[5], outputs=200), words), folder)
    return folder


def test_the_network_goes_on_from_its_weights_and_resumes(weights: Path, tmp_path: Path) -> None:
    """It starts from the given weights, judges them first, learns, and a second sitting goes on from the first."""
    learn, held = divided(SAMPLES, 1)
    written(tmp_path / "train.jsonl.gz", learn)
    written(tmp_path / "dev.jsonl.gz", held)
    plan = loop.Plan(tmp_path, tmp_path / "run", minutes=0.08, start=str(weights), rate=2e-3, pieces=400, held_each=1)
    plan = replace(plan, judged_every_s=1.0, patience=50, threads=1)
    loop.train(plan)
    rows = course(plan.out)
    assert rows[0]["seen"] == 0
    loop.train(replace(plan, minutes=rows[-1]["spent_s"] / 60 + 0.04))
    later = course(plan.out)
    assert later[len(rows)]["step"] > rows[-1]["step"]
    assert min(row["loss"] for row in later) < rows[0]["loss"]
    start, end = own(opened(weights)), own(opened(plan.out / loop.BEST))
    assert torch.equal(start["vocabulary"], end["vocabulary"])
    assert not torch.equal(start["output.weight"], end["output.weight"])


def test_a_run_that_gains_nothing_ends_early_with_the_weights_it_had(weights: Path, tmp_path: Path) -> None:
    """With a hopeless rate the first judgement stays the best; the run stops after its patience and keeps the start."""
    written(tmp_path / "train.jsonl.gz", SAMPLES[:3])
    written(tmp_path / "dev.jsonl.gz", SAMPLES[-2:])
    plan = loop.Plan(tmp_path, tmp_path / "run", minutes=5, start=str(weights), rate=50.0, pieces=400, held_each=1)
    loop.train(replace(plan, judged_every_s=0.01, patience=2, threads=1))
    assert course(plan.out)[-1]["spent_s"] < 60
    start, kept = own(opened(weights)), own(opened(plan.out / loop.BEST))
    assert all(torch.equal(start[name], kept[name]) for name in start)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (MARKS, ""),
        (replace(MARKS, right=9, declined=0), ""),
        (replace(MARKS, right=7, declined=2), "7 of 10 gold questions right, 8 before"),
        (replace(MARKS, right=8, declined=0, wrong=2), "2 wrong, 1 before"),
        (replace(MARKS, invented=2), "2 of 5 unanswerable ones answered, 1 before"),
    ],
)
def test_only_what_is_not_worse_on_gold_questions_serves(after: Marks, why: str) -> None:
    """Fewer right, more wrong or more invented is worse; slower or otherwise worded is not."""
    assert worse(MARKS, replace(after, seconds=99.0, in_tone=0.0)) == why


def test_what_learnt_nothing_or_cannot_be_judged_does_not_serve() -> None:
    """Both are said in words."""
    learnt = finetune.Learnt(2.0, 1.0, {})
    assert finetune._why_not(learnt, MARKS, MARKS) == ""
    assert "learnt nothing" in finetune._why_not(replace(learnt, after=2.0), MARKS, MARKS)
    none = replace(MARKS, asked=0)
    assert "add some" in finetune._why_not(learnt, none, none)


def test_own_weights_are_what_the_dial_means(tmp_path: Path) -> None:
    """`copy:own` is an error until something was activated, then its folder; each kind has a pointer of its own."""
    with pytest.raises(BadSettings, match="aisle train finetune"):
        open_generator("copy:own", timeout_s=1, cache=tmp_path)
    with pytest.raises(BadSettings, match="no weights"):
        places.activate(tmp_path, "copy", "20261122T180000")
    for stamp in ("20261122T180000", "20261122T190000"):
        folder = places.home(tmp_path) / stamp
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        places.activate(tmp_path, "copy", stamp)
        assert open_generator("copy:own", timeout_s=1, cache=tmp_path).name == f"copy:{folder}"
    assert places.current(tmp_path, "hf") is None
    assert open_generator("copy:", timeout_s=1, cache=tmp_path).name == "copy:"


@pytest.mark.parametrize(
    ("text", "formal", "friendly"),
    [
        ("It takes four days.", True, True),
        ("It's four days!", False, True),
        ("Hey, no worries", False, True),
        ("Kindly be advised that it takes four days.", True, False),
        ("您可以在 45 天内退货。", True, True),
        ("你可以退货哦", False, True),
        ("Parcels don’t go there.", False, True),
    ],
)
def test_tone_is_told_by_what_only_the_other_one_would_have(text: str, formal: bool, friendly: bool) -> None:
    """Contractions, exclamation marks and 你 are not formal; stiff phrases are not friendly."""
    assert (in_tone(text, "formal"), in_tone(text, "friendly")) == (formal, friendly)


def test_right_is_what_says_what_the_entry_says() -> None:
    """In other words too, with its figures; other figures, another entry or a refusal are not right."""
    one = next(sample for sample in SAMPLES if sample.group == "faq:returns" and sample.kind == "faq")
    entry = tuple(p for p in one.prompt.passages if p.n in one.rests_on)
    right = gold.says(entry, "en")
    posed = Posed(replace(one, answer="", rests_on=()), answerable=True, right=right)
    verdicts = {
        "You can send lamps back within 45 days [1].": "right",
        "Lamps can be sent back within 90 days [1].": "wrong",
        "We open at 9:30 [2].": "wrong",
        "I'm sorry, our shop's information does not answer that, and I would rather not guess.": "declined",
    }
    assert {text: Told(posed, text, text, (), (), "").verdict for text in verdicts} == verdicts


@pytest.mark.parametrize("spec", ["quote:", "openai:http://127.0.0.1:1#m", "copy"])
def test_only_what_can_be_trained_is(spec: str, tmp_path: Path) -> None:
    """Another generator is refused before anything is read."""
    with pytest.raises(BadSettings, match="fine-tuned"):
        finetune.looked_at(load(data=tmp_path), finetune.Wanted(spec))
