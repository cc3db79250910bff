"""Finds identifiers by the heading of their column: CSV, TSV, semicolons, bars (EVA-09). Knows no cue inside a cell.

A table is a heading and at least one row with as many cells. A cell counts under its heading's label only if it can be
such a value: a date has digits, an age is over 89, a name has letters and nothing of an everyday code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from guardrail.rails.phi_text import Hit, Words, digits

_SCORE: Final = 0.85
_LEAST_CELLS: Final = 3
_MOST_CELLS: Final = 60
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
_LINE: Final = re.compile(r"[^\n]+")
_A_NAME: Final = re.compile(r"[^\W\d_]+(?:[ .,'^-]{1,2}[^\W\d_]*){0,6}")
_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_A_DATE: Final = re.compile(r"\d{1,4}[-/. ]?[A-Za-z\d]{1,9}[-/. ]?\d{0,4}(?:[T ].*)?")
_EMPTY: Final = frozenset({"", "na", "none", "null", "unknown", "n/a", "nan", "nil", "tbd"})


def find_in_tables(words: Words) -> Iterator[Hit]:
    """The cells of a person's columns."""
    text = words.text
    if "\n" not in text:
        return
    labels: list[str] = []
    separator = ""
    for line, after in pairwise([*_LINE.finditer(text), None]):
        assert line is not None
        if labels and line[0].count(separator) == len(labels) - 1:
            yield from _row(line, separator, labels)
        elif after is not None:
            separator, labels = _heading(line[0], after[0])


def _heading(line: str, below: str) -> tuple[str, list[str]]:
    """The separator and the label of each column ("" for none); no labels if this is no heading."""
    for separator in ",;\t|":
        cells = line.split(separator)
        if _LEAST_CELLS <= len(cells) <= _MOST_CELLS and below.count(separator) == len(cells) - 1:
            labels = [_HEADINGS.get(_NOT_LETTER.sub("", cell.lower()), "") for cell in cells]
            if any(labels) and not any(char.isdigit() for char in line):
                return separator, labels
    return "", []


def _row(line: re.Match[str], separator: str, labels: list[str]) -> Iterator[Hit]:
    at = line.start()
    for cell, label in zip(line[0].split(separator), labels, strict=True):
        value = cell.strip(" \"'\r")
        if label and len(value) <= _LONGEST_CELL and _can_be(label, value):
            start = at + cell.index(value)
            yield Hit(start, start + len(value), label, _SCORE)
        at += len(cell) + 1


def _can_be(label: str, value: str) -> bool:
    if value.lower() in _EMPTY:
        return False
    number = digits(value)
    match label:
        case "NAME":
            return bool(_A_NAME.fullmatch(value))
        case "DATE":
            return bool(number) and not _A_YEAR.fullmatch(value) and bool(_A_DATE.fullmatch(value))
        case "AGE_OVER_89":
            return value.isdigit() and 89 < int(value) < 130
        case "LOCATION":
            return not number
        case "EMAIL":
            return "@" in value
        case _:
            return len(number) >= 2
