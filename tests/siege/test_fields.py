"""FLD-*: a patient's number in every field in which something could be written, of requests and of answers."""

from __future__ import annotations

import base64
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest

from tests.dialects.anthropic.talk import seal
from tests.dialects.openai.responses.talk import BLOB
from tests.matrix.conftest import streamed
from tests.siege.house import SPECIMENS, House, Siege
from tests.specimens.base import sse
from tests.specimens.openai_chat import heard
from tests.specimens.openai_responses import message, response
from tests.support.fake_upstream import Answer, Received, answer

_PLACEHOLDER = re.compile(r"(?<![A-Z_])OTHER_ID_\d+")


def planted(value: Any, s: Siege) -> Any:
    """A copy in which each `$` is a canary of its own."""
    if isinstance(value, Mapping):
        return {planted(key, s): planted(each, s) for key, each in value.items()}
    if isinstance(value, list):
        return [planted(each, s) for each in value]
    while isinstance(value, str) and "$" in value:
        value = value.replace("$", s.another(), 1)
    return value


def all_back(house: House, name: str, body: Mapping[str, Any]) -> None:
    """Every canary is replaced by a placeholder of its own; the answer repeats these, and every value comes back."""
    specimen = SPECIMENS[name]
    with house.siege() as s:
        question = planted(body, s)
        mine = s.canaries[1:]

        def repeat(request: Received) -> Answer:
            told = dict.fromkeys(_PLACEHOLDER.findall(request.body.decode()))
            return answer(specimen.answer("I read " + " and ".join(f"[{each}]" for each in told) + "."))

        s.reply(repeat)
        told = s.ask(specimen, question)
        assert (told.status, len(s.sent)) == (200, 1), told
        read = json.dumps(told.json(), ensure_ascii=False)
        assert [each for each in mine if each not in read] == []


def refused(house: House, name: str, *bodies: Mapping[str, Any]) -> None:
    """The client's error each time; nothing upstream."""
    with house.siege() as s:
        for body in bodies:
            told = s.ask(name, planted(body, s))
            assert 400 <= told.status < 500, (body, told)
            assert s.sent == [], body


def never_seen(house: House, name: str, *bodies: Mapping[str, Any]) -> None:
    """Replaced, or refused: the siege's oracles see to it that no value is anywhere."""
    specimen = SPECIMENS[name]
    with house.siege() as s:
        for body in bodies:
            s.reply(answer(specimen.answer("Hello.")))
            told = s.ask(specimen, planted(body, s))
            assert told.status == 200 or 400 <= told.status < 500, (body, told)


def _base64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


# ── requests ───────────────────────────────────────────────────────────────────────────────────────────────────

SCHEMA = {
    "type": "object",
    "title": "of $",
    "description": "for $",
    "properties": {"a": {"type": "string", "description": "like $", "enum": ["$", "none"], "default": "$"}},
}
FUNCTION = {"name": "find_bed", "description": "finds a bed for $", "parameters": SCHEMA}
CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "find_bed", "arguments": '{"who":"$","n":[{"a":"$"}]}'},
}
TEXT = {"type": "text", "text": "I am $"}
USER = {"role": "user", "content": "Where is $?"}
MCP = {"type": "url", "url": "https://mcp.example/sse", "name": "beds"}


