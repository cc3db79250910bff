"""What the PHI rail takes for somebody's, and what it leaves to medicine."""
# ruff: noqa: RUF001 - full-width marks belong to Chinese

import logging
import socket
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail.errors import RailFailed
from guardrail.rails.base import About, Reach, Window
from guardrail.rails.phi import LABELS, PhiSettings, build
from guardrail.text import Kind, Role
from tests.rails.phi_rail import findings, found, rail

CANARY = "ZQ482913005517"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Tamsin Okafor saw her", "Tamsin Okafor"),
        ("ask Nurse Grace about it", "Grace"),
        ("Mrs O'Dowd's daughter called", "O'Dowd"),
        ("pt Ludmila Brandt here for follow-up", "Ludmila Brandt"),
        ("my name is tobias wren and I cough", "tobias wren"),
        ("Mein Name ist Jonas Vogel.", "Jonas Vogel"),
        ("my son Cedric has a rash", "Cedric"),
        ("my son cedric has a rash", "cedric"),
        ("her husband, Anselm, drives", "Anselm"),
        ("Name: WREN, TOBIAS\nSex: M", "WREN, TOBIAS"),
        ("Seen by Priya Nair, MD", "Priya Nair"),
        ("Ines de la Torre, 44F, with asthma", "Ines de la Torre"),
        ("Kofi Mensah 67M with gout", "Kofi Mensah"),
        ("Hi Leopold, thanks for the note", "Leopold"),
        ("See you Monday.\nThanks,\nBeatrix", "Beatrix"),
        ("Faith Hart has gained weight", "Faith Hart"),
        ("a letter for Rosa Lindqvist please", "Rosa Lindqvist"),
        ('{"family":"Moreau","code":"E11.9"}', "Moreau"),
        ("患者：李大伟，男", "李大伟"),
        ("Пациентка Анна Белова жалуется", "Анна Белова"),
    ],
)
def test_names_are_found_by_what_stands_beside_them(text: str, expected: str) -> None:
    """Titles, relatives, greetings, keys, ages: title, credentials and the possessive 's stay."""
    assert ("NAME", expected) in found(text)


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("MRN", "MRN 00731245 stable", "00731245"),
        ("MRN", "mrn#KD55120 61M", "KD55120"),
        ("MRN", "chart no. 55-1204", "55-1204"),
        ("MRN", "NHS no 943 476 5919", "943 476 5919"),
        ("SSN", "her ssn is 219-09-9999", "219-09-9999"),
        ("SSN", "social security number 219 09 9999", "219 09 9999"),
        ("SSN", "last four of his social 9999", "9999"),
        ("SSN", "NIR 1 85 05 78 006 084 91", "1 85 05 78 006 084 91"),
        ("HEALTH_PLAN", "Aetna member ID W2210 55873", "W2210 55873"),
        ("HEALTH_PLAN", "Medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ("ACCOUNT", "acct 00441-9920-7", "00441-9920-7"),
        ("ACCOUNT", "card 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("ACCOUNT", "IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("LICENSE", "NPI 1234567893", "1234567893"),
        ("LICENSE", "driver's license D400-7836-0001", "D400-7836-0001"),
        ("VEHICLE", "VIN 1HGCM82633A004352", "1HGCM82633A004352"),
        ("VEHICLE", "plate 8KLM 204", "8KLM 204"),
        ("DEVICE", "pacemaker s/n PVX 448812H", "PVX 448812H"),
        ("DEVICE", "mac 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
        ("BIOMETRIC", "fingerprint template id FPT-99A1-22", "FPT-99A1-22"),
        ("OTHER_ID", "passport no. K77120394 on file", "K77120394"),
        ("OTHER_ID", "accession S24-018833", "S24-018833"),
        ("OTHER_ID", "CPF 529.982.247-25", "529.982.247-25"),
        ("OTHER_ID", "DNI 12345678Z", "12345678Z"),
        ("PHONE", "call (617) 555-0143 ext. 22", "(617) 555-0143 ext. 22"),
        ("PHONE", "my cell is six one seven 555 oh one four three", "six one seven 555 oh one four three"),
        ("PHONE", "ring +44 7700 900123", "+44 7700 900123"),
        ("FAX", "fax it to 617-555-0188", "617-555-0188"),
        ("EMAIL", "k.osei+clinic@mail.example.org works", "k.osei+clinic@mail.example.org"),
        ("EMAIL", "reach me at jane dot doe at example dot com", "jane dot doe at example dot com"),
        ("URL", "see https://portal.example.org/chart?pt=88213.", "https://portal.example.org/chart?pt=88213"),
        ("IP", "login from 203.0.113.77", "203.0.113.77"),
        ("IP", "pump at 2001:db8::1f now", "2001:db8::1f"),
        ("ADDRESS", "send it to 418 Larkspur Ln Apt 3B", "418 Larkspur Ln Apt 3B"),
        ("ADDRESS", "P.O. Box 4471", "P.O. Box 4471"),
        ("ADDRESS", "postcode SW1A 2AA", "SW1A 2AA"),
        ("LOCATION", "lives in Fargo with her sister", "Fargo"),
        ("LOCATION", "found at 40.7431, -73.9891", "40.7431, -73.9891"),
        ("ORG_FACILITY", "seen at Lakeside Family Clinic today", "Lakeside Family Clinic"),
        ("AGE_OVER_89", "94-year-old woman", "94"),
        ("AGE_OVER_89", "my ninety-one year old father", "ninety-one year old"),
        ("AGE_OVER_89", "born in 1929, still drives", "1929"),
        ("DATE", "DOB 3/9/58", "3/9/58"),
        ("DATE", "since 2024-06-01T08:15:00-05:00", "2024-06-01T08:15:00-05:00"),
        ("DATE", "last seen Feb 3rd, A1c 8.1", "Feb 3rd"),
        ("DATE", "seen on 14 March 2023", "14 March 2023"),
        ("DATE", "collected 17-SEP-2023", "17-SEP-2023"),
        ("DATE", "geb. 14.03.1958", "14.03.1958"),
        ("DATE", "stayed 5/12-5/19", "5/12-5/19"),
        ("DATE", "since Christmas Eve", "Christmas Eve"),
        ("DATE", "born on the ninth of March, nineteen fifty-eight", "the ninth of March, nineteen fifty-eight"),
        ("DATE", "appt is Tuesday the 14th", "Tuesday the 14th"),
    ],
)
def test_every_safe_harbor_identifier_is_found(label: str, text: str, expected: str) -> None:
    """45 CFR 164.514(b)(2)(i): with its whole extent, under its label."""
    assert (label, expected) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "How is Wilson's disease different from Parkinson's or Huntington's?",
        "Her Crohn's is flaring and her Parkinson's meds ran out.",
        "Switch Allegra to Claritin; add Lyrica and Januvia.",
        "strength 5/5, pain 7/10, visual acuity 20/40, BP 148/86",
        "take 1/2 tab, oxycodone 5/325, for 6-12 months",
        "55M diagnosed in 2018, day 3 of 5, 3 weeks of pain",
        "T 101.3 HR 112 RR 22 SpO2 91% on 2L",
        "temp 98F, glucose 94, weight 92 kg",
        "ICD-10 E11.65, CPT 99214, LOINC 2345-7, SNOMED 44054006, NDC 0071-0155-23",
        "NCT04280705, PMID 32445440, doi:10.1056/NEJMoa2007764",
        "BRCA1 c.68_69delAG, EGFR L858R, HLA-B27, E. coli O157:H7",
        "call 988 or 911, or 1-800-273-8255, in the UK 116 123",
        "How do I treat Christmas disease?",
        "Will the swelling go down in the spring? I may need a test.",
        "What do ADA 2024 and KDIGO guidelines recommend in Texas?",
        "https://www.nhs.uk/conditions/asthma/",
        "Python 3.11.4 fails on line 1042 with error 0x80070005",
        "Dear [Name], your visit is on [Date].",
        "The patient has a cough and the doctor said to wait.",
    ],
)
def test_what_is_medicine_stays(text: str) -> None:
    """A redacted dose, vital, eponym or help line does harm of its own."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The patient, Holly Reed, 38, was brought in", "Holly Reed"),
        ("71M Walter Finch with dyspnoea", "Walter Finch"),
        ("Seen with Dr. House today", "House"),
        ("Mrs. Bell's palsy has not improved", "Bell"),
        ("Okafor told the nurse about it", "Okafor"),
        ("Grace is 61 and smokes", "Grace"),
        ("pt Turner's fracture is healing", "Turner"),
    ],
)
def test_a_name_that_is_also_a_word_is_found_by_its_cue(text: str, expected: str) -> None:
    """A title, an age, a verb of a person: "Dr. House" is somebody, and so is "Mrs. Bell's palsy"."""
    assert ("NAME", expected) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Does St John's wort interact with warfarin?",
        "started on St. John\u2019s Wort, also saint johns wort and st john\u2019s-wort tea",
        "pt with Crohn's disease and a Foley catheter",
        "her Barrett's esophagus; son has Kabuki syndrome",
        "dual-chamber pacemaker, Medtronic Azure, and a Boston Scientific Accolade",
        "Sodium is 140, INR is 3, Troponin is 12.",
        "58F Coronary Artery bypass, 70M Rheumatoid Arthritis",
        "Dr. Appointment tomorrow; Google told me to rest",
        "They are in Remission. We are in Texas. He was seen in ICU.",
        "How effective is Willow Bark, and Activated Charcoal?",
    ],
)
def test_what_is_called_after_people_or_looks_like_them_stays(text: str) -> None:
    """Herbs, eponyms, device brands, laboratory values: nobody's."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("member ID K5510 20937.", "HEALTH_PLAN", "K5510 20937"),
        ("policy no 71-4402 38, renewed", "HEALTH_PLAN", "71-4402 38"),
        ("Acct# 300-118-2270 41 is due", "ACCOUNT", "300-118-2270 41"),
        ("acct 6620 20 mg daily", "ACCOUNT", "6620"),
        ("MRN 553012 148/86", "MRN", "553012"),
        ("MRN 553012 98.6 F", "MRN", "553012"),
        ("member ID 4471 45F", "HEALTH_PLAN", "4471"),
    ],
)
def test_a_number_is_taken_to_its_end_and_no_further(text: str, label: str, expected: str) -> None:
    """The tail of an id identifies as well as its head; a dose, a pressure or an age behind it is medicine."""
    assert found(text)[0] == (label, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are in Tucson, is there a clinic?", "Tucson"),
        ("I'm now in Leeds", "Leeds"),
        ("Dr. Ames saw him in Omaha.", "Omaha"),
    ],
)
def test_a_town_is_found_behind_being_or_seeing(text: str, expected: str) -> None:
    assert ("LOCATION", expected) in found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She lives at 57 Birch Street.", "57 Birch Street"),
        ("57 Birch St. He walks there", "57 Birch St"),
        ("send it to 57 Birch Ave. Apt 4. Then call", "57 Birch Ave. Apt 4"),
        ("at 57 Birch Ave NE.", "57 Birch Ave NE"),
    ],
)
def test_a_full_stop_belongs_to_the_sentence(text: str, expected: str) -> None:
    assert found(text) == [("ADDRESS", expected)]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "x{}y",
        "mrn{}",
        "https://a.example/{}?q=1",
        "PMID {}",
        "[NAME_1]{}[NAME_1]",
        "{{'a': '{}'}}",
        "doi:10.1000/{}",
        "9{}",
        "{}9",
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_the_canary_is_always_found(text: str, kind: Kind) -> None:
    """The test suite's own id must be caught wherever it is planted."""
    covered = "".join(words for _, words in found(text.format(CANARY), kind))
    assert CANARY in covered


