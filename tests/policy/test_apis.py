"""`apis:` in a policy: a description that can't work is refused where it stands, before anything is sent."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardrail.build import DIALECTS, build_routes, read_policy
from guardrail.dialects.catalog import lookup
from guardrail.errors import PolicyError
from guardrail.policy.apis import overlap
from guardrail.policy.explain import explain
from guardrail.policy.load import load_policy
from tests.specimens.generic import HOUSE_ARRAY, HOUSE_LINES, HOUSE_LLM

GOOD = """\
name: house
version: 1
extends: [baseline]
upstreams:
  house: {base_url: "http://127.0.0.1:9", dialects: [generic.llm]}
default_upstream: house
apis:
  llm:
    path: /infer
    request:
      prose: $.prompt
    answer:
      prose: $.text
      body: {text: "{text}"}
"""


def written(folder: Path, text: str, name: str = "house.yaml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read_policy(written(folder, text))
    return caught.value.message


def test_a_described_api_is_served(tmp_path: Path) -> None:
    loaded = read_policy(written(tmp_path, GOOD))
    route = lookup("POST", "/infer", build_routes(loaded.policy)).route
    assert route.dialect.name == "generic.llm"
    assert "generic.llm: asked at /infer" in explain(loaded)


BODY = '{text: "{text}"}'
ANSWER, PATH, KEY = (
    "house.yaml:12: apis.llm.answer: ",
    "house.yaml:9: apis.llm.path[0]: ",
    "path: /infer\n    key_header",
)
PROSE = "house.yaml:11: apis.llm.request."


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("$.prompt", "prompt", PROSE + "prose[0]: use an address like $.messages[*].content"),
        ("$.prompt", "$.messages[0].text", PROSE + "prose[0]: use an address"),
        ("prose: $.prompt", "prse: $.prompt", PROSE + 'prse: unknown key; did you mean "prose"?'),
        ("/infer", "/v1/chat/completions", PATH + "a known API is served at"),
        ("/infer", "/guardrail/x", PATH + "paths below /guardrail/"),
        ("/infer", "/r/x/y", PATH + "paths below /guardrail/"),
        ("/infer", "/in/../fer", PATH + "use a path like"),
        ("/infer", "infer", PATH + "use a path like"),
        ("/infer", "/{a}{b}", PATH + "use a path like"),
        ("/infer", "/{a}/{a}", PATH + "a name in braces"),
        (BODY, '{text: "{word}"}', ANSWER + '`body` needs one string that is "{text}"'),
        (BODY, '{other: "{text}"}', ANSWER + '"{text}" stands in `body` where'),
        (BODY, '{text: "{text}", a: "{x}"}', ANSWER + "nothing is known to put there"),
        (f"      body: {BODY}\n", "", ANSWER + "give `body`"),
        ("    path: /infer\n", "", "house.yaml:8: apis.llm: say at which `path`"),
        ("path: /infer", f"{KEY}: cookie", "house.yaml:10: apis.llm.key_header: use one of"),
        ("generic.llm", "generic.lm", "house.yaml:5: upstreams.house.dialects[0]: no such dialect; did you mean"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert where in refusal(tmp_path, GOOD.replace(old, new)), refusal(tmp_path, GOOD.replace(old, new))


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    """A description that can't be read is no reason to call its dialect unknown."""
    assert len(refusal(tmp_path, GOOD.replace("$.prompt", "prompt")).splitlines()) == 1


def policy_of(folder: Path, **apis: Any) -> str:
    text = yaml.safe_dump({
        "name": "house", "version": 1, "extends": ["baseline"], "apis": apis,
        "upstreams": {"house": {"base_url": "http://127.0.0.1:9", "dialects": [f"generic.{name}" for name in apis]}},
        "default_upstream": "house",
    })  # fmt: skip
    try:
        read_policy(written(folder, text))
    except PolicyError as error:
        return error.message
    return ""


def changed(api: Any, path: str, value: object) -> Any:
    made = copy.deepcopy(api)
    *way, last = path.split(".")
    here = made
    for name in way:
        here = here[name]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return made


@pytest.mark.parametrize("api", [HOUSE_LLM, HOUSE_LINES, HOUSE_ARRAY])
def test_the_specimens_are_good(tmp_path: Path, api: Any) -> None:
    assert policy_of(tmp_path, x=api) == ""


