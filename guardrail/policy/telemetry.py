"""What a policy says of traces. Where they go, the machine says: `GUARDRAIL_OTLP_ENDPOINT` (guardrail.telemetry)."""

from __future__ import annotations

from pydantic import StrictBool

from guardrail.policy.base import Model


class Tracing(Model):
    """The policy's part `telemetry`."""

    continue_traces: StrictBool = False
    """Whether a client's `traceparent` is gone on with: its ids then tell which exchanges belong together (HDR-02)."""
