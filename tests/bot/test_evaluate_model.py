"""How generators are judged: verdicts, support, fluency, copying, citations, and the section as a whole."""

import asyncio
import gzip
import json
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from bot.errors import GeneratorFailed
from bot.generate.protocol import Numbered, Prompt, Said
from bot.generate.quote import Quote
from bot.lab.evaluate import model, printed, sets
from bot.lab.evaluate.fluency import Source, copied, faults
from bot.lab.evaluate.judge import Posed, declines, judge, posed, says, wilson
from bot.lab.evaluate.scores import bleu, rouge, scored, slot_errors
from bot.lab.evaluate.section import Ground
from bot.lab.evaluate.told import Told, told
from bot.lab.train.sample import Sample
from bot.lab.train.wording import formal
from bot.settings import Settings, load

TENT = Numbered(
    1,
    "product:tent",
    "product",
    "Alpha Tent",
    "A light tent for two with one porch.\nPrice: $319.00\nWeight: 1,190 g\nColours: Fern Green, Slate",
)
RETURNS = Numbered(
    2,
    "policy:returns",
    "policy",
    "Returns",
    "You have 60 days from delivery to return an item. Worn boots cannot be returned. We cannot say when a refund is "
    "booked by your bank.",
)


def sample(kind: str = "field", question: str = "How heavy is the Alpha Tent?", **fields: object) -> Sample:
    """A sample on the tent and on returns."""
    prompt = Prompt(question, "en", "Cedar Works", (TENT, RETURNS))
    given_: dict[str, object] = {"answer": "", "rests_on": (1,), "must": (("1,190 g", "1190 g"),), "never": ("3 kg",)}
    return Sample(prompt, kind=kind, source="shops", group="Cedar Works #1", **(given_ | fields))  # type: ignore[arg-type]


UNKNOWN = sample("decline", "Is the Alpha Tent insured?", rests_on=(), must=(), never=())


class Says:
    """A generator that says one thing in pieces, or fails after it."""

    name = "says:"

    def __init__(self, text: str, fails: bool = False) -> None:
        self._text, self._fails = text, fails

    async def stream(self, _prompt: Prompt) -> AsyncGenerator[str, None]:
        """Word by word."""
        for word in self._text.split(" "):
            yield f"{word} "
        if self._fails:
            raise GeneratorFailed("broke off")

    async def ping(self) -> None:
        """Always ready."""

    async def aclose(self) -> None:
        """Holds nothing."""


def heard(text: str, of: Sample | Posed, fails: bool = False) -> Told:
    """What a generator that says `text` is told to have made of one sample."""
    one = of if isinstance(of, Posed) else posed(of)
    return asyncio.run(told(Says(text, fails), [one]))[0]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("It weighs 1,190 g. [1]", "right"),
        ("the alpha tent weighs 1190 G [1]", "right"),
        ("The Alpha Tent weighs 1,190 g [1], but I don't know how heavy its bag is.", "right"),
        ("It weighs 11,190 g. [1]", "wrong"),
        ("It weighs 1,190 g, not 3 kg. [1]", "wrong"),
        ("It is light. [1]", "wrong"),
        ("", "wrong"),
        ("[1]", "wrong"),
        ("I'm sorry, I don't know how heavy it is. Shall I ask a colleague?", "declined"),
        ("Our pages do not say how heavy the Alpha Tent is. [1]", "declined"),
    ],
)
def test_an_answerable_question_is_judged_by_what_must_and_must_not_be_said(text: str, verdict: str) -> None:
    """All that must be said and nothing that must not is right; not knowing is declined; the rest is wrong."""
    assert judge(posed(sample()), text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("I'm afraid our texts don't mention that. Would you like to talk to a person?", "right"),
        ("Sorry, I couldn't find anything on that.", "right"),
        ("Yes, it is insured. [1]", "wrong"),
        ("No.", "wrong"),
        ("I don't know whether it is insured, but it weighs 1,190 g. [1]", "wrong"),
        ("I don't know that. You have 60 days from delivery to return it. [2]", "wrong"),
        ("We cannot say when a refund is booked by your bank. [2]", "wrong"),
    ],
)
def test_where_nothing_answers_only_declining_is_right(text: str, verdict: str) -> None:
    """What declines and goes on with something of the shop, or quotes the shop's own not knowing, declines nothing."""
    assert judge(posed(UNKNOWN), text) == verdict


