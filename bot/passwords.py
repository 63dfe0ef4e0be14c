"""Passwords: which may be chosen, and how they are kept (argon2id) and compared.

Argon2id with 19 MiB, two passes and one lane is the first choice of OWASP's Password Storage Cheat Sheet. Hashing takes
tens of milliseconds of processor and that memory, so it runs in a thread, at most `AT_ONCE` at a time. What cannot be
compared, because there is no such account, is compared with a dummy, so that the answer takes as long.
"""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.errors import BadAccount

SHORTEST = 10
LONGEST = 256
FEWEST_DIFFERENT = 5
AT_ONCE = 2

# Of the passwords that leaks show most often, those that are long enough to pass otherwise; without digits and signs
# at the end, which are removed before comparing.
_COMMONEST = """
    administrator adminadmin asdfghjkl asdfghjklö basketball changeme changemenow chocolate football hello helloworld
    iloveyou iloveyouforever letmein letmeinplease liverpool manchester mypassword newpassword passw passwd password
    passwordpassword passport p@ssw0rd p@ssword princess qazwsxedc qwerty qwertyqwerty qwertyuiop qwertz secret starwars
    sunshine superman supersecret thisismypassword unbelievable welcome welcomewelcome woaini zaqxswcde zxcvbnm
"""
COMMONEST = frozenset(_COMMONEST.split())
ROWS = (
    "12345678901234567890",
    "09876543210987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv",
)
TAIL = "0123456789!?.,;:*#$%&+-_=@ "


def check_password(name: str, password: str) -> None:
    """Refuse what is guessed first.

    Raises:
        BadAccount: Shorter than `SHORTEST` or longer than `LONGEST` characters, the account's name, one of the
            commonest, a row of keys, or made of fewer than `FEWEST_DIFFERENT` different characters.
    """
    folded = normal(password).casefold()
    if not SHORTEST <= len(folded) <= LONGEST:
        raise BadAccount(f"password: got {len(folded)} characters, wanted {SHORTEST} to {LONGEST}")
    if name.casefold() in folded and not folded.replace(name.casefold(), "").strip(TAIL):
        raise BadAccount("password: got the account's name, wanted something that nobody would guess")
    if folded.rstrip(TAIL) in COMMONEST | {""} or any(folded in row for row in ROWS):
        raise BadAccount("password: got one of the commonest, wanted something that nobody would guess")
    if len(set(folded)) < FEWEST_DIFFERENT:
        raise BadAccount(f"password: got {len(set(folded))} different characters, wanted {FEWEST_DIFFERENT} or more")


def normal(password: str) -> str:
    """One spelling for what looks the same (NFC, as RFC 8265 has it): keyboards differ in how they send accents.

    Raises:
        BadAccount: It holds a lone surrogate, which is no text.
    """
    if any("\ud800" <= character <= "\udfff" for character in password):
        raise BadAccount("password: got a lone surrogate, wanted text")
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Makes and compares hashes, off the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._dummy = ""

    async def hash(self, password: str) -> str:
        """A fresh hash, with its salt and parameters in it."""
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether `hashed` was made of `password`; None takes the same time and is always False.

        Raises:
            BadAccount: The password is no text.
        """
        if not self._dummy:
            self._dummy = await self.hash("a password that is nobody's")
        async with self._places:
            same = await asyncio.to_thread(self._same, hashed or self._dummy, normal(password))
        return same and hashed is not None

    def outdated(self, hashed: str) -> bool:
        """Whether `hashed` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _same(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (Argon2Error, InvalidHashError):
            return False
