"""Invented dates in every written form."""

from __future__ import annotations

import random
from datetime import date, timedelta

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "sw": "Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
}
DAY_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
    "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
HOLIDAYS = {
    "en": (
        "Thanksgiving",
        "Christmas",
        "Christmas Eve",
        "Easter",
        "Easter Sunday",
        "Halloween",
        "New Year's Eve",
        "New Year's Day",
        "Labor Day",
        "Memorial Day",
        "Mother's Day",
        "Father's Day",
        "Valentine's Day",
        "the Fourth of July",
        "4th of July",
        "Boxing Day",
        "Good Friday",
        "St. Patrick's Day",
        "Diwali",
        "Eid",
        "Hanukkah",
        "Ramadan",
        "Juneteenth",
        "Veterans Day",
        "MLK Day",
        "Canada Day",
        "Anzac Day",
        "Passover",
        "Lunar New Year",
    ),
    "es": ("Navidad", "Nochebuena", "Semana Santa", "Reyes", "Nochevieja", "Domingo de Pascua"),
    "fr": ("Noël", "Pâques", "la Toussaint", "le 14 juillet", "l'Ascension", "la Pentecôte"),
    "de": ("Weihnachten", "Ostern", "Heiligabend", "Silvester", "Pfingsten", "Ostersonntag"),
    "pt": ("Natal", "Páscoa", "Carnaval", "Domingo de Páscoa", "véspera de Natal"),
    "it": ("Natale", "Pasqua", "Ferragosto", "Capodanno", "Pasquetta", "Santo Stefano"),
    "ru": ("Новый год", "8 Марта", "Пасху", "9 Мая"),
    "sw": ("Krismasi", "Pasaka", "Idd"),
    "ar": ("عيد الفطر", "عيد الأضحى"),
    "hi": ("दिवाली", "होली", "ईद"),
    "zh": ("春节", "国庆节", "中秋节"),
}


def spoken_number(n: int) -> str:
    """Words for 1 to 99."""
    if n < 20:
        return UNITS[n - 1]
    tens, unit = divmod(n, 10)
    return TENS[tens - 2] + (f"-{UNITS[unit - 1]}" if unit else "")


def ordinal(n: int) -> str:
    """1st, 2nd, ..."""
    return f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def a_day(rng: random.Random, first: int = 2015, last: int = 2026) -> date:
    """Any day of those years."""
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last, 12, 31) - start).days))


def _pad(n: int, rng: random.Random) -> str:
    return f"{n:02d}" if rng.random() < 0.5 else str(n)


def numeric(day: date, lang: str, rng: random.Random) -> str:
    """3/14/2024, 14.03.24, ..."""
    year = f"{day.year}" if rng.random() < 0.6 else f"{day.year % 100:02d}"
    if lang == "en":
        separator = rng.choice("///////---..")
        parts = [day.month, day.day] if rng.random() < 0.75 else [day.day, day.month]
    else:
        separator = {"de": ".", "ru": "."}.get(lang) or rng.choice("///-.")
        parts = [day.day, day.month]
    return separator.join([_pad(part, rng) for part in parts] + [year])


def month_day(day: date, lang: str, rng: random.Random) -> str:
    """3/14."""
    if lang == "de":
        return f"{day.day}.{day.month}."
    if lang == "ru":
        return f"{day.day:02d}.{day.month:02d}"
    a, b = (day.month, day.day) if lang == "en" and rng.random() < 0.8 else (day.day, day.month)
    return f"{_pad(a, rng)}{'/' if rng.random() < 0.93 else '-'}{_pad(b, rng)}"


