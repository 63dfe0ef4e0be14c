"""The widget in a real browser, against a scripted server that speaks the wire protocol.

Every test ends with no script error, no dialog and no violation of `default-src 'self'` (the fixture `tab` sees to it).
"""

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

from bot import frames

if TYPE_CHECKING:
    from tests.web.conftest import Shop, Tab

CANADA = "How long does shipping to Canada take?"
ANSWER = re.compile(r"Standard shipping to Canada takes 6–9 business days")
CONTRAST = """host => {
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
  for (const node of host.shadowRoot.querySelectorAll('.panel *')) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility() || node.closest('.sr, :disabled, .pic, .main[inert]')) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), node.className + ': ' + node.textContent]);
  }
  return found;
}"""


def _box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your message")


def _open(page: Page) -> Page:
    page.get_by_role("button", name="Open chat").click()
    expect(page.get_by_text("Hello! Ask about gear, delivery or returns.")).to_be_visible()
    return page


def _say(page: Page, text: str) -> None:
    _box(page).fill(text)
    page.keyboard.press("Enter")


def _log(page: Page) -> Locator:
    return page.get_by_role("log")


def _focus(page: Page) -> Any:
    return page.evaluate("document.querySelector('aisle-chat').shadowRoot.activeElement?.className")


def test_keyboard_alone_is_enough_for_a_whole_conversation(tab: "Tab", shop: "Shop") -> None:
    """Open, ask, follow a citation, rate and close, without a pointer; the focus is always somewhere sensible."""
    page = tab.open()
    page.locator("footer a").last.focus()
    page.keyboard.press("Tab")
    launcher = page.get_by_role("button", name="Open chat")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(_box(page)).to_be_focused()
    expect(page.locator("aisle-chat .launcher")).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("How long does")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("shipping take?")
    page.keyboard.press("Enter")
    expect(_log(page)).to_contain_text(ANSWER)
    assert [f.text for f in shop.said(frames.Say)] == ["How long does\nshipping take?"]
    expect(_box(page)).to_be_focused()
    order = []
    for _ in range(7):
        page.keyboard.press("Shift+Tab")
        order.append(_focus(page))
    assert order == ["pill", "pill", "thumb flip", "thumb", "cite", "scroll", "plain"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(launcher).to_be_focused()


def test_an_answer_streams_outside_the_log_and_ends_in_it(tab: "Tab", shop: "Shop") -> None:
    """What streams is visible but not in the live region, which gets each finished message once."""
    page = _open(tab.open())
    page.evaluate("""() => {
      const log = document.querySelector('aisle-chat').shadowRoot.querySelector('[role=log]');
      window.added = [];
      new MutationObserver(changes => changes.forEach(c => c.addedNodes.forEach(n => window.added.push(n.textContent))))
        .observe(log, { childList: true });
    }""")
    shop.held = True
    _say(page, CANADA)
    live = page.locator("aisle-chat .live")
    expect(live).to_contain_text("Standard shipping to Canada")
    expect(_log(page)).not_to_contain_text("Standard shipping")
    expect(_log(page)).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    shop.release()
    expect(_log(page)).to_contain_text(ANSWER)
    expect(live).to_be_hidden()
    assert [text.strip()[:9] for text in page.evaluate("window.added")] == ["You: How ", "Assistant"]


def test_stop_ends_an_answer_and_keeps_what_was_shown(tab: "Tab", shop: "Shop") -> None:
    """The half answer stays, marked as stopped, and the focus goes back to the input."""
    page = _open(tab.open())
    shop.held = True
    _say(page, CANADA)
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    page.keyboard.press("Enter")
    expect(_log(page)).to_contain_text("Stopped")
    expect(stop).to_be_hidden()
    expect(_box(page)).to_be_focused()
    assert shop.messages[-1].stopped
    assert len(shop.messages[-1].text) < 80


def test_a_citation_opens_its_passage_and_gives_the_focus_back(tab: "Tab") -> None:
    """The panel shows title, excerpt and link; Escape closes the panel first and the chat only then."""
    page = _open(tab.open())
    _say(page, CANADA)
    mark = page.get_by_role("button", name="Source 1: Shipping: Canada")
    mark.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Shipping: Canada")
    expect(sheet).to_contain_text("Express takes 3–4 business days")
    expect(page.get_by_role("button", name="Close source")).to_be_focused()
    link = sheet.get_by_role("link", name="Read the whole page")
    expect(link).to_have_attribute("href", re.compile(r"^http://127\.0\.0\.1:\d+/policies/shipping#canada$"))
    expect(page.locator("aisle-chat .main")).to_have_attribute("inert", "")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(mark).to_be_focused()
    expect(_box(page)).to_be_visible()


def test_a_rating_is_pressed_kept_and_taken_back(tab: "Tab", shop: "Shop") -> None:
    """Thumbs are toggle buttons; rating moves no focus, survives a reload and can be undone."""
    page = _open(tab.open())
    _say(page, CANADA)
    thumb = page.get_by_role("button", name="This helped")
    thumb.focus()
    page.keyboard.press("Enter")
    expect(thumb).to_have_attribute("aria-pressed", "true")
    expect(thumb).to_be_focused()
    shop.wait_for(lambda: shop.messages[-1].rating == 1)
    page.reload()
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="This did not help").click()
    shop.wait_for(lambda: shop.messages[-1].rating == -1)
    page.get_by_role("button", name="This did not help").click()
    shop.wait_for(lambda: shop.messages[-1].rating == 0)


