"""Benchmark: a language model of Qwen2.5-0.5B's shape through `hf:`, to see the built-in generator's speed beside it.

Its weights are random, which makes no difference to the time that they take; the package's pieces stand in for its
tokenizer, so prompts are as long in pieces as the built-in generator's. Few drafts of few pieces.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bot.generate import open_generator
from bot.generate.protocol import Generator, Prompt
from bot.lab.generating import LIMIT_S, MIB, first_word_ms, prompts
from bot.lab.metrics import figures
from bot.lab.plan import SEED, THREADS, Plan
from bot.settings import Settings
from knowledge.encode import TOKENIZER, packaged

SHAPE: Mapping[str, Any] = {
    "vocab_size": 151_936,
    "hidden_size": 896,
    "intermediate_size": 4_864,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "tie_word_embeddings": True,
}
"""Of Qwen2.5-0.5B, from its published configuration."""
DRAFTS, PIECES = 3, 16


def measure(_: Plan, settings: Settings) -> dict[str, Any]:
    """Milliseconds to the first word and pieces a second, one chat at a time, and MiB of memory."""
    with tempfile.TemporaryDirectory(dir=settings.data) as folder:
        build(Path(folder), SHAPE)
        return asyncio.run(_measured(f"hf:{folder}", prompts(settings, DRAFTS)))


async def _measured(spec: str, asked: Sequence[Prompt]) -> dict[str, Any]:
    generator = open_generator(spec, timeout_s=LIMIT_S, threads=THREADS)
    began = time.perf_counter()
    await generator.ping()
    load_s = time.perf_counter() - began
    first = [await first_word_ms(generator, prompt) for prompt in asked]
    speeds = [await _pieces_per_s(generator, prompt) for prompt in asked]
    most = psutil.Process(os.getpid()).memory_info().rss / MIB
    await generator.aclose()
    return {
        "model": "random weights of Qwen2.5-0.5B's shape, fp32",
        "load_s": round(load_s, 2),
        "memory_mib": {"most": round(most, 1)},
        "first_word": figures([first]).as_json(),
        "pieces_per_s": figures([[speed] for speed in speeds]).as_json(1),
    }


async def _pieces_per_s(generator: Generator, prompt: Prompt) -> float:
    """Of a draft of `PIECES`, once its first piece has come."""
    times = [time.perf_counter() async for _ in generator.stream(replace(prompt, max_tokens=PIECES))]
    return (PIECES - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


def build(folder: Path, shape: Mapping[str, Any]) -> None:
    """Save a model of that shape, half precision on the disk, and a tokenizer of the package's pieces."""
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(SEED)
    PreTrainedTokenizerFast(
        tokenizer_file=str(packaged() / TOKENIZER), pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)  # type: ignore[no-untyped-call]
    config = Qwen2Config(**shape, dtype=torch.bfloat16, eos_token_id=None, bos_token_id=None, pad_token_id=0)
    model: Any = Qwen2ForCausalLM(config).bfloat16()
    with torch.no_grad():
        # what the tokenizer does not have, or leaves unsaid, is never the likeliest
        embeddings = model.get_input_embeddings().weight
        embeddings[30_000:] = embeddings[:999] = 0
    model.save_pretrained(folder)
