"""Payloads generated from Bedrock's own service model: one for each place where a string could stand."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import botocore.session

from tests.dialects.sdk_types import CANARY, Path

MODEL = botocore.session.get_session().get_service_model("bedrock-runtime")
MOST = 12
"""Levels; automated reasoning in a trace goes deeper, and is read as a whole."""


def request_shape(operation: str) -> Any:
    return MODEL.operation_model(operation).input_shape


def answer_shape(operation: str) -> Any:
    return MODEL.operation_model(operation).output_shape


def members(shape: Any) -> dict[str, Any]:
    """Those in the body."""
    return {name: each for name, each in shape.members.items() if each.serialization.get("location") is None}


def is_document(shape: Any) -> bool:
    return bool(shape.type_name == "structure" and shape.is_document_type)


def seal() -> str:
    return base64.b64encode(hashlib.sha512(b"seal").digest() * 3 + b"\xff\x00").decode()


TOKENS = {"signature": seal(), "guardrailVersion": "DRAFT"}
"""Machines' words that are no words."""


def minimal(shape: Any) -> Any:
    """The smallest value, with harmless words in it."""
    kind = shape.type_name
    if is_document(shape):
        return {"a_key": "hello"}
    if kind == "structure":
        names = shape.required_members or (list(shape.members)[:1] if shape.is_tagged_union else [])
        return {name: minimal(each) for name, each in members(shape).items() if name in names}
    if kind == "list":
        return [minimal(shape.member)]
    if kind == "map":
        return {"a_key": minimal(shape.value)}
    if kind == "blob":
        return seal() if shape.name == "Blob" else base64.b64encode(b"hello").decode()
    if kind == "string":
        return "assistant" if "assistant" in shape.enum else shape.enum[0] if shape.enum else "hello"
    return {"boolean": True}.get(kind, 1)


def objects(shape: Any, name: str, value: Any) -> dict[str, Any]:
    """The object with this member in it; of a union nothing else."""
    return {name: value} if shape.is_tagged_union else {**minimal(shape), name: value}


def planted(shape: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The value once for each leaf and each key of free objects, with a canary in that place."""
    kind = shape.type_name
    if len(path) > MOST:
        return
    if is_document(shape):
        yield from ((path, value) for value in (CANARY, [CANARY], {"x": {"y": [CANARY]}}, {CANARY: 1}))
    elif kind == "structure":
        for name, each in members(shape).items():
            for at, value in planted(each, (*path, name)):
                yield at, objects(shape, name, value)
    elif kind == "list":
        for at, value in planted(shape.member, (*path, "[]")):
            yield at, [value]
    elif kind == "map":
        yield (*path, "*key"), {CANARY: minimal(shape.value)}
        for at, value in planted(shape.value, (*path, "*")):
            yield at, {"a_key": value}
    elif kind == "blob":
        yield path, base64.b64encode(f"Jane Roe {CANARY}".encode()).decode()
    else:
        yield path, CANARY  # also where a number or a word of a closed list belongs


def spoken(shape: Any, depth: int = 0) -> Iterator[Any]:
    """The value once for each word of each closed list, and once for each member, all harmless."""
    kind = shape.type_name
    if depth > MOST or is_document(shape):
        yield minimal(shape)
    elif kind == "structure":
        yield minimal(shape)
        for name, each in members(shape).items():
            for value in [TOKENS[name]] if name in TOKENS else spoken(each, depth + 1):
                yield objects(shape, name, value)
    elif kind == "list":
        yield from ([value] for value in spoken(shape.member, depth + 1))
    elif kind == "map":
        yield from ({"a_key": value} for value in spoken(shape.value, depth + 1))
    elif kind == "string" and shape.enum:
        yield from shape.enum
    else:
        yield minimal(shape)


def places(shape: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every member."""
    if len(path) > MOST or is_document(shape):
        return
    if shape.type_name == "structure":
        for name, each in members(shape).items():
            yield (*path, name)
            yield from places(each, (*path, name))
    elif shape.type_name == "list":
        yield from places(shape.member, (*path, "[]"))
    elif shape.type_name == "map":
        yield from places(shape.value, (*path, "*"))
