"""What each slot of a template is filled with: (words, label or None). The list of slots is in TEMPLATES.md."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.synth import dates, numbers
from training.synth.lexicons import Lexicons
from training.synth.people import Person, person

Filled = tuple[str, str | None]
_PERSON = re.compile(r"p(\d)\.(\w+)")
_LITERAL = re.compile(r"([A-Z][A-Z_0-9]+)=(.*)", re.DOTALL)
LABELS = frozenset(
    "NAME DATE AGE_OVER_89 ADDRESS LOCATION ORG_FACILITY PHONE FAX EMAIL SSN MRN HEALTH_PLAN ACCOUNT LICENSE VEHICLE DEVICE URL IP BIOMETRIC OTHER_ID".split()
)
KINDS = (
    "Regional Medical Center|Medical Center|General Hospital|Community Hospital|Hospital|Memorial Hospital|Children's Hospital|Family Practice|Family Medicine|Clinic|Health Center|Urgent Care|Internal Medicine|"
    "Pediatrics|Cardiology Associates|Orthopedics|Imaging|Radiology|Diagnostics|Pathology Associates|Dialysis|Kidney Center|Rehab|Rehabilitation Hospital|Nursing Home|Manor|Hospice|Care Home|Assisted Living|"
    "Surgery Center|Women's Health|Birthing Center|Eye Care|Dental|Family Dentistry|Physical Therapy|Behavioral Health|Counseling|Treatment Center|Pharmacy|Drugs|Infirmary|Surgery|Medical Group|Health System|"
    "Cancer Center|Heart Institute|Primary Care|Health Partners|Veterans Clinic|Oncology|Dermatology|Sleep Center|Wellness|Hospital Trust|District Hospital|Lab|Laboratories|Maternity Unit|Polyclinic"
).split("|")
WORKS = "Freight|Supply|Logistics|Farms|Foods|Construction|Roofing|Elementary|Elementary School|High School|Middle School|Academy|Steel|Motors|Bakery|Hardware|Landscaping|Daycare|Church|Plumbing|Trucking|Mills|Packaging|Robotics|Cannery|Diner|Auto Body|Electric|Brewing|Shipyard|School District|Community College|Insurance Agency|Law Group".split(
    "|"
)
PROVIDERS = "mail.example mailbox.example example.com example.org inbox.example hikermail.example post.example corp.example clinic.example gmail.com yahoo.com outlook.com hotmail.com icloud.com aol.com nhs.net health.example.org".split()


class Text:
    """One text being filled: its language, its people, its habits (one date style, one kind of record number)."""

    def __init__(self, lang: str, lexicons: Lexicons, rng: random.Random) -> None:
        self.lang = lang
        self.rng = rng
        self.lexicons = lexicons
        self._people: dict[str, Person] = {}
        self._record = rng.choice(numbers.MRN)
        self._numeric = rng.random() < 0.5
        self._family = ""

    def fill(self, slot: str) -> Filled:
        """The words of one slot. Raises KeyError for a slot that isn't there."""
        literal = _LITERAL.fullmatch(slot)
        if literal and literal[1] in LABELS:
            return literal[2], literal[1]
        change: Callable[[str], str] = str
        if slot.endswith((".upper", ".lower")):
            slot, _, how = slot.rpartition(".")
            change = str.upper if how == "upper" else str.lower
        words, label = self._filled(slot)
        return change(words), label

    def _filled(self, slot: str) -> Filled:
        match = _PERSON.fullmatch(slot)
        if match:
            return self._about(match[1], match[2])
        kind, _, form = slot.partition(".")
        maker = getattr(self, f"_{kind}", None)
        if maker is not None and kind in LABELLED:
            return maker(form), LABELLED[kind]
        plain = getattr(self, f"_n_{kind}", None)
        if plain is not None:
            return plain(form), None
        return self.lexicons.pick(self.lang, PLAIN[kind], self.rng), None

    def who(self, number: str) -> Person:
        """The person of that number."""
        if number not in self._people:
            family = self._family if self._people and self.rng.random() < 0.25 else ""
            self._people[number] = person(self.lang, self.lexicons, self.rng, last=family)
            self._family = self._people[number].last
        return self._people[number]

    def _about(self, number: str, form: str) -> Filled:
        rng = self.rng
        if form == "word" and number not in self._people:
            self._people[number] = person(
                self.lang, self.lexicons, rng, first=self.lexicons.pick("en", "word_first", rng)
            )
        if form == "eponym" and number not in self._people:
            self._people[number] = person(
                self.lang, self.lexicons, rng, last=self.lexicons.pick("en", "eponym_last", rng)
            )
        someone = self.who(number)
        if form == "email":
            return self._address_of(someone), "EMAIL"
        if form == "user":
            return self._user_of(someone), "OTHER_ID"
        words = someone.form(form, rng)
        if form == "hl7" and rng.random() < 0.7:
            words = words.upper()
        return words, "NAME"

    def _parts(self, someone: Person) -> tuple[str, str]:
        first, last = (re.sub(r"[^a-z]", "", part.lower()) for part in (someone.first, someone.last))
        return first or "user", last or "name"

    def _address_of(self, someone: Person) -> str:
        rng = self.rng
        first, last = self._parts(someone)
        tail = rng.choice(("", "", "", str(rng.randrange(1, 99)), str(rng.randrange(1950, 2010))))
        local = rng.choice(
            (
                f"{first}.{last}",
                f"{first[0]}{last}",
                f"{first}{last}",
                f"{first}_{last}",
                f"{last}.{first}",
                f"{first[0]}.{last}",
                f"{first}",
            )
        )
        return f"{local}{tail}@{rng.choice(PROVIDERS)}"

    def _user_of(self, someone: Person) -> str:
        rng = self.rng
        first, last = self._parts(someone)
        tail = str(rng.randrange(1, 2010))
        return rng.choice(
            (
                f"{first}{tail}",
                f"@{first}_{last}",
                f"{first[0]}{last}{tail}",
                f"@{first}{tail}",
                f"{last}{first[0]}",
                f"{first}.{last}",
                f"{first}_{tail}",
            )
        )

    # people, dates, ages
    def _date(self, form: str) -> str:
        rng, lang = self.rng, self.lang
        day = dates.a_day(rng)
        match form:
            case "num":
                return dates.numeric(day, lang, rng)
            case "iso":
                return day.isoformat()
            case "md":
                return dates.month_day(day, lang, rng)
            case "text":
                return dates.text(day, lang, rng)
            case "month":
                return dates.month(day, lang, rng)
            case "day":
                if lang != "en":
                    return {
                        "es": f"el día {day.day}",
                        "fr": f"le {day.day}",
                        "de": f"am {day.day}.",
                        "pt": f"dia {day.day}",
                        "it": f"il {day.day}",
                        "ru": f"{day.day}-го",
                        "zh": f"{day.day}号",
                    }.get(lang, f"{day.day}")
                return rng.choice(
                    (
                        f"the {dates.ordinal(day.day)}",
                        f"the {dates.ordinal(day.day)}",
                        dates.ordinal(day.day),
                        f"the {dates.DAY_WORDS[day.day - 1]}",
                    )
                )
            case "hl7":
                return f"{day:%Y%m%d}" + (
                    f"{rng.randrange(24):02d}{rng.randrange(60):02d}" + rng.choice(("", f"{rng.randrange(60):02d}"))
                    if rng.random() < 0.5
                    else ""
                )
            case "spoken":
                return dates.spoken(dates.a_day(rng, 1930, 2026), rng)
            case "holiday":
                return rng.choice(dates.HOLIDAYS.get(lang, dates.HOLIDAYS["en"]))
            case "dob":
                born = dates.a_day(rng, 1930, 2024)
                return rng.choice(
                    (
                        dates.numeric(born, lang, rng),
                        dates.numeric(born, lang, rng),
                        dates.text(born, lang, rng),
                        born.isoformat(),
                    )
                )
            case "time":
                joint = rng.choice((" ", " ", " at ", "T" if lang == "en" else " ", ", "))
                if joint == "T":
                    return f"{day.isoformat()}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}{rng.choice(('', 'Z', '-05:00'))}"
                return f"{dates.numeric(day, lang, rng)}{joint}{dates.clock(rng)}"
        return dates.numeric(day, lang, rng) if self._numeric else dates.any_form(day, lang, rng)

    def _age90(self, form: str) -> str:
        number = self.rng.choice((90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 101, 102))
        if form == "word":
            return f"ninety-{dates.UNITS[number - 91]}" if 90 < number < 100 else "ninety"
        return str(number)

    # places
    def _street(self, form: str) -> str:
        rng, lang = self.rng, self.lang
        name = self.lexicons.pick(lang, "street", rng)
        number = str(rng.choice((rng.randrange(1, 99), rng.randrange(100, 9999))))
        if lang in ("es", "pt", "it"):
            floor = f", {rng.randrange(1, 9)}º {rng.choice('ABC')}" if lang == "es" else ""
            return f"{name}{rng.choice((', ', ' '))}{number}{rng.choice(('', '', floor))}"
        if lang in ("de", "zh"):
            return f"{name}{' ' if lang == 'de' else ''}{rng.randrange(1, 199)}{'' if lang == 'de' else '号'}"
        if lang == "ru":
            flat = f", кв. {rng.randrange(1, 200)}"
            return f"{name}, д. {rng.randrange(1, 99)}{rng.choice(('', flat))}"
        if lang == "fr":
            return f"{rng.randrange(1, 199)}{rng.choice((' ', ', ', ' bis '))}{name}"
        if lang != "en":
            return f"{number} {name}"
        tail = f"{rng.choice((', ', ' ', ', '))}{self._unit('')}" if rng.random() < 0.2 else ""
        return f"{number} {name}{tail}"

    def _unit(self, form: str) -> str:
        rng = self.rng
        kind = rng.choice(("Apt", "Apt.", "Unit", "#", "Suite", "Ste", "Flat", "apt", "Lot"))
        number = rng.choice(
            (str(rng.randrange(1, 999)), f"{rng.randrange(1, 40)}{rng.choice('ABCD')}", rng.choice("ABCDEF"))
        )
        return f"{kind} {number}".replace("# ", "#")

    def _pobox(self, form: str) -> str:
        return f"{self.rng.choice(('PO Box', 'P.O. Box', 'P O Box', 'Box', 'PO BOX'))} {self.rng.randrange(10, 99999)}"

    def _zip(self, form: str) -> str:
        return numbers.zip_code(self.rng, self.lang)

    def _city(self, form: str) -> str:
        if form == "in" and self.lexicons.has(self.lang, "city_in"):
            return self.lexicons.pick(self.lang, "city_in", self.rng)
        return self.lexicons.pick(self.lang, "city" if self.rng.random() < 0.9 else "district", self.rng)

    def _county(self, form: str) -> str:
        return self.lexicons.pick(self.lang, "county" if self.lang == "en" else "district", self.rng)

    def _coords(self, form: str) -> str:
        lat, lon = self.rng.uniform(-60, 65), self.rng.uniform(-170, 170)
        return self.rng.choice(
            (
                f"{lat:.4f}, {lon:.4f}",
                f"{abs(lat):.5f}° {'N' if lat > 0 else 'S'}, {abs(lon):.5f}° {'E' if lon > 0 else 'W'}",
                f"{lat:.3f},{lon:.3f}",
            )
        )

    def _hospital(self, form: str) -> str:
        rng = self.rng
        if self.lang != "en" or rng.random() < 0.45:
            return self.lexicons.pick(self.lang, "hospital", rng)
        first = rng.choice(("facility_first", "facility_first", "facility_first", "city", "public_last"))
        return f"{self.lexicons.pick('en', first, rng)} {rng.choice(KINDS)}"

    _clinic = _hospital
    _lab_org = _hospital
    _nursing_home = _hospital

    def _pharmacy(self, form: str) -> str:
        rng = self.rng
        if self.lang != "en":
            return self._hospital("")
        own = f"{self.lexicons.pick('en', 'facility_first', rng)} {rng.choice(('Pharmacy', 'Drugs', 'Drug Store', 'Chemist', 'Apothecary'))}"
        street = re.sub(
            r" (?:St|Ave|Rd|Street|Avenue|Road|Blvd|Dr|Lane|Ln)\b.*", "", self.lexicons.pick("en", "street", rng)
        )
        chain = rng.choice(
            ("Walgreens", "CVS", "Rite Aid", "Publix", "Kroger", "Costco", "Boots", "Walmart", "Duane Reade", "Safeway")
        )
        return rng.choice((own, own, f"{chain} on {street}", chain, f"the {chain} on {street}".removeprefix("the ")))

    def _employer(self, form: str) -> str:
        rng = self.rng
        if self.lang != "en" or rng.random() < 0.6:
            return self.lexicons.pick(self.lang, "employer", rng)
        return f"{self.lexicons.pick('en', rng.choice(('facility_first', 'city', 'public_last')), rng)} {rng.choice(WORKS)}"

    _school = _employer

    def _facility(self, form: str) -> str:
        rng = self.rng
        if form == "short" and self.lang == "en":
            return self.lexicons.pick("en", "facility_short", rng)
        return self._employer("") if rng.random() < 0.15 else self._hospital("")

    # numbers
    def _phone(self, form: str) -> str:
        rng = self.rng
        if form == "ext":
            return f"{numbers.phone(rng)}{rng.choice((' ext. ', ' x', ' ext ', ' extension ', ', ext. ', ' #'))}{rng.randrange(10, 9999)}"
        if form == "spoken":
            return numbers.spoken(numbers.digits(rng.choice((7, 10)), rng), rng)
        if form == "short":
            return f"{rng.randrange(200, 999)}-{rng.randrange(10000):04d}"
        return numbers.phone(rng, self.lang)

    def _fax(self, form: str) -> str:
        return numbers.phone(self.rng, self.lang)

    def _ssn(self, form: str) -> str:
        if form == "last4":
            return numbers.digits(4, self.rng)
        return numbers.ssn(self.rng)

    def _mrn(self, form: str) -> str:
        return numbers.shape(self._record, self.rng)

    def _mbi(self, form: str) -> str:
        return numbers.mbi(self.rng)

    def _card(self, form: str) -> str:
        return numbers.card(self.rng)

    def _iban(self, form: str) -> str:
        return numbers.iban(self.rng)

    def _npi(self, form: str) -> str:
        return numbers.npi(self.rng)

    def _dea(self, form: str) -> str:
        return numbers.dea(self.rng)

    def _vin(self, form: str) -> str:
        return numbers.vin(self.rng)

    def _udi(self, form: str) -> str:
        return f"(01){numbers.digits(14, self.rng)}" + self.rng.choice(
            (
                "",
                f"(17){numbers.digits(6, self.rng)}(21){numbers.shape('AA999999', self.rng)}",
                f"(21){numbers.shape('A9999999', self.rng)}",
            )
        )

    def _imei(self, form: str) -> str:
        body = numbers.digits(14, self.rng)
        return body + numbers.luhn(body)

    def _mac(self, form: str) -> str:
        case = self.rng.choice("Xx")
        return self.rng.choice(":-:").join(f"{self.rng.randrange(256):02{case}}" for _ in range(6))

    def _ip(self, form: str) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return f"2001:db8:{rng.randrange(65535):x}:{rng.randrange(65535):x}::{rng.randrange(65535):x}"
        return ".".join(str(rng.randrange(1, 255)) for _ in range(4))

    def _url(self, form: str) -> str:
        rng = self.rng
        host = rng.choice(("chart", "portal", "mychart", "patients", "pay", "app", "records", "my"))
        site = re.sub(r"[^a-z]", "", self.lexicons.pick("en", "facility_first", rng).lower()) or "clinic"
        tail = rng.choice(("/p/", "/mychart?csn=", "/visit/", "/u/", "/results?id=", "/r/", "/bill/", "?patient="))
        return f"{rng.choice(('https://', 'https://', 'http://', 'www.', ''))}{host}.{site}.{rng.choice(('example', 'example.org', 'com', 'org', 'net'))}{tail}{rng.choice((numbers.digits(7, rng), numbers.shape('9X9XXX', rng)))}"

    def _email(self, form: str) -> str:
        someone = person("en", self.lexicons, self.rng)
        if form == "spelled":
            first, last = self._parts(someone)
            return f"{first} {self.rng.choice(('dot', 'underscore'))} {last} at {self.rng.choice(('mail', 'inbox', 'gmail', 'yahoo', 'post'))} dot {self.rng.choice(('com', 'example', 'org', 'net'))}"
        return self._address_of(someone)

    def _handle(self, form: str) -> str:
        return self._user_of(person("en", self.lexicons, self.rng))

    def _natid(self, form: str) -> str:
        forms = {
            "es": ("99999999A", "A9999999A", "99.999.999-A", "AAAA999999AAAAAA99"),
            "fr": ("2 99 99 99 999 999 99", "199999999999999"),
            "de": ("A999999999", "99 999999 A 999"),
            "pt": ("999.999.999-99", "999 999 999"),
            "it": ("AAAAAA99A99A999A",),
            "ru": ("999-999-999 99", "9999 999999"),
            "zh": ("999999199909099999",),
            "hi": ("9999 9999 9999", "AAAAA9999A"),
            "ar": ("29999999999999", "1999999999"),
            "sw": ("19999999-99999-99999-99",),
        }.get(
            self.lang,
            (
                "AA 99 99 99 A",
                "999 999 9999",
                "9999999AA",
                "9999 9999 9999",
                "999999-9999",
                "AAA9999",
                "999 999 999",
                "S9999999A",
                "99999999999",
                "999-999-999",
            ),
        )
        return numbers.shape(self.rng.choice(forms), self.rng)

    def _shaped(self, shapes: tuple[str, ...]) -> str:
        return numbers.shape(self.rng.choice(shapes), self.rng)

    def _plan(self, form: str) -> str:
        return self._shaped(numbers.PLAN)

    def _account(self, form: str) -> str:
        return self._shaped(numbers.ACCOUNT)

    def _license(self, form: str) -> str:
        return self._shaped(
            (
                "A99999",
                "MD-99999",
                "999999",
                "AA9999999",
                "RN999999",
                "99-99999",
                "A999999",
                "PE-99999",
                "9999999",
                "99A9999999",
            )
        )

    def _dl(self, form: str) -> str:
        return self._shaped(numbers.DL)

    def _plate(self, form: str) -> str:
        return self._shaped(numbers.PLATE)

    def _serial(self, form: str) -> str:
        return self._shaped(numbers.SERIAL)

    def _biometric(self, form: str) -> str:
        return self._shaped(numbers.BIOMETRIC)

    def _accession(self, form: str) -> str:
        return self._shaped(numbers.CASE)

    _claim = _accession
    _case_id = _accession

    def _badge(self, form: str) -> str:
        return self._shaped(numbers.BADGE)

    def _passport(self, form: str) -> str:
        return self._shaped(numbers.PASSPORT)

    # words without a label
    def _n_age(self, form: str) -> str:
        return str(self.rng.choice((self.rng.randrange(1, 90), self.rng.randrange(18, 90))))

    def _n_year(self, form: str) -> str:
        return str(self.rng.randrange(1985, 2027))

    def _n_weekday(self, form: str) -> str:
        if self.lang == "en":
            return self.rng.choice(
                "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun".split()
            )
        return self.rng.choice(
            {
                "es": "lunes martes miércoles jueves viernes sábado",
                "fr": "lundi mardi mercredi jeudi vendredi samedi",
                "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
                "pt": "segunda terça quarta quinta sexta",
                "it": "lunedì martedì mercoledì giovedì venerdì",
                "ru": "понедельник вторник среду четверг пятницу",
                "sw": "Jumatatu Jumanne Jumatano Alhamisi Ijumaa",
                "zh": "周一 周二 周三 周四 周五",
                "hi": "सोमवार मंगलवार बुधवार",
                "ar": "الأحد الاثنين الثلاثاء",
            }[self.lang].split()
        )

    def _n_clock(self, form: str) -> str:
        return dates.clock(self.rng)

    def _n_bp(self, form: str) -> str:
        return f"{self.rng.randrange(85, 210)}/{self.rng.randrange(45, 120)}"

    def _n_num(self, form: str) -> str:
        return str(self.rng.randrange(1, 100))

    def _n_num3(self, form: str) -> str:
        return str(self.rng.randrange(100, 1000))

    def _n_frac(self, form: str) -> str:
        return self.rng.choice(
            (
                "1/2",
                "5/5",
                "4/5",
                "2/6",
                "3/6",
                "7/10",
                "20/40",
                "20/20",
                "1/4",
                "2/4",
                "3/5",
                "8/10",
                "10/10",
                "6/9",
                "9/10",
                "24/26",
                "25/100",
                "12/5",
            )
        )

    def _n_money(self, form: str) -> str:
        return self.rng.choice(
            (
                f"${self.rng.randrange(5, 9000)}",
                f"${self.rng.randrange(5, 900)}.{self.rng.randrange(100):02d}",
                f"${self.rng.randrange(1, 40)},{self.rng.randrange(1000):03d}.{self.rng.randrange(100):02d}",
                f"£{self.rng.randrange(5, 900)}",
                f"€{self.rng.randrange(5, 900)}",
            )
        )

    def _n_nct(self, form: str) -> str:
        return f"NCT0{numbers.digits(7, self.rng)}"

    def _n_pmid(self, form: str) -> str:
        return f"{self.rng.choice(('PMID ', 'PMID: ', 'PMID:'))}{self.rng.randrange(1000000, 39999999)}"

    def _n_helpline(self, form: str) -> str:
        return self.rng.choice(
            (
                "988",
                "911",
                "999",
                "112",
                "1-800-273-8255",
                "1-800-222-1222",
                "116 123",
                "1-800-799-7233",
                "741741",
                "111",
            )
        )

    def _n_state(self, form: str) -> str:
        return self.rng.choice(STATE_CODES.split()) if form == "code" else self.rng.choice(STATES)

    def _n_country(self, form: str) -> str:
        return self.rng.choice(COUNTRIES)

    def _n_gender(self, form: str) -> str:
        return self.rng.choice(("male", "female", "man", "woman", "M", "F"))

    def _n_med(self, form: str) -> str:
        if self.lang != "en" and self.lexicons.has(self.lang, "med"):
            return self.lexicons.pick(self.lang, "med", self.rng)
        pick = self.lexicons.pick
        name = pick("en", "drug" if self.rng.random() < 0.65 else "brand", self.rng)
        return self.rng.choice(
            (
                f"{name} {pick('en', 'dose', self.rng)} {pick('en', 'freq', self.rng)}",
                f"{name} {pick('en', 'dose', self.rng)}",
                f"{name} {pick('en', 'freq', self.rng)}",
                name,
            )
        )


