"""A hospital's own Presidio recognizers, as its policy names them: built once, asked about every text, never believed.

Presidio runs them as it always does (context words, its own score thresholds), with our tokenizer and no model; their
entities get the rail's labels. What raises, takes too long or reports nonsense means: not inspected (fail closed).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import presidio_analyzer.predefined_recognizers as predefined
from presidio_analyzer import EntityRecognizer, LocalRecognizer, PatternRecognizer
from presidio_analyzer.predefined_recognizers import EmailRecognizer, PhoneRecognizer
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerListLoader

from guardrail.errors import PolicyError, RailFailed
from guardrail.rails.phi import LABELS, OwnRecognizer
from guardrail.rails.phi_presidio import LABELS as PRESIDIO_LABELS
from guardrail.rails.phi_presidio import LANGUAGE, OfflineEmailRecognizer, Tokenizer, engine, fail_closed
from guardrail.rails.phi_text import Hit

OTHER: Final = "OTHER_ID"
"""What an entity is called that neither the policy nor we know."""

_KNOWN: Final[Mapping[str, str]] = {
    **PRESIDIO_LABELS,
    "PERSON": "NAME",
    "DATE_TIME": "DATE",
    "LOCATION": "LOCATION",
    "ORGANIZATION": "ORG_FACILITY",
    "US_BANK_NUMBER": "ACCOUNT",
    "ABA_ROUTING_NUMBER": "ACCOUNT",
    "CRYPTO": "ACCOUNT",
    "US_DRIVER_LICENSE": "LICENSE",
    "US_HEALTH_INSURANCE_MEMBER_ID": "HEALTH_PLAN",
    **{label: label for label in LABELS},
}
_FLAGS: Final = 26  # Presidio's own: in any case, line by line, a point matches a line's end too
_NOT_PRESIDIOS: Final = frozenset({"python", "file", "supported_language", "supported_languages"})


class OwnRecognizers:
    """The recognizers of one policy. Raises PolicyError if one can't be built."""

    def __init__(self, recognizers: Sequence[OwnRecognizer], entities: Mapping[str, str]) -> None:
        fail_closed()
        self._labels = {**_KNOWN, **entities}
        self._tokenizer = Tokenizer()
        made = [made for each in recognizers for made in _built(each)]
        self._engine = engine(made, self._tokenizer) if made else None  # Presidio would take all of its own for none

    def find(self, text: str) -> list[Hit]:
        """What they find. Raises RailFailed for a pattern that takes too long and for nonsense, and what they raise."""
        if self._engine is None:
            return []
        with self._tokenizer.forgetting():
            results = self._engine.analyze(text=text, language=LANGUAGE)
            return [self._hit(result, len(text)) for result in results]

    def _hit(self, result: Any, length: int) -> Hit:
        start, end, score = result.start, result.end, float(result.score)
        if not (type(start) is type(end) is int and 0 <= start < end <= length) or not 0.0 <= score <= 1.0:
            raise RailFailed("a recognizer of the policy reported what makes no sense", code="rail_nonsense")
        assert not math.isnan(score)
        return Hit(start, end, self._labels.get(str(result.entity_type), OTHER), score)


def _built(wanted: OwnRecognizer) -> list[EntityRecognizer]:
    if not wanted.enabled:
        return []
    if wanted.file:
        raise PolicyError("a file of recognizers is read only when a policy is loaded from a file", param="recognizers")
    made = _from_class(wanted.python) if wanted.python else _from_registry(wanted)
    for each in made:
        each.supported_language = LANGUAGE  # every recognizer reads every text
    return made


def _from_class(path: str) -> list[EntityRecognizer]:
    module, _, name = path.partition(":")
    try:
        kind: Any = getattr(import_module(module), name)
        fits = isinstance(kind, type) and issubclass(kind, EntityRecognizer)
        made: EntityRecognizer | None = kind() if fits else None
    except Exception as error:  # noqa: BLE001 - not our code: it may raise anything, and say anything
        raise _refused(path, f"could not be made ({type(error).__name__})") from None
    if made is None:
        raise _refused(path, "is not a class of presidio_analyzer.EntityRecognizer")
    return [made]


def _from_registry(wanted: OwnRecognizer) -> list[EntityRecognizer]:
    name = wanted.class_name or wanted.name or ""
    if wanted.type == "predefined":
        _check_predefined(name)
    if wanted.type == "predefined" and name == EmailRecognizer.__name__:
        return [OfflineEmailRecognizer(supported_language=LANGUAGE)]
    values = wanted.model_dump(mode="json", exclude_unset=True, exclude=set(_NOT_PRESIDIOS))
    if wanted.patterns:
        values["patterns"] = [each.model_dump() for each in wanted.patterns]
    if words := _context(wanted):
        values["context"] = words
    try:
        return list(RecognizerListLoader.get([values], [LANGUAGE], _FLAGS))  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _refused(name, f"could not be made ({type(error).__name__})") from None


def _check_predefined(name: str) -> None:
    kind = getattr(predefined, name, None)
    if not (isinstance(kind, type) and issubclass(kind, EntityRecognizer)):
        raise _refused(name, "is not a recognizer of this version of Presidio")
    if not (issubclass(kind, LocalRecognizer) and issubclass(kind, PatternRecognizer | PhoneRecognizer)):
        raise _refused(name, "needs a model or the network; wrap it in a class of your own (module:Class)")


def _context(wanted: OwnRecognizer) -> list[str]:
    """The context words of all its languages: they are all looked for."""
    languages = [each for each in wanted.supported_languages or () if isinstance(each, Mapping)]
    words = [*(wanted.context or ()), *(word for each in languages for word in each.get("context") or ())]
    return list(dict.fromkeys(str(word) for word in words))


def _refused(name: str, what: str) -> PolicyError:
    return PolicyError(f"the recognizer {name} {what}", param="recognizers")
