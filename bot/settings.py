"""One frozen `Settings`, read from the environment, refusing what is unsafe in production.

Each field's environment variable is `AISLE_` plus its name in capitals; README's table is generated from here
(`settings_table`). Secrets are masked wherever settings are shown.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings
from bot.handoff import Reach
from bot.hours import BadHours, read_hours
from bot.summary import address

DEV_SECRET = "development-only-secret-change-me"
DEV_STAFF_PASSWORD = "tent-and-stove"

Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Effective settings. Times are in seconds, sizes in the unit that the name says."""

    model_config = SettingsConfigDict(env_prefix="AISLE_", frozen=True, extra="forbid")

    env: Literal["development", "production"] = Field(
        "development",
        description="`production` refuses the embedded Redis, sample secrets and an open allow-list",
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    data: Path = Field(Path(".aisle"), description="folder of snapshots, database, Redis files and exports")
    content: Path = Field(
        Path(__file__).resolve().parent.parent / "knowledge" / "content",
        description="folder of the shop's sources; the sample shop by default",
    )
    shop: str = Field("Fernway Outdoor", description="the shop's name, as shoppers read it")
    shop_url: str = Field("http://127.0.0.1:8000", description="where rooted links in the sources lead")
    contact: str = Field("", description="how else a shopper reaches the shop (shown when nobody is there)")
    hours: str = Field(
        "", description="when somebody of the team is there, e.g. `Mon-Fri 09:00-18:00, Sat 10:00-16:00`; empty: unsaid"
    )
    timezone: str = Field("UTC", description="the clock that the hours are on, e.g. `Europe/Berlin`")
    reply_minutes: int = Field(
        0, ge=0, le=1440, description="how long a person usually takes to join in opening hours; 0: unsaid"
    )
    reply_from: str = Field(
        "", description="address that the team answers shoppers' e-mail from; empty: no answer by e-mail is promised"
    )
    langs: Names = Field(("en", "zh"), description="languages that the shop answers in; the first is the default")
    tone: Literal["friendly", "formal"] = Field("friendly", description="tone of voice")

    generator: str = Field(
        "copy:",
        description="`copy:` · `quote:` · `hf:<model>` · `openai:<url>#<model>` · `copy:own`, `hf:own`; what drafts",
    )
    generator_key: SecretStr = Field(SecretStr(""), description="API key for `openai:`, if it wants one")
    generator_timeout_s: float = Field(
        20.0, gt=0, description="longest silence of a generator before the ladder takes over"
    )
    encoder: str = Field(
        "st:", description="`st:<sentence-transformers model or path>`; empty: the packaged all-MiniLM-L6-v2"
    )
    redis: str = Field("embedded:", description="`embedded:` · `redis://…` · `rediss://…` · `unix://…`")
    database: str = Field("", description="`sqlite:///…` · `postgresql://…`; empty: SQLite in the data folder")

    orders: str = Field(
        "table:",
        description="`table:` (`orders.jsonl` of the content) · `table:<file>` · `https://…` (the shop's endpoint) · "
        "`none:`; where orders are looked up and changed",
    )
    orders_secret: SecretStr = Field(
        SecretStr(""), description="shared with the shop's endpoint: signs what is sent to it (HMAC-SHA256)"
    )
    orders_timeout_s: float = Field(5.0, gt=0, description="longest wait for the shop's endpoint, repetitions included")
    orders_sender: str = Field(
        "console:",
        description="`smtp://user:password@host:587` · `smtps://…` · `https://…` (the shop's endpoint) · `console:`; "
        "sends shoppers the code that proves that an order is theirs",
    )
    mail_from: str = Field("", description="address that such mails are sent from; needed for `smtp:`")
    return_days: int = Field(60, ge=0, description="days from delivery in which a return may be registered")
    no_return_tags: Names = Field(("final sale",), description="products with one of these tags do not come back")
    code_ttl_s: int = Field(600, ge=60, description="how long a code is good")
    code_tries: int = Field(3, ge=1, le=10, description="how often a code may be tried")
    code_trust_s: int = Field(1800, ge=0, description="how long a conversation may see the orders of a proved address")
    codes_window_s: int = Field(3600, ge=60, description="the time in which the next four are counted")
    codes_per_shopper: int = Field(5, ge=1, description="codes that one conversation may ask for")
    codes_per_email: int = Field(5, ge=1, description="codes that may be asked for with one e-mail address")
    codes_per_order: int = Field(5, ge=1, description="codes that may be asked for with one order number")
    codes_per_address: int = Field(20, ge=1, description="codes that may be asked for from one network address")

    secret: SecretStr = Field(
        SecretStr(DEV_SECRET), description="signs shoppers' tokens; at least 32 characters in production"
    )
    identity_secret: SecretStr = Field(
        SecretStr(""), description="shared with the shop: verifies the identities it passes (HMAC-SHA256 JWT)"
    )
    origins: Names = Field(
        ("*",), description="pages that may open a chat, e.g. `https://shop.example`; `*` is for development"
    )
    staff_password: SecretStr = Field(
        SecretStr(DEV_STAFF_PASSWORD),
        description="signs in `staff` and `admin` in development, where no account exists yet; unused in production",
    )

    session_ttl_s: int = Field(
        30 * 24 * 3600, gt=0, description="how long live state of an idle conversation is kept in Redis"
    )
    token_ttl_s: int = Field(30 * 24 * 3600, gt=0, description="how long a shopper's token is good")
    lease_ttl_s: float = Field(
        6.0, gt=0.2, description="after this a dead worker's conversation is taken over by another"
    )
    sweep_every_s: float = Field(3.0, gt=0, description="how often a worker looks for turns that nobody answers")

    sign_in_ttl_s: int = Field(7 * 24 * 3600, gt=0, description="longest that a sign-in of staff lasts")
    sign_in_idle_s: int = Field(12 * 3600, gt=0, description="a sign-in that is not used for so long ends")
    sign_in_tries_account: int = Field(5, ge=1, description="wrong passwords in a row before an account waits")
    sign_in_tries_address: int = Field(20, ge=1, description="wrong passwords from an address before it waits")
    sign_in_wait_s: float = Field(15 * 60, gt=0, description="that wait, doubled after each further wrong one")
    sign_in_longest_wait_s: float = Field(3600, gt=0, description="the wait is doubled up to this")

    max_chars: int = Field(2000, ge=1, le=8000, description="longest message of a shopper, in characters")
    frames_per_s: float = Field(
        5.0, gt=0, description="frames a second per connection, with a burst of four times that"
    )
    frames_per_s_address: float = Field(
        50.0, gt=0, description="frames a second per address, with a burst of four times that"
    )
    connections_per_address: int = Field(50, ge=1, description="open connections per address")
    answers_in_flight: int = Field(4, ge=1, description="answers made at once by one worker")
    answers_queued: int = Field(
        64, ge=0, description="turns that wait for a place before shoppers are told that it is busy"
    )
    send_queue: int = Field(256, ge=8, description="frames waiting for a slow reader before it is dropped")
    send_timeout_s: float = Field(10.0, gt=0, description="longest that one frame may take to leave")
    hello_timeout_s: float = Field(10.0, gt=0, description="longest wait for a connection's first frame")
    trusted_proxies: Names = Field((), description="addresses whose `X-Forwarded-For` is believed")

    keep_transcripts_days: int = Field(
        365, ge=0, le=36500, description="how long a conversation is kept after its last message; 0: for ever"
    )
    keep_notes_days: int = Field(
        365, ge=0, le=36500, description="how long private notes of staff are kept; 0: for ever"
    )
    keep_audit_days: int = Field(
        730, ge=0, le=36500, description="how long the log of who did what is kept; 0: for ever"
    )
    keep_attempts_days: int = Field(30, ge=1, le=36500, description="how long wrong tries to sign in are kept")
    keep_exports_days: int = Field(30, ge=0, le=36500, description="how long files of exports are kept; 0: for ever")

    gold_bar: float = Field(
        0.85,
        ge=0,
        le=1,
        description="share of gold questions whose entry a build must find among its first three",
    )
    gold_drop: float = Field(
        0.02, ge=0, le=1, description="by how much that share may be less than that of the snapshot that serves"
    )

    threads: int = Field(
        1, ge=1, le=64, description="threads of one query's arithmetic; more is slower on small machines"
    )

    @field_validator("langs", "origins", "trusted_proxies", "no_return_tags", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Lists are written with commas in the environment."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("reply_from", "mail_from")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and address(value) != value:
            raise ValueError(f"got {value!r}, wanted an e-mail address, or nothing")
        return value

    @field_validator("keep_audit_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if 0 < value < 31:
            raise ValueError(f"got {value}, wanted at least 31, or 0 for ever: younger entries cannot be removed")
        return value

    @model_validator(mode="after")
    def _clock(self) -> Self:
        """Refuse opening hours that cannot be read."""
        try:
            zone = ZoneInfo(self.timezone)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            raise ValueError(f"AISLE_TIMEZONE: got {self.timezone!r}, wanted a name such as Europe/Berlin") from None
        try:
            read_hours(self.hours, zone)
        except BadHours as error:
            raise ValueError(f"AISLE_HOURS: {error}") from None
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse ways of sending that miss something."""
        wanted = self.orders != "none:"
        if wanted and self.orders_sender.startswith(("smtp:", "smtps:")) and not self.mail_from:
            raise ValueError("AISLE_MAIL_FROM: got nothing, wanted the address to send from")
        signs = any(dial.startswith(("http:", "https:")) for dial in (self.orders, self.orders_sender))
        if wanted and signs and len(self.orders_secret.get_secret_value()) < 16:
            raise ValueError("AISLE_ORDERS_SECRET: got under 16 characters, wanted a secret shared with the endpoint")
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        """Refuse in production what is only fit for development."""
        if self.env != "production":
            return self
        wrong = [
            (self.redis.startswith("embedded:"), "AISLE_REDIS: got embedded:, wanted a server of its own"),
            (
                len(self.secret.get_secret_value()) < 32 or self.secret.get_secret_value() == DEV_SECRET,
                "AISLE_SECRET: got the sample or under 32 characters, wanted a secret of your own",
            ),
            ("*" in self.origins, "AISLE_ORIGINS: got *, wanted the shop's own pages"),
            *_unsafe_orders(self),
        ]
        if problems := [text for bad, text in wrong if bad]:
            raise ValueError("; ".join(problems))
        return self

    @property
    def reach(self) -> Reach:
        """How a shopper reaches a person."""
        hours = read_hours(self.hours, ZoneInfo(self.timezone))
        return Reach(hours, self.reply_minutes, self.contact, self.reply_from)

    @property
    def database_url(self) -> str:
        """The database, with the default filled in."""
        return self.database or f"sqlite:///{self.data.resolve() / 'aisle.db'}"

    @property
    def access_database_url(self) -> str:
        """Where accounts are: in the database, or in a file of their own when the transcripts are only in memory."""
        trial = self.database_url == "memory:"
        return f"sqlite:///{self.data.resolve() / 'access.db'}" if trial else self.database_url


def _unsafe_orders(settings: Settings) -> list[tuple[bool, str]]:
    """What production refuses about orders: mails in the log, and addresses of orders without TLS."""
    dials = {"AISLE_ORDERS": settings.orders, "AISLE_ORDERS_SENDER": settings.orders_sender}
    plain = [(dial.startswith("http:"), f"{name}: got http:, wanted https:") for name, dial in dials.items()]
    local = settings.orders_sender.startswith(("console:", "memory:"))
    wanted = settings.orders != "none:"
    return [
        *(plain if wanted else []),
        (wanted and local, "AISLE_ORDERS_SENDER: got console:, wanted smtp://… or https://…, or AISLE_ORDERS=none:"),
    ]


def load(**overrides: Any) -> Settings:
    """Settings from the environment, with `overrides` winning.

    Raises:
        BadSettings: Naming each variable, what was found and what was wanted.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for e in error.errors(include_url=False):
            where = f"AISLE_{'.'.join(map(str, e['loc'])).upper()}: " if e["loc"] else ""
            lines.append(where + e["msg"].removeprefix("Value error, "))
        raise BadSettings("\n".join(lines)) from None


def shown(settings: Settings) -> dict[str, str]:
    """Variable → value as text, secrets masked, passwords in addresses too."""
    out = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        out[f"AISLE_{name.upper()}"] = _mask(text)
    return out


def _mask(text: str) -> str:
    """Hide the password of `scheme://user:password@host`."""
    scheme, mark, rest = text.partition("://")
    userinfo, at, host = rest.rpartition("@")
    if not (mark and at and ":" in userinfo):
        return text
    return f"{scheme}://{userinfo.split(':', 1)[0]}:***@{host}"


def settings_table() -> str:
    """README's table of settings, in Markdown."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    home = str(Path(__file__).resolve().parent.parent) + "/"
    for name, field in Settings.model_fields.items():
        value = field.default
        text = ",".join(value) if isinstance(value, tuple) else str(value).replace(home, "")
        rows.append(f"| `AISLE_{name.upper()}` | {f'`{text}`' if text else ''} | {field.description} |")
    return "\n".join(rows)
