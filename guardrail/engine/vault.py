"""The map between values and what stands for them in one exchange. Never leaves the process, dies with the exchange.

Knows no detector and no provider: it is told where a value is and answers what stands in its place. A placeholder is
not derived from the value (45 CFR 164.514(c)), one-to-one over the whole request, numbered in order of first
appearance. What was told to the model before an answer is told the same way ever after: a conversation carries its
history, so a turn that is added changes no word of those before (TOK-08), unless a value is found in them only now or
the client writes a number that was in use.

Two spellings of one value ("Maria Lopez", "MARIA LOPEZ"; "219-09-9999", "219 09 9999") share a placeholder and come
back as first written. The forms of one person's name share a number and come back each as it was written: `people`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn

from guardrail.engine import placeholders
from guardrail.engine.carriers import carriers_of, is_in_link
from guardrail.engine.echo import Echo
from guardrail.engine.intervals import DateOrder, distance, find_dates, moved, read_date
from guardrail.engine.operators import DEFAULTS, Operator, generalised, place_beside_state, shifted
from guardrail.engine.people import Mention, People, is_form
from guardrail.engine.placeholders import Said
from guardrail.engine.roles import role_of
from guardrail.errors import RailFailed
from guardrail.rails.base import SENTENCE, About, Reach, Window
from guardrail.text import Finding, Kind, Span

RESTORE: Final = "restore"
"""The rail name under which restored values are reported."""

_NAME: Final = "NAME"
_SHORT: Final = {"AGE_OVER_89": "AGE"}  # the model should not read a number where none is meant
_WORDS: Final = frozenset({"NAME", "LOCATION", "ORG_FACILITY", "ADDRESS", "EMAIL", "DATE", "AGE_OVER_89"})
_NUMBERS: Final = frozenset(
    {"SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "PHONE", "FAX", "VEHICLE", "DEVICE", "OTHER_ID"}
)
_SEPARATORS: Final = str.maketrans("", "", " \t\n-\u2010\u2011\u2012\u2013")
_LEAST_DIGITS: Final = 4
_LONGEST_RUN: Final = 8
_OWN_WORD: Final = re.compile(r"[^\W_]+")
_MOST_LOOKS: Final = 24  # places of one name in one turn whose surroundings are read for the person's part
_LONGEST_PLACEHOLDER: Final = 64
_LOOK_AHEAD: Final = 40
_WEEKS: Final = 156
_KEY: Final = secrets.token_bytes(32)  # made at the start of the process, and never shown


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value and its placeholder. Never printed."""

    label: str
    id: str
    value: str
    detail: str = ""

    @property
    def placeholder(self) -> str:
        return placeholders.write(self.id, self.detail)

    @property
    def bare(self) -> str:
        return placeholders.write_bare(self.id, self.detail if self.label == _NAME else "")

    def __repr__(self) -> str:
        return f"<{self.id}>"


_Key = tuple[str, str]


