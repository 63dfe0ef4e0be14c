"""The desk's page in Chromium, against a scripted server that speaks the desk's protocol.

Every test ends with no script error, no dialog of the browser and no violation of `default-src 'self'`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, expect

from bot import desk_frames as out
from tests.support.busy_desk import busy
from tests.support.scripted_desk import CITATION, DEADLINE_S, START, WHY, Counter, running

SHOTS = Path("/tmp/aisle-shots")
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
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
    return rgb(getComputedStyle(document.documentElement).backgroundColor);
  };
  const found = [];
  for (const node of document.querySelectorAll('#desk *')) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility() || node.closest('.sr, :disabled, [aria-disabled=true]')) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.className + ': ' + node.textContent]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def _counter() -> Iterator[Counter]:
    with running() as counter:
        yield counter


@pytest.fixture
def counter(_counter: Counter) -> Counter:
    """The scripted server with nothing in its list, `mei` signed in."""
    _counter.forget()
    return _counter


@dataclass
class Visit:
    """Opens desks, each in a browser profile of its own, and remembers what the browser complained about."""

    browser: Browser
    counter: Counter
    complaints: list[str] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    def open(self, path: str = "/staff", **context: Any) -> Page:
        """A desk, when it is live."""
        page = self.page(path, **context)
        expect(page.locator(".linked")).to_have_attribute("data-is", "open")
        return page

    def page(self, path: str, **context: Any) -> Page:
        """A page, as it comes."""
        settings = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        profile = self.browser.new_context(**{**settings, **context})
        profile.set_default_timeout(DEADLINE_S * 1000)
        self.closing.append(profile.close)
        page = profile.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)
        page.goto(self.counter.url + path)
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        refused = self.counter.refusing and "WebSocket" in message.text
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)


@pytest.fixture
def visit(browser: Browser, counter: Counter) -> Iterator[Visit]:
    """Visits of this test; afterwards the browser has complained about nothing."""
    expect.set_options(timeout=DEADLINE_S * 1000)
    opened = Visit(browser, counter)
    yield opened
    for close in opened.closing:
        close()
    assert opened.complaints == []


def row(page: Page, conversation: str) -> Locator:
    """A conversation's line in the list."""
    return page.locator(f"[data-conversation='{conversation}']")


def order(page: Page) -> list[str]:
    """The conversations of the list from top to bottom."""
    found: list[str] = page.locator("button.row").evaluate_all("rows => rows.map(row => row.dataset.conversation)")
    return found


def log(page: Page) -> Locator:
    """What was said in the open conversation."""
    return page.get_by_role("log")


