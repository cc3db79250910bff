"""The error tree. Names say whose fault it is; messages never quote what a person wrote.

GuardrailError
├─ PolicyError              file:line: path: what                     (start or reload)
├─ ClientError              the application's fault                   → 4xx
│   ├─ UnreadablePayload    not JSON as we insist on it, or a shape that no dialect knows
│   ├─ PayloadTooLarge      over a limit of the policy
│   ├─ UnknownRoute         endpoint not covered by the policy
│   └─ Unauthorized         no client token, or a wrong one
├─ UpstreamError            the provider's fault                      → 502 / 504
│   ├─ UpstreamUnreachable  refused, DNS, TLS
│   ├─ UpstreamTimeout      connect, first byte, idle
│   └─ UpstreamBroken       broke off, answered something unreadable, redirected
├─ RailError                our fault; the policy's on_failure decides → 503
│   ├─ RailFailed           a rail raised, or its process died
│   └─ RailLate             a rail missed its deadline, or the queue is full
├─ AuditUnavailable         the record can't be written: fail closed    → 503
├─ AnswerWithheld           the policy blocks the rest of an answer that has begun
├─ Draining                 the proxy is shutting down                → 503
└─ Unforeseen               what nobody foresaw: a mistake of ours      → 500

`code` is stable and documented in docs/errors.md. `param` names the field at fault, never its value.
"""

from __future__ import annotations

from typing import ClassVar


class GuardrailError(Exception):
    """Something went wrong in a way the product foresees. `message` is safe to show and to log."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal_error"

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.param = param
        self.http_status = status or self.status
        self.retry_after = 1 if self.http_status == 503 else 0
        """Seconds after which asking again may help; 0: nothing is said about that."""


class PolicyError(GuardrailError):
    """A policy can't be loaded. `message` reads `file:line: path: what`."""

    default_code = "policy_error"


class ClientError(GuardrailError):
    """The application sent something that can't be accepted."""

    status = 400
    default_code = "bad_request"


class UnreadablePayload(ClientError):
    """The body is not what the dialect reads. Never waved through."""

    default_code = "unreadable_payload"


class PayloadTooLarge(ClientError):
    """The body, or a count in it, is over the policy's limit."""

    status = 413
    default_code = "payload_too_large"


class UnknownRoute(ClientError):
    """Method and path are in no dialect's table. `allow` names the methods that the path is served for, if any."""

    status = 404
    default_code = "unknown_route"
    allow: str = ""


class Unauthorized(ClientError):
    """The client token is missing or wrong."""

    status = 401
    default_code = "unauthorized"


class UpstreamError(GuardrailError):
    """The provider failed us."""

    status = 502
    default_code = "upstream_error"


class UpstreamUnreachable(UpstreamError):
    """No connection could be made."""

    default_code = "upstream_unreachable"


class UpstreamTimeout(UpstreamError):
    """The provider was too slow in one of the phases."""

    status = 504
    default_code = "upstream_timeout"


class UpstreamBroken(UpstreamError):
    """The provider's answer broke off or can't be read."""

    default_code = "upstream_broken"


class RailError(GuardrailError):
    """A check could not be made: fail closed."""

    status = 503
    default_code = "redaction_unavailable"


class RailFailed(RailError):
    """A rail raised, gave nonsense, or its process died."""

    default_code = "rail_failed"


class RailLate(RailError):
    """A rail missed its deadline, or too much work is waiting."""

    default_code = "rail_late"


class AuditUnavailable(GuardrailError):
    """The audit log can't be written: nothing goes to a provider, and no answer to its end (45 CFR 164.312(b))."""

    status = 503
    default_code = "audit_unavailable"


class AnswerWithheld(GuardrailError):
    """A rule with `block` fired in the middle of a streamed answer."""

    status = 403
    default_code = "content_filter"


class Draining(GuardrailError):
    """The proxy is shutting down."""

    status = 503
    default_code = "shutting_down"


class Unforeseen(GuardrailError):
    """A mistake of ours, of which nothing is told here: an exception's own words could quote a patient."""

    def __init__(self) -> None:
        super().__init__("Something went wrong here.")
