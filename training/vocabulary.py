"""Writes the words of medicine that are nobody's name: from our own lists, less every word that our name and town lists hold.

`python -m training.vocabulary --into guardrail/rails/data/medicine.txt`
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from training.synth.lexicons import HERE

MEDICINE = (
    "drug",
    "brand",
    "dx",
    "symptom",
    "procedure",
    "bodypart",
    "specialty",
    "section",
    "allergen",
    "med",
    "lab",
    "vital",
    "score",
    "freq",
    "dose",
    "reltime",
    "role",
    "rel",
)
PEOPLE = (
    "first_f",
    "first_m",
    "last",
    "last_f",
    "word_first",
    "word_last",
    "eponym_last",
    "nick",
    "city",
    "city_in",
    "county",
    "district",
    "facility_first",
    "facility_short",
    "employer",
    "hospital",
    "street",
    "patronymic_m",
    "patronymic_f",
)
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "ru", "sw")
_WORD = re.compile(r"[^\W\d_]{4,}")


def words(names: tuple[str, ...]) -> set[str]:
    """All words of the lists, in lower case."""
    found: set[str] = set()
    for language in LANGUAGES:
        for name in names:
            path = HERE / language / f"{name}.txt"
            if path.exists():
                found.update(word.lower() for word in _WORD.findall(path.read_text(encoding="utf-8")))
    return found


def main() -> None:
    """Write the list, one word a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True)
    args = parser.parse_args()
    kept = sorted(words(MEDICINE) - words(PEOPLE))
    args.into.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(len(kept))


if __name__ == "__main__":
    main()
