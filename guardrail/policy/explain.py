"""A policy in plain words, for a privacy officer. Reads values, decides nothing, formats plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from guardrail.engine.operators import DEFAULTS
from guardrail.policy.compile import dated
from guardrail.policy.crisis import RED_FLAGS, Crisis
from guardrail.policy.duties import is_layered, medical, notices, origins
from guardrail.policy.expiry import drafts
from guardrail.policy.explain_evidence import evidence
from guardrail.policy.gates import Approval, SettingGate
from guardrail.policy.load import Loaded
from guardrail.policy.model import Limits, Policy, RailRule, Upstream
from guardrail.policy.requirements import MEANINGS
from guardrail.policy.routing import meets
from guardrail.rails import catalog
from guardrail.rails.base import About
from guardrail.rails.crisis_data import shipped
from guardrail.text import Action, Direction, Finding, Role, Span

_WHAT: Mapping[str, str] = {
    "crisis": "Signs of a medical emergency, and thoughts of suicide or self-harm.",
    "notice": "The notice that a machine wrote the answer and that it does not replace a health professional.",
    "medical": "Questions and answers about human health.",
    "injection": "Attempts to turn the model against its rules, to uncover hidden values, or to carry data away.",
    "persona": "Words by which the model claims a mind, feelings, a body, a life, or to be a clinician.",
    "assurance": "Answers that leave no doubt where nobody can be sure, or that wave a complaint away.",
    "references": "References to papers, trials and books that are not in an index of known ones.",
    "incomplete": "Answers that the provider cut off, or of which it withheld a part.",
    "translation": "Numbers, negations, left and right that differ between a text and its translation.",
    "phi": "Protected health information: names, dates, addresses, numbers and all else that identifies a person.",
}

_DONE: Mapping[tuple[str, Direction, Action], str] = {
    ("crisis", Direction.REQUEST, Action.WARN): "noted as it was written, before anything is redacted; nothing changed",
    ("crisis", Direction.RESPONSE, Action.WARN): "a fixed text with the way to real help stands before the first word",
    ("notice", Direction.REQUEST, Action.REPLACE): "our own texts are taken out of the history that applications send",
    ("notice", Direction.RESPONSE, Action.WARN): "the notice stands before the first word",
    ("medical", Direction.REQUEST, Action.WARN): "noted; nothing changed",
    ("medical", Direction.REQUEST, Action.BLOCK): "refused; the model is not asked",
    (
        "medical",
        Direction.RESPONSE,
        Action.WARN,
    ): "a warning with the way to real help comes before the words",
    ("injection", Direction.REQUEST, Action.BLOCK): "refused; the model is not asked",
    ("injection", Direction.RESPONSE, Action.REPLACE): "the image's description stays and its link is taken out",
    ("assurance", Direction.RESPONSE, Action.WARN): "a fixed sentence behind it says that nobody can be so sure here",
    ("references", Direction.RESPONSE, Action.WARN): "a mark behind it says that it could not be verified",
    ("incomplete", Direction.RESPONSE, Action.WARN): "a note behind the last word says that the answer is not whole",
    ("translation", Direction.RESPONSE, Action.WARN): "a note behind the last word says what differs",
    ("persona", Direction.RESPONSE, Action.REPLACE): "said again without the claim; uncertainty is kept",
    (
        "phi",
        Direction.REQUEST,
        Action.REPLACE,
    ): "replaced by a placeholder such as [PATIENT_1] before anything is sent; the answer gets the real value back",
    ("phi", Direction.RESPONSE, Action.REPLACE): "what the model adds about anybody else is removed",
}
_SPEAKS: Mapping[str, Mapping[str, str]] = {
    "crisis": {
        "emergency.question": "On signs of an emergency it says",
        "self_harm": "On thoughts of suicide or self-harm it says",
    },
    "notice": {"origin": "It says"},
    "medical": {
        "general.question": "On a question about health it says",
        "high.question": "Where a wrong answer could do harm it says",
    },
}
_FOUND: Mapping[str, str] = {
    "NAME": "names",
    "DATE": "dates",
    "AGE_OVER_89": "ages over 89",
    "ADDRESS": "addresses",
    "LOCATION": "places",
    "ORG_FACILITY": "organisations and facilities",
    "PHONE": "phone numbers",
    "FAX": "fax numbers",
    "EMAIL": "e-mail addresses",
    "SSN": "social security and national identity numbers",
    "MRN": "medical record numbers",
    "HEALTH_PLAN": "health plan numbers",
    "ACCOUNT": "account numbers",
    "LICENSE": "licence numbers",
    "VEHICLE": "vehicle numbers",
    "DEVICE": "device numbers",
    "URL": "links",
    "IP": "internet addresses",
    "BIOMETRIC": "biometric data",
    "OTHER_ID": "other identifying numbers",
    "own": "our own texts",
    "origin": "the notice at the beginning",
    "self_harm": "thoughts of suicide or self-harm",
    "method": "sentences that would tell somebody in danger how",
    "method_clinical": "the same told to clinicians",
    "certainty": "a claim that leaves no doubt",
    "dismissal": "words that wave a complaint away",
    "invalid": "references that can't exist",
    "unresolved": "references that could not be looked up",
    "verified": "references that are in the index",
    "cut": "an answer that was cut off",
    "filtered": "an answer of which the provider withheld a part",
    "laterality": "left and right that differ from the source",
    "negation": 'a "not" that differs from the source',
    "number": "a number that differs from the source",
    "unchecked": "a translation that could not be compared",
    "closing": "the notice at the end",
    "about.*": "what the question is about",
    "unwanted.*": "an answer about health where the policy wants none",
    "emergency.*": "signs of an emergency",
    "general.*": "questions of health in general",
    "high.*": "questions where a wrong answer could do harm",
    "flag.*": "what the profile only reports",
    "unrewritten.*": 'what could not be said otherwise without losing a number or a "not"',
}
_IN_GENERAL: Mapping[Action, str] = {
    Action.ALLOW: "counted; nothing changed",
    Action.WARN: "counted; nothing changed",
    Action.REPLACE: "replaced",
    Action.BLOCK: "stopped; nothing is sent on",
}
_WAY: Mapping[Direction, str] = {Direction.REQUEST: "To the model", Direction.RESPONSE: "Back from the model"}

_SHOWN = 50
_MIB = 1024 * 1024
_BOUNDS: Mapping[str, str] = {
    "max_body_bytes": "{} for a request",
    "max_answer_bytes": "{} for an answer",
    "max_depth": "{} brackets within brackets",
    "max_messages": "{} messages in one conversation",
    "max_strings": "{} texts in one request",
    "max_hold_chars": "{} characters of a streamed answer wait for a check",
    "max_held_json_bytes": "{} of tool arguments wait until they are complete",
    "rail_deadline_seconds": "{} seconds for a check of a few thousand characters",
    "queue_deadline_seconds": "{} seconds of waiting for a check to begin",
    "analysis_deadline_seconds": "{} seconds for all checks of one request, or of one whole answer, together",
    "max_text_chars": "{} characters of text in one request",
    "head_timeout_seconds": "{} seconds for an application to send its request's head",
    "body_timeout_seconds": "{} seconds for an application to send its request's body",
    "drain_seconds": "{} seconds for open answers to finish after a stop",
    "max_in_flight": "{} exchanges at the same time",
    "remembered_segments": "{} texts and findings are remembered, without a word, to inspect only what is new",
}


def explain(loaded: Loaded) -> str:
    """The whole policy in plain words."""
    policy = loaded.policy
    parts = [
        _title(loaded),
        _unsafe(policy),
        _switched_off(policy.crisis),
        _section("Who may connect", _clients(policy)),
        _section("Where questions go", _upstreams(policy)),
        *([_section("APIs that this policy describes", _apis(policy))] if policy.apis else []),
        *([_section("Before a model is asked", lines)] if (lines := list(_gates(policy))) else []),
        _section("Notices", notices(loaded)),
        _section("Medical questions", medical(loaded)),
        *(_section(f"Check: {rule.rail}", [*_rule(rule), *_words(rule, policy)]) for rule in policy.rails),
        _section("If a check fails or is late", [_ON_FAILURE[policy.on_failure]]),
        *([_section("People in danger", _crisis(policy))] if policy.rule("crisis") else []),
        _section("What is kept, and who may see it", evidence(policy)),
        _section("Also", _rest(policy)),
        _section("Limits", _limits(policy.limits)),
        *([_section("Which file says what", origins(loaded))] if is_layered(loaded) else []),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_ON_FAILURE = {"block": "Nothing leaves.", "warn": "The text leaves UNCHECKED and is counted."}


def looks_for(rail: str) -> str:
    """What a check looks for, "" if nobody says."""
    return _WHAT.get(rail, "")


def in_words(label: str) -> str:
    """What was found, without the label itself."""
    group, _, part = label.partition(".")
    if label in _FOUND or f"{group}.*" not in _FOUND:
        return _FOUND.get(label) or label.removesuffix(".*").replace("_", " ").replace(".", ", ")
    return f"{_FOUND[f'{group}.*']}: {RED_FLAGS.get(part) or part.replace('_', ' ')}"


def what_was_done(rail: str, direction: Direction, action: Action) -> str:
    """What an action of a check means."""
    return _done(rail, direction, action)


def _title(loaded: Loaded) -> str:
    policy = loaded.policy
    files = ", ".join(file.name for file in loaded.files)
    return "\n".join(
        [
            f"Policy {policy.name}, version {policy.version}",
            f"fingerprint {loaded.sha256}, from {files}",
            *([policy.description] if policy.description else []),
        ]
    )


def _unsafe(policy: Policy) -> str:
    return "UNSAFE: this policy switches protections off that the product is for (`unsafe: true`)." * policy.unsafe


def _switched_off(crisis: Crisis) -> str:
    off = [name.upper() for name in RED_FLAGS if crisis.is_off(name)]
    return f"SWITCHED OFF, not looked for: {', '.join(off)}. Because of: {crisis.off_because}." * bool(off)


def _crisis(policy: Policy) -> Iterator[str]:
    """WHO-51: what is looked for, what is said, who is told."""
    crisis = policy.crisis
    for code, what in RED_FLAGS.items():
        yield f"{code.upper()} {what}{' (SWITCHED OFF)' if crisis.is_off(code) else ''}."
    if crisis.answer == "withhold":
        yield "The model is not asked; our text is the whole answer, and the chat goes on. Not so for clinicians' work."
    else:
        yield "The model's answer follows behind our text."
    if crisis.webhook:
        signed = f"signed with {crisis.webhook.key_env}" if crisis.webhook.key_env else "NOT signed"
        where = crisis.webhook.url or f"the address in {crisis.webhook.url_env}"
        yield f"Your own people are told at {where} ({signed}): codes and the receipt, never a word of the text."
    if unsigned := drafts(policy):
        yield f"DRAFTS, no named clinician has signed these crisis texts: {', '.join(unsigned)}."
    yield from _services(policy)


def _services(policy: Policy) -> Iterator[str]:
    services, today = shipped().services, datetime.now(UTC).date().isoformat()
    for country in policy.countries:
        row = services.get(country)
        if row is None:
            yield f"{country}: no service is known; the local emergency number and international directories are named."
        elif row.line and row.current(today):
            who = f"checked by {row.verified_by}" if row.verified_by else "CHECKED BY NOBODY since"
            yield f"{country}: {row.emergency}; {row.shown}, seen {row.verified_on} ({row.source}), {who}."
        else:
            why = "its line has EXPIRED" if row.line else "no line was verified"
            yield f"{country}: {row.emergency}; {why}, international directories are named."


def _section(title: str, lines: Iterator[str] | list[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _clients(policy: Policy) -> Iterator[str]:
    if not policy.clients:
        yield "Nobody is listed: programs on this machine may connect, without a token; nothing else can."
    for client in policy.clients:
        told = {"surface": client.surface, "country": client.country, "language": client.language}
        known = ", ".join(f"{name} {value}" for name, value in told.items() if value)
        yield f"{client.name}, by its token{f' ({known})' if known else ''}"
        if client.upstreams is not None:
            yield f"  may use {', then '.join(client.upstreams) or 'no provider'}, and no other."
        if client.demands:
            yield f"  its providers must attest {_all(client.demands)}, too."
    defaults = policy.defaults
    country = defaults.country or "none (texts name the local emergency number)"
    yield f"If nothing else is said: surface {defaults.surface}, language {defaults.language}, country {country}."


def _upstreams(policy: Policy) -> Iterator[str]:
    for name, upstream in policy.upstreams.items():
        default = " (default)" if name == policy.default_upstream else ""
        yield f"{name}{default}: {upstream.base_url}, speaking {', '.join(upstream.dialects)}; {_key(upstream)}"
        yield from (f"  {line}." for line in _details(policy, upstream))
    for route, to in policy.routes.items():
        yield f"Requests below /r/{route}/ go to {to.upstream}."
    if policy.demands:
        yield f"A provider must attest {_all(policy.demands)}; one that does not gets nothing."
    for name, demand in policy.demands.items():
        if not any(meets(upstream.attests.get(name), demand) for upstream in policy.upstreams.values()):
            yield f"NO PROVIDER attests {_demand((name, demand))}: nothing is sent to any until one does."


def _details(policy: Policy, upstream: Upstream) -> Iterator[str]:
    """What is special about a provider."""
    if upstream.models:
        yield f"serves the models {', '.join(upstream.models)}"
    if upstream.attests or policy.demands:
        yield f"attests {_all(upstream.attests) or 'nothing'}"
    if upstream.set:
        members = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in upstream.set.items())
        yield f"every request to it says {', '.join(members)}"
    if upstream.fallback:
        yield f"if no connection to it comes about, {', then '.join(upstream.fallback)} is asked"


def _all(stated: Mapping[str, object]) -> str:
    return ", ".join(map(_demand, stated.items()))


def _apis(policy: Policy) -> Iterator[str]:
    for name, api in policy.apis.items():
        streamed = f"; streamed ({api.stream.framing})" if api.stream else ""
        yield f"generic.{name}: asked at {', '.join((*api.path, *api.stream_path))}{streamed}"
    yield "What a description does not name is inspected in full, and no real value is put back there."


def _gates(policy: Policy) -> Iterator[str]:
    """Conditions without which nothing is sent, and the way to people."""
    gates = policy.gates
    if gates.consent:
        yield f"Consent to the use of AI ({_on(gates.consent.surfaces)}): granted, not required, or an emergency."
        yield "  Declined or withdrawn: the model is not asked, the reader is told the way to people."
        yield from _because(gates.consent.because)
    if gates.age:
        yield f"Nobody under {gates.age.minimum} ({_on(gates.age.surfaces)})."
        yield f"  Under {gates.age.guardian_below} only with a guardian's consent; {_UNKNOWN_AGE[gates.age.unknown]}."
        yield from _because(gates.age.because)
    if gates.training:
        yield f"Trained within {gates.training.within_days:,} days ({_on(gates.training.surfaces)}), or refused."
        yield from _because(gates.training.because)
    if gates.setting:
        yield from _setting(gates.setting, policy.upstreams)
    for client in policy.clients:
        if client.tasks is not None:
            yield f"{client.name} may ask about {', '.join(client.tasks) or 'nothing'} only."
        if client.claims:
            trusted = "only what is signed counts" if gates.claims_required else "plain headers count, too"
            yield f"{client.name} signs what it says of its users ({client.claims.algorithm}); {trusted}."
    for language, route in gates.human_route.items():
        yield f'The way to people ({language}): "{route}"'


_UNKNOWN_AGE = {"minor": "an age that is not told counts as a minor's", "refuse": "an age that is not told is refused"}


def _setting(gate: SettingGate, upstreams: Iterable[str]) -> Iterator[str]:
    for name in upstreams if gate.uses else ():
        yield f"{name} may be used for {', '.join(gate.uses.get(name, ())) or 'nothing'} only."
    approval = gate.decision_support
    if approval is None:
        yield "Nothing is approved for clinical decision support: it is refused."
    elif approval.shadow:
        yield f"Clinical decision support runs IN SHADOW{_number(approval)}: asked, and shown to nobody."
    else:
        yield f"Clinical decision support is allowed{_number(approval)}."
    yield from _because(gate.because)


def _number(approval: Approval) -> str:
    if not approval.id:
        return ""
    return f" under {approval.id} at {approval.site} until {approval.valid_until}"


def _on(surfaces: Sequence[str]) -> str:
    return f"surface {', '.join(surfaces)}"


def _because(requirements: Sequence[str]) -> Iterator[str]:
    for requirement in requirements:
        meaning = MEANINGS.get(requirement)
        yield f"  Because of {requirement}{f': {meaning}' if meaning else ''}."


def _key(upstream: Upstream) -> str:
    if upstream.api_key_env:
        return f"key from the environment variable {upstream.api_key_env}"
    return "key from a file" if upstream.api_key_file else "the application's own key is passed on"


def _rule(rule: RailRule) -> Iterator[str]:
    yield _WHAT.get(rule.rail, "")
    if rule.shadow:
        yield "IN SHADOW: found and counted, nothing is changed. Out of shadow it would do this."
    for direction, way in _WAY.items():
        action = rule.action(direction)
        if action is not None:
            yield f"{way} ({action.word}): {_done(rule.rail, direction, action)}."
        for name, exception in rule.label_actions(direction).items():
            yield f"{way}, but {_found(name)} ({exception.word}): {_excepted(name, exception)}."
    for requirement in rule.because:
        meaning = MEANINGS.get(requirement)
        yield f"Because of {requirement}{f': {meaning}' if meaning else ''}."
    yield from _additions(rule.settings)
    if rule.settings:
        yield f"It has settings of its own: {', '.join(rule.settings)}."


def _additions(settings: Mapping[str, Any]) -> Iterator[str]:
    """What a policy adds to the words, patterns and recognizers of a check; its types are right."""
    if allowed := settings.get("allow_terms"):
        more = f" and {len(allowed) - _SHOWN:,} more" if len(allowed) > _SHOWN else ""
        yield f"NEVER taken for anybody's: {'; '.join(map(str, allowed[:_SHOWN]))}{more}."
    if denied := settings.get("deny_terms"):
        counts = [f"{len(terms):,} for {_found(label)}" for label, terms in denied.items()]
        yield f"Always taken for somebody's, words listed in the policy: {'; '.join(counts)}."
    for pattern in settings.get("patterns", ()):
        near = f", near one of the words {', '.join(pattern['context'])}" if pattern.get("context") else ""
        yield f"Own pattern for {_found(pattern['label'])}: {pattern['pattern']}{near}."
    if profile := settings.get("profile"):
        yield f"Written for this reader whatever the surface: {profile}."
    if treatments := settings.get("treatments"):
        yield f"Treated otherwise: {', '.join(f'{_found(label)}: {what}' for label, what in treatments.items())}."
    if own := settings.get("recognizers"):
        yield f"Own recognizers of Presidio: {', '.join(_recognizer(each) for each in own)}."


def _recognizer(entry: object) -> str:
    named = entry.get("python") or entry.get("name") if isinstance(entry, Mapping) else entry
    return str(named)


def _found(label: str) -> str:
    """What was found, in words where there are some, and as the policy writes it."""
    plain = _FOUND.get(label) or label.removesuffix(".*").replace("_", " ").replace(".", ", ")
    return plain if plain == label else f"{plain}, `{label}`"


def _excepted(label: str, action: Action) -> str:
    return "taken out" if (label, action) == ("own", Action.REPLACE) else _IN_GENERAL[action]


def _words(rule: RailRule, policy: Policy) -> Iterator[str]:
    """What the rail writes into answers, in the default language."""
    rewriter = catalog.build_rewriter(rule.rail, dated(rule, datetime.now(UTC).date(), policy.default_language))
    defaults = policy.defaults
    about = About(
        Direction.RESPONSE, Role.ASSISTANT,
        language=defaults.language, surface=defaults.surface, country=defaults.country,
    )  # fmt: skip
    for label, on_what in _SPEAKS.get(rule.rail, {}).items() if rule.response is not None else ():
        text = rewriter.rewrite(Finding(Span(0, 0), rule.rail, label), "", about) if rewriter else None
        yield f'{on_what}: "{" ".join((text or "").split())}"'


def _done(rail: str, direction: Direction, action: Action) -> str:
    return _DONE.get((rail, direction, action), _IN_GENERAL[action])


def _rest(policy: Policy) -> Iterator[str]:
    if policy.logprobs == "drop":
        yield "Token probabilities, which spell the answer again, are left out."
    else:
        yield "Token probabilities stay in answers that were not changed."
    yield from _stand_ins(policy)
    if policy.restore.tools:
        yield f"Real values are put back into the arguments of these tools: {', '.join(policy.restore.tools)}."
    else:
        yield "Real values are put back into answers only, never into the arguments of tools."
    yield from _passing(policy)
    yield "Group codes that applications may send: " + "; ".join(
        f"{name} {', '.join(policy.cohorts.values(name)) or 'none'}" for name in type(policy.cohorts).model_fields
    )


def _passing(policy: Policy) -> Iterator[str]:
    """What passes unseen, what a model may do by itself, what the provider keeps, who may be asked."""
    if policy.media.release:
        yield f"UNINSPECTED, these kinds of file pass without anybody looking: {', '.join(policy.media.release)}."
    if policy.media.hosts:
        yield f"Requests may link to files at: {', '.join(policy.media.hosts)}."
    held = [name for name in policy.tools.classes if name not in policy.tools.release]
    if held:
        yield f"A model may only propose calls of these classes of tools, a person decides: {', '.join(held)}."
    if policy.tools.release:
        yield f"A model may start calls of these classes of tools by itself: {', '.join(policy.tools.release)}."
    if policy.state.keep_at_provider:
        where = "in Redis" if policy.state.store == "redis" else "in this process"
        kept = f"their placeholders are kept {where}, sealed, for {policy.state.seconds / 3600:g} hours"
        yield f"Conversations may be stored at the provider; {kept}."
    else:
        yield "Nothing may be stored at the provider, and nothing stored there can be referred to."
    if policy.models.allow is not None:
        yield f"Only these models may be asked: {', '.join(policy.models.allow) or 'none'}."


def _demand(demand: tuple[str, object]) -> str:
    name, value = demand
    if isinstance(value, bool):
        return name if value else f"no {name}"
    wanted = " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"{name} {wanted or 'of no kind'}"


_INSTEAD: Mapping[str, str] = {
    "generalise": "Told in general only (a year, a state, the first three digits of a ZIP code, 90+), and not put back",
    "shift": "Moved by a number of weeks that nobody knows, the same for all of a conversation, and put back",
    "drop": "Left out, and not put back",
}


def _stand_ins(policy: Policy) -> Iterator[str]:
    chosen = {**DEFAULTS, **policy.placeholders.operators}
    for operator, words in _INSTEAD.items():
        labels = [_FOUND.get(label, label) for label, one in chosen.items() if one == operator]
        if labels:
            yield f"{words}: {', '.join(labels)}."
    if policy.placeholders.roles:
        yield "Patients, clinicians and relatives are told apart in placeholders where the words beside a name say so."
    else:
        yield "Patients, clinicians and relatives are not told apart in placeholders."


def _limits(limits: Limits) -> Iterator[str]:
    yield "Beyond them a request is refused; nothing is cut off and sent on."
    for name, value in limits:
        words = _BOUNDS.get(name, f"{{}} {name.replace('_', ' ')}")
        number = _size(value) if name.endswith("_bytes") else f"{value:,}".removesuffix(".0")
        yield f"At most {words.format(number)}"


def _size(count: int) -> str:
    return f"{count // _MIB:,} MiB" if count % _MIB == 0 else f"{count:,} bytes"
