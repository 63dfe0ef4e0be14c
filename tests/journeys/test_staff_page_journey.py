"""The desk's page and the shopper's widget side by side in Chromium, on the real program."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.browser import chromium, tab
from tests.support.fixtures import Serve
from tests.support.running import environment, serving
from tests.support.staff import PASSWORD

CANADA = "How long does shipping to Canada take?"
SHOTS = Path("/tmp/aisle-shots")


async def _sign_in(page: Page, base: str) -> None:
    """From the desk's address, by way of the sign-in page, to the live desk."""
    await page.goto(base + "/staff")
    await expect(page).to_have_url(base + "/signin?next=/staff")
    await page.locator("#name").fill("staff")
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".linked")).to_have_text("Live")


async def _ask(page: Page, base: str, text: str) -> None:
    """A shopper opens the chat and asks."""
    await page.goto(base)
    await page.get_by_role("button", name="Open chat").press("Enter")
    await _say(page, text)


async def _say(page: Page, text: str) -> None:
    await page.locator("aisle-chat textarea").fill(text)
    await page.keyboard.press("Enter")


async def _reply(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Write").fill(text)
    await page.keyboard.press("Enter")


async def test_a_shopper_is_helped_by_a_person_and_given_back(serve: Serve) -> None:
    """Asked, waiting, claimed, answered with what the knowledge says, given back, rated: both pages show it live."""
    base = serve().base
    async with chromium() as browser, tab(browser, locale="en-US") as shop, tab(browser, locale="en-US") as desk:
        await _sign_in(desk, base)
        await _ask(shop, base, CANADA)
        row = desk.locator("button.row")
        await expect(row).to_contain_text(CANADA)
        await row.click()
        await expect(desk.get_by_role("log")).to_contain_text("6–9 business days")
        await desk.get_by_text("Why this reply").click()
        await expect(desk.locator("details.why")).to_contain_text("Shipping")
        await shop.get_by_role("button", name="Talk to a person").click()
        await expect(row).to_contain_text("Asked for a person")
        await expect(desk).to_have_title("(1) Desk · Aisle")
        await desk.locator(".thread-head").get_by_role("button", name="Claim").click()
        await expect(shop.get_by_role("log")).to_contain_text("A person from our team has joined.")
        await desk.get_by_role("button", name="Suggest a reply").click()
        await expect(desk.get_by_text("Drafted from:")).to_be_visible()
        assert "6–9" in await desk.get_by_role("textbox", name="Write").input_value()
        await _reply(desk, "Hello, this is the team. It takes 6–9 business days.")
        await expect(shop.get_by_role("log")).to_contain_text("Hello, this is the team.")
        await _say(shop, "Thank you!")
        await expect(desk.get_by_role("log").locator(".msg.shopper")).to_have_count(2)
        await expect(desk.get_by_role("log").locator(".msg.bot")).to_have_count(1)
        await desk.get_by_role("tab", name="Private note").click()
        await _reply(desk, "Was in a hurry")
        await expect(desk.locator(".msg.note:not(.unsent)")).to_contain_text("Was in a hurry")
        await expect(shop.locator("aisle-chat")).not_to_contain_text("Was in a hurry")
        await desk.get_by_role("button", name="Mark wrong").click()
        await desk.get_by_role("dialog").get_by_role("textbox").fill("Six to nine business days.")
        await desk.get_by_role("button", name="Suggest this answer").click()
        await expect(desk.get_by_role("log")).to_contain_text("Marked wrong")
        await desk.get_by_role("button", name="Back to bot").click()
        await expect(row).to_contain_text("Bot")
        await _say(shop, "Do you ship to Norway?")
        await expect(desk.get_by_role("log").locator(".msg.bot")).to_have_count(2)
        await shop.get_by_role("button", name="This helped").last.click()
        await expect(desk.get_by_role("log")).to_contain_text("Rated helpful")
        await expect(row).to_contain_text("Rated helpful")
        await desk.screenshot(path=SHOTS / "desk-real.png")


async def test_products_are_inserted_and_canned_replies_kept(serve: Serve) -> None:
    """Search finds the shop's own products; a canned reply written here is there after a reload."""
    base = serve().base
    async with chromium() as browser, tab(browser, locale="en-US") as shop, tab(browser, locale="en-US") as desk:
        await _sign_in(desk, base)
        await _ask(shop, base, CANADA)
        await desk.locator("button.row").click()
        await desk.locator(".thread-head").get_by_role("button", name="Claim").click()
        await expect(desk.get_by_role("textbox", name="Write")).to_be_visible()
        await desk.get_by_role("button", name="Insert product or passage").click()
        await desk.keyboard.type("Ridgeline 2 tent")
        await expect(desk.get_by_role("option").first).to_contain_text("Ridgeline 2 Tent")
        await desk.keyboard.press("Enter")
        written = await desk.get_by_role("textbox", name="Write").input_value()
        assert written.startswith("Ridgeline 2 Tent, ")
        assert "$" in written
        await desk.get_by_role("textbox", name="Write").fill("/")
        await desk.get_by_role("button", name="Edit canned replies…").click()
        await desk.get_by_role("button", name="Add").click()
        await desk.keyboard.type("trails")
        await desk.get_by_role("dialog").get_by_role("textbox", name="Text").last.fill("Happy trails!")
        await desk.get_by_role("button", name="Save").click()
        await expect(desk.get_by_role("dialog")).to_have_count(0)
        await desk.reload()
        await desk.get_by_role("textbox", name="Write").fill("/trails")
        await expect(desk.get_by_role("option")).to_contain_text("Happy trails!")
        await desk.keyboard.press("Enter")
        await desk.keyboard.press("Enter")
        await expect(shop.get_by_role("log")).to_contain_text("Happy trails!")


async def test_a_reply_written_while_the_server_is_away_arrives_once(data: Path, tmp_path: Path) -> None:
    """The server is killed and comes back on its port; the desk is right again, and the shopper reads it once."""
    async with chromium() as browser:
        with serving(environment(data), tmp_path / "first.log") as server:
            base = server.base
            shop, desk = await _pages(browser)
            await _sign_in(desk, base)
            await _ask(shop, base, CANADA)
            await desk.locator("button.row").click()
            await desk.locator(".thread-head").get_by_role("button", name="Claim").click()
            await expect(desk.get_by_role("textbox", name="Write")).to_be_visible()
            server.kill()
        await expect(desk.locator(".linked")).to_contain_text("No connection")
        await _reply(desk, "I am still here.")
        await expect(desk.locator(".unsent")).to_contain_text("Not sent yet")
        with serving(environment(data), tmp_path / "second.log", port=int(base.rpartition(":")[2])):
            for page in (desk, shop):
                await page.evaluate("dispatchEvent(new Event('online'))")
            await expect(shop.get_by_role("log")).to_contain_text("I am still here.", timeout=40_000)
            await expect(desk.locator(".linked")).to_have_text("Live")
            await expect(desk.locator(".unsent")).to_have_count(0)
            await expect(desk.locator(".msg.staff")).to_have_count(1)
            await expect(desk.locator("button.row")).to_contain_text("staff")
            await shop.context.close()
            await desk.context.close()


async def _pages(browser: Browser) -> tuple[Page, Page]:
    """Shop and desk; a server that is away is in the console, so nobody watches it here."""
    contexts = [await browser.new_context(locale="en-US") for _ in range(2)]
    return await contexts[0].new_page(), await contexts[1].new_page()