def test_an_answer_survives_a_cut_in_its_middle(tab: "Tab", shop: "Shop") -> None:
    """After a reconnect the shopper's message and its answer are there once, from the last message on."""
    page = _open(tab.open())
    shop.held = True
    _say(page, CANADA)
    expect(page.locator("aisle-chat .live")).to_contain_text("Standard")
    shop.cut()
    shop.wait_for(lambda: len(shop.said(frames.Hello)) >= 2)
    shop.release()
    expect(_log(page)).to_contain_text(ANSWER)
    expect(_log(page).locator(".msg")).to_have_count(2)
    expect(page.locator("aisle-chat .live")).to_be_hidden()
    again = shop.said(frames.Hello)[-1]
    assert (again.after_seq, again.token) == (1, "token-of-c-1")
    assert [m.author for m in shop.messages] == ["shopper", "bot"]


def test_what_was_written_without_a_connection_is_sent_once_when_there_is_one(tab: "Tab", shop: "Shop") -> None:
    """Unsent messages say so, stay over a reload, and are committed once."""
    page = _open(tab.open())
    shop.refusing = True
    shop.cut()
    _say(page, "Is anybody there?")
    expect(_log(page)).to_contain_text("Not sent yet")
    expect(page.get_by_text("No connection. We keep trying.")).to_be_visible()
    page.reload()
    expect(_log(page)).to_contain_text("Is anybody there?")
    assert shop.messages == []
    shop.refusing = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(_log(page)).to_contain_text("You said: Is anybody there?")
    expect(_log(page)).not_to_contain_text("Not sent yet")
    assert [m.text for m in shop.messages if m.author == "shopper"] == ["Is anybody there?"]


def test_a_reload_keeps_conversation_open_state_and_half_a_sentence(tab: "Tab", shop: "Shop") -> None:
    """The next page shows the same messages, without stealing the focus, and what stood in the input."""
    page = _open(tab.open())
    _say(page, CANADA)
    expect(_log(page)).to_contain_text(ANSWER)
    _box(page).fill("And to Mex")
    page.reload()
    expect(_log(page)).to_contain_text(ANSWER)
    expect(_log(page).locator(".msg")).to_have_count(2)
    expect(_box(page)).to_have_value("And to Mex")
    expect(_box(page)).not_to_be_focused()
    assert len(shop.messages) == 2


def test_two_tabs_show_one_conversation(tab: "Tab", shop: "Shop") -> None:
    """What is said in one tab appears in the other, once."""
    page = _open(tab.open())
    _say(page, "first words")
    expect(_log(page)).to_contain_text("You said: first words")
    other = page.context.new_page()
    other.goto(shop.url)
    _open(other)
    _say(other, "from over here")
    for one in (page, other):
        expect(_log(one)).to_contain_text("You said: from over here")
        expect(_log(one).locator(".msg")).to_have_count(4)


def test_nobody_who_does_not_chat_costs_a_connection(tab: "Tab", shop: "Shop") -> None:
    """The socket is opened with the chat, not with the page."""
    page = tab.open()
    assert shop.heard == []
    _open(page)
    assert len(shop.said(frames.Hello)) == 1