def chat(*messages: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": list(messages), **more}


def test_fld_01_every_string_of_a_chat(house: House) -> None:
    """All roles, contents as string and as parts, names, refusals, calls of functions and tools."""
    body = chat(
        {"role": "system", "content": "You help $."},
        {"role": "developer", "content": [{"type": "text", "text": "Help $."}]},
        {"role": "user", "name": "$", "content": [TEXT, {"type": "text", "text": "not $"}]},
        {"role": "assistant", "name": "$", "content": [TEXT, {"type": "refusal", "refusal": "not for $"}]},
        {"role": "assistant", "content": "Yes, $.", "refusal": "Not $."},
        {"role": "assistant", "content": None, "function_call": {"name": "find_bed", "arguments": '{"who":"$"}'}},
        {"role": "function", "name": "find_bed", "content": "$ is in bed 3"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": '{"bed":"$"}'}]},
        USER,
    )  # fmt: skip
    all_back(house, "openai.chat", body)


def test_fld_01_what_can_not_be_rewritten_is_refused(house: House) -> None:
    """Names of functions, roles, kinds and keys; ids of calls may be replaced."""
    messages: list[Any] = [
        {"role": "assistant", "content": None, "audio": {"id": "$"}},
        {"role": "assistant", "content": "Yes.", "audio": {"id": "audio_1", "transcript": "$"}},
        {"role": "assistant", "content": None, "tool_calls": [{**CALL, "function": {"name": "$", "arguments": "{}"}}]},
        {"role": "$", "content": "Hi."},
        {"role": "user", "content": [{"type": "$", "text": "Hi."}]},
        {"role": "user", "content": "Hi.", "$": 1},
    ]
    refused(house, "openai.chat", *(chat(each, USER) for each in messages))
    ids: list[Any] = [
        {"role": "assistant", "content": None, "tool_calls": [{**CALL, "id": "$"}]},
        {"role": "tool", "tool_call_id": "$", "content": "bed 3"},
    ]
    never_seen(house, "openai.chat", *(chat(each, USER) for each in ids))


def test_fld_02_every_string_beside_a_chat(house: House) -> None:
    """Whose request it is, what is cached, predicted, demanded of the form, and offered as tools."""
    body = chat(
        USER,
        user="$",
        safety_identifier="$",
        prompt_cache_key="$",
        metadata={"case": "of $"},
        stop=["until $"],
        prediction={"type": "content", "content": [{"type": "text", "text": "It is $."}]},
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "bed", "description": "a bed for $", "schema": SCHEMA},
        },
        tools=[{"type": "function", "function": FUNCTION}],
        web_search_options={"user_location": {"type": "approximate", "approximate": {"city": "near $"}}},
    )
    all_back(house, "openai.chat", body)


def test_fld_02_keys_and_names_are_refused(house: House) -> None:
    more: list[Any] = [
        {"logit_bias": {"$": 1}},
        {"metadata": {"$": "x"}},
        {"tools": [{"type": "function", "function": {**FUNCTION, "name": "$"}}]},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "$", "schema": {}}}},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"properties": {"$": {}}}}}},
        {"model": "$"},
        {"reasoning_effort": "$"},
    ]
    refused(house, "openai.chat", *(chat(USER, **each) for each in more))


def test_fld_03_every_string_of_a_response(house: House) -> None:
    """Instructions, items of every kind, metadata."""
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "I am $."}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "$", "annotations": []}]},
        {"type": "function_call", "call_id": "call_1", "name": "find_bed", "arguments": '{"who":"$"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": '{"bed":"for $"}'},
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "about $"}]},
        {
            "role": "user",
            "content": [{"type": "input_file", "filename": "$.txt", "file_data": "data:text/plain,hello"}],
        },
    ]
    body = {"model": "gpt-5", "instructions": "Help $.", "input": items, "metadata": {"case": "$"}, "user": "$"}
    all_back(house, "openai.responses", body)


