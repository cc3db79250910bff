"""Reads packs of templates and fills them. The format is in TEMPLATES.md. Knows no noise and no model."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.synth.lexicons import Lexicons
from training.synth.slots import LABELLED, Filled, Text

PACKS = Path(__file__).parent.parent / "packs"
_SLOT = re.compile(r"\[\[((?:[^\[\]]|\[(?!\[)|\](?!\]))+)\]\]")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Template:
    """One template and what its pack says about it."""

    name: str
    text: str
    lang: str = "en"
    register: str = ""
    raw: bool = False
    snippet: str = ""
    snippets: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def has_phi(self) -> bool:
        """A rough guess, good enough to balance the mixture."""
        return any(
            re.match(r"p\d\.|[A-Z_0-9]+=|\+", slot) or slot.split(".")[0] in LABELLED
            for slot in _SLOT.findall(self.text)
        )

    def fill(self, lexicons: Lexicons, rng: random.Random) -> list[Filled]:
        """Pieces of text with their labels. Raises KeyError for an unknown slot or snippet."""
        text = Text(self.lang, lexicons, rng)
        return list(self._pieces(self.text, text, rng, 0))

    def _pieces(self, source: str, text: Text, rng: random.Random, depth: int) -> Iterator[Filled]:
        chosen = source if self.raw else choose(source, rng)
        at = 0
        for match in _SLOT.finditer(chosen):
            if match.start() > at:
                yield chosen[at : match.start()], None
            slot = match[1]
            if slot.startswith("+"):
                if depth > _DEEPEST:
                    raise KeyError(f"snippets include each other: {slot}")
                yield from self._pieces(rng.choice(self.snippets[slot[1:]]), text, rng, depth + 1)
            else:
                yield text.fill(slot)
            at = match.end()
        if at < len(chosen):
            yield chosen[at:], None


def choose(source: str, rng: random.Random) -> str:
    """One alternative of every `{a|b}`, from the inside out. Braces inside `[[...]]` are not alternatives."""
    innermost = re.compile(r"\{([^{}]*)\}")
    while match := innermost.search(source):
        source = source[: match.start()] + rng.choice(_alternatives(match[1])) + source[match.end() :]
    return source


def _alternatives(body: str) -> list[str]:
    out, depth, at = [], 0, 0
    for index, char in enumerate(body):
        pair = body[index : index + 2]
        if pair == "[[":
            depth += 1
        elif pair == "]]":
            depth -= 1
        elif char == "|" and depth <= 0:
            out.append(body[at:index])
            at = index + 1
    return [*out, body[at:]]


def load(folder: Path = PACKS, only: str = "*") -> list[Template]:
    """All templates that are whole texts, in the order of the files."""
    found: list[Template] = []
    for path in sorted(folder.glob(f"{only}.txt")):
        found += _pack(path)
    return found


def _pack(path: Path) -> Iterator[Template]:
    snippets: dict[str, list[str]] = {}
    whole: list[tuple[int, dict[str, str], str]] = []
    keys: dict[str, str] = {}
    lines: list[str] = []

    def close() -> None:
        body = "\n".join(lines).strip("\n")
        lines.clear()
        if not body.strip():
            return
        if "snippet" in keys:
            snippets.setdefault(keys["snippet"], []).append(body)
        else:
            whole.append((len(whole), dict(keys), body))

    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            close()
            keys = {key: value for key, _, value in (word.partition("=") for word in line[2:].split())}
        elif line.strip() == "%%":
            close()
        elif not (line.startswith("# ") and not lines):
            lines.append(line)
    close()
    for number, said, body in whole:
        yield Template(
            f"{path.stem}-{number}",
            body,
            said.get("lang", "en"),
            said.get("register", path.stem),
            "raw" in said,
            snippets=snippets,
        )
