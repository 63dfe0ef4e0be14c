"""Builds and snapshots, for admins: begin, watch, cancel, activate, go back, and the watch that does it by itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.audit import Action, Deed
from bot.errors import AisleError, NeedsForce, StateLost
from bot.presence import Worker
from bot.routes.auth import signed_in
from bot.run_log import Options, Run
from bot.upkeep import Upkeep
from bot.watch import Watched
from knowledge.library import Info, rollback, versions

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])

LOOK_EVERY_S = 0.25
SIGN_OF_LIFE_S = 10.0

Reader = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.KNOWLEDGE_READ))]
Writer = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.KNOWLEDGE_WRITE))]


class Build(BaseModel):
    """`activate`: have it serve. `force`: even if gold questions or failures speak against it. `skip_bad`: leave bad
    rows of the sources out instead of refusing.
    """

    model_config = ConfigDict(extra="forbid")

    activate: bool = True
    force: bool = False
    skip_bad: bool = False


class Activation(BaseModel):
    """`force`: even if the gold questions of its build, or entries that it left out, speak against it."""

    model_config = ConfigDict(extra="forbid")

    force: bool = False


class Watching(BaseModel):
    """Whether to re-sync by itself, and how often, in seconds."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool
    every_s: int = 3600


@router.post("/build", status_code=202)
async def build(body: Build, request: Request, who: Writer) -> dict[str, str]:
    """Begin a build of everything, in a process of its own. 409 says who is building when somebody is."""
    run = await _upkeep(request).runs.start(Options(body.activate, body.force, body.skip_bad), who.name)
    return {"run": run.id}


@router.get("/runs")
async def latest(request: Request, _who: Reader) -> dict[str, Any]:
    """The latest runs, newest first."""
    return {"items": [_shown(run) for run in await _upkeep(request).runs.log.latest()]}


@router.get("/runs/{run}")
async def one(run: str, request: Request, _who: Reader) -> dict[str, Any]:
    """How a run goes: stage, `done` of `total`, `rate` a second, seconds left; at its end the version or why not."""
    return _shown(await _upkeep(request).runs.log.get(run))


@router.get("/runs/{run}/events")
async def events(run: str, request: Request, _who: Reader) -> StreamingResponse:
    """The same as server-sent events named `run`, at each change, until it is over."""
    upkeep = _upkeep(request)
    await upkeep.runs.log.get(run)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(upkeep, run), media_type="text/event-stream", headers=headers)


@router.post("/runs/{run}/cancel")
async def cancel(run: str, request: Request, who: Writer) -> dict[str, Any]:
    """End a run, on whichever worker it is; it is over within a second. What serves goes on serving."""
    return _shown(await _upkeep(request).runs.cancel(run, who.name))


@router.post("/runs/{run}/retry", status_code=202)
async def retry(run: str, request: Request, who: Writer) -> dict[str, str]:
    """Build again as that run was meant to; only what failed or changed is embedded."""
    return {"run": (await _upkeep(request).runs.retry(run, who.name)).id}


@router.get("/snapshots")
async def snapshots(request: Request, _who: Reader) -> dict[str, Any]:
    """All snapshots, newest first, with their gold scores; which worker serves which; and how the watch stands.

    `workers` is null when Redis is away.
    """
    services, upkeep = request.app.state.services, _upkeep(request)
    found = await asyncio.to_thread(versions, services.settings.data / "knowledge")
    runs = await upkeep.runs.log.of_versions([info.version for info in found])
    try:
        workers: list[Worker] | None = await services.presence.all()
    except StateLost:
        workers = None
    return {
        "items": [_info(info, runs.get(info.version)) for info in found],
        "workers": None if workers is None else [asdict(worker) for worker in workers],
        "watch": _watch(await upkeep.watch.get()),
    }


@router.post("/snapshots/{version}/activate")
async def activate(version: str, body: Activation, request: Request, who: Writer) -> dict[str, str]:
    """Have a snapshot serve, on all workers. 409 `needs_force` when its gold questions speak against it."""
    upkeep = _upkeep(request)
    if (against := await upkeep.runs.against(version)) and not body.force:
        raise NeedsForce(against)
    await upkeep.runs.activate(version)
    await _record(request, Deed(who.name, Action.ACTIVATE, version, {"force": body.force}))
    return {"version": version}


@router.post("/rollback")
async def roll_back(request: Request, who: Writer) -> dict[str, str]:
    """Have the snapshot serve that served before and is whole. 409 when there is none."""
    version = await asyncio.to_thread(rollback, request.app.state.services.settings.data / "knowledge")
    await _upkeep(request).runs.tell(version)
    await _record(request, Deed(who.name, Action.ROLL_BACK, version))
    return {"version": version}


@router.put("/watch")
async def put_watch(body: Watching, request: Request, who: Writer) -> dict[str, Any]:
    """Re-sync by itself every so many seconds (a minute to a week), or no more."""
    return _watch(await _upkeep(request).watch.put(body.enabled, body.every_s, who.name))


async def _events(upkeep: Upkeep, id_: str) -> AsyncIterator[str]:
    """A run's states as events; a comment now and then tells proxies that somebody is there."""
    sent, quiet_s = b"", 0.0
    while True:
        try:
            run = await upkeep.runs.log.get(id_)
        except AisleError as error:
            yield f"event: error\ndata: {orjson.dumps({'code': error.code, 'message': error.message}).decode()}\n\n"
            return
        data = orjson.dumps(_shown(run))
        if data != sent:
            yield f"event: run\ndata: {data.decode()}\n\n"
            sent, quiet_s = data, 0.0
        if run.state.is_over:
            return
        await asyncio.sleep(LOOK_EVERY_S)
        quiet_s += LOOK_EVERY_S
        if quiet_s >= SIGN_OF_LIFE_S:
            yield ": still there\n\n"
            quiet_s = 0.0


def _upkeep(request: Request) -> Upkeep:
    upkeep: Upkeep = request.app.state.services.upkeep
    return upkeep


async def _record(request: Request, deed: Deed) -> None:
    await request.app.state.access.audit.record(deed)


def _shown(run: Run) -> dict[str, Any]:
    row = {"id": run.id, "by": run.by, "at": run.at, "state": run.state, "version": run.version or None}
    return row | {"options": asdict(run.options)} | asdict(run.report)


def _info(info: Info, run: Run | None) -> dict[str, Any]:
    names = ("version", "created_at", "current", "encoder", "counts", "problem")
    scores = (run.report.gold or {}).get("after") if run else None
    return {name: getattr(info, name) for name in names} | {"gold": scores, "by": run.by if run else None}


def _watch(state: Watched) -> dict[str, Any]:
    return {
        "enabled": state.enabled,
        "every_s": state.every_s,
        "last": state.last_at,
        "last_result": state.last_result,
        "next": state.next_at,
    }
