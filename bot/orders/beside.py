"""What orders add to a reply that others make: how to go on with what was begun, and what can be done at once. Pure.

A question in between is answered by whoever knows; it ends nothing. The first such reply says in one sentence how to
go on, the ones after it only keep it; after some of them the shopper has turned to something else. A change that was
summed up needs its summary again: by then a yes may mean anything.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.orders import words
from bot.orders.ask import Want
from bot.orders.says import KIND, REMINDED, Task, asides_of, task_of
from bot.policy import Action
from bot.scene import Beside, Scene, Spoken
from knowledge.passages import Kind
from knowledge.words import fold

MOST_ASIDES = 3
"""Replies in between, small talk aside, after which what was begun is over."""

_FITTING = (Action.ANSWER, Action.RECOMMEND, Action.ASK)
"""Replies after which it may be said how to go on."""

_ABOUT: Final[Mapping[Want, re.Pattern[str]]] = {
    Want.CANCEL: re.compile(
        r"\bcancel(?:ling|ing)?\b(?!\w).{0,30}\b(?:order|purchase)\b|\border\b.{0,30}\bcancel|\b(?:how|can|may|could) "
        r"(?:do |can )?(?:i|we) (?:still )?cancel\b(?!.{0,30}(?:subscription|newsletter|membership|account))"
        r"|^how to cancel (?:my |an |the )?order|\bordered (?:it |this |something )?by mistake\b"
        r"|取消.{0,6}(?:订单|下单|购买)|订单.{0,8}取消|(?:怎么|如何|怎样|可以|能)取消(?!.{0,4}(?:订阅|会员|账户))|下错单"
    ),
    Want.ADDRESS: re.compile(
        r"\b(?:chang|updat|correct|edit|modify|fix|(?<!delivered to )(?<!delivered to the )wrong)\w*\b"
        r".{0,30}(?<!mail )\baddress\b|(?<!mail )\baddress\b.{0,20}\b(?:chang|wrong|"
        r"incorrect|mistake)|\bredirect\b.{0,20}\b(?:order|parcel|package)\b"
        r"|(?:改|换|更新|修改|写错|填错).{0,8}(?<!邮箱)(?<!邮件)地址|(?<!邮箱)(?<!邮件)地址.{0,6}(?:改|换|写错|填错|错了)"
    ),
    Want.RETURN: re.compile(
        r"\bhow (?:do|can|to|would|should)\b.{0,8}\b(?:return|send back)\b(?! (?:policy|period|cost))"
        r"|\bhow do returns work\b|\b(?:start|register|request|make|begin|open) (?:a|my|the) return\b|\breturn label\b"
        r"|(?:怎么|如何|怎样)(?:申请|办理|办)?退货|退货(?:流程|步骤|标签)|(?:申请|办理|登记)退货"
    ),
    Want.STATUS: re.compile(
        r"\btrack (?:my|our|an?|the|your|this|it)\b|\btracking (?:number|link|code|says?|has|page|info\w*)\b"
        r"|\bwhere (?:is|are|'s)\b.{0,10}\b(?:order|parcel|package|delivery|shipment)\b"
        r"|\b(?:order|parcel|package|delivery|shipment) (?:is |was |has been |has |have |seems )?(?:still )?"
        r"(?:late|delayed|lost|stuck|on hold|not (?:arrived|come|moved)|missing)\b|\border status\b"
        r"|\bstatus of (?:my|an|the) order\b"
        r"|物流|运单号|快递单号|(?:快递|包裹|订单(?!号)).{0,8}(?:没到|没收到|还没|丢|在哪|到哪|卡住|不动|暂停|延误|晚到)|订单状态"
    ),
}
"""What a question is about how orders are looked up or changed; the first that fits."""


def beside(scene: Scene, spoken: Spoken) -> Beside:
    """What is added to a reply of others: how to go on where an order's task is open, else what can be done now."""
    task = task_of(scene)
    kept = _kept(scene, task, spoken.action) if task else {}
    if not kept or kept["step"] == "done":
        return Beside(choices=_now(scene, spoken), task=tuple(kept.items()), kind=KIND)
    if REMINDED in kept or spoken.action not in _FITTING or spoken.offers_staff or spoken.asks_which:
        return Beside(task=tuple(kept.items()), kind=KIND)
    confirms = kept["step"] == "confirm"
    choices = (words.say("choice_go_on", scene.lang), words.say("choice_drop", scene.lang)) if confirms else ()
    reminded = {**kept, REMINDED: kept["seq"]}
    return Beside(_reminder(kept, scene.lang), choices, tuple(reminded.items()), KIND)


def _kept(scene: Scene, task: Task, action: Action) -> dict[str, str]:
    """The task as it stands after this reply; empty when it is over."""
    asides = asides_of(task) + (action is not Action.CHAT)
    if asides > MOST_ASIDES or action is Action.HAND_OVER:
        return {}
    kept = {**task, "kind": KIND, "seq": str(scene.seq)}
    return {**kept, "asides": str(asides)} if asides else kept


def _reminder(task: Task, lang: str) -> str:
    number, email = task.get("number", ""), task.get("email", "")
    step = task["step"]
    if step == "need":
        step = "number" if email else "email" if number else "both"
    return words.say(f"resume_{step}", lang, number=number)


def _now(scene: Scene, spoken: Spoken) -> tuple[str, ...]:
    """What a shopper may want done who asks how it is done: by the entry that answers, or else by the question."""
    if spoken.action is not Action.ANSWER or not spoken.from_knowledge or spoken.offers_staff:
        return ()
    asked = [*(p.title for p in spoken.cited[:1] if p.kind is Kind.FAQ), scene.meaning.query]
    want = next((want for text in asked if (want := about(text))), None)
    return (words.say(f"now_{want.value}", scene.lang),) if want else ()


def about(text: str) -> Want | None:
    """What of an order a question is about, as `How do I cancel an order?`; None where it is about none of that."""
    plain = fold(text)
    return next((want for want, pattern in _ABOUT.items() if pattern.search(plain)), None)
