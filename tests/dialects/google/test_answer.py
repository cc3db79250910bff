"""Whole answers: what opens one, what is put into a tool, what spells the words again, and how one is made to speak."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from google.genai import types

from guardrail.dialects.google.answer import GeminiAnswer
from guardrail.dialects.google.dialect import GeminiCountTokens, GeminiEmbed, GeminiGenerate
from guardrail.dialects.settings import DEFAULTS, Logprobs, Settings
from guardrail.errors import UpstreamBroken
from guardrail.text import Kind
from tests.specimens.gemini import answer

HELLO: Any = {"contents": [{"parts": [{"text": "hello"}]}]}
SIGNATURE = base64.b64encode(bytes(range(100, 220))).decode()


def read(body: Any, settings: Settings = DEFAULTS, **config: Any) -> GeminiAnswer:
    dialect = GeminiGenerate(settings)
    request = dialect.read_request(json.dumps({**HELLO, "generationConfig": config}).encode())
    return dialect.read_response(json.dumps(body).encode(), request)


def written(document: GeminiAnswer) -> Any:
    body = json.loads(document.to_bytes())
    types.GenerateContentResponse.model_validate({key: value for key, value in body.items() if key != "guardrail"})
    return body


def test_the_first_words_that_are_no_thought_open_the_answer() -> None:
    """Our notice goes before what the reader sees, once for each candidate."""
    parts = ({"text": "Hm.", "thought": True, "thoughtSignature": SIGNATURE}, {"text": "Rest."}, {"text": "Drink."})
    body = answer(*parts)
    body = {**body, "candidates": [*body["candidates"], *answer({"text": "Sleep."}, index=1)["candidates"]]}

    assert [(s.text, s.opens) for s in read(body).segments()] == [
        ("Hm.", False),
        ("Rest.", True),
        ("Drink.", False),
        ("Sleep.", True),
    ]
    assert written(read(body)) == body


def test_arguments_are_the_tools_own() -> None:
    """Real values go only into tools that the policy names; the names of arguments are the model's too."""
    call = {"functionCall": {"name": "find_visits", "args": {"patient": "[NAME_1]"}}}
    found = read(answer(call))

    assert [(s.text, s.tool, s.kind) for s in found.segments()] == [
        ("patient", "find_visits", Kind.FIXED),
        ("[NAME_1]", "find_visits", Kind.DATA),
    ]
    assert [use.tool for use in found.tool_uses] == ["find_visits"]
    found.propose(found.tool_uses[0], "refused", lambda own: {"own": own})
    assert written(found)["candidates"][0]["content"]["parts"] == [
        {"functionCall": {"name": "refused", "args": {"own": {"patient": "[NAME_1]"}}}}
    ]


def test_a_tool_that_has_run_at_the_providers_gets_nothing_back() -> None:
    """Neither search nor maps may see who it was about, and there is nothing left to hold back."""
    found = read(answer({"toolCall": {"toolType": "GOOGLE_MAPS", "args": {"place": "[PLACE_1]"}}}))

    assert {s.tool for s in found.segments()} == {"?"}
    assert found.tool_uses == []


def test_structured_answers_are_read_as_json_and_never_opened() -> None:
    """One that is none is not begun with words of ours either."""
    found = read(
        answer({"text": '{"name": "[NAME_1]", "advice": "You should rest now."}'}), responseMimeType="application/json"
    )

    assert [(s.text, s.kind, s.opens) for s in found.segments() if s.kind is not Kind.FIXED] == [
        ("[NAME_1]", Kind.DATA, False),
        ("You should rest now.", Kind.PROSE, False),
    ]
    assert [s.opens for s in read(answer({"text": "none"}), responseMimeType="text/x.enum").segments()] == [False]


LOGPROBS = {"chosenCandidates": [{"token": "Rest", "logProbability": -0.1}],
            "topCandidates": [{"candidates": [{"token": "Jane", "logProbability": -0.2}]}]}  # fmt: skip


