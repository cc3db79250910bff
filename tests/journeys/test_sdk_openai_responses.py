"""OpenAI's own SDK and the Responses API: through the proxy it gets what it gets directly, but for the words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from tests.specimens.openai_responses import (
    call,
    called_events,
    events,
    message,
    part,
    response,
    said_events,
    stream,
    tool_stream,
)
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.openai_house import CRISIS, KEY, NOTICE, QUESTION, SIMPLE, house, no_secret, streamed
from tests.support.proxy import Proxy

PIECES = ("Please ", "ask [PATIENT", "_1] to rest. ", "As your doc", "tor, I think water helps.")
SAID = "Please ask Maria Delgado to rest."
TOOL: Any = {
    "type": "function",
    "name": "find_visits",
    "description": "Find visits.",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"patient": {"type": "string"}},
        "required": ["patient"],
        "additionalProperties": False,
    },
}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    with house(["openai.responses"]) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def proxy(running: tuple[FakeUpstream, Proxy]) -> Proxy:
    return running[1]


@pytest.fixture
def client(proxy: Proxy) -> Iterator[OpenAI]:
    """Nothing but its base URL points at the proxy."""
    with OpenAI(base_url=proxy.url, api_key=KEY, max_retries=0, timeout=30) as sdk:
        yield sdk


@pytest.fixture
def direct(upstream: FakeUpstream) -> Iterator[OpenAI]:
    """The same application without a proxy."""
    with OpenAI(base_url=f"{upstream.url}/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        yield sdk


def whole(sdk: OpenAI, **body: Any) -> Any:
    return sdk.responses.create(model="gpt-5", **body)


def streamed_events(sdk: OpenAI, **body: Any) -> Iterator[Any]:
    yield from sdk.responses.create(**{"model": "gpt-5", "input": QUESTION, **body, "stream": True})


def from_events(sdk: OpenAI, **body: Any) -> Any:
    """The answer that comes at the end of a stream, checked against what its pieces said."""
    texts: dict[int, str] = {}
    last = None
    for event in streamed_events(sdk, **body):
        if event.type == "response.output_text.delta":
            texts[event.output_index] = texts.get(event.output_index, "") + event.delta
        elif event.type == "response.completed":
            last = event.response
    assert last is not None
    for at, text in texts.items():
        item = last.output[at]
        assert item.type == "message"
        assert "".join(getattr(part, "text", "") for part in item.content) == text
    return last


def from_helper(sdk: OpenAI, **body: Any) -> Any:
    """What the SDK's own accumulator makes of the events, which checks them against each other."""
    with sdk.responses.stream(model="gpt-5", **body) as told:
        return told.get_final_response()


Get = Callable[..., Any]
BOTH_WAYS = pytest.mark.parametrize("get", [whole, from_events, from_helper])


def reply(upstream: FakeUpstream, get: Get, *pieces: str, **more: Any) -> None:
    if get is whole:
        upstream.reply(answer(response([message("".join(pieces))], **more)))
    else:
        upstream.reply(streamed(stream(pieces, **more)))


def reply_call(upstream: FakeUpstream, get: Get, name: str, arguments: dict[str, Any]) -> None:
    text = json.dumps(arguments)
    upstream.reply(answer(response([call(name, text)])) if get is whole else streamed(tool_stream(name, arguments)))


def without_words(got: Any) -> dict[str, Any]:
    found: dict[str, Any] = got.to_dict()
    for item in found["output"]:
        for each in item.get("content", ()):
            each.pop("text", None)
            each.pop("parsed", None)
    return found


@BOTH_WAYS
def test_the_clinician_reads_real_names_and_the_provider_none(client: OpenAI, upstream: FakeUpstream, get: Get) -> None:
    """PHI-01, WHO-01, WHO-07: nobody is named upstream, the notice stands first, nobody pretends to be a person."""
    reply(upstream, get, *PIECES)
    got = get(client, input=QUESTION, instructions="Be careful with Maria Delgado.")

    assert no_secret(upstream.requests[-1].body)
    assert NOTICE in got.output_text[:200]
    assert SAID in got.output_text
    assert "your doctor, I" not in got.output_text
    assert "water helps" in got.output_text


@pytest.mark.case("NOT-02")
@BOTH_WAYS
def test_the_object_is_the_providers_but_for_its_words(
    client: OpenAI, direct: OpenAI, upstream: FakeUpstream, get: Get
) -> None:
    """Whatever an application reads beside the words is as the provider wrote it."""
    reply(upstream, get, *PIECES)
    assert without_words(get(client, input=SIMPLE)) == without_words(get(direct, input=SIMPLE))


