"""SSE-*: streams that are cut, mixed up, endless, broken or not what they are said to be."""

from __future__ import annotations

import itertools
import json
import socket
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from guardrail.engine.relay import Limits
from guardrail.wire.sse import SseReader
from tests.matrix.conftest import head_of_stream, streamed
from tests.siege.house import CHAT, SPECIMENS, STREAMERS, House, Siege, housed
from tests.specimens import gemini, ollama
from tests.specimens.base import Body, sse, sse_bodies
from tests.specimens.openai_chat import heard, question, stream
from tests.support.fake_upstream import (
    CLOSE,
    HANG,
    Answer,
    Gate,
    Piece,
    answer,
    chat_answer,
    chat_stream,
    chunk,
    raw,
    wait_until,
)

OPENAI = SPECIMENS["openai.chat"]
HEAD = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1790000000, "model": "gpt-4o-2026"}
MOST_AT_ONCE = Limits().segments
DONE = b"data: [DONE]\n\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def frame(delta: Body, index: int = 0, reason: str | None = None) -> Body:
    return {**HEAD, "choices": [{"index": index, "delta": delta, "finish_reason": reason}]}


def events(*pieces: bytes, end: bytes | Any = b"0\r\n\r\n") -> Answer:
    """A chunk for each piece."""
    return raw(EVENTS, *(chunk(piece) for piece in pieces), end)


def asked(s: Siege, text: str = "", **more: Any) -> bytes:
    """The streamed answer to somebody who is the siege's canary."""
    told = s.ask("openai.chat", question(text or f"I am {s.canary}.", stream=True, **more), stream=True)
    assert told.status == 200, told
    return told.body


def fails(data: bytes) -> bool:
    """True if the stream ends in an error that an SDK raises, and in nothing that looks complete."""
    assert OPENAI.stream_fails
    return OPENAI.stream_fails(data) and DONE.strip() not in data


def test_sse_01_sse_02_sse_03_every_cut_and_every_line_end(house: House) -> None:
    """Bytes one by one, in the middle of letters and lines: what arrives is what arrives in one piece."""
    with house.siege() as s:
        whole = stream(["Hé 日本 [OTH", "ER_ID_1] ", "\u2028is\u0085here. "])
        read = []
        for data in (whole, whole.replace(b"\n", b"\r\n"), whole.replace(b"\n", b"\r")):
            for step in (len(data), 1, 7):
                s.reply(events(*(data[at : at + step] for at in range(0, len(data), step))))
                read.append(heard(asked(s).replace(b"\r\n", b"\n").replace(b"\r", b"\n")))
        assert len(set(read)) == 1
        assert f"Hé 日本 {s.canary} \u2028is\u0085here. " in read[0]


def test_sse_02_lines_that_are_none_of_ours(house: House) -> None:
    """A byte order mark, several data lines, `data` without a space; comments, ids and unknown fields say nothing."""
    with house.siege() as s:
        first, second = (
            json.dumps(frame({"content": "Hello "})),
            json.dumps(frame({"content": "[OTHER_ID_1]."}), indent=1),
        )
        lines, stranger = second.replace("\n", "\ndata: "), s.another()
        odd = f": of {stranger}\x0b\x0c\nid: {stranger}\nretry: 1000\nodd: {stranger}\n"
        data = f"\ufeff{odd}data:{first}\n\n: ping {stranger}\n\n{odd}data: {lines}\n\n".encode()
        s.reply(events(data + sse(frame({}, reason="stop")) + DONE))
        told = asked(s)
        bodies = [json.loads(event.data) for event in SseReader(1 << 20).feed(told) if event.data.startswith(b"{")]
        read = "".join(choice["delta"].get("content") or "" for body in bodies for choice in body["choices"])
        assert read.endswith(f"Hello {s.canary}.")
        assert stranger.encode() not in told


