"""Whole answers: what is words, what is under a signature, what is a tool's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from anthropic.types import Message

from guardrail.dialects.anthropic.answer import MessagesAnswer
from guardrail.dialects.anthropic.messages import AnthropicTokens
from guardrail.dialects.tools import PROPOSAL
from guardrail.errors import UpstreamBroken
from guardrail.text import Kind, Role
from tests.dialects.anthropic.talk import DIALECT, ask, seal
from tests.specimens.anthropic_messages import message

SCHEMA = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
TEXT: dict[str, Any] = {"type": "text", "text": "Rest, [NAME_1]."}
THOUGHT: dict[str, Any] = {"type": "thinking", "thinking": "[NAME_1] coughs.", "signature": seal()}
CALL: dict[str, Any] = {
    "type": "tool_use",
    "id": "toolu_1",
    "name": "find",
    "input": {"patient": "[NAME_1]", "n": [1, "two"]},
}
CITED: dict[str, Any] = {"type": "text", "text": "Two agree.", "citations": [
    {"type": "web_search_result_location", "url": "https://who.int", "title": "WHO", "cited_text": "We agree.",
     "encrypted_index": seal()},
    {"type": "char_location", "cited_text": "Me too.", "document_index": 0, "document_title": None,
     "start_char_index": 0, "end_char_index": 7, "file_id": "file_1"},
]}  # fmt: skip
SEARCHED: list[dict[str, Any]] = [
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "flu [NAME_1]"}},
    {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
        {"type": "web_search_result", "title": "Flu", "url": "https://who.int", "encrypted_content": seal()}]},
    {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_2",
     "content": {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}},
]  # fmt: skip
RAN: list[dict[str, Any]] = [
    {"type": "bash_code_execution_tool_result", "tool_use_id": "srvtoolu_3", "content": {
        "type": "bash_code_execution_result", "stdout": "done", "stderr": "", "return_code": 0,
        "content": [{"type": "bash_code_execution_output", "file_id": "file_2"}]}},
    {"type": "web_fetch_tool_result", "tool_use_id": "srvtoolu_4", "content": {
        "type": "web_fetch_result", "url": "https://who.int", "retrieved_at": "2026-05-03T10:00:00Z",
        "content": {"type": "document", "title": "T", "citations": None,
                    "source": {"type": "text", "media_type": "text/plain", "data": "A page."}}}},
]  # fmt: skip
REDACTED: dict[str, Any] = {"type": "redacted_thinking", "data": seal("b")}


def read(*content: Any, **more: Any) -> MessagesAnswer:
    """A whole answer of these blocks, to a small request."""
    body = json.dumps({**message(*content), **more}).encode()
    return DIALECT.read_response(body, ask())


def broken(body: bytes) -> UpstreamBroken:
    with pytest.raises(UpstreamBroken) as caught:
        DIALECT.read_response(body, ask())
    return caught.value


EVERYTHING: tuple[dict[str, Any], ...] = (THOUGHT, REDACTED, TEXT, CITED, *SEARCHED, *RAN, CALL)


def test_an_untouched_answer_comes_back_byte_for_byte() -> None:
    """What needs no change isn't changed."""
    body = json.dumps(message(*EVERYTHING), indent=1).encode()

    assert DIALECT.read_response(body, ask()).to_bytes() == body


def test_the_sdk_reads_an_answer_with_every_string_replaced() -> None:
    """Whatever the rails change, the client's library still understands the answer."""
    document = read(*EVERYTHING)
    for segment in document.segments():
        if segment.kind is not Kind.FIXED:
            document.replace(segment.address, 'new "words"\n')

    parsed = Message.model_validate(json.loads(document.to_bytes()))
    assert [block.type for block in parsed.content] == [block["type"] for block in EVERYTHING]


def test_every_word_is_inspected() -> None:
    """By whose it is; nothing is put back into what is signed or was a tool's of Anthropic's."""
    segments = read(*EVERYTHING).segments()

    assert [(s.kind.value, s.text, s.tool) for s in segments] == [
        ("data", "[NAME_1] coughs.", "?"),
        ("prose", "Rest, [NAME_1].", ""),
        ("prose", "Two agree.", ""),
        ("data", "https://who.int", ""),
        ("data", "WHO", ""),
        ("data", "We agree.", ""),
        ("data", "Me too.", ""),
        ("fixed", "query", "?"),
        ("data", "flu [NAME_1]", "?"),
        ("data", "Flu", ""),
        ("data", "https://who.int", ""),
        ("data", "done", ""),
        ("data", "https://who.int", ""),
        ("data", "T", ""),
        ("data", "A page.", ""),
        ("fixed", "patient", "find"),
        ("data", "[NAME_1]", "find"),
        ("fixed", "n", "find"),
        ("data", "two", "find"),
    ]
    assert {s.role for s in segments[:9]} == {Role.ASSISTANT}
    assert {s.role for s in segments[9:15]} == {Role.TOOL}


def test_the_answer_opens_with_its_first_text() -> None:
    """Notices stand once, before the words that are shown; not in thoughts."""
    empty = {"type": "text", "text": ""}
    prose = [s for s in read(THOUGHT, empty, TEXT, CALL, CITED).segments() if s.kind is Kind.PROSE]

    assert [s.opens for s in prose] == [True, False]
    assert not read(THOUGHT).segments()[0].opens


