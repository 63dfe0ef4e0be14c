"""Who may do what, opened over one database: accounts, sign-ins, API tokens, and the log.

What a caller may do is decided here (`Access.person`), for a role and a scope that the caller of this module names; how
a request carries its session or token is in `routes/auth.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.accounts import Account, Accounts, Role, Wanted
from bot.api_tokens import ApiTokens, Scope
from bot.attempts import Attempts, Rule, Rules
from bot.audit import Audit
from bot.database import Database
from bot.errors import BadAccount, BadSettings, Forbidden, NotSignedIn
from bot.passwords import Passwords
from bot.settings import Settings
from bot.sign_ins import Lasting, SignIns, csrf_token

log = structlog.get_logger()

SESSION = "session"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking. `via` is `session`, or `token:` and the id of an API token."""

    name: str
    role: Role
    via: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a request brings: the secret of a session or an API token; both may be empty."""

    session: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """Everything about access. `csrf_key` is the server's own."""

    accounts: Accounts
    sign_ins: SignIns
    tokens: ApiTokens
    audit: Audit
    lasting: Lasting
    clock: Callable[[], datetime]
    csrf_key: str

    async def person(self, key: Key, role: Role, scope: Scope | None = None, *, used: bool = True) -> Person:
        """Whose key it is, if it opens what asks for `role`, and for `scope` from programs.

        A route without a scope is not for programs. `used` keeps a session from becoming idle.

        Raises:
            NotSignedIn: The key opens nothing.
            Forbidden: It does not open this.
            StoreLost: The database is away.
        """
        account, via = await (self._program(key.token, scope) if key.token else self._session(key.session, used=used))
        if not account.role.covers(role):
            raise Forbidden(f"got an account of role {account.role}, wanted {role}")
        return Person(account.name, account.role, via)

    def csrf(self, session: str) -> str:
        """What changes made with this session must carry."""
        return csrf_token(session, self.csrf_key)

    async def _session(self, secret: str, *, used: bool) -> tuple[Account, str]:
        account = await self.sign_ins.find(secret, self.lasting, self.clock(), used=used) if secret else None
        if account is None:
            raise NotSignedIn("got no session, or one that has ended, wanted to be signed in")
        return account, SESSION

    async def _program(self, text: str, scope: Scope | None) -> tuple[Account, str]:
        found = await self.tokens.find(text)
        if found is None:
            raise NotSignedIn("got a token that is unknown, expired or revoked, wanted an API token")
        account, token = found
        if scope is None or scope not in token.scopes:
            has = ", ".join(token.scopes)
            raise Forbidden(f"got a token for {has}, wanted " + (scope.value if scope else "a person: no token does"))
        return account, f"token:{token.id}"


def open_access(
    database: Database, settings: Settings, clock: Callable[[], datetime], passwords: Passwords | None = None
) -> Access:
    """Access over an open database; closing that is the caller's."""
    audit, passwords = Audit(database, clock), passwords or Passwords()
    wait_s, longest_s = settings.sign_in_wait_s, settings.sign_in_longest_wait_s
    tries = (settings.sign_in_tries_account, settings.sign_in_tries_address)
    attempts = Attempts(database, Rules(*(Rule(n, wait_s, longest_s) for n in tries)), clock)
    accounts = Accounts(database, passwords, audit, attempts, clock)
    return Access(
        accounts=accounts,
        sign_ins=SignIns(database, passwords, audit, attempts),
        tokens=ApiTokens(database, accounts, audit, clock),
        audit=audit,
        lasting=Lasting(settings.sign_in_ttl_s, settings.sign_in_idle_s),
        clock=clock,
        csrf_key=settings.secret.get_secret_value(),
    )


async def ensure_development_accounts(access: Access, settings: Settings) -> None:
    """In development, make `staff` and `admin` when there is no account; in production only say how to make one.

    Raises:
        BadSettings: The password for them cannot be one.
    """
    if await access.accounts.all():
        return
    if settings.env == "production":
        log.warning("nobody can sign in yet; add an account with `aisle user add NAME --role admin`")
        return
    password = settings.staff_password.get_secret_value()
    try:
        for role in Role:
            await access.accounts.add_missing(Wanted(role.value, role, password), "development")
    except BadAccount as error:
        raise BadSettings(f"AISLE_STAFF_PASSWORD: {error.message}") from None