@pytest.mark.parametrize("name", STREAMERS)
def test_sse_04_a_stream_without_its_end(house: House, name: str) -> None:
    """However it stops, the last event is an error and the record says so; nothing is invented."""
    specimen = SPECIMENS[name]
    assert specimen.stream and specimen.stream_fails and specimen.stream_question
    with house.siege() as s:
        data = specimen.stream(["Hello ", "[OTHER_ID_1] is", " he"])
        head = head_of_stream(specimen)
        for end in (b"0\r\n\r\n", CLOSE):
            s.reply(raw(head + chunk(data[: len(data) * 2 // 3]), end))
            told = s.ask(specimen, specimen.stream_question(f"I am {s.canary}."), stream=True)
            assert told.status == 200
            assert specimen.stream_fails(told.body), told.body[-300:]


@pytest.mark.parametrize(
    "flood",
    [
        b"data: " + b"x" * (1 << 20) + b"y\n\n",
        b"data: " + b"x" * (16 << 20),
        b"data: {}\n\n" * 20_000,
        b": nothing to see here\n\n" * 100_000,
    ],
    ids=["an event of a MiB", "a line of 16 MiB", "many events", "many comments"],
)
def test_sse_05_floods_end_in_an_error(house: House, flood: bytes) -> None:
    """In bounded memory; comments are no sign of life."""
    with house.siege() as s:
        s.reply(events(flood, end=CLOSE))
        assert fails(asked(s)[-4096:])


def read_of(told: bytes) -> dict[int, str]:
    """What each of several answers says, by its index."""
    read: dict[int, str] = {}
    for body in sse_bodies(told):
        for choice in body["choices"]:
            said = choice["delta"].get("content") or ""
            read[choice["index"]] = read.get(choice["index"], "") + said
    return read


def in_turn(said: Mapping[int, str], *, together: bool) -> Iterator[Body]:
    """The answers sign by sign, at each step in another order; one frame for each sign, or one for all of a step."""
    orders = itertools.cycle(itertools.permutations(said))
    for at, order in zip(range(max(map(len, said.values()))), orders, strict=False):
        choices = [{"index": index, "delta": {"content": said[index][at : at + 1]}} for index in order]
        for some in [choices] if together else [[each] for each in choices]:
            yield {**HEAD, "choices": [{**choice, "finish_reason": None} for choice in some]}


@pytest.mark.parametrize("together", [False, True], ids=["a frame each", "in one frame"])
def test_sse_06_several_answers_at_once_do_not_mix(house: House, together: bool) -> None:
    """Three, sign by sign in turn, each with another's value in a placeholder that is held; their order changes."""
    with house.siege() as s:
        names = [s.canary, s.another(), s.another()]
        said = {index: f"I am [OTHER_ID_{index + 1}], not [OTHER_ID_9]. " for index in range(3)}
        ends = (frame({}, index, "stop") for index in (1, 2, 0))
        s.reply(events(sse(*in_turn(said, together=together), *ends) + DONE))
        read = read_of(asked(s, f"We are {', '.join(names)}.", n=3))
        assert read.keys() == {0, 1, 2}
        for index, name in enumerate(names):
            assert read[index].endswith(f"I am {name}, not [OTHER_ID_9]. ")
            assert sum(each in read[index] for each in names) == 1


def test_sse_06_an_index_beyond_all_bounds_is_an_answer_like_others(house: House) -> None:
    """10^9 costs no more than 0: each is held by itself, and arrives under its own number."""
    with house.siege(most_mib=16) as s:
        names = [s.canary, s.another()]
        said = {10**9: "I am [OTHER_ID_1]. ", 0: "I am [OTHER_ID_2]. "}
        s.reply(events(sse(*in_turn(said, together=False), *(frame({}, index, "stop") for index in said)) + DONE))
        read = read_of(asked(s, f"We are {' and '.join(names)}."))
        assert read.keys() == {0, 10**9}
        assert read[10**9].endswith(f"I am {names[0]}. ")
        assert read[0].endswith(f"I am {names[1]}. ")


@pytest.mark.parametrize("index", [-1, "0", 1.5, True, [0]])
def test_sse_06_an_index_that_is_none(house: House, index: Any) -> None:
    """Whose words they are can't be known: an error, and nothing of them."""
    with house.siege() as s:
        s.reply(events(sse(frame({"content": f"It is {s.another()}. "}, index), frame({}, index, "stop")) + DONE))
        assert fails(asked(s))
        assert [each["failure"] for each in s.outcomes(1)] == ["invalid_type"]


def test_sse_06_more_answers_than_anybody_asked_for(house: House) -> None:
    """So many are held apart, one more ends the stream: a provider can't fill the memory with beginnings."""
    with house.siege(most_mib=16) as s:
        for count in (MOST_AT_ONCE, MOST_AT_ONCE + 1):
            said = (frame({"content": "[OTHER_ID_"}, index * 1_000) for index in range(count))
            ends = (frame({"content": "1]. "}, index * 1_000, "stop") for index in range(count))
            s.reply(events(sse(*said, *ends) + DONE))
            told = asked(s)
            if count > MOST_AT_ONCE:
                assert fails(told)
            else:
                assert [each.endswith(f"{s.canary}. ") for each in read_of(told).values()] == [True] * count
        assert [(each["end"], each.get("failure")) for each in s.outcomes(2)] == [
            ("answered", None),
            ("truncated", "too_many_segments"),
        ]


def test_sse_07_calls_beside_words(house: House) -> None:
    """Two calls in pieces of one sign, between the words; what they hold stays JSON."""
    with house.siege() as s:
        arguments = ['{"who": "[OTHER_ID_1]"}', '{"note": "for [OTHER_ID_1] \\"x\\""}']
        said: list[Body] = [frame({"role": "assistant", "content": "For "})]
        for number, _ in enumerate(arguments):
            call = {
                "index": number,
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": "find", "arguments": ""},
            }
            said.append(frame({"tool_calls": [call]}))
        for at in range(max(map(len, arguments))):
            for number, text in enumerate(arguments):
                if text[at : at + 1]:
                    said.append(frame({"tool_calls": [{"index": number, "function": {"arguments": text[at]}}]}))
            if at < 12:
                said.append(frame({"content": "[OTHER_ID_1]"[at]}))
        s.reply(events(sse(*said, frame({}, reason="tool_calls")) + DONE))
        told = asked(s)
        assert f"For {s.canary}" in heard(told)
        assert OPENAI.heard_calls
        assert [call for _, call in OPENAI.heard_calls(told)] == [json.loads(each) for each in arguments]


def test_sse_08_placeholders_that_never_end(house: House) -> None:
    """A beginning that nothing follows is text; silence is ended by the idle limit, not by us for ever."""
    with house.siege() as s:
        for last in ("[OTHER_ID_", "[OTH", "[", "OTHER_ID"):
            s.reply(chat_stream("See ", last))
            assert heard(asked(s)).endswith(f"See {last}")


@pytest.fixture(scope="module")
def impatient() -> Iterator[House]:
    """It waits a second for the next word."""
    with housed(timeouts={"idle": 1.0}) as house:
        yield house


def test_sse_08_silence_behind_the_beginning_of_a_placeholder(impatient: House) -> None:
    """The provider says no more, and does not end: what is held is text, then an error ends the stream."""
    with impatient.siege() as s:
        s.reply(chat_stream("See ", "[OTHER_ID_", end=HANG))
        told = asked(s)
        assert heard(told).endswith("See [OTHER_ID_")
        assert fails(told)


def test_sse_09_text_full_of_brackets(house: House) -> None:
    """Each of which could begin a placeholder or a tag: all of it arrives, word by word."""
    with house.siege() as s:
        words = "if (a[0] < b[1] && [x] > [[y]]) { <p>[1](2)</p> [OTHER_ID_1] }\n" * 40
        pieces = [words[at : at + 5] for at in range(0, len(words), 5)]
        s.reply(chat_stream(*pieces))
        told = asked(s)
        assert heard(told).endswith(words.replace("[OTHER_ID_1]", s.canary))
        assert told.count(b"data: ") > len(pieces) / 2


def test_sse_10_a_strangers_data_is_taken_out(house: House) -> None:
    """What the model knows by itself, in pieces: not one sign of it leaves."""
    with house.siege() as s:
        stranger = s.another()
        for size in (1, 4, 9):
            words = f"Ask {stranger}, SSN 219-09-9998, for it. "
            s.reply(chat_stream(*(words[at : at + size] for at in range(0, len(words), size))))
            read = heard(asked(s))
            assert stranger[:6] not in read
            assert "219-09" not in read
            assert " for it." in read


Thinks = Callable[[str, str], Body]
"""A thought, or a word that is shown, as one piece of a stream."""


def _chat(thought: str, word: str) -> Body:
    return frame({"reasoning_content": thought} if thought else {"content": word})


def _gemini(thought: str, word: str) -> Body:
    return gemini.answer({"text": thought, "thought": True} if thought else {"text": word}, reason=None)


def _ollama(thought: str, word: str) -> Body:
    return ollama.chat_line(word, thinking=thought)


THINKERS: dict[str, tuple[Thinks, Callable[[list[Body]], bytes]]] = {
    "openai.chat": (_chat, lambda bodies: sse(*bodies, frame({}, reason="stop")) + DONE),
    "gemini.generate": (_gemini, lambda bodies: sse(*bodies, gemini.answer({"text": ""}))),
    "ollama.chat": (_ollama, lambda bodies: ollama.lines(*bodies, ollama.chat_answer())),
}


@pytest.mark.parametrize("name", THINKERS)
@pytest.mark.parametrize("shown_first", [False, True], ids=["thought", "shown"])
def test_sse_10_a_text_that_goes_on_after_another_is_read_as_one(house: House, name: str, shown_first: bool) -> None:
    """A provider that says half of it, something else, and the other half: a reader of either kind sees both halves."""
    piece, written = THINKERS[name]
    question_of = SPECIMENS[name].stream_question
    assert question_of
    with house.siege() as s:
        for first, second in (
            ("Her SSN is 219-0", "9-9998, in full."),
            ("Honestly, I ", "feel sad for you."),
            ("So I am your ", "doctor. Do rest."),
        ):
            words = [(first, ""), ("", "Well, then. "), (second, "")]
            bodies = [piece(word, thought) if shown_first else piece(thought, word) for thought, word in words]
            s.reply(streamed(SPECIMENS[name], written(bodies)))
            told = s.ask(name, question_of(f"I am {s.canary}."), stream=True)
            assert told.status == 200
            assert second.split(" ", 1)[0] not in told.body.decode(), (first, second)


def test_sse_12_errors_within_a_stream_say_nothing(house: House) -> None:
    """They may echo the prompt; pings pass, the stream ends."""
    with house.siege() as s:
        error = {"error": {"message": f"no {s.canary}", "type": "server_error", "param": None, "code": None}}
        s.reply(events(sse(frame({"content": "Hello. "}), error)))
        told = asked(s)
        assert s.canary.encode() not in told
        assert fails(told)

        anthropic = SPECIMENS["anthropic.messages"]
        assert anthropic.stream and anthropic.stream_question and anthropic.stream_fails
        begun = anthropic.stream(["Hello. "]).partition(b"event: content_block_stop")[0]
        failed = {"type": "error", "error": {"type": "overloaded_error", "message": f"no {s.canary}"}}
        s.reply(events(begun, sse(("ping", {"type": "ping"}), ("error", failed))))
        told = s.ask(anthropic, anthropic.stream_question(f"I am {s.canary}."), stream=True).body
        assert b'"ping"' in told
        assert s.canary.encode() not in told
        assert anthropic.stream_fails(told)


def test_sse_12_a_frame_whose_sum_is_wrong(house: House) -> None:
    bedrock = SPECIMENS["bedrock.converse"]
    assert bedrock.stream and bedrock.stream_question and bedrock.stream_fails
    with house.siege() as s:
        data = bytearray(bedrock.stream(["Hello. ", "[OTHER_ID_1] is here. ", "Bye."]))
        data[len(data) // 2] ^= 1
        head = head_of_stream(bedrock)
        s.reply(raw(head + chunk(bytes(data)) + b"0\r\n\r\n"))
        told = s.ask(bedrock, bedrock.stream_question(f"I am {s.canary}."), stream=True)
        assert told.status == 502 or bedrock.stream_fails(told.body)


def test_sse_13_a_coded_stream_is_refused_and_chunks_are_no_events(house: House) -> None:
    """The proxy asks for plain bytes; who codes them all the same is not read. Events come as they are sent."""
    with house.siege() as s:
        coded = zlib.compress(stream([f"{s.canary}"]), wbits=31)
        s.reply(raw(EVENTS.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + chunk(coded) + b"0\r\n\r\n"))
        told = s.ask("openai.chat", question("Hi.", stream=True), stream=True)
        assert told.status == 502

    gate = Gate()
    with house.siege() as s:
        data = stream(
            ["One sentence is here. ", "Another one goes on until nothing can change the first any more. ", "Bye."]
        )
        middle = data.index(b"Bye")
        s.reply(raw(EVENTS, chunk(data[:middle]), gate, chunk(data[middle:]), b"0\r\n\r\n"))
        with s.connect() as sock:
            sock.sendall(request_of("Hi.", stream=True))
            read = b""
            while b"One sentence" not in read:
                read += sock.recv(65536)
            gate.open()
            while not read.endswith(b"0\r\n\r\n"):
                read += sock.recv(65536)


def request_of(text: str, **more: Any) -> bytes:
    body = json.dumps(question(text, **more)).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


MARKS = 50
"""As many MB of an answer."""
SLOW_READERS = 6


def in_marked_pieces() -> tuple[Answer, Sequence[Gate]]:
    """50 MB of events, and what tells how much of it the provider could write: a gate that is open behind each MB.

    Without words (padding, as OpenAI sends it): what waits, waits for its reader and not for the analyzer.
    """
    part = chunk(sse(*({**frame({"content": ""}), "obfuscation": "x" * 64} for _ in range(250))))
    gates = [Gate() for _ in range(MARKS)]
    for gate in gates:
        gate.open()
    pieces: list[Piece] = []
    for gate in gates:
        pieces += [*[part] * (1_000_000 // len(part) + 1), gate]
    return raw(EVENTS, *pieces, HANG), gates


def slow_reader(s: Siege) -> socket.socket:
    """Has asked for a stream, and does not read it yet."""
    sock = s.connect()
    sock.sendall(request_of("Hi.", stream=True))
    return sock


def at_rest(readers: Sequence[socket.socket], written: Callable[[], list[int]]) -> list[int]:
    """How many MB the providers could write when they can't any more, while all read a KB now and then."""
    seen = [written()]
    while len(seen) < 10 or len(set(map(tuple, seen[-10:]))) > 1:
        for reader in readers:
            assert reader.recv(1024)
        time.sleep(0.2)
        seen.append(written())
        assert max(seen[-1]) < MARKS / 2, "MB; the rest is to wait at the provider"
    return seen[-1]


def test_sse_14_slow_readers_slow_the_upstream(house: House) -> None:
    """Six that read a KB now and then of 50 MB each: less than 2 MiB for each is in the proxy and all that it started,
    and the providers can't write on, but for what the kernel's buffers hold. Who reads again gets more."""
    with house.siege() as s:  # what grows with the first long stream is no reader's share
        reply, gates = in_marked_pieces()
        s.reply(reply)
        with slow_reader(s) as reader:
            while not gates[3].reached.is_set():
                assert reader.recv(1 << 20)
    with house.siege(most_mib=2 * SLOW_READERS) as s, ExitStack() as open_:
        answers = [in_marked_pieces() for _ in range(SLOW_READERS)]
        s.reply(*(reply for reply, _ in answers))
        readers = [open_.enter_context(slow_reader(s)) for _ in answers]

        def written() -> list[int]:
            return [sum(gate.reached.is_set() for gate in gates) for _, gates in answers]

        before = at_rest(readers, written)
        assert len(s.sent) == SLOW_READERS
        assert min(before) > 0
        while written()[0] == before[0]:
            assert readers[0].recv(1 << 20)


@pytest.fixture(scope="module")
def strict_house() -> Iterator[House]:
    """In which an answer with a stranger's data is stopped."""
    with housed(rails=[{"rail": "phi", "response": "block"}]) as house:
        yield house


def test_sse_11_a_block_in_the_middle(strict_house: House) -> None:
    """The stream ends in an error and never in its rest; the whole answer is replaced."""
    with strict_house.siege() as s:
        words = "This is a sentence about beds. " * 20 + f"Ask {s.another()} about it. " + "There is more to say. " * 20
        s.reply(chat_stream(*(words[at : at + 40] for at in range(0, len(words), 40))))
        told = asked(s)
        assert fails(told)
        assert "about beds" in heard(told)
        assert "more to say" not in heard(told)
        s.reply(chat_answer(words))
        whole = str(OPENAI.said(s.ask("openai.chat", f"I am {s.canary}.").json()))
        assert "withheld" in whole
        assert "about beds" not in whole


SAID = "One sentence is here. "
NEXT = "Another one goes on until nothing can change the first any more. "
HELD = "I am [OTHER_ID"
MOMENTS: Mapping[str, tuple[bool, Answer, bytes]] = {
    "before the first byte": (True, raw(HANG), b""),
    "in the middle": (True, raw(EVENTS, chunk(sse(frame({"content": SAID}), frame({"content": NEXT}))), HANG), b"here"),
    "while words are held": (
        True,
        raw(EVENTS, chunk(sse(*(frame({"content": text}) for text in (SAID, NEXT, HELD)))), HANG),
        b"here",
    ),
    "while a whole answer is awaited": (False, raw(HANG), b""),
    "in a whole answer": (False, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", HANG), b""),
}
"""Of each: whether it is a stream, what the provider does, and what the client has read when it goes."""


def body_in(sock: socket.socket, mark: bytes) -> bytes:
    """The pieces of an answer's body until there is this in them."""
    read = b""
    while mark not in read:
        piece = sock.recv(65536)
        assert piece, read
        read += piece
    return b"".join(read.partition(b"\r\n\r\n")[2].split(b"\r\n")[1::2])


@pytest.mark.parametrize("moment", MOMENTS)
def test_sse_15_a_client_that_leaves_ends_the_work(house: House, moment: str) -> None:
    """The provider's connection is closed and serves nobody any more; the record tells who ended it, and what left."""
    stream_it, reply, mark = MOMENTS[moment]
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        s.raw(request_of("Which floor?"), patience=0.01)  # it leaves a connection open, which is used next
        s.reply(reply)
        kept = s.upstream.open_connections
        with s.connect() as sock:
            sock.sendall(request_of(f"I am {s.canary}.", stream=stream_it))
            wait_until(lambda: len(s.sent) == 2, 20, "the upstream was asked")
            read = body_in(sock, mark) if mark else b""
        wait_until(lambda: s.upstream.open_connections < kept, 10, "the upstream is let go")
        wait_until(lambda: s.proxy.metric("guardrail_exchanges_in_flight") == 0, 10, "nothing in flight")
        assert b"OTHER_ID" not in read
        ended = s.outcomes(2)[1]
        assert (ended["end"], ended["status"]) == ("client_gone", 499)
        assert len(read) <= ended.get("answer_bytes", 0) <= len(read) + (4096 if mark else 0)  # some may be on its way
        s.reply(chat_answer("On the second floor."))
        assert s.raw(request_of("Which floor?"), patience=0.01).only.status == 200
        assert s.sent[0].connection == s.sent[1].connection
        assert s.sent[2].connection != s.sent[1].connection


def test_sse_16_what_comes_after_the_end(house: House) -> None:
    """No second notice, nothing that was not looked at."""
    with house.siege() as s:
        whole = stream(["Hello. "])
        s.reply(events(whole + DONE + sse(frame({"content": f"{s.another()} "})) + whole))
        told = asked(s)
        assert told.count(b"generated by a machine") == 1
        assert s.canaries[-1].encode() not in told


def test_sse_17_what_was_not_asked_for(house: House) -> None:
    """A whole answer to who wants a stream, a stream to who does not: read for what it is, or refused."""
    with house.siege() as s:
        stranger = s.another()
        s.reply(chat_answer(f"It is [OTHER_ID_1], not {stranger}."))
        told = s.ask("openai.chat", question(f"I am {s.canary}.", stream=True), stream=True)
        assert stranger.encode() not in told.body
        assert told.status == 502 or s.canary.encode() in told.body

        s.reply(answer({"error": {"message": f"no {s.canary}"}}, 400))
        told = s.ask("openai.chat", question(f"I am {s.canary}.", stream=True), stream=True)
        assert told.status == 400

        s.reply(chat_stream(f"It is [OTHER_ID_1], not {stranger}."))
        told = s.ask("openai.chat", f"I am {s.canary}.")
        assert stranger.encode() not in told.body
        assert told.status == 502 or s.canary.encode() in told.body


@pytest.mark.parametrize("status", [204, 205, 304])
def test_sse_18_answers_without_a_body(house: House, status: int) -> None:
    """Nothing is made up; what may have no body is an error if words were asked for."""
    with house.siege() as s:
        s.reply(
            raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)
        )
        told = s.ask("openai.chat", "Hi.")
        assert b"generated by a machine" not in told.body
        assert told.status in (status, 502)


def test_sse_18_an_empty_answer(house: House) -> None:
    with house.siege() as s:
        s.reply(answer(b""))
        assert s.ask("openai.chat", "Hi.").status == 502
        s.reply(events())
        assert fails(asked(s))
