"""The right entry, or none: the head beside its baselines on public data, and the sample shop in words it has not seen.

BANKING77's test set gives the share of right first entries; CLINC150's the same with questions that no entry answers.
The head's threshold is its own, cross-validated on the training questions; the baselines' is chosen on CLINC150's
validation set, real out-of-scope questions included, by the same costs. Nothing is fitted on a test set. Embeddings are
kept in the working folder.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.lab.evaluate import wordings
from bot.lab.evaluate.classifiers import ALL, Labelled, Said, Taught, auroc, calibration_error
from bot.lab.evaluate.section import Ground, Row, Section
from knowledge.encode import Encoder, open_encoder
from knowledge.learn import FOREIGN, WRONG

BANKING, CLINC = "dev/banking77.jsonl.gz", "dev/clinc150.jsonl.gz"
SHOTS = (2, 5, 10, 20)
SEEDS = 3
QUICK = 12
NAMES = {"head": "Aisle's head", "tfidf": "TF-IDF + logistic regression", "nearest": "nearest neighbour"}

Splits = Mapping[str, Labelled]


def measure(ground: Ground) -> Section:
    """All of it; about eight minutes on one thread, embedding included."""
    encoder = open_encoder(ground.settings.encoder, ground.settings.data / "encoders")
    sets = {name: _splits(ground, name, encoder) for name in (BANKING, CLINC)}
    figures: dict[str, Any] = {"banking77": _banking(ground, sets[BANKING])}
    figures["clinc150"] = _clinc(ground, sets[CLINC])
    figures["few_shot"] = {
        "banking77": _few_shot(ground, sets[BANKING]),
        "clinc150": _few_shot(ground, sets[CLINC]),
    }
    foreign = sets[CLINC]["oos_test"].texts[: 50 if ground.quick else 500]
    figures["shop"] = wordings.measured(ground, foreign)
    return Section(figures, tuple(_rows(figures)), NOTES)


NOTES = (
    "Baselines on CLINC150 have a threshold from its validation set with real out-of-scope questions; the head has not "
    "seen any: its threshold is from its own training questions.",
    f"Threshold: a wrong answer costs {WRONG} of a right one that is not given, {FOREIGN:.0%} of questions have none.",
    "Few-shot: mean of the top-1 share on the test set (CLINC150: in scope) over seeds, ± their standard deviation.",
)


def _splits(ground: Ground, name: str, encoder: Encoder) -> Splits:
    """The set's splits with their vectors, embedded once for a data set and an encoder."""
    rows = list(_few(ground.rows(name)) if ground.quick else ground.rows(name))
    part_of = "quick-" if ground.quick else ""
    path = ground.work / f"entries-{part_of}{ground.used[name][:12]}-{encoder.name.replace('/', '-')}.npy"
    if not path.is_file():
        ground.say(f"embedding {len(rows)} texts of {name}")
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, encoder.encode([row["text"] for row in rows]))
        part.replace(path)
    vectors = np.load(path)
    every = Labelled(tuple(r["text"] for r in rows), tuple(r["intent"] for r in rows), vectors)
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row["split"], []).append(place)
    return {split: every.picked(chosen) for split, chosen in places.items()}


