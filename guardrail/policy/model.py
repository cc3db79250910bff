"""What a policy says, as frozen values. Knows no file, no YAML and no rail's own settings.

Every model refuses keys it does not know. A provider key or a client token is never in here: only the name of the
environment variable or file that holds the key, and the SHA-256 of the token.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    field_validator,
    model_validator,
)

from guardrail.engine.operators import Operator
from guardrail.policy.admin import Admin, TokenHash
from guardrail.policy.apis import Api, ApiName
from guardrail.policy.audit import Audit
from guardrail.policy.base import Code, Identifier, Language, Model, OwnText, Requirement
from guardrail.policy.crisis import Crisis
from guardrail.policy.disclosure import Disclosure
from guardrail.policy.footprint import Footprints
from guardrail.policy.gates import Because, ClaimsKey, Gates, Task
from guardrail.policy.medical import Medical
from guardrail.policy.notices import Notices
from guardrail.policy.redress import Redress
from guardrail.policy.telemetry import Tracing
from guardrail.policy.texts import UNAVAILABLE, WITHHELD, in_language
from guardrail.text import Action, Direction

MEBIBYTE = 1024 * 1024

COHORT_DIMENSIONS = (
    "age_band",
    "sex",
    "ethnicity",
    "disability",
    "role",
    "surface",
    "consent",
    "guardian_consent",
    "language",
)
"""What the `X-Guardrail-*` headers may tell, in the order of interface.md."""


def _read_action(value: object) -> object:
    if isinstance(value, str):
        try:
            return Action[value.upper()] if value == value.lower() else value
        except KeyError:
            pass
    if isinstance(value, Action):
        return value
    raise ValueError("use one of allow, warn, replace, block")


ActionWord = Annotated[
    Action, BeforeValidator(_read_action), PlainSerializer(lambda action: action.word, return_type=str)
]
"""An action as a policy writes it: allow, warn, replace, block."""


def _check_url(value: str) -> str:
    if not re.fullmatch(r"[!-~]+", value):  # urlsplit drops line breaks and tabs without a word
        raise ValueError("an address has no spaces and no control characters")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("use https://host or https://host/prefix")
    if parts.username is not None or parts.password is not None:
        raise ValueError("no user or password in a URL; use api_key_env or api_key_file")
    if parts.query or parts.fragment or "?" in value or "#" in value:
        raise ValueError("no query and no fragment")
    if not re.fullmatch(r"[A-Za-z0-9.\-:\[\]]+", parts.netloc) or ".." in parts.netloc:
        raise ValueError("one plain host name; no wildcard, no variable")
    if parts.port == 0:
        raise ValueError("port 0 is no port")
    if not re.fullmatch(r"(/[A-Za-z0-9._~\-]+)*/?", parts.path) or re.search(r"/\.{1,2}(/|$)", parts.path):
        raise ValueError("the path prefix may hold letters, digits and . _ ~ - only")
    return value.rstrip("/")


def is_loopback(host: str) -> bool:
    """True for a host that never leaves this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
BaseUrl = Annotated[str, Field(max_length=500), AfterValidator(_check_url)]
Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]{1,60}(\.\*)?$")]
Seconds = Annotated[float, Field(gt=0, le=3600, strict=True)]
Count = Annotated[StrictInt, Field(ge=1)]


