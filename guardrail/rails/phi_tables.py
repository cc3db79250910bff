"""Finds identifiers by the heading of their column: CSV, TSV, semicolons, bars (EVA-09). Knows no cue inside a cell.

A table is a heading and at least one row with as many cells. A cell counts under its heading's label only if it can be
such a value: a date has digits, an age is over 89, a name has letters and nothing of an everyday code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from guardrail.rails.phi_medicine import is_medicine
from guardrail.rails.phi_text import Hit, Words, digits

_SCORE: Final = 0.97  # a heading knows better what its numbers are than their shapes do
_MOST_CELLS: Final = 400
_RAGGED: Final = 2  # cells that a row may have too many or too few
_LONGEST_CELL: Final = 60
_HEADINGS: Final[Mapping[str, str]] = {
    name: label
    for label, names in {
        "NAME": "name names patient patientname patname ptname pt who first last firstname lastname fname lname"
        " forename surname given family middle initials init provider clinician physician doctor nurse attending"
        " surgeon nok contact mother father spouse guardian fullname displayname signedby enteredby collectedby"
        " rn md nombre apellidos paciente nom patiente vorname nachname patientin nome cognome sobrenome jina imię",
        "DATE": "date dob birthdate birthday dateofbirth dod admitted admit admission discharged discharge visit start"
        " stop end started stopped collected received reported drawn seen appt appointment dos servicedate fecha datum"
        " data nascimento nacimiento naissance geburtsdatum tarehe",
        "MRN": "mrn record chart chartno recordno medrec hospno nhs nhc ipp prontuário ptid patientid pid",
        "SSN": "ssn socialsecurity sin",
        "PHONE": "phone tel telephone mobile cell cellphone phoneno homephone workphone pager telefono telefon",
        "FAX": "fax faxno",
        "EMAIL": "email mail",
        "ADDRESS": "address addr street zip zipcode postcode postal postalcode plz cep direccion adresse",
        "LOCATION": "city town county suburb ciudad ville ort cidade città",
        "HEALTH_PLAN": "memberid member policy policyno policynumber planid insuranceid groupno subscriberid mbi",
        "ACCOUNT": "account acct acctno accountno accountnumber",
        "LICENSE": "npi dea licence license licenseno",
        "AGE_OVER_89": "age ageyears edad alter âge idade età",
        "OTHER_ID": "subject subjectid caseid claim claimno claimid accession accessionno orderid encounter csn badge"
        " specimenid username login",
    }.items()
    for name in names.split()
}
_NOT_LETTER: Final = re.compile(r"[^a-zà-ÿ]")
_LINE: Final = re.compile(r"[^\r\n]+")
_LONGEST_HEADING: Final = 40
_NO_NAME: Final = re.compile(r"\d{4}|[@=<>%]|https?:")
_A_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_A_DATE: Final = re.compile(r"\d{1,4}[-/. ]?[A-Za-z\d]{1,9}[-/. ]?\d{0,4}(?:[T ].*)?")
_EMPTY: Final = frozenset({"", "na", "none", "null", "unknown", "n/a", "nan", "nil", "tbd"})


def find_in_tables(words: Words) -> Iterator[Hit]:
    """The cells of a person's columns."""
    text = words.text
    if "\n" not in text and "\r" not in text:
        return
    lines = list(_LINE.finditer(text))
    labels: list[str] = []
    separator = ""
    for at, line in enumerate(lines):
        if labels and (cells := _cells(line[0], separator)) and abs(len(cells) - len(labels)) <= _RAGGED:
            yield from _row(line.start(), cells, labels)
        elif at + 1 < len(lines):
            separator, labels = _heading(line[0], lines[at + 1][0])


def _cells(line: str, separator: str) -> list[tuple[int, str]]:
    """Where each cell begins and what it is; a separator inside double quotes separates nothing (RFC 4180)."""
    if '"' not in line:
        cells, at = [], 0
        for cell in line.split(separator):
            cells.append((at, cell))
            at += len(cell) + 1
        return cells if len(cells) > 1 else []
    cuts, quoted = [-1], False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == separator and not quoted:
            cuts.append(at)
    cuts.append(len(line))
    return [(one + 1, line[one + 1 : other]) for one, other in pairwise(cuts)] if len(cuts) > 2 else []


def _heading(line: str, below: str) -> tuple[str, list[str]]:
    """The separator and the label of each column ("" for none); no labels if this is no heading."""
    for separator in ",;\t|":
        cells = [cell.strip(" \"'") for _, cell in _cells(line, separator)]
        if not 2 <= len(cells) <= _MOST_CELLS or max(map(len, cells)) > _LONGEST_HEADING:
            continue
        labels = [_label(cell) for cell in cells]
        if any(labels) and abs(len(_cells(below, separator)) - len(cells)) <= _RAGGED and _is_heading(cells, labels):
            return separator, labels
    return "", []


def _label(heading: str) -> str:
    """Of a column; "pager 218-555-0100" heads none."""
    return "" if len(digits(heading)) > 1 else _HEADINGS.get(_NOT_LETTER.sub("", heading.lower()), "")


def _is_heading(cells: Sequence[str], labels: Sequence[str]) -> bool:
    """Few columns have headings of a word or two: "Dear doctor, the name, ..." is a sentence."""
    return len(cells) > 3 or all(len(cell.split()) <= 2 for cell in cells) or sum(map(bool, labels)) * 2 > len(cells)


def _row(start: int, cells: Sequence[tuple[int, str]], labels: Sequence[str]) -> Iterator[Hit]:
    for (at, cell), label in zip(cells, labels, strict=False):
        value = cell.strip(" \"'")
        if label and len(value) <= _LONGEST_CELL and _can_be(label, value):
            begin = start + at + cell.index(value)
            yield Hit(begin, begin + len(value), label, _SCORE)


def _can_be(label: str, value: str) -> bool:
    if value.lower() in _EMPTY:
        return False
    number = digits(value)
    match label:
        case "NAME":
            return any(map(str.isalpha, value)) and not _NO_NAME.search(value) and not is_medicine(value.lower())
        case "DATE":
            return bool(number) and not _A_YEAR.fullmatch(value) and bool(_A_DATE.fullmatch(value))
        case "AGE_OVER_89":
            return value.isdigit() and 89 < int(value) < 130
        case "LOCATION":
            return not number
        case "EMAIL":
            return "@" in value
        case "ADDRESS":
            return len(number) >= 2
        case _:
            return len(number) >= 2 and len(_A_WORD.findall(value)) <= 2
