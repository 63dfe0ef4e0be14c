"""The sample shop's texts: FAQ, policies and promotions agree with the shop's facts, each other and both languages."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"
LANGS = ("en", "zh")
PAGES = ["about", "care", "gift-cards", "orders", "payment", "privacy", "promotions", "returns", "shipping", "warranty"]
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]

# What the shop has decided; every text has to say the same.
DESTINATIONS = {
    "shipping-us": ("united-states", "3–5", "$5.95", "$75", "1–2", "$14.95"),
    "shipping-canada": ("canada", "6–9", "$12.95", "$150", "3–4", "$24.95"),
    "shipping-uk-eu": ("uk-eu", "7–12", "$18.95", "$200", "4–6", "$34.95"),
    "shipping-australia-nz": ("australia-new-zealand", "9–14", "$22.95", "$250", "5–7", "$39.95"),
    "shipping-china-japan-singapore": ("china-japan-singapore", "8–12", "$19.95", "$200", "4–6", "$36.95"),
}
FACTS = {
    "returns-window": {"60"},
    "returns-canada": {"$7.00"},
    "refund-time": {"5–7"},
    "shipping-dispatch": {"13:00"},
    "shipping-lost": {"15"},
    "store-pickup": {"2"},
    "damaged-on-arrival": {"14"},
    "warranty-general": {"2", "5", "1"},
    "repairs": {"$18", "10–15"},
    "repair-zip": {"$24", "10–15"},
    "payment-klarna": {"4"},
    "gift-card-amounts": {"$25", "$50", "$100", "$250"},
    "discount-student-military": {"15%"},
    "price-match": {"14"},
    "loyalty-points": {"1", "$1", "200", "$10"},
    "loyalty-expiry": {"18"},
    "privacy-delete-data": {"30"},
    "privacy-chat": {"180"},
    "order-cancel": {"12", "+1 541 555 0142"},
    "contact": {"+1 541 555 0142", "9:00–18:00", "10:00–16:00"},
}
CODES = {
    "WELCOME10": ("percent", 10, None, "2027-12-31", 50),
    "TRAIL20": ("amount", 20, "2026-10-15", "2026-12-15", 120),
    "TENTS15": ("percent", 15, "2026-11-01", "2026-11-30", 0),
    "FREESHIP": ("free_shipping", 0, None, "2027-06-30", 40),
    "WINTER25": ("percent", 25, "2026-12-01", "2027-01-15", 0),
    "SUMMER30": ("percent", 30, None, "2026-08-31", 0),
}

# The policy page that carries the facts of an entry, by the first word of its id.
PAGE_OF = {
    **dict.fromkeys(("shipping", "store"), "shipping"),
    **dict.fromkeys(("returns", "exchange", "refund", "damaged", "wrong", "missing"), "returns"),
    **dict.fromkeys(("promo", "discount", "price", "loyalty", "black"), "promotions"),
    **dict.fromkeys(("order", "back", "account"), "orders"),
    **dict.fromkeys(("privacy", "newsletter"), "privacy"),
    **dict.fromkeys(("care", "repair", "repairs"), "care"),
    "gift": "gift-cards",
    "payment": "payment",
    "warranty": "warranty",
}
ADVICE = ("choose", "size")  # general knowledge about gear: no policy page repeats its figures

_CODE = re.compile("|".join(CODES) + r"|FW-\d{6}")
_DATE_EN = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)})")
_DATE_ZH = re.compile(r"(\d{1,2}) ?月 ?(\d{1,2}) ?日")
_FIGURE = re.compile(
    r"\+1 541 555 0142|\d{1,2}:\d\d(?:–\d{1,2}:\d\d)?|\d+m\d+d"
    r"|\$?\d+(?:[.,]\d+)*(?:–\d+(?:[.,]\d+)*)?%?"
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^## (.+) \{#([a-z0-9-]+)\}$")


def figures(text: str) -> set[str]:
    """Amounts, ranges, times, the telephone number, dates (as `12m31d`) and other numbers; not those inside codes."""
    plain = _CODE.sub("", text)
    plain = _DATE_EN.sub(lambda m: f"{MONTHS.index(m[2]) + 1}m{int(m[1])}d", plain)
    plain = _DATE_ZH.sub(lambda m: f"{int(m[1])}m{int(m[2])}d", plain)
    return set(_FIGURE.findall(plain))


@cache
def faq(lang: str) -> dict[str, dict[str, Any]]:
    """The entries of one language by id, in order."""
    lines = (CONTENT / f"faq.{lang}.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert len({entry["id"] for entry in entries}) == len(entries)
    return {entry["id"]: entry for entry in entries}


@cache
def page(lang: str, name: str) -> str:
    """A policy page as it is written."""
    return (CONTENT / "policies" / lang / f"{name}.md").read_text(encoding="utf-8")


@cache
def sections(lang: str, name: str) -> dict[str, str]:
    """A page's sections by anchor, headings included."""
    found: dict[str, str] = {}
    anchor = ""
    for line in page(lang, name).splitlines():
        if heading := _HEADING.match(line):
            anchor = heading[2]
            assert anchor not in found
        if anchor:
            found[anchor] = f"{found.get(anchor, '')}{line}\n"
    return found


