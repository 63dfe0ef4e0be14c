"""The skill that talks about orders: what is wanted, proof that it is theirs, then the facts or the change.

Nothing of an order is said before its proof: a verified identity, or a code that came to its address. Until then every
word is the bot's own, and the same whether the order exists or not. What the bot is in the middle of is in the state as
a task (`says.py`); a message that is no part of it ends it and is answered like any other.

    need ──number, e-mail──► code ──right──► the facts (done), or a change:
                                              address | items ──► confirm ──yes──► done
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.conversation import Reason
from bot.errors import OrdersFailed
from bot.handoff import Reach
from bot.orders import facts, words
from bot.orders.ask import Ask, Want, read
from bot.orders.changing import Changing
from bot.orders.order import ChangeKind, Customer, Order, plain_number
from bot.orders.proof import DIGITS, Judged, Plea, Proof, Result
from bot.orders.rules import Rules, refusal
from bot.orders.says import Task, about, asides_of, for_a_person, is_asked, offered, task_of, told, view, was_shown
from bot.scene import Proposal, Scene

log = structlog.get_logger()

MOST_CHIPS = 5
_PROVED = ("done", "confirm", "items", "address")
_OVER = ("delivered", "cancelled", "refunded", "returned")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted, of which order, and the message that said so."""

    want: Want
    number: str = ""
    email: str = ""
    said: str = ""

    def task(self, step: str) -> dict[str, str]:
        """The goal as a task at `step`."""
        found = {"step": step, "want": self.want.value, "number": self.number, "email": self.email}
        return {**found, "said": self.said[:200] if self.want is Want.RETURN else ""}


