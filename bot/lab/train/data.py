"""Writes training data: `train.jsonl.gz`, `dev.jsonl.gz`, `test.jsonl.gz`, and `data.json` that says what is in them.

Whole shops are held out, by seed and by name. Held-out files are made first, so that the training samples can be
compared with them as they are written; no more than one shop is in memory at a time. The same plan and the same
inputs give the same bytes.
"""

import gzip
import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import knowledge
from bot.lab.train import public
from bot.lab.train.figures import nameless, unfounded
from bot.lab.train.invent.shop import Shop, opened
from bot.lab.train.leakage import LENGTH, Watch, content
from bot.lab.train.public import SPLITS, Split
from bot.lab.train.sample import Asked, Sample
from bot.lab.train.samples import Stall, lay_out

Say = Callable[[str], None]

OFFERS = 5_000
"""At most so many turns of SGD that offer something unasked in training; those that answer a question are all taken."""

CONTENT = Path(knowledge.__file__).parent / "content"


class Family(Protocol):
    """All that a shop is asked about some things."""

    def __call__(self, rng: random.Random, shop: Shop) -> Iterator[Asked]:
        """Every question with its passages."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be built.

    Attributes:
        shops: Invented shops in training; `dev` and `test` as many held out.
        per_shop: Samples of a shop; each shop has from three quarters to five quarters of it.
        public: Folder of the public data; None for shops alone.
        public_share: At most that share of training is public data.
        held_public: At most so many samples of a public source in `dev` and in `test`.
        content: The sample shop's texts, of which nothing may be in training.
    """

    out: Path
    shops: int = 700
    dev: int = 25
    test: int = 40
    per_shop: int = 140
    seed: int = 1
    public: Path | None = None
    public_share: float = 0.25
    held_public: int = 300
    content: Path = CONTENT


@dataclass(slots=True)
class _Told:
    """What `data.json` says of the samples."""

    sources: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    unfounded: Counter[str] = field(default_factory=Counter)

    def count(self, split: Split, sample: Sample) -> None:
        self.sources.setdefault(split, Counter())[sample.source] += 1
        self.kinds.setdefault(split, Counter())[f"{sample.source}:{sample.kind}"] += 1


def families() -> tuple[Family, ...]:
    """Those of `bot.lab.train.invent`."""
    from bot.lab.train.invent import catalogue, faq, terms

    return (catalogue.ask, terms.ask, faq.ask)


