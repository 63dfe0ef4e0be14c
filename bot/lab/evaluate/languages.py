"""Across languages: a question in English or Chinese, and what is known in the one or the other.

Three measurements, all through the product's own index. XQuAD (240 paragraphs, 1,190 questions, the same in both
languages): is the right paragraph found, in the question's language and in the other one, with and without the
glossary, which is then the general list alone. The sample shop's FAQ with one language of an entry taken away: is the
entry found by each of its example questions in that language; entries go in ten folds, and what the shop's content
teaches about words is learnt from the rest. A shop with one language only, asked in the other: what is answered
rightly, what wrongly, and what is answered of questions on anything but shops.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.conversation import State, Understood
from bot.lab.evaluate.section import Ground, Row, Section
from bot.lab.samples import active
from bot.policy import Action, decide
from knowledge.dense import Dense, owners, row_texts
from knowledge.encode import Encoder, Vectors, open_encoder
from knowledge.glossary import LANGS, Glossary, general
from knowledge.learn import learn
from knowledge.lexical import Lexical, document
from knowledge.match import Matcher
from knowledge.mined import mined
from knowledge.passages import Hit, Kind, Origin, Passage, Query
from knowledge.search import Index, Learned
from knowledge.snapshot import Snapshot
from knowledge.split import cut
from knowledge.words import terms

FILE = "dev/xquad_en_zh.jsonl.gz"
DEEP = 30
"""Hits looked at for the reciprocal rank; a paragraph further down counts 0."""
SEARCHED = 8
FOLDS = 10
QUICK = 60
BETWEEN = (("en", "en"), ("zh", "zh"), ("zh", "en"), ("en", "zh"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the entry that answers it; empty when none does."""

    text: str
    lang: str
    entry: str = ""


class _Rows:
    """Embeddings, each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._known = encoder, dict[str, Vectors]()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        new = sorted(set(texts) - self._known.keys())
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def measure(ground: Ground) -> Section:
    """All three, and their rows."""
    settings = ground.settings
    rows = _Rows(open_encoder(settings.encoder, settings.data / "encoders"))
    passages, questions = xquad(ground.rows(FILE))
    if ground.quick:
        questions = [*questions[:QUICK], *questions[-QUICK:]]
    ground.say("XQuAD")
    figures: dict[str, Any] = {"xquad": _xquad(passages, questions, rows)}
    snapshot = active(settings)
    ground.say("entries without one of their languages")
    figures["one_version"] = _one_version(snapshot, rows, 1 if ground.quick else FOLDS)
    ground.say("shops of one language")
    figures["one_language"] = _one_language(snapshot, questions, rows)
    return Section(figures, tuple(_table(figures)), NOTES)


NOTES = (
    "XQuAD: paragraphs cut as the product cuts texts; BM25 alone is the same index without vectors and glossary",
    "one version: among all the shop has in both languages; another entry that answers as well counts as wrong",
    "one language: everything of the shop in the other language; off-topic are XQuAD's questions; general list only",
)


def xquad(rows: Iterator[Mapping[str, Any]]) -> tuple[list[Passage], list[Asked]]:
    """Paragraphs as passages of entries in two languages, and the questions with their entries."""
    entries: dict[str, str] = {}
    passages: dict[str, Passage] = {}
    questions = []
    for row in rows:
        # A question has one id in both languages; the paragraph's first one names the entry.
        entry = entries.get(row["id"]) or next(
            (p.entry for p in passages.values() if p.text == row["context"]), f"policy:{row['id']}"
        )
        entries[row["id"]] = entry
        id_ = f"{entry}:{row['lang']}"
        passages.setdefault(id_, Passage(id_, entry, Kind.POLICY, row["lang"], "", row["context"], Origin("xquad", 0)))
        questions.append(Asked(row["question"], row["lang"], entry))
    return [piece for passage in passages.values() for piece in cut(passage)], questions


def indexes(passages: Sequence[Passage], rows: _Rows, *glossaries: Glossary) -> list[Index]:
    """The product's index over these passages, with each of the glossaries."""
    ordered = sorted(passages, key=lambda passage: passage.id)
    vectors = rows([text for passage in ordered for text in row_texts(passage)])
    dense, head = Dense.build(vectors, owners(ordered)), learn(ordered, vectors)
    words = Lexical.build([document(passage) for passage in ordered])
    return [Index(ordered, Matcher(()), dense, words, Learned(glossary, head)) for glossary in glossaries]


