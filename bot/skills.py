"""The skills in their order: who looks at a message first. Which message is whose, each decides for itself.

Orders come first, as they may be in the middle of something that only they can read ("482913"); then what names a
promotion, a product or a wish; what no skill takes is answered from the knowledge (`answer.py`).
"""

import asyncio
from collections.abc import Mapping, Sequence

from bot.deflect import deflect
from bot.promotions.talk import promotions
from bot.scene import Aside, AsyncSkill, Beside, Proposal, Scene, Skill, Spoken
from bot.shopping.accessories import accessories
from bot.shopping.alternatives import alternatives
from bot.shopping.compare import compare
from bot.shopping.facts import facts
from bot.shopping.reviews import reviews
from bot.shopping.search_skill import reduced, search

PURE: Mapping[str, Skill] = {
    "deflect": deflect,
    "sale": reduced,
    "promotions": promotions,
    "reviews": reviews,
    "compare": compare,
    "accessories": accessories,
    "alternatives": alternatives,
    "facts": facts,
    "search": search,
}
"""By the name that the desk shows as the reply's maker."""


class Skills:
    """All skills of a shop.

    Args:
        outside: Those that look outside the process, by name; they are asked first.
        pure: The others.
        aside: Adds to replies that those of `outside` did not make.
    """

    def __init__(
        self,
        outside: Mapping[str, AsyncSkill] | None = None,
        pure: Mapping[str, Skill] = PURE,
        aside: Aside | None = None,
    ) -> None:
        self._outside = outside or {}
        self._pure = pure
        self._aside = aside

    async def propose(self, scene: Scene) -> tuple[str, Proposal | None]:
        """The first proposal and the name of who made it.

        Raises:
            KnowledgeError: A search failed.
        """
        for name, ask in self._outside.items():
            if proposal := await ask(scene):
                return name, proposal
        return await asyncio.to_thread(_first, tuple(self._pure.items()), scene)

    def beside(self, maker: str, scene: Scene, spoken: Spoken) -> Beside | None:
        """What is added to the reply of `maker`; None where it has said all itself."""
        if maker in self._outside:
            return None
        return self._aside(scene, spoken) if self._aside else Beside()


def _first(skills: Sequence[tuple[str, Skill]], scene: Scene) -> tuple[str, Proposal | None]:
    return next(((name, proposal) for name, ask in skills if (proposal := ask(scene))), ("", None))