class OrderTalk:
    """Talks about orders; an `AsyncSkill`. What it adds to replies of others is in `beside.py`."""

    def __init__(self, proof: Proof, rules: Rules, reach: Reach) -> None:
        self._proof, self._rules, self._reach = proof, rules, reach
        self._orders = proof.orders
        self._changing = Changing(proof.orders, rules, reach)

    async def __call__(self, scene: Scene) -> Proposal | None:
        """The reply to a message about an order; None when it is about something else.

        Raises:
            StateLost: Redis is away.
        """
        task, ask = task_of(scene), read(scene.meaning.text)
        try:
            proposal = await self._continue(scene, task, ask) if task else None
            return proposal or await self._fresh(scene, task, ask)
        except OrdersFailed as error:
            log.warning("orders failed", conversation=scene.conversation, error=error.message)
            return offered(scene, "down", Reason.TOOL_FAILURE, self._reach)

    async def _fresh(self, scene: Scene, task: Task, ask: Ask) -> Proposal | None:
        """A message that begins something, as it would without what came before; "it" is the order just spoken of.

        After something else was spoken of, what can be said of a product too ("when will it arrive?") is not taken.
        """
        asked = ask.it and ask.want is Want.STATUS
        number = ask.number or _meant(task, ask)
        want = ask.want or (ask.could if task.get("step") in _PROVED else None)
        if want is None or (asked and (not number or asides_of(task))) or _names_a_product(scene, ask):
            return None
        return await self._begin(scene, Goal(want, number, ask.email, scene.meaning.text))

    async def _continue(self, scene: Scene, task: Task, ask: Ask) -> Proposal | None:
        """The answer to the bot's own question; None when the message is none.

        Once other things were said in between, what may be about them is not taken: a yes or a no unless the reply
        before asked for it, digits in a sentence.
        """
        step = task["step"]
        if ask.no and step != "done" and is_asked(task):
            return told(scene, words.say("dropped", scene.lang))
        if asides_of(task):
            ask = _after_asides(ask, task)
        match step:
            case "need":
                return await self._needed(scene, _goal(task), ask)
            case "code":
                return await self._code(scene, _goal(task), ask)
            case "address" | "items" | "confirm":
                return await self._change(scene, task, ask)
            case _:
                return None

    # Whose is it?

    async def _begin(self, scene: Scene, goal: Goal) -> Proposal:
        log.info("order asked", conversation=scene.conversation, want=goal.want.value)
        if goal.want is Want.OTHER:
            return offered(scene, "not_here", Reason.ORDER_ACTION, self._reach)
        mine = [order for one in await self._customers(scene) for order in await self._orders.of(one)]
        if mine and not goal.number and not goal.email:
            return self._choose(scene, goal, mine)
        if order := _numbered(mine, goal.number) or await self._spoken_of(scene, goal.number):
            return self._serve(scene, goal, order)
        return await self._prove(scene, goal)

    async def _spoken_of(self, scene: Scene, number: str) -> Order | None:
        """The order that was proved and spoken of just now, though it is none of the latest.

        No other number is looked up here: how long that takes might tell whether it exists.
        """
        task = task_of(scene)
        if not number or task.get("step") not in _PROVED or plain_number(task["number"]) != plain_number(number):
            return None
        order = await self._orders.find(number)
        return order if order and any(one.owns(order) for one in await self._customers(scene)) else None

    async def _customers(self, scene: Scene) -> list[Customer]:
        trust = await self._proof.trusted(scene.conversation)
        verified = [Customer(user=scene.identity)] if scene.identity else []
        return [*verified, *([Customer(email=trust.email)] if trust else [])]

    async def _prove(self, scene: Scene, goal: Goal) -> Proposal:
        """Ask for what is missing; with number and address, send a code if they belong together, and tell nobody."""
        lang = scene.lang
        if not (goal.number and goal.email):
            changes = "_change" if goal.want is not Want.STATUS else ""
            name = "need_email" if goal.number else "need_number" if goal.email else f"need_both{changes}"
            return told(scene, words.say(name, lang, number=goal.number), goal.task("need"))
        await self._orders.ping()
        if not await self._proof.ask(_plea(scene, goal)):
            log.info("order codes limited", conversation=scene.conversation)
            return replace(told(scene, words.say("too_many", lang)), reason=Reason.ORDER_ACTION)
        return told(scene, self._sent(lang), goal.task("code"), _code_choices(lang))

    def _sent(self, lang: str) -> str:
        minutes = str(self._proof.limits.code_ttl_s // 60)
        return words.say("sent", lang, digits=str(DIGITS), minutes=minutes)

    async def _needed(self, scene: Scene, goal: Goal, ask: Ask) -> Proposal | None:
        number = ask.number or ("" if goal.number else ask.bare)
        if not number and not ask.email:
            lost = ask.lost and not ask.want
            return told(scene, words.say("where_number", scene.lang), goal.task("need")) if lost else None
        want = Want(ask.want) if ask.want and not (ask.number and ask.want is Want.STATUS) else goal.want
        said = scene.meaning.text if ask.want else goal.said
        return await self._begin(scene, Goal(want, number or goal.number, ask.email or goal.email, said))

    async def _code(self, scene: Scene, goal: Goal, ask: Ask) -> Proposal | None:
        lang = scene.lang
        if ask.email or ask.number:
            changed = replace(goal, number=ask.number or goal.number, email=ask.email or goal.email)
            return await self._prove(scene, changed)
        if ask.code:
            judged = await self._proof.judge(scene.conversation, scene.seq, goal.number, ask.code)
            log.info("order code", conversation=scene.conversation, result=judged.result.value)
            return self._judged(scene, goal, judged)
        if ask.again or ask.yes:
            return await self._prove(scene, goal)
        if ask.want and ask.want is not Want.OTHER:
            wanted = replace(goal, want=ask.want, said=scene.meaning.text)
            return told(scene, self._sent(lang), wanted.task("code"), _code_choices(lang))
        if ask.lost:
            return told(scene, words.say("not_arrived_code", lang), goal.task("code"), _code_choices(lang))
        return None

    def _judged(self, scene: Scene, goal: Goal, judged: Judged) -> Proposal:
        if judged.order is not None:
            return self._serve(scene, goal, judged.order)
        names = {Result.WRONG: "wrong_code" if judged.left else "no_tries"}
        text = words.say(names.get(judged.result, "over"), scene.lang, left=str(judged.left))
        return told(scene, text, goal.task("code"), _code_choices(scene.lang))

    # It is theirs

    def _choose(self, scene: Scene, goal: Goal, mine: list[Order]) -> Proposal:
        """Serve the only order that can be meant, or ask which."""
        if goal.want is Want.STATUS:
            fitting = [order for order in mine if order.state not in _OVER]
        else:
            kind = ChangeKind(goal.want.value)
            fitting = [order for order in mine if not refusal(order, kind, scene.now, self._rules)]
        if len(fitting or mine) == 1:
            return self._serve(scene, goal, (fitting or mine)[0])
        chips = [order.number for order in (fitting or mine)[:MOST_CHIPS]]
        return told(scene, words.say("which", scene.lang), goal.task("need"), chips)

    def _serve(self, scene: Scene, goal: Goal, order: Order) -> Proposal:
        if goal.want is Want.STATUS:
            return self._status(scene, order)
        return self._changing.begin(scene, ChangeKind(goal.want.value), order, goal.said)

    def _status(self, scene: Scene, order: Order) -> Proposal:
        lines = facts.status_lines(order, view(scene))
        if order.state == "lost":
            own = words.say("no_lost", scene.lang, number=order.number)
            return for_a_person(about(scene, order, lines, own))
        kinds = {ChangeKind.CANCEL: "choice_cancel", ChangeKind.RETURN: "choice_return"}
        may = [kind for kind in kinds if not refusal(order, kind, scene.now, self._rules)]
        choices = [words.say(kinds[kind], scene.lang, number=order.number) for kind in may]
        return replace(about(scene, order, lines), choices=tuple(choices))

    async def _change(self, scene: Scene, task: Task, ask: Ask) -> Proposal | None:
        """The next step of a change. The proof must still hold: else it is asked for again."""
        goal = _goal(task)
        chips = (f"yes_{goal.want.value}", "choice_go_on")
        yes = ask.yes or scene.meaning.text in [words.say(chip, scene.lang) for chip in chips]
        if task["step"] == "confirm" and not (yes and was_shown(scene, task)):
            return None
        order = await self._orders.find(goal.number)
        if order is None or not any(one.owns(order) for one in await self._customers(scene)):
            return await self._prove(scene, goal)
        if task["step"] == "confirm":
            if asides_of(task):
                return self._changing.again(scene, order, task)
            return await self._changing.confirm(scene, order, task)
        if task["step"] == "items":
            return None if ask.wonders else self._changing.items(scene, order)
        return self._changing.address(scene, order, ask)

    async def aclose(self) -> None:
        """Close what it talks to."""
        await self._proof.aclose()


def _numbered(orders: Sequence[Order], number: str) -> Order | None:
    return next((one for one in orders if number and plain_number(one.number) == plain_number(number)), None)


def _goal(task: Task) -> Goal:
    return Goal(Want(task["want"]), task.get("number", ""), task.get("email", ""), task.get("said", ""))


def _meant(task: Task, ask: Ask) -> str:
    """The number of the order that is meant where none is said: the one that the task is about, if it is proved."""
    meant = ask.it or task.get("step") in _PROVED
    return task.get("number", "") if meant else ""


def _after_asides(ask: Ask, task: Task) -> Ask:
    """What a message says, once other things were said in between, of what the bot asked before them."""
    yes = ask.yes and task["step"] == "confirm" and is_asked(task)
    bare, code = (ask.bare, ask.code) if ask.alone else ("", "")
    return replace(ask, yes=yes, lost=ask.lost and ask.alone, bare=bare, code=code)


def _plea(scene: Scene, goal: Goal) -> Plea:
    who = {"network": scene.state.network, "identity": scene.identity}
    return Plea(scene.conversation, scene.seq, goal.number, goal.email, scene.lang, scene.shop, **who)


def _code_choices(lang: str) -> tuple[str, ...]:
    return words.say("choice_again", lang), words.say("choice_drop", lang)


def _names_a_product(scene: Scene, ask: Ask) -> bool:
    """Whether what looks like an order's number is a product's: nothing else says that an order is meant."""
    found = next((hit.exact for hit in scene.hits if hit.exact), "")
    return bool(ask.number) and plain_number(ask.number) in plain_number(found)
