"""Where places lie: cities, states, countries and their union, in English and Chinese; plain words are no places."""

import pytest

from knowledge.gazetteer import found


@pytest.mark.parametrize(
    ("text", "lang", "names"),
    [
        ("shipping time to Calgary", "en", ("Canada",)),
        ("delivery to calgary cost", "en", ("Canada",)),
        ("I live in Florida, how many days?", "en", ("United States",)),
        ("can you send to Scotland", "en", ("United Kingdom",)),
        ("do you ship to Italy?", "en", ("European Union",)),
        ("delivery charge for Vienna?", "en", ("Austria", "European Union")),
        ("express to New York City", "en", ("United States",)),
        ("express to São Paulo", "en", ("Brazil",)),
        ("寄到柏林要多久", "zh", ("德国", "欧盟")),
        ("德州运费怎么算", "zh", ("美国",)),
        ("發到溫哥華多久", "zh", ("加拿大",)),
        ("我在波兰，下单后多久到", "zh", ("欧盟",)),
    ],
)
def test_a_place_is_told_with_what_it_lies_in(text: str, lang: str, names: tuple[str, ...]) -> None:
    """A city or state gives its country, a member of the union gives the union too."""
    assert tuple(name for place in found(text) for name in place.around(lang)) == names


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("do you ship to Canada?", "en"),
        ("do you ship to Turkey?", "en"),
        ("in nice colours", "en"),
        ("can I split the order", "en"),
        ("Larch Jacket in Fern Green", "en"),
        ("the Oslo Jacket price", "en"),
        ("能寄到南非吗", "zh"),
        ("这个帐篷防水吗", "zh"),
        ("海军蓝 US 8 多少钱", "zh"),
        ("", "en"),
    ],
)
def test_nothing_is_added_to_what_is_said_already_or_is_no_place(text: str, lang: str) -> None:
    """Countries that stand there already, plain words and products' names add nothing."""
    assert all(place.around(lang) == () for place in found(text))
