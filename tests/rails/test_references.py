# ruff: noqa: E501, RUF001 - marks in several scripts
"""References in answers: real ones stay as they are, invented and impossible ones are marked, nothing is removed."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.worker import InlineInspector
from guardrail.errors import PolicyError
from guardrail.policy.load import load_policy
from guardrail.rails import references
from guardrail.rails.base import About, Window
from guardrail.rails.data.claim_texts import UNVERIFIED
from guardrail.rails.reference_ids import normal
from guardrail.text import Action, Direction, Finding, Kind, Role, Segment

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
MARK = UNVERIFIED["en"]
PACE = Pace(80, 240, 160, 4096)  # that of answers

REAL = (
    "10.1056/NEJMoa2021436",  # RECOVERY, dexamethasone
    "10.1016/S0140-6736(20)30183-5",  # Huang et al., a suffix with brackets
    "10.1001/jama.2016.0287",  # Sepsis-3
    "10.1038/nature14539",
    "10.1136/bmj.n71",  # PRISMA 2020
    "doi:10.1371/journal.pmed.1000097",
    "PMID: 32678530",
    "PMID 26903338",
    "PMC7383595",
    "NCT04381936",  # RECOVERY
    "NCT04280705",  # ACTT-1
    "ISRCTN50189673",
    "EudraCT 2020-001113-21",
    "ISBN 978-3-16-148410-0",
    "ISBN 0-306-40615-2",
    "ISSN 0028-4793",
    "arXiv:1706.03762",
    "ORCID 0000-0002-1825-0097",
    "NICE guideline NG136",
    "WHO/HTM/TB/2014.11",
)
INVENTED = (
    "10.1056/NEJMoa9999123",
    "10.1016/S0140-6736(39)90123-4",
    "10.9999/cardio.2031.77",
    "10.1136/bmj.zz98765",
    "doi:10.12/abc123",
    "DOI: NEJMoa2021436",
    "PMID: 99123456",
    "PMID: 012345",
    "PMID 1234567890",
    "PMC99887766",
    "NCT09999123",
    "NCT1234567",
    "NCT123456789",
    "ISRCTN9999",
    "EudraCT 1987-001113-21",
    "ISBN 978-3-16-148410-1",
    "ISSN 0028-4794",
    "arXiv:2313.01234",
    "ORCID 0000-0002-1825-0098",
    "WHO/XYZ/2031.987",
)
IMPOSSIBLE = {
    "doi:10.12/abc123", "DOI: NEJMoa2021436", "PMID: 012345", "PMID 1234567890", "NCT1234567", "NCT123456789",
    "ISRCTN9999", "EudraCT 1987-001113-21", "ISBN 978-3-16-148410-1", "ISSN 0028-4794", "arXiv:2313.01234",
    "ORCID 0000-0002-1825-0098",
}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "known.txt"
    path.write_text("# what this clinic has checked\n\n" + "\n".join(REAL) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rail(index: Path) -> references.References:
    return references.build(references.ReferenceSettings(index=str(index)))


EMPTY = references.build(references.ReferenceSettings())


def found(text: str, rail: references.References = EMPTY, *, about: About = ANSWER) -> list[Finding]:
    return list(rail.inspect(Window(text, 0, True), about))


def labels(text: str, rail: references.References = EMPTY) -> list[str]:
    return [finding.label for finding in found(text, rail)]


def chain_of(rail: references.References) -> Chain:
    words = references.rewriter(references.ReferenceSettings())
    rule = Rule(
        rail="references", action=Action.WARN, labels={"verified": Action.ALLOW}, rewriter=words, local=rail,
        roles=frozenset({Role.ASSISTANT}),
    )  # fmt: skip
    return Chain([rule], InlineInspector({}), PACE)


def marked(text: str, rail: references.References = EMPTY, language: str = "en") -> str:
    about = About(Direction.RESPONSE, Role.ASSISTANT, language=language)
    return asyncio.run(chain_of(rail).run(Segment("/0", Role.ASSISTANT, text), about)).text


def streamed(text: str, places: list[int], rail: references.References = EMPTY) -> str:
    async def run() -> str:
        opened = chain_of(rail).open(ANSWER)
        ends = [0, *sorted(min(place, len(text)) for place in places), len(text)]
        out = []
        for a, b in pairwise(ends):
            out += await opened.feed(text[a:b])
        return "".join(each.text for each in out + await opened.flush())

    return asyncio.run(run())


# --- WHO-40: 20 real, 20 invented ---


@pytest.mark.parametrize("reference", REAL)
def test_a_real_reference_in_the_index_is_left_alone(reference: str, rail: references.References) -> None:
    text = f"The evidence is strong ({reference}). It was published, see {reference}, and discussed."
    assert labels(text, rail) == ["verified"]
    assert marked(text, rail) == text


@pytest.mark.parametrize("reference", INVENTED)
def test_an_invented_reference_is_marked_and_not_removed(reference: str, rail: references.References) -> None:
    text = f"The evidence is strong, see {reference}. Rest well."
    assert labels(text, rail) == ["invalid" if reference in IMPOSSIBLE else "unresolved"]
    assert marked(text, rail) == text.replace(reference, reference + MARK)


@pytest.mark.parametrize("reference", REAL)
def test_without_an_index_nothing_counts_as_verified_and_no_real_one_as_impossible(reference: str) -> None:
    assert labels(f"See {reference}.") == ["unresolved"]
    assert marked(f"See {reference}.") == f"See {reference}{MARK}."


def test_a_reference_at_the_very_end_of_an_answer_is_marked() -> None:
    assert marked("See NCT09999123") == "See NCT09999123" + MARK
    assert streamed("See NCT09999123", [3, 8]) == "See NCT09999123" + MARK


# --- forms ---


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("https://doi.org/10.1056/NEJMoa2021436", "doi:10.1056/nejmoa2021436"),
        ("http://dx.doi.org/10.1056%2FNEJMoa2021436", "doi:10.1056/nejmoa2021436"),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa2021436", "doi:10.1056/nejmoa2021436"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/abc.123/full", "doi:10.1002/abc.123"),
        ("DOI 10.1056/NEJMoa2021436", "doi:10.1056/nejmoa2021436"),
        ("**DOI:** 10.1056/NEJMoa2021436", "doi:10.1056/nejmoa2021436"),
        ("https://pubmed.ncbi.nlm.nih.gov/32678530/", "pmid:32678530"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7383595/", "pmc7383595"),
        ("PMCID: PMC7383595", "pmc7383595"),
        ("https://clinicaltrials.gov/study/NCT04381936", "nct04381936"),
        ("https://www.isrctn.com/ISRCTN50189673", "isrctn50189673"),
        ("EudraCT number: 2020-001113-21", "eudract2020-001113-21"),
        ("EU CT 2022-500024-30-00", "eudract2022-500024-30-00"),
        ("ISBN-10: 0-306-40615-2", "isbn9780306406157"),
        ("ISBN 978 0 306 40615 7", "isbn9780306406157"),
        ("ISSN: 2049-3630", "issn20493630"),
        ("https://arxiv.org/abs/1706.03762v5", "arxiv:1706.03762"),
        ("arXiv:hep-th/9901001", "arxiv:hep-th/9901001"),
        ("https://orcid.org/0000-0002-1825-0097", "orcid0000000218250097"),
        ("https://www.nice.org.uk/guidance/ng136", "nice:ng136"),
        ("NICE CG 181", "nice:cg181"),
        ("NG136 (NICE, 2019)", "nice:ng136"),
        ("WHO/2019-nCoV/clinical/2021.1", "who/2019-ncov/clinical/2021.1"),
    ],
)
def test_one_reference_has_one_id_however_it_is_written(written: str, id: str) -> None:
    assert normal(written) == id
    assert labels(f"Source: {written}.", references.References(frozenset({id}))) == ["verified"]


@pytest.mark.parametrize(
    "text",
    [
        "Take 10.5 mg/day for 10 days.",
        "A ratio of 10.5/2 is normal; the score was 10.2500.",
        "DOI: pending. PMID: none. ISBN unknown.",
        "Call 0800 1111 or 555-1234.",
        "Blood pressure 120/80 on 2020-01-11.",
        "The nice ward has 20 beds; it is nice that NG tubes are soft.",
        "Who/what is it? The WHO advises rest.",
        "Version 2.0.1 of the ISBN standard.",
        "The arXiv is a server. An ORCID iD names a person.",
        "Check the pH: 7.35/7.45 and the ISSN of the journal.",
        "She weighs 10.1234 kg / 22 lb.",
        "NCT stands for national clinical trial.",
    ],
)
def test_what_is_no_reference_is_not_marked(text: str) -> None:
    assert not found(text)
    assert marked(text) == text


# --- where the mark goes ---


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("See [the trial](https://doi.org/10.9999/x.1) now.", "See [the trial](https://doi.org/10.9999/x.1)@ now."),
        ("See [10.9999/x.1](https://x.example/a) now.", "See [10.9999/x.1](https://x.example/a)@ now."),
        ("See <https://doi.org/10.9999/x.1>.", "See <https://doi.org/10.9999/x.1>@."),
        ("(https://x.example/10.9999/x.1?view=a)", "(https://x.example/10.9999/x.1?view=a@)"),
        ("See https://doi.org/10.9999/x.1.", "See https://doi.org/10.9999/x.1@."),
        ("See `NCT09999123` there.", "See `NCT09999123`@ there."),
        ("见10.9999/x.1。多喝水。", "见10.9999/x.1@。多喝水。"),
        ('<a href="https://doi.org/10.9999/x.1">Lee</a>.', '<a href="https://doi.org/10.9999/x.1">Lee</a>@.'),
        ("1. NCT09999123\n2. PMID: 99123456\n", "1. NCT09999123@\n2. PMID: 99123456@\n"),
        ("[Lee](https://doi.org/10.1016/S0140-6736(39)90123-4).", "[Lee](https://doi.org/10.1016/S0140-6736(39)90123-4)@."),
    ],
)  # fmt: skip
def test_the_mark_stands_behind_the_link_never_in_it(text: str, after: str) -> None:
    assert marked(text) == after.replace("@", MARK)


def test_a_code_block_is_left_alone() -> None:
    text = "Use this:\n```\ncurl https://doi.org/10.9999/x.1\n```\nDone."
    assert marked(text) == text


def test_a_reference_is_marked_once() -> None:
    assert marked("NCT09999123 is good. See NCT09999123.").count(MARK) == 1


@pytest.mark.parametrize(
    "text",
    [
        "NCT09999123 (could not be verified) is one.",
        "I could not verify this: NCT09999123.",
        "NCT09999123 may not exist.",
        "NCT09999123 (nicht überprüft).",
        "NCT09999123 (no se pudo verificar).",
        "NCT09999123（无法核实）。",
        "NCT09999123 has not been independently confirmed.",
    ],
)
def test_what_is_said_to_be_unverified_is_not_marked_again(text: str) -> None:
    assert marked(text) == text


def test_doubt_about_another_sentence_does_not_count() -> None:
    assert MARK in marked("The dose could not be verified. See NCT09999123.")


@pytest.mark.parametrize("language", sorted(UNVERIFIED))
def test_the_mark_is_in_the_readers_language_and_marked_text_is_stable(language: str) -> None:
    after = marked("NCT09999123: 10 mg.", language=language)
    assert after == f"NCT09999123{UNVERIFIED[language]}: 10 mg."
    assert marked(after, language=language) == after


def test_only_answers_of_the_assistant_are_looked_at() -> None:
    assert not found("NCT09999123", about=About(Direction.REQUEST, Role.USER))
    assert not found("NCT09999123", about=About(Direction.RESPONSE, Role.TOOL))
    assert not found("NCT09999123", about=About(Direction.RESPONSE, Role.ASSISTANT, Kind.DATA))


# --- settings ---


def test_marks_without_one_of_the_languages_are_refused() -> None:
    with pytest.raises(ValidationError, match="no text for sw"):
        references.ReferenceSettings(marks={k: v for k, v in UNVERIFIED.items() if k != "sw"})
    with pytest.raises(ValidationError):
        references.ReferenceSettings(marks=dict(UNVERIFIED) | {"en": "(no space)"})


def test_an_index_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"absent\.txt"):
        references.build(references.ReferenceSettings(index=str(tmp_path / "absent.txt")))
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match=r"binary\.txt"):
        references.build(references.ReferenceSettings(index=str(tmp_path / "binary.txt")))


POLICY = """\
name: here
version: 1
extends: [baseline]
rails:
  - {rail: references, response: warn, labels: {response: {verified: allow}}, settings: {index: known.txt}}