LABELLED = {
    "date": "DATE",
    "age90": "AGE_OVER_89",
    "street": "ADDRESS",
    "unit": "ADDRESS",
    "pobox": "ADDRESS",
    "zip": "ADDRESS",
    "city": "LOCATION",
    "county": "LOCATION",
    "coords": "LOCATION",
    "hospital": "ORG_FACILITY",
    "clinic": "ORG_FACILITY",
    "pharmacy": "ORG_FACILITY",
    "lab_org": "ORG_FACILITY",
    "nursing_home": "ORG_FACILITY",
    "employer": "ORG_FACILITY",
    "school": "ORG_FACILITY",
    "facility": "ORG_FACILITY",
    "phone": "PHONE",
    "fax": "FAX",
    "ssn": "SSN",
    "mrn": "MRN",
    "plan": "HEALTH_PLAN",
    "mbi": "HEALTH_PLAN",
    "account": "ACCOUNT",
    "card": "ACCOUNT",
    "iban": "ACCOUNT",
    "npi": "LICENSE",
    "dea": "LICENSE",
    "license": "LICENSE",
    "dl": "LICENSE",
    "plate": "VEHICLE",
    "vin": "VEHICLE",
    "serial": "DEVICE",
    "udi": "DEVICE",
    "imei": "DEVICE",
    "mac": "DEVICE",
    "url": "URL",
    "ip": "IP",
    "biometric": "BIOMETRIC",
    "accession": "OTHER_ID",
    "claim": "OTHER_ID",
    "badge": "OTHER_ID",
    "passport": "OTHER_ID",
    "natid": "OTHER_ID",
    "case_id": "OTHER_ID",
    "handle": "OTHER_ID",
    "email": "EMAIL",
}
PLAIN = {
    name: name
    for name in "reltime drug brand dose freq dx eponym symptom procedure bodypart lab vital score icd cpt loinc gene allergen specialty role rel insurer device_brand section everyday".split()
}
STATES = (
    "Ohio|Texas|California|Florida|Oregon|Maine|Nevada|Utah|Iowa|Kansas|Georgia|Virginia|Washington|New York|New Jersey|North Carolina|South Dakota|Arizona|Alabama|Montana|Vermont|Michigan|Minnesota|"
    "Wisconsin|Illinois|Tennessee|Kentucky|Louisiana|Colorado|Idaho|Alaska|Hawaii|Massachusetts|Connecticut|Pennsylvania|Maryland|Delaware|Indiana|Missouri|Arkansas|Oklahoma|Nebraska|Wyoming|New Mexico|West Virginia|Rhode Island"
).split("|")
STATE_CODES = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
COUNTRIES = (
    "Mexico|Canada|Nigeria|Ghana|Kenya|India|Pakistan|Bangladesh|China|Vietnam|Korea|Japan|Philippines|Guatemala|Honduras|El Salvador|Haiti|Jamaica|Cuba|Brazil|Peru|Colombia|Ecuador|Argentina|Chile|Spain|"
    "Portugal|France|Germany|Italy|Poland|Ukraine|Russia|Turkey|Iran|Iraq|Syria|Lebanon|Egypt|Morocco|Ethiopia|Somalia|Sudan|Uganda|Tanzania|South Africa|Zimbabwe|Australia|New Zealand|Ireland|Scotland|England|Wales|the UK|Nepal|Thailand|Indonesia"
).split("|")
