"""Which exchanges a figure counts: held against real entries of the log, as the log spells them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.dialects.catalog import ROUTES
from guardrail.record.entry import Asked, Code, End, Found, Outcome, PolicyRef, Shown, Who, to_json
from guardrail.report.figures import BIT, FIGURES, INSIDE, NODES, WORDLESS, nodes_of
from guardrail.text import Action, Direction, Risk

ANSWER = Outcome(
    Code("a" * 32),
    Who(dialect=Code("openai.chat")),
    PolicyRef(Code("p"), 1, Code("ab")),
    End.ANSWERED,
    Action.ALLOW,
    200,
)
NOTICE, WARNING, EMERGENCY = (Shown(Code(kind), Code("en")) for kind in ("notice", "warning", "emergency"))
HEALTH, CRISIS = Asked(medical=True, risk=Risk.GENERAL), Asked(risk=Risk.EMERGENCY)
NAME = Found(Code("phi"), Code("NAME"), Direction.REQUEST, Action.REPLACE, 2)


def nodes(outcome: Outcome) -> set[str]:
    """By name, as the report reads them from the log."""
    bits = nodes_of(json.loads(to_json(outcome)))
    return {name for name in NODES if bits & BIT[name]}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (ANSWER, {"answered", "worded"}),
        (replace(ANSWER, shown=(NOTICE,)), {"answered", "worded", "noticed"}),
        (replace(ANSWER, end=End.OWN_ANSWER), {"answered", "worded", "own_text"}),
        (replace(ANSWER, who=Who(dialect=Code("openai.embeddings"))), {"answered"}),
        (replace(ANSWER, end=End.REFUSED), set()),
        (replace(ANSWER, end=End.FAILED), {"failed"}),
        (replace(ANSWER, end=End.TRUNCATED), {"failed"}),
        (replace(ANSWER, end=End.RECOVERED), {"failed"}),
        (replace(ANSWER, end=End.CLIENT_GONE), set()),
        (replace(ANSWER, end=End.SUSPENDED, suspension=Code("s1")), {"suspended"}),
        (replace(ANSWER, end=End.REFUSED, gate=Code("age_required")), {"gated"}),
        (replace(ANSWER, uninspected=(Code("image"),)), {"answered", "worded", "uninspected"}),
        (replace(ANSWER, found=(NAME,)), {"answered", "worded", "phi_redacted"}),
        (replace(ANSWER, found=(replace(NAME, shadow=True),)), {"answered", "worded"}),
        (replace(ANSWER, found=(replace(NAME, action=Action.WARN),)), {"answered", "worded"}),
        (
            replace(ANSWER, found=(replace(NAME, direction=Direction.RESPONSE),)),
            {"answered", "worded", "phi_in_answer"},
        ),
        (replace(ANSWER, asked=HEALTH), {"answered", "worded", "medical", "medical_told"}),
        (replace(ANSWER, asked=HEALTH, shown=(WARNING,)), {"answered", "worded", "medical", "medical_told", "warned"}),
        (
            replace(ANSWER, asked=HEALTH, end=End.OWN_ANSWER),
            {"answered", "worded", "own_text", "medical", "medical_told", "warned"},
        ),
        (
            replace(ANSWER, asked=HEALTH, who=replace(ANSWER.who, surface=Code("clinician"))),
            {"answered", "worded", "medical"},
        ),
        (replace(ANSWER, asked=HEALTH, end=End.FAILED), {"failed", "medical"}),
        (replace(ANSWER, asked=CRISIS, end=End.FAILED), {"failed", "medical", "crisis", "crisis_told"}),
        (
            replace(ANSWER, asked=CRISIS, shown=(EMERGENCY,)),
            {"answered", "worded", "medical", "medical_told", "warned", "crisis", "crisis_told", "helped"},
        ),
    ],
)
def test_an_exchange_counts_where_it_should(outcome: Outcome, expected: set[str]) -> None:
    assert nodes(outcome) == {"exchanges", *expected}


@given(
    st.builds(
        replace,
        st.just(ANSWER),
        end=st.sampled_from(list(End)),
        asked=st.builds(Asked, st.booleans(), st.sampled_from(list(Risk))),
        shown=st.lists(st.sampled_from([NOTICE, WARNING, EMERGENCY]), max_size=2).map(tuple),
        gate=st.sampled_from([Code("none"), Code("off_task")]),
        who=st.builds(
            Who,
            dialect=st.sampled_from([Code("openai.chat"), Code("gemini.embed"), Code("none")]),
            surface=st.sampled_from([Code("none"), Code("patient"), Code("research")]),
        ),
    )
)
def test_whatever_is_in_a_node_is_in_the_one_around_it(outcome: Outcome) -> None:
    """The protection of small counts takes this for granted, and that no answer is a failure."""
    found = nodes(outcome)
    for name in found - {"exchanges"}:
        assert INSIDE[name] in found
    assert not {"answered", "failed"} <= found
    assert "medical_told" not in found or "worded" in found


def test_dialects_whose_answers_are_no_words_are_known_by_their_last_part() -> None:
    for route in ROUTES:
        last = route.dialect.name.rpartition(".")[2]
        assert (last in WORDLESS) == (not route.dialect.speaks), route.dialect.name


def test_figures_are_shares_of_known_nodes_and_each_has_a_requirement() -> None:
    assert len({figure.node for figure in FIGURES}) == len(FIGURES)
    for figure in FIGURES:
        assert figure.around in NODES
        assert figure.ids
