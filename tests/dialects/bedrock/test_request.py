"""Requests: whose turn it is, what is signed, what is left out, and what nobody may send."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from guardrail.errors import ClientError, PayloadTooLarge
from guardrail.text import Kind, Role
from tests.dialects.bedrock.shapes import seal
from tests.dialects.bedrock.talk import ask, read
from tests.specimens.bedrock_converse import question

PROMPT = "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aprompt%2FABCDEFGHIJ%3A1"


def conversation(*messages: tuple[str, Any]) -> dict[str, Any]:
    """Messages by role; a text stands for a block of it."""
    made = [(role, [{"text": content}] if isinstance(content, str) else content) for role, content in messages]
    return {"messages": [{"role": role, "content": content} for role, content in made]}


def thought(text: str, signature: str | None = None) -> dict[str, Any]:
    signed = {} if signature is None else {"signature": signature}
    return {"reasoningContent": {"reasoningText": {"text": text, **signed}}}


def segment(body: Any, text: str) -> Any:
    return next(each for each in read(body).segments() if text in each.text)


def refused(body: Any, **more: Any) -> str:
    with pytest.raises(ClientError) as caught:
        read(body, **more)
    assert "Jane" not in caught.value.message
    return caught.value.code


def test_a_plain_request_is_its_model_and_its_words() -> None:
    """Nothing else holds any."""
    assert [(each.address, each.text) for each in ask("hi").segments()] == [
        ("/model (path)", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ("/messages/0/content/0/text", "hi"),
    ]
    assert ask().model == "anthropic.claude-3-5-sonnet-20241022-v2:0"


def test_the_turn_is_the_last_run_of_a_users_words() -> None:
    """Results of tools don't end it, words of the assistant before it do."""
    call = [{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}]
    result = [{"toolResult": {"toolUseId": "t", "content": [{"text": "r"}]}}]
    body = conversation(("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", call), ("user", result))
    assert list(read(body).turn) == ["/messages/2/content/0/text"]
    assert list(read(conversation(("user", "a"), ("user", "b"))).turn) == [
        f"/messages/{number}/content/0/text" for number in (0, 1)
    ]


def test_words_that_are_filled_into_a_prompt_of_amazons_are_the_turn() -> None:
    """A prompt that is kept needs no messages; anything else does."""
    told = read({"promptVariables": {"name": {"text": "Jane Roe"}}}, PROMPT)
    (said,) = (each for each in told.segments() if each.text == "Jane Roe")
    assert (said.role, said.kind, list(told.turn)) == (Role.USER, Kind.PROSE, [said.address])
    assert refused({"promptVariables": {}}) == "missing_field"


def test_results_of_tools_are_values() -> None:
    """Text in them is read as JSON."""
    content = [{"json": {"name": "Jane"}}, {"text": '{"mrn": "20417745"}'}]
    body = conversation(("user", "a"), ("user", [{"toolResult": {"toolUseId": "t", "content": content}}]))
    for text in ("Jane", "20417745"):
        assert (segment(body, text).role, segment(body, text).kind) == (Role.TOOL, Kind.DATA)


def test_signed_reasoning_cannot_be_rewritten_and_unsigned_can() -> None:
    """A signature covers it."""
    signed = conversation(("user", "a"), ("assistant", [thought("Jane", seal()), {"text": "b"}]))
    plain = conversation(("user", "a"), ("assistant", [thought("Jane"), {"text": "b"}]))
    assert segment(signed, "Jane").kind is Kind.FIXED
    assert segment(plain, "Jane").kind is Kind.DATA


def test_reasoning_whose_signature_was_taken_away_is_left_out() -> None:
    """Bedrock would refuse it; a message that has nothing else goes too."""
    body = conversation(
        ("user", "a"),
        ("assistant", [thought("Jane", ""), {"text": "b é"}, {"text": "c"}]),
        ("user", "d"),
        ("assistant", [thought("Jane", "")]),
    )
    document = read(body)
    assert not any("Jane" in each.text for each in document.segments())
    body["messages"].pop()
    body["messages"][1]["content"].pop(0)
    assert json.loads(document.to_bytes()) == body


def test_what_was_only_a_text_of_ours_is_left_out_of_the_history() -> None:
    """Bedrock takes no empty texts."""
    document = read(conversation(("user", "a"), ("assistant", [{"text": "notice"}, {"text": "b"}]), ("user", "c")))
    document.replace("/messages/1/content/0/text", "")
    assert json.loads(document.to_bytes())["messages"][1]["content"] == [{"text": "b"}]
    document.replace("/messages/1/content/0/text", "x")
    assert json.loads(document.to_bytes())["messages"][1]["content"] == [{"text": "x"}, {"text": "b"}]


