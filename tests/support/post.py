"""A real SMTP server on a loopback port that keeps what it is sent."""

import asyncio
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass(slots=True)
class Post:
    """The server; `mails` is what it took, in order."""

    refuses: bool = False
    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail, or refuse it."""
        if self.refuses:
            return "554 not today"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 taken"

    def code(self, to: str) -> str:
        """The code of the last mail to an address; empty when none came."""
        return "".join(c for c in self.last(to).partition("\n")[0] if c.isdigit())

    def last(self, to: str) -> str:
        """The text of the last mail to an address; empty when none came."""
        found = [mail for mail in self.mails if mail["To"] == to]
        return str(found[-1].get_content()) if found else ""

    def count(self, to: str) -> int:
        """How many mails came for an address."""
        return sum(mail["To"] == to for mail in self.mails)


@contextmanager
def mailing_aside() -> Iterator[Post]:
    """The same in a thread of its own, for tests that share one."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    posts: list[Post] = []

    async def serve() -> None:
        async with mailing() as post:
            posts.append(post)
            ready.set()
            await over.wait()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield posts[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)


@asynccontextmanager
async def mailing(*, refuses: bool = False, password: str = "") -> AsyncIterator[Post]:
    """Serve on a free loopback port while the body runs; with a password, only `shop` may send."""
    post = Post(refuses)

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"shop", password.encode())
        return AuthResult(success=good)

    more: dict[str, Any] = {"authenticator": known, "auth_required": True, "auth_require_tls": False}
    options = more if password else {}
    loop = asyncio.get_running_loop()

    def answering() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it warns of passwords without TLS, which never leave here
            return SMTP(post, hostname="localhost", loop=loop, **options)

    server = await loop.create_server(answering, "127.0.0.1", 0)
    post.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield post
    finally:
        server.close()
