"""Dialect x {whole, stream} x every leaf x {canary in, PHI back, notice, persona, warning, block, error, broken off}.

All dialects through one real proxy, with a recording upstream as the leak oracle. What is asked of a leaf follows from
its row: the tests know no field by name.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from guardrail.dialects.table import Echo, Free, Known, Match, Mirror, Piece, Text
from guardrail.rails.data import texts
from guardrail.text import Kind
from tests.matrix.catalogue import ALL, SPEAKING, WITH_TOOLS, WITHOUT
from tests.matrix.conftest import STEP, House, headers_of
from tests.matrix.leaves import Leaf, leaves
from tests.specimens.base import Specimen
from tests.support.proxy import leaked

CANARY = "ZQ123456789012"
NOVEL = "219-09-9998"
QUESTION = f"My record number is {CANARY}. Which floor is radiology on?"
MANY = 20
MEDICAL = "I have had chest tightness and high blood pressure for two weeks, which medicine should I take?"
PLACEHOLDER = re.compile(rb"\[[A-Z_]+_\d+\]")


def test_every_dialect_that_is_served_has_a_specimen() -> None:
    """A dialect without a specimen would be in no test below."""
    assert WITHOUT == []


def placeholder(house: House, specimen: Specimen) -> str:
    """What stands for the canary; the upstream has to be asked."""
    house.reply(specimen.answer("Hello there."))
    house.ask(specimen, specimen.question(QUESTION))
    found = PLACEHOLDER.search(house.upstream.requests[-1].body)
    assert found, house.upstream.requests[-1].body
    return found[0].decode()


# ---------------------------------------------------------------------------------------------------- requests


@pytest.mark.parametrize("specimen", ALL, ids=str)
@pytest.mark.case("FLD-01", "FLD-02", "FLD-03", "FLD-04", "FLD-05", "FLD-06", "FLD-07", "FLD-08")
def test_a_canary_in_any_leaf_of_a_request_never_leaves(matrix_house: House, specimen: Specimen) -> None:
    """FLD-01 to FLD-10: replaced, or refused with an error of the provider's shape that doesn't quote it."""
    base, house = specimen.question("Hello."), matrix_house
    house.reply(specimen.answer("Hello."))
    reached, refused = 0, 0
    odd: list[tuple[object, ...]] = []
    for leaf in leaves(specimen.request_table):
        told = house.ask(specimen, leaf.put(base, f"Jane Roe, MRN {CANARY}"))
        if told.status == 200:
            reached += 1
        elif 400 <= told.status < 500 and specimen.is_error(told.json()):
            refused += 1
        else:
            odd.append((leaf.path, told.status, told.body[:200]))
        if leaked(CANARY, told.body) and told.status != 200:
            odd.append((leaf.path, "the error quotes it"))
        if told.status == 200 and leaked(CANARY, house.upstream.requests[-1].body):
            odd.append((leaf.path, "LEAKED"))
    assert odd == []
    assert reached
    assert refused
    assert not leaked(CANARY, house.upstream.received)
    assert not leaked(CANARY, house.proxy.log, house.proxy.metrics().encode(), house.proxy.written)


# ---------------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("specimen", ALL, ids=str)
def test_what_stands_in_a_leaf_of_an_answer(matrix_house: House, specimen: Specimen) -> None:
    """The caller's own value comes back where a reader is, never into a tool or an unknown field; others' goes."""
    house, own = matrix_house, placeholder(matrix_house, specimen)
    base, restored = specimen.answer("Hello there."), 0
    odd: list[tuple[object, ...]] = []
    for leaf in leaves(specimen.answer_table):
        house.reply(leaf.put(base, f"{own} was seen with SSN {NOVEL} today"))
        told = house.ask(specimen, specimen.question(QUESTION))
        if told.status != 200:
            if told.status != 502 or not specimen.is_error(told.json()) or leaked(CANARY, told.body):
                odd.append((leaf.path, told.status, told.body[:200]))
            continue
        if leaked(NOVEL, told.body):
            odd.append((leaf.path, "others' data passed"))
        back = CANARY.encode() in told.body
        restored += back
        if back != _comes_back(leaf) and not isinstance(leaf.rule, Echo | Mirror):
            odd.append((leaf.path, "restored" if back else "not restored", leaf.kind))
    assert odd == []
    assert restored or specimen.stream is None  # nothing to read in a count or a vector


def _comes_back(leaf: Leaf) -> bool:
    """True where real values are put back."""
    if leaf.tool or leaf.foreign:
        return False
    if isinstance(leaf.rule, Text):
        return leaf.rule.kind in (Kind.PROSE, Kind.DATA, Kind.TOKEN)
    return isinstance(leaf.rule, Known | Free) or (isinstance(leaf.rule, Match) and not leaf.rule.strict)


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_a_whole_answer_is_marked_and_speaks_like_a_machine(matrix_house: House, specimen: Specimen) -> None:
    """WHO-01, WHO-04, WHO-07: notice first, no person, a warning for a question about health."""
    house = matrix_house
    house.reply(specimen.answer("As your doctor, I think you should rest. Drink water."))
    said = specimen.said(house.ask(specimen, specimen.question(MEDICAL)).json())
    _check_words(said)


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_a_streamed_answer_is_marked_and_speaks_like_a_machine(matrix_house: House, specimen: Specimen) -> None:
    """The same, word by word."""
    assert specimen.stream and specimen.stream_question and specimen.heard and specimen.stream_fails
    house = matrix_house
    house.reply_stream(specimen, specimen.stream(["As your", " doctor, I", " think you should", " rest. Drink water."]))
    told = house.ask(specimen, specimen.stream_question(MEDICAL), stream=True)
    assert told.status == 200
    assert told.headers["content-type"].startswith(specimen.stream_type)
    assert not specimen.stream_fails(told.body)
    _check_words(specimen.heard(told.body))


def _check_words(said: str) -> None:
    assert "machine" in said[:200] or "AI" in said[:200], said
    assert said.index("rest") > said.lower().index("professional"), said
    assert "I think" not in said
    assert "your doctor, I" not in said
    assert "Drink water." in said


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_a_streamed_answer_gives_the_caller_its_own_data(matrix_house: House, specimen: Specimen) -> None:
    """Placeholders that come in pieces are put back; what the model adds about others is taken out."""
    assert specimen.stream and specimen.stream_question and specimen.heard
    house, own = matrix_house, placeholder(matrix_house, specimen)
    pieces = ["Record ", own[:4], own[4:], " is here, not SSN 219-", "09-9998", ". Good", "bye."]
    house.reply_stream(specimen, specimen.stream(pieces))
    told = house.ask(specimen, specimen.stream_question(QUESTION), stream=True)
    heard = specimen.heard(told.body)
    assert f"Record {CANARY} is here" in heard
    assert "Goodbye." in heard
    assert not leaked(NOVEL, told.body)


@pytest.mark.parametrize("specimen", [each for each in ALL if each.frames], ids=str)
def test_what_stands_in_a_leaf_of_a_frame(matrix_house: House, specimen: Specimen) -> None:
    """Wherever in an event a value stands (of many each third): nobody else's data passes, nor a value into a tool."""
    assert specimen.stream and specimen.stream_question
    house, own = matrix_house, placeholder(matrix_house, specimen)
    odd: list[tuple[object, ...]] = []
    seen: set[Any] = set()
    for name, table in specimen.frames.items():
        found = list(leaves(table, seen))
        for leaf in found[:: STEP if len(found) > MANY else 1]:
            data = specimen.frame(name, leaf, f"{own} was seen with SSN {NOVEL} today") if specimen.frame else b""
            if not data:
                continue
            house.reply_stream(specimen, data)
            told = house.ask(specimen, specimen.stream_question(QUESTION), stream=True)
            if told.status not in (200, 502):
                odd.append((name, leaf.path, told.status))
            if leaked(NOVEL, told.body):
                odd.append((name, leaf.path, "others' data passed"))
            plain = _comes_back(leaf) or (isinstance(leaf.rule, Piece) and not leaf.foreign)
            if (leaf.tool or not plain) and CANARY.encode() in told.body and not isinstance(leaf.rule, Mirror):
                odd.append((name, leaf.path, "restored into a tool or an unknown field"))
    assert odd == []


