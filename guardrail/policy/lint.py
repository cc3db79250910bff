"""Rules that can be written but make no sense, or that give up what the product is for. Reads values only.

What weakens a protection is refused unless the file says `unsafe: true`, which `policy explain` prints first.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from guardrail.engine.operators import operators_for
from guardrail.policy.apis import PREFIX, same_paths
from guardrail.policy.crisis import is_private
from guardrail.policy.gate_texts import TEXTS
from guardrail.policy.gates import CONSENTS, ages
from guardrail.policy.model import Policy, RailRule
from guardrail.policy.notices import CHANNELS
from guardrail.policy.redress import TextName
from guardrail.policy.settings import setting_problems
from guardrail.policy.source import Key
from guardrail.policy.texts import UNAVAILABLE, WITHHELD
from guardrail.rails import catalog, spoken
from guardrail.rails.phi_terms import is_only_given_names
from guardrail.text import Action, Direction

_BLANK = re.compile(r"\{\w*\}")
_DISTINCTIVE = 20
_UNSAFE = "; write `unsafe: true` at the top if you mean it"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a key of the merged policy. `rail` names the rule that the key belongs to."""

    key: Key
    what: str
    rail: str | None = None


def lint(policy: Policy, broken: Collection[str] = (), dialects: Collection[str] = ()) -> list[Problem]:
    """Everything that is wrong with a policy whose types are right.

    `broken` names parts of which something had to be left out because it could not be read: what depends on them is
    not judged, so that one mistake is not told twice. `dialects` are the provider APIs that are known (empty: any).
    """
    checks = [*_ALWAYS, *(() if policy.unsafe else _UNLESS_UNSAFE)]
    judged = [check for check, parts in checks if not any(part in broken for part in parts)]
    return [*(problem for check in judged for problem in check(policy)), *_unknown_dialects(policy, broken, dialects)]


def _unknown_dialects(policy: Policy, broken: Collection[str], known: Collection[str]) -> Iterator[Problem]:
    all_known = {*known, *(PREFIX + name for name in policy.apis)}
    for name, upstream in policy.upstreams.items():
        for index, dialect in enumerate(upstream.dialects):
            untold = "apis" in broken and dialect.startswith(PREFIX)
            if known and dialect not in all_known and not untold:
                close = difflib.get_close_matches(dialect, list(all_known), n=1)
                hint = f'did you mean "{close[0]}"? Known: ' if close else "known: "
                what = f"no such dialect; {hint}{', '.join(sorted(all_known))}"
                yield Problem(("upstreams", name, "dialects", index), what)


def _unknown_upstreams(policy: Policy) -> Iterator[Problem]:
    known = ", ".join(policy.upstreams)
    for name, route in policy.routes.items():
        if route.upstream not in policy.upstreams:
            yield Problem(("routes", name, "upstream"), f"no such upstream; one of {known}")
    for name, each in policy.upstreams.items():
        for place, other in enumerate(each.fallback):
            where: Key = ("upstreams", name, "fallback", place)
            if other not in policy.upstreams:
                yield Problem(where, f"no such upstream; one of {known}")
            elif unsaid := each.set.keys() - policy.upstreams[other].set.keys():
                yield Problem(where, f"must `set` what this one does, too: {', '.join(sorted(unsaid))}")
    for index, client in enumerate(policy.clients):
        for place, upstream in enumerate(client.upstreams or ()):
            if upstream not in policy.upstreams:
                yield Problem(("clients", index, "upstreams", place), f"no such upstream; one of {known}")


def _unknown_releases(policy: Policy) -> Iterator[Problem]:
    for index, name in enumerate(policy.tools.release):
        if name not in policy.tools.classes:
            yield Problem(("tools", "release", index), f"no such class; one of {', '.join(policy.tools.classes)}")


def _rails_twice(policy: Policy) -> Iterator[Problem]:
    counts = Counter(rule.rail for rule in policy.rails)
    for index, rule in enumerate(policy.rails):
        if counts[rule.rail] > 1:
            yield Problem(("rails", index, "rail"), "two rules for one rail; make it one")


def _unknown_rails(policy: Policy) -> Iterator[Problem]:
    for index, rule in enumerate(policy.rails):
        if rule.rail not in catalog.RAILS:
            close = difflib.get_close_matches(rule.rail, list(catalog.RAILS), n=1)
            hint = f'; did you mean "{close[0]}"?' if close else f"; one of {', '.join(catalog.RAILS)}"
            yield Problem(("rails", index, "rail"), f"no such rail{hint}", rule.rail)