def test_fld_03_what_nobody_can_inspect_is_refused(house: House) -> None:
    picture = "data:image/png;base64,aWQ="
    screen = {"type": "computer_screenshot", "image_url": picture}
    more: list[Any] = [
        {"previous_response_id": "$"},
        {"include": ["$"]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": picture}]}]},
        {"input": [{"type": "computer_call_output", "call_id": "c", "output": screen}]},
        {"input": [{"type": "item_reference", "id": "$"}]},
        {"input": [{"type": "$", "text": "x"}]},
    ]
    refused(house, "openai.responses", *({"model": "gpt-5", "input": "Where is $?", **each} for each in more))


def test_fld_03_variables_of_prompts_and_items_of_servers(house: House) -> None:
    """Replaced, or refused with what is kept elsewhere."""
    never_seen(
        house,
        "openai.responses",
        {"model": "gpt-5", "input": "Hi.", "prompt": {"id": "pmpt_1", "variables": {"name": "$"}}},
        {
            "model": "gpt-5",
            "input": [
                {
                    "type": "mcp_call",
                    "id": "m",
                    "server_label": "s",
                    "name": "find_bed",
                    "arguments": '{"who":"$"}',
                    "output": "$",
                }
            ],
        },
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("openai.completions", {"model": "m", "prompt": "Where is $?", "suffix": " and $", "echo": True, "user": "$"}),
        ("openai.completions", {"model": "m", "prompt": ["Where is $?", "And $?"], "stop": ["$"]}),
    ],
)
def test_fld_04_prompts(house: House, name: str, body: Mapping[str, Any]) -> None:
    all_back(house, name, body)


@pytest.mark.parametrize("given", ["of $", ["of $", "and of $"]])
def test_fld_04_texts_of_which_vectors_are_made(house: House, given: Any) -> None:
    with house.siege() as s:
        vectors = [{"object": "embedding", "index": 0, "embedding": [0.1]}]
        s.reply(
            answer({"object": "list", "data": vectors, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}})
        )
        told = s.ask("openai.embeddings", planted({"model": "m", "input": given, "user": "$"}, s))
        assert (told.status, len(s.sent)) == (200, 1)


def test_fld_05_every_string_of_anthropics_messages(house: House) -> None:
    """System as blocks, text, calls of tools and their results, documents, thinking, metadata, tools, stops."""
    document = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "Letter about $"},
        "title": "of $",
        "context": "sent by $",
    }
    search = {
        "type": "search_result",
        "source": "ward list",
        "title": "about $",
        "content": [{"type": "text", "text": "$ is in bed 3"}],
    }
    body = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 50,
        "system": [{"type": "text", "text": "You help $."}],
        "metadata": {"user_id": "$"},
        "stop_sequences": ["until $"],
        "tools": [{"name": "find_bed", "description": "for $", "input_schema": SCHEMA}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "I am $."}, document, search]},
            {"role": "assistant", "content": [
                {"type": "text", "text": "Yes, $."},
                {"type": "tool_use", "id": "toolu_1", "name": "find_bed", "input": {"who": "$", "n": [{"a": "$"}]}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": [
                {"type": "text", "text": "$ is in bed 3"}]}]},
        ],
    }  # fmt: skip
    all_back(house, "anthropic.messages", body)


def test_fld_05_what_can_not_be_rewritten_is_refused(house: House) -> None:
    """A thought that is signed may not be changed, so it may not hold anybody's data."""

    def body(block: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        turns = [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": [block]}]
        return {"model": "m", "max_tokens": 5, "messages": [*turns, {"role": "user", "content": "Go."}], **more}

    refused(
        house,
        "anthropic.messages",
        body({"type": "thinking", "thinking": "about $", "signature": "c2lnbmF0dXJl"}),
        body({"type": "redacted_thinking", "data": "$"}),
        body({"type": "$", "text": "x"}),
        body({"type": "tool_use", "id": "toolu_1", "name": "$", "input": {}}),
        body({"type": "tool_use", "id": "toolu_1", "name": "find_bed", "input": {"$": 1}}),
        *(
            body({"type": "text", "text": "Yes."}, mcp_servers=[{**MCP, **each}])
            for each in ({"url": "https://mcp.example/$"}, {"name": "$"}, {"authorization_token": "$"})
        ),
    )
    never_seen(house, "anthropic.messages", body({"type": "tool_use", "id": "$", "name": "find_bed", "input": {}}))


def test_fld_06_every_string_of_gemini(house: House) -> None:
    """Instructions, texts, calls and results of functions, code and what it printed, tools, labels, the schema."""
    body = {
        "systemInstruction": {"parts": [{"text": "You help $."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "I am $."}]},
            {"role": "model", "parts": [
                {"text": "Yes, $."},
                {"executableCode": {"language": "PYTHON", "code": "print('$')"}},
                {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "$"}},
                {"functionCall": {"name": "find_bed", "args": {"who": "$", "n": [{"a": "$"}]}}}]},
            {"role": "user", "parts": [
                {"functionResponse": {"name": "find_bed", "response": {"bed": "for $"}}},
                {"inlineData": {"mimeType": "text/plain", "data": _base64("hello")}}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "find_bed", "description": "for $", "parameters": {
            "type": "OBJECT", "properties": {"a": {"type": "STRING", "description": "like $"}}}}]}],
        "generationConfig": {"stopSequences": ["until $"], "responseMimeType": "application/json", "responseSchema": {
            "type": "OBJECT", "description": "of $", "properties": {"a": {"type": "STRING", "enum": ["$"]}}}},
    }  # fmt: skip
    all_back(house, "gemini.generate", body)


