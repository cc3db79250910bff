"""The policy and people in danger: texts in every language, what has expired, how it is told."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guardrail.build import build_inspector
from guardrail.cli import app
from guardrail.edge import ready_reply
from guardrail.errors import PolicyError
from guardrail.policy.compile import compile_policy
from guardrail.policy.expiry import Expired, drafts, expired
from guardrail.policy.load import Loaded, baseline, load_policy
from guardrail.policy.store import PolicyStore
from guardrail.rails import crisis_data
from guardrail.rails.base import About
from guardrail.record.metrics import Metrics
from guardrail.text import Assessment, Direction, Risk, Role
from tests.policy.files import write

IN_TIME, ROWS_TOO_LATE, ALL_TOO_LATE = date(2026, 12, 1), date(2027, 2, 1), date(2028, 1, 1)
WARD = """\
name: ward
version: 1
extends: [baseline]
defaults: {country: FR, language: fr}
"""


def load(folder: Path, text: str = WARD) -> Loaded:
    return load_policy(write(folder, text))


def complaints(folder: Path, text: str) -> str:
    try:
        load(folder, text)
    except PolicyError as error:
        return error.message
    return ""


# ------------------------------------------------------------------------------------------------ whose language


@pytest.mark.parametrize("key", ["cohorts: {language: [en, nl]}", "defaults: {language: nl}"])
def test_a_language_that_nobody_wrote_texts_in_is_refused(tmp_path: Path, key: str) -> None:
    """WHO-51, WHO-07, WHO-01: never silent English; each text that is missing is named."""
    told = complaints(tmp_path, f"name: ward\nversion: 1\nextends: [baseline]\n{key}\n")
    for name in (*crisis_data.NAMES, "general", "high", "acute", "texts"):
        assert f"settings.{name}: there is no text in `nl`: write one" in told
    assert "texts.withheld: there is no text in `nl`" in told


def test_texts_of_ones_own_make_a_language_possible(tmp_path: Path) -> None:
    word = "Bel {emergency}. Dit is een programma."
    own = {
        "emergency": word, "self_harm": word + " {line}", "clinician": word, "line": "Praat: {service}. ",
        "line_clinician": "Praat: {service}. ", "local_number": "het noodnummer", "method": "[weggelaten]",
        "stay": "U kunt hier blijven schrijven.",
    }  # fmt: skip
    rows = ", ".join(f'{name}: {{nl: "{text}"}}' for name, text in own.items())
    text = (
        f"{WARD}cohorts: {{language: [fr, nl]}}\nrails:\n  - {{rail: crisis, response: warn, settings: {{{rows}}}}}\n"
    )
    told = complaints(tmp_path, text)
    assert not any(f"rails[0].settings.{name}" in told for name in own)
    assert "settings.general: there is no text in `nl`" in told  # the warning's own are still missing


def test_a_reader_of_an_unknown_language_gets_the_policys_default(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    compiled = compile_policy(loaded, lambda _: build_inspector(loaded.policy), {}, IN_TIME)
    about = About(Direction.RESPONSE, Role.ASSISTANT, language="xx", country="FR")
    in_danger = About(
        Direction.RESPONSE, Role.ASSISTANT, language="xx", country="FR", assessment=Assessment(True, (), Risk.SELF_HARM)
    )
    for each in (about, in_danger):
        head = compiled.response.open(each).head()
        assert head is not None
        assert "machine, et non par une personne" in head.text
    assert head is not None and "3114" in head.text


# ------------------------------------------------------------------------------------------------ expired


def test_only_what_the_policy_could_show_is_told_as_expired(tmp_path: Path) -> None:
    policy = load(tmp_path).policy
    assert expired(policy, IN_TIME) == ()
    assert expired(policy, ROWS_TOO_LATE) == (Expired("service", "FR"),)
    late = expired(policy, ALL_TOO_LATE)
    assert Expired("text", "fr") in late
    assert Expired("service", "US") not in late


def test_the_countries_of_clients_count_too(tmp_path: Path) -> None:
    client = f"clients:\n  - {{name: clinic, country: DE, token_sha256: {'0' * 64}}}\n"
    found = expired(load(tmp_path, WARD + client).policy, ROWS_TOO_LATE)
    assert found == (Expired("service", "FR"), Expired("service", "DE"))


def test_without_the_check_there_is_nothing_that_could_expire(tmp_path: Path) -> None:
    text = (
        "name: w\nversion: 1\nunsafe: true\nupstreams: {lmm: {base_url: https://lmm.example.org}}\n"
        "default_upstream: lmm\ndefaults: {country: FR}\nrails: [{rail: notice, response: warn}]\n"
    )
    assert expired(load(tmp_path, text).policy, ALL_TOO_LATE) == ()


class NoAnalyzer:
    """Builds nothing."""

    async def load(self, key: str, spec: object) -> None:
        return

    async def unload(self, key: str) -> None:
        return

    def bind(self, key: str) -> object:
        return None


async def in_force(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, day: date) -> str:
    def on_that_day(loaded: Loaded, bind: object, **more: object) -> object:
        return compile_policy(loaded, bind, {}, day)  # type: ignore[arg-type]

    monkeypatch.setattr("guardrail.policy.store.compile_policy", on_that_day)
    metrics = Metrics()
    store = PolicyStore(lambda: loaded, NoAnalyzer(), metrics)  # type: ignore[arg-type]
    await store.start()
    return metrics.render()[1].decode()


def test_an_expired_row_raises_a_gauge_and_a_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store compiles once a day, so that is how often it is logged."""
    import asyncio

    loaded = load(tmp_path)
    caplog.set_level(logging.INFO, logger="guardrail")
    page = asyncio.run(in_force(loaded, monkeypatch, IN_TIME))
    assert "guardrail_expired_texts{" not in page
    assert "crisis_text_expired" not in caplog.text
    page = asyncio.run(in_force(loaded, monkeypatch, ROWS_TOO_LATE))
    assert 'guardrail_expired_texts{kind="service",name="FR"} 1.0' in page
    (record,) = [each for each in caplog.records if each.message == "crisis_text_expired"]
    assert record.levelno == logging.WARNING
    assert record.guardrail == {"what": "service:FR"}  # type: ignore[attr-defined]


def test_policy_check_warns_and_says_ok(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired row is no mistake in the policy: the exit status stays 0."""
    monkeypatch.setattr("guardrail.policy.expiry.expired", lambda policy, day: (Expired("service", "FR"),))
    result = CliRunner().invoke(app, ["policy", "check", str(write(tmp_path, WARD))])
    assert result.exit_code == 0
    assert "warning: the crisis service `FR` has expired" in result.output
    monkeypatch.setattr("guardrail.policy.expiry.expired", lambda policy, day: ())
    assert "warning" not in CliRunner().invoke(app, ["policy", "check", str(write(tmp_path, WARD))]).output


def test_ready_names_what_has_expired_and_is_ready_all_the_same() -> None:
    reply = ready_reply(True, ["service FR"])
    assert (reply.status, reply.body) == (200, b'{"status": "ready", "expired": ["service FR"]}')
    assert ready_reply(True).body == b'{"status": "ready"}'


def test_the_drafts_among_the_texts_of_a_policy_are_known(tmp_path: Path) -> None:
    assert "fr" in drafts(load(tmp_path).policy)
    assert set(drafts(load_policy(baseline()).policy)) <= set(crisis_data.shipped().texts)