def _rules(policy: Policy) -> Iterator[tuple[RailRule, Key, catalog.Row]]:
    for index, rule in enumerate(policy.rails):
        if rule.rail in catalog.RAILS:
            yield rule, ("rails", index), catalog.RAILS[rule.rail]


def _wrong_direction(policy: Policy) -> Iterator[Problem]:
    for rule, key, row in _rules(policy):
        for direction in Direction:
            if rule.action(direction) is not None and direction not in row.scopes:
                yield Problem((*key, direction.value), "this rail has nothing to look for in this direction", rule.rail)
            if rule.label_actions(direction) and rule.action(direction) is None:
                where = (*key, "labels", direction.value)
                yield Problem(where, f"exceptions to nothing: the rule has no `{direction.value}` action", rule.rail)


def _rules_that_do_nothing(policy: Policy) -> Iterator[Problem]:
    for rule, key, _ in _rules(policy):
        if rule.request is None and rule.response is None:
            yield Problem(key, "does nothing: give it a `request` or a `response` action", rule.rail)


def _meaningless_actions(policy: Policy) -> Iterator[Problem]:
    for rule, key, row in _rules(policy):
        for where, direction, action in _actions(rule, key):
            scope = row.scopes.get(direction)
            allowed = scope.actions if scope else frozenset(Action)
            if action not in allowed and not (scope and action is Action.REPLACE and where[-1] in scope.replaces):
                words = ", ".join(item.word for item in sorted(allowed))
                yield Problem(where, f"this rail can't {action.word} here; use {words}", rule.rail)


def _actions(rule: RailRule, key: Key) -> Iterator[tuple[Key, Direction, Action]]:
    for direction in Direction:
        action = rule.action(direction)
        if action is not None:
            yield (*key, direction.value), direction, action
        for label, exception in rule.label_actions(direction).items():
            yield (*key, "labels", direction.value, label), direction, exception


def _unknown_labels(policy: Policy) -> Iterator[Problem]:
    for rule, key, _ in _rules(policy):
        known = catalog.labels(rule.rail)
        for direction in Direction:
            for label in rule.label_actions(direction):
                if not _matches_any(label, known):
                    close = difflib.get_close_matches(label, known, n=1)
                    hint = f'; did you mean "{close[0]}"?' if close else ""
                    yield Problem((*key, "labels", direction.value, label), f"no such label{hint}", rule.rail)


def _operators(policy: Policy) -> Iterator[Problem]:
    known = catalog.labels("phi")
    for label, operator in policy.placeholders.operators.items():
        where = ("placeholders", "operators", label)
        if label not in known:
            close = difflib.get_close_matches(label, known, n=1)
            yield Problem(where, f'no such label; did you mean "{close[0]}"?' if close else "no such label")
        elif operator not in operators_for(label):
            yield Problem(where, f"can't be done with this label; use {', '.join(operators_for(label))}")


def _matches_any(label: str, known: Iterable[str]) -> bool:
    if label.endswith(".*"):
        return any(name.startswith(label[:-1]) for name in known)
    return label in known


def _texts_that_match_everything(policy: Policy) -> Iterator[Problem]:
    """NOT-05: what is taken out of histories must be long enough to be nothing else."""
    for rule, key, _ in _rules(policy):
        own = rule.settings.get("own", ())
        for index, text in enumerate(own if isinstance(own, list | tuple) else ()):
            if len(_BLANK.sub("", str(text)).strip()) < _DISTINCTIVE:
                what = f"would take other words out too; use at least {_DISTINCTIVE} characters"
                yield Problem((*key, "settings", "own", index), what, rule.rail)


def _default_upstream(policy: Policy) -> Iterator[Problem]:
    if not policy.upstreams:
        yield Problem(("upstreams",), "name at least one upstream")
    elif policy.default_upstream is None:
        yield Problem(("default_upstream",), "name the upstream that is meant when nothing else is said")
    elif policy.default_upstream not in policy.upstreams:
        yield Problem(("default_upstream",), "is not one of `upstreams`")


def _version_in_base_url(policy: Policy) -> Iterator[Problem]:
    for name, upstream in policy.upstreams.items():
        if upstream.base_url.endswith("/v1"):
            what = "leave out /v1: the path that the application asks for has it already"
            yield Problem(("upstreams", name, "base_url"), what)


