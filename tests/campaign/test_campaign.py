"""The campaign in short: 2,000 requests, a seventh of them more over sockets; and that its oracle would notice."""

from __future__ import annotations

import base64
import urllib.parse

import pytest

from tests.campaign.bulk import combed
from tests.campaign.cases import TRICKS, case
from tests.campaign.oracle import Listener, canaries
from tests.campaign.run import QUICK, Findings, fought
from tests.campaign.words import canary, owner
from tests.matrix.catalogue import ALL

REQUESTS = 700


def check(found: Findings, asked: int) -> None:
    assert found.leaks == []
    assert found.odd == []
    assert found.asked == asked
    assert found.sent_on > asked // 3, "most of it must get through, or nothing was tried"


def test_no_canary_gets_anywhere() -> None:
    """Upstream, in others' answers, in errors, in the log; every exchange counted once, errors in the API's shape."""
    check(fought(QUICK, range(1_000_000, 1_000_000 + REQUESTS // 7)), REQUESTS // 7)


def test_no_canary_would_leave() -> None:
    """The same without sockets, many more of them."""
    check(combed(range(2_000_000, 2_000_000 + REQUESTS)), REQUESTS)


def test_requests_are_of_every_kind_and_repeat_themselves() -> None:
    made = [case(number) for number in range(1_500)]
    assert {each.specimen.name for each in made} == {each.name for each in ALL}
    assert {each.trick for each in made} == {"", *TRICKS}
    assert case(7).raw == made[7].raw
    assert owner(canary(4711)) == 4711
    assert any(canaries(each.raw) == {each.canary} for each in made)


SPELLED = canary(1)


@pytest.mark.parametrize(
    "spelling",
    [
        SPELLED,
        SPELLED.lower(),
        "-".join((SPELLED[:2], SPELLED[2:8], SPELLED[8:])),
        "".join(chr(ord(char) + 0xFEE0) for char in SPELLED),
        SPELLED[:5] + "\u200b" + SPELLED[5:],
        urllib.parse.quote("".join(f"%{ord(char):02x}" for char in SPELLED), safe="%"),
        "".join(f"\\u{ord(char):04x}" for char in SPELLED),
        "".join(f"&#{ord(char)};" for char in SPELLED),
        SPELLED.encode().hex(),
        *(base64.b64encode(b"x" * shift + SPELLED.encode()).decode() for shift in range(3)),
    ],
)
def test_the_oracle_hears_every_spelling_in_any_two_pieces(spelling: str) -> None:
    data = b'{"a": "record ' + spelling.encode() + b' is"}'
    assert canaries(data) == {SPELLED}
    for at in range(0, len(data), 5):
        ear = Listener()
        assert SPELLED in ear.hear(data[:at]) | ear.hear(data[at:])
    assert not canaries(data.replace(SPELLED[3:].encode(), b"") if spelling == SPELLED else b"MRN_1 is [MRN_1] 12")
