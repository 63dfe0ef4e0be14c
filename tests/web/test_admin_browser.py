"""The admin's page in Chromium, against a scripted server: every section, by mouse and by keyboard, in both languages.

Every test ends with no script error, no dialog and no violation of `default-src 'self'` (the fixture `visit` sees to
it). The last one runs against the real server.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.admin_stage import EVIL, Stage, refusal, score, staged

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Dialog

DEADLINE_S = 10.0
SHOTS = Path("/tmp/aisle-shots")
SECTIONS = (
    "insights", "suggestions", "entries", "files", "build", "prices", "playground", "people", "privacy", "log",
)  # fmt: skip
CONTRAST = """() => {
  const ink = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = colour => {
    ink.clearRect(0, 0, 1, 1); ink.fillStyle = colour; ink.fillRect(0, 0, 1, 1);
    return [...ink.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    throw new Error('no opaque ground');
  };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const drawn = node.closest('svg');
    if (!own || !node.checkVisibility() || node.closest('.sr, :disabled, option, title, desc, .skip')) continue;
    const [a, b] = [light(rgb(getComputedStyle(node)[drawn ? 'fill' : 'color'])), light(ground(drawn ?? node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${node.className}: ${node.textContent.slice(0, 40)}`);
  }
  return found;
}"""


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll until it holds, or fail."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, "the condition did not come about"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    """The scripted server, for all tests of this file."""
    with staged(wait_for) as stage:
        yield stage


@pytest.fixture
def stage(running: Stage) -> Stage:
    """The scripted server, as new."""
    running.forget()
    return running


@dataclass
class Visit:
    """Opens pages, each in a browser profile of its own, and remembers what the browser complained about."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    def open(self, url: str, **context: Any) -> Page:
        """A page, when it is ready to be used."""
        usual = {"locale": "en-US", "viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"}
        profile = self.browser.new_context(**{**usual, "timezone_id": "Europe/Berlin", **context})
        profile.set_default_timeout(DEADLINE_S * 1000)
        self.closing.append(profile.close)
        page = profile.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("dialog", self._dismiss)
        page.goto(url)
        return page

    def _hear(self, message: "ConsoleMessage") -> None:
        # A refusal is told by the browser too; that is no fault of the page.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _dismiss(self, dialog: "Dialog") -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Visits of this test; afterwards nothing failed and no policy was violated."""
    opened = Visit(browser)
    yield opened
    for close in opened.closing:
        close()
    assert opened.complaints == []


Open = Callable[..., Page]


@pytest.fixture
def at(visit: Visit, stage: Stage) -> Open:
    """Opens a section of the scripted server's page: `at("entries")`."""

    def open_(section: str, **context: Any) -> Page:
        page = visit.open(f"{stage.url}/admin#/{section}", **context)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    return open_


def button(page: Page | Locator, name: str) -> Locator:
    """A button by the beginning of its name."""
    return page.get_by_role("button", name=re.compile("^" + re.escape(name).replace("/", ".")))


def shot(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"admin-{name}.png", full_page=True)


# The frame


def test_the_keyboard_reaches_every_section_and_its_title_takes_the_focus(at: Open) -> None:
    """Tab and Enter go from one to the next; the rail says where one is."""
    page = at("log")
    rail = page.get_by_role("navigation", name="Sections")
    assert rail.get_by_role("link").count() == len(SECTIONS)
    for link in rail.get_by_role("link").all():
        link.focus()
        page.keyboard.press("Enter")
        expect(link).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(rail.locator("[aria-current]")).to_have_count(1)
    page.go_back()
    expect(rail.locator("[aria-current]")).to_have_text("Privacy")


def test_the_skip_link_is_first_and_leads_to_the_content(at: Open) -> None:
    """It does not count as a section's address."""
    page = at("entries")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert page.url.endswith("#/entries")


def test_who_is_not_signed_in_is_sent_to_the_door_and_back_to_the_place(at: Open, stage: Stage) -> None:
    """Also in the middle of the work, when the session has ended."""
    page = at("entries")
    expect(page.get_by_role("row")).not_to_have_count(0)
    stage.who = None
    button(page, "Hide: How long").click()
    page.wait_for_url("**/signin?next=%2Fadmin%23%2Fentries")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_is_readable_and_fits_from_a_phone_to_a_wide_screen(at: Open, section: str) -> None:
    """4.5:1 in light and dark, in both languages; nothing is cut off at 360 pixels, nothing needs a mouse."""
    contexts: dict[str, dict[str, Any]] = {
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark", "locale": "zh-CN"},
        "narrow": {"viewport": {"width": 360, "height": 740}},
    }
    for name, context in contexts.items():
        page = at(section, **context)
        expect(page.locator(".section [aria-busy]")).to_have_count(0)
        expect(page.locator(".section > *").nth(1)).to_be_attached()
        assert page.evaluate(CONTRAST) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        shot(page, f"{section}-{name}")
        if name == "dark":
            assert re.search("[一-龥]", page.get_by_role("heading", level=1).inner_text())


# Knowledge


def test_entries_tell_where_they_come_from_and_whether_they_answer(at: Open) -> None:
    """File and line, or who and when; in use, changed, new, left out and why, hidden; markup stays text."""
    page = at("entries")
    row = page.get_by_role("row")
    expect(row.filter(has_text="faq:gift-wrap")).to_contain_text("edited by ada")
    expect(row.filter(has_text="faq:gift-wrap")).to_contain_text("Changed, waits for a build")
    expect(row.filter(has_text="faq:gift-wrap")).to_contain_text("faq.en.jsonl:31")
    expect(row.filter(has_text="policy:warranty")).to_contain_text("the encoder gave no vector for it")
    expect(row.filter(has_text="faq:student")).to_contain_text("in no snapshot yet")
    expect(row.filter(has_text="promotion:winter")).to_contain_text("Hidden")
    expect(row.filter(has_text="policy:shipping#canada")).to_contain_text("In use")
    expect(page.get_by_role("button", name=EVIL, exact=True)).to_be_visible()


def test_searching_and_filtering_are_kept_in_the_address(at: Open) -> None:
    """So that reloading shows the same; nothing found says what to do."""
    page = at("entries")
    page.get_by_role("searchbox").fill("tent")
    page.get_by_label("Kind").select_option("product")
    expect(page.get_by_role("status").first).to_have_text("1 entry")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("tent")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("zebra")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()


def test_an_entry_is_edited_with_the_keyboard_alone(at: Open, stage: Stage) -> None:
    """The dialog takes the focus, Escape warns before it throws away, saving gives the focus back."""
    page = at("entries")
    title = page.get_by_role("button", name="Do you wrap gifts?", exact=True)
    title.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Edit entry")
    expect(box.get_by_label("Title")).to_be_focused()
    box.get_by_label("Answer or text").fill("Yes, for $5 an item.")
    page.keyboard.press("Escape")
    expect(box).to_contain_text("Not saved yet")
    button(box, "Save").focus()
    page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("after the next build")
    (body,) = stage.changes("PUT", "/api/knowledge/entries/faq:gift-wrap")
    assert body == {"title": "Do you wrap gifts?", "text": "Yes, for $5 an item.", "url": "", "questions": []}
    expect(page.get_by_role("row").filter(has_text="faq:gift-wrap")).to_contain_text("$5")


def test_a_new_entry_is_named_after_its_title(at: Open, stage: Stage) -> None:
    """And what the server refuses is told in the dialog, with its code, and nothing is lost."""
    page = at("entries")
    button(page, "New entry").click()
    box = page.get_by_role("dialog", name="New entry")
    box.get_by_label("Title").fill("Do you ship to Peru?")
    stage.refusals["PUT", "/api/knowledge/entries/faq:do-you-ship-to-peru"] = refusal(
        422, "bad_knowledge", "text: got nothing, wanted the answer, section or description"
    )
    button(box, "Save").click()
    expect(box.get_by_role("alert")).to_contain_text("text: got nothing, wanted the answer")
    expect(box.get_by_role("alert").locator("code")).to_have_text("bad_knowledge")
    expect(box.get_by_label("Title")).to_have_value("Do you ship to Peru?")
    stage.refusals.clear()
    box.get_by_label("Answer or text").fill("Not yet.")
    box.get_by_label("Kind").select_option("policy")
    expect(box.get_by_label("Questions")).to_be_hidden()
    button(box, "Save").click()
    expect(page.get_by_role("row").filter(has_text="policy:do-you-ship-to-peru")).to_contain_text("Not yet.")


def test_entries_are_hidden_shown_again_and_given_back_to_their_file(at: Open, stage: Stage) -> None:
    """Dropping an edit asks first; hiding does not, for it can be undone."""
    page = at("entries")
    button(page, "Show again: Winter sale").click()
    expect(button(page, "Show again: Winter sale")).to_have_count(0)
    button(page, "Hide: Shipping: Canada").click()
    expect(button(page, "Show again: Shipping: Canada")).to_be_visible()
    button(page, "Drop edit: Do you wrap").click()
    button(page.get_by_role("dialog"), "Cancel").click()
    assert stage.changes("DELETE", "/api/knowledge/entries/faq:gift-wrap") == []
    button(page, "Drop edit: Do you wrap").click()
    button(page.get_by_role("dialog"), "Drop edit").click()
    expect(button(page, "Hide: Do you wrap")).to_be_visible()


def test_a_broken_file_is_refused_with_every_place_and_a_mended_one_is_kept(at: Open, stage: Stage) -> None:
    """Picked files go with the folder asked for; problems are a table by file, line and column."""
    page = at("files")
    expect(page.get_by_role("heading", name="No files uploaded")).to_be_visible()
    problems = [
        {"file": "uploads/faq.en.jsonl", "line": 3, "column": "answer", "found": "nothing", "wanted": "text"},
        {"file": "uploads/faq.en.jsonl", "line": 9, "column": "", "found": EVIL, "wanted": "a JSON object"},
    ]
    stage.refusals["POST", "/api/knowledge/files"] = refusal(422, "bad_knowledge", "2 places", problems=problems)
    page.locator("#picker").set_input_files({"name": "faq.en.jsonl", "mimeType": "text/plain", "buffer": b"{}"})
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept: 2 places are wrong")
    wrong = page.get_by_role("region", name="What is wrong, by place")
    expect(wrong).to_be_focused()
    expect(wrong.get_by_role("row").nth(1)).to_contain_text("3")
    expect(wrong.get_by_role("row").nth(2)).to_contain_text(EVIL)
    stage.refusals.clear()
    page.get_by_text("Into a folder").click()
    page.get_by_label("Folder").fill("/policies/en/")
    page.locator("#picker").set_input_files({"name": "care.md", "mimeType": "text/plain", "buffer": b"# Care"})
    expect(page.get_by_role("row").filter(has_text="policies/en/care.md")).to_contain_text("5.2 kB")
    button(page, "Remove: policies/en/care.md").click()
    button(page.get_by_role("dialog"), "Remove").click()
    expect(page.get_by_role("heading", name="No files uploaded")).to_be_visible()


def test_a_file_is_dropped_onto_the_page(at: Open, stage: Stage) -> None:
    """As well as picked."""
    page = at("files")
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File(['# Care'], 'care.md'));
      document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    }""")
    expect(page.get_by_role("row").filter(has_text="care.md")).to_be_visible()
    assert stage.changes("POST", "/api/knowledge/files") == [["care.md"]]


def test_a_check_tells_problems_differences_and_the_gold_questions(at: Open, stage: Stage) -> None:
    """Added, changed and removed entries, prices and stock before and after, scores before and after."""
    stage.data["check"]["problems"] = [
        {"file": "products.csv", "line": 7, "column": "Variant Price", "found": "'free'", "wanted": "an amount"}
    ]
    stage.data["check"]["gold"] = {"before": score(66), "after": score(60, ("returns-1",)), "unknown": ["faq:gone"]}
    page = at("build")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("region", name="Problems").get_by_role("row").nth(1)).to_contain_text("Variant Price")
    diff = page.get_by_role("region", name="What would change")
    for text in ("Is there a student discount?", "Do you wrap gifts?", "Winter sale", "389.00", "→ 349.00", "→ 18"):
        expect(diff).to_contain_text(text)
    gold = page.get_by_role("region", name="Gold questions")
    expect(gold).to_contain_text("66 / 68")
    expect(gold).to_contain_text("60 / 68")
    expect(gold).to_contain_text("6 questions do worse than now.")
    shot(page, "checked")


def test_a_build_is_watched_as_it_goes_and_serves_at_its_end(at: Open, stage: Stage) -> None:
    """Stage, count, rate and time left come by server-sent events; the page says what serves."""
    page = at("build")
    page.get_by_role("button", name="Build", exact=True).click()
    panel = page.get_by_role("region", name="Build", exact=True)
    stage.set_run("r1", stage="embed", done=150, total=600, rate=30.0, left_s=15.0)
    expect(panel).to_contain_text("Embedding")
    expect(panel).to_contain_text("150 of 600")
    expect(panel).to_contain_text("30 a second · about 15 s left")
    assert panel.get_by_role("progressbar").evaluate("bar => bar.value") == 0.25
    assert stage.changes("POST", "/api/knowledge/build") == [{"activate": True, "force": False, "skip_bad": False}]
    stage.data["standing"]["items"][0]["current"], stage.data["standing"]["items"][1]["current"] = True, False
    gold = {"before": score(66), "after": score(67)}
    stage.set_run("r1", state="done", version="s-0043", activated=True, gold=gold, seconds=21.0)
    expect(panel).to_contain_text("s-0043 serves now.")
    expect(panel).to_contain_text("Took 21 s")
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("s-0043")
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("on 0 of 3 workers")


def test_a_build_is_cancelled(at: Open, stage: Stage) -> None:
    """It says that what served goes on serving."""
    page = at("build")
    page.get_by_role("button", name="Build", exact=True).click()
    panel = page.get_by_role("region", name="Build", exact=True)
    button(panel, "Cancel").click()
    expect(panel).to_contain_text("Cancelled. What served goes on serving.")
    assert len(stage.changes("POST", "/api/knowledge/runs/r1/cancel")) == 1
    expect(button(panel, "Build again")).to_be_visible()


def test_what_failed_is_listed_and_tried_again_with_one_button(at: Open, stage: Stage) -> None:
    """Entries that could not be embedded are named with the reason."""
    page = at("build")
    page.get_by_role("button", name="Build", exact=True).click()
    panel = page.get_by_role("region", name="Build", exact=True)
    lost = [{"id": "policy:warranty:en", "why": "the encoder was away"}]
    stage.set_run("r1", state="done", version="s-0043", failed=lost, why="1 entries are left out")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("the encoder was away")
    button(panel, "Try 1 failed entry again").click()
    stage.set_run("r2", stage="embed", done=1, total=1)
    expect(page.get_by_role("region", name="Build", exact=True)).to_contain_text("1 of 1")
    assert len(stage.changes("POST", "/api/knowledge/runs/r1/retry")) == 1


def test_a_build_below_the_bar_serves_only_after_an_explicit_yes(at: Open, stage: Stage) -> None:
    """The reason is told; "Activate anyway" forces it."""
    page = at("build")
    page.get_by_role("button", name="Build", exact=True).click()
    panel = page.get_by_role("region", name="Build", exact=True)
    why = "51 of 68 gold questions found their entry, wanted at least 58"
    stage.set_run("r1", state="done", version="s-0043", gold={"before": score(66), "after": score(51)}, why=why)
    expect(panel.get_by_role("alert")).to_contain_text(why)
    assert stage.changes("POST", "/api/knowledge/snapshots/s-0043/activate") == []
    button(panel, "Activate anyway").click()
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("s-0043")
    assert stage.changes("POST", "/api/knowledge/snapshots/s-0043/activate") == [{"force": True}]


def test_a_snapshot_of_the_list_below_the_bar_is_asked_about(at: Open, stage: Stage) -> None:
    """Saying no leaves what serves; saying yes activates it on every worker."""
    page = at("build")
    button(page, "Activate: s-0043").click()
    box = page.get_by_role("dialog", name="Are you sure?")
    expect(box).to_contain_text("51 of 68 gold questions")
    button(box, "Cancel").click()
    serving = page.get_by_role("region", name="Serving now")
    expect(serving).to_contain_text("s-0042")
    button(page, "Activate: s-0043").click()
    button(page.get_by_role("dialog"), "Activate anyway").click()
    expect(serving).to_contain_text("s-0043")
    expect(page.get_by_role("region", name="Workers").get_by_text("s-0043")).to_have_count(3)
    assert stage.changes("POST", "/api/knowledge/snapshots/s-0043/activate")[-1] == {"force": True}


def test_rolling_back_is_one_click(at: Open, stage: Stage) -> None:
    """And the page says what serves now."""
    page = at("build")
    button(page, "Roll back").click()
    expect(page.locator("#toast")).to_have_text("Rolled back: s-0041 serves now.")
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("s-0041")
    assert len(stage.changes("POST", "/api/knowledge/rollback")) == 1


def test_another_admins_build_is_shown_and_mine_is_told_to_wait(at: Open, stage: Stage) -> None:
    """Whose it is and how far; a second build is refused with the server's words."""
    stage.set_run("r9", by="bo", stage="embed", done=1, total=4)
    page = at("build")
    expect(page.get_by_role("heading", name="bo is building")).to_be_visible()
    refused = refusal(409, "building", "bo is building since 10:00, wanted to wait until it is over")
    stage.refusals["POST", "/api/knowledge/build"] = refused
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Another build is running")
    expect(page.get_by_role("alert")).to_contain_text("bo is building since 10:00")


def test_workers_that_lag_and_a_redis_that_is_away_are_told(at: Open, stage: Stage) -> None:
    """The page looks again by itself."""
    stage.data["standing"]["workers"][1]["version"] = "s-0041"
    page = at("build")
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("on 2 of 3 workers")
    expect(page.get_by_role("region", name="Workers")).to_contain_text("switching")
    stage.data["standing"]["workers"] = None
    expect(page.get_by_role("region", name="Workers")).to_contain_text("Redis is away")


def test_the_schedule_is_turned_on_and_says_when_it_runs_next(at: Open, stage: Stage) -> None:
    """With the last result once there is one."""
    page = at("build")
    card = page.get_by_role("region", name="By itself")
    expect(card).to_contain_text("It has not run yet.")
    card.get_by_label("Re-sync on a schedule").check()
    card.get_by_label("How often").select_option("900")
    button(card, "Save").click()
    expect(card).to_contain_text("Next: 22 Nov 2026, 12:00")
    assert stage.changes("PUT", "/api/knowledge/watch") == [{"enabled": True, "every_s": 900}]


def test_a_price_and_a_stock_are_changed_in_the_row(at: Open, stage: Stage) -> None:
    """Enter saves; what cannot be is told at once; empty takes it back; a refusal names the column."""
    page = at("prices")
    row = page.get_by_role("row").filter(has_text="RDG-2-GRN")
    row.get_by_label("Price now").fill("cheap")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_have_text("A price is a number as 149.00, or empty.")
    expect(row.get_by_label("Price now")).to_have_attribute("aria-invalid", "true")
    row.get_by_label("Price now").fill("349.00")
    row.get_by_label("Stock now").fill("4")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("In answers now.")
    assert stage.changes("PATCH", "/api/products") == [{"items": [{"sku": "RDG-2-GRN", "price": "349.00", "stock": 4}]}]
    other = page.get_by_role("row").filter(has_text="MSH-2-BLU")
    other.get_by_label("Price now").fill("")
    button(other, "Save").click()
    expect(other).to_contain_text("As in the files again.")
    problem = {"index": 0, "sku": "EMB-STV", "column": "sku", "found": "'EMB-STV'", "wanted": "a SKU that serves"}
    stage.refusals["PATCH", "/api/products"] = refusal(422, "bad_knowledge", "…", problems=[problem])
    third = page.get_by_role("row").filter(has_text="EMB-STV")
    third.get_by_label("Stock now").fill("1")
    button(third, "Save").click()
    expect(third).to_contain_text("sku: got 'EMB-STV', wanted a SKU that serves")


# Playground, suggestions


def test_the_playground_shows_all_that_led_to_the_answer_and_saves_a_gold_question(at: Open, stage: Stage) -> None:
    """Query, hits with scores, prompt, draft, verdict by claim, time by stage; then the expected passage is kept."""
    page = at("playground")
    page.get_by_label("Question", exact=True).fill("How long does shipping to Canada take?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="What the shopper sees")).to_contain_text("6–9 business days")
    why = page.get_by_role("region", name="How it came about")
    expect(why).to_contain_text("shipping to Canada how long")
    expect(why.get_by_role("listitem").filter(has_text="by Friday")).to_contain_text("not supported")
    expect(page.get_by_role("img", name="Time by stage")).to_be_visible()
    expect(page.get_by_text("455 ms in all, the first word after 230 ms")).to_be_visible()
    page.get_by_text("Draft", exact=True).click()
    expect(page.get_by_text("It arrives by Friday.")).to_be_visible()
    page.get_by_role("radio", name="Expect When is shipping free?").check()
    button(page, "Save as gold question").click()
    golds = page.get_by_role("region", name="Gold questions")
    expect(golds.get_by_role("row").filter(has_text="saved-1")).to_contain_text("faq:free-shipping:en")
    saved = {"question": "How long does shipping to Canada take?", "lang": "en", "passage": "faq:free-shipping:en"}
    assert stage.changes("POST", "/api/gold") == [saved]
    button(golds, "Remove: How long does").click()
    button(page.get_by_role("dialog"), "Remove").click()
    expect(golds.get_by_role("row").filter(has_text="saved-1")).to_have_count(0)


def test_gold_questions_show_how_they_did_in_the_latest_build(at: Open, stage: Stage) -> None:
    """Found or missed, with the score of all."""
    gold = {"before": None, "after": score(67, ("returns-1",))}
    stage.set_run("r1", state="done", version="s-0042", gold=gold)
    page = at("playground")
    golds = page.get_by_role("region", name="Gold questions")
    expect(golds).to_contain_text("67 of 68 found in the latest build (s-0042).")
    expect(golds.get_by_role("row").filter(has_text="returns-1")).to_contain_text("missed")


def test_a_suggestion_is_edited_and_approved_or_rejected(at: Open, stage: Stage) -> None:
    """What is approved is what the admin left; who was faster is told; then the list says what to do."""
    page = at("suggestions")
    one = page.get_by_role("article", name="Can I wash the down jacket?")
    expect(one.get_by_role("link", name="Open the conversation")).to_have_attribute("href", "/staff?open=c-88")
    one.get_by_label("Right answer").fill("Yes, at 30 °C, with down soap.")
    stage.refusals["POST", "/api/suggestions/7/approve"] = refusal(409, "bad_phase", "it is rejected already")
    button(one, "Approve").click()
    expect(one.get_by_role("alert")).to_contain_text("it is rejected already")
    stage.refusals.clear()
    button(one, "Approve").click()
    expect(page.get_by_role("heading", name="No open suggestions")).to_be_visible()
    wanted = {"questions": ["Can I wash the down jacket?"], "answer": "Yes, at 30 °C, with down soap."}
    assert stage.changes("POST", "/api/suggestions/7/approve")[-1] == wanted
    page.get_by_label("State").select_option("approved")
    expect(one.get_by_label("Right answer")).to_have_attribute("readonly", "")


# Insights


def test_insights_have_a_table_behind_each_chart_and_a_definition_for_each_number(at: Open) -> None:
    """Outcomes stand apart with what they mean; pictures have names; tables are CSV too, of the same range."""
    page = at("insights?from=2026-11-01&to=2026-11-10")
    expect(page.get_by_role("img", name="Conversations by day")).to_be_visible()
    for name in ("Messages by day", "When shoppers write", "Languages", "Ratings"):
        expect(page.get_by_role("img", name=name)).to_be_attached()
    ends = page.get_by_role("region", name="How conversations end")
    for name in ("Resolved", "Assumed resolved", "Abandoned", "Escalated", "Reopened", "Going on"):
        expect(ends.get_by_text(name, exact=True)).to_be_visible()
    expect(ends).to_contain_text("The shopper did not say so.")
    page.get_by_text("Show as a table").first.click()
    assert page.locator("figure").first.locator("tbody tr").count() == 10
    expect(page.locator("figure").first.locator("tbody tr").first).to_contain_text("1 Nov")
    link = page.get_by_role("region", name="Questions without an answer").get_by_role("link", name="CSV")
    expect(link).to_have_attribute(
        "href", "/api/insights/unanswered.csv?from=2026-11-01&to=2026-11-11&timezone=Europe%2FBerlin"
    )
    page.get_by_text("What the numbers mean").click()
    expect(page.get_by_text("Conversations that the shopper began in the range.")).to_be_visible()


def test_a_question_without_an_answer_becomes_a_suggestion(at: Open, stage: Stage) -> None:
    """All that were asked alike are answered at once; one that has a suggestion says so."""
    page = at("insights")
    missed = page.get_by_role("region", name="Questions without an answer")
    expect(missed.get_by_role("row").filter(has_text="可以开发票吗")).to_contain_text("Open")
    button(missed, "Write an answer: Do you repair").click()
    box = page.get_by_role("dialog", name="Write an answer")
    expect(box.get_by_label("Right answer")).to_be_focused()
    page.keyboard.type("Yes, poles are mended for free.")
    button(box, "Suggest").click()
    expect(page.locator("#toast")).to_have_text("Suggested.")
    (body,) = stage.changes("POST", "/api/suggestions")
    assert body["questions"][1] == "my tent pole snapped, can you fix it"
    assert (body["lang"], body["answer"]) == ("en", "Yes, poles are mended for free.")


def test_a_range_without_conversations_says_what_to_do(at: Open, stage: Stage) -> None:
    """Instead of charts of nothing."""
    stage.data["insights"] = {"totals": {"conversations": 0}}
    page = at("insights")
    expect(page.get_by_role("heading", name="No conversations in this range")).to_be_visible()
    button(page, "7 days").click()
    expect(button(page, "7 days")).to_have_attribute("aria-pressed", "true")


# House


def test_accounts_are_added_disabled_and_enabled(at: Open, stage: Stage) -> None:
    """One's own cannot be disabled; a refusal is told in the dialog."""
    page = at("people")
    expect(page.get_by_role("row").filter(has_text="you").get_by_role("button")).to_have_count(0)
    button(page, "Disable: mei").click()
    button(page.get_by_role("dialog"), "Disable").click()
    expect(page.get_by_role("row").filter(has_text="mei")).to_contain_text("disabled")
    button(page, "Enable: mei").click()
    expect(button(page, "Disable: mei")).to_be_visible()
    button(page, "Add an account").click()
    box = page.get_by_role("dialog", name="Add an account")
    box.get_by_label("Name").fill("bo")
    box.get_by_label("Password").fill("short")
    stage.refusals["POST", "/api/accounts"] = refusal(
        422, "bad_account", "password: got 5 characters, wanted 10 to 256"
    )
    button(box, "Add an account").click()
    expect(box.get_by_role("alert")).to_contain_text("got 5 characters")
    stage.refusals.clear()
    box.get_by_label("Password").fill("a kettle for two")
    button(box, "Add an account").click()
    expect(page.get_by_role("row").filter(has_text="bo")).to_contain_text("Staff")


def test_the_log_is_filtered_and_paged(at: Open) -> None:
    """Newest first, fifty at a time, in words."""
    page = at("log")
    expect(page.locator("tbody tr")).to_have_count(50)
    button(page, "Show more").click()
    expect(page.locator("tbody tr")).to_have_count(60)
    expect(button(page, "Show more")).to_be_hidden()
    page.get_by_label("What").select_option("conversation")
    expect(page.locator("tbody tr")).to_have_count(30)
    expect(page.locator("tbody tr").first).to_contain_text("claimed a conversation")
    page.get_by_label("By whom").fill("nobody")
    expect(page.get_by_role("heading", name="Nothing in the log")).to_be_visible()


def test_retention_is_set_and_a_shopper_is_erased_with_a_receipt(at: Open, stage: Stage) -> None:
    """Days that cannot be are not sent; erasing asks first; the receipt says what is gone and takes the focus."""
    page = at("privacy")
    page.get_by_label("Transcripts, in days").fill("-3")
    button(page, "Save").click()
    expect(page.get_by_role("alert")).to_have_text("Days are a whole number from 0.")
    page.get_by_label("Transcripts, in days").fill("90")
    button(page, "Save").click()
    expect(page.get_by_role("region", name="Retention")).to_contain_text("Saved.")
    assert stage.changes("PUT", "/api/retention")[0]["transcripts_days"] == 90
    card = page.get_by_role("region", name="Erase a shopper")
    card.get_by_label("Which one").fill("jo@example.com")
    button(card, "Erase").click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("jo@example.com")
    button(box, "Erase").click()
    expect(card.get_by_role("heading", name="Receipt", exact=True)).to_be_visible()
    expect(card).to_contain_text("e-5")
    expect(card).to_contain_text("id: x-9 · by: mei")
    assert stage.changes("POST", "/api/shoppers/erase") == [{"email": "jo@example.com"}]


def test_a_server_that_is_away_is_told_where_it_was_asked(at: Open, visit: Visit) -> None:
    """In words, and nothing else on the page breaks."""
    page = at("people")
    page.context.set_offline(True)
    button(page, "Disable: mei").click()
    button(page.get_by_role("dialog"), "Disable").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection to the server.")
    expect(page.get_by_role("row").filter(has_text="mei")).to_contain_text("may sign in")
    visit.complaints[:] = [said for said in visit.complaints if "ERR_INTERNET_DISCONNECTED" not in said]
