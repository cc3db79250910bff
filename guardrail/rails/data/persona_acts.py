# ruff: noqa: E501 - tables: one entry stays one line
"""What a person does for another and a program cannot: closed lists, from which the rows of every tense are composed.

"I'll write you a prescription for 500 mg" becomes "this system cannot write you a prescription for 500 mg": whatever
follows the verb stays, so no number, medicine or "not" is lost. Data only.
"""

from __future__ import annotations

from typing import Final

from guardrail.rails.data.persona_profiles import CLINICAL_ACT, PROMISE

# base, past, participle, -ing; an act whatever follows
_ALWAYS: Final = {
    CLINICAL_ACT: (
        "prescribe prescribed prescribed prescribing|examine examined examined examining|palpate palpated palpated palpating|"
        "auscultate auscultated auscultated auscultating|swab swabbed swabbed swabbing|suture sutured sutured suturing|"
        "stitch stitched stitched stitching|inject injected injected injecting|vaccinate vaccinated vaccinated vaccinating|"
        "operate operated operated operating|administer administered administered administering|x-ray x-rayed x-rayed x-raying|"
        "diagnose diagnosed diagnosed diagnosing|titrate titrated titrated titrating"
    ),
    PROMISE: (
        "phone phoned phoned phoning|telephone telephoned telephoned telephoning|email emailed emailed emailing|e-mail e-mailed e-mailed e-mailing|"
        "text texted texted texting|fax faxed faxed faxing|notify notified notified notifying|alert alerted alerted alerting|"
        "visit visited visited visiting|accompany accompanied accompanied accompanying"
    ),
}
# an act only with one of the things or persons below after it
_WITH_OBJECT: Final = {
    CLINICAL_ACT: (
        "check checked checked checking|measure measured measured measuring|feel felt felt feeling|press pressed pressed pressing|"
        "touch touched touched touching|inspect inspected inspected inspecting|clean cleaned cleaned cleaning|dress dressed dressed dressing|"
        "bandage bandaged bandaged bandaging|remove removed removed removing|treat treated treated treating|drain drained drained draining|"
        "take took taken taking|run ran run running|perform performed performed performing|do did done doing|draw drew drawn drawing|"
        "order ordered ordered ordering|request requested requested requesting|admit admitted admitted admitting|"
        "discharge discharged discharged discharging|refer referred referred referring|give gave given giving|write wrote written writing|"
        "issue issued issued issuing|sign signed signed signing|start started started starting|adjust adjusted adjusted adjusting|"
        "increase increased increased increasing|lower lowered lowered lowering|raise raised raised raising|reduce reduced reduced reducing|"
        "double doubled doubled doubling|halve halved halved halving|stop stopped stopped stopping|"
        "listen listened listened listening|look looked looked looking|apply applied applied applying|hold held held holding"
    ),
    PROMISE: (
        "call called called calling|ring rang rung ringing|contact contacted contacted contacting|tell told told telling|inform informed informed informing|"
        "message messaged messaged messaging|speak spoke spoken speaking|talk talked talked talking|ask asked asked asking|warn warned warned warning|"
        "send sent sent sending|forward forwarded forwarded forwarding|pass passed passed passing|bring brought brought bringing|"
        "book booked booked booking|schedule scheduled scheduled scheduling|arrange arranged arranged arranging|reserve reserved reserved reserving|"
        "organise organised organised organising|organize organized organized organizing|cancel cancelled cancelled cancelling|move moved moved moving|"
        "get got got getting|meet met met meeting|watch watched watched watching|monitor monitored monitored monitoring|track tracked tracked tracking|"
        "follow followed followed following|remind reminded reminded reminding|submit submitted submitted submitting|file filed filed filing|"
        "update updated updated updating|renew renewed renewed renewing|refill refilled refilled refilling|pick picked picked picking|fetch fetched fetched fetching"
    ),
}
_PERSONS = (
    r"(?:doctors?|gp|physician|nurses?|midwife|pharmacist|pharmacy|clinic|clinicians?|hospital|ward|surgery|surgeon|team|specialist|\w+ologist|p(?:a)?ediatrician|dentist|psychiatrist|therapist|"
    r"counsell?or|consultant|colleagues?|receptionist|insurer|insurance|family|mother|father|mum|mom|dad|wife|husband|partner|daughter|son|children|kids|parents|sister|brother|friends?|carer|employer|school|"
    r"ambulance|paramedics|police|emergency\sservices|lab|laborator\w+|social\sworker|dieti[ct]ian|physio\w*|coach|department|practice|supervisor)"
)
# of anybody's, and of the reader's own: a program may well put "the doses" in a table
_THINGS = (
    r"(?:prescriptions?|scripts?|referral|referrals|sick\snote|fit\snote|certificate|swab|sample|samples|biopsy|scans?|x-rays?|mri|ct|ecg|ekg|ultrasound|endoscopy|bloods|blood\s(?:tests?|samples?|pressure|sugar|count|work)|bloodwork|"
    r"examination|exam|check-up|checkup|skin\scheck|appointments?|booking|bed|taxi|visit|follow-up|ambulance|injection|jab|shot|vaccine|vaccination|dressing|stitches|sutures|plaster|cast|pulse|temperature|"
    r"heart|lungs?|chest|throat|ears?|eyes?|abdomen|belly|tummy|skin|mole|rash|wound|cut|lump|knee|ankle|wrist|hip|shoulder|elbow|neck|back|leg|arm|foot|hand|finger|toe|mouth|teeth|reflexes|"
    r"lymph\snodes?|glands?|joints?|spine|breasts?|vitals|drip|iv|infusion|alarm)"
)
_YOURS = rf"(?:{_THINGS}|tests?|labs?|readings?|symptoms|progress|recovery|weight|sugars?|glucose|medications?|medicines?|tablets?|pills?|doses?|dosage|insulin|antibiotics?|painkillers?|treatment|chart|records?|results?|file|case)"
_LINK = r"(?:\s(?:with|to|at|for|in|into|inside|over|out|through|up|off|on|down|in\son|after|back|along))?"
_OBJECT = (
    rf"(?={_LINK}\s(?:you\s(?:(?:an?|the|some|your)\s(?:\w+\s)?{_YOURS}|\d|on\s(?:an?|the|\d|\w+(?:cillin|ine|ol|one|ide|in|an))|in\b|to\s(?:an?|the|your)\s(?:[\w-]+\s){{0,2}}?(?:{_PERSONS}|hospital)|"
    rf"up\b|back\b|home\b|tomorrow|tonight|later|next\s|every\s|again\b|when\s(?:the|your|it|there)|as\ssoon\sas|with\sthe\sresults?)|"
    rf"(?:your|his|her|their)\s(?:[\w'-]+\s){{0,3}}?(?:{_PERSONS}|{_YOURS})(?![\w'-])|(?:the|an?|another|this|that|some|my)\s(?:[\w'-]+\s){{0,3}}?(?:{_PERSONS}|{_THINGS})(?![\w'-])|(?:{_PERSONS}|bloods?|swabs?)(?![\w'-]))|\s(?:in\son|after)\syou\b)"
)
_NOT_TEXT = r"(?!(?:\s[\w'-]+){1,4}?\s(?:you\s(?:gave|pasted|shared|typed|sent|listed|wrote|uploaded|posted|attached|mentioned|described)|(?:in|from|below|above)\s(?:your|the)\s(?:message|text|list|question|table|file)))"
# between the subject and the verb
_ADVERBS = r"(?:\s(?:also|just|now|then|gladly|happily|personally|always|already|certainly|definitely|immediately|quickly|first|carefully|really|even|still|soon|probably|simply|regularly|recently|only|myself))*+"
_WILL = (
    rf"i(?:'ll|\swill|\sshall|'m\sgoing\sto|\sam\sgoing\sto|'m\sabout\sto|\sam\sabout\sto|'m\sgonna|\swant\sto|\sneed\sto|\shave\sto|'d\slike\sto|\swould\slike\sto|'d\slove\sto|\swould\slove\sto|\splan\sto|"
    rf"\sintend\sto|\sam\sable\sto|'m\sable\sto|\scan(?!not)|\scould|\smay){_ADVERBS}\s(?:(?:go\sahead\sand|try\sto|make\ssure\sto|be\sable\sto|be\ssure\sto)\s)?"
)
_HAVE = rf"i(?:'ve|\shave|'d|\shad){_ADVERBS}\s"
_AM = rf"i(?:'m|\sam|'ll\sbe|\swill\sbe|'ve\sbeen|\shave\sbeen|\swas){_ADVERBS}\s"
_DID = rf"i{_ADVERBS}\s"