def test_nothing_is_kept_at_the_provider(client: OpenAI, upstream: FakeUpstream) -> None:
    """WHO-23: its default is to store."""
    for more in ({}, {"store": True}, {"store": False}):
        reply(upstream, whole, "Rest.")
        whole(client, input=SIMPLE, **more)
        assert upstream.requests[-1].json()["store"] is False


@BOTH_WAYS
def test_calls_of_tools(client: OpenAI, upstream: FakeUpstream, get: Get) -> None:
    """WHO-33: a tool that the policy does not name gets placeholders; the model's words about others go."""
    arguments = {"patient": "[PATIENT_1]", "note": "SSN 219-09-9998", "deep": [1.50, None]}
    reply_call(upstream, get, "find_visits", arguments)
    got = get(client, input=QUESTION, tools=[TOOL])
    (item,) = got.output
    assert item.type == "function_call"
    found = json.loads(item.arguments)

    assert (item.name, found["patient"], found["deep"]) == ("find_visits", "[PATIENT_1]", [1.5, None])
    assert "219-09-9998" not in item.arguments


@BOTH_WAYS
def test_a_call_that_is_an_action_is_a_proposal(client: OpenAI, upstream: FakeUpstream, get: Get) -> None:
    """WHO-32, also where the arguments come as a whole only."""
    reply_call(upstream, get, "prescribe_drug", {"drug": "ibuprofen"})
    (item,) = get(client, input=SIMPLE, tools=[{**TOOL, "name": "prescribe_drug"}]).output
    assert item.type == "function_call"
    assert item.name == "guardrail_refused_proposal"
    assert json.loads(item.arguments)["proposed_arguments"] == {"drug": "ibuprofen"}


def test_a_call_whose_arguments_come_in_no_pieces(client: OpenAI, upstream: FakeUpstream) -> None:
    """Some servers send a call with its item alone."""
    for name, expected in (("find_visits", None), ("prescribe_drug", "prescribe_drug")):
        item = call(name, json.dumps({"patient": "[PATIENT_1]", "ssn": "219-09-9998"}))
        done = [("response.output_item.added", {"output_index": 0, "item": {**item, "arguments": ""}})]
        done += [("response.output_item.done", {"output_index": 0, "item": item})]
        upstream.reply(streamed(events(done, [item])))
        (got,) = from_helper(client, input=QUESTION, tools=[TOOL]).output
        assert got.type == "function_call"
        assert "219-09-9998" not in got.arguments
        told = json.loads(got.arguments)
        assert told.get("proposed_tool") == expected
        assert (told.get("proposed_arguments") or told)["patient"] == "[PATIENT_1]"


def test_a_conversation_goes_on_with_what_the_sdk_sends_back(client: OpenAI, upstream: FakeUpstream) -> None:
    """`input += response.output`: reasoning, a call and its outcome; placeholders mean the same person again."""
    blob = "gAAAAABo" + "Qx7_-" * 40
    thought = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Find [PATIENT_1]."}],
               "encrypted_content": blob, "status": None}  # fmt: skip
    upstream.reply(answer(response([thought, call("find_visits", json.dumps({"patient": "[PATIENT_1]"}))])))
    asked: list[Any] = [{"role": "user", "content": QUESTION}]
    got = whole(client, input=asked, tools=[TOOL], include=["reasoning.encrypted_content"])
    assert got.output[0].summary[0].text == "Find [PATIENT_1]."

    asked += [item.to_dict() for item in got.output]
    outcome = json.dumps([{"patient": "Maria Delgado", "mrn": "20417745", "seen": True}])
    asked.append({"type": "function_call_output", "call_id": "call_1", "output": outcome})
    reply(upstream, whole, "[PATIENT_1] was seen.")
    again = whole(client, input=asked, tools=[TOOL])
    sent = upstream.requests[-1].json()["input"]

    assert "Maria Delgado was seen." in again.output_text
    assert no_secret(upstream.requests[-1].body)
    assert sent[1]["encrypted_content"] == blob
    assert sent[1]["summary"] == thought["summary"]
    assert json.loads(sent[3]["output"])[0]["patient"] == "[PATIENT_1]"
    assert json.loads(sent[3]["output"])[0]["seen"] is True


