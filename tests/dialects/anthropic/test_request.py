"""Requests: who speaks, what is asked, what is under a seal, and what doesn't leave."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from guardrail.dialects.anthropic.messages import AnthropicMessages, AnthropicTokens
from guardrail.dialects.media import MediaRules
from guardrail.dialects.settings import Settings
from guardrail.errors import ClientError, PayloadTooLarge
from guardrail.text import Kind, Role
from tests.dialects.anthropic.talk import ask, read, seal
from tests.specimens.anthropic_messages import question

THOUGHT = {"type": "thinking", "thinking": "[PATIENT_1] coughs.", "signature": seal()}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "find", "input": {"patient": "[NAME_1]", "age": 41}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Ann Lee, seen on Monday"}

NO_SEAL = base64.b64encode(b"Ann Lee, MRN 20417745.\n" * 3).decode()


def talk(*messages: tuple[str, Any], **more: Any) -> Any:
    return {**question(""), "messages": [{"role": role, "content": content} for role, content in messages], **more}


def refused(body: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        read(body)
    return caught.value


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def test_an_untouched_request_goes_on_byte_for_byte() -> None:
    """What needs no change isn't changed."""
    body = b'{"model" : "m", "max_tokens":1.0e2,\n "messages":[{"role":"user","content":"caf\\u00e9"}]}'

    assert AnthropicMessages().read_request(body).to_bytes() == body


def test_everybody_speaks_in_his_own_role() -> None:
    """The model's words, a tool's and the user's are told apart; a tool says values."""
    body = talk(
        ("user", "Who?"),
        ("assistant", [THOUGHT, text("I look."), CALL]),
        ("user", [RESULT, text("And?")]),
        system=[text("Be kind.")],
    )

    assert [(s.role, s.kind, s.text, s.tool) for s in read(body).segments() if s.kind is not Kind.TOKEN][1:] == [
        (Role.USER, Kind.PROSE, "Who?", ""),
        (Role.ASSISTANT, Kind.FIXED, "[PATIENT_1] coughs.", "?"),
        (Role.ASSISTANT, Kind.PROSE, "I look.", ""),
        (Role.ASSISTANT, Kind.FIXED, "find", "find"),
        (Role.ASSISTANT, Kind.FIXED, "patient", "find"),
        (Role.ASSISTANT, Kind.DATA, "[NAME_1]", "find"),
        (Role.ASSISTANT, Kind.FIXED, "age", "find"),
        (Role.ASSISTANT, Kind.DATA, "41", "find"),
        (Role.TOOL, Kind.DATA, "Ann Lee, seen on Monday", ""),
        (Role.USER, Kind.PROSE, "And?", ""),
        (Role.SYSTEM, Kind.PROSE, "Be kind.", ""),
    ]


@pytest.mark.parametrize(
    ("messages", "turn"),
    [
        ([("user", "a")], ["a"]),
        ([("user", "a"), ("assistant", "b"), ("user", "c")], ["c"]),
        ([("user", "a"), ("user", [text("b"), text("c")])], ["a", "b", "c"]),
        ([("user", "a"), ("assistant", [CALL]), ("user", [RESULT])], ["a"]),
        ([("user", "a"), ("assistant", [CALL]), ("user", [RESULT, text("b")])], ["b"]),
        ([("user", "a"), ("assistant", "The answer is (")], ["a"]),
        ([("user", "a"), ("assistant", "b"), ("system", "c"), ("user", "d")], ["d"]),
        ([("assistant", "b")], []),
    ],
)
def test_the_turn_is_what_the_user_said_last(messages: Any, turn: list[str]) -> None:
    """Results of tools stand between a question and its answer."""
    request = read(talk(*messages))

    assert [s.text for s in request.segments() if s.address in request.turn] == turn


