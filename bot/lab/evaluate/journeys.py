"""The sample shop's conversations of many turns: how many turns come to what their script says."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.app import opened
from bot.errors import BadSettings
from bot.lab import machine
from bot.lab.evaluate.scripts import Script, failures, read
from bot.lab.evaluate.section import Ground, Row, Section
from bot.talk import Talks

FOLDER = machine.ROOT / "tests" / "journeys" / "scripts"


def measure(ground: Ground) -> Section:
    """Play every script, each turn as a shopper would see it."""
    scripts = every(FOLDER)
    failed = asyncio.run(_played(ground, scripts[:5] if ground.quick else scripts))
    rows, figures = [], {}
    for lang in ("en", "zh"):
        names = [script.name for script in scripts if script.lang == lang]
        turns = sum(len(script.turns) for script in scripts if script.lang == lang)
        bad = sum(len(failed.get(name, ())) for name in names)
        whole = sum(not failed.get(name) for name in names)
        rows.append(Row(f"{len(names)} conversations, {lang}", f"{whole} whole; {turns - bad} of {turns} turns"))
        figures[lang] = {"scripts": len(names), "whole": whole, "turns": turns, "failed_turns": bad}
    return Section({**figures, "failed": {name: lines for name, lines in failed.items() if lines}}, tuple(rows))


def every(folder: Path) -> tuple[Script, ...]:
    """All scripts of a folder.

    Raises:
        BadSettings: There are none, or one cannot be read.
    """
    scripts = tuple(script for path in sorted(folder.glob("*.txt")) for script in read(path))
    if not scripts:
        raise BadSettings(f"found no scripts in {folder}, wanted *.txt: run this in a checkout")
    return scripts


async def _played(ground: Ground, scripts: Sequence[Script]) -> dict[str, list[str]]:
    async with opened(ground.settings) as services:
        talks = Talks(services)
        return {script.name: await played(talks, script) for script in scripts}


async def played(talks: Talks, script: Script) -> list[str]:
    """What went otherwise than the script says, a turn each; empty when nothing did."""
    talk = await talks.begin(script.lang, script.visit)
    bad = []
    for turn in script.turns:
        reply = await talk(turn.text)
        if wrong := list(failures(turn, reply)):
            bad.append("\n".join([*wrong, f"    reply: {reply['text'][:300]}"]))
    return bad