def read(path: Path) -> Iterator[Sample]:
    """The samples of a file, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield Sample.of(json.loads(line))


def build(plan: Plan, asking: Sequence[Family] = (), say: Say = lambda _: None) -> dict[str, Any]:
    """Write the files into `plan.out` and give back what `data.json` holds.

    Args:
        plan: What is to be built.
        asking: What shops are asked about; all there is unless said otherwise.
        say: Tells a person how far it is.

    Raises:
        BadSettings: A file of the public data is missing.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    asking = asking or families()
    shops, told, watch = opened_shops(plan), _Told(), Watch(content(plan.content))
    for split in reversed(SPLITS):
        with _packed(plan.out / f"{split}.jsonl.gz") as out:
            for sample in _samples(plan, split, shops, asking, told):
                if watch.passes(sample, split):
                    told.count(split, sample)
                    out.write(_line(sample))
        say(f"{split}: {sum(told.sources[split].values()):,} samples")
    about = _about(plan, told, watch)
    (plan.out / "data.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return about


def written(path: Path, samples: Iterable[Sample]) -> None:
    """Write samples as `read` reads them."""
    with _packed(path) as out:
        for sample in samples:
            out.write(_line(sample))


def _line(sample: Sample) -> bytes:
    return (json.dumps(sample.row(), ensure_ascii=False) + "\n").encode()


@contextmanager
def _packed(path: Path) -> Iterator[gzip.GzipFile]:
    """A file to be written, with neither name nor time in it, so that the same samples give the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as packed:
        yield packed


def opened_shops(plan: Plan) -> dict[Split, list[tuple[str, Shop]]]:
    """The shops of each split with their seeds; no two have one name."""
    names: set[str] = set()
    numbers = count()
    shops: dict[Split, list[tuple[str, Shop]]] = {}
    sizes: dict[Split, int] = {"test": plan.test, "dev": plan.dev, "train": plan.shops}
    for split, wanted in sizes.items():
        shops[split] = []
        while len(shops[split]) < wanted:
            seed = f"{plan.seed}:{next(numbers)}"
            shop = opened(random.Random(seed))
            if shop.name.casefold() not in names:
                names.add(shop.name.casefold())
                shops[split].append((seed, shop))
    return shops


def _samples(
    plan: Plan,
    split: Split,
    shops: Mapping[Split, Sequence[tuple[str, Shop]]],
    asking: Sequence[Family],
    told: _Told,
) -> Iterator[Sample]:
    """Those of the shops, then the public ones; what has figures or names that nothing says is left out and counted."""
    made = 0
    for seed, shop in shops[split]:
        for sample in stocked(seed, shop, asking, plan.per_shop):
            if unfounded(sample) or nameless(sample):
                told.unfounded[f"{split}:{sample.kind}"] += 1
                continue
            made += 1
            yield sample
    if plan.public:
        yield from _public(plan, plan.public, split, made)


def stocked(seed: str, shop: Shop, asking: Sequence[Family], per_shop: int) -> Iterator[Sample]:
    """The samples of one shop: three quarters to five quarters of `per_shop`."""
    rng = random.Random(f"{seed}:asked")
    asked = [ask for family in asking for ask in family(rng, shop)]
    stall = Stall.of(shop.name, f"{shop.name} #{seed}", asked)
    return lay_out(rng, stall, round(per_shop * rng.uniform(0.75, 1.25)))


def _public(plan: Plan, folder: Path, split: Split, made: int) -> Iterator[Sample]:
    """Of each source what there is room for; in training, dialogues of SGD fill what the others leave."""
    found: dict[str, list[Sample]] = {}
    for sample in public.samples(folder, split, plan.seed):
        found.setdefault(f"{sample.source} {'offer' if sample.kind == 'offer' else ''}", []).append(sample)
    room = round(made * plan.public_share / (1 - plan.public_share))
    rng = random.Random(f"{plan.seed}:{split}:share")
    for source, of_source in sorted(found.items(), key=lambda item: (item[0].startswith("sgd"), item[0])):
        most = plan.held_public if split != "train" else min(room, OFFERS if source.endswith("offer") else room)
        taken = of_source if len(of_source) <= most else rng.sample(of_source, most)
        room -= len(taken)
        yield from taken


def _about(plan: Plan, told: _Told, watch: Watch) -> dict[str, Any]:
    wanted = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(plan).items()}
    inputs = [public.located(plan.public, name) for name in public.FILES] if plan.public else []
    return {
        "command": ["aisle", *sys.argv[1:]],
        "commit": _commit(),
        "plan": {key: value for key, value in wanted.items() if key not in ("out", "public", "content")},
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs},
        "samples": {split: sum(told.sources[split].values()) for split in SPLITS},
        "sources": {split: dict(told.sources[split].most_common()) for split in SPLITS},
        "kinds": {split: dict(told.kinds[split].most_common()) for split in SPLITS},
        "left_out": {
            "figures_or_names_unfounded": dict(told.unfounded),
            "shares_a_run_with_content": watch.leaking["train"],
        },
        "leakage": {
            "run_of_words": LENGTH,
            "held_out_samples_sharing_a_run_with_content": watch.leaking["dev"] + watch.leaking["test"],
            "held_out_runs_found_in_training": watch.overlap(),
        },
    }


def _commit() -> str:
    """The commit of this checkout; empty where there is none."""
    here = Path(__file__).parent
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    return done.stdout.strip()