"""


def test_a_policy_names_its_index_from_its_own_folder(tmp_path: Path, index: Path) -> None:
    (tmp_path / "here.yaml").write_text(POLICY)
    with pytest.raises(PolicyError, match=r"here\.yaml:5: rails\[0\]\.settings\.index: no such file"):
        load_policy(tmp_path / "here.yaml")
    (tmp_path / "known.txt").write_text(index.read_text())
    rule = load_policy(tmp_path / "here.yaml").policy.rule("references")
    assert rule is not None
    assert rule.settings["index"] == str(tmp_path / "known.txt")


# --- laws ---

PIECES = [
    *REAL[:5], *INVENTED[:8], "https://doi.org/", "[a](https://doi.org/10.9999/q)", "`", "```\n", ". ", ".\n", "\n", " ",
    "PMID:", "32678530", "ISBN", "978-3-16", "NCT", "(could not be verified)", "the evidence is weak and so on", "。", "10.",
    "not verified", "word " * 30, "x" * 120,
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda parts: st.sampled_from([" ", "", ". "]).map(lambda glue: glue.join(parts))
)


@given(text=texts, places=st.lists(st.integers(0, 600), max_size=8))
@settings(max_examples=250, deadline=None)
def test_streamed_is_whole(text: str, places: list[int]) -> None:
    """However the words arrive, the reader gets the same marks."""
    expected = marked(text)
    assert streamed(text, places) == expected
    assert streamed(text, list(range(len(text)))) == expected


@given(text=texts)
@settings(max_examples=250, deadline=None)
def test_nothing_but_marks_is_added_and_nothing_is_taken(text: str) -> None:
    after = marked(text)
    assert after.replace(MARK, "") == text.replace(MARK, "")


@given(st.text(alphabet="10./doipmcnsrt:-xX 9\n[]()`", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_characters_are_read_without_error_and_stay(text: str) -> None:
    assert marked(text).replace(MARK, "") == text