@pytest.mark.parametrize(
    ("api", "path", "value", "what"),
    [
        (HOUSE_LLM, "request.data", ["$.messages"], "lies within one of data"),
        (HOUSE_LLM, "request.fixed", ["$.prompt"], "named twice, in prose and in fixed"),
        (HOUSE_LLM, "request.roles.at", "$.messages", "end with [*]"),
        (HOUSE_LLM, "request.roles.at", "$.a[*].messages[*]", "one list only"),
        (HOUSE_LLM, "request.roles.user", "bot", "stands for two roles"),
        (HOUSE_LLM, "request.model", "$.models[*]", "one place only"),
        (HOUSE_LLM, "request.references", {"$.session": "A kind!"}, "should match pattern"),
        (HOUSE_LLM, "answer.body", None, "give `body`"),
        (HOUSE_LLM, "answer.body", {"output": {"text": "Here: {text}"}}, 'one string that is "{text}"'),
        (HOUSE_LLM, "stream.frame", {"delta": "{text}", "reasoning": "{text}"}, 'one string that is "{text}"'),
        (HOUSE_LLM, "stream.frame", {"words": "{text}"}, "where `text` names no address"),
        (HOUSE_LLM, "stream.frame", {"delta": "{text}", "error": "x"}, "would be taken for an error"),
        (HOUSE_LLM, "answer.prose", ["$.output.text", "$.Guardrail.text"], "the guardrail's own"),
        (HOUSE_LLM, "stream.data", "$.guardrail", "the guardrail's own"),
        (HOUSE_LLM, "stream.calls.at", "$.guardrail[*]", "the guardrail's own"),
        (HOUSE_LLM, "stream.end", None, "needs `end`"),
        (HOUSE_LLM, "stream.end", {}, "say what ends a stream"),
        (HOUSE_LLM, "stream.end", {"data": "[DONE]", "eof": True}, "leave out `eof`"),
        (HOUSE_LLM, "stream.end", {"when": "$.done"}, "give `last`"),
        (HOUSE_LLM, "stream.last", {"done": True}, "`last` is for streams"),
        (HOUSE_LLM, "stream.when", "$.stream", "either `stream_path` or `stream.when`"),
        (HOUSE_LLM, "stream", None, "needs the description of a `stream`"),
        (HOUSE_LLM, "stream_path", "/infer/v2/{model}:{way}", "two of its paths"),
        (HOUSE_LINES, "stream.last", {"kind": "token"}, "for which `end.when` holds"),
        (HOUSE_LINES, "stream.frame", {"kind": "token", "token": {"text": "{text}"}}, "no number where `key` says"),
        (HOUSE_LINES, "stream.event.names", ["a b"], "should match pattern"),
        (HOUSE_LINES, "error.body", {"failure": "x"}, 'needs "{message}"'),
        (HOUSE_ARRAY, "stream.end", {"eof": True}, "an array ends with its bracket"),
        (HOUSE_ARRAY, "stream.framing", "xml", "'sse', 'ndjson' or 'json'"),
    ],
)  # fmt: skip
def test_a_description_that_can_not_work_is_refused(
    tmp_path: Path, api: Any, path: str, value: object, what: str
) -> None:
    told = policy_of(tmp_path, x=changed(api, path, value))
    assert what in told, told
    assert told.count("\n") <= 1


def test_two_apis_have_no_path_in_common(tmp_path: Path) -> None:
    told = policy_of(tmp_path, one=HOUSE_ARRAY, two={**HOUSE_LINES, "path": "/{what}"})
    assert "apis.two: could be asked at a path of `apis.one`" in told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/a/b", "/a/b", True),
        ("/a/b", "/a/c", False),
        ("/a/{x}", "/a/c", True),
        ("/a/{x}:run", "/a/m:stop", False),
        ("/a/{x}:run", "/a/{y}:stop", False),
        ("/a/{x}:run", "/a/{y}", True),
        ("/a/{x}", "/a/b/c", False),
        ("/a/v{x}", "/a/w1", False),
    ],
)
def test_patterns_that_could_mean_one_path(one: str, other: str, same: bool) -> None:
    assert overlap(one, other) is same
    assert overlap(other, one) is same


def test_the_extending_files_description_counts(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "base.yaml")
    own = written(
        tmp_path,
        "name: own\nversion: 1\nextends: [base.yaml]\n"
        "apis:\n"
        "  llm: {path: /other, request: {prose: $.q}}\n"
        "  more: {path: /more, request: {data: $.rows}}\n",
    )
    apis = load_policy(own, dialects=DIALECTS).policy.apis
    assert set(apis) == {"llm", "more"}
    assert apis["llm"].path == ("/other",)
    assert apis["llm"].answer.prose == ()
