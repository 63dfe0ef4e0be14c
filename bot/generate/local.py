"""Any causal language model, in this process, through transformers.

One thread of its own does all the model's work, one draft after another, so the event loop never waits for arithmetic.
The model is loaded by the first draft or `ping`; torch is not imported before. Drafts are greedy: the likeliest words,
and the same ones for the same prompt; a number that nobody gave is not among them (`numbers.py`).
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.errors import GeneratorFailed
from bot.generate.handed import Handed
from bot.generate.numbers import Numbers, OnlyKnownNumbers, figured
from bot.generate.protocol import Prompt
from bot.prompt import messages, plain

UNKNOWN_WINDOW = 2048
"""Tokens that a model is taken to read when its configuration does not say."""
_UNFINISHED = "\ufffd"

Emit = Callable[[str], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model with its tokenizer.

    Attributes:
        window: Tokens of prompt and draft together.
        figured: Tokens with digits.
    """

    model: Any
    tokenizer: Any
    window: int
    figured: dict[int, str]


class Local:
    """Drafts with a causal language model of the Hub or of a folder."""

    def __init__(self, model: str, *, timeout_s: float, threads: int = 1) -> None:
        self.name = f"hf:{model}"
        self._model = model
        self._timeout_s = timeout_s
        self._threads = threads
        self._loaded: _Loaded | None = None
        self._closed = threading.Event()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="generate-local")

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield the draft token by token; closing it stops the model before its next token.

        Silence counts from the call, so waiting for other drafts and for loading is within the time limit too. A model
        that is still loading when time is up goes on loading and serves the next draft.
        """
        handed = Handed(self._timeout_s, self._failed)
        work = self._submit(lambda: self._draft(prompt, handed))
        early = self._failed("closed before its turn")
        work.add_done_callback(lambda done: handed.emit(early) if done.cancelled() else None)
        async with aclosing(handed.pieces()) as pieces:
            async for piece in pieces:
                yield piece

    async def ping(self) -> None:
        """Load the model when it is not loaded yet, waiting at most the time limit."""
        loading = self._submit(self._ready)
        try:
            await asyncio.to_thread(loading.result, self._timeout_s)
        except TimeoutError:
            raise self._failed(f"no model loaded within {self._timeout_s:g} s") from None
        except CancelledError:
            raise self._failed("closed before the model was loaded") from None

    async def aclose(self) -> None:
        """Stop drafts in flight and let go of the model once the thread is through."""
        self._closed.set()
        self._worker.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._worker.shutdown)
        self._loaded = None

    def _failed(self, got: str) -> GeneratorFailed:
        return GeneratorFailed(f"{self.name}: got {got}")

    def _submit(self, work: Callable[[], Result]) -> "Future[Result]":
        try:
            return self._worker.submit(work)
        except RuntimeError:
            raise self._failed("a question after it was closed") from None

    def _draft(self, prompt: Prompt, handed: Handed) -> None:
        """In the worker: make one draft and hand over its pieces, at the end None or the error."""
        try:
            if not handed.stop.is_set():
                self._generate(prompt, handed.emit, lambda: handed.stop.is_set() or self._closed.is_set())
            handed.emit(self._failed("closed in the middle of a draft") if self._closed.is_set() else None)
        except GeneratorFailed as error:
            handed.emit(error)
        except Exception as error:  # anything a model's code may raise is one and the same to a shopper
            handed.emit(self._failed(f"{type(error).__name__}: {error}"))

    def _ready(self) -> _Loaded:
        """In the worker: the model, loaded at first use."""
        if self._loaded is None:
            try:
                self._loaded = _load(self._model, self._threads)
            except Exception as error:
                raise self._failed(f"no model: {type(error).__name__}: {error}") from None
        return self._loaded

    def _generate(self, prompt: Prompt, emit: Emit, stopped: Callable[[], bool]) -> None:
        import torch
        from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteriaList

        loaded = self._ready()
        ids, mark = self._fitted(prompt, loaded)
        words = _Words(loaded.tokenizer, emit, mark)
        own = loaded.model.generation_config
        pad = own.pad_token_id if own.pad_token_id is not None else loaded.tokenizer.pad_token_id
        config = GenerationConfig(  # type: ignore[no-untyped-call]
            max_new_tokens=prompt.max_tokens,
            do_sample=False,
            eos_token_id=own.eos_token_id if own.eos_token_id is not None else loaded.tokenizer.eos_token_id,
            pad_token_id=pad if pad is not None else 0,
        )
        tensor = torch.tensor([ids], device=loaded.model.device)
        with torch.inference_mode():
            loaded.model.generate(
                tensor,
                attention_mask=torch.ones_like(tensor),
                generation_config=config,
                streamer=words,
                logits_processor=LogitsProcessorList([_known_numbers(prompt, loaded, len(ids))]),
                stopping_criteria=StoppingCriteriaList([lambda *_, **__: _flags(stopped() or words.over, tensor)]),
            )
        if not words.shown.strip() and not stopped():
            raise self._failed("an answer without words")

    def _fitted(self, prompt: Prompt, loaded: _Loaded) -> tuple[list[int], str]:
        """The prompt's tokens, with fewer passages and less history where the model cannot read them all."""
        while True:
            ids, mark = _tokens(prompt, loaded.tokenizer)
            if len(ids) + prompt.max_tokens <= loaded.window:
                return ids, mark
            if prompt.history:
                prompt = replace(prompt, history=prompt.history[1:])
            elif len(prompt.passages) > 1:
                prompt = replace(prompt, passages=prompt.passages[:-1])
            else:
                wanted = f"{loaded.window} with {prompt.max_tokens} of draft"
                raise self._failed(f"a prompt of {len(ids)} tokens, wanted at most {wanted}")