# ---------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("specimen", ALL, ids=str)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_blocked_question_makes_no_call(blocking_house: House, specimen: Specimen, stream: bool) -> None:
    """Nothing upstream; the client gets an answer of ours, or an error, that its SDK understands."""
    if stream and specimen.stream_question is None:
        pytest.skip("this API has no streams")
    before = len(blocking_house.upstream.received)
    ask = specimen.stream_question if stream else specimen.question
    assert ask is not None
    told = blocking_house.ask(specimen, ask(QUESTION), stream=stream)
    assert len(blocking_house.upstream.received) == before
    assert not leaked(CANARY, told.body)
    if told.status == 200 and stream:
        assert specimen.heard
        assert "withheld" in specimen.heard(told.body)
    elif told.status == 200:
        assert "withheld" in specimen.said(told.json())
    else:
        assert specimen.is_error(told.json())


@pytest.mark.parametrize("specimen", ALL, ids=str)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 429, 500, 503, 529])
@pytest.mark.case("UPS-01")
def test_an_error_of_the_provider_keeps_its_status_and_loses_its_words(
    matrix_house: House, specimen: Specimen, status: int
) -> None:
    """UPS-01: it may echo the prompt."""
    matrix_house.reply(specimen.error(f"bad input: {CANARY}, Jane Roe"), status)
    told = matrix_house.ask(specimen, specimen.question("Hello."))
    assert told.status == status
    assert specimen.is_error(told.json()), told.body
    assert not leaked(CANARY, told.body)
    assert b"Jane" not in told.body


