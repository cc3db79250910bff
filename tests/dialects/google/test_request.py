"""Requests: what is asked, in whose voice, in which of Google's two spellings; and what is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from guardrail.dialects.base import Ask
from guardrail.dialects.google.dialect import GeminiCountTokens, GeminiEmbed, GeminiGenerate
from guardrail.dialects.google.request import NO_SIGNATURE, GeminiRequest
from guardrail.dialects.media import MediaRules
from guardrail.dialects.settings import Settings
from guardrail.errors import ClientError, PayloadTooLarge, UnreadablePayload
from guardrail.text import Kind, Role

DIALECT = GeminiGenerate()
SIGNATURE = base64.b64encode(bytes(range(100, 220))).decode()


def read(body: Any, dialect: Any = DIALECT) -> GeminiRequest:
    found = dialect.read_request(json.dumps(body).encode(), Ask({"model": "gemini-2.5-flash-001"}))
    assert isinstance(found, GeminiRequest)
    return found


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def model(*parts: Any) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def told(body: Any) -> list[tuple[str, str, Role, Kind]]:
    return [(s.address, s.text, s.role, s.kind) for s in read(body).segments()][1:]


CALL = {"functionCall": {"id": "c1", "name": "find_visits", "args": {"patient": "Jane"}}}
RESULT = {"functionResponse": {"id": "c1", "name": "find_visits", "response": {"note": "Seen by Dr. Roe today."}}}


def test_who_says_what() -> None:
    """System, user, model and tools; what a tool says is a value, whoever hands it over."""
    body = {
        "systemInstruction": {"parts": [{"text": "Be kind."}]},
        "contents": [user({"text": "Hi there."}), model(CALL), user(RESULT)],
    }

    assert told(body) == [
        ("/systemInstruction/parts/0/text", "Be kind.", Role.SYSTEM, Kind.PROSE),
        ("/contents/0/parts/0/text", "Hi there.", Role.USER, Kind.PROSE),
        ("/contents/1/parts/0/functionCall/id", "c1", Role.ASSISTANT, Kind.TOKEN),
        ("/contents/1/parts/0/functionCall/name", "find_visits", Role.ASSISTANT, Kind.FIXED),
        ("/contents/1/parts/0/functionCall/args/*0:key", "patient", Role.ASSISTANT, Kind.FIXED),
        ("/contents/1/parts/0/functionCall/args/*0", "Jane", Role.ASSISTANT, Kind.DATA),
        ("/contents/2/parts/0/functionResponse/id", "c1", Role.TOOL, Kind.TOKEN),
        ("/contents/2/parts/0/functionResponse/name", "find_visits", Role.TOOL, Kind.FIXED),
        ("/contents/2/parts/0/functionResponse/response/*0:key", "note", Role.TOOL, Kind.FIXED),
        ("/contents/2/parts/0/functionResponse/response/*0", "Seen by Dr. Roe today.", Role.TOOL, Kind.DATA),
    ]


def test_one_object_may_stand_for_a_list_and_a_role_may_be_missing() -> None:
    """Google's own examples are written so."""
    body = {"system_instruction": {"parts": {"text": "Be kind."}}, "contents": {"parts": {"text": "Hi."}}}

    assert told(body) == [
        ("/system_instruction/parts/text", "Be kind.", Role.SYSTEM, Kind.PROSE),
        ("/contents/parts/text", "Hi.", Role.USER, Kind.PROSE),
    ]
    assert read(body).turn == ["/contents/parts/text"]


def test_the_other_spelling_is_the_same_field() -> None:
    """`generation_config.response_mime_type` asks for JSON too, and a file is a file."""
    image = {"inline_data": {"mime_type": "text/plain", "data": base64.b64encode(b"Jane Roe").decode()}}
    found = read({"contents": [user(image)], "generation_config": {"response_mime_type": "application/json"}})

    assert found.structured
    assert [s.text for s in found.segments()][1:] == ["text/plain", "Jane Roe"]


@pytest.mark.parametrize(
    "body",
    [
        {"systemInstruction": {"parts": [{"text": "a"}]}, "system_instruction": {"parts": [{"text": "b"}]}},
        {"contents": [user({"inlineData": {"data": ""}, "inline_data": {"data": ""}})]},
        {"contents": [user({"functionResponse": {"parts": [{"fileData": {}, "file_data": {}}]}})]},
        {"generationConfig": {"topP": 1, "top_p": 0}},
        {"tools": [{"functionDeclarations": [], "function_declarations": []}]},
        {"tools": {"functionDeclarations": {"parameters": {"properties": {"x": {"anyOf": [], "any_of": []}}}}}},
    ],
)
def test_two_spellings_of_one_field_are_two_readings(body: Any) -> None:
    """Which one counts would depend on who reads."""
    with pytest.raises(UnreadablePayload) as caught:
        read({"contents": [user({"text": "Hi."})], **body})

    assert (caught.value.code, caught.value.http_status) == ("duplicate_field", 422)


