"""What the finders by shape and cue say alone: no Presidio, no trained detector, only what needs no other evidence."""

from guardrail.rails.normalise import unsmudged, view
from guardrail.rails.phi_contact import find_contacts
from guardrail.rails.phi_dates import date_finder
from guardrail.rails.phi_ids import find_ids
from guardrail.rails.phi_merge import without
from guardrail.rails.phi_places import find_places
from guardrail.rails.phi_records import find_in_records
from guardrail.rails.phi_text import Finder, Hit, Words
from guardrail.text import Span
from tests.rails.ids import Example

SURE = 0.78
"""From this score on a finding counts without the detector (`phi_merge`)."""
MINE: tuple[Finder, ...] = (find_ids, find_contacts, date_finder(1935))
"""The finders of identifiers with a form."""
FINDERS: tuple[Finder, ...] = (*MINE, find_places, find_in_records)


def sure_hits(text: str, finders: tuple[Finder, ...] = FINDERS, *, public: bool = True) -> list[tuple[str, Span]]:
    """Label and original range of everything that is sure; without `public`, also inside codes of medicine."""
    seen = view(text)
    words = Words.of(unsmudged(seen.text))
    hits: list[Hit] = [hit for find in finders for hit in find(words) if hit.hard or hit.score >= SURE]
    kept = without(words.text, hits) if public else hits
    return [(hit.label, seen.original(hit.start, hit.end)) for hit in kept]


def covered(example: Example) -> tuple[bool, set[str]]:
    """Whether nothing readable of the value is left, and what it was called."""
    left = {at for at in range(example.start, example.end) if example.text[at].isalnum()}
    labels = set()
    for label, span in sure_hits(example.text, public=False):
        if span.start < example.end and example.start < span.end:
            labels.add(label)
            left.difference_update(range(span.start, span.end))
    return not left, labels
