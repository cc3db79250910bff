"""Check digits of identifiers: does a number obey the arithmetic that its issuer gave it. Knows no text and no label.

Each function takes the value as written, with its separators, and answers True if it has as many digits as it must have
and the check holds. None raises. A check that holds by chance once in ten is no proof: callers want a cue or a telling
shape as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_VIN: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10), *range(10)], strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_ODD_PLACES: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_NHI: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_CURP: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_LATER: Final = ("1234067895", "2340178956", "3401289567", "4012395678")
_TURNED: Final = ("5987604321", "6598710432", "7659821043", "8765932104", "9876543210")
_DIHEDRAL: Final = ("0123456789", *_LATER, *_TURNED)
_PERMUTED: Final = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_IBAN_SIZES: Final = range(15, 35)


def plain(value: str) -> str:
    """Letters and digits alone, in capitals."""
    return "".join(char for char in value if char.isalnum()).upper()


def _numbers(value: str, *sizes: int) -> list[int]:
    """The digits, [] if there are more or fewer than one of `sizes` or anything but ASCII digits among them."""
    found = plain(value)
    return [int(char) for char in found] if found.isascii() and found.isdigit() and len(found) in sizes else []


def _sum(numbers: Sequence[int], weights: Sequence[int]) -> int:
    return sum(number * weight for number, weight in zip(numbers, weights, strict=False))


def _digit_sums(numbers: Sequence[int], weights: Sequence[int]) -> int:
    """As `_sum`, each product counted by its digits (at most two)."""
    return sum(sum(divmod(number * weight, 10)) for number, weight in zip(numbers, weights, strict=False))


def _luhn(numbers: Sequence[int]) -> bool:
    twice = [sum(divmod(2 * number, 10)) for number in numbers[-2::-2]]
    return bool(numbers) and (sum(numbers[-1::-2]) + sum(twice)) % 10 == 0


def is_luhn(value: str) -> bool:
    """ISO/IEC 7812: cards, IMEI, SIN, Ontario health cards, South African ids."""
    return _luhn(_numbers(value, *range(8, 20)))


def is_card(value: str) -> bool:
    """13 to 19 digits of a known scheme (ISO/IEC 7812), Luhn."""
    numbers = _numbers(value, *range(13, 20))
    if len(set(numbers)) < 2 or not _luhn(numbers):
        return False
    head, size = numbers[0] * 10 + numbers[1], len(numbers)
    if size == 15:
        return head in (34, 37)
    return (
        (numbers[0] == 4 and size in (13, 16, 19))
        or (size == 16 and (51 <= head <= 55 or 22 <= head <= 27 or head in (35, 36, 30, 38)))
        or (size == 14 and head in (30, 36, 38, 39))
        or (size >= 16 and head in (50, 56, 57, 58, 60, 62, 63, 64, 65, 67, 81))
    )


def is_npi(value: str) -> bool:
    """US National Provider Identifier: Luhn over the prefix 80840."""
    numbers = _numbers(value, 10)
    return bool(numbers) and numbers[0] in (1, 2) and _luhn([8, 0, 8, 4, 0, *numbers])


def is_dea(value: str) -> bool:
    """US DEA registration: two letters (or a letter and 9) and seven digits."""
    numbers = _numbers(plain(value)[2:], 7)
    return bool(numbers) and (sum(numbers[:6:2]) + 2 * sum(numbers[1:6:2])) % 10 == numbers[6]


def is_vin(value: str) -> bool:
    """ISO 3779 with the North American check digit."""
    code = plain(value)
    if len(code) != 17 or any(char not in _VIN for char in code):
        return False
    return "0123456789X"[_sum([_VIN[char] for char in code], _VIN_WEIGHTS) % 11] == code[8]


def is_iban(value: str) -> bool:
    """ISO 13616: modulo 97."""
    code = plain(value)
    if len(code) not in _IBAN_SIZES or not code.isascii() or not (code[:2].isalpha() and code[2:4].isdigit()):
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def is_gtin(value: str) -> bool:
    """GS1: the 14 digits of a device identifier."""
    numbers = _numbers(value, 14)
    return bool(numbers) and _sum(numbers, (3, 1) * 7) % 10 == 0


def is_nhs(value: str) -> bool:
    """NHS number and CHI number of the United Kingdom: modulo 11."""
    numbers = _numbers(value, 10)
    return bool(numbers) and len(set(numbers)) > 1 and _sum(numbers, (*range(10, 1, -1), 1)) % 11 == 0


def is_tfn(value: str) -> bool:
    """Australian tax file number."""
    numbers = _numbers(value, 8, 9)
    weights = (1, 4, 3, 7, 5, 8, 6, 9, 10) if len(numbers) == 9 else (10, 7, 8, 4, 6, 3, 5, 1)
    return bool(numbers) and _sum(numbers, weights) % 11 == 0


def is_au_medicare(value: str) -> bool:
    """Australian Medicare card: ten digits, perhaps one more for the person; the ninth checks."""
    numbers = _numbers(value, 10, 11)
    return bool(numbers) and numbers[0] in range(2, 7) and _sum(numbers, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == numbers[8]


def is_nhi(value: str) -> bool:
    """New Zealand NHI (HISO 10046), AAANNNC and AAANNAX; both moduli of the letter are in use."""
    code = plain(value)
    if len(code) != 7 or any(char not in _NHI for char in code[:3]) or not code[3:5].isdigit():
        return False
    values = [_NHI.index(char) + 1 for char in code[:3]]
    if code[3:].isdigit():
        rest = 11 - _sum([*values, *map(int, code[3:6])], range(7, 1, -1)) % 11
        return rest != 11 and rest % 10 == int(code[6])
    if code[5] not in _NHI or code[6] not in _NHI:
        return False
    total = _sum([*values, int(code[3]), int(code[4]), _NHI.index(code[5]) + 1], range(7, 1, -1))
    return code[6] in (_NHI[23 - total % 24], _NHI[22 - total % 23])


def is_pps(value: str) -> bool:
    """Irish PPS: seven digits, a check letter, perhaps a second letter."""
    code = plain(value)
    numbers = _numbers(code[:7], 7)
    if not numbers or len(code) not in (8, 9) or not code[7:].isalpha() or not code.isascii():
        return False
    second = 0 if len(code) == 8 or code[8] in "WT" else ord(code[8]) - 64
    return "WABCDEFGHIJKLMNOPQRSTUV"[(_sum(numbers, range(8, 1, -1)) + 9 * second) % 23] == code[7]


def is_aadhaar(value: str) -> bool:
    """Indian Aadhaar: twelve digits, Verhoeff."""
    numbers = _numbers(value, 12)
    state = 0
    for at, number in enumerate(reversed(numbers)):
        state = int(_DIHEDRAL[state][int(_PERMUTED[at % 8][number])])
    return bool(numbers) and numbers[0] > 1 and len(set(numbers)) > 1 and state == 0


def is_kvnr(value: str) -> bool:
    """German health insurance number: a letter and nine digits."""
    code = plain(value)
    if not _numbers(code[1:], 9) or not "A" <= code[0] <= "Z":
        return False
    numbers = [int(char) for char in f"{ord(code[0]) - 64:02}{code[1:]}"]
    return _digit_sums(numbers[:10], (1, 2) * 5) % 10 == numbers[10]


def is_steuer_id(value: str) -> bool:
    """German tax id: eleven digits, ISO 7064 MOD 11,10."""
    numbers = _numbers(value, 11)
    product = 10
    for number in numbers[:10]:
        product = ((number + product) % 10 or 10) * 2 % 11
    return bool(numbers) and numbers[0] > 0 and (11 - product) % 10 == numbers[10]


def is_rvnr(value: str) -> bool:
    """German pension insurance number: area, birth date, a letter, serial, check digit."""
    code = plain(value)
    if len(code) != 12 or not "A" <= code[8] <= "Z" or not _numbers(code[:8] + code[9:], 11):
        return False
    numbers = [int(char) for char in f"{code[:8]}{ord(code[8]) - 64:02}{code[9:]}"]
    return _digit_sums(numbers[:12], (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == numbers[12]


def is_nir(value: str) -> bool:
    """French NIR: 97 minus the rest modulo 97; Corsica's 2A and 2B count as 19 and 18."""
    code = plain(value)
    body = code[:5] + {"2A": "19", "2B": "18"}.get(code[5:7], code[5:7]) + code[7:]
    return bool(_numbers(body, 15)) and 97 - int(body[:13]) % 97 == int(body[13:])


