"""README's pictures, taken from the running program: `python -m bot.lab.pictures`.

Starts a server of its own on a free port and a fresh data folder, chats with it in Chromium as a shopper would, and
saves what the pages show. Needs the system's Chromium and playwright, which `make test` installs.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.settings import DEV_STAFF_PASSWORD
from tests.support.browser import FLAGS
from tests.support.running import aisle, environment, serving

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


def _sign_in(page: Page, base: str, name: str, then: str) -> None:
    page.goto(f"{base}/signin?next={then}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(DEV_STAFF_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{then}*")


SHOTS: dict[str, tuple[Callable[[Page, str], None], dict[str, object]]] = {
    "widget": (widget, {"viewport": WIDE, "locale": "en-US"}),
    "widget-zh": (widget_zh, {"viewport": {"width": 390, "height": 780}, "locale": "zh-CN"}),
}


def take(browser: Browser, base: str) -> None:
    """Take every picture."""
    for name, (show, options) in SHOTS.items():
        context = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
        page = context.new_page()
        show(page, base)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(PICTURES / f"{name}.png"))
        context.close()


def main() -> None:
    """Serve, take, stop."""
    folder = Path(tempfile.mkdtemp(prefix="aisle-pictures-"))
    env = environment(folder)
    try:
        aisle("kb", "build", env=env)
        with serving(env, folder / "log") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            take(browser, server.base)
            browser.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
