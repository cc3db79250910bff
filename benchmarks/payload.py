"""What is asked and what is answered: invented people, fixed texts. Knows no server and no clock.

The bench payload is a clinical chat of three messages and 1,500 characters with eight pieces of PHI, the last message
250 of them, and an answer of 900 characters in 120 stream chunks. A laboratory value in nearly every sentence changes
from request to request, and in the answers, too, so that nothing is measured that was merely remembered. The scripted
upstream picks its answer by the name of the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import cycle, islice, pairwise

PHI_ITEMS = (
    "Marisol Quintero", "14 March 1961", "MRN 40718263", "415-555-0142", "marisol.quintero@example.org",
    "2718 Alder Street, Springfield, IL 62704", "Dr. Tobias Lindqvist", "3 June 2024",
)  # fmt: skip
_NAME, _BORN, _MRN, _PHONE, _MAIL, _HOME, _DOCTOR, _SEEN = PHI_ITEMS

VALUE = "@@@"
"""Where the laboratory value stands in a text."""

CHAT: Sequence[tuple[str, str]] = (
    (
        "user",
        f"Please help me to prepare a discharge letter, CRP today @@@. Patient: {_NAME}, born {_BORN}, {_MRN}, "
        f"ferritin @@@. She lives at {_HOME}; phone {_PHONE}, mail {_MAIL}, weight @@@. She was admitted on {_SEEN} "
        f"by {_DOCTOR} with three days of productive cough, fever of 38.9, CRP of @@@ and pleuritic pain on the "
        "right. The chest film showed consolidation of the right lower lobe, @@@ ml of fluid. White cells were @@@, "
        "saturation 91 per cent. She got ceftriaxone 2 g and azithromycin 500 mg for three days, lactate @@@, and "
        "needed two litres of oxygen.",
    ),
    (
        "assistant",
        "Here is a first outline, CRP @@@. Reason for admission: right lower lobe pneumonia with a ferritin of @@@. "
        "Course: fever settled within 48 hours, oxygen was weaned, CRP fell from @@@ to 41. Therapy: ceftriaxone "
        "and azithromycin, plasma @@@, both tolerated without any reaction of skin or bowel. Before I write the "
        "letter at a GFR of @@@, please tell me the renal function, the discharge medication, whether a follow-up "
        "film is planned, and whether she has any allergy that the family physician should know about, with a "
        "tryptase of @@@ if it was measured.",
    ),
    (
        "user",
        "Creatinine 1.4, GFR 46, K 5.3, sodium @@@. She takes ramipril 10 mg, metformin 1 g and apixaban 5 mg. "
        f"Should {_NAME} go home on ramipril, and what do I tell her about metformin at a BNP of @@@? Answer in "
        "three short sections, please.",
    ),
)  # fmt: skip

FIRST_WORD = "Potassium"
"""The answer's first word; no text of the guardrail's own begins with it."""

ANSWER = (
    "Potassium of 5.3 on ramipril with a BNP of @@@ deserves a second look before discharge. I think the dose for "
    "[NAME_1] could be halved to 5 mg, with potassium, creatinine and CRP of @@@ checked within three to five days. "
    "Salt substitutes and NSAIDs are better avoided at @@@. If potassium rises above 5.5 or CRP above @@@, ramipril "
    "should be paused.\n\nMetformin can be continued at a GFR of @@@; below 45 the daily dose is usually limited to "
    "1 g, and it is paused during vomiting, dehydration or contrast imaging. Apixaban needs no change at this age "
    "and weight of @@@.\n\nIn the first week: potassium, creatinine, CRP from @@@ down; oxygen saturation at rest "
    "and on stairs; temperature also each day. Seek help at once for breathlessness, chest pain, confusion or CRP "
    "over @@@. The film in six weeks is sensible; ceftriaxone was tolerated without any reaction at @@@."
)

CHUNKS = 120
LONG_DELTAS = 1_000
STEADY_SENTENCES = 90
VALUES = 900_000
"""As many different laboratory values there are: requests have half of them, conversations the others."""

_LONG_TEXT = (
    "the patient rests well and drinks enough water while the ward team keeps watching her breathing and her blood "
    "pressure with the same care as on the day before and the nurse helps her to sit up for every meal so that she can "
    "eat without coughing and the family reads to her in the long quiet afternoon"
)
_STEADY = ("The ", "patient ", "rests ", "well ", "and ", "drinks ", "enough ", "water. ")
_SYMPTOMS = ("cough", "fever", "ankle swelling", "chest tightness", "palpitations", "night sweats", "headache")
_DRUGS = ("ramipril 5 mg", "metoprolol 47.5 mg", "torasemide 10 mg", "apixaban 5 mg", "pantoprazole 20 mg")


@dataclass(frozen=True, slots=True)
class Script:
    """One answer of the upstream.

    pace     seconds between two chunks of a stream, 0 for a whole answer
    same     every answer has the same values in it
    """

    model: str
    text: str
    chunks: int = 1
    pace: float = 0.0
    same: bool = False


WHOLE = Script("bench-whole", ANSWER)
SAME = Script("bench-same", ANSWER, same=True)
STREAM = Script("bench-stream", ANSWER, CHUNKS, pace=0.002)
BURST = Script("bench-burst", ANSWER, CHUNKS, pace=0.000_25)
LONG = Script("bench-long", " ".join(islice(cycle(_LONG_TEXT.split()), LONG_DELTAS)), LONG_DELTAS, pace=0.002)
STEADY = Script("bench-steady", "".join(_STEADY * STEADY_SENTENCES), len(_STEADY) * STEADY_SENTENCES, pace=0.005)
SCRIPTS = {script.model: script for script in (WHOLE, SAME, STREAM, BURST, LONG, STEADY)}


def value(number: int) -> str:
    """The laboratory value of this number, always of the same length."""
    return f"{100 + number % VALUES / 1000:.3f}"


def fill(text: str, number: int) -> str:
    """The text with the value in its places."""
    return text.replace(VALUE, value(number))


# ------------------------------------------------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Ask:
    """What a request says.

    fresh    the bench chat, no message of it seen before
    last     the bench chat, only its last message not seen before
    same     the bench chat, always the same
    note     one message of `size` characters, not seen before
    turn     the turn of that number (`size`, from 1) in the conversation `number`
    """

    what: str = "fresh"
    size: int = 0


def request_body(script: Script, number: int = 0, ask: Ask = Ask()) -> bytes:
    """A chat completion request that the scripted upstream answers with `script`; `VALUES / 2` numbers differ."""
    if ask.what == "note":
        return _body(script, [("user", note(ask.size, number))])
    if ask.what == "turn":
        return _body(script, _turn(number, ask.size))
    history = number if ask.what == "fresh" else 0
    last = 0 if ask.what == "same" else number
    return _chat_body(script).replace(b"@@@", value(history).encode()).replace(b"###", value(last).encode())


@cache
def _chat_body(script: Script) -> bytes:
    """Made once: a client that has to send thousands a second can't write JSON for each."""
    (role, last), history = CHAT[-1], CHAT[:-1]
    return _body(script, [*history, (role, last.replace(VALUE, "###"))])


