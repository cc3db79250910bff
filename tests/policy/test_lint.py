"""Rules that make no sense, or give up what the product is for, are refused with the reason (CFG-07, NOT-05)."""

from pathlib import Path

import pytest

from guardrail.errors import PolicyError
from guardrail.policy.load import load_policy
from tests.policy.files import MINIMAL, write

SHA = "0" * 64


def complaints(folder: Path, text: str) -> str:
    try:
        load_policy(write(folder, text))
    except PolicyError as error:
        return error.message
    return ""


WEAK = {
    "no redaction": MINIMAL.replace("request: replace, ", ""),
    "redaction that only counts": MINIMAL.replace("request: replace", "request: warn"),
    "names pass": MINIMAL.replace("request: replace", "request: replace, labels: {request: {NAME: allow}}"),
    "redaction in shadow": MINIMAL.replace("request: replace", "request: replace, shadow: true"),
    "no notice": MINIMAL.replace("  - {rail: notice, response: warn}\n", ""),
    "notice in shadow": MINIMAL.replace("response: warn}", "response: warn, shadow: true}"),
    "notice that is not shown": MINIMAL.replace("response: warn}", "response: allow}"),
    "failing open": MINIMAL + "on_failure: warn\n",
    "plain http": MINIMAL.replace("https://lmm", "http://lmm"),
}


@pytest.mark.case("CFG-07")
@pytest.mark.parametrize("text", WEAK.values(), ids=WEAK.keys())
def test_a_protection_is_given_up_only_on_purpose(tmp_path: Path, text: str) -> None:
    assert "write `unsafe: true`" in complaints(tmp_path, text)
    assert complaints(tmp_path, "unsafe: true\n" + text) == ""


SENSELESS = {
    "no such label": (
        MINIMAL + "  - {rail: persona, response: replace, labels: {response: {X: warn}}}",
        "no such label",
    ),
    "a label of another rail": (
        MINIMAL.replace("request: replace", "request: replace, labels: {request: {NAMES: block}}"),
        'did you mean "NAME"',
    ),
    "two rules for one rail": (MINIMAL + "  - {rail: phi, request: block}\n", "two rules for one rail"),
    "a direction without work": (MINIMAL + "  - {rail: persona, request: warn}\n", "nothing to look for"),
    "a rule without action": (MINIMAL + "  - {rail: persona}\n", "does nothing"),
    "exceptions to nothing": (
        MINIMAL + "  - {rail: medical, request: warn, labels: {response: {high.*: block}}}\n",
        "exceptions to nothing",
    ),
    "a question can't be rewritten into a warning": (
        MINIMAL + "  - {rail: medical, request: replace}\n",
        "can't replace here; use allow, warn, block",
    ),
    "the notice can't block": (MINIMAL.replace("response: warn}", "response: block}"), "can't block here"),
    "no upstream": (MINIMAL.replace("upstreams:\n  lmm: {base_url: https://lmm.example.org}\n", ""), "at least one"),
    "no default upstream": (MINIMAL.replace("default_upstream: lmm\n", ""), "name the upstream that is meant"),
    "an unknown default upstream": (MINIMAL.replace("default_upstream: lmm", "default_upstream: x"), "is not one of"),
    "the version in the address": (MINIMAL.replace("example.org", "example.org/v1"), "leave out /v1"),
    "one token for two": (
        MINIMAL + f"clients: [{{name: a, token_sha256: '{SHA}'}}, {{name: b, token_sha256: '{SHA}'}}]\n",
        "two clients have the same",
    ),
    "an unknown surface": (MINIMAL + "defaults: {surface: moon}\n", "is not one of `cohorts.surface`"),
    "a text that matches everything": (
        MINIMAL.replace("response: warn}", 'response: warn, settings: {own: ["{anything} {at} {all} e"]}}'),
        "would take other words out too",
    ),
    "a reserved code": (MINIMAL + "cohorts: {sex: [unspecified]}\n", "leave it out"),
    "a class of tools that is none": (MINIMAL + "tools: {release: [ordr]}\n", "no such class; one of prescribe, order"),
    "a route to nowhere": (MINIMAL + "routes: {ward: {upstream: x}}\n", "no such upstream; one of lmm"),
    "a client of nobody": (
        MINIMAL + f"clients: [{{name: a, token_sha256: '{SHA}', upstreams: [x]}}]\n",
        "no such upstream; one of lmm",
    ),
    "a fallback to nowhere": (MINIMAL.replace("example.org}", "example.org, fallback: [x]}"), "no such upstream"),
    "a fallback that says less": (
        MINIMAL.replace(
            "example.org}",
            "example.org, fallback: [x], set: {store: false}}\n  x: {base_url: https://x.example.org}",
        ),
        "must `set` what this one does, too: store",
    ),
    "Redis without an address": (MINIMAL + "state: {store: redis}\n", "store: redis needs redis_url_env and key_env"),
    "a kind of file that is none": (MINIMAL + 'media: {release: ["*/*"]}\n', "media.release[0]"),
    "a list where one value belongs": (
        MINIMAL.replace("example.org}", "example.org, set: {tags: [a]}}"),
        "upstreams.lmm.set.tags",
    ),
    "a wildcard upstream": (
        MINIMAL.replace("lmm.example.org", "'*'").replace("https://'*'", '"https://*"'),
        "wildcard",
    ),
}


