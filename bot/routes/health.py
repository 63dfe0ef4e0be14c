"""Whether this worker lives, whether it could answer now, and its figures."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import AisleError

router = APIRouter(tags=["health"])

PING_S = 3.0


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process runs and its event loop turns."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """Every dependency answers; 503 naming those that do not."""
    services = request.app.state.services
    stores = services.stores
    pings = {
        "database": stores.transcripts.ping(),
        "redis": stores.sessions.ping(),
        "feed": stores.feed.ping(),
        "generator": services.generator.ping(),
    }
    found = dict(zip(pings, await asyncio.gather(*map(_ping, pings.values())), strict=True))
    body: dict[str, Any] = {"snapshot": services.library.current.version, **found}
    return JSONResponse(body, 200 if set(found.values()) == {"ok"} else 503)


async def _ping(ping: Awaitable[None]) -> str:
    try:
        async with asyncio.timeout(PING_S):
            await ping
    except TimeoutError:
        return f"no answer within {PING_S:g} s"
    except AisleError as error:
        return error.message
    return "ok"


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures in Prometheus' text format."""
    return Response(request.app.state.services.telemetry.page(), media_type=CONTENT_TYPE_LATEST)
