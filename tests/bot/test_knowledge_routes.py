"""The admin's routes on real servers: entries, files, checks, builds, snapshots, prices, playground, and who may."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import pytest

from tests.support.admin import Admin, signed_in
from tests.support.fixtures import Serve
from tests.support.keeping import write_shop
from tests.support.running import Running
from tests.support.shopper import Shopper, shopping

BROKEN = b'{"id": "zip", "questions": ["Do you mend zips?"], "answer": ""}\nnot json\n'
FIXED = b'{"id": "zip", "questions": ["Do you mend zips?"], "answer": "Yes, for $12."}\n'
RIDGELINE = "How much is the Ridgeline 2 Tent?"
UNUSED = "Can I return boots that I have worn outdoors?"


@pytest.fixture
def server(serve: Serve, tmp_path: Path) -> Running:
    """A server whose sources are those of a small shop; what serves at first is the sample shop's snapshot."""
    return serve(content=str(write_shop(tmp_path / "content")))


async def test_from_a_broken_upload_to_a_roll_back(server: Running) -> None:
    """An admin uploads, sees what is wrong, fixes it, sees the differences, builds, activates, and goes back."""
    async with signed_in(server.base) as admin:
        before = (await admin.call("GET", "/knowledge/snapshots"))["items"][0]["version"]
        broken = await admin.call("POST", "/knowledge/files", 422, files={"files": ("faq.more.jsonl", BROKEN)})
        assert [(p["file"], p["line"], p["column"]) for p in broken["problems"]] == [
            ("uploads/faq.more.jsonl", 1, "answer"),
            ("uploads/faq.more.jsonl", 2, "1"),
        ]
        assert await admin.call("GET", "/knowledge/files") == {"items": []}
        kept = await admin.call("POST", "/knowledge/files", files={"files": ("faq.more.jsonl", FIXED)})
        assert [(item["name"], item["by"]) for item in kept["items"]] == [("faq.more.jsonl", "admin")]
        checked = await admin.call("POST", "/knowledge/check")
        assert checked["problems"] == []
        assert "faq:zip:en" in [one["id"] for one in checked["diff"]["added"]]
        assert checked["gold"]["after"]["passed"] == 3
        run = await admin.build(activate=False)
        assert (run["state"], run["activated"], run["failed"]) == ("done", False, [])
        await admin.call("POST", f"/knowledge/snapshots/{run['version']}/activate", json={})
        shown = await admin.call("GET", "/knowledge/snapshots")
        assert [item["version"] for item in shown["items"] if item["current"]] == [run["version"]]
        assert shown["items"][0]["gold"]["passed"] == 3
        assert shown["watch"]["enabled"] is False
        assert await admin.call("POST", "/knowledge/rollback") == {"version": before}
        await admin.call("DELETE", "/knowledge/files/faq.more.jsonl", 204)
        actions = [entry["action"] for entry in (await admin.call("GET", "/audit"))["entries"]]
        for action in ("knowledge.source", "knowledge.build", "knowledge.activate", "knowledge.roll_back"):
            assert action in actions


async def test_entries_tell_where_they_are_from_and_whether_they_are_indexed(server: Running) -> None:
    """From the file to the edit, to the next snapshot, and back when the edit is dropped."""
    async with signed_in(server.base) as admin:
        version = (await admin.build())["version"]

        async def refund() -> dict[str, Any]:
            page = await admin.call("GET", "/knowledge/entries", params={"q": "refund", "kind": "faq"})
            assert (page["total"], page["next"]) == (1, None)
            item: dict[str, Any] = page["items"][0]
            return item

        item = await refund()
        assert item["origin"] == {"file": "faq.en.jsonl", "line": 1}
        assert (item["snapshot"], item["indexed"]) == (version, True)
        words = {"text": "Within 2 days."}
        await admin.call("PUT", "/knowledge/entries/faq:refund", params={"lang": "en"}, json=words)
        item = await refund()
        assert (item["text"], item["origin"]["edited_by"], item["indexed"]) == ("Within 2 days.", "admin", False)
        assert (await admin.build())["state"] == "done"
        assert (await refund())["indexed"] is True
        removed = await admin.call("DELETE", "/knowledge/entries/faq:refund", params={"lang": "en"})
        assert removed == {"state": "dropped"}
        assert (await refund())["text"] == "Refunds are paid within 7 days."
        assert await admin.call("DELETE", "/knowledge/entries/faq:refund") == {"state": "hidden"}
        assert (await refund())["hidden"] is True
        await admin.call("POST", "/knowledge/entries/faq:refund/restore", 204)
        assert (await refund())["hidden"] is False


