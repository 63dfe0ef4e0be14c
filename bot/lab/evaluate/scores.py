"""Figures from what generators said: verdicts with intervals, support, fluency, copying, length, citations. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import Any

from bot import ground
from bot.generate.protocol import Numbered, Prompt
from bot.generate.quote import quotation
from bot.lab.evaluate.fluency import Faults, Source, copied, faults, vocabulary, words
from bot.lab.evaluate.judge import Verdict, declines, says, wilson
from bot.lab.evaluate.told import Told
from bot.lab.metrics import rouge_l

NAMES: tuple[Verdict, ...] = ("right", "declined", "wrong")
EXAMPLES = 20
_LINE = re.compile(r"[^:\n]{1,40}: (?P<value>\S.*)")
_EMPTY = frozenset(("yes", "no"))

Figures = dict[str, Any]


def scored(told: Sequence[Told]) -> Figures:
    """All figures of one generator on one set; shares are 0 to 1, those per 100 answers say so."""
    known = vocabulary([text for one in told for text in (one.posed.sample.answer, Source(_prompt(one)).text)])
    return {
        "asked": len(told),
        "drafts": _verdicts(told, [one.verdict for one in told]),
        "served": _verdicts(told, [one.served for one in told]),
        "kinds": _kinds(told),
        "support": _support(told),
        "copying": _copying(told),
        "length": _length(told),
        "fluency": _fluency(told, known),
        "citations": _citations(told),
    }


def _prompt(one: Told) -> Prompt:
    return one.posed.sample.prompt


def _verdicts(told: Sequence[Told], verdicts: Sequence[Verdict]) -> Figures:
    """Answerable and not, apart; what only has a reference is in neither."""
    out: Figures = {}
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        pairs = zip(told, verdicts, strict=True)
        out[name] = share([v for one, v in pairs if one.posed.answerable is answerable and v != "unjudged"])
    return out


def share(verdicts: Sequence[Verdict]) -> Figures:
    """Counts, shares and their 95 % intervals."""
    count = Counter(verdicts)
    total = len(verdicts)
    out: Figures = {"count": total}
    for name in NAMES:
        low, high = wilson(count[name], total)
        of = count[name] / total if total else None
        out[name] = {"count": count[name], "share": _round(of), "low": round(low, 4), "high": round(high, 4)}
    return out


def _round(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _kinds(told: Sequence[Told]) -> Figures:
    kinds: dict[str, Counter[str]] = {}
    for one in told:
        kinds.setdefault(one.posed.sample.kind, Counter())[one.verdict] += 1
    return {kind: dict(counts) for kind, counts in sorted(kinds.items())}


def _per_100(count: int, total: int) -> float | None:
    return round(100 * count / total, 2) if total else None


def _support(told: Sequence[Told]) -> Figures:
    """Claims that no passage bears out, in the drafts and in what is shown."""
    return {
        "unsupported_per_100_before": _per_100(sum(len(one.unsupported) for one in told), len(told)),
        "unsupported_per_100_after": _per_100(sum(len(one.left) for one in told), len(told)),
        "drafts_with_any": _per_100(sum(bool(one.unsupported) for one in told), len(told)),
        "stepped_down": _per_100(sum(bool(one.stepped_down) for one in told), len(told)),
        "kinds": dict(Counter(text.split()[0] for one in told for text in one.unsupported).most_common()),
    }


def answers(told: Sequence[Told]) -> list[Told]:
    """Those whose drafts answer from passages: neither declined nor small talk nor empty."""
    return [
        one
        for one in told
        if one.posed.answerable
        and one.posed.sample.kind != "small_talk"
        and one.verdict != "declined"
        and not ground.empty(one.draft)
    ]


def _copying(told: Sequence[Told]) -> Figures:
    """Whole sentences of passages in answers."""
    pairs = [copied(one.draft, Source(_prompt(one))) for one in answers(told)]
    return {
        "answers": len(pairs),
        "with_a_whole_sentence": _round(_of(sum(whole > 0 for whole, _ in pairs), len(pairs))),
        "only_whole_sentences": _round(_of(sum(0 < every == whole for whole, every in pairs), len(pairs))),
    }


def _of(count: int, total: int) -> float | None:
    return count / total if total else None


def _length(told: Sequence[Told]) -> Figures:
    """Words of answers, of what would be quoted for the same prompts, and of the best passages."""
    some = answers(told)
    said = [len(words(one.draft)) for one in some]
    quoted = [len(words(quotation(_prompt(one)))) for one in some]
    read = [sum(len(words(passage.text)) for passage in _rests(one)) for one in some]
    return {
        "words": _middle(said),
        "words_quoted": _middle(quoted),
        "words_of_passages": _middle(read),
        "to_quoted": _round(_of(sum(said), sum(quoted))),
        "to_passages": _round(_of(sum(said), sum(read))),
    }


def _rests(one: Told) -> list[Numbered]:
    """The passages that a right answer rests on; the best one where these are not known."""
    passages = one.posed.passages
    return [passage for passage in passages if passage.n in one.posed.sample.rests_on] or list(passages[:1])


def _middle(counts: Sequence[int]) -> float | None:
    return float(median(counts)) if counts else None


def _fluency(told: Sequence[Told], known: frozenset[str]) -> Figures:
    """Answers with each fault, and with any, per 100."""
    found = [faults(one.draft, Source(_prompt(one)), known) for one in told]
    total = len(found)
    figures: Figures = {name: _per_100(sum(bool(getattr(one, name)) for one in found), total) for name in _FAULTS}
    figures["any"] = _per_100(sum(bool(one.every) for one in found), total)
    figures["empty"] = _per_100(sum(ground.empty(one.draft) for one in told), total)
    examples = [f"{name}: {getattr(one, name)[0]}" for name in _FAULTS for one in found if getattr(one, name)]
    return figures | {"examples": examples[:EXAMPLES]}


_FAULTS = tuple(Faults.__dataclass_fields__)


def _citations(told: Sequence[Told]) -> Figures:
    """Of answers that rest on known passages: those that cite these and no others, and those that cite at all."""
    some = [one for one in answers(told) if one.posed.sample.rests_on]
    cited = [(ground.cited(one.draft), set(one.posed.sample.rests_on)) for one in some]
    return {
        "answers": len(some),
        "exact": _round(_of(sum(said == wanted for said, wanted in cited), len(some))),
        "any_right": _round(_of(sum(bool(said & wanted) for said, wanted in cited), len(some))),
        "none": _round(_of(sum(not said for said, _ in cited), len(some))),
        "declines_that_cite": sum(
            bool(ground.cited(one.draft)) and declines(one.draft, one.posed.passages) for one in told
        ),
    }


def slot_errors(told: Sequence[Told]) -> Figures:
    """Slot error rate: values of the passages' rows that the reference names and the answer does not, and those that
    the answer names and the reference does not, over all that references name.

    A value that the dialogue has named already is no error where it is said again. `Yes` and `No` are no values.
    Source: the error counts of Wen et al., "Semantically Conditioned LSTM-based Natural Language Generation", EMNLP
    2015, with values found by their text.
    """
    named = missing = other = 0
    for one in told:
        sample = one.posed.sample
        before = " ".join([sample.prompt.question, *(said.text for said in sample.prompt.history)])
        wanted = {value for value in _values(one.posed.passages) if says(sample.answer, value)}
        said = {value for value in _values(one.posed.passages) if says(one.draft, value)}
        named += len(wanted)
        missing += len(wanted - said)
        other += sum(not says(before, value) and not _within(value, wanted) for value in said - wanted)
    rate = _of(missing + other, named)
    return {"rate": _round(rate), "named": named, "missing": missing, "other": other, "answers": len(told)}


def _values(passages: Iterable[Numbered]) -> set[str]:
    """Titles, and values of lines `Label: value`."""
    lines = (line for passage in passages for line in passage.text.split("\n"))
    values = {found["value"].strip() for line in lines if (found := _LINE.fullmatch(line.strip()))}
    return {value for value in values | {passage.title for passage in passages} if value.casefold() not in _EMPTY}


def _within(value: str, others: Iterable[str]) -> bool:
    """Whether a value is a part of another, as `12` of `March 12th`."""
    return any(says(other, value) for other in others)


def rouge(told: Sequence[Told]) -> float | None:
    """Mean ROUGE-L of drafts against their references, 0 to 1, by words without case and citations."""
    scores = [rouge_l(words(one.posed.sample.answer), words(one.draft)) for one in told]
    return round(fmean(scores), 4) if scores else None


def bleu(told: Sequence[Told]) -> float | None:
    """Corpus BLEU of drafts against their references, 0 to 100, as sacrebleu reckons it; None without sacrebleu.

    Citations are taken off; case counts.
    """
    try:
        from sacrebleu import corpus_bleu
    except ImportError:
        return None
    if not told:
        return None
    said = [re.sub(r"\s*\[\d+\]", "", one.draft).strip() for one in told]
    return round(float(corpus_bleu(said, [[one.posed.sample.answer for one in told]]).score), 2)
