"""Packs on top of each other: the strictest wins, and nobody can loosen a pack by extending it."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guardrail.policy.merge import effective, merge
from guardrail.text import Action

Raw = Mapping[str, Any]


def rule(base: Raw, own: Raw) -> Raw:
    """The one merged rule of two policies that have a rule for the same rail."""
    merged = merge({"rails": [{"rail": "phi", **base}]}, {"rails": [{"rail": "phi", **own}]})
    (only,) = merged["rails"]
    return dict(only)


def test_the_stronger_action_wins_whoever_says_it() -> None:
    assert rule({"request": "block"}, {"request": "replace"})["request"] == "block"
    assert rule({"request": "replace"}, {"request": "block"})["request"] == "block"


def test_a_direction_that_one_pack_does_not_check_is_checked_if_the_other_does() -> None:
    merged = rule({"request": "replace"}, {"response": "warn"})
    assert (merged["request"], merged["response"]) == ("replace", "warn")


def test_an_exception_does_not_survive_a_pack_that_makes_none() -> None:
    """The baseline only counts links in answers; a pack that blocks everything blocks them too."""
    base = {"response": "replace", "labels": {"response": {"URL": "warn"}}}
    assert rule(base, {"response": "block"})["labels"]["response"] == {"URL": "block"}


def test_an_exception_can_be_made_stricter() -> None:
    base = {"response": "replace", "labels": {"response": {"URL": "warn"}}}
    merged = rule(base, {"labels": {"response": {"URL": "replace"}}})
    assert merged["labels"]["response"] == {"URL": "replace"}
    assert merged["response"] == "replace"


def test_a_rule_is_in_shadow_only_if_every_pack_says_so() -> None:
    assert rule({"shadow": True}, {"shadow": True})["shadow"] is True
    assert rule({"shadow": True}, {})["shadow"] is False
    assert rule({}, {"shadow": True})["shadow"] is False


def test_reasons_are_collected_and_texts_are_the_extending_files() -> None:
    base = {"because": ["WHO-01"], "settings": {"texts": {"en": "A", "es": "B"}}}
    merged = rule(base, {"because": ["WHO-02", "WHO-01"], "settings": {"texts": {"en": "C"}}})
    assert merged["because"] == ["WHO-01", "WHO-02"]
    assert merged["settings"] == {"texts": {"en": "C", "es": "B"}}


def test_the_smaller_limit_wins_and_one_that_is_not_mentioned_stays() -> None:
    base = {"limits": {"max_depth": 10, "max_messages": 5}}
    merged = merge(base, {"limits": {"max_depth": 20, "max_strings": 7}})
    assert merged["limits"] == {"max_depth": 10, "max_messages": 5, "max_strings": 7}


def test_what_the_machines_can_do_is_the_extending_files() -> None:
    """A slow machine gets more time, a large one more exchanges; what a caller may send grows by neither."""
    base = {"limits": {"rail_deadline_seconds": 2.0, "max_in_flight": 256, "max_body_bytes": 10, "drain_seconds": 20}}
    own = {"rail_deadline_seconds": 9.0, "max_in_flight": 750, "max_body_bytes": 20, "drain_seconds": 5}
    assert merge(base, {"limits": own})["limits"] == {**own, "max_body_bytes": 10}


def test_failing_closed_wins() -> None:
    assert merge({"on_failure": "block"}, {"on_failure": "warn"})["on_failure"] == "block"
    assert merge({"on_failure": "warn"}, {"on_failure": "block"})["on_failure"] == "block"
    assert merge({"logprobs": "keep_unchanged"}, {"logprobs": "drop"})["logprobs"] == "drop"


def test_a_tool_gets_real_values_only_if_both_packs_name_it() -> None:
    merged = merge({"restore": {"tools": ["book", "mail"]}}, {"restore": {"tools": ["mail", "pay"]}})
    assert merged["restore"] == {"tools": ["mail"]}


def test_clients_and_upstreams_are_collected_by_name() -> None:
    base = {"clients": [{"name": "a", "token_sha256": "1"}], "upstreams": {"x": {"base_url": "u", "dialects": ["d"]}}}
    own = {
        "clients": [{"name": "b", "token_sha256": "2"}],
        "upstreams": {"x": {"base_url": "v"}, "y": {"base_url": "w"}},
    }
    merged = merge(base, own)
    assert [client["name"] for client in merged["clients"]] == ["a", "b"]
    assert merged["upstreams"] == {"x": {"base_url": "v", "dialects": ["d"]}, "y": {"base_url": "w"}}


def test_name_version_and_unsafe_are_those_of_the_file_that_is_loaded() -> None:
    """A pack can't make the file that extends it unsafe behind its back."""
    base = {"name": "base", "version": 3, "description": "d", "unsafe": True, "extends": ["x"]}
    assert merge(base, {"name": "own", "version": 1}) == {"name": "own", "version": 1}


ACTIONS = st.sampled_from([action.word for action in Action])
LABELS = st.dictionaries(st.sampled_from(["NAME", "URL", "high.dose", "high.stop", "high.*"]), ACTIONS, max_size=4)
RULES = st.fixed_dictionaries({}, optional={"response": ACTIONS, "labels": st.fixed_dictionaries({"response": LABELS})})