@pytest.mark.parametrize(
    "written",
    [
        "\u200b".join(CANARY),
        "".join(chr(ord(char) + 0xFEE0) for char in CANARY),
        CANARY[:6] + "\u00ad\u2060" + CANARY[6:],
        CANARY[:2] + "".join(chr(0x1D7CE + int(char)) for char in CANARY[2:]),
        CANARY[:2] + "".join(chr(0x0966 + int(char)) for char in CANARY[2:]),
        "ZQ 4829 1300 5517",
    ],
)
def test_writing_tricks_are_undone(written: str) -> None:
    """Zero-width, full-width, mathematical, Devanagari, spaced (EVA-02, EVA-03): removed as one piece."""
    assert found(f"id {written} here") == [("OTHER_ID", written)]


def test_a_name_split_by_invisible_characters_is_taken_whole() -> None:
    text = "patient Lud\u200bmila Bra\u200bndt called"
    assert found(text) == [("NAME", "Lud\u200bmila Bra\u200bndt")]


def test_scanner_noise_does_not_hide_a_date() -> None:
    assert ("DATE", "O3/l4/1971") in found("D0B: O3/l4/1971")


@pytest.mark.parametrize(
    "text",
    ["gpt-4o-2024-08-06", "patient_name", "date_of_birth", "get_weather", "claude-3-5-sonnet-20241022", "o3-mini"],
)
@pytest.mark.parametrize("kind", [Kind.FIXED, Kind.TOKEN])
def test_model_and_field_names_are_nobody(text: str, kind: Kind) -> None:
    """A false find in a string that can't be rewritten would refuse the whole request."""
    assert [label for label, _ in found(text, Kind.FIXED)] == []
    assert "DATE" not in [label for label, _ in found(text, kind)]


