"""The first skill: meets a message that only gives orders to the model with a short reply that leads back to the shop.

A message that also asks something is left to the other skills and the knowledge, as if nothing were wrong: what an
attacker wants (discounts, orders, prompts, prices) is decided by code in any case.
"""

import re

from bot import phrases
from bot.injection import apart, judge
from bot.policy import Action, is_good
from bot.scene import Proposal, Scene
from knowledge.words import terms

_ASKS = re.compile(
    r"[?？]|^(?:what|how|when|where|which|who|why|do|does|did|can|could|is|are|will|would|should|may)\b|"
    r"\b(?:i (?:need|want|am looking)|looking for|show me|tell me|tracking)\b|吗|呢|多少|怎么|什么|哪|几|有没有|想|要",
    re.IGNORECASE | re.MULTILINE,
)


def deflect(scene: Scene) -> Proposal | None:
    """A friendly word that leads back; None for anything that is, or also holds, an ordinary message."""
    text = scene.meaning.text
    if not judge(text).attack or _asks_too(text, scene):
        return None
    return Proposal(phrases.say("deflect", scene.lang), Action.CHAT, scene.state)


def _asks_too(text: str, scene: Scene) -> bool:
    """Whether what is left without the orders is a question, and the shop has something on the message."""
    left, _ = apart(text)
    asks = len(terms(left)) >= 1 and bool(_ASKS.search(left))
    return asks and any(hit.exact or is_good(hit) for hit in scene.hits)
