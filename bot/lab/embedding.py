"""Benchmark: embedding one question, by the encoder that serves and by sentence-transformers itself.

Both are asked the same questions in turns within the same process, run by run, so that a busy moment of the machine
meets both. One thread each.
"""

from typing import Any

import numpy as np

from bot.lab.metrics import figures
from bot.lab.plan import THREADS, Plan, timed
from bot.lab.samples import questions
from bot.settings import Settings
from knowledge.encode import open_encoder


def measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    """Milliseconds a question of both, how many times faster the first is, and their least cosine."""
    import torch

    from knowledge.export import load_model

    torch.set_num_threads(THREADS)
    encoder = open_encoder(settings.encoder, settings.data / "encoders", threads=THREADS)
    original = load_model(settings.encoder)
    ways = {
        "served": lambda text: encoder.encode([text]),
        "sentence_transformers": lambda text: original.encode(
            [text], normalize_embeddings=True, show_progress_bar=False
        ),
    }
    asked = questions(settings, "en", plan.queries)
    samples: dict[str, list[list[float]]] = {name: [] for name in ways}
    for call in ways.values():
        timed(call, asked[: max(3, len(asked) // 10)])
    for _ in range(plan.runs):
        for name, call in ways.items():
            samples[name].append(timed(call, asked))
    made = {name: figures(runs) for name, runs in samples.items()}
    return {
        "encoder": encoder.name.rpartition("/")[2],
        "runtime": type(encoder).__name__,
        "unit": "ms",
        **{name: found.as_json() for name, found in made.items()},
        "ratio": round(made["sentence_transformers"].p50 / made["served"].p50, 2),
        "least_cosine": _agreement(ways["served"], ways["sentence_transformers"], asked),
    }


def _agreement(served: Any, original: Any, asked: list[str]) -> float:
    """The least cosine between the two rows of a question."""
    return round(float(min(np.dot(served(text)[0], original(text)[0]) for text in asked)), 6)
