"""Transcripts searched, read and exported in Chromium, on the real program."""

import csv
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.support.browser import chromium, tab
from tests.support.fixtures import Serve
from tests.support.running import Running
from tests.support.shopper import shopping
from tests.support.staff import PASSWORD, at_desk

CANADA = "How long does shipping to Canada take?"
CHINESE = "运费是多少？"
SPOON = "Can you engrave my initials on a spoon?"
SHOTS = Path("/tmp/aisle-shots")


async def _chats(server: Running) -> dict[str, str]:
    """Three conversations, by what was asked: rated helpful, in Chinese, and one with a private note."""
    names: dict[str, str] = {}
    async with shopping(server.ws, lang="en") as shopper:
        reply = await shopper.ask(CANADA)
        await shopper.send(type="rate", seq=reply["seq"], value=1)
        await shopper.until(lambda frame: frame["type"] == "rated")
        names[CANADA] = shopper.welcome["conversation"]
    async with shopping(server.ws, lang="zh") as shopper:
        await shopper.ask(CHINESE)
        names[CHINESE] = shopper.welcome["conversation"]
    async with shopping(server.ws, lang="en") as shopper:
        await shopper.ask(SPOON)
        names[SPOON] = shopper.welcome["conversation"]
    async with at_desk(server) as desk:
        assert (await desk.do("note", names[SPOON], text="Ask the workshop first"))["type"] == "done"
    return names


async def _sign_in(page: Page, base: str, path: str) -> None:
    """From the page's own address, by way of the sign-in page, and back."""
    await page.goto(base + path)
    await expect(page).to_have_url(re.compile("/signin"))
    await page.locator("#name").fill("staff")
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(base + path + "**")


async def test_transcripts_are_found_by_words_and_filters_and_kept_in_the_address(serve: Serve) -> None:
    """An English word, a Chinese word and a rating each find their one; the address brings the search back."""
    server = serve()
    await _chats(server)
    async with chromium() as browser, tab(browser, locale="en-US") as page:
        await _sign_in(page, server.base, "/staff")
        await page.get_by_role("link", name="Transcripts").click()
        hits = page.locator(".hit")
        await expect(hits).to_have_count(3)
        await expect(page.locator(".said-count")).to_have_text("3 conversations")
        words = page.get_by_role("searchbox", name="Words")
        await words.fill("ship")
        await page.keyboard.press("Enter")
        await expect(hits).to_have_count(1)
        await expect(hits.locator("mark").first).to_have_text(re.compile("ship", re.IGNORECASE))
        await words.fill("运费")
        await expect(hits).to_contain_text([CHINESE])
        await expect(hits.locator("mark").first).to_have_text("运费")
        await words.fill("")
        await page.get_by_text("Filters").click()
        await page.get_by_label("Rating").select_option("Helpful")
        await expect(hits).to_contain_text([CANADA])
        await expect(page).to_have_url(server.base + "/transcripts?rating=1")
        await page.get_by_label("Language").select_option("Chinese")
        await expect(page.locator(".said-count")).to_contain_text("Nothing fits")
        await page.get_by_label("Rating").select_option("Any")
        await expect(hits).to_contain_text([CHINESE])
        await page.reload()
        await expect(hits).to_contain_text([CHINESE])
        await expect(page.get_by_label("Language")).to_have_value("zh")
        await page.goto(server.base + "/transcripts?rating=7&reason=none&from=soon&q=%3Cimg%20src=x%3E")
        await expect(page.locator(".said-count")).to_contain_text("Nothing fits")
        await page.get_by_role("button", name="Clear all").click()
        await expect(hits).to_have_count(3)
        await expect(page).to_have_url(server.base + "/transcripts")


async def test_a_transcript_is_read_with_sources_reasons_and_notes(serve: Serve) -> None:
    """Opened by keyboard; a source, why the bot said it, a note; corrected; back; gone after an erasure, in words."""
    server = serve()
    names = await _chats(server)
    async with chromium() as browser, tab(browser, ignore=["404"], locale="en-US") as page:
        await _sign_in(page, server.base, "/transcripts?q=Canada")
        await page.locator(".hit").focus()
        await page.keyboard.press("Enter")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("6–9 business days")
        await expect(log.locator("mark").first).to_have_text("Canada")
        await expect(log).to_contain_text("Rated helpful")
        await log.locator("details.why summary").click()
        await expect(log.locator(".told")).to_contain_text("Shipping")
        await page.screenshot(path=SHOTS / "transcripts-open.png")
        await log.locator("button.cite").first.click()
        await expect(page.get_by_role("dialog")).to_contain_text("Source 1")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Mark wrong").click()
        await page.get_by_role("dialog").get_by_role("textbox").fill("Six to nine business days.")
        await page.get_by_role("button", name="Suggest this answer").click()
        await expect(log).to_contain_text("Marked wrong")
        await page.go_back()
        await expect(page.get_by_text("Choose a conversation")).to_be_visible()
        await page.goto(f"{server.base}/transcripts?open={names[SPOON]}")
        await expect(log).to_contain_text("Ask the workshop first")
        await expect(page.get_by_role("heading", level=1)).to_have_text(SPOON)
        await page.emulate_media(media="print")
        await expect(log).to_be_visible()
        await expect(page.locator(".hit").first).to_be_hidden()
        await page.emulate_media(media="screen")
        await page.goto(f"{server.base}/transcripts?open=not-there")
        await expect(page.get_by_role("alert")).to_contain_text("erased or is not there")