def test_chinese_words_and_typing_with_an_input_method(tab: "Tab", shop: "Shop") -> None:
    """`lang=zh` speaks Chinese throughout; Enter that ends a composition does not send."""
    page = tab.open("/?lang=zh")
    page.get_by_role("button", name="打开客服聊天").click()
    expect(page.get_by_text("您好！想了解商品、配送或退换货吗？")).to_be_visible()
    box = page.get_by_role("textbox", name="您的消息")
    expect(box).to_be_focused()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "yunfei", "selectionStart": 6, "selectionEnd": 6})
    page.keyboard.press("Enter")
    assert shop.said(frames.Say) == []
    box.fill("运费是多少？")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    assert shop.said(frames.Say) == []
    page.keyboard.press("Enter")
    expect(_log(page)).to_contain_text("6–9 个工作日")
    page.get_by_role("button", name="来源 1：配送：加拿大").click()
    expect(page.get_by_role("dialog", name="配送：加拿大")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="转人工客服").click()
    expect(page.get_by_role("button", name="返回智能助手")).to_be_visible()
    assert shop.said(frames.Hello)[0].lang == "zh"
    assert page.locator("aisle-chat .frame").get_attribute("lang") == "zh-Hans"


def test_markup_from_anybody_is_only_text(tab: "Tab") -> None:
    """Tags in messages, citations, cards and choices are shown as they are; script addresses make no link."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page = _open(tab.open())
    _say(page, f"evil {evil}")
    expect(_log(page).locator(".shopper .text")).to_have_text(f"evil {evil}")
    expect(_log(page).locator(".bot .text")).to_have_text(f"{evil} 1 [9]")
    expect(_log(page).locator(".name")).to_have_text(evil)
    page.locator("aisle-chat button.cite").click()
    expect(page.locator("aisle-chat blockquote")).to_have_text(evil)
    inside = "document.querySelector('aisle-chat').shadowRoot"
    assert page.evaluate(f"{inside}.querySelectorAll('script, img, .sheet a, a.card').length") == 0
    page.keyboard.press("Escape")
    page.locator("aisle-chat .choices button").click()
    expect(_log(page).locator(".shopper")).to_have_count(2)


def test_product_cards_say_price_and_stock_in_words(tab: "Tab") -> None:
    """Pictures come from the page's own origin only; a card without one has a placeholder."""
    page = _open(tab.open())
    page.get_by_role("button", name="Show me tents").click()
    cards = _log(page).locator(".card")
    expect(cards).to_have_count(3)
    assert [card.inner_text().split("\n")[-3:] for card in cards.all()] == [
        ["Ridgeline 2 Tent", "$389.00", "In stock"],
        ["$219.00", "Only 3 left", "$170 less, 600 g heavier"],
        ["Stormglass 2 Tent", "$729.00", "Sold out"],
    ]
    expect(cards.locator("img")).to_have_count(1)
    expect(page.get_by_role("link", name="Ridgeline 2 Tent")).to_have_attribute("href", re.compile("/products/r2$"))
    page.get_by_role("button", name="Which one is lighter?").click()
    expect(_log(page)).to_contain_text("You said: Which one is lighter?")


def test_a_person_can_be_asked_for_and_waited_for_and_left(tab: "Tab", shop: "Shop") -> None:
    """Waiting shows what happens and a way back; staff messages and typing are shown as a person's."""
    page = _open(tab.open())
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_text("Waiting for a person")).to_be_visible()
    page.get_by_role("button", name="Back to the assistant").click()
    expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
    shop.status("staff")
    expect(page.get_by_text("You are talking with our team")).to_be_visible()
    page.keyboard.type("Hello")
    shop.wait_for(lambda: any(f.on for f in shop.said(frames.Typing)))
    shop.speak("staff", "Hello, this is Ada.")
    expect(_log(page).locator(".staff")).to_have_text(re.compile("Our team: Hello, this is Ada"))


def test_somebody_writing_is_shown_until_the_message_comes(tab: "Tab", shop: "Shop") -> None:
    """The dots have a name, and go with the message, also when nobody says that the writing ended."""
    page = _open(tab.open())
    shop.tell(frames.TypingOut(author="staff", on=True))
    expect(page.get_by_role("img", name="Our team is writing")).to_be_visible()
    shop.speak("staff", "Here I am.")
    expect(_log(page)).to_contain_text("Here I am.")
    expect(page.locator("aisle-chat .dots")).to_be_hidden()