def test_keys_that_are_data_may_look_alike() -> None:
    """Nobody takes two arguments of a tool, or two labels, for one."""
    args = {"functionCall": {"name": "f", "args": {"topP": "a", "top_p": "b"}}}
    schema = {"type": "OBJECT", "properties": {"fileUri": {"type": "STRING"}, "file_uri": {"type": "STRING"}}}
    tools = [{"functionDeclarations": [{"name": "f", "parameters": schema}]}]

    read({"contents": [user({"text": "Hi."}), model(args)], "tools": tools, "labels": {"topP": "a", "top_p": "b"}})


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"hologram": {"text": "Jane"}}, "unknown_part"),
        ({"functionResponse": {"parts": [{"hologram": 1}]}}, "unknown_part"),
        ({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(b"\x89PNG\r\n\x1a\n1").decode()}},
         "uninspected_part"),
        ({"inlineData": {"mimeType": "image/png", "data": "no base64!"}}, "invalid_base64"),
        ({"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}}, "uninspected_part"),
        ({"fileData": {"fileUri": "gs://bucket/jane.jpg"}}, "uninspected_part"),
        ({"audioTranscription": {"text": "Hi", "words": [{"word": "Jane"}]}}, "uninspected_part"),
        ("Jane", "invalid_type"),
        ({"text": ["Jane"]}, "invalid_type"),
        ({"text": "x", "thoughtSignature": base64.b64encode(b"Jane Roe, born 1941, MRN 20417745 " * 3).decode()},
         "invalid_value"),
        ({"text": "x", "thoughtSignature": "SSN-219-09-9998-" * 5}, "invalid_value"),
    ],
)  # fmt: skip
def test_what_can_not_be_inspected_is_refused(part: Any, code: str) -> None:
    """With the field, never with what stands in it."""
    with pytest.raises(ClientError) as caught:
        read({"contents": [user(part)]})

    assert (caught.value.code, caught.value.http_status) == (code, 422)
    assert "Jane" not in f"{caught.value.message} {caught.value.param}"
    assert str(caught.value.param).startswith("contents[0].parts[0]")


@pytest.mark.parametrize("name", ["continuationToken", "continuation_token"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_token_that_is_no_seal_is_refused(name: str, whole: bool) -> None:
    """Also in a whole request that is to be counted."""
    body = {"contents": [user({"text": "Hi."})], name: base64.b64encode(b"Jane Roe, born 1941, " * 4).decode()}

    with pytest.raises(ClientError) as caught:
        read({"generateContentRequest": body} if whole else body, GeminiCountTokens())

    assert caught.value.code == "invalid_value"


@pytest.mark.parametrize(
    "body",
    [
        {"generationConfig": {"responseModalities": ["IMAGE"]}},
        {"generationConfig": {"speechConfig": {"languageCode": "en"}}},
        {"tools": [{"mcpServers": [{"name": "x"}]}]},
        {"tools": [{"retrieval": {"externalApi": {"endpoint": "https://x.example.org"}}}]},
        {"toolConfig": {"retrievalConfig": {"latLng": {"latitude": 52.5, "longitude": 13.4}}}},
        {"outputConfig": {"outputUriPrefix": "gs://bucket/"}},
    ],
)
def test_what_goes_elsewhere_is_refused(body: Any) -> None:
    """Other media, other servers, and where somebody is."""
    with pytest.raises(UnreadablePayload) as caught:
        read({"contents": [user({"text": "Hi."})], **body})

    assert caught.value.code == "uninspected_part"


def test_files_pass_where_the_policy_releases_them() -> None:
    """By media type, and by host."""
    media = MediaRules(released=("image/png",), hosts=("storage.example.org",))
    png = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(b"\x89PNG\r\n\x1a\n1").decode()}}
    link = {"fileData": {"fileUri": "https://storage.example.org/x.png", "mimeType": "image/png"}}

    assert read({"contents": [user(png, link)]}, GeminiGenerate(Settings(media=media))).released == (
        "image/png",
        "link",
    )


def test_what_the_provider_keeps_is_named() -> None:
    """The exchange lets pass what was made through it."""
    body = {"contents": [user({"text": "Hi."})], "cachedContent": "cachedContents/abc",
            "tools": [{"fileSearch": {"fileSearchStoreNames": ["fileSearchStores/x"]}}]}  # fmt: skip

    assert [(r.kind, r.name) for r in read(body).references] == [
        ("cache", "cachedContents/abc"),
        ("data_store", "fileSearchStores/x"),
    ]