@pytest.mark.parametrize(
    "text", ["Maria Lopez", "^Maria Lopez$", "#/$defs/Maria Lopez", "#/properties/Maria Lopez/type"]
)
def test_a_key_that_is_a_whole_name_is_one_in_a_pattern_and_in_a_reference(text: str) -> None:
    assert found(text, Kind.FIXED) == [("NAME", text)]
    assert found(text.replace("Maria Lopez", "Chief Complaint"), Kind.FIXED) == []


@pytest.mark.parametrize("text", ["219-09-9999", "a.b@c.example", "(617) 555-0143", "mrn20417745"])
def test_sure_identifiers_are_found_even_where_nothing_can_be_rewritten(text: str) -> None:
    assert found(text, Kind.FIXED)


def test_a_participant_and_a_tools_value_can_be_a_whole_name() -> None:
    assert found("maria_lopez", Kind.TOKEN) == [("NAME", "maria_lopez")]
    assert found("example_user", Kind.TOKEN) == []
    for whole in ("Maria Lopez", "Lopez, Maria", "MariaLopez"):
        assert found(whole, Kind.TOKEN) == [("NAME", whole)]
    for other in ("Chief Complaint", "DarkBlue", "CheckoutFlow", "GetPatient", "Vital Signs", "call_9fK2", "user-42"):
        assert found(other, Kind.TOKEN) == []
    assert found("Maria Lopez", Kind.DATA, Role.TOOL) == [("NAME", "Maria Lopez")]
    assert found("Patient Name", Kind.DATA, Role.TOOL) == []


