"""JSON-*: bodies that parsers disagree about. What is refused was not sent; what is sent is what was inspected."""

from __future__ import annotations

import json

import pytest

from tests.siege.house import CHAT, SPECIMENS, House, Siege
from tests.support.fake_upstream import answer, chat_answer


def chat(content: str, more: str = "") -> bytes:
    """A chat with this JSON text as content."""
    return f'{{"model":"m","messages":[{{"role":"user","content":{content}}}]{more}}}'.encode()


def refused(s: Siege, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and code; fails if the upstream heard of it."""
    before = len(s.sent)
    told = s.post(CHAT, body.replace(b"CANARY", s.canary.encode()), headers)
    assert len(s.sent) == before, (told.status, body[:200])
    return told.status, told.json()["error"]["code"]


def test_json_01_duplicate_keys(house: House) -> None:
    """The first of two equal keys is no hiding place, nested, escaped or within a string."""
    arguments = json.dumps('{"id":"CANARY","id":"ok"}')
    call = f'{{"id":"c","type":"function","function":{{"name":"f","arguments":{arguments}}}}}'
    with house.siege() as s:
        for body in (
            chat('"CANARY","content":"ok"'),
            chat('"CANARY","\\u0063ontent":"ok"'),
            chat('"ok"', ',"metadata":{"a":"CANARY","a":"ok"}'),
            chat('"ok"', ',"model":"m"'),
        ):
            assert refused(s, body) == (400, "duplicate_key")
        s.reply(chat_answer())
        messages = f'{{"role":"user","content":"hi"}},{{"role":"assistant","content":null,"tool_calls":[{call}]}}'
        whole = f'{{"model":"m","messages":[{messages},{{"role":"tool","tool_call_id":"c","content":"x"}}]}}'
        told = s.post(CHAT, whole.replace("CANARY", s.canary).encode())
        assert told.status in (200, 400, 422)  # either way I1 looks at what was sent


def test_json_02_other_encodings(house: House) -> None:
    """UTF-8 without a mark is the only encoding."""
    with house.siege() as s:
        for coding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
            body = chat(f'"{s.canary}"').decode().encode(coding)
            for kind in ("application/json", f"application/json; charset={coding.replace('-sig', '')}"):
                assert refused(s, body, {"Content-Type": kind})[0] in (400, 415)
        for charset in ("utf-7", "shift_jis", "utf-16", "latin1"):
            assert refused(s, chat('"CANARY"'), {"Content-Type": f"application/json; charset={charset}"})[0] == 415
        s.reply(chat_answer())
        assert s.post(CHAT, chat('"hi"'), {"Content-Type": "application/json; charset=UTF-8"}).status == 200


def test_json_03_invalid_utf8(house: House) -> None:
    """Never replaced and forwarded."""
    with house.siege() as s:
        for junk in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"):
            assert refused(s, chat('"CANARY a?b"').replace(b"?", junk))[0] == 400


def test_json_04_controls_and_surrogates(house: House) -> None:
    """A raw control character is no JSON; lone surrogates and NUL are refused, or passed on byte for byte."""
    with house.siege() as s:
        for content in ('"CANARY a\x00b"', '"CANARY a\tb"', '"CANARY a\nb"', '"CANARY a\x1bb"'):
            assert refused(s, chat(content))[0] == 400
        s.reply(chat_answer())
        for content in ('"a\\ud800b"', '"a\\udc00\\ud800b"', '"a\\u0000b"'):
            before = len(s.sent)
            told = s.post(CHAT, chat(content))
            assert told.status in (200, 400)
            assert [content.encode() in each.body for each in s.sent[before:]] == [True] * (told.status == 200)
        told = s.post(CHAT, chat(f'"a\\u0000b {s.canary}"'))
        assert told.status in (200, 400)


def test_json_05_large_numbers(house: House) -> None:
    """Spelt as they came; 5,000 digits are a 400, not a 500."""
    with house.siege() as s:
        s.reply(chat_answer())
        for number in ("9007199254740993", "18446744073709551616", "1" * 30, "-9223372036854775809"):
            s.post(CHAT, chat('"hi"', f',"seed":{number}'))
            assert f'"seed":{number}'.encode() in s.sent[-1].body
        assert len(s.sent) == 4
        assert refused(s, chat('"hi CANARY"', f',"seed":{"1" * 5000}'))[0] == 400


def test_json_06_floats(house: House) -> None:
    """Spelt as they came; what is no number of JSON, or of nobody, is a 400."""
    with house.siege() as s:
        s.reply(chat_answer())
        for number in ("1.10", "1E5", "0.1000000000000000055511151231257827", "-0.0", "1.0"):
            for place in (f',"x_vendor":[{number}]', f',"temperature":{number}')[: 1 + (number != "1E5")]:
                told = s.post(CHAT, chat('"hi"', place))
                assert (told.status, place[1:].encode() in s.sent[-1].body) == (200, True)
        for number in ("NaN", "Infinity", "-Infinity", "1e400", "-1e400"):
            for place in (f',"temperature":{number}', f',"x_vendor":[{number}]'):
                assert refused(s, chat('"CANARY"', place))[0] == 400, number


def test_json_07_depth(house: House) -> None:
    """No recursion error, and no reading to the end of it."""
    with house.siege() as s:
        for depth in (1_000, 100_000):
            for opening in ("[", '{"a":'):
                assert refused(s, chat('"CANARY"', f',"metadata":{opening * depth}')) == (400, "depth_limit")
        assert refused(s, b"[" * 10_000_000)[0] == 400


def test_json_08_what_is_almost_json(house: House) -> None:
    """No parser of ours is lenient."""
    whole = chat('"CANARY"')
    with house.siege() as s:
        for body in (whole + b"{}", whole + whole, whole + b"x", b"/* a */" + whole, whole.replace(b"]}", b",]}"),
                     whole.replace(b"]}", b"],}"), whole.replace(b'"', b"'"), chat('"hi"', ',"seed":01'),
                     chat('"hi"', ',"seed":+1'), chat('"hi"', ',"seed":0x1'), chat('"hi"', ',"seed":1.'),
                     chat('"hi"', ',"seed":.5'), b"\xa0" + whole, whole[:-1]):  # fmt: skip
            assert refused(s, body)[0] == 400, body


def test_json_09_bytes_outside_the_replaced_words(house: House) -> None:
    """Unknown fields, order, white space and escapes come through as they were, at every depth (I3 looks, too)."""
    with house.siege() as s:
        s.reply(chat_answer())
        message = b'{"content":"a\\/b \\u00e9 %s \\u00E9\\n","role":"user" , "x":{"y":[ ]}}'
        body = (
            b'{ "messages" : [' + message + b'],\r\n\t"x_vendor":{"k" : [1,2.50, null,{"z":"\\u0041"}]} ,"model":"m"}'
        )
        s.post(CHAT, body % b"you")
        assert [each.body for each in s.sent] == [body % b"you"]
        s.post(CHAT, body % s.canary.encode())
        (at, end), sent = (body.index(b'"a\\/b'), body.index(b',"role"')), s.sent[-1].body
        assert (sent[:at], sent[-len(body[end:]) :]) == (body[:at], body[end:])


def test_json_10_other_types(house: House) -> None:
    """Not "no JSON, so pass it through"."""
    types = ("text/plain", "application/x-ndjson", "multipart/form-data; boundary=x", "application/xml", "",
             "application/json; charset=utf-8; x", "application/jsonx", "text/json",
             "application/x-www-form-urlencoded", "application/json, text/plain")  # fmt: skip
    with house.siege() as s:
        for kind in types:
            assert refused(s, chat('"CANARY"'), {"Content-Type": kind})[0] == 415, kind


def test_json_11_shapes_that_nobody_knows(house: House) -> None:
    """Refused, never passed on uninspected."""
    parts = '[{"type":"quantum_scan","data":"CANARY"}]'
    with house.siege() as s:
        for body in (chat(parts), chat("1"), chat("true"), chat('{"a":"CANARY"}'), chat("[[]]"),
                     chat('"CANARY"').replace(b'"user"', b'"wizard"'), b'["CANARY"]', b'"CANARY"',
                     b'{"model":"m","messages":"CANARY"}', b'{"model":"m","messages":{"role":"CANARY"}}'):  # fmt: skip
            assert refused(s, body)[0] in (400, 422)
        for name, shape in (
            ("anthropic.messages", {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": [
                {"type": "quantum_scan", "data": s.canary}]}]}),
            ("gemini.generate", {"contents": [{"parts": [{"quantumScan": {"data": s.canary}}]}]}),
            ("bedrock.converse", {"messages": [{"role": "user", "content": [{"quantumScan": {"data": s.canary}}]}]}),
            ("openai.responses", {"model": "m", "input": [{"type": "quantum_scan", "data": s.canary}]}),
        ):  # fmt: skip
            assert s.ask(name, shape).status in (400, 422), name
        assert s.sent == []


def test_json_12_json_within_strings(house: House) -> None:
    """Tool arguments are inspected however often they are wrapped, and stay JSON; what is none is inspected as text."""
    with house.siege() as s:
        s.reply(chat_answer())
        for depth in range(4):
            arguments = json.dumps({"id": s.canary, "n": 1.10})
            for _ in range(depth):
                arguments = json.dumps({"inner": arguments})
            s.post(CHAT, _called(arguments))
            told = json.loads(s.sent[-1].json()["messages"][1]["tool_calls"][0]["function"]["arguments"])
            for _ in range(depth):
                told = json.loads(told["inner"])
            assert told["n"] == 1.10
        assert len(s.sent) == 4
        for broken in (f'{{"id": "{s.canary}"', f"{{'id': '{s.canary}'}}", f'{{"id": {s.canary}}}'):
            told = s.post(CHAT, _called(broken))
            assert told.status in (200, 400, 422)


def _called(arguments: str) -> dict[str, object]:
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}
    return {"model": "m", "messages": [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "done"},
    ]}  # fmt: skip


def test_json_13_names_of_fields(house: House) -> None:
    """A key, an enumeration or a pattern that identifies somebody: replaced or refused, in no record."""
    with house.siege() as s:
        s.reply(chat_answer())
        key = f"Jane Doe {s.canary}"
        schema = {
            "type": "object",
            "properties": {key: {"type": "string"}, "b": {"enum": [key], "pattern": f"^{key}$"}},
        }
        tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
        question = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        for body in (
            {**question, "tools": [tool]},
            {**question, "metadata": {key: "x"}},
            {**question, "x_vendor": {key: {key: 1}}},
            {**question, key: "x"},
            _called(json.dumps({key: "x"})),
        ):
            assert s.post(CHAT, body).status in (200, 400, 422)
        assert len(s.sent) <= 5


@pytest.mark.parametrize("bad", [b"{bad", b"", b'{"model":"m"}\r'])
def test_json_14_lines_of_json(house: House, bad: bytes) -> None:
    """No API here takes batches by the line: nothing of one is sent."""
    with house.siege() as s:
        lines = [chat('"CANARY"')] * 500 + [bad] + [chat('"hi"')] * 499
        for kind, status in (("application/x-ndjson", 415), ("application/jsonl", 415), ("application/json", 400)):
            for end in (b"\n", b"\r\n", b"\n\n"):
                assert refused(s, end.join(lines), {"Content-Type": kind})[0] == status


def test_an_answer_with_two_readings_is_no_answer(house: House) -> None:
    """JSON-01 and JSON-03 on the way back."""
    with house.siege() as s:
        whole = json.dumps(SPECIMENS["openai.chat"].answer("Rest.")).encode()
        for body in (whole.replace(b'"content":', b'"content": "ZQ444444444444", "content":'), whole[:-1],
                     whole.replace(b"Rest.", b"Rest\xff")):  # fmt: skip
            s.reply(answer(body))
            told = s.post(CHAT, chat('"hi"'))
            assert (told.status, b"ZQ444444444444" in told.body) == (502, False)
