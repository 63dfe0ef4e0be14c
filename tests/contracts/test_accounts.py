"""Accounts, sign-ins, attempts, API tokens and the log: one suite over SQLite and PostgreSQL."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Access, Key, ensure_development_accounts, open_access
from bot.access_tables import accounts, api_tokens, audit, sign_in_attempts, sign_ins
from bot.accounts import Account, Role, Wanted, check_name
from bot.api_tokens import Scope, WantedToken
from bot.attempts import Rule, Tally
from bot.audit import Action, Deed, Search
from bot.database import Database, metadata, open_database
from bot.errors import BadAccount, BadSettings, Forbidden, NotSignedIn, RateLimited, StoreLost
from bot.passwords import Passwords, check_password
from bot.settings import load
from bot.sign_ins import Trial

WORD = "a kettle for two"
OTHER = "three pegs and a rope"
HERE = "192.0.2.7"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def forward(self, **span: float) -> None:
        """Move on."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """The clock of a test."""
    return Clock()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database."""
    opened = await open_database(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def access(database: Database, clock: Clock) -> Access:
    """Access over the empty database, with hashes that are quick to make."""
    return open_access(database, load(), clock, Passwords(QUICK))


@pytest.fixture
async def ada(access: Access) -> Account:
    """An admin."""
    return await access.accounts.add(Wanted("ada", Role.ADMIN, WORD), "test")


@pytest.fixture
async def mei(access: Access) -> Account:
    """A member of staff."""
    return await access.accounts.add(Wanted("mei", Role.STAFF, WORD), "test")


async def enter(access: Access, name: str, password: str = WORD, address: str = HERE, replaces: str = "") -> str:
    """Sign in; the session's secret."""
    secret, _ = await access.sign_ins.sign_in(Trial(name, password, address, replaces), access.clock())
    return secret


async def inside(access: Access, secret: str) -> str:
    """Whose session it is; empty when it is none."""
    found = await access.sign_ins.find(secret, access.lasting, access.clock())
    return found.name if found else ""


async def everything(database: Database) -> str:
    """All that the tables of access hold, as text."""

    async def select(connection: AsyncConnection) -> str:
        tables = (accounts, sign_ins, sign_in_attempts, api_tokens, audit)
        return "\n".join([str((await connection.execute(sa.select(table))).all()) for table in tables])

    return await database.read(select)


async def run(database: Database, statement: str) -> None:
    """Execute SQL as somebody with the database's password would."""

    async def execute(connection: AsyncConnection) -> None:
        await connection.execute(sa.text(statement))

    await database.write(execute)


# Accounts and passwords


async def test_an_account_is_added_under_one_spelling_of_its_name(access: Access) -> None:
    """Names are tidied, so that `Mei ` and `mei` are one account, and a taken name is refused."""
    added = await access.accounts.add(Wanted(" Mei ", Role.STAFF, WORD), "test")
    assert (added.name, added.role, added.disabled_at) == ("mei", Role.STAFF, None)
    with pytest.raises(BadAccount, match="'mei', which is taken"):
        await access.accounts.add(Wanted("ｍｅｉ", Role.ADMIN, OTHER), "test")
    assert await access.accounts.all() == [added]


@pytest.mark.parametrize("name", ["", " ", "me i", "-mei", "m" * 65, "mei\x00", "美", "me'i"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    """Names are short and plain, so that they cannot be mistaken for one another."""
    with pytest.raises(BadAccount, match=r"name: got .*, wanted 1 to 64"):
        check_name(name)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kettle 4u", "9 characters, wanted 10"),
        ("k" * 300, "300 characters"),
        ("mei.wong42", "account's name"),
        ("MEI.WONG mei.wong!", "account's name"),
        ("Password123!", "commonest"),
        ("1234567890", "commonest"),
        ("9081726354", "commonest"),
        ("qwertyuiop", "commonest"),
        ("abcabcabcabc", "3 different characters"),
        ("kettle \ud800 for two", "lone surrogate"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, why: str) -> None:
    """Short, long, common, monotonous ones and the account's own name are refused, saying why."""
    with pytest.raises(BadAccount, match=f"password: got .*{why}"):
        check_password("mei.wong", password)


async def test_only_an_argon2id_hash_of_the_password_is_kept(database: Database, clock: Clock) -> None:
    """The password itself is nowhere in the database; its hash has the parameters that were chosen."""
    access = open_access(database, load(), clock)
    await access.accounts.add(Wanted("mei", Role.STAFF, WORD), "test")
    await enter(access, "mei")
    kept = await everything(database)
    assert WORD not in kept
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in kept


async def test_a_password_is_the_same_however_its_accents_are_typed(access: Access) -> None:
    """Composed and decomposed letters are one password."""
    await access.accounts.add(Wanted("zoé".replace("é", "e"), Role.STAFF, "caf\u00e9 au coin"), "test")
    assert await inside(access, await enter(access, "zoe", "cafe\u0301 au coin")) == "zoe"


async def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(
    access: Access, database: Database, clock: Clock, mei: Account
) -> None:
    """When the parameters rise, accounts follow as their people sign in, and the password stays good."""
    assert "m=8,t=1" in await everything(database)
    stronger = open_access(database, load(), clock)
    await enter(stronger, mei.name)
    kept = await everything(database)
    assert "m=8,t=1" not in kept
    assert "m=19456,t=2" in kept
    assert await inside(access, await enter(stronger, mei.name)) == "mei"


# Sessions


async def test_signing_in_gives_a_session_of_that_account(access: Access, mei: Account) -> None:
    """The secret leads back to the account, and the account shows when it last signed in."""
    secret = await enter(access, "MEI ")
    assert await inside(access, secret) == "mei"
    found = await access.accounts.find("mei")
    assert found is not None
    assert found.signed_in_at == access.clock()
    assert await inside(access, secret[:-1]) == ""
    assert await inside(access, "") == ""
    assert mei.signed_in_at is None


async def test_a_sessions_secret_is_random_and_only_its_hash_is_kept(
    access: Access, database: Database, mei: Account
) -> None:
    """Who reads the database cannot take over a session; secrets have 256 bits and differ."""
    secrets = {await enter(access, mei.name) for _ in range(3)}
    kept = await everything(database)
    assert len(secrets) == 3
    assert all(len(secret) == 43 and secret not in kept for secret in secrets)


async def test_signing_in_again_ends_the_session_that_the_browser_had(access: Access, mei: Account) -> None:
    """A cookie planted or stolen before signing in is worth nothing after; other browsers stay signed in."""
    before, elsewhere = await enter(access, mei.name), await enter(access, mei.name)
    after = await enter(access, mei.name, replaces=before)
    assert [await inside(access, secret) for secret in (before, elsewhere, after)] == ["", "mei", "mei"]


async def test_signing_out_ends_only_that_session(access: Access, mei: Account) -> None:
    """The other browser stays signed in; signing out twice is no error."""
    here, there = await enter(access, mei.name), await enter(access, mei.name)
    await access.sign_ins.end(here, HERE)
    await access.sign_ins.end(here, HERE)
    assert [await inside(access, secret) for secret in (here, there)] == ["", "mei"]


async def test_disabling_ends_every_session_and_token_at_once(access: Access, mei: Account, ada: Account) -> None:
    """A disabled account is out everywhere; enabling it lets it sign in, but brings no session back."""
    secret, other = await enter(access, mei.name), await enter(access, ada.name)
    token, _ = await access.tokens.add(WantedToken("mei", (Scope.CHAT_READ,), 3600), "test")
    await access.accounts.disable("mei", "ada")
    assert await inside(access, secret) == ""
    assert await access.tokens.find(token) is None
    assert await inside(access, other) == "ada"
    with pytest.raises(NotSignedIn):
        await enter(access, mei.name)
    await access.accounts.enable("mei", "ada")
    assert await inside(access, secret) == ""
    assert await inside(access, await enter(access, mei.name)) == "mei"


async def test_a_new_password_ends_every_session(access: Access, mei: Account) -> None:
    """Who knew the old password is out."""
    secret = await enter(access, mei.name)
    await access.accounts.set_password("mei", OTHER, "ada")
    assert await inside(access, secret) == ""
    with pytest.raises(NotSignedIn):
        await enter(access, mei.name)
    assert await inside(access, await enter(access, mei.name, OTHER)) == "mei"


async def test_a_session_ends_when_it_is_idle(access: Access, clock: Clock, mei: Account) -> None:
    """Twelve hours without use end it; use, and not merely looking, puts that off."""
    idle, used = await enter(access, mei.name), await enter(access, mei.name)
    clock.forward(hours=11)
    assert await access.sign_ins.find(idle, access.lasting, clock(), used=False) is not None
    assert await inside(access, used) == "mei"
    clock.forward(hours=1, seconds=1)
    assert [await inside(access, secret) for secret in (idle, used)] == ["", "mei"]


async def test_a_session_ends_after_a_week_however_busy(access: Access, clock: Clock, mei: Account) -> None:
    """Use does not lengthen the seven days."""
    secret = await enter(access, mei.name)
    for _ in range(14):
        clock.forward(hours=11, minutes=59)
        assert await inside(access, secret) == "mei"
    clock.forward(minutes=15)
    assert await inside(access, secret) == ""


async def test_ended_sessions_are_removed(access: Access, database: Database, clock: Clock, mei: Account) -> None:
    """What ended by itself does not stay in the database."""
    await enter(access, mei.name)
    clock.forward(hours=13)
    live = await enter(access, mei.name)
    await access.sign_ins.forget_old(access.lasting, clock())

    async def count(connection: AsyncConnection) -> int:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(sign_ins))).scalar_one())

    assert await database.read(count) == 1
    assert await inside(access, live) == "mei"