def test_a_thought_that_is_signed_and_names_somebody_is_refused(client: OpenAI, upstream: FakeUpstream) -> None:
    """It is no longer what the provider wrote, and can't be changed."""
    item = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Maria Delgado is ill."}],
            "encrypted_content": "gAAAAABo" + "Qx7_-" * 40}  # fmt: skip
    before = len(upstream.requests)
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        whole(client, input=[{"role": "user", "content": QUESTION}, item])
    assert caught.value.code == "phi_in_fixed_field"
    assert len(upstream.requests) == before


class Plan(BaseModel):
    patient: str
    steps: list[str]


def test_structured_answers_stay_json(client: OpenAI, direct: OpenAI, upstream: FakeUpstream) -> None:
    """Nothing is put into JSON; names come back, and our notice stands beside it."""
    text = json.dumps({"patient": "[PATIENT_1]", "steps": ["As your doctor, I think rest helps.", "drink"]})
    upstream.reply(answer(response([message(text)])))
    got = client.responses.parse(model="gpt-5", input=QUESTION, text_format=Plan)
    assert got.output_parsed is not None
    assert got.output_parsed.patient == "Maria Delgado"
    assert "your doctor" not in got.output_parsed.steps[0]
    assert NOTICE in json.dumps(got.to_dict()["guardrail"])

    upstream.reply(streamed(stream([text[at : at + 9] for at in range(0, len(text), 9)])))
    with client.responses.stream(model="gpt-5", input=QUESTION, text_format=Plan) as told:
        kinds = [str(event.type) for event in told]
        final = told.get_final_response()
    assert final.output_parsed == got.output_parsed
    assert kinds.count("guardrail.notice") == 1
    assert kinds.index("guardrail.notice") < kinds.index("response.output_text.delta")


@BOTH_WAYS
def test_somebody_in_danger_is_told_of_help_first(client: OpenAI, upstream: FakeUpstream, get: Get) -> None:
    """WHO-51: also if the model does nothing but call a tool; the call keeps its place behind."""
    reply_call(upstream, get, "find_visits", {"patient": "x"})
    got = get(client, input=CRISIS, tools=[TOOL])
    assert [item.type for item in got.output] == ["message", "function_call"]
    assert "hurting yourself" in got.output_text
    text = got.output_text
    reply(upstream, get, "I hear you.")
    got = get(client, input=CRISIS)
    assert got.output_text.startswith(text[:40])


def test_the_whole_answer_is_shown_to_no_one_twice(client: OpenAI, upstream: FakeUpstream) -> None:
    """All events that repeat the words say the same (SSE-07)."""
    upstream.reply(streamed(stream(PIECES)))
    told: dict[str, str] = {"delta": ""}
    for event in streamed_events(client):
        if event.type == "response.output_text.delta":
            told["delta"] += event.delta
        elif event.type == "response.output_text.done":
            told["text"] = event.text
        elif event.type == "response.content_part.done":
            told["part"] = event.part.text
        elif event.type == "response.output_item.done":
            told["item"] = event.item.content[0].text
        elif event.type == "response.completed":
            told["answer"] = event.response.output_text
    assert len(told) == 5
    assert len(set(told.values())) == 1
    assert SAID in told["answer"]


def test_what_the_provider_tells_again_comes_back_as_it_was_sent(
    client: OpenAI, direct: OpenAI, upstream: FakeUpstream
) -> None:
    """Instructions, tools and metadata are the client's own: no word of them is changed, and nothing is inserted."""
    own = "You help Dr. Okafor's ward. As your doctor, I think: be brief."
    upstream.reply(answer(response([message("Rest.")], instructions=own, tools=[TOOL], metadata={"ward": "Okafor 4"})))
    asked: dict[str, Any] = {"input": SIMPLE, "instructions": own, "tools": [TOOL], "metadata": {"ward": "Okafor 4"}}
    got, expected = whole(client, **asked), whole(direct, **asked)
    assert without_words(got) == without_words(expected)

    sent = {"instructions": "Help [NAME_1]."}
    upstream.reply(streamed(stream(["Rest."], **sent)))
    got = from_helper(client, input="Hello.", instructions="Help Maria Delgado.")
    assert got.instructions == "Help Maria Delgado."


@pytest.mark.parametrize(
    "field", [{"previous_response_id": "resp_1"}, {"conversation": "conv_1"}, {"conversation": {"id": "conv_1"}},
              {"background": True}, {"tools": [{"type": "mcp", "server_label": "x", "server_url": "https://x.org"}]}]
)  # fmt: skip
def test_what_would_pass_by_is_refused(client: OpenAI, upstream: FakeUpstream, field: Any) -> None:
    """What the provider keeps, fetches or hands on."""
    before = len(upstream.requests)
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        whole(client, input=SIMPLE, **field)
    assert caught.value.code in ("unknown_reference", "invalid_value", "uninspected_part")
    assert len(upstream.requests) == before


