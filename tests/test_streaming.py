"""Where words of ours stand at the end of a stream: behind the last word, before the frame that says so (WHO-41).

Frames go through the codec, the relay and the stream as in an exchange, without a proxy around them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from itertools import count, pairwise
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.answer import AnswerReview
from guardrail.closing import Closer
from guardrail.dialects.anthropic.messages import AnthropicMessages
from guardrail.dialects.base import Dialect
from guardrail.dialects.google.dialect import GeminiGenerate
from guardrail.dialects.media import MediaRules
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import Settings
from guardrail.engine.chain import Rule
from guardrail.engine.relay import Limits
from guardrail.engine.vault import Vault
from guardrail.inbound import Headers
from guardrail.marks import SOURCE_TYPE
from guardrail.rails import catalog
from guardrail.rails.translation import source_of
from guardrail.record.metrics import Metrics
from guardrail.record.tally import Known, Tally
from guardrail.streaming import TURN, Interrupt, Stream
from guardrail.text import Action
from tests.engine.toys import ANSWER, toy_chain
from tests.specimens import anthropic_messages, gemini, generic
from tests.specimens.base import sse

CUT = "This answer was cut off before its end. Do not rely on it as complete."
FILTERED = "The provider withheld a part of this answer."
OURS = "<< a machine wrote this >>"
HEAD = {"id": "c1", "object": "chat.completion.chunk", "created": 1790000000, "model": "m"}
RULES = {
    name: Rule(rail=name, action=Action.WARN, rewriter=catalog.build_closing(name, {}))
    for name in ("incomplete", "translation")
}


class Sink:
    """Where the answer goes."""

    def __init__(self) -> None:
        self.data = b""

    async def start(self, status: int, headers: Headers) -> None:
        """Nothing."""

    async def send(self, body: bytes) -> None:
        self.data += body


def through(
    dialect: Dialect, asked: Any, parts: Sequence[bytes], question: str = "", beside: Callable[[], object] | None = None
) -> str:
    """What a client reads of a stream that arrives in these parts. `beside` is called in each turn of the others."""
    codec = dialect.open_stream(dialect.read_request(json.dumps(asked).encode()), "text/event-stream")
    assert codec is not None
    closer = Closer(ANSWER, RULES, source_of(question))
    review = AnswerReview(toy_chain(), ANSWER, Vault(), closer=closer)
    metrics, sink = Metrics(), Sink()
    tally = Tally(metrics, Known(client="c"))
    told = Stream(codec, review.relay(Limits()), sink, tally, metrics, review.head(), structured=False, closer=closer)

    async def others() -> None:
        while beside:
            beside()
            await asyncio.sleep(0)

    async def run() -> None:
        waiting = asyncio.create_task(others())
        for part in parts:
            await told.feed(part)
        await told.flush()
        waiting.cancel()

    asyncio.run(run())
    return sink.data.decode()


def chunk(*choices: tuple[int, dict[str, Any], str | None], **more: Any) -> dict[str, Any]:
    return {
        **HEAD,
        "choices": [{"index": at, "delta": delta, "finish_reason": end} for at, delta, end in choices],
        **more,
    }


def chat(*chunks: dict[str, Any], parts: Sequence[int] = (), question: str = "") -> list[dict[str, Any]]:
    data = sse(*chunks) + b"data: [DONE]\n\n"
    cuts = [0, *sorted(min(at, len(data)) for at in parts), len(data)]
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    text = through(OpenAIChat(), asked, [data[a:b] for a, b in pairwise(cuts)], question)
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def words(chunks: Sequence[dict[str, Any]], choice: int = 0) -> str:
    of = [each for body in chunks for each in body["choices"] if each["index"] == choice]
    return "".join(each["delta"].get("content") or "" for each in of)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 1200), max_size=12))
def test_however_it_arrives_the_note_is_behind_the_last_word_and_before_the_reason(parts: list[int]) -> None:
    """Once, whatever the bytes are cut into, and however much of the words is held back at the end."""
    pieces = ["Take 1", ".5 mg. Mar", "ia Lopez ", "rests"]
    bodies = [chunk((0, {"role": "assistant", "content": ""}, None))]
    bodies += [chunk((0, {"content": piece}, None)) for piece in pieces]
    told = chat(*bodies, chunk((0, {}, "length")), {**HEAD, "choices": [], "usage": {"total_tokens": 3}}, parts=parts)
    ends = [at for at, body in enumerate(told) if body["choices"] and body["choices"][0]["finish_reason"]]
    assert len(ends) == 1
    before = words(told[: ends[0]])
    assert before == words(told)
    assert before.endswith(f"rests\n\n{CUT}")
    assert before.count(CUT) == 1


@pytest.mark.parametrize("size", [1 << 20, 10], ids=["at once", "one by one"])
@pytest.mark.parametrize(("frame", "passed"), [("data: {}\n\n", "data: {}\n\n"), (": nothing\n\n", ": keep-alive\n\n")])
def test_a_flood_takes_turns_with_everybody_else(
    monkeypatch: pytest.MonkeyPatch, frame: str, passed: str, size: int
) -> None:
    """However it comes, and though it never has to be waited for (SSE-05): 2,000 frames of 0.1 ms each."""
    ticks, turns = count(), count()
    clock = SimpleNamespace(perf_counter=perf_counter, thread_time=lambda: next(ticks) * 1e-4)
    monkeypatch.setattr("guardrail.streaming.time", clock)
    flood = frame.encode() * 2_000 + sse(chunk((0, {}, "stop"))) + b"data: [DONE]\n\n"
    parts = [flood[at : at + size] for at in range(0, len(flood), size)]
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    told = through(OpenAIChat(), asked, parts, beside=lambda: next(turns))
    assert told.count(passed) == 2_000
    assert next(turns) > 2_000 * 1e-4 / TURN / 2


def test_each_of_several_choices_has_its_own_note() -> None:
    """The one that was not cut off has none."""
    told = chat(
        chunk((0, {"content": "One."}, None), (1, {"content": "Two."}, None), (2, {"content": "Three"}, None)),
        chunk((1, {}, "content_filter")),
        chunk((0, {}, "stop")),
        chunk((2, {}, "length")),
    )
    assert words(told, 0).endswith("One.")
    assert words(told, 1).endswith(f"Two.\n\n{FILTERED}")
    assert words(told, 2).endswith(f"Three\n\n{CUT}")


def test_a_reason_that_comes_with_the_last_words_stands_behind_the_note() -> None:
    """Clients that stop reading at the reason have read it."""
    told = chat(chunk((0, {"content": "Take the "}, None)), chunk((0, {"content": "lift to"}, "length")))
    with_reason = next(body for body in told if body["choices"][0]["finish_reason"])
    assert with_reason["choices"][0]["delta"]["content"].endswith(f"lift to\n\n{CUT}")
    assert words(told).count(CUT) == 1


def test_a_translation_is_judged_when_all_of_it_has_come() -> None:
    """Some servers send a reason with every frame: it says nothing then."""
    asked = "Translate into Spanish: Take 2 tablets. Do not drive."
    pieces = ("Tome 2 ", "comprimidos. ", "No conduzca.")
    told = chat(*(chunk((0, {"content": piece}, "stop")) for piece in pieces), question=asked)
    assert words(told).endswith("No conduzca.")
    told = chat(*(chunk((0, {"content": piece}, "stop")) for piece in pieces[:2]), question=asked)
    assert words(told).endswith("Have a qualified human translator check it.")


def test_an_answer_of_thoughts_only_has_notice_and_note_in_a_block_behind_them() -> None:
    """All tokens went into thinking: the block's number is not that of one which has left."""
    asked = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    data = sse(
        anthropic_messages.begin(),
        *anthropic_messages.thinking_block(0, "", "Let me ", "think."),
        *anthropic_messages.end("max_tokens"),
    )
    text = through(AnthropicMessages(), asked, [data])
    bodies = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    begun = [(each["index"], each["content_block"]["type"]) for each in bodies if each["type"] == "content_block_start"]
    assert begun == [(0, "thinking"), (1, "text")]
    (said,) = [each["delta"]["text"] for each in bodies if each.get("delta", {}).get("type") == "text_delta"]
    assert said.startswith(OURS)
    assert said.endswith(CUT)
    assert [each["type"] for each in bodies][-2:] == ["message_delta", "message_stop"]