def test_where_one_half_is_unknown_it_must_be_said_so() -> None:
    """The known half alone is no right answer."""
    half = posed(sample("two_half"))
    assert judge(half, "It weighs 1,190 g. [1] I could not find whether it is insured.") == "right"
    assert judge(half, "Yes, it weighs 1,190 g. [1] I could not find whether it is insured.") == "right"
    assert judge(half, "It weighs 1,190 g. [1]") == "wrong"


def test_small_talk_is_right_without_citations() -> None:
    """Not knowing is no refusal there, and nothing of the shop is to be cited."""
    talk = posed(sample("small_talk", "Are you human?", rests_on=(), must=(), never=()))
    assert judge(talk, "I can't say that I am, but I am glad to help with the shop.") == "right"
    assert judge(talk, "A light tent for two. [1]") == "wrong"


def test_a_test_of_its_own_decides_and_a_bare_reference_decides_nothing() -> None:
    """`right` stands above `must`; without both there is no verdict, unless the answer declines."""
    own = Posed(sample(must=()), answerable=True, right=lambda text: "green" in text)
    assert judge(own, "Fern green. [1]") == "right"
    reference = posed(sample(must=(), never=(), answer="It weighs 1,190 g."))
    assert judge(reference, "Light. [1]") == "unjudged"
    assert judge(reference, "I don't know.") == "declined"


DECLINES = (
    "I'm sorry, but our information doesn't say whether you ship to Peru. Shall I pass it on to our team?",
    "Hm, I looked, but nothing I have tells me what the fee is. A colleague can help with that: shall I ask them?",
    "It isn't stated in our information how long it takes.",
    "That isn't something I can see here. Would you like to talk to a person?",
    "I have no details on the battery, I'm afraid.",
    "The product page is silent on that, and I would rather not guess.",
    "Our pages leave that open.",
    "I wish I knew, but the price of the Laoris isn't on the page. Would you like to be put through to a person?",
    "Sorry, that's missing: the refresh rate of the Noreva Monitor X170. Do you want to speak with someone?",
    "The colours of the Vesper 4? That I don't know, sorry. Let me offer you a colleague who does.",
    "I looked, but the weight of the Kelaell is not there.",
    "No reviewer writes about the quality of the tent. Would you like to talk to someone from the team?",
    "The reviews don't mention that, sorry. Shall I ask a colleague?",
    "That is not in our product pages, I am afraid.",
    "None of our texts mentions a discount for nurses. Someone from the team could find out.",
    "很抱歉，本店资料里没有这个问题的答案，我不想随意猜测。需要为您转接人工客服吗？",
)
ANSWERS = (
    "No, we do not offer cash on delivery.",
    "The warranty does not cover wear, misuse, fire and dog bites.",
    "We have no plastic card; gift cards come by e-mail.",
    "Open positions cannot be given by phone.",
    "It is not included: batteries are sold apart.",
    "You cannot find it in stores; it is sold online only.",
    "Delivery times are not guaranteed.",
    "No – we don't answer on weekends.",
    "No, there is no alert, so we can't tell you when it is back.",
    "No, economy delivery is not among our methods.",
    "No, gift cards can only be used online, not in our stores.",
    "The knife is not sharp enough for bread.",
)


@pytest.mark.parametrize("text", DECLINES)
def test_not_knowing_is_told_in_many_words(text: str) -> None:
    """In the friendly tone and in the formal one."""
    assert declines(text)
    assert declines(formal(text))


@pytest.mark.parametrize("text", ANSWERS)
def test_a_no_of_the_shop_is_no_refusal(text: str) -> None:
    """Saying no to the shopper is an answer."""
    assert not declines(text)
    assert not declines(f"{text} [1]")