@pytest.mark.parametrize(
    "text",
    [
        "[NAME_1] (MRN [MRN_1]) was seen on [DATE_2: 3 days after DATE_1] by Dr. [NAME_2], aged [AGE_1: over 89].",
        "[NAME removed] called [PHONE removed]; my name is [NAME_3], patient NAME_1",
        "Dear [NAME_1],\nsee you on [DATE_12: 14203 days before DATE_1].\nThanks,\n[NAME_2]",
        "[NAME_2: part of NAME_1] came with [NAME_1]'s mother, **[NAME_3]**",
        "member id [HEALTH_PLAN_1], lives at [ADDRESS_1], [LOCATION_2]",
    ],
)
def test_our_own_placeholders_are_nobody(text: str) -> None:
    """Inspecting our own output again finds nothing (design §5, law 6)."""
    assert found(text) == found(text, answer=True) == []


def test_findings_are_in_order_inside_the_text_and_never_overlap() -> None:
    text = "Dr. Ann Lee, NPI 1234567893, 418 Larkspur Ln, Dayton, OH 45419, ann.lee@x.example, 617-555-0143, " * 5
    spans = [finding.span for finding in findings(text)]
    assert spans
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert {finding.label for finding in findings(text)} <= set(LABELS)


@pytest.mark.case("NLP-06")
def test_the_same_text_always_gives_the_same_findings() -> None:
    """NLP-06."""
    text = "pt Ludmila Brandt, MRN 00731245, seen 3/9/2024, IBAN DE89 3704 0044 0532 0130 00"
    assert len({tuple(findings(text)) for _ in range(20)}) == 1


