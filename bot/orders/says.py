"""Replies about orders: the bot's own words, facts that cite the order, and what the bot is in the middle of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import handoff
from bot.conversation import Author, Phase, Reason
from bot.handoff import Reach
from bot.orders import words
from bot.orders.facts import View, own_words, passage
from bot.orders.order import Order
from bot.policy import Action
from bot.scene import Proposal, Scene

Task = Mapping[str, str]
KIND = "order"
REMINDED = "reminded"
"""Where a task has the message whose reply said how to go on with it."""


def task_of(scene: Scene) -> Task:
    """What the bot is in the middle of with an order; empty when nothing, or when something else was said since."""
    begun = (dict(scene.state.task), dict(scene.state.held))
    task = next((one for one in begun if one.get("kind") == KIND), None)
    if task is None:
        return {}
    asked = int(task.get("seq", "0"))
    spoke = (Author.BOT, Author.STAFF)
    later = [m for m in scene.history if m.draft.author in spoke and m.seq > asked and m.draft.reply_to != asked]
    return {} if later else task


def asides_of(task: Task) -> int:
    """How many replies about something else were made since the task's last step."""
    return int(task.get("asides", "0"))


def is_asked(task: Task) -> bool:
    """Whether the reply before asked for the task's next step, so that a yes or a no is one to that."""
    return not asides_of(task) or task.get(REMINDED) == task["seq"]


def was_shown(scene: Scene, task: Task) -> bool:
    """Whether the reply that the task comes from stood before this message, so that a yes can mean it."""
    return any(str(m.draft.reply_to) == task.get("seq") for m in scene.history if m.draft.author is Author.BOT)


def view(scene: Scene) -> View:
    """How an order is told in this scene."""
    return View(scene.lang, scene.live, scene.now)


def told(scene: Scene, text: str, task: Task | None = None, choices: Sequence[str] = ()) -> Proposal:
    """A reply in the bot's own words, with no fact of any order; `task` is what comes next."""
    state = replace(scene.state, task=_kept(scene, task), held=())
    return Proposal(text, Action.ORDER, state, (own_words(text, scene.lang),), choices=tuple(choices))


def about(scene: Scene, order: Order, facts: Sequence[str], own: str = "", more: Sequence[str] = ()) -> Proposal:
    """A reply with facts of a proved order, then the bot's own words; it settles what was wanted.

    `more` are facts that follow by rules.
    """
    gap = "" if scene.lang == "zh" else " "
    cited = gap.join([*facts[:-1], _cite(facts[-1])]) if facts else ""
    text = "\n".join(filter(None, (cited, own)))
    sources = (passage(order, view(scene), tuple(more)), *([own_words(own, scene.lang)] if own else []))
    task = {"step": "done", "number": order.number}
    state = replace(scene.state, task=_kept(scene, task), held=())
    return Proposal(text, Action.ORDER, state, sources, settles=True)


def offered(scene: Scene, name: str, reason: Reason, reach: Reach) -> Proposal:
    """Says `name` and offers a person, or says that one is on the way."""
    if scene.state.phase is Phase.WAITING:
        return told(scene, words.say(f"{name}_waiting", scene.lang))
    gap = "" if scene.lang == "zh" else " "
    when = handoff.when(scene.lang, reach, scene.now)
    text = gap.join(filter(None, (words.say(name, scene.lang), when)))
    return replace(told(scene, text), reason=reason)


def then(proposal: Proposal, scene: Scene, task: Task, choices: Sequence[str] = ()) -> Proposal:
    """The proposal with another task and choices, which asks for the task's next step and so settles nothing yet."""
    state = replace(proposal.state, task=_kept(scene, task))
    return replace(proposal, state=state, choices=tuple(choices), settles=False)


def for_a_person(proposal: Proposal) -> Proposal:
    """The proposal with the offer of a person, who has to settle it."""
    return replace(proposal, reason=Reason.ORDER_ACTION, settles=False)


def _kept(scene: Scene, task: Task | None) -> tuple[tuple[str, str], ...]:
    if not task:
        return ()
    named = {"kind": KIND, **task, "seq": str(scene.seq)}
    return tuple((name, value) for name, value in named.items() if value)


def _cite(sentence: str) -> str:
    """The sentence with the mark of the order before its full stop."""
    if sentence.endswith("。"):
        return f"{sentence[:-1]} [1]。"
    return f"{sentence[:-1]} [1]." if sentence.endswith(".") else f"{sentence} [1]"
