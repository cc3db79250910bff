"""APIs that a policy describes (`apis:`), as frozen values, and what the dialect is told of them.

Addresses, shapes and paths are checked here, so that a description that can't work is refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from guardrail.dialects.catalog import ROUTES
from guardrail.dialects.document import NOTES
from guardrail.dialects.generic import literal
from guardrail.dialects.generic.address import Address, address_of
from guardrail.dialects.generic.description import (
    JSON,
    AnswerShape,
    Calls,
    Condition,
    Description,
    ErrorShape,
    RequestShape,
    Scalar,
    StreamShape,
    Voices,
)
from guardrail.dialects.generic.dialect import Served
from guardrail.dialects.usage import Places
from guardrail.policy.base import Model
from guardrail.text import Role
from guardrail.wire.headers import CREDENTIALS

PREFIX = "generic."
"""The dialect of the API `house-llm` is `generic.house-llm`."""


def _check_address(value: str) -> str:
    Address.parse(value)
    return value


def _single(value: str) -> str:
    if not Address.parse(value).is_single:
        raise ValueError("one place only: no [*] and no .* here")
    return value


def _elements(value: str) -> str:
    if not value.endswith("[*]"):
        raise ValueError("name the elements of a list: end with [*]")
    if not Address.parse(value.removesuffix("[*]")).is_single:
        raise ValueError("one list only: no other [*] and no .* here")
    return value


def _in_one_list(value: str) -> str:
    if ".*" in value or value.count("[*]") > 1:
        raise ValueError("no .* here, and [*] once at most")
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_condition(value: object) -> object:
    if value is True:
        return {}
    if isinstance(value, str):
        return {value: []}
    if isinstance(value, Mapping):
        return {key: each if isinstance(each, list | tuple) else [each] for key, each in value.items()}
    return value


def _check_path(value: str) -> str:
    if not re.fullmatch(r"(/([A-Za-z0-9._~:@-]|\{[a-z_]+\})+)+", value) or re.search(r"/\.{1,2}(/|$)|\}\{", value):
        raise ValueError("use a path like /infer/v2/{model}:run, with letters, digits and . _ ~ : @ -")
    if value.startswith(("/guardrail/", "/r/")):
        raise ValueError("paths below /guardrail/ and /r/ are the guardrail's own")
    names = re.findall(r"\{([a-z_]+)\}", value)
    if len(names) != len(set(names)):
        raise ValueError("a name in braces stands for one part only")
    taken = next((route.path for route in ROUTES if overlap(value, route.path)), None)
    if taken is not None:
        raise ValueError(f"a known API is served at {taken}, and its dialect protects it better")
    return value


def _check_header(value: str) -> str:
    if value not in CREDENTIALS:
        raise ValueError(f"use one of {', '.join(CREDENTIALS)}")
    return value


Where = Annotated[StrictStr, AfterValidator(_check_address)]
Place = Annotated[StrictStr, AfterValidator(_single)]
Finish = Annotated[StrictStr, AfterValidator(_check_address), AfterValidator(_in_one_list)]
Elements = Annotated[StrictStr, AfterValidator(_check_address), AfterValidator(_elements)]
Count = Annotated[tuple[Finish, ...], BeforeValidator(_as_list), Field(max_length=4)]
"""The places of a count: numbers that are added up."""
Wheres = Annotated[tuple[Where, ...], BeforeValidator(_as_list), Field(max_length=64)]
Word = Annotated[StrictStr, Field(min_length=1, max_length=64)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_as_list), Field(max_length=64)]
Key = Annotated[StrictStr, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
Value = StrictBool | StrictInt | float | StrictStr | None
When = Annotated[Mapping[Place, tuple[Value, ...]], BeforeValidator(_as_condition)]
Path = Annotated[StrictStr, Field(max_length=200), AfterValidator(_check_path)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_as_list), Field(max_length=16)]
Body = Mapping[str, Any]
Parameter = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
Plain = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_.~-]{1,64}$")]
Given = Annotated[tuple[Plain, ...], BeforeValidator(_as_list), Field(min_length=1)]
Kept = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
ApiName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,30}$")]
"""As long as a dialect's name allows, with `generic.` before it."""


class ApiRoles(Model):
    """Who speaks in a list of messages."""

    at: Elements
    member: Key = "role"
    user: Words = ()
    assistant: Words = ()
    system: Words = ()
    tool: Words = ()
    default: Literal["user", "assistant", "system", "tool"] | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        words = [word for role in Role for word in getattr(self, role.value)]
        if not words:
            raise ValueError("say which words stand for user, assistant, system and tool")
        if len(words) != len(set(words)):
            raise ValueError("a word stands for two roles")
        return self

    def voices(self) -> Voices:
        """As the dialect is told."""
        words = {word: role for role in Role for word in getattr(self, role.value)}
        return Voices(Address.parse(self.at), self.member, words, Role(self.default) if self.default else None)