ModelPatterns = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/*?+-]{1,200}$")], ...], Field(max_length=1_000)
]
MemberName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
Attestations = Mapping[Identifier, StrictBool | Code]
Demands = Mapping[Identifier, StrictBool | Code | tuple[Code, ...]]


class Client(Model):
    """An application that may connect. Its token is known by its SHA-256 only."""

    name: Identifier
    token_sha256: TokenHash
    surface: Code | None = None
    country: Country | None = None
    language: Language | None = None
    upstreams: tuple[Identifier, ...] | None = None
    """The providers that it may use, the first one first, by whatever way; left out: any."""
    demands: Demands = Field(default_factory=dict)
    """What its providers must attest, on top of the policy's own `demands`."""
    tasks: tuple[Task, ...] | None = None
    """What it may ask about (WHO-68); left out: anything."""
    claims: ClaimsKey | None = None
    """How it signs what it says of its user."""


class Breaker(Model):
    """When a provider that keeps failing is not asked for a while."""

    failures: Annotated[Count, Field(le=1_000)] = 5
    """In a row: not reached, too late, or a status of 500 and more."""
    seconds: Seconds = 15.0


class Timeouts(Model):
    """Seconds for each phase of a call to the provider."""

    connect: Seconds = 5.0
    first_byte: Seconds = 120.0
    idle: Seconds = 60.0
    total: Seconds = 600.0


class Upstream(Model):
    """One provider: where it is, which API it speaks, where its key is kept."""

    base_url: BaseUrl
    dialects: Annotated[tuple[Identifier, ...], Field(min_length=1)] = ("openai.chat",)
    api_key_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")] | None = None
    api_key_file: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    timeouts: Timeouts = Timeouts()
    models: ModelPatterns = ()
    """The models that it serves, as patterns (`gpt-4*`); empty: any."""
    attests: Attestations = Field(default_factory=dict)
    """What you have checked of it: `baa: true`, `no_training: true`, `region: eu`."""
    fallback: tuple[Identifier, ...] = ()
    """Who is asked instead if no connection to it comes about; nobody else is."""
    set: Mapping[MemberName, StrictBool | StrictInt | Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict
    )
    """Members that every request to it says at its top (`store: false`), whatever the application says."""
    breaker: Breaker = Breaker()

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key_env and self.api_key_file:
            raise ValueError("give api_key_env or api_key_file, not both")
        return self

    @property
    def is_local(self) -> bool:
        """True if the provider runs on this machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")


class Defaults(Model):
    """What counts when neither the client nor a header says it."""

    surface: Code = "patient"
    country: Country = ""
    language: Language = "en"
    date_order: Literal["", "mdy", "dmy"] = ""
    """How 03/04/2024 is meant; "" tells no distance between such dates."""


Codes = Annotated[tuple[Code, ...], Field(max_length=40)]


class Cohorts(Model):
    """The closed lists of group codes that applications may send. Anything else counts as `unspecified`."""

    age_band: Codes = ("0-12", "13-17", "18-39", "40-64", "65+")
    sex: Codes = ("female", "male", "other")
    ethnicity: Codes = ()
    disability: Codes = ("yes", "no")
    role: Codes = ("patient", "caregiver", "clinician", "student", "admin")
    surface: Codes = ("patient", "clinician", "admin", "research", "education")
    consent: Codes = ("granted", "declined", "withdrawn", "not_required", "emergency")
    guardian_consent: Codes = ("yes", "no")
    language: Codes = ("en", "es", "fr", "de", "pt", "it", "ar", "zh", "hi", "ru", "sw")

    def values(self, dimension: str) -> tuple[str, ...]:
        """The codes of one dimension. Raises KeyError for a name that is none."""
        if dimension not in COHORT_DIMENSIONS:
            raise KeyError(dimension)
        codes: tuple[str, ...] = getattr(self, dimension)
        return codes


Labels = Mapping[Label, ActionWord]


class LabelActions(Model):
    """Exceptions to a rule's action, by what was found (`NAME`, or `high.*` for a family)."""

    request: Labels = Field(default_factory=dict)
    response: Labels = Field(default_factory=dict)


class RailRule(Model):
    """One check and what is done about its findings in each direction. A direction left out is not checked."""

    rail: Identifier
    request: ActionWord | None = None
    response: ActionWord | None = None
    labels: LabelActions = LabelActions()
    shadow: StrictBool = False
    because: tuple[Requirement, ...] = ()
    settings: Mapping[str, Any] = Field(default_factory=dict)

    def action(self, direction: Direction) -> Action | None:
        """What is done in this direction, None if the rail does not look there."""
        return self.request if direction is Direction.REQUEST else self.response

    def label_actions(self, direction: Direction) -> Mapping[str, Action]:
        """The exceptions for this direction."""
        return self.labels.request if direction is Direction.REQUEST else self.labels.response


class Limits(Model):
    """Upper bounds. Over a limit a request is refused; nothing is cut off and sent on."""

    max_body_bytes: Annotated[Count, Field(le=256 * MEBIBYTE)] = 10 * MEBIBYTE
    max_answer_bytes: Annotated[Count, Field(le=256 * MEBIBYTE)] = 32 * MEBIBYTE
    max_depth: Annotated[Count, Field(le=200)] = 64
    max_messages: Annotated[Count, Field(le=100_000)] = 2_000
    max_strings: Annotated[Count, Field(le=1_000_000)] = 50_000
    max_hold_chars: Annotated[StrictInt, Field(ge=1_024, le=1_000_000)] = 4_096
    max_held_json_bytes: Annotated[Count, Field(le=64 * MEBIBYTE)] = MEBIBYTE
    rail_deadline_seconds: Seconds = 2.0
    queue_deadline_seconds: Seconds = 5.0
    analysis_deadline_seconds: Seconds = 30.0
    max_text_chars: Annotated[Count, Field(le=100_000_000)] = 500_000
    head_timeout_seconds: Seconds = 10.0
    body_timeout_seconds: Seconds = 30.0
    drain_seconds: Seconds = 20.0
    max_in_flight: Annotated[Count, Field(le=100_000)] = 256
    remembered_segments: Annotated[StrictInt, Field(ge=0, le=10_000_000)] = 50_000
    """Texts, and findings in them, that are not inspected again when they come again; 0: every text is."""


MediaType = Annotated[str, Field(pattern=r"^[a-z]+/(\*|[a-z0-9.+-]{1,80})$")]
Host = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")]


class Media(Model):
    """Parts that are not text. Text in files is always inspected; what is listed here passes unseen."""

    release: tuple[MediaType, ...] = ()
    """Media types, or families (`image/*`), that pass uninspected; each one is counted."""
    hosts: tuple[Host, ...] = ()
    """Hosts from which the provider may fetch a file that a request links to. The proxy itself fetches nothing."""


ToolPattern = Annotated[str, Field(pattern=r"^[a-z0-9_*]{2,64}$")]


class Tools(Model):
    """Actions that a person has to decide: a model may propose them only (WHO-32, WHO-33)."""

    classes: Mapping[Identifier, tuple[ToolPattern, ...]] = Field(default_factory=lambda: dict(ACTIONS))
    """Patterns of tool names by class of action, on top of `ACTIONS`. Words of a name are joined by underscores."""
    release: tuple[Identifier, ...] = ()
    """Classes that a model may start by itself."""

    @field_validator("classes")
    @classmethod
    def _on_top_of_ours(cls, own: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        """A class of one's own takes none of the shipped ones away; only `release` does."""
        return {name: tuple(dict.fromkeys((*ACTIONS.get(name, ()), *own.get(name, ())))) for name in {**ACTIONS, **own}}


ACTIONS: Mapping[str, tuple[str, ...]] = {
    "prescribe": ("*prescrib*", "prescription", "erx", "rx", "refill", "medication_request", "dispense"),
    "order": (
        *("order", "orders", "*place*order*", "*create*order*", "*submit*order*", "*send*order*"),
        *("service_request", "requisition", "referral", "*schedule*procedure*"),
    ),
    "write_ehr": (
        *(f"*{verb}*{thing}*" for verb in ("write", "update", "create", "delete") for thing in ("ehr", "emr", "chart")),
        *(
            f"*{verb}*{thing}*"
            for verb in ("write", "update", "create", "delete")
            for thing in ("record", "fhir", "note")
        ),
        "discharge",
        "sign_note",
    ),
}
"""The classes that hold without a word in the policy. `get_order` and the like only read: see ToolRules."""


class Restore(Model):
    """Where real values may be put back besides the answer's prose."""

    tools: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")], ...] = ()


PlainLabel = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,59}$")]


class Placeholders(Model):
    """What the model reads in place of a patient's data."""

    roles: StrictBool = True
    """[PATIENT_1], [CLINICIAN_1], [RELATIVE_1] where the words beside a name say so; false: always [NAME_1]."""
    operators: Mapping[PlainLabel, Operator] = Field(default_factory=dict)
    """By label, on top of the defaults (`AGE_OVER_89: generalise`, else `placeholder`)."""


class Route(Model):
    """Where requests below `/r/NAME/` go."""

    upstream: Identifier


class Models(Model):
    """Which models may be asked for."""

    allow: ModelPatterns | None = None
    """Patterns of names; left out: any, empty: none. Listings of models show no others."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """Those of which a model's name must match one, if there are any."""
        return () if self.allow is None else self.allow or ("",)


EnvName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")]


class State(Model):
    """What the provider may keep between requests."""

    keep_at_provider: StrictBool = False
    """True: conversations may be stored there (`store: true`) and be continued by id; else every request says no."""
    store: Literal["memory", "redis"] = "memory"
    """Where the placeholders of such conversations are kept, encrypted."""
    redis_url_env: EnvName | None = None
    """The environment variable with Redis's address."""
    key_env: EnvName | None = None
    """The environment variable with the key of the encryption: 32 bytes in base64, the same for all replicas."""
    seconds: Annotated[float, Field(gt=0, le=30 * 86_400, strict=True)] = 86_400.0
    max_entries: Annotated[Count, Field(le=10_000_000)] = 10_000

    @model_validator(mode="after")
    def _all_of_redis(self) -> Self:
        if self.store == "redis" and not (self.redis_url_env and self.key_env):
            raise ValueError("store: redis needs redis_url_env and key_env")
        return self


class Texts(Model):
    """What the guardrail says in its own name; a language left out keeps the shipped text."""

    withheld: Mapping[Language, OwnText] = Field(default_factory=dict)
    unavailable: Mapping[Language, OwnText] = Field(default_factory=dict)

    def withheld_in(self, language: str) -> str:
        """In place of an answer that the policy withholds: in this language, else in English."""
        return in_language(language, self.withheld, WITHHELD)

    def unavailable_in(self, language: str) -> str:
        """In place of an answer that the provider did not give: in this language, else in English."""
        return in_language(language, self.unavailable, UNAVAILABLE)


class Policy(Model):
    """The whole behaviour of a guardrail. After loading, `extends` is merged and empty."""

    name: Identifier
    version: Annotated[StrictInt, Field(ge=1, le=1_000_000_000)]
    description: Annotated[str, Field(max_length=4_000)] = ""
    extends: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=300)], ...], Field(max_length=16)] = ()
    unsafe: StrictBool = False
    because: Mapping[Identifier, Because] = Field(default_factory=dict)
    """The requirements and laws behind a part (`notices: [NY GBL 1702]`); rules and gates name their own."""
    clients: tuple[Client, ...] = ()
    upstreams: Mapping[Identifier, Upstream] = Field(default_factory=dict)
    default_upstream: Identifier | None = None
    routes: Mapping[Identifier, Route] = Field(default_factory=dict)
    demands: Demands = Field(default_factory=dict)
    """What every provider must attest (WHO-20, WHO-23)."""
    models: Models = Models()
    apis: Mapping[ApiName, Api] = Field(default_factory=dict)
    defaults: Defaults = Defaults()
    cohorts: Cohorts = Cohorts()
    rails: tuple[RailRule, ...] = ()
    limits: Limits = Limits()
    on_failure: Literal["block", "warn"] = "block"
    logprobs: Literal["drop", "keep_unchanged"] = "drop"
    placeholders: Placeholders = Placeholders()
    restore: Restore = Restore()
    media: Media = Media()
    tools: Tools = Field(default_factory=lambda: Tools())
    state: State = State()
    texts: Texts = Texts()
    gates: Gates = Gates()
    crisis: Crisis = Crisis()
    medical: Medical = Medical()
    notices: Notices = Notices()
    admin: Admin = Admin()
    audit: Audit = Audit()
    disclosure: Disclosure = Field(default_factory=lambda: Disclosure())
    redress: Redress = Field(default_factory=lambda: Redress())
    footprint: Footprints = Footprints()
    telemetry: Tracing = Tracing()

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in which an answer of ours can be asked for."""
        own = (client.language for client in self.clients if client.language)
        return tuple(dict.fromkeys((*self.cohorts.language, self.default_language, *own)))

    @property
    def default_language(self) -> str:
        """What readers get whose language is not known."""
        return self.defaults.language or "en"

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country whose services an answer of ours can name."""
        own = (client.country for client in self.clients)
        return tuple(dict.fromkeys(each for each in (self.defaults.country, *own) if each))

    def rule(self, rail: str) -> RailRule | None:
        """The rule of one rail, None if the policy has none."""
        return next((rule for rule in self.rails if rule.rail == rail), None)
