"""The training texts: templates filled many times, in a mixture that is balanced by language and by whether there is anything to find.

`python -m training.synth.corpus --public DIR --n 1000 --seed 1` prints JSON lines {"text", "spans", "lang", "register", "template"}.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.synth.lexicons import Lexicons
from training.synth.noise import roughen
from training.synth.slots import Filled
from training.synth.templates import Template, load

Span = tuple[int, int, str]
_PLACEHELD = 0.06


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the half-open code point spans of what identifies a person."""

    text: str
    spans: tuple[Span, ...]
    lang: str
    register: str
    template: str


def is_validation(template: Template) -> bool:
    """One template in 25, by a hash of its words, is never trained on."""
    return zlib.crc32(template.text.encode()) % 25 == 3


def make(template: Template, lexicons: Lexicons, rng: random.Random) -> Example:
    """One text of a template."""
    pieces = roughen(template.fill(lexicons, rng), template.lang, template.register, template.raw, rng)
    if rng.random() < _PLACEHELD:
        pieces = _redacted(pieces, rng)
    text, spans = "", list[Span]()
    for words, label in pieces:
        if label:
            start = len(text) + len(words) - len(words.lstrip())
            end = len(text) + len(words.rstrip())
            if start < end:
                spans.append((start, end, label))
        text += words
    return Example(text, tuple(spans), template.lang, template.register, template.name)


def _redacted(pieces: list[Filled], rng: random.Random) -> list[Filled]:
    """Our own output is read again in every later turn: placeholders are nobody."""
    share = rng.random()
    return [
        (f"[{label}_{rng.randrange(1, 9)}]", None) if label and rng.random() < share else (words, label)
        for words, label in pieces
    ]


def stream(
    templates: Sequence[Template], lexicons: Lexicons, seed: int, shares: dict[str, float] | None = None
) -> Iterator[Example]:
    """Texts without end: languages by `shares`, templates in turn."""
    rng = random.Random(seed)
    by_lang: dict[str, list[Template]] = {}
    for template in templates:
        by_lang.setdefault(template.lang, []).append(template)
    shares = shares or {lang: 0.72 if lang == "en" else 0.28 / max(1, len(by_lang) - 1) for lang in by_lang}
    decks: dict[str, list[Template]] = {lang: [] for lang in by_lang}
    langs, weights = list(by_lang), [shares.get(lang, 0.0) for lang in by_lang]
    while True:
        lang = rng.choices(langs, weights)[0]
        if not decks[lang]:
            decks[lang] = rng.sample(by_lang[lang], len(by_lang[lang]))
        yield make(decks[lang].pop(), lexicons, rng)


def main() -> None:
    """Print some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="*")
    parser.add_argument("--check", action="store_true", help="fill every template some times and say what fails")
    args = parser.parse_args()
    templates = load(only=args.only)
    lexicons = Lexicons(args.public)
    if args.check:
        _check(templates, lexicons)
        return
    for _, example in zip(range(args.n), stream(templates, lexicons, args.seed), strict=False):
        sys.stdout.write(
            json.dumps(
                {
                    "text": example.text,
                    "spans": example.spans,
                    "lang": example.lang,
                    "register": example.register,
                    "template": example.template,
                },
                ensure_ascii=False,
            )
            + "\n"
        )


def _check(templates: Sequence[Template], lexicons: Lexicons) -> None:
    rng, bad = random.Random(0), 0
    for template in templates:
        try:
            for _ in range(8):
                text = make(template, lexicons, rng).text
                if "[[" in text or "]]" in text or (not template.raw and "%%" in text):
                    raise ValueError("brackets left over")
        except (KeyError, ValueError, IndexError, FileNotFoundError) as error:
            bad += 1
            sys.stdout.write(f"{template.name}: {type(error).__name__} {error}: {template.text[:70]!r}\n")
    sys.stdout.write(f"{len(templates)} templates, {bad} bad, {sum(t.has_phi for t in templates)} with PHI\n")


if __name__ == "__main__":
    main()
