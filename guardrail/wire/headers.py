"""What may stand in a request's head, and which headers cross the proxy in either direction.

Knows no provider's JSON and no words. Everything here is an allow-list: a header that is not named does not cross.
No message quotes a value. Sources: RFC 9110/9112, `docs/deployment.md`, hostile cases HTTP-*, URL-*, HDR-*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence, Set
from typing import Any, TypeAlias

from guardrail.errors import ClientError

Scope: TypeAlias = MutableMapping[str, Any]
RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

CREDENTIALS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
"""The headers in which providers' clients send their key."""

MAX_HEADERS = 100
MAX_HEAD_BYTES = 32 * 1024

USER_AGENT = "guardrail"
"""What the upstream sees instead of the client's own, which may name a device or a person (HDR-02)."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are understood, if only to say 405. Others (CONNECT, TRACE) are not implemented: 501."""

_ONCE = frozenset(
    b"host content-length content-type content-encoding transfer-encoding authorization x-api-key api-key expect "
    b"accept x-request-id idempotency-key openai-organization openai-project openai-beta "
    b"x-goog-api-key anthropic-version anthropic-beta".split()
)
"""Two of these mean two readings (HDR-05): which one counts would depend on who reads."""

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
    | {"proxy-connection", "proxy-authenticate", "proxy-authorization"}
)
_OWN_PREFIX = "x-guardrail-"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_ASCII_VALUE = re.compile(r"[\x20-\x7e]*")
_HOST = re.compile(rb"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PATH = re.compile(rb"(?:/[A-Za-z0-9._~!$&'()*+,=:@%-]+)+/?|/")
_DOTS = re.compile(rb"/\.{1,2}(?:/|$)|\.\.|\.$")
_RESOURCE = re.compile(
    rb"/model/arn(?::|%3A)aws[a-z-]{0,12}(?::|%3A)(?:bedrock|sagemaker)(?::|%3A)[a-z0-9-]{1,20}(?::|%3A)(?:[0-9]{12})?"
    rb"(?::|%3A)[a-z-]{1,40}%2F[A-Za-z0-9._:-]{1,128}(?:%(?:3A|2F)[A-Za-z0-9._-]{1,128}){0,3}(?P<after>/[a-z-]{1,40}$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(rb"%(?:2e|2f|5c|25|[01].|7f|[89a-f].|(?![0-9a-f]{2}))", re.IGNORECASE)


def check_head(scope: Scope, hosts: frozenset[str] = frozenset()) -> None:
    """Raises ClientError unless the request's head has exactly one reading.

    Looks at the ASGI scope only. `hosts`: the names by which clients may call us, without port; empty: any.
    """
    headers: RawHeaders = scope["headers"]
    _check_size(headers)
    _check_bytes(headers)
    _check_once(headers)
    _check_method(scope["method"])
    check_target(scope["raw_path"])
    _check_host(headers, hosts)
    _check_framing(headers, scope["http_version"])
    _check_meaning(headers)


def check_target(path: bytes) -> None:
    """Raises ClientError unless `path` is a plain origin-form path that every reader normalises alike (URL-03, URL-04).

    "%" is fine except where it hides a dot, a slash, a backslash, another "%", a control or a non-ASCII character.
    The slash in the name of one of Amazon's resources is their own, and can't be written otherwise.
    """
    hidden = _HIDDEN.search(_RESOURCE.sub(rb"/model\g<after>", path, count=1))
    if not _PATH.fullmatch(path) or _DOTS.search(path) or hidden:
        raise ClientError("The request target is not a plain path.", code="invalid_target")


def check_content(headers: Mapping[str, str], path: str = "") -> None:
    """Raises ClientError (415) unless the body is JSON in UTF-8, not compressed (JSON-02, JSON-10, SIZ-02, SIZ-03).

    Amazon's clients send a model's own JSON without saying so. No web page may: it would get here unasked (SEC-03).
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise _unsupported("Compressed request bodies are not accepted.", "unsupported_content_encoding")
    if _UNTYPED.fullmatch(path) and not {"content-type", "origin"} & headers.keys():
        return
    media, _, parameters = headers.get("content-type", "").partition(";")
    if media.strip().lower() != "application/json" or not _CHARSET.fullmatch(parameters.strip()):
        raise _unsupported("The body must be sent as application/json in UTF-8.", "unsupported_media_type")


_UNTYPED = re.compile(r"/model/[^/]+/invoke(?:-with-response-stream)?")
_CHARSET = re.compile(r'(?:charset=(?:utf-8|"utf-8"))?', re.IGNORECASE)


def check_query(query: bytes, allowed: Mapping[str, re.Pattern[str]] | None = None) -> Mapping[str, str]:
    """The query's parameters, if each is allowed and matches its pattern.

    Raises ClientError: a query may hold a name (HDR-03). Nothing in it may be encoded or come twice.
    """
    found: dict[str, str] = {}
    for pair in query.decode("latin-1").split("&") if query else ():
        key, _, value = pair.partition("=")
        pattern = (allowed or {}).get(key)
        if pattern is None or key in found or not pattern.fullmatch(value):
            raise ClientError("This endpoint takes no such query parameter.", code="unexpected_query")
        found[key] = value
    return found


def copy_headers(raw: RawHeaders) -> Mapping[str, str]:
    """Lower-case names to values, for our own decisions: before the body, so that no trailer is among them (HTTP-05).

    Hop-by-hop headers and names with an underscore (twins of the same name with a hyphen) are not copied. A list in
    `Connection` takes nothing away: it speaks about forwarding, and forwarding is by allow-list (HDR-01).
    """
    copied: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("ascii").lower()
        if key not in _HOP_BY_HOP and "_" not in key:
            text = value.decode("latin-1").strip()
            copied[key] = f"{copied[key]}, {text}" if key in copied else text
    return copied


def to_upstream(
    headers: Mapping[str, str], *, own_key: bool = False, names: Set[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """The request headers that go on. With `own_key` the policy brings the provider key and the client's stays here.

    The others pass only in a shape that no record number fits into, since nobody inspects headers (HDR-02). One is made
    of words, Anthropic's betas: they stay here if one of the words is among `names`, those of people.
    """
    candidates = [(name, headers.get(name, "")) for name in _REQUEST if not (own_key and name in CREDENTIALS)]
    passed = [(name, value) for name, value in candidates if _REQUEST[name].fullmatch(value)]
    passed = [each for each in passed if each[0] != _BETAS or names.isdisjoint(_LETTERS.findall(each[1]))]
    return (*passed, *_FIXED)


_FIXED = (
    ("content-type", "application/json"),
    ("accept", "application/json, text/event-stream, application/x-ndjson, application/vnd.amazon.eventstream"),
    ("user-agent", USER_AGENT),
)
_UUID = r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}"
_OWN_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{1,4096}")
_BETAS = "anthropic-beta"
_LETTERS = re.compile(r"[a-z]+")
# "output-128k-2025-02-19": words, four digits at most, and a date
_BETA = r"(?![a-z0-9-]{60})[a-z](?:[a-z-]*[0-9]){0,4}[a-z-]*-20[0-9]{2}-[01][0-9]-[0-3][0-9]"
_REQUEST = {
    "x-api-key": _OWN_KEY,
    "api-key": _OWN_KEY,
    "x-goog-api-key": _OWN_KEY,
    "anthropic-version": re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]"),
    _BETAS: re.compile(rf"{_BETA}(?:, ?{_BETA}){{0,15}}"),
    "authorization": re.compile(r"Bearer [A-Za-z0-9._~+/=-]{1,4096}", re.IGNORECASE),
    "openai-organization": re.compile(r"org-[A-Za-z0-9]{1,64}"),
    "openai-project": re.compile(r"proj_[A-Za-z0-9]{1,64}"),
    "x-request-id": re.compile(_UUID),
    "idempotency-key": re.compile(rf"(?:stainless-(?:python|node)-retry-)?{_UUID}"),
    "x-amzn-bedrock-performanceconfig-latency": re.compile(r"standard|optimized"),
    "x-amzn-bedrock-service-tier": re.compile(r"priority|default|flex|reserved"),
}


def media_type(content_type: bytes) -> str:
    """The media type without its parameters, lower-case: "text/event-stream"."""
    return content_type.decode("latin-1").partition(";")[0].strip().lower()


def from_upstream(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """The answer headers that may go back, lower-case. Free text stays behind: it may echo the prompt.

    Content-Type and Content-Length are not among them: they describe the body that we write (HDR-11).
    """
    kept: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        if (pattern := _answer_pattern(key)) and pattern.fullmatch(text):
            kept[key] = text
    return kept


def _answer_pattern(name: str) -> re.Pattern[str] | None:
    return _RATE if name.startswith(("x-ratelimit-", "anthropic-ratelimit-")) else _ANSWER.get(name)


_RATE = re.compile(r"[0-9a-z.]{1,24}|20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}Z")
_ANSWER = {
    "retry-after": re.compile(r"[0-9]{1,9}|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"),
    "x-request-id": _TOKEN,
    "request-id": _TOKEN,
    "openai-processing-ms": re.compile(r"[0-9]{1,12}"),
    # Amazon Bedrock
    "x-amzn-requestid": _TOKEN,
    "x-amzn-errortype": re.compile(r"(?:AccessDenied|InternalServer|Model(?:Error|NotReady|StreamError|Timeout)|"
                                   r"ResourceNotFound|Service(?:QuotaExceeded|Unavailable)|Throttling|Validation|"
                                   r"ExpiredToken|UnrecognizedClient|InvalidSignature|IncompleteSignature)Exception"),
    "x-amzn-bedrock-content-type": re.compile(r"application/json"),
    "x-amzn-bedrock-performanceconfig-latency": re.compile(r"standard|optimized"),
    "x-amzn-bedrock-service-tier": re.compile(r"priority|default|flex|reserved"),
    **dict.fromkeys(
        (f"x-amzn-bedrock-{count}" for count in ("input-token-count", "output-token-count", "invocation-latency",
                                                 "cache-read-input-token-count", "cache-write-input-token-count")),
        re.compile(r"[0-9]{1,12}"),
    ),
}  # fmt: skip


def is_header(name: str, value: str) -> bool:
    """True if this can be written into a head without becoming two headers (HDR-04)."""
    return bool(_NAME.fullmatch(name.encode("latin-1", "replace")) and _ASCII_VALUE.fullmatch(value))


def _check_size(headers: RawHeaders) -> None:
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEAD_BYTES:
        raise ClientError("The request's head is too large.", code="head_too_large", status=431)


def _check_bytes(headers: RawHeaders) -> None:
    # Servers differ in what they let through; this does not rely on any of them (HTTP-06).
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
        raise _malformed()


def _check_once(headers: RawHeaders) -> None:
    seen: set[bytes] = set()
    for name, _ in headers:
        key = name.lower()
        if key in seen and (key in _ONCE or key.startswith(_OWN_PREFIX.encode())):
            raise ClientError("A header that may come once came twice.", code="duplicate_header")
        seen.add(key)
    if len(seen & {name.encode() for name in CREDENTIALS}) > 1:
        raise ClientError("Send one credential, not two.", code="two_credentials")
    if (_value(headers, b"authorization") or b"").lower().startswith(b"aws4-"):
        # The signature covers the body, and the body is about to change (HDR-12).
        raise ClientError("Requests signed by the client can't be rewritten.", code="client_signed")


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise ClientError("This method is not implemented.", code="method_not_implemented", status=501)


def _check_host(headers: RawHeaders, hosts: frozenset[str]) -> None:
    host = _value(headers, b"host")
    match = _HOST.fullmatch(host or b"")
    if match is None:
        raise ClientError("The Host header is missing or not a host.", code="invalid_host")
    if hosts and match["name"].decode("ascii").lower() not in hosts:
        raise ClientError("This host name is not served here.", code="unknown_host", status=421)


def _check_framing(headers: RawHeaders, version: str) -> None:
    length, coding = _value(headers, b"content-length"), _value(headers, b"transfer-encoding")
    if length is not None and (coding is not None or not re.fullmatch(rb"[0-9]{1,18}", length)):
        raise _malformed()
    if coding is not None and (coding.lower() != b"chunked" or version == "1.0"):
        raise ClientError("This transfer coding is not implemented.", code="transfer_coding", status=501)


def _check_meaning(headers: RawHeaders) -> None:
    if _value(headers, b"upgrade") is not None:
        raise ClientError("Upgrades are not offered here.", code="upgrade_refused", status=426)
    if (_value(headers, b"expect") or b"100-continue").lower() != b"100-continue":
        raise ClientError("This expectation can't be met.", code="expectation_failed", status=417)
    if _value(headers, b"x-amzn-bedrock-guardrailidentifier") is not None:
        # Left out silently, a check that the application relies on would be missing.
        raise ClientError("This header is not passed on; use Converse and its guardrailConfig.", code="unknown_header")


def _value(headers: RawHeaders, name: bytes) -> bytes | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _malformed() -> ClientError:
    return ClientError("The request's head is malformed.", code="malformed_request")


def _unsupported(message: str, code: str) -> ClientError:
    return ClientError(message, code=code, status=415)
