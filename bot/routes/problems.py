"""Errors of HTTP routes as JSON: `{"code", "message"}`, with `retry_after_s` where waiting helps, and `problems` where
several things are wrong at once.

A wrong body is told by field, without what was in it, which may be a password.
"""

from dataclasses import asdict

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from bot.errors import (
    AisleError,
    BadAccount,
    BadFrame,
    BadKnowledge,
    BadOrigin,
    BadPhase,
    BadToken,
    Building,
    Busy,
    Forbidden,
    NeedsForce,
    NotFound,
    NotSignedIn,
    RateLimited,
    Refused,
    TooLarge,
    Unavailable,
)
from knowledge.errors import KnowledgeError, SnapshotError, SourceError

# The first that fits counts.
STATUS: tuple[tuple[type[AisleError], int], ...] = (
    (BadToken, 401),
    (NotSignedIn, 401),
    (BadOrigin, 403),
    (Forbidden, 403),
    (RateLimited, 429),
    (Busy, 503),
    (NotFound, 404),
    (Building, 409),
    (NeedsForce, 409),
    (BadAccount, 422),
    (Refused, 422),
    (TooLarge, 413),
    (BadFrame, 400),
    (BadPhase, 409),
    (Unavailable, 503),
    (AisleError, 500),
)


def install(app: FastAPI) -> None:
    """Answer errors of ours, and bodies that cannot be read, in this form."""
    app.add_exception_handler(AisleError, _ours)
    app.add_exception_handler(KnowledgeError, _knowledge)
    app.add_exception_handler(RequestValidationError, _body)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AisleError)
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    body: dict[str, object] = {"code": error.code, "message": error.message}
    headers = {"cache-control": "no-store"}
    if error.retry_after_s is not None:
        body["retry_after_s"] = error.retry_after_s
        headers["retry-after"] = str(max(1, round(error.retry_after_s)))
    if isinstance(error, BadKnowledge):
        body["problems"] = error.problems
    return JSONResponse(body, status, headers)


async def _knowledge(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KnowledgeError)
    body: dict[str, object] = {"code": "bad_knowledge", "message": str(error)}
    if isinstance(error, SourceError):
        body["problems"] = [asdict(problem) for problem in error.problems]
    status = 422 if isinstance(error, SourceError) else 409 if isinstance(error, SnapshotError) else 503
    return JSONResponse(body, status, {"cache-control": "no-store"})


async def _body(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    return JSONResponse({"code": "bad_request", "message": "; ".join(found)}, 422, {"cache-control": "no-store"})