@given(RULES, RULES, st.sampled_from(["NAME", "URL", "DATE", "high.dose", "high.stop", "high.other"]))
def test_for_every_label_the_merged_rule_is_as_strict_as_the_stricter_pack(base: Raw, own: Raw, label: str) -> None:
    """The law behind the table in docs/policy.md."""
    wanted = [action for one in (base, own) if (action := effective(one, "response", label)) is not None]
    assert effective(rule(base, own), "response", label) == max(wanted, default=None)


@given(RULES, RULES)
def test_the_order_of_two_packs_does_not_matter_for_actions(base: Raw, own: Raw) -> None:
    one, other = rule(base, own), rule(own, base)
    assert (one["response"], one["labels"]) == (other["response"], other["labels"])


def test_of_two_stand_ins_the_one_that_tells_less_wins() -> None:
    """What one policy leaves out is no word against it."""
    base = {
        "placeholders": {"roles": False, "operators": {"DATE": "shift", "NAME": "drop", "AGE_OVER_89": "placeholder"}}
    }
    own = {"placeholders": {"operators": {"DATE": "generalise", "NAME": "placeholder", "AGE_OVER_89": "generalise"}}}
    merged = merge(base, own)["placeholders"]
    assert merged["operators"] == {"DATE": "generalise", "NAME": "drop", "AGE_OVER_89": "placeholder"}
    assert merged["roles"] is False
    assert merge({}, own)["placeholders"] == own["placeholders"]


def test_what_passes_uninspected_is_what_both_let_through() -> None:
    base = {"media": {"release": ["image/*", "audio/wav"], "hosts": ["*.example.org"]}}
    own = {"media": {"release": ["image/png", "audio/*", "video/mp4"], "hosts": ["img.example.org", "example.com"]}}
    assert merge(base, own)["media"] == {"release": ["audio/wav", "image/png"], "hosts": ["img.example.org"]}
    assert merge(base, {"media": {"hosts": []}})["media"] == {"release": ["image/*", "audio/wav"], "hosts": []}
    assert merge({}, own)["media"] == own["media"]


def test_a_model_is_allowed_if_both_allow_it() -> None:
    assert merge({"models": {"allow": ["gpt-*"]}}, {"models": {"allow": ["gpt-4*", "llama"]}})["models"] == {
        "allow": ["gpt-4*"]
    }
    nothing = merge({"models": {"allow": ["gpt-*"]}}, {"models": {"allow": ["llama*"]}})["models"]
    assert nothing == {"allow": []}, "which is none, not any"


PATTERNS = st.lists(st.text("ab*?", min_size=1, max_size=4), max_size=3)


@given(PATTERNS, PATTERNS, st.text("ab", max_size=5))
def test_no_pattern_of_a_merged_list_lets_through_what_one_of_the_two_does_not(
    base: list[str], own: list[str], name: str
) -> None:
    def lets(patterns: list[str]) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in patterns)

    merged = merge({"models": {"allow": base}}, {"models": {"allow": own}})["models"]["allow"]
    assert not lets(merged) or (lets(base) and lets(own))


def test_a_model_starts_by_itself_only_what_both_release_and_classes_are_collected() -> None:
    base = {"tools": {"classes": {"order": ["buy"]}, "release": ["order", "prescribe"]}}
    own = {"tools": {"classes": {"order": ["pay"], "mail": ["send_mail"]}, "release": ["order", "mail"]}}
    assert merge(base, own)["tools"] == {
        "classes": {"order": ["buy", "pay"], "mail": ["send_mail"]},
        "release": ["order"],
    }
    assert merge(base, {"tools": {"release": []}})["tools"]["release"] == []
    assert merge(base, {"tools": {}})["tools"]["release"] == ["order", "prescribe"]


def test_something_is_kept_at_the_provider_only_if_both_say_so_and_for_the_shorter_time() -> None:
    base = {"state": {"keep_at_provider": True, "seconds": 60.0, "max_entries": 5}}
    own = {"state": {"keep_at_provider": False, "seconds": 90.0, "max_entries": 3, "store": "memory"}}
    assert merge(base, own)["state"] == {
        "keep_at_provider": False, "seconds": 60.0, "max_entries": 3, "store": "memory"
    }  # fmt: skip
    assert merge(base, {"state": {"store": "redis"}})["state"]["keep_at_provider"] is True


def test_demands_add_up_and_nobody_takes_one_back() -> None:
    def merged(base: Raw, own: Raw) -> object:
        return merge({"demands": base}, {"demands": own})["demands"]

    assert merged({"baa": True}, {"no_training": True}) == {"baa": True, "no_training": True}
    assert merged({"region": ["eu", "ch", "us"]}, {"region": ["ch", "eu"]}) == {"region": ["eu", "ch"]}
    assert merged({"region": ["eu", "ch"]}, {"region": "eu"}) == {"region": ["eu"]}
    assert merged({"region": "eu"}, {"region": "us"}) == {"region": []}
    assert merged({"baa": True}, {"baa": False}) == {"baa": []}


def test_a_client_is_not_freed_by_a_second_mention() -> None:
    base = {"clients": [{"name": "a", "upstreams": ["x", "y"], "demands": {"baa": True, "region": ["eu", "ch"]}}]}
    own = {"clients": [{"name": "a", "upstreams": ["z", "y"], "demands": {"region": ["ch", "us"]}, "surface": "s"}]}
    (only,) = merge(base, own)["clients"]
    assert only == {"name": "a", "upstreams": ["y"], "demands": {"baa": True, "region": ["ch"]}, "surface": "s"}