def text(day: date, lang: str, rng: random.Random) -> str:
    """With the month's name."""
    if lang == "zh":
        return (
            f"{day.year}年{day.month}月{day.day}日"
            if rng.random() < 0.6
            else f"{day.month}月{day.day}{rng.choice('日日号')}"
        )
    month = MONTHS.get(lang, MONTHS["en"]).split()[day.month - 1]
    short = month[:3] if day.month != 9 or rng.random() < 0.5 else month[:4]
    if lang == "en":
        name = rng.choice((month, month, short, short, f"{short}."))
        number = rng.choice((str(day.day), str(day.day), ordinal(day.day), f"{day.day:02d}"))
        year = rng.choice(("", "", f", {day.year}", f" {day.year}", f", '{day.year % 100:02d}"))
        return rng.choice(
            (
                f"{name} {number}{year}",
                f"{name} {number}{year}",
                f"{number} {name}{year.replace(',', '')}",
                f"{day.day} {name}{year.replace(',', '')}",
                f"the {ordinal(day.day)} of {month}",
                f"{day.day:02d}-{short.upper()}-{day.year}",
                f"{day.day:02d}{short.upper()}{day.year}",
                f"{day.day}-{short}-{day.year % 100:02d}",
                f"{month} the {ordinal(day.day)}",
            )
        )
    joint = {"es": " de ", "pt": " de ", "de": ". "}.get(lang, " ")
    year = (
        ""
        if rng.random() < 0.4
        else {"es": f" de {day.year}", "pt": f" de {day.year}", "ru": f" {day.year} г."}.get(lang, f" {day.year}")
    )
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    return f"{number}{joint}{month}{year}"


def month(day: date, lang: str, rng: random.Random) -> str:
    """A month with or without its year."""
    if lang == "zh":
        return f"{day.year}年{day.month}月"
    name = MONTHS.get(lang, MONTHS["en"]).split()[day.month - 1]
    if lang == "en":
        return rng.choice(
            (
                f"{name} {day.year}",
                name,
                f"{name[:3]} {day.year}",
                f"{day.month:02d}/{day.year}",
                f"{name} of {day.year}",
                f"{name[:3]} '{day.year % 100:02d}",
            )
        )
    return rng.choice(
        (f"{name} {day.year}", f"{name} de {day.year}" if lang in ("es", "pt") else f"{name} {day.year}", name)
    )


def spoken(day: date, rng: random.Random) -> str:
    """As it is said in a dictation."""
    name = MONTHS["en"].split()[day.month - 1]
    ordinal_words = DAY_WORDS[day.day - 1]
    year = f"{'nineteen' if day.year < 2000 else 'twenty'} {spoken_number(day.year % 100) if day.year % 100 > 9 else 'oh ' + UNITS[(day.year % 100 or 1) - 1]}"
    return rng.choice(
        (
            f"the {ordinal_words} of {name}",
            f"{name} {ordinal_words}",
            f"{name} the {ordinal_words} {year}",
            f"the {ordinal_words} of {name} {year}",
            f"{name} {spoken_number(day.day)} {year}",
            f"the {ordinal_words}",
        )
    )


def any_form(day: date, lang: str, rng: random.Random) -> str:
    """One of the common forms."""
    roll = rng.random()
    if roll < 0.42:
        return numeric(day, lang, rng)
    if roll < 0.55:
        return month_day(day, lang, rng)
    if roll < 0.64:
        return day.isoformat()
    return text(day, lang, rng)


def clock(rng: random.Random) -> str:
    """14:30, 7 am."""
    hour, minute = rng.randrange(24), rng.choice((0, 0, 5, 10, 15, 30, 45, rng.randrange(60)))
    return rng.choice(
        (
            f"{hour:02d}:{minute:02d}",
            f"{hour}:{minute:02d}",
            f"{hour % 12 or 12}:{minute:02d} {rng.choice(('AM', 'PM', 'am', 'pm'))}",
            f"{hour % 12 or 12}{rng.choice(('am', 'pm', 'a', 'p'))}",
            f"{hour:02d}{minute:02d}",
            f"{hour:02d}{minute:02d}h",
            f"{hour % 12 or 12} {rng.choice(('am', 'pm', 'a.m.', 'p.m.'))}",
        )
    )
