"""The way that README promises, in a real browser on the real program: open the shop, ask, read the cited answer."""

from playwright.async_api import expect

from tests.support.browser import chromium, tab
from tests.support.fixtures import Serve


async def test_the_readme_question_gets_a_streamed_correct_cited_answer(serve: Serve) -> None:
    """By keyboard alone: the widget opens, the question is answered with figures, and its citation opens."""
    server = serve()
    async with chromium() as browser, tab(browser, locale="en-US") as page:
        await page.goto(server.base)
        await page.get_by_role("button", name="Open chat").press("Enter")
        await page.keyboard.type("How long does shipping to Canada take?")
        await page.keyboard.press("Enter")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("6–9 business days")
        await expect(log).to_contain_text("$12.95")
        await log.locator(".cite").first.press("Enter")
        await expect(page.locator("aisle-chat")).to_contain_text("Duties and taxes are included")
        await page.keyboard.press("Escape")
        await page.reload()
        await expect(page.get_by_role("log")).to_contain_text("6–9 business days")


async def test_a_chinese_shopper_is_greeted_and_answered_in_chinese(serve: Serve) -> None:
    """The page in Chinese: greeting, question, answer and citation are Chinese."""
    server = serve()
    async with chromium() as browser, tab(browser, locale="zh-CN") as page:
        await page.goto(server.base + "/?lang=zh")
        await page.locator("aisle-chat .launcher").press("Enter")
        await expect(page.locator("aisle-chat")).to_contain_text("您好")
        await page.keyboard.type("寄到加拿大要多久？")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("6–9 个工作日")


async def test_the_page_of_protocol_and_routes_shows_both(serve: Serve) -> None:
    """/docs lists the frames of both directions and the HTTP routes, without an error."""
    server = serve()
    async with chromium() as browser, tab(browser) as page:
        await page.goto(server.base + "/docs")
        await expect(page.locator("#client")).to_contain_text("say")
        await expect(page.locator("#server")).to_contain_text("welcome")
        await expect(page.locator("#http")).to_contain_text("GET /healthz")
