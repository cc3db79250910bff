"""Streams whose answer is a list of numbered blocks: ours stand among the provider's, whose numbers move on."""

from __future__ import annotations

from guardrail.dialects.codec import Grammar
from guardrail.dialects.table import Piece
from guardrail.dialects.walk import Spot
from guardrail.events import Delta, Frame
from guardrail.text import Role


class NumberedGrammar(Grammar):
    """Counts the blocks of ours, and knows the text that opens the answer."""

    def __init__(self) -> None:
        super().__init__()
        self._first: str | None = None  # the text that opens the answer
        self._left = False  # the first event
        self._own: list[int] = []  # before which blocks there is one of ours
        self._next = 0  # the number of the block behind all that began

    def _begins(self, index: int) -> None:
        self._next = max(self._next, index + 1)

    def joins(self, like: Frame) -> bool:
        """Words before a block that has not begun are a block of their own."""
        return like.lane is not None

    def is_said(self, delta: Delta) -> bool:
        """The text of a block, whichever it is."""
        return delta.segment.endswith("/text")

    def _shifted(self, index: int) -> int:
        return index + sum(before <= index for before in self._own)

    def _block_delta(self, block: str, spot: Spot, piece: Piece, text: str) -> Delta:
        """By block, and by member. Nothing is put back into what is neither text nor a tool's input."""
        name = f"{block}/{piece.name or '+' + spot.pointer}"
        self.texts.open(block, name)
        tool = ""
        if piece.name == "input":
            tool = self.texts.tool(block)
        elif piece.name != "text":
            tool = "?"
        elif self._first is None:
            self._first = name
        opens = piece.opens and name == self._first
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, opens)