def test_a_prompt_that_gemini_has_blocked_is_no_empty_answer() -> None:
    data = sse({"promptFeedback": {"blockReason": "SAFETY"}, "modelVersion": "m", "responseId": "r"})
    text = through(GeminiGenerate(), gemini.question("Hi"), [data])
    bodies = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    said = gemini.words(bodies)
    assert said.startswith(OURS)
    assert said.endswith(FILTERED)


PICTURE = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgoAAAAN"}}


def test_a_picture_in_an_answer_is_named_as_made_by_a_model() -> None:
    """WHO-03: beside the answer, whole and streamed; the picture itself stays as it came."""
    dialect = GeminiGenerate(Settings(media=MediaRules(released=("image/*",))))
    body = gemini.answer({"text": "Here it is."}, PICTURE)
    request = dialect.read_request(json.dumps(gemini.question("Hi")).encode())
    document = dialect.read_response(json.dumps(body).encode(), request)
    review = AnswerReview(toy_chain(), ANSWER, Vault())
    asyncio.run(review.clear_document(document, review.head()))
    whole = json.loads(review.to_bytes(document, review.head()))
    text = through(dialect, gemini.question("Hi"), [sse(body)])
    streamed = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    (note,) = [each["guardrail"] for each in streamed if "guardrail" in each]
    for told in (whole["guardrail"], note):
        assert told["media"] == [{"type": "image/png", "digitalSourceType": SOURCE_TYPE}]
        assert told["ai_generated"] is True
    assert PICTURE in whole["candidates"][0]["content"]["parts"]
    assert PICTURE in gemini.parts_of(streamed)


