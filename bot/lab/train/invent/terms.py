"""The *terms* family: an invented shop's policies, and what shoppers ask about them.

Which sections a shop has, what they say and how they are worded is drawn anew for each, yes as often as no, so that
nothing can be known without reading. What a section leaves out is asked too: there the only right answer declines.
"""

from collections.abc import Iterator
from random import Random

from bot.lab.train.invent import terms_exceptions, terms_lists, terms_said, terms_tables
from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_pages import Policies
from bot.lab.train.sample import Asked


def ask(rng: Random, shop: Shop) -> Iterator[Asked]:
    """About 120 to 200 questions on the policies of one shop; the keys of its pieces begin with `policy:`."""
    tables = terms_tables.drawn(rng, shop)
    lists = terms_lists.drawn(rng, shop)
    told = {fact for table in tables for fact in table.grid.told} | {
        fact for named in lists for fact in named.kind.told
    }
    policies = Policies(rng, shop, frozenset(told))
    others = [*(piece for table in tables for piece in table.pieces), *(named.piece for named in lists)]
    yield from terms_said.ask(policies, others)
    pieces = [page.piece for page in policies.pages] + others
    yield from terms_exceptions.ask(rng, policies, lists, pieces)
    for table in tables:
        yield from terms_tables.ask(rng, table, pieces)
    for named in lists:
        yield from terms_lists.ask(rng, named, pieces)
