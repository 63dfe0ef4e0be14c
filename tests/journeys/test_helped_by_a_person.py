"""Not helped by the bot, helped by a person, given back, rated, and counted: one conversation on all three pages."""

from playwright.async_api import Page, expect

from tests.support.browser import chromium, tab
from tests.support.fixtures import Serve
from tests.support.staff import PASSWORD


async def _sign_in(page: Page, base: str, name: str, path: str) -> None:
    await page.goto(f"{base}/signin?next={path}")
    await page.locator("#name").fill(name)
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{base}{path}**")


async def _say(page: Page, text: str) -> None:
    await page.locator("aisle-chat textarea").fill(text)
    await page.keyboard.press("Enter")


async def test_a_shopper_who_is_not_helped_gets_a_person_and_admins_see_it(serve: Serve) -> None:
    """Asked, declined, a person wanted, claimed, answered, given back, answered by the bot, rated, in the figures."""
    base = serve().base
    async with (
        chromium() as browser,
        tab(browser, locale="en-US") as shop,
        tab(browser, locale="en-US") as desk,
        tab(browser, locale="en-US") as admin,
    ):
        await _sign_in(desk, base, "staff", "/staff")
        await expect(desk.locator(".linked")).to_have_text("Live")
        await shop.goto(base)
        await shop.get_by_role("button", name="Open chat").press("Enter")
        log = shop.get_by_role("log")
        for question, answer in (
            ("Can you engrave my initials on a spoon?", "could not find"),
            ("Do you engrave cutlery with names?", "rather not guess"),
        ):
            await _say(shop, question)
            await expect(log).to_contain_text(answer)
        await shop.get_by_role("button", name="Talk to a person").last.click()
        row = desk.locator("button.row")
        await expect(desk).to_have_title("(1) Desk · Aisle")
        await row.click()
        await desk.locator(".thread-head").get_by_role("button", name="Claim").click()
        await expect(log).to_contain_text("A person from our team has joined.")
        await desk.get_by_role("textbox", name="Write").fill("Yes, our workshop engraves spoons for you.")
        await desk.keyboard.press("Enter")
        await expect(log).to_contain_text("our workshop engraves spoons")
        await desk.get_by_role("button", name="Back to bot").click()
        await expect(row).to_contain_text("Bot")
        await _say(shop, "How long does shipping to Canada take?")
        await expect(log).to_contain_text("6–9 business days")
        await shop.get_by_role("button", name="This helped").last.click()
        await expect(row).to_contain_text("Rated helpful")

        await _sign_in(admin, base, "admin", "/admin")
        await admin.goto(base + "/admin#insights")
        page = admin.get_by_role("main")
        await expect(page.get_by_role("heading", name="How conversations end")).to_be_visible()
        await expect(page).to_contain_text("Escalated")
        await expect(page).to_contain_text("engrave")
        await expect(page.get_by_role("heading", name="Ratings")).to_be_visible()
