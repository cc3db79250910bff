"""Which tools are actions, under whatever spelling."""

from __future__ import annotations

import pytest

from guardrail.dialects.tools import ToolRules
from guardrail.policy.model import Tools

RULES = ToolRules(Tools().classes)


@pytest.mark.parametrize(
    ("tool", "action"),
    [
        ("prescribe", "prescribe"),
        ("prescribe_medication", "prescribe"),
        ("prescribeMedication", "prescribe"),
        ("PRESCRIBE-MEDICATION", "prescribe"),
        ("ehr.prescribe", "prescribe"),
        ("mcp__pharmacy__refill", "prescribe"),
        ("create_medication_request", "prescribe"),
        ("order_lab", "order"),
        ("placeOrder", "order"),
        ("create_referral", "order"),
        ("write_ehr", "write_ehr"),
        ("updatePatientChart", "write_ehr"),
        ("create_fhir_resource", "write_ehr"),
        ("delete_record", "write_ehr"),
        ("sign_note", "write_ehr"),
        ("check_and_prescribe", "prescribe"),
        ("PRESCRIBEmedication", "prescribe"),
        ("prescribemedication", "prescribe"),
        ("p_r_e_scribe", "prescribe"),
        ("pre-scribe", "prescribe"),
        ("get_prescribe_then_send", "prescribe"),
        ("view-then-prescribe", "prescribe"),
        ("getPrescribe", "prescribe"),
        ("rx_send", "prescribe"),
        ("ORDERmed", "order"),
        ("submitlaborder", "order"),
    ],
)
def test_actions_are_known_by_the_words_of_their_names(tool: str, action: str) -> None:
    assert RULES.action_class(tool) == action
    assert RULES.refuses(tool)


@pytest.mark.parametrize(
    "tool",
    ["", "?", "find_bed", "get_order", "listOrders", "search_prescriptions", "read_ehr", "weather", "reorder_list",
     "disorder_lookup", "translate", "border_check", "record_player"],
)  # fmt: skip
def test_reading_and_other_tools_are_none(tool: str) -> None:
    assert not RULES.refuses(tool)


def test_a_class_that_is_released_is_not_held_back() -> None:
    rules = ToolRules(Tools().classes, frozenset({"order"}))
    assert rules.action_class("place_order") == "order"
    assert not rules.refuses("place_order")
    assert rules.refuses("prescribe")


def test_a_proposal_says_what_was_proposed_and_that_nothing_was_done() -> None:
    told = RULES.proposal("prescribe", {"drug": "x"})
    assert (told["status"], told["proposed_tool"], told["proposed_arguments"]) == (
        "refused",
        "prescribe",
        {"drug": "x"},
    )
    assert "WHO-32" in str(told["reason"])