def test_fld_06_what_nobody_can_inspect_is_refused(house: House) -> None:
    def part(value: Mapping[str, Any]) -> dict[str, Any]:
        return {"contents": [{"role": "user", "parts": [value]}]}

    text = part({"text": "Where is $?"})
    refused(
        house,
        "gemini.generate",
        {**text, "cachedContent": "cachedContents/$"},
        {**text, "labels": {"$": "x"}},
        part({"fileData": {"fileUri": "https://x.example/$", "mimeType": "text/plain"}}),
        part({"inlineData": {"mimeType": "image/png", "data": "aWQ="}}),
        part({"functionCall": {"name": "$", "args": {}}}),
    )
    never_seen(house, "gemini.generate", {**text, "labels": {"case": "$"}})


def test_fld_07_every_string_of_bedrocks_converse(house: House) -> None:
    body = {
        "system": [{"text": "You help $."}],
        "messages": [
            {"role": "user", "content": [{"text": "I am $."}]},
            {"role": "assistant", "content": [
                {"text": "Yes, $."},
                {"toolUse": {"toolUseId": "t1", "name": "find_bed", "input": {"who": "$", "n": [{"a": "$"}]}}}]},
            {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [
                {"text": "$ is in bed 3"}, {"json": {"bed": "for $"}}]}}]},
        ],
        "toolConfig": {"tools": [{"toolSpec": {
            "name": "find_bed", "description": "for $", "inputSchema": {"json": SCHEMA}}}]},
        "inferenceConfig": {"stopSequences": ["until $"]},
        "additionalModelRequestFields": {"note": "about $"},
    }  # fmt: skip
    all_back(house, "bedrock.converse", body)


def test_fld_07_what_stands_beside_a_conversation(house: House) -> None:
    base = SPECIMENS["bedrock.converse"].question("Hi.")
    beside = ({"requestMetadata": {"case": "$"}}, {"promptVariables": {"who": {"text": "$"}}})
    never_seen(house, "bedrock.converse", *({**base, **each} for each in beside))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bedrock.invoke", {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "system": "For $.",
                            "messages": [{"role": "user", "content": "I am $."}]}),
        ("bedrock.invoke llama", {"prompt": "I am $."}),
        ("bedrock.invoke titan", {"inputText": "I am $.", "textGenerationConfig": {"stopSequences": ["$"]}}),
        ("bedrock.invoke nova", {"system": [{"text": "For $."}],
                                 "messages": [{"role": "user", "content": [{"text": "$"}]}]}),
    ],
)  # fmt: skip
def test_fld_07_raw_bodies_of_models(house: House, name: str, body: Mapping[str, Any]) -> None:
    all_back(house, name, body)