@cache
def promotions() -> dict[str, dict[str, Any]]:
    """The promotions by code."""
    lines = (CONTENT / "promotions.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["code"]: row for row in map(json.loads, lines)}


def targets() -> set[str]:
    """Every address that a text may point at."""
    known = {f"/faq#{id_}" for id_ in faq("en")} | {f"/policies/{name}" for name in PAGES}
    return known | {f"/policies/{name}#{anchor}" for name in PAGES for anchor in sections("en", name)}


def normal(question: str) -> str:
    """A question as matching sees it: no case, no punctuation, single spaces."""
    return " ".join(re.sub(r"[^\w\s]", " ", question.casefold()).split())


def sentences(text: str) -> int:
    """Sentences in a text of either language; the dot of a decimal or an address ends none."""
    return len(re.findall(r"[.!?](?=\s|$)|[。！？](?!”)", text))


def page_of(id_: str) -> str | None:
    """The page that carries an entry's facts; None for advice."""
    first = id_.split("-")[0]
    if id_ == "gift-wrap":
        return "orders"
    return None if first in ADVICE else PAGE_OF.get(first, "about")


def test_both_faqs_hold_the_same_entries_in_the_same_order() -> None:
    """There are at least ninety entries, and each stands in English and in Chinese."""
    assert len(faq("en")) >= 90
    assert list(faq("en")) == list(faq("zh"))


@pytest.mark.parametrize("lang", LANGS)
def test_an_entry_has_its_four_keys_and_five_to_eight_questions(lang: str) -> None:
    """Every entry is complete and points at its own anchor."""
    for id_, entry in faq(lang).items():
        assert list(entry) == ["id", "questions", "answer", "url"], id_
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_)
        assert entry["url"] == f"/faq#{id_}"
        assert 5 <= len(entry["questions"]) <= 8, id_


@pytest.mark.parametrize("lang", LANGS)
def test_no_question_is_asked_twice(lang: str) -> None:
    """No wording occurs in two entries, or twice in one, whatever its case and punctuation."""
    seen = Counter(normal(question) for entry in faq(lang).values() for question in entry["questions"])
    assert [question for question, times in seen.items() if times > 1] == []
    assert "" not in seen


@pytest.mark.parametrize(("lang", "longest"), [("en", 460), ("zh", 270)])
def test_an_answer_is_short_and_stands_alone(lang: str, longest: int) -> None:
    """Answers are one to four sentences in their own language and do not open with a word that points elsewhere."""
    for id_, entry in faq(lang).items():
        answer = entry["answer"]
        assert 6 <= len(answer) <= longest, (id_, len(answer))
        assert 1 <= sentences(answer) <= 4, (id_, sentences(answer))
        assert not re.match(r"(It|They|This|That|These dates|See|As said)\b|它|这个", answer), id_
        assert bool(re.search(r"[一-鿿]", answer)) == (lang == "zh"), id_
        assert answer == " ".join(answer.split()), id_


def test_numbers_of_the_faq_agree_across_languages() -> None:
    """Each amount, range, date, time and number of an answer stands in the other language too."""
    differing = {
        id_: figures(entry["answer"]) ^ figures(faq("zh")[id_]["answer"])
        for id_, entry in faq("en").items()
        if figures(entry["answer"]) != figures(faq("zh")[id_]["answer"])
    }
    assert differing == {}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_same_sections_and_numbers_in_both_languages(name: str) -> None:
    """Anchors come in the same order, and each section says the same figures in English and Chinese."""
    assert list(sections("en", name)) == list(sections("zh", name))
    for anchor, text in sections("en", name).items():
        assert figures(text) == figures(sections("zh", name)[anchor]), anchor


@pytest.mark.parametrize("lang", LANGS)
def test_the_pages_are_the_ten_agreed_ones(lang: str) -> None:
    """No page is missing or left over, and each says its title, entry and address."""
    assert sorted(path.stem for path in (CONTENT / "policies" / lang).iterdir()) == sorted(PAGES)
    for name in PAGES:
        front = rf"---\ntitle: \S.*\nentry: {name}\nurl: /policies/{name}\n---\n"
        assert re.match(front, page(lang, name)), name


@pytest.mark.parametrize(("lang", "longest"), [("en", 170), ("zh", 340)])
@pytest.mark.parametrize("name", PAGES)
def test_a_section_is_short(lang: str, longest: int, name: str) -> None:
    """A section is at most about 150 English words or 340 Chinese characters, tables included, and never empty."""
    for anchor, text in sections(lang, name).items():
        body = text.split("\n", 1)[1].replace("|", " ").replace("---", " ")
        length = len(body.split()) if lang == "en" else len("".join(body.split()))
        assert 5 < length <= longest, (anchor, length)
    assert len(re.findall(r"^#", page(lang, name), re.MULTILINE)) == len(sections(lang, name))