def _same_paths(policy: Policy) -> Iterator[Problem]:
    for name, other in same_paths(policy.apis):
        yield Problem(("apis", name), f"could be asked at a path of `apis.{other}`")


def _clients_twice(policy: Policy) -> Iterator[Problem]:
    for field in ("name", "token_sha256"):
        counts = Counter(getattr(client, field) for client in policy.clients)
        for index, client in enumerate(policy.clients):
            if counts[getattr(client, field)] > 1:
                yield Problem(("clients", index, field), "two clients have the same")


def _unknown_surfaces(policy: Policy) -> Iterator[Problem]:
    known = policy.cohorts.surface
    if policy.defaults.surface not in known:
        yield Problem(("defaults", "surface"), "is not one of `cohorts.surface`")
    for index, client in enumerate(policy.clients):
        if client.surface is not None and client.surface not in known:
            yield Problem(("clients", index, "surface"), "is not one of `cohorts.surface`")


def _reserved_codes(policy: Policy) -> Iterator[Problem]:
    for dimension in type(policy.cohorts).model_fields:
        if "unspecified" in policy.cohorts.values(dimension):
            yield Problem(("cohorts", dimension), "`unspecified` is what everything else counts as; leave it out")


def _gate_surfaces(policy: Policy) -> Iterator[Problem]:
    for name in ("consent", "age", "training"):
        gate = getattr(policy.gates, name)
        for index, surface in enumerate(gate.surfaces if gate else ()):
            if surface not in policy.cohorts.surface:
                yield Problem(("gates", name, "surfaces", index), "is not one of `cohorts.surface`")


def _gate_codes(policy: Policy) -> Iterator[Problem]:
    """A code that no gate understands would shut it for everybody who has it."""
    for index, state in enumerate(policy.cohorts.consent):
        if policy.gates.consent and state not in CONSENTS:
            yield Problem(("cohorts", "consent", index), f"the gate for consent knows {', '.join(CONSENTS)} only")
    for index, band in enumerate(policy.cohorts.age_band):
        if policy.gates.age and ages(band) is None:
            yield Problem(("cohorts", "age_band", index), "the gate for age reads bands such as 13-17 and 65+ only")
    if policy.gates.age and "yes" not in policy.cohorts.guardian_consent:
        yield Problem(("cohorts", "guardian_consent"), "the gate for age needs the code `yes`")


def _gate_uses(policy: Policy) -> Iterator[Problem]:
    uses = policy.gates.setting.uses if policy.gates.setting else {}
    for name in uses:
        if name not in policy.upstreams:
            what = f"no such upstream; one of {', '.join(policy.upstreams)}"
            yield Problem(("gates", "setting", "uses", name), what)


def _medical_surfaces(policy: Policy) -> Iterator[Problem]:
    """A row for a surface that nobody can name would never be read."""
    for name in policy.medical.surfaces:
        if name not in policy.cohorts.surface:
            yield Problem(("medical", "surfaces", name), "is not one of `cohorts.surface`")


def _medical_age_bands(policy: Policy) -> Iterator[Problem]:
    for index, band in enumerate(policy.medical.vulnerable.age_bands):
        if band not in policy.cohorts.age_band:
            yield Problem(("medical", "vulnerable", "age_bands", index), "is not one of `cohorts.age_band`")


def _no_blocked_text(policy: Policy) -> Iterator[Problem]:
    """WHO-88: who is not answered is told where help is, in a language that he reads."""
    for language in policy.languages:
        if not policy.medical.speaks(language):
            yield Problem(("medical", "blocked"), f"there is no text in `{language}`: write one")


def _notice_codes(policy: Policy) -> Iterator[Problem]:
    """A channel, a group or a surface that nobody can send would never be told."""
    notices = policy.notices
    for key, codes, known in (
        ("throughout", notices.throughout, CHANNELS),
        ("minors", notices.minors, policy.cohorts.age_band),
        ("consumer_surfaces", notices.consumer_surfaces, policy.cohorts.surface),
    ):
        for index, code in enumerate(codes):
            if code not in known:
                yield Problem(("notices", key, index), f"no such code; one of {', '.join(known)}")


def _unknown_parts(policy: Policy) -> Iterator[Problem]:
    known = type(policy).model_fields
    for name in policy.because:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            yield Problem(("because", name), f"no such part of a policy{hint}")


