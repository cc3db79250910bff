"""Invented people: one person keeps the same names through a text, in whatever form a slot asks for."""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.synth.lexicons import Lexicons

LATIN = ("en", "es", "fr", "de", "pt", "it", "sw")


@dataclass(frozen=True, slots=True)
class Person:
    """The parts of one name."""

    lang: str
    first: str
    middle: str
    last: str
    nick: str
    style: float

    def form(self, name: str, rng: random.Random) -> str:
        """The form that a slot names ("full", "last_first", ...)."""
        maker = getattr(self, f"_{name}", None)
        if maker is None:
            raise KeyError(f"no such form of a name: {name}")
        return maker(rng)

    def _first(self, rng: random.Random) -> str:
        return self.first

    def _last(self, rng: random.Random) -> str:
        return self.last

    def _nick(self, rng: random.Random) -> str:
        return self.nick

    def _full(self, rng: random.Random) -> str:
        if self.lang == "zh":
            return self.last + self.first
        if self.lang == "ru":
            return f"{self.last} {self.first} {self.middle}" if self.style < 0.4 else f"{self.first} {self.last}"
        if self.style < 0.62 or not self.middle:
            return f"{self.first} {self.last}"
        if self.style < 0.78 and self.lang in LATIN:
            return f"{self.first} {self.middle[0]}. {self.last}"
        if self.style < 0.8 and self.lang in LATIN:
            return f"{self.first} {self.middle[0]} {self.last}"
        return f"{self.first} {self.middle} {self.last}"

    def _last_first(self, rng: random.Random) -> str:
        if self.lang == "zh":
            return self.last + self.first
        tail = f" {self.middle[0]}{rng.choice(('', '.'))}" if self.middle and rng.random() < 0.3 else ""
        return f"{self.last},{'' if rng.random() < 0.1 else ' '}{self.first}{tail}"

    def _f_last(self, rng: random.Random) -> str:
        if self.lang == "zh":
            return self.last + self.first
        return f"{self.first[0]}{rng.choice(('. ', '. ', '.', ' '))}{self.last}"

    def _last_f(self, rng: random.Random) -> str:
        if self.lang == "zh":
            return self.last + self.first
        return f"{self.last}{rng.choice((' ', ' ', ', '))}{self.first[0]}{rng.choice(('.', '.', ''))}"

    def _initials(self, rng: random.Random) -> str:
        letters = [self.first[0], self.last[0]]
        if self.middle and rng.random() < 0.4:
            letters.insert(1, self.middle[0])
        return rng.choice(("".join(letters), "".join(f"{letter}." for letter in letters))).upper()

    def _quoted(self, rng: random.Random) -> str:
        return f'{self.first} "{self.nick}" {self.last}'

    def _hl7(self, rng: random.Random) -> str:
        tail = f"^{self.middle[0] if rng.random() < 0.6 else self.middle}" if self.middle and rng.random() < 0.6 else ""
        return f"{self.last}^{self.first}{tail}"

    def _x12(self, rng: random.Random) -> str:
        tail = f"*{self.middle[0]}" if self.middle and rng.random() < 0.5 else ""
        return f"{self.last}*{self.first}{tail}".upper()

    def _any(self, rng: random.Random) -> str:
        return self.form(rng.choice(("first", "first", "last", "full", "f_last", "nick")), rng)

    def _word(self, rng: random.Random) -> str:
        return self.first

    def _eponym(self, rng: random.Random) -> str:
        return self.last


def person(lang: str, lexicons: Lexicons, rng: random.Random, first: str = "", last: str = "") -> Person:
    """A new person. English ones come from everywhere, one in three from the public lists."""
    female = rng.random() < 0.5
    given = "first_f" if female else "first_m"
    if lang != "en" and not lexicons.has(lang, "first_f"):
        lang = "en"

    def one(of: str) -> str:
        roll = rng.random()
        if lang != "en" or not of.startswith(("first", "last")):
            return lexicons.pick(lang, of, rng)
        if roll < 0.45:
            return lexicons.pick("en", "public_first" if of.startswith("first") else "public_last", rng)
        if roll < 0.53:
            return lexicons.pick("en", "word_first" if of.startswith("first") else "word_last", rng)
        if roll < 0.57 and of == "last":
            return lexicons.pick("en", "eponym_last", rng)
        return lexicons.pick("en", of, rng)

    first = first or one(given)
    if not last:
        family = "last_f" if lang == "ru" and female and lexicons.has("ru", "last_f") else "last"
        last = one(family)
        if lang == "en" and rng.random() < 0.06:
            last = f"{last}-{one('last')}"
        if lang in ("es", "pt") and rng.random() < 0.7:
            last = f"{last} {rng.choice(('', 'de ', 'da ')) if lang == 'pt' else ''}{one('last')}"
        if lang == "en" and rng.random() < 0.05 and "-" not in first:
            first = f"{first}{rng.choice(('-', ' '))}{one(given)}"
    if lang == "ru":
        middle = lexicons.pick("ru", "patronymic_f" if female else "patronymic_m", rng)
    elif lang in ("zh", "hi"):
        middle = ""
    else:
        middle = one(given) if rng.random() < 0.6 else ""
    nick = lexicons.pick(lang, "nick", rng) if lang == "en" else first
    return Person(lang, first, middle, last, nick, rng.random())