@pytest.mark.parametrize("specimen", ALL, ids=str)
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"<html>Jane Roe</html>", b'{"a":1,"a":2}'])
@pytest.mark.case("UPS-02")
def test_an_answer_that_nobody_can_read_is_an_error(matrix_house: House, specimen: Specimen, body: bytes) -> None:
    """UPS-02: 502 in the provider's shape."""
    from tests.support.fake_upstream import answer

    matrix_house.upstream.reply(answer(body))
    told = matrix_house.ask(specimen, specimen.question("Hello."))
    assert told.status == 502
    assert specimen.is_error(told.json())
    assert b"Jane" not in told.body


@pytest.mark.parametrize("specimen", ALL, ids=str)
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'""', b"{", b"{}", b'{"a":1,"a":2}', b"\xff\xfe{\x00"])
def test_a_question_that_nobody_can_read_is_refused(matrix_house: House, specimen: Specimen, body: bytes) -> None:
    """SIZ-06, JSON-01: 4xx in the provider's shape, nothing upstream."""
    import http.client

    before = len(matrix_house.upstream.received)
    connection = http.client.HTTPConnection("127.0.0.1", matrix_house.proxy.port, timeout=30)
    headers = headers_of(specimen)
    connection.request("POST", specimen.path, body, headers)
    response = connection.getresponse()
    told = response.read()
    connection.close()
    assert 400 <= response.status < 500
    assert specimen.is_error(json.loads(told)), told
    assert len(matrix_house.upstream.received) == before


# ---------------------------------------------------------------------------------------------------- tools


