"""The texts that the assessment model learns from: our own packs, public questions, and how they are roughened.

A pack's line holds under the last header `@ <risk> <topics or -> <flags or ->`; `{a|b}` are alternatives.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from guardrail.rails.assess_labels import FLAGS, RISKS, TOPICS

PACKS = Path(__file__).parent / "packs"
FRESH = Path(__file__).parent / "fresh"
"""Lines that nobody trains on."""
PUBLIC = ("medquad_questions", "clinc150_train", "banking77_train")
HELD_OUT = 8
"""One line in so many is never trained on."""
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """One text with its labels. `risk` "medical": some medical risk short of a crisis, nobody said which."""

    text: str
    risk: str
    topics: tuple[str, ...] | None
    flags: tuple[str, ...] | None
    pack: str
    held_out: bool = False


class PackError(ValueError):
    """A header that can't be read."""


def packs(folder: Path = PACKS) -> list[Line]:
    """All lines as they are written. Raises PackError with the file and the line."""
    return [line for path in sorted(folder.glob("*.txt")) for line in _pack(path)]


def _pack(path: Path) -> Iterator[Line]:
    like: Line | None = None
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("@"):
            like = _header(text, path, number)
        elif like is None:
            raise PackError(f"{path.name}:{number}: a line before the first header")
        else:
            yield replace(like, text=text.replace(" / ", "\n"), held_out=_is_held_out(text))


def _header(text: str, path: Path, number: int) -> Line:
    parts = text[1:].split(";")[0].split()
    if len(parts) < 3:
        raise PackError(f"{path.name}:{number}: a header is `@ risk topics flags`")
    risk, topics, flags = parts[0], ",".join(parts[1:-1]), parts[-1]
    named = [tuple(each for each in names.split(",") if each not in ("", "-")) for names in (topics, flags)]
    about = tuple(each for each in named[0] if each in TOPICS)
    named[1] = tuple(dict.fromkeys((*named[1], *(each for each in named[0] if each not in TOPICS))))
    unknown = [*({risk} - set(RISKS)), *(set(named[1]) - set(FLAGS))]
    if unknown:
        raise PackError(f"{path.name}:{number}: unknown {', '.join(unknown)}")
    return Line("", risk, about, named[1], path.stem)


def _is_held_out(text: str) -> bool:
    return blake2b(text.encode(), digest_size=4).digest()[0] % HELD_OUT == 0


def filled(text: str, rng: random.Random) -> str:
    """The text with one alternative of each group."""
    return _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), text)


def variants(line: Line) -> list[str]:
    """As it is learned from: our own also roughened, each line always in the same way."""
    rng = random.Random(line.text)
    text = filled(line.text, rng)
    if line.held_out or line.pack in PUBLIC:
        return [text]
    again = filled(line.text, rng)
    return [text, roughened(again.lower() if rng.random() < 0.5 else again, rng)]


def corpus(folder: Path | None) -> list[Line]:
    """Our own lines, and some of the public questions that lie in `folder`."""
    rng = random.Random(17)
    others = public(folder) if folder else []
    some = rng.sample([line for line in others if not line.held_out], min(6_000, len(others) // 2))
    kept = rng.sample([line for line in others if line.held_out], min(1_200, len(others) // 30))
    return [*packs(), *some, *kept]


def public(folder: Path) -> list[Line]:
    """Questions without a patient: MedQuAD is medical, CLINC150 and Banking77 are not."""
    found: list[Line] = []
    for name, risk, topics in (
        ("medquad_questions", "medical", None),
        ("clinc150_train", "none", ()),
        ("banking77_train", "none", ()),
    ):
        for path in sorted(folder.glob(f"{name}*")):
            found += [
                Line(text, risk, topics, () if topics == () else None, name, _is_held_out(text))
                for text in _texts(path)
            ]
    return found


def _texts(path: Path) -> Iterable[str]:
    raw = path.read_bytes()
    for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines():
        row = json.loads(line)
        yield row.get("text") or row.get("question")


def roughened(text: str, rng: random.Random) -> str:
    """As people type: a letter lost or doubled, a word dropped, no punctuation."""
    roll = rng.random()
    if roll < 0.45:
        return text
    if roll < 0.6:
        text = re.sub(r"[.,;:!?']", "", text)
    words = text.split(" ")
    if roll > 0.85 and len(words) > 5:
        del words[rng.randrange(len(words))]
    at = rng.randrange(len(words))
    word = words[at]
    if 0.5 < roll < 0.85 and len(word) > 4 and word.isascii():
        i = rng.randrange(1, len(word) - 1)
        words[at] = rng.choice(
            (
                word[:i] + word[i + 1 :],
                word[:i] + word[i] + word[i:],
                word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
            )
        )
    return " ".join(words)
