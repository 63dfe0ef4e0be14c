"""Mails with codes: over a real SMTP server, with and without TLS and password, and to the shop's endpoint."""

from typing import Any

import pytest

from bot.errors import BadSettings, OrdersFailed
from bot.orders.senders import ConsoleSender, Mail, PostSender, SmtpSender, open_sender
from bot.orders.table import MemoryOrders
from bot.orders.webhook import SignedPost
from tests.support.ordering import NOW, RULES
from tests.support.post import mailing
from tests.support.shop import SECRET, shop

MAIL = Mail("ana@mail.example", "您在小店的验证码", "您的验证码是 123456。\n", "zh")
FROM = "orders@shop.example"


async def test_a_mail_arrives_whole() -> None:
    """Addressed, dated, in its language, marked as automatic, its Chinese as it was."""
    async with mailing() as post:
        await SmtpSender(post.url, FROM).send(MAIL)
    sent = post.mails[0]
    assert (sent["From"], sent["To"], sent["Subject"]) == (FROM, MAIL.to, MAIL.subject)
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Date"]
    assert sent.get_content().replace("\r\n", "\n") == MAIL.text


async def test_a_refused_mail_is_a_failure() -> None:
    """A server that does not take it, or is not there, raises what the caller expects."""
    async with mailing(refuses=True) as post:
        with pytest.raises(OrdersFailed, match="not taken"):
            await SmtpSender(post.url, FROM).send(MAIL)
    with pytest.raises(OrdersFailed, match="not taken"):
        await SmtpSender(post.url, FROM).send(MAIL)


async def test_user_and_password_are_given() -> None:
    """Both, decoded from the address; a wrong one is a failure."""
    async with mailing(password="a:b@c") as post:
        right = post.url.replace("smtp://", "smtp://shop:a%3Ab%40c@")
        await SmtpSender(right, FROM).send(MAIL)
        assert len(post.mails) == 1
        with pytest.raises(OrdersFailed):
            await SmtpSender(post.url.replace("smtp://", "smtp://shop:wrong@"), FROM).send(MAIL)


async def test_an_address_cannot_bring_headers_of_its_own() -> None:
    """A line break in it is refused; nothing is sent."""
    async with mailing() as post:
        with pytest.raises((OrdersFailed, ValueError)):
            await SmtpSender(post.url, FROM).send(Mail("a@b.example\nBcc: c@d.example", "s", "t", "en"))
        assert post.mails == []


async def test_the_shops_endpoint_gets_the_mail_signed() -> None:
    """As JSON, under our signature."""
    async with shop(MemoryOrders([], RULES, lambda: NOW)) as server:
        server.says = b"{}"
        sender = PostSender(SignedPost(server.url, SECRET, 2.0))
        await sender.send(MAIL)
        await sender.aclose()
    assert server.asked[0][0] == {"to": MAIL.to, "subject": MAIL.subject, "text": MAIL.text, "lang": "zh"}


def test_the_dial_chooses_the_sender() -> None:
    """By scheme; what has nothing behind it is refused."""
    options: dict[str, Any] = {"sent_from": FROM, "secret": SECRET, "timeout_s": 1.0}
    assert isinstance(open_sender("console:", **options), ConsoleSender)
    assert isinstance(open_sender("smtps://u:p@mail.example", **options), SmtpSender)
    assert isinstance(open_sender("https://shop.example/mail", **options), PostSender)
    with pytest.raises(BadSettings, match="carrier"):
        open_sender("carrier-pigeon:", **options)
    with pytest.raises(BadSettings, match="AISLE_MAIL_FROM"):
        open_sender("smtp://mail.example", **options | {"sent_from": ""})
