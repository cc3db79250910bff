"""No pattern is slow on any text: none is ambiguous, and none spends more than a moment of CPU on its own attack."""
# ruff: noqa: RUF001 - letters that look alike are meant

import re
import resource
import signal
import subprocess
import sys

import pytest

from guardrail.rails import normalise, phi_checks, phi_contact, phi_dates, phi_ids, phi_scan
from guardrail.rails.phi_scan import Scanner
from guardrail.rails.phi_text import ShapeRule, Words, by_shape
from tests.rails.attacks import PUMPS, attacks, is_ambiguous, patterns_of
from tests.rails.ids import CLEAN
from tests.rails.phi_patterns import MINE

MODULES = (phi_ids, phi_contact, phi_dates, normalise, phi_scan, phi_checks)
PATTERNS = [(name, pattern) for module in MODULES for name, pattern in patterns_of(module)]
SIZE = 12_000
SECONDS = 0.6
"""Of CPU, for one pattern and one attack: a linear one takes 5 % of it, a quadratic one twice as much and more."""
CUES = ("mrn ", "id: ", "call ", "1 at a dot ", "(at)", "may 1 ", "on ", "12/", "1.1.1.", "::1", "a@a.", "nhs 1 ")
VIEWS = (
    "%4", "%41", "%e2%80", "&#4", "&#77;", "&a", "&amp;", "\\u00", "\\" * 9, "TVJO", "TVJO\n", "TVJO" * 19 + "\n", "1 ",
    "1  ", "а1", "aо", "аo.", "e\u0301", "\u0301", "１", "\u200b", "O0", "0O/", "www.%20", "https://%20 ", "A1b2-",
    "=a",
)  # fmt: skip


@pytest.mark.case("NLP-02")
@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=lambda value: value if isinstance(value, str) else "")
def test_no_repeat_without_end_holds_another_one_that_looks_the_same(name: str, pattern: object) -> None:
    assert not is_ambiguous(pattern), name  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", [r"(?:a+)+b", r"(?:[a-z]*)*", r"(?:\w+\s?)+", r"(?:a|b+)*c"])
def test_that_check_knows_an_ambiguous_pattern(pattern: str) -> None:
    assert is_ambiguous(re.compile(pattern))


@pytest.mark.case("NLP-02")
@pytest.mark.parametrize("what", ["patterns", "finders", "view"])
def test_the_work_is_no_more_than_linear(what: str) -> None:
    """In a process of its own, which the system stops when an attack takes too much CPU; it names the last one."""
    child = subprocess.run([sys.executable, "-m", __name__, what], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stdout[-300:] + child.stderr[-2000:]


@pytest.mark.parametrize(
    "text", [*CLEAN, "MRN 12-34, DNI 12345678Z, (01)12345678901234(21)A1, call +44 7700 900123 x2"]
)
def test_a_scanner_finds_what_its_rules_find(text: str) -> None:
    """The gate only saves time."""
    words = Words.of(text)
    for module in (phi_ids, phi_contact, phi_dates):
        for scanner in (value for value in vars(module).values() if isinstance(value, Scanner)):
            assert sorted(scanner.find(words), key=repr) == sorted(by_shape(scanner.rules, words), key=repr)


def test_a_scanner_refuses_a_rule_that_may_begin_anywhere() -> None:
    with pytest.raises(ValueError, match="begins"):
        Scanner([ShapeRule("IP", re.compile("x"))])


def _limited(name: str, work: object) -> None:
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)  # the default action of its signal ends the process
    work()  # type: ignore[operator]
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _attack(what: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (110, 110))
    if what == "patterns":
        for name, pattern in PATTERNS:
            for text in attacks(pattern, SIZE):
                _limited(f"{name} {text[:40]!r}", lambda pattern=pattern, text=text: [*pattern.finditer(text)])
    elif what == "finders":
        for unit in (
            *PUMPS,
            "mrn ",
            "id: ",
            "call ",
            "1 at a dot ",
            "(at)",
            "may 1 ",
            "on ",
            "12/",
            "1.1.1.",
            "::1",
            "a@a.",
        ):
            words = Words.of(unit * (SIZE // len(unit)))
            for finder in MINE:
                _limited(f"{unit!r}", lambda finder=finder, words=words: [*finder(words)])
    else:
        for unit in VIEWS:
            text = unit * (SIZE // len(unit))
            _limited(f"{unit!r}", lambda text=text: normalise.unsmudged(normalise.view(text).text))


if __name__ == "__main__":
    _attack(sys.argv[1])