class Vault:
    """The values of one exchange. Not shared, not pickled; shows counts only.

    Stored only through `export`, sealed, for a conversation that the provider keeps (guardrail/state).
    """

    def __init__(
        self,
        date_order: DateOrder = "",
        operators: Mapping[str, Operator] | None = None,
        *,
        roles: bool = True,
        this_year: int | None = None,
    ) -> None:
        """`operators` by label, on top of `DEFAULTS`. `roles` False: everybody is a NAME."""
        self._operators = {**DEFAULTS, **(operators or {})}
        self._roles = roles
        self._this_year = this_year or datetime.now(UTC).year
        self._known: dict[_Key, str] = {}
        self._entries: dict[_Key, list[tuple[int, _Entry]]] = {}
        self._by_id: dict[str, dict[str, _Entry]] = {}
        self._next: Counter[str] = Counter()
        self._reserved: set[str] = set()
        self._less: dict[str, None] = {}
        self._own = _Own()
        self._people = People()
        self._mentions: dict[str, Mention] = {}
        self._turn = 0
        self._date_order: DateOrder = date_order
        self._anchor: tuple[date, str] | None = None
        self._shift = _Shift(date_order, self._this_year)
        self._echo = Echo()
        self._closed = False

    def __repr__(self) -> str:
        return f"<Vault of {len(self._by_id)} placeholders>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault never leaves its process")

    def counts(self) -> Mapping[str, int]:
        """How many different values of each label are known: `{"NAME": 2}`."""
        return Counter(label for label, _ in self._known)

    def begin(self, words: str | None) -> None:
        """The user's first words: every turn of a conversation moves dates by the same days. None: by chance."""
        if words is not None:
            self._shift.begin(words)

    def reserve(self, texts: Iterable[str]) -> None:
        """Client text that looks like a placeholder: its number is never minted, so it is never restored (TOK-01)."""
        for text in texts:
            self._reserved.update(placeholders.lookalikes(text))

    def own(self, texts: Iterable[str]) -> None:
        """Remember what the caller wrote: the model repeating it adds nothing new."""
        self._own.learn(texts)

    def hear(self, findings: Iterable[Finding], text: str) -> None:
        """Let `echo()` know what a detector found, before any of it is read."""
        for finding in findings:
            if value := _value(finding, text):
                self._remember(finding.label, value)

    def learn(self, findings: Iterable[Finding], text: str, field: str = "", repeated: Iterable[Finding] = ()) -> None:
        """What a detector found in one text of the request, and what `echo()` found there besides.

        Texts come in the order of the conversation. Who is meant by a name is decided when the turn is over
        (`answered()`, or when the first placeholder is asked for), over all names of the turn together.
        """
        sure = [(finding, True) for finding in findings]
        for finding, is_sure in sorted([*sure, *((each, False) for each in repeated)], key=lambda each: each[0].span):
            value = _value(finding, text)
            if value and is_sure:
                self._remember(finding.label, value)
            if value and finding.label == _NAME:
                self._mention(value, finding.span, text, field, is_sure)
            elif value and is_sure:
                self._stand_in(finding.label, value, _after(finding.span, text), self._turn)

    def answered(self) -> None:
        """The model has been told what was learned so far: that stands."""
        self._settle()
        self._turn += 1

    def mint(self, label: str, value: str) -> str:
        """The placeholder of `value`, the same one whenever it is asked for. Raises RailFailed once closed."""
        return self._entry(label, value, self._turn).placeholder

    @property
    def redactor(self) -> Redactor:
        """Rewriter for the rail that finds PHI in a request, for texts of the turn that is being learned."""
        return Redactor(self, self._turn)

    @property
    def novel(self) -> Novel:
        """Rewriter for the rail that finds PHI in an answer, where no values are put back."""
        return Novel(self)

    def echo(self) -> Echo:
        """Rail for repetitions of what is known by now and of what is learned later."""
        return self._echo

    def restorer(self) -> Restorer:
        """Rail and rewriter in one: this exchange's own placeholders in an answer, and what they stand for."""
        self._settle()
        return Restorer(self)

    def export(self) -> Mapping[str, Any]:
        """What a later exchange of the same conversation has to know, as JSON can carry it. To be sealed at once.

        Only for what the provider keeps by id: else every request carries its history and nothing is kept.
        """
        self._settle()
        return {
            "turn": self._turn,
            "known": [[*key, value] for key, value in self._known.items()],
            "values": [
                [*key, turn, entry.id, entry.value, entry.detail]
                for key, told in self._entries.items()
                for turn, entry in told
            ],
            "less": list(self._less),
            "next": dict(self._next),
            "reserved": sorted(self._reserved),
            "anchor": self._anchor and [self._anchor[0].isoformat(), self._anchor[1]],
            "shift": self._shift.export(),
            "people": self._people.export(),
        }

    def resume(self, kept: Mapping[str, Any]) -> None:
        """Go on where `export` stopped, in the next turn. Once, and before anything is learned."""
        for label, same, value in kept["known"]:
            self._known[label, same] = value
            self._echo.learn(label, value)
            self._own.learn((value,))
        for label, same, turn, name, value, detail in kept["values"]:
            self._turn = turn
            self._keep((label, same), _Entry(label, name, value, detail))
        self._turn = kept["turn"] + 1
        self._tell_less(kept["less"])
        self._next.update(kept["next"])
        self._reserved.update(kept["reserved"])
        if kept["anchor"]:
            day, name = kept["anchor"]
            self._anchor = (date.fromisoformat(day), name)
        self._shift.resume(kept["shift"])
        self._people.resume(kept["people"])

    def close(self) -> None:
        """The exchange is over: forget every value (TOK-13)."""
        self._closed = True
        for forgotten in (self._own, self._people, self._echo, self._shift):
            forgotten.forget()
        self._known.clear()
        self._less.clear()
        self._entries.clear()
        self._by_id.clear()
        self._reserved.clear()
        self._mentions.clear()
        self._anchor = None

    # ── values and their placeholders ─────────────────────────────────────────────────────────────────────────

    def _operator(self, label: str) -> Operator:
        return self._operators.get(label, "placeholder")

    def _remember(self, label: str, value: str) -> None:
        if self._closed:
            raise RailFailed("the exchange is over, nothing can be redacted for it any more")
        key = (label, _same(label, value))
        if key not in self._known:
            self._known[key] = value
            self._echo.learn(label, value)

    def _mention(self, value: str, span: Span, text: str, field: str, sure: bool) -> None:
        if self._operator(_NAME) == "drop":
            return
        known = self._mentions.setdefault(_same(_NAME, value), Mention(value, [], sure=False))
        known.sure |= sure
        if self._roles and len(known.roles) < _MOST_LOOKS:
            known.roles.append(role_of(text, span.start, span.end, field))

    def _settle(self) -> None:
        """Read the names of the turn and give numbers to those who have none."""
        if not self._mentions:
            return
        mentions, self._mentions = self._mentions, {}
        readings = self._people.read(mentions)
        for key in mentions:
            if reading := readings.get(key):
                person = reading.person.root
                person.id = person.id or self._free_id(person.role or _NAME)
                self._keep((_NAME, key), _Entry(_NAME, person.id, mentions[key].value, reading.detail))

    def _keep(self, key: _Key, entry: _Entry) -> _Entry:
        self._entries.setdefault(key, []).append((self._turn, entry))
        forms = self._by_id.setdefault(entry.id, {})
        forms[" ".join(entry.detail.lower().split())] = entry
        if entry.label != _NAME:
            forms[""] = entry
        return entry

    def _entry(self, label: str, value: str, turn: int) -> _Entry:
        """As it was told in that turn, or in the first one that knew it."""
        self._settle()
        key = (label, _same(label, value))
        told = self._entries.get(key)
        if told is None:
            return self._new(key, value)
        return next((entry for since, entry in reversed(told) if since <= turn), told[0][1])

    def _new(self, key: _Key, value: str) -> _Entry:
        label, same = key
        self._remember(label, value)
        if label == _NAME:
            self._mentions[same] = Mention(value, [])
            self._settle()
            return self._entries[key][-1][1]
        name = self._free_id(_SHORT.get(label, label))
        return self._keep(key, _Entry(label, name, value, self._detail(label, name, value)))

    def _free_id(self, word: str) -> str:
        while True:
            self._next[word] += 1
            if (name := f"{word}_{self._next[word]}") not in self._reserved:
                return name

    def _detail(self, label: str, name: str, value: str) -> str:
        if label == "AGE_OVER_89":
            return "90+"
        day = read_date(value, self._date_order) if label == "DATE" else None
        if day is None:
            return ""
        if self._anchor is None:
            self._anchor = (day, name)
            return ""
        return distance(day, *self._anchor)

    def _stand_in(self, label: str, value: str, after: str, turn: int) -> str:
        """What is written for `value` where `after` follows it."""
        operator = self._operator(label)
        if operator == "drop":
            return _removed(label)
        if _is_general(label, value, after):
            return value
        less: str | None = None
        if operator == "generalise":
            less = generalised(label, value, self._this_year)
            if less is None and label == "LOCATION":
                less = place_beside_state(after)
            if less is not None:
                self._tell_less((less,))
        elif operator == "shift":
            less = self._shift.move(value)
        return self._entry(label, value, turn).placeholder if less is None else less

    def _tell_less(self, words: Iterable[str]) -> None:
        """What is written for a value in general is the caller's own from now on."""
        new = [each for each in words if each not in self._less]
        if new:
            self._less.update(dict.fromkeys(new))
            self._own.learn(new)

    def _bare(self, label: str, value: str, turn: int) -> str:
        """The same where nothing but letters, digits and underscores may be written."""
        if self._operator(label) == "drop":
            return f"{_SHORT.get(label, label)}_removed"
        return self._entry(label, value, turn).bare

    def _is_own(self, label: str, value: str) -> bool:
        return (label, _same(label, value)) in self._known or self._own.holds(value)

    def _is_ours(self, label: str, text: str, span: Span) -> bool:
        """True for what lies in a placeholder of ours, however dressed ("Dr. Clinician_2"), and for the 90 of `90+`."""
        if _is_general(label, text[span.start : span.end], _after(span, text)):
            return True
        start = max(0, span.start - _LONGEST_PLACEHOLDER)
        near = text[start : span.end + _LONGEST_PLACEHOLDER]
        return any(
            start + first <= span.start and span.end <= start + last and self._meant(said) is not None
            for first, last, said in placeholders.find(near)
        )

    def _meant(self, said: Said) -> _Entry | None:
        """What a placeholder stands for. Of a person also in a form that this request has not, never of a date."""
        forms = self._by_id.get(said.id, {})
        if (entry := forms.get(said.detail)) is not None:
            return entry
        bare = forms.get("")
        return bare if bare and bare.label == _NAME and is_form(said.detail) else None


