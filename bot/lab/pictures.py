"""README's pictures, taken from the running program: `python -m bot.lab.pictures`.

Starts a server of its own on a free port and a fresh data folder, chats with it in Chromium as a shopper would, and
saves what the pages show. Needs the system's Chromium and playwright, which `make test` installs.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.settings import DEV_STAFF_PASSWORD
from tests.support.browser import FLAGS
from tests.support.running import aisle, environment, serving
from tests.support.shopper import shopping

PICTURES = Path(__file__).resolve().parent / "pictures"
WIDE = {"width": 1280, "height": 860}


def widget(page: Page, base: str) -> None:
    """The sample shop with a chat in it: a cited answer and a product's card."""
    page.goto(base)
    page.get_by_role("button", name="Open chat").press("Enter")
    for question, answer in (
        ("How long does shipping to Canada take?", "6–9 business days"),
        ("How heavy is the Ridgeline 2 Tent?", "1,540 g"),
    ):
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        page.get_by_role("log").get_by_text(answer).first.wait_for()


def widget_zh(page: Page, base: str) -> None:
    """The same in Chinese, on a phone, in the dark."""
    page.goto(base + "/?lang=zh&theme=dark")
    page.locator("aisle-chat .launcher").press("Enter")
    page.keyboard.type("寄到加拿大要多久？")
    page.keyboard.press("Enter")
    page.get_by_role("log").get_by_text("6–9").first.wait_for()


def _sign_in(page: Page, base: str, name: str, path: str) -> None:
    page.goto(f"{base}/signin?next={path}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(DEV_STAFF_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}{path}**")


def desk(page: Page, base: str) -> None:
    """The desk, with a waiting conversation claimed."""
    _sign_in(page, base, "staff", "/staff")
    page.locator("button.row").filter(has_text="engrav").first.click()
    page.locator(".thread-head").get_by_role("button", name="Claim").click()
    page.get_by_text("Why this reply").first.click()
    page.get_by_role("textbox", name="Write").fill("Hello Ann, our workshop can do that. Which words would you like?")


def knowledge(page: Page, base: str) -> None:
    """Checking and building, with snapshots, workers and the schedule."""
    _sign_in(page, base, "admin", "/admin")
    page.locator("#to-build").click()
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("All sources can be read.").wait_for(timeout=120_000)


def playground(page: Page, base: str) -> None:
    """A question with everything that led to its answer."""
    _sign_in(page, base, "admin", "/admin")
    page.locator("#to-playground").click()
    page.get_by_label("Question", exact=True).fill("How much is express shipping to Japan?")
    page.keyboard.press("Enter")
    page.get_by_text("$36.95").first.wait_for()


def insights(page: Page, base: str) -> None:
    """What shoppers asked, how it ended, what is missing."""
    _sign_in(page, base, "admin", "/admin")
    page.locator("#to-insights").click()
    page.get_by_role("button", name="7 days").click()
    page.get_by_role("heading", name="How conversations end").wait_for()


WIDE_OPTIONS: dict[str, object] = {"viewport": WIDE, "locale": "en-US"}
SHOTS: dict[str, tuple[Callable[[Page, str], None], dict[str, object]]] = {
    "widget": (widget, WIDE_OPTIONS),
    "widget-zh": (widget_zh, {"viewport": {"width": 390, "height": 780}, "locale": "zh-CN"}),
    "desk": (desk, WIDE_OPTIONS),
    "knowledge": (knowledge, WIDE_OPTIONS),
    "playground": (playground, WIDE_OPTIONS),
    "insights": (insights, {"viewport": {"width": 1280, "height": 1500}, "locale": "en-US"}),
}

CHATS: tuple[tuple[str, ...], ...] = (
    ("How long does shipping to Canada take?", "thanks!"),
    ("How long does express shipping to Japan take?", "And how much is it?"),
    ("Tell me about the Ridgeline 2 Tent", "How heavy is it?", "That is too expensive"),
    ("帐篷保修多久？", "谢谢"),
    ("可以用支付宝付款吗？",),
    ("What is your return policy?", "thank you"),
    ("Do you rent out snow shoes?", "Can I rent a pair of snow shoes for a weekend?"),
    ("Is the Larch Pro Jacket in stock in size L?",),
    ("Can you engrave my initials on a spoon?", "Do you engrave cutlery with names?"),
    ("Can you engrave my initials on a cup?", "Engraving on a knife, please. I am Ann.", "talk to a person", "yes"),
)


async def chat(ws: str) -> None:
    """What shoppers of one day say, so that desk and figures have something to show."""
    for said in CHATS:
        async with shopping(ws) as shopper:
            for text in said:
                reply = await shopper.ask(text)
            if "thank" in said[-1] or "谢" in said[-1]:
                await shopper.send(type="rate", seq=reply["seq"], value=1)
                await shopper.until(lambda frame: frame["type"] == "rated")


def take(browser: Browser, base: str) -> None:
    """Take every picture."""
    for name, (show, options) in SHOTS.items():
        context = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
        page = context.new_page()
        show(page, base)
        page.wait_for_timeout(400)
        page.screenshot(path=str(PICTURES / f"{name}.png"))
        context.close()


def main() -> None:
    """Serve, take, stop."""
    folder = Path(tempfile.mkdtemp(prefix="aisle-pictures-"))
    env = environment(folder)
    try:
        aisle("kb", "build", env=env)
        with serving(env, folder / "log") as server:
            asyncio.run(chat(server.ws))
            _photograph(server.base)
    finally:
        shutil.rmtree(folder)


def _photograph(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        take(browser, base)
        browser.close()


if __name__ == "__main__":
    main()
