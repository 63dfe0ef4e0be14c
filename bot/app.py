"""The composition root: opens every service in order, and closes them in the other. Nothing else does.

A service is opened here, handed to those who need it as an argument, and pinged by `/readyz`. No module holds one
globally, so a test (or `aisle ask`) opens the very same program with other settings.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

from bot import embedded
from bot.access import Access, ensure_development_accounts, open_access
from bot.answer import Answerer, Voice
from bot.approvals import Approvals
from bot.board import Board
from bot.canned import CannedReplies
from bot.database import Database, open_database
from bot.desk import Desk, Kept
from bot.dialogue import Dialogue, Pace
from bot.feed import open_feed
from bot.follower import Follower
from bot.generate import open_generator
from bot.generate.protocol import Generator
from bot.insights import Insights
from bot.limits import Buckets, Connections, Places
from bot.notes import MemoryNotes, SqlNotes
from bot.orders.beside import beside
from bot.orders.opening import Dials, open_talk
from bot.orders.proof import Limits
from bot.orders.rules import Rules
from bot.presence import Presence, open_presence
from bot.record import Record, Stores
from bot.records import Ground, Records, open_records
from bot.routes import (
    admin,
    archive,
    auth,
    desk,
    health,
    insights,
    knowledge,
    pages,
    playground,
    problems,
    products,
    runs,
    shopper,
    staff,
    suggestions,
)
from bot.routes.headers import SecurityHeaders
from bot.routes.insights import InsightsGate
from bot.routes.shopper import BURST_S, Gate
from bot.routes.staff import DeskGate
from bot.sessions import open_sessions
from bot.settings import Settings
from bot.skills import Skills
from bot.suggestions import Suggestions
from bot.telemetry import Telemetry
from bot.transcripts import open_transcripts
from bot.upkeep import Upkeep, keeping
from knowledge import gazetteer, words
from knowledge.encode import open_encoder
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that is open."""

    settings: Settings
    stores: Stores
    library: Library
    generator: Generator
    dialogue: Dialogue
    telemetry: Telemetry
    places: Places
    access: Access
    upkeep: Upkeep
    presence: Presence
    follower: Follower
    record: Record
    board: Board
    database: Database
    records: Records

    @property
    def playground(self) -> Answerer:
        """Answers as the dialogue's own does, but for orders, and counts for nothing in the figures."""
        settings = self.settings
        voice = Voice(settings.shop, settings.langs, settings.tone, settings.reach)
        answerer = Answerer(self.library, self.generator, voice, Telemetry())
        answerer.live = self.upkeep.prices.over
        return answerer


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Services]:
    """Open every service; close them, last one first, however the body ends.

    Raises:
        KnowledgeError: There is no snapshot yet, or it is damaged; `aisle kb build` makes one.
        Unavailable, BadSettings: A dependency cannot be reached, or a setting is wrong.
    """
    async with AsyncExitStack() as stack:
        settings.data.mkdir(parents=True, exist_ok=True)
        redis_url = await _redis(settings, stack)
        stores = await _stores(settings, redis_url, stack)
        clock = partial(datetime.now, UTC)
        database = await open_database(settings.access_database_url)
        stack.push_async_callback(database.aclose)
        access = open_access(database, settings, clock)
        library = await asyncio.to_thread(_library, settings)
        generator = _generator(settings, stack)
        ground = Ground(settings, database, stores.sessions, stores.feed, access.audit, clock)
        upkeep = await stack.enter_async_context(keeping(ground))
        telemetry, places = Telemetry(), Places(settings.answers_in_flight, settings.answers_queued)
        voice = Voice(settings.shop, settings.langs, settings.tone, settings.reach)
        skills = _skills(settings, redis_url, clock, stack)
        answerer = Answerer(library, generator, voice, telemetry, skills)
        answerer.live = upkeep.prices.over
        record = Record(stores, settings.session_ttl_s, clock)
        pace = Pace(settings.lease_ttl_s, settings.sweep_every_s)
        dialogue = Dialogue(record, answerer, places, pace, settings.reach)
        stack.push_async_callback(dialogue.aclose)
        presence = open_presence(redis_url, clock)
        stack.push_async_callback(presence.aclose)
        board = Board(stores.transcripts, stores.feed, clock)
        records = open_records(ground)
        services = Services(
            settings=settings,
            stores=stores,
            library=library,
            generator=generator,
            dialogue=dialogue,
            telemetry=telemetry,
            places=places,
            access=access,
            upkeep=upkeep,
            presence=presence,
            follower=Follower(library, stores.feed, presence, answerer.warm),
            record=record,
            board=board,
            database=database,
            records=records,
        )
        works = (dialogue.sweep(), board.follow(), services.follower.run())
        for work in (*works, upkeep.prices.follow(), records.retention.job()):
            stack.push_async_callback(_end, asyncio.create_task(work))
        yield services