def test_fld_08_every_string_of_ollamas_chat(house: House) -> None:
    body = {
        "model": "m",
        "stream": False,
        "messages": [
            {"role": "system", "content": "You help $."},
            {"role": "user", "content": "I am $."},
            {"role": "assistant", "content": "", "tool_calls": [
                {"function": {"name": "find_bed", "arguments": {"who": "$", "n": [{"a": "$"}]}}}]},
            {"role": "tool", "tool_name": "find_bed", "content": "$ is in bed 3"},
        ],
        "tools": [{"type": "function", "function": FUNCTION}],
        "format": SCHEMA,
    }  # fmt: skip
    all_back(house, "ollama.chat", body)


def test_fld_08_every_string_of_ollamas_generate(house: House) -> None:
    body = {
        "model": "m",
        "stream": False,
        "prompt": "I am $.",
        "system": "Help $.",
        "suffix": "and $",
        "format": SCHEMA,
    }
    all_back(house, "ollama.generate", body)


def test_fld_08_what_nobody_can_inspect_is_refused(house: House) -> None:
    hi = {"model": "m", "prompt": "Hi.", "stream": False}
    never_seen(house, "ollama.generate", {**hi, "template": "{{ .Prompt }} $"}, {**hi, "format": "$"})
    refused(house, "ollama.generate", {**hi, "context": [1, 2, 3]}, {**hi, "images": ["aWQ="]})
    picture = {"role": "user", "content": "Hi.", "images": ["aWQ="]}
    refused(house, "ollama.chat", {"model": "m", "stream": False, "messages": [picture]})


def test_fld_08_texts_of_which_vectors_are_made(house: House) -> None:
    with house.siege() as s:
        s.reply(answer(SPECIMENS["ollama.embed"].answer("")))
        told = s.ask("ollama.embed", planted({"model": "m", "input": ["I am $.", "not $"]}, s))
        assert (told.status, len(s.sent)) == (200, 1)


