"""One part of the benchmark as a process of its own: `python -m bot.lab.part NAME`, with the plan as JSON on standard
input. The last line on standard output is what was measured, or why it was not.

A process each, so that no part is measured with another's memory, threads or loaded libraries; the parent sets how many
threads there are, which some libraries read only once, when they are loaded.
"""

import json
import sys
from importlib import import_module
from typing import Any

from bot.errors import AisleError
from bot.lab.plan import Plan
from bot.settings import load
from knowledge.errors import KnowledgeError

PARTS = {
    "embed": "embedding",
    "search": "retrieval",
    "stores": "stores",
    "generate": "generating",
    "language_model": "language_model",
    "serve": "serving",
}


def measured(name: str, plan: Plan) -> dict[str, Any]:
    """What the part measures."""
    found: dict[str, Any] = import_module(f"bot.lab.{PARTS[name]}").measure(plan, load())
    return found


if __name__ == "__main__":
    try:
        result = {"measured": measured(sys.argv[1], Plan.read(json.load(sys.stdin)))}
    except (AisleError, KnowledgeError) as error:
        result = {"error": {"message": str(error)}}
    print(json.dumps(result), flush=True)