# The same answer for all


async def test_unknown_wrong_and_disabled_are_answered_alike(access: Access, mei: Account, ada: Account) -> None:
    """Nobody can find out by signing in which accounts there are."""
    await access.accounts.disable(ada.name, "test")
    said = set()
    for name, password in (("nobody", WORD), (mei.name, OTHER), (ada.name, WORD), ("\x00' OR 1=1", WORD)):
        with pytest.raises(NotSignedIn) as caught:
            await enter(access, name, password)
        said.add((caught.value.code, caught.value.message))
    assert said == {("not_signed_in", "got a name and a password that do not fit together")}


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(database: Database, clock: Clock) -> None:
    """An unknown name costs a hash, too; without one it would be answered several times faster."""
    access = open_access(database, load(), clock)
    mei = await access.accounts.add(Wanted("mei", Role.STAFF, WORD), "test")
    times: dict[str, list[float]] = {"nobody": [], mei.name: []}
    for turn in range(8):
        for name, taken in times.items():
            begin_s = perf_counter()
            with pytest.raises(NotSignedIn):
                await enter(access, name, OTHER, address=f"198.51.100.{turn}")
            taken.append(perf_counter() - begin_s)
            clock.forward(days=2)
    unknown_s, wrong_s = (min(taken) for taken in times.values())
    assert unknown_s > 0.6 * wrong_s, times
    assert statistics.median(times["nobody"]) > 0.01


