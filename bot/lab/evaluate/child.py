"""One section of the evaluation as a process of its own: `python -m bot.lab.evaluate.child NAME`.

What it is given comes as JSON on standard input; progress goes to standard error; the last line on standard output is
what was measured, or why it was not.
"""

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.errors import AisleError
from bot.lab.evaluate.section import Ground, Section
from bot.settings import load
from knowledge.errors import KnowledgeError


def main(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the section measured, with the hashes of the data that it read."""
    ground = Ground(
        data=Path(given["data"]) if given["data"] else None,
        settings=load(),
        work=Path(given["work"]),
        quick=given["quick"],
        say=lambda text: print(f"{name}: {text}", file=sys.stderr, flush=True),
        beside=tuple(given.get("beside", ())),
    )
    section: Section = import_module(f"bot.lab.evaluate.{name}").measure(ground)
    return {**asdict(section), "data": ground.used}


if __name__ == "__main__":
    try:
        result = {"measured": main(sys.argv[1], json.load(sys.stdin))}
    except (AisleError, KnowledgeError) as error:
        result = {"error": {"message": str(error)}}
    print(json.dumps(result, ensure_ascii=False), flush=True)