def _xquad(passages: Sequence[Passage], questions: Sequence[Asked], rows: _Rows) -> dict[str, Any]:
    listed = Glossary(general())
    out: dict[str, Any] = {}
    for asked, told in BETWEEN:
        some = [passage for passage in passages if passage.lang == told]
        own = [question for question in questions if question.lang == asked]
        without, having = indexes(some, rows, Glossary(), listed)
        found = {"bm25": _bm25(some, own), "without": _ranked(without, own, rows)}
        if asked != told:
            found["with"] = _ranked(having, own, rows)
        out[f"{asked}-{told}"] = found
    return out


def _bm25(passages: Sequence[Passage], questions: Sequence[Asked]) -> dict[str, float]:
    words = Lexical.build([document(passage) for passage in passages])
    everything = np.ones(len(passages), np.bool_)
    found = ([passages[place].entry for place, _ in words.search(terms(q.text), everything, DEEP)] for q in questions)
    return _scores([_place(q.entry, entries) for q, entries in zip(questions, found, strict=True)])


def _ranked(made: Index, questions: Sequence[Asked], rows: _Rows) -> dict[str, float]:
    return _scores([_place(q.entry, [hit.passage.entry for hit in _hits(made, q, rows, DEEP)]) for q in questions])


def _hits(made: Index, question: Asked, rows: _Rows, limit: int) -> tuple[Hit, ...]:
    return made.search(Query(question.text, question.lang, limit=limit), rows([question.text])[0])[0]


def _place(entry: str, found: Sequence[str]) -> int | None:
    """Rank of an entry from 0, pieces of one entry counting once; None if it is not there."""
    entries = list(dict.fromkeys(found))
    return entries.index(entry) if entry in entries else None


def _scores(places: Sequence[int | None]) -> dict[str, float]:
    n = max(1, len(places))
    found = [place for place in places if place is not None]
    at = {f"hit@{k}": round(sum(place < k for place in found) / n, 4) for k in (1, 3, 5)}
    return {"n": len(places), **at, "mrr": round(sum(1 / (1 + place) for place in found) / n, 4)}


def _one_version(snapshot: Snapshot, rows: _Rows, folds: int) -> dict[str, Any]:
    """The FAQ's entries with one language taken away, fold by fold."""
    passages = tuple(snapshot.passages.values())
    entries = sorted({p.entry for p in passages if p.kind is Kind.FAQ and len(_langs(passages, p.entry)) == len(LANGS)})
    out: dict[str, Any] = {}
    for lang in LANGS:
        told: dict[str, list[tuple[Asked, tuple[Hit, ...]]]] = {"without": [], "with": []}
        for fold in range(folds):
            gone = {entry for n, entry in enumerate(entries) if n % FOLDS == fold}
            rest = [p for p in passages if not (p.entry in gone and p.lang == lang)]
            whole = [p for p in rest if p.entry not in gone]
            asked = [
                Asked(q, lang, p.entry) for p in passages if p.entry in gone and p.lang == lang for q in p.questions
            ]
            words = Glossary((*mined(tuple(snapshot.products.values()), whole), *general()))
            for name, made in zip(told, indexes(rest, rows, Glossary(), words), strict=True):
                told[name] += [(question, _hits(made, question, rows, SEARCHED)) for question in asked]
        out[lang] = {name: _answered(found) for name, found in told.items()}
    return out


