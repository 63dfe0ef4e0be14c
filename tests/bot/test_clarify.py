"""Asking back with choices: only where a question is really open, and never twice in a row."""

from bot.clarify import open_between
from bot.conversation import State, Understood
from bot.policy import Action, decide
from knowledge.passages import Hit, Kind, Origin, Passage

ORIGIN = Origin("faq.jsonl", 1)


def entry(name: str, title: str, probability: float, coverage: float = 1.0) -> Hit:
    """A hit of an FAQ entry with its probability."""
    passage = Passage(f"faq:{name}:en", f"faq:{name}", Kind.FAQ, "en", title, "…", ORIGIN)
    return Hit(passage, 1.0, coverage=coverage, probability=probability, threshold=0.2)


def named(handle: str, title: str, exact: str = "") -> Hit:
    """A hit of a product."""
    passage = Passage(
        f"product:{handle}:en", f"product:{handle}", Kind.PRODUCT, "en", title, "…", ORIGIN, product=handle
    )
    return Hit(passage, 1.0, exact=exact, cosine=0.6, coverage=0.8, dense_rank=0)


RETURNS = (
    entry("window", "How long do I have?", 0.34),
    entry("how", "Which steps are there?", 0.23),
    entry("gift", "Can presents come back?", 0.08),
)
SQUALLS = (
    named("squall-m", "Squall Men's Jacket"),
    named("squall-w", "Squall Women's Jacket"),
    named("larch", "Larch Jacket"),
)


def test_a_word_that_several_entries_answer_is_asked_back() -> None:
    """No entry is twice as likely as the next, so their titles are the choices, likeliest first."""
    assert open_between("returns", RETURNS) == tuple(hit.passage.title for hit in RETURNS)


def test_an_entry_that_leads_is_no_question() -> None:
    """Where one entry is far likelier than the next it answers."""
    assert open_between("returns", (entry("window", "How long?", 0.7), *RETURNS[1:])) == ()


def test_a_question_in_full_is_not_asked_back() -> None:
    """Many words are the shopper's best; asking again would annoy, unless two entries are about as likely."""
    assert open_between("how many days until the box travels to my aunt", (RETURNS[0], RETURNS[2])) == ()


def test_of_two_entries_that_are_as_likely_neither_is_guessed() -> None:
    """A question in full is asked back where two entries are nearly even; not on places, which settle it."""
    even = (entry("general", "How long is the warranty?", 0.30), entry("claim", "How do I claim it?", 0.28))
    assert open_between("what does a warranty claim need", even) == tuple(hit.passage.title for hit in even)
    assert open_between("what does a warranty claim from Canada need", even) == ()
    sure = (entry("general", "How long is the warranty?", 0.60), *even[1:])
    assert open_between("what does a warranty claim need", sure) == ()


def test_words_that_the_entries_do_not_hold_are_no_choice() -> None:
    """What the knowledge does not speak of is declined, not asked about."""
    assert open_between("kayaks", tuple(entry(str(n), f"Entry {n}?", 0.1, coverage=0.0) for n in range(3))) == ()


def test_products_that_begin_alike_are_asked_back() -> None:
    """A name that two products share needs the shopper's choice; a word more settles it."""
    assert open_between("does the squall have a hood?", SQUALLS) == ("Squall Men's Jacket", "Squall Women's Jacket")
    assert open_between("does the women's squall have a hood?", SQUALLS) == ()
    assert open_between("is a jacket waterproof?", SQUALLS) == ()
    assert open_between("compare the squall jackets", SQUALLS) == ()


def test_titles_that_say_nearly_the_same_are_one_choice() -> None:
    """Choices differ, so that tapping one tells something."""
    hits = tuple(entry(place, f"How long does shipping to {place} take?", 0.1) for place in ("Canada", "Japan"))
    hits += (entry("refund", "When is my money back?", 0.1),)
    assert open_between("how long?", hits) == ("How long does shipping to Canada take?", "When is my money back?")


def test_it_asks_once_and_then_answers_or_declines() -> None:
    """Never two questions back in a row."""
    meaning = Understood("returns", "returns", "en")
    first = decide(meaning, RETURNS, State("c"))
    assert (first.action, first.phrase, len(first.choices)) == (Action.ASK, "ask_which", 3)
    again = decide(meaning, RETURNS, State("c", asked=True, misses=1))
    assert again.action is Action.ANSWER
    assert again.choices == ()
