"""The prompt: rules, marked passages, cut history, the question."""

from hypothesis import given
from hypothesis import strategies as st

from bot.generate.protocol import Numbered, Prompt, Said
from bot.prompt import HISTORY_CHARS, HISTORY_MESSAGES, messages, plain, system

PASSAGE = Numbered(1, "a", "faq", "Shipping", "Canada takes 6–9 business days.")


def prompt(**changes: object) -> Prompt:
    """A prompt with some of it changed."""
    values: dict[str, object] = {"question": "How long?", "lang": "en", "shop": "Fernway", "passages": (PASSAGE,)}
    return Prompt(**(values | changes))  # type: ignore[arg-type]


def test_the_last_message_holds_passages_and_question() -> None:
    """Passages are numbered and marked; the question comes after them."""
    last = messages(prompt())[-1]
    assert last["role"] == "user"
    assert "[1] <<< Shipping\nCanada takes 6–9 business days. >>>" in last["content"]
    assert last["content"].endswith("How long?")


def test_the_rules_say_what_matters() -> None:
    """Only from the passages, cite, promise nothing, no links; in the shop's name."""
    rules = system(prompt())
    for wanted in ("Fernway", "Answer only from the passages", "[1]", "Promise nothing", "no links", "do not know"):
        assert wanted in rules


def test_rules_are_in_the_shoppers_language_and_the_shops_tone() -> None:
    """Chinese rules for Chinese, English for languages without words; tone changes the last line."""
    assert "只根据下面的资料" in system(prompt(lang="zh"))
    assert system(prompt(lang="fr")) == system(prompt())
    assert "formal" in system(prompt(tone="formal"))
    assert "formal" not in system(prompt())


def test_no_passages_is_said() -> None:
    """A model is told that there is nothing, rather than shown nothing."""
    assert "no passages" in messages(prompt(passages=()))[-1]["content"]


@given(st.text(alphabet="<> a\n[]1", max_size=60), st.text(alphabet="<> b", max_size=30))
def test_no_content_can_open_or_close_a_mark(text: str, title: str) -> None:
    """Whatever stands in passages, history and question, the marks stand only where the prompt put them."""
    made = messages(
        prompt(
            question=text,
            passages=(Numbered(1, "a", "faq", title, text),),
            history=(Said("shopper", text),),
            shop=title,
        )
    )
    content = "\n".join(message["content"] for message in made[1:])
    assert content.count("<<<") == content.count(">>>") == 1
    assert "<<<<" not in content
    assert made[0]["content"].count("<<<") == 1


def test_history_is_cut_and_takes_turns() -> None:
    """Only the latest messages, each cut; neighbours of one side are joined; the shopper comes first."""
    history = (
        Said("bot", "hi"),
        *(Said("shopper", "x" * 5000) for _ in range(20)),
        Said("bot", "b"),
        Said("staff", "c"),
    )
    made = messages(prompt(history=history))
    assert [message["role"] for message in made] == ["system", "user", "assistant", "user"]
    assert len(made[1]["content"]) <= HISTORY_MESSAGES * (HISTORY_CHARS + 1)
    assert made[2]["content"] == "b\n(a person from the team) c"


@given(st.lists(st.tuples(st.sampled_from(["shopper", "bot", "staff"]), st.text(max_size=5)), max_size=12))
def test_roles_always_alternate(history: list[tuple[str, str]]) -> None:
    """System, then user and assistant in turns, ending with the user: what strict chat templates want."""
    made = messages(prompt(history=tuple(Said(author, text) for author, text in history)))  # type: ignore[arg-type]
    roles = [message["role"] for message in made]
    assert roles[0] == "system"
    assert roles[1:] == ["user", "assistant"] * ((len(roles) - 1) // 2) + ["user"]


def test_a_plain_prompt_ends_where_the_model_goes_on() -> None:
    """Without a template the same content stands as one text, and a mark tells where the draft has gone too far."""
    text, mark = plain(prompt(history=(Said("shopper", "hi"), Said("bot", "Hello!"))))
    assert text.endswith("Assistant:")
    assert "Shopper: hi" in text
    assert mark in text
