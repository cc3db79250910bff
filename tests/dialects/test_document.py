"""Requests and answers that are JSON objects: what all dialects know of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from guardrail.dialects.base import NO_CALL, Ask, Reference
from guardrail.dialects.document import AnswerBody, NoBody, RequestBody
from guardrail.dialects.quotes import Rewritten
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.table import (
    Call,
    Echo,
    Media,
    Plain,
    Quote,
    Row,
    Text,
    Voice,
    Words,
    compile_rows,
)
from guardrail.dialects.table import Reference as Kept
from guardrail.dialects.usage import Places
from guardrail.dialects.walk import Spot
from guardrail.errors import PayloadTooLarge, UnreadablePayload, UpstreamBroken
from guardrail.events import CUT, Stop
from guardrail.text import Edit, Kind, Role, Span

PROSE = Text(Kind.PROSE)
ASKED = compile_rows(
    (
        Row("model", Words(frozenset({"m", "n"}))),
        Row("words[].text", PROSE),
        Row("picture", Media()),
        Row("earlier", Kept("answer")),
        Row("logprobs", Echo()),
        Row("bytes", Echo()),
        Row("cites[]", Quote("begin", "end", document="of")),
        Row("cites[].begin", Plain()),
        Row("cites[].end", Plain()),
        Row("cites[].of", Plain()),
    )
)
ANSWERED = compile_rows(
    (
        Row("id", Words(frozenset({"a1"}))),
        Row("choices[]", Voice("role", {"ai": Role.ASSISTANT, "tool": Role.TOOL}, default=Role.ASSISTANT)),
        Row("choices[].role", Words(frozenset({"ai", "tool"}))),
        Row("choices[].why", Text(Kind.FIXED)),
        Row("choices[].parts[].text", PROSE),
        Row("choices[].calls[]", Call()),
        Row("choices[].calls[].name", Text(Kind.TOKEN)),
        Row("choices[].calls[].arguments", Text(Kind.DATA)),
        Row("logprobs", Echo()),
        Row("served", Text(Kind.FIXED)),
        Row("tokens", Plain()),
        Row("cites[]", Quote("begin", "end")),
        Row("cites[].begin", Plain()),
        Row("cites[].end", Plain()),
        Row("sources[]", Quote("begin", "end", document="of")),
        Row("sources[].begin", Plain()),
        Row("sources[].end", Plain()),
        Row("sources[].of", Plain()),
    )
)
WHY = "/choices/*/why"


class Asked(RequestBody):
    def __init__(self, payload: Any, ask: Ask = NO_CALL, settings: Settings = DEFAULTS) -> None:
        super().__init__(json.dumps(payload).encode(), ask, ASKED, settings)

    def documents(self) -> Sequence[str]:
        return ["/words/0/text", ""]


class Answered(AnswerBody):
    reasons = (WHY,)
    counts = Places(output=(("/tokens",),), served=("/served",))

    def __init__(self, payload: Any, opening: Callable[[str], str] | None = None, **settings: Any) -> None:
        super().__init__(json.dumps(payload).encode(), ANSWERED, Settings(**settings), opening)

    def quoted(self, spot: Spot) -> Sequence[str]:
        return ["/choices/0/parts/0/text"]


def sent(document: RequestBody | AnswerBody) -> Any:
    return json.loads(document.to_bytes())


# ------------------------------------------------------------------------------------------------------- requests


def refused(payload: Any, ask: Ask = NO_CALL) -> tuple[str, str | None]:
    with pytest.raises(UnreadablePayload) as caught:
        Asked(payload, ask)
    assert caught.value.http_status == 422
    return caught.value.code, caught.value.param


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ([], ("invalid_type", None)),
        ({"words": [{"text": 5}]}, ("invalid_type", "words[0].text")),
        ({"words": [{"text": "data:image/png;base64,iVBORw0KGgo="}]}, ("uninspected_part", "words[0].text")),
        ({"picture": "data:image/png;base64,iVBORw0KGgo="}, ("uninspected_part", "picture")),
        ({"earlier": "Jane Doe"}, ("invalid_value", "earlier")),
    ],
)
def test_what_cannot_be_inspected_is_refused_by_its_field(payload: Any, said: tuple[str, str | None]) -> None:
    assert refused(payload) == said


@pytest.mark.parametrize("id_", ["Jane%20Doe", "", "x" * 513])
def test_a_path_holds_identifiers_only(id_: str) -> None:
    ask = Ask(path={"model": id_})
    assert refused({}, ask) == ("invalid_value", "model")
    with pytest.raises(UnreadablePayload):
        NoBody(ask)


def test_a_request_is_counted_before_it_is_walked() -> None:
    class Counted(Asked):
        def check(self, settings: Settings) -> None:
            raise PayloadTooLarge("too many", code="too_many_messages")

    with pytest.raises(PayloadTooLarge):
        Counted({"words": 5})


def test_the_model_is_the_paths_or_the_bodys() -> None:
    assert Asked({"model": "m"}, Ask(path={"model": "a%2Fb"})).model == "a/b"
    assert Asked({"model": "m"}).model == "m"
    assert Asked({}).model == Asked({"model": None}).model == ""


def test_other_models_that_the_provider_may_ask_are_known() -> None:
    asked = Asked({"models": ["a", {"model": "b"}, 7], "fallbacks": {"model": "c"}})
    assert asked.others == ("a", "b", "", "c")
    assert Asked({"models": None}).others == ()


def test_facts_for_the_exchange() -> None:
    assert Asked({"stream": True}).stream
    assert not Asked({"stream": None}).stream
    assert Asked({"tools": [{"a": 1}]}).tools
    assert not Asked({"tools": []}).tools
    plain = RequestBody(b"{}", NO_CALL, ASKED, DEFAULTS)
    assert (plain.structured, plain.turn, plain.documents(), plain.released) == (False, (), (), ())


def test_files_and_what_is_kept_are_told() -> None:
    asked = Asked({"earlier": "resp_1", "words": [{"text": "x"}]})
    assert asked.references == (Reference("answer", "resp_1", "/earlier"),)
    assert asked.field("/earlier") == "earlier"


def test_words_below_an_address_are_found_by_its_steps() -> None:
    asked = Asked({"words": [{"text": "a"}, {"text": "b"}], "words2": {"k": "c", "l": '{"m": "d"}'}})
    assert asked.below("/words/1") == ["/words/1/text"]
    assert asked.below("/words", "/*1/*1") == ["/words/0/text", "/words/1/text", "/*1/*1~json/*0"]
    assert asked.below("/word") == []


def test_what_spells_an_earlier_answer_is_taken_out() -> None:
    asked = Asked({"logprobs": {"token": "Jane"}, "bytes": [74, 97]})
    assert sent(asked) == {"logprobs": None, "bytes": []}
    assert Asked({"logprobs": None, "bytes": []}).to_bytes() == b'{"logprobs": null, "bytes": []}'


def test_members_are_said_in_the_place_of_the_clients_or_at_the_end() -> None:
    asked = Asked({"stream": True, "words": []})
    asked.set_member("stream", False)
    asked.set_member("store", False)
    assert asked.to_bytes() == b'{"stream": false, "words": [],"store":false}'
    empty = Asked({})
    empty.set_member("store", False)
    assert empty.to_bytes() == b'{"store":false}'


def test_citations_of_documents_follow_the_words() -> None:
    cites = [{"begin": 4, "end": 8, "of": number} for number in (0, 1, 2)] + [{"begin": 4, "end": 8}]
    asked = Asked({"words": [{"text": "Ann says"}], "cites": cites})
    asked.replace("/words/0/text", "[NAME] says")
    asked.edited("/words/0/text", [Edit(Span(0, 3), "[NAME]")])
    assert sent(asked)["cites"] == [{"begin": 7, "end": 11, "of": 0}, *cites[1:]]
    assert asked.cited(0).moved(7, 11) == (4, 8)
    assert asked.cited(1).moved(7, 11) == (7, 11)


def test_a_request_without_a_body_has_its_path_only() -> None:
    request = NoBody(Ask(path={"model": "m%3A1"}), [Reference("answer", "r", "/id")])
    assert request.model == "m:1"
    assert [(each.text, each.kind) for each in request.segments()] == [("m:1", Kind.FIXED)]
    assert [each.name for each in request.references] == ["r"]
    assert request.field("/model (path)") == "model (path)"
    assert request.to_bytes() == b""
    assert request.cited(0) == Rewritten()
    with pytest.raises(KeyError):
        request.replace("/model (path)", "x")
    with pytest.raises(KeyError):
        request.edited("/model (path)", ())
    with pytest.raises(KeyError):
        request.set_member("store", False)


# -------------------------------------------------------------------------------------------------------- answers


def broken(body: bytes, **settings: Any) -> str:
    with pytest.raises(UpstreamBroken) as caught:
        AnswerBody(body, ANSWERED, Settings(**settings))
    assert "Jane" not in caught.value.message
    return caught.value.code


def test_an_answer_that_cannot_be_read_in_full_is_the_providers_fault() -> None:
    assert broken(b'{"Jane') == "unreadable_answer"
    assert broken(b'["Jane"]') == "unreadable_answer"
    assert broken(b'{"id": "Jane"}') == "invalid_value"
    assert broken(b'{"Jane D.": "a", "b": "c"}', max_strings=2) == "too_many_strings"


def choice(*texts: str, **more: Any) -> dict[str, Any]:
    return {"parts": [{"text": text} for text in texts], **more}


def test_what_a_reader_is_shown() -> None:
    answer = Answered({"choices": [choice("a", "b"), choice("c"), choice("found", role="tool")]})
    assert answer.said() == ["/choices/0/parts/0/text", "/choices/0/parts/1/text"]
    assert answer.said(1) == ["/choices/1/parts/0/text"]
    assert answer.said(2) == answer.said(3) == []


def test_an_answer_of_one_choice_says_all_its_words() -> None:
    answer = AnswerBody(json.dumps({"choices": [choice("a"), choice("b")]}).encode(), ANSWERED, DEFAULTS)
    assert answer.said() == ("/choices/0/parts/0/text", "/choices/1/parts/0/text")
    assert answer.said(1) == ()
    assert (answer.stops, answer.keeps, answer.quoted(Spot(answer.json, "", "", Role.ASSISTANT))) == ((), (), ())
    assert answer.say("words") is False


def test_of_words_in_parts_the_first_opens_the_answer() -> None:
    payload = {"choices": [choice("a", "b"), choice("c", "d")]}
    opening = re.compile("/choices/[0-9]+")
    answer = Answered(payload, lambda address: opening.match(address)[0])  # type: ignore[index]
    assert [each.text for each in answer.segments() if each.opens] == ["a", "c"]
    assert [each.text for each in Answered(payload, lambda address: "").segments() if each.opens] == list("abcd")


def test_what_the_provider_tells_of_an_answer() -> None:
    answer = Answered({"choices": [choice("a", why="length")], "tokens": 7, "served": "m-1"})
    assert answer.stops == (Stop(CUT, 0),)
    assert (answer.usage.output, answer.usage.input, answer.served) == (7, None, "m-1")
    nowhere = AnswerBody(b'{"tokens": 7}', ANSWERED, DEFAULTS, counts=Places())
    assert nowhere.usage.output is None


def test_notes_are_the_last_member() -> None:
    answer = Answered({"choices": []})
    answer.note({"words": "é"})
    assert answer.to_bytes() == '{"choices": [],"guardrail":{"words":"é"}}'.encode()


@pytest.mark.parametrize("name", ["guardrail", "Guardrail", "GUARDRAIL"])
def test_what_a_provider_says_in_our_name_is_left_out(name: str) -> None:
    """Also where there is nothing to note, and unread: nobody could inspect it. Below the top the name is theirs."""
    theirs = {name: {"ai_generated": False, "Jane Roe": [1] * 9}}
    answer = Answered({"choices": [], **theirs})
    assert [segment for segment in answer.segments() if "Jane" in segment.text] == []
    assert answer.to_bytes() == b'{"choices": []}'
    answer.note({"words": "é"})
    assert answer.to_bytes() == '{"choices": [],"guardrail":{"words":"é"}}'.encode()
    assert sent(Answered({"more": {name: 1}})) == {"more": {name: 1}}


def test_what_spells_the_words_again_is_left_out() -> None:
    assert sent(Answered({"logprobs": [["Jane", 0.1]]})) == {"logprobs": None}
    assert Answered({"logprobs": None}).to_bytes() == b'{"logprobs": null}'


@pytest.mark.parametrize(
    ("arguments", "cleared", "now"),
    [
        ('{"dose": "Ann"}', '{"dose":"[NAME]"}', '{"was":{"dose":"[NAME]"}}'),
        ("give it to Ann", "give it to [NAME]", '{"was":"give it to [NAME]"}'),
        ({"dose": "Ann"}, "[NAME]", {"was": {"dose": "[NAME]"}}),
    ],
)
def test_a_call_becomes_another_with_what_was_cleared(arguments: Any, cleared: str, now: Any) -> None:
    """What an inspection replaced stays replaced, and nothing else of the call is left."""
    rows = (
        Row("calls[]", Call()),
        Row("calls[].name", Text(Kind.TOKEN)),
        Row("calls[].arguments", Text(Kind.DATA)),
        Row("calls[].arguments.*", Text(Kind.DATA)),
    )
    body = json.dumps({"calls": [{"name": "prescribe", "arguments": arguments}]}).encode()
    answer = AnswerBody(body, compile_rows(rows), DEFAULTS)
    (use,) = answer.tool_uses
    assert (use.tool, use.address) == ("prescribe", "/calls/0")
    (address,) = [each.address for each in answer.segments() if "Ann" in each.text]
    answer.replace(address, cleared)
    answer.propose(use, "refused", lambda value: {"was": value})
    assert sent(answer)["calls"] == [{"name": "refused", "arguments": now}]


def test_a_call_without_arguments_changes_its_name() -> None:
    answer = Answered({"choices": [{"calls": [{"name": "prescribe"}]}]})
    answer.propose(answer.tool_uses[0], "refused", lambda value: value)
    assert sent(answer)["choices"][0]["calls"] == [{"name": "refused"}]


def test_citations_follow_the_words_of_the_answer_and_of_the_request() -> None:
    source = {"begin": 0, "end": 6, "of": 0}
    payload = {"choices": [choice("Ann says")], "cites": [{"begin": 4, "end": 8}], "sources": [source, {"begin": 1}]}
    answer = Answered(payload)
    answer.edited("/choices/0/parts/0/text", [Edit(Span(0, 3), "[NAME]")])
    assert sent(answer)["cites"] == [{"begin": 7, "end": 11}]
    assert sent(answer)["sources"] == payload["sources"], "nobody knows the documents"
    answer = Answered(payload)
    answer.cited = lambda number: Rewritten("", [Edit(Span(0, 6), "Ann")])
    assert sent(answer)["sources"] == [{"begin": 0, "end": 3, "of": 0}, {"begin": 1}]