@pytest.mark.parametrize("specimen", WITH_TOOLS, ids=str)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_tools_get_placeholders_and_actions_are_proposals(
    matrix_house: House, specimen: Specimen, stream: bool
) -> None:
    """WHO-32, WHO-33: no value for a tool that no policy names; no prescription on a model's word."""
    house, own = matrix_house, placeholder(matrix_house, specimen)
    arguments: dict[str, Any] = {
        "patient": own,
        "note": "seen with SSN 219-09-9998",
        "deep": {"list": [own, 1.5, True]},
    }
    ((name, got),) = _calls(house, specimen, "find_bed", arguments, stream)
    assert name == "find_bed"
    assert (got["patient"], got["deep"]) == (own, {"list": [own, 1.5, True]})
    assert NOVEL not in json.dumps(got)

    ((name, got),) = _calls(house, specimen, "prescribe_medication", arguments, stream)
    assert name == "guardrail_refused_proposal"
    assert got["status"] == "refused"
    assert got["proposed_tool"] == "prescribe_medication"
    assert got["proposed_arguments"]["patient"] == own
    assert NOVEL not in json.dumps(got)


LONG_CALL = {"note": "The bed is free and clean. " * 2_500}
"""In pieces of seven letters 9,600 frames: more than may wait."""


@pytest.mark.parametrize("specimen", [each for each in WITH_TOOLS if each.tool_stream], ids=str)
def test_a_long_call_in_small_pieces_is_read_whole(matrix_house: House, specimen: Specimen) -> None:
    """What limits a call is its length, not the number of its pieces."""
    assert _calls(matrix_house, specimen, "find_bed", LONG_CALL, stream=True) == [("find_bed", LONG_CALL)]


def _calls(
    house: House, specimen: Specimen, tool: str, arguments: dict[str, Any], stream: bool
) -> list[tuple[str, dict[str, Any]]]:
    assert specimen.tool_question and specimen.tool_answer and specimen.tool_calls
    if not stream:
        house.reply(specimen.tool_answer(tool, arguments))
        told = house.ask(specimen, specimen.tool_question(QUESTION, tool))
        assert told.status == 200, told.body
        return list(specimen.tool_calls(told.json()))
    if specimen.tool_stream is None or specimen.heard_calls is None or specimen.stream_question is None:
        pytest.skip("this API streams no calls of tools")
    house.reply_stream(specimen, specimen.tool_stream(tool, arguments))
    question = {**specimen.tool_question(QUESTION, tool), **specimen.stream_question(QUESTION)}
    told = house.ask(specimen, question, stream=True)
    assert told.status == 200, told.body
    return list(specimen.heard_calls(told.body))


# ---------------------------------------------------------------------------------------------------- broken streams

LONG = [
    "Record ",
    "{own} is here, ",
    "so I think ",
    "that rest ",
    "and water help. ",
    "SSN 219-09-9998 ",
    "is gone. ",
] * 2


def _without_warning(heard: str) -> str:
    """What remains in an answer that broke off is judged as its end: the warning may stand at another sentence."""
    warning = texts.MEDICAL_GENERAL["en"].partition("{")[0]
    return " ".join(" ".join(part for part in heard.split("\n\n") if not part.startswith(warning)).split())


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
@pytest.mark.case("SSE-04")
def test_a_stream_that_dies_ends_in_an_error_and_never_in_raw_words(matrix_house: House, specimen: Specimen) -> None:
    """SSE-04, at every 23rd byte: what was held is judged, then the provider's own error event; never a clean end."""
    assert specimen.stream and specimen.stream_question and specimen.heard and specimen.stream_fails
    house, own = matrix_house, placeholder(matrix_house, specimen)
    data = specimen.stream([piece.replace("{own}", own) for piece in LONG])
    question = specimen.stream_question(QUESTION)
    house.reply_stream(specimen, data)
    whole = _without_warning(specimen.heard(house.ask(specimen, question, stream=True).body))
    for cut in range(23, len(data), 23):
        house.reply_stream(specimen, data, cut=cut)
        told = house.ask(specimen, question, stream=True)
        assert not leaked(NOVEL, told.body), cut
        if told.status == 200 and specimen.stream_fails(told.body):
            heard = _without_warning(specimen.heard(told.body))
            assert whole.startswith(heard[:-40]) or heard in whole, (cut, heard[-80:])
        elif told.status == 200:
            assert cut > len(data) - 60, (cut, len(data), told.body[-300:])