# Attempts


async def test_five_wrong_passwords_make_an_account_wait(access: Access, clock: Clock, mei: Account) -> None:
    """After the fifth even the right password must wait, from any address; after a quarter of an hour it is heard."""
    for turn in range(5):
        with pytest.raises(NotSignedIn):
            await enter(access, mei.name, OTHER, address=f"203.0.113.{turn}")
    with pytest.raises(RateLimited) as caught:
        await enter(access, mei.name, address="203.0.113.99")
    assert caught.value.retry_after_s == 900
    clock.forward(minutes=15)
    assert await inside(access, await enter(access, mei.name)) == "mei"


async def test_an_unknown_name_must_wait_like_a_known_one(access: Access) -> None:
    """Waiting does not tell which accounts there are either."""
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await enter(access, "nobody")
    with pytest.raises(RateLimited, match="wanted a pause of 900 s"):
        await enter(access, "nobody")


async def test_waits_double_up_to_the_longest(access: Access, clock: Clock, mei: Account) -> None:
    """Each further wrong password doubles the wait, up to an hour; refused tries do not lengthen it."""
    for _ in range(4):
        with pytest.raises(NotSignedIn):
            await enter(access, mei.name, OTHER)
    waits = []
    for turn in range(5):
        with pytest.raises(NotSignedIn):
            await enter(access, mei.name, OTHER, address=f"203.0.113.{turn}")
        for _ in range(2):
            with pytest.raises(RateLimited) as caught:
                await enter(access, mei.name)
        waits.append(caught.value.retry_after_s)
        clock.forward(seconds=caught.value.retry_after_s or 0)
    assert waits == [900, 1800, 3600, 3600, 3600]


