"""Fits how far drafts of some weights are trusted (`bot.copying.trust`), on invented shops that they never learnt from.

Each draft is judged beside the quotation that would stand in its place, and each passage's probability that it answers
by whether the question can be answered.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import orjson

from bot.copying.exported import CONFIG, OnnxNet, exported, settings_of
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.steps import Speaking, drafted
from bot.copying.trust import FEATURES, Trust, features
from bot.errors import BadSettings
from bot.generate.quote import quotation
from bot.lab.evaluate.judge import judge, posed
from bot.lab.train.data import read
from bot.lab.train.sample import Sample

RIGHT, ENOUGH = 0.85, 20
"""Drafts are given out from the chance on at which that share of them is right; judged by no fewer than so many."""
DECLINED = 0.02
"""Share of answerable questions that may be declined because no passage is judged to answer."""
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft of a held-out question, and how it was judged."""

    features: tuple[float, ...]
    best: float
    answerable: bool
    right: bool
    quoted_right: bool


def fitted(tried: Sequence[Tried]) -> tuple[Trust, dict[str, Any]]:
    """The trust in drafts of which these are examples, and the figures that it was chosen by."""
    model, chances = _regression(tried)
    polar = [bool(one.features[FEATURES.index("polar")]) for one in tried]
    rows = list(zip(chances, (one.right for one in tried), polar, strict=True))
    other, yes_or_no = (_least([(c, right) for c, right, kind in rows if kind is wanted]) for wanted in (False, True))
    answered = sorted(one.best for one in tried if one.answerable)
    trust = Trust(model, other, yes_or_no, int(1000 * min(0.5, answered[int(DECLINED * len(answered))])) / 1000)
    unknown = [one for one in tried if not one.answerable]
    shown = [chance >= (yes_or_no if kind else other) for chance, _, kind in rows]
    given = [one for one, out in zip(tried, shown, strict=True) if out]
    kept = [one for one, out in zip(tried, shown, strict=True) if not out]
    return trust, {
        "samples": len(tried),
        "right_drafts": _share([one.right for one in tried]),
        "right_quotations": _share([one.quoted_right for one in tried]),
        "given_out": round(len(given) / len(tried), 4),
        "right_of_given_out": _share([one.right for one in given]),
        "right_of_kept_back": _share([one.right for one in kept]),
        "declined_unanswerable": _share([one.best < trust.answers for one in unknown]),
        "least": trust.least,
        "polar": trust.polar,
        "answers": trust.answers,
    }


def write(weights: Path, data: Path, samples: int, seed: int) -> dict[str, Any]:
    """Fit the trust on so many held-out samples of `aisle train data` and keep it with the weights."""
    every = [sample for sample in read(data / "dev.jsonl.gz") if sample.source == "shops"]
    chosen = random.Random(seed).sample(every, min(samples, len(every)))
    trust, figures = fitted(judged(weights, chosen))
    settings = settings_of(weights) | {"trust": trust.kept()}
    part = weights / f".{CONFIG}.part"
    part.write_bytes(orjson.dumps(settings, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    part.replace(weights / CONFIG)
    return figures


def judged(weights: Path, samples: Sequence[Sample]) -> list[Tried]:
    """Drafts of these weights as they are served, judged as `aisle eval model` judges them; those that can be."""
    with TemporaryDirectory() as cache:
        speaking = Speaking(Rows(OnnxNet(exported(weights, Path(cache)))))
        reader = open_reader()[0]
        talks = drafted(speaking, [reader.read(sample.prompt) for sample in samples])
    out = []
    for sample, talk in zip(samples, talks, strict=True):
        one = posed(sample)
        verdict, quoted = judge(one, talk.text), judge(one, quotation(replace(sample.prompt, sure=False)))
        if verdict != "unjudged":
            best = max(talk.answers, default=0.0)
            answerable = one.answerable and sample.kind != "small_talk"
            out.append(Tried(features(talk), best, answerable, verdict == "right", quoted == "right"))
    return out


def _regression(tried: Sequence[Tried]) -> tuple[tuple[float, ...], list[float]]:
    """Weights, the intercept first, and the chances of each by a regression that did not see it.

    Raises:
        BadSettings: There are too few drafts of either kind.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    seen, right = np.array([one.features for one in tried]), np.array([one.right for one in tried])
    if min(right.sum(), (~right).sum()) < FOLDS:
        raise BadSettings(f"found {right.sum()} right drafts of {len(tried)}, wanted {FOLDS} right and {FOLDS} wrong")
    model = make_pipeline(StandardScaler(), LogisticRegression())
    chances = cross_val_predict(model, seen, right, cv=FOLDS, method="predict_proba")[:, 1]
    model.fit(seen, right)
    scale, line = model[0], model[-1]
    slopes = line.coef_[0] / scale.scale_
    intercept = line.intercept_[0] - float(slopes @ scale.mean_)
    return tuple(round(float(x), 6) for x in (intercept, *slopes)), chances.tolist()


def _least(judged_by: Sequence[tuple[float, bool]]) -> float:
    """The least chance from which on drafts are right often enough; 1, which none has, if there is none such."""
    for least in (n / 20 for n in range(20)):
        right = [one for chance, one in judged_by if chance >= least]
        if len(right) >= ENOUGH and sum(right) >= RIGHT * len(right):
            return least
    return 1.0


def _share(some: Sequence[bool]) -> float:
    return round(sum(some) / len(some), 4) if some else 0.0