def field_(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_role("textbox", name="Write")


def mine(counter: Counter, conversation: str = "c-1") -> None:
    """A conversation that mei has."""
    counter.add(conversation, "Can I return boots?", lang="en")
    counter.speak(conversation, "shopper", "Can I return boots?")
    counter.change(conversation, phase="staff", staff="mei")


def shot(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"desk-{name}.png")


def test_the_list_is_live_sorted_filtered_and_counted(visit: Visit, counter: Counter) -> None:
    """Waiting ones first, the longest first; a change moves a line at once; filters show their part and its count."""
    busy(counter)
    page = visit.open()
    expect(row(page, "c-zh")).to_contain_text("Angry")
    assert order(page) == ["c-zh", "c-order", "c-boots", "c-omar", "c-bot-1", "c-bot-2", "c-bot-3", "c-done"]
    counter.wait("c-bot-2", "no_knowledge", 60)
    expect(row(page, "c-bot-2")).to_contain_text("Bot had no answer")
    assert order(page)[:3] == ["c-bot-2", "c-zh", "c-order"]
    expect(row(page, "c-bot-2")).to_contain_text("waiting 1 h 0 min")
    expect(page.locator(".filter.waiting b")).to_have_text("3")
    page.get_by_role("radio", name="Mine").check(force=True)
    expect(page.locator("button.row")).to_have_count(1)
    counter.tell(out.Gone(conversation="c-boots"))
    expect(page.locator("button.row")).to_have_count(0)
    expect(page.get_by_text("You have no conversation just now.")).to_be_visible()


def test_waiting_time_ticks(visit: Visit, counter: Counter) -> None:
    """The time of who waits goes on without a frame."""
    counter.add("c-1", "Hello?")
    counter.wait("c-1", "shopper_asked", 1)
    page = visit.open()
    first = row(page, "c-1").locator(".since").text_content() or ""
    expect(row(page, "c-1").locator(".since")).not_to_have_text(first)


def test_who_begins_to_wait_is_in_the_title_read_out_and_heard(visit: Visit, counter: Counter) -> None:
    """The title counts, a live region says the reason, and tones are made once the sound is on."""
    counter.add("c-1", "Where is my parcel?")
    page = visit.page("/staff")
    page.add_init_script(
        "window.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (at) { window.tones++; return start.call(this, at); };"
    )
    page.reload()
    expect(page.locator(".linked")).to_have_attribute("data-is", "open")
    assert page.title() == "Desk · Aisle"
    counter.wait("c-1", "anger", 0)
    expect(page.locator("#desk > .sr[role=status]")).to_have_text("Somebody is waiting: Angry")
    expect(page).to_have_title("(1) Desk · Aisle")
    assert page.evaluate("window.tones") == 0
    page.get_by_role("button", name="Sound for a new waiting shopper").click()
    tried = page.evaluate("window.tones")
    assert tried > 0
    page.reload()
    expect(page.get_by_role("button", name="Sound for a new waiting shopper")).to_have_attribute("aria-pressed", "true")
    counter.change("c-1", phase="bot", waiting_since=None)
    expect(page).to_have_title("Desk · Aisle")
    assert page.evaluate("window.tones") == 0
    counter.wait("c-1", "anger", 0)
    expect(page).to_have_title("(1) Desk · Aisle")
    page.wait_for_function("window.tones > 0")


def test_a_conversation_streams_with_citations_and_reasons(visit: Visit, counter: Counter) -> None:
    """Deltas grow the reply, the message takes their place, and what it rests on can be opened."""
    counter.add("c-1", "Can I return worn boots?")
    counter.speak("c-1", "shopper", "Can I return worn boots?")
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Can I return worn boots?")
    counter.tell(out.DeltaFrame(conversation="c-1", turn=1, offset=0, text="Yes, within 60"), "c-1")
    expect(page.locator(".live")).to_contain_text("Yes, within 60")
    counter.tell(out.DeltaFrame(conversation="c-1", turn=1, offset=14, text=" days"), "c-1")
    expect(page.locator(".live .text")).to_have_text("Yes, within 60 days")
    counter.speak("c-1", "bot", "Yes, within 60 days [1].", turn=1, citations=(CITATION,), why=WHY)
    expect(page.locator(".live")).to_be_hidden()
    expect(log(page)).to_contain_text("Yes, within 60 days")
    page.get_by_text("Why this reply").click()
    told = page.locator("details.why")
    for part in (
        "return worn boots after two weeks",
        "copy:",
        "How do I care for my boots?",
        "0.78",
        "60 days",
        "13 ms",
    ):
        expect(told).to_contain_text(part)
    counter.tell(out.RatedFrame(conversation="c-1", seq=2, value=-1), "c-1")
    expect(log(page)).to_contain_text("Rated not helpful")
    expect(told).to_have_attribute("open", "")
    page.get_by_role("button", name="Source 1: Returns: worn items").click()
    expect(page.get_by_role("dialog")).to_contain_text("if the sole is not damaged")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_claim_reply_note_give_back_and_close_by_keyboard_alone(visit: Visit, counter: Counter) -> None:
    """From the list to the end of a conversation without a pointer."""
    counter.add("c-1", "Can I talk to a person?")
    counter.speak("c-1", "shopper", "Can I talk to a person?")
    counter.wait("c-1", "shopper_asked", 1)
    counter.add("c-2", "Other")
    page = visit.open()
    page.keyboard.press("l")
    expect(row(page, "c-1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "c-2")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Can I talk to a person?")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator(".hold").get_by_role("button", name="Claim")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field_(page)).to_be_visible()
    expect(log(page)).to_contain_text("You: claimed the conversation")
    page.keyboard.press("r")
    expect(field_(page)).to_be_focused()
    page.keyboard.type("Hello, this is Mei.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("How can I help?")
    page.keyboard.press("Enter")
    expect(log(page).locator(".msg.staff")).to_contain_text("Hello, this is Mei.\nHow can I help?")
    assert field_(page).input_value() == ""
    page.keyboard.press("Escape")
    expect(row(page, "c-1")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("Wants a refund")
    page.keyboard.press("Enter")
    expect(log(page).locator(".msg.note")).to_contain_text("Wants a refund")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(row(page, "c-1")).to_contain_text("Bot")
    page.keyboard.press("c")
    expect(log(page).locator(".event.claim")).to_have_count(2)
    # The event comes before the summary, and only the summary says whose it is.
    expect(row(page, "c-1")).to_contain_text("mei")
    page.keyboard.press("Shift+X")
    expect(row(page, "c-1")).to_contain_text("Closed")
    page.keyboard.press("r")
    expect(page.get_by_text("This conversation is closed.")).to_be_visible()
    acts = [f.type for f in counter.said(out.Act)]
    assert acts == ["claim", "give_back", "claim", "close"]
    assert [f.text for f in counter.said(out.Reply)] == ["Hello, this is Mei.\nHow can I help?"]


def test_a_lost_claim_is_told_kindly(visit: Visit, counter: Counter) -> None:
    """Of two who press at once, the second one is told who was quicker; nothing is broken."""
    counter.add("c-1", "Help")
    counter.wait("c-1", "shopper_asked", 1)
    counter.rival = "omar"
    page = visit.open("/staff?open=c-1")
    page.locator(".thread-head").get_by_role("button", name="Claim").click()
    expect(page.locator(".notices")).to_contain_text("omar was a moment quicker")
    expect(page.locator(".hold")).to_contain_text("omar has this conversation")
    expect(page.locator(".thread-head").get_by_role("button", name="Back to queue")).to_be_visible()


def test_a_reply_to_a_conversation_that_somebody_took_is_kept(visit: Visit, counter: Counter) -> None:
    """It says why it was not sent, and can be taken back into the field, discarded or tried again."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    field_(page).fill("My long answer")
    counter.talks["c-1"].summary = counter.talks["c-1"].summary.model_copy(update={"staff": "omar"})
    page.keyboard.press("Enter")
    unsent = page.locator(".unsent")
    expect(unsent).to_contain_text("Could not be sent.")
    page.reload()
    expect(unsent).to_contain_text("My long answer")
    counter.change("c-1", staff="mei")
    unsent.get_by_role("button", name="Edit").click()
    expect(field_(page)).to_have_value("My long answer")
    expect(unsent).to_have_count(0)


def test_after_a_cut_everything_is_right_again_and_no_reply_is_doubled(visit: Visit, counter: Counter) -> None:
    """What happened meanwhile is there once; what was written meanwhile goes out once, under its first id."""
    mine(counter)
    counter.add("c-2", "Old")
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Can I return boots?")
    counter.muted = True
    field_(page).fill("Sent into the void")
    page.keyboard.press("Enter")
    counter.wait_for(lambda: len(counter.said(out.Reply)) == 1)
    counter.refusing = True
    counter.cut()
    expect(page.locator(".linked")).to_have_text("No connection. We keep trying; what you send is kept.")
    field_(page).fill("Written without a line")
    page.keyboard.press("Enter")
    expect(page.locator(".unsent").last).to_contain_text("Not sent yet")
    expect(page.get_by_role("button", name="Close", exact=True)).to_have_attribute("aria-disabled", "true")
    counter.speak("c-1", "shopper", "Are you still there?")
    del counter.talks["c-2"]
    counter.add("c-3", "New")
    counter.muted = counter.refusing = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".unsent")).to_have_count(0)
    texts = log(page).locator(".msg .text")
    expect(texts).to_have_text(
        ["Can I return boots?", "Are you still there?", "Sent into the void", "Written without a line"]
    )
    assert order(page) == ["c-1", "c-3"]
    replies = counter.said(out.Reply)
    assert [f.text for f in replies].count("Sent into the void") == 2
    assert len({f.id for f in replies}) == 2


def test_unsent_replies_outlive_the_page_and_belong_to_who_wrote_them(visit: Visit, counter: Counter) -> None:
    """After a reload they go out; when somebody else has signed in meanwhile, not in their name."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    counter.refusing = True
    counter.cut()
    field_(page).fill("Written without a line")
    page.keyboard.press("Enter")
    expect(page.locator(".unsent")).to_contain_text("Not sent yet")
    counter.refusing = False
    counter.signed = {"name": "omar", "role": "staff"}
    page.reload()
    expect(page.locator(".hold")).to_contain_text("mei has this conversation")
    assert counter.said(out.Reply) == []
    counter.signed = {"name": "mei", "role": "staff"}
    page.reload()
    expect(log(page)).to_contain_text("Written without a line")
    counter.wait_for(lambda: len(counter.said(out.Reply)) == 1)


def test_canned_replies_open_with_a_slash_and_narrow_as_one_types(visit: Visit, counter: Counter) -> None:
    """Arrow keys choose, Enter takes, Escape closes; the field keeps the focus and names the chosen one."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    field_(page).focus()
    page.keyboard.type("/")
    options = page.get_by_role("option")
    expect(options).to_have_count(4)
    page.keyboard.type("l")
    expect(options.first).to_contain_text("/label")
    page.keyboard.press("ArrowDown")
    expect(field_(page)).to_have_attribute("aria-activedescendant", "canned-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(field_(page)).to_have_value("I have sent the return label to your e-mail address.")
    expect(field_(page)).to_be_focused()
    assert counter.said(out.Reply) == []
    field_(page).fill("/zzz")
    expect(page.locator(".popup .none")).to_have_text("No canned reply of this name")
    page.keyboard.press("Escape")
    expect(page.locator(".popup")).to_be_hidden()


def test_canned_replies_are_edited_in_a_dialog(visit: Visit, counter: Counter) -> None:
    """Added and removed ones are saved together, and are there at the next slash."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    field_(page).fill("/")
    page.get_by_role("button", name="Edit canned replies…").click()
    dialog = page.get_by_role("dialog", name="Canned replies")
    dialog.get_by_role("button", name="Remove hello").click()
    dialog.get_by_role("button", name="Add").click()
    page.keyboard.type("/bye")
    dialog.get_by_role("textbox", name="Text").last.fill("Happy trails!")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert [one["name"] for one in counter.canned] == ["label", "patience", "你好", "bye"]
    field_(page).fill("/bye")
    expect(page.get_by_role("option")).to_contain_text("Happy trails!")


def test_a_suggested_reply_fills_the_field_and_is_not_sent(visit: Visit, counter: Counter) -> None:
    """Without marks of sources, which are named below; what was written stays."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    field_(page).fill("Hello!")
    page.get_by_role("button", name="Suggest a reply").click()
    expect(field_(page)).to_have_value("Hello!\n\nYes, within 60 days.")
    expect(page.get_by_text("Drafted from: Returns: worn items.")).to_be_visible()
    expect(field_(page)).to_be_focused()
    assert counter.posted == [("desk/suggest", {"conversation": "c-1"})]
    assert counter.said(out.Reply) == []


def test_products_and_passages_are_found_and_inserted(visit: Visit, counter: Counter) -> None:
    """By keyboard: F, words, arrow keys, Enter."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Can I return boots?")
    page.keyboard.press("f")
    page.keyboard.type("boots")
    dialog = page.get_by_role("dialog", name="Insert product or passage")
    expect(dialog.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field_(page)).to_have_value(f"{CITATION.excerpt}\n{counter.url}/policies/returns#worn")
    page.get_by_role("button", name="Insert product or passage").click()
    page.keyboard.type("boots")
    expect(dialog.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    assert "Trail Boot, $149.00" in field_(page).input_value()


def test_a_wrong_reply_gets_the_right_answer(visit: Visit, counter: Counter) -> None:
    """The dialog shows question and reply; the answer goes out with its place, and the reply is marked."""
    mine(counter)
    counter.speak("c-1", "bot", "No, never.", turn=1)
    page = visit.open("/staff?open=c-1")
    page.get_by_role("button", name="Mark wrong").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Can I return boots?")
    expect(dialog).to_contain_text("No, never.")
    page.keyboard.type("Yes, within 60 days.")
    dialog.get_by_role("button", name="Suggest this answer").click()
    expect(log(page)).to_contain_text("Marked wrong")
    expect(page.locator(".notices")).to_contain_text("waits for an admin's yes")
    assert counter.posted == [("desk/wrong", {"conversation": "c-1", "seq": 2, "answer": "Yes, within 60 days."})]


def test_typing_goes_both_ways_and_ends(visit: Visit, counter: Counter) -> None:
    """The shopper's is shown; mine is told once, and taken back with the message; a note tells nothing."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Can I return boots?")
    counter.tell(out.TypingFrame(conversation="c-1", author="shopper", on=True), "c-1")
    expect(page.get_by_text("The shopper is writing")).to_be_visible()
    counter.speak("c-1", "shopper", "Hello?")
    expect(page.get_by_text("The shopper is writing")).to_have_count(0)
    page.keyboard.press("n")
    page.keyboard.type("secret")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("Yes")
    page.keyboard.press("Enter")
    counter.wait_for(lambda: len(counter.said(out.Types)) == 2)
    assert [f.on for f in counter.said(out.Types)] == [True, False]


def test_half_a_sentence_stays_with_its_conversation(visit: Visit, counter: Counter) -> None:
    """Going to another one and back, and reloading, loses nothing that was typed."""
    mine(counter, "c-1")
    mine(counter, "c-2")
    page = visit.open("/staff?open=c-1")
    field_(page).fill("For one")
    row(page, "c-2").click()
    expect(field_(page)).to_have_value("")
    field_(page).fill("For two")
    page.go_back()
    expect(field_(page)).to_have_value("For one")
    page.reload()
    expect(field_(page)).to_have_value("For one")


def test_the_end_of_the_session_leads_to_the_sign_in_page_and_back(visit: Visit, counter: Counter) -> None:
    """At the start, and while the desk is open; with the conversation that was open."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    counter.signed = None
    counter.cut(4401)
    page.wait_for_url("**/signin?next=%2Fstaff%3Fopen%3Dc-1")
    other = visit.page("/staff")
    other.wait_for_url("**/signin?next=%2Fstaff")


def test_a_newer_server_asks_for_a_reload(visit: Visit, counter: Counter) -> None:
    """Frames of another version are not guessed at."""
    counter.version = 2
    page = visit.page("/staff")
    expect(page.locator(".linked")).to_have_text("Aisle has been updated. Please reload this page.")
    counter.version = 1
    page.get_by_role("button", name="Reload").click()
    expect(page.locator(".linked")).to_have_text("Live")


def test_nothing_from_outside_becomes_markup(visit: Visit, counter: Counter) -> None:
    """Tags in questions, replies, notes, names, titles and addresses are shown as they were typed."""
    evil = CITATION.model_copy(update={"title": EVIL, "excerpt": EVIL, "url": "javascript:alert(3)"})
    counter.add("c-1", EVIL, EVIL, phase="staff", staff=EVIL)
    counter.speak("c-1", "shopper", EVIL)
    why = {**WHY, "query": EVIL, "claims": [{"kind": EVIL, "text": EVIL, "supported": False}]}
    counter.speak("c-1", "bot", f"{EVIL} [1]", turn=1, citations=(evil,), why=why)
    counter.talks["c-1"].notes.append(out.NoteOut(id=1, at=START, staff=EVIL, text=EVIL))
    page = visit.open("/staff?open=c-1")
    page.get_by_text("Why this reply").click()
    expect(page.locator("details.why")).to_contain_text(EVIL)
    page.get_by_role("button", name="Source 1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(EVIL)
    expect(dialog.get_by_role("link")).to_have_count(0)
    assert page.locator("img[src=x]").count() == 0


def test_help_shows_all_keys_and_single_keys_can_be_switched_off(visit: Visit, counter: Counter) -> None:
    """`?` opens it anywhere but in a field; switched off, a letter does nothing, also after a reload."""
    mine(counter)
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Can I return boots?")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help and settings")
    expect(dialog.locator("kbd").first).to_be_visible()
    dialog.get_by_label("Single keys", exact=True).uncheck()
    page.keyboard.press("Escape")
    page.reload()
    expect(log(page)).to_contain_text("Can I return boots?")
    page.keyboard.press("r")
    expect(field_(page)).not_to_be_focused()
    field_(page).focus()
    page.keyboard.type("?")
    expect(dialog).to_have_count(0)


def test_chinese_is_complete_and_stays(visit: Visit, counter: Counter) -> None:
    """Chosen once, everything the page itself says is Chinese, also the next time."""
    busy(counter)
    page = visit.open("/staff?open=c-boots")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("radio", name="等待中")).to_have_count(1)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    expect(page).to_have_title("(2) 客服台 · Aisle")
    expect(page.locator(".acts")).to_have_text("接待放回队列交还机器人结束")
    page.goto(counter.url + "/staff?open=c-order")
    expect(page.locator(".hold")).to_contain_text("这位顾客正在等待人工客服。")
    shot(page, "zh")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_light_and_dark(visit: Visit, counter: Counter, scheme: Any) -> None:
    """Every text reaches 4.5:1 on its ground."""
    busy(counter)
    page = visit.open("/staff?open=c-boots", color_scheme=scheme)
    expect(log(page)).to_contain_text("How do I send them?")
    page.get_by_text("Why this reply").click()
    expect(page.locator(".told")).to_be_visible()
    found = page.evaluate(CONTRAST)
    assert len(found) > 60
    assert [text for ratio, text in found if ratio < 4.5] == []
    shot(page, scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_list_and_conversation_are_two_screens(visit: Visit, counter: Counter, scheme: Any) -> None:
    """At 360 pixels nothing is cut off, targets can be touched, and there are two ways back."""
    busy(counter)
    page = visit.open(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    row(page, "c-boots").click()
    expect(log(page)).to_contain_text("How do I send them?")
    expect(row(page, "c-boots")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.locator(".thread button:visible:not(.cite, .link, .tab, .source)").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44, button.text_content()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    shot(page, f"360-{scheme}")
    page.get_by_role("button", name="Back to the list").click()
    expect(row(page, "c-boots")).to_be_focused()
    shot(page, f"360-list-{scheme}")
    row(page, "c-order").click()
    page.go_back()
    expect(row(page, "c-order")).to_be_visible()


def test_an_update_moves_no_focus_and_no_scrolling(visit: Visit, counter: Counter) -> None:
    """While somebody reads far up or stands on a line, news come in beside it."""
    mine(counter)
    for n in range(40):
        counter.speak("c-1", "shopper" if n % 2 else "bot", f"Line {n}\n\n", turn=None)
    page = visit.open("/staff?open=c-1")
    expect(log(page)).to_contain_text("Line 39")
    scroll = page.locator(".middle .scroll")
    scroll.evaluate("node => node.scrollTop = 100")
    row(page, "c-1").focus()
    counter.speak("c-1", "shopper", "One more")
    expect(log(page)).to_contain_text("One more")
    assert scroll.evaluate("node => node.scrollTop") == 100
    expect(row(page, "c-1")).to_be_focused()
    page.get_by_role("button", name="Latest messages").click()
    assert scroll.evaluate("node => node.scrollHeight - node.scrollTop - node.clientHeight") < 2
