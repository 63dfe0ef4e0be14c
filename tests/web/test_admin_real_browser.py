"""The admin's page on the real server in Chromium: from a broken upload to a roll-back, and every section opened."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.settings import DEV_STAFF_PASSWORD
from tests.support.fixtures import Serve
from tests.support.keeping import write_shop
from tests.support.running import Running
from tests.support.shopper import shopping

WAIT_MS, USUAL_MS = 60_000, 5_000
BROKEN = b'{"id": "zip", "questions": ["Do you mend zips?"], "answer": ""}\nnot json\n'
MENDED = b'{"id": "zip", "questions": ["Do you mend zips?"], "answer": "Yes, we mend zips for $12."}\n'


@pytest.fixture
def server(serve: Serve, tmp_path: Path) -> Running:
    """A server whose sources are those of a small shop; what serves at first is the sample shop's snapshot."""
    return serve(content=str(write_shop(tmp_path / "content")), generator="quote:")


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    """The page, opened by `admin`, who signed in on the way; afterwards no script failed and no policy was violated."""
    expect.set_options(timeout=WAIT_MS)
    complaints: list[str] = []
    profile = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    profile.set_default_timeout(WAIT_MS)
    opened = profile.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    opened.goto(server.base + "/admin#/build")
    opened.wait_for_url("**/signin?next=/admin**")
    opened.locator("#name").fill("admin")
    opened.locator("#password").fill(DEV_STAFF_PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/admin*")
    expect(opened.get_by_role("heading", level=1)).to_be_visible()
    yield opened
    profile.close()
    expect.set_options(timeout=USUAL_MS)
    assert [said for said in complaints if "status of 4" not in said] == []


def go(page: Page, section: str) -> None:
    """Open a section by its link."""
    page.locator(f"#to-{section}").click()
    expect(page.locator(f".section.{section} h1")).to_be_visible()


def test_from_a_broken_file_over_a_build_to_a_roll_back(page: Page) -> None:
    """Upload, problems, mended, check with its differences, build with progress, activate, answers, roll back."""
    go(page, "files")
    page.locator("#picker").set_input_files({"name": "faq.more.jsonl", "mimeType": "text/plain", "buffer": BROKEN})
    wrong = page.get_by_role("region", name="What is wrong, by place")
    expect(wrong.get_by_role("row")).to_have_count(3)
    expect(wrong.get_by_role("row").nth(1)).to_contain_text("uploads/faq.more.jsonl")
    page.locator("#picker").set_input_files({"name": "faq.more.jsonl", "mimeType": "text/plain", "buffer": MENDED})
    expect(page.get_by_role("row").filter(has_text="faq.more.jsonl")).to_contain_text("admin")

    go(page, "entries")
    page.get_by_role("searchbox").fill("zips")
    expect(page.get_by_role("row").filter(has_text="faq:zip")).to_contain_text("New, waits for a build")

    go(page, "build")
    serving = page.get_by_role("region", name="Serving now")
    before = serving.locator("code").first.inner_text()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("region", name="What would change")).to_contain_text("Do you mend zips?")
    page.get_by_role("button", name="Build", exact=True).click()
    panel = page.get_by_role("region", name="Build", exact=True)
    expect(panel).to_contain_text(re.compile("serves now|not activated"))
    force = panel.get_by_role("button", name="Activate anyway")
    if force.count():
        force.click()
    expect(serving.locator("code").first).not_to_have_text(before)
    expect(serving).to_contain_text("on 1 of 1 worker")

    go(page, "playground")
    page.get_by_label("Question", exact=True).fill("Do you mend zips?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="What the shopper sees")).to_contain_text("$12")
    page.get_by_role("button", name="Save as gold question").click()
    golds = page.get_by_role("region", name="Gold questions")
    expect(golds.get_by_role("row").filter(has_text="saved-")).to_contain_text("faq:zip")

    go(page, "build")
    page.get_by_role("button", name="Roll back").click()
    expect(serving.locator("code").first).to_have_text(before)
    expect(page.get_by_role("region", name="Workers")).to_contain_text(before)


async def chat(server: Running) -> None:
    """A shopper asks what nobody knows, then what is known, and says that it helped."""
    async with shopping(server.ws, lang="en") as shopper:
        await shopper.ask("Do you sell quantum toasters?")
        reply = await shopper.ask("How long does shipping to Canada take?")
        await shopper.send(type="rate", seq=reply["seq"], value=1)
        await shopper.until(lambda frame: frame["type"] == "rated")


def test_every_section_works_on_the_real_server(page: Page, server: Running) -> None:
    """Prices are changed, an entry is edited, an answer suggested and approved, an account added, all of it logged."""
    go(page, "prices")
    row = page.locator("tbody tr").first
    expect(row).to_be_visible()
    row.get_by_label("Stock now").fill("7")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("In answers now.")
    page.get_by_label("Only those changed here").check()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr").get_by_label("Stock now")).to_have_value("7")

    go(page, "entries")
    page.get_by_role("button", name="Edit:").first.click()
    box = page.get_by_role("dialog")
    box.locator("textarea").last.fill("Other words.")
    box.get_by_role("button", name="Save").click()
    expect(page.locator("tbody tr").first).to_contain_text("edited by admin")

    go(page, "suggestions")
    page.get_by_role("button", name="Suggest an entry").click()
    box = page.get_by_role("dialog")
    box.get_by_label("Questions").fill("Do you hem trousers?")
    box.get_by_label("Right answer").fill("No.")
    box.get_by_role("button", name="Suggest", exact=True).click()
    one = page.get_by_role("article", name="Do you hem trousers?")
    one.get_by_label("Right answer").fill("Yes, for $9.")
    one.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="No open suggestions")).to_be_visible()

    go(page, "insights")
    expect(page.get_by_role("heading", name="No conversations in this range")).to_be_visible()
    with ThreadPoolExecutor(1) as aside:  # Playwright's own loop runs in this thread.
        aside.submit(asyncio.run, chat(server)).result(WAIT_MS / 1000)
    page.get_by_role("button", name="7 days").click()
    expect(page.get_by_role("list", name="In short")).to_contain_text("Conversations1")
    expect(page.get_by_role("region", name="How conversations end").locator(".resolved").first).to_contain_text(
        "1 · 100%"
    )
    expect(page.get_by_role("img", name="Languages")).to_have_accessible_description("English: 1 · 100%")
    missed = page.get_by_role("region", name="Questions without an answer")
    expect(missed.get_by_role("row").nth(1)).to_contain_text("quantum")
    with page.expect_download() as sheet:
        missed.get_by_role("link", name="CSV").click()
    assert "quantum" in sheet.value.path().read_text("utf-8-sig")

    go(page, "people")
    page.get_by_role("button", name="Add an account").click()
    box = page.get_by_role("dialog")
    box.get_by_label("Name").fill("bo")
    box.get_by_label("Password").fill("a kettle for two")
    box.get_by_role("button", name="Add an account").click()
    page.get_by_role("button", name="Disable: bo").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("row").filter(has_text="bo")).to_contain_text("disabled")

    go(page, "privacy")
    page.get_by_label("Transcripts, in days").fill("90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Retention")).to_contain_text("Saved.")

    go(page, "log")
    for text in ("changed prices or stock", "changed a source", "approved a suggestion", "disabled an account"):
        expect(page.get_by_role("row").filter(has_text=text).first).to_be_visible()
