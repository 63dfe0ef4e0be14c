"""What the bot says about a person: offering one, having asked for one, and when somebody will be there. Pure.

It never says more than is set up: no duration unless the shop named one, no opening time without opening hours, no
answer by e-mail unless the shop named the address that it writes from.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import phrases
from bot.conversation import Reason
from bot.hours import Hours

OFFERS: Final[dict[Reason, str]] = {
    Reason.SHOPPER_ASKED: "offer_staff",
    Reason.NO_KNOWLEDGE: "decline",
    Reason.LOW_SUPPORT: "decline",
    Reason.POLICY: "offer_staff",
    Reason.ANGER: "offer_anger",
    Reason.LEGAL_THREAT: "offer_legal",
    Reason.ORDER_ACTION: "offer_staff",
    Reason.TOOL_FAILURE: "trouble",
}
_DAYS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How a shopper reaches a person of this shop.

    Attributes:
        hours: None when none are set: then nothing is said about when somebody is there.
        reply_minutes: How long it usually takes in opening hours; 0 says nothing.
        contact: Another way to the shop, in its own words; may be empty.
        reply_from: The address that the team answers e-mail from; empty when it does not.
    """

    hours: Hours | None = None
    reply_minutes: int = 0
    contact: str = ""
    reply_from: str = ""

    def is_there(self, at: datetime) -> bool:
        """Whether somebody may be there; without hours nothing speaks against it."""
        return self.hours is None or self.hours.is_open(at)


def offer(reason: Reason, lang: str, reach: Reach, at: datetime) -> str:
    """Asks whether a person is wanted, and says when one may be there."""
    return _joined(lang, phrases.say(OFFERS[reason], lang), when(lang, reach, at))


def asked(lang: str, reach: Reach, at: datetime) -> str:
    """Says that a person was asked for; when nobody is there, takes a message."""
    if reach.is_there(at):
        return _joined(lang, phrases.say("waiting", lang), when(lang, reach, at))
    mail = phrases.say("leave_mail_reply", lang, address=reach.reply_from) if reach.reply_from else ""
    contact = phrases.say("contact", lang, contact=reach.contact) if reach.contact else ""
    parts = (
        when(lang, reach, at),
        phrases.say("leave_message", lang),
        mail or phrases.say("leave_mail", lang),
        contact,
    )
    return _joined(lang, *parts)


def noted(lang: str, reach: Reach, address: str) -> str:
    """Says that the shopper's address was taken down."""
    mail = phrases.say("noted_reply", lang, address=reach.reply_from) if reach.reply_from else ""
    return _joined(lang, phrases.say("noted", lang, address=address), mail)


def when(lang: str, reach: Reach, at: datetime) -> str:
    """When somebody is there, in one sentence; empty when nothing is set up to say it from."""
    if reach.is_there(at):
        minutes = str(reach.reply_minutes)
        return phrases.say("reply_minutes", lang, minutes=minutes) if reach.reply_minutes else ""
    opens = reach.hours.opens(at) if reach.hours else None
    return phrases.say("away_until", lang, when=moment(lang, opens, at)) if opens else phrases.say("away", lang)


def moment(lang: str, opens: datetime, at: datetime) -> str:
    """A moment within the next week as people say it; `opens` is on the shop's clock, which is named."""
    days = (opens.date() - at.astimezone(opens.tzinfo).date()).days
    clock = f"{opens:%H:%M}"
    place = str(opens.tzinfo).rpartition("/")[2].replace("_", " ")
    if lang == "zh":
        day = {0: "今天", 1: "明天"}.get(days, _DAYS["zh"][opens.weekday()])
        return f"{day} {clock}（{place} 时间）"
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {_DAYS['en'][opens.weekday()]}")
    return f"{day} at {clock} ({place} time)"


def _joined(lang: str, *parts: str) -> str:
    return ("" if lang == "zh" else " ").join(part for part in parts if part)