def with_candidate(**more: Any) -> Any:
    body = answer({"text": "Rest."})
    return {**body, "candidates": [{**body["candidates"][0], **more}]}


def test_log_probabilities_spell_the_words_again() -> None:
    """Dropped, or kept without alternatives where no word was changed."""
    body = with_candidate(logprobsResult=LOGPROBS)
    keeping = Settings(logprobs=Logprobs.KEEP_UNCHANGED)
    changed = read(body, keeping)
    changed.replace("/candidates/0/content/parts/0/text", "Sleep.")

    assert written(read(body))["candidates"][0]["logprobsResult"] is None
    assert written(read(body, keeping))["candidates"][0]["logprobsResult"] == {**LOGPROBS, "topCandidates": []}
    assert written(changed)["candidates"][0]["logprobsResult"] is None


def test_what_was_searched_for_is_inspected() -> None:
    """Queries, sources, and what they say of the answer; not the blob that spells the queries again."""
    grounding = {
        "webSearchQueries": ["asthma"],
        "searchEntryPoint": {"renderedContent": "<b>asthma</b>", "sdkBlob": "W10="},
        "groundingChunks": [{"web": {"uri": "https://x.example.org", "title": "About asthma"}}],
        "groundingSupports": [
            {"segment": {"startIndex": 0, "endIndex": 5, "text": "Rest."}, "groundingChunkIndices": [0]}
        ],
    }
    found = read(with_candidate(groundingMetadata=grounding))

    assert [s.text for s in found.segments()] == [
        *("Rest.", "asthma", "<b>asthma</b>", "https://x.example.org", "About asthma", "Rest."),
    ]
    assert written(found)["candidates"][0]["groundingMetadata"]["searchEntryPoint"]["sdkBlob"] is None


SAID = {"text": "Call 112."}
CALL = {"functionCall": {"name": "f", "args": {}}}


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (answer(CALL), [SAID, CALL]),
        (answer(), [SAID]),
        ({"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}]}, [SAID]),
        ({"candidates": [{"finishReason": "SAFETY", "index": 0}]}, [SAID]),
        ({"candidates": []}, [SAID]),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, [SAID]),
    ],
)
def test_every_answer_can_be_made_to_speak(body: Any, parts: Any) -> None:
    """The way to help is told first, whatever the answer was made of (WHO-51)."""
    found = read(body)

    assert found.say("Call 112.")
    assert written(found)["candidates"][0]["content"]["parts"] == parts


def test_an_answer_for_a_program_is_not() -> None:
    """It would be no JSON any more."""
    found = read(answer(CALL), responseMimeType="application/json")
    found.note({"text": "n"})

    assert not found.say("Call 112.")
    assert written(found)["guardrail"] == {"text": "n"}


@pytest.mark.parametrize(
    "body",
    [
        {
            "candidates": [
                {"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgoAAAAN"}}]}}
            ]
        },
        {"candidates": [{"content": {"parts": [{"functionCall": {"name": "Jane Roe", "args": {}}}]}}]},
        {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f", "partialArgs": [{"jsonPath": "$"}]}}]}}]},
        {"candidates": [None]},
        {"candidates": "Jane"},
        {"modelVersion": "Jane Roe"},
    ],
)
def test_what_can_not_be_inspected_breaks_the_answer(body: Any) -> None:
    """Media, names that are none, pieces of arguments that nobody asked for."""
    with pytest.raises(UpstreamBroken) as caught:
        read(body)

    assert "Jane" not in caught.value.message


def test_numbers_pass() -> None:
    """Counts and vectors are no words."""
    count, embed = GeminiCountTokens(), GeminiEmbed()
    counted = {"totalTokens": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}]}
    vectors = {"embeddings": [{"values": [0.25, -0.5]}], "usageMetadata": {"promptTokenCount": 3}}
    request = count.read_request(json.dumps(HELLO).encode())

    for dialect, body in ((count, counted), (embed, vectors)):
        document = dialect.read_response(json.dumps(body).encode(), request)
        assert document.segments() == ()
        assert json.loads(document.to_bytes()) == body