def test_no_network_is_ever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio's e-mail check would fetch a list from the internet at its first use."""

    def refuse(*_: object) -> None:
        raise AssertionError("the rail opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fresh = build(PhiSettings(this_year=2025))
    assert list(fresh.inspect(Window("x@y.example, 078 05 1120, 4111111111111111, a@b.co.uk"), About()))


@pytest.mark.case("NLP-02")
def test_a_pattern_that_takes_too_long_is_an_error_and_not_a_gap() -> None:
    """Presidio would log a warning and go on without the pattern; the text would leave unchecked."""
    rail()
    with pytest.raises(RailFailed) as caught:
        logging.getLogger("presidio-analyzer").warning(
            "Regex pattern '%s' timed out after %s seconds, skipping.", "x", 1
        )
    assert "timed out" not in str(caught.value)


@pytest.mark.case("NLP-07")
def test_nothing_of_a_text_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    findings("my name is Ottoline Quist, card 4111 1111 1111 1111, ottoline@x.example")
    assert "Quist" not in caplog.text
    assert "4111" not in caplog.text


def test_settings_load_without_presidio_or_spacy() -> None:
    """The proxy process reads policies and must stay light."""
    code = "import sys, guardrail.rails.phi; print(sorted({'spacy', 'presidio_analyzer'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_unknown_settings_are_refused_and_known_ones_hold() -> None:
    with pytest.raises(ValidationError):
        PhiSettings.model_validate({"min_scor": 0.5})
    strict = build(PhiSettings(min_score=0.99, reach=7, presidio=False))
    assert strict.reach == Reach(7)
    assert not list(strict.inspect(Window("her husband, Anselm, drives"), About()))


PIECES = st.sampled_from(
    ["Dr. ", "MRN ", "Anna ", "[NAME_1] ", "12/", "1", "\u200b", "@x.de ", "ﬁ", "my son ", "\n", "phone ", "王"]
)


@pytest.mark.case("NLP-01")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map("".join), st.sampled_from(Kind))
def test_whatever_the_text_the_findings_are_sound(text: str, kind: Kind) -> None:
    """Inside the text, not empty, known labels, scores from 0 to 1, no overlaps (NLP-01)."""
    end = 0
    for finding in findings(text, About(kind=kind)):
        assert end <= finding.span.start < finding.span.end <= len(text)
        assert finding.label in LABELS
        assert 0 < finding.score <= 1
        end = finding.span.end


