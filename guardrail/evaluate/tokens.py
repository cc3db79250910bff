"""What of an identifier gives its bearer away: the words and numbers that may not be left of it.

A street without its name, a hospital's "hospital", a year: these say nothing. Texts are compared after NFKC,
case folding and collapsing of white space. Knows labels and words; no policy and no rail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

_ENOUGH: Final = 4  # letters of a word that stands for itself
_DIGITS: Final = re.compile(r"\d{3,}")
_YEAR: Final = re.compile(r"19\d\d|20\d\d|1[34]\d\d")  # also by the Islamic calendar
_FICTIONAL: Final = "555"  # the exchange of invented phone numbers
_SPOKEN: Final = 7  # words from which on a number without digits counts as spelled out
_WITHOUT_YEAR: Final = re.compile(
    r"(?:19|20)\d\d[-/. ](?P<after>.+)|(?P<before>.+?)(?:[,\s]+|[-/.])(?:19|20)\d\d(?: ?г\.?)?"  # noqa: RUF001 - the Russian for "year"
)
_YEAR_MONTH: Final = re.compile(r"(?:19|20)\d\d[-/.]\d\d(?=[-/.])")

# Ways and buildings, houses for the sick and others, words between others: many places share them.
_SHARED: Final = """
    street road avenue lane drive court place square terrace boulevard highway route close crescent suite unit floor
    apartment building house block room north south east west upper lower city town village county district state
    river lake hill park bridge station market calle avenida plaza carrera colonia paseo barrio piso puerta
    rue allée quai chemin étage straße platz allee gasse haus via viale piazza corso praça travessa bairro
    улица проспект переулок город дом квартира मार्ग
    hospital hospitals clinic clinics medical medicine center centre health healthcare care community regional
    general memorial university institute foundation department division group associates services practice
    family children pediatric pediatrics surgery surgical emergency urgent primary nursing home hospice
    rehabilitation pharmacy laboratory laboratories imaging radiology dental cancer heart women saint
    maternity oncology cardiology orthopedic orthopedics ortho spine kidney dialysis manor back front rear
    school elementary middle high college academy kindergarten church company bank store works public
    private national international first second third
    clínica clinica centro salud universitario municipal instituto fundación farmacia laboratorio
    escuela colegio iglesia santa santo hôpital clinique cabinet pharmacie laboratoire école lycée église
    krankenhaus klinik klinikum praxis labor apotheke schule kirche sankt universitätsklinikum
    posto unidade escola ospedale scuola casa больница поликлиника клиника аптека школа лаборатория
    hospitali zahanati shule مستشفى مركز عيادة صيدلية مدرسة شارع अस्पताल क्लिनिक विद्यालय
    with from near next behind between
"""


def normal(text: str) -> str:
    """As texts are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_COMMON: Final = frozenset(normal(_SHARED).split())


def count(text: str, part: str, *, bounded: bool) -> int:
    """How often `part` stands in `text`; `bounded`: as words of its own."""
    found, at = 0, text.find(part)
    while at >= 0:
        end = at + len(part)
        found += not bounded or not (_joined(text[at - 1 : at], part[0]) or _joined(part[-1], text[end : end + 1]))
        at = text.find(part, at + 1)
    return found


def words(text: str) -> list[str]:
    """Letters and digits that stand together, in any script."""
    spaced = "".join(each if each.isalnum() or _is_mark(each) else " " for each in text)
    return spaced.split()


def distinctive(label: str, value: str) -> frozenset[str]:
    """The parts of a value, as they are compared, none of which may be left. The value itself is not among them."""
    whole = normal(value)
    return frozenset(_KINDS.get(label, _anything)(whole)) - {whole, ""}


def _joined(left: str, right: str) -> bool:
    return _is_word(left) and _is_word(right)


def _is_word(one: str) -> bool:
    """Part of a word that white space would end; not so in Chinese and Japanese."""
    return bool(one) and not _is_cjk(one) and (one.isalnum() or _is_mark(one))


def _is_mark(one: str) -> bool:
    return unicodedata.category(one)[0] == "M"


def _is_cjk(one: str) -> bool:
    return "\u3040" <= one <= "\u9fff"


def _is_year(number: str) -> bool:
    return _YEAR.fullmatch(number) is not None


def _name(whole: str) -> set[str]:
    """Its longer words; all of them if it has short ones only. Of a Chinese or Japanese name the given name."""
    letters = [word for word in words(whole) if not word.isdigit()]
    found = {word for word in letters if len(word) >= _ENOUGH and not _is_cjk(word[0])}
    found |= {word[-2:] for word in letters if len(word) >= 3 and _is_cjk(word[0])}
    return found or {word for word in letters if len(word) >= 2 and not _is_cjk(word[0])}


def _place(whole: str) -> set[str]:
    """Its longer words but for those that many places share, and its numbers."""
    long = {word for word in words(whole) if len(word) >= _ENOUGH and not _is_cjk(word[0])}
    proper = {word for word in long if not any(map(str.isdigit, word))}
    return (proper - _COMMON) | set(_DIGITS.findall(whole))


def _date(whole: str) -> set[str]:
    """What is finer than a year (45 CFR 164.514(b)(2)(i)(C)): day and month without it, or the month with it."""
    found = {digits for digits in _DIGITS.findall(whole) if not _is_year(digits)}
    if parts := _WITHOUT_YEAR.fullmatch(whole):
        rest = (parts["after"] or parts["before"]).strip(" ,.-/")
        if len(rest) >= 3 and len(words(rest)) >= 2:
            found.add(rest)
    if month := _YEAR_MONTH.match(whole):
        found.add(month.group())
    return found


def _age(whole: str) -> set[str]:
    return set(re.findall(r"\d{2,}", whole))


def _email(whole: str) -> set[str]:
    box, at, _ = whole.partition("@")
    return set(_DIGITS.findall(whole)) | ({box} if at and len(box) >= _ENOUGH else set())


def _url(whole: str) -> set[str]:
    return set(_DIGITS.findall(whole))


def _number(whole: str) -> set[str]:
    """Its longer runs of digits and its words of letters and digits; of a spelled-out number the end."""
    found = {digits for digits in _DIGITS.findall(whole) if digits != _FICTIONAL and not _is_year(digits)}
    said = words(whole)
    found |= {w for w in said if len(w) >= _ENOUGH and any(map(str.isdigit, w)) and any(map(str.isalpha, w))}
    if found or len(said) < _SPOKEN:
        return found
    at = len(whole)
    for word in reversed(said[-4:]):
        at = whole.rfind(word, 0, at)
    return {whole[at:]}


def _anything(whole: str) -> set[str]:
    """Of a label that is not ours."""
    return _name(whole) | _number(whole)


_KINDS: Mapping[str, Callable[[str], set[str]]] = {
    **dict.fromkeys(("NAME", "PERSON"), _name),
    **dict.fromkeys(("LOCATION", "ADDRESS", "ORG_FACILITY"), _place),
    "DATE": _date,
    "AGE_OVER_89": _age,
    "EMAIL": _email,
    "URL": _url,
    **dict.fromkeys(
        (
            *("PHONE", "FAX", "SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE"),
            *("IP", "BIOMETRIC", "OTHER_ID"),
        ),
        _number,
    ),
}