def is_part_of(part: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """True if all that one exported vault has told is told the same way by another."""
    told = {tuple(row) for row in whole["values"]}
    moved, shift = part["shift"], whole["shift"]
    return (
        all(tuple(row) in told for row in part["values"])
        and part["anchor"] in (None, whole["anchor"])
        and (
            not moved["moved"]
            or (moved["days"] == shift["days"] and all(row in shift["moved"] for row in moved["moved"]))
        )
    )


class _Shift:
    """Dates of one conversation, all moved by the same whole number of weeks into the past, and back."""

    def __init__(self, order: DateOrder, this_year: int) -> None:
        self._order: DateOrder = order
        self._this_year = this_year
        self._days = _days(secrets.token_bytes(16))
        self._resumed = False
        self._moved: dict[str, str | None] = {}
        self._by_words: dict[str, str] = {}
        self._by_day: dict[date, str] = {}

    def begin(self, words: str) -> None:
        """Before the first date is moved. Not to be worked out from the words without the key of the process."""
        if not self._resumed:
            self._days = _days(words.encode("utf-8", "surrogatepass"))

    def forget(self) -> None:
        """Drop every date."""
        self._moved.clear()
        self._by_words.clear()
        self._by_day.clear()
        self._days = 0

    def export(self) -> Mapping[str, Any]:
        """The days, and the dates that were moved, as they were told."""
        days = {value: day.isoformat() for day, value in self._by_day.items()}
        moved = [[value, words, days.get(value)] for value, words in self._moved.items()]
        return {"days": self._days, "order": self._order, "moved": moved}

    def resume(self, kept: Mapping[str, Any]) -> None:
        """The same days as before, whatever the first words are now, and dates read as they were read then."""
        self._days, self._order, self._resumed = kept["days"], kept["order"], True
        for value, words, day in kept["moved"]:
            self._moved[value] = words
            if words is not None:
                self._by_words[words.lower()] = value
            if day is not None:
                self._by_day[date.fromisoformat(day)] = value

    def move(self, value: str) -> str | None:
        """The date as the model reads it; None if this one needs a placeholder. Two values never become one."""
        if value not in self._moved:
            words = shifted(value, self._days, self._this_year, self._order)
            day = read_date(words, self._order) if words else None
            if words is None or day is None or self._by_words.setdefault(words.lower(), value) != value:
                words = None
            else:
                self._by_day.setdefault(day, value)
            self._moved[value] = words
        return self._moved[value]

    def find(self, text: str) -> Iterator[Span]:
        """Where dates stand that were moved, in any writing."""
        if self._by_day:
            for start, end, day in find_dates(text, self._order):
                if day in self._by_day:
                    yield Span(start, end)

    def back(self, said: str) -> str | None:
        """The true date, as it was written or as the model writes dates."""
        if (value := self._by_words.get(said.lower())) is not None:
            return value
        day = read_date(said, self._order) if self._by_day else None
        value = self._by_day.get(day) if day else None
        return value and (moved(said, -self._days, self._order) or value)

    def all_back(self, text: str) -> str | None:
        """The text with every moved date in it put right; None if there is none."""
        if (value := self.back(text)) is not None:
            return value
        spans = list(self.find(text))
        for span in reversed(spans):
            words = text[span.start : span.end]
            text = text[: span.start] + (self.back(words) or words) + _after(span, text)
        return text if spans else None


def _days(seed: bytes) -> int:
    digest = hmac.new(_KEY, seed, hashlib.sha256).digest()
    return -7 * (1 + int.from_bytes(digest[:8], "big") % _WEEKS)


class _Own:
    """What the caller wrote, by runs of words. The first question of each length costs a pass over the text."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._runs: dict[int, frozenset[int]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Remember `texts`, each once."""
        self._texts.update(dict.fromkeys(map(_plain, texts)))
        self._runs.clear()

    def forget(self) -> None:
        """Drop every text."""
        self._texts.clear()
        self._runs.clear()

    def holds(self, value: str) -> bool:
        """True if `value` was written word for word, signs between its words included, and not inside longer words.

        A longer value is taken in runs of eight words, each of which must have been written.
        """
        plain = _plain(value)
        words = list(_OWN_WORD.finditer(plain))
        length = min(len(words), _LONGEST_RUN)
        return bool(words) and all(run in self._of(length) for run in _word_runs(plain, words, length))

    def _of(self, length: int) -> frozenset[int]:
        if (known := self._runs.get(length)) is None:
            texts = ((text, list(_OWN_WORD.finditer(text))) for text in self._texts)
            known = frozenset(run for text, words in texts for run in _word_runs(text, words, length))
            self._runs[length] = known
        return known


def _word_runs(text: str, words: Sequence[re.Match[str]], length: int) -> Iterator[int]:
    """The hash of every `length` words in a row, with what stands between them; hashes are small, runs are not."""
    for first, last in zip(words, words[length - 1 :], strict=False):
        yield hash(text[first.start() : last.end()])


@dataclass(frozen=True, slots=True, repr=False)
class Redactor:
    """Puts placeholders, or what the policy wants instead, into a request: as they are told in one turn."""

    vault: Vault
    turn: int

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """`[NAME_1]`, or `NAME_1` where the alphabet is restricted."""
        value = _value(finding, text)
        if not value:
            return None
        if about.kind is Kind.TOKEN:
            return self.vault._bare(finding.label, value, self.turn)
        return self.vault._stand_in(finding.label, value, _after(finding.span, text), self.turn)


@dataclass(frozen=True, slots=True, repr=False)
class Novel:
    """Marks PHI that the model added by itself; the caller's own data is the caller's to read.

    A date that was moved is the caller's own too: it is put right if `restores`, and stays elsewhere.
    """

    vault: Vault
    restores: bool = False

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """`[NAME removed]`, or None to leave words that the caller sent."""
        value, span = _value(finding, text), finding.span
        if not value or self.vault._is_own(finding.label, value) or self.vault._is_ours(finding.label, text, span):
            return None
        if (true := self.vault._shift.all_back(value)) is not None:
            window = Window(text, 1)
            inside = is_in_link(window, span.start, span.end, carriers_of(window))
            return true if self.restores and not inside else None
        return (
            f"{_SHORT.get(finding.label, finding.label)}_removed"
            if about.kind is Kind.TOKEN
            else _removed(finding.label)
        )


@dataclass(frozen=True, slots=True, repr=False)
class Restorer:
    """Gives the caller's own values back, in whatever dress; never into a link or a tag (TOK-02, TOK-03).

    No placeholder holds a sentence end or a line end and none is longer than what waits at a cut inside a sentence,
    so that a sentence is reach enough.
    """

    vault: Vault

    @property
    def name(self) -> str:
        """`restore`."""
        return RESTORE

    @property
    def reach(self) -> Reach:
        """A checkpoint at a sentence end never cuts a placeholder; elsewhere the engine looks further ahead."""
        return SENTENCE

    def inspect(self, window: Window, about: About) -> Iterator[Finding]:
        """One finding per placeholder that can be restored here; its label is the kind of value."""
        text, vault = window.text, self.vault
        known = [
            (Span(start, end), entry.label)
            for start, end, said in placeholders.find(text)
            if (entry := vault._meant(said)) is not None
        ]
        known += [(span, "DATE") for span in vault._shift.find(text)]
        carriers = carriers_of(window) if known else ()
        for span, label in known:
            if not is_in_link(window, span.start, span.end, carriers):
                yield Finding(span, RESTORE, label)

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The value, literally: what it holds is never expanded again."""
        words = _value(finding, text)
        said = placeholders.read(words)
        if said is None:
            return self.vault._shift.back(words)
        entry = self.vault._meant(said)
        return entry.value + said.tail if entry else None


def _is_general(label: str, value: str, after: str) -> bool:
    """True for an age that says no more than over 89."""
    return label == "AGE_OVER_89" and value == "90" and after.startswith("+")


def _removed(label: str) -> str:
    return f"[{_SHORT.get(label, label)} removed]"


def _after(span: Span, text: str) -> str:
    return text[span.end : span.end + _LOOK_AHEAD]


def _value(finding: Finding, text: str) -> str:
    return text[finding.span.start : finding.span.end]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _same(label: str, value: str) -> str:
    """What makes two values one. Codes and addresses on the net may differ by case alone, numbers by separators."""
    if label in _NUMBERS and sum(char.isdigit() for char in value) >= _LEAST_DIGITS:
        return value.translate(_SEPARATORS)
    return _plain(value) if label in _WORDS else " ".join(value.split())
