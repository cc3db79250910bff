"""A hospital's own terms and patterns: what they find, what they keep, what is refused, and what they cost."""
# ruff: noqa: RUF001 - letters that look alike belong to the cases

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail.errors import RailFailed
from guardrail.rails import phi_patterns
from guardrail.rails.base import About, Window
from guardrail.rails.normalise import view
from guardrail.rails.phi import LABELS, PhiSettings, build
from guardrail.rails.phi_patterns import Pattern, check, compiled, readable
from guardrail.rails.phi_terms import Terms
from guardrail.rails.phi_text import Hit
from guardrail.text import Kind

DENIED = Terms(deny={"ORG_FACILITY": ["Blue Bird", "Núñez Annex"], "NAME": ["李大伟", "Okonjo"], "MRN": ["4711"]})


def words(terms: Terms, text: str) -> list[tuple[str, str]]:
    seen = view(text).text
    return [(hit.label, seen[hit.start : hit.end]) for hit in terms.find(seen)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moved to blue bird today", ("ORG_FACILITY", "blue bird")),
        ("BLUE_BIRD.pdf", ("ORG_FACILITY", "BLUE_BIRD")),
        ("the Blue-Bird's roof", ("ORG_FACILITY", "Blue-Bird")),
        ("bluebird", ("ORG_FACILITY", "bluebird")),
        ("Ｂｌｕｅ ｂｉｒｄ", ("ORG_FACILITY", "Blue bird")),
        ("Bl\u200bue bi\u00adrd", ("ORG_FACILITY", "Blue bird")),
        ("at nunez annex", ("ORG_FACILITY", "nunez annex")),
        ("OKONJO2 called", ("NAME", "OKONJO")),
        ("Ok0njo called", ("NAME", "Ok0njo")),
        ("患者李大伟来了", ("NAME", "李大伟")),
        ("bed 4711", ("MRN", "4711")),
    ],
)
def test_a_deny_term_is_found_in_any_dress(text: str, expected: tuple[str, str]) -> None:
    assert words(DENIED, text) == [expected]


@pytest.mark.parametrize("text", ["blue and bird", "bluebirds", "Okonjos", "147110", "the annex", "李大", ""])
def test_whole_words_only(text: str) -> None:
    assert words(DENIED, text) == []


def test_of_terms_that_overlap_each_is_found() -> None:
    terms = Terms(deny={"ORG_FACILITY": ["Grace Ward", "Ward Six", "Ward"]})
    assert [word for _, word in words(terms, "Grace Ward Six")] == ["Grace Ward", "Ward Six"]


def test_our_own_placeholders_are_nobody_whatever_a_policy_says() -> None:
    terms = Terms(deny={"NAME": ["name", "part of"]}, patterns=[Pattern("MRN", r"\w+_\d+", 0.9)])
    text = "[NAME_1] and [NAME_2: part of name], name AB_12"
    assert words(terms, text) == [("NAME", "name"), ("MRN", "AB_12")]


@pytest.mark.parametrize(
    "label", [*(label for label in LABELS if label != "AGE_OVER_89"), "AGE", "PATIENT", "CLINICIAN", "RELATIVE"]
)
def test_no_pattern_reaches_into_a_placeholder_without_brackets(label: str) -> None:
    assert words(Terms(patterns=[Pattern("MRN", r"\w+", 0.9)]), f"{label}_12") == []


def test_an_allow_term_takes_back_what_is_nothing_else() -> None:
    terms = Terms(allow=["Grace Ward", "Allegra"])
    text = "Grace Ward, Allegra; Grace Kim"
    assert terms.allows(text, Hit(0, 10, "NAME", 0.9))
    assert terms.allows(text, Hit(0, 5, "NAME", 0.9)), "a part of the term, where the term stands"
    assert terms.allows(text, Hit(0, 19, "NAME", 0.9)), "two terms and a comma"
    assert not terms.allows(text, Hit(21, 30, "NAME", 0.9))
    assert not terms.allows(text, Hit(12, 26, "NAME", 0.9)), "a term and somebody"