class ApiCalls(Model):
    """Where calls of tools stand."""

    at: Where
    name: Key = "name"
    arguments: Key = "arguments"

    def calls(self) -> Calls:
        """As the dialect is told."""
        return Calls(Address.parse(self.at), self.name, self.arguments)


class ApiRequest(Model):
    """Where the words of a request stand. What is not named is inspected in full."""

    prose: Wheres = ()
    system: Wheres = ()
    assistant: Wheres = ()
    data: Wheres = ()
    token: Wheres = ()
    fixed: Wheres = ()
    roles: ApiRoles | None = None
    turn: Wheres = ()
    calls: ApiCalls | None = None
    references: Mapping[Where, Kept] = Field(default_factory=dict)
    model: Place = "$.model"
    json_when: When | None = None
    set: Mapping[Key, Value] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        kinds = {name: getattr(self, name) for name in ("prose", "system", "assistant", "token", "fixed")}
        _check_apart({**kinds, "references": tuple(self.references)}, self.data)
        return self

    def shape(self) -> RequestShape:
        """As the dialect is told."""
        return RequestShape(
            prose=_addresses(self.prose),
            system=_addresses(self.system),
            assistant=_addresses(self.assistant),
            data=_addresses(self.data),
            token=_addresses(self.token),
            fixed=_addresses(self.fixed),
            voices=self.roles.voices() if self.roles else None,
            turn=_addresses(self.turn),
            calls=self.calls.calls() if self.calls else None,
            references={Address.parse(at): kind for at, kind in self.references.items()},
            model=Address.parse(self.model),
            structured=_condition(self.json_when),
            says=dict(self.set),
        )


class ApiUsage(Model):
    """Where the API tells how many tokens it counted, and which model answered.

    Of `input` and `output` all tokens; `cached` is a part of the one, `reasoning` of the other.
    """

    input: Count = ()
    output: Count = ()
    cached: Count = ()
    reasoning: Count = ()
    model: Place | None = None

    def places(self) -> Places:
        """As the dialect is told."""
        return Places(
            input=_slots(self.input),
            output=_slots(self.output),
            cached=_slots(self.cached),
            reasoning=_slots(self.reasoning),
            served=(Address.parse(self.model).place,) if self.model else (),
        )


class ApiAnswer(Model):
    """Where the words of a whole answer stand, and what an answer of ours looks like."""

    prose: Wheres = ()
    thoughts: Wheres = ()
    data: Wheres = ()
    calls: ApiCalls | None = None
    choices: Elements | None = None
    keeps: Mapping[Where, Kept] = Field(default_factory=dict)
    body: Body | None = None
    finish: Finish | None = None
    usage: ApiUsage = ApiUsage()

    @model_validator(mode="after")
    def _own_words(self) -> Self:
        _check_apart({"prose": self.prose, "thoughts": self.thoughts}, self.data)
        _check_theirs((*self.prose, *self.thoughts, *self.data), self.calls)
        if self.body is not None:
            _check_hole(self.body, "text", "body", self.prose, "prose")
            _check_holes(self.body, {"text", "model"})
        elif self.prose:
            raise ValueError('give `body`: an answer of our own, with "{text}" where its words stand')
        return self

    def shape(self) -> AnswerShape:
        """As the dialect is told."""
        return AnswerShape(
            prose=_addresses(self.prose),
            thoughts=_addresses(self.thoughts),
            data=_addresses(_and(self.data, self.finish)),
            calls=self.calls.calls() if self.calls else None,
            choices=_address(self.choices),
            keeps={Address.parse(at): kind for at, kind in self.keeps.items()},
            body=_literal(self.body),
            finish=_address(self.finish),
            counts=self.usage.places(),
        )


class ApiEnd(Model):
    """What ends a stream in good order."""

    data: Annotated[StrictStr, Field(pattern=r"^[!-~]{1,64}$")] | None = None
    when: When | None = None
    eof: StrictBool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.eof and (self.data or self.when is not None):
            raise ValueError("a stream that says its end does not end with the connection: leave out `eof`")
        if self.when == {}:
            raise ValueError("say at which address the last frame tells that it is the last")
        if not (self.data or self.when or self.eof):
            raise ValueError("say what ends a stream: data, when, or eof")
        return self


