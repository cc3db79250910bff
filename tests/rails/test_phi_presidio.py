"""Presidio as the frame: a hospital's own recognizers in a policy, our rail and operators in Presidio's engines."""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import InvalidParamError, OperatorConfig
from typer.testing import CliRunner

from guardrail.cli import app
from guardrail.errors import PolicyError, RailFailed
from guardrail.policy.explain import explain
from guardrail.policy.load import load_policy
from guardrail.presidio import GuardrailRecognizer, Vault, add_operators, restored
from guardrail.rails.base import About, Window
from guardrail.rails.phi import LABELS, MODULES_VARIABLE, PhiSettings, build
from tests.policy.files import write

POLICY = """\
name: ward
version: 1
extends: [baseline]
rails:
  - rail: phi
    settings:
"""

RECOGNIZERS = r"""
supported_languages: [en, es]
recognizers:
  - name: Ward codes
    supported_entity: WARD_CODE
    supported_languages:
      - {language: en, context: [ward]}
      - {language: es, context: [planta]}
    patterns:
      - {name: ward, regex: '\bW-\d{2}\b', score: 0.2}
  - name: Houses
    supported_entity: HOUSE
    deny_list: [the nest]
  - UsBankRecognizer
"""

CLASS = '''
from presidio_analyzer import EntityRecognizer, RecognizerResult

class Badges(EntityRecognizer):
    """Words that begin with two z."""

    def __init__(self):
        super().__init__(supported_entities=["BADGE"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts):
        if "zzraise" in text:
            raise ValueError(text)
        if "zznonsense" in text:
            return [RecognizerResult("BADGE", 5, 100_000, 0.9)]
        at = text.find("zz")
        return [RecognizerResult("BADGE", at, text.find(" ", at), 1.0)] if at >= 0 else []

class NoRecognizer:
    pass
'''


def ward(folder: Path, settings: str) -> Path:
    return write(folder, POLICY + "".join(f"      {line}\n" for line in settings.splitlines()))


def tried(policy: Path, text: str) -> dict[str, Any]:
    """What `guardrail try` says."""
    line = json.dumps({"id": 1, "text": text}) + "\n"
    done = CliRunner().invoke(app, ["try", "--jsonl", "--rails", "phi", "--policy", str(policy)], input=line)
    assert done.exit_code == 0, done.output
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def labelled(policy: Path, text: str) -> list[tuple[str, str]]:
    return [(each["label"], text[each["start"] : each["end"]]) for each in tried(policy, text)["findings"]]


