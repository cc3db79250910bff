"""What a search begins with: small inputs of every kind, and those that once broke something.

Made here rather than kept in files: what a fuzzer finds on top of them is kept in .cache only, what it breaks goes
into BROKE with the mending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from guardrail.policy.load import baseline, shipped_policy
from guardrail.wire.eventstream import EventStream
from tests.laws.json_documents import Writer
from tests.matrix.catalogue import ALL
from tests.policy.files import MINIMAL, NOTICE_ONLY

_SSE: Final = (
    b"data: {}\n\n",
    b": c\r\n\r\nevent: x\rdata: a\rdata: b\r\r",
    b"\xef\xbb\xbfdata:1\n\nid: 7\nretry: 1\n\n",
)
_LINES: Final = (b'{"a": 1}\n\n{"b": "\xc3\xa9"}\r\n{', b'data: {"a": 1}\n\ndata: [DONE]\n\n')
_ARRAYS: Final = (b'[{"a": "]}\\""},\r\n{"b": [{}]}]', b"[]", b'[{"a"')
_MARKS: Final = (
    "[PATIENT_1] \\[name\\_1: Surname\\] **MRN_1** _MRN_1_ 【NAME_1】 [ mrn_1 ]'s",
    "see [x](https://a.example/?q=[NAME_1]) <img src='[MRN_1]'> [DATE_1: 3 days after DATE_2]",
    "my_name_1_surname NAME_1_1 [[NAME_1]] [NAME_1",
)

BROKE: Final[Mapping[str, Sequence[bytes]]] = {
    "document": (),
    # an element, and then what is none: the element was lost if both came in one piece
    "frames": (
        b'\x02\x05\x00[{"a": "]}\\""}\xff\xff,\r\n{"b": [{}]}]',
        b'\x01\x05\x00{"a": 1}\n\xff\n',
        b'\x02\x05\x00[{"a": \\""}\xff\xff]}',
    ),  # a backslash that is in no string
    "marks": (),
    "policy": (),
}
"""Found by `make fuzz`, and mended."""


def seeds() -> Mapping[str, Sequence[bytes]]:
    """By target."""
    return {name: (*made, *BROKE[name]) for name, made in _fresh().items()}


def _fresh() -> Mapping[str, Sequence[bytes]]:
    events = EventStream(10_000)
    binary = events.write(b'{"a":1}', "chunk") + events.write(b'{"message":"x"}', "!throttlingException")
    return {
        "document": [Writer(seed, 12).document().body for seed in range(12)],
        "frames": [
            *(bytes((0, 5, 0)) + stream for stream in _SSE),
            *(bytes((1, 5, 0)) + stream for stream in _LINES),
            *(bytes((2, 5, 0)) + stream for stream in _ARRAYS),
            bytes((3, 5, 0)) + binary,
            bytes((3, 5, 129)) + b'{"a":1}\0{}',
            bytes((4, 5, 132)) + b'{"a":1}\0{}',
            *(bytes((0, 9, 0)) + each.stream(["Hello ", "you."])[:400] for each in ALL[:3] if each.stream),
        ],
        "marks": [b"\x03" + text.encode() for text in _MARKS],
        "policy": [MINIMAL.encode(), NOTICE_ONLY.encode(), *(file.read_bytes() for file in _shipped())],
    }


def _shipped() -> list[Path]:
    return [file for file in (baseline(), shipped_policy("us-ca")) if file is not None]
