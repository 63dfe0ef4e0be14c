"""The parts of README.md that the program itself knows best: settings, tree, measured figures.

`python -m bot.lab.readme` writes them between their marks; a test fails when they are stale. What a file is about is
read from its first line of documentation, so a file without one shows up as a gap. Prose is written by hand.
"""

import ast
import html
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.lab.evaluate.run import markdown
from bot.settings import settings_table

ROOT = Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / "bot" / "lab" / "results" / "bench.json"
EVAL = ROOT / "bot" / "lab" / "results" / "eval.json"
SHOWN = ("bot", "knowledge", "web", "tests")
LISTED = (".py", ".js", ".html", ".css")


def tree(files: Iterable[Path]) -> str:
    """A line for each source file, under its folder, in a block that folds."""
    lines = ["<details>", "<summary>The tree, with a line per file</summary>", ""]
    folder = None
    for path in sorted(files, key=lambda p: (p.parent.parts, p.name)):
        if path.parent != folder:
            folder = path.parent
            lines += ["", f"**{folder.as_posix()}/**", ""]
        lines.append(f"- `{path.name}` — {about(ROOT / path)}")
    return "\n".join([*lines, "", "</details>"])


def sources() -> list[Path]:
    """The source files that git tracks, relative to the repository's root; empty packages left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--", *SHOWN], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    paths = (Path(line) for line in listed if line.endswith(LISTED))
    return [path for path in paths if (ROOT / path).exists() and (ROOT / path).read_text(encoding="utf-8").strip()]


def about(path: Path) -> str:
    """What a file is, in its own first words; up to the first full stop or colon that ends a thought."""
    text = path.read_text(encoding="utf-8")
    readers: dict[str, Callable[[str], str]] = {".py": _docstring, ".html": _title}
    words = " ".join(readers.get(path.suffix, _comment)(text).split())
    first = re.split(r"(?<=[.;])\s|@typedef", words, maxsplit=1)[0].strip().rstrip(".;")
    return first or "?"


def _docstring(text: str) -> str:
    return ast.get_docstring(ast.parse(text)) or ""


def _title(text: str) -> str:
    found = re.search(r"<title>(.*?)</title>", text, re.S)
    return html.unescape(found[1]) if found else ""


def _comment(text: str) -> str:
    """The first comment of a script or style sheet, block or line."""
    block = re.match(r"\s*/\*\*?(.*?)\*/", text, re.S)
    if block:
        return re.sub(r"^\s*\* ?", "", block[1], flags=re.M)
    lines = re.match(r"(?:\s*//[^\n]*\n)+", text)
    return lines[0].replace("//", "") if lines else ""


def measured(bench: dict[str, Any]) -> str:
    """The benchmark's figures as a table, with the command, day and commit that made them."""
    made = f"`{bench['command']}`, {bench['date'][:10]}, commit {bench['commit'][:10]}"
    head = f"{made}, {bench['machine']['cores']} cores, "
    rows = ["| | p50 | p95 | p99 |", "| --- | --- | --- | --- |"]
    rows += [f"| {name} | {row['p50']:,g} | {row['p95']:,g} | {row['p99']:,g} |" for name, row in _rows(bench)]
    return "\n".join([head + "one thread a query, milliseconds:", "", *rows, "", *_notes(bench)])


def _rows(bench: dict[str, Any]) -> Iterator[tuple[str, dict[str, float]]]:
    yield "a question into a vector, as served (ONNX Runtime)", bench["embed"]["served"]
    yield "the same with sentence-transformers", bench["embed"]["sentence_transformers"]
    for size, found in bench["search"]["sizes"].items():
        for kind in ("dense", "lexical", "fused"):
            yield f"{kind} search, {int(size):,} passages", found[kind]
    yield "SQL append, committed (SQLite)", bench["stores"]["sql_append"]
    yield "live state saved (Redis)", bench["stores"]["redis_save"]
    for chats, found in bench["serve"]["chats"].items():
        yield f"first word, chats at once: {chats}", found["first_word"]
        yield f"whole answer, chats at once: {chats}", found["whole_answer"]


def _notes(bench: dict[str, Any]) -> Iterator[str]:
    serve, memory = bench["serve"], bench["serve"]["memory"]
    start = serve["cold_start"]
    yield f"- Cold start to ready: {start['p50']:g} s at the median. Each chat asks again as soon as it is answered."
    idle, most = memory["idle"]["server"], memory["most_under_load"]["server"]
    yield f"- Memory of a worker: {idle:.0f} MiB idle, {most:.0f} MiB at most."
    for chats, found in serve["chats"].items():
        yield (
            f"- Chats at once: {chats}. {found['answered']} of {found['asked']} questions answered, "
            f"{found['answers_per_s']:g} a second, {found['busy_refusals']} polite refusals that were tried again."
        )
    yield f"- Search: {bench['search']['note']}."
    yield f"- Chats: {serve['note']}."


def filled(readme: str) -> str:
    """README with each generated part as it is today."""
    parts = {"settings": settings_table(), "tree": tree(sources())}
    if BENCH.exists():
        parts["measured"] = measured(json.loads(BENCH.read_text(encoding="utf-8")))
    if EVAL.exists():
        parts["evaluated"] = markdown(json.loads(EVAL.read_text(encoding="utf-8"))["sections"])
    for name, text in parts.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        readme = mark.sub(lambda m, text=text: f"{m[1]}{text}\n{m[2]}", readme)  # type: ignore[misc]
    return readme


def main() -> None:
    """Write README.md anew."""
    path = ROOT / "README.md"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