def test_the_turn_is_what_the_user_said_last() -> None:
    """Results of tools don't end it, words of the model do."""
    first, second = user({"text": "First."}), user({"text": "Second."})

    assert read({"contents": [first, model({"text": "Yes."}), second]}).turn == ["/contents/2/parts/0/text"]
    assert read({"contents": [first, second]}).turn == ["/contents/0/parts/0/text", "/contents/1/parts/0/text"]
    assert read({"contents": [first, model(CALL), user(RESULT)]}).turn == ["/contents/0/parts/0/text"]
    assert read({"contents": [first, model(CALL), {"role": "function", "parts": [RESULT]}]}).turn == [
        "/contents/0/parts/0/text"
    ]


@pytest.mark.parametrize(
    ("config", "structured"),
    [
        ({}, False),
        ({"responseMimeType": "text/plain"}, False),
        ({"responseMimeType": "application/json"}, True),
        ({"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["a"]}}, True),
        ({"responseSchema": {"type": "OBJECT"}}, True),
        ({"responseJsonSchema": {"type": "object"}}, True),
        ({"response_json_schema": {"type": "object"}}, True),
        ({"responseFormat": [{"text": {"mimeType": "application/json"}}]}, True),
    ],
)
def test_when_the_answer_is_for_a_program(config: Any, structured: bool) -> None:
    """Then no words of ours may stand in it."""
    assert read({"contents": [user({"text": "Hi."})], "generationConfig": config}).structured is structured


@pytest.mark.parametrize("name", ["thoughtSignature", "thought_signature"])
def test_a_signature_stays_with_words_that_are_as_the_model_wrote_them(name: str) -> None:
    """It is taken off a part in which anything was replaced; a call then says so, for it needs one."""
    call = {**CALL, name: SIGNATURE}
    body = {"contents": [user({"text": "Hi."}), model({"text": "Jane.", name: SIGNATURE}, call)]}
    kept, cut = read(body), read(body)
    cut.replace("/contents/1/parts/0/text", "[NAME_1].")
    cut.replace("/contents/1/parts/1/functionCall/args/*0", "[NAME_1]")

    assert json.loads(kept.to_bytes()) == body
    assert [part[name] for part in json.loads(cut.to_bytes())["contents"][1]["parts"]] == [None, NO_SIGNATURE]


@pytest.mark.parametrize("signature", ["Jane Roe, 1941", "AQIDBAUG/w==", NO_SIGNATURE])
def test_what_is_too_short_for_a_signature_is_inspected(signature: str) -> None:
    """A name is valid base64."""
    found = read({"contents": [user({"text": "Hi."}), model({"text": "x", "thoughtSignature": signature})]})

    assert signature in [segment.text for segment in found.segments()]


def test_nothing_is_kept_at_the_provider() -> None:
    """`store` is taken back, unless the policy allows it."""
    body = {"contents": [user({"text": "Hi."})], "store": True}

    assert json.loads(read(body).to_bytes())["store"] is False
    assert json.loads(read(body, GeminiGenerate(Settings(keep_at_provider=True))).to_bytes())["store"] is True


def test_the_path_names_the_model_and_says_whether_to_stream() -> None:
    """Nothing in the body does."""
    body = {"contents": [user({"text": "Hi."})]}

    assert (read(body).model, read(body).stream) == ("gemini-2.5-flash-001", False)
    assert read(body, GeminiGenerate(streams=True)).stream is True


def test_too_many_contents() -> None:
    """Cheap to see."""
    with pytest.raises(PayloadTooLarge):
        read({"contents": [user({"text": "Hi."})] * 3}, GeminiGenerate(Settings(max_messages=2)))


@pytest.mark.parametrize("dialect", [DIALECT, GeminiCountTokens(), GeminiEmbed(), GeminiEmbed(predict=True)])
def test_a_request_that_asks_nothing_is_refused(dialect: Any) -> None:
    """Where something is missing."""
    with pytest.raises(UnreadablePayload) as caught:
        read({}, dialect)

    assert caught.value.code == "missing_field"


def test_texts_to_be_embedded_are_inspected() -> None:
    """In all three ways to send them."""
    content = {"parts": [{"text": "Jane has asthma."}]}
    many = {"requests": [{"model": "models/m", "content": content, "taskType": "RETRIEVAL_QUERY"}] * 2}
    older = {"instances": [{"content": "Jane has asthma.", "task_type": "RETRIEVAL_QUERY"}], "parameters": {}}

    for body, dialect, count in (
        ({"content": content}, GeminiEmbed(), 1),
        (many, GeminiEmbed(), 2),
        (older, GeminiEmbed(predict=True), 1),
    ):
        assert [s.text for s in read(body, dialect).segments()].count("Jane has asthma.") == count


def test_vertex_models_for_pictures_are_refused() -> None:
    """`predict` serves them too, with a prompt in another place."""
    with pytest.raises(UnreadablePayload):
        read({"instances": [{"prompt": "Jane"}]}, GeminiEmbed(predict=True))
