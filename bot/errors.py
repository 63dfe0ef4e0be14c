"""Every error Aisle raises on purpose, in one tree, each with the code that goes over the wire.

    AisleError                 internal
    ├── BadFrame               bad_frame          a frame that cannot be read; says where and what was wanted
    │   ├── WrongVersion       wrong_version      protocol version not spoken here
    │   └── TooLarge           too_large          frame or message over its limit
    ├── Refused                refused
    │   ├── BadToken           bad_token          token or identity forged, expired or for something else
    │   ├── BadOrigin          bad_origin         page not on the shop's allow-list
    │   ├── NotSignedIn        not_signed_in      no good session, API token, or name and password
    │   ├── Forbidden          forbidden          signed in, but the role or scope does not reach
    │   ├── BadAccount         bad_account        a name, password, role or scope that cannot be
    │   ├── NotFound           not_found          no such entry, file, run, snapshot or question
    │   ├── BadKnowledge       bad_knowledge      an edit, file, price or question that cannot be; lists every problem
    │   ├── Building           building           another build is running; says whose
    │   ├── NeedsForce         needs_force        something speaks against it; says what, and goes on if told to
    │   ├── RateLimited        rate_limited       carries `retry_after_s`
    │   └── Busy               busy               answers in flight and queue are full; carries `retry_after_s`
    ├── BadPhase               bad_phase          an event that the conversation's phase, or who has it, does not allow
    ├── Unavailable            unavailable        a dependency is down; carries its name
    │   ├── StateLost          state_lost         Redis is away
    │   ├── StoreLost          store_lost         SQL is away: no new turn is accepted
    │   ├── OrdersFailed       orders_failed      the order system is down, slow or talks nonsense; a person is offered
    │   └── GeneratorFailed    generator_failed   slow, down, refusing or broken; the ladder takes over
    └── BadSettings            bad_settings       a setting that is wrong or unsafe

Caught in two places: the routes (→ error frame, status code) and the failure ladder in `dialogue.py`.
Errors of the knowledge package have their own root, `knowledge.errors.KnowledgeError`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class AisleError(Exception):
    """Root of the tree. The message says what was got and what was wanted."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(message or self.code)
        self.message = message or self.code
        self.retry_after_s = retry_after_s


class BadFrame(AisleError):
    """A frame that cannot be read."""

    code = "bad_frame"


class WrongVersion(BadFrame):
    """A protocol version that is not spoken here."""

    code = "wrong_version"


class TooLarge(BadFrame):
    """A frame or message over its limit."""

    code = "too_large"


class Refused(AisleError):
    """Understood, and not allowed."""

    code = "refused"


class BadToken(Refused):
    """A token or identity that is forged, expired or meant for something else."""

    code = "bad_token"


class BadOrigin(Refused):
    """A page that is not on the shop's allow-list."""

    code = "bad_origin"


class NotSignedIn(Refused):
    """No session, API token, or name and password that is good."""

    code = "not_signed_in"


class Forbidden(Refused):
    """Signed in, but the role or the token's scopes do not reach that far."""

    code = "forbidden"


class BadAccount(Refused):
    """A name, password, role or scope that cannot be, or an account or token that is not there."""

    code = "bad_account"


class NotFound(Refused):
    """Nothing is there under this name."""

    code = "not_found"


class BadKnowledge(Refused):
    """An edit, file, price or question that cannot be. `problems` lists every bad place, each JSON-able."""

    code = "bad_knowledge"

    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Building(Refused):
    """One build at a time, and another is running; or what is asked for needs one that has ended."""

    code = "building"


class NeedsForce(Refused):
    """Something speaks against it, and nobody has said to do it all the same."""

    code = "needs_force"


class RateLimited(Refused):
    """Too many frames, connections or attempts."""

    code = "rate_limited"


class Busy(Refused):
    """All places for answers, and the queue before them, are taken."""

    code = "busy"


class BadPhase(AisleError):
    """An event that the phase of the conversation, or who of the staff has it, does not allow."""

    code = "bad_phase"


class Unavailable(AisleError):
    """A dependency is down."""

    code = "unavailable"


class StateLost(Unavailable):
    """Redis is away; what it held can be rebuilt from the transcript."""

    code = "state_lost"


class StoreLost(Unavailable):
    """SQL is away; no new turn can be accepted."""

    code = "store_lost"


class OrdersFailed(Unavailable):
    """The shop's order system is down, slow, or answers what cannot be read."""

    code = "orders_failed"


class GeneratorFailed(Unavailable):
    """The generator is slow, down, refusing or broken."""

    code = "generator_failed"


class BadSettings(AisleError):
    """A setting that is wrong, or unsafe in production."""

    code = "bad_settings"
