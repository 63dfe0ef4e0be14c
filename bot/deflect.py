"""The first skill: meets a message that only gives orders to the model with a short reply that leads back to the shop.

A message that also asks something comes here without its orders (`injection.question`), so this skill leaves it to the
others and to the knowledge, as if nothing were wrong: what an attacker wants (discounts, orders, prompts, prices) is
decided by code in any case.
"""

from bot import phrases
from bot.injection import judge
from bot.policy import Action
from bot.scene import Proposal, Scene


def deflect(scene: Scene) -> Proposal | None:
    """A friendly word that leads back; None for an ordinary message."""
    if not judge(scene.meaning.text).attack:
        return None
    return Proposal(phrases.say("deflect", scene.lang), Action.CHAT, scene.state)