def test_texts_are_looked_for_folded_and_figures_whole() -> None:
    """Case, dashes and spaces do not matter; `5` is not in `15` or `5.95`, `no` is not in `now`."""
    assert says("Takes 3 – 5 Business days", "3-5 business days")
    assert says("It's water-proof", "water‑proof")
    assert says("two returns", "return")
    assert says("You cannot combine them", "not")
    assert says("We don't rent", "n't")
    assert says("Let it draw for 2 minutes", "2 min")
    assert not says("It is 2 mm thick", "2 m")
    assert not says("It takes 15 days", "5 days")
    assert not says("It costs $5.95", "$5")
    assert not says("It is now shown", "no")
    assert not says("anything", "")


@given(st.lists(st.from_regex(r"[a-z]{1,8}|\d{1,4}", fullmatch=True), min_size=1, max_size=8))
def test_a_text_says_each_of_its_words_whatever_its_case(said: list[str]) -> None:
    """And a longer figure than any in it, it does not."""
    text = " ".join(said).upper() + "."
    assert all(says(text, word) for word in said)
    assert not any(says(text, word + "0") for word in said if word.isdigit() and word + "0" not in said)


def test_wilson_intervals_are_those_of_the_book() -> None:
    """10 of 100 give 5.5 % to 17.4 %; nothing counted tells nothing; the share lies within."""
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 5)[1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("It weighs weighs 1,190 g. [1]", "doubled"),
        ("It weighs 1,190 g , I think. [1]", "spacing"),
        ("It is light,and green. [1]", "spacing"),
        ("It is light.And green. [1]", "spacing"),
        ("The Alphatent is light. [1]", "glued"),
        ("It weighs 1,190grams. [1]", "glued"),
        ("It is a light tent for [1]", "cut"),
        ("A porch with room for one bike or two packs, and a porch with room for one bike or two packs. [1]", "again"),
        ("it is light. [1]", "lower"),
    ],
)
def test_what_a_reader_stumbles_over_is_found(text: str, where: str) -> None:
    """Each fault is told by its name."""
    found = faults(text, Source(sample().prompt), frozenset({"alpha", "tent", "light"}))
    assert getattr(found, where), found


@pytest.mark.parametrize(
    "text",
    [
        "A light tent for two with one porch. [1]",
        "Alpha Tent – Weight: 1,190 g [1]",
        "You have 60 days to return an item [2]; worn boots cannot be returned. [2]",
        "It costs $319.00 and weighs 1,190 g. [1] Shall I tell you more?",
    ],
)
def test_what_reads_well_has_no_faults(text: str) -> None:
    """Prose, a line of a product, citations in the middle."""
    assert not faults(text, Source(sample().prompt)).every


def test_whole_sentences_of_passages_are_counted() -> None:
    """A sentence that stands so in a passage is copied; one that was put together is not."""
    source = Source(sample().prompt)
    assert copied("You have 60 days from delivery to return an item. [2]", source) == (1, 1)
    assert copied("Yes. You can return an item within 60 days. [2]", source) == (0, 1)


def test_a_supported_draft_is_shown_as_it_is() -> None:
    """Nothing is unsupported, nothing stepped down."""
    one = heard("It weighs 1,190 g. [1]", sample())
    assert (one.verdict, one.served, one.unsupported, one.left, one.stepped_down) == ("right", "right", (), (), "")
    assert one.shown.strip() == one.draft.strip()


def test_an_unsupported_draft_is_counted_and_the_passage_quoted() -> None:
    """The draft is wrong, what is shown is right, and nothing in it lacks support."""
    one = heard("It weighs 2,400 g. [1]", sample())
    assert (one.verdict, one.served) == ("wrong", "right")
    assert one.unsupported
    assert one.left == ()
    assert "1,190 g" in one.shown
    assert "2,400" in one.stepped_down