def _langs(passages: Sequence[Passage], entry: str) -> set[str]:
    return {passage.lang for passage in passages if passage.entry == entry}


def _one_language(snapshot: Snapshot, others: Sequence[Asked], rows: _Rows) -> dict[str, Any]:
    """The whole shop in one language, asked in the other; `others` are questions on anything else."""
    passages = tuple(snapshot.passages.values())
    listed = Glossary(general())
    out: dict[str, Any] = {}
    for lang in LANGS:
        told = [p for p in passages if p.lang != lang]
        known = {p.entry for p in told}
        asked = [Asked(q, lang, p.entry) for p in passages if p.lang == lang and p.entry in known for q in p.questions]
        off = [Asked(question.text, lang) for question in others if question.lang == lang]
        found = {}
        for name, made in zip(("without", "with"), indexes(told, rows, Glossary(), listed), strict=True):
            found[name] = _answered([(question, _hits(made, question, rows, SEARCHED)) for question in asked])
            answered = sum(_answer(question, _hits(made, question, rows, SEARCHED)) != "" for question in off)
            found[name]["off_topic_answered"] = round(answered / max(1, len(off)), 4)
        out[f"{lang}-{'zh' if lang == 'en' else 'en'}"] = found
    return out


def _answer(question: Asked, hits: tuple[Hit, ...]) -> str:
    """The entry that the policy would answer from first; empty if it would not answer."""
    decision = decide(Understood(question.text, question.text, question.lang), hits, State("lab"))
    return decision.hits[0].passage.entry if decision.action is Action.ANSWER else ""


def _answered(found: Sequence[tuple[Asked, tuple[Hit, ...]]]) -> dict[str, float]:
    """Ranks of the right entries, and what would be answered."""
    places = [_place(question.entry, [hit.passage.entry for hit in hits]) for question, hits in found]
    answers = [(_answer(question, hits), question.entry) for question, hits in found]
    n = max(1, len(answers))
    right = sum(got == want for got, want in answers)
    declined = sum(got == "" for got, _ in answers)
    shares = {"right": right, "declined": declined, "wrong": len(answers) - right - declined}
    return {**_scores(places), **{name: round(count / n, 4) for name, count in shares.items()}}


def _table(figures: Mapping[str, Any]) -> Iterator[Row]:
    for pair, found in figures["xquad"].items():
        asked, told = pair.split("-")
        best = found.get("with", found["without"])
        floor = f"BM25 {_ranks(found['bm25'])}"
        if asked != told:
            floor = f"without glossary {_ranks(found['without'])}"
        yield Row(f"XQuAD, {asked} question, {told} paragraphs: hit@1 / hit@5 / MRR", _ranks(best), floor)
    for lang, found in figures["one_version"].items():
        other = "zh" if lang == "en" else "en"
        what = f"FAQ entry in {other} only, {lang} question"
        yield Row(f"{what}: hit@1 / hit@3", _firsts(found["with"]), f"without glossary {_firsts(found['without'])}")
        yield Row(f"{what}: right / declined / other entry", _shares(found["with"]), _shares(found["without"]))
    for pair, found in figures["one_language"].items():
        asked, told = pair.split("-")
        what = f"shop in {told} only, {asked} question"
        yield Row(f"{what}: right / declined / other entry", _shares(found["with"]), _shares(found["without"]))
        off = {name: f"{100 * found[name]['off_topic_answered']:.1f} %" for name in ("with", "without")}
        yield Row(f"{what}: off-topic questions answered", off["with"], off["without"])


def _ranks(found: Mapping[str, float]) -> str:
    return f"{found['hit@1']:.3f} / {found['hit@5']:.3f} / {found['mrr']:.3f}"


def _firsts(found: Mapping[str, float]) -> str:
    return f"{found['hit@1']:.3f} / {found['hit@3']:.3f}"


def _shares(found: Mapping[str, float]) -> str:
    return " / ".join(f"{100 * found[name]:.1f} %" for name in ("right", "declined", "wrong"))
