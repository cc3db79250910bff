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
        words = name.split("_")
        if words[0] in _READING and _DOING.isdisjoint(words):
            return ""
        glued = name.replace("_", "")  # however the words were cut
        for action, patterns in self.classes.items():
            for pattern in patterns:
                if fnmatchcase(f"_{name}_", _anywhere(pattern)) or fnmatchcase(glued, _beginning(pattern)):
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
"""A tool whose name begins so only reads, unless another of its words says that it does something."""
_DOING = frozenset(
    {"and", "then", "prescribe", "submit", "place", "send", "create", "update", "delete", "write", "sign", "dispense"}
)


def _plain(name: str) -> str:
    return "_".join(_WORD.findall(name)).lower()


def _anywhere(pattern: str) -> str:
    """A pattern without stars stands for whole words of the name."""
    return pattern if "*" in pattern else f"*_{pattern}_*"


def _beginning(pattern: str) -> str:
    """The same for a name whose words stand together (`ordermed`, `p_r_e_scribe`)."""
    return pattern.replace("_", "") if "*" in pattern else f"{pattern.replace('_', '')}*"
