"""An admin mends, builds, activates and takes back the knowledge in the browser, while twenty shoppers chat."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.async_api import Page, expect

from tests.support.browser import chromium, tab
from tests.support.fixtures import Serve
from tests.support.shopper import Frame, shopping
from tests.support.staff import PASSWORD

NAME = "faq.more.jsonl"
BROKEN = b'{"id": "engraving", "questions": ["Do you engrave spoons?"], "answer": ""}\nnot json\n'
MENDED = (
    b'{"id": "engraving", "questions": ["Do you engrave spoons?"], "answer": "Yes, we engrave spoons for $7.77."}\n'
)
LONG_MS = 120_000
CHATS = 20


async def _open(page: Page, base: str) -> None:
    await page.goto(base + "/admin#/files")
    await page.locator("#name").fill("admin")
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(base + "/admin**")
    await page.locator("#to-files").click()


async def _upload(page: Page, content: bytes) -> None:
    await page.locator("#picker").set_input_files({"name": NAME, "mimeType": "text/plain", "buffer": content})


async def _chat(ws: str, over: asyncio.Event, begun: list[Frame]) -> list[Frame]:
    """Ask the same again and again until it is over; every turn must get its reply."""
    replies: list[Frame] = []
    async with shopping(ws, lang="en") as shopper:
        while not over.is_set():
            replies.append(await shopper.ask("Do you engrave spoons?"))
            begun.append(replies[-1])
            await shopper.ask("thanks")
            await asyncio.sleep(0.2)
    return replies


async def test_knowledge_is_mended_built_activated_and_taken_back_under_twenty_chats(serve: Serve, data: Path) -> None:
    """A broken file is refused by place, mended, checked, built and activated; no chat fails or mixes versions."""
    server = serve(frames_per_s="50", frames_per_s_address="500")
    over, begun = asyncio.Event(), list[Frame]()
    async with chromium() as browser, tab(browser, ignore=("status of 4",), locale="en-US") as page:
        page.set_default_timeout(LONG_MS)
        await _open(page, server.base)
        await _upload(page, BROKEN)
        wrong = page.get_by_role("region", name="What is wrong, by place")
        await expect(wrong.get_by_role("row")).to_have_count(3, timeout=LONG_MS)
        await expect(wrong).to_contain_text(NAME)
        await _upload(page, MENDED)
        await expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("admin", timeout=LONG_MS)

        await page.locator("#to-build").click()
        serving = page.get_by_role("region", name="Serving now").locator("code").first
        before = await serving.inner_text()
        await page.get_by_role("button", name="Check", exact=True).click()
        changes = page.get_by_role("region", name="What would change")
        await expect(changes).to_contain_text("Do you engrave spoons?", timeout=LONG_MS)

        chats = [asyncio.create_task(_chat(server.ws, over, begun)) for _ in range(CHATS)]
        await page.get_by_role("button", name="Build", exact=True).click()
        panel = page.get_by_role("region", name="Build", exact=True)
        await expect(panel).to_contain_text("serves now", timeout=LONG_MS)
        await expect(serving).not_to_have_text(before, timeout=LONG_MS)
        after = await serving.inner_text()
        seen = len(begun)
        while not any("$7.77" in reply["text"] for reply in begun[seen:]):  # noqa: ASYNC110 — the chats tell nobody
            await asyncio.sleep(0.05)
        await page.get_by_role("button", name="Roll back").click()
        await expect(serving).to_have_text(before, timeout=LONG_MS)
        seen = len(begun)
        while not any("$7.77" not in reply["text"] for reply in begun[seen:]):  # noqa: ASYNC110 — nor now
            await asyncio.sleep(0.05)
        over.set()
        replies = [reply for chat in await asyncio.gather(*chats) for reply in chat]

    assert len(replies) >= CHATS
    assert {"$7.77" in reply["text"] for reply in replies} == {True, False}
    with closing(sqlite3.connect(data / "aisle.db")) as database:
        rows = database.execute("SELECT snapshot, text, citations FROM messages WHERE author = 'bot'").fetchall()
    assert {snapshot for snapshot, *_ in rows} == {before, after}
    assert all(("$7.77" in text) is ("$7.77" in citations) for _, text, citations in rows)
    assert all(snapshot == after for snapshot, text, _ in rows if "$7.77" in text)
