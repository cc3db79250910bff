"""Columns of a table say what their cells are: quoted, ragged, narrow, with any line end; sentences are no tables."""

from __future__ import annotations

import pytest

from guardrail.rails.phi_tables import find_in_tables
from guardrail.rails.phi_text import Words


def cells(text: str) -> list[tuple[str, str]]:
    return [(hit.label, text[hit.start : hit.end]) for hit in find_in_tables(Words.of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name,dx,note\n"Obi, Ada",flu,ok\n', [("NAME", "Obi, Ada")]),
        ("name,dx\nObi,flu\nEze,cough", [("NAME", "Obi"), ("NAME", "Eze")]),
        ("1,name,dx\n1,Obi,flu", [("NAME", "Obi")]),
        ("name,dx,note\rObi,flu,ok\r", [("NAME", "Obi")]),
        ("patient;dx;note\nObi;flu;a;b", [("NAME", "Obi")]),
        ("mrn\tssn\tx\n12345678\t219099999\t2024561111", [("MRN", "12345678"), ("SSN", "219099999")]),
        ("pt_id|dob|age\nAB-1207|04APR1931|92", [("MRN", "AB-1207"), ("DATE", "04APR1931"), ("AGE_OVER_89", "92")]),
        ("who,drug\nEze Obi Ada,x\nnone,y", [("NAME", "Eze Obi Ada")]),
        ("name,dose\nlisinopril,20", []),
        ("year,date,age\n2019,2019,45", []),
        ("Dear doctor, the name is fine\nI know, we are ok", []),
        ("Ward 6, pager 218-555-0100, printed\n1) on Bumex 0.5 mg/h, net 1.8 L, K 3.4", []),
    ],
)  # fmt: skip
def test_cells_are_read_by_their_heading(text: str, expected: list[tuple[str, str]]) -> None:
    assert cells(text) == expected