def refused(policy: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    return caught.value.message.splitlines()


@pytest.fixture
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hospital's package, where Python finds it."""
    (tmp_path / "own_badges.py").write_text(CLASS)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv(MODULES_VARIABLE, "other, own_badges")
    monkeypatch.delitem(sys.modules, "own_badges", raising=False)


def test_terms_and_patterns_of_a_policy_in_guardrail_try(tmp_path: Path) -> None:
    policy = ward(
        tmp_path,
        "allow_terms: [Grace Ward]\n"
        "deny_terms: {ORG_FACILITY: [Blue Bird]}\n"
        "patterns: [{label: MRN, pattern: 'SH-\\d{6}'}]",
    )
    row = tried(policy, "my son Grace Ward is in the blue bird, sh-123456")
    assert row["text"] == "my son Grace Ward is in the [ORG_FACILITY_1], [MRN_1]"


def test_a_file_of_presidio_recognizers(tmp_path: Path) -> None:
    """Presidio's own registry format: context words, all languages read, a recognizer that Presidio has off."""
    write(tmp_path, RECOGNIZERS, "own.yaml")
    policy = ward(tmp_path, "recognizers: [own.yaml]\nentities: {WARD_CODE: LOCATION}")
    assert labelled(policy, "moved to ward W-12") == [("LOCATION", "W-12")]
    assert labelled(policy, "en la planta W-12 ahora") == [("LOCATION", "W-12")]
    assert labelled(policy, "type W-12 screws") == [], "the score is low without a word of context"
    assert labelled(policy, "she likes The Nest") == [("OTHER_ID", "The Nest")]


def test_a_recognizer_may_stand_in_the_policy_itself(tmp_path: Path) -> None:
    policy = ward(tmp_path, "recognizers:\n  - {name: Houses, supported_entity: HOUSE, deny_list: [the nest]}")
    assert labelled(policy, "she likes the nest") == [("OTHER_ID", "the nest")]


@pytest.mark.usefixtures("_module")
def test_a_class_of_a_module_that_the_administrator_has_listed(tmp_path: Path) -> None:
    policy = ward(tmp_path, "recognizers: [own_badges:Badges]\nentities: {BADGE: DEVICE}")
    assert labelled(policy, "badge zz99-x is lost") == [("DEVICE", "zz99-x")]


@pytest.mark.usefixtures("_module")
@pytest.mark.parametrize("text", ["zzraise now", "zznonsense now"])
def test_a_recognizer_that_raises_or_talks_nonsense_fails_closed(tmp_path: Path, text: str) -> None:
    policy = ward(tmp_path, "recognizers: [own_badges:Badges]")
    line = json.dumps({"text": text}) + "\n"
    done = CliRunner().invoke(app, ["try", "--jsonl", "--rails", "phi", "--policy", str(policy)], input=line)
    assert done.exit_code == 1
    assert "error" in json.loads(done.stdout)
    assert text not in done.output


@pytest.mark.usefixtures("_module")
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("own_badges:Nobody", "AttributeError"),
        ("own_badges:NoRecognizer", "is not a class"),
        ("own_badges:sys", "Attr"),
    ],
)
def test_a_class_that_is_none_is_told_when_the_rail_is_built(path: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        build(PhiSettings.model_validate({"recognizers": [path]}))


@pytest.mark.parametrize("name", ["SpacyRecognizer", "AzureAILanguageRecognizer", "NobodysRecognizer"])
def test_what_needs_a_model_or_the_network_is_refused(name: str) -> None:
    with pytest.raises(PolicyError, match=name):
        build(PhiSettings.model_validate({"recognizers": [name]}))


def test_code_needs_the_administrators_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy is text; that it may run code is not for the policy to say."""
    monkeypatch.delenv(MODULES_VARIABLE, raising=False)
    assert refused(ward(tmp_path, "recognizers: [os.path:join]")) == [
        "ward.yaml:7: rails[0].settings.recognizers[0]: the administrator has not listed this module in "
        + MODULES_VARIABLE
    ]


def test_every_mistake_has_its_file_line_and_place(tmp_path: Path) -> None:
    broken = RECOGNIZERS.replace("W-", "(W-").replace("deny_list", "denylist") + "other: 1\n"
    write(tmp_path, broken, "own.yaml")
    policy = ward(
        tmp_path,
        "allow_terms: [x]\ndeny_terms: {NAMES: [Rose Hill]}\n"
        "patterns:\n  - {label: MRN, pattern: '(a+)+'}\n"
        "recognizers:\n  - own.yaml\n  - ../up.yaml\n  - none.yaml\n  - nonsense",
    )
    told = refused(policy)
    assert sorted(line.split(": ")[0] + " " + line.split(": ")[1] for line in told) == [
        "own.yaml:10 recognizers[0].patterns[0].regex",
        "own.yaml:13 recognizers[1].denylist",
        "own.yaml:15 other",
        "ward.yaml:10 rails[0].settings.patterns[0].pattern",
        "ward.yaml:13 rails[0].settings.recognizers[1]",
        "ward.yaml:14 rails[0].settings.recognizers[2]",
        "ward.yaml:15 rails[0].settings.recognizers[3]",
        "ward.yaml:7 rails[0].settings.allow_terms[0]",
        "ward.yaml:8 rails[0].settings.deny_terms.NAMES",
    ]
    assert not {"(a+)+", "Rose", "(W-", "nonsense"} & {word for line in told for word in line.split()}


def test_a_given_name_alone_may_be_allowed_only_where_a_policy_says_unsafe(tmp_path: Path) -> None:
    """Every patient called Maria would leave with her name."""
    policy = ward(tmp_path, "allow_terms: [Maria]")
    assert "every patient of that name" in refused(policy)[0]
    load_policy(write(tmp_path, policy.read_text().replace("version: 1", "version: 1\nunsafe: true")))
    load_policy(ward(tmp_path, "allow_terms: [Maria Ward]"))


def test_a_file_of_recognizers_is_part_of_the_policy(tmp_path: Path) -> None:
    """It is watched, it changes the fingerprint, and the analyzer needs no file."""
    file = write(tmp_path, RECOGNIZERS, "own.yaml")
    policy = ward(tmp_path, "recognizers: [own.yaml]")
    before = load_policy(policy)
    assert [path.name for path in before.files] == ["ward.yaml", "baseline.yaml", "own.yaml"]
    rule = before.policy.rule("phi")
    assert rule is not None
    assert "own.yaml" not in json.dumps(rule.settings["recognizers"])
    file.write_text(RECOGNIZERS.replace("the nest", "the den"))
    assert load_policy(policy).sha256 != before.sha256


def test_extending_adds_terms_patterns_and_recognizers(tmp_path: Path) -> None:
    base = POLICY.replace("name: ward", "name: group") + (
        "      allow_terms: [Rose Clinic]\n      deny_terms: {NAME: [Okonjo], MRN: [A-77-B]}\n"
        "      patterns: [{label: MRN, pattern: 'SH-\\d{6}'}]\n      recognizers: [UsBankRecognizer]\n"
    )
    write(tmp_path, base, "group.yaml")
    own = POLICY.replace("baseline", "group.yaml") + (
        "      allow_terms: [Grace Ward, Rose Clinic]\n      deny_terms: {NAME: [Brandt]}\n"
        "      patterns: [{label: DEVICE, pattern: 'PX\\d{4}'}]\n      recognizers: [UrlRecognizer]\n"
    )
    rule = load_policy(write(tmp_path, own)).policy.rule("phi")
    assert rule is not None
    assert rule.settings["allow_terms"] == ["Rose Clinic", "Grace Ward"]
    assert rule.settings["deny_terms"] == {"NAME": ["Okonjo", "Brandt"], "MRN": ["A-77-B"]}
    assert [each["label"] for each in rule.settings["patterns"]] == ["MRN", "DEVICE"]
    assert rule.settings["recognizers"] == ["UsBankRecognizer", "UrlRecognizer"]


def test_a_mistake_in_a_list_is_placed_in_the_file_that_has_it(tmp_path: Path) -> None:
    """Merged, the entry would have another place."""
    write(tmp_path, POLICY.replace("ward", "group") + "      allow_terms: [Rose Clinic, Grace Ward]\n", "group.yaml")
    own = POLICY.replace("baseline", "group.yaml") + "      allow_terms:\n        - Lily House\n        - y\n"
    (line,) = refused(write(tmp_path, own))
    assert line.startswith("ward.yaml:9: rails[0].settings.allow_terms[1]: is too short")


def test_explain_tells_what_is_added(tmp_path: Path) -> None:
    policy = ward(
        tmp_path,
        "allow_terms: [Grace Ward]\ndeny_terms: {NAME: [Okonjo, Brandt]}\n"
        "patterns: [{label: MRN, pattern: 'SH-\\d{6}', context: [chart]}]\nrecognizers: [UsBankRecognizer]",
    )
    said = explain(load_policy(policy))
    assert "NEVER taken for anybody's: Grace Ward." in said
    assert "words listed in the policy: 2 for names, `NAME`." in said
    assert "Okonjo" not in said
    assert "Own pattern for medical record numbers, `MRN`: SH-\\d{6}, near one of the words chart." in said
    assert "Own recognizers of Presidio: UsBankRecognizer." in said


# ── for Presidio's users ──────────────────────────────────────────────────────────────────────────────────────

TEXT = "my son Cedric Vale, DOB 2019-03-14, lives in Springfield, IL 62704. Ask cedric. MRN 00731245"


@pytest.fixture(scope="module")
def recognizer() -> GuardrailRecognizer:
    return GuardrailRecognizer(PhiSettings(this_year=2025))


def _anonymized(text: str, found: Any, operators: dict[str, OperatorConfig]) -> str:
    """As Presidio's users do it, who hand the analyzer's results to the anonymizer."""
    anonymizer = add_operators(AnonymizerEngine())  # type: ignore[no-untyped-call]
    return anonymizer.anonymize(text, found, operators).text


def _engine(recognizer: GuardrailRecognizer) -> AnalyzerEngine:
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=[recognizer], supported_languages=["en"]),
        nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
    )


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("_no_network")
def test_the_rail_is_one_recognizer_in_a_stock_engine() -> None:
    fresh = GuardrailRecognizer(PhiSettings(this_year=2025))
    found = _engine(fresh).analyze(TEXT, language="en")
    assert {(each.entity_type, TEXT[each.start : each.end]) for each in found} >= {
        ("NAME", "Cedric Vale"),
        ("NAME", "cedric"),
        ("DATE", "2019-03-14"),
        ("LOCATION", "Springfield"),
        ("MRN", "00731245"),
    }
    assert set(fresh.get_supported_entities()) == set(LABELS)


def test_entities_can_be_asked_for_and_told_in_presidios_names(recognizer: GuardrailRecognizer) -> None:
    assert {each.entity_type for each in recognizer.analyze(TEXT, ["MRN"])} == {"MRN"}
    renamed = GuardrailRecognizer(PhiSettings(this_year=2025), presidio_names=True)
    names = {each.entity_type for each in _engine(renamed).analyze(TEXT, language="en")}
    assert names == {"PERSON", "DATE_TIME", "LOCATION", "MRN"}
    only = _engine(renamed).analyze(TEXT, language="en", entities=["PERSON"])
    assert {each.entity_type for each in only} == {"PERSON"}


def test_a_long_text_is_read_in_windows_and_no_word_is_lost(recognizer: GuardrailRecognizer) -> None:
    text = (
        "It was a quiet day on the unit. " * 75 + TEXT + " Nothing else was said by anybody at all." * 100 + " " + TEXT
    )
    for word in ("Cedric Vale", "2019-03-14", "00731245"):
        starts = {each.start for each in recognizer.analyze(text) if text[each.start : each.end] == word}
        assert starts == {text.find(word), text.rfind(word)}


@pytest.mark.usefixtures("_no_network")
def test_placeholders_come_back(recognizer: GuardrailRecognizer) -> None:
    vault = Vault()
    found = _engine(recognizer).analyze(TEXT, language="en")
    sent = _anonymized(TEXT, found, {"DEFAULT": OperatorConfig("guardrail_placeholder", {"vault": vault})})
    assert not {"Cedric", "cedric", "00731245", "Springfield"} & set(sent.replace(",", " ").replace(".", " ").split())
    assert restored(sent, vault) == TEXT


def test_less_of_a_value_and_another_day(recognizer: GuardrailRecognizer) -> None:
    found = recognizer.analyze(TEXT)
    less = {
        "DEFAULT": OperatorConfig("generalise", {"this_year": 2025}),
        "MRN": OperatorConfig("date_shift", {"days": 5}),
    }
    done = _anonymized(TEXT, found, less)
    assert "DOB 2019," in done
    assert "[NAME removed]" in done
    assert done.endswith("MRN [MRN removed]")
    moved = {"DEFAULT": OperatorConfig("keep"), "DATE": OperatorConfig("date_shift", {"days": 20, "this_year": 2025})}
    assert "DOB 2019-04-03" in _anonymized(TEXT, found, moved)


@pytest.mark.parametrize(
    ("operator", "params"),
    [
        ("guardrail_placeholder", {}),
        ("guardrail_placeholder", {"vault": {}}),
        ("date_shift", {}),
        ("date_shift", {"days": 0}),
        ("date_shift", {"days": 3, "date_order": "ymd"}),
    ],
)
def test_an_operator_without_what_it_needs_is_refused(operator: str, params: dict[str, Any]) -> None:
    found = GuardrailRecognizer(PhiSettings(presidio=False, this_year=2025)).analyze("MRN 00731245")
    with pytest.raises(InvalidParamError):
        _anonymized("MRN 00731245", found, {"DEFAULT": OperatorConfig(operator, params)})


def test_a_slow_pattern_of_a_hospitals_recognizer_fails_closed() -> None:
    """Presidio would log a warning and go on without it."""
    slow = {"name": "slow", "supported_entity": "X", "patterns": [{"regex": "(a|a)+x", "score": 0.9}]}
    rail = build(PhiSettings.model_validate({"recognizers": [slow]}))
    with pytest.raises(RailFailed):
        list(rail.inspect(Window("a" * 300 + "!x"), About()))