def test_json_in_a_tools_result_is_read() -> None:
    """Values in it are inspected one by one."""
    inner = json.dumps({"patient": "Ann Lee"})
    result = {**RESULT, "content": [text(inner)]}
    texts = [s.text for s in read(talk(("user", [result]))).segments()]

    assert texts[-2:] == ["patient", "Ann Lee"]


@pytest.mark.parametrize(
    ("more", "structured"),
    [
        ({}, False),
        ({"output_config": {"effort": "low"}}, False),
        ({"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}}, True),
        ({"output_format": {"type": "json_schema", "schema": {"type": "object"}}}, True),
    ],
)
def test_a_request_may_ask_for_json(more: Any, structured: bool) -> None:
    """Then nothing is written into the answer."""
    assert ask(**more).structured is structured


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
         "uninspected_part"),
        ({"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}}, "uninspected_part"),
        ({"type": "document", "source": {"type": "url", "url": "https://example.org/a.pdf"}}, "uninspected_part"),
        ({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
         "uninspected_part"),
        ({"type": "mcp_tool_use", "id": "m", "name": "f", "server_name": "s", "input": {}}, "uninspected_part"),
        ({"type": "compaction", "content": "Ann"}, "uninspected_part"),
        ({"type": "hologram", "data": "Ann"}, "unknown_part"),
        ({"text": "Ann"}, "unknown_part"),
        ("Ann", "invalid_type"),
        (None, "missing_field"),
        ({"type": "thinking", "thinking": "Hm.", "signature": "Ann Lee"}, "invalid_value"),
        ({"type": "thinking", "thinking": "Hm.", "signature": NO_SEAL},
         "invalid_value"),
        ({"type": "redacted_thinking", "data": NO_SEAL},
         "invalid_value"),
        ({"type": "thinking", "thinking": "Hm.", "signature": "SSN-219-09-9998-" * 5}, "invalid_value"),
        ({"type": "redacted_thinking", "data": "SSN-219-09-9998-" * 5}, "invalid_value"),
        ({"type": "redacted_thinking"}, "missing_field"),
        ({"type": "tool_result", "tool_use_id": "t", "content": [{"type": "video"}]}, "unknown_part"),
    ],
)  # fmt: skip
def test_what_cant_be_inspected_is_refused(block: Any, code: str) -> None:
    """With the field, never with its value."""
    error = refused(talk(("user", [block])))

    assert (error.code, error.http_status) == (code, 422)
    assert "Ann" not in f"{error.message} {error.param}"
    assert (error.param or "").startswith("messages[0].content[0]")


@pytest.mark.parametrize("index", [NO_SEAL, "SSN-219-09-9998-" * 5])
def test_a_citation_in_a_system_prompt_is_sealed_or_refused(index: str) -> None:
    """As it is in a message."""
    cited = {"type": "web_search_result_location", "cited_text": "a", "encrypted_index": index}
    error = refused(talk(("user", "Hi."), system=[{**text("b"), "citations": [cited]}]))

    assert (error.code, error.param) == ("invalid_value", "system[0].citations[0].encrypted_index")


@pytest.mark.parametrize(
    ("more", "code", "param"),
    [
        ({"mcp_servers": [{"type": "url", "name": "n", "url": "https://mcp.example.org", "authorization_token": "t"}]},
         "uninspected_part", "mcp_servers"),
        ({"tools": [{"type": "mcp_toolset", "mcp_server_name": "n"}]}, "uninspected_part", "tools[0].type"),
        ({"tools": [{"type": "web_search_20991231", "name": "web_search"}]}, "unknown_tool", "tools[0].type"),
        ({"thread": {"type": "create"}}, "uninspected_part", "thread.type"),
        ({"compaction": {"type": "summarize"}}, "uninspected_part", "compaction"),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, "uninspected_part",
         "context_management.edits[0].type"),
        ({"max_tokens": None}, "missing_field", "max_tokens"),
        ({"tool_choice": {"type": "Ann"}}, "invalid_value", "tool_choice.type"),
        ({"service_tier": "Ann"}, "invalid_value", "service_tier"),
        ({"messages": [{"role": "doctor", "content": "a"}]}, "unknown_role", "messages[0].role"),
    ],
)  # fmt: skip
def test_settings_that_lead_elsewhere_are_refused(more: Any, code: str, param: str) -> None:
    """Other people's servers, conversations kept at the provider, summaries under a seal, and words nobody knows."""
    error = refused(question("hi", **more))

    assert (error.code, error.param) == (code, param)


def test_what_the_provider_keeps_is_a_reference() -> None:
    """Nothing of it leaves before somebody has looked up whose it is."""
    file = {"type": "file", "file_id": "file_011CNha8iCJcU1wXNR6q4V8w"}
    body = talk(
        ("user", [{"type": "document", "source": file}, {"type": "container_upload", "file_id": "file_2"}]),
        container={"id": "container_1", "skills": [{"type": "anthropic", "skill_id": "pptx", "version": "latest"}]},
        diagnostics={"previous_message_id": "msg_1"},
    )

    assert [(each.kind, each.name) for each in read(body).references] == [
        ("file", "file_011CNha8iCJcU1wXNR6q4V8w"),
        ("file", "file_2"),
        ("container", "container_1"),
        ("message", "msg_1"),
    ]


def test_text_files_are_read_and_written() -> None:
    """Also inside a tool's result; a picture passes if the policy says so."""
    picture = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(b"\x89PNG\r\n\x1a\n..").decode()}
    plain = {"type": "text", "media_type": "text/plain", "data": "Ann Lee coughs."}
    parts = [{"type": "image", "source": picture}, {"type": "document", "source": plain, "title": "Chart"}]
    dialect = AnthropicMessages(Settings(media=MediaRules(released=("image/*",))))
    request = dialect.read_request(json.dumps(talk(("user", [{**RESULT, "content": parts}]))).encode())

    assert request.released == ("image/png",)
    assert [s.text for s in request.segments() if "/source" in s.address] == ["Ann Lee coughs."]
    request.replace("/messages/0/content/0/content/1/source/data", "[NAME_1] coughs.")
    assert b"Ann" not in request.to_bytes()


