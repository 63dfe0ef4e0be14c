"""The admin's page, and the accounts that admins see to."""

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.access import Access, Person
from bot.accounts import LONGEST_NAME, Role, Wanted, tidy
from bot.errors import Forbidden, NotSignedIn, Refused, Unavailable
from bot.passwords import LONGEST
from bot.routes.auth import signed_in
from bot.routes.pages import WEB

router = APIRouter(tags=["access"])

_admin = signed_in(Role.ADMIN)
Admin = Annotated[Person, Depends(_admin)]


class New(BaseModel):
    """An account to be made."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    password: str = Field(min_length=1, max_length=LONGEST)
    role: Role


@router.get("/admin", include_in_schema=False)
async def page(request: Request) -> Response:
    """The page; who is no admin is sent to sign in, and back. Without the database it opens, and says so itself."""
    try:
        with suppress(Unavailable):
            await _admin(request)
    except (NotSignedIn, Forbidden):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/signin?next={quote(asked, safe='/')}", 303)
    return FileResponse(WEB / "admin.html", headers={"cache-control": "no-cache"})


@router.get("/api/accounts")
async def accounts(request: Request, _who: Admin) -> dict[str, Any]:
    """Everyone who has an account, also those who may not sign in any more."""
    return {"items": [asdict(account) for account in await _access(request).accounts.all()]}


@router.post("/api/accounts", status_code=201)
async def add(body: New, request: Request, who: Admin) -> dict[str, Any]:
    """Make an account. 422 when the name is taken, or name or password cannot be."""
    return asdict(await _access(request).accounts.add(Wanted(body.name, body.role, body.password), who.name))


@router.post("/api/accounts/{name}/disable")
async def disable(name: str, request: Request, who: Admin) -> dict[str, Any]:
    """Let somebody sign in no more, and sign them out at once. Nobody can disable their own account."""
    if tidy(name) == who.name:
        raise Refused(f"got {name!r}, which is your own account, wanted another one")
    return asdict(await _access(request).accounts.disable(name, who.name))


@router.post("/api/accounts/{name}/enable")
async def enable(name: str, request: Request, who: Admin) -> dict[str, Any]:
    """Let somebody sign in again."""
    return asdict(await _access(request).accounts.enable(name, who.name))


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access
