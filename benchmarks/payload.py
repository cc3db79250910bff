"""What is asked and what is answered: invented people, fixed texts. Knows no server and no clock.

The bench payload is a clinical chat of three messages and 1,500 characters with eight pieces of PHI, and an answer of
900 characters in 120 stream chunks. A laboratory value in each message changes from request to request, so that
nothing is measured that was merely remembered. The scripted upstream picks its answer by the name of the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, pairwise

PHI_ITEMS = (
    "Marisol Quintero", "14 March 1961", "MRN 40718263", "415-555-0142", "marisol.quintero@example.org",
    "2718 Alder Street, Springfield, IL 62704", "Dr. Tobias Lindqvist", "3 June 2024",
)  # fmt: skip
_NAME, _BORN, _MRN, _PHONE, _MAIL, _HOME, _DOCTOR, _SEEN = PHI_ITEMS

CHAT: Sequence[tuple[str, str]] = (
    (
        "user",
        f"Please help me to prepare a discharge letter. Patient: {_NAME}, born {_BORN}, {_MRN}. She lives at {_HOME}; "
        f"phone {_PHONE}, mail {_MAIL}. She was admitted on {_SEEN} by {_DOCTOR} with three days of "
        "productive cough, fever of 38.9 and pleuritic pain on the right. The chest film showed consolidation of the "
        "right lower lobe. CRP was @@@, white cells 15.2, saturation 91 percent on room air. She got ceftriaxone 2 g "
        "once daily and azithromycin 500 mg for three days and needed two litres of oxygen until the second day.",
    ),
    (
        "assistant",
        "Here is a first outline. Reason for admission: right lower lobe pneumonia. Course: fever settled within 48 "
        "hours, oxygen was weaned, CRP fell from @@@ to 41. Before I write the letter, please tell me the renal "
        "function, the discharge medication, whether a follow-up film is planned, and whether she has any allergy that "
        "the family physician should know about.",
    ),
    (
        "user",
        "Creatinine is 1.4 with an eGFR of 46, potassium 5.3, sodium @@@. She takes ramipril 10 mg, metformin 1 g "
        "twice daily and apixaban 5 mg twice daily. Penicillin gave her a rash as a child. A film in six weeks "
        f"is planned. Should {_NAME} go home on ramipril despite that potassium, and what do I tell her about "
        "metformin while the eGFR is below 50? Please answer in three short paragraphs that I can paste into the "
        "letter to the family physician, and say what has to be checked in the first week after she has gone back "
        "home.",
    ),
)  # fmt: skip

FIRST_WORD = "Potassium"
"""The answer's first word; no text of the guardrail's own begins with it."""

ANSWER = (
    "Potassium of 5.3 in a patient on ramipril with an eGFR of 46 deserves a second look before discharge. I think the "
    "dose for [NAME_1] could be halved to 5 mg, with potassium and creatinine checked within three to five days. "
    "Salt substitutes and ibuprofen are better avoided. If potassium rises above 5.5, ramipril should be paused.\n\n"
    "Metformin can be continued at this level of renal function; below 45 the daily dose is usually limited to 1 g, "
    "and it is paused during vomiting, dehydration or contrast imaging. Apixaban needs no change at this age and "
    "weight.\n\n"
    "In the first week: potassium, creatinine and CRP; oxygen saturation at rest and on the stairs; temperature twice "
    "daily. Seek help at once for breathlessness, chest pain, confusion or blood in the sputum. The film in six weeks "
    "is sensible, and the rash under penicillin belongs into the letter; ceftriaxone was tolerated without any "
    "reaction."
)

CHUNKS = 120
LONG_DELTAS = 2_000
STEADY_SENTENCES = 90
LARGE_CHARS = 100 * 1024

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
    """One answer of the upstream. `pace`: seconds between two chunks of a stream, 0 for a whole answer."""

    model: str
    chunks: tuple[str, ...]
    pace: float = 0.0


def _cut(text: str, count: int) -> tuple[str, ...]:
    """Into `count` pieces of nearly equal length, inside words too, as tokens do."""
    edges = [round(len(text) * number / count) for number in range(count + 1)]
    return tuple(text[start:end] for start, end in pairwise(edges))


WHOLE = Script("bench-whole", (ANSWER,))
STREAM = Script("bench-stream", _cut(ANSWER, CHUNKS), pace=0.002)
LONG = Script("bench-long", tuple(f"{word} " for word in islice(cycle(_LONG_TEXT.split()), LONG_DELTAS)), pace=0.002)
STEADY = Script("bench-steady", _STEADY * STEADY_SENTENCES, pace=0.005)
SCRIPTS = {script.model: script for script in (WHOLE, STREAM, LONG, STEADY)}


def request_body(script: Script, number: int = 0, last: str | None = None) -> bytes:
    """A chat completion request that the scripted upstream answers with `script`.

    Requests of different `number`s (up to 899) share no message. `last` replaces the last message.
    """
    messages = [*CHAT[:-1], ("user", last)] if last else CHAT
    rows = [{"role": role, "content": text.replace("@@@", f"{100 + number % 900}")} for role, text in messages]
    body = {"model": script.model, "messages": rows, "temperature": 0.2, "stream": script.pace > 0}
    return json.dumps(body).encode()


def large_text(length: int = LARGE_CHARS) -> str:
    """A long clinical record, no two notes alike, with a person in about every sixth note."""
    notes: list[str] = []
    size = 0
    for note in _notes():
        notes.append(note)
        size += len(note) + 1
        if size > length:
            return " ".join(notes)[:length]
    raise AssertionError("notes never end")


def _notes() -> Iterator[str]:
    for day, (symptom, drug) in enumerate(zip(cycle(_SYMPTOMS), cycle(_DRUGS), strict=False)):
        pulse, creatinine = 60 + day % 47, 0.7 + day % 19 / 10
        yield f"Note {day}: {symptom} is better, pulse {pulse}, creatinine {creatinine:.1f}, {drug} is continued."
        if day % 6 == 0:
            yield f"Called 415-555-{day % 10_000:04d} and spoke with Mrs. {_NAME.split()[1]} about the next visit."


def answer_json(script: Script) -> bytes:
    """The body of a whole answer."""
    message = {"role": "assistant", "content": "".join(script.chunks), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 371, "completion_tokens": 214, "total_tokens": 585}
    return _dump({**_envelope(script, "chat.completion"), "choices": [choice], "usage": usage})


def answer_events(script: Script) -> list[bytes]:
    """The events of a streamed answer, with the role before and the end after the chunks of text."""
    events = [_event(script, {"role": "assistant", "content": ""})]
    events += [_event(script, {"content": text}) for text in script.chunks]
    return [*events, _event(script, {}, "stop"), b"data: [DONE]\n\n"]


def _event(script: Script, delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return b"data: " + _dump({**_envelope(script, "chat.completion.chunk"), "choices": [choice]}) + b"\n\n"


def _envelope(script: Script, kind: str) -> dict[str, object]:
    return {
        "id": "chatcmpl-bench0001", "object": kind, "created": 1_717_430_400,
        "model": script.model, "service_tier": "default", "system_fingerprint": "fp_bench",
    }  # fmt: skip


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