@pytest.mark.parametrize("lang", LANGS)
def test_figures_of_an_answer_stand_on_its_policy_page(lang: str) -> None:
    """Whatever the FAQ promises in figures is said on the page that carries the facts; only gear advice is exempt."""
    contact = figures(page(lang, "about"))
    missing = {
        id_: left
        for id_, entry in faq(lang).items()
        if (name := page_of(id_)) and (left := figures(entry["answer"]) - figures(page(lang, name)) - contact)
    }
    assert missing == {}


@pytest.mark.parametrize("lang", LANGS)
def test_advice_makes_no_promise_in_money_or_business_days(lang: str) -> None:
    """The entries that no page backs say nothing about prices, percentages or delivery times."""
    for id_, entry in faq(lang).items():
        if page_of(id_) is None:
            assert not re.search(r"[$%]|business day|工作日", entry["answer"]), id_


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", DESTINATIONS)
def test_shipping_says_the_shops_own_times_and_costs(lang: str, id_: str) -> None:
    """Answer and section of a destination hold its five figures, and the table has them in one row."""
    anchor, *wanted = DESTINATIONS[id_]
    assert set(wanted) <= figures(faq(lang)[id_]["answer"])
    assert set(wanted) <= figures(sections(lang, "shipping")[anchor])
    rows = [line for line in sections(lang, "shipping")["overview"].splitlines() if line.startswith("|")]
    assert sum([cell.split()[0] for cell in row.split("|")[2:-1]] == wanted for row in rows) == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", FACTS)
def test_an_answer_says_the_decided_figures(lang: str, id_: str) -> None:
    """The figures that the shop decided on stand in the answer that a shopper would get."""
    assert FACTS[id_] <= figures(faq(lang)[id_]["answer"])


@pytest.mark.parametrize("lang", LANGS)
def test_links_resolve(lang: str) -> None:
    """Links in pages and addresses of promotions lead to pages, anchors and entries that exist."""
    links = [link for name in PAGES for link in _LINK.findall(page(lang, name))]
    links += [row["url"] for row in promotions().values()]
    assert len(links) > len(CODES)
    assert [link for link in links if link not in targets()] == []


def test_there_are_exactly_the_six_codes() -> None:
    """Kind, value, dates and minimum of each code are the decided ones."""
    keys = ("kind", "value", "starts", "ends", "min_order")
    assert {code: tuple(row.get(key) for key in keys) for code, row in promotions().items()} == CODES
    assert {row["currency"] for row in promotions().values()} == {"USD"}
    assert [code for code, row in promotions().items() if row["stacks_with"]] == ["FREESHIP"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", CODES)
def test_a_codes_text_says_its_dates_value_and_minimum(lang: str, code: str) -> None:
    """The text of a code, its FAQ answer, its section and its table row carry the figures of its record."""
    row = promotions()[code]
    wanted = {f"{int(day[5:7])}m{int(day[8:])}d" for day in (row.get("starts"), row["ends"]) if day}
    wanted |= {row["ends"][:4]} | ({f"${row['min_order']}"} if row["min_order"] else set())
    if row["kind"] != "free_shipping":
        wanted |= {f"{row['value']}%" if row["kind"] == "percent" else f"${row['value']}"}
    overview = sections(lang, "promotions")["overview"]
    line = next(line for line in overview.splitlines() if line.startswith(f"| {code} "))
    for text in (row["text"][lang], faq(lang)[f"promo-{code.lower()}"]["answer"], line):
        assert wanted <= figures(text)
    assert wanted <= figures(sections(lang, "promotions")[code.lower()])
    assert code in row["text"][lang]
    assert row["title"][lang]


@pytest.mark.parametrize("lang", LANGS)
def test_every_code_that_a_text_names_exists(lang: str) -> None:
    """No answer or page mentions a promotion code that the shop does not have."""
    texts = [entry["answer"] for entry in faq(lang).values()] + [page(lang, name) for name in PAGES]
    named = {code for text in texts for code in re.findall(r"(?<![A-Z])[A-Z]{5,}\d\d(?!\d)|FREESHIP", text)}
    assert named == set(CODES)


@pytest.mark.parametrize("lang", LANGS)
def test_there_is_one_mail_address_and_one_number(lang: str) -> None:
    """All texts name the same e-mail address and the same telephone number, and no other."""
    text = " ".join([entry["answer"] for entry in faq(lang).values()] + [page(lang, name) for name in PAGES])
    assert set(re.findall(r"[\w.]+@[\w.]+\w", text)) == {"care@fernway.example"}
    assert set(re.findall(r"\+\d[\d ]{6,}\d", text)) == {"+1 541 555 0142"}