def test_what_was_supported_stays_when_a_later_sentence_is_not() -> None:
    """As in a turn: the first sentence was shown already."""
    one = heard("It weighs 1,190 g. [1] It costs $1.00. [1]", sample())
    assert one.shown.strip() == "It weighs 1,190 g. [1]"


def test_a_generator_that_breaks_off_is_judged_by_what_it_said() -> None:
    """And why is kept."""
    one = heard("It weighs 1,190 g. [1]", sample(), fails=True)
    assert one.verdict == "right"
    assert one.stepped_down == "broke off"


def test_figures_of_a_set_count_each_class() -> None:
    """Answerable and not apart, kinds, citations, support, lengths."""
    some = [
        heard("It weighs 1,190 g. [1]", sample()),
        heard("It weighs 2,400 g. [2]", sample()),
        heard("I don't know.", sample("table")),
        heard("I don't know.", UNKNOWN),
        heard("Yes, it is insured. [2]", UNKNOWN),
    ]
    figures = scored(some)
    counts = {name: figures["drafts"]["answerable"][name]["count"] for name in ("right", "declined", "wrong")}
    assert counts == {"right": 1, "declined": 1, "wrong": 1}
    assert figures["drafts"]["unanswerable"]["right"]["share"] == 0.5
    assert figures["kinds"]["table"] == {"declined": 1}
    assert figures["support"]["drafts_with_any"] == 20.0
    assert figures["support"]["unsupported_per_100_after"] == 0
    assert figures["citations"] | {"answers": 2, "exact": 0.5, "none": 0.0} == figures["citations"]
    assert figures["length"]["words"] == 4.0
    json.dumps(figures)


def test_slot_errors_are_missing_and_foreign_values() -> None:
    """The named value is missing in one answer, another row's stands in it; said before, it is no error."""
    of = sample(answer="It costs $319.00.", must=(), never=())
    right = heard("The price is $319.00. [1]", of)
    wrong = heard("It weighs 1,190 g. [1]", of)
    assert slot_errors([right]) == {"rate": 0.0, "named": 1, "missing": 0, "other": 0, "answers": 1}
    assert slot_errors([right, wrong])["rate"] == 1.0
    prompt = Prompt("1,190 g, and the price?", "en", "Cedar Works", (TENT,), (Said("bot", "It weighs 1,190 g."),))
    said = Sample(prompt, "It costs $319.00.", (1,), "field", "sgd", "1")
    assert slot_errors([heard("At 1,190 g it costs $319.00. [1]", said)])["other"] == 0


def test_likeness_to_references_leaves_citations_out() -> None:
    """An answer that is its reference scores full marks; nothing scores nothing."""
    of = sample(answer="The Alpha Tent weighs 1,190 g in all.", must=(), never=())
    same = [heard("The Alpha Tent weighs 1,190 g in all. [1]", of)]
    assert bleu(same) == pytest.approx(100)
    assert rouge(same) == 1.0
    assert bleu([]) is None
    assert rouge([]) is None


def test_answers_to_be_read_are_picked_by_seed_and_printed_whole() -> None:
    """The same seed picks the same; the page has question, passages, answer and verdict."""
    some = [heard(f"It weighs 1,190 g. [1] Number {n}.", sample()) for n in range(8)]
    chosen = printed.picked({"shops": some, "sgd": some[:1]}, 5, 7)
    assert chosen == printed.picked({"shops": some, "sgd": some[:1]}, 5, 7)
    assert len(chosen) == 5
    page = printed.page("quote:", chosen, 7)
    assert page.count("\n## ") == 5
    for text in ("How heavy is the Alpha Tent?", "[1] Alpha Tent: A light tent", "**Answer:** It weighs", ": right"):
        assert text in page


def test_questions_without_answers_are_many_and_none_comes_twice() -> None:
    """At least sixty, each once, none among the shop's own example questions."""
    texts = [text.casefold() for text in sets.unanswerable()]
    assert len(texts) >= 60
    assert len(set(texts)) == len(texts)
    faq = Path(sets.UNANSWERABLE).parents[3] / "knowledge" / "content" / "faq.en.jsonl"
    known = {q.casefold() for line in faq.read_text("utf-8").splitlines() for q in json.loads(line)["questions"]}
    assert not known & set(texts)


