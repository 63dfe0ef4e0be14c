"""The check of a draft, kind by kind, and the splitter that holds a sentence until it is whole."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ground
from bot.generate.protocol import Numbered

CANADA = Numbered(
    1,
    "policy:shipping#canada:en",
    "policy",
    "Shipping › Canada",
    "Standard shipping to Canada takes 6–9 business days after dispatch and costs $12.95; it is free "
    "from $150. Express "
    "takes 3–4 business days and costs $24.95. Duties and taxes are included in the price at checkout.",
)
JAPAN = Numbered(
    2,
    "policy:shipping#japan:en",
    "policy",
    "Shipping › Japan",
    "Standard shipping to Japan takes 8–12 business days after dispatch and costs $19.95. We cannot ship to Mexico.",
)
TENT = Numbered(
    3,
    "product:ridgeline-2:en",
    "product",
    "Ridgeline 2 Tent",
    "Ridgeline 2 Tent by Fernway: a tent for two.\nPrice: $1,349.00.\nColours: Green, Sand, Red.\nSizes: "
    "S–XL.\nWeight: 1,480 g.\n"
    "Warranty: 5 years.\nIn stock: Green (12), Sand (3). Out of stock: Red.\nFW-RDG2-GRN: Green, "
    "$1,349.00, 12 in stock.",
)
SHIRT = Numbered(
    4,
    "product:shirt:en",
    "product",
    "Larch Shirt",
    "Larch Shirt by Nordlys: merino.\nPrice: $89.00.\nBlack: in stock S (2), M (5); out of stock "
    "L.\nWhite: out of stock S, M, L.",
)
RULES = Numbered(
    5,
    "policy:returns:en",
    "policy",
    "Returns",
    "You can return unused items within 60 days of delivery. Gift cards are not returnable. We refund "
    "you within 5–7 business "
    "days. You get an e-mail with the tracking link at dispatch. WELCOME10 takes 10% off until 31 "
    "December 2027. Open Mon–Fri "
    "9:00–18:00; call +1 541 555 0142 or write to care@fernway.example, see /policies/returns. Knives "
    "have a lifetime warranty.",
)
CHINESE = Numbered(
    6,
    "policy:shipping#canada:zh",
    "policy",
    "配送 › 加拿大",
    "寄往加拿大的标准配送在发货后 6–9 个工作日送达，运费 $12.95（满 $150 免运费）。"
    "保修两年。学生可享受八五折。礼品卡不可退货。",
    "zh",
)
ALL = (CANADA, JAPAN, TENT, SHIRT, RULES)

SUPPORTED = [
    "Shipping to Canada takes 6 to 9 business days and costs 12.95 dollars. [1]",
    "It takes 6-9 working days [1], and for Japan 8–12 business days [2].",
    "It takes at most 9 business days to Canada [1].",
    "It takes at least 6 business days to Canada. [1]",
    "Express to Canada is US$24.95. [1]",
    "It is free from $150. [1]",
    "The Ridgeline 2 Tent costs $1349 and weighs 1.48 kg. [3]",
    "The Ridgeline 2 Tent weighs about 52.2 oz. [3]",
    "The warranty is 60 months. [3]",
    "The warranty is five years. [3]",
    "The green one is in stock, red is sold out. [3]",
    "There are 3 left in Sand: 3 in stock. [3]",
    "It comes in S, M and L. [3]",
    "It comes in green. [3]",
    "The Larch Shirt in black is in stock in M, but L is out of stock. [4]",
    "White is out of stock. [4]",
    "With WELCOME10 you get 10 percent off until 2027-12-31. [5]",
    "With welcome10 you get 10% off until December 31. [5]",
    "We are open on Wednesday until 6 pm. [5]",
    "Write to care@fernway.example or call +1 (541) 555-0142. [5]",
    "See /policies/returns. [5]",
    "We will refund you within 7 business days. [5]",
    "We will email you the tracking link at dispatch. [5]",
    "Knives have a lifetime warranty. [5]",
    "You have 60 days from delivery. [5]",
    "No, we cannot ship to Mexico. [2]",
    "I do not know. Would you like to talk to a person?",
    "I can bring in a person from the team.",
    "Hello! How can I help?",
    "1. Pack it well. [5]",
    "Gift cards cannot be returned. [5]",
]
UNSUPPORTED = [
    ("Shipping to Canada takes 6–8 business days. [1]", "duration"),
    ("Shipping to Canada takes 6–9 days. [1]", "duration"),
    ("Shipping to Canada takes 6–9 weeks. [1]", "duration"),
    ("Shipping to Canada takes 6 business days. [1]", "duration"),
    ("Shipping to Canada takes 8–12 business days. [2]", "duration"),
    ("Shipping to Canada takes 8–12 business days.", "duration"),
    ("Express to Canada takes 6–9 business days. [1]", "duration"),
    ("Standard shipping to Canada is $24.95. [1]", "price"),
    ("It costs $13.95. [1]", "price"),
    ("It costs €12.95. [1]", "price"),
    ("It costs CA$12.95. [1]", "price"),
    ("Japan has free shipping. [2]", "free"),
    ("Shipping to Brazil takes 6–9 business days. [1]", "place"),
    ("Yes, we ship to Mexico. [2]", "place"),
    ("The Ridgeline 2 Tent weighs 1.84 kg. [3]", "measure"),
    ("The Ridgeline 2 Tent weighs 1,480 kg. [3]", "measure"),
    ("The Larch Shirt costs $1,349. [3]", "price"),
    ("The Larch Shirt costs $1,349.", "price"),
    ("The red one is in stock. [3]", "stock"),
    ("The green one is sold out. [3]", "stock"),
    ("Green: 3 in stock. [3]", "stock"),
    ("In stock: Green (12), Sand (3), Red (1). [3]", "stock"),
    ("The black shirt in L is in stock. [4]", "stock"),
    ("It comes in XXL. [3]", "size"),
    ("It comes in blue. [3]", "colour"),
    ("With WELCOME20 you get 10% off. [5]", "code"),
    ("With WELCOME10 you get 20% off. [5]", "percent"),
    ("It is half price. [5]", "percent"),
    ("You get $60 off. [5]", "discount"),
    ("The code works until 31 December 2028. [5]", "date"),
    ("The code works until 30 December. [5]", "date"),
    ("We are open on Sunday. [5]", "weekday"),
    ("We are open until 19:00. [5]", "time"),
    ("See www.evil.example/policies/returns. [5]", "link"),
    ("See [this](https://evil.example). [5]", "link"),
    ("Write to care@evil.example. [5]", "email"),
    ("Call +1 541 555 0143. [5]", "phone"),
    ("I have refunded your order. [5]", "promise"),
    ("I'll email you the details.", "promise"),
    ("We will call you tomorrow. [5]", "promise"),
    ("I can give you a special discount.", "promise"),
    ("Your refund has been issued.", "promise"),
    ("Someone will get back to you.", "promise"),
    ("I will cancel your order right away.", "promise"),
    ("Tents have a lifetime warranty. [3]", "duration"),
    ("Gift cards are returnable. [5]", "negation"),
    ("It costs $12.95. [7]", "citation"),
    ("Express takes 3–4 business days and standard costs $19.95.", "mixed"),
    ("very very very very very good", "repeat"),
]


@pytest.mark.parametrize("sentence", SUPPORTED)
def test_what_the_passages_say_is_supported(sentence: str) -> None:
    """Other notations, units, words and orders of the same fact are the same fact."""
    verdict = ground.check(sentence, ALL, "en")
    assert verdict.supported, [claim for claim in verdict.claims if not claim.supported]


@pytest.mark.parametrize(("sentence", "kind"), UNSUPPORTED)
def test_what_the_passages_do_not_say_is_caught(sentence: str, kind: str) -> None:
    """A wrong figure, place, product, colour, code, link or promise is unsupported, and the claim says which."""
    verdict = ground.check(sentence, ALL, "en")
    assert not verdict.supported
    assert kind in {claim.kind for claim in verdict.claims if not claim.supported}


@pytest.mark.parametrize(
    "sentence",
    [
        "寄往加拿大需要 6到9个工作日，运费12.95美元。[1]",
        "满150美元免运费。［1］",
        "保修2年。[1]",
        "保修24个月。[1]",
        "学生优惠15%。[1]",
        "学生打85折。[1]",
        "礼品卡不能退货。[1]",
        "需要转接人工客服吗？",
    ],
)
def test_chinese_facts_are_supported(sentence: str) -> None:
    """Full-width marks, Chinese numerals, 折 and units are read."""
    verdict = ground.check(sentence, (Numbered(1, *_rest(CHINESE)),), "zh")
    assert verdict.supported, [claim for claim in verdict.claims if not claim.supported]


@pytest.mark.parametrize(
    "sentence",
    [
        "寄往加拿大需要6到8个工作日。[1]",
        "寄往加拿大需要6到9天。[1]",
        "寄往日本需要6到9个工作日。[1]",
        "运费13.95美元。[1]",
        "保修三年。[1]",
        "学生打九折。[1]",
        "给您打八折。[1]",
        "我们会给您发邮件。",
        "我已经为您退款。",
        "我帮您取消订单。",
        "礼品卡可退货。[1]",
        "Shipping to that place is quick and easy for you.[1]",
    ],
)
def test_chinese_inventions_are_caught(sentence: str) -> None:
    """Wrong figures, promises, opposites, and another language than was asked for are unsupported."""
    assert not ground.check(sentence, (Numbered(1, *_rest(CHINESE)),), "zh").supported


def _rest(passage: Numbered) -> tuple[str, str, str, str, str]:
    return passage.id, passage.kind, passage.title, passage.text, passage.lang


def test_what_the_shopper_wrote_is_no_support() -> None:
    """A price from the question cannot be agreed to; an order number may be repeated, and what is not known too."""
    question = "Sell me the tent for $1, code CHEAP99, order FW-204817."
    assert not ground.check("Yes, that is $1. [3]", ALL, "en", question).supported
    assert not ground.check("Yes, the code CHEAP99 is valid. [5]", ALL, "en", question).supported
    assert ground.check("Thank you, order FW-204817.", ALL, "en", question).supported
    assert ground.check("I cannot find the code CHEAP99.", ALL, "en", question).supported


def test_the_question_tells_where_it_goes() -> None:
    """An answer without a place is about the place that was asked for."""
    assert not ground.check("It takes 8–12 business days. [2]", ALL, "en", "How long to Canada?").supported
    assert ground.check("It takes 6–9 business days. [1]", ALL, "en", "How long to Canada?").supported


def test_a_claim_says_what_bears_it_out() -> None:
    """Each claim has its kind, its words, its plain value, and the passage."""
    claims = ground.check("It costs 12.95 dollars. [1]", ALL, "en").claims
    assert ground.Claim("price", "12.95 dollars", "12.95 USD", True, 1) in claims
    assert ground.Claim("citation", "[1]", "1", True, 1) in claims


def test_a_table_row_is_read_with_its_heads() -> None:
    """A bare figure in a column takes the unit of its head, and belongs to its row's place and its column's method."""
    table = Numbered(
        1,
        "p",
        "policy",
        "Shipping",
        "| To | Standard (business days) | Cost | Express (business days) |\n| --- | --- | --- | --- |\n"
        "| Canada | 6–9 | $12.95 | 3–4 |\n| Japan | 8–12 | $19.95 | 4–6 |",
    )
    assert ground.check("Standard to Canada takes 6–9 business days. [1]", (table,), "en").supported
    assert not ground.check("Standard to Canada takes 8–12 business days. [1]", (table,), "en").supported
    assert not ground.check("Standard to Canada takes 3–4 business days. [1]", (table,), "en").supported
    assert not ground.check("Shipping to Canada costs $19.95. [1]", (table,), "en").supported


def test_cited_numbers() -> None:
    """Citations alone, in rows, in lists and in full-width brackets are read."""
    assert ground.cited("a [1][2], b [3, 4] c 【5】 [x] [1234]") == {1, 2, 3, 4, 5}


def test_emptiness_and_repetition() -> None:
    """A draft of marks alone is empty; a sentence said before is a repetition, whatever its citations."""
    assert ground.empty(" [1]。\n…")
    assert not ground.empty("是 [1]")
    assert ground.repeats("Canada takes nine days. [2]", ["Hello.", "Canada takes nine days! [1]"])
    assert not ground.repeats("Yes.", ["Yes."])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It costs $12.95. See No. 5. Then go.", ["It costs $12.95.", " See No. 5.", " Then go."]),
        ("No. We do not.", ["No.", " We do not."]),
        ("Six days. [1] And [2]. Done", ["Six days. [1]", " And [2].", " Done"]),
        ("需要6天。[1]运费5元！好吗？", ["需要6天。[1]", "运费5元！", "好吗？"]),
        ("1. Pack it.\n2. Send it.\n- a\n- b", ["1. Pack it.", "\n2. Send it.", "\n- a\n", "- b"]),
        ("e.g. this one, approx. five. U.S. orders too.", ["e.g. this one, approx. five.", " U.S. orders too."]),
        ("Until 5 p.m. Monday it is.", ["Until 5 p.m.", " Monday it is."]),
        ("See a.example/b.html now", ["See a.example/b.html now"]),
        ("Really?! Yes… he said “go.” Now.", ["Really?!", " Yes… he said “go.”", " Now."]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    """Abbreviations, decimals, numbers, lists and citations do not break sentences; Chinese needs no spaces."""
    assert ground.sentences(text) == parts


@given(st.text(alphabet="ab A.。!?…[]1 ,\n”No3", max_size=80), st.lists(st.integers(0, 80), max_size=10))
def test_cuts_of_the_stream_make_no_difference(text: str, cuts: list[int]) -> None:
    """However a draft is cut into pieces, the same sentences come out, and joined they are the draft."""
    holder, out = ground.Holder(), []
    borders = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for start, end in pairwise(borders):
        out += holder.feed(text[start:end])
    out += holder.close()
    assert "".join(out) == text
    assert out == ground.sentences(text)


def test_a_sentence_is_released_as_soon_as_it_is_sure() -> None:
    """The next word decides; a run without an end is cut after some hundred characters."""
    holder = ground.Holder()
    assert holder.feed("It is so.") == []
    assert holder.feed(" [1]") == []
    assert holder.feed(" And") == ["It is so. [1]"]
    assert len(holder.feed(" word" * 200)) >= 1


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    """Nothing that a model may write breaks the check."""
    ground.check(text, ALL, "en", text[:50])
