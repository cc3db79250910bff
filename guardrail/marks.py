"""The mark that a machine wrote this, for machines: a header, FHIR's security tag, IPTC's source type (WHO-03).

Marks say who wrote and nothing about a person. They can be taken off again: they help the honest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from guardrail.errors import ClientError
from guardrail.policy.model import Policy
from guardrail.wire.jsondoc import JsonDocument, JsonValue

HEADER: Final = "ai-disclosure"
MACHINE, REVIEWED = "machine-generated", "ai-originated"
"""draft-abaris-aicdh-01: little or no human review; AI first, then reviewed by people."""

Coding = tuple[str, str, str]
AIAST: Final = (
    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "AIAST",
    "Artificial Intelligence asserted",
)
CLINAST_AIRPT: Final = (
    "http://hl7.org/fhir/uv/aitransparency/CodeSystem/AddedProvenanceCS",
    "CLINAST_AIRPT",
    "Clinician asserted from Artificial Intelligence reported",
)
"""HL7, AI Transparency on FHIR 1.0.0-ballot: before and after a clinician has reviewed it."""

SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's word for media that a model has made."""
MAX_DEPTH: Final = 256
"""More than any policy lets through (`limits.max_depth`): what is read here was read before."""
_MEDIA: Final = ("image/", "audio/", "video/")
_LITERAL: Final = re.compile(r"[A-Za-z0-9._:@/+-]{1,200}")
"""A pattern of a policy that stands for one name only, which may be said in public."""


def disclosure(policy: Policy, model: str, *, reviewed: bool) -> str:
    """The value of AI-Disclosure, a dictionary of RFC 9651.

    The model is told only if the policy itself spells its name: any other may be a client's own words.
    """
    lists = (policy.models.allow or (), *(upstream.models for upstream in policy.upstreams.values()))
    known = any(model in names for names in lists) and _LITERAL.fullmatch(model)
    mode = f"mode={REVIEWED if reviewed else MACHINE}"
    return f'{mode}, model="{model}"' if known else mode


def marked_notes(receipt: str, notices: Iterable[str], language: str, text: str) -> Mapping[str, object]:
    """The member `guardrail` beside an answer: what a reader has to be shown, and for machines that one wrote it."""
    own = {"receipt": receipt} if receipt else {}
    return {"ai_generated": True, "notices": list(notices), "language": language, "text": text, **own}


def media_notes(media_types: Iterable[str]) -> Mapping[str, object]:
    """What stands beside an answer with pictures, sound or films in it; nothing for one without."""
    made = sorted({each for each in media_types if each.startswith(_MEDIA)})
    return {"media": [{"type": each, "digitalSourceType": SOURCE_TYPE} for each in made]} if made else {}


def mark_resource(text: str, *, reviewed: bool, before: str = "") -> str:
    """A FHIR resource with the tag in `meta.security`, in a Bundle each of its resources too; any other text as it is.

    Nothing else changes, not by a byte. `before` is what stands in front of the JSON: a notice of ours.
    """
    own = text.removeprefix(before)
    if '"resourceType"' not in own or not own.lstrip(" \t\r\n").startswith("{"):
        return text
    try:
        document = JsonDocument(own, max_depth=MAX_DEPTH)
    except ClientError:
        return text
    top = document.value()
    for pointer, resource in _resources(top, ""):
        _tag(document, pointer, resource, CLINAST_AIRPT if reviewed else AIAST)
    return text[: len(text) - len(own)] + document.to_text() if document.changed else text


def mark_answer(body: bytes, pointers: Iterable[str], *, reviewed: bool, before: str = "") -> bytes:
    """A whole answer whose words, at one of these pointers, are a FHIR resource."""
    if b"resourceType" not in body:
        return body
    document = JsonDocument(body, max_depth=MAX_DEPTH)
    for pointer in pointers:
        try:
            words = document.value(pointer)
        except KeyError:
            continue  # the address of something that is not a string of the body itself
        if isinstance(words, str) and (marked := mark_resource(words, reviewed=reviewed, before=before)) != words:
            document.replace(pointer, marked)
    return document.to_bytes()


def _resources(value: JsonValue, pointer: str) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return
    yield pointer, value
    entries = value.get("entry") if value["resourceType"] == "Bundle" else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield from _resources(entry.get("resource"), f"{pointer}/entry/{number}/resource")


def _tag(document: JsonDocument, pointer: str, resource: dict[str, JsonValue], coding: Coding) -> None:
    """Where `meta` or `security` is no object or list, the resource is no FHIR: it stays as it is."""
    system, code, display = coding
    token = f'{{"system":"{system}","code":"{code}","display":"{display}"}}'.encode()
    meta = resource.get("meta", {})
    if "meta" not in resource:
        document.add(pointer, "meta", b'{"security":[' + token + b"]}")
    elif isinstance(meta, dict) and "security" not in meta:
        document.add(f"{pointer}/meta", "security", b"[" + token + b"]")
    elif isinstance(meta, dict) and isinstance(tags := meta["security"], list) and not _holds(tags, system, code):
        document.append(f"{pointer}/meta/security", token)


def _holds(tags: list[JsonValue], system: str, code: str) -> bool:
    return any(isinstance(tag, dict) and (tag.get("system"), tag.get("code")) == (system, code) for tag in tags)
