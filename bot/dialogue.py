"""The shopper's side: what is said is committed, answered once, in order, and told to everyone.

Exactly once rests on three things in the transcript, none of which a crash can undo: a message is unique by its client
id, it gets its `seq` in the same transaction, and at most one reply to it can be stored. So any worker may try to
answer whatever is unanswered: after a message, after a reconnect, or when a sweep finds it overdue because a worker
died. The lease in Redis only keeps two workers from doing the same work; were it lost, the transcript still takes one
reply.

    hear:   commit → tell → (ack by the caller) → serve
    serve:  while something is unanswered: lease → answer the oldest → commit → tell

How a reply is made is not known here (`answer.py`), nor how a message is written and told (`record.py`), nor sockets
(`routes/shopper.py`).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot import handoff, phrases, rules
from bot.answer import Answerer
from bot.conversation import Author, Draft, Event, Message, Phase, Reason, Visit, bot_speaks
from bot.errors import AisleError, BadPhase, Busy, StateLost
from bot.frames import Delta, Rated
from bot.handoff import Reach
from bot.limits import Places
from bot.policy import Action
from bot.publish import topic
from bot.record import HISTORY, Move, Record
from bot.reply import Reply, Trace, Turn
from bot.summary import Summary

log = structlog.get_logger()

LEASE_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """Times that the dialogue keeps, in seconds (`settings.py` says what they mean)."""

    lease_ttl_s: float
    sweep_every_s: float


class Dialogue:
    """Turns of every conversation that this worker hears or finds unanswered."""

    def __init__(
        self, record: Record, answerer: Answerer, places: Places, pace: Pace, reach: Reach | None = None
    ) -> None:
        self._record, self._answerer, self._places, self._pace = record, answerer, places, pace
        self._transcripts, self._sessions, self._feed = record.transcripts, record.sessions, record.feed
        self._reach = reach or Reach()
        self.publish = record.publish
        self.on_reply: Callable[[Message, Trace], None] | None = None
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._hearing = 0

    # What the shopper does

    async def open(self, conversation: str, lang: str, identity: str) -> None:
        """Make sure that the conversation exists."""
        await self._transcripts.open(conversation, lang=lang, identity=identity, at=self._record.clock())

    async def visited(self, conversation: str, visit: Visit) -> None:
        """Keep what the shop's page told about the visit; lost with the live state, it is told again."""
        if (await self._record.state(conversation)).visit != visit:
            await self._record.save(conversation, lambda now: replace(now, visit=visit))

    async def hear(self, conversation: str, client_id: str, text: str, network: str = "") -> Message:
        """Commit a shopper's message, tell everyone, and see to its answer.

        Args:
            conversation: Its id.
            client_id: Chosen by the client.
            text: What was said.
            network: Pseudonym of the network that it came from; kept with the live state alone, and goes with it.

        Returns:
            The committed message; the first one again when the client id is known.

        Raises:
            Busy: This worker has as many turns as it may have; nothing was committed.
            StoreLost: Nothing was committed.
        """
        self._admit()
        self._hearing += 1
        try:
            if network:
                await self._came_from(conversation, network)
            message = await self._heard(conversation, client_id, text)
        finally:
            self._hearing -= 1
        self.serve(conversation)
        return message

    def _admit(self) -> None:
        """Refuse before anything is committed: what is committed is owed an answer."""
        turns = len(self._serving) + self._hearing
        if turns >= self._places.in_flight + self._places.queued:
            raise Busy(f"got {turns} turns at once, wanted fewer", retry_after_s=self._places.wait_s)

    async def _came_from(self, conversation: str, network: str) -> None:
        """Keep where the shopper writes from before the message is there to be answered, by whichever worker."""
        if (await self._record.state(conversation)).network != network:
            await self._record.save(conversation, lambda now: replace(now, network=network))

    async def _heard(self, conversation: str, client_id: str, text: str) -> Message:
        while True:
            phase = await self._record.phase(conversation)
            draft = Draft(Author.SHOPPER, text, client_id=client_id, wants_reply=bot_speaks(phase))
            try:
                message, _ = await self._record.write(conversation, draft, rules.as_believed(phase))
            except BadPhase:
                await self._reopen(conversation)
            else:
                return message

    async def ask_staff(self, conversation: str, client_id: str, reason: Reason = Reason.SHOPPER_ASKED) -> None:
        """Put the conversation into the queue for staff; nothing happens when it is there, or with staff, already."""
        await self._reopen(conversation)
        state = await self._record.state(conversation)
        now = self._record.clock()
        text = handoff.asked(state.lang or "en", self._reach, now)
        why = state.reason if state.offered and state.reason else reason
        with suppress(BadPhase):
            await self._move(conversation, Move(Event.ASK_STAFF, client_id, why, text))

    async def withdraw(self, conversation: str, client_id: str) -> None:
        """Leave the queue for staff; nothing happens when not in it."""
        lang = (await self._record.state(conversation)).lang
        with suppress(BadPhase):
            await self._move(conversation, Move(Event.WITHDRAW, client_id, text=phrases.say("withdrawn", lang)))

    async def rate(self, conversation: str, seq: int, value: int) -> None:
        """Rate a reply; ratings of anything else change nothing."""
        message = await self._transcripts.rate(conversation, seq, value)
        if message:
            rating = {-1: -1, 0: 0, 1: 1}[value]
            await self.publish.rated(conversation, Rated.model_validate({"seq": seq, "value": rating}))

    async def _reopen(self, conversation: str) -> None:
        """Open the conversation again if it is closed."""
        if await self._record.phase(conversation) is Phase.CLOSED:
            lang = (await self._record.state(conversation)).lang
            with suppress(BadPhase):
                await self._move(conversation, Move(Event.REOPEN, text=phrases.say("reopened", lang)))

    async def _move(self, conversation: str, move: Move) -> None:
        await self._record.move(conversation, move, rules.may_move(move.event))

    # Answers

    def serve(self, conversation: str) -> None:
        """See to it that everything unanswered in the conversation is answered by somebody. Returns at once."""
        self._again.add(conversation)
        if conversation not in self._serving:
            task = asyncio.create_task(self._serve(conversation), name=f"serve {conversation}")
            self._serving[conversation] = task

    async def _serve(self, conversation: str) -> None:
        try:
            while conversation in self._again:
                self._again.discard(conversation)
                await self._answer_all(conversation)
        except AisleError as error:
            # Redis, SQL or all places lost: the messages stay unanswered in the transcript and the sweep tries again.
            log.warning("turn postponed", conversation=conversation, code=error.code, error=error.message)
        except Exception:
            log.exception("turn failed", conversation=conversation)
        finally:
            self._serving.pop(conversation, None)

    async def _answer_all(self, conversation: str) -> None:
        while await self._transcripts.unanswered(conversation):
            async with self._sessions.lease(conversation, self._pace.lease_ttl_s) as lease:
                if lease:
                    async with self._places:
                        await self._answer_oldest(conversation)
                    continue
            await asyncio.sleep(LEASE_POLL_S)

    async def _answer_oldest(self, conversation: str) -> None:
        waiting = await self._transcripts.unanswered(conversation)
        if not waiting:
            return
        message = waiting[0]
        summary = await self._transcripts.summary(conversation)
        if summary is None or not bot_speaks(summary.phase):
            await self._transcripts.settle(conversation, message.seq)
            return
        reply = await self._make(await self._turn(message, summary))
        await self._commit(reply, message)
        with suppress(StateLost):
            await self._sessions.drop_partial(conversation)

    async def _turn(self, message: Message, summary: Summary) -> Turn:
        history = await self._transcripts.after(message.conversation, max(0, message.seq - 1 - HISTORY), HISTORY)
        before = tuple(m for m in history if m.seq < message.seq)
        state = await self._record.state(message.conversation)
        return Turn(message, replace(state, phase=summary.phase), before, summary.identity)

    async def _make(self, turn: Turn) -> Reply:
        """The reply, shown as it grows; cut where the shopper said stop."""
        conversation, seq = turn.message.conversation, turn.message.seq
        shown: list[str] = []

        async def show(piece: str) -> None:
            offset = sum(map(len, shown))
            shown.append(piece)
            await self._sessions.put_partial(conversation, seq, "".join(shown))
            await self.publish.delta(conversation, Delta(turn=seq, offset=offset, text=piece))

        async with self._feed.subscribe(topic(conversation)) as notices:
            making = asyncio.create_task(self._answerer.answer(turn, show))
            stopping = asyncio.create_task(_stopped(notices))
            try:
                await asyncio.wait({making, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if making.done():
                    return making.result()
            finally:
                await _ended(making, stopping)
        draft = Draft(Author.BOT, "".join(shown), reply_to=seq, action=Action.ANSWER.value, stopped=True)
        return Reply(draft, replace(turn.state, seq=seq), Trace())

    async def _commit(self, reply: Reply, message: Message) -> None:
        conversation = message.conversation
        try:
            stored, new = await self._record.write(conversation, reply.draft, rules.may_answer)
        except BadPhase:
            # Staff took over while the answer was made: the bot is silent from that moment.
            await self._transcripts.settle(conversation, message.seq)
            return
        if not new:
            return
        if self.on_reply:
            self.on_reply(stored, reply.trace)
        kept = reply.state
        await self._record.save(
            conversation,
            lambda now: replace(kept, version=now.version, phase=now.phase, visit=now.visit, network=now.network),
        )
        if reply.draft.action == Action.HAND_OVER.value:
            # The reply has said so already; the event needs no words.
            why = reply.draft.reason or Reason.SHOPPER_ASKED
            with suppress(BadPhase):
                await self._move(conversation, Move(Event.ASK_STAFF, f"hand-over-{stored.seq}", why))

    # Turns that nobody answers

    async def sweep(self) -> None:
        """For ever: take up turns that have waited longer than a dead worker's lease lasts."""
        while True:
            await asyncio.sleep(self._pace.sweep_every_s)
            before = self._record.clock() - timedelta(seconds=self._pace.lease_ttl_s)
            with suppress(AisleError):
                for conversation in await self._transcripts.overdue(before):
                    self.serve(conversation)

    async def aclose(self) -> None:
        """End this worker's turns; what is unanswered is taken up by another, or at the next start."""
        await _ended(*self._serving.values())


async def _stopped(notices: object) -> None:
    async for notice in notices:  # type: ignore[attr-defined]
        if isinstance(notice, dict) and notice.get("kind") == "stop":
            return
    await asyncio.Event().wait()


async def _ended(*tasks: asyncio.Task[object]) -> None:
    """Cancel and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