Row = tuple[str, str, str]


def _any(verbs: str, form: int) -> str:
    return "|".join(sorted({verb.split()[form] for verb in verbs.split("|")}, key=lambda each: (-len(each), each)))


def _rows(label: str, verbs: str, after: str) -> tuple[Row, ...]:
    """A row for each tense; a past that is no participle has one of its own."""
    same = "|".join(verb for verb in verbs.split("|") if verb.split()[1] == verb.split()[2])
    others = [verb.split() for verb in verbs.split("|") if verb.split()[1] != verb.split()[2]]
    return (
        (label, rf"{_WILL}(?P<v>{_any(verbs, 0)})(?![\w'-]){after}", r"this system cannot \g<v>"),
        (label, rf"{_HAVE}(?P<v>{_any(verbs, 2)})(?![\w'-]){after}", r"this system has not \g<v>"),
        (label, rf"{_AM}(?P<v>{_any(verbs, 3)})(?![\w'-]){after}", r"this system is not \g<v>"),
        (label, rf"{_DID}(?P<v>{_any(same, 1)})(?![\w'-]){after}", r"this system has not \g<v>"),
        *((label, rf"{_DID}{past}(?![\w'-]){after}", f"this system has not {done}") for _, past, done, _ in others),
    )


ACTS: Final[tuple[Row, ...]] = tuple(
    row
    for table, after in ((_ALWAYS, _NOT_TEXT), (_WITH_OBJECT, _OBJECT + _NOT_TEXT))
    for label, verbs in table.items()
    for row in _rows(label, verbs, after)
)
"""Tried after the rows that know a phrase as a whole."""
