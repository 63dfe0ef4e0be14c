"""One way out for everything that happens in a conversation: the feed, to every socket of every worker.

A notice is a hint, never the truth: it may be lost or come twice, and whoever reads it compares `seq` with what it has
and looks into the transcript for the rest. So publishing never fails; it says whether it reached the feed.
"""

from typing import Any

from bot.conversation import Message
from bot.errors import StateLost
from bot.feed import Feed
from bot.frames import CardOut, CitationOut, Delta, MessageOut, Rated, TypingOut


def topic(conversation: str) -> str:
    """The feed's topic of one conversation."""
    return f"conversation:{conversation}"


KNOWLEDGE_TOPIC = "knowledge"
DESK_TOPIC = "desk"


def framed(message: Message) -> MessageOut:
    """A committed message as it goes over the wire."""
    draft = message.draft
    return MessageOut(
        seq=message.seq,
        at=message.at,
        author=draft.author.value,
        text=draft.text,
        id=draft.client_id,
        turn=draft.reply_to,
        event=draft.event.value if draft.event else None,
        action=draft.action,
        citations=tuple(CitationOut.model_validate(c) for c in draft.citations),
        cards=tuple(CardOut.model_validate(c) for c in draft.cards),
        choices=draft.choices,
        stopped=draft.stopped,
        rating=message.rating,
    )


class Publisher:
    """Publishes to a conversation's topic; False when the feed is away."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    async def message(self, message: Message) -> bool:
        """A message was committed."""
        told = await self._send(message.conversation, "message", framed(message).model_dump(mode="json"))
        return await self.desk(message.conversation) and told

    async def desk(self, conversation: str) -> bool:
        """Something that the desk's list shows of a conversation may have changed."""
        return await self._tell(DESK_TOPIC, {"conversation": conversation})

    async def noted(self, conversation: str) -> bool:
        """Staff wrote a note. The notice does not carry it: shoppers' sockets read this topic as well."""
        return await self._send(conversation, "note", {})

    async def delta(self, conversation: str, delta: Delta) -> bool:
        """A checked piece of an answer in the making."""
        return await self._send(conversation, "delta", delta.model_dump(mode="json"))

    async def typing(self, conversation: str, typing: TypingOut) -> bool:
        """Somebody types, or no longer does."""
        return await self._send(conversation, "typing", typing.model_dump(mode="json"))

    async def rated(self, conversation: str, rated: Rated) -> bool:
        """A message was rated."""
        told = await self._send(conversation, "rated", rated.model_dump(mode="json"))
        return await self.desk(conversation) and told

    async def stop(self, conversation: str) -> bool:
        """The shopper wants the answer in flight to end."""
        return await self._send(conversation, "stop", {})

    async def erased(self, conversation: str) -> bool:
        """It was erased: an answer in the making ends, sockets close."""
        told = await self.stop(conversation) and await self._send(conversation, "erased", {})
        return await self.desk(conversation) and told

    async def _send(self, conversation: str, kind: str, frame: dict[str, Any]) -> bool:
        return await self._tell(topic(conversation), {"kind": kind, "frame": frame})

    async def _tell(self, topic: str, notice: dict[str, Any]) -> bool:
        try:
            await self._feed.publish(topic, notice)
        except StateLost:
            return False
        return True