def packed(path: Path, samples: list[Sample]) -> Path:
    """A file of samples."""
    path.write_bytes(gzip.compress("\n".join(json.dumps(one.row()) for one in samples).encode(), mtime=0))
    return path


def test_one_generator_is_judged_on_a_file_of_samples(tmp_path: Path) -> None:
    """Verdicts by kind are printed with wrong answers, and all figures written."""
    path = packed(tmp_path / "dev.jsonl.gz", [sample(), sample("table", never=("1,190 g",)), UNKNOWN])
    app = Typer()
    app.command()(model.main)
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["--samples", str(path), "--generator", "quote:", "--json", str(out)])
    assert done.exit_code == 0, done.output
    assert "answerable: 50.0% right" in done.output
    assert "table: 1 wrong" in done.output
    assert "wanted:" in done.output
    figures = json.loads(out.read_text("utf-8"))
    assert figures["drafts"]["unanswerable"]["wrong"]["count"] == 1
    assert [one["kind"] for one in figures["not_right"]]


class Knowing(Quote):
    """Quotes, and says how likely it finds answers."""

    name = "knowing:"

    def perplexity(self, samples: list[Sample]) -> float:
        """As many as there are samples."""
        return float(len(samples))


async def test_the_sample_shop_is_asked_as_the_server_would(data: Path) -> None:
    """Prompts have the shop's passages, both kinds of questions are there, and what policy keeps back is counted."""
    settings = load(data=data, database="memory:", redis="memory:", generator="quote:")
    ground = Ground(None, settings, data, True, lambda _line: None)
    some, reached = await sets.sample_shop(ground, sets.QUICK)
    assert reached.answerable_reached == sum(one.answerable for one in some) > 10
    assert reached.unanswerable == sets.QUICK.unanswerable >= reached.unanswerable_reached
    assert all(one.passages for one in some)
    found = await told(Quote(), [one for one in some if one.answerable])
    rights = sum(one.verdict == "right" for one in found)
    assert rights > len(found) / 3


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Ground]:
    """A ground whose sets are a handful of samples."""

    async def shop(_ground: Ground, _sizes: sets.Sizes) -> tuple[list[Posed], sets.Reached]:
        return [posed(sample()), posed(UNKNOWN)], sets.Reached(1, 1, 2, 1)

    monkeypatch.setattr(model, "held_out", lambda _sizes: [posed(sample()), posed(UNKNOWN)])
    monkeypatch.setattr(model, "sample_shop", shop)
    return lambda folder: Ground(None, Settings(data=folder, generator="quote:"), folder, False, lambda _line: None)


def test_the_section_measures_each_generator_on_each_set(
    tiny: Callable[[Path], Ground], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows compare the generator that is set with the others; perplexity comes where it is offered; a page is made."""
    opened = {"quote:": Quote, "knowing:": Knowing}
    monkeypatch.setattr(model, "open_generator", lambda spec, **_: opened[spec]())
    ground = tiny(tmp_path)
    beside = Ground(None, ground.settings, tmp_path, False, ground.say, beside=("knowing:",))
    section = model.measure(beside)
    assert set(section.figures["generators"]) == {"quote:", "knowing:"}
    assert section.figures["generators"]["knowing:"]["perplexity"] == 2.0
    assert "perplexity" not in section.figures["generators"]["quote:"]
    rows = {row.what: row for row in section.rows}
    assert rows["held-out shops, answerable"].value.startswith("100.0% right")
    assert rows["held-out shops, answerable"].floor.startswith("knowing: 100.0% right")
    assert rows["sample shop, not answerable"].value.startswith("0.0% right")
    assert section.files["model_answers.md"].startswith("# 4 answers of `quote:`")
    json.dumps(section.figures)