async def test_entries_come_in_pages(server: Running) -> None:
    """`next` of one page leads to the next, and all pages together are everything."""
    async with signed_in(server.base) as admin:
        ids: list[str] = []
        after: str | None = ""
        while after is not None:
            page = await admin.call("GET", "/knowledge/entries", params={"limit": 2, "after": after})
            ids += [item["id"] for item in page["items"]]
            after = page["next"]
        assert ids == ["faq:canada:en", "faq:refund:en", "faq:wrap:en", "product:larch:en"]
        only = await admin.call("GET", "/knowledge/entries", params={"kind": "product", "origin": "file"})
        assert [item["id"] for item in only["items"]] == ["product:larch:en"]


async def test_the_watch_is_off_and_can_be_turned_on(server: Running) -> None:
    """With its next time; an interval under a minute is refused."""
    async with signed_in(server.base) as admin:
        await admin.call("PUT", "/knowledge/watch", 422, json={"enabled": True, "every_s": 5})
        on = await admin.call("PUT", "/knowledge/watch", json={"enabled": True, "every_s": 3600})
        assert (on["enabled"], on["last"], bool(on["next"])) == (True, None, True)
        assert (await admin.call("PUT", "/knowledge/watch", json={"enabled": False}))["next"] is None


async def test_the_playground_shows_everything_and_keeps_nothing(serve: Serve) -> None:
    """Query, hits with scores, prompt, draft, verdict and timings; the question can be saved as a gold question."""
    server = serve()
    async with signed_in(server.base) as admin:
        told = await admin.call("POST", "/playground", json={"question": UNUSED})
        assert told["action"] == "answer"
        assert told["hits"][0]["passage"] == "faq:returns-condition:en"
        assert told["prompt"][0]["role"] == "system"
        assert UNUSED in told["prompt"][-1]["content"]
        assert told["draft"]
        assert all(claim["supported"] for claim in told["verdict"])
        assert {"understand", "search", "total"} <= told["ms"].keys()
        figures = (await admin.client.get("/metrics")).text
        assert 'aisle_turns_total{action="answer"}' not in figures
        saved = await admin.call(
            "POST", "/gold", json={"question": UNUSED, "lang": "en", "passage": told["hits"][0]["passage"]}
        )
        assert saved["passage"] == "faq:returns-condition"
        items = (await admin.call("GET", "/gold"))["items"]
        assert [item["id"] for item in items if item["saved"]] == [saved["id"]]
        assert len(items) > 60
        await admin.call("DELETE", f"/gold/{saved['id']}", 204)
        await admin.call("DELETE", f"/gold/{saved['id']}", 404)


ROUTES = [
    ("GET", "/knowledge/entries"),
    ("PUT", "/knowledge/entries/faq:x?lang=en"),
    ("DELETE", "/knowledge/entries/faq:x"),
    ("POST", "/knowledge/entries/faq:x/restore"),
    ("GET", "/knowledge/files"),
    ("POST", "/knowledge/files"),
    ("DELETE", "/knowledge/files/a.csv"),
    ("POST", "/knowledge/check"),
    ("POST", "/knowledge/build"),
    ("GET", "/knowledge/runs"),
    ("GET", "/knowledge/runs/x"),
    ("GET", "/knowledge/runs/x/events"),
    ("POST", "/knowledge/runs/x/cancel"),
    ("POST", "/knowledge/runs/x/retry"),
    ("GET", "/knowledge/snapshots"),
    ("POST", "/knowledge/snapshots/x/activate"),
    ("POST", "/knowledge/rollback"),
    ("PUT", "/knowledge/watch"),
    ("PATCH", "/products"),
    ("GET", "/products/live"),
    ("POST", "/playground"),
    ("GET", "/gold"),
    ("POST", "/gold"),
    ("DELETE", "/gold/x"),
]


async def test_only_admins_may(server: Running) -> None:
    """Nobody without a sign-in, no staff account, and no change without the CSRF token."""
    async with signed_in(server.base) as admin, signed_in(server.base, "staff") as staff:
        async with httpx.AsyncClient(base_url=server.base) as nobody:
            for method, path in ROUTES:
                assert (await nobody.request(method, f"/api{path}", json={})).status_code == 401, path
                assert (await staff.client.request(method, f"/api{path}", json={})).status_code == 403, path
        del admin.client.headers["x-csrf-token"]
        for method, path in ROUTES:
            if method != "GET":
                assert (await admin.client.request(method, f"/api{path}", json={})).status_code == 403, path


async def test_errors_say_what_is_wrong(server: Running) -> None:
    """As JSON with a code and a message, and the status that fits."""
    async with signed_in(server.base) as admin:
        unknown = "20261122T101500-0123456789ab"
        for method, path, status, body in (
            ("GET", "/knowledge/runs/x", 404, None),
            ("POST", f"/knowledge/snapshots/{unknown}/activate", 409, {}),
            ("POST", "/knowledge/rollback", 409, None),
            ("PUT", "/knowledge/entries/nothing?lang=en", 422, {"text": "x"}),
            ("POST", "/knowledge/build", 422, {"activate": "perhaps"}),
            ("PATCH", "/products", 422, {"items": [{"sku": "NOPE", "price": 1}]}),
            ("PATCH", "/products", 422, {"items": [{"sku": "NOPE", "prize": 1}]}),
            ("POST", "/knowledge/files", 422, {}),
        ):
            answer = await admin.call(method, path, status, json=body)
            assert answer["code"], path
            assert answer["message"], path