class _Words:
    """Hands over text as tokens come, whole characters only; what `generate` takes as its streamer.

    `mark` ends the draft of a model without a chat template where it starts to speak for the shopper; text that may be
    the mark's beginning is held back.
    """

    def __init__(self, tokenizer: Any, emit: Emit, mark: str) -> None:
        self._tokenizer = tokenizer
        self._emit = emit
        self._mark = mark
        self._ids: list[int] = []
        self._prompt_seen = False
        self.shown = ""
        self.over = False

    def put(self, value: Any) -> None:
        """Take the next tokens; the first call brings the prompt, which is not shown."""
        if not self._prompt_seen:
            self._prompt_seen = True
        elif not self.over:
            self._ids.extend(int(i) for i in value.flatten())
            self._show(self._text(), final=False)

    def end(self) -> None:
        """Show what was held back."""
        if not self.over:
            self._show(self._text(), final=True)

    def _text(self) -> str:
        return str(self._tokenizer.decode(self._ids, skip_special_tokens=True)).lstrip()

    def _show(self, text: str, *, final: bool) -> None:
        if self._mark and self._mark in text:
            text, final, self.over = text.split(self._mark, 1)[0], True, True
        upto = len(text) if final else len(text.rstrip(_UNFINISHED)) - self._beginning(text)
        if upto > len(self.shown) and text.startswith(self.shown):
            self._emit(text[len(self.shown) : upto])
            self.shown = text[:upto]

    def _beginning(self, text: str) -> int:
        """Length of the longest end of the text with which the mark begins."""
        longest = min(len(self._mark), len(text))
        return next((n for n in range(longest, 0, -1) if text.endswith(self._mark[:n])), 0)


def _load(model: str, threads: int) -> _Loaded:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(threads)
    cuda = torch.cuda.is_available()
    tokenizer = AutoTokenizer.from_pretrained(model)
    # bfloat16 is emulated on most processors, and slow
    loaded: Any = AutoModelForCausalLM.from_pretrained(model, dtype="auto" if cuda else torch.float32)
    if cuda:
        loaded.cuda()
    window = getattr(loaded.config, "max_position_embeddings", None) or UNKNOWN_WINDOW
    return _Loaded(loaded.eval(), tokenizer, int(window), figured(tokenizer))


def _known_numbers(prompt: Prompt, loaded: _Loaded, start: int) -> Any:
    """The limit on numbers, for a prompt of so many tokens."""
    return OnlyKnownNumbers(Numbers.of(prompt), loaded.figured, loaded.tokenizer, start)


def _tokens(prompt: Prompt, tokenizer: Any) -> tuple[list[int], str]:
    """The prompt's tokens, and the mark that ends a draft when there is no chat template."""
    if tokenizer.chat_template:
        return list(tokenizer(_chat(prompt, tokenizer), add_special_tokens=False)["input_ids"]), ""
    text, mark = plain(prompt)
    return list(tokenizer(text)["input_ids"]), mark


def _chat(prompt: Prompt, tokenizer: Any) -> str:
    """The prompt in the model's own template; for templates that refuse a system message the rules lead the chat."""
    from jinja2 import TemplateError

    chat = messages(prompt)
    try:
        text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    except TemplateError:
        chat[1]["content"] = f"{chat[0]['content']}\n\n{chat[1]['content']}"
        text = tokenizer.apply_chat_template(chat[1:], tokenize=False, add_generation_prompt=True)
    return str(text)


def _flags(stop: bool, like: Any) -> Any:
    import torch

    return torch.full((like.shape[0],), stop, dtype=torch.bool, device=like.device)