@pytest.mark.case("CFG-07", "NOT-05")
@pytest.mark.parametrize(("text", "words"), SENSELESS.values(), ids=SENSELESS.keys())
def test_a_senseless_rule_is_refused_even_in_an_unsafe_policy(tmp_path: Path, text: str, words: str) -> None:
    assert words in complaints(tmp_path, "unsafe: true\n" + text)


def test_http_to_this_machine_is_no_danger(tmp_path: Path) -> None:
    for host in ("127.0.0.1:1", "localhost", "[::1]:8000"):
        assert complaints(tmp_path, MINIMAL.replace("https://lmm.example.org", f'"http://{host}"')) == ""


def test_a_family_of_labels_may_be_named(tmp_path: Path) -> None:
    text = MINIMAL + "  - {rail: medical, request: warn, labels: {request: {high.*: block}}}\n"
    assert complaints(tmp_path, text) == ""
    assert "no such label" in complaints(tmp_path, text.replace("high.*", "low.*"))


@pytest.mark.parametrize(
    ("operators", "what"),
    [
        ("{NAME: generalise}", "can't be done with this label; use placeholder, drop"),
        ("{PHONE: shift}", "can't be done with this label; use placeholder, drop"),
        ("{DAT: shift}", 'did you mean "DATE"?'),
        ("{DATE: move}", "placeholders.operators.DATE"),
        ("{DATE: shift, NAME: drop, ADDRESS: generalise}", ""),
    ],
)
def test_an_operator_must_fit_its_label(tmp_path: Path, operators: str, what: str) -> None:
    found = complaints(tmp_path, MINIMAL + f"placeholders: {{roles: false, operators: {operators}}}\n")
    assert what in found
    assert bool(found) == bool(what)


def test_what_is_let_through_is_a_line_of_its_own_and_needs_no_more(tmp_path: Path) -> None:
    """Nobody has to switch off protections to let pictures pass or a model book a referral."""
    text = MINIMAL + 'media: {release: [image/png, "audio/*"]}\ntools: {release: [order]}\n'
    assert complaints(tmp_path, text) == ""


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("medical: {surfaces: {ward: {}}}", "medical.surfaces.ward: is not one of `cohorts.surface`"),
        (
            "medical: {vulnerable: {age_bands: [0-5]}}",
            "medical.vulnerable.age_bands[0]: is not one of `cohorts.age_band`",
        ),
        (
            "notices: {throughout: [chat, film]}",
            "notices.throughout[1]: no such code; one of chat, letter, audio, video",
        ),
        ("notices: {minors: [13-18]}", "notices.minors[0]: no such code; one of 0-12, 13-17"),
        ("notices: {consumer_surfaces: [public]}", "notices.consumer_surfaces[0]: no such code; one of patient"),
        ("because: {notice: [WHO-01]}", 'because.notice: no such part of a policy; did you mean "notices"?'),
        ("cohorts: {language: [en, ja]}", "medical.blocked: there is no text in `ja`: write one"),
        ("notices: {human_route: true}", "gates.human_route: say in `sw`, too, how people are reached without AI"),
    ],
)
def test_codes_and_languages_that_nobody_could_reach(tmp_path: Path, part: str, told: str) -> None:
    """A row, a channel or a group that nobody can name is a mistake, and so is a language without a text."""
    assert told in complaints(tmp_path, f"{MINIMAL}{part}\n")