def test_unread_messages_are_counted_on_the_launcher_until_seen(tab: "Tab", shop: "Shop") -> None:
    """The count is in the button's name too, survives a reload, and goes when the chat is opened."""
    page = _open(tab.open())
    _say(page, "hello")
    expect(_log(page)).to_contain_text("You said: hello")
    page.keyboard.press("Escape")
    shop.speak("staff", "One")
    shop.speak("staff", "Two")
    unread = page.get_by_role("button", name="Open chat, 2 unread messages")
    expect(unread).to_be_visible()
    page.reload()
    expect(page.locator("aisle-chat .badge")).to_have_text("2")
    unread.click()
    expect(page.locator("aisle-chat .badge")).to_have_text("")


def test_the_length_limit_is_counted_in_characters_near_its_end(tab: "Tab", shop: "Shop") -> None:
    """A counter appears near the limit; over it nothing can be sent, and nothing is cut off."""
    page = _open(tab.open())
    _box(page).fill("x" * 200)
    expect(page.locator("aisle-chat .count")).to_have_text("")
    _box(page).fill("🏕" * 299)
    expect(page.locator("aisle-chat .count")).to_have_text("1 character left")
    _box(page).fill("x" * 302)
    expect(page.locator("aisle-chat .count")).to_have_text("2 characters too many")
    expect(_box(page)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")
    assert shop.said(frames.Say) == []


def test_a_phone_shows_the_chat_on_the_whole_screen(tab: "Tab") -> None:
    """At 320 px nothing scrolls sideways, the page behind is out of reach, and closing leads back to it."""
    page = tab.open(viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    _open(page)
    panel = page.get_by_role("dialog", name="Chat with Fernway Outdoor")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 640}
    _say(page, "show me tents, and a word of " + "enormous" * 20)
    expect(_log(page).locator(".card")).to_have_count(3)
    _say(page, "evil")
    expect(_log(page).locator(".card")).to_have_count(4)
    scroll = "document.querySelector('aisle-chat').shadowRoot.querySelector('.scroll')"
    assert page.evaluate(f"{scroll}.scrollWidth <= {scroll}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") in ("aisle-chat", "body")
    page.get_by_role("button", name="Close chat").click()
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()


def test_colours_keep_contrast_in_light_and_dark(tab: "Tab", shop: "Shop") -> None:
    """Every visible text reaches 4.5:1; the system's choice is followed and the theme attribute overrules it."""
    for scheme, path, dark in (("light", "/", False), ("dark", "/", True), ("light", "/?theme=dark", True)):
        shop.forget()
        page = _open(tab.open(path, color_scheme=scheme))
        _say(page, "show me tents")
        _say(page, "shipping to Canada")
        expect(_log(page)).to_contain_text("Happy trails")
        shop.speak("staff", "A person's words")
        page.get_by_role("button", name="Talk to a person").click()
        expect(page.get_by_text("Waiting for a person")).to_be_visible()
        found = page.locator("aisle-chat").evaluate(CONTRAST)
        assert len(found) > 15
        assert [(round(ratio, 2), what) for ratio, what in found if ratio < 4.5] == []
        ground = page.locator("aisle-chat .panel").evaluate("node => getComputedStyle(node).backgroundColor")
        assert ground == ("rgb(21, 26, 24)" if dark else "rgb(253, 252, 249)")


def test_a_screen_reader_finds_names_roles_and_states(tab: "Tab") -> None:
    """The accessibility tree of an open chat: one labelled dialog with status, log, labelled input and buttons."""
    page = _open(tab.open())
    _say(page, CANADA)
    expect(_log(page)).to_contain_text(ANSWER)
    expect(page.get_by_role("dialog", name="Chat with Fernway Outdoor")).to_match_aria_snapshot("""
      - dialog "Chat with Fernway Outdoor":
        - heading "Fernway Outdoor" [level=2]
        - status: Assistant · answers with sources
        - button "Close chat"
        - region "Conversation":
          - paragraph: Hello! Ask about gear, delivery or returns.
          - log "Conversation":
            - text: /You. How long does shipping to Canada take. Assistant. Standard shipping to Canada/
            - 'button "Source 1: Shipping: Canada"'
            - button "This helped"
            - button "This did not help"
          - group "Suggested questions":
            - button "Is it free?"
            - button "Talk about returns"
        - status
        - textbox "Your message"
        - button "Send" [disabled]
        - button "Talk to a person"
    """)


def test_history_is_not_read_out_on_a_new_page(tab: "Tab", shop: "Shop") -> None:
    """The log is silent while it is filled from the transcript, and speaks from then on."""
    page = _open(tab.open())
    _say(page, "hello")
    expect(_log(page)).to_contain_text("You said: hello")
    page.add_init_script("""
      const known = new WeakSet();
      setInterval(() => {
        const log = document.querySelector('aisle-chat')?.shadowRoot?.querySelector('[role=log]');
        if (!log || known.has(log)) return;
        known.add(log);
        window.heard = [];
        new MutationObserver(list => list.forEach(c => c.addedNodes.forEach(n => window.heard.push(log.ariaLive))))
          .observe(log, { childList: true });
      }, 0);
    """)
    page.reload()
    expect(_log(page).locator(".msg")).to_have_count(2)
    expect(_log(page)).to_have_attribute("aria-live", "polite")
    shop.speak("bot", "Anything else?")
    expect(_log(page).locator(".msg")).to_have_count(3)
    assert page.evaluate("window.heard") == ["off", "off", "polite"]


def test_the_page_can_drive_the_widget_and_hear_from_it(tab: "Tab", shop: "Shop") -> None:
    """open, close, toggle and identify work from scripts; events tell what happened; the visit goes with hello."""
    page = tab.open()
    page.evaluate("""() => {
      window.events = [];
      for (const name of ['open', 'close', 'message', 'status'])
        addEventListener('aisle-' + name, e => window.events.push([name, e.detail]));
      const chat = document.querySelector('aisle-chat');
      chat.setAttribute('product', 'ridgeline-2-tent');
      chat.setAttribute('cart', ' larch-jacket  FW-BCAN ');
      chat.identify('a.signed.jwt');
      chat.toggle();
    }""")
    shop.wait_for(lambda: len(shop.said(frames.Hello)) == 1)
    hello = shop.said(frames.Hello)[0]
    assert (hello.page.product, hello.page.url, hello.identity) == ("ridgeline-2-tent", f"{shop.url}/", "a.signed.jwt")
    assert (hello.page.viewed, hello.page.cart, hello.page.bought) == ((), ("larch-jacket", "FW-BCAN"), ())
    _say(page, "hello")
    expect(_log(page)).to_contain_text("You said: hello")
    page.evaluate("document.querySelector('aisle-chat').close()")
    events = page.evaluate("window.events")
    names = [name for name, _ in events]
    assert names[0] == "open"
    assert [detail["text"] for name, detail in events if name == "message"] == ["hello", "You said: hello"]
    assert [detail["link"] for name, detail in events if name == "status"][-1] == "open"
    assert "close" in names


def test_the_element_leaves_nothing_behind_and_can_come_back(tab: "Tab", shop: "Shop") -> None:
    """Removed, it closes its connection; put back, it goes on with the same conversation over one connection."""
    page = _open(tab.open())
    _say(page, "hello")
    expect(_log(page)).to_contain_text("You said: hello")
    page.evaluate("(window.chat = document.querySelector('aisle-chat')).remove()")
    shop.wait_for(lambda: not shop.sockets)
    page.evaluate(
        "for (let i = 0; i < 5; i++) { document.body.append(chat); chat.remove(); } document.body.append(chat)"
    )
    expect(_log(page).locator(".msg")).to_have_count(2)
    shop.wait_for(lambda: len(shop.sockets) == 1)
    assert page.locator("aisle-chat .panel").count() == 1
    assert page.locator("aisle-chat link").count() == 1


def test_reading_back_is_not_disturbed_by_what_comes(tab: "Tab", shop: "Shop") -> None:
    """Scrolled up, the view stays where it is and offers the way down."""
    page = _open(tab.open())
    _say(page, "a long story")
    expect(_log(page)).to_contain_text("Paragraph 19")
    jump = page.get_by_role("button", name="Latest messages")
    expect(jump).to_be_hidden()
    scroll = page.locator("aisle-chat .scroll")
    scroll.evaluate("node => { node.scrollTop = 0 }")
    expect(jump).to_be_visible()
    shop.speak("staff", "By the way")
    expect(_log(page)).to_contain_text("By the way")
    assert scroll.evaluate("node => node.scrollTop") == 0
    jump.click()
    expect(jump).to_be_hidden()