@pytest.mark.parametrize(
    "text", ["Jane Roe, MRN 20417745. " * 4, base64.b64encode(b"Jane Roe, born 1941. " * 9).decode()]
)
def test_a_text_in_the_clothes_of_a_seal_is_refused(text: str) -> None:
    """Also in base64 twice, as blobs are."""
    dressed = base64.b64encode(text.encode()).decode()
    for block in (thought("x", dressed), {"reasoningContent": {"redactedContent": dressed}}):
        assert refused(conversation(("user", "a"), ("assistant", [block]))) == "invalid_value"


@pytest.mark.parametrize("dressed", ["SSN-219-09-9998-" * 5, base64.b64encode(b"SSN-219-09-9998-" * 5).decode()])
def test_words_in_the_signs_of_a_seal_are_refused(dressed: str) -> None:
    """As they stand, and in base64 once more."""
    for block in (thought("x", dressed), {"reasoningContent": {"redactedContent": dressed}}):
        assert refused(conversation(("user", "a"), ("assistant", [block]))) == "invalid_value"


def test_a_seal_in_base64_once_more_is_one() -> None:
    """Bedrock's blobs of what Anthropic wrote in base64."""
    block = {"reasoningContent": {"redactedContent": base64.b64encode(seal().encode()).decode()}}
    assert read(conversation(("user", "a"), ("assistant", [block])))


@pytest.mark.parametrize("kind", ["image", "document", "video"])
def test_what_is_kept_at_amazons_is_refused(kind: str) -> None:
    """Nobody can look into it here."""
    formats = {"image": "png", "document": "txt", "video": "mp4"}
    part = {kind: {"format": formats[kind], "name": "x", "source": {"s3Location": {"uri": "s3://a-bucket/jane"}}}}
    assert refused(conversation(("user", [part]))) == "uninspected_part"
    inside = {"toolResult": {"toolUseId": "t", "content": [part]}}
    assert refused(conversation(("user", [inside]))) == "uninspected_part"


def test_the_names_of_documents_and_metadata_keep_to_bedrocks_letters() -> None:
    """Neither takes brackets with underscores."""
    document = {"document": {"format": "txt", "name": "Jane Roe", "source": {"text": "x"}}}
    told = read({**conversation(("user", [document])), "requestMetadata": {"ward": "Jane Roe"}})
    told.replace("/messages/0/content/0/document/name", "[NAME_1]")
    assert b'"name": "[NAME-1]"' in told.to_bytes()
    assert next(each for each in told.segments() if each.address.startswith("/requestMetadata")).kind in (
        Kind.TOKEN,
        Kind.FIXED,
    )


def test_a_schema_in_a_string_is_read_as_one() -> None:
    """Its words are inspected, its keywords are not."""
    schema = {"type": "object", "properties": {"floor": {"type": "string", "description": "Where Jane is"}}}
    wanted = {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema), "name": "floor"}}}
    document = ask(outputConfig={"textFormat": wanted})
    assert document.structured
    assert any(each.text == "Where Jane is" for each in document.segments())
    assert not any(each.text == "object" for each in document.segments())


def test_the_rest_of_the_bytes_stays() -> None:
    """Spaces, numbers, the order of keys."""
    body = (
        b'{ "inferenceConfig": {"temperature": 0.50, "maxTokens": 9 }, "messages": [ {"content": [{"text": "Jane"}], '
    )
    from tests.dialects.bedrock.talk import ASK, DIALECT

    document = DIALECT.read_request(body + b'"role": "user"} ] }', ASK)
    document.replace("/messages/0/content/0/text", "[NAME_1]")
    assert document.to_bytes() == (body + b'"role": "user"} ] }').replace(b"Jane", b"[NAME_1]")


def test_too_many_messages() -> None:
    """The policy's limit."""
    with pytest.raises(PayloadTooLarge):
        read(conversation(*[("user", "x")] * 2_001))


def test_numbers_that_steer_pass_and_others_are_looked_at() -> None:
    """A model's own settings may be anything."""
    more = {"thinking": {"type": "enabled", "budget_tokens": 2048}, "top_k": 250, "mrn": 20417745}
    texts = [each.text for each in read(question("x", additionalModelRequestFields=more)).segments()]
    assert "20417745" in texts
    assert "2048" not in texts
