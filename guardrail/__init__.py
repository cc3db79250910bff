"""Guardrail: a runtime guardrail for health care between clinical applications and any LMM API."""

__version__ = "0.1.0"
