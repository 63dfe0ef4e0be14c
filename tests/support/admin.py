"""An admin's client for tests: signed in over HTTP, with the CSRF token on every call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.settings import DEV_STAFF_PASSWORD

PATIENCE_S = 60.0


class Admin:
    """Calls that must work, and calls that must not."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def call(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """The JSON of the answer, which must have this status; None where there is no body."""
        answer = await self.client.request(method, f"/api{path}", **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    async def build(self, **options: bool) -> dict[str, Any]:
        """A build from start to end, followed by its events."""
        run = (await self.call("POST", "/knowledge/build", 202, json=options))["run"]
        return (await self.events(run))[-1]

    async def events(self, run: str) -> list[dict[str, Any]]:
        """All events of a run, up to its end."""
        found = []
        async with self.client.stream("GET", f"/api/knowledge/runs/{run}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    found.append(httpx.Response(200, content=line[6:]).json())
        return found


@asynccontextmanager
async def signed_in(base: str, name: str = "admin") -> AsyncIterator[Admin]:
    """Somebody of the development accounts, at the server `base`."""
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE_S) as client:
        answer = await client.post("/api/sign-in", json={"name": name, "password": DEV_STAFF_PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        yield Admin(client)
