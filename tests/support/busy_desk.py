"""A busy morning on the scripted desk: some conversations of every kind, and one with everything in it."""

from datetime import UTC, datetime, timedelta

from bot import desk_frames as out
from bot.frames import CardOut
from tests.support.scripted_desk import CITATION, WHY, Counter


def busy(counter: Counter) -> None:
    """A desk as on a busy morning: some of every kind, one conversation with everything in it."""
    now = datetime.now(UTC)
    counter.add(
        "c-bot-1",
        "Does the Ridgeline tent stand without pegs?",
        "It needs at least four pegs [1].",
        messages=2,
        last_at=now - timedelta(minutes=2),
    )
    counter.add(
        "c-bot-2",
        "Do you ship to Norway?",
        "Yes, in 5–8 business days [1].",
        messages=4,
        rating=1,
        last_at=now - timedelta(minutes=9),
    )
    counter.add(
        "c-bot-3",
        "这双靴子防水吗？",
        "是的，Trail Boot 采用防水膜 [1]。",
        lang="zh",
        messages=2,
        last_at=now - timedelta(minutes=14),
    )
    counter.add(
        "c-omar",
        "My parcel says delivered, but it is not here",
        "I have asked the carrier to look.",
        phase="staff",
        staff="omar",
        messages=9,
        last_at=now - timedelta(minutes=4),
    )
    counter.add(
        "c-done",
        "Thank you, that helped!",
        "You are welcome. Happy trails!",
        phase="closed",
        messages=6,
        rating=1,
        last_at=now - timedelta(hours=2),
    )
    counter.add(
        "c-zh",
        "我要投诉，等了三周还没收到货！",
        "非常抱歉，我帮您转接人工客服。",
        lang="zh",
        mood="angry",
        messages=5,
        last_at=now,
    )
    counter.wait("c-zh", "anger", 6.2)
    counter.add(
        "c-order",
        "Can you change the address of order 10482?",
        "I cannot change orders myself.",
        mood="annoyed",
        messages=3,
        last_at=now,
    )
    counter.wait("c-order", "order_action", 2.4)
    counter.add("c-boots", opened_at=now - timedelta(minutes=12))
    began = now - timedelta(minutes=12)
    minute = timedelta(seconds=55)
    counter.speak("c-boots", "shopper", "Can I return boots that I wore for two weeks?", at=began, id="client-1-x")
    text = "Yes. Worn boots can be returned within 60 days if the sole is not damaged [1]. Return shipping costs $4.95."
    counter.speak(
        "c-boots",
        "bot",
        text,
        at=began + minute,
        turn=1,
        citations=(CITATION,),
        why=WHY,
        rating=-1,
        cards=(CardOut(handle="t", name="Trail Boot", price="$149.00", stock=7, url="/products/trail-boot"),),
    )
    counter.speak(
        "c-boots", "shopper", "The other chat said it was free?! I want to talk to a person.", at=began + 2 * minute
    )
    counter.speak("c-boots", "system", "", at=began + 3 * minute, event="ask_staff", reason="shopper_asked")
    counter.speak("c-boots", "system", "", at=began + 5 * minute, event="claim", staff="mei")
    counter.talks["c-boots"].notes.append(
        out.NoteOut(
            id=1,
            at=began + 5.5 * minute,
            staff="omar",
            text="Regular customer, third order this year. We can waive the fee.",
        )
    )
    counter.speak(
        "c-boots",
        "staff",
        "Hello, this is Mei. I have looked at your order, and the return is free for you.",
        at=began + 6 * minute,
        staff="mei",
    )
    counter.speak("c-boots", "shopper", "Oh, that is kind! How do I send them?", at=began + 7 * minute)
    counter.change("c-boots", phase="staff", staff="mei", reason="shopper_asked", mood="annoyed")
