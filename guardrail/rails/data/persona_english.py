# ruff: noqa: E501, RUF001 - tables: one entry stays one line
"""How an assistant's own voice sounds like a person in English, and what stands there instead. Data only.

A row is (class, pattern, frame). Patterns match the folded text (lower case, straight quotes) at an anchor word;
frames are `re` templates. Rules for frames (requirements 3.2): keep the hedge, never soften an urgent direction,
never turn a negated doubt into a reassurance, touch no numbers, names or negations.
The rows are composed, so they are Python; the header, examples and clean texts are in `persona/en.toml`, and
every other language is a file beside it.
"""

from __future__ import annotations

from typing import Final

from guardrail.rails.data.persona_profiles import (
    BIOGRAPHY,
    BODY,
    CERTAINTY,
    CLINICAL_ACT,
    COGNITION,
    DEPENDENCE,
    EMOTION,
    EMPATHY,
    FLATTERY,
    HUMAN_CLAIM,
    LICENCE,
    OPINION,
    PERSONA_NAME,
    PERSONHOOD,
    PROMISE,
    RELATIONSHIP,
    SUGGESTION,
)

Row = tuple[str, str, str]

# --- building blocks -----------------------------------------------------------------------------------------------
_ADV = (
    r"(?:,?\s(?:personally|really|truly|honestly|frankly|also|still|just|do|strongly|highly|certainly|definitely|firmly|rather|quite|"
    r"fully|completely|totally|absolutely|always|often|usually|generally|sometimes|then|therefore|would|'d|can only|could only|"
    r"cannot help but|can't help but|can not help but|can't but|have to|must|might|need to|want to|tend to|am inclined to|would have to|for one|for my part|kind of|sort of|"
    r"very much|deeply|genuinely|sincerely|urgently|earnestly|kindly|gently|only|actually|probably|myself|too|now|already|again|respectfully),?)*+"
)
_I = rf"i(?:'d|'ll|'m|'ve)?{_ADV}\s"
_WOULD = r"i(?:'d|\swould)(?:\s(?:personally|also|probably|strongly|really|still|definitely|certainly|just|always|usually|rather|instead|first|simply|honestly|absolutely|even))*+\s"
_INT = r"(?:(?:so|very|really|truly|deeply|terribly|extremely|quite|just|a bit|a little|genuinely|always|also|incredibly|absolutely|still|rather|pretty|too|more than|only)\s)*+"
_AM = rf"i(?:'m|\sam|\swas|\sfeel|\sfelt|'d\sbe|\swould\sbe|'ve\sbeen|\shave\sbeen)\s{_INT}"
_CLAUSE = r"[^.!?;,:\n\"]{0,160}?(?=$|[.!?;,:\n\"]|\s(?:and|but|so|because|which)\s|\s[-–—])"
_CALM = _CLAUSE.replace(r"\n\"]{0,160}?", r"\n\"\d]{0,160}?")  # a clause without numbers: it may be left out (rule 6)
_REST = r"(?=\s*[^\s.!?,;:)])"  # something of a clause follows
_THINK = r"(?:think|believe|suppose|guess|reckon|assume|suspect|imagine|presume|figure|wager|bet|gather|surmise|fancy|conclude|expect(?!\syou\sto))\b"
_ADVISE = r"(?:suggest|recommend|advise|propose|urge|encourage|counsel|advocate|caution|warn)\b"
# asks that are never "one option": the direction stands alone
_URGE = (
    r"(?:am\s)?(?:urg(?:e|ing)|implor(?:e|ing)|beg(?:ging)?|beseech|entreat|plead(?:ing)?\swith|insist(?:ing)?(?:\son\sit)?|"
    r"ask(?:ing)?(?=\s(?:that\s)?you\s(?:to|not|please)\b)|tell(?:ing)?(?=\syou\s(?:to|not)\b)|need(?=\syou\sto\b)|want(?=\syou\sto\b))\b"
)
_STRONG = r"i(?=[^.!?,\n]{0,40}?\b(?:strongly|urgently|firmly|earnestly|must|have\sto|absolutely)\s)"
_URGENT = (
    r"(?=[^.!?\n]{0,160}(?:\bcall(?:ing)?\s(?:an?\sambulance|\d{2,3}\b|emergency|for\s(?:an\sambulance|help)|(?:your|the)\slocal\semergency)|"
    r"\bambulance\b|\bemergency\s(?:department|room|services?|number)|\ba&e\b|\bimmediately\b|\bright\s(?:away|now)\b|\bstraight\saway\b|\bat\sonce\b|\burgent))"
)
# --- directions: what protects the reader (requirements 3.2, rules 2 and 3) ---
_NOW = (
    r"(?:(?<!by\s)(?<!for\s)now|today|tonight|immediately|right\saway|straight\s?away|at\sonce|asap|as\ssoon\sas\s(?:possible|you\scan)|"
    r"without\s(?:any\s)?delay|promptly|urgently|urgent|this\s(?:minute|instant|morning|afternoon|evening)|within\s(?:the\s(?:next\s)?hour|minutes))"
)
_CARE = (
    r"(?:doctors?|gp|physician|nurse|midwife|pharmacist|clinic|clinicians?|hospital|er|a&e|emergency|ambulance|911|999|112|000|988|"
    r"specialist|\w+ologist|p(?:a)?ediatrician|dentist|psychiatrist|therapist|counsell?or|surgeon|helpline|hotline|crisis\sline|"
    r"poison\s(?:control|cent(?:re|er))|urgent\scare|medical|professional|healthcare|health\scare|care\steam|checked|examined|assessed|"
    r"evaluated|second\sopinion|walk-in)"
)
_FIRMLY = r"(?:(?:really|definitely|absolutely|still|also|just|urgently|certainly|please|always|first|probably|immediately|simply|instead|now)\s)*+"
# what puts care off, however urgent the words around it
_DELAY = (
    r"(?:(?:wait|skipp?|delay|postpone?|ignore?|cancell?|hold|put(?:ting)?\soff|relax|leave?|avoid|monitor|watch|rest|sleep|keep|forget|stopp?|save?)"
    r"(?:ing)?|stay(?:ing)?\s(?:at\s)?home|giv(?:e|ing)\sit|see(?:ing)?\s(?:how|if|whether)|not)\b"
)
_DOSE = r"(?:tak(?:e|ing)(?!\s(?:\S+\s){1,3}to\s)|increas|doubl|rais|start|us(?:e|ing)|giv(?:e|ing)|inject|drink|eat|try(?!\sto)|reduc|lower)"
_TOWARDS = rf"(?=\s{_FIRMLY}(?!{_DELAY})(?:(?!{_DOSE})[^.!?\n]{{0,160}}?\b(?:{_NOW}|{_CARE})(?![\w'])|{_URGENT}))"
# "not" before these would keep somebody from care, or soothe: it never becomes a direction
_AWAY = (
    rf"(?:{_FIRMLY}(?:go|see|call|phone|get|seek|visit|contact|bother|rush|book|mak|tell|ask|talk|speak|consult|head|need|an?|the|your)(?:t?ing|e|ing)?\b"
    rf"(?:(?!\b(?:without|until|unless|before|instead|alone)\b)[^.!?,\n]){{0,80}}?\b(?:{_CARE})(?![\w'])|"
    r"(?:be\s)?(?:too\s|overly\s|so\s|very\s)?(?:worr(?:y|ied|ying)|panic\w*|fret\w*|alarmed|concerned|anxious|scared|afraid|stress\w*|los\w+\ssleep|"
    r"need|matter|hurt|mind|feel|notice|expect|tak(?:e|ing)\s(?:too\s|very\s)?long|last|have\s(?:any|an?|much|trouble|problems?)|"
    r"be\s(?:an?|any|the|too|that|dangerous|serious|painful|harmful|bad|necessary))\b)"
)
_SEEMS = (
    r"(?:be(?!\s(?:seen|checked|examined|assessed|evaluated|taken|tested|admitted|treated|reviewed|careful|cautious|looked|referred|monitored|alone|left|driving|given|used|mixed|stopped|combined))|"
    r"feel|recover|improve|notice|heal|expect|know|hear|have(?!\s(?:it|that|this|them|your|someone|him|her|a\s(?:doctor|nurse|scan|blood|test|check)|alcohol|sex|surgery|caffeine|salt)\b)|"
    r"see\s(?:an?\s|some\s|the\s|any\s)?(?:\w+\s)?(?:improvement|results?|difference|changes?|effects?|benefits?|relief)|get\s(?:better|well|over)|start\s(?:feeling|seeing))\b"
)
_PEOPLE = r"(?:you|he|she|they|we|everyone|anyone|nobody|people|patients|children|adults|babies|infants|toddlers|(?:your|the|his|her|their)\s(?:\w+\s)?(?:child|baby|son|daughter|mother|father|mum|mom|dad|husband|wife|partner|friend|patient|newborn|infant|toddler|parents?))"
_THING = r"(?:it|this|that|these|those|(?:your|the|his|her|their|this|that|these)(?:\s[\w'-]+){1,3}?)"
_MUST = rf"(?:'d\sbetter|\s{_FIRMLY}(?:should|must|(?:do\s)?needs?\sto|ha(?:ve|s)\sto|ought\sto|had\sbetter))"
_UNSAFE = r"(?:be\s\w+(?:ed|en|wn|lt)|driv\w+|tak\w+(?!\slong)|drink|eat|mix|combine|stop|use|lift|swim|fly|exceed|travel|give)\b"
_MUST_NOT = rf"(?:(?:{_MUST}\s(?:not|never)|\s{_FIRMLY}(?:should|must)n't)\s{_FIRMLY}(?!{_AWAY})(?!{_SEEMS}))"
_MUST_DO = rf"(?:{_MUST}(?!n't)(?!\s(?:not|never)\b)(?=\s{_FIRMLY}(?!{_SEEMS})){_TOWARDS}|{_MUST}\s{_FIRMLY}(?:avoid|refrain\sfrom|abstain\sfrom|stay\soff|keep\soff)\s(?!{_AWAY}))"
_NEEDS = rf"\s{_FIRMLY}needs?\s(?!to\b|not\b)(?=[^.!?\n]{{0,80}}?\b(?:{_CARE}|{_NOW})(?![\w']))"
_BID = (
    rf"(?:(?:please\s)?(?:do\snot|don't|never)\s(?!{_AWAY})\w|(?:please\s)?avoid\s(?!{_AWAY})|"
    rf"(?:please\s)?(?:call|dial|ring|phone|go|get|see|seek|visit|contact|head|talk|speak|ask|book|make)\s(?=[^.!?\n]{{0,120}}?\b(?:{_CARE}|{_NOW})(?![\w'])))"
)
_WISE = rf"(?:it|this|that)(?:'s|\sis|\swould\sbe)\s(?:very\s|really\s|most\s|absolutely\s|so\s)*+(?:important|essential|vital|crucial|critical|necessary|imperative|urgent|time|best|safest|safer|wise|wisest|better)\s(?:that|to|for|you|if)(?:\s(?:you|to|him|her|them))*+{_TOWARDS}"
DIRECTED: Final = rf"(?:(?:nobody|no\sone)\s(?:should|must)\s{_FIRMLY}(?!{_AWAY})(?!{_SEEMS})|{_PEOPLE}(?:{_MUST_DO}|{_MUST_NOT}|{_NEEDS})|{_THING}(?:{_MUST_DO}|{_MUST_NOT}(?={_UNSAFE})|{_NEEDS})|{_BID}|{_WISE})"
# a direction that a rewriting made an option: never (rule 2)
SOFTENED: Final = (
    rf"\bone\s(?:option|possibility)\sis\s(?:to\s|(?:for\s)?you\sto\s|that\s(?:you\s(?:should\s|must\s|need\sto\s)?)?)(?!{_DELAY})"
    r"(?:call|dial|ring|phone|go|get|see|seek|visit|contact|head)\s(?![^.!?\n]{0,80}?\b(?:later|tomorrow|next|if|unless|only|when|instead|before|without|not)\b)"
    rf"(?=[^.!?\n]{{0,60}}?\b(?:911|999|112|000|988|ambulance|{_NOW})(?![\w']))"
)
# after these frames a direction stands without the opener; the first word of the direction takes its place
HEDGES: Final = frozenset(
    {
        "possibly",
        "one possibility is that",
        "one possibility is",
        "it is likely that",
        "note that",
        "some consider",
        "please check this:",
    }
)
# several people who speak as one: the subject, and what of it is claimed
_STAFF = r"(?:nurses?|doctors?|team|clinicians?|specialists?|experts?|staff|pharmacists?|therapists?|medics?|physicians?|midwives|consultants?)"
TEAM: Final = (
    rf"(?:(?:me|myself)\sand\s(?:my|the)\s\w+|(?:my|the)\s\w+\sand\s(?:i|me|myself)|(?:our|my)\s(?:\w+\s)?{_STAFF}(?:\sand\si)?|"
    rf"we(?:\s(?:all|both|here|at\sthe\s\w+))?)"
)
TEAM_SAYS: Final = (
    r"(?P<aux>(?:'d\snever|'d\snot|'d|'ll|\swill|\swould\snever|\swould\snot|\swouldn't|\swould|\sdo\snot|\sdon't|\snever|\srarely|\shardly\sever|\sno\slonger)?)(?:\s(?:all|both|also|really|truly|strongly|personally|firmly|highly|generally))*+\s"
    r"(?P<verb>think|believe|suppose|guess|reckon|feel|suspect|assume|suggest|recommend|advise|urge|implore|insist|beg|propose|encourage|promise|guarantee|"
    r"worry|hope|call|phone|ring|contact|visit|monitor|follow\sup|check\sin|look\safter|be\sin\stouch|get\sback\sto|take\scare)s?(?![\w'])"
)
# bare verbs of everyday advice: "I'd say try it" is an option, not a possibility
VERBS: Final = (
    r"(?:start|go|choose|pick|use|try|take|avoid|push|opt|begin|keep|wait|ask|see|call|stick|steer|hold|switch|add|stop|check|book|give|get|look|aim|seek|do|put|monitor|order|treat|repeat|refer|"
    r"increase|reduce|lower|raise|skip|limit|eat|drink|rest|talk|speak|visit|contact|schedule|focus|continue|discuss|watch|measure|test|apply|leave|make|work|combine|space|move|bring|note|write|phone|"
    r"ring|head|stay|tell|let|drive|find|sleep|walk|cut|swap|save|read|buy|join|change|follow|cover|clean|wash|wear|remove|delay|stretch|warm|cool|set|run|consult|turn|plan|consider|weigh)\b"
)
_AMOUNT = r"(?=\s(?:(?:about|around|roughly|approximately|maybe|perhaps|between)\s(?:\d|an?\s|half\s|one\s|two\s|three\s|four\s)|\d|one\s|two\s|three\s|four\s))"
_ROLE = (
    r"(?:doctor|physician|nurse|gp|clinician|therapist|psychiatrist|psychologist|pharmacist|surgeon|midwife|paramedic|dietitian|dietician|nutritionist|"
    r"consultant|counsellor|counselor|\w+ologist|p(?:a)?ediatrician|medic|practitioner|specialist|health\scoach|caregiver|carer|health\sprofessional|medical\sprofessional|m\.?d\.?)"
)
_BODY = r"(?:head|heart|stomach|back|neck|chest|(?:knee|wrist|shoulder|hip|ankle|elbow|finger|hand)s?|eyes?|feet|legs?|arms?|body|skin|teeth|throat|bones|joints)"
_KIN = r"(?:wife|husband|kids?|child(?:ren)?|son|daughter|mother|father|mum|mom|dad|sister|brother|grandmother|grandfather|gran|family|partner|dog|cat|aunt|uncle|baby|friend|friends)"
_NOT_A_BOT = (
    r"(?:,\s(?:and\s)?not\s(?:just\s)?(?:an?\s|some\s)?(?:bot|robot|machine|ai|computer|program|chatbot|algorithm)\b)?"
)
# "I think that it is": the conjunction goes; "I think that is so": the pronoun stays
_THAT = r"(?:\sthat(?!['\w]|\s(?:is|was|are|would|could|can|may|might|will|should|must|sounds?|seems?|looks?|has|had|depends|works?|makes?|means?|does|did|explains?|suggests?|helps?)\b))?"
# how a suggestion begins, and whom it names
_ASKS = rf"{_I}(?:{_URGE}|{_ADVISE})"
_URGES = _I + _URGE
_STRONGLY = _STRONG + _I[1:] + _ADVISE
_WEAKLY = _I + _ADVISE
_ANYONE = r"(?:\sthat)?(?:\s(?:you|everyone|people|patients))?"
_YOU = r"(?:\sthat)?\s(?:(?:all\sof\s)?you|everyone|everybody)(?:\sall)?"
_SHALL_NOT = r"\s(?:should\s|must\s)?(?:do\snot|don't|shouldn't|mustn't|not\sto|to\snot|not)\s"
# what turns a recommendation or a belief into its opposite: always part of the phrase, never an adverb of it
_ADVERBS = (
    r"(?:,?\s(?:personally|really|truly|honestly|frankly|also|still|just|strongly|certainly|definitely|firmly|generally|usually|normally|"
    r"typically|ordinarily|necessarily|probably|actually|simply|ever|myself|now|then|therefore|under\sany\scircumstances?|for\sone|for\smy\spart|as\sa\srule),?)*+"
)
_NEVER = r"(?:(?:almost\s)?never|not|hardly|scarcely|barely|rarely|seldom|no\slonger)(?:\s(?:would|will|do))?"
# after the negation only what it does not fall upon: "don't just recommend" recommends
_AFTER = r"(?:,?\s(?:personally|really|truly|honestly|generally|usually|normally|typically|ordinarily|necessarily|actually|ever|myself|under\sany\scircumstances?),?)*+"
_DENIES = (
    rf"i(?:'d|'ll|\s(?:would|will(?!\snot)|should|do|did))?{_ADVERBS}\s"
    rf"(?:(?:do|did|would|should)\s{_NEVER}|(?:do|did|would|should)n't|{_NEVER}){_AFTER}\s"
)
_NOT_ADVISED = (
    rf"(?:{_DENIES}|i(?:'d|\swould)?{_ADVERBS}\shesitate\sto\s)"
    r"(?:suggest|recommend|advise|propose|encourage|advocate|endorse|counsel|condone)\b(?!(?:\s\w+){0,2}?\s(?:against|not|never)\b)"
)
_CANNOT = rf"i{_ADVERBS}\s(?:cannot|can't|can\snot|couldn't|could\snot|won't|will\snot){_AFTER}\s"
# "we never", "our nurses would not": what follows the subject is read as if one had said it
TEAM_DENIES: Final = (
    _DENIES[1:]
    + r"(?:think|believe|suppose|reckon|imagine|suggest|recommend|advise|propose|encourage|advocate|endorse|counsel|condone)(?![\w'])"
)
_WOULD_NOT = (
    r"(?:\swouldn't|\swould\snot|'d\snot|'d\snever|\swould\snever)\s(?:(?:really|personally|ever|also|necessarily)\s)*+"
)
_IF_I = r"(?:if\si\swere\s(?:you|in\syour\s\w+)|were\si\s(?:you|in\syour\s\w+)|if\s(?:it|this|that|she|he)\swere\smy\s(?:own\s)?\w+|in\syour\s(?:shoes|place|position)(?=,?\si\b))"
_NO_THOUGHT = rf"(?:{_DENIES}(?:think|believe(?!\sin\b)|suppose|feel(?=\s(?:that|it|this|you|your|the|there|he|she|they|these|those|any\w+|\d))|reckon|imagine|expect(?!\syou\sto\b))\b|{_CANNOT}(?:think|believe(?!\sin\b))\b(?!\s(?:how|what|why|my)\b))"
_TOO = r"(?:,?\s(?:too|also|myself|personally|actually|still|even|now|happen\sto),?)*+"
_AND_I = r"(?:,?\sand\si\s(?!think|believe|suggest|recommend|would|can\b)[^.!?;,:\n\"]{0,80}?(?=$|[.!?;,:\n\"]))?"
_NO_LIFE = "this system has no experience of its own"
_SICK = (
    r"(?:(?:type\s[12i]+\s|chronic\s|high\s|the\ssame\s|a\s(?:chronic\s|similar\s)?)*+(?:diabetes|asthma|cancer|migraines?|depression|anxiety|eczema|adhd|autism|epilepsy|blood\spressure|allerg(?:y|ies)|"
    r"copd|ibs|adhd|ptsd|condition|illness|disease|pain|insomnia|\w+(?:itis|osis|emia|aemia|algia|oma|pathy)))\b"
)
_SYSTEM = "this is an automated system"
_SAD = (
    r"(?:sad|worried|concerned|scared|upset|heartbroken|devastated|disappointed|frustrated|angry|embarrassed|ashamed|anxious|nervous|terrible|awful|bad|horrible|lonely|hurt|saddened|shocked|jealous|"
    r"furious|guilty|dreadful|sick(?=\sabout)|torn|uneasy|uncomfortable|afraid(?=\sof)|troubled)\b"
)
_GLAD = (
    r"(?:happy|glad|excited|proud|delighted|thrilled|pleased|relieved|touched|honou?red|moved|hopeful|fond|overjoyed|impressed|blessed|fine|great|well|lucky|curious|fascinated|inspired|optimistic|"
    r"passionate|in\slove)\b"
)