def _few(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """For a quick look: a dozen of each split and label, of twenty labels and the one out of scope."""
    ordered = sorted(rows, key=lambda row: (row["intent"] != "oos", row["intent"]))
    for _, of_label in islice(groupby(ordered, key=lambda row: row["intent"]), 21):
        for _, some in groupby(sorted(of_label, key=lambda row: row["split"]), key=lambda row: row["split"]):
            yield from islice(some, QUICK)


def _banking(ground: Ground, splits: Splits) -> dict[str, Any]:
    out = {}
    for name, teach in ALL.items():
        ground.say(f"BANKING77: {NAMES[name]}")
        taught = teach(splits["train"])
        said = taught.ask(splits["test"])
        right = said.right(splits["test"].labels)
        out[name] = _costs(taught, said) | {"top1": _r(right.mean()), "ece": _r(calibration_error(said.sure, right))}
    return out


def _clinc(ground: Ground, splits: Splits) -> dict[str, Any]:
    return {name: _with_foreign(ground, splits, name) for name in ALL}


def _with_foreign(ground: Ground, splits: Splits, name: str) -> dict[str, Any]:
    """One classifier on questions in scope and out of it, at its threshold."""
    ground.say(f"CLINC150: {NAMES[name]}")
    taught = ALL[name](splits["train"])
    inside, outside = taught.ask(splits["test"]), taught.ask(splits["oos_test"])
    threshold = taught.threshold
    if threshold is None:
        strange = taught.ask(splits["oos_val"])
        val = taught.ask(splits["val"])
        threshold = least_cost(val.sure, val.right(splits["val"].labels), strange.sure)
    right = inside.right(splits["test"].labels)
    both = np.concatenate([inside.sure, outside.sure])
    return _costs(taught, inside) | {
        "threshold": _r(threshold),
        "top1": _r(right.mean()),
        "in_scope": _r((right & (inside.sure >= threshold)).mean()),
        "oos_recall": _r((outside.sure < threshold).mean()),
        "auroc": _r(auroc(inside.sure, outside.sure)),
        "ece": _r(calibration_error(both, np.concatenate([right, np.zeros(len(outside.sure), np.bool_)]))),
    }


def least_cost(sure: NDArray[np.float64], right: NDArray[np.bool_], strange: NDArray[np.float64]) -> float:
    """The threshold by the head's own costs, for classifiers that have none of their own."""
    gain = np.concatenate(
        [
            np.where(right, 1, -WRONG) * (1 - FOREIGN) / len(sure),
            np.full(len(strange), -WRONG * FOREIGN / len(strange)),
        ]
    )
    both = np.concatenate([sure, strange])
    order = np.argsort(-both, kind="stable")
    return float(both[order][np.argmax(np.cumsum(gain[order]))])


def _few_shot(ground: Ground, splits: Splits) -> dict[str, Any]:
    """Top-1 share by examples a label and classifier: mean and standard deviation over seeds."""
    out: dict[str, Any] = {}
    for shots in SHOTS[:2] if ground.quick else SHOTS:
        ground.say(f"few-shot: {shots} examples an entry")
        found = [_one_few_shot(splits, shots, seed) for seed in range(1 if ground.quick else SEEDS)]
        out[str(shots)] = {
            name: {"mean": _r(np.mean([f[name] for f in found])), "sd": _r(np.std([f[name] for f in found]))}
            for name in ALL
        }
    return out


def _one_few_shot(splits: Splits, shots: int, seed: int) -> dict[str, float]:
    train, test = splits["train"], splits["test"]
    order = np.random.default_rng(seed).permutation(len(train.texts))
    taken: dict[str, list[int]] = {}
    for place in order:
        taken.setdefault(train.labels[place], []).append(int(place))
    known = train.picked([place for label in sorted(taken) for place in taken[label][:shots]])
    return {name: float(teach(known).ask(test).right(test.labels).mean()) for name, teach in ALL.items()}


def _costs(taught: Taught, said: Said) -> dict[str, float]:
    return {"build_s": round(taught.build_s, 2), "ms": round(said.ms, 3)}


def _r(value: Any) -> float:
    return round(float(value), 4)


def _rows(figures: Mapping[str, Any]) -> list[Row]:
    banking, clinc = figures["banking77"], figures["clinc150"]
    return [
        _row("BANKING77 test, top-1", banking, "top1", "≥ 93.5 %"),
        _row("CLINC150 test in scope, at the threshold", clinc, "in_scope", "≥ 95 %"),
        _row("CLINC150 out-of-scope recall, at the threshold", clinc, "oos_recall", "≥ 65 %"),
        _row("CLINC150 AUROC, in scope or not", clinc, "auroc"),
        _row("Expected calibration error, BANKING77", banking, "ece"),
        _row("Expected calibration error, CLINC150 and foreign", clinc, "ece"),
        *_few_shot_rows(figures["few_shot"]),
        *_shop_rows(figures["shop"]),
        _cost_row("Build, 10,003 examples of 77 entries", banking, "build_s", "s"),
        _cost_row("A query at 10,003 examples, embedding left out", banking, "ms", "ms"),
        _cost_row("Build, 15,000 examples of 150 entries", clinc, "build_s", "s"),
        _cost_row("A query at 15,000 examples, embedding left out", clinc, "ms", "ms"),
    ]


def _row(what: str, of: Mapping[str, Any], key: str, aim: str = "") -> Row:
    floor = f"TF-IDF {_percent(of['tfidf'][key])} · nearest {_percent(of['nearest'][key])}"
    return Row(what, _percent(of["head"][key]), floor, aim)


def _cost_row(what: str, of: Mapping[str, Any], key: str, unit: str) -> Row:
    floor = f"TF-IDF {of['tfidf'][key]:.2f} {unit} · nearest {of['nearest'][key]:.2f} {unit}"
    return Row(what, f"{of['head'][key]:.2f} {unit}", floor)


def _few_shot_rows(figures: Mapping[str, Any]) -> Sequence[Row]:
    sets = {"banking77": "BANKING77", "clinc150": "CLINC150"}
    return [
        Row(
            f"{title}, {shots} examples an entry, top-1",
            _spread(found["head"]),
            f"TF-IDF {_spread(found['tfidf'])} · nearest {_spread(found['nearest'])}",
        )
        for name, title in sets.items()
        for shots, found in figures[name].items()
    ]


def _shop_rows(figures: Mapping[str, Any]) -> Sequence[Row]:
    rows = []
    for lang in (name for name, found in figures.items() if isinstance(found, dict) and "top" in found):
        found = figures[lang]
        top, plain = (" / ".join(_percent(of[k]) for k in "135") for of in (found["top"], found["top_without_head"]))
        rows.append(Row(f"Shop, new wordings ({lang}), top-1 / 3 / 5", top, f"without head {plain}"))
        shares = [_percent(found[key]) for key in ("answered_right_among", "answered_wrong")]
        declined = _percent(1 - found["answered"])
        rows.append(Row(f"Shop, new wordings ({lang}), right / wrong / declined", " / ".join((*shares, declined))))
    rows.append(Row("Shop, questions about other things (en), answered", _percent(figures["foreign"]["answered"])))
    return rows


def _spread(found: Mapping[str, float]) -> str:
    return f"{found['mean'] * 100:.1f} ± {found['sd'] * 100:.1f} %"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
