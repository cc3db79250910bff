"""The public texts, as examples with our labels. Licences and sources: docs/phi-model.md. None of them is in this repository.

Every tenth line of each set is held out and only measured. What a set labels and we don't (or the other way round) is
masked: spans labelled IGNORE teach nothing.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.synth.corpus import Example, Span

IGNORE = "IGNORE"
# CLINC150 intents whose queries name towns, days or people.
NAMING = frozenset(
    """apr book_flight book_hotel calendar calendar_update car_rental confirm_reservation cancel_reservation accept_reservations current_location date directions
    distance exchange_rate flight_status how_busy international_visa international_fees make_call meeting_schedule next_holiday oos order pto_request pto_request_status
    reminder reminder_update restaurant_reservation restaurant_reviews restaurant_suggestion schedule_maintenance schedule_meeting share_location text time timezone
    traffic translate travel_alert travel_notification travel_suggestion uber vaccines weather what_is_your_name where_are_you_from who_do_you_work_for who_made_you
    change_ai_name change_user_name user_name play_music update_playlist what_song next_song plug_type transactions transfer spending_history balance meal_suggestion
    recipe fun_fact definition carry_on lost_luggage tell_joke cook_time pay_bill bill_due w2 taxes thank_you greeting goodbye food_last smart_home reset_settings
    do_you_have_pets what_are_your_hobbies how_old_are_you gas gas_type income payday report_fraud routing direct_deposit freeze_account interest_rate min_payment
    order_status order_checks todo_list todo_list_update shopping_list shopping_list_update timer alarm""".split()
)
_MEDDOCAN = {
    "TERRITORIO": "LOCATION",
    "FECHAS": "DATE",
    "NOMBRE_SUJETO_ASISTENCIA": "NAME",
    "NOMBRE_PERSONAL_SANITARIO": "NAME",
    "CALLE": "ADDRESS",
    "ID_SUJETO_ASISTENCIA": "MRN",
    "ID_TITULACION_PERSONAL_SANITARIO": "LICENSE",
    "CORREO_ELECTRONICO": "EMAIL",
    "ID_ASEGURAMIENTO": "HEALTH_PLAN",
    "HOSPITAL": "ORG_FACILITY",
    "INSTITUCION": "ORG_FACILITY",
    "ID_CONTACTO_ASISTENCIAL": "OTHER_ID",
    "NUMERO_TELEFONO": "PHONE",
    "NUMERO_FAX": "FAX",
    "CENTRO_SALUD": "ORG_FACILITY",
}
_WIDE = re.compile(
    r"(?i)(?:the )?(?:usa?|u\.s\.a?\.?|america|uk|england|canada|mexico|japan|china|india|france|germany|italy|spain|texas|california|florida|ohio|europe|africa|asia|australia|ireland|brazil)$"
)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _held(text: str) -> bool:
    return zlib.crc32(text.encode()) % 10 == 7


def clean(folder: Path, held_out: bool) -> Iterator[Example]:
    """Questions without PHI: MedQuAD (CC BY 4.0), Banking77 (CC BY 4.0), CLINC150 without the intents that name (CC BY 3.0)."""
    for name in ("medquad_questions", "banking77_train", "clinc150_train"):
        for line in _lines(folder / f"{name}.jsonl.gz"):
            if line.get("intent") not in NAMING and _held(line["text"]) is held_out:
                yield Example(line["text"], (), "en", name, name)


def meddocan(folder: Path, part: str = "train") -> Iterator[Example]:
    """Spanish clinical cases (SPACCC-MEDDOCAN, CC BY 4.0)."""
    for line in _lines(folder / f"meddocan_{part}.jsonl.gz"):
        spans: list[Span] = []
        for span in line["spans"]:
            words = line["text"][span["start"] : span["end"]]
            label = _MEDDOCAN.get(span["label"], "")
            if label == "DATE" and re.fullmatch(r"\d{4}", words):
                label = ""
            if label == "LOCATION" and re.fullmatch(r"[\d -]+", words):
                label = "ADDRESS"
            if span["label"] == "INSTITUCION":
                label = IGNORE
            if label:
                spans.append((span["start"], span["end"], label))
        yield Example(line["text"], tuple(spans), "es", "meddocan", line["id"])


def wnut(folder: Path, held_out: bool) -> Iterator[Example]:
    """Noisy English (WNUT 2017, CC BY 4.0): people and places; what else is named there is masked."""
    for line in _lines(folder / "wnut17_train.jsonl.gz"):
        text = line["text"]
        if _held(text) is not held_out:
            continue
        spans: list[Span] = []
        for span in line["spans"]:
            words = text[span["start"] : span["end"]]
            label = {"PERSON": "NAME", "LOCATION": "LOCATION"}.get(span["label"], IGNORE)
            if label == "LOCATION" and _WIDE.match(words):
                label = ""
            if label:
                spans.append((span["start"], span["end"], label))
        spans += (
            (m.start(), m.end(), IGNORE)
            for m in re.finditer(
                r"@\w+|https?://\S+|#\w+|(?i:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)|\d+(?:st|nd|rd|th)", text
            )
        )
        yield Example(text, tuple(sorted(spans)), "en", "wnut17", "wnut17")
