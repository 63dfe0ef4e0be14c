"""FAQ, policy pages, promotions and reviews."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import Problem
from knowledge.passages import Kind, Origin, Passage
from knowledge.sources import Content, read

PROMOTION = {
    "code": "TRAIL20",
    "title": {"en": "$20 off", "zh": "减 $20"},
    "text": {"en": "$20 off from $120.", "zh": "满 $120 减 $20。"},
    "kind": "amount",
    "value": 20,
    "currency": "USD",
    "starts": "2026-10-15",
    "ends": "2026-12-15",
    "min_order": 120,
    "url": "/policies/promotions#trail20",
}
SHIPPING = """---
title: Shipping
entry: shipping
url: /policies/shipping
---
We ship to <b>two</b> countries.

## Prices {#prices}

| To | Standard | Cost |
| --- | --- | --- |
| Canada | 6–9 days | $12.95 |
| Japan | 8–12 days | |

### By night {#night}

- Ask *us* first
- See [rules](/x)

## Empty {#empty}
"""


def content_of(folder: Path, name: str, text: str) -> Content:
    """The content of a folder with this one file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return read(folder)


def passages_of(folder: Path, name: str, text: str) -> list[Passage]:
    """The passages of a folder with this one file, which must have no problem."""
    content = content_of(folder, name, text)
    assert not content.problems
    return list(content.passages)


def problem_of(folder: Path, name: str, text: str) -> Problem:
    """The one problem of a folder with this one file."""
    [problem] = content_of(folder, name, text).problems
    assert problem.file == name
    return problem


def test_faq_lines_become_passages(tmp_path: Path) -> None:
    """An entry has its id, questions, language from the file's name, and the first question as title."""
    line = {
        "id": "canada",
        "questions": ["Do you ship to Canada?", "canada shipping"],
        "answer": "Yes.",
        "url": "/faq#canada",
    }
    assert passages_of(tmp_path, "faq.en.jsonl", f"{json.dumps(line)}\n") == [
        Passage(
            id="faq:canada:en",
            entry="faq:canada",
            kind=Kind.FAQ,
            lang="en",
            title="Do you ship to Canada?",
            text="Yes.",
            origin=Origin("faq.en.jsonl", 1),
            questions=("Do you ship to Canada?", "canada shipping"),
            url="/faq#canada",
        )
    ]


def test_faq_csv_takes_several_questions_in_a_cell(tmp_path: Path) -> None:
    """Questions stand on lines or between bars; the answer may be HTML; without an id the question gives one."""
    [passage] = passages_of(
        tmp_path, "faq.csv", 'question,answer,lang\n"Zahlt ihr?|Wer zahlt?\nOder?","<p>Nein &amp; ja.</p>",de-AT\n'
    )
    assert passage.questions == ("Zahlt ihr?", "Wer zahlt?", "Oder?")
    assert (passage.id, passage.text, passage.lang) == ("faq:zahlt-ihr:de", "Nein & ja.", "de")


def test_faq_markdown_takes_headings_as_questions(tmp_path: Path) -> None:
    """Lines below a heading that end in a question mark are other words for it; group headings are no questions."""
    text = "# FAQ\n\n## Shipping\n\n### 送到加拿大吗？ {#canada}\n\n- 加拿大能寄吗？\n\n能，\n6–9 天。\n\n- 含税\n"
    [passage] = passages_of(tmp_path, "faq.zh.md", text)
    assert (passage.id, passage.origin) == ("faq:canada:zh", Origin("faq.zh.md", 5))
    assert passage.questions == ("送到加拿大吗？", "加拿大能寄吗？")
    assert passage.text == "能，6–9 天。\n含税"


@pytest.mark.parametrize(
    ("cells", "column", "found"),
    [
        ({"answer": " "}, "answer", "nothing"),
        ({"questions": []}, "questions", "nothing"),
        ({"questions": [1]}, "questions", "[1]"),
        ({"id": "a b"}, "id", "'a b'"),
        ({"id": {}}, "id", "{}"),
        ({"lang": "xx"}, "lang", "unknown language 'xx'"),
        ({"url": "javascript:alert(1)"}, "url", "'javascript:alert(1)'"),
        ({"url": "//evil.example"}, "url", "'//evil.example'"),
        ({"answer": "<script>alert(1)</script>"}, "answer", "nothing"),
    ],
)
def test_bad_faq_entries_are_told(tmp_path: Path, cells: dict[str, Any], column: str, found: str) -> None:
    """An entry that cannot be used is named by line and key, and the next is read."""
    good = {"id": "x", "questions": ["X?"], "answer": "Yes."}
    text = json.dumps(good | cells) + "\n" + json.dumps(good) + "\n"
    content = content_of(tmp_path, "faq.jsonl", text)
    assert [passage.origin.line for passage in content.passages] == [2]
    assert (content.problems[0].line, content.problems[0].column, content.problems[0].found) == (1, column, found)