def test_a_deny_term_wins_over_an_allow_term_and_a_pattern_does_not() -> None:
    terms = Terms(
        allow=["Ward Six", "SH-0000"], deny={"LOCATION": ["Six"]}, patterns=[Pattern("MRN", r"SH-\d{4}", 0.9)]
    )
    text = "Ward Six SH-0000 SH-1234"
    found = terms.settled(text, [Hit(0, 8, "NAME", 0.8)])
    assert {(hit.label, text[hit.start : hit.end]) for hit in found} == {("LOCATION", "Six"), ("MRN", "SH-1234")}


def test_a_pattern_with_context_counts_only_near_it() -> None:
    terms = Terms(patterns=[Pattern("DEVICE", r"\d{4}", 0.9, frozenset({"badge"}))])
    assert words(terms, "Badge 4711") == [("DEVICE", "4711")]
    assert words(terms, "4711 is her badge") == [("DEVICE", "4711")]
    assert words(terms, "bed 4711" + " and so on" * 10 + " badge") == []


def test_what_a_scanner_confused_is_read_both_ways() -> None:
    terms = Terms(patterns=[Pattern("MRN", r"SH-\d{6}", 0.9), Pattern("OTHER_ID", r"\d{3}O\d{3}", 0.9)])
    assert words(terms, "SH-12345O, 123O456") == [("MRN", "SH-12345O"), ("OTHER_ID", "123O456")]


@pytest.mark.case("CFG-03")
@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "not a regular expression"),
        ("(?<=a|bc)d", "not a regular expression"),
        ("(a+)+x", "repeats a repetition"),
        (r"(\d+-){3}", "repeats a repetition"),
        (r"(\w)\1", "refers back"),
        ("(?P<a>b)(?P=a)", "refers back"),
        ("(?:a|a)+x", "too long"),
        (r"\w+\s*\w+\s*\w+\s*:", "too long"),
        ("x*", "nothing at all"),
        (r"(?=\d)", "nothing at all"),
        (r"a+b+c+d+e+f+g+", "upper bound"),
        ("((a{1000}){1000}){1000}", "written out"),
        ("(?x)((a{1 0 0 0}){1 0 0 0}){1 0 0 0}", "written out"),
        ("(" * 250 + "a" + ")" * 49, "not a regular expression"),
    ],
)
def test_a_pattern_that_could_run_away_is_refused_without_being_quoted(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        check(pattern)
    assert len(pattern) == 1 or pattern not in str(caught.value)


@pytest.mark.case("CFG-03")
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "pattern",
    [
        "((a{1000}){1000}){1000}",
        "(?:ab){100000000}",
        "(?:ab){100000000,}",
        r"\p{L}{100000000}x",
        "a(?x)(b{1 0 0 0 0}){1 0 0 0 0}",
        "(?:(?:(?:ab){300}){300}){e<=3}",
        "(?(DEFINE)(?P<x>(?:ab){100000000}))(?&x)",
        "(?<=(?:ab){100000000})x",
        "(y)?(?(1)(?:ab){100000000}|z)",
        "(?:" + "ab" * 2_000 + "){1000}",
        "(?:" * 2_400 + "a",
    ],
)
def test_what_would_be_written_out_without_end_is_refused_before_it_is(pattern: str) -> None:
    """A Presidio recognizer's too: nothing else runs while a pattern is made ready, and it took gigabytes."""
    with pytest.raises(ValueError, match=r"written out|nested too deeply") as caught:
        readable(pattern)
    assert pattern not in str(caught.value)


@pytest.mark.parametrize("pattern", [r"\p{Lu}{1,20}\d{1000}", "(?:[A-Z]{1,1000}x){0,1000}", "|".join(["abcd"] * 1_000)])
def test_what_is_not_written_out_is_not_counted(pattern: str) -> None:
    readable(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"SH-\d{6}", r"(?:\d{2}-){3}\d{4}", r"(?:[A-Z]\d?){2,4}", r"\b\d+\b", r"(?<!x)W-\d+(?:-\d{1,4})?", "[[a]b"],
)
def test_what_people_write_is_taken(pattern: str) -> None:
    check(pattern)


