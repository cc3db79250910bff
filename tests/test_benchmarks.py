"""The benchmarks' own parts: what is asked is what the page says, and a client that is told lies would notice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks import processes
from benchmarks.load import Job
from benchmarks.measure import Bench, Effort, event_ratio, reached, streams, whole
from benchmarks.payload import ANSWER, CHUNKS, PHI_ITEMS, STREAM, WHOLE, Ask, answer_events, chat, fill, request_body

SMALL = Effort(rounds=1, whole=3, seconds=0.3)


def messages(number: int, ask: Ask) -> list[str]:
    return [row["content"] for row in json.loads(request_body(WHOLE, number, ask))["messages"]]


def test_the_bench_payload_has_the_size_that_the_targets_are_about() -> None:
    texts = [text for _, text in chat(7)]
    assert (len(texts), sum(map(len, texts)), len(texts[-1]), len(fill(ANSWER, 7))) == (3, 1500, 250, 900)
    assert all(item in "\n".join(texts) for item in PHI_ITEMS)
    assert len(PHI_ITEMS) == 8
    pieces = [json.loads(event[6:]) for event in answer_events(STREAM, 7)[1:-2]]
    assert len(pieces) == CHUNKS
    assert "".join(piece["choices"][0]["delta"]["content"] for piece in pieces) == fill(ANSWER, 7)


def test_what_is_first_seen_was_never_asked_before() -> None:
    first, second = messages(1, Ask("fresh")), messages(2, Ask("fresh"))
    assert not set(first) & set(second)
    assert messages(1, Ask("last"))[:-1] == messages(2, Ask("last"))[:-1]
    assert messages(1, Ask("last"))[-1] != messages(2, Ask("last"))[-1]
    assert messages(1, Ask("same")) == messages(2, Ask("same"))
    assert messages(1, Ask("turn", 20))[:37] == messages(1, Ask("turn", 19))
    assert not set(messages(1, Ask("turn", 20))) & set(messages(2, Ask("turn", 20)))
    assert [len(text) for text in messages(3, Ask("note", 4_000))] == [4_000]
    assert messages(3, Ask("note", 4_000)) != messages(4, Ask("note", 4_000))


def test_the_bare_pass_through_is_measured_and_a_wrong_answer_is_told() -> None:
    with processes.upstream() as direct, processes.bare(direct) as bare, processes.load() as client:
        bench = Bench(direct, [bare], client, client, SMALL)
        assert reached(bench, bare) == len(PHI_ITEMS)
        found = whole(bench)["bare"]
        assert (len(found.samples), found.failed) == (3, 0)
        assert found.cpu_us("server") > 0
        assert event_ratio(streams(bench)["bare"]) == 1
        elsewhere = Job(bare.port, WHOLE.model, 1, what="probe")
        with pytest.raises(RuntimeError, match="404"):
            client.run(elsewhere)
        assert [sample.good for sample in client.run(replace(elsewhere, lenient=True))] == [False]