def test_links_are_held_to_the_policys_hosts() -> None:
    """And inspected as text."""
    dialect = AnthropicMessages(Settings(media=MediaRules(hosts=("files.hospital.org",))))
    source = {"type": "url", "url": "https://files.hospital.org/a.png"}
    request = dialect.read_request(json.dumps(talk(("user", [{"type": "image", "source": source}]))).encode())

    assert [s.text for s in request.segments()][-1] == "https://files.hospital.org/a.png"


def test_words_of_the_web_are_values() -> None:
    """What Anthropic's own tools found comes back with its seal, and is no talk."""
    found = {"type": "web_search_result", "title": "Ann Lee's page", "url": "https://example.org",
             "encrypted_content": seal(), "page_age": "3 days"}  # fmt: skip
    block = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [found]}
    call = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "[NAME_1]"}}
    segments = read(talk(("assistant", [call, block]))).segments()

    assert [(s.text, s.role, s.tool) for s in segments if s.kind is Kind.DATA] == [
        ("[NAME_1]", Role.ASSISTANT, "?"),
        ("Ann Lee's page", Role.TOOL, ""),
        ("https://example.org", Role.TOOL, ""),
        ("3 days", Role.TOOL, ""),
    ]


def test_tools_are_described_in_words_that_are_inspected() -> None:
    """Names and keys can't be rewritten."""
    schema = {"type": "object", "properties": {"patient": {"type": "string", "description": "as in the chart"}}}
    tools = [
        {"name": "find", "description": "Finds.", "input_schema": schema, "input_examples": [{"patient": "Ann"}]},
        {"type": "web_search_20250305", "name": "web_search", "allowed_domains": ["who.int"],
         "user_location": {"type": "approximate", "city": "Lisbon"}},
        {"type": "computer_toolset_20260801", "configs": {"zoom": {"enabled": False}}},
    ]  # fmt: skip
    segments = ask(tools=tools).segments()

    assert [(s.text, s.kind.value) for s in segments if s.address.startswith("/tools")] == [
        ("find", "fixed"),
        ("Finds.", "data"),
        ("patient", "fixed"),
        ("as in the chart", "data"),
        ("patient", "fixed"),
        ("Ann", "data"),
        ("web_search", "fixed"),
        ("who.int", "data"),
        ("Lisbon", "data"),
        ("zoom", "fixed"),
    ]