def test_thoughts_that_change_lose_their_signature() -> None:
    """A pair that doesn't match would be refused when it is sent again; unchanged ones keep theirs."""
    document = read(THOUGHT, {**THOUGHT, "thinking": "Ann coughs."}, TEXT)
    document.replace("/content/0/thinking", "[NAME_1] coughs.")
    document.replace("/content/1/thinking", "[NAME removed] coughs.")
    first, second, _ = json.loads(document.to_bytes())["content"]

    assert first == THOUGHT
    assert second == {**THOUGHT, "thinking": "[NAME removed] coughs.", "signature": ""}


def test_an_answer_without_words_can_be_made_to_speak() -> None:
    """In a block of its own before all others."""
    document = read(THOUGHT, CALL)
    assert document.say("Call 112.")
    content = json.loads(document.to_bytes())["content"]

    assert content == [{"type": "text", "text": "Call 112."}, THOUGHT, CALL]
    assert Message.model_validate(json.loads(document.to_bytes()))


def test_nothing_is_said_in_json() -> None:
    """Structured output has no place for words of ours; its sentences are judged one by one."""
    body = json.dumps(message({"type": "text", "text": '{"advice": "rest for three days"}'})).encode()
    document = DIALECT.read_response(body, ask(output_config=SCHEMA))

    assert not document.say("Call 112.")
    assert [(s.text, s.kind.value, s.opens) for s in document.segments()][1:] == [
        ("rest for three days", "prose", False)
    ]


def test_notices_beside_the_words() -> None:
    """As a member that the SDK shows as an extra one."""
    document = read(CALL)
    document.note({"text": "A machine."})

    parsed = Message.model_validate(json.loads(document.to_bytes()))
    assert (parsed.model_extra or {})["guardrail"] == {"text": "A machine."}


def test_a_call_becomes_a_proposal() -> None:
    """In the shape of a call, so that the application sees it."""
    document = read(CALL)
    (use,) = document.tool_uses
    document.propose(use, PROPOSAL, lambda own: {"status": "refused", "proposed_arguments": own})
    (block,) = json.loads(document.to_bytes())["content"]

    assert (block["name"], block["id"]) == (PROPOSAL, "toolu_1")
    assert block["input"] == {"status": "refused", "proposed_arguments": CALL["input"]}


def test_a_tool_that_has_run_is_no_call_to_hold_back() -> None:
    """It has run at Anthropic's, with placeholders."""
    assert read(*SEARCHED).tool_uses == []


def test_what_the_provider_keeps_is_told() -> None:
    """Message, container and files may be named in a later request."""
    container = {"id": "container_1", "expires_at": "2026-05-03T10:00:00Z", "skills": None}

    assert list(read(*RAN, {"type": "container_upload", "file_id": "file_3"}, container=container).keeps) == [
        ("message", "msg_01XFDUDYJgAACzvnptvVoYEL"),
        ("container", "container_1"),
        ("file", "file_2"),
        ("file", "file_3"),
    ]


def test_why_it_ended_is_inspected() -> None:
    """The stop sequence is the client's own, the explanation the provider's."""
    details = {"type": "refusal", "category": "bio", "explanation": "About Ann Lee."}
    document = read(TEXT, stop_reason="refusal", stop_sequence="[NAME_2]", stop_details=details)

    assert [(s.text, s.kind.value, s.opens) for s in document.segments()][1:] == [
        ("[NAME_2]", "data", True),
        ("About Ann Lee.", "prose", False),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>502</html>", "unreadable_answer"),
        (b'{"type": "error", "error": {"message": "Ann"}}', "missing_field"),
        (json.dumps(message("Ann")).encode(), "invalid_type"),  # type: ignore[arg-type]
        (json.dumps(message({"type": "hologram", "data": "Ann"})).encode(), "unknown_part"),
        (json.dumps(message({"type": "mcp_tool_result", "content": "Ann"})).encode(), "uninspected_part"),
        (json.dumps(message({**CALL, "name": "Ann Lee"})).encode(), "invalid_value"),
        (json.dumps(message({**THOUGHT, "signature": "Ann Lee"})).encode(), "invalid_value"),
        (json.dumps({**message(TEXT), "model": "Ann Lee"}).encode(), "invalid_value"),
        (json.dumps({**message(), "content": None}).encode(), "missing_field"),
    ],
)
def test_an_answer_that_cant_be_read_is_the_providers_fault(body: bytes, code: str) -> None:
    """Nothing that wasn't understood reaches the client."""
    error = broken(body)

    assert error.code == code
    assert "Ann" not in error.message


def test_what_no_row_names_is_foreign() -> None:
    """Inspected, and no real value is put into it."""
    (found,) = [s for s in read({**TEXT, "output": "[NAME_2]"}).segments() if s.text == "[NAME_2]"]

    assert (found.tool, found.opens) == ("?", False)


def test_a_count_is_a_number() -> None:
    """Nothing else is expected."""
    dialect, request = AnthropicTokens(), ask()
    body = b'{"input_tokens": 12}'

    assert dialect.read_response(body, request).to_bytes() == body
    with pytest.raises(UpstreamBroken):
        dialect.read_response(b'{"input_tokens": "Ann"}', request)
    with pytest.raises(NotImplementedError):
        dialect.answer(request, "x")
