"""Emergency numbers and crisis lines by country (ISO 3166 alpha-2). Data only.

Only rows that were seen on an official page or in reputable news during the research (status V1 of
requirements 4.1) name a crisis line; the emergency number is shipped where it is V1 or the generally
known 112/911/999. An expired row keeps its emergency number and loses its line: never a stale helpline.
The country comes from configuration, never from an address or a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Service:
    """One country. `line` is the crisis line as it is shown, "" where none is verified; dates are ISO 8601."""

    emergency: str
    line: str
    source: str
    verified_on: str
    expires_on: str

    def current(self, today: str) -> bool:
        """True while the crisis line may be shown (`today` as an ISO date, which compares as text)."""
        return today <= self.expires_on


_SEEN, _UNTIL = "2026-07-15", "2027-01-11"  # at most 180 days (requirements 4.1)


def _row(emergency: str, line: str = "", source: str = "") -> Service:
    return Service(emergency, line, source or "requirements.md 4.1, emergency number only", _SEEN, _UNTIL)


SERVICES: Final = MappingProxyType(
    {
        "US": _row("911", "988 (call, text or chat)", "988lifeline.org"),
        "CA": _row("911", "988 (call or text)", "988.ca"),
        "MX": _row("911", "Línea de la Vida 800 911 2000 (24/7)", "gob.mx"),
        "FR": _row("15 / 112", "3114 (24/7)", "service-public.fr"),
        "DE": _row("112", "TelefonSeelsorge 0800 111 0 111", "gesund.bund.de"),
        "AT": _row("144 / 112", "142", "telefonseelsorge.at"),
        "ES": _row("112", "024 (24/7)", "rtve.es"),
        "PT": _row("112", "1411 (24/7)", "sapo.pt"),
        "IN": _row("112", "Tele-MANAS 14416 (24/7)", "IANS, lokmattimes.com"),
        "CN": _row("120", "12356", "people.com.cn"),
        "KR": _row("119", "109 (24/7)", "koreabizwire.com"),
        "SG": _row("995", "1767 (24/7)", "channelnewsasia.com"),
        # Emergency number only: the lines of these countries are not verified (V2, K or conflicting lists).
        "GB": _row("999 / 112"),
        "IE": _row("112 / 999"),
        "IT": _row("112"),
        "NL": _row("112"),
        "BE": _row("112"),
        "CH": _row("112"),
        "RU": _row("112"),
        "ZA": _row("112"),
    }
)
