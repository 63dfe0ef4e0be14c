"""The benchmark's result as a table: what was measured, how often, and the spread of the runs. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

Row = tuple[str, Mapping[str, Any], str]


def table(result: Mapping[str, Any]) -> Table:
    """A row for each series of samples, and below it the rest in words."""
    numbers = ("samples", "p50", "p95", "p99", "medians of runs")
    made = Table("measured", *numbers, "", box=None, title=result["command"], caption="\n".join(_notes(result)))
    for column in made.columns[1:-1]:
        column.justify = "right"
    made.caption_justify = "left"
    for what, figures, unit in _rows(result):
        values = [_number(figures[name]) for name in ("p50", "p95", "p99")]
        spread = f"{_number(figures['low'])}–{_number(figures['high'])} ({figures['runs']})"
        made.add_row(what, str(figures["n"]), *values, spread, unit)
    return made


def _rows(result: Mapping[str, Any]) -> Iterator[Row]:
    if embed := result.get("embed"):
        yield "embed a question, as served", embed["served"], "ms"
        yield "by sentence-transformers", embed["sentence_transformers"], "ms"
    for size, found in result.get("search", {}).get("sizes", {}).items():
        for way in ("dense", "lexical", "fused"):
            yield f"{way}, {int(size):,} passages", found[way], "ms"
    stores = result.get("stores", {})
    names = {"sql_append": "append to SQL", "redis_save": "state to Redis", "redis_partial": "piece to Redis"}
    yield from ((what, stores[name], "ms") for name, what in names.items() if stores)
    if generate := result.get("generate"):
        yield "copy: first word, new passages", generate["first_word_new"], "ms"
        yield "copy: first word, known passages", generate["first_word_known"], "ms"
        for count, speed in generate["pieces_per_s"].items():
            yield f"copy: {count} at once", speed, "pieces/s"
    if model := result.get("language_model"):
        yield "hf: first word", model["first_word"], "ms"
        yield "hf: 1 at once", model["pieces_per_s"], "pieces/s"
    if serve := result.get("serve"):
        yield "cold start", serve["cold_start"], "s"
        for count, found in serve["chats"].items():
            yield f"first word, {count} at once", found["first_word"], "ms"
            yield f"whole answer, {count} at once", found["whole_answer"], "ms"


def _notes(result: Mapping[str, Any]) -> Iterator[str]:
    machine = result["machine"]
    yield (
        f"commit {result['commit']}, {machine['cores']} cores, Python {machine['python']},"
        f" load {machine['load_before']} before, {result['took_s']:.0f} s"
    )
    if embed := result.get("embed"):
        cosine = embed["least_cosine"]
        yield f"embedding: sentence-transformers takes {embed['ratio']} times as long; least cosine {cosine}"
    for size, found in result.get("search", {}).get("sizes", {}).items():
        built = found["build_s"]
        yield (
            f"{int(size):,} passages: dense ({found['dense_index']}, {found['rows']:,} rows, recall@10"
            f" {found['recall_at_10']}) built in {built['dense']} s, lexical in {built['lexical']} s"
        )
    if generate := result.get("generate"):
        memory = generate["memory_mib"]
        yield (
            f"copy: loads in {generate['load_s']} s, {memory['loaded'] - memory['before']:.0f} MiB,"
            f" {memory['most'] - memory['before']:.0f} with 16 chats"
        )
    if model := result.get("language_model"):
        yield f"hf: {model['model']}; loads in {model['load_s']} s, {model['memory_mib']['most']:.0f} MiB"
    if serve := result.get("serve"):
        yield from _chat_notes(serve)
    yield from (found["note"] for name in ("search", "serve") if (found := result.get(name)))


def _chat_notes(serve: Mapping[str, Any]) -> Iterator[str]:
    memory = serve["memory"]
    names = {"idle": "idle", "after_first_chats": "after first chats", "most_under_load": "most under load"}
    weights = (f"{memory[name]['server']:.0f} MiB {what}" for name, what in names.items())
    yield f"server: {', '.join(weights)}; Redis {memory['most_under_load']['redis']:.0f} MiB at most"
    for count, found in serve["chats"].items():
        failed = sum(found["failed"].values())
        yield (
            f"{count} at once: {found['answered']} of {found['asked']} answered, {found['answers_per_s']} a second,"
            f" {found['busy_refusals']} busy refusals, {failed} failed"
        )


def _number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
