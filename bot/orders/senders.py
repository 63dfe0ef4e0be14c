"""Ways of sending a shopper the code, chosen by one dial.

    console:                          writes it into the log; for development, refused in production
    memory:                           keeps it; for tests
    smtp://user:password@host:587     by mail, with STARTTLS where the server has it; never a password without TLS
    smtps://user:password@host:465    by mail over TLS
    https://shop.example/mail         to the shop's endpoint, signed (`signature.py`): {"to", "subject", "text", "lang"}

Where a dial has no port, 587 and 465 are meant.
"""

import asyncio
import smtplib
import ssl
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

from bot.errors import BadSettings, OrdersFailed
from bot.orders.webhook import SignedPost

log = structlog.get_logger()

TIMEOUT_S = 15.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, in the shopper's language."""

    to: str
    subject: str
    text: str
    lang: str


class Sender(Protocol):
    """A way to an address."""

    async def send(self, mail: Mail) -> None:
        """Send it.

        Raises:
            OrdersFailed: It was not taken.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class ConsoleSender:
    """Writes mails into the log."""

    async def send(self, mail: Mail) -> None:
        """See `Sender.send`."""
        log.warning("mail (development: written here instead of being sent)", to=mail.to, text=mail.text)

    async def aclose(self) -> None:
        """Nothing to close."""


@dataclass(slots=True)
class MemorySender:
    """Keeps mails."""

    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        """See `Sender.send`."""
        self.sent.append(mail)

    async def aclose(self) -> None:
        """Nothing to close."""


class PostSender:
    """Hands mails to the shop's endpoint."""

    def __init__(self, post: SignedPost) -> None:
        self._post = post
        self.aclose = post.aclose

    async def send(self, mail: Mail) -> None:
        """See `Sender.send`."""
        await self._post.post(asdict(mail))


class SmtpSender:
    """Sends by SMTP, in a thread of its own for each mail."""

    def __init__(self, url: str, sent_from: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "", parts.port or (465 if self._tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._from = sent_from
        if not self._host or not sent_from:
            raise BadSettings("AISLE_ORDERS_SENDER: wanted a host, and AISLE_MAIL_FROM to send from")

    async def send(self, mail: Mail) -> None:
        """See `Sender.send`."""
        try:
            await asyncio.to_thread(self._send, self._message(mail))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise OrdersFailed(f"the mail was not taken ({type(error).__name__})") from None

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._from, mail.to, mail.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self._from.rpartition("@")[2])
        message["Auto-Submitted"], message["Content-Language"] = "auto-generated", mail.lang
        message.set_content(mail.text)
        return message

    def _send(self, message: EmailMessage) -> None:
        if self._tls:
            trust = ssl.create_default_context()
            with smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=trust) as server:
                self._hand_over(server, message, safe=True)
            return
        with smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S) as server:
            server.ehlo()
            offered = server.has_extn("starttls")
            if offered:
                server.starttls(context=ssl.create_default_context())
            self._hand_over(server, message, safe=offered or self._host in _LOOPBACK)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, *, safe: bool) -> None:
        if self._user and not safe:
            raise smtplib.SMTPException("no TLS to send the password over")
        if self._user:
            server.login(self._user, self._password)
        server.send_message(message)


def open_sender(dial: str, *, sent_from: str, secret: str, timeout_s: float) -> Sender:
    """The sender behind a dial.

    Raises:
        BadSettings: There is none behind it.
    """
    match dial.partition(":")[0]:
        case "console":
            return ConsoleSender()
        case "memory":
            return MemorySender()
        case "smtp" | "smtps":
            return SmtpSender(dial, sent_from)
        case "http" | "https":
            return PostSender(SignedPost(dial, secret, timeout_s))
        case scheme:
            raise BadSettings(f"AISLE_ORDERS_SENDER: got {scheme}:, wanted console:, smtp:, smtps: or https:")
