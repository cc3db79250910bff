"""The page: whole in itself, readable for everybody, and with everything in it that the document holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from guardrail.record.entry import Code, Outcome
from guardrail.report.page import render
from guardrail.report.sheet import Integrity
from tests.report.conftest import ABOUT, collect, report_of
from tests.report.records import exchanges, row

DIGEST = "5d" * 32
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Read(HTMLParser):
    """Tags, attributes, ids, and the words outside of styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


@pytest.fixture(scope="module")
def page(report: dict[str, Any]) -> str:
    return render(report, DIGEST)


@pytest.fixture(scope="module")
def parsed(page: str) -> Read:
    return Read(page)


def test_nothing_is_loaded_and_nothing_runs(page: str, parsed: Read) -> None:
    """No script, no address but those within the page, and a policy that forbids the rest."""
    names = {tag for tag, _ in parsed.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "use"}
    for _, attributes in parsed.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")  # type: ignore[union-attr]
        assert "src" not in attributes
    assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(|javascript:", page)
    assert "default-src 'none'" in page


def test_it_is_well_formed_and_its_links_lead_somewhere(parsed: Read) -> None:
    assert parsed.open == []
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for tag, attributes in parsed.tags:
        if tag == "a":
            assert str(attributes["href"]).removeprefix("#") in ids


def test_headings_tables_and_drawings_say_what_they_are(page: str, parsed: Read) -> None:
    """For who listens to the page: one title, no level left out, headers with a scope, charts with a name."""
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("scope" in attributes for tag, attributes in parsed.tags if tag == "th")
    drawings = [
        attributes for tag, attributes in parsed.tags if tag == "svg" and "chart" in str(attributes.get("class"))
    ]
    assert len(drawings) >= 8
    assert all(each["role"] == "img" and each["aria-label"] for each in drawings)
    control = [figure for figure in re.findall(r"<figure>(.*?)</figure>", page, re.DOTALL) if "details" in figure]
    assert len(control) >= 6
    assert all("<table>" in figure for figure in control)  # the numbers of bars by group are in the annex
    assert parsed.tags[0] == ("html", {"lang": "en"})


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_words_have_the_contrast_of_level_aa(page: str) -> None:
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", page))
    for ink in ("ink", "quiet", "accent"):
        for ground in ("page", "panel"):
            assert contrast(named[ink], named[ground]) >= 4.5, (ink, ground)
    for name in ("bad", "good", "warn"):
        for ground in ("page", f"{name}-panel"):
            assert contrast(named[name], named[ground]) >= 4.5, (name, ground)
        assert contrast(named["ink"], named[f"{name}-panel"]) >= 4.5
    for stroke in ("#0a4f9c", "#4a5561", "#b3541e", "#5b8fc4"):
        assert stroke in page
        assert contrast(stroke, named["page"]) >= 3, stroke


def test_every_verdict_is_on_the_page(report: dict[str, Any], parsed: Read) -> None:
    """WHO-77: signals and failed checks in words, the rest at least by name."""
    text = parsed.text.replace("\u00a0", " ")
    for verdict in (*report["found"], *report["failed"], *report["nothing"]):
        about = verdict["about"]
        if about.startswith("group:") and verdict not in report["found"]:
            _, node, _, *group = about.split(":", 3)
            title = next(figure["title"] for figure in report["figures"] if figure["id"] == node)
            assert title in text
            assert (group[0] if group else "no code was supplied") in text
        elif not about.startswith("figure:") or verdict in report["failed"]:
            assert verdict["words"] in text, about
    lists = re.findall(r"Could not be computed: (\d+)|with nothing to tell: (\d+)", text)
    assert sum(int(one or other) for one, other in lists) == len(report["nothing"]) + sum(
        not each.get("computed", True) for each in report["failed"]
    )


def test_every_headline_figure_and_group_is_on_the_page(report: dict[str, Any], parsed: Read) -> None:
    for figure in report["figures"]:
        assert f"annex-{figure['id']}" in {attributes.get("id") for _, attributes in parsed.tags}
        assert figure["title"] in parsed.text
    for dimension in report["dimensions"]:
        for group in dimension["groups"]:
            assert group["group"] in parsed.text
    assert DIGEST in parsed.text
    for policy in report["policies"]:
        assert policy["sha256"] in parsed.text


def test_a_name_from_the_log_or_a_title_stays_words(page: str) -> None:
    """An incident's title is written by people, a model's name by a client."""
    assert "Wrong unit &lt;b&gt;of&lt;/b&gt; a dose" in page
    assert "<b>" not in page


def test_names_that_look_like_markup_break_nothing() -> None:
    odd = Code("a:b/c@d+e-f")
    rows = []
    for at, entry in exchanges(40, days=3):
        if isinstance(entry, Outcome):
            who = replace(entry.who, model=odd, client=odd, cohort={"ethnicity": odd})
            rows.append(row(at, replace(entry, who=who, served=odd)))
    assert str(odd) in Read(render(report_of(collect(rows)), DIGEST)).text


@pytest.mark.parametrize(
    ("about", "integrity", "words"),
    [
        (replace(ABOUT, recorded=False), Integrity(True, "", 5, 1, 1), "neither signed nor recorded"),
        (replace(ABOUT, made=ABOUT.made - 30 * 86_400_000_000), Integrity(True), "was not over"),
        (ABOUT, Integrity(False, "", 9, 1, 0, ("x.0: entry 3: changed",), 1), "The audit log is not as it was written"),
        (ABOUT, Integrity(why="there is no key to verify it with"), "there is no key to verify it with"),
    ],
)
def test_what_is_wrong_with_a_report_stands_on_it(about: Any, integrity: Integrity, words: str) -> None:
    page = render(report_of(collect([]), about, integrity=integrity), DIGEST)
    assert words in page
    assert "has no exchange in this period" in page
    assert Read(page).open == []
