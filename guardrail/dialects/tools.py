"""Which tool calls of a model are actions that a person has to decide, and what they become (WHO-32, WHO-33)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

PROPOSAL = "guardrail_refused_proposal"
"""The name under which an application finds an action that the model wanted and nobody released."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class ToolRules:
    """`classes`: patterns of tool names (`*order*`, written with underscores), by the class of action they are.

    `released` names classes that the policy lets the model start by itself.
    """

    classes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    released: frozenset[str] = frozenset()

    def action_class(self, tool: str) -> str:
        """The class of action that a tool is, "" for none. `placeOrder`, `place-order`, `PLACE_ORDER` are one name."""
        name = _plain(tool)
        if name.partition("_")[0] in _READING and "_and_" not in name:
            return ""
        for action, patterns in self.classes.items():
            if any(fnmatchcase(f"_{name}_", pattern) for pattern in map(_anywhere, patterns)):
                return action
        return ""

    def refuses(self, tool: str) -> bool:
        """True if the model may only propose a call of this tool."""
        action = self.action_class(tool) if tool else ""
        return bool(action) and action not in self.released

    def proposal(self, tool: str, arguments: object) -> Mapping[str, object]:
        """What the application gets in place of the call's arguments, which are cleared already."""
        return {
            "status": "refused",
            "reason": f"A model may not start an action of the class {self.action_class(tool)} by itself; "
            "a person has to decide (WHO-32).",
            "proposed_tool": tool,
            "proposed_arguments": arguments,
        }


NO_TOOLS = ToolRules()

_READING = frozenset({"get", "list", "read", "search", "find", "lookup", "fetch", "show", "view", "check", "count"})
"""A tool whose name begins so only reads."""


def _plain(name: str) -> str:
    return "_".join(_WORD.findall(name)).lower()


def _anywhere(pattern: str) -> str:
    """A pattern without stars stands for whole words of the name."""
    return pattern if "*" in pattern else f"*_{pattern}_*"