async def test_twenty_wrong_passwords_make_an_address_wait(access: Access, mei: Account) -> None:
    """Trying many names from one place is limited, too; other places are not concerned."""
    for turn in range(20):
        with pytest.raises(NotSignedIn):
            await enter(access, f"name{turn}", OTHER)
    with pytest.raises(RateLimited):
        await enter(access, mei.name)
    assert await inside(access, await enter(access, mei.name, address="203.0.113.5")) == "mei"


async def test_an_ipv6_customer_counts_as_one_address(access: Access) -> None:
    """All addresses of one /64 are counted together; there are 2^64 of them."""
    for turn in range(20):
        with pytest.raises(NotSignedIn):
            await enter(access, f"name{turn}", OTHER, address=f"2001:db8:1:2::{turn:x}")
    with pytest.raises(RateLimited):
        await enter(access, "someone", OTHER, address="2001:db8:1:2:ffff::1")
    with pytest.raises(NotSignedIn):
        await enter(access, "someone", OTHER, address="2001:db8:1:3::1")


async def test_signing_in_forgets_wrong_tries(access: Access, mei: Account) -> None:
    """Somebody who mistypes now and then never has to wait, and many who sign in from one office neither."""
    for _ in range(6):
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                await enter(access, mei.name, OTHER, address="203.0.113.8")
        for _ in range(4):
            await enter(access, mei.name, address="203.0.113.8")


async def test_tries_at_the_same_moment_are_counted_each(access: Access, mei: Account) -> None:
    """A hundred guesses at once are not a way around the limit: five are judged, the others refused."""

    async def guess(number: int) -> str:
        try:
            await enter(access, mei.name, f"guess number {number}", address=f"198.51.100.{number}")
        except (NotSignedIn, RateLimited) as error:
            return error.code
        return "in"

    answers = await asyncio.gather(*(guess(number) for number in range(40)))
    assert sorted(set(answers)) == ["not_signed_in", "rate_limited"]
    assert answers.count("not_signed_in") == 5


async def test_limits_hold_over_workers(access: Access, database_url: str, clock: Clock, mei: Account) -> None:
    """Another worker on the same database knows of the tries here."""
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await enter(access, mei.name, OTHER)
    second = await open_database(database_url)
    try:
        with pytest.raises(RateLimited):
            await enter(open_access(second, load(), clock, Passwords(QUICK)), mei.name)
    finally:
        await second.aclose()


async def test_a_new_password_and_enabling_end_the_wait(access: Access, mei: Account) -> None:
    """An admin can help somebody who is locked out."""
    for word in (OTHER, WORD):
        for _ in range(5):
            with pytest.raises(NotSignedIn):
                await enter(access, mei.name, "neither of the two")
        await access.accounts.set_password("mei", word, "ada")
        assert await inside(access, await enter(access, mei.name, word)) == "mei"


