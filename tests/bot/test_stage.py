"""Stage and mood: what raises them, what cools them, and what must not."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Mood, Sign, Stage, Visit
from bot.lab.evaluate.intent import LABELS, conversations, f1
from bot.stage import Heard, Reading, further, names, own_before, read, retold, told, worse

WORDS = [Path("web/words") / f"staff.{lang}.js" for lang in ("en", "zh")]
INTERESTED = Reading(Stage.INTERESTED)
READY = Reading(Stage.READY, signs=(Sign("stage", "pays", "can I pay"),))


def talked(*texts: str, visit: Visit | None = None, named: bool = False) -> Reading:
    """The reading after these messages, one after another."""
    reading, earlier = Reading(), tuple[str, ...]()
    for text in texts:
        reading = read(Heard(text, earlier, visit or Visit(), named), reading)
        earlier = (*earlier, text)
    return reading


@pytest.mark.parametrize(
    "text",
    [
        "add it to my cart please",
        "can I pay with PayPal?",
        "do you take Amex",
        "what discount codes are there?",
        "I'd like to order two of them",
        "how do I check out?",
        "帮我加入购物车",
        "能用支付宝吗",
        "怎么下单",
        "有没有优惠码",
        "我要两个",
    ],
)
def test_buyers_words_make_ready_at_once(text: str) -> None:
    """Whatever was said before, in both languages; the sign bears the very words."""
    reading = talked(text)
    assert reading.stage is Stage.READY
    assert reading.signs[0].words
    assert reading.signs[0].words in text


@pytest.mark.parametrize(
    "text",
    [
        "is it in stock in M?",
        "can it arrive by Friday?",
        "how much is shipping to Berlin?",
        "L 码有货吗",
        "周五前能到吗",
    ],
)
def test_stock_and_delivery_count_only_where_a_product_is_meant(text: str) -> None:
    """Out of the blue they are questions about the shop."""
    assert talked(text).stage is Stage.DISCOVERY
    assert read(Heard(text), INTERESTED).stage is Stage.READY


@pytest.mark.parametrize(
    "text",
    [
        "where is my order?",
        "I want to return my boots",
        "I already ordered it, can I pay less?",
        "How long does a refund take?",
        "FW-202884",
        "the zip broke, is that under warranty",
        "我的快递到哪了",
        "怎么退货",
        "昨天买的能退款吗",
    ],
)
def test_questions_after_the_sale_are_no_wish_to_buy(text: str) -> None:
    """They neither raise the stage nor lower it, whatever lies in the cart."""
    assert talked(text, visit=Visit(cart=("larch-jacket",))).stage is Stage.DISCOVERY
    assert read(Heard(text), READY).stage is Stage.READY


@pytest.mark.parametrize(
    "text", ["thanks", "ok", "hello", "lol", "do you have a shop in town?", "谢谢", "好的", "你好"]
)
def test_small_talk_never_lowers_the_stage(text: str) -> None:
    """Who was ready to buy still is, and by the same sign."""
    reading = read(Heard(text), READY)
    assert (reading.stage, reading.signs) == (Stage.READY, READY.signs)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("I'll think about it", Stage.INTERESTED),
        ("too expensive", Stage.INTERESTED),
        ("我再考虑一下", Stage.INTERESTED),
        ("forget it", Stage.DISCOVERY),
        ("算了，不买了", Stage.DISCOVERY),
    ],
)
def test_hesitation_and_refusal_lower_it_by_a_step(text: str, after: Stage) -> None:
    """From ready to interested; who was interested and refuses only looks around."""
    assert read(Heard(text), READY).stage is Stage.INTERESTED
    assert read(Heard(text), INTERESTED).stage is after


def test_a_product_named_and_the_open_page_make_interested() -> None:
    """And a cart makes ready, for it says more than words."""
    assert talked("how warm is the Larch Jacket?", named=True).stage is Stage.INTERESTED
    assert talked("does it run small?").stage is Stage.DISCOVERY
    assert talked("does it run small?", visit=Visit(product="larch-jacket")).stage is Stage.INTERESTED
    assert talked("hello", visit=Visit(cart=("larch-jacket",))).signs == (Sign("stage", "cart"),)


def test_a_name_in_a_complaint_is_no_interest() -> None:
    """It says which product was bought."""
    reading = talked("I'm so angry, the tent ripped", "it was the Ridgeline 2 Tent", named=True)
    assert reading.stage is Stage.DISCOVERY


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I asked three times", "repeats"),
        ("问了三遍了", "repeats"),
        ("I have been waiting for two weeks", "waits"),
        ("都十天了还没人理", "waits"),
        ("WHY DOES NOBODY EVER ANSWER", "waits"),
        ("I WANT THE BLUE JACKET NOW", "shouts"),
        ("it does not fit!!!", "marks"),
        ("oh great, another useless answer", "sarcasm"),
        ("呵呵，真行", "sarcasm"),
        ("not impressed", "complains"),
    ],
)
def test_annoyance_is_seen_and_named(text: str, name: str) -> None:
    """Repeating, waiting, capitals, marks, sarcasm, complaints."""
    reading = talked(text)
    assert reading.mood is Mood.ANNOYED
    assert [sign.name for sign in reading.signs if sign.of == "mood"] == [name]


@pytest.mark.parametrize("text", ["you idiots", "闭嘴", "this is ridiculous", "I'll sue you", "垃圾客服"])
def test_insults_and_threats_are_anger(text: str) -> None:
    """With those that alarm, those that only move a conversation up."""
    assert talked(text).mood is Mood.ANGRY


@pytest.mark.parametrize(
    "text",
    [
        "love it!!!",
        "WELCOME10",
        "太好了！！！",
        "Is the NORDLYS jacket ok in -10 °C?",
        "any chance of a discount?",
        "怎么投诉",
    ],
)
def test_joy_codes_and_plain_questions_are_calm(text: str) -> None:
    """Marks and capitals alone say little."""
    assert talked(text).mood is Mood.CALM


def test_saying_the_same_again_is_annoyance() -> None:
    """Word for word, whatever the marks; short answers may come twice."""
    assert talked("where do you ship?", "Where do you ship").signs == (Sign("mood", "says_again"),)
    assert talked("yes", "yes").mood is Mood.CALM


def test_the_mood_cools_after_two_calm_messages_or_with_thanks() -> None:
    """The first calm one keeps it, and its sign."""
    angry = talked("you idiots", "the number is 12")
    assert (angry.mood, angry.own, angry.signs[0].words) == (Mood.ANGRY, Mood.CALM, "idiots")
    assert talked("you idiots", "the number is 12", "it is blue").mood is Mood.CALM
    assert talked("you idiots", "ah, thank you").mood is Mood.CALM
    assert talked("you idiots", "thanks for nothing").mood is Mood.ANGRY


def test_asking_for_a_person_does_not_cool_the_mood() -> None:
    """Who is angry and asks for a person is angry still when the person comes."""
    assert talked("you idiots", "talk to a human", "yes please").mood is Mood.ANGRY
    assert own_before(("you idiots", "转人工", "好的")) is Mood.ANGRY
    assert own_before(("you idiots", "it is blue")) is Mood.CALM


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("how warm is the Ember", True),
        ("ridgeline 3 or the other", True),
        ("那款Ember怎么样", True),
        ("sitting by an ember", False),
        ("how long does it take", False),
        ("", False),
    ],
)
def test_a_name_may_be_cut_short_where_it_stands_out(text: str, *, named: bool) -> None:
    """A capital inside English, Latin letters inside Chinese, or the second word of the title."""
    assert names(text, ["Ember Synthetic Jacket", "Ridgeline 3 Tent", "Long Spoon", "睡袋"]) is named


READINGS = st.builds(
    Reading,
    st.sampled_from(Stage),
    st.sampled_from(Mood),
    st.sampled_from(Mood),
    st.lists(st.builds(Sign, st.sampled_from(["stage", "mood"]), st.text(max_size=9), st.text(max_size=9))).map(tuple),
)


@given(READINGS)
def test_a_reading_is_read_back_as_it_was(reading: Reading) -> None:
    """From the values that the reply keeps."""
    assert retold(told(reading)) == reading


@pytest.mark.parametrize("kept", [None, [], "x", {}, {"stage": "x"}, {"stage": "ready", "mood": "calm", "own": 1}])
def test_other_values_are_no_reading(kept: object) -> None:
    """Replies of an older version keep none."""
    assert retold(kept) is None


@given(st.text(max_size=80), READINGS, st.booleans(), st.booleans())
def test_any_text_moves_the_stage_by_a_step_down_at_most(
    text: str, before: Reading, named: bool, at_hand: bool
) -> None:
    """And each reading has at most one sign of each."""
    after = read(Heard(text, named=named, at_hand=at_hand), before)
    order = list(Stage)
    assert order.index(before.stage) - order.index(after.stage) <= 1
    assert len({sign.of for sign in after.signs}) == len(after.signs) <= 2
    assert worse(after.mood, after.own) is after.mood
    assert further(after.stage, Stage.DISCOVERY) is after.stage


def test_the_desk_has_words_for_every_sign() -> None:
    """Whatever the code may name, in both languages."""
    source = "".join(Path(f"bot/{name}.py").read_text("utf-8") for name in ("stage", "mood", "wanting"))
    found = set(re.findall(r'Sign\("\w+", "(\w+)"', source))
    found |= set(re.findall(r'^    \("(\w+)", Mood', source, re.M)) | set(re.findall(r'^    "(\w+)": re', source, re.M))
    found |= {"stock", "delivery", "refuses", "hesitates", "product_page", "asks_about"}
    assert len(found) > 20
    for path in WORDS:
        kept = path.read_text("utf-8").partition("signs: {")[2].partition("},")[0]
        assert set(re.findall(r"^\s+(\w+):", kept, re.M)) == found, path


@pytest.mark.parametrize("name", ["tune", "test"])
def test_the_labelled_sets_are_whole(name: str) -> None:
    """At least 60 conversations, 20 of them Chinese, every label one that there is, and no id twice."""
    found = conversations(name)
    assert len(found) >= 60
    assert sum(one.lang == "zh" for one in found) >= 20
    assert len({one.id for one in found}) == len(found)
    assert all(stage in LABELS["stage"] and mood in LABELS["mood"] for one in found for _, stage, mood in one.turns)
    assert all(one.turns for one in found)


def test_the_sets_share_no_message_of_some_length() -> None:
    """What is measured was not tuned on."""
    tune, test = (
        {text.casefold() for one in conversations(name) for text, *_ in one.turns} for name in ("tune", "test")
    )
    assert not {text for text in tune & test if len(text) > 20}


def test_f1_is_that_of_the_books() -> None:
    """Two right of three wanted and four got: precision 1/2, recall 2/3."""
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "a"), ("b", "a")]
    assert f1("a", pairs) == pytest.approx(4 / 7)
    assert f1("c", pairs) == 0