def test_an_api_that_the_policy_describes_says_where_its_reason_stands() -> None:
    """`finish`, of whole answers and of streams."""
    api: Any = {part: dict(each) if isinstance(each, dict) else each for part, each in generic.HOUSE_LLM.items()}
    api["answer"]["finish"] = api["stream"]["finish"] = "$.why"
    streams, whole = (generic.dialect("house", api, streams=each)(Settings()) for each in (True, False))
    asked = {"messages": [{"role": "human", "content": "Hi"}]}
    data = sse({"delta": "Take the "}, {"delta": "lift"}, {"delta": "", "why": "length", "done": True})
    text = through(streams, asked, [data + b"data: [DONE]\n\n"])
    bodies = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    assert "".join(each.get("delta", "") for each in bodies).endswith(f"Take the lift\n\n{CUT}")
    assert bodies[-1]["why"] == "length"
    body = json.dumps({"output": {"text": "Take the lift"}, "why": "length"}).encode()
    document = whole.read_response(body, whole.read_request(json.dumps(asked).encode()))
    review = AnswerReview(toy_chain(), ANSWER, Vault(), closer=Closer(ANSWER, RULES))
    asyncio.run(review.clear_document(document, review.head()))
    assert json.loads(document.to_bytes())["output"]["text"].endswith(f"Take the lift\n\n{CUT}")


@pytest.mark.parametrize("sealed", [False, True])
def test_an_answer_that_is_on_record_as_told_is_not_cut_off_any_more(sealed: bool) -> None:
    """The time to drain is over while the record is written: who is on record as answered is answered."""

    async def run() -> bool:
        drained = asyncio.Event()
        with Interrupt(drained) as late:
            await asyncio.sleep(0)  # it waits for the end by now
            if sealed:
                late.done()
            drained.set()
            try:
                for _ in range(5):
                    await asyncio.sleep(0)
            except asyncio.CancelledError:
                return late.forgiven()
        return False

    assert asyncio.run(run()) is not sealed
