"""A scripted server for the admin's page: real files and headers, and answers that the test decides.

It speaks the HTTP of `bot/routes/` with data of its own, refuses changes without the CSRF token, and keeps what it was
asked. What a route means is tested elsewhere, against the real one.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from bot.definitions import DEFINITIONS
from bot.routes.headers import SecurityHeaders
from bot.routes.pages import WEB

CSRF = "token-of-ada"
ACTIONS = ("conversation.claim", "knowledge.build")
EVIL = "<img src=x onerror=alert(1)>"
SIGNIN = "<!doctype html><html lang=en><title>Sign in</title><link rel=icon href=/web/img/mark.svg><h1>Sign in</h1>"


def entry(id_: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    """An entry as `GET /api/knowledge/entries` tells it: from a file and indexed, unless `more` says otherwise."""
    name, _, lang = id_.rpartition(":")
    found: dict[str, Any] = {
        "id": id_,
        "entry": name,
        "kind": name.partition(":")[0],
        "lang": lang,
        "title": title,
        "text": text,
    }
    found |= {"questions": [], "url": "", "origin": {"file": f"faq.{lang}.jsonl", "line": 12}, "snapshot": "s-0042"}
    return found | {"indexed": True, "failed": None, "hidden": False} | more


def score(passed: int, missed: tuple[str, ...] = ()) -> dict[str, Any]:
    """A score of 68 gold questions."""
    return {"total": 68, "first": passed - 4, "passed": passed, "missed": list(missed)}


def _entries() -> list[dict[str, Any]]:
    edited = {"file": "faq.en.jsonl", "line": 31, "edited_by": "ada", "at": "2026-11-20T09:12:00Z"}
    by_ada = {"edited_by": "ada", "at": "2026-11-22T08:40:00Z"}
    why = "the encoder gave no vector for it"
    questions = ["How long do I have to return something?", "Can I send it back?"]
    plan = {"file": "policies/en/shipping.md", "line": 8}
    return [
        entry("faq:return-window:en", "How long do I have to return something?", "You have 60 days from delivery. "
              "Items must be unused and in their original packaging; we refund within five business days.",
              questions=questions),
        entry("faq:gift-wrap:en", "Do you wrap gifts?", "Yes, for $6 an item.", origin=edited, indexed=False),
        entry("faq:return-window:zh", "退货期限是多久？", "自收货之日起 60 天内可退货。"),
        entry("policy:shipping#canada:en", "Shipping: Canada", "Standard shipping to Canada takes 6–9 business days "
              "after dispatch and costs $12.95; free from $150.", origin=plan, url="/policies/shipping#canada"),
        entry("policy:warranty:en", "Warranty", "Tents are covered for five years.", failed=why, indexed=False),
        entry("product:ridgeline-2-tent:en", "Ridgeline 2 Tent", "A light tent for two, with two doors.",
              origin={"file": "products.csv", "line": 2}),
        entry("promotion:winter:en", "Winter sale", "20% off stoves until 30 November.", hidden=True, origin=by_ada),
        entry("faq:student:en", "Is there a student discount?", "10% with a valid card.", origin=by_ada, snapshot=None,
              indexed=False),
        entry("faq:evil:en", EVIL, EVIL),
    ]  # fmt: skip


def _diff() -> dict[str, Any]:
    named = [{"id": "faq:student:en", "title": "Is there a student discount?"}]
    changed = [{"id": "faq:gift-wrap:en", "title": "Do you wrap gifts?"}]
    return {
        "added": named, "changed": changed, "removed": [{"id": "promotion:winter:en", "title": "Winter sale"}],
        "prices": [{"sku": "RDG-2-GRN", "before": "389.00", "after": "349.00"}],
        "stock": [{"sku": "MSH-2-BLU", "before": "3", "after": "18"}],
    }  # fmt: skip


def run(id_: str, **more: Any) -> dict[str, Any]:
    """A run that has just begun."""
    found: dict[str, Any] = {"id": id_, "by": "ada", "at": "2026-11-22T10:00:00Z", "state": "running", "version": None}
    found |= {"options": {"activate": True, "force": False, "skip_bad": False}, "stage": "read", "done": 0, "total": 1}
    found |= {"rate": None, "left_s": None, "problems": [], "failed": [], "gold": None, "activated": False}
    return found | {"why": "", "seconds": 0.0} | more


def _snapshot(version: str, created_at: str, **more: Any) -> dict[str, Any]:
    counts = {"passages": 412, "rows": 618, "unreadable": 0, "products": 62, "reviews": 120}
    found = {"version": version, "created_at": created_at, "current": False, "encoder": "all-MiniLM-L6-v2"}
    return found | {"counts": counts, "problem": "", "gold": score(66), "by": "ada"} | more


def _standing() -> dict[str, Any]:
    return {
        "items": [
            _snapshot("s-0043", "2026-11-22T09:30:00Z", gold=score(51, ("returns-1",))),
            _snapshot("s-0042", "2026-11-21T18:00:00Z", current=True),
            _snapshot("s-0041", "2026-11-19T18:00:00Z", by="watch"),
            _snapshot("s-0040", "", counts=None, problem="passages.jsonl is not as it was written", gold=None, by=None),
        ],
        "workers": [{"worker": f"shop-{n}", "version": "s-0042", "seen_at": "2026-11-22T10:00:00Z"} for n in (1, 2, 3)],
        "watch": {"enabled": False, "every_s": 3600, "last": None, "last_result": "", "next": None},
    }


def _variant(sku: str, name: str, price: str, **more: Any) -> dict[str, Any]:
    found = {"sku": sku, "handle": name.lower().replace(" ", "-"), "name": name, "options": "", "price": price}
    return {**found, "currency": "USD", "stock": None, "live": None, **more}


def _told() -> dict[str, Any]:
    hits = [
        ("policy:shipping#canada:en", "Shipping: Canada", 0.0325, 0.81, 14.2, 0.92),
        ("faq:free-shipping:en", "When is shipping free?", 0.0241, 0.66, 7.9, 0.55),
        ("policy:shipping#europe:en", "Shipping: Europe", 0.0188, 0.6, 5.1, 0.41),
    ]
    names = ("passage", "title", "score", "cosine", "bm25", "coverage")
    source = {"n": 1, "passage": hits[0][0], "title": "Shipping: Canada", "url": "/policies/shipping#canada"}
    return {
        "text": "Standard shipping to Canada takes 6–9 business days and costs $12.95 [1].",
        "citations": [source | {"excerpt": "Standard shipping to Canada takes 6–9 business days after dispatch."}],
        "cards": [], "choices": ["Is it free?"], "action": None, "lang": "en", "snapshot": "s-0042", "fallback": "",
        "query": "shipping to Canada how long", "generator": "copy:",
        "hits": [dict(zip(names, hit, strict=True)) | {"exact": n == 0} for n, hit in enumerate(hits)],
        "verdict": [
            {"kind": "days", "text": "6–9 business days", "supported": True},
            {"kind": "price", "text": "$12.95", "supported": True},
            {"kind": "date", "text": "by Friday", "supported": False},
        ],
        "ms": {"understand": 2.1, "search": 31.4, "decide": 0.4, "prompt": 0.8, "generate": 412.0, "ground": 6.3,
               "first_word": 230.0, "total": 455.2},
        "prompt": [{"role": "system", "content": "Answer from the passages."}, {"role": "user", "content": "[1] …"}],
        "draft": "Standard shipping to Canada takes 6–9 business days and costs $12.95 [1]. It arrives by Friday.",
    }  # fmt: skip


def insights(first: date, days: int) -> dict[str, Any]:
    """Figures of so many days from `first`, in the form of `bot/insights.py`."""
    series: list[dict[str, Any]] = []
    for n in range(days):
        count = 14 + (n * 7) % 19 + (6 if n % 7 in (4, 5) else 0)
        day = (first + timedelta(days=n)).isoformat()
        series.append({"day": day, "conversations": count, "messages": count * 6 + n % 5})
    hours = [
        {"weekday": d, "hour": h, "conversations": 1, "messages": max(0, 9 - abs(h - 19)) + (d > 5) * (10 < h < 16) * 3}
        for d in range(1, 8)
        for h in range(24)
    ]
    total, said = (sum(day[name] for day in series) for name in ("conversations", "messages"))
    outcomes = {"resolved": 212, "assumed_resolved": 240, "abandoned": 71, "escalated": 58, "reopened": 19}
    evil: dict[str, Any] = {
        "cluster": "c",
        "question": EVIL,
        "lang": "en",
        "count": 1,
        "conversations": 1,
        "examples": [EVIL],
    }
    poles = ["Do you repair broken tent poles?", "my tent pole snapped, can you fix it", "Is there a repair service?"]
    bills = ["可以开发票吗？", "怎么开增值税发票"]
    top = [("policy:shipping#canada:en", "Shipping: Canada", 88), ("faq:return-window:en", "Returns", 61)]
    asked = {"conversations": 3, "example": "", "examples": []}
    left = {"abandoned": 9, "handed_over": 20}
    ridgeline = {"product": "ridgeline-2-tent", "name": "Ridgeline 2 Tent", **asked}
    storm = {"product": "stormglass-2-tent", "name": "Stormglass 2 Tent", **asked}
    return {
        "range": {"from": first.isoformat(), "to": "", "timezone": "Europe/Berlin", "lang": ""},
        "definitions": DEFINITIONS,
        "totals": {"conversations": total, "messages": said, "questions": 1204, "answered": 1011, "handed_over": 61},
        "series": series,
        "hours": hours,
        "languages": [{"lang": "en", "conversations": total - 190}, {"lang": "zh", "conversations": 190}],
        "outcomes": outcomes | {"ongoing": 4},
        "stages": [
            {"stage": name, "conversations": count, "reached": reached, "went_on": on, **left}
            for name, count, reached, on in (
                ("discovery", total - 260, total, 260),
                ("interested", 170, 260, 90),
                ("ready", 90, 90, 0),
            )
        ],
        "moods": {"calm": total - 59, "annoyed": 41, "angry": 18},
        "ratings": {"up": 163, "down": 24, "none": 900},
        "times": {"first_word_ms": {"p50": 214.0, "p95": 880.0}, "answer_ms": {"p50": 1320.0, "p95": 4100.0}},
        "unanswered": [
            evil | {"question": poles[0], "count": 17, "examples": poles, "suggestion": None},
            evil | {"question": bills[0], "lang": "zh", "count": 9, "examples": bills,
                    "suggestion": {"id": 7, "state": "open"}},
            evil | {"suggestion": None},
        ],
        "passages": {"most": [{"passage": p, "title": t, "count": c} for p, t, c in top],
                     "never": [{"passage": "faq:gift-cards:en", "title": "Gift cards"}]},
        "products": [ridgeline | {"count": 74}, storm | {"count": 41}],
        "out_of_stock": [storm | {"count": 22, "choice": "Orange"}],
        "price_objections": [storm | {"count": 8}],
        "cut": {"passages_never": 214},
    }  # fmt: skip


@dataclass
class Stage:
    """The scripted server. What is refused next stands in `refusals` by method and path."""

    url: str = ""
    who: str | None = "admin"
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    refusals: dict[tuple[str, str], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def forget(self) -> None:
        """Begin a test with data as new."""
        self.who, self.asked, self.refusals = "admin", [], {}
        suggestion = {"id": 7, "questions": ["Can I wash the down jacket?"], "answer": "Yes, at 30 °C.", "lang": "en"}
        suggestion |= {"from": {"conversation": "c-88", "seq": 4}, "count": 1, "by": "mei", "state": "open"}
        account = {"role": "admin", "created_at": "2026-10-01T08:00:00Z", "disabled_at": None}
        deed = {"at": "2026-11-22T09:58:00Z", "target": "", "detail": {"via": "page"}, "address": "10.0.0.8"}
        self.data = {
            "entries": _entries(), "files": [], "runs": {}, "standing": _standing(), "told": _told(),
            "check": {"problems": [], "diff": _diff(), "gold": {"before": score(66), "after": score(67)}},
            "variants": [
                _variant("RDG-2-GRN", "Ridgeline 2 Tent", "389.00", options="Green", stock=21),
                _variant("MSH-2-BLU", "Marshlight 2 Tent", "219.00", stock=3, live={"price": "199.00", "stock": None}),
                _variant("EMB-STV", "Emberlite Stove", "84.50"),
            ],
            "gold": [{"id": "returns-1", "question": "How long can I return?", "lang": "en",
                      "passage": "faq:return-window", "saved": False}],
            "suggestions": [suggestion | {"at": "2026-11-21T14:03:00Z"}],
            "accounts": [account | {"name": "ada", "signed_in_at": "2026-11-22T08:00:00Z"},
                         account | {"name": "mei", "role": "staff", "signed_in_at": None}],
            "audit": [
                deed | {"id": n, "actor": "ada" if n % 2 else "mei", "action": ACTIONS[n % 2]} for n in range(60, 0, -1)
            ],
            "retention": {"transcripts_days": 365, "notes_days": 180, "audit_days": 730, "attempts_days": 30,
                          "exports_days": 14},
            "erasures": [],
        }  # fmt: skip

    def changes(self, method: str, path: str) -> list[Any]:
        """The bodies of all calls of this kind."""
        return [body for m, p, body in self.asked if (m, p) == (method, path)]

    def set_run(self, id_: str, **values: Any) -> None:
        """A run is or goes on like this."""
        self.data["runs"][id_] = {**self.data["runs"].get(id_, run(id_)), **values}


def refusal(status: int, code: str, message: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """An answer as `bot/routes/problems.py` gives it."""
    return status, {"code": code, "message": message, **more}


def application(stage: Stage) -> FastAPI:
    """Pages, files, and one route for everything below /api."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)

    @app.get("/admin")
    async def admin() -> FileResponse:
        return FileResponse(WEB / "admin.html")

    @app.get("/signin")
    @app.get("/staff")
    async def elsewhere() -> Response:
        return Response(SIGNIN, media_type="text/html")

    @app.get("/api/knowledge/runs/{id_}/events")
    async def events(id_: str) -> StreamingResponse:
        return StreamingResponse(_events(stage, id_), media_type="text/event-stream")

    @app.api_route("/api/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def api(path: str, request: Request) -> Response:
        body = await _body(request)
        stage.asked.append((request.method, "/api/" + path, body))
        if request.method != "GET" and request.headers.get("x-csrf-token") != CSRF:
            return JSONResponse({"code": "forbidden", "message": "no CSRF token"}, 403)
        if refused := stage.refusals.get((request.method, "/api/" + path)):
            return JSONResponse(refused[1], refused[0])
        found = _answer(stage, request, path, body)
        if isinstance(found, Response):
            return found
        return Response(status_code=204) if found is None else JSONResponse(deepcopy(found))

    app.mount("/web", StaticFiles(directory=WEB))
    return app


async def _body(request: Request) -> Any:
    if request.headers.get("content-type", "").startswith("multipart/"):
        async with request.form() as form:
            return [getattr(file, "filename", "") for file in form.getlist("files")]
    text = await request.body()
    return json.loads(text) if text else None


async def _events(stage: Stage, id_: str) -> AsyncIterator[str]:
    sent = ""
    while now := stage.data["runs"].get(id_):
        text = json.dumps(now)
        if text != sent:
            yield f"event: run\ndata: {text}\n\n"
            sent = text
        if now["state"] not in ("queued", "running"):
            return
        await asyncio.sleep(0.01)


def _answer(stage: Stage, request: Request, path: str, body: Any) -> Any:
    data, asked = stage.data, request.query_params
    match request.method, path.split("/"):
        case "GET", ["whoami"]:
            return {"name": "ada" if stage.who else None, "role": stage.who, "csrf": CSRF if stage.who else ""}
        case _ if stage.who != "admin":
            return JSONResponse({"code": "not_signed_in", "message": "got no session"}, 401)
        case "GET", ["knowledge", "entries"]:
            return _page([one for one in data["entries"] if _fits(one, asked)])
        case "PUT", ["knowledge", "entries", name]:
            return _written(data["entries"], name, asked["lang"], body)
        case "DELETE", ["knowledge", "entries", name]:
            return _removed(data["entries"], name, asked["lang"])
        case "POST", ["knowledge", "entries", name, "restore"]:
            _find(data["entries"], name, asked["lang"])["hidden"] = False
        case "GET", ["knowledge", "files"]:
            return {"items": data["files"]}
        case "POST", ["knowledge", "files"]:
            new = [{"name": name, "size_bytes": 5210, "by": "ada", "at": "2026-11-22T10:00:00Z"} for name in body]
            data["files"] += new
            return {"items": new}
        case "DELETE", ["knowledge", "files", *parts]:
            data["files"] = [one for one in data["files"] if one["name"] != "/".join(parts)]
        case "POST", ["knowledge", "check"]:
            return data["check"]
        case "POST", ["knowledge", "build"]:
            stage.set_run("r1", options=body)
            return JSONResponse({"run": "r1"}, 202)
        case "GET", ["knowledge", "runs"]:
            return {"items": list(reversed(data["runs"].values()))}
        case "GET", ["knowledge", "runs", id_]:
            return data["runs"][id_]
        case "POST", ["knowledge", "runs", id_, "cancel"]:
            stage.set_run(id_, state="cancelled", why="cancelled")
            return data["runs"][id_]
        case "POST", ["knowledge", "runs", _, "retry"]:
            stage.set_run("r2")
            return {"run": "r2"}
        case "GET", ["knowledge", "snapshots"]:
            return data["standing"]
        case "POST", ["knowledge", "snapshots", version, "activate"]:
            return _serve(stage, version, body["force"])
        case "POST", ["knowledge", "rollback"]:
            return _serve(stage, "s-0041", True)
        case "PUT", ["knowledge", "watch"]:
            data["standing"]["watch"] |= body | {"next": "2026-11-22T11:00:00Z" if body["enabled"] else None}
            return data["standing"]["watch"]
        case _:
            return _rest(stage, request, path, body)
    return None


def _rest(stage: Stage, request: Request, path: str, body: Any) -> Any:
    data, asked = stage.data, request.query_params
    match request.method, path.split("/"):
        case "GET", ["products"]:
            return _page([one for one in data["variants"] if asked.get("q", "").lower() in str(one).lower()])
        case "PATCH", ["products"]:
            return {"items": body["items"]}
        case "POST", ["playground"]:
            return data["told"]
        case "GET", ["gold"]:
            return {"items": data["gold"], "problems": []}
        case "POST", ["gold"]:
            data["gold"].append({"id": "saved-1", "saved": True, **body})
            return data["gold"][-1]
        case "DELETE", ["gold", id_]:
            data["gold"] = [one for one in data["gold"] if one["id"] != id_]
        case "GET", ["suggestions"]:
            return [one for one in data["suggestions"] if one["state"] == asked["state"]]
        case "POST", ["suggestions"]:
            data["suggestions"].append({"id": 8, "by": "ada", "state": "open", "from": None, **body})
            return data["suggestions"][-1]
        case "POST", ["suggestions", id_, how]:
            one = next(one for one in data["suggestions"] if str(one["id"]) == id_)
            one["state"] = {"approve": "approved", "reject": "rejected"}[how]
            return one
        case "GET", ["insights"]:
            first, end = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
            return data.get("insights") or insights(first, (end - first).days)
        case "GET", ["accounts"]:
            return {"items": data["accounts"]}
        case "POST", ["accounts"]:
            made = {"created_at": "2026-11-22T10:00:00Z", "signed_in_at": None, "disabled_at": None}
            data["accounts"].append(made | {"name": body["name"], "role": body["role"]})
            return data["accounts"][-1]
        case "POST", ["accounts", name, how]:
            one = next(one for one in data["accounts"] if one["name"] == name)
            one["disabled_at"] = "2026-11-22T10:00:00Z" if how == "disable" else None
            return one
        case "GET", ["audit"]:
            return _audit(data["audit"], asked)
        case "GET", ["retention"]:
            return data["retention"]
        case "PUT", ["retention"]:
            data["retention"] |= body
            return data["retention"]
        case "POST", ["shoppers", "erase"]:
            receipt = {"id": "e-5", "at": "2026-11-22T10:00:00Z", "by": "ada", "conversations": 2, "messages": 31}
            receipt |= {"redis_keys": 4, "search_rows": 31, "notes": 1, "suggestions": 0, "done": True}
            data["erasures"].append(receipt | {"exports": [{"id": "x-9", "by": "mei", "deleted": True}]})
            return data["erasures"][-1]
        case "GET", ["shoppers", "erasures"]:
            return data["erasures"]
        case _:
            return JSONResponse({"code": "not_found", "message": f"got {path}"}, 404)
    return None


def _page(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next": None, "total": len(items)}


def _fits(one: dict[str, Any], asked: Any) -> bool:
    edited = "edited_by" in one["origin"]
    words = asked.get("q", "").lower().split()
    return (
        all(word in f"{one['title']} {one['text']}".lower() for word in words)
        and asked.get("kind", "") in ("", one["kind"])
        and asked.get("lang", "") in ("", one["lang"])
        and asked.get("origin", "") in ("", "edit" if edited else "file")
    )


def _find(entries: list[dict[str, Any]], name: str, lang: str) -> dict[str, Any]:
    return next(one for one in entries if (one["entry"], one["lang"]) == (name, lang))


def _written(entries: list[dict[str, Any]], name: str, lang: str, body: Any) -> dict[str, Any]:
    known = [one for one in entries if (one["entry"], one["lang"]) == (name, lang)]
    if not known:
        entries.append(entry(f"{name}:{lang}", "", "", origin={}, snapshot=None))
    one = _find(entries, name, lang)
    origin = one["origin"] | {"edited_by": "ada", "at": "2026-11-22T10:00:00Z"}
    one |= body | {"origin": origin, "indexed": False}
    return one


def _removed(entries: list[dict[str, Any]], name: str, lang: str) -> dict[str, str]:
    one = _find(entries, name, lang)
    if one["origin"].pop("edited_by", None):
        return {"state": "dropped"}
    one["hidden"] = True
    return {"state": "hidden"}


def _serve(stage: Stage, version: str, force: bool) -> Any:
    standing = stage.data["standing"]
    if version == "s-0043" and not force:
        message = "51 of 68 gold questions found their entry, wanted at least 58"
        return JSONResponse({"code": "needs_force", "message": message}, 409)
    for one in standing["items"]:
        one["current"] = one["version"] == version
    for worker in standing["workers"]:
        worker["version"] = version
    return {"version": version}


def _audit(deeds: list[dict[str, Any]], asked: Any) -> dict[str, Any]:
    found = [
        one for one in deeds
        if one["id"] < int(asked.get("after") or 10**9) and one["actor"].startswith(asked.get("actor", ""))
        and one["action"].startswith(asked.get("action", ""))
    ][:50]  # fmt: skip
    return {"entries": found, "next": found[-1]["id"] if len(found) == 50 else None}


@contextmanager
def staged(wait_for: Callable[[Callable[[], bool]], None]) -> Iterator[Stage]:
    """The server on a free port, in a thread of its own."""
    stage = Stage()
    stage.forget()
    server = uvicorn.Server(uvicorn.Config(application(stage), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    stage.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield stage
    for one in stage.data["runs"].values():
        one["state"] = "cancelled"
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