def test_an_id_used_twice_names_the_first_place(tmp_path: Path) -> None:
    """Of two entries with one id in one language the first stays."""
    line = '{"id": "x", "questions": ["X?"], "answer": "Yes."}\n'
    problem = problem_of(tmp_path, "faq.jsonl", line + line)
    assert (problem.line, problem.column, problem.found) == (2, "id", "'faq:x:en' again")
    assert problem.wanted == "an id of its own; it is first used in faq.jsonl:1"


def test_a_page_is_cut_at_its_headings(tmp_path: Path) -> None:
    """Sections have anchors, lines and heading paths; table rows can be read alone; sections without text are none."""
    found = passages_of(tmp_path, "policies/en/shipping.md", SHIPPING)
    assert [(p.id, p.title, p.url, p.origin.line) for p in found] == [
        ("policy:shipping:en", "Shipping", "/policies/shipping", 6),
        ("policy:shipping#prices:en", "Shipping › Prices", "/policies/shipping#prices", 8),
        ("policy:shipping#night:en", "Shipping › Prices › By night", "/policies/shipping#night", 15),
    ]
    assert [p.text for p in found] == [
        "We ship to two countries.",
        "Canada — Standard: 6–9 days; Cost: $12.95\nJapan — Standard: 8–12 days",
        "Ask us first\nSee rules",
    ]


def test_a_long_section_is_cut_to_size(tmp_path: Path) -> None:
    """Further pieces of a section share its entry, title and address."""
    text = "# Care\n\n## Tents {#tents}\n\n" + "Dry your tent before you store it. " * 60
    found = passages_of(tmp_path, "policies/care.md", text)
    assert [p.id for p in found][:2] == ["policy:care#tents:en", "policy:care#tents:en/2"]
    assert {(p.entry, p.title) for p in found} == {("policy:care#tents", "Care › Tents")}


def test_an_html_page_is_cut_at_its_headings(tmp_path: Path) -> None:
    """HTML gives title, language and anchors itself; scripts, styles, comments and navigation are dropped."""
    text = """<!DOCTYPE html><html lang="zh-Hans"><head><title>x</title><style>p{}</style></head><body><nav>菜单</nav>
<h1>退货</h1><p>60 天<br>内</p><!-- secret -->
<h2 id="how">怎么退</h2><div><p>寄回<script>alert(1)</script>即可。</p></div>
</body></html>"""
    found = passages_of(tmp_path, "returns.html", text)
    assert [(p.id, p.title, p.text, p.origin.line) for p in found] == [
        ("policy:returns#退货:zh", "退货", "60 天\n内", 2),
        ("policy:returns#how:zh", "退货 › 怎么退", "寄回即可。", 3),
    ]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("---\ntitle: [a\n---\nx\n", 2, "bad front matter"),
        ("---\ntitle: x\n", 1, "front matter that does not end"),
        ("---\n- a\n---\nx\n", 2, "front matter ['a']"),
        ("---\nurl: ftp://x\n---\nx\n", 1, "'ftp://x'"),
        ("---\nlang: xx\n---\nx\n", 1, "unknown language 'xx'"),
        ("---\ntitle: {a: b}\n---\nx\n", 1, "{'a': 'b'}"),
        ("# Only a heading\n", 0, "a page without text"),
        ("", 0, "a page without text"),
    ],
)
def test_bad_pages_are_told(tmp_path: Path, text: str, line: int, found: str) -> None:
    """A page that cannot be used says where and why."""
    problem = content_of(tmp_path, "page.md", text).problems[0]
    assert problem.line == line
    assert found in problem.found


def test_promotions_tell_code_dates_and_conditions(tmp_path: Path) -> None:
    """Each language has a passage with the shop's words and the figures as lines."""
    english, chinese = passages_of(tmp_path, "promotions.jsonl", json.dumps(PROMOTION))
    assert (english.id, english.entry, english.kind) == ("promotion:TRAIL20:en", "promotion:TRAIL20", Kind.PROMOTION)
    assert english.url == "/policies/promotions#trail20"
    assert english.text.split("\n") == [
        "$20 off from $120.",
        "Promotion code: TRAIL20.",
        "Discount: $20.00 off.",
        "Valid: from 2026-10-15 to 2026-12-15, both days included.",
        "Minimum order: $120.00.",
    ]
    assert (chinese.id, chinese.title) == ("promotion:TRAIL20:zh", "减 $20")
    assert "优惠码：TRAIL20。" in chinese.text.split("\n")


