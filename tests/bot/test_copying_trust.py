"""How far drafts are trusted: what is known of a draft, and the regression that is fitted on judged ones."""

import math
import random
from pathlib import Path

import pytest

from bot.copying.decode import Spoken
from bot.copying.exported import CONFIG, settings_of
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.stepping import TorchNet
from bot.copying.steps import Speaking, Talk, drafted
from bot.copying.trust import FEATURES, Trust, features, passes_over
from bot.errors import BadSettings
from bot.generate.protocol import Numbered
from bot.lab.train.data import written
from bot.lab.train.sample import Sample
from bot.lab.train.trust import DECLINED, FOLDS, RIGHT, Tried, fitted, judged, write
from tests.support.copying import asking, copied, generated, model, source_of


@pytest.fixture
def talk() -> Talk:
    """A draft of a network that was taught nothing."""
    return drafted(Speaking(Rows(TorchNet(model(), open_reader()[1]))), [source_of(asking("How long to Canada?"))])[0]


def tried(count: int) -> list[Tried]:
    """Drafts that are right where their pieces were likely; every third question cannot be answered."""
    draw = random.Random(3)
    out = []
    for n in range(count):
        mean = -draw.random()
        known = (mean, 2 * mean, 1.5, draw.gauss(2, 1), -3.0, float(n % 5 == 0), 1.0, 0.0)
        answerable = n % 3 > 0
        best = draw.uniform(0.3, 1) if answerable else draw.uniform(0, 0.6)
        out.append(Tried(known, best, answerable, mean + draw.gauss(0, 0.1) > -0.5, quoted_right=n % 4 == 0))
    return out


def test_what_is_known_of_a_draft(talk: Talk) -> None:
    """As many figures as names, each within what it can be."""
    known = dict(zip(FEATURES, features(talk), strict=True))
    assert known["least"] <= known["mean"] < 0
    assert known["pieces"] == len(talk.decoder.said) / 10
    assert known["best"] >= known["second"]
    assert known["copied"] == (talk.copied > 0)
    assert 0 <= known["doubtful"] <= len(talk.decoder.said)


def test_the_chance_is_that_of_a_logistic_regression(talk: Talk) -> None:
    """A weight for each figure, and the intercept first."""
    weights = (0.5, -1.0, *(0.25 for _ in FEATURES[1:]))
    odds = 0.5 - features(talk)[0] + 0.25 * sum(features(talk)[1:])
    assert Trust(weights).chance(features(talk)) == pytest.approx(1 / (1 + math.exp(-odds)))
    assert Trust().chance(features(talk)) == 0.5


@pytest.mark.parametrize(("text", "given"), [("Yes, it is.", False), ("no.", False), ("Nothing is.", True)])
def test_a_yes_or_no_has_a_bar_of_its_own(talk: Talk, text: str, given: bool) -> None:
    """Here one that no draft reaches."""
    talk.text = text
    assert Trust(least=0.4, polar=0.6).gives(talk) is given


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (("Ash", ", ", "Birch", "and", "Oak"), True),
        (("Ash", "and", "Cedar"), True),
        (("Birch", "and", "Cedar"), False),
        (("Ash, Birch, Cedar, Elm", "and", "Oak"), False),
        (("Ash, Birch, Cedar, Elm, dark Oak",), False),
        (("Oak", "and", "Birch"), False),
        (("Ash", "but not", "Oak"), False),
        (("Wool", "and", "Oak"), False),
        (("Elm", "and", "Oak"), False),
        (("Oak", "and", "wash"), True),
        (("wash", "and", "foam"), False),
    ],
)
def test_items_that_are_passed_over_are_seen(parts: tuple[str, ...], found: bool) -> None:
    """Where a list's items are named, none between them is left out; other words between two part them."""
    text = "Larch\nColours: Ash, Birch, Cedar, Elm, dark Oak, Pine and wash.\nMade of: Wool, no foam."
    source = source_of(asking("Which?", (Numbered(1, "product:larch", "product", "Larch", text),)))
    said: list[Spoken] = []
    for part in parts:
        said += generated(part) if part in ("and", "but not", ", ") else copied(source, part, 1)
    talk = drafted(Speaking(Rows(TorchNet(model(), open_reader()[1]))), [source])[0]
    talk.decoder.said = said
    assert passes_over(talk) is found


def test_it_is_kept_and_read_again() -> None:
    """Without any, every draft is trusted."""
    trust = Trust(tuple(range(len(FEATURES) + 1)), 0.5, 0.9, 0.3)
    assert Trust.of({"trust": trust.kept()}, "here") == trust
    assert Trust.of({}, "here") == Trust()


def test_likely_drafts_are_found_right() -> None:
    """Those given out are right far more often than those kept back; few that can be answered are declined."""
    every = tried(900)
    trust, figures = fitted(every)
    assert figures["right_of_given_out"] >= RIGHT > 0.3 > figures["right_of_kept_back"]
    assert 0.2 < trust.least < 0.8
    declined = [one for one in every if one.answerable and one.best < trust.answers]
    assert len(declined) <= DECLINED * sum(one.answerable for one in every)
    assert figures["declined_unanswerable"] > 0.4
    assert trust.weights[1 + FEATURES.index("mean")] > 0


def question(text: str) -> Sample:
    """A question to held-out texts, of which the second answers."""
    return Sample(asking(text), "Within 60 days.", (3,), "fact", "shops", "Fernway", must=(("60",), ("nothing else",)))


def test_too_few_drafts_of_a_kind_are_refused(tmp_path: Path) -> None:
    """Those of a network that was taught nothing are all wrong; its weights stay as they are."""
    weights = tmp_path / "weights"
    model().save_pretrained(weights)
    before = (weights / CONFIG).read_bytes()
    data = tmp_path / "data"
    data.mkdir()
    rows = [question("How long do I have?"), question("Until when can I send it back?")] * FOLDS
    written(data / "dev.jsonl.gz", rows)
    assert not any(one.right for one in judged(weights, rows[:2]))
    with pytest.raises(BadSettings, match=f"found 0 right drafts of {2 * FOLDS}"):
        write(weights, data, 100, 1)
    assert (weights / CONFIG).read_bytes() == before
    assert "trust" not in settings_of(weights)