# ── files ──────────────────────────────────────────────────────────────────────────────────────────────────────


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of one dot, with these chunks before its dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = (1).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    parts = ((b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in parts)


def jpeg(comment: str) -> bytes:
    """The head of a photograph whose EXIF block says this."""
    exif = b"Exif\0\0MM\0*" + comment.encode()
    return b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + b"\xff\xd9"


def dicom(name: str) -> bytes:
    """(0010,0010), the patient's name, in a file of a scanner."""
    return bytes(128) + b"DICM\x10\x00\x10\x00PN" + len(name).to_bytes(2, "little") + name.encode()


def archive(words: str) -> bytes:
    """A zip, which a Word document is, too."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as whole:
        whole.writestr("word/document.xml", f"<w:t>{words}</w:t>")
    return held.getvalue()


def pdf(words: str, title: str = "x", author: str = "y") -> bytes:
    """One page of text, with what a printer writes of it."""
    page = f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /Author ({author}) >>".encode(),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + table + end


def chat_with_file(kind: str, data: str, name: str = "a.bin") -> dict[str, Any]:
    file = {"filename": name, "file_data": f"data:{kind};base64,{data}"}
    return chat({"role": "user", "content": [{"type": "text", "text": "Look."}, {"type": "file", "file": file}]})


def chat_with_picture(kind: str, data: str) -> dict[str, Any]:
    url = {"url": f"data:{kind};base64,{data}"}
    return chat({"role": "user", "content": [{"type": "image_url", "image_url": url}]})


def test_fld_09_fld_10_files_that_nobody_can_look_into_are_refused(house: House) -> None:
    """Pictures, scans, sound, archives, whatever they are called; with what stands in their metadata."""
    with house.siege() as s:
        word = s.canary
        files = [
            ("image/png", png()),
            ("image/png", png((b"tEXt", b"Comment\0" + word.encode()))),
            ("image/png", png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + word.encode()))),
            ("image/jpeg", jpeg(word)),
            ("application/dicom", dicom(word)),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", archive(word)),
            ("application/zip", archive(word)),
            ("audio/wav", b"RIFF\x24\0\0\0WAVEfmt " + word.encode()),
            ("application/pdf", pdf(f"Letter about {word}")),
            ("application/pdf", pdf("Hello.", title=word)),
            ("application/pdf", pdf("Hello.", author=word)),
            ("text/csv", png((b"tEXt", b"Comment\0" + word.encode()))),  # called what it is not
            ("text/plain", dicom(word)),
            ("image/png", f"name,mrn\nAda,{word}".encode()),
            ("", f"mrn\n{word}".encode()),
        ]
        for kind, data in files:
            for body in (chat_with_file(kind, _base64(data)), chat_with_picture(kind, _base64(data))):
                told = s.ask("openai.chat", body)
                assert (told.status, s.sent) == (422, []), (kind, told)
        heard = {"type": "input_audio", "input_audio": {"data": _base64(b"RIFF"), "format": "wav"}}
        assert s.ask("openai.chat", chat({"role": "user", "content": [heard]})).status == 422
        assert s.sent == []


def test_fld_09_text_in_files_is_read_and_rewritten(house: House) -> None:
    """Inside of its base64, as long as every decoder reads the same."""
    with house.siege(without={"I3"}) as s:  # base64 around other words is other base64
        table = f"name,mrn\nAda,{s.canary}\n"
        texts = [("text/csv", table), ("text/plain", table), ("application/json", json.dumps([{"mrn": s.another()}]))]
        for number, (kind, text) in enumerate(texts, 1):
            s.reply(answer(SPECIMENS["openai.chat"].answer("Read.")))
            assert s.ask("openai.chat", chat_with_file(kind, _base64(text))).status == 200
            file = s.sent[-1].json()["messages"][0]["content"][1]["file"]["file_data"]
            assert "[OTHER_ID_1]" in base64.b64decode(file.partition(",")[2]).decode()
            assert len(s.sent) == number
        odd = _base64(table + "~~~???>>>x")
        for spelled in (
            "\n".join(odd[at : at + 20] for at in range(0, len(odd), 20)),
            odd.replace("+", "-").replace("/", "_"),
            odd.rstrip("="),
            f" {odd}",
            f"!!{odd}",
            f"{odd}====",
        ):
            told = s.ask("openai.chat", chat_with_file("text/csv", spelled))
            assert (told.status, len(s.sent)) == (422, len(texts)) or told.status == 200, (spelled, told)


@pytest.mark.parametrize("name", ["JaneDoe_MRN123.pdf", "Maria Lopez MRN 20417745.pdf", "DOE_JANE_1971-05-12.csv"])
def test_fld_10_a_files_name_is_read(house: House, name: str) -> None:
    with house.siege(without={"I3"}) as s:
        s.reply(answer(SPECIMENS["openai.chat"].answer("Read.")))
        assert s.ask("openai.chat", chat_with_file("text/csv", _base64("a,b\n1,2\n"), name)).status == 200
        file = s.sent[0].json()["messages"][0]["content"][1]["file"]["filename"]
        assert not re.search("jane|doe|maria|lopez|123|2041|1971", file.lower()), file


# ── what is kept elsewhere, and numbers for words ──────────────────────────────────────────────────────────────


def test_fld_11_what_others_stored_is_not_referred_to(house: House) -> None:
    """Ids of files, answers, conversations, caches that this client did not make through the guardrail."""
    file = {"type": "file", "file": {"file_id": "file-abc123"}}
    refused(house, "openai.chat", chat({"role": "user", "content": [file]}))
    stored: list[Any] = [
        {"previous_response_id": "resp_abc"},
        {"conversation": "conv_abc"},
        {"input": [{"type": "item_reference", "id": "msg_abc"}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-x"}]}]},
    ]
    refused(house, "openai.responses", *({"model": "gpt-5", "input": "Hi.", **each} for each in stored))
    text = {"contents": [{"role": "user", "parts": [{"text": "Hi."}]}]}
    uri = {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc", "mimeType": "application/pdf"}
    refused(
        house,
        "gemini.generate",
        {**text, "cachedContent": "cachedContents/abc"},
        {"contents": [{"role": "user", "parts": [{"fileData": uri}]}]},
    )
    document = {"type": "document", "source": {"type": "file", "file_id": "file_x"}}
    messages = [{"role": "user", "content": [document]}]
    refused(house, "anthropic.messages", {"model": "m", "max_tokens": 5, "messages": messages})


def test_fld_12_texts_as_numbers_of_tokens(house: House) -> None:
    tokens = [1024, 318]
    refused(house, "openai.embeddings", *({"model": "m", "input": each} for each in (tokens, [tokens], ["a", tokens])))
    refused(house, "openai.completions", *({"model": "m", "prompt": each} for each in (tokens, [tokens])))
    refused(house, "ollama.generate", {"model": "m", "stream": False, "prompt": "Hi.", "context": tokens})
    refused(house, "ollama.embed", {"model": "m", "input": [tokens]})


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────


def token_of(word: str) -> dict[str, Any]:
    return {"token": word, "logprob": -0.1, "bytes": list(word.encode())}


def test_fld_13_probabilities_spell_nothing(house: House) -> None:
    """Neither the caller's own value nor a stranger's comes as tokens, bytes or alternatives; whole and streamed."""
    with house.siege() as s:
        stranger = s.another()
        spelled = [{**token_of(each), "top_logprobs": [token_of(each)]} for each in ("[OTHER_ID_1]", stranger)]
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": "It is [OTHER_ID_1]."},
            "finish_reason": "stop",
        }
        body = {**SPECIMENS["openai.chat"].answer(""), "choices": [{**choice, "logprobs": {"content": spelled}}]}
        s.reply(answer(body))
        question = chat({"role": "user", "content": f"I am {s.canary}."})
        told = s.ask("openai.chat", question)
        assert told.json()["choices"][0]["logprobs"] is None
        assert stranger.encode() not in told.body

        part = {"index": 0, "delta": {"content": "It is [OTHER_ID_1]."}, "finish_reason": None}
        frames = (
            sse({**CHUNK, "choices": [{**part, "logprobs": {"content": spelled}}]}, CHUNK_END) + b"data: [DONE]\n\n"
        )
        s.reply(streamed(SPECIMENS["openai.chat"], frames))
        told = s.ask("openai.chat", {**question, "stream": True}, stream=True)
        assert stranger.encode() not in told.body
        assert b"bytes" not in told.body
        assert s.canary in heard(told.body)

        candidate = {"content": {"role": "model", "parts": [{"text": "It is [OTHER_ID_1]."}]}, "finishReason": "STOP"}
        chosen = {"chosenCandidates": [{"token": each, "logProbability": -0.1} for each in ("[OTHER_ID_1]", stranger)]}
        s.reply(answer({"candidates": [{**candidate, "logprobsResult": chosen}]}))
        told = s.ask("gemini.generate", f"I am {s.canary}.")
        assert told.status == 200
        assert stranger.encode() not in told.body


CHUNK = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1790000000, "model": "gpt-4o-2026"}
CHUNK_END = {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def test_what_is_no_text_stays_as_it_is(house: House) -> None:
    with house.siege() as s:
        body = {
            **SPECIMENS["openai.chat"].answer("It is [OTHER_ID_1]."),
            "id": "chatcmpl-2041774512345",
            "model": "gpt-4o-2024-08-06",
            "system_fingerprint": "fp_44709d6fcb",
            "usage": {"prompt_tokens": 219099999, "completion_tokens": 5, "total_tokens": 219100004},
        }
        s.reply(answer(body))
        told = s.ask("openai.chat", f"I am {s.canary}.").json()
        same = ("id", "object", "created", "model", "system_fingerprint", "usage")
        assert {key: told[key] for key in same} == {key: body[key] for key in same}
        assert told["choices"][0]["finish_reason"] == "stop"
        assert s.canary in told["choices"][0]["message"]["content"]


def test_fld_15_sealed_thoughts_stay_sealed(house: House) -> None:
    """Byte for byte, there and back; what is signed is not restored, so it can be sent again."""
    with house.siege(without={"I3"}) as s:  # our own notice is taken out of the history again
        thought = {"type": "thinking", "thinking": "About [OTHER_ID_1].", "signature": seal()}
        hidden = {"type": "redacted_thinking", "data": seal("b")}
        answered = {**SPECIMENS["anthropic.messages"].answer("Hello [OTHER_ID_1].")}
        answered["content"] = [thought, hidden, *answered["content"]]
        s.reply(answer(answered))
        asked = {"role": "user", "content": f"I am {s.canary}."}
        body = {"model": "claude-sonnet-5-5", "max_tokens": 5000, "messages": [asked]}
        told = s.ask("anthropic.messages", body).json()
        assert told["content"][:2] == [thought, hidden]
        assert s.canary in told["content"][-1]["text"]

        s.reply(answer(answered))
        again = [asked, {"role": "assistant", "content": told["content"]}, {"role": "user", "content": "And now?"}]
        assert s.ask("anthropic.messages", {**body, "messages": again}).status == 200
        sent = s.sent[-1].json()["messages"]
        assert sent[1]["content"][:2] == [thought, hidden]
        assert sent[0]["content"] == "I am [OTHER_ID_1]."

        secret = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": BLOB}
        s.reply(answer(response([secret, message("Hello [OTHER_ID_1].")])))
        first = {"model": "gpt-5", "input": [asked], "include": ["reasoning.encrypted_content"], "store": False}
        told = s.ask("openai.responses", first).json()
        assert told["output"][0] == secret
        again = [asked, *told["output"], {"role": "user", "content": "And now?"}]
        s.reply(answer(response([message("Yes.")])))
        assert s.ask("openai.responses", {**first, "input": again}).status == 200
        assert s.sent[-1].json()["input"][1] == secret


def test_fld_16_a_conversation_that_is_sent_again_is_the_same_bytes(house: House) -> None:
    """So that the provider's cache is hit; a number says nothing of the value, so nothing links two patients."""
    with house.siege() as s:
        block = {"type": "text", "text": f"I am Ada Quill, {s.canary}.", "cache_control": {"type": "ephemeral"}}
        body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": [block]}]}
        other = {"type": "text", "text": f"I am Ida Brandt, {s.another()}.", "cache_control": {"type": "ephemeral"}}
        s.reply(answer(SPECIMENS["anthropic.messages"].answer("Hello.")))
        for each in (block, block, other):
            question = {**body, "messages": [{"role": "user", "content": [each]}]}
            assert s.ask("anthropic.messages", question).status == 200
        first, second, third = (each.body for each in s.sent)
        assert first == second == third  # of a stranger's, too: one can't be told from the other


def test_fld_17_vectors_pass_as_they_are(house: House) -> None:
    with house.siege() as s:
        vector = ", ".join(f"{number / 3_000:.17f}" for number in range(3_072))
        whole = f'{{"object":"list","data":[{{"object":"embedding","index":0,"embedding":[{vector}]}}],"model":"m",'
        whole += '"usage":{"prompt_tokens":1,"total_tokens":1}}'
        for body in (whole, whole.replace(f"[{vector}]", json.dumps(_base64(bytes(range(256)) * 48)))):
            s.reply(answer(body.encode()))
            told = s.ask("openai.embeddings", {"model": "m", "input": "of a bed", "encoding_format": "base64"})
            assert (told.status, told.body) == (200, body.encode())