@pytest.mark.parametrize(
    ("changed", "column", "found"),
    [
        ({"ends": "2026-10-14"}, "ends", "2026-10-14, before it starts on 2026-10-15"),
        ({"ends": "14.10.2026"}, "ends", "'14.10.2026'"),
        ({"ends": "2026-02-30"}, "ends", "'2026-02-30'"),
        ({"ends": None}, "ends", "nothing"),
        ({"kind": "gift"}, "kind", "'gift'"),
        ({"kind": "percent", "value": 120}, "value", "'120'"),
        ({"value": 0}, "value", "'0'"),
        ({"value": "20 off"}, "value", "'20 off'"),
        ({"min_order": -1}, "min_order", "'-1'"),
        ({"currency": "dollar"}, "currency", "'dollar'"),
        ({"code": "NO WAY"}, "code", "'NO WAY'"),
        ({"title": {"en": "x"}}, "text", "zh in only one of title and text"),
        ({"title": "x"}, "title", "'x'"),
        ({"applies_to": [1]}, "applies_to", "[1]"),
        ({"text": {"en": "", "zh": "x"}}, "text", "'' for en"),
        ({"text": {"xx": "a", "en": "b", "zh": "c"}}, "text", "unknown language 'xx'"),
    ],
)
def test_bad_promotions_are_told(tmp_path: Path, changed: dict[str, Any], column: str, found: str) -> None:
    """A promotion with a wrong figure is left out, since shoppers would hold the shop to it."""
    content = content_of(tmp_path, "promotions.jsonl", json.dumps(PROMOTION | changed))
    assert not content.passages
    assert (content.problems[0].line, content.problems[0].column, content.problems[0].found) == (1, column, found)


def test_promotions_are_values_too(tmp_path: Path) -> None:
    """What rules need stands beside the passages: amounts, days and the shop's words for what it is for."""
    lists = {"applies_to": ["whole order"], "excludes": ["gift cards"], "stacks_with": "gift cards|FREESHIP"}
    (found,) = content_of(tmp_path, "promotions.jsonl", json.dumps(PROMOTION | lists)).promotions
    assert (found.code, found.kind, found.value, found.currency) == ("TRAIL20", "amount", Decimal(20), "USD")
    assert (found.starts, found.ends, found.min_order) == (date(2026, 10, 15), date(2026, 12, 15), Decimal(120))
    assert (found.applies_to, found.excludes) == (("whole order",), ("gift cards",))
    assert found.stacks_with == ("gift cards", "FREESHIP")
    assert (found.title["zh"], found.url) == ("减 $20", "/policies/promotions#trail20")


def test_a_code_twice_is_told_and_the_first_one_counts(tmp_path: Path) -> None:
    """Two promotions of one code would make its conditions a matter of luck."""
    rows = [json.dumps(PROMOTION), json.dumps(PROMOTION | {"value": 50})]
    content = content_of(tmp_path, "promotions.jsonl", "\n".join(rows))
    assert [promotion.value for promotion in content.promotions] == [Decimal(20)]
    assert "'promotion:TRAIL20:en' again" in [problem.found for problem in content.problems]


def test_a_percentage_reads_without_needless_zeros(tmp_path: Path) -> None:
    """15 and 12.5 per cent are written so, and a code without a start only ends."""
    promotion = PROMOTION | {"kind": "percent", "value": 12.5, "starts": None, "min_order": 0}
    lines = passages_of(tmp_path, "promotions.jsonl", json.dumps(promotion))[0].text.split("\n")
    assert lines[2:] == ["Discount: 12.5% off.", "Valid: until 2026-12-15, that day included.", "Minimum order: none."]


MUG = '{"handle": "mug", "name": "Mug", "price": 9}\n'


def test_reviews_of_known_products_are_read(tmp_path: Path) -> None:
    """A review has its stars, words and language, whatever the order of the files."""
    (tmp_path / "shop.jsonl").write_text(MUG)
    line = {"product": "mug", "stars": 4, "title": "Fine", "text": "Holds tea.", "lang": "en"}
    content = content_of(tmp_path, "a-reviews.jsonl", json.dumps(line))
    assert not content.problems
    assert [(r.product, r.stars, r.text, r.origin.line) for r in content.reviews] == [("mug", 4, "Holds tea.", 1)]


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ("mug,6,Good", "stars", "'6'"),
        ("mug,0,Good", "stars", "'0'"),
        ("mug,4.5,Good", "stars", "'4.5'"),
        ("mug,,Good", "stars", "nothing"),
        ("mug,4,", "text", "nothing"),
        ("cup,4,Good", "product", "unknown product 'cup'"),
    ],
)
def test_bad_reviews_are_told(tmp_path: Path, row: str, column: str, found: str) -> None:
    """Stars outside 1 to 5, no words, or an unknown product are told with the line; the other reviews are read."""
    (tmp_path / "shop.jsonl").write_text(MUG)
    content = content_of(tmp_path, "reviews.csv", f"product,stars,text\n{row}\nmug,5,Good\n")
    assert [review.stars for review in content.reviews] == [5]
    assert [(p.line, p.column, p.found) for p in content.problems] == [(2, column, found)]