# ---- what doesn't leave


def left(request: Any) -> list[Any]:
    return [(each["role"], each["content"]) for each in json.loads(request.to_bytes())["messages"]]


@pytest.mark.parametrize("signature", [{"signature": ""}, {}])
def test_thinking_without_a_signature_stays_here(signature: Any) -> None:
    """Anthropic would refuse the conversation; what was changed in an answer has lost its signature."""
    unsigned = {"type": "thinking", "thinking": "Ann [NAME removed]", **signature}
    request = read(talk(("user", "a"), ("assistant", [unsigned, THOUGHT, text("b")]), ("user", "c")))

    assert left(request) == [("user", "a"), ("assistant", [THOUGHT, text("b")]), ("user", "c")]
    assert "Ann [NAME removed]" not in [s.text for s in request.segments()]


OURS = "A machine wrote this."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([text(OURS), text("b")], [text("b")]),
        ([text("b"), text(OURS)], [text("b")]),
        ([text(OURS), text("b"), text(OURS), text(OURS), CALL, text(OURS)], [text("b"), CALL]),
        ([text(OURS), {"type": "thinking", "thinking": "Hm.", "signature": ""}, THOUGHT], [THOUGHT]),
        ([text(OURS)], None),
        ([text(OURS), {"type": "thinking", "thinking": "Hm.", "signature": ""}], None),
        (OURS, None),
    ],
)
def test_what_was_nothing_but_ours_stays_here(content: Any, expected: Any) -> None:
    """An empty block would be refused; an empty message too."""
    request = read(talk(("user", "a"), ("assistant", content), ("user", "c")))
    for segment in request.segments():
        if segment.text == OURS:
            request.replace(segment.address, " ")

    middle = [] if expected is None else [("assistant", expected)]
    assert left(request) == [("user", "a"), *middle, ("user", "c")]


def test_an_empty_text_of_a_user_is_the_users() -> None:
    """Only our own words are ours to leave out."""
    request = read(talk(("user", [text("a"), text("b")])))
    request.replace("/messages/0/content/0/text", "")

    assert left(request) == [("user", [text(""), text("b")])]


def test_the_bytes_around_what_stays_are_kept() -> None:
    """Nothing but the block goes, and one comma."""
    body = (
        b'{"model":"m","max_tokens":1.0e2,"messages":[ {"role":"assistant","content":[ {"type":"thinking",'
        b'"thinking":"x","signature":""} , {"type":"text","text":"b"} ]} ]}'
    )

    assert AnthropicMessages().read_request(body).to_bytes() == (
        b'{"model":"m","max_tokens":1.0e2,"messages":[ {"role":"assistant","content":[ {"type":"text","text":"b"} ]} ]}'
    )


def test_counting_needs_no_limit() -> None:
    """The same conversation, and nothing is generated."""
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}

    assert AnthropicTokens().read_request(json.dumps(body).encode()).model == "m"
    assert AnthropicTokens().read_request(json.dumps({**body, "stream": True}).encode()).references == ()


def test_messages_are_counted() -> None:
    """The policy's limit holds."""
    with pytest.raises(PayloadTooLarge):
        AnthropicMessages(Settings(max_messages=1)).read_request(
            json.dumps(talk(("user", "a"), ("assistant", "b"))).encode()
        )