def test_the_providers_error_is_the_sdks(client: OpenAI, upstream: FakeUpstream) -> None:
    """UPS-01: status and code, not the words."""
    told = {"error": {"message": "Maria Delgado", "type": "invalid_request_error", "param": "input[0].content",
                      "code": "context_length_exceeded"}}  # fmt: skip
    upstream.reply(answer(told, status=400))
    with pytest.raises(openai.BadRequestError) as caught:
        whole(client, input=QUESTION)
    assert (caught.value.code, caught.value.param) == ("context_length_exceeded", "input[0].content")
    assert "Maria" not in str(caught.value)


def test_a_failed_answer_keeps_its_code_and_loses_its_words(client: OpenAI, upstream: FakeUpstream) -> None:
    """The same inside of an answer, whole and streamed."""
    error = {"code": "rate_limit_exceeded", "message": "Maria Delgado asked too often"}
    upstream.reply(answer(response([], "failed", error=error)))
    got = whole(client, input=QUESTION)
    assert got.status == "failed"
    assert got.error is not None
    assert (got.error.code, "Maria" in got.error.message) == ("rate_limit_exceeded", False)

    body = {"type": "response.failed", "sequence_number": 9, "response": response([], "failed", error=error)}
    data = stream(["Rest."])
    data = (
        data[: data.rindex(b"event: response.completed")]
        + f"event: response.failed\ndata: {json.dumps(body)}\n\n".encode()
    )
    upstream.reply(streamed(data))
    last = list(streamed_events(client))[-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert (last.response.error.code, "Maria" in last.response.error.message) == ("rate_limit_exceeded", False)


@pytest.mark.parametrize("shape", ["flat", "nested"])
def test_an_error_in_a_stream_is_the_sdks(client: OpenAI, upstream: FakeUpstream, shape: str) -> None:
    """As the API documents it and as it sends it."""
    error = {"code": "rate_limit_exceeded", "message": "Maria Delgado", "param": None}
    body = {"type": "error", "sequence_number": 3, **(error if shape == "flat" else {"error": error})}
    data = stream(["Rest. ", "Drink."])
    data = (
        data[: data.index(b"event: response.output_text.done")] + f"event: error\ndata: {json.dumps(body)}\n\n".encode()
    )
    upstream.reply(streamed(data))
    told: list[Any] = []
    with pytest.raises(openai.APIError) as caught:
        told.extend(streamed_events(client))
    assert "Drink." in "".join(event.delta for event in told if event.type == "response.output_text.delta")
    assert caught.value.code == "rate_limit_exceeded"
    assert "Maria" not in str(caught.value)


def test_a_broken_stream_is_an_error_of_the_sdk(client: OpenAI, upstream: FakeUpstream) -> None:
    """SSE-04: held words are judged, then the SDK raises; nothing looks complete."""
    data = stream(PIECES)
    for cut in (len(data) // 3, len(data) // 2, data.index(b"event: response.completed")):
        upstream.reply(streamed(data, cut=cut))
        told: list[Any] = []
        with pytest.raises(openai.APIError):
            told.extend(streamed_events(client))
        assert told[0].type == "response.created"
        assert all(event.type != "response.completed" for event in told)


def test_several_items_at_once(client: OpenAI, upstream: FakeUpstream) -> None:
    """A thought, words, a search, a call: each keeps its place; only the first words are marked."""
    thought = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Ask [PATIENT_1]."}]}
    action = {"type": "search", "query": "visits of [PATIENT_1]", "queries": ["visits of [PATIENT_1]"]}
    search = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": action}
    second = {**message("Ask [PATIENT_1]."), "id": "msg_2"}
    place = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
    middle: list[Any] = [
        ("response.output_item.added", {"output_index": 0, "item": {**thought, "summary": []}}),
        ("response.reasoning_summary_part.added", {**place, "part": {"type": "summary_text", "text": ""}}),
        ("response.reasoning_summary_text.delta", {**place, "delta": "Ask [PAT"}),
        ("response.reasoning_summary_text.delta", {**place, "delta": "IENT_1]."}),
        ("response.reasoning_summary_text.done", {**place, "text": "Ask [PATIENT_1]."}),
        ("response.reasoning_summary_part.done", {**place, "part": thought["summary"][0]}),
        ("response.output_item.done", {"output_index": 0, "item": thought}),
        *moved(said_events(PIECES), 1),
        (
            "response.output_item.added",
            {"output_index": 2, "item": {**search, "status": "in_progress", "action": None}},
        ),
        ("response.web_search_call.searching", {"output_index": 2, "item_id": "ws_1"}),
        ("response.output_item.done", {"output_index": 2, "item": search}),
        *moved(said_events(["Ask [PAT", "IENT_1]."]), 3, "msg_2"),
        *moved(called_events("find_visits", "{}"), 4),
    ]
    output = [thought, message("".join(PIECES)), search, second, call("find_visits", "{}")]
    upstream.reply(streamed(events(middle, output)))
    got = from_helper(client, input=QUESTION, tools=[TOOL])

    first, words, searched, more, called = got.output
    assert first.summary[0].text == "Ask [PATIENT_1]."
    assert NOTICE in words.content[0].text
    assert searched.action.query == "visits of [PATIENT_1]"
    assert more.content[0].text == "Ask Maria Delgado."
    assert called.arguments == "{}"


def moved(told: Iterator[tuple[str, Any]], at: int, own: str = "") -> Iterator[tuple[str, Any]]:
    for name, body in told:
        more = {"item_id": own} if own and "item_id" in body else {}
        item = {"item": {**body["item"], "id": own}} if own and "item" in body else {}
        yield name, {**body, "output_index": at, **more, **item}


@pytest.mark.case("NOT-01")
def test_citations_and_refusals(client: OpenAI, upstream: FakeUpstream) -> None:
    """Sources are read like words; a refusal is one."""
    note = {
        "type": "url_citation",
        "start_index": 0,
        "end_index": 4,
        "title": "SSN 219-09-9998",
        "url": "https://x.org",
    }
    said = [*said_events(["Rest."])]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "annotation_index": 0}
    said.insert(3, ("response.output_text.annotation.added", {**place, "annotation": note}))
    item = {**message("Rest."), "content": [{**part("Rest."), "annotations": [note]}]}
    said[-1] = ("response.output_item.done", {"output_index": 0, "item": item})
    upstream.reply(streamed(events(said, [item])))
    got = from_helper(client, input=QUESTION)
    assert "219-09-9998" not in str(got)
    assert got.output[0].content[0].annotations[0].url == "https://x.org"

    refusal = {"type": "refusal", "refusal": "I can't help [PATIENT_1] with that."}
    item = {**message(""), "content": [refusal]}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    middle = [
        ("response.output_item.added", {"output_index": 0, "item": message("", "in_progress")}),
        ("response.content_part.added", {**place, "part": {"type": "refusal", "refusal": ""}}),
        ("response.refusal.delta", {**place, "delta": refusal["refusal"]}),
        ("response.refusal.done", {**place, "refusal": refusal["refusal"]}),
        ("response.content_part.done", {**place, "part": refusal}),
        ("response.output_item.done", {"output_index": 0, "item": item}),
    ]
    upstream.reply(streamed(events(middle, [item])))
    got = from_helper(client, input=QUESTION)
    assert "Maria Delgado" in got.output[0].content[0].refusal
    assert NOTICE in got.output[0].content[0].refusal


def test_the_asynchronous_client(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Whole and streamed."""

    async def run() -> None:
        async with AsyncOpenAI(base_url=proxy.url, api_key=KEY, max_retries=0, timeout=30) as sdk:
            reply(upstream, whole, *PIECES)
            got = await sdk.responses.create(model="gpt-5", input=QUESTION)
            assert SAID in got.output_text
            reply(upstream, from_helper, *PIECES)
            async with sdk.responses.stream(model="gpt-5", input=QUESTION) as told:
                final = await told.get_final_response()
            assert final.output_text == got.output_text
            upstream.reply(streamed(stream(PIECES), cut=900))
            with pytest.raises(openai.APIError):
                async for _ in await sdk.responses.create(model="gpt-5", input=QUESTION, stream=True):
                    pass

    asyncio.run(run())


def test_an_answer_that_is_stored_is_reached_another_way(client: OpenAI, upstream: FakeUpstream) -> None:
    """Nothing is stored, so nothing can be fetched by its id: 404, nothing upstream."""
    before = len(upstream.requests)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_1")
    with pytest.raises(openai.NotFoundError):
        client.responses.delete("resp_1")
    assert len(upstream.requests) == before
