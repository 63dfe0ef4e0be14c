"""Who gets the admin's page, accounts over HTTP, and the list of variants, on a real server."""

import pytest

from tests.support.admin import signed_in
from tests.support.fixtures import Serve

WORD = "a kettle for two"


async def test_only_an_admin_gets_the_page(serve: Serve) -> None:
    """Others are sent to sign in, and back; staff are told why there."""
    base = serve().base
    async with signed_in(base) as admin:
        assert "/web/admin.js" in (await admin.client.get("/admin")).text
    async with signed_in(base, "staff") as staff:
        sent = await staff.client.get("/admin?lang=zh")
        assert (sent.status_code, sent.headers["location"]) == (303, "/signin?next=/admin%3Flang%3Dzh")
        staff.client.cookies.clear()
        assert (await staff.client.get("/admin")).headers["location"] == "/signin?next=/admin"
        for path in ("/accounts", "/products"):
            await staff.call("GET", path, 401)


async def test_accounts_are_made_disabled_and_enabled_by_admins_alone(serve: Serve) -> None:
    """Without a password in any answer; a disabled one is out at once; nobody disables themselves; all is logged."""
    base = serve().base
    async with signed_in(base) as admin, signed_in(base, "staff") as staff:
        made = await admin.call("POST", "/accounts", 201, json={"name": " Bo ", "password": WORD, "role": "staff"})
        assert (made["name"], made["role"], made["disabled_at"]) == ("bo", "staff", None)
        listed = (await admin.call("GET", "/accounts"))["items"]
        assert [one["name"] for one in listed] == ["admin", "bo", "staff"]
        assert "password" not in str(listed)
        refused = await admin.call("POST", "/accounts", 422, json={"name": "bo", "password": WORD, "role": "staff"})
        assert refused["code"] == "bad_account"
        await staff.call("POST", "/accounts", 403, json={"name": "eve", "password": WORD, "role": "admin"})
        await staff.call("GET", "/desk/canned")
        assert (await admin.call("POST", "/accounts/staff/disable"))["disabled_at"]
        await staff.call("GET", "/desk/canned", 401)
        assert (await admin.call("POST", "/accounts/staff/enable"))["disabled_at"] is None
        for own in ("admin", "ADMIN"):
            assert (await admin.call("POST", f"/accounts/{own}/disable", 422))["code"] == "refused"
        assert (await admin.call("POST", "/accounts/nobody/disable", 422))["code"] == "bad_account"
        deeds = (await admin.call("GET", "/audit?action=account"))["entries"]
        assert {"account.added", "account.disabled", "account.enabled"} <= {deed["action"] for deed in deeds}


@pytest.mark.parametrize("limit", [7, 1000])
async def test_every_variant_is_listed_once_with_what_is_live(serve: Serve, limit: int) -> None:
    """Page by page in the order of SKUs; by words, by language, and only those that were changed."""
    async with signed_in(serve().base) as admin:
        found, after, total = [], "", 0
        while after is not None:
            page = await admin.call("GET", "/products", params={"limit": limit, "after": after})
            found += [row["sku"] for row in page["items"]]
            after, total = page["next"], page["total"]
        assert found == sorted(set(found))
        assert len(found) == total
        tent = (await admin.call("GET", "/products", params={"q": "ridgeline 2"}))["items"][0]
        assert (tent["currency"], tent["live"]) == ("USD", None)
        assert float(tent["price"]) > 0
        await admin.call("PATCH", "/products", json={"items": [{"sku": tent["sku"], "price": "1.50"}]})
        (changed,) = (await admin.call("GET", "/products", params={"live": True, "lang": "zh"}))["items"]
        assert changed["live"] == {"price": "1.50", "stock": None}
        assert (changed["sku"], changed["price"]) == (tent["sku"], tent["price"])
        words = (await admin.call("GET", "/products", params={"lang": "zh", "limit": 1000}))["items"]
        assert any("一" <= letter <= "龥" for row in words for letter in row["name"] + row["options"])
