"""A change of an order: what will happen is said first, an explicit yes does it, the rules may forbid it."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.conversation import Reason
from bot.errors import OrdersFailed
from bot.handoff import Reach
from bot.orders import facts, words
from bot.orders.ask import Ask
from bot.orders.order import Change, ChangeKind, Item, Order, change_key
from bot.orders.protocol import Orders
from bot.orders.rules import NEEDS_A_PERSON, Rules, refund, refusal
from bot.orders.says import Task, about, for_a_person, offered, then, told, view
from bot.scene import Proposal, Scene
from knowledge.words import fold

log = structlog.get_logger()

MOST_CHIPS = 5
ADDRESS_CHARS = (12, 300)
_ALL = ("all", "everything", "both", "whole", "全部", "所有", "都", "整单")
_INSTEAD = {"dispatched": "", "delivered": "choice_return", "not_sent": "choice_cancel", "not_arrived": "choice_status"}


class Changing:
    """Changes over one order system, by one shop's rules."""

    def __init__(self, orders: Orders, rules: Rules, reach: Reach) -> None:
        self._orders, self._rules, self._reach = orders, rules, reach

    def begin(self, scene: Scene, kind: ChangeKind, order: Order, said: str) -> Proposal:
        """The summary to say yes to, a question for what is still missing, or why not."""
        if why := refusal(order, kind, scene.now, self._rules):
            return self._refused(scene, kind, order, why)
        if kind is ChangeKind.ADDRESS:
            task = {"step": "address", "want": kind.value, "number": order.number}
            return told(scene, words.say("which_address", scene.lang, number=order.number), task)
        return self._return(scene, order, said) if kind is ChangeKind.RETURN else self._summary(scene, kind, order)

    def address(self, scene: Scene, order: Order, ask: Ask) -> Proposal | None:
        """The summary with the address that the message holds; None when it holds none."""
        text = scene.meaning.text.translate(str.maketrans("", "", "[]【】"))
        least, most = ADDRESS_CHARS
        short = len(text) < (least if text.isascii() else least // 2)
        if (
            ask.asks
            or ask.wonders
            or ask.no
            or ask.yes
            or short
            or not any(c.isdigit() or c in "路街村号" for c in text)
        ):
            return None
        if why := refusal(order, ChangeKind.ADDRESS, scene.now, self._rules):
            return self._refused(scene, ChangeKind.ADDRESS, order, why)
        return self._summary(scene, ChangeKind.ADDRESS, order, address=text[:most])

    def items(self, scene: Scene, order: Order) -> Proposal | None:
        """The summary for the items that the message names; None when it names none."""
        chosen = self._named(scene, order, scene.meaning.text)
        return self._summary(scene, ChangeKind.RETURN, order, chosen) if chosen else None

    def again(self, scene: Scene, order: Order, task: Task) -> Proposal:
        """The same summary once more, after something else was spoken of; or why it cannot be done any more."""
        kind, skus = ChangeKind(task["want"]), task.get("skus", "").split("\n")
        if why := refusal(order, kind, scene.now, self._rules):
            return self._refused(scene, kind, order, why)
        items = [item for item in order.items if item.sku in skus]
        return self._summary(scene, kind, order, items, task.get("address", ""))

    async def confirm(self, scene: Scene, order: Order, task: Task) -> Proposal:
        """Do what was said yes to, once, however often it is said."""
        kind, asked = ChangeKind(task["want"]), int(task["seq"])
        key = change_key(scene.conversation, asked, order.number, kind)
        skus = tuple(filter(None, task.get("skus", "").split("\n")))
        try:
            outcome = await self._orders.change(Change(key, order.number, kind, task.get("address", ""), skus))
        except OrdersFailed as error:
            log.warning("order change unsure", conversation=scene.conversation, kind=kind.value, error=error.message)
            return offered(scene, "unsure", Reason.TOOL_FAILURE, self._reach)
        log.info("order change", conversation=scene.conversation, kind=kind.value, done=outcome.done)
        if not outcome.done:
            return self._refused(scene, kind, order, outcome.reason)
        items = [item for item in order.items if item.sku in skus]
        back = facts.refund_line(kind, refund(order, kind, items), order, scene.lang)
        done = words.say(f"done_{kind.value}", scene.lang, number=order.number)
        if not back:
            return replace(told(scene, done), settles=True)
        return about(scene, order, [back], done, [back])

    def _refused(self, scene: Scene, kind: ChangeKind, order: Order, why: str) -> Proposal:
        log.info("order change refused", conversation=scene.conversation, kind=kind.value, reason=why)
        name = f"no_{why}" if f"no_{why}" in words.PHRASES else "no_unclear"
        own = words.say(name, scene.lang, number=order.number)
        seen = view(scene)
        said = [facts.state_line(order, seen)]
        more = [facts.returns_until(order, self._rules.return_days, seen)] if why == "too_late" else []
        proposal = about(scene, order, [*said, *filter(None, more)], own, more)
        if name == "no_unclear" or why in NEEDS_A_PERSON:
            return for_a_person(proposal)
        chip = _INSTEAD.get(why, "")
        choices = [words.say(chip, scene.lang, number=order.number)] if chip else []
        return replace(proposal, choices=tuple(choices))

    def _return(self, scene: Scene, order: Order, said: str) -> Proposal:
        items = self._returnable(scene, order)
        if not items:
            return self._refused(scene, ChangeKind.RETURN, order, "final_sale")
        chosen = list(items) if len(items) == 1 else self._named(scene, order, said)
        if chosen:
            return self._summary(scene, ChangeKind.RETURN, order, chosen)
        names = [facts.item_name(item, view(scene)) for item in items[:MOST_CHIPS]]
        task = {"step": "items", "want": ChangeKind.RETURN.value, "number": order.number}
        line = facts.line("items", scene.lang, items=facts.listed(tuple(items), view(scene)))
        proposal = about(scene, order, [line], words.say("which_items", scene.lang, number=order.number), [line])
        return then(proposal, scene, task, [*names, words.say("choice_all", scene.lang)])

    def _summary(
        self, scene: Scene, kind: ChangeKind, order: Order, items: Sequence[Item] = (), address: str = ""
    ) -> Proposal:
        lang, more = scene.lang, []
        if kind is ChangeKind.RETURN:
            more.append(facts.line("back_items", lang, items=facts.listed(tuple(items), view(scene))))
        more.append(facts.refund_line(kind, refund(order, kind, items), order, lang))
        own = words.say(f"sum_{kind.value}", lang, number=order.number, address=address)
        skus = "\n".join(item.sku for item in items)
        task = {"step": "confirm", "want": kind.value, "number": order.number, "skus": skus, "address": address}
        shown = [line for line in more if line]
        proposal = about(scene, order, shown, own, shown) if shown else told(scene, own)
        return then(proposal, scene, task, [words.say(f"yes_{kind.value}", lang), words.say("no_change", lang)])

    def _returnable(self, scene: Scene, order: Order) -> list[Item]:
        kept = self._rules.no_return_tags
        return [item for item in order.items if item.returnable and not (facts.tags(item, scene.live) & kept)]

    def _named(self, scene: Scene, order: Order, said: str) -> list[Item]:
        """The returnable items that share words with a message: those that share most, or all if it says so."""
        items = self._returnable(scene, order)
        if any(word in fold(said).split() or (not word.isascii() and word in said) for word in _ALL):
            return items
        named = [(facts.shared(item, said, view(scene)), item) for item in items]
        best = max((count for count, _ in named), default=0)
        return [item for count, item in named if count == best] if best else []