@pytest.mark.case("CFG-03")
def test_a_pattern_that_runs_away_all_the_same_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No static check is perfect: the text then counts as not inspected."""
    monkeypatch.setattr(phi_patterns, "_SECONDS", 0.05)
    terms = Terms(patterns=[Pattern("MRN", "(a|a)+x", 0.9)])
    with pytest.raises(RailFailed) as caught:
        terms.find("a" * 400 + "!x")
    assert caught.value.code == "pattern_late"
    assert "(a|a)" not in caught.value.message
    compiled.cache_clear()


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_terms": ["x"]},
        {"allow_terms": ["a.b.c.d.e.f.g.h.i.j.k.l.m"]},
        {"allow_terms": ["Rose Clinic"], "deny_terms": {"NAME": ["rose clinic"]}},
        {"deny_terms": {"NAMES": ["Rose"]}},
        {"deny_terms": {"NAME": ["Rose " * 12]}},
        {"patterns": [{"label": "MRN", "pattern": "(a+)+"}]},
        {"patterns": [{"label": "MRN", "pattern": r"\d{8}", "score": 0.3}]},
        {"patterns": [{"label": "MRN", "pattern": r"\d{8}", "context": ["two words"]}]},
        {"recognizers": ["nonsense"]},
        {"recognizers": [{"name": "x", "supported_entity": "X"}]},
        {"recognizers": [{"name": "x", "supported_entity": "X", "patterns": [{"regex": "(", "score": 0.5}]}]},
        {"entities": {"WARD": "WARD"}},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PhiSettings.model_validate(settings)


def test_the_rail_keeps_allowed_words_and_takes_denied_ones() -> None:
    own = {
        "this_year": 2025,
        "allow_terms": ["Grace Ward", "617-555-0100"],
        "deny_terms": {"ORG_FACILITY": ["the nest"]},
        "patterns": [{"label": "MRN", "pattern": r"SH-\d{6}"}],
    }
    rail = build(PhiSettings.model_validate(own))

    def found(text: str, kind: Kind = Kind.PROSE) -> list[tuple[str, str]]:
        findings = rail.inspect(Window(text), About(kind=kind))
        return [(each.label, text[each.span.start : each.span.end]) for each in findings]

    assert found("my son Grace Ward is in The Nest, call 617-555-0100") == [("ORG_FACILITY", "The Nest")]
    assert found("my son Grace Kim, sh-123456") == [("NAME", "Grace Kim"), ("MRN", "sh-123456")]
    assert found("the_nest", Kind.FIXED) == [("ORG_FACILITY", "the_nest")], "refused where it can't be rewritten"


@pytest.mark.case("CFG-03")
def test_ten_thousand_terms_cost_no_more_than_the_text() -> None:
    """Steps are counted by the clock only to tell linear from quadratic, with much room."""
    names = [f"given{number} family{number}" for number in range(10_000)]
    few, many = Terms(deny={"NAME": names[:10]}), Terms(deny={"NAME": names})
    text = "given9 family9 and others were here. " * 300

    def seconds(terms: Terms, words: str) -> float:
        begun = time.perf_counter()
        assert len(terms.find(words)) == words.count("family9 ")
        return time.perf_counter() - begun

    few_terms, many_terms = (min(seconds(terms, text) for _ in range(3)) for terms in (few, many))
    assert many_terms < 20 * few_terms
    longer = min(seconds(many, text * 8) for _ in range(3))
    assert longer < 8 * 20 * many_terms


@given(
    st.lists(
        st.sampled_from(["Blue", "bird", "x", "4711", " ", "-", "_", "\n", "[NAME_1]", "é", "李大伟"]), max_size=20
    )
)
def test_whatever_the_text_findings_lie_inside_it_and_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    starts = [hit.start for hit in DENIED.find(text)]
    assert starts == sorted(starts)
    for hit in DENIED.find(text):
        assert 0 <= hit.start < hit.end <= len(text)