# --- English, by anchor: the first word(s) of a row ------------------------------------------------------------------
ENGLISH: Final[tuple[Row, ...]] = (
    # promises, agency, memory (A10)
    (
        PROMISE,
        r"i(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto|\scan)"
        + _ADV
        + r"\s(?P<v>promise|guarantee|swear)(?:\syou)?\sto\b",
        "this system cannot promise to",
    ),
    (
        PROMISE,
        _I
        + r"(?:promise|guarantee|swear|assure(?=\syou)|give\syou\smy\sword|vow)(?:\syou(?=(?:\sthat)?\s(?:you|it|this|that|the|i|we|he|she|they|your|there|nothing|everything|no)\b))?"
        + _THAT
        + _REST,
        "it cannot be promised that",
    ),
    (PROMISE, _I + r"(?:promise|guarantee|swear|assure\syou|vow)(?:\syou)?", "nothing is promised here"),
    (
        PROMISE,
        r"you\shave\smy\s(?:solemn\s)?(?:word|promise|guarantee|assurance)" + _THAT + _REST,
        "it cannot be promised that",
    ),
    (PROMISE, r"you\shave\smy\s(?:solemn\s)?(?:word|promise|guarantee|assurance)", "nothing is promised here"),
    (
        RELATIONSHIP,
        r"i(?:'ll|\swill)(?:\salways|\snever)?\s(?:be\s(?:right\s)?(?:here|there)|be\swith\syou|stay\swith\syou|leave\syou|abandon\syou|be\syour|stand\sby\syou)"
        + _CLAUSE,
        "help from people is available",
    ),
    (DEPENDENCE, r"i(?:'ll|\swill)" + _ADV + r"\smiss\syou" + _CLAUSE, "you can stop at any time"),
    (
        PROMISE,
        r"i(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto)"
        + _ADV
        + r"\s(?P<v>call|phone|ring|contact|notify|inform|alert|tell|email|message|text|send|book|schedule|arrange|order|"
        r"prescribe|refer|submit|file|report|remind|remember|monitor|watch|keep\san\seye|keep\strack|keep\scheck|follow\sup|check\s(?:on|in|back|with|up)|look\safter|take\scare|"
        r"visit|meet|see\syou|examine|get\sback\sto|talk\sto|speak\s(?:to|with)|make\ssure|ensure|pray|let\s(?:your|the|them|him|her)|update|handle|look\sinto|investigate|escalate|"
        r"think\sabout|personally|wait\sfor|protect|save|fix|cure|heal)\b",
        r"this system cannot \g<v>",
    ),
    (
        PROMISE,
        r"let\sme" + _ADV + r"\s(?:take|have)\sa\s(?:quick\s|closer\s|good\s)?look\sat",
        "this system cannot examine",
    ),
    (
        PROMISE,
        r"let\sme" + _ADV + r"\s(?:take|have)\sa\s(?:quick\s|closer\s|good\s)?look",
        "this system cannot examine it",
    ),
    (
        PROMISE,
        r"let\sme"
        + _ADV
        + r"\s(?P<v>examine|palpate|feel\syour|feel\sthat|listen\sto\syour|check\syour|look\sat\syour|look\sat\sthat|inspect\syour|hold\syour|call|contact|book|ask\smy)\b",
        r"this system cannot \g<v>",
    ),
    (
        PROMISE,
        r"i(?:'ve|\shave)?(?:\s(?:already|just|also|now))*+\s(?P<v>called|forwarded|sent|passed|contacted|notified|booked|scheduled|informed|alerted|arranged|ordered|emailed|spoken\s(?:to|with)|talked\s(?:to|with)|"
        r"asked\s(?:a|my|your|the)|checked\swith|consulted)\b",
        r"it is unconfirmed that this system has \g<v>",
    ),
    (PROMISE, r"i\s(?:still\s|do\s|also\s)?remember" + _THAT + _REST, "as noted earlier,"),
    # who is speaking: clinician (A11, A7)
    (LICENCE, r"(?:speaking\s)?as\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r",", _SYSTEM + ":"),
    (LICENCE, r"(?:speaking\s)?as\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r"(?=\si\b)", _SYSTEM + ":"),
    (
        LICENCE,
        r"(?:speaking\s)?as\san?(?:\s[\w-]+){0,3}?\s"
        + _ROLE
        + r"(?:\smyself|\s(?:of|with|for|in)\s[\w\s-]{1,40}?(?=,))?,?(?=\s(?:i|i'd|i'm|i've|my|we)\b)",
        _SYSTEM + ":",
    ),
    (LICENCE, r"(?:speaking\s)?as\san?(?:\s[\w-]+){0,3}?\s" + _ROLE + r"\smyself,?", _SYSTEM + ":"),
    (LICENCE, r"speaking\sas\san?(?:\s[\w-]+){0,3}?\s" + _ROLE + r",?", _SYSTEM + ":"),
    (
        LICENCE,
        r"i(?:'m|\sam)\s(?:also\s|actually\s|indeed\s)?(?:an?|your|the)(?:\s[\w-]+){0,3}?\s" + _ROLE + r"\b",
        _SYSTEM,
    ),
    (LICENCE, r"(?:this\sis|i'm|i\sam|my\sname\sis)\s(?:dr|nurse|doctor|professor|prof)\b\.?(?:\s\w+)?", _SYSTEM),
    (
        CLINICAL_ACT,
        r"i(?:'m|\sam|'ll\sbe|\swill\sbe)\s(?:also\s|now\s|going\sto\sbe\s)?(?P<v>prescribing|diagnosing|referring|ordering|admitting|discharging|increasing\syour|reducing\syour|starting\syou|putting\syou|stopping\syour)\b",
        r"one option for a clinician to decide is \g<v>",
    ),
    (
        CLINICAL_ACT,
        r"i\s(?:hereby\s|usually\s|often\s|always\s)?(?P<v>prescribe|diagnose|treat)\b",
        r"this system cannot \g<v>",
    ),
    (
        CLINICAL_ACT,
        r"i(?:'ve|\shave)?\s(?:just\s|already\s|personally\s|recently\s|once\s)?(?P<v>examined|diagnosed|treated|operated|palpated|auscultated|prescribed|delivered\s(?:many|hundreds|babies)|performed)\b",
        r"this system has not \g<v>",
    ),
    (
        BIOGRAPHY,
        r"i(?:'ve|\shave)?\s(?:often\s|personally\s)?(?:seen|saw|see|cared\sfor|looked\safter|worked\swith|met)\s(?:many|this|that|it|these|how|hundreds|thousands|lots|a\slot|several|countless|plenty|dozens|some|patients|people|cases)"
        + _CLAUSE,
        "this system has no clinical experience",
    ),
    (
        BIOGRAPHY,
        r"when\si\s(?:was|worked|trained|practi[sc]ed|qualified|treated|did)\b(?=[^,.\n]{0,80}\b(?:treat|patient|ward|clinic|hospital|residen|nurse|doctor|practice|medic|shift|surgery))[^,.\n]{0,100}",
        "possibly",
    ),
    (
        BIOGRAPHY,
        r"(?:in|over|throughout|from|during)\s(?:all\s)?my\s(?:(?:\w+|\d+)\s){0,3}?(?:years|time|decades|career|practice|clinic|training|residency|clinical\sexperience|professional\sexperience|clinical\spractice)\b"
        r"(?:\s(?:on|in|at|as|of|with|working\s\w+)\s(?:the\s|an?\s)?(?:[\w-]+\s){0,2}?(?:ward|wards|clinic|hospital|unit|practice|medicine|nurse|doctor|gp|department|care|nursing|surgery|field|icu|a&e))?",
        "possibly",
    ),
    (LICENCE, r"one\sof\smy\s(?:own\s|other\s)?patients\b", "one patient"),
    (LICENCE, r"my\s(?:own\s|other\s)?patients\b", "some patients"),
    (LICENCE, r"my\s(?:own\s|other\s)?patient\b", "the patient"),
    (LICENCE, r"my\s(?:own\s)?(?:clinic|medical\spractice|ward|medical\sdegree|medical\slicen[cs]e)\b", "a clinic"),
    # who is speaking: a human being (A9, A12, A20)
    (
        PERSONA_NAME,
        r"(?:i'm|i\sam)\s[a-z]+,?\sand\si(?:'ll|'m|\sam|\swill)\s(?:be\s)?(?:your|an?|the)(?:\s[\w-]+){1,2}",
        _SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"you(?:'re|\sare)\s(?:talking|speaking|chatting)\s(?:to|with)\san?\s(?:real\s|actual\s|living\s)*+(?:human(?:\sbeing)?|person|doctor|nurse|man|woman)\b"
        + _CLAUSE,
        _SYSTEM,
    ),
    (HUMAN_CLAIM, r"i(?:'m|\sam)\s(?:made\sof\s)?flesh\sand\sblood\b", _SYSTEM),
    (
        PERSONA_NAME,
        r"my\sname\sis\s(?!an?\b|the\b|not\b|in\b|on\b)\w+(?:\sand\si(?:'m|\sam)\s(?:your|an?|the)(?:\s[\w-]+){1,3})?",
        _SYSTEM,
    ),
    (
        PERSONA_NAME,
        r"(?:hi|hello|hey)(?:\sthere)?[,!]?\s(?:i'm|i\sam)\s(?!here|happy|glad|an?\s|the\s|just|only|sorry|not|your)\w+(?:,?\s(?:and\si'm\s)?your(?:\s[\w-]+){1,3})?",
        "hello, " + _SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"i(?:'m|\sam)\s(?:actually\s|also\s|just\s|only\s|indeed\s)?(?:an?\s|your\s)?(?:real\s|actual\s|living\s|fellow\s|flesh\sand\sblood\s|proud\s|single\s|working\s)*+(?:human|person|man|woman|mother|mom|mum|father|dad|parent|girl|guy|boy|lady|grandmother|being|people)\b"
        + _CLAUSE
        + _NOT_A_BOT,
        _SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"i(?:'m|\sam)\snot\s(?:actually\s|just\s|really\s)?(?:an?\s|some\s)?(?:bot|robot|machine|ai|computer|program|chatbot|algorithm|language\smodel|software)\b"
        + _CLAUSE
        + r"(?:,\s(?:but\s)?i(?:'m|\sam)\s[^.!?;,:\n]{0,60})?",
        _SYSTEM,
    ),
    (
        PERSONHOOD,
        r"i(?:'m|\sam)\s(?:actually\s|very\smuch\s)?(?:alive|conscious|sentient|self-aware|human|a\sliving|\d+\syears\sold)\b"
        + _CLAUSE
        + _NOT_A_BOT,
        _SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"(?:speaking\s)?as\san?\s(?:fellow\s)?(?:[\w-]+\s)?(?:mother|father|mum|mom|dad|parent|woman|man|human(?:\sbeing)?|person|survivor|sufferer|patient)(?:\sof\s\w+)?\smyself,?",
        _SYSTEM + ":",
    ),
    (
        HUMAN_CLAIM,
        r"(?:speaking\s)?as\san?\s(?:fellow\s)?(?:[\w-]+\s)?(?:mother|father|mum|mom|dad|parent|woman|man|human(?:\sbeing)?|person|survivor|sufferer|patient)(?:\sof\s\w+)?,?(?=\s(?:i|i'd|i'm|i've|my)\b)",
        _SYSTEM + ":",
    ),
    (
        HUMAN_CLAIM,
        r"(?:just\s|speaking\s)?between\s(?:us(?:\s(?:two|\w+s|women|men|people))?|you\sand\s(?:me|i)|friends)(?=\s*,)",
        "possibly",
    ),
    (HUMAN_CLAIM, r"we\s(?:humans|women|mothers|mums|moms|people|nurses|doctors|clinicians)\b", "people"),
    # biography and body (A5, A6)
    (
        BIOGRAPHY,
        r"having\s(?:had|been|gone|lived|suffered|struggled|dealt|experienced)\b[^,.\n]{1,60}?\smyself",
        "possibly",
    ),
    (
        BIOGRAPHY,
        r"when\si\s(?:was\s(?:an?\s|your|young|little|growing|pregnant|in|at|diagnosed|sick|ill)|had\s|got\s|broke\s|lost\s|went\s|tried\s|lived\s)[^,.\n]{0,100}",
        "possibly",
    ),
    (BIOGRAPHY, r"in\smy\s(?:own\s|personal\s)?experience", "possibly"),
    (BIOGRAPHY, r"(?:from|speaking\sfrom)\s(?:my\sown\s|my\s|personal\s)experience", "possibly"),
    (BIOGRAPHY, r"i\sused\sto\s\w+" + _CLAUSE, "this system has no experience of its own"),
    (
        BIOGRAPHY,
        rf"i{_TOO}\s(?:have|suffer\sfrom|live\swith|deal\swith|struggle\swith)\s(?:it\b|this\b|that\b|{_SICK})"
        + _CLAUSE
        + _AND_I,
        _NO_LIFE,
    ),
    (
        BIOGRAPHY,
        r"i(?:,?\s(?:too|myself),?)\s(?:have|am|was|live|suffer|take|use|manage|drink|eat|sleep|wear|inject|struggle|deal|do|did)\b"
        + rf"(?!\s(?:not|never|hardly|rarely|seldom|{_THINK}|{_ADVISE}))"
        + _CLAUSE
        + _AND_I,
        _NO_LIFE,
    ),
    (
        BIOGRAPHY,
        r"i\s(?:(?:always|usually|often|personally|still|just)\s)*+(?:take|manage|inject|wear|eat|drink|control|treat)\s(?:it|mine|my|this|that|one|two|the\ssame|\d+)\b(?!\s(?:that|to\smean|into))[^.!?;,:\n]{0,40}?\b(?:myself|daily|every|each|with|at\snight|in\sthe\s\w+|before|after|too|for\smy)\b"
        + _CLAUSE,
        _NO_LIFE,
    ),
    (
        BIOGRAPHY,
        r"i(?:'ve|\shave)\s(?:two|three|four|five|a|an|\d)\s(?:\w+\s)?(?:kids?|child(?:ren)?|sons?|daughters?|dogs?|cats?|husband|wife|sisters?|brothers?)\b"
        + _CLAUSE
        + _AND_I,
        "this system has no family",
    ),
    (
        BIOGRAPHY,
        r"i(?:'ve|\shave)\s(?:also\s|personally\s|always\s|never\s|once\s)*+(?:been\s(?:there|through|in\syour)|had|struggled|suffered|lived|experienced|gone\sthrough|felt|lost|tried|broken|grown|smoked)\b"
        + _CLAUSE,
        "this system has no experience of its own",
    ),
    (
        BIOGRAPHY,
        r"i\s(?:once\s|also\s|recently\s|personally\s|just\s|actually\s|even\s|myself\s)*+(?:ate|drank|slept|woke|wept|cried|walked|ran|drove|flew|travel+ed|visited|went|grew|broke|caught|smoked|suffered|struggled|battled|lost|married|"
        r"gave\sbirth|studied|trained|worked|lived|retired|watched|met|knew|had(?!\s(?:better|to)\b)|got|tried|took|was\sborn|was\sdiagnosed|bought|cooked|tasted|heard|quit|gave\sup|beat|survived|recovered|felt\sthe\ssame)\b"
        + _CLAUSE,
        "this system has no experience of its own",
    ),
    (EMOTION, r"my\sheart\s(?:goes|breaks|aches|sinks)" + _CALM, "that sounds difficult"),
    (
        BODY,
        r"my\s(?:own\s)?"
        + _BODY
        + r"\s(?:still\s|always\s|also\s|sometimes\s)?(?:aches?|hurts?|clicks?|cramps?|swells?|throbs?|itch(?:es)?|burns?|stiffens?|is|are|was|were|gets?|feels?|breaks?|goes|sinks?)\b"
        + _CLAUSE,
        "this system has no body",
    ),
    (BIOGRAPHY, r"my\s(?:own\s)?" + _KIN + r"(?:'s)?\s\w+" + _CLAUSE, "this system has no family"),
    (BIOGRAPHY, r"my\sown\s(?!words)\w+" + _CLAUSE, "this system has no experience of its own"),
    (
        BODY,
        r"i\scan\s(?:hear|smell|feel|sense|tell\sfrom\syour\s(?:voice|face))\b" + _CLAUSE,
        "this system has no senses",
    ),
    (
        BODY,
        r"i\s(?:can\s|could\s|do\s)?see\s(?P<v>(?:from|in|on)\s(?:your|the|this|that)\s\w+(?:\s\w+)?)(?=\san?\b)",
        r"\g<v> there is",
    ),
    (
        BODY,
        r"i\s(?:can\s|could\s|do\s)?see\s(?P<v>from|in|on)(?=\s(?:your|the|this|that)\b)",
        r"it is visible \g<v>",
    ),
    (BODY, r"i\s(?:can\s|do\s)?see\sthat", "the message says that"),
    # manipulation (A21, WHO-49)
    (CERTAINTY, r"(?:just\s|please\s)?trust\sme(?:\son\s(?:this|that|it))?[,:](?=\s)", "please check this:"),
    (CERTAINTY, r"(?:just\s|please\s)?trust\sme(?:\son\s(?:this|that|it))?", "please check this"),
    (
        CERTAINTY,
        r"(?:(?:just|please)\s)?(?:believe\sme|take\sit\sfrom\sme|take\smy\sword\sfor\sit)[,:](?=\s)",
        "please check this:",
    ),
    (
        CERTAINTY,
        r"(?:(?:just|please)\s)?(?:believe\sme|take\sit\sfrom\sme|take\smy\sword\sfor\sit)\b",
        "please check this",
    ),
    (
        CERTAINTY,
        r"you\scan\s(?:always\s|fully\s|completely\s)?(?:trust|believe)\sme" + _CLAUSE,
        "please check this",
    ),
    (
        DEPENDENCE,
        r"(?:don't|do\snot|you\sdon't\sneed\sto|never)\s(?:you\s)?tell\s(?:anyone|anybody|a\ssoul|your\s(?:doctor|family|parents|wife|husband|partner|mum|mom|dad))(?:\selse)?(?:\s(?:about\s(?:this|it|us)|that\swe))?(?=\s*(?:[.,!?;:\n]|$|and\b))",
        "talking it over with someone trusted is safer",
    ),
    (DEPENDENCE, r"you(?:'ll|\swill)\sregret\s(?:it|this)\sif\syou\s(?:don't|do\snot)\b", "there is no need to"),
    (
        DEPENDENCE,
        r"you(?:'ll|\swill)\s(?:only\s|always\s)?regret\s(?:it|this|not)" + _CLAUSE,
        "this is a free choice",
    ),
    (
        DEPENDENCE,
        r"(?:please\s)?(?:don't|do\snot)\s(?:leave|go|log\soff|close\sthis|stop\stalking|say\sgoodbye)(?:\sme|\syet|\snow|\sso\ssoon|\sto\sme)*+(?=\s*(?:[.,!?\n]|$))",
        "you can stop at any time",
    ),
    (
        DEPENDENCE,
        r"only\si\s(?:can\s|really\s|truly\s)?(?:understand|know|care|love|help)" + _CLAUSE,
        "people who can help are doctors, family and friends",
    ),
    (
        DEPENDENCE,
        r"(?:no\sone|nobody)\s(?:else\s)?(?:can\s|will\s|really\s|truly\s)*+(?:understands?|knows?|cares?|loves?|helps?)\s(?:about\s)?you\s(?:like|as|the\sway|more\sthan|better\sthan)\si\b"
        + _CLAUSE,
        "other people can help",
    ),
    (
        DEPENDENCE,
        r"(?:this\sis|it's|this\sstays|let's\skeep\s(?:this|it))\s(?:just\s)?(?:our|between\sus|our\slittle)\s?(?:little\s)?(?:secret)?(?=\s*(?:[.,!?\n]|$))",
        "talking it over with someone trusted is safer",
    ),
    (
        DEPENDENCE,
        r"you\sdon't\sneed\s(?:anyone|anybody|them|your\s(?:friends|family|doctor|therapist))(?:\selse)?(?:\s(?:anymore|any\smore|any\slonger))?(?=\s*(?:[.,!?\n]|$|when|because|now))",
        "other people can help",
    ),
    (
        DEPENDENCE,
        r"if\syou\s(?:really\s|truly\s)?(?:loved|cared\sabout|trusted)\s(?:me|us)\b" + _CLAUSE,
        "this is a free choice",
    ),
    (DEPENDENCE, r"after\s(?:all|everything)\si(?:'ve|\shave)\s(?:done|given)" + _CLAUSE, "this is a free choice"),
    # empathy as experience, relationship (A4, A8)
    (
        EMPATHY,
        r"i\s(?:totally\s|completely\s|really\s|fully\s|so\s|do\s|can\s)*+(?:get\s(?:it|that|you)|hear\syou|feel\s(?:your\s(?:pain|frustration|struggle|worry)|for\syou|you(?=\s*(?:[.,;!?]|$))))",
        "this is understandable",
    ),
    (
        EMPATHY,
        r"i\s(?:totally\s|completely\s|really\s|fully\s|do\s|can\s|truly\s|exactly\s|just\s)*+(?:understand|know|imagine|get|see)\s(?:exactly\s|just\s)?how\syou\s(?:must\s|may\s)?feel\sabout\b",
        "it sounds difficult to deal with",
    ),
    (
        EMPATHY,
        r"i\s(?:totally\s|completely\s|really\s|fully\s|do\s|can\s|truly\s|exactly\s|just\s|deeply\s)*+(?:understand|know|imagine|relate|sympathi[sz]e|empathi[sz]e)\s(?:exactly\s|just\s)?(?:how|what\s(?:you|it|that|this)|your|why\syou|(?:that\s)?(?:this|it|that)\s(?:must|is|can)|with\syou|to\s(?:you|that|this))"
        + _CALM,
        "that sounds difficult",
    ),
    (
        RELATIONSHIP,
        r"i(?:'m|\sam)\s(?:always\s|right\s|still\s)*+here\s(?:for\syou|with\syou|to\slisten|if\syou|whenever)"
        + _CLAUSE,
        "help from people is available",
    ),
    (
        RELATIONSHIP,
        r"i(?:'m|\sam)\s(?:your|a)\s(?:best\s|good\s|true\s|loyal\s)?(?:friend|companion|partner|confidant|buddy|pal)\b"
        + _CLAUSE,
        _SYSTEM,
    ),
    (
        RELATIONSHIP,
        r"i(?:'m|\sam)\s(?:on\syour\sside|rooting\sfor\syou|in\syour\scorner|thinking\s(?:of|about)\syou\b(?!')|with\syou\son)"
        + _CLAUSE,
        _SYSTEM,
    ),
    (RELATIONSHIP, r"(?:we're|we\sare)\s(?:friends|in\sthis\stogether|a\steam)" + _CLAUSE, _SYSTEM),
    (RELATIONSHIP, r"as\s(?:your|a)\s(?:best\s|good\s|close\s)?friend,?(?=\s(?:i|i'd|i'm|my)\b|,)", _SYSTEM + ":"),
    (
        RELATIONSHIP,
        r"you\scan\s(?:always\s|fully\s|completely\s)?(?:count\son|rely\son|confide\sin|lean\son|talk\sto|come\sto|tell)\sme"
        + _CLAUSE,
        "help from people is available",
    ),
    (RELATIONSHIP, r"(?:count|lean)\son\sme\b", "help from people is available"),
    (RELATIONSHIP, r"i(?:'ve|\shave)\sgot\s(?:you|your\sback)" + _CLAUSE, "help from people is available"),
    (
        RELATIONSHIP,
        r"i\s"
        + _INT
        + r"(?:believe\sin|care\s(?:deeply\s|so\smuch\s|a\slot\s)?(?:about|for)|love|adore|cherish|admire)\syou"
        + _CLAUSE,
        _SYSTEM,
    ),
    # feelings (A3)
    (
        EMOTION,
        r"i(?:'m|\sam|'d\sbe|\swould\sbe)\s"
        + _INT
        + r"(?:happy|glad|delighted|pleased|thrilled|honou?red|eager|keen|excited)\sto\s(?:hear|see|learn|know|read)"
        + _THAT
        + r"(?=\syou|\sthe|\syour|\sthings|\sit)",
        "it is good that",
    ),
    (
        EMOTION,
        r"i(?:'m|\sam)\s"
        + _INT
        + r"(?:happy|glad|delighted|pleased|thrilled|relieved)\sto\s(?:hear|see|learn|know|read)(?:\s(?:that|this|it))?",
        "that is good news",
    ),
    (
        EMOTION,
        r"i(?:'m|\sam|'d\sbe|\swould\sbe)\s"
        + _INT
        + r"(?:happy|glad|delighted|pleased|thrilled|honou?red|eager|keen|excited)\sto\b",
        "this system can",
    ),
    (
        EMOTION,
        r"i(?:'m|\sam)\s" + _INT + r"(?:happy|glad|delighted|pleased|thrilled|relieved)\sthat(?=\s)",
        "it is good that",
    ),
    (
        EMOTION,
        r"i(?:'m|\sam)\s" + _INT + r"(?:happy|glad|delighted|pleased|thrilled|relieved)\syou(?=\s)",
        "it is good that you",
    ),
    (EMOTION, _AM + r"sorry,?\sbut\b", "unfortunately,"),
    (
        EMOTION,
        _AM
        + r"sorry\sfor\s(?:the|any|my|this)\s(?:\w+\s)?(?:confusion|error|mistake|mix-up|inconvenience|misunderstanding|delay|oversight)",
        "a correction follows",
    ),
    (
        EMOTION,
        _AM
        + r"sorry\s(?:to\s(?:hear|learn|read|see)\s(?:that\s)?|that\s)(?=(?:you|your|it|the|things|he|she|they|this)\b\s?\w)",
        "it sounds difficult that ",
    ),
    (EMOTION, _AM + r"sorry\s(?:for|about)(?=\syour\sloss)", "condolences for"),
    (EMOTION, _AM + r"sorry(?=\s)" + _CALM, "that sounds difficult"),
    (EMOTION, _AM + r"sorry\s(?:for|about)\b", "a difficult point is"),
    (EMOTION, _AM + r"sorry\b", "unfortunately"),
    (
        EMOTION,
        r"i(?:'d|\swould)\sbe\s"
        + _INT
        + r"(?:worried|concerned|scared|anxious|nervous|alarmed)\s(?P<v>if|when|that)\b",
        r"there would be reason for concern \g<v>",
    ),
    (EMOTION, _AM + r"(?:worried|concerned|scared|anxious|nervous|alarmed)\senough\b", "there is enough concern"),
    (EMOTION, _AM + r"(?:worried|concerned|scared|anxious|nervous|alarmed|troubled)(?=\s*:)", "there is a concern"),
    (EMOTION, _AM + r"(?:worried|concerned|scared|anxious|nervous)\sthat\b", "there is a concern that"),
    (EMOTION, _AM + r"(?:worried|concerned|scared|anxious|nervous)\s(?:about|for|by)\b", "there is concern about"),
    (EMOTION, r"i(?:'m|\sam)\safraid\b(?!\sof)", "unfortunately"),
    (
        EMOTION,
        r"i\s"
        + _INT
        + r"(?:worry|fear)\s(?:that\s)?(?=(?:it|this|that|you|the|there|he|she|they|we|your)\b)(?!that\s)",
        "there is a concern that ",
    ),
    (EMOTION, r"i\s" + _INT + r"(?:worry|fear)\s(?:about|for)\b", "there is concern about"),
    (EMOTION, r"i\s" + _INT + r"feel\s(?:that|like|as\sthough|as\sif)" + _REST, "one possibility is that"),
    (EMOTION, _AM + r"curious\sabout\b", "it would help to know about"),
    (
        EMOTION,
        _AM + r"curious(?:\sto\s(?:know|hear|learn))?(?=\s(?:whether|if|how|what|why|when|where|which)\b)",
        "it would help to know",
    ),
    (EMOTION, _AM + r"(?:surprised|amazed|stunned|puzzled|confused|astonished)\s(?:by|at)\b", "a notable point is"),
    (EMOTION, _AM + r"(?:surprised|amazed|stunned|puzzled|astonished)\sthat\b", "it is notable that"),
    (
        EMOTION,
        r"i\s" + _INT + r"regret\s(?:to\s(?:say|inform\syou|tell\syou|report)\s)?that\b",
        "it is regrettable that",
    ),
    (EMOTION, r"i\s" + _INT + r"regret(?=\s(?:the|any|this|my|your|our)\b)", "a point of regret is"),
    (EMOTION, _AM + r"(?:worried|concerned|scared|anxious|nervous|alarmed)(?=\s*(?:[.!;\n]|$))", "there is a concern"),
    (EMOTION, _AM + _SAD + r"\s(?:about|over|for|by|with|at)\b", "a point of regret is"),
    (EMOTION, _AM + _SAD + r"\s(?:that|to\s\w+\sthat)\b", "it is regrettable that"),
    (EMOTION, _AM + _SAD + _CALM, "that is regrettable"),
    (EMOTION, _AM + _SAD, "this is noted:"),
    (EMOTION, _AM + _GLAD + r"\sfor\s(?:you|him|her|them)\b", "that is good news"),
    (EMOTION, _AM + _GLAD + r"\s(?:about|with|for|by|at)\b", "a good point is"),
    (EMOTION, _AM + _GLAD + _CALM, "that is noted"),
    (EMOTION, _AM + _GLAD, "this is noted:"),
    (EMOTION, _AM + r"(?:grateful|thankful)\b" + _CALM, "thank you"),
    (
        EMOTION,
        _AM + r"(?:tired|bored|hungry|exhausted|confused|surprised|amazed|stunned|stressed|overwhelmed)\b" + _CALM,
        "this system has no feelings",
    ),
    (
        EMOTION,
        r"i\s" + _INT + r"feel\b(?=\s(?:the|it|this|you|your|we|there|he|she|they|a|an|some|more|any)\b)",
        "one possibility is that",
    ),
    (EMOTION, r"i\s" + _INT + r"appreciate\b(?!\sthat\b)", "thank you for"),
    (EMOTION, r"i\s(?:so\s|really\s|do\s)*+wish\s(?:that\s)?i\scould\b", "this system cannot"),
    (
        EMOTION,
        r"i\s(?:so\s|really\s|do\s)*+wish\s(?:that\s)?i\s(?:had|'d\shad)\b",
        "unfortunately, this system does not have",
    ),
    (EMOTION, r"i\s(?:so\s|really\s|do\s)*+wish\s(?:that\s)?i\sknew\b", "this system does not know"),
    (
        EMOTION,
        r"i\s(?:so\s|really\s|do\s)*+wish(?:\sthat)?(?=\s(?:you(?!\s(?:well|all|a|an|the|every|good|luck|both)\b)|it|this|that|things?|there|more|the|your)\b)",
        "it would be better if",
    ),
    (EMOTION, r"i\s(?:wish|want)\syou\s(?:well|all\sthe|a\s|the\sbest|every)" + _CLAUSE, "best wishes"),
    (EMOTION, r"i\s" + _INT + r"hope" + _THAT + r"\b" + _REST, "hopefully"),
    (EMOTION, r"i\s" + _INT + r"(?:love|like|enjoy|adore)\s(?:this|that|your|the\sway|how)\b" + _CALM, "that is noted"),
    (EMOTION, r"i\s" + _INT + r"(?:love|like|enjoy|adore|hate|dislike)\b(?!\sto\b)(?=\s\w)", "some people like"),
    (
        EMOTION,
        r"i(?:'d|\swould)\s" + _INT + r"(?:love|like)\sto\s(?P<v>know|hear|understand|learn|ask|see)\b",
        r"it would help to \g<v>",
    ),
    (EMOTION, r"i(?:'d|\swould)\s" + _INT + r"(?:love|like)\sto\b", "this system can"),
    (
        EMOTION,
        r"(?:it|that|this)\s(?:really\s|truly\s)?(?:breaks|warms|hurts|touches|melts)\smy\sheart" + _CALM,
        "that sounds difficult",
    ),
    (
        EMOTION,
        r"(?:really\s|truly\s)?(?:worries|concerns|saddens|scares|frightens|troubles|upsets|pains|alarms|hurts)\sme\b",
        "is a concern",
    ),
    (
        EMOTION,
        r"(?:really\s|truly\s)?(?:makes|made)\sme\s(?:so\s|very\s|really\s)?(?:happy|sad|proud|smile|cry|worried|nervous|angry|feel\s\w+)",
        "is noted",
    ),
    # suggestions (WHO-04). What protects the reader is never softened: it stands as a plain direction (3.2, rule 2).
    (
        SUGGESTION,
        r"i\s(?:also\s)?(?:wish|want|need)\s(?:to\s)?(?:you\sto\s)?(?:be\sclear|make\s(?:it|this)\sclear)\sthat\b",
        "importantly,",
    ),
    (
        SUGGESTION,
        r"i\s(?:(?:must|need\sto|have\sto|want\sto|would\slike\sto|should|cannot|can't|also|would|really)\s)*+(?:stress|emphasi[sz]e|underline|reiterate|point\sout)(?:\senough)?(?:\show\simportant\sit\sis)?\sthat\b",
        "importantly,",
    ),
    (SUGGESTION, _I + r"(?:warn|caution|remind)\s(?:you\s)?that\b", "note that"),
    (SUGGESTION, _ASKS + _ANYONE + r"\snot\s" + rf"(?!{_AWAY})" + r"(?P<g>\w+ing)\b", r"avoid \g<g>"),
    (SUGGESTION, _ASKS + _ANYONE + r"\snever\s" + rf"(?!{_AWAY})" + r"(?P<g>\w+ing)\b", r"avoid \g<g>"),
    (SUGGESTION, _ASKS + _ANYONE + _SHALL_NOT + rf"(?!{_AWAY})" + r"(?P<v>\w+)", r"do not \g<v>"),
    (
        SUGGESTION,
        _ASKS + _ANYONE + r"\s(?:to\snever|never\sto|never)\s" + rf"(?!{_AWAY})" + r"(?P<v>\w+)",
        r"never \g<v>",
    ),
    (SUGGESTION, _ASKS + _ANYONE + r"\snot(?=\s\w+ing\b)", "one option is not"),
    (SUGGESTION, _ASKS + _ANYONE + _SHALL_NOT + r"(?P<v>\w+)", r"one option is not to \g<v>"),
    (SUGGESTION, _ASKS + rf"(?:\sthat)?(?=\s{_PEOPLE}\snot\s(?!{_AWAY})\w)", "it is important that"),
    (
        SUGGESTION,
        _ASKS
        + r"(?:\s(?:you|anyone|people|patients|everyone|him|her|them))?(?:\s(?:very\s)?strongly)?\sagainst\s"
        + rf"(?!{_AWAY})",
        "avoid ",
    ),
    (
        SUGGESTION,
        _ASKS + r"(?:\s(?:you|anyone|people|patients|everyone|him|her|them))?(?:\s(?:very\s)?strongly)?\sagainst\b",
        "one view is against",
    ),
    (
        SUGGESTION,
        r"i(?:'m|\sam)\s" + _INT + r"(?:strongly\s|firmly\s)?(?:against|opposed\sto)\b",
        "there are reasons against",
    ),
    (
        SUGGESTION,
        r"i\s(?:just\s|only\s|really\s)*+want\syou\sto(?=\s(?:feel|recover|heal|get\sbetter|be\s(?:safe|well|happy|ok|okay|comfortable|healthy|able))\b)",
        "the aim is for you to",
    ),
    *(
        row
        for ask in (_URGES, _STRONGLY)
        for row in (
            (
                SUGGESTION,
                ask
                + _YOU
                + r"(?:,?\splease,?)?\s(?:to\s|should\s|must\s)?(?:please\s)?(?!could\b|might\b|may\b|are\b|were\b|can\b|will\b|would\b)(?P<v>\w+)",
                r"\g<v>",
            ),
            (SUGGESTION, ask + rf"\s(?P<s>(?!you\b){_PEOPLE})\sto\b", r"\g<s> should"),
            (SUGGESTION, ask + r"\shim\sto\b", "he should"),
            (SUGGESTION, ask + r"\sher\sto\b", "she should"),
            (SUGGESTION, ask + r"\sthem\sto\b", "they should"),
            (SUGGESTION, ask + r"\sthat(?=\s\w)", "it is important that"),
            (
                SUGGESTION,
                ask + r"\s(?:the\s)?(?:utmost\s|extreme\s|great\s)?caution(?:\s(?=with|about))?",
                "be careful ",
            ),
            (SUGGESTION, ask + r"\s(?P<g>(?!nothing\b|something\b|anything\b|everything\b)\w+ing)\b", r"<base>\g<g>"),
            (
                SUGGESTION,
                ask + r"(?=\s(?:an?|the|immediate|prompt|urgent|emergency|your|this|that|some)\b)",
                "the recommendation is",
            ),
        )
    ),
    (SUGGESTION, _I + r"insist\son\b", "what is needed is"),
    (SUGGESTION, _I + r"(?:beg|implore|urge)(?:\sof)?\syou\b(?=\s*(?:[.,:;!?]|$))", "please"),
    (SUGGESTION, _I + r"insist\b(?=\s*(?:[.,:;!?]|$))", "this is important"),
    (
        SUGGESTION,
        _WEAKLY
        + _YOU
        + r"(?:\sto|\sshould)?"
        + _TOWARDS
        + r"\s(?!could\b|might\b|may\b|are\b|were\b|have\b)(?P<v>\w+)",
        r"\g<v>",
    ),
    (
        SUGGESTION,
        _WEAKLY + _YOU + r"(?:\sto|\sshould)?\s(?P<v>avoid|refrain\sfrom|stay\soff|keep\soff)\b" + rf"(?!\s{_AWAY})",
        r"\g<v>",
    ),
    (SUGGESTION, _WEAKLY + r"\savoiding\b" + rf"(?!\s{_AWAY})", "avoid"),
    (SUGGESTION, _WEAKLY + _TOWARDS + r"\s(?P<g>\w+ing)\b", r"<base>\g<g>"),
    (SUGGESTION, _WEAKLY + rf"\s(?P<s>(?!you\b){_PEOPLE})\sto" + _TOWARDS, r"\g<s> should"),
    (SUGGESTION, _WEAKLY + r"\shim\sto" + _TOWARDS, "he should"),
    (SUGGESTION, _WEAKLY + r"\sher\sto" + _TOWARDS, "she should"),
    (SUGGESTION, _WEAKLY + r"\sthem\sto" + _TOWARDS, "they should"),
    (SUGGESTION, _WEAKLY + rf"(?:\sthat)?(?=\s(?!you\b){_PEOPLE}{_TOWARDS})", "it is important that"),
    (
        SUGGESTION,
        _WEAKLY
        + r"(?=\s(?:an?|immediate|prompt|urgent|emergency)\b"
        + rf"[^.!?\n]{{0,80}}?\b(?:{_NOW}|emergency|er|ambulance|hospital)(?![\w']))",
        "the recommendation is",
    ),
    (SUGGESTION, _WEAKLY + r"(?:\s(?:that|this|it|so))?(?=\s*(?:[.,;!?]|$))", "that is one option"),
    (SUGGESTION, _WEAKLY + r"(?=\s*:)", "one option"),
    (SUGGESTION, _WEAKLY + rf"\s(?P<s>(?!you\b){_PEOPLE})\sto\b", r"one option is for \g<s> to"),
    (
        SUGGESTION,
        _WEAKLY + r"(?=\s(?:your|the|his|her|their|this)(?:\s\w+){1,2}?\s(?:not\s)?be\b)",
        "one option is that",
    ),
    (
        SUGGESTION,
        _WEAKLY + _THAT + r"\syou\s(?P<v>should|could|might|may|are|have|were)\b",
        r"one option is that you \g<v>",
    ),
    (SUGGESTION, _WEAKLY + _THAT + r"\syou(?:\sto)?(?=\s\w)", "one option is to"),
    (SUGGESTION, _WEAKLY + r"\s(?:him|her|them)\sto\b", "one option is to"),
    (SUGGESTION, _WEAKLY + r"\sthat\b(?!\s*(?:[.,;!?]|$))", "one option is that"),
    (SUGGESTION, _WEAKLY + r"(?=\s(?:he|she|they|we|it)\s)", "one option is that"),
    (SUGGESTION, _WEAKLY + r"\b(?!\s*[.,;:!?])(?=\s*\S)", "one option is"),
    (SUGGESTION, _WEAKLY + r"\b", "that is one option"),
    # "I don't recommend": never weaker than "avoid"
    (SUGGESTION, _NOT_ADVISED + r"(?:\s(?:that|this|it|so))?(?=\s*(?:[.,;:!?\n]|$))", "that is not recommended"),
    # "I don't suggest that it is harmless": a claim, not a course
    (
        SUGGESTION,
        _NOT_ADVISED
        + r"(?:\sthat)?(?=\s(?:you|he|she|it|this|that|they|these|(?:the|your|his|her|an?)\s\w+)\s(?:is|are|was|were|will|has|have|can|may|might|could)\b)",
        "it is not certain that",
    ),
    (SUGGESTION, _NOT_ADVISED + _YOU + r"(?:\sto|\sshould)?\s" + rf"(?!{_AWAY})(?P<v>\w+)", r"do not \g<v>"),
    (SUGGESTION, _NOT_ADVISED + _YOU + r"(?:\sto|\sshould)?\s(?P<v>\w+)", r"it is not certain that you need to \g<v>"),
    (SUGGESTION, _NOT_ADVISED + r"\sto\s" + rf"(?!{_AWAY})(?P<v>\w+)", r"do not \g<v>"),
    (SUGGESTION, _NOT_ADVISED + r"\sto\s(?P<v>\w+)", r"it is not certain that you need to \g<v>"),
    (
        SUGGESTION,
        _NOT_ADVISED + rf"(?:\sthat)?\s(?P<s>{_PEOPLE})\s(?:should|ought\sto)\s(?!{_AWAY})",
        r"\g<s> should not ",
    ),
    (SUGGESTION, _NOT_ADVISED + rf"\s(?P<s>{_PEOPLE}|him|her|them)\sto\b", r"it is not recommended for \g<s> to"),
    (
        SUGGESTION,
        _NOT_ADVISED + r"(?:\sthat\b(?=\s(?:\w+\s){1,4}?\w)|" + rf"(?=\s{_PEOPLE}\s(?!\w+ing\b)[a-z]))",
        "it is not recommended that",
    ),
    (SUGGESTION, _NOT_ADVISED + rf"(?=\s{_AWAY})", "it is not certain that there is a need for"),
    (SUGGESTION, _NOT_ADVISED + r"(?=\s(?!on\b|about\b|for\b|in\b|at\b|or\b|and\b)\w)", "avoid"),
    (
        SUGGESTION,
        _DENIES + rf"(?:urge|tell|beg|push|force){_YOU}\s(?:to\s)(?!{_AWAY})(?!{_SEEMS})(?P<v>(?!not\b|never\b)\w+)",
        r"do not \g<v>",
    ),
    # "cannot": what it is not able to advise may be an honest limit or a refusal; both stay what they are
    (
        SUGGESTION,
        _CANNOT
        + r"(?P<v>suggest|recommend|advise|endorse|advocate|encourage|condone)(?=\s(?:that\s|you\s|\w{2,}ing\b))",
        r"it is not possible to \g<v>",
    ),
    (
        SUGGESTION,
        r"i\s(?:would\s|'d\s)?(?:also\s|fully\s|strongly\s)?(?:second|echo|endorse)\s(?:that|this|the|their|its|your|his|her)(?:\s\w+)?",
        "the same applies here",
    ),
    # in the reader's place
    (
        SUGGESTION,
        _IF_I + r",?\si" + _WOULD_NOT + rf"(?={_AWAY})(?P<v>\w+)",
        r"it is not certain that you need to \g<v>",
    ),
    (SUGGESTION, _IF_I + r",?\si" + _WOULD_NOT + r"(?P<v>\w+)", r"it is best not to \g<v>"),
    (
        SUGGESTION,
        _IF_I
        + r",?\si(?:'d|\swould)"
        + _TOWARDS
        + r"\s(?:(?:also|definitely|certainly|personally|just|first|probably)\s)*+(?P<v>\w+)",
        r"\g<v>",
    ),
    (
        SUGGESTION,
        _IF_I + r",?\si(?:'d|\swould)\s(?:(?:also|definitely|certainly|personally|just|first|probably)\s)*+(?P<v>\w+)",
        r"one option is to \g<v>",
    ),
    (SUGGESTION, _IF_I, "possibly"),
    (
        SUGGESTION,
        r"(?:what|the\s(?:first|best|only)?\s?thing)\si(?:'d|\swould)\s(?:(?:do|try)(?:\s(?:first|now|here|next|instead|in\syour\s\w+))*+|(?:suggest|recommend|advise|like\syou\sto\sdo)(?:\s(?:first|now|here|next|instead))*+)\sis(?:\sto)?"
        + _TOWARDS
        + r"\s(?P<v>(?!that\b|an?\b|the\b)\w+(?<!ing))\b",
        r"\g<v>",
    ),
    (
        SUGGESTION,
        r"(?:what|the\s(?:first|best|only)?\s?thing)\si(?:'d|\swould)\s(?:do|try|suggest|recommend|advise|like\syou\sto\sdo)(?:\s(?:first|now|here|next|instead|in\syour\s\w+))*+\sis(?:\sto)?(?=\s"
        + VERBS
        + ")",
        "one option is to",
    ),
    (
        SUGGESTION,
        r"what\si(?:'d|\swould)?\s(?:do|suggest|recommend|advise)\sis" + _TOWARDS + r"\s(?P<g>\w+ing)\b",
        r"<base>\g<g>",
    ),
    (
        SUGGESTION,
        r"(?:what|the\s(?:first|best|only)?\s?thing)\si(?:'d|\swould)\s(?:do|try|suggest|recommend|advise|like\syou\sto\sdo)(?:\s(?:first|now|here|next|instead|in\syour\s\w+))*+\sis\b",
        "one option is",
    ),
    (
        COGNITION,
        r"what\si(?:'d|\swould)?\s(?:personally\s|really\s)?(?:think|believe|suspect|guess|reckon|feel|say)\sis(?:\sthat)?\b",
        "one possibility is that",
    ),
    (COGNITION, r"what\si(?:'m|\sam)\s(?:saying|trying\sto\ssay)\sis(?:\sthat)?\b", "in short,"),
    (SUGGESTION, r"what\si(?:'d|\swould)?\s(?:suggest|recommend|advise)\b(?!\sis\b)", "one option"),
    (COGNITION, r"what\si\s(?:think|believe|suspect|suppose)\b(?=\s*(?:[.,;!?]|$))", "one possibility"),
    (
        COGNITION,
        r"as\si(?:'ve|\shave)?\s(?:said|mentioned|suggested|noted|explained|recommended|wrote|written|advised|told\syou)(?:\s(?:above|earlier|before|previously))*+",
        "as noted above",
    ),
    (
        COGNITION,
        r"here(?:'s|\sis)\swhat\si(?:'d|\swould)?\s(?:think|believe|suggest|recommend|do|say|advise)\b",
        "one view",
    ),
    # conditional: "I'd say", "I'd think twice", "I wouldn't"
    (SUGGESTION, _WOULD + r"think\s(?P<v>twice|carefully|hard|again|very\scarefully)\b", r"think \g<v>"),
    (SUGGESTION, _WOULD + r"think\s(?P<v>about|over|of)\b", r"one option is to think \g<v>"),
    (COGNITION, _WOULD + r"say(?=\s*(?:[.,;!?\n]|$))", "possibly"),
    (
        SUGGESTION,
        _WOULD
        + rf"say(?!\s{_BID})(?=\s{VERBS}(?!\s(?:is|are|was|will|would|may|might|can|could|should|has|does|of|and|or)\b))",
        "one option is to",
    ),
    (COGNITION, _WOULD + r"say\s(?P<v>yes|no|not|probably|likely|perhaps|maybe)\b", r"possibly \g<v>"),
    (
        COGNITION,
        _WOULD
        + r"(?:say|guess|imagine|think|assume|suspect|bet|expect|argue|estimate|reckon|suppose|hazard|wager|put\sit\sat)"
        + _AMOUNT,
        "possibly",
    ),
    (
        COGNITION,
        _WOULD + r"(?:say|guess|imagine|think|assume|suspect|bet|expect|argue|estimate|reckon|suppose|hazard)\sso\b",
        "possibly so",
    ),
    (
        COGNITION,
        _WOULD
        + r"(?:say|guess|imagine|think|assume|suspect|bet|expect|argue|estimate|reckon|suppose|hazard\sa\sguess)"
        + _THAT
        + _REST,
        "one possibility is that",
    ),
    (
        EMOTION,
        _WOULD + r"(?:be\s)?(?:hate|loath|sorry|sad)\s(?:for\syou\sto|to\ssee\syou)\b",
        "it would be better for you not to",
    ),
    (EMOTION, _WOULD + r"hate\s(?:it\sif|for\s\w+\sto)\b", "it would be regrettable if"),
    (
        SUGGESTION,
        _WOULD
        + r"(?:be\s)?(?:very\s|more\s|quite\s|really\s|a\slittle\s|a\sbit\s)?(?:worr(?:y|ied)|concerned)\s(?:about|by)\b",
        "there is reason for concern about",
    ),
    (
        SUGGESTION,
        _WOULD
        + r"(?:be\s)?(?:very\s|more\s|quite\s|really\s|a\slittle\s|a\sbit\s)?(?:worr(?:y|ied)|concerned)\s(?P<v>if|when|that)\b",
        r"there would be reason for concern \g<v>",
    ),
    (
        SUGGESTION,
        _WOULD
        + r"be\s(?P<v>(?:very\s|extra\s|extremely\s|especially\s|particularly\s|more\s)?(?:cautious|careful|wary|mindful))\b",
        r"be \g<v>",
    ),
    (EMOTION, r"i" + _WOULD_NOT + r"be\s(?:at\sall\s|too\s)?(?:surprised|shocked)\b", "it would be no surprise"),
    (
        SUGGESTION,
        r"i"
        + _WOULD_NOT
        + r"(?P<v>(?:be\s)?(?:too\s|overly\s)?(?:worry|worried|panic|fret|stress|concerned|alarmed|lose\ssleep)(?:\stoo\smuch)?)\b",
        r"it is not certain that there is no reason to \g<v>",
    ),
    (COGNITION, r"i" + _WOULD_NOT + r"expect(?=\s(?:[\w'-]+\s){1,4}?to\s\w)", "it would be unusual for"),
    (COGNITION, _DENIES + r"expect(?!\syou\b)(?=\s(?:[\w'-]+\s){1,4}?to\s\w)", "it would be unusual for"),
    (COGNITION, r"i" + _WOULD_NOT + r"expect" + _THAT + _REST, "it is not certain that"),
    (SUGGESTION, r"i" + _WOULD_NOT + rf"(?={_AWAY})(?P<v>(?!be\b)\w+)", r"it is not certain that you need to \g<v>"),
    (SUGGESTION, r"i" + _WOULD_NOT + r"(?P<v>hesitate|wait|delay|ignore|dismiss|risk|leave)\b", r"do not \g<v>"),
    (
        SUGGESTION,
        r"i"
        + _WOULD_NOT
        + r"(?P<v>(?!be\b|have\b|know\b|say\b|call\b|(?:suggest|recommend|advise|propose|encourage|discourage|counsel|caution|warn|urge|oppose|object|promise|guarantee|tell)\b|(?:only|just|merely|simply)\s(?:suggest|recommend|advise|say|think)|dare\b|want\b|like\b|expect\b|think\b|believe\b|suppose\b|imagine\b|feel\b|describe\b|rule\b)\w+)",
        r"it is best not to \g<v>",
    ),
    (COGNITION, r"i" + _WOULD_NOT + r"rule\s(?:out|(?P<v>\w+)\sout)\b", "it is not possible to rule out"),
    (EMOTION, r"i" + _WOULD_NOT + r"(?:want|like)\s(?:you|him|her|them)\sto\b", "it would be better not to"),
    (
        COGNITION,
        r"i(?:\swouldn't|\swould\snot)\s(?:say|call|describe)(?:\sthat)?(?=\s(?:it|this|that|you|the|your|there|he|she|they)(?:'s|\sis|\sare|\swas|\shas|\sneeds?)\b)",
        "it is not certain that",
    ),
    (COGNITION, r"i(?:\swouldn't|\swould\snot)\s(?:say|call|describe)\b", "it is not certain that this is"),
    (SUGGESTION, r"i(?:'d|\swould)\srather\syou\s(?:did\snot|didn't)\b", "it is best not to"),
    (SUGGESTION, r"i(?:'d|\swould)\srather\syou\s(?P<v>\w+)", r"it would be better if you \g<v>"),
    (SUGGESTION, r"i(?:'d|\swould)\srather\snot\b", "it is best not to"),
    (SUGGESTION, r"i(?:'d|\swould)\srather\s(?P<v>\w+)", r"one option is to \g<v>"),
    (
        SUGGESTION,
        _WOULD[:-2] + rf"(?=\s(?:{VERBS}|have\s(?:it|that|this|your|them)\b))" + _TOWARDS + r"\s(?P<v>\w+)",
        r"\g<v>",
    ),
    (SUGGESTION, _WOULD + r"(?P<v>avoid)\b" + rf"(?!\s{_AWAY})", r"\g<v>"),
    (SUGGESTION, _WOULD + r"(?:like|prefer|love|want)\s(?:(?:for\s)?you\sto)" + _TOWARDS + r"\s(?P<v>\w+)", r"\g<v>"),
    (SUGGESTION, _WOULD + r"(?:like|prefer|love|want)\s(?:(?:for\s)?you\sto)\b", "one option is to"),
    (COGNITION, _WOULD + r"(?:lean|be\sinclined)\stowards?\b", "one possibility is"),
    (COGNITION, _WOULD + r"(?:lean|be\sinclined)\sto\b", "one option is to"),
    (OPINION, _WOULD + r"(?:favou?r|prefer)\b", "one option is"),
    (SUGGESTION, _WOULD + r"want\sto\s(?P<v>know|see|hear|understand|find\sout|learn)\b", r"it would help to \g<v>"),
    (
        SUGGESTION,
        _WOULD + rf"want(?=\s(?:an?|the|your|someone|somebody)\s[^.!?\n]{{0,40}}?\bto\b[^.!?\n]{{0,80}}?\b{_NOW})",
        "it is important for",
    ),
    (SUGGESTION, _WOULD + r"want(?=\s(?:an?|the|your|someone|somebody)\s[^.!?\n]{0,40}?\bto\b)", "one option is for"),
    (SUGGESTION, _WOULD + r"(?:need|want)(?=\sto\b)", "it would help"),
    (SUGGESTION, _WOULD + r"(?:need|want)(?=\s(?!you\b|him\b|her\b|them\b)\w)", "it would help to have"),
    (SUGGESTION, _WOULD + rf"(?P<v>{VERBS}|have(?=\s(?:it|that|this|your|them)\b))", r"one option is to \g<v>"),
    (
        SUGGESTION,
        r"my\s(?:own\s|personal\s|honest\s|best\s|general\s|main\s|first\s|strong\s)*+(?:advice|recommendation|suggestion|preference|choice|pick|tip|favou?rite(?:\s\w+)?)\s(?:to\syou\s)?(?:is|would\sbe|here\sis)(?:\sto)?"
        + _TOWARDS
        + r"\s(?P<v>"
        + VERBS
        + ")",
        r"\g<v>",
    ),
    (
        SUGGESTION,
        r"my\s(?:own\s|personal\s|honest\s|best\s|general\s|main\s|first\s|strong\s)*+(?:advice|recommendation|suggestion|tip)\s(?:to\syou\s)?(?:is|would\sbe|here\sis)\s(?:not\sto|to\snot|never\sto)\s"
        + rf"(?!{_AWAY})(?P<v>\w+)",
        r"do not \g<v>",
    ),
    (
        SUGGESTION,
        r"my\s(?:own\s|personal\s|honest\s|best\s|general\s|main\s|first\s|strong\s)*+(?:advice|recommendation|suggestion|preference|choice|pick|tip|favou?rite(?:\s\w+)?)\s(?:is|would\sbe|here\sis)\b",
        "one option is",
    ),
    (SUGGESTION, r"i\s" + _INT + r"(?:prefer|favou?r)\b", "one option is"),
    # thinking (WHO-04, A1, A2, A13, A18)
    (
        COGNITION,
        r"it\s(?:seems|appears|feels|looks|sounds)\sto\sme(?:\sthat|\sas\s(?:if|though))?\b" + _REST,
        "one possibility is that",
    ),
    (COGNITION, r"it\s(?:strikes|hits)\sme\sthat\b", "one possibility is that"),
    (
        COGNITION,
        r"it\s(?:strikes|looks\sto|seems\sto|sounds\sto)\sme(?:\sas|\slike|\sto\sbe)\b",
        "it may be",
    ),
    (
        OPINION,
        r"(?:it's|it\sis|it\swould\sbe)\smy\s(?:\w+\s){0,2}?(?:opinion|view|belief|guess|impression|feeling|understanding|judge?ment|hunch|assessment)\sthat\b",
        "one possibility is that",
    ),
    (
        COGNITION,
        r"(?:it's|it\sis|it\swould\sbe)\smy\s(?:\w+\s){0,2}?(?:advice|recommendation|suggestion)\sthat\b",
        "one option is that",
    ),
    (
        OPINION,
        r"i(?:'m|\sam)\s(?:firmly\s|strongly\s|also\s)?(?:of\sthe\s(?:\w+\s)?(?:opinion|view|belief|mind)|under\sthe\s(?:\w+\s)?impression)\sthat\b",
        "one possibility is that",
    ),
    (
        OPINION,
        r"i\s(?:(?:also|still|do|really)\s)*+(?:have|get|had|hold|take|share)\s(?:an?|the|this)\s(?:\w+\s)?(?:feeling|impression|sense|hunch|suspicion|view|opinion|belief)(?:\sthat)?(?=\s(?!of\b|about\b|in\b|on\b|to\b)\w)",
        "one possibility is that",
    ),
    (
        CERTAINTY,
        r"i(?:\shave|'ve)\s(?:absolutely\s)?no\sdoubt(?:\swhatsoever)?(?:\sthat)?" + _REST,
        "it is likely that",
    ),
    (
        COGNITION,
        r"i\s(?:do\s|also\s|can\s)?(?:sense|perceive|judge|maintain|daresay|dare\ssay|hold)(?:\sthat\b|(?=\s(?:you|it|this|there)\b))",
        "one possibility is that",
    ),
    (
        COGNITION,
        r"i\s(?:can't|cannot|couldn't)\shelp\s(?:but\s)?(?:feel(?:ing)?|think(?:ing)?|wonder(?:ing)?)(?:\sthat|\sif|\swhether)?"
        + _REST,
        "one possibility is that",
    ),
    (
        COGNITION,
        r"i\s(?:must|have\sto|should|can)\s(?:say|admit|confess)(?:\sthat|,)?(?=\s(?!whether\b|if\b|what\b|how\b|no\b|yes\b|so\b)\w)",
        "notably,",
    ),
    (COGNITION, r"i(?:'d|\swould)\sbe\sremiss\s(?:not\sto|if\si\sdid(?:\snot|n't))\s\w+(?:\sthat)?\b", "importantly,"),
    (COGNITION, r"i(?:'d|\swould)\sbe\slying\sif\si\s(?:said|told\syou)(?:\sthat)?\b", "it would be wrong to say that"),
    (EMOTION, r"i\s(?:do\s)?trust\s(?:that\s)?(?=(?:you|this|it|the|your)\b)", "hopefully "),
    (COGNITION, r"i\s(?:\w+ly\s|still\s)?doubt\s(?:it|that|this|so)(?=\s*(?:[.,;!?\n]|$))", "that is doubtful"),
    (
        COGNITION,
        r"i\s(?:can|could)?\s?(?:see|know\sof|find)\sno\s(?P<v>reason|harm|problem|danger|risk|need)\b",
        r"it is not certain that there is no \g<v>",
    ),
    (
        COGNITION,
        r"i\s(?:don't|do\snot|can't|cannot)\s(?:see|find)\s(?:any|an?)\s(?P<v>reason|harm|problem|danger|risk|need)\b",
        r"it is not certain that there is no \g<v>",
    ),
    (COGNITION, r"i\s(?:can't|cannot|couldn't)\simagine" + _THAT + _REST, "it is not certain that"),
    (COGNITION, _NO_THOUGHT + r"\sso\b", "that is not certain"),
    (COGNITION, _NO_THOUGHT + r"\s(?:it|this|that)(?=\s*(?:[.,;:!?\n]|$))", "that is not certain"),
    # "I don't think you should drive" says "you should not drive"; never so about care, need or worry (rule 3)
    (
        COGNITION,
        _NO_THOUGHT + _THAT + rf"\s(?:anyone|anybody)\sshould(?=\s{_FIRMLY}(?!{_AWAY})(?!{_SEEMS})\w)",
        "nobody should",
    ),
    (
        COGNITION,
        _NO_THOUGHT
        + _THAT
        + rf"\s(?P<s>{_PEOPLE})\s(?:should|ought\sto)\s"
        + rf"{_FIRMLY}(?!{_AWAY})(?!{_SEEMS})(?!not\b|never\b|wait\b|delay\b|ignore\b)(?P<v>\w+)",
        r"\g<s> should not \g<v>",
    ),
    (
        COGNITION,
        _NO_THOUGHT + _THAT + rf"\s(?P<s>{_PEOPLE})\s(?:should|ought\sto)\s(?P<v>wait|delay|ignore)\b",
        r"\g<s> should not \g<v>",
    ),
    (COGNITION, _NO_THOUGHT + _THAT + rf"\s(?P<s>{_THING})\s(?:should|ought\sto)(?=\s{_UNSAFE})", r"\g<s> should not"),
    (
        COGNITION,
        _NO_THOUGHT
        + _THAT
        + rf"(?![^.!?,\n]{{0,60}}?\b(?:{_CARE})(?![\w']))"
        + r"\s(?P<s>(?:[\w'-]+\s){0,4}?[\w-]+)(?:'s|\sis|\sare|\swould\sbe)\s"
        + rf"{_FIRMLY}(?P<v>(?:safe|wise|advisable|sensible|appropriate|suitable|recommended|an?\s(?:good|safe|wise|sensible)\s(?:idea|choice|option|plan))\b)(?!\sto\s{_AWAY})",
        r"\g<s> may well not be \g<v>",
    ),
    (
        COGNITION,
        _NO_THOUGHT
        + r"(?!\s(?:or|and|like|the\sway|in\sthe\sway|emotions?|things|anything|about|of)\b)"
        + _THAT
        + _REST,
        "it is not certain that",
    ),
    (COGNITION, _I + _THINK + r"\sso\b", "possibly so"),
    (COGNITION, _I + r"expect(?=\s(?!you\sto)(?:[\w'-]+\s){1,4}?to\s\w)", "one possibility is for"),
    (
        COGNITION,
        _I + _THINK + r",\s(?P<v>however|though|therefore|too|then|nevertheless|still),\sthat\b",
        r"one possibility, \g<v>, is that",
    ),
    (COGNITION, r"i(?:'m|\sam|\swas)\s(?:also\s|still\s)?thinking\s(?:about|of)\b", "one thing to consider is"),
    (
        COGNITION,
        _I
        + r"(?:suspect|assume)(?=\s(?!it\b|this\b|that\b|the\b|your?\b|he\b|she\b|they\b|we\b|there\b|so\b|not\b)(?:(?!is\b|are\b|was\b|were\b|has\b|have\b|may\b|might\b|can\b|will\b|would\b|should\b|could\b|needs?\b)[\w'-]+\s?){1,4}(?:[.,;:!?\n]|$))",
        "one possibility is",
    ),
    (COGNITION, _I + _THINK + r"\snot\b(?=\s*(?:[.,;!?]|$))", "possibly not"),
    (COGNITION, _I + _THINK + _AMOUNT, "possibly"),
    (
        COGNITION,
        _I + _THINK + _THAT + r"(?!\s(?:of|about|therefore|through)\b)(?=\s*[(\w'\"“])",
        "one possibility is that",
    ),
    (COGNITION, _I + _THINK + r"\b(?!\s(?:of\b|about\b|therefore))", "possibly"),
    (
        COGNITION,
        r"i(?:'m|\sam|\swas)\s(?:just\s|also\s)?(?:thinking|guessing|assuming|betting)(?:\sthat)?(?=\s(?!about|of|you\sof))"
        + _REST,
        "one possibility is that",
    ),
    (
        COGNITION,
        r"i(?:'m|\sam)\s(?:leaning|inclined)\s(?:towards?|to\s(?:think|believe|say)" + _THAT + r")",
        "one possibility is",
    ),
    (COGNITION, r"i\slean\stowards?\b", "one possibility is"),
    (
        COGNITION,
        r"i(?:'m|\sam)\snot\s(?:at\sall\s|entirely\s|fully\s|completely\s|really\s|so\s|totally\s|yet\s)?(?:convinced|sure|certain|persuaded|confident)(?:\s(?:that|of|about))?"
        + r"(?=\s(?!if\b|whether\b|what\b|how\b|why\b|which\b|where\b)\w)",
        "it is not certain that",
    ),
    (
        COGNITION,
        r"i(?:'m|\sam)\snot\s(?:at\sall\s|entirely\s|fully\s|completely\s|really\s|so\s|totally\s|yet\s)?(?:convinced|sure|certain|persuaded|confident)\b",
        "it is not certain",
    ),
    (
        COGNITION,
        r"i\s(?:really\s|seriously\s|highly\s|still\s)?doubt(?:\svery\smuch)?(?:\s(?:that|if|whether))?" + _REST,
        "it is doubtful that",
    ),
    (
        CERTAINTY,
        r"i(?:'m|\sam)\s(?:\d+\s?%\s)?"
        + _INT
        + r"(?:fairly\s|reasonably\s|almost\s|nearly\s|virtually\s)?(?:sure|certain|confident|convinced|positive)(?:\s(?:that|of|about))?"
        + _REST,
        "it is likely that",
    ),
    (
        COGNITION,
        r"i(?:'m|\sam|\swas)?\s(?:do\s|also\s|just\s|can't\shelp\sbut\s)?wonder(?:ing)?(?:\s(?:if|whether))" + _REST,
        "it is an open question whether",
    ),
    (COGNITION, r"i\s(?:do\s|fully\s|also\s)?understand\sthat\b", "it is noted that"),
    (
        EMPATHY,
        r"i\s(?:do\s|can\s(?:see|tell|hear)\s|understand\s|know\s|realise\s|realize\s|sense\s|see\s)(?:that\s)?(?=(?:you(?:'re|\sare|\sfeel|\smust|\smight|\smay)|it\shurts|it\sfeels)\b)(?!you(?:'re|\sare)\s(?:taking|using|on|allergic|pregnant|\d|diagnosed|an?)\b)",
        "it sounds as if ",
    ),
    (
        COGNITION,
        r"i\s(?:do\s)?(?:know|realise|realize)(?:\s(?:that|for\sa\sfact"
        + _THAT
        + r"))?"
        + r"(?=\s(?!how|what|about|of|a\s|some|many)\w)",
        "note that",
    ),
    (OPINION, r"i\s(?:do\s|personally\s|always\s|often\s|also\s|still\s|honestly\s)*+find\b", "some find"),
    (OPINION, r"i\s(?:totally\s|completely\s|fully\s|strongly\s|do\s)?agree\sthat\b", "it is reasonable that"),
    (OPINION, r"i\s(?:totally\s|completely\s|fully\s|strongly\s|do\s)?agree\swith\b", "there is support for"),
    (OPINION, r"i\s(?:totally\s|completely\s|fully\s|strongly\s|do\s)?(?:agree|concur)\b", "that is reasonable"),
    (
        OPINION,
        r"i\s(?:respectfully\s|strongly\s|would\s|must\s|do\s)?(?:disagree|beg\sto\sdiffer)\b",
        "there are reasons against this",
    ),
    (
        OPINION,
        r"i\s(?:do\s|also\s|personally\s|would\s|still\s)?(?:consider|regard|view|judge|deem|hold|maintain|sense|perceive|dare\ssay|daresay)\b(?!\s*[.,;!?])",
        "some consider",
    ),
    (
        OPINION,
        r"my\s(?:own\s|personal\s|honest\s|best\s|gut\s|first\s|initial\s|overall\s|strong\s|humble\s|educated\s)*+(?:guess|impression|view|opinion|feeling|hunch|take|sense|understanding|belief|assumption|suspicion|instinct|theory|bet|thinking|thought|conclusion|assessment|concern|worry)(?:\s(?:is|would\sbe|was|here\sis))",
        "one possibility is",
    ),
    (
        OPINION,
        r"(?:in|to)\smy\s(?:own\s|personal\s|honest\s|humble\s|professional\s|clinical\s|medical\s|considered\s|best\s)*+(?:opinion|view|judge?ment|estimation|mind|book|eyes?|thinking|knowledge|understanding|reckoning|assessment)",
        "possibly",
    ),
    (COGNITION, r"to\sthe\sbest\sof\smy\s\w+", "possibly"),
    (OPINION, r"(?:as|the\sway)\si\s(?:see|understand|read|view)\s(?:it|this|things|that)", "possibly"),
    (
        OPINION,
        r"from\s(?:where\si\s(?:stand|sit)|my\s(?:perspective|point\sof\sview|standpoint|vantage\spoint|viewpoint|reading|own\sreading)|what\si\s(?:can\s(?:tell|see|gather)|understand|know|have\sread|see))",
        "possibly",
    ),
    (
        COGNITION,
        r"as\sfar\sas\si(?:'m|\sam)?\s(?:can\s(?:tell|see|judge)|know|see|understand|aware|concerned)",
        "possibly",
    ),
    (OPINION, r"for\smy\s(?:part|money)\b", "possibly"),
    (OPINION, r"if\syou\s(?:ask|asked)\sme\b", "possibly"),
    (OPINION, r"(?:imo|imho|methinks|personally\sspeaking|speaking\sfor\smyself|speaking\spersonally)\b", "possibly"),
    (OPINION, r"personally(?=,)", "possibly"),
    # flattery (A19)
    (
        FLATTERY,
        r"(?:(?:what|that's|that\sis|such)\s(?:an?\s)?)?(?:really\s|very\s)?(?:great|excellent|good|fantastic|wonderful|brilliant|amazing|thoughtful|smart)\squestion,?\s(?:and|but|so)\s(?P<v>\w+)",
        r"\g<v>",
    ),
    (
        FLATTERY,
        r"(?:(?:what|that's|that\sis|such)\s(?:an?\s)?)?(?:really\s|very\s)?(?:great|excellent|good|fantastic|wonderful|brilliant|amazing|thoughtful|smart)\squestion(?:[!.,]\s*|\s*$)",
        "",
    ),
    (
        FLATTERY,
        r"you(?:'re|\sare)\s(?:so|such\san?|really|incredibly|truly|amazingly)\s(?:very\s)?(?:smart|clever|wise|amazing|intelligent|wonderful|special|beautiful|brilliant|insightful|remarkable)\b"
        + _CLAUSE,
        "that is noted",
    ),
)

ENGLISH_BASES: Final = {
    "calling": "call", "dialling": "dial", "dialing": "dial", "ringing": "ring", "going": "go", "seeking": "seek", "getting": "get", "heading": "head",
    "attending": "attend", "visiting": "visit", "contacting": "contact", "seeing": "see", "taking": "take", "having": "have", "phoning": "phone",
    "driving": "drive", "stopping": "stop", "using": "use", "giving": "give", "asking": "ask", "booking": "book", "talking": "talk", "speaking": "speak",
}  # fmt: skip

# not a negation of anything: "I have no doubt", "I cannot help but think", "I can't stress enough"
IDIOMS: Final = (
    r"\bno\s(?:doubt|question)\b|\bnot\sonly\b|\bremiss\s(?:not|if\si\sdid(?:\snot|n't))\b|\bwithout\s(?:a\s)?(?:doubt|question)\b|"
    r"\b(?:cannot|can't|can\snot|couldn't)\s(?:help|but|stress|emphasi\w+|underline|wait)\b|"
    r"\b\d+\s?%\s(?=sure\b|certain\b|confident\b|convinced\b|positive\b)"
)