class ApiEvent(Model):
    """The names that the framing gives its events, and where in a frame they stand once more."""

    at: Place
    names: Annotated[tuple[Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")], ...], Field(min_length=1)]


class ApiStream(Model):
    """How an answer is streamed."""

    framing: Literal["sse", "ndjson", "json"]
    when: When | None = None
    types: Annotated[tuple[Annotated[StrictStr, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")], ...], Field()] = ()
    text: Annotated[Wheres, Field(min_length=1)]
    thoughts: Wheres = ()
    data: Wheres = ()
    calls: ApiCalls | None = None
    key: Place | None = None
    event: ApiEvent | None = None
    end: ApiEnd | None = None
    error: Place | None = None
    frame: Body
    last: Body | None = None
    finish: Finish | None = None
    usage: ApiUsage = ApiUsage()

    @model_validator(mode="after")
    def _own_frames(self) -> Self:
        _check_apart({"text": self.text, "thoughts": self.thoughts}, self.data)
        _check_theirs((*self.text, *self.thoughts, *self.data), self.calls)
        _check_hole(self.frame, "text", "frame", self.text, "text")
        _check_holes(self.frame, {"text", "model"})
        _check_holes(self.last or {}, {"model"})
        self._check_key()
        self._check_end()
        return self

    def _check_key(self) -> None:
        if self.key is None:
            return
        own = Address.parse(self.key).first(dict(self.frame))
        if not isinstance(own, int) or isinstance(own, bool):
            raise ValueError("`frame` has no number where `key` says")

    def _check_end(self) -> None:
        if (self.framing == JSON) is not (self.end is None):
            raise ValueError("an array ends with its bracket; any other framing needs `end`")
        if self.end and self.end.when and not self.end.data:
            shape = self.shape()
            if shape.last is None or shape.end_when is None or not shape.end_when.holds(shape.last.fill()):
                raise ValueError("give `last`: a frame of our own for which `end.when` holds")
        elif self.last is not None:
            raise ValueError("`last` is for streams whose last frame is told by `end.when` alone")
        for name, body in (("frame", self.frame), ("last", self.last)):
            if self.error and body and Address.parse(self.error).first(dict(body)):
                raise ValueError(f"`{name}` would be taken for an error")

    def shape(self) -> StreamShape:
        """As the dialect is told."""
        end = self.end or ApiEnd(eof=True)
        return StreamShape(
            framing=self.framing,
            text=_addresses(self.text),
            frame=literal.Literal(self.frame),
            asked=_condition(self.when),
            types=frozenset((*self.types, "application/json") if self.framing == JSON else self.types),
            thoughts=_addresses(self.thoughts),
            data=_addresses(_and(self.data, self.finish)),
            calls=self.calls.calls() if self.calls else None,
            key=_address(self.key),
            event=_address(self.event.at) if self.event else None,
            events=frozenset(self.event.names) if self.event else frozenset(),
            end_data=end.data or "",
            end_when=_condition(end.when),
            end_eof=end.eof,
            error=_address(self.error),
            last=_literal(self.last),
            finish=_address(self.finish),
            counts=self.usage.places(),
        )


class ApiError(Model):
    """The shape of errors that we write, and the words of the provider's own that may pass."""

    body: Body | None = None
    code: Place | None = None
    codes: Words = ()

    @model_validator(mode="after")
    def _holes(self) -> Self:
        if self.body is not None:
            _check_holes(self.body, {"message", "code", "param", "status"})
            if "message" not in literal.Literal(self.body).holes():
                raise ValueError('`body` needs "{message}" where people read what is wrong')
        return self

    def shape(self) -> ErrorShape:
        """As the dialect is told."""
        own = ErrorShape() if self.body is None else ErrorShape(literal.Literal(self.body))
        return ErrorShape(own.body, _address(self.code), frozenset(self.codes))


class Api(Model):
    """One API, as the policy describes it."""

    path: Paths = ()
    stream_path: Paths = ()
    query: Mapping[Parameter, Given] = Field(default_factory=dict)
    key_header: Annotated[str, AfterValidator(_check_header)] = "authorization"
    request: ApiRequest = Field(default_factory=ApiRequest)
    answer: ApiAnswer = Field(default_factory=ApiAnswer)
    stream: ApiStream | None = None
    error: ApiError = Field(default_factory=ApiError)

    @model_validator(mode="after")
    def _served(self) -> Self:
        if not self.path and not self.stream_path:
            raise ValueError("say at which `path` it is asked")
        if self.stream_path and self.stream is None:
            raise ValueError("a `stream_path` needs the description of a `stream`")
        if self.stream_path and self.stream and self.stream.when is not None:
            raise ValueError("either `stream_path` or `stream.when` tells that a stream is wanted")
        always = self.stream is not None and self.stream.when == {}
        if self.stream is not None and self.answer.body is None and self.path and not always:
            raise ValueError('give `answer.body`: an answer of our own, with "{text}" where its words stand')
        for one, other in combinations((*self.path, *self.stream_path), 2):
            if overlap(one, other):
                raise ValueError("two of its paths could be the same")
        return self

    def served(self, name: str) -> Served:
        """As the dialect is told."""
        return Served(
            Description(
                name=PREFIX + name,
                request=self.request.shape(),
                answer=self.answer.shape(),
                stream=self.stream.shape() if self.stream else None,
                error=self.error.shape(),
                key_header=self.key_header,
            ),
            self.path,
            self.stream_path,
            self.query,
        )


def _and(places: Sequence[str], one: str | None) -> Sequence[str]:
    """With one more, which is complete in each frame like those."""
    return places if one is None or one in places else (*places, one)


def _slots(addresses: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((Address.parse(each).place,) for each in addresses)


def same_paths(apis: Mapping[str, Api]) -> Iterator[tuple[str, str]]:
    """The names of APIs, and of earlier ones that are served at a path of theirs."""
    for (first, one), (second, other) in combinations(apis.items(), 2):
        paths = ((a, b) for a in (*one.path, *one.stream_path) for b in (*other.path, *other.stream_path))
        if any(overlap(a, b) for a, b in paths):
            yield second, first


def overlap(one: str, other: str) -> bool:
    """True if a path could be meant by both patterns. Says yes on doubt."""
    ours, theirs = one.split("/"), other.split("/")
    return len(ours) == len(theirs) and all(_may_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def _may_equal(one: str, other: str) -> bool:
    if "{" not in one and "{" not in other:
        return one == other
    ends = [(part.partition("{")[0], part.rpartition("}")[2]) for part in (one, other) if "{" in part]
    plain = next((part for part in (one, other) if "{" not in part), None)
    if plain is not None:
        ((before, after),) = ends
        return plain.startswith(before) and plain.endswith(after) and len(plain) > len(before) + len(after)
    (a, c), (b, d) = ends
    return (a.startswith(b) or b.startswith(a)) and (c.endswith(d) or d.endswith(c))


def _check_apart(kinds: Mapping[str, Sequence[str]], data: Sequence[str]) -> None:
    """One place has one kind; below what is data everything is."""
    named = [(kind, Address.parse(text)) for kind, texts in kinds.items() for text in texts]
    for (kind, one), (other_kind, other) in combinations(named, 2):
        if one.steps == other.steps:
            raise ValueError(f"one address is named twice, in {kind} and in {other_kind}")
    for kind, one in named:
        if any(Address.parse(text).covers(one) for text in data):
            raise ValueError(f"an address of {kind} lies within one of data")


def _check_theirs(addresses: Iterable[str], calls: ApiCalls | None) -> None:
    """What an API says where our notices stand reaches nobody."""
    named = (*addresses, *((calls.at,) if calls else ()))
    if any(Address.parse(text).steps[0].lower() == NOTES for text in named):
        raise ValueError(f"the member `{NOTES}` of an answer is the guardrail's own")


def _check_hole(body: Body, hole: str, where: str, addresses: Iterable[str], kind: str) -> None:
    pointers = literal.Literal(body).holes().get(hole, [])
    if len(pointers) != 1:
        raise ValueError(f'`{where}` needs one string that is "{{{hole}}}"')
    if address_of(pointers[0]) not in [Address.parse(text) for text in addresses]:
        raise ValueError(f'"{{{hole}}}" stands in `{where}` where `{kind}` names no address')


def _check_holes(body: Body, known: set[str]) -> None:
    unknown = set(literal.Literal(body).holes()) - known
    if unknown:
        names = ", ".join(f'"{{{name}}}"' for name in sorted(known))
        raise ValueError(f"nothing is known to put there; the holes here are {names}")


def _addresses(texts: Iterable[str]) -> tuple[Address, ...]:
    return tuple(map(Address.parse, texts))


def _address(text: str | None) -> Address | None:
    return None if text is None else Address.parse(text)


def _condition(when: Mapping[str, tuple[Scalar, ...]] | None) -> Condition | None:
    return None if when is None else Condition({Address.parse(at): values for at, values in when.items()})


def _literal(body: Body | None) -> literal.Literal | None:
    return None if body is None else literal.Literal(body)
