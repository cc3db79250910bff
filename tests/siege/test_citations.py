"""FLD-14: whatever becomes of an answer's words, its citations point at the words that they were made for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer

from tests.matrix.conftest import streamed
from tests.siege.house import SPECIMENS, House
from tests.specimens import anthropic_messages, bedrock_converse, cohere, gemini, openai_chat, openai_responses
from tests.specimens.base import sse, sse_bodies
from tests.support.fake_upstream import answer

PIECES = ["Für ", "[OTHER_", "ID_1] und [OTHER_ID_1]", " ist 💊 im ", "Regal. Es ist [OTHER_ID", "_1]s Regal."]
SAID = "".join(PIECES)
PASSAGES = ("Für", "[OTHER_ID_1] und", "ist 💊 im Regal", "Es ist [OTHER_ID_1]s")
Span = tuple[int, int]
SPANS: Sequence[Span] = [(SAID.index(each), SAID.index(each) + len(each)) for each in PASSAGES]


@dataclass(frozen=True)
class Form:
    """How an API cites: a body and a stream with citations of SPANS, and what the words of these are at the client."""

    specimen: str
    whole: Mapping[str, Any]
    stream: bytes
    read: Callable[[Mapping[str, Any]], Iterator[str]]
    read_stream: Callable[[bytes], Iterator[str]]


# ── OpenAI: places in the content, or in the part ──────────────────────────────────────────────────────────────


def _url_citations() -> list[dict[str, Any]]:
    cited = [{"start_index": a, "end_index": b, "url": "https://x.example/", "title": "x"} for a, b in SPANS]
    return [{"type": "url_citation", "url_citation": each} for each in cited]


def _chat_stream() -> bytes:
    frame = openai_chat._frame
    said = [frame({"content": each}) for each in PIECES]
    noted = frame({"annotations": _url_citations()})
    return sse(frame({"role": "assistant", "content": ""}), *said, noted, frame({}, "stop")) + b"data: [DONE]\n\n"


def _in_message(body: Mapping[str, Any]) -> Iterator[str]:
    message = body["choices"][0]["message"]
    for each in message["annotations"]:
        yield message["content"][each["url_citation"]["start_index"] : each["url_citation"]["end_index"]]


def _in_chat_stream(data: bytes) -> Iterator[str]:
    [notes] = [n for body in sse_bodies(data) for c in body["choices"] if (n := c["delta"].get("annotations"))]
    yield from _in_message({"choices": [{"message": {"content": openai_chat.heard(data), "annotations": notes}}]})


def _marks() -> list[dict[str, Any]]:
    file = {"type": "file_citation", "file_id": "file_1", "filename": "a.txt"}
    places = [{"type": "url_citation", "start_index": a, "end_index": b, "url": "u", "title": "t"} for a, b in SPANS]
    return [*places, {**file, "index": SPANS[2][1]}, {**file, "index": 0}]


def _item() -> dict[str, Any]:
    part = {**openai_responses.part(SAID), "annotations": _marks()}
    return {**openai_responses.message(SAID), "content": [part]}


def _responses_stream() -> bytes:
    *said, part, item = openai_responses.said_events(PIECES)
    added = [
        (
            "response.output_text.annotation.added",
            {**openai_responses.PLACE, "annotation_index": at, "annotation": each},
        )
        for at, each in enumerate(_marks())
    ]
    part[1]["part"]["annotations"] = _marks()
    told = [*said[:-1], *added, said[-1], part, (item[0], {**item[1], "item": _item()})]
    return openai_responses.events(told, [_item()])


def _in_part(part: Mapping[str, Any]) -> Iterator[str]:
    *places, file, first = part["annotations"]
    assert part["text"][: file["index"]].endswith("💊 im Regal")
    assert first["index"] == 0
    for each in places:
        yield part["text"][each["start_index"] : each["end_index"]]


def _in_response(body: Mapping[str, Any]) -> Iterator[str]:
    return _in_part(body["output"][0]["content"][0])


def _in_response_stream(data: bytes) -> Iterator[str]:
    bodies = sse_bodies(data)
    added = [each["annotation"] for each in bodies if each["type"] == "response.output_text.annotation.added"]
    ends = {each["type"]: each for each in bodies}
    part = ends["response.content_part.done"]["part"]
    item = ends["response.output_item.done"]["item"]["content"][0]
    last = ends["response.completed"]["response"]["output"][0]["content"][0]
    assert added == part["annotations"] == item["annotations"] == last["annotations"]
    heard = "".join(each["delta"] for each in bodies if each["type"] == "response.output_text.delta")
    assert heard == part["text"]
    return _in_part(part)


# ── Cohere: places in a part of the content; Google: in bytes, and a 0 is left out ─────────────────────────────────


def _cohere_citations() -> list[dict[str, Any]]:
    return [
        {"start": a, "end": b, "text": SAID[a:b], "type": "TEXT_CONTENT", "content_index": 0, "sources": []}
        for a, b in SPANS
    ]


def _cohere_stream() -> bytes:
    *said, end = cohere.block(0, PIECES)
    cited = [
        pair
        for at, each in enumerate(_cohere_citations())
        for pair in (
            cohere.event("citation-start", index=at, delta={"message": {"citations": each}}),
            cohere.event("citation-end", index=at),
        )
    ]
    return sse(cohere.begun(), *said, *cited, end, cohere.ended())


def _in_cohere(body: Mapping[str, Any]) -> Iterator[str]:
    text = body["message"]["content"][0]["text"]
    return (text[each["start"] : each["end"]] for each in body["message"]["citations"])


def _in_cohere_stream(data: bytes) -> Iterator[str]:
    bodies = sse_bodies(data)
    cited = [each["delta"]["message"]["citations"] for each in bodies if each["type"] == "citation-start"]
    content = [
        each["delta"]["message"]["content"] for each in bodies if each["type"] in ("content-start", "content-delta")
    ]
    text = "".join(each["text"] for each in content)
    return (text[each["start"] : each["end"]] for each in cited)


def _grounding() -> dict[str, Any]:
    segments = [{"startIndex": len(SAID[:a].encode()), "endIndex": len(SAID[:b].encode())} for a, b in SPANS]
    segments[0].pop("startIndex")
    cited = [{**each, "uri": "https://x.example/"} for each in segments]
    supports = [{"segment": each, "groundingChunkIndices": [0]} for each in segments]
    return {"groundingMetadata": {"groundingSupports": supports}, "citationMetadata": {"citationSources": cited}}


def _grounded(text: str) -> dict[str, Any]:
    body = dict(gemini.answer({"text": text}))
    body["candidates"] = [{**body["candidates"][0], **_grounding()}]
    return body


def _in_gemini(body: Mapping[str, Any]) -> Iterator[str]:
    [candidate] = body["candidates"]
    text = "".join(each["text"] for each in candidate["content"]["parts"]).encode()
    places = [each["segment"] for each in candidate["groundingMetadata"]["groundingSupports"]]
    also = candidate["citationMetadata"]["citationSources"]
    assert [(p["startIndex"], p["endIndex"]) for p in places] == [(c["startIndex"], c["endIndex"]) for c in also]
    return (text[each["startIndex"] : each["endIndex"]].decode() for each in places)


def _in_gemini_stream(data: bytes) -> Iterator[str]:
    bodies = sse_bodies(data)
    [cited] = [c for body in bodies for c in body["candidates"] if "groundingMetadata" in c]
    content = {"parts": [{"text": gemini.words(bodies)}]}
    return _in_gemini({"candidates": [{**cited, "content": content}]})


FORMS = (
    Form(
        "openai.chat",
        openai_chat._answer({"content": SAID, "annotations": _url_citations()}),
        _chat_stream(),
        _in_message,
        _in_chat_stream,
    ),
    Form(
        "openai.responses",
        openai_responses.response([_item()]),
        _responses_stream(),
        _in_response,
        _in_response_stream,
    ),
    Form(
        "cohere.chat",
        cohere.answer({"content": [{"type": "text", "text": SAID}], "citations": _cohere_citations()}),
        _cohere_stream(),
        _in_cohere,
        _in_cohere_stream,
    ),
    Form(
        "gemini.generate",
        _grounded(SAID),
        sse(*gemini.chunks([*PIECES[:-1], "x"])[:-1], _grounded(PIECES[-1])),
        _in_gemini,
        _in_gemini_stream,
    ),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.specimen)
def test_fld_14_citations_count_through_the_answer_that_is_read(house: House, form: Form) -> None:
    """Our notice stands before its words, and the caller's own numbers are back in them; whole and streamed."""
    specimen = SPECIMENS[form.specimen]
    with house.siege() as s:
        wanted = [each.replace("[OTHER_ID_1]", s.canary) for each in PASSAGES]
        s.reply(answer(form.whole))
        told = s.ask(form.specimen, f"Was ist für {s.canary} im Regal?")
        assert list(form.read(told.json())) == wanted, told.body.decode()
        s.reply(streamed(specimen, form.stream))
        told = s.ask(form.specimen, f"Was ist für {s.canary} im Regal?", stream=True)
        assert list(form.read_stream(told.body)) == wanted, told.body.decode()