def _no_human_route(policy: Policy) -> Iterator[Problem]:
    """WHO-28, WHO-88: whoever withholds consent, or wants a person, needs another way, in a language that he reads."""
    if policy.gates.needs_route or policy.notices.human_route:
        for language in policy.languages:
            if not policy.gates.has_route(language):
                what = (
                    f"say in `{language}`, too, how people are reached without AI: in your own file, "
                    f'`gates: {{human_route: {{{language}: "..."}}}}`; or leave the language out of `cohorts.language`'
                )
                yield Problem(("gates", "human_route"), what)


def _no_gate_text(policy: Policy) -> Iterator[Problem]:
    """WHO-88: nothing of ours falls back to English without a word."""
    for name in _spoken_texts(policy):
        for language in policy.languages:
            if not policy.gates.speaks(name, language):
                yield Problem(("gates", "texts", name), f"there is no text in `{language}`: write one")


def _spoken_texts(policy: Policy) -> Iterable[str]:
    gates = policy.gates
    tasks = any(client.tasks is not None for client in policy.clients)
    if not (gates.consent or gates.age or gates.training or gates.setting or tasks):
        return ()
    return TEXTS


def _no_text_of_a_rail(policy: Policy) -> Iterator[Problem]:
    """WHO-51: nobody in danger, and nobody who asks about health, is answered in a language that nobody chose."""
    for rule, key, _ in _rules(policy):
        if rule.response is not None and not setting_problems(rule.rail, rule.settings):
            for language in policy.languages:
                for name in catalog.unspoken(rule.rail, rule.settings, language):
                    yield Problem((*key, "settings", name), f"there is no text in `{language}`: write one", rule.rail)


def _no_own_text(policy: Policy) -> Iterator[Problem]:
    """WHO-88: the words in place of an answer, too."""
    for name, shipped in (("withheld", WITHHELD), ("unavailable", UNAVAILABLE)):
        for language in policy.languages:
            if not spoken.has(spoken.on_top(getattr(policy.texts, name), shipped), language):
                yield Problem(("texts", name), f"there is no text in `{language}`: write one")
    for told in get_args(TextName):
        for language in policy.languages:
            if not policy.redress.speaks(told, language):
                yield Problem(("redress", "texts", told), f"there is no text in `{language}`: write one")


def _crisis_without_a_check(policy: Policy) -> Iterator[Problem]:
    """What the policy wants for people in danger needs the check that finds them."""
    rule = policy.rule("crisis")
    if policy.crisis.answer == "withhold" and (rule is None or rule.request is None or rule.response is None):
        what = "the rule for `crisis` has to find people in danger and to write: give it a `request` and a `response`"
        yield Problem(("crisis", "answer"), what)
    if policy.crisis.webhook and (rule is None or rule.request is None):
        yield Problem(("crisis", "webhook"), "nobody would be told anything: no `crisis` rule for requests")
    if rule is not None and "off" in rule.settings:
        where = ("rails", policy.rails.index(rule), "settings", "off")
        yield Problem(where, "say it with its reason at the top: `crisis: {off_codes, off_because}`", "crisis")


def _phi_leaves(policy: Policy) -> Iterator[Problem]:
    """WHO-15: redacted before any upstream byte."""
    rule = policy.rule("phi")
    if rule is None or rule.request is None:
        yield Problem(("rails",), f"patients' data would reach the provider: no `phi` rule for requests{_UNSAFE}")
        return
    key: Key = ("rails", policy.rails.index(rule))
    for where, direction, action in _actions(rule, key):
        if direction is Direction.REQUEST and action < Action.REPLACE:
            yield Problem(where, f"patients' data would reach the provider: use replace or block{_UNSAFE}", "phi")
    if rule.shadow:
        yield Problem((*key, "shadow"), f"patients' data would reach the provider in shadow{_UNSAFE}", "phi")


def _no_notice(policy: Policy) -> Iterator[Problem]:
    """WHO-01: every answer says that a machine wrote it."""
    rule = policy.rule("notice")
    if rule is None or rule.response is None:
        yield Problem(("rails",), f"answers would not say that a machine wrote them: no `notice` rule{_UNSAFE}")
        return
    key: Key = ("rails", policy.rails.index(rule))
    silent = [where for where, direction, action in _actions(rule, key) if _silences(where, direction, action)]
    for where in [*silent, *([(*key, "shadow")] if rule.shadow else [])]:
        yield Problem(where, f"answers would not say that a machine wrote them{_UNSAFE}", "notice")


