"""How often the event loop turns while something is awaited: whether others are served meanwhile."""

import asyncio
from collections.abc import Awaitable


async def turns_during(work: Awaitable[object]) -> int:
    """Turns of the loop until `work` is done."""
    turns, over = 0, asyncio.Event()

    async def turn() -> None:
        nonlocal turns
        while not over.is_set():
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(turn())
    await work
    over.set()
    await task
    return turns