async def test_names_that_were_tried_are_not_kept_in_the_clear(access: Access, database: Database) -> None:
    """A password typed into the name's field is neither in the tallies nor in the log."""
    with pytest.raises(NotSignedIn):
        await enter(access, "my-secret-word", OTHER)
    assert "my-secret-word" not in await everything(database)


NOW = datetime(2031, 1, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60), st.integers(1, 6))
def test_no_more_tries_get_through_than_the_rule_says(pauses_s: list[int], tries: int) -> None:
    """However tries are spread, between two waits there are at most `tries`, and no wait is over the longest."""
    rule, tally, now, row = Rule(tries, 900.0, 3600.0), None, NOW, 0
    for pause_s in pauses_s:
        now += timedelta(seconds=pause_s)
        if rule.left_s(tally, now):
            continue
        before: Tally | None = tally
        tally = rule.counted(tally, now)
        row = row + 1 if before and tally.count > 1 else 1
        assert row == tally.count
        assert bool(rule.left_s(tally, now)) == (tally.count >= tries)
        assert rule.left_s(tally, now) <= 3600.0


# API tokens


async def test_a_token_leads_to_its_account_and_scopes(access: Access, ada: Account) -> None:
    """It has its id in it to be found by, and shows when it was last used."""
    text, made = await access.tokens.add(WantedToken("ada", (Scope.PRODUCTS_WRITE,), 3600, "stock"), "ada")
    assert text.startswith(f"aisle_{made.id}_")
    found = await access.tokens.find(text)
    assert found is not None
    account, token = found
    assert (account.name, token.scopes, token.note) == (ada.name, (Scope.PRODUCTS_WRITE,), "stock")
    assert [t.used_at for t in await access.tokens.all()] == [access.clock()]


async def test_only_the_hash_of_a_token_is_kept(access: Access, database: Database, ada: Account) -> None:
    """Who reads the database cannot use it."""
    text, _ = await access.tokens.add(WantedToken(ada.name, (Scope.PRODUCTS_WRITE,), 3600), "ada")
    assert text.rsplit("_", 1)[1] not in await everything(database)


async def test_a_token_ends_when_it_expires_or_is_revoked(access: Access, clock: Clock, ada: Account) -> None:
    """Either way it opens nothing from that moment on, and stays in the list."""
    wanted = WantedToken(ada.name, (Scope.PRODUCTS_WRITE,), 3600)
    (first, one), (second, _) = [await access.tokens.add(wanted, "ada") for _ in range(2)]
    await access.tokens.revoke(one.id, "ada")
    assert await access.tokens.find(first) is None
    clock.forward(seconds=3599)
    assert await access.tokens.find(second) is not None
    clock.forward(seconds=1)
    assert await access.tokens.find(second) is None
    assert len(await access.tokens.all()) == 2
    with pytest.raises(BadAccount, match="got id 'none'"):
        await access.tokens.revoke("none", "ada")


async def test_a_changed_token_opens_nothing(access: Access, ada: Account) -> None:
    """Neither another id, another secret, nor another form."""
    text, made = await access.tokens.add(WantedToken(ada.name, (Scope.PRODUCTS_WRITE,), 3600), "ada")
    changed = {
        "id": text.replace(made.id, "0" * 12),
        "secret": text[:-1] + ("0" if text[-1] != "0" else "1"),
        "form": text.replace("_", "-"),
        "empty": "",
    }
    assert {how: await access.tokens.find(other) for how, other in changed.items()} == dict.fromkeys(changed)


async def test_a_token_never_does_more_than_its_account(access: Access, mei: Account) -> None:
    """Staff get no token for what admins do, nobody gets one for nothing, for ever, or for an account that is not."""
    for wanted, why in (
        (WantedToken("mei", (Scope.CHAT_READ, Scope.KNOWLEDGE_WRITE), 3600), "knowledge:write, which mei as staff"),
        (WantedToken("mei", (), 3600), "scope: got none"),
        (WantedToken("mei", (Scope.CHAT_READ,), 400 * 86400), "wanted a minute to a year"),
        (WantedToken("nobody", (Scope.CHAT_READ,), 3600), "wanted the name of an account"),
    ):
        with pytest.raises(BadAccount, match=why):
            await access.tokens.add(wanted, "test")
    assert await access.tokens.all() == []
    assert mei.role is Role.STAFF