def is_dni(value: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23."""
    code = plain(value)
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return bool(_numbers(number, 8)) and _DNI[int(number) % 23] == code[-1]


def is_codice_fiscale(value: str) -> bool:
    """Italian codice fiscale: sixteen characters, the last one checks."""
    code = plain(value)
    if len(code) != 16 or not code.isascii() or not code[15].isalpha():
        return False
    values = [int(char) if char.isdigit() else ord(char) - 65 for char in code]
    total = sum(_ODD_PLACES[number] if at % 2 == 0 else number for at, number in enumerate(values[:15]))
    return total % 26 == values[15]


def is_pt_nif(value: str) -> bool:
    """Portuguese NIF: nine digits, modulo 11."""
    numbers = _numbers(value, 9)
    rest = _sum(numbers[:8], range(9, 1, -1)) % 11
    return bool(numbers) and numbers[8] == (0 if rest < 2 else 11 - rest)


def is_cpf(value: str) -> bool:
    """Brazilian CPF: eleven digits, the last two check."""
    numbers = _numbers(value, 11)
    return len(set(numbers)) > 1 and all(
        _sum(numbers, range(size + 1, 1, -1)) * 10 % 11 % 10 == numbers[size] for size in (9, 10)
    )


def is_cnpj(value: str) -> bool:
    """Brazilian CNPJ: fourteen digits, the last two check."""
    numbers = _numbers(value, 14)
    for size in (12, 13):
        rest = _sum(numbers[:size], [*range(size - 7, 1, -1), *range(9, 1, -1)]) % 11
        if not numbers or numbers[size] != (0 if rest < 2 else 11 - rest):
            return False
    return True


def is_cns(value: str) -> bool:
    """Brazilian health card: fifteen digits, modulo 11."""
    numbers = _numbers(value, 15)
    return bool(numbers) and numbers[0] in (1, 2, 7, 8, 9) and _sum(numbers, range(15, 0, -1)) % 11 == 0


def is_bsn(value: str) -> bool:
    """Dutch BSN: nine digits, modulo 11."""
    numbers = _numbers(value, 9)
    return bool(numbers) and len(set(numbers)) > 1 and _sum(numbers, (*range(9, 1, -1), -1)) % 11 == 0


def is_personnummer(value: str) -> bool:
    """Swedish personnummer: a date, three digits, Luhn over the last ten."""
    numbers = _numbers(value, 10, 12)[-10:]
    return bool(numbers) and _is_day(numbers[2:6]) and _luhn(numbers)


def is_ahv(value: str) -> bool:
    """Swiss AHV number: 756 and ten digits, EAN-13."""
    numbers = _numbers(value, 13)
    return numbers[:3] == [7, 5, 6] and _sum(numbers, (1, 3) * 6 + (1,)) % 10 == 0


def is_za_id(value: str) -> bool:
    """South African id: a date, thirteen digits, Luhn."""
    numbers = _numbers(value, 13)
    return bool(numbers) and _is_day(numbers[2:6]) and numbers[10] < 3 and _luhn(numbers)


def is_my_number(value: str) -> bool:
    """Japanese Individual Number: twelve digits, modulo 11."""
    numbers = _numbers(value, 12)
    rest = _sum(numbers[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return bool(numbers) and numbers[11] == (0 if rest < 2 else 11 - rest)


def is_cn_id(value: str) -> bool:
    """Chinese resident id (GB 11643)."""
    code = plain(value)
    numbers = _numbers(code[:17], 17)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return bool(numbers) and len(code) == 18 and "10X98765432"[_sum(numbers, weights) % 11] == code[17]


def is_rrn(value: str) -> bool:
    """Korean RRN: a date and seven digits; since October 2020 they have no check digit, so the date decides."""
    numbers = _numbers(value, 13)
    return bool(numbers) and _is_day(numbers[2:6]) and numbers[6] > 0


def is_curp(value: str) -> bool:
    """Mexican CURP: eighteen characters, the last one checks."""
    code = plain(value)
    if len(code) != 18 or not code[17].isdigit() or any(char not in _CURP for char in code):
        return False
    return -_sum([_CURP.index(char) for char in code[:17]], range(18, 1, -1)) % 10 == int(code[17])


def is_pesel(value: str) -> bool:
    """Polish PESEL: eleven digits."""
    numbers = _numbers(value, 11)
    return bool(numbers) and _sum(numbers, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def is_ramq(value: str) -> bool:
    """Quebec health insurance number: four letters, a birth date (50 added to a woman's month), two digits."""
    numbers = _numbers(plain(value)[4:], 8)
    return bool(numbers) and _is_day([numbers[2] % 5, *numbers[3:6]])


def _is_day(numbers: Sequence[int]) -> bool:
    """Month and day; Swedish coordination numbers and others add 60 to the day."""
    month, day = numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3]
    return 1 <= month <= 12 and 1 <= day % 60 <= 31