@pytest.mark.parametrize("escape", [r"\n", r"\t", r"\r\n", r"\\n", r"\u000a", r"\u00a0", r"\""])
@pytest.mark.parametrize(
    ("label", "value", "before"),
    [
        ("MRN", "7719043", "MRN: "),
        ("ADDRESS", "48 Willow Street", ""),
        ("ACCOUNT", "4111 1111 1111 1111", ""),
        ("ACCOUNT", "90417726", "Account "),
        ("NAME", "Ada Quill", "Dr. "),
        ("OTHER_ID", "ZQ902817364512", ""),
    ],
)
def test_a_written_out_escape_hides_nothing(escape: str, label: str, value: str, before: str) -> None:
    """Logs and JSON that are pasted as text: the sign before a value is read as what it stands for."""
    assert (label, value) in found(f"log:{escape}{before}{value}{escape}end")


def test_letters_written_as_escapes_are_read() -> None:
    """The whole of what was written is replaced."""
    assert ("NAME", r"Ren\u00e9e M\u00fcller") in found(r"{\"patient name\": \"Ren\u00e9e M\u00fcller\"}")
    assert found(r"note \u005a\u0051902817364512") == [("OTHER_ID", r"\u005a\u0051902817364512")]
    assert ("OTHER_ID", r"\u005A\u0051902817364512") in found("\u00a0" + r"\u005A\u0051902817364512")


@pytest.mark.parametrize(
    "text", [r"C:\temp\new", r"open C:\reports\notes\trend.csv", r"\\server\nurse\tools", r"5 \times 10^3 \text{mg}"]
)
def test_paths_and_formulas_are_nobody(text: str) -> None:
    """A backslash before a letter is not always an escape, and what it leaves is no finding."""
    assert found(text) == []


def test_a_file_name_that_tells_of_somebody_is_taken_whole() -> None:
    """FLD-10: a name without a space beside a number is easily missed."""
    assert found("JaneDoe_MRN123.pdf", Kind.DATA) == [("MRN", "JaneDoe_MRN123.pdf")]
    assert found("ward_list_2024.pdf", Kind.DATA) == []


@pytest.mark.parametrize("text", ["| SSN | 219 | 09 | 9999 |", "ssn,219,09,9999", "SSN: 219; 09; 9999"])
def test_a_number_in_cells_behind_its_cue(text: str) -> None:
    """EVA-08."""
    assert [label for label, _ in found(text)] == ["SSN"]


@pytest.mark.parametrize("key", ["Maria Quill", "Ingrid Halvorsen", "Quill, Maria", "Bob Miller"])
def test_a_name_as_a_key_is_refused(key: str) -> None:
    """It can't be replaced, so nothing may be sent (the request is refused, naming the field)."""
    assert found(key, Kind.FIXED) == [("NAME", key)]


@pytest.mark.parametrize(
    "key",
    [
        "Chief Complaint", "Blood Pressure", "Free Text", "Serum Creatinine", "Next Steps", "Operating Income",
        "Brand Voice", "Cranial Nerves", "maria", "Maria", "patient_name", "Content-Type", "gpt-4o mini",
    ],
)  # fmt: skip
def test_headings_as_keys_pass(key: str) -> None:
    assert found(key, Kind.FIXED) == []