async def _redis(settings: Settings, stack: AsyncExitStack) -> str:
    """Address of the Redis; an embedded one is started."""
    if not settings.redis.startswith("embedded:"):
        return settings.redis
    server = await embedded.start(settings.data / "redis")
    stack.push_async_callback(server.aclose)
    return server.url


def _generator(settings: Settings, stack: AsyncExitStack) -> Generator:
    key, timeout_s = settings.generator_key.get_secret_value(), settings.generator_timeout_s
    generator = open_generator(
        settings.generator,
        key=key,
        timeout_s=timeout_s,
        threads=settings.threads,
        cache=settings.data / "generators",
    )
    stack.push_async_callback(generator.aclose)
    return generator


def _skills(settings: Settings, redis_url: str, clock: Callable[[], datetime], stack: AsyncExitStack) -> Skills:
    """All skills; that for orders only where the shop has them looked up."""
    talk = open_talk(_order_dials(settings, redis_url), clock)
    if talk is None:
        return Skills()
    stack.push_async_callback(talk.aclose)
    return Skills({"orders": talk}, aside=beside)


def _order_dials(settings: Settings, redis_url: str) -> Dials:
    limits = Limits(
        code_ttl_s=settings.code_ttl_s,
        tries=settings.code_tries,
        trust_ttl_s=settings.code_trust_s,
        window_s=settings.codes_window_s,
        per_shopper=settings.codes_per_shopper,
        per_email=settings.codes_per_email,
        per_order=settings.codes_per_order,
        per_address=settings.codes_per_address,
    )
    return Dials(
        orders=settings.orders,
        sender=settings.orders_sender,
        content=settings.content,
        data=settings.data,
        redis=redis_url,
        secret=settings.orders_secret.get_secret_value(),
        key=settings.secret.get_secret_value(),
        timeout_s=settings.orders_timeout_s,
        mail_from=settings.mail_from,
        rules=Rules(settings.return_days, frozenset(map(str.lower, settings.no_return_tags))),
        limits=limits,
        reach=settings.reach,
    )


async def _stores(settings: Settings, redis_url: str, stack: AsyncExitStack) -> Stores:
    transcripts = await open_transcripts(settings.database_url)
    stack.push_async_callback(transcripts.aclose)
    sessions = await open_sessions(redis_url)
    stack.push_async_callback(sessions.aclose)
    feed = await open_feed(redis_url)
    stack.push_async_callback(feed.aclose)
    return Stores(transcripts, sessions, feed)


def _library(settings: Settings) -> Library:
    if "zh" in settings.langs:
        # Else the first Chinese question would wait most of a second for its dictionary.
        words.warm()
    gazetteer.warm()
    encoder = open_encoder(settings.encoder, settings.data / "encoders", threads=settings.threads)
    return Library.open(settings.data / "knowledge", encoder)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _desk(services: Services) -> DeskGate:
    database, clock, settings = services.database, services.access.clock, services.settings
    notes = MemoryNotes(clock) if settings.database_url == "memory:" else SqlNotes(database, clock)
    kept = Kept(notes, Suggestions(database, clock), services.access.audit)
    return DeskGate(
        settings=settings,
        desk=Desk(services.record, kept, services.playground),
        board=services.board,
        stores=services.stores,
        places=services.places,
        library=services.library,
        live=services.upkeep.prices.over,
        canned=CannedReplies(database),
        audit=services.access.audit,
        clock=clock,
        connections=Connections(settings.connections_per_address),
    )


def _insights(services: Services) -> tuple[InsightsGate, Approvals]:
    database, access, library = services.database, services.access, services.library
    suggested = Suggestions(database, access.clock)
    figures = Insights(database, library.embed, access.clock)
    approvals = Approvals(database, suggested, services.upkeep.edits, access.audit)
    return InsightsGate(services.settings, figures, suggested, library), approvals


def create(settings: Settings) -> FastAPI:
    """The web application; its services open with its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings) as services:
            await ensure_development_accounts(services.access, settings)
            await services.follower.warm()
            app.state.services, app.state.access = services, services.access
            app.state.gate = Gate(
                settings=settings,
                dialogue=services.dialogue,
                stores=services.stores,
                telemetry=services.telemetry,
                connections=Connections(settings.connections_per_address),
                addresses=Buckets(settings.frames_per_s_address, settings.frames_per_s_address * BURST_S),
            )
            app.state.desk = _desk(services)
            app.state.records = services.records
            app.state.insights, app.state.approvals = _insights(services)
            # What only a server does: `aisle ask` opens the same services, and is no worker that others count on.
            tasks = [asyncio.create_task(work) for work in (services.follower.tell(), services.upkeep.watch.run())]
            try:
                yield
            finally:
                for task in tasks:
                    await _end(task)

    app = FastAPI(title="Aisle", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.add_middleware(SecurityHeaders)
    problems.install(app)
    chats, house = (shopper, staff, desk, archive), (health, admin, auth, insights, suggestions)
    for module in (*chats, *house, knowledge, runs, products, playground):
        app.include_router(module.router)
    pages.mount(app)
    return app