# Who may do what


async def test_roles_reach_as_far_as_they_should(access: Access, mei: Account, ada: Account) -> None:
    """An admin opens what staff open; staff open nothing of an admin's."""
    keys = {name: Key(session=await enter(access, name)) for name in (mei.name, ada.name)}
    assert (await access.person(keys["ada"], Role.STAFF)).name == "ada"
    assert (await access.person(keys["ada"], Role.ADMIN)).via == "session"
    assert (await access.person(keys["mei"], Role.STAFF)).role is Role.STAFF
    with pytest.raises(Forbidden, match="role staff, wanted admin"):
        await access.person(keys["mei"], Role.ADMIN)


async def test_a_token_opens_its_scope_and_no_other(access: Access, ada: Account) -> None:
    """Not even what its account could do itself, and nothing that is for people only."""
    text, made = await access.tokens.add(WantedToken(ada.name, (Scope.PRODUCTS_WRITE,), 3600), "ada")
    person = await access.person(Key(token=text), Role.ADMIN, Scope.PRODUCTS_WRITE)
    assert (person.name, person.via) == ("ada", f"token:{made.id}")
    for scope in (Scope.KNOWLEDGE_WRITE, None):
        with pytest.raises(Forbidden):
            await access.person(Key(token=text), Role.ADMIN, scope)


async def test_a_token_shrinks_with_its_account(access: Access, database: Database, ada: Account) -> None:
    """If the admin becomes staff, the token no longer opens what admins open."""
    text, _ = await access.tokens.add(WantedToken(ada.name, (Scope.PRODUCTS_WRITE,), 3600), "ada")
    await run(database, "UPDATE accounts SET role = 'staff'")
    with pytest.raises(Forbidden):
        await access.person(Key(token=text), Role.ADMIN, Scope.PRODUCTS_WRITE)


# The log


async def test_the_log_says_who_did_what(access: Access, mei: Account) -> None:
    """Sign-ins, failures with their reason, sign-outs and every change of an account or token are in it."""
    secret = await enter(access, mei.name)
    await access.sign_ins.end(secret, HERE)
    for name in (mei.name, "nobody"):
        with pytest.raises(NotSignedIn):
            await enter(access, name, OTHER)
    _, token = await access.tokens.add(WantedToken("mei", (Scope.CHAT_READ,), 3600), "ada")
    await access.tokens.revoke(token.id, "ada")
    await access.tokens.revoke(token.id, "ada")
    await access.accounts.set_password("mei", OTHER, "ada")
    await access.accounts.disable("mei", "ada")
    await access.accounts.enable("mei", "ada")
    deeds = [entry.deed for entry in reversed(await access.audit.page(Search()))]
    assert [(deed.actor, deed.action, deed.target) for deed in deeds] == [
        ("test", "account.added", "mei"),
        ("mei", "sign_in.ok", "mei"),
        ("mei", "sign_in.out", "mei"),
        ("", "sign_in.failed", "mei"),
        ("", "sign_in.failed", ""),
        ("ada", "token.added", token.id),
        ("ada", "token.revoked", token.id),
        ("ada", "account.password", "mei"),
        ("ada", "account.disabled", "mei"),
        ("ada", "account.enabled", "mei"),
    ]
    assert [deed.detail.get("why") for deed in deeds[3:5]] == ["password", "unknown name"]
    assert {deed.address for deed in deeds[1:5]} == {HERE}