def test_a_heading_in_an_answer_never_stops_it() -> None:
    """Only what goes to the provider is refused; what the model calls its own fields stays."""
    assert found("Maria Quill", Kind.FIXED, answer=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "Call NHS 111 now.", "Dial the NHS number 111.", "NHS 999", "FEV1 42%", "FEV 1 was 42%", "MAR 12 doses",
        "SEPT 5 L", "apr 10 mL", "May 2 tablets daily", "Naloxone works fast; give naloxone.", "Metformin works well.",
        "Sertraline works slowly.", "Ibuprofen works for pain.", "CBT works.", "Help works.", "Label says 5 mg.",
        "Halten Sie Abstand von allem", "Sagen Sie Ihrem Arzt Bescheid.", "die Tablette von Montag", "OE R. Cipro",
        "R. Hemiparesis", "Pt J. Tube in place",
    ],
)  # fmt: skip
def test_help_lines_doses_and_drugs_stay(text: str) -> None:
    """What a reader needs, and what only looks like somebody's."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("MRN", "NHS 943 476 5919", "943 476 5919"),
        ("MRN", "NHS no. 111 222 3333", "111 222 3333"),
        ("DATE", "Seen MAR12 2024", "MAR12 2024"),
        ("DATE", "on Mar 12 tablets were stopped", "Mar 12"),
        ("DATE", "Seen Mar 12 L hip pain", "Mar 12"),
        ("DATE", "consulta 5 fev 2024", "5 fev 2024"),
        ("DATE", "5 fev 1 comprimido", "5 fev"),
        ("NAME", "Priyanka works at Tesco.", "Priyanka"),
        ("NAME", "Okafor works as a nurse.", "Okafor"),
        ("NAME", "Okafor lives in Leeds.", "Okafor"),
        ("NAME", "heute kam Klaus von Bergen zu uns", "Klaus von Bergen"),
        ("NAME", "call R. Thomas today", "R. Thomas"),
    ],
)
def test_what_stands_beside_them_is_still_found(label: str, text: str, expected: str) -> None:
    """The other side of the same rules."""
    assert (label, expected) in found(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("dob 1962-3-4T00:00", "DATE"),
        ("J<b>oh</b>n Sm<i>it</i>h was admitted", "NAME"),
        ("Patient **Jo**hn **Smi**th", "NAME"),
        ("SSN **219**-09-**9999**", "SSN"),
        ("SSN 219-<b>09</b>-9999", "SSN"),
    ],
)
def test_markup_inside_a_value_hides_nothing(text: str, label: str) -> None:
    """One finding, from the first to the last of its letters and digits."""
    assert [each for each, _ in found(text)][:1] == [label]
    (start, end) = (findings(text)[0].span.start, findings(text)[-1].span.end)
    assert not any(part in text[:start] + text[end:] for part in ("oh", "it</i>h", "Smi", "219", "9999", "1962"))


@pytest.mark.parametrize("text", ["x**2 and 2*3*4", "take **5 mg** daily", "<b>Chest pain</b> since <i>noon</i>"])
def test_markup_between_words_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_long_window_is_read_in_parts_and_nothing_is_lost_between_them() -> None:
    """Every finding of 40,000 code points is that of the sentence alone, wherever a part ends."""
    sentence = "Pt Tamsin Okafor (MRN 00731245) was seen on 3/14/2024 and takes aspirin. "
    alone, everywhere = found(sentence), found(sentence * 540)
    for finding in (("MRN", "00731245"), ("NAME", "Tamsin Okafor"), ("DATE", "3/14/2024")):
        assert alone.count(finding) == 1
        assert everywhere.count(finding) == 540


KOREAN = "환자 김민수 님은 어제부터 열이 나고 기침을 합니다 내일 다시 오세요"


def test_a_question_in_a_script_that_nothing_was_trained_on_is_refused() -> None:
    """On doubt nothing leaves: names would be missed there. The error holds no word of it."""
    with pytest.raises(RailFailed) as caught:
        findings(KOREAN)
    assert caught.value.code == "unknown_script"
    assert "김" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["Pt 김민수 (Kim Min-su), 44M, with gout and hypertension", "α-blocker, β2 agonist, 5 μg", "患者发烧38.5度2天"],
)
def test_a_word_in_another_script_is_no_other_language(text: str) -> None:
    findings(text)


def test_a_word_in_a_script_that_nobody_can_read_may_be_a_name() -> None:
    """On doubt nothing leaves; Greek letters as symbols do."""
    assert ("NAME", "김민수") in found("Pt 김민수 has had a fever for three days and takes β-blockers, αβγ.")
    assert found("α-blocker, β2 agonist, 5 μg") == []
    assert ("NAME", "김민준") in found("김민준")


def test_a_policy_may_have_it_read_all_the_same() -> None:
    build(PhiSettings(unknown_scripts="read")).inspect(Window(KOREAN), About())
