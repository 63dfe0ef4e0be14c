"""What the bot says: each phrase in every language, with the same places in all of them."""

import re

import pytest

from bot import phrases
from bot.orders import words as orders
from bot.phrasebook import Phrasebook
from bot.promotions import wording as promotions
from bot.shopping import saying as shopping


@pytest.mark.parametrize("say", [phrases.say, orders.say, promotions.say, shopping.say])
def test_every_phrase_is_there_in_both_languages_with_the_same_places(say: Phrasebook) -> None:
    """None is missing, and none asks for what another language does not have, but for a plural's ending."""
    for name, found in say.table.items():
        places = {lang: set(re.findall(r"\{(\w+)", text)) - {"s", "es"} for lang, text in found.items()}
        assert set(found) == {"en", "zh"}, name
        assert places["en"] == places["zh"], name


def test_english_is_said_where_a_language_is_not_spoken() -> None:
    """Places are filled, whatever they are called; one that is not given is a fault."""
    say = Phrasebook({"hello": {"en": "Hello {name}!", "zh": "{name}，您好！"}})
    assert say("hello", "zh", name="Li") == "Li，您好！"
    assert say("hello", "fr", name="Ana") == "Hello Ana!"
    with pytest.raises(KeyError):
        say("hello", "en")
    with pytest.raises(KeyError):
        say("bye", "en")
