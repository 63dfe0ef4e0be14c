"""Signing in and out over HTTP, and what other routes ask to know who calls them.

    who: Annotated[Person, Depends(signed_in(Role.ADMIN))]                         a person's session only
    who: Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.PRODUCTS_WRITE))]   or a program's API token
    person = await for_socket(websocket, Role.STAFF)                               before `accept`, and now and then

A session is a cookie that scripts cannot read and that other sites' pages do not send. A change asked for with it must
also come from a page of ours and carry the session's CSRF token in `X-CSRF-Token`; `/api/whoami` gives it out. A
shopper's token is none of these things, and opens nothing here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response, WebSocket
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection

from bot.access import Access, Key, Person
from bot.accounts import LONGEST_NAME, Role
from bot.api_tokens import Scope
from bot.audit import LARGEST_PAGE, Entry, Search
from bot.errors import Forbidden, NotSignedIn
from bot.passwords import LONGEST
from bot.routes.callers import SAFE_METHODS, check_own_origin, check_same_site, client_address, is_https
from bot.settings import Settings
from bot.sign_ins import Trial, same_token

COOKIE = "aisle_session"
CSRF_HEADER = "x-csrf-token"

router = APIRouter(prefix="/api", tags=["access"])


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    password: str = Field(min_length=1, max_length=LONGEST)


class Who(BaseModel):
    """Who is signed in; null when nobody is. `csrf` goes into `X-CSRF-Token` with every change."""

    name: str | None = None
    role: Role | None = None
    csrf: str = ""


class Page(BaseModel):
    """Which part of the log; `action` may be a whole one (`account.added`) or a kind (`account`)."""

    model_config = ConfigDict(extra="forbid")

    after: int | None = Field(None, ge=1, le=2**53)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    actor: str = Field("", max_length=LONGEST_NAME, pattern=r"^[ -~]*$")
    action: str = Field("", max_length=80, pattern=r"^[a-z_.]*$")


class Logged(BaseModel):
    """Entries of the log, newest first; `next` is what to pass as `after` for more, null when these are the last."""

    entries: list[dict[str, Any]]
    next: int | None


def signed_in(role: Role, scope: Scope | None = None) -> Callable[[Request], Awaitable[Person]]:
    """A dependency that gives the `Person` who calls, if a session of `role` or a token for `scope` lets them.

    Raises (the dependency):
        NotSignedIn: 401.
        Forbidden: 403, also when the CSRF token is missing or of another session.
        BadOrigin: 403.
    """

    async def person(request: Request) -> Person:
        access, key = _access(request), _key(request)
        if request.method not in SAFE_METHODS and not key.token and key.session:
            _check_change(request, access, key.session)
        return await access.person(key, role, scope)

    return person


_audit_reader = signed_in(Role.ADMIN, Scope.AUDIT_READ)


async def for_socket(socket: WebSocket, role: Role, scope: Scope | None = None, *, used: bool = True) -> Person:
    """Who opens a websocket. Call it again while the socket is open (`used=False`): a session may have ended since.

    Raises:
        NotSignedIn, Forbidden: As with `signed_in`.
        BadOrigin: With a cookie, the page that opens it must be of the host that it connects to.
    """
    key = _key(socket)
    if not key.token:
        check_own_origin(socket)
    return await _access(socket).person(key, role, scope, used=used)


async def _own_page(request: Request) -> None:
    """Before the body is looked at: whose page it comes from."""
    check_same_site(request)


@router.post("/sign-in", dependencies=[Depends(_own_page)])
async def sign_in(body: SignIn, request: Request, response: Response) -> Who:
    """Begin a session; one that the browser still has ends. 401 when name and password do not fit, 429 too often."""
    access, settings = _access(request), _settings(request)
    address = client_address(request, settings.trusted_proxies)
    trial = Trial(body.name, body.password, address, replaces=request.cookies.get(COOKIE, ""))
    secret, account = await access.sign_ins.sign_in(trial, access.clock())
    await access.sign_ins.forget_old(access.lasting, access.clock())
    response.set_cookie(COOKIE, secret, max_age=settings.sign_in_ttl_s, **_cookie(request))
    response.headers["cache-control"] = "no-store"
    return Who(name=account.name, role=account.role, csrf=access.csrf(secret))


@router.post("/sign-out", status_code=204)
async def sign_out(request: Request) -> Response:
    """End the session, if there is one, here and on the server."""
    access, secret = _access(request), request.cookies.get(COOKIE, "")
    if secret:
        _check_change(request, access, secret)
        await access.sign_ins.end(secret, client_address(request, _settings(request).trusted_proxies))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, **_cookie(request))
    return response


@router.get("/whoami")
async def whoami(request: Request, response: Response) -> Who:
    """Who is signed in, which may be nobody; also for an API token, which needs no CSRF token."""
    response.headers["cache-control"] = "no-store"
    access, key = _access(request), _key(request)
    if key.token:
        if (found := await access.tokens.find(key.token)) is None:
            raise NotSignedIn("got a token that is unknown, expired or revoked, wanted an API token")
        return Who(name=found[0].name, role=found[0].role)
    try:
        person = await access.person(key, Role.STAFF)
    except NotSignedIn:
        return Who()
    return Who(name=person.name, role=person.role, csrf=access.csrf(key.session))


@router.get("/audit")
async def audit(
    request: Request, asked: Annotated[Page, Query()], _admin: Annotated[Person, Depends(_audit_reader)]
) -> Logged:
    """What was done, by whom, newest first. For admins."""
    entries = await _access(request).audit.page(Search(asked.after, asked.limit, asked.actor, asked.action))
    return Logged(
        entries=[_shown(entry) for entry in entries], next=entries[-1].id if len(entries) == asked.limit else None
    )


def _shown(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "at": entry.at, **asdict(entry.deed)}


def _check_change(request: Request, access: Access, session: str) -> None:
    check_same_site(request)
    if not same_token(request.headers.get(CSRF_HEADER, ""), access.csrf(session)):
        raise Forbidden("got no X-CSRF-Token of this session, wanted the one that /api/whoami gives")


def _cookie(request: Request) -> dict[str, Any]:
    settings = _settings(request)
    secure = settings.env == "production" or is_https(request, settings.trusted_proxies)
    return {"path": "/", "httponly": True, "samesite": "strict", "secure": secure}


def _key(connection: HTTPConnection) -> Key:
    """What the call brings. With a bearer token the cookie is not looked at."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return Key(token=token.strip())
    return Key(session=connection.cookies.get(COOKIE, ""))


def _access(connection: HTTPConnection) -> Access:
    access: Access = connection.app.state.access
    return access


def _settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings
