"""Tables in the widget: rows of pipes are a real table, whole while they stream, escaped; narrow screens scroll it."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from bot import frames

if TYPE_CHECKING:
    from tests.web.conftest import Shop, Tab

EVIL = "<img src=x onerror=alert(1)>"
LEAD = "The Ridgeline 1 Tent is lighter (1,190 g, the Ridgeline 2 Tent 1,540 g) [1] [2].\n"
TABLE = (
    "| | Ridgeline 1 Tent | Ridgeline 2 Tent |\n"
    "| Price | $319.00 | from $329.00 to $389.00 |\n"
    "| Weight | 1,190 g (42.0 oz) | 1,540 g (54.3 oz) |\n"
    "| Colours | Fern Green, Slate | Fern Green, Slate, Sandstone |"
)
CITED = tuple(frames.CitationOut(n=n, passage=f"p{n}", title=f"Ridgeline {n} Tent", excerpt="…") for n in (1, 2))


def _opened(page: Page) -> Page:
    page.get_by_role("button", name="Open chat").click()
    expect(page.get_by_text("Hello! Ask about gear, delivery or returns.")).to_be_visible()
    return page


def test_rows_become_a_table_that_says_what_is_what(tab: "Tab", shop: "Shop") -> None:
    """Caption, heads of columns and rows; the sentence before it keeps its citations, what comes after is text."""
    page = _opened(tab.open())
    shop.speak("bot", f"{LEAD}{TABLE}\nWhich of them?", citations=CITED)
    table = page.get_by_role("table")
    expect(table).to_have_count(1)
    expect(table.locator("caption")).to_have_text(re.compile(r"Ridgeline 1 Tent\s+Ridgeline 2 Tent"))
    assert [cell.strip() for cell in table.get_by_role("columnheader").all_inner_texts()][-2:] == [
        "Ridgeline 1 Tent",
        "Ridgeline 2 Tent",
    ]
    assert table.get_by_role("rowheader").all_inner_texts() == ["Price", "Weight", "Colours"]
    assert table.get_by_role("cell").all_inner_texts()[:2] == ["$319.00", "from $329.00 to $389.00"]
    expect(page.locator("aisle-chat .bot .text button.cite")).to_have_count(2)
    expect(page.locator("aisle-chat .log .bot .text")).to_contain_text("Which of them?")


def test_a_table_looks_right_wherever_the_stream_is_cut(tab: "Tab", shop: "Shop") -> None:
    """At each moment the rows that are whole stand in the table, and no bare pipe is to be seen."""
    page = _opened(tab.open())
    live, text = page.locator("aisle-chat .live .text"), LEAD + TABLE
    shop.speak("shopper", "compare them")
    for end in range(len(LEAD) + 1, len(text) + 1, 7):
        start = 0 if end == len(LEAD) + 1 else end - 7
        shop.tell(frames.Delta(turn=1, offset=start, text=text[start:end]))
        whole = text[:end].count("|\n")
        expect(live).to_have_attribute("data-text", text[:end])
        assert "|" not in live.inner_text()
        assert live.locator("tr").count() >= whole


def test_cells_are_text_and_a_rule_is_no_row(tab: "Tab", shop: "Shop") -> None:
    """Tags in cells stay letters; `|---|---|` is not drawn; a lone pipe in a sentence stays as it is."""
    page = _opened(tab.open())
    shop.speak("bot", f"Either | or.\n| | A |\n|---|---|\n| {EVIL} | {EVIL} |\n")
    text = page.locator("aisle-chat .log .bot .text")
    expect(text.locator("tr")).to_have_count(2)
    expect(text.locator("td")).to_have_text(EVIL)
    expect(text).to_contain_text("Either | or.")
    expect(text.locator("img")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_scrolls_the_table_alone(tab: "Tab", shop: "Shop", scheme: str) -> None:
    """Three columns of long cells on 320 pixels: the table scrolls in its bubble, by keyboard too, alone."""
    page = _opened(tab.open(viewport={"width": 320, "height": 640}, color_scheme=scheme))
    rows = TABLE.replace(" |\n", " | Stormglass 2 Tent, four seasons |\n")
    shop.speak("bot", LEAD + rows + " Moss |", citations=CITED)
    box = page.locator("aisle-chat .table")
    expect(box).to_be_visible()
    assert box.evaluate("node => node.scrollWidth > node.clientWidth && node.tabIndex === 0")
    assert page.locator("aisle-chat .scroll").evaluate("node => node.scrollWidth <= node.clientWidth")
    if shots := os.environ.get("AISLE_SHOTS"):
        page.screenshot(path=Path(shots) / f"table-narrow-{scheme}.png")