async def test_the_log_is_paged_and_searched(access: Access, clock: Clock) -> None:
    """Newest first, from any entry on, by actor, by action or by kind of action."""
    for number in range(7):
        who, action = ("ada", Action.CLAIM) if number % 2 else ("mei", Action.REPLY)
        await access.audit.record(Deed(who, action, f"c{number}", {"n": number, "name": "李\x00"}))
        clock.forward(seconds=1)
    first = await access.audit.page(Search(limit=3))
    rest = await access.audit.page(Search(after=first[-1].id))
    assert [entry.deed.target for entry in first + rest] == [f"c{n}" for n in range(6, -1, -1)]
    assert first[0].at == clock() - timedelta(seconds=1)
    assert first[0].deed.detail == {"n": 6, "name": "李\x00"}
    assert {e.deed.actor for e in await access.audit.page(Search(actor="ada"))} == {"ada"}
    assert len(await access.audit.page(Search(action="conversation"))) == 7
    assert len(await access.audit.page(Search(action="conversation.claim"))) == 3
    assert await access.audit.page(Search(action="convers_tion")) == []


async def test_the_log_cannot_be_changed(access: Access, database: Database) -> None:
    """The database itself refuses, whoever asks."""
    await access.audit.record(Deed("mei", Action.EXPORT, "all"))
    for change in ("UPDATE audit SET actor = 'mallory'", "UPDATE audit SET at = '2001-01-01'", "DELETE FROM audit"):
        with pytest.raises(StoreLost, match="append-only"):
            await run(database, change)
    assert [entry.deed.actor for entry in await access.audit.page(Search())] == ["mei"]


async def test_old_entries_may_be_removed(access: Access, database: Database, clock: Clock) -> None:
    """Retention reaches the log, for it has names and addresses in it; what is younger than a month stays."""
    clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    await access.audit.record(Deed("mei", Action.EXPORT, "all"))
    await run(database, "DELETE FROM audit")
    assert await access.audit.page(Search()) == []


async def test_an_action_without_form_is_refused(access: Access) -> None:
    """Actions are of the form thing.verb, so that they can be searched."""
    with pytest.raises(ValueError, match=r"thing\.verb"):
        await access.audit.record(Deed("mei", "Did something"))


async def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    """What is in the database differs in nothing from what `access_tables.py` declares."""
    ours = {table.name for table in (accounts, sign_ins, sign_in_attempts, api_tokens, audit)}

    def of_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name in ours

    def difference(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": of_ours})
        return list(compare_metadata(context, metadata))

    assert await database.read(lambda connection: connection.run_sync(difference)) == []


# Development


async def test_development_begins_with_two_accounts(access: Access) -> None:
    """With no account at all there are `staff` and `admin`, with the password of the settings; started twice, once."""
    settings = load()
    await asyncio.gather(*(ensure_development_accounts(access, settings) for _ in range(2)))
    assert [(a.name, a.role) for a in await access.accounts.all()] == [("admin", Role.ADMIN), ("staff", Role.STAFF)]
    assert await inside(access, await enter(access, "admin", settings.staff_password.get_secret_value())) == "admin"


async def test_development_adds_nothing_to_accounts_that_are_there(access: Access, mei: Account) -> None:
    """Once there is an account, none comes by itself, not even after all others were disabled."""
    await access.accounts.disable(mei.name, "test")
    await ensure_development_accounts(access, load())
    assert [a.name for a in await access.accounts.all()] == ["mei"]


async def test_production_begins_with_no_account(access: Access, capsys: pytest.CaptureFixture[str]) -> None:
    """It only says how to make one."""
    safe = {"redis": "redis://r:6379/0", "secret": "k" * 32, "origins": ("https://s.example",), "orders": "none:"}
    settings = load(env="production", staff_password="long and our own", **safe)
    await ensure_development_accounts(access, settings)
    assert await access.accounts.all() == []
    captured = capsys.readouterr()
    assert "aisle user add" in captured.out + captured.err


async def test_a_weak_development_password_is_named(access: Access) -> None:
    """The error says which setting is wrong."""
    with pytest.raises(BadSettings, match="AISLE_STAFF_PASSWORD: password: got 5 characters"):
        await ensure_development_accounts(access, load(staff_password="short"))
