"""Questions in one language answered from what the shop has in the other only, through the whole way of a turn."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.answer import Answerer, Voice
from bot.conversation import Author, Draft, Message, State
from bot.generate.protocol import Numbered, Prompt
from bot.generate.quote import Quote, quotation
from bot.gloss import glossed
from bot.policy import Action
from bot.reply import Reply, Turn
from bot.telemetry import Telemetry
from knowledge.build import build
from knowledge.glossary import Glossary, general
from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate
from knowledge.passages import Passage, Product, Variant, Wording
from knowledge.render import passages as rendered
from knowledge.sources import Content
from tests.support.shelves import ORIGIN, faq

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
Ask = Callable[[str], Reply]


def _entries() -> list[Passage]:
    return [
        faq(
            "canada", "en", "How long does shipping to Canada take?", text="Shipping to Canada takes 6–9 business days."
        ),
        faq("japan", "en", "How long does shipping to Japan take?", text="Shipping to Japan takes 8–12 business days."),
        faq("alipay", "zh", "可以用支付宝付款吗？", "支付宝能付吗", text="可以，结账时选择支付宝即可。"),
        faq("giftcard", "zh", "礼品卡怎么用？", text="结账时输入礼品卡号码。礼品卡 5 年内有效。"),
        faq("returns", "en", "What is the return policy?", text="You can return unused items within 60 days."),
        faq("returns", "zh", "退货政策是什么？", text="未使用的商品可在 60 天内退货。"),
        faq("wash", "en", "How do I wash a down jacket?", text="Wash it at 30 °C with down soap, then tumble dry it."),
        faq("lost", "en", "What if my parcel is lost?", text="Tell us, and we send the parcel again."),
    ]


def _tent() -> Product:
    words = Wording("Moth Bivy", "A bivy for one.", "Tents", {"Weight": "940 g", "Material": "Nylon"})
    return Product("moth-bivy", {"en": words}, "", (Variant("MB-1", Decimal(99), "USD", 4),), ORIGIN, url="/p/moth")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Answers of a shop with entries in English only, in Chinese only, and in both."""
    root = tmp_path_factory.mktemp("shop")
    tent = _tent()
    about = rendered(tent, "en", len)
    activate(root, build(Content((*_entries(), *about), (tent,), (), (), {}), root, HashedEncoder()))
    library = Library.open(root, HashedEncoder())
    answerer = Answerer(library, Quote(), Voice("Fernway", ("en", "zh")), Telemetry())

    def answer(text: str) -> Reply:
        async def show(piece: str) -> None:
            """Shown nowhere."""

        message = Message("c", 1, AT, Draft(Author.SHOPPER, text))
        return asyncio.run(answerer.answer(Turn(message, State("c")), show))

    return answer


@dataclass(frozen=True)
class Case:
    """A question, the passage that answers it, what stands before the quotation, and words of it."""

    text: str
    passage: str
    lead: str
    words: str


CASES = (
    Case("寄到加拿大要多久？", "faq:canada:en", "本店这部分资料只有英文", "6–9 business days"),
    Case("寄到日本要幾天", "faq:japan:en", "本店这部分资料只有英文", "8–12 business days"),
    Case("羽絨服怎麼洗", "faq:wash:en", "本店这部分资料只有英文", "30 °C"),
    Case("包裹丢了怎么办", "faq:lost:en", "本店这部分资料只有英文", "again"),
    Case("Can I pay with Alipay?", "faq:alipay:zh", "in Chinese only", "结账时选择支付宝"),
    Case("how do I use a gift card", "faq:giftcard:zh", "in Chinese only", "礼品卡号码"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.passage)
def test_answered_from_the_other_language(case: Case, ask: Ask) -> None:
    """The entry is found by translated words and quoted as it is, after a word that says so, with its citation."""
    reply = ask(case.text)
    assert reply.draft.action == Action.ANSWER
    assert [citation.passage for citation in reply.draft.citations] == [case.passage]
    assert case.lead in reply.draft.text
    assert case.words in reply.draft.text
    assert reply.trace.fallback == ""


@pytest.mark.parametrize(
    ("text", "words"), [("退货政策", "60 天内退货"), ("what is your return policy", "within 60 days")]
)
def test_the_own_language_comes_first(text: str, words: str, ask: Ask) -> None:
    """An entry in both languages is answered in the shopper's, with nothing before it."""
    reply = ask(text)
    assert words in reply.draft.text
    assert "英文" not in reply.draft.text
    assert "Chinese" not in reply.draft.text


@pytest.mark.parametrize(
    "text", ["量子力学的基本原理是什么？", "法国的首都是哪里", "Who painted the Mona Lisa?", "菠菜怎么炒"]
)
def test_nonsense_is_not_answered(text: str, ask: Ask) -> None:
    """Translated words do not make the shop answer what it knows nothing of."""
    assert ask(text).draft.action != Action.ANSWER


def _prompt(question: str, lang: str, *passages: Numbered) -> Prompt:
    return glossed(Prompt(question, lang, "Fernway", passages), Glossary(general()))


LONG = Numbered(
    1, "policy:shipping:en", "policy", "Shipping",
    "We love parcels. Boxes are brown. Standard shipping costs $5.95. Our van is green. Letters are not sent.", "en",
)  # fmt: skip


def test_sentences_are_chosen_by_the_gloss() -> None:
    """Of a long text in the other language the sentence is quoted that answers, not the first one."""
    text = quotation(_prompt("运费多少钱", "zh", LONG))
    assert "Standard shipping costs $5.95. [1]" in text
    assert "brown" not in text


def test_labels_are_put_into_the_shoppers_language() -> None:
    """Of a product's lines the label is translated where the glossary has it exactly; the value stays as it is."""
    text = "A bivy for one.\nWeight: 940 g\nPoles of nothing: 2"
    found = quotation(_prompt("多重", "zh", Numbered(1, "product:moth:en", "product", "Moth Bivy", text, "en")))
    assert found == "本店这部分资料只有英文，原文如下：\nMoth Bivy – 重量：940 g [1]"


def test_a_product_in_english_only(ask: Ask) -> None:
    """A Chinese question, in full-width letters, gets the value of a product that is described in English only."""
    reply = ask("Ｍｏｔｈ Ｂｉｖｙ多重？")
    assert reply.draft.action == Action.ANSWER
    assert [citation.passage for citation in reply.draft.citations] == ["product:moth-bivy:en"]
    assert "940 g" in reply.draft.text


def test_nothing_is_glossed_in_the_own_language() -> None:
    """A prompt without foreign passages stays as it is."""
    own = Prompt("How much is shipping?", "en", "Fernway", (LONG,))
    assert glossed(own, Glossary(general())) is own


def test_only_the_first_language_is_quoted() -> None:
    """A second part of a question is not added from a passage in another language without a word on it."""
    other = replace(LONG, n=2, id="faq:gift:zh", lang="zh", title="礼品卡", text="礼品卡 5 年内有效。")
    text = quotation(_prompt("How much is shipping? 礼品卡有效多久", "en", LONG, other))
    assert "[2]" not in text