def _body(script: Script, messages: Sequence[tuple[str, str]]) -> bytes:
    rows = [{"role": role, "content": text} for role, text in messages]
    return json.dumps({"model": script.model, "messages": rows, "temperature": 0.2, "stream": script.pace > 0}).encode()


def chat(number: int) -> list[tuple[str, str]]:
    """The bench chat with this number's values."""
    return [(role, fill(text, number)) for role, text in CHAT]


def _turn(number: int, size: int) -> list[tuple[str, str]]:
    """A conversation: questions of 250 characters, answers of 900."""
    question, found = CHAT[-1][1], VALUES // 2 + number * 100 % (VALUES // 2)
    history = [
        pair
        for turn in range(1, size)
        for pair in (("user", fill(question, found + turn)), ("assistant", fill(ANSWER, found + turn)))
    ]
    return [*history, ("user", fill(question, found + size))]


def note(length: int, number: int = 0) -> str:
    """A long clinical record, no two notes alike, with a person in about every sixth note."""
    notes: list[str] = []
    size = 0
    for line in _notes(number * 10_000):
        notes.append(line)
        size += len(line) + 1
        if size > length:
            return " ".join(notes)[:length]
    raise AssertionError("notes never end")


def _notes(first: int) -> Iterator[str]:
    for day, (symptom, drug) in enumerate(zip(cycle(_SYMPTOMS), cycle(_DRUGS), strict=False), first):
        pulse, creatinine = 60 + day % 47, 0.7 + day % 19 / 10
        yield f"Note {day}: {symptom} is better, pulse {pulse}, creatinine {creatinine:.1f}, {drug} is continued."
        if day % 6 == 0:
            yield f"Called 415-555-{day % 10_000:04d} and spoke with Mrs. {_NAME.split()[1]} about the next visit."


# ---------------------------------------------------------------------------------------------------- what is answered


def answer_json(script: Script, number: int = 0) -> bytes:
    """The body of a whole answer."""
    message = {"role": "assistant", "content": fill(script.text, number), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 371, "completion_tokens": 214, "total_tokens": 585}
    return _dump({**_envelope(script, "chat.completion"), "choices": [choice], "usage": usage})


def answer_events(script: Script, number: int = 0) -> list[bytes]:
    """The events of a streamed answer, with the role before and the end after the chunks of text."""
    texts = [_text_event(script, piece) for piece in _cut(fill(script.text, number), script.chunks)]
    role = _event(script, {"role": "assistant", "content": ""})
    return [role, *texts, _event(script, {}, "stop"), b"data: [DONE]\n\n"]


def _cut(text: str, count: int) -> list[str]:
    """Into `count` pieces of nearly equal length, inside words too, as tokens do."""
    edges = [round(len(text) * number / count) for number in range(count + 1)]
    return [text[start:end] for start, end in pairwise(edges)]


@lru_cache(maxsize=10_000)
def _text_event(script: Script, piece: str) -> bytes:
    """Remembered: nearly all pieces of an answer come again in the next one."""
    return _event(script, {"content": piece})


def _event(script: Script, delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return b"data: " + _dump({**_envelope(script, "chat.completion.chunk"), "choices": [choice]}) + b"\n\n"


def _envelope(script: Script, kind: str) -> dict[str, object]:
    return {
        "id": "chatcmpl-bench0001", "object": kind, "created": 1_717_430_400,
        "model": script.model, "service_tier": "default", "system_fingerprint": "fp_bench",
    }  # fmt: skip


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _dump(value: object) -> bytes:
    return _ENCODER.encode(value).encode()