async def _price_of(shopper: Shopper) -> str:
    reply = await shopper.ask(RIDGELINE)
    return json.dumps([reply["text"], reply["cards"], [c["excerpt"] for c in reply["citations"]]], ensure_ascii=False)


async def test_a_price_is_live_on_another_worker_within_a_moment(serve: Serve, redis_url: str) -> None:
    """A running chat on the second worker answers with the new price: words, card and citation, without a build."""
    left, right = serve(redis=redis_url), serve(redis=redis_url)
    async with signed_in(left.base) as admin, shopping(right.ws) as shopper:
        first = await _price_of(shopper)
        assert "$911.11" not in first
        skus = await _skus(admin, "ridgeline-2-tent")
        began_s = perf_counter()
        await admin.call(
            "PATCH", "/products", json={"items": [{"sku": s, "price": "911.11", "stock": 3} for s in skus]}
        )
        changed_s = perf_counter()
        while "$911.11" not in (answer := await _price_of(shopper)):
            assert perf_counter() - began_s < 5, answer
        took_s = perf_counter() - began_s
        print(f"PATCH took {changed_s - began_s:.3f} s; the other worker's answer had the price after {took_s:.3f} s")
        text, cards, excerpts = json.loads(answer)
        assert "$911.11" in text
        assert [(card["price"], card["stock"]) for card in cards] == [("$911.11", 3 * len(skus))]
        assert "$911.11" in excerpts[0]
        await admin.call("PATCH", "/products", json={"items": [{"sku": s, "price": None, "stock": None} for s in skus]})
        async with asyncio.timeout(5):
            while await _price_of(shopper) != first:
                pass


async def _skus(admin: Admin, handle: str) -> list[str]:
    """The SKUs of a product, as its passage lists them."""
    told = await admin.call("POST", "/playground", json={"question": RIDGELINE})
    excerpt = next(c["excerpt"] for c in told["citations"] if c["passage"].startswith(f"product:{handle}:"))
    lines = [line.split(": ") for line in excerpt.split("\n")]
    return [line[0] for line in lines if len(line) == 2 and line[0].isupper() and "-" in line[0]]


async def _served_by_workers(admin: Admin) -> set[str]:
    return {worker["version"] for worker in (await admin.call("GET", "/knowledge/snapshots"))["workers"]}


async def test_twenty_chats_go_on_while_a_snapshot_is_activated(serve: Serve, redis_url: str, data: Path) -> None:
    """On two workers: no chat fails, and each reply cites the words of the very snapshot that it names."""
    left, right = serve(redis=redis_url), serve(redis=redis_url)
    async with signed_in(left.base) as admin:
        old = (await admin.call("GET", "/knowledge/snapshots"))["items"][0]["version"]
        words = {"text": "We wrap gifts for $7.77 each.", "questions": ["Do you wrap gifts?"]}
        await admin.call("PUT", "/knowledge/entries/faq:gift-wrap", params={"lang": "en"}, json=words)
        run = await admin.build(activate=False)
        new = run["version"]
        assert new != old
        begun, switched = asyncio.Barrier(21), asyncio.Event()

        async def chat(ws: str) -> list[tuple[str, bool]]:
            seen: list[tuple[str, bool]] = []
            async with shopping(ws) as shopper:
                while not (switched.is_set() and len(seen) >= 3):
                    if len(seen) == 1:
                        await begun.wait()
                    reply = await shopper.ask("Do you wrap gifts?")
                    assert reply["action"] == "answer"
                    seen.append((reply["text"], "$7.77" in "".join(c["excerpt"] for c in reply["citations"])))
            return seen

        chats = [asyncio.create_task(chat((left, right)[n % 2].ws)) for n in range(20)]
        async with asyncio.timeout(30):
            await begun.wait()
        await admin.call("POST", f"/knowledge/snapshots/{new}/activate", json={"force": True})
        async with asyncio.timeout(30):
            while await _served_by_workers(admin) != {new}:
                pass
        switched.set()
        for seen in await asyncio.gather(*chats):
            assert all(("$7.77" in text) is cited for text, cited in seen)
            after = [cited for _, cited in seen]
            assert after == sorted(after), "once on the new snapshot, a chat never goes back"
            assert after[-1]
    with closing(sqlite3.connect(data / "aisle.db")) as database:
        rows = database.execute("SELECT snapshot, citations FROM messages WHERE author = 'bot'").fetchall()
    assert {snapshot for snapshot, _ in rows} == {old, new}
    assert all((snapshot == new) is ("$7.77" in citations) for snapshot, citations in rows)