def _silences(where: Key, direction: Direction, action: Action) -> bool:
    return direction is Direction.RESPONSE and action is Action.ALLOW and where[-1] != "own"


def _no_warning(policy: Policy) -> Iterator[Problem]:
    """WHO-07: a medical question of a patient has a warning at least."""
    patient = policy.medical.surfaces.get("patient", policy.medical.otherwise)
    where: Key = ("medical", "surfaces", "patient")
    for cell in ("general", "high"):
        if getattr(patient, cell) == "allow":
            yield Problem((*where, cell), f"patients would get medical answers without a warning{_UNSAFE}")


def _keeps_names(policy: Policy) -> Iterator[Problem]:
    """A given name that is never taken for a patient's leaves with every patient of that name."""
    rule = policy.rule("phi")
    terms = rule.settings.get("allow_terms") if rule else None
    if rule and isinstance(terms, list) and any(isinstance(term, str) and is_only_given_names(term) for term in terms):
        where = ("rails", policy.rails.index(rule), "settings", "allow_terms")
        what = "a term is only a given name: every patient of that name would leave with it; add the word beside it"
        yield Problem(where, f"{what}{_UNSAFE.replace('; ', ', or ')}", "phi")


def _fails_open(policy: Policy) -> Iterator[Problem]:
    if policy.on_failure == "warn":
        yield Problem(("on_failure",), f"text would leave uninspected when a check fails{_UNSAFE}")


def _plain_http(policy: Policy) -> Iterator[Problem]:
    webhook = policy.crisis.webhook
    if webhook and webhook.url and not is_private(webhook.url):
        yield Problem(("crisis", "webhook", "url"), f"http beyond this machine can be read by others{_UNSAFE}")
    for name, upstream in policy.upstreams.items():
        if upstream.base_url.startswith("http:") and not upstream.is_local:
            yield Problem(("upstreams", name, "base_url"), f"http beyond this machine can be read by others{_UNSAFE}")


_Check = Callable[[Policy], Iterator[Problem]]
# Each check with the parts that decide it: where something was left out of one of them it can't be trusted.
_ALWAYS: tuple[tuple[_Check, tuple[str, ...]], ...] = (
    (_unknown_rails, ()),
    (_rails_twice, ("rails",)),
    (_rules_that_do_nothing, ()),
    (_wrong_direction, ()),
    (_meaningless_actions, ()),
    (_unknown_labels, ()),
    (_operators, ("placeholders",)),
    (_texts_that_match_everything, ()),
    (_default_upstream, ("upstreams", "default_upstream")),
    (_unknown_upstreams, ("upstreams", "routes", "clients")),
    (_unknown_releases, ("tools",)),
    (_version_in_base_url, ()),
    (_same_paths, ("apis",)),
    (_clients_twice, ("clients",)),
    (_unknown_surfaces, ("cohorts", "defaults", "clients")),
    (_reserved_codes, ()),
    (_gate_surfaces, ("gates", "cohorts")),
    (_gate_codes, ("gates", "cohorts")),
    (_gate_uses, ("gates", "upstreams")),
    (_no_human_route, ("gates", "notices", "cohorts", "clients", "defaults")),
    (_no_gate_text, ("gates", "cohorts", "clients", "defaults")),
    (_medical_surfaces, ("medical", "cohorts")),
    (_medical_age_bands, ("medical", "cohorts")),
    (_no_blocked_text, ("medical", "cohorts", "clients", "defaults")),
    (_notice_codes, ("notices", "cohorts")),
    (_unknown_parts, ()),
    (_no_text_of_a_rail, ("rails", "cohorts", "clients", "defaults")),
    (_crisis_without_a_check, ("rails", "crisis")),
    (_no_own_text, ("texts", "redress", "cohorts", "clients", "defaults")),
)
_UNLESS_UNSAFE: tuple[tuple[_Check, tuple[str, ...]], ...] = (
    (_phi_leaves, ("rails", "unsafe")),
    (_no_notice, ("rails", "unsafe")),
    (_no_warning, ("medical", "unsafe")),
    (_keeps_names, ("rails", "unsafe")),
    (_fails_open, ("unsafe",)),
    (_plain_http, ("unsafe",)),
)