async def test_exports_have_exactly_what_is_shown(serve: Serve) -> None:
    """The tables hold the one conversation of the search; the page to print opens and has it too."""
    server = serve()
    names = await _chats(server)
    async with chromium() as browser, tab(browser, locale="en-US", accept_downloads=True) as page:
        await _sign_in(page, server.base, "/transcripts")
        await page.get_by_role("searchbox", name="Words").fill("运费")
        await expect(page.locator(".hit")).to_have_count(1)
        await page.get_by_text("Export", exact=True).click()
        rows = await _downloaded(page, "Conversations as CSV")
        assert [row["conversation"] for row in rows] == [names[CHINESE]]
        said = await _downloaded(page, "Messages as CSV")
        assert {row["conversation"] for row in said} == {names[CHINESE]}
        assert said[0]["text"] == CHINESE
        assert len(said) == await _messages(page)
        async with page.expect_popup() as opened:
            await page.screenshot(path=SHOTS / "transcripts-export.png")
            await page.get_by_role("link", name="A page to print").click()
        printed = await opened.value
        await expect(printed.locator("article")).to_have_count(1)
        await expect(printed.locator("article")).to_contain_text(CHINESE)


async def _downloaded(page: Page, name: str) -> list[dict[str, str]]:
    async with page.expect_download() as started:
        await page.get_by_role("link", name=name).click()
    download = await started.value
    text = (await download.path()).read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


async def _messages(page: Page) -> int:
    """How many bubbles the only conversation of the list has."""
    await page.locator(".hit").click()
    bubbles = page.get_by_role("log").locator(".msg")
    await expect(bubbles.first).to_be_visible()
    return await bubbles.count()


async def test_a_narrow_page_in_chinese_has_two_screens_and_nothing_beside_them(serve: Serve) -> None:
    """At 360 px the list and the conversation each fill the page, in Chinese, light and dark, and nothing overflows."""
    server = serve()
    await _chats(server)
    phone = {"width": 360, "height": 740}
    async with chromium() as browser, tab(browser, viewport=phone, locale="zh-CN", color_scheme="dark") as page:
        await _sign_in(page, server.base, "/transcripts")
        await expect(page.locator(".said-count")).to_have_text("3 个会话")
        await page.get_by_text("筛选").click()
        assert await _overflow(page) == 0
        await page.screenshot(path=SHOTS / "transcripts-narrow-zh.png")
        await page.locator(".hit").last.click()
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        await expect(page.get_by_role("log")).to_be_visible()
        await expect(page.locator(".hit").first).to_be_hidden()
        assert await _overflow(page) == 0
        await page.emulate_media(color_scheme="light")
        await page.screenshot(path=SHOTS / "transcripts-narrow-open-zh.png")
        await page.get_by_role("button", name="返回列表").click()
        await expect(page.locator(".hit").last).to_be_focused()
        # Neither does the way there from the other page.
        await page.goto(server.base + "/staff")
        await page.get_by_role("button", name="帮助与设置").click()
        await page.get_by_role("dialog").get_by_role("link", name="会话记录").click()
        await page.wait_for_url(server.base + "/transcripts")


async def _overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def test_a_lost_server_is_told_and_asked_again(serve: Serve) -> None:
    """A search that fails says so in words, and one press repeats it; more are shown on demand."""
    server = serve()
    await _chats(server)
    async with chromium() as browser, tab(browser, ignore=["ERR_"], locale="en-US") as page:
        await _sign_in(page, server.base, "/transcripts")
        hits = page.locator(".hit")
        await expect(hits).to_have_count(3)
        await page.screenshot(path=SHOTS / "transcripts.png")
        await page.route("**/api/transcripts?*", lambda route: route.abort())
        await page.get_by_role("searchbox", name="Words").fill("Canada")
        await expect(page.get_by_role("alert")).to_contain_text("No connection to the server")
        await page.unroute("**/api/transcripts?*")
        await page.get_by_role("button", name="Try again").click()
        await expect(hits).to_have_count(1)
        # Pages of two, so that three conversations need a second one.
        await page.route(
            "**/api/transcripts?*", lambda r: r.continue_(url=r.request.url.replace("limit=25", "limit=2"))
        )
        await page.get_by_role("button", name="Clear all").click()
        await expect(page.locator(".said-count")).to_have_text("The latest 2 of more")
        await page.get_by_role("button", name="Show more").press("Enter")
        await expect(hits).to_have_count(3)
        await expect(hits.last).to_be_focused()
        await expect(page.get_by_role("button", name="Show more")).to_be_hidden()