# ── Anthropic and Amazon: places in a document of the request ──────────────────────────────────────────────────────


def test_fld_14_citations_count_through_the_document_that_the_client_sent(house: House) -> None:
    """The model read placeholders, so it counted through another text; a second document is not mixed up with it.

    What the client says of places in an earlier answer is counted back for the model: these numbers leave otherwise.
    """
    with house.siege(without=["I3"]) as s:
        # In words that no model takes for a name, whatever number the canary has.
        mine = f"Bed 5: {s.canary}, born 💊.\nfood: {s.canary} eats no nuts, not one."
        theirs = mine.replace(s.canary, "[OTHER_ID_1]")
        passage = "[OTHER_ID_1] eats no nuts"
        start = theirs.index(passage)
        place = (start, start + len(passage))

        cite = {"type": "char_location", "cited_text": passage, "document_index": 1, "document_title": None,
                "start_char_index": place[0], "end_char_index": place[1]}  # fmt: skip
        documents = [
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": each}}
            for each in ("Besuch um drei.", mine)
        ]
        question = {
            **anthropic_messages.question(""),
            "messages": [{"role": "user", "content": [*documents, {"type": "text", "text": "Was isst sie nicht?"}]}],
        }
        s.reply(answer(anthropic_messages.message({"type": "text", "text": "Keine Nüsse.", "citations": [cite]})))
        whole = s.ask("anthropic.messages", question).json()["content"][0]["citations"][0]
        delta = {"type": "citations_delta", "citation": cite}
        begun = {"type": "text", "text": "", "citations": []}
        block = anthropic_messages.block(0, begun, {"type": "text_delta", "text": "Keine Nüsse."}, delta)
        events = sse(anthropic_messages.begin(), *block, *anthropic_messages.end())
        s.reply(streamed(SPECIMENS["anthropic.messages"], events))
        told = s.ask("anthropic.messages", {**question, "stream": True}, stream=True)
        [piece] = [c for each in sse_bodies(told.body) if (c := each.get("delta", {}).get("citation"))]
        for each in (whole, piece):
            said = mine[each["start_char_index"] : each["end_char_index"]]
            assert said == each["cited_text"] == passage.replace("[OTHER_ID_1]", s.canary), each

        again = {"role": "assistant", "content": [{"type": "text", "text": "Keine Nüsse.", "citations": [whole]}]}
        more = {"role": "user", "content": "Sicher?"}
        s.reply(answer(anthropic_messages.answer("Ja.")))
        assert s.ask("anthropic.messages", {**question, "messages": [*question["messages"], again, more]}).status == 200
        [back] = json.loads(s.sent[-1].body)["messages"][1]["content"][0]["citations"]
        assert (back["start_char_index"], back["end_char_index"], back["cited_text"]) == (*place, passage)

        location = {"documentChar": {"documentIndex": 1, "start": place[0], "end": place[1]}}
        source = {"title": "a", "sourceContent": [{"text": passage}], "location": location}
        documents = [{"document": {"format": "txt", "name": f"d{at}", "source": {"text": each}}}
                     for at, each in enumerate(("Besuch um drei.", mine))]  # fmt: skip
        question = {"messages": [{"role": "user", "content": [*documents, {"text": "Was isst sie nicht?"}]}]}
        cited = {"citationsContent": {"content": [{"text": "Keine Nüsse."}], "citations": [source]}}
        s.reply(answer(bedrock_converse.answer(cited)))
        converse = SPECIMENS["bedrock.converse"]
        body = s.ask("bedrock.converse", question).json()
        [block_] = [each for each in body["output"]["message"]["content"] if "citationsContent" in each]
        whole = block_["citationsContent"]["citations"][0]["location"]["documentChar"]
        told_events = bedrock_converse.frames(
            bedrock_converse.begin(), *bedrock_converse.block(0, {"text": "Keine Nüsse."}, {"citation": source}),
            *bedrock_converse.end(),
        )  # fmt: skip
        s.reply(streamed(converse, told_events))
        buffer = EventStreamBuffer()
        buffer.add_data(s.ask("bedrock.converse", question, stream=True).body)
        [piece] = [c for each in buffer if (c := json.loads(each.payload).get("delta", {}).get("citation"))]
        for each in (whole, piece["location"]["documentChar"]):
            assert mine[each["start"] : each["end"]] == passage.replace("[OTHER_ID_1]", s.canary), each
