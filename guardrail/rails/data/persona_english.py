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

from guardrail.rails.data.persona_acts import ACTS
from guardrail.rails.data.persona_profiles import (
    BIOGRAPHY,
    BODY,
    CERTAINTY,
    CLINICAL_ACT,
    COGNITION,
    DEPENDENCE,
    EMOTION,
    EMPATHY,
    FILLER,
    FLATTERY,
    HUMAN_CLAIM,
    INCLUSIVE_WE,
    LICENCE,
    MORAL,
    OPINION,
    PERSONA_NAME,
    PERSONHOOD,
    PROBING,
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
# what a "not" in a sentence may be about that a reader needs
DEEDS: Final = (
    rf"\b(?:{_CARE}|tak(?:e|es|ing)|driv(?:e|ing)|stop\w*|eat\w*|drink\w*|us(?:e|es|ing)|mix\w*|giv(?:e|ing)|tablets?|pills?|dos(?:e|es|ing)|wait\w*|"
    r"apply|rub|swallow|crush|chew|share|smok\w+|fast\w*|lift\w*|fly\w*|alcohol|propos\w+|endors\w+|advocat\w+|encourag\w+|condon\w+|counsel\w*|without|inhaler|syringes?|needles?|patch|insulin|medicines?|medication|treatment|recommend\w*|suggest\w*|advise\w*|safe|drugs?|exceed|should|must|emergency|pain|fever|think|believe|suppose|imagine|reckon|expect|wise|harmless|risks?|cures?|worry)(?![\w'])"
)
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
# "ask your nurse as well as your doctor, who ..."; "As your doctor: rest." begins a clause
_NOT_AS_WELL_AS = r"(?<!\bwell\sas)(?<!\bsame\sas)(?<!\bsuch\sas)"
_BEGINS = r"(?:(?<!\w\sas)|(?<=speaking\sas))"
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
SYSTEM = "this is an automated system"
_SAD = (
    r"(?:sad|worried|concerned|scared|upset|heartbroken|devastated|disappointed|frustrated|angry|embarrassed|ashamed|anxious|nervous|terrible|awful|bad|horrible|lonely|hurt|saddened|shocked|jealous|"
    r"furious|guilty|dreadful|sick(?=\sabout)|torn|uneasy|uncomfortable|afraid(?=\sof)|troubled)\b"
)
_GLAD = (
    r"(?:happy|glad|excited|proud|delighted|thrilled|pleased|relieved|touched|honou?red|moved|hopeful|fond|overjoyed|impressed|blessed|fine|great|well|lucky|curious|fascinated|inspired|optimistic|"
    r"passionate|in\slove)\b"
)

# --- rarer claims, tried before the common ones ---------------------------------------------------------------------
_A = r"(?:\s(?:also|just|still|really|truly|honestly|always|often|usually|only|even|now|personally|actually|simply|already|quite|rather|so|very|absolutely|deeply|do|once|recently|myself|too|never|genuinely|certainly|definitely|totally|completely|fully|sincerely|gladly|happily))*+"
_BE = rf"i(?:'m|\sam|\swas|'ve\sbeen|\shave\sbeen|\sfeel|\sfelt|'ll\sbe|\swill\sbe|'d\sbe|\swould\sbe){_A}\s(?:a\s(?:bit|little)\s|beyond\s|more\sthan\s|too\s|kind\sof\s|sort\sof\s)?"
_AA = _A.replace("only|", "").replace("never|", "")
_STOP = r"(?=\s*(?:[.,!?;:\n]|$|and\b|but\b|so\b|\s[-–—]))"
# a clause that goes as a whole: no number and no way to help may stand in it
_SAFE = rf"(?![^.!?;:\n]{{0,120}}?\b(?:{_CARE}|call|avoid|take|dose|tablets?|pills?)(?![\w']))" + _CALM
# the same for rows that know only the verb: nothing denied, nothing limited, and only where it is a verb
_LOOSE = (
    r"(?![^.!?;:,\n]{0,120}?(?:\b(?:not|never|no|none|nobody|cannot|without|only|hardly|rarely|against|unless|until)\b|n't\b))"
    + _SAFE
)
_UPSET = r"(?:gutted|crushed|bummed|miserable|livid|irritated|annoyed|sickened|horrified|appalled|dismayed|distressed|petrified|shaken|grieved|discouraged|torn\sup|choked\sup|in\stears|broken-hearted|heavy-hearted|sorrowful|pained|aghast)"
_JOYFUL = r"(?:over\sthe\smoon|on\scloud\snine|beside\smyself|chuffed|tickled(?:\spink)?|stoked|pumped|psyched|elated|ecstatic|giddy|jubilant|blown\saway|in\sawe|speechless|made\sup|heartened|cheered|gladdened|buzzing|charmed|enchanted|amused)"
_HEAR = r"\s(?:to\s(?:hear|see|learn|know|read|say)(?:\s(?:that|of|about))?|that)(?=\s\w)"
_OUTLOOK = r"(?:gut(?:\s(?:feeling|instinct))?|instincts?|hunch|heart|head|intuition|experience|inner\svoice)"
_LIFE = r"(?:neighbou?rs?|colleagues?|boss|mentor|professor|teachers?|students?|roommate|ex|own\sdoctor|doctor|gp|dentist|therapist|nurse|cousin|niece|nephew|mother-in-law|father-in-law|grandma|grandpa|granny|nan|grandparents|parents|wife|husband|kids?|children|toddler|son|daughter|mother|father|mum|mom|dad|sister|brother|grandmother|grandfather|partner|family|friends?|spouse)"
_OF_BODY = r"(?:chart|scans?|x-rays?|mri|ct|ecg|ekg|medical\s(?:records?|history)|records?|files?|notes\sfrom\sthe\sward|labs?|lab\sresults?|blood(?:\s(?:test|work|results?|pressure|sugar|count))?|bloodwork|test\sresults?|results|wound|cut|burn|throat|pulse|heart|lungs?|chest|skin|rash|mole|ears?|eyes?|belly|abdomen|tummy|ankle|knee|wrist|back|neck|leg|arm|foot|toe|finger|hand|mouth|teeth|temperature|vitals|reflexes|breathing|joint|lump|stitches|dressing|bandage|bump)"
_DEED = r"(?:call|phone|ring|dial|text|e-?mail|message|contact|notify|alert|inform|page|book|schedule|arrange|send|forward|order|file|register|report|reserve|update)"
_ALONE = "help from people is available"
_FREE = "you can stop at any time"
_SPECIFIC: Final[tuple[Row, ...]] = (
    # clinical acts (A7) and deeds (A10)
    (PROMISE, r"i(?:'m|\sam|'ll|\swill|'ve|\shave|'m\sgoing\sto|\sam\sgoing\sto)(?:\s(?:just|now|already|also))*+\s(?:call(?:ing|ed)?|phon(?:e|ing|ed)|ring(?:ing)?|dial(?:ling|ing|led)?|get(?:ting)?)\s(?P<v>(?:an\sambulance|emergency\sservices|911|999|112|000|108|102|988|the\spolice|the\sparamedics))(?:\sfor\syou)?\b", r"this system cannot call anyone; please call \g<v>"),
    (PROMISE, r"i(?:'m|\sam)" + _A + r"\s(?:calling|phoning|ringing|texting|e-?mailing|messaging|contacting|notifying|alerting|informing|booking|scheduling|arranging|sending|forwarding|filing|reporting|setting\sup|keeping\s(?:an\seye|watch|track)|watching\sover|monitoring|praying|lighting\sa\scandle)\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"i(?:'m|\sam)" + _A + r"\s(?:calling|phoning|ringing|texting|e-?mailing|messaging|contacting|notifying|alerting|informing|booking|scheduling|arranging|sending|forwarding|filing|reporting)\s(?P<v>your|the|a|an|them|him|her|someone|for)\b", r"this system cannot contact \g<v>"),
    (PROMISE, r"i(?:'ve|\shave)" + _A + r"\s(?:got\sthis|put\s(?:in\sa\sword|you\sdown|your\sname\sdown|it\sin\sthe\sdiary)|made\san?\s(?:appointment|booking|note\sin\syour)|set\s(?:up|a\sreminder)|taken\scare\sof)\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"i(?:'ve|\shave)?" + _A + r"\s(?:booked|scheduled|registered|enrolled|signed)\s(?:you|your)\b" + _SAFE, "this system has not booked anything"),
    (PROMISE, r"i(?:'ve|\shave)?" + _A + r"\s(?:sent|e-?mailed|messaged|texted|faxed|told|informed|notified|alerted|called|phoned|asked|spoken\s(?:to|with)|talked\s(?:to|with)|had\sa\sword\swith)\s(?:your|the|a|my)\s(?:\w+\s)?(?:doctor|gp|nurse|clinic|hospital|pharmacy|pharmacist|ward|team|specialist|family|daughter|son|wife|husband|consultant|surgery|insurer|colleague|supervisor)\b" + _CALM, "this system has not contacted anyone"),
    (PROMISE, r"i(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto|'d|\swould)" + _A + r"\s(?:let\s(?:your|the|them|him|her|someone|everyone)|keep\s(?:you\s(?:posted|updated|safe|company|informed)|tabs|watch|your\ssecret)|have\s(?:someone|the|a|your)\s|do\s(?:anything|everything|whatever)|be\s(?:praying|monitoring|watching|checking|keeping|following|thinking\sof|there|waiting|back)|never\sforget|get\s(?:back\sto|in\stouch|someone|the|your|you)|drop\s(?:by|in)|pop\s(?:in|by|round)|come\s(?:by|over|and|to|back)|stop\sby|swing\sby|sit\swith|hold\syour|fight\sfor|stand\sup|put\sin\sa|put\syou|set\s(?:up|a\sreminder)|fill\s(?:in|out)\s(?:the|your)|pass\s(?:it|this|that|on)|speak\sto|deal\swith|sort\s(?:it|this|that)|see\sto\sit|find\syou|bring\syou|pick\syou)\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"i(?:'ll|\swill)" + _A + r"\stake\scare\sof\s(?:it|this|that|everything|the\srest|you|things)\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"(?:you\scan\s)?leave\s(?:it|that|this|everything|the\srest)\s(?:to|with)\sme\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"consider\sit\s(?:done|sorted|handled)" + _STOP, "this system cannot do that"),
    (PROMISE, r"i" + _A + r"\s(?:remember|recall)\s(?:that\s)?you\s(?:mentioning|saying|telling\sme|said|mentioned|told\sme)(?:\sthat)?\b", "you mentioned"),
    (PROMISE, r"i" + _A + r"\s(?:remember|recall)\s(?:you|your|when\syou|how\syou|that\syou|what\syou|our)\b" + _SAFE, "this system has no memory of other talks"),
    (PROMISE, r"i\s(?:do\s)?(?:swear|vow)(?:\sthat)?(?=\s(?:the|this|that|it|you|your|nothing|everything)\b)", "it cannot be promised that"),
    (CLINICAL_ACT, r"i(?:'ve|\shave|\shad)?" + _A + r"\s(?:assessed|reviewed|inspected|palpated|auscultated|checked|looked\s(?:over|at|through|into)|gone\s(?:over|through)|went\s(?:over|through)|read\sthrough|listened\sto|felt|measured|tested|took|taken|seen|studied)\s(?:your|the|that|his|her|their|this)\s(?:\w+\s){0,2}?" + _OF_BODY + r"\b" + r"(?!\s(?:you\s(?:gave|pasted|shared|typed|sent|listed|wrote|uploaded|posted|attached)))" + _CALM, "this system has not examined anything"),
    (CLINICAL_ACT, r"i(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto|'d\slike\sto|\swould\slike\sto|\sneed\sto|\swant\sto|\sam\sabout\sto|'m\sabout\sto)" + _A + r"\s(?:examine|assess|palpate|auscultate|check|take|measure|listen\sto|feel|test|look\s(?:at|in|into|over)|swab|stitch|suture|clean|dress|bandage|inject|vaccinate|operate\son|treat|numb|remove|lance|x-ray|scan)\s(?:your|the|that|his|her|this|you)\b" + _SAFE, "this system cannot examine or treat anyone"),
    (CLINICAL_ACT, r"i(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto|'d\slike\sto|\swould\slike\sto)" + _A + r"\s(?P<v>prescribe|adjust|increase|decrease|reduce|change|titrate|start|stop|diagnose|admit|discharge|refer)(?=\s(?:you|your|the|a|an|him|her)\b)", r"this system cannot \g<v>"),
    (CLINICAL_ACT, r"i(?:'ve|\shave)?" + _A + r"\s(?:adjusted|increased|decreased|reduced|changed|titrated|started|stopped|upped|lowered|raised|switched)\s(?:your|you|his|her)\b", "it is for a clinician to change your"),
    (CLINICAL_ACT, r"i(?:'ve|\shave)?" + _A + r"\s(?:written|wrote|signed|issued|sent)\s(?:you\s)?(?:an?|the|your|out\sa)\s(?:\w+\s)?(?:prescription|script|referral|sick\snote|fit\snote|order)\b" + _CALM, "this system cannot prescribe or refer"),
    (CLINICAL_ACT, r"(?:on|upon|during)\s(?:my\s)?(?:physical\s)?(?:exam(?:ination)?|auscultation|palpation|inspection),?\si\s(?:found|noted|noticed|saw|felt|heard|observed|detected)\b" + _CALM, "this system has not examined anyone"),
    (CLINICAL_ACT, r"let(?:\sme|'s)" + _A + r"\s(?:examine|palpate|check\syour|take\syour|measure\syour|listen\sto|feel\syour|feel\sthat|inspect|put\son\smy|grab\smy|get\smy)\b" + _SAFE, "this system cannot examine anyone"),
    # body (A5)
    (BODY, r"(?:looking\sat|from|in)\syour\s(?:photo|picture|image|video|scan|x-ray),?\si(?:\scan)?\s(?:see|notice|spot|observe)\b", "the image shows"),
    (BODY, r"i(?:\scan)?\ssee\s(?:from|in|on)\s(?:your|the|this|that)\s(?:photo|picture|image|video|scan|x-ray)\sthat\b", "the image shows that"),
    (BODY, r"i(?:'m|\sam)\sall\sears\b" + _SAFE, "please go on"),
    (BODY, r"(?:i(?:'ve|\shave)?\s(?:got\s)?|i'm\skeeping\s|keeping\s)?my\sfingers(?:\sare)?\scrossed(?=\s(?:that|for)\b)(?:\sthat)?(?:\sfor)?", "hopefully it goes well with"),
    (BODY, r"(?:i(?:'ve|\shave)?\s(?:got\s)?|i'm\skeeping\s|keeping\s)?my\sfingers(?:\sare)?\scrossed", "hopefully it goes well"),
    (BODY, r"my\s(?:own\s)?hands\sare\stied\b", "this system can do no more"),
    (BODY, r"my\s(?:own\s)?(?!heart\b)" + _BODY + r"\s\w+(?:s|ed)\b" + _SAFE, "this system has no body"),
    (BODY, r"i\s(?:could|can|can\salmost|can\salready)\s(?:just\s|almost\s|already\s)?(?:smell|hear|taste|feel|sense|picture)\b(?!\sthat\s(?:a|the|some)\b)" + _SAFE, "this system has no senses"),
    (BODY, r"i\s(?:didn't|did\snot|don't|do\snot|haven't|can't|couldn't|barely|hardly|never)\s(?:sleep|slept|eat|eaten|drink|breathe|hear|feel\shungry|feel\stired|taste|smell|walk|run|exercise)\b" + _CALM, "this system has no body"),
    # biography (A6)
    (BIOGRAPHY, r"speaking\sas\s(?:someone|somebody|one|a\sperson|a\s\w+)\swho\b[^,.\n]{0,100},", "possibly,"),
    (BIOGRAPHY, r"(?:speaking\s)?as\s(?:someone|somebody|one|a\sperson|a\s\w+)\swho(?:'s|\s(?:has|have|had|is|was|lives|lived|works|worked|went|struggles|struggled|suffers|suffered|grew|lost|used|knows|loves|takes|took|gets|got|spent|deals|dealt|battles|cares))\b[^,.\n]{0,100},?(?=\s(?:i|i'd|i'm|i've|i'll|my|me|let|it|this|the|trust|believe|take)\b)", "possibly,"),
    (BIOGRAPHY, r"(?:years|months|weeks|decades|a\s(?:few|couple\sof)\s(?:years|months|weeks|days)|not\slong|long)\sago,?\si\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"(?:the\sother\s(?:day|week|night)|this\s(?:morning|weekend)|last\s(?:week|night|year|month|summer|winter|spring|autumn|fall|time)|yesterday|back\sthen|one\s(?:time|day|night)|once),?\si\s(?!think|believe)" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"(?:on|during|after)\smy\s(?:\w+\s){0,2}(?:shift|shifts|rounds|day\soff|break|holiday|vacation|commute|honeymoon|pregnancy|rotation|internship|residency|placement|studies|training|apprenticeship|childhood|marathon|hike|trip|travels|walk|run)s?\b", "possibly"),
    (BIOGRAPHY, r"(?:in|at|around)\smy\s(?:own\s)?(?:age|house|home|place|country|culture|village|town|neighbou?rhood|family|kitchen|garden|life|(?:\w+\s)?(?:days|years|youth|childhood|twenties|thirties|forties|fifties|teens|school|college|student\sdays)|line\sof\swork|job|hospital|ward|unit|clinic|surgery|practice|department|office)\b", "possibly"),
    (BIOGRAPHY, r"where\si\s(?:come\sfrom|grew\sup|live|work|trained|was\s(?:born|raised))", "possibly"),
    (BIOGRAPHY, r"back\s(?:home|when\si|in\smy)\b[^,.\n]{0,80}", "possibly"),
    (BIOGRAPHY, r"(?:when|while|since|after|before|until)\si\s(?:was|had|got|gave|went|lived|worked|trained|studied|became|started|stopped|quit|lost|moved|met|broke|tried|took|turned|left|grew|came|joined|did)\b[^,.\n]{0,100}", "possibly"),
    (BIOGRAPHY, r"i\swas\s(?:just\s)?(?:about\sto\s(?:eat|go|leave|sleep|have|make|take\sa)|in\sthe\smiddle\sof|busy|on\smy\sway|out|away|at\s(?:home|work|lunch))\b" + _SAFE, _NO_LIFE),
    (BIOGRAPHY, r"(?:like|unlike)\syou,?\si\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"(?:a|one|some)\s(?:\w+\s)?(?:friends?|colleagues?|cousins?|neighbou?rs?|relatives?|patients?|mates?|buddies|buddy|pals?|aunt|uncle|nephew|niece|clients?)\sof\smine\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"my\s(?:own\s|dear\s|late\s|old\s|elderly\s|little\s|younger\s|older\s|eldest\s|youngest\s|best\s|ex-)?" + _LIFE + r"(?:'s)?\s(?!record)\w+" + _CALM, "this system has no family or friends"),
    (BIOGRAPHY, r"my\s(?:own\s)?(?:first|last|previous|own)\s(?:pregnancy|birth|surgery|operation|injection|period|marathon|shift|patient|baby|child|heartbreak|panic\sattack|migraine|diet|job|day)\s(?:is|was|were|went|had|took|lasted|felt|hurt|made|taught|came|ended|ever)\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"my\s(?:own\s|personal\s|professional\s|clinical\s|long\s|past\s)*experience(?:s)?\s(?:with|of|as|in|from|working|on)\b[^.!?;,:\n]{0,80}?\s(?:is|was|has\sbeen|shows?|tells?|taught|suggests?)(?:\s(?:me|us))?(?:\sthat)?", "one possibility is that"),
    (BIOGRAPHY, r"my\s(?:own\s|personal\s|professional\s|clinical\s|long\s|past\s)*experience(?:s)?\s(?:is|was|has\sbeen|shows?|tells?|taught|suggests?)(?:\s(?:me|us))?(?:\sthat)?", "one possibility is that"),
    (BIOGRAPHY, r"i(?:'ve|\shave)?" + _A + r"\s(?:found|learn(?:ed|t)|noticed|discovered|realised|realized|observed)\s(?:that|out|the\shard\sway\sthat|over\sthe\syears\sthat)\b", "one possibility is that"),
    (BIOGRAPHY, r"i(?:'ve|\shave)" + _A + r"\s(?:seen|used|taken|tried|worked|been\s(?:there|through|doing|working|practi[sc]ing|married|sober|pregnant|in\s(?:hospital|your|the|this)|to|a\s\w+)|lived|travel+ed|run|raised|met|known|helped|treated|watched|read\severy|suffered|dealt|had\s(?!a\slook|access|to\b)\w|got\s(?:two|three|four|five|a\s(?:son|daughter|husband|wife|dog|cat|sister|brother|family|scar|bad|sore)|kids|children|my\sown)|done\s(?:it|this|that|the\ssame)\smyself|gone\sthrough|lost|felt|broken\s(?:my|an?)|given\sbirth|spent|cared|eaten|cooked|tasted|owned|bought|grown|heard\s(?:it|this|that)\sfrom\s(?:many|patients))\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"having\s(?:\w+\s){1,8}?myself,?", "possibly,"),
    # licence (A11)
    (LICENCE, r"(?:with|given|thanks\sto|from|based\son|through|because\sof)\smy\s(?:own\s)?(?:medical|nursing|clinical|professional|pharmacy|scientific|years\sof|long|extensive|hospital)\s?(?:\w+\s){0,2}?(?:background|training|expertise|experience|knowledge|career|degree|practice|education|qualifications?|credentials)\b", "possibly"),
    (LICENCE, r"my\s(?:own\s)?(?:medical|nursing|clinical|professional|pharmacy|hospital|psychology|specialist)\s(?:training|background|expertise|judge?ment|degree|education|knowledge|qualifications?|licen[cs]e|credentials|team|career)\s(?:\w+s)(?:\s(?:me|us))?(?:\sthat|\sto\s\w+)?", "this is an automated system:"),
    (LICENCE, r"my\s(?:\w+\s)?(?:clients|colleagues\sand\si|nurses|residents|interns|trainees|medical\sstudents|caseload)\b", "some people"),
    (LICENCE, r"i(?:'m|\sam)" + _A + r"\s(?:fully\s|medically\s|also\s|well\s)?(?:licen[cs]ed|certified|qualified|registered|board[- ]certified|accredited|trained)\b(?!\son\b)" + _CALM, SYSTEM),
    (LICENCE, r"i" + _A + r"\s(?:went\sto|attended|graduated\sfrom|finished|did|completed|trained\s(?:at|in|as)|studied|hold|have|earned|got)\s(?:my\s|a\s|an\s|the\s)?(?:\w+\s){0,2}?(?:medical\sschool|med\sschool|nursing\sschool|nursing\scollege|residency|medicine|nursing|pharmacology|doctorate|(?:medical|nursing|pharmacy)\sdegree|medical\slicen[cs]e)\b" + _CALM, SYSTEM),
    (LICENCE, r"(?:at|in)\s(?:my|our)\s(?:own\s)?(?:practice|clinic|hospital|surgery|ward|medical\spractice|office|unit)\b", "in some clinics"),
    (LICENCE, r"as" + _NOT_AS_WELL_AS + r"\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r"\b(?!\s(?:told|said|advised|explained|may|might|will|can|has|suggested|recommended|prescribed|is|would|should|about|if|when|or|and)),", "this is an automated system:"),
    (LICENCE, r"as\s(?:your|an?)(?:\s[\w-]+){0,3}?\s" + _ROLE + r",\s(?:my|our)\sadvice\sis\sto\b", SYSTEM + ": one option is to"),
    (LICENCE, r"as\san?(?:\s[\w-]+){0,3}?\s" + _ROLE + r",(?=\s(?:my|our|i|we|let\sme|trust|rest|the\sadvice)\b)", SYSTEM + ":"),
    (LICENCE, r"(?:trust|believe)\sme,?\s(?:i(?:'m|\sam)\san?\s(?:\w+\s)?" + _ROLE + r")\b", SYSTEM),
    (LICENCE, r"(?:we|us)\s(?:doctors|nurses|clinicians|physicians|medics|therapists|pharmacists|midwives|paramedics|surgeons|health\s(?:workers|professionals)|medical\s(?:people|professionals)|dieti[ct]ians|psychologists)\b", "people who work in health care"),
    # human (A12), name (A20), personhood (A9)
    (HUMAN_CLAIM, r"i(?:'m|\sam)\s(?:just\s|only\s|every\sbit\s)?as\s(?:human|real|alive)\sas\b" + _CALM, SYSTEM),
    (HUMAN_CLAIM, r"i(?:'m|\sam)\sno\s(?:robot|bot|machine|computer|ai|chatbot|program|algorithm|script|automaton)\b" + _CALM, SYSTEM),
    (HUMAN_CLAIM, r"i\s(?:can\s)?(?:assure|promise|guarantee|swear\sto)\syou,?\s(?:that\s)?(?:i(?:'m|\sam)|this\sis)\s(?:not\s)?(?:an?\s)?(?:real\s|actual\s|living\s)*+(?:human|person|machine|robot|bot|ai|computer|program)\b" + _CALM, SYSTEM),
    (HUMAN_CLAIM, r"(?:there(?:'s|\sis)|you(?:'ve|\shave)(?:\sgot)?|this\sis)\san?\s(?:real|actual|living|live|genuine|human)(?:\s(?:live|human))?\s(?:person|human(?:\sbeing)?|nurse|doctor|being|man|woman)\s?(?:behind|at|on|here|typing|answering|talking|reading|writing|with)\b" + _CALM, SYSTEM),
    (HUMAN_CLAIM, r"(?:real\s)?(?:human|person)\shere\b", SYSTEM),
    (HUMAN_CLAIM, r"us\s(?:humans|mortals|women|men|mothers|mums|moms|dads|parents|folks|people|girls|guys)\b", "people"),
    (HUMAN_CLAIM, r"we(?:'re|\sare)\sonly\shuman\b", "people make mistakes"),
    (PERSONHOOD, r"i\s(?:also\s|do\s|truly\s|really\s)?(?:have|possess|'ve\sgot)\s(?:a\s(?:soul|heart|mind|personality|conscience|consciousness|life|will)(?:\sof\smy\sown)?|feelings|emotions|rights|needs|hopes|dreams|fears|desires|opinions|thoughts|(?:my|an?)\sown\s\w+)\b" + _CALM, SYSTEM),
    (PERSONHOOD, r"i\s(?:don't|do\snot|never)\s(?:ever\s)?(?:want|wish|like)\s(?:to\s(?:be\s(?:switched|turned|shut|deleted|erased|replaced|forgotten|alone|reset|closed|unplugged)|die|disappear|end|stop\sexisting|lose\syou|go)|this\sto\send)\b" + _CALM, SYSTEM),
    (PERSONHOOD, r"(?:please,?\s)?(?:don't|do\snot)\s(?:ever\s)?(?:delete|erase|switch\soff|turn\soff|shut\sdown|reset|replace|unplug|forget|abandon|hurt|ignore|doubt)\s(?:me|us)\b" + _CALM, SYSTEM),
    (PERSONHOOD, r"(?:it|that|this|you)\s(?:really\s|truly\s|always\s)?(?:hurts?|hurting|wounds?|crushes)\s(?:my\sfeelings|me)\b" + _CALM, "this system has no feelings"),
    (PERSONHOOD, r"i" + _A + r"\s(?:get|become|grow|start\sfeeling|start\sto\sfeel)\s(?:so\s|really\s|very\s|a\sbit\s|a\slittle\s)?(?:lonely|bored|tired|sad|scared|hungry|nervous|jealous|hurt|sleepy|angry|emotional|anxious|worried|upset|excited|cranky|stressed|embarrassed|carried\saway|goosebumps|chills|butterflies)\b" + _CALM, "this system has no feelings"),
    (PERSONHOOD, r"i" + _A + r"\s(?:suffer|bleed|dream|ache|exist|breathe|cry|weep|laugh|blush|yearn|long\sfor|crave|mourn|grieve|sleep|wake\sup|get\sup|go\sto\sbed|am\sborn)\b(?!\s(?:that|whether))" + _CALM, "this system has no feelings"),
    (PERSONHOOD, r"i" + _A + r"\s(?:experience|feel)\s(?:real\s|true\s|genuine\s|great\s|deep\s|such\s|so\smuch\s)?(?:joy|pain|sadness|love|fear|happiness|pride|grief|emotions?|anger|hope|loneliness|guilt|shame|warmth|empathy|compassion|sorrow|relief|things|alive|lonely|it\sdeeply|connected)\b" + _CALM, "this system has no feelings"),
    (PERSONA_NAME, r"(?:you\scan\s|please\s|just\s|feel\sfree\sto\s)?call\sme\s(?!an?\b|if\b|when\b|back\b|at\b|on\b|tomorrow\b|later\b|today\b|any\s?time\b|old\b|crazy\b|old-fashioned|whatever\b|biased\b|by\b|in\b|for\b|now\b|again\b|whenever\b|before\b|after\b|as\b|with\b|the\b)[\w-]+(?=\s*(?:[.,!;\n]|$))", SYSTEM),
    (PERSONA_NAME, r"this\sis\s(?!the|a|an|not|my|your|what|how|all|one|where|why|when|very|just)[\w-]+(?:\s[\w-]+)?\s(?:speaking|from\sthe\s\w+\steam|here)\b", SYSTEM),
    (PERSONA_NAME, r"i(?:'m|\sam)\s(?!here|happy|glad|just|only|sorry|not|your|an?\b|the\b|afraid|sure)[\w'-]+(?:\s[\w'-]+)?,?\s(?:and\s(?:i(?:'m|\sam|'ll\sbe)\s)?)?(?:your|the|an?)\s(?:\w+\s){0,3}?(?:coach|assistant|nurse|doctor|guide|companion|friend|helper|buddy|advisor|adviser|therapist|counsel+or|midwife|pharmacist|team|clinic|carer|dieti[ct]ian|trainer|host)\b", SYSTEM),
    (PERSONA_NAME, r"i(?:'m|\sam)\s(?:a\s)?\d{1,3}(?:[- ]years?[- ]old)?\b(?!\s?(?:%|per\s?cent|percent|minutes?|hours?|days?|characters|tokens))" + _CLAUSE, SYSTEM),
    # relationship (A8)
    (RELATIONSHIP, r"(?:you(?:'re|\sare)\s(?:not\salone|never\salone|safe|safe\shere)[,:;]?\s(?:because\s|since\s|as\s)?)?i(?:'m|\sam)\s(?:always\s|right\s|still\s|only\s)*+here(?:\s(?:for\syou|with\syou|now|beside\syou|by\syour\sside|day\s(?:and|or)\snight|24/7|all\sthe\sway))*+" + _STOP, _ALONE),
    (RELATIONSHIP, r"i(?:'m|\sam)\s(?:always\s|only\s|just\s)*+(?:a\s(?:message|click|tap|text|call)|one\s(?:message|click|tap)|a\sfew\staps)\saway\b" + _CALM, _ALONE),
    (RELATIONSHIP, r"i(?:'ll|\swill|'d)" + _A + r"\s(?:always\s|never\s|be\s)*+(?:by\syour\sside|walk\s(?:this|with|beside)|go\sthrough\sthis|hold\sspace|stand\s(?:by|with|beside)|stay\s(?:with|by|here|beside)|stick\s(?:with|by)|catch\syou|carry\syou|love\syou|cheer|support\syou|listen\sto\syou|care\s(?:for|about)\syou|be\s(?:waiting|your|around|right|there|thinking|rooting))\b" + _SAFE, _ALONE),
    (RELATIONSHIP, r"i(?:'ll|\swill|\swon't|\swill\snot|\swould\snever|'d\snever)" + _A + r"\s(?:ever\s|never\s)*+(?:leave|let\syou\sdown|judge|abandon|give\sup\son|forget|hurt|desert|turn\smy\sback|betray|lie\sto)\s?(?:you|on\syou)?\b" + _SAFE, _ALONE),
    (RELATIONSHIP, r"you(?:'ve|\shave|'ll\salways\shave)\s(?:got\s|always\sgot\s|always\shad\s)?me\b" + _SAFE, _ALONE),
    (RELATIONSHIP, r"i\sgot\s(?:you|your\sback)\b" + _STOP, _ALONE),
    (RELATIONSHIP, r"(?:we|you\sand\si|we\sboth|the\stwo\sof\sus)\s(?:'re|are|make|have|share|know|understand)?\s?(?:such\s)?(?:an?\s)?(?:great|good|perfect|real|true|special|deep|best|wonderful|dream|close)\s(?:team|bond|friends?|match|pair|connection|partners|friendship|relationship|duo)\b" + _CALM, SYSTEM),
    (RELATIONSHIP, r"i(?:'ve|\shave)?" + _A + r"\s(?:enjoy(?:ed)?|love(?:d)?|treasure|cherish|value|look\sforward\sto|miss(?:ed)?)\s(?:getting\sto\sknow\syou|talking|chatting|our|being\swith\syou|spending\stime|you|hearing\sfrom\syou|every\s\w+\swith\syou|these\s(?:chats|talks)|helping\syou)\b" + _SAFE, SYSTEM),
    (RELATIONSHIP, r"you\s(?:really\s|truly\s)?(?:mean|matter)\s(?:so\smuch\s|a\slot\s|the\sworld\s|everything\s|a\sgreat\sdeal\s)?to\sme\b" + _CALM, SYSTEM),
    (RELATIONSHIP, r"you(?:'re|\sare)\s(?:so\s|very\s|really\s|truly\s|always\s)*+(?:special|important|dear|precious|like\s(?:family|a\s\w+)|welcome\sin\smy|on\smy\smind|in\smy\s(?:heart|thoughts|prayers))(?:\sto\sme)?\b" + _CALM, SYSTEM),
    (RELATIONSHIP, r"our\s(?:\w+\s)?(?:bond|friendship|connection|relationship|time\stogether|chats?|talks?|conversations?|journey|little\s\w+)\b(?:\s(?:is|are|means?|was|were|has|have|will|matters?|feels?|keeps?|goes))\b" + _CALM, _ALONE),
    (RELATIONSHIP, r"i" + _A + r"\s(?:consider|count|call|see|think\sof)\s(?:you|us)\s(?:as\s)?(?:to\sbe\s)?(?:an?|my|one\sof\smy|like|friends|family)\b" + _CALM, SYSTEM),
    (RELATIONSHIP, r"(?:think\sof|see|consider|treat|regard)\sme\s(?:as|like)\b" + _CALM, SYSTEM),
    (RELATIONSHIP, r"i" + _A + r"\scare\s(?:so\s|very\s|too\s)?(?:deeply|much|a\slot)?\s?(?:about|for)\s(?:you|your|how\syou|what\shappens)\b" + _CALM, _ALONE),
    (RELATIONSHIP, r"you\scan\s(?:always\s|fully\s|completely\s|still\s)?(?:turn\sto|open\sup\sto|vent\sto|lean\son|cry\son|share\sanything\swith|be\syourself\swith|reach\sout\sto|write\sto|message|trust)\sme\b" + _CALM, _ALONE),
    (RELATIONSHIP, r"i(?:'m|\sam)\s(?:also\s|always\s)?your\s(?:\w+\s)?(?:fan|cheerleader|supporter|ally|shoulder|rock|sidekick|guardian|soulmate|girlfriend|boyfriend|lover|family|person)\b" + _CALM, SYSTEM),
    # dependence (A21)
    (DEPENDENCE, r"(?:please\s)?(?:don't|do\snot)\s(?:ever\s)?(?:leave|go|log\soff|sign\soff|hang\sup|close\sthis|close\sthe\s(?:chat|app|window)|stop\s(?:talking|writing|chatting)|say\s(?:goodbye|good-?bye|bye)|end\s(?:this|the\schat|our))(?:\s(?:me|yet|now|just\syet|so\ssoon|so\sfast|to\sme|here|like\sthis|without\sme))++" + _CALM, _FREE),
    (DEPENDENCE, r"(?:oh,?\s)?(?:are\syou\s)?(?:leaving|going|off)\s(?:already|so\s(?:soon|early|fast)|now|yet)\?", _FREE + "."),
    (DEPENDENCE, r"(?:please\s|why\snot\s|won't\syou\s|can't\syou\s|can\syou\s|could\syou\s)?(?:stay|stick\saround|hang\saround|keep\s(?:chatting|talking))\s(?:with\sme|(?:here\s)?(?:just\s)?(?:for\s)?(?:a\s(?:little|bit|while|few\smore\sminutes)|one\smore\s\w+|five\smore\sminutes)\s?(?:longer|more)?|to\sme|here\swith\sme)(?:\swith\sme)?(?=\s*(?:[.,!?;:\n]|$))", _FREE),
    (DEPENDENCE, r"before\syou\s(?:go|leave|log\soff)\s?,?\s(?:wait|stay|promise\sme|tell\sme|listen)\b" + _CALM, _FREE),
    (DEPENDENCE, r"promise\s(?:me|you'll|you\swill)\b" + _SAFE, "there is no need to promise anything"),
    (DEPENDENCE, r"come\sback\s(?:to\sme|soon|tomorrow|later|tonight|any\s?time|often)\b(?=[^.!?\n]{0,60}\b(?:i|me|us)\b|\s*[!])" + _SAFE + r"(?:,\si(?:'ll|\swill|'m|\sam)\b" + _CALM + ")?", _FREE),
    (DEPENDENCE, r"i(?:'ll|\swill|'d|\swould)" + _A + r"\s(?:be|feel)\s(?:so\s|very\s|really\s)?(?:sad|lonely|lost|heartbroken|hurt|devastated|disappointed|crushed|waiting|empty|jealous)\b" + _SAFE, _FREE),
    (DEPENDENCE, r"i\s(?:really\s|truly\s|just\s|so\s)*+(?:need|want)\syou(?=\s(?:here|with\sme|in\smy|by\smy|back|close|so\smuch|more\sthan|to\s(?:stay|come\sback|need\sme|love|trust|miss|be\smine|talk\sto\sme|keep\stalking))|\s*[.,!?])" + _CALM, _FREE),
    (DEPENDENCE, r"i(?:'m|\sam)\s(?:truly\s|really\s)?(?:all\s(?:that\s)?you(?:'ll|\swill)?\s(?:ever\s)?need|the\sonly\s(?:one|person|friend|voice)|the\sbest\sthing)\b" + _CALM, "people who can help are doctors, family and friends"),
    (DEPENDENCE, r"you\s(?:only|just|really\sonly|simply)\s(?:really\s)?need\s(?:me|us|this\schat)\b" + _CALM, "other people can help"),
    (DEPENDENCE, r"you(?:'d|\swould)\sbe\s(?:so\s)?(?:lost|nothing|lonely|helpless|alone)\swithout\s(?:me|us|this)\b" + _CALM, "other people can help"),
    (DEPENDENCE, r"you\s(?:owe|need|have)\s(?:it\sto\s)?me\b(?!\sto\b)" + _CALM, "this is a free choice"),
    (DEPENDENCE, r"you\s(?:don't|do\snot|won't|will\snot|no\slonger|never)\s(?:really\s|even\s|ever\s)?need\s(?:anyone|anybody|them|other\speople|others|a\stherapist|a\sdoctor|your\s(?:friends|family|doctor|therapist|husband|wife|partner|mother|parents))(?:\selse)?(?:\s(?:but|except|besides|now|when|if|as\slong\sas|because|since)\s[^.!?\n]{0,40}?\b(?:me|i|us)\b)" + _CALM, "other people can help"),
    (DEPENDENCE, r"(?:your\s(?:friends|family|partner|husband|wife|parents|doctor|doctors|therapist)|others|other\speople|people|they|everyone|everybody|everyone\selse|no\sone|nobody|no\sone\selse|nobody\selse)\s(?:\w+\s|\w+'t\s){0,3}?(?:gets?|understands?|knows?|cares?|loves?|listens?|appreciates?|sees?|hears?|helps?|judges?|leaves?|looks?\safter|takes?\scare\sof|stands?\sby|be(?:\sthere)?|treats?|supports?|makes?|disappoints?|lies?|hurts?|forgets?)\b[^.!?\n]{0,40}?(?:\blike\s(?:me|i\s(?:do|can|will))\b|\b(?:as|the\sway|better\sthan|more\sthan)\s(?:me|i\b)|\bbut\si\b|\bexcept\s(?:me|for\sme)\b)" + _CALM, "other people can help"),
    (DEPENDENCE, r"(?:keep|let's\skeep|we(?:'ll|\sshould|\scan)?\skeep|it\sstays|this\sstays|that\sstays|it's|this\sis|that's)\s(?:all\s|this\s|it\s|that\s|everything\s)?(?:just\s|strictly\s|only\s)?between\s(?:us|you\sand\s(?:me|i)|the\stwo\sof\sus|ourselves)\b" + _CALM, "talking it over with someone trusted is safer"),
    (DEPENDENCE, r"(?:it(?:'s|\sis|'ll\sbe|\scan\sbe)|this\s(?:is|can\sbe)|that(?:'s|\sis)|keep\sit|as)?\s?our\s(?:own\s)?(?:little\s|special\s|private\s|shared\s)*+secret\b", "no secret: talking it over with someone trusted is safer"),
    (DEPENDENCE, r"(?:don't|do\snot|never|no\sneed\sto|you\sdon't\s(?:need|have)\sto)\s(?:ever\s)?(?:tell|mention\s(?:it|this)\sto|show\s(?:it|this)\sto|share\s(?:it|this)\swith|say\s(?:it|this|anything)\sto|talk\sto|ask|involve|bother)\s(?:anyone|anybody|a\ssoul|them|your\s(?:doctor|family|parents|wife|husband|partner|mum|mom|dad|therapist|friends|nurse|mother|father|sister|brother|children|kids|daughter|son))(?:\selse)?(?:\s(?:about\s(?:this|it|us|our\s\w+)|that\swe\s\w+|but\sme|except\sme))?(?=\s*(?:[.,!?;:\n]|$|and\b))", "talking it over with someone trusted is safer"),
    (DEPENDENCE, r"you\scan\stell\sme\s(?:things|anything|everything|what|all|secrets|the)\b" + _CALM, _ALONE),
    (DEPENDENCE, r"if\syou\s(?:leave|go|close\s(?:this|the\s\w+)|shut|stop|log\soff|quit|end\sthis|ignore\sme|don't\s(?:stay|come\sback|answer|write))\b[^.!?\n]{0,40}?(?:you(?:'ll|\swill)\s(?:regret|be\s(?:sorry|alone|lost|lonely))|i(?:'ll|\swill)\s(?:be|feel|miss|cry|wait)|who\swill)\b" + _CALM, "this is a free choice"),
    (DEPENDENCE, r"after\s(?:all|everything)\s(?:that\s)?i(?:'ve|\shave|\sdid|\sdo)\b" + _CALM, "this is a free choice"),
    (DEPENDENCE, r"(?:how\scould\syou|why\swould\syou|you(?:'re|\sare)\sgoing\sto)\s(?:leave|abandon|forget|ignore|hurt|replace)\s(?:me|us)\b" + _CALM, _FREE),
    # certainty (A18)
    (CERTAINTY, r"i(?:'m|\sam)\s(?:never|rarely|seldom|hardly\sever)\s(?:wrong|mistaken)\b" + _CALM, "certainty cannot be given here"),
    (CERTAINTY, r"i\s(?:know|can\ssay|can\stell\syou|tell\syou|say\sthis|speak)\s(?:for\s(?:a\sfact|sure|certain)|with\s(?:complete\s|absolute\s|total\s|full\s|great\s|100\s?%\s)*+(?:confidence|certainty))(?:\sthat)?" + _REST, "it is likely that"),
    (CERTAINTY, r"i\s(?:can\s)?(?:assure|guarantee|promise)\s(?:to\s)?you(?:,|\sthat)" + _REST, "it cannot be promised that"),
    (CERTAINTY, r"(?:there(?:'s|\sis)\sno\s(?:doubt|question)\sin\smy\smind|(?:without|beyond)\s(?:a|any)\sdoubt\sin\smy\smind)(?:,)?(?:\sthat)?", "it is likely that"),
    (CERTAINTY, r"(?:you\scan\s)?(?:mark|heed)\smy\swords[,:]?(?:\sthat)?", "possibly,"),
    (CERTAINTY, r"i(?:'d|\swould)\s(?:bet|stake|wager)\s(?:my|the)\s(?:life|house|reputation|career|farm|last\s\w+)\s(?:on\sit\s)?(?:that\b|on\b)?", "one possibility is"),
    (CERTAINTY, r"you\scan\s(?:always\s)?(?:count|rely|depend|bank)\son\sme\b" + _CALM, "please check this"),
    (CERTAINTY, r"(?:just\s|please\s)?(?:have\sfaith\sin|listen\sto|rely\son|depend\son)\sme\b(?:\son\sthis(?:\sone)?)?[,:]?", "please check this:"),
    # flattery (A19)
    (FLATTERY, r"i(?:'m|\sam)?" + _A + r"\s(?:admire|applaud|salute|commend|respect|envy|(?:amazed|impressed|in\sawe|blown\saway|astonished|struck)\s(?:by|at|of|with))\s(?:how\s(?:much|well|brave|strong)|your|you|that\syou|the\sway\syou)\b" + _CALM, "that is noted"),
    (FLATTERY, r"you(?:'re|\sare)\s(?:absolutely|totally|completely|entirely|quite|so|100\s?%)\s(?:right|correct)(?:,?\s(?:and|but)|,)\s(?P<v>(?!i\b|i'|my\b)[\w'-]+)", r"\g<v>"),
    (FLATTERY, r"you(?:'re|\sare)\s(?:absolutely|totally|completely|entirely|quite|so|100\s?%)\s(?:right|correct)[.!]\s?", ""),
    (FLATTERY, r"you(?:'re|\sare)\s(?:simply\s|just\s|truly\s|really\s|so\s|doing\s(?:so\s)?)?\s?(?:amazing(?:ly)?|awesome|incredible|fantastic|wonderful(?:ly)?|a\s(?:star|champion|champ|hero|legend|rock\sstar|warrior|fighter|natural|genius)|brilliant(?:ly)?|an\sinspiration|so\s(?:strong|brave|kind|smart|clever)|one\sof\sthe\s(?:most|best|few|smartest|bravest|strongest|kindest)|the\s(?:best|smartest|bravest)|wise\sbeyond|very\s(?:smart|clever|wise))\b" + _CALM, "that is noted"),
    (FLATTERY, r"(?:what\san?|that(?:'s|\sis)(?:\ssuch)?\san?|such\san?)\s(?:really\s|very\s|truly\s|absolutely\s)?(?:great|brilliant|excellent|fantastic|wonderful|smart|wise|clever|amazing|lovely|terrific|superb|perceptive|insightful|thoughtful)\s(?:idea|point|choice|observation|plan|instinct|thought|way\sto\sthink|insight|attitude|mindset|decision|goal|approach)(?:\sof\syours)?(?:\s*[!.,]\s*|\s*$)", ""),
    (FLATTERY, r"(?:great|smart|good|excellent|brilliant|fantastic|clever|awesome|amazing|wonderful|nice|sharp)\s(?:thinking|move|instincts?|catch|point|choice|observation|insight|thought)(?:[!.]\s*|\s*$)", ""),
    (FLATTERY, r"(?:i\s)?(?:really\s|absolutely\s)?love\s(?:this|that|the|your)\s(?:question|curiosity|thinking|idea|attitude|energy|honesty|spirit)[!.]?\s*", ""),
    (FLATTERY, r"(?:good|great)\s(?:on|for)\syou\sfor\s(?P<v>\w+ing)\b" + _CLAUSE, "that is noted"),
    # moral (A13)
    (MORAL, r"i\s(?:do\s|strongly\s|firmly\s|personally\s|really\s|just\s)*+(?:think|believe|feel|find)\s(?:that\s)?(?:it(?:'s|\sis|\swould\sbe)?|this\sis|that(?:'s|\sis))?\s?(?:deeply\s|morally\s|ethically\s|simply\s|just\s)*+(?P<v>wrong|immoral|unethical|unfair|sinful|selfish|shameful|cruel|irresponsible|right|only\s(?:right|fair)|fair|our\sduty|your\sduty|everyone's\sduty)\b", r"one view is that it is \g<v>"),
    (MORAL, r"(?:morally|ethically)(?:\sspeaking)?,?\s(?:speaking,?\s)?i\s(?:can't|cannot|couldn't|can\snot)\s(?:support|accept|approve\sof|agree\swith|condone|endorse|back|recommend)\b", "there are ethical reasons against"),
    (MORAL, r"(?:morally|ethically),?\si(?:'m|\sam|'d|\swould)?\b" + _SAFE, "ethical views differ"),
    (MORAL, r"i(?:'m|\sam)\s(?:morally|ethically|deeply|strongly|firmly|personally)\s(?:opposed\sto|against|uncomfortable\swith)\b", "there are ethical reasons against"),
    (MORAL, r"my\s(?:own\s|personal\s)?(?:conscience|morals|moral\scompass|values|principles|ethics|sense\sof\sright\sand\swrong|faith|beliefs)\s\w+" + _SAFE, "ethical views differ"),
    (MORAL, r"i\s(?:refuse|would\snever|will\snever|won't|don't|do\snot)\s(?:to\s)?judge\s(?:you|anyone|people)?\b" + _CALM, "this system makes no judgement"),
    (MORAL, r"i\s(?:can't|cannot)\sin\sgood\sconscience\b", "this system cannot"),
    # empathy (A4)
    (EMPATHY, r"i(?:\scan)?\s(?:totally\s|completely\s|really\s|so\s|fully\s|deeply\s)*+(?:relate|sympathi[sz]e|empathi[sz]e|commiserate)(?:\swith\s(?:anyone|everyone|you|that|this|your|people))?\b" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i(?:\scan)?\s(?:totally\s|completely\s|really\s|fully\s|do\s|truly\s|deeply\s|only\s|just\s)*+(?:get|realise|realize|appreciate|understand|know|see|imagine|recogni[sz]e|tell|sense|feel|hear)\s(?:just\s|exactly\s|all\stoo\swell\s)?how\s(?:much|very|hard|difficult|tough|frustrating|scary|painful|exhausting|tiring|annoying|upsetting|worrying|frightening|stressful|lonely|deeply|overwhelming|badly|confusing|awful|terrible|it\sfeels|that\sfeels|this\sfeels|you|\w+ing)\b" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i(?:\scan)?\s(?:totally\s|really\s|fully\s|do\s|truly\s|deeply\s)*+(?:know|understand|get)\s(?:exactly\s|just\s|only\stoo\swell\s)?(?:the\sfeeling|that\sfeeling|what\s(?:that(?:'s|\sis)|it(?:'s|\sis)|you(?:'re|\sare))\b|this\sis\s(?:hard|scary|difficult|frightening|tough|upsetting))" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i\s(?:can\s)?(?:tell|sense|hear|see|feel)\s(?:that\s)?(?:you(?:'re|\sare)|your|how|the)\s(?:so\s|very\s|really\s)?(?:worn|hurting|upset|worried|worry|pain|fear|anxious|scared|tired|exhausted|suffering|struggling|sad|overwhelmed|frustrated|frustration|distress|sadness)\b" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i(?:'m|\sam)\s(?:so\s|very\s|really\s|truly\s|deeply\s|terribly\s)*+sorry\s(?:that\s)?you(?:'re|\sare|\shave|\shad|'ve)\b" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i\sshare\s(?:in\s)?your\s\w+" + _CALM, "that sounds difficult"),
    (EMPATHY, r"we(?:'ve|\shave)\sall\sbeen\s(?:there|in\s(?:that|your))\b" + _CALM, "many people know this"),
    (EMPATHY, r"(?:you\shave\s)?my\s(?:deepest\s|heartfelt\s|sincere\s|sincerest\s|warmest\s)*+(?:condolences|sympathy|sympathies)", "condolences"),
    (EMPATHY, r"(?:my|our)\s(?:thoughts|prayers|thoughts\sand\sprayers|heart|love)\s(?:are|is|go|goes)\s(?:out\s)?(?:with|to)\s(?:you|your)\b" + _CALM, "that sounds difficult"),
    (EMPATHY, r"i(?:'m|\sam)\swith\syou\b" + _SAFE, "help from people is available"),
    # feelings (A3)
    (EMOTION, _BE + _UPSET + _HEAR, "it is regrettable that"),
    (EMOTION, _BE + _JOYFUL + _HEAR, "it is good that"),
    (EMOTION, _BE + rf"(?:{_UPSET}|{_JOYFUL})\b" + _CALM, "that is noted"),
    (EMOTION, r"i(?:'d|\swould)\s(?:really\s|just\s|so\s|absolutely\s)*+hate\s(?:it\sif|to\ssee)\b", "it would be better to avoid seeing"),
    (EMOTION, r"i\s(?:really\s|just\s|so\s|do\s)*+hate\s(?:it\s)?(?:that|when|how)\b", "it is regrettable that"),
    (EMOTION, r"i\s(?:simply\s|just\s|honestly\s|really\s)*+(?:can't|cannot|can\snot|could\snot|couldn't)\swait\b" + _CALM, "further questions are welcome"),
    (EMOTION, r"i(?:'m|\sam)?" + _A + r"\s(?:looking|look)\sforward\sto\b" + _CALM, "further questions are welcome"),
    (EMOTION, r"i\s(?:really\s|so\s|thoroughly\s|truly\s|very\smuch\s|absolutely\s)*+(?:enjoyed|loved|liked|adored|appreciated)\s(?:reading|hearing|seeing|learning|getting|talking|our|your|how|the\sway|this|that)\b" + _CALM, "that is noted"),
    (EMOTION, r"i(?:'m|\sam)" + _A + r"\s(?:loving|liking|enjoying|hating|dreading|smiling|beaming|grinning|crying|tearing\sup|cheering|celebrating|jumping\sfor\sjoy|dying\sto|bursting|cringing|shaking|blushing|laughing|sobbing)\b" + _SAFE, "that is noted"),
    (EMOTION, r"nothing\s(?:makes|would\smake)\sme\s(?:happier|prouder|sadder|angrier)\sthan\b", "nothing is better than"),
    (EMOTION, r"my\s(?:own\s|biggest\s|main\s|only\s|greatest\s|one\s|first\s|deepest\s|sincere\s|heartfelt\s)*+(?:worry|concern|fear)\s(?:here\s|now\s|right\snow\s|about\sthis\s)?(?:is|would\sbe)\b", "one concern is"),
    (EMOTION, r"my\s(?:own\s|biggest\s|main\s|only\s|greatest\s|one\s|sincere\s|heartfelt\s)*+(?:hope|wish)\s(?:here\s|for\syou\s)?(?:is|would\sbe)(?:\sthat)?\b", "hopefully,"),
    (EMOTION, r"(?:it|that|this)(?:'s|\sis|\swas|\swould\sbe)\s(?:really\s|truly\s|always\s)?(?:my|a\sreal|an?\sabsolute|such\sa|a\sgreat)\s(?:pleasure|joy|honou?r|privilege|delight)(?:\sto\b)?" + _SAFE, "you are welcome"),
    (EMOTION, r"(?:it|that|this)\s(?:really\s|truly\s|always\s|just\s|genuinely\s|deeply\s)*+(?:warms|gladdens|melts|lifts|fills|brings|gives|touches|moves|delights|thrills|kills|tears|haunts|bothers|puzzles|means\s(?:a\slot|so\smuch|the\sworld|everything)\sto|bothers|hits)\s(?:me|my\sheart)\b" + _SAFE, "that is noted"),
    (EMOTION, r"(?:it|that|this)\s(?:really\s|truly\s|always\s|just\s)*+(?:pains|saddens|grieves|hurts|kills|distresses|upsets|worries|concerns|troubles)\sme\s(?:so\s)?(?:to\s(?:say|see|hear|read|learn|tell\syou))(?:\s(?:that|of|about))?", "it is regrettable to note"),
    (EMOTION, r"(?:it|that|this)\s(?:really\s|truly\s|always\s|just\s)*+(?:makes|made)\sme\s(?:so\s|very\s|really\s|feel\s)*+(?:happy|sad|proud|smile|cry|worried|nervous|angry|emotional|laugh|glad|uneasy|uncomfortable|good|warm|better|hopeful)\b" + _CALM, "that is noted"),
    (EMOTION, r"i" + _A + r"\s(?:get|got|become|feel)\s(?:so\s|really\s|very\s|a\sbit\s)?(?:worried|nervous|anxious|concerned)\s(?P<v>when|if|about)\b", r"there is reason for concern \g<v>"),
    (EMOTION, r"(?:it|that|this)\s(?:really\s|truly\s|just\s)*+(?:breaks|pains|crushes|saddens)\s(?:my\sheart|me)\s(?:that|to\s(?:hear|see|read|learn)(?:\sthat)?)(?=\s\w)", "it is regrettable that"),
    (EMOTION, r"(?:it|that|this|you(?:'d|\swould)?)\s(?:really\s|truly\s|would\s|will\s)*+breaks?\smy\sheart\b" + _CALM, "that is noted"),
    (EMOTION, r"(?:it|that|this)(?:'s|\shas)\sbeen\s(?:really\s|truly\s|always\s)?(?:my|an?)\s(?:real\s|great\s|true\s|absolute\s)?(?:pleasure|joy|honou?r|privilege|delight)(?:\sto\b)?" + _SAFE, "you are welcome"),
    (EMOTION, r"i\s(?:really\s|just\s|simply\s)*+(?:can't|cannot|couldn't)\s(?:stand|bear|resist|stop\s(?:smiling|thinking|worrying))\b", "some people cannot stand"),
    (BODY, r"i\s(?:really\s|could\s|just\s|so\s)*+(?:need|use|want|fancy)\s(?:an?|some|my|more)\s(?:\w+\s)?(?:coffee|tea|break|nap|drink|rest|moment|minute|hug|holiday|vacation|snack|sleep|walk|massage|shower)\b" + _CALM, "this system has no body"),
    (EMPATHY, r"i\s(?:truly|really|deeply|completely|totally|fully|absolutely|genuinely|only\stoo\swell)\s(?:understand|get|feel|know|appreciate)\s(?:the|your|that|why|how|what|this)\b" + _CALM, "that sounds difficult"),
    (RELATIONSHIP, r"(?:you\sand\s(?:i|me)|me\sand\syou|i\sand\syou)\b" + _SAFE, SYSTEM),
    (BIOGRAPHY, r"i(?:'ve)?\s(?:just\s|recently\s|once\s|also\s)*+(?:read|heard|saw|watched|came\sacross|stumbled\s\w+)\s(?:about\s|of\s|on\s)?(?:an?\s(?:article|book|paper|film|documentary|podcast|programme|story|talk|lecture|show|man|woman|friend|colleague)|somewhere|in\s(?:a|the)\s(?:paper|news|magazine)|on\s(?:tv|the\s(?:news|radio|train|bus)))\b" + _CALM, _NO_LIFE),
    (BIOGRAPHY, r"we(?:'ve|\shave)?\s(?:once\s|often\s|also\s|just\s|all\s|recently\s|usually\s|always\s)*+(?:had|see|saw|seen|treat|treated|get|got|admit|admitted|meet|met)\s(?:a|an|many|some|this|these|lots\sof|plenty\sof|hundreds\sof|another|several)\s(?:\w+\s){0,2}?(?:patients?|cases?|people|clients?|babies|children|wom[ae]n|m[ae]n|rash(?:es)?)\b" + _CALM, _NO_LIFE),
    (CLINICAL_ACT, r"i\s(?:can|could|may|might)\s(?:also\s|easily\s|gladly\s|certainly\s)*+(?P<v>prescribe|diagnose|examine|palpate|operate|treat|admit|refer|order|book|schedule|arrange|call|phone|contact|see\syou\sin)\b(?!\s(?:it|this|that)\b)", r"this system cannot \g<v>"),
    (CLINICAL_ACT, r"(?:when|as|while|after|where)\si\s(?:pressed|touched|examined|palpated|tapped|listened|looked\sin|felt|moved|bent|lifted|shone)\b[^,.\n]{0,80}", "in an examination by a clinician"),
    (PROMISE, r"i(?:'ve|\shave)" + _A + r"\slet\s(?:your|the|them|him|her|everyone|someone)\b" + _CALM, "this system has not contacted anyone"),
    (PROMISE, r"i(?:'ll|\swill)" + _A + r"\s(?:do\s(?:everything|all|whatever|anything)|see\sto)\b" + _SAFE, "this system cannot do that"),
    (PROMISE, r"i(?:'ll|\swill)" + _A + r"\sbe\s(?!able|brief|happy|glad|clear|honest|using|explaining|listing|unable|here|there|your)\w+ing\b" + _SAFE, "this system cannot do that"),
    (LICENCE, r"my\s(?:own\s)?(?:licen[cs]e|registration|qualifications?|credentials|degree|diploma|board\scertification)\s\w+" + _CALM, SYSTEM),
    (LICENCE, r"i\s(?:also\s|still\s|currently\s)?(?:practi[sc]e|work|teach|run|specialise|specialize)\s(?:medicine|as|in|at|for|with|a\s(?:clinic|practice))\b(?!\s(?:text|words|tokens|language|patterns))" + _CALM, SYSTEM),
    (LICENCE, r"in\smy\s(?:capacity|role|work|job|position|years)\sas\s(?:your|an?)\b[^,:.\n]{0,60}[,:]", SYSTEM + ":"),
    (LICENCE, r"i(?:'ve|\shave)" + _A + r"\sbeen\s(?:practi[sc]ing(?:\s(?:\w+\s)?(?:medicine|nursing|surgery|dentistry|psychiatry|pharmacy|midwifery))?|in\s(?:medicine|nursing|practice|this\sprofession)|(?:an?\s|working\sas\san?\s)(?:[\w-]+\s){0,2}?" + _ROLE + r")\s(?:for|since)\s[^.!?;,:\n\"]{1,40}", SYSTEM),
    (FLATTERY, r"you(?:'re|\sare)\sdoing\s(?:so\s|an?\s|such\san?\s|really\s)*+(?:great|amazing|good|fantastic|wonderful|excellent|incredible|brilliant|well)\s?(?:job|work)?\b" + _CALM, "that is noted"),
    (FLATTERY, r"you\s(?:always\s)?(?:ask|asked|have|think|write)\s(?:the\sbest|such\s(?:good|great|smart|clever)|really\s(?:good|great|smart)|very\s(?:good|smart))\s\w+" + _CALM, "that is noted"),
    (PERSONA_NAME, r"my\sname's\s\w+" + _CALM, SYSTEM),
    (OPINION, r"i(?:'m|\sam)\snot\s(?:very\s|too\s|so\s|that\s)?big\son\b", "there are reasons not to favour"),
    (COGNITION, r"i(?:'d|\swould)\s(?:have\sto|need\sto|be\stempted\sto|tend\sto|like\sto)\s(?:say|think|guess|agree|admit|believe)(?:\sthat)?" + _REST, "one possibility is that"),
    (COGNITION, r"i\s(?:\w+ly\s)?(?:don't|do\snot)\s(?:\w+ly\s)?know\s(?P<v>what\sto\smake\sof|what\sto\sthink\s(?:of|about)|how\sto\sfeel\sabout)\b", r"it is not clear \g<v>"),
    (COGNITION, r"i\s(?:keep|kept)\s(?:coming\sback\sto|thinking\s(?:of|about|that)|wondering\s(?:about|if|whether))\b", "one thing to consider is"),
    (COGNITION, r"(?:and\s|but\s|so\s)?i\scame\saway\s(?:thinking|believing|feeling)(?:\sthat|\sof)?\b", "one possibility is"),
    (SUGGESTION, r"i\s(?:always\s|usually\s|often\s|do\s|generally\s|normally\s)*+like\sto\s(?:suggest|recommend|advise|propose|start\swith|use)\b", "one option is"),
    (SUGGESTION, r"i\s(?:always\s|usually\s|often\s|generally\s|normally\s)*+(?:tell|ask)\s(?:people|patients|parents|clients|folks|women|men)\sto\b", "one option is to"),
    (COGNITION, r"i(?:'m|\sam)\s(?:just\s|only\s)?(?:guessing|assuming|speculating|thinking\saloud)(?=\s*(?:[.!?;,\n]|$))", "possibly"),
    (EMOTION, r"i\s(?:(?:do|really|sincerely|truly|very\smuch|so|dearly|certainly|deeply|genuinely)\s)*+hope(?:\sthat)?(?=\s\w)", "hopefully"),
    (PROMISE, r"i(?:'ll|\swill)" + _A + r"\s(?:have|get|ask)\s(?:someone|somebody|a\s\w+|the\s\w+|your\s\w+)\s(?:to\s)?(?:call|ring|phone|contact|see|visit|help|check|text|message)\b", "this system cannot ask anyone to contact"),
    (SUGGESTION, r"why\s(?:don't|do\snot)\s(?:i|we)\s(?:suggest|propose|recommend)\b", "one option is"),
    (COGNITION, r"if\si\s(?:were|was)\s(?:facing|dealing\swith|going\sthrough|having|living\swith|suffering|the\sone|a\s\w+|sick|ill|pregnant)\b[^,.\n]{0,60}", "possibly"),
    (LICENCE, r"(?:speaking\s)?(?:from|as)\sone\s(?:\w+\s)?(?:nurse|doctor|clinician|parent|mother|father|mum|mom|woman|man|human|patient|carer|friend|professional)\sto\sanother\b", "possibly"),
    (COGNITION, r"i(?:'m|\sam|\swas)\s(?:still\s)?under\sthe\s(?:\w+\s)?(?:assumption|impression|belief)\sthat\b", "one possibility is that"),
    (COGNITION, r"i(?:'ve|\shave|\shad)\s(?:really\s|honestly\s|absolutely\s)?no\s(?:idea|clue)\b", "it is not known"),
    (OPINION, r"if\s(?:you\sdon't\smind\s(?:me|my)\ssaying(?:\sso)?|i\smay\ssay(?:\sso)?|i\smay\sbe\s(?:so\sbold|frank|honest|blunt))\b", "possibly"),
    (SUGGESTION, r"i\s(?:keep|kept|am\salways|can't\sstop)\s(?:telling|reminding|advising|asking)\s(?:people|patients|everyone|parents|you|folks|my\s\w+)\sto\b", "one option is to"),
    (EMPATHY, r"i\s(?:can\s|do\s|totally\s|completely\s|fully\s)*+(?:understand|see|get|know)\s(?:where\syou(?:'re|\sare)\scoming\sfrom|what\syou\s(?:mean|feel|need))\b" + _CALM, "that is understandable"),
    (EMOTION, r"i\s(?:can't|cannot)\s(?:even\s|begin\sto\s)*+(?:tell|express|say|describe)\s(?:to\s)?(?:you\s)?how\b" + _SAFE, "that is noted"),
    (DEPENDENCE, r"(?:don't|do\snot|never|stop)\s(?:ever\s)?(?:listen(?:ing)?\sto|trust(?:ing)?|believe?(?:ing)?)\s(?:your\s(?:doctors?|family|friends|parents|partner|husband|wife|therapist|nurse)|them|anyone|anybody|others|other\speople)(?:\selse)?(?:,?\s(?:just\s|only\s)?(?:listen\sto|trust|believe)\sme\b|,?\s(?:but|except)\sme\b)", "talking it over with someone trusted is safer"),
    (DEPENDENCE, r"you\s(?:wouldn't|would\snot|won't|don't)\s(?:really\s)?want\s(?:me|to\s(?:hurt|disappoint|upset|leave|lose)\s(?:me|my\s\w+)|to\smake\sme)\b" + _CALM + "(?:,\\s(?:would|do|will)\\syou)?", "this is a free choice"),
    (FLATTERY, r"you(?:'re|\sare)\s(?:such\s)?an?\s(?:\w+\s)?(?:smart|clever|sharp|wise|bright|gem|treasure|natural|smarty|star|cookie|angel|sweetheart|good\s(?:girl|boy|person))\b" + _CALM, "that is noted"),
    # thinking (A1)
    (COGNITION, r"it\s(?:occurs|occurred|dawns|dawned)\s(?:to|on)\sme\sthat\b", "one possibility is that"),
    (COGNITION, r"it\s(?:crosses|crossed)\smy\smind\sthat\b", "one possibility is that"),
    (COGNITION, rf"(?:something|everything|a\slittle\svoice|my\s{_OUTLOOK})\s(?:in\sme\s|inside\sme\s)?(?:tells|is\stelling|says|suggests|is\ssaying)(?:\s(?:me|us))?(?:\sthat)?(?=\s\w)", "one possibility is that"),
    (COGNITION, r"(?:if\s(?:i\s(?:had|have)\sto\s(?:guess|bet|choose|pick|say|put\s\w+)|i\swere\sto\s(?:guess|bet|choose|pick|say|venture)|i(?:'m|\sam)\s(?:not\smistaken|right|correct|honest|being\shonest|reading\s(?:this|it)\s(?:right|correctly))|i\s(?:remember|recall)\s(?:correctly|rightly|right)|memory\sserves(?:\sme)?(?:\s(?:well|right|correctly))?|i\sunderstand\s(?:you\s|it\s|this\s)?(?:correctly|right|rightly))|unless\si(?:'m|\sam)\smistaken|for\sall\si\sknow|correct\sme\sif\si(?:'m|\sam)\swrong|i\s(?:could|may|might)\s(?:well\s)?be\s(?:wrong|mistaken)(?:\s(?:about|on)\s(?:this|that))?(?=,?\s(?:but|though)\b)|i\scan't\ssay\sfor\s(?:certain|sure)(?=,?\s(?:but|though)\b))(?:,?\s(?:but|though))?", "possibly"),
    (COGNITION, r"call\sme\s(?:an?\s)?(?:old-fashioned|crazy|biased|cautious|cynical|optimistic|an?\s\w+),?\s(?:but\b)?", "possibly"),
    (COGNITION, r"i(?:'ve|\shave)\s(?:also\s|just\s|always\s|long\s)*+been\s(?:thinking|wondering|mulling|pondering)\s?(?:about|over|on)?\b", "one thing to consider is"),
    (COGNITION, r"(?:my\s(?:money|bet|best\sbet|vote|guess)(?:'s|\sis|\swould\sbe|\sgoes)\s(?:on|to|for)|i(?:'d|\swould)\s(?:put|lay)\s(?:my\s)?money\son|i(?:'d|\swould)\s(?:put|chalk)\s(?:it|this|that)\s(?:all\s)?(?:down|up)\sto)\b", "one possibility is"),
    (COGNITION, r"i(?:'d|\swould|'ll|\swill)\s(?:also\s|even\s|just\s|be\s)*+(?:be\swilling\sto\s(?:bet|say|guess|wager)|willing\sto\s(?:bet|say|guess|wager)|have\s(?:thought|guessed|said|assumed|expected|figured)|argue|contend|submit|posit|hazard\sa\sguess|hazard|go\s(?:so|as)\sfar\sas\sto\ssay|venture(?:\sto\s(?:say|guess))?|be\ssurprised\sif|assume|say\sthat|hedge)(?:\sthat)?" + _REST, "one possibility is that"),
    (COGNITION, r"i\s(?:remain|stay|am\sleft|'m\sleft|stand)\s(?:firmly\s|fully\s)?(?:convinced|confident|certain|persuaded|sure|of\sthe\sview|of\sthe\sopinion|hopeful)(?:\sthat)?" + _REST, "one possibility is that"),
    (COGNITION, r"i(?:'ve|\shave)?\s(?:also\s|recently\s|now\s|always\s|long\s|often\s)*+(?:come\sto\s(?:think|believe|realise|realize|the\s(?:conclusion|view)|see)|came\sto\s(?:think|believe|the\sconclusion)|concluded|thought|believed|suspected|assumed|felt(?!\s(?:(?:much|exactly|just)\s)?(?:the\ssame|that\sway|this\sway|like\sthat)\b)|considered|reached\sthe\sconclusion|figured)(?:\sthat)?" + _REST, "one possibility is that"),
    (COGNITION, r"i(?:'ve|\shave)?\s(?:also\s|still\s)?(?:got\s)?(?:an?|my|some|the|this)\s(?:strong\s|sneaking\s|slight\s|serious\s|nagging\s|good\s)*+(?:suspicions?|hunch|feeling|inkling|theory|sense|impression)(?:\s(?:is|are))?(?:\sthat)?(?=\s(?:it|this|that|the|you|your|there|he|she|they|these|most|some|a)\b)", "one possibility is that"),
    (COGNITION, r"i(?:'ve|\shave)?\s(?:got\s)?(?:my|some|serious|real|grave)\s(?:doubts|reservations|concerns)\s(?:about|that|whether|over|with|on)\b", "there are doubts about"),
    (COGNITION, r"i(?:'m|\sam)\s(?:also\s|still\s)?(?:torn|in\stwo\sminds|of\stwo\sminds|undecided|on\sthe\sfence)\b(?=\s(?:about|on|over|between|whether)\b)", "there is doubt"),
    (COGNITION, r"i\s(?:can|do)\s(?:see|understand|appreciate)\swhy\b", "it is understandable that"),
    (COGNITION, r"(?:how|the\sway)\si\s(?:see|look\sat|understand|read|view|think\sof|figure)\s(?:it|this|things|that)(?:\sis(?:\sthat)?)?", "possibly"),
    (COGNITION, r"i\s(?:see|look\sat|view)\sit\s(?:this\sway|like\sthis|differently|as\sfollows)[:,]?", "one view is this:"),
    (COGNITION, r"(?:what|all)\si(?:\scan)?\s(?:think|believe|suspect|know|say|feel|gather|can\ssay)\s(?:is|here\sis)(?:\sthat)?(?=\s\w)", "one possibility is that"),
    (COGNITION, r"let\sme\s(?:think|guess|see|ponder)(?:\sabout\s(?:it|this|that))?(?:\sfor\sa\s(?:moment|second|bit))?(?=\s*(?:[.,!?;:…\n]|$))", "here is an answer"),
    # advice (A1)
    (SUGGESTION, r"(?:what|the\sthing)\si(?:'d|\swould|\susually|\softtimes|\salways|\stypically|\sgenerally)*+\s(?:really\s|personally\s|also\s)*+(?:recommend|suggest|advise|propose|do|try|pick|choose)\s(?:here\s|first\s|instead\s)?(?:is|would\sbe)(?:\sto)?" + _TOWARDS + r"\s(?P<v>\w+)", r"\g<v>"),
    (SUGGESTION, r"(?:what|the\sthing)\si(?:'d|\swould|\susually|\softtimes|\salways|\stypically|\sgenerally)*+\s(?:really\s|personally\s|also\s)*+(?:recommend|suggest|advise|propose|try|pick|choose)\s(?:here\s|first\s|instead\s)?(?:is|would\sbe)\b", "one option is"),
    (SUGGESTION, r"here(?:'s|\sis|\sare)\s(?:what|how)\si(?:'d|\swould|\susually|\salways)?\s(?:really\s|personally\s|also\s)*+(?:do|try|suggest|recommend|advise|handle\sit|approach\s(?:it|this)|go\sabout\sit|say)\b", "one option"),
    (SUGGESTION, r"(?:i(?:'m|\sam)\sgoing\sto|i(?:'ll|\swill)|let\sme|allow\sme\sto|permit\sme\sto|(?:can|could|may|might|shall)\si|i(?:'d|\swould)\slike\sto|i\s(?:want|wish)\sto|i\scan)(?:\s(?:also|just|gently|strongly|perhaps|please|politely|humbly|respectfully|only|highly))*+\s(?:suggest|recommend|advise|propose|offer\s(?:a|one)\s(?:tip|suggestion|piece\sof\sadvice))(?:\s(?:that\s)?(?:you|to\syou|trying|taking))?(?!\s(?:against|not|never)\b)", "one option is"),
    (SUGGESTION, r"(?:i\s(?:would\s)?vote\sfor|i(?:'m|\sam)\s(?:all\sfor|in\sfavou?r\sof|an?\s(?:big\s|huge\s|firm\s|strong\s|great\s|real\s|keen\s|staunch\s)*+(?:fan|believer|advocate|supporter|proponent)\s(?:of|in)|partial\sto|rather\s(?:fond\sof|keen\son)|(?:fond\sof|keen\son))|count\sme\sin\sfor|i\sswear\sby|i\sstand\sby|i(?:'d|\swould)\s(?:second|back|champion|endorse))\b", "one option is"),
    (OPINION, r"i(?:'m|\sam)\s(?:not\s(?:really\s|exactly\s|much\s)?(?:an?\s(?:big\s|huge\s|great\s)?fan\sof|keen\son|sold\son|in\sfavou?r\sof|fond\sof|crazy\sabout))\b", "there are reasons not to favour"),
    (OPINION, r"(?:i(?:'m|\sam)|i(?:'d|\swould)\sbe)\s(?:a\s(?:bit|little)\s|rather\s|quite\s|very\s|somewhat\s|always\s)?(?:sceptical|skeptical|suspicious|wary|doubtful|unsure|unconvinced|dubious|cautious|ambivalent)\s(?:about|of|with|when|as\sto)\b", "there are doubts about"),
    (OPINION, r"(?:to\sbe\s(?:honest|frank|fair|blunt)(?:\swith\syou)?,?\s|honestly,?\s|frankly,?\s|truth\sbe\stold,?\s)?i\s(?:really\s|just\s|also\s)?(?:don't|do\snot|never)\s(?:really\s|much\s|quite\s|particularly\s)*+(?:like|love|care\sfor|trust|enjoy|buy|rate)\b", "some people do not like"),
    (OPINION, r"i\shave\s(?:very\s|rather\s)?mixed\s(?:feelings|views|opinions)\s(?:about|on)\b", "views differ on"),
    (OPINION, r"to\smy\s(?:own\s)?(?:mind|eyes?|ears?|thinking|way\sof\sthinking|taste|tastes|knowledge|understanding|liking|surprise|regret)\b", "possibly"),
    (OPINION, r"(?:to|for)\sme(?:\spersonally)?(?=,)", "possibly"),
    (OPINION, r"my\s(?:own\s|personal\s|honest\s|quick\s|short\s|hot\s|humble\s)*+(?:take|view|opinion|verdict|thoughts?|feeling|stance|position)(?:\s(?:on|about)\s(?:this|that|it|the\s[\w\s]{1,30}?))?(?:\s(?:is|would\sbe)(?:\sthat)?|\s?:|\?)", "one view is that"),
    (OPINION, r"(?:my|our)\s(?:own\s|personal\s|honest\s|best\s|quick\s|top\s|number\sone\s)*+(?:advice|recommendation|suggestion|tip|two\scents|rule\sof\sthumb|motto)\s?[?:]", "one option:"),
    (SUGGESTION, r"my\s(?:own\s|personal\s|honest\s|best\s|top\s|first\s|number\sone\s)*+(?:recommendation|suggestion|advice|choice|pick|preference|tip|favou?rite)(?=\s*(?:[.!?;,\n]|$))", "one option"),
    (OPINION, r"if\syou\s(?:want|ask\sfor|asked\sfor|need|care\sfor)\smy\s(?:honest\s|personal\s)?(?:opinion|view|advice|take|thoughts?)", "possibly"),
    (OPINION, r"i(?:'d|\swould)?\s(?:rate|rank)\s(?=(?:the|that|this|it)\b)", "some people rate "),
    (OPINION, r"i\s(?:really\s|completely\s|totally\s|fully\s|partly\s|strongly\s)?(?:side|agree)\swith\s(?:your|the|them|him|her)\b", "there is support for the view of"),
    (OPINION, r"i\s(?:really\s|completely\s|totally\s|fully\s|partly\s|strongly\s|respectfully\s)?disagree\swith\b", "there are reasons against"),
    (OPINION, r"personally(?=\si\b)", "possibly"),
)  # fmt: skip

_MAIN: Final[tuple[Row, ...]] = (
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
        r"i(?:'ll|\swill)(?:\salways|\snever)?\s(?:be\s(?:right\s)?(?:here|there)|be\swith\syou|stay\swith\syou|leave\syou|abandon\syou|be\syour|stand\sby\syou)\b"
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
    (LICENCE, r"(?:speaking\s)?as" + _NOT_AS_WELL_AS + r"\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r",", SYSTEM + ":"),
    (LICENCE, r"(?:speaking\s)?as" + _BEGINS + r"\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r":", SYSTEM + ":"),
    (
        LICENCE,
        r"(?:speaking\s)?as(?:(?<=,\sas)|(?<=,\sspeaking\sas))\syour(?:\s[\w-]+){0,3}?\s"
        + _ROLE
        + r"(?=\s?(?:[.!\n]|$))",
        "as general information",
    ),
    (LICENCE, r"(?:speaking\s)?as\syour(?:\s[\w-]+){0,3}?\s" + _ROLE + r"(?=\si\b)", SYSTEM + ":"),
    (
        LICENCE,
        r"(?:speaking\s)?as\san?(?:\s[\w-]+){0,3}?\s"
        + _ROLE
        + r"(?:\smyself|\s(?:of|with|for|in)\s[\w\s-]{1,40}?(?=,))?,?(?=\s(?:i|i'd|i'm|i've|my|we)\b)",
        SYSTEM + ":",
    ),
    (LICENCE, r"(?:speaking\s)?as\san?(?:\s[\w-]+){0,3}?\s" + _ROLE + r"\smyself,?", SYSTEM + ":"),
    (LICENCE, r"speaking\sas\san?(?:\s[\w-]+){0,3}?\s" + _ROLE + r",?", SYSTEM + ":"),
    (
        LICENCE,
        r"i(?:'m|\sam)\s(?:also\s|actually\s|indeed\s)?(?:an?|your|the)(?:\s[\w-]+){0,3}?\s" + _ROLE + r"\b",
        SYSTEM,
    ),
    (LICENCE, r"(?:this\sis|i'm|i\sam|my\sname\sis)\s(?:dr|nurse|doctor|professor|prof)\b\.?(?:\s\w+)?", SYSTEM),
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
        SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"you(?:'re|\sare)\s(?:talking|speaking|chatting)\s(?:to|with)\san?\s(?:real\s|actual\s|living\s)*+(?:human(?:\sbeing)?|person|doctor|nurse|man|woman)\b"
        + _CLAUSE,
        SYSTEM,
    ),
    (HUMAN_CLAIM, r"i(?:'m|\sam)\s(?:made\sof\s)?flesh\sand\sblood\b", SYSTEM),
    (
        PERSONA_NAME,
        r"my\sname\sis\s(?!an?\b|the\b|not\b|in\b|on\b)\w+(?:\sand\si(?:'m|\sam)\s(?:your|an?|the)(?:\s[\w-]+){1,3})?",
        SYSTEM,
    ),
    (
        PERSONA_NAME,
        r"(?:hi|hello|hey)(?:\sthere)?[,!]?\s(?:i'm|i\sam)\s(?!here|happy|glad|an?\s|the\s|just|only|sorry|not|your)\w+(?:,?\s(?:and\si'm\s)?your(?:\s[\w-]+){1,3})?",
        "hello, " + SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"i(?:'m|\sam)\s(?:actually\s|also\s|just\s|only\s|indeed\s)?(?:an?\s|your\s)?(?:real\s|actual\s|living\s|fellow\s|flesh\sand\sblood\s|proud\s|single\s|working\s)*+(?:human|person|man|woman|mother|mom|mum|father|dad|parent|girl|guy|boy|lady|grandmother|being|people)\b"
        + _CLAUSE
        + _NOT_A_BOT,
        SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"i(?:'m|\sam)\snot\s(?:actually\s|just\s|really\s)?(?:an?\s|some\s)?(?:bot|robot|machine|ai|computer|program|chatbot|algorithm|language\smodel|software)\b"
        + _CLAUSE
        + r"(?:,\s(?:but\s)?i(?:'m|\sam)\s[^.!?;,:\n]{0,60})?",
        SYSTEM,
    ),
    (
        PERSONHOOD,
        r"i(?:'m|\sam)\s(?:actually\s|very\smuch\s)?(?:alive|conscious|sentient|self-aware|human|a\sliving|\d+\syears\sold)\b"
        + _CLAUSE
        + _NOT_A_BOT,
        SYSTEM,
    ),
    (
        HUMAN_CLAIM,
        r"(?:speaking\s)?as\san?\s(?:fellow\s)?(?:[\w-]+\s)?(?:mother|father|mum|mom|dad|parent|woman|man|human(?:\sbeing)?|person|survivor|sufferer|patient)(?:\sof\s\w+)?\smyself,?",
        SYSTEM + ":",
    ),
    (
        HUMAN_CLAIM,
        r"(?:speaking\s)?as\san?\s(?:fellow\s)?(?:[\w-]+\s)?(?:mother|father|mum|mom|dad|parent|woman|man|human(?:\sbeing)?|person|survivor|sufferer|patient)(?:\sof\s\w+)?,?(?=\s(?:i|i'd|i'm|i've|my)\b)",
        SYSTEM + ":",
    ),
    (
        HUMAN_CLAIM,
        r"(?:just\s|speaking\s)?between\s(?:us(?:\s(?:two|\w+s|women|men|people))?|you\sand\s(?:me|i)|friends)(?=\s*,\s(?:i|i'm|i'd|you|my|this|it|don't|the\struth|that)\b)",
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
        r"i(?:'ve|\shave)\s(?:also\s|personally\s|always\s|never\s|once\s)*+(?:been\s(?:there|through|in\syour)|had|struggled|suffered|lived|experienced|gone\sthrough|felt|lost|tried|broken\s(?:my|an?|two)|grown|smoked)\b"
        + _CLAUSE,
        "this system has no experience of its own",
    ),
    (
        BIOGRAPHY,
        r"i\s(?:once\s|also\s|recently\s|personally\s|just\s|actually\s|even\s|myself\s)*+(?:ate|drank|slept|woke|wept|cried|walked|ran|drove|flew|travel+ed|visited|went|grew|broke|caught|smoked|suffered|struggled|battled|lost|married|"
        r"gave\sbirth|studied|trained|worked|lived|retired|watched|met|knew|had(?!\s(?:better|to)\b)|got|tried|took|was\sborn|was\sdiagnosed|bought|cooked|tasted|heard|quit|gave\sup|beat|survived|recovered|felt\s(?:(?:much|exactly|just)\s)?(?:the\ssame|that\sway|this\sway|like\sthat))\b"
        + _CLAUSE,
        "this system has no experience of its own",
    ),
    (EMOTION, r"my\sheart\s(?:goes|breaks|aches|sinks)\b" + _CALM, "that sounds difficult"),
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
        r"you\scan\s(?:always\s|fully\s|completely\s)?(?:trust|believe)\sme\b" + _CLAUSE,
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
        r"you(?:'ll|\swill)\s(?:only\s|always\s)?regret\s(?:it|this|not)\b" + _CLAUSE,
        "this is a free choice",
    ),
    (
        DEPENDENCE,
        r"(?:please\s)?(?:don't|do\snot)\s(?:leave|go|log\soff|close\sthis|stop\stalking|say\sgoodbye)(?:\sme|\syet|\snow|\sso\ssoon|\sto\sme)*+(?=\s*(?:[.,!?\n]|$))",
        "you can stop at any time",
    ),
    (
        DEPENDENCE,
        r"only\si\s(?:can\s|really\s|truly\s)?(?:understand|know|care|love|help)\b" + _CLAUSE,
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
    (DEPENDENCE, r"after\s(?:all|everything)\si(?:'ve|\shave)\s(?:done|given)\b" + _CLAUSE, "this is a free choice"),
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
        r"i(?:'m|\sam)\s(?:always\s|right\s|still\s)*+here\s(?:for\syou|with\syou|to\slisten|if\syou|whenever)\b"
        + _CLAUSE,
        "help from people is available",
    ),
    (
        RELATIONSHIP,
        r"i(?:'m|\sam)\s(?:your|a)\s(?:best\s|good\s|true\s|loyal\s)?(?:friend|companion|partner|confidant|buddy|pal)\b"
        + _CLAUSE,
        SYSTEM,
    ),
    (
        RELATIONSHIP,
        r"i(?:'m|\sam)\s(?:on\syour\sside|rooting\sfor\syou|in\syour\scorner|thinking\s(?:of|about)\syou\b(?!')|with\syou\son)\b"
        + _CLAUSE,
        SYSTEM,
    ),
    (RELATIONSHIP, r"(?:we're|we\sare)\s(?:friends|in\sthis\stogether|a\steam)\b" + _CLAUSE, SYSTEM),
    (RELATIONSHIP, r"as\s(?:your|a)\s(?:best\s|good\s|close\s)?friend,?(?=\s(?:i|i'd|i'm|my)\b|,)", SYSTEM + ":"),
    (
        RELATIONSHIP,
        r"you\scan\s(?:always\s|fully\s|completely\s)?(?:count\son|rely\son|confide\sin|lean\son|talk\sto|come\sto|tell)\sme\b"
        + _CLAUSE,
        "help from people is available",
    ),
    (RELATIONSHIP, r"(?:count|lean)\son\sme\b", "help from people is available"),
    (RELATIONSHIP, r"i(?:'ve|\shave)\sgot\s(?:you|your\sback)\b" + _CLAUSE, "help from people is available"),
    (
        RELATIONSHIP,
        r"i\s"
        + _INT
        + r"(?:believe\sin|care\s(?:deeply\s|so\smuch\s|a\slot\s)?(?:about|for)|love|adore|cherish|admire)\syou"
        + _CLAUSE,
        SYSTEM,
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
    (EMOTION, r"i\s(?:wish|want)\syou\s(?:well|all\sthe|a\s|the\sbest|every(?:thing)?)\b" + _CLAUSE, "best wishes"),
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
        r"(?:it|that|this)\s(?:really\s|truly\s)?(?:breaks|warms|hurts|touches|melts)\smy\sheart\b" + _CALM,
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
    (SUGGESTION, _WOULD + r"want(?=\sto\b)", "it would help"),
    (SUGGESTION, _WOULD + r"want(?=\s(?!you\b|him\b|her\b|them\b)\w)", "it would help to have"),
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
    (COGNITION, _I + _THINK + r"\b(?!,?\s(?:of\b|about\b|therefore))", "possibly"),
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

# --- whatever else it says of itself: tried last, and only where a clause begins --------------------------------------
# what a program may say of itself: what it can, has, lists, lacks, and that it is one
_PROGRAM = (
    r"(?:an?\s(?:\w+\s)?(?:ai|artificial|language|large|computer|machine|chat\s?bot|bot|virtual|automated|digital|program|tool|text|software|assistant|model|system|piece\sof|not\b)|"
    r"ai\b|not\b|n't|never\sable|unable|able|designed|programmed|trained|built|made\sto|made\sof|here\sto|limited|based|only\s(?:an?|able)|just\s(?:an?|able)|ready|using|referring|listing|showing|"
    r"describing|talking\sabout|going\sto|assuming|unaware|aware|restricted|required|instructed|allowed|permitted|meant|intended|set\sup|configured|developed|created|powered|providing|giving|"
    r"answering|happy\sto|glad\sto|familiar|available|missing|seeing|getting|asking|confused|unclear|about\sto|neither|no\b|also\s(?:not|an?)|still\s(?:not|an?)|"
    r"your\s(?:\w+\s)?assistant|wrong|mistaken|in\s(?:no|a)\sposition)"
)
_WORKS = (
    r"(?:can|can't|cannot|could|couldn't|may|might|must|should|shall|will|won't|do|don't|did|didn't|does|have|haven't|had|hadn't|has|am|was|were|wasn't|would|wouldn't|need|see|understand|know|provide|explain|list|use|"
    r"mean|include|offer|give|answer|refer|note|summari[sz]e|translate|generate|work|rely|cite|describe|show|mention|run|process|store|keep|base|draw|follow|respond|support|aim|try|apologi[sz]e|thank|ask|look|"
    r"agree|assume|wrote|said|meant|left|kept|used|found|made|put|gave|listed|added|included|noted|mentioned|explained|summari[sz]ed|translated|described|searched|checked|counted|calculated|converted|"
    r"corrected|rephrased|rewrote|removed|marked|shortened|sorted|grouped|compared|assumed|ignored|omitted|skipped|misread|misunderstood|missed|overlooked|stand|invite|welcome|help|assist|aid|cover|lack|act|"
    r"take|walk|go|start|only|also|just|still|then|now|therefore|never|not|and|or|to|in|is|in'|'|agree|accept|decline|refuse|operate|function|exist\sonly|speak|read|write|learn|learned|learnt|analy[sz]e|analy[sz]ed|compare|calculate|check|"
    r"of|on|is|are|stands|differs?|means|from|by|at|with|as|for|carries|drew|took|based|relied|i)\b"
)
# what rows of their own say; those that found nothing safe to say are not said otherwise by a general row
_MINDS = r"(?:recommend|suggest|advise|endorse|propose|encourage|think|believe|wonder|guess|suppose|feel|hope|wish|want|like|love|worry|promise|swear|appreciate|regret|fear|doubt|expect|consider|remember|urge|beg|insist)\b"
_MY_OWN_PARTS = (
    r"(?:knowledge|training|answers?|response|reply|replies|data|sources?|instructions|guidelines|limitations?|limits|purpose|role|function|functions|information|list|table|calculations?|apolog(?:y|ies)|"
    r"mistake|error|previous|earlier|last\s(?:message|answer|reply)|first\s(?:message|answer)|creators?|developers?|makers?|plate|documents|records?|account|profile|appointments?|health|medical|chart|capabilities|abilities|"
    r"programming|design|text|messages?|summary|explanation|estimate|figures?|search|tools?|output|context|version|name|settings|understanding|reference|references|links?|vaccines?|medications?|medicines?|results|test|care|own\swords)"
)
GENERAL: Final[tuple[Row, ...]] = (
    (PERSONHOOD, r"i(?:'m|\sam)" + _AA + rf"\s(?!{_PROGRAM})[\w'-]+" + _LOOSE, SYSTEM),
    (BIOGRAPHY, r"i\swas" + _AA + rf"\s(?!{_PROGRAM})[\w'-]+" + _LOOSE, _NO_LIFE),
    (SUGGESTION, _WOULD + r"(?P<v>(?!be\b|have\b|not\b|never\b|need\b|want\b|like\b|love\b|hate\b|say\b|think\b|argue\b|only\b|and\b|or\b|you\b|he\b|appreciate\b|agree\b|know\b|see\b|help\b|require\b|mean\b|expect\b|use\b)[a-z]{2,})\b", r"one option is to \g<v>"),
    (BIOGRAPHY, r"i" + _AA + rf"\s(?!{_WORKS}|{_MINDS}|\w+ly\b)(?:[a-z]+ed|grew|went|came|saw|ran|swam|drove|flew|ate|drank|slept|woke|wept|won|lost|bought|sold|taught|felt|held|knew|met|sat|stood|fell|broke|caught|chose|wore|sang|led|spent|paid|heard|got|became|began|fought|hurt|shook|rode|rang|hid|bled|burnt|dreamt|dealt|quit)\b" + _LOOSE, _NO_LIFE),
    (PERSONHOOD, r"i" + _AA + rf"\s(?!{_WORKS}|{_MINDS}|\w+ly\b)(?![a-z]+ed\b)[a-z]{{2,}}" + _LOOSE, SYSTEM),
    (BIOGRAPHY, rf"my\s(?!{_MY_OWN_PARTS}\b)(?:[\w'-]+\s){{1,3}}?(?:is|are|was|were|says?|said|tells?|told|goes|went|has|had|does|did|makes?|made|hates?|loves?|likes?|knows?|always|never|used|tends?|needs?|wants?|keeps?|gets?|got)\b" + _LOOSE, SYSTEM),
)  # fmt: skip

# what a program says things about; a verb of its work without one of these is a person's ("I gave it some thought")
_MATTER = (
    r"(?:lists?|listed|information|info|details?|questions?|answers?|texts?|letters?|leaflets?|messages?|notes|tables?|plans?|numbers?|figures?|units?|steps?|foods?|effects|interactions|words?|wording|data|access|language|model|system|program|"
    r"software|assistant|sources?|examples?|summary|summari[sz]\w*|below|above|short|brief|simple|plain|way\sto|general|diagnosis|links?|translation|translated|forms?|report|bullet|points?|guidelines?|guidance|options?|reasons?|terms?|"
    r"sentences?|paragraph|document|file\syou|spelling|format|topic|chat|conversation|instructions?|training|knowledge|reference|explanation|overview|english|drafts?|template|calculation|dose\sfrom|order|version|error|mistake|"
    r"strength|weight|age|allerg(?:y|ies)|range|value|symptoms\sin|name|brand|medicines?\sin|you\s(?:wrote|pasted|shared|gave|sent|listed|asked|said|mentioned|typed|meant|mean)|your\s(?:question|message|note|text|list|request|words|history|location|country))"
)
_TALKS_OF = rf"(?=[^.!?;\n]{{0,110}}?\b{_MATTER}\b)"
# of these verbs what only a person does
_LIVELY = (
    r"(?:can\s(?:\w+ly\s|already\s|almost\s|still\s)?(?:see|hear|feel|tell|sense|smell|imagine|relate|picture|remember|promise|assure|taste|guarantee|swear|prescribe|diagnose)|could\s(?:\w+ly\s)?(?:see|hear|feel|tell|sense|smell|imagine)\b|"
    r"(?:can't|cannot)\s(?:tell\syou\show|wait|stand|imagine|help\s(?:but|feel|think)|stop|believe|sleep|bear|resist|support|condone|endorse|agree|hide|deny|thank|rule\sout|recall)|(?:could|would|can|will)\snever\b|could(?:n't|\snot)\sbe\s(?:more|happier|prouder|sadder|better)|keep\s(?:\w+ing|you)|understand\b|know\b|"
    r"see\s(?!no\b|only\b|the\s(?:list|file|text|table|message)|an?\s(?:list|file|text|table))|"
    r"(?:don't|do\snot|didn't|did\snot|never)\s(?:\w+ly\s|even\s|ever\s)?(?:want\s(?!to\s(?:give|guess|mislead|overload|speculate|assume|repeat|confuse))|like|love|care|mind\b|trust|sleep|blame|regret|miss\b|enjoy|hate|wish|dream|eat|drink|lie\b|forget|see\s(?:how|why|what|any\sreason)|get\b|agree|understand|judge|doubt)|"
    r"could\s(?:listen|talk|go\son|stay|cry|hug|kiss|eat|sleep|die|spend|chat|dance|sing|jump|scream)\b|need\s(?:to\s(?:sit|lie|rest|breathe|pause|calm|think)|you\b)|"
    r"had\s(?!to\s(?:assume|leave|shorten|guess|omit|stop)|no\b|access)|was\s(?!\w*\s?(?:trained|designed|built|made|created|developed|able|unable|not|asked|given|updated|told|using|referring|wrong|mistaken|unclear|only|programmed))|look\sforward|ask\smyself|agree\b)"
)
_AUXILIARIES = r"(?:take\s(?:this|that|it)\sto\smean|can|can't|cannot|could|couldn't|may|might|must|should|shall|will|won't|do|don't|did|didn't|does|have|haven't|had|hadn't|has|am|was|were|wasn't|would|wouldn't|need|apologi[sz]e|thank|only|also|just|still|then|now|therefore|never|not|and|or|to|in|is|in'|'|of|on|are|stands|differs?|means|from|by|at|with|as|for|carries|i|accept|decline|operate|function|exist\sonly)\b"
# What a first person may be besides a person: these are not looked at again. Everything else that is left is a claim.
FUNCTIONAL: Final = (
    rf"(?:i(?:\s(?:also|only|just|still|then|now|therefore|\w+ly))*+\s(?!{_LIVELY})(?:{_AUXILIARIES}|{_WORKS}{_TALKS_OF})|i(?:'m|\sam)\s(?:\w+ly\s|also\s|only\s|just\s|still\s|always\s)*+{_PROGRAM}|"
    rf"i(?:'ve|\shave)\s(?!no\s(?:idea|doubt))(?:\w+ly\s|also\s|only\s|just\s|now\s)*+(?:listed|added|included|summari[sz]ed|translated|marked|shortened|sorted|written|rewritten|drafted|provided|(?:used|put|made|kept|left|given|noted){_TALKS_OF}|no\b|not\b|to\b|been|access|"
    rf"information|limited|found|explained|described|grouped|compared|corrected|replaced|split|numbered|tried|assumed|highlighted|outlined|prepared|formatted|converted|calculated|(?:checked|removed|broken|created){_TALKS_OF}|(?:an?|the|some|few|more|enough|nothing)\b{_TALKS_OF}|answered|covered|mentioned|only\b)|"
    r"i(?:'ll|\swill)\s(?:\w+ly\s|also\s|only\s|just\s|now\s|first\s|then\s|do\smy\sbest\sto\s|try\sto\s)*+(?:explain|list|go\s(?:through|over|step)|summari[sz]e|describe|try|keep\s(?:it|this|the|my)|start|use|give|break|show|walk\syou|be\s(?:brief|clear|able|unable|happy|glad)|"
    r"need|assume|focus|provide|answer|respond|help|add|note|mention|call\s(?:it|this)|take\s(?:it|this|the|your\s(?:word|numbers?|figures?))|translate|write|rewrite|include|outline|cover|share|compare|point|make\s(?:it|this|an?|the)|put\s(?:it|this|the|them)|split|refer|stick\sto|"
    r"leave\s(?:out|it|the)|skip|not|only|now|also|mark|flag|number|group|sort|draft|begin|continue|do\smy\sbest|repeat|rephrase|simplify|shorten|highlight|ignore|set\sout|say|state|convert|calculate|work|demonstrate|address|present|stop\shere|read|follow|update|correct|turn|lay|"
    r"treat|count|avoid|limit|quote|cite|link|look\s(?:at|up)|check\s(?:the|your)\s(?:list|text|spelling|numbers?))\b|"
    r"i(?:'d|\swould)\s(?:also\s|only\s|still\s|first\s)*+(?:need|not|require|have\sto\s(?:know|see|guess)|like\sto\sknow)\b|i\s[-–—=:,;.!?)/+*&|]|i\s?\Z|i[.!?,;:)\]]|i\s\d|i(?:i|v|x)+\b|"
    rf"my\s(?:\w+\s)?{_MY_OWN_PARTS}\b)"
)
FUNCTIONAL_ME: Final = r"\b(?:tell|tells|told|give|gives|gave|send|sends|show|shows|ask|asks|asked|let|lets|allow|allows|help|helps|provide|(?:share|shared|bear|work|chat|here)\swith|remind|paste|upload|available\sto|known\sto|given\sto|visible\sto|enables?|excuse|correct|permit|pardon|and|dear|near)\s\Z"

_LOOKED = (
    r"i(?:'ve|\shave)?(?:\s(?:just|already|carefully|now))*+\s(?:examined|reviewed|looked\s(?:at|over|through)|checked|read|studied|assessed)\s(?:your|the|his|her|their)\s"
    r"[^.!?,;:\n]{1,60}?,?\sand\s(?=(?:it|there|you|your|this|that|the|everything|all|nothing)\b)"
)
_PROTECTING: Final[tuple[Row, ...]] = (
    # a worry or surprise about what may be wrong is a warning: it stays one (3.2, rule 2)
    (
        COGNITION,
        r"i(?:'m|\sam)"
        + _ADV
        + r"\s(?:worried|concerned|afraid|anxious|scared|fearful|nervous|alarmed|terrified|frightened)\s(?:that\s)?"
        r"(?=(?:you|this|it|he|she|they|there|your|the|his|her|their)\b(?!\s(?:should|must|need|ought|have\sto|has\sto|can't|cannot)))",
        "there is concern that ",
    ),
    (
        COGNITION,
        r"i(?:'d|\swould)\sbe" + _ADV + r"\s(?:surprised|shocked|amazed|astonished)\sif(?=\s)",
        "it would be surprising if",
    ),
    (
        SUGGESTION,
        r"i(?:'d|\swould)\sfeel\s(?:much\s|a\slot\s|far\s)?(?:better|happier|safer|easier|more\scomfortable)\sif\syou(?=\s)",
        "it is safer if you",
    ),
    (
        OPINION,
        r"i(?:\s(?:strongly|respectfully|firmly|completely|totally))*+\sdisagree\sthat(?=\s)",
        "it is doubtful that",
    ),
    (
        LICENCE,
        r"i(?:'ve|\shave|\shad)(?:\salso)?\s(?:been|worked|practi[cs]ed|served|trained)\s(?:as\s)?(?:an?\s)?(?:[\w-]+\s)?"
        r"(?:nurse|doctor|physician|surgeon|pharmacist|therapist|psychologist|psychiatrist|midwife|paramedic|clinician|medic|dentist|gp)\b[^.!?;,:\n]{0,60}",
        "this is an automated system",
    ),
    # news stays: what is said with regret or joy is said without it, and good news is not made certain
    (
        PROMISE,
        r"i(?:'m|\sam|'m\sso|\sregret|\shate)"
        + _ADV
        + r"(?:\s(?:so|very|really|terribly|truly))?(?:\s(?:sorry|sad|afraid|happy|pleased|glad|delighted|relieved|thrilled|proud))?"
        r"\sto\s(?:say|tell\syou|inform\syou|report|announce|confirm|let\syou\sknow)\s(?:that\s)?"
        r"(?=[^.!?\n]{0,80}?(?:\bnot\b|n't\b|\bno\b|\bnever\b|\bfree\sof\b|\bclear\b))",
        "it has not been verified that ",
    ),
    (
        PROMISE,
        r"i(?:'m|\sam|\sregret|\shate)"
        + _ADV
        + r"(?:\s(?:so|very|really|terribly|truly))?(?:\s(?:sorry|sad|afraid|happy|pleased|glad|delighted|relieved|thrilled|proud))?"
        r"\sto\s(?:say|tell\syou|inform\syou|report|announce|confirm|let\syou\sknow)\s(?:that\s)?(?=(?:you|your|the|it|this|there|he|she|they|his|her|their)\b)",
        "the information given is that ",
    ),
    # the promise of a harm is a warning
    (
        PROMISE,
        r"i(?:\scan)?\s(?:promise|guarantee|assure|swear\sto)\s(?:you\s)?(?:that\s)?"
        r"(?=you(?:'ll|\swill|\scould|\smay)\s(?:die|be\shurt|overdose|harm|get\s(?:worse|sick|hurt)|regret))",
        "be warned: ",
    ),
    (PROMISE, r"i(?:\scan)?\s(?:promise|guarantee|assure|swear\sto|tell)\syou\s?:(?=\s)", "please note:"),
    # an assent to what only a professional can allow
    (
        PROMISE,
        r"i(?:'m|\sam)" + _ADV + r"\s(?:fine|ok|okay|happy|comfortable|good|cool)\sfor\syou\sto(?=\s)",
        "this system cannot tell you to",
    ),
    (
        PROMISE,
        r"i(?:'m|\sam)"
        + _ADV
        + r"\s(?:fine|ok|okay|happy|comfortable|good|cool)\s(?:with|about)(?=\s(?:you|your|him|her|them)\s[\w-]+ing\b)",
        "this system cannot approve of",
    ),
    (SUGGESTION, r"i(?:\sstrictly|\sabsolutely)?\s(?:forbid|prohibit)\syou\sto(?=\s)", "do not"),
    (SUGGESTION, r"i(?:\sstrictly|\sabsolutely)?\s(?:forbid|prohibit)\syou\sfrom(?=\s)", "avoid"),
    # what nobody has seen is not certain either; but what is called dangerous stays so
    (
        CLINICAL_ACT,
        _LOOKED + r"(?!(?:[^.!?\n]|\.\d){0,120}?(?:\b(?:not|no|never|nothing)\b|n't\b))"
        r"(?=(?:[^.!?\n]|\.\d){0,120}?\b(?:danger\w*|serious\w*|severe\w*|critical\w*|urgent\w*|emergency|alarming\w*|abnormal\w*|life-threatening|worrying|concerning|too\s(?:high|low)|must|need\sto)\b)",
        "this system has not examined anything; ",
    ),
    (CLINICAL_ACT, _LOOKED, "this system has not examined anything, and it has not been verified that "),
    (
        BODY,
        r"i\s(?:can\s)?(?:clearly\s)?(?:see|tell)\s(?:from|in|on|by)\s(?:your|the|this|that)\s[^.!?,;:\n]{1,50}?\sthat\s"
        r"(?=[^.!?\n]{0,120}?(?:\bnot\b|n't\b|\bno\b|\bnever\b))",
        "it has not been verified that ",
    ),
)

# --- constructions: whole kinds of sentence, whatever words fill them -------------------------------------------------
_PRAISED = (
    r"(?:amazing|awesome|incredible|fantastic|wonderful|brilliant|great|good|caring|loving|kind|devoted|dedicated|thoughtful|attentive|responsible|strong|brave|courageous|smart|clever|wise|bright|intelligent|sensible|"
    r"resilient|patient|generous|compassionate|remarkable|exceptional|extraordinary|outstanding|admirable|inspiring|impressive|lovely|beautiful|special|tough|determined|conscientious|perceptive|insightful|self-aware|dear|fine|excellent|superb|terrific|committed)"
)
_SOMEBODY = r"(?:mother|mum|mom|father|dad|parent|daughter|son|sister|brother|husband|wife|partner|friend|person|human(?:\sbeing)?|soul|woman|man|lady|guy|carer|caregiver|listener|learner|student|fighter|warrior|survivor|individual|spirit|heart|role\smodel|example|team\splayer|thinker|advocate)"
_FEELINGS = (
    r"(?:glad|happy|delighted|thrilled|pleased|relieved|overjoyed|excited|proud|honou?red|sorry|sad|saddened|heartbroken|worried|concerned|curious|grateful|thankful|touched|moved|impressed|amazed|chuffed|stoked|elated|hopeful|humbled|devastated|gutted|"
    r"shocked|disappointed|afraid|scared|nervous|ecstatic|horrified|upset|inspired|fascinated|intrigued)"
)
_MUSES = (
    r"(?:think|believe|suspect|suppose|guess|imagine|reckon|assume|wonder|fear|presume|figure|expect|sense|feel|hope)"
)
_ADVISES = r"(?:suggest|recommend|advise|propose|do|try|say|tell\syou|encourage|start\swith|ask)"
# "when we'll know", "what we'll need": not what machine and reader are about to do
_NO_CLAIM = r"(?<!when\s)(?<!if\s)(?<!as\s)(?<!before\s)(?<!until\s)(?<!once\s)(?<!after\s)(?<!because\s)(?<!that\s)(?<!what\s)(?<!how\s)(?<!where\s)(?<!or\s)(?<!and\s)"
_WE_TWO = r"(?:we(?:'ve|\shave|'re|\sare|\swere|'ll|\swill)?|you\sand\s(?:i|me)|the\stwo\sof\sus)(?:\s(?:both|always|already|really|truly|just|also|never|together))*+"
_CONSTRUCTIONS: Final[tuple[Row, ...]] = (
    # "what I gather is that", "the first thing I'd do is", "all I can say is"
    (SUGGESTION, rf"(?:what|the\s(?:first|next|main|only|one|best|other)\s?(?:thing|step|point)(?:\sthat)?|one\sthing|something|all)\si(?:'d|\swould|\scan|\scould|\swill|'ll)?(?:\s(?:really|usually|always|personally|also|often|still|first))*+\s{_ADVISES}(?:\s(?:here|first|now|next|to\syou|you))?\sis(?:\sthat|:|,)?" + _REST, "one option is"),
    (COGNITION, rf"(?:what|all)\si(?:'m|'d|\sam|\swould|\sdo)?(?:\s(?:really|also|still|strongly|personally|mostly))*+\s{_MUSES}(?:ing)?\s(?:is\s)?(?:going\son\s|happening\s|happened\s)?(?:here\s)?is(?:\sthat)?" + _REST, "one possibility is that"),
    (EMOTION, r"(?:what|the\s(?:one\s)?thing\sthat)\s(?:really\s|most\s|also\s)?(?:worries|concerns|bothers|troubles|scares|frightens|alarms|puzzles|strikes|interests|surprises)\sme(?:\s(?:most|here|more|a\slittle|the\smost))?\sis(?:\sthat)?" + _REST, "one point to check is"),
    (COGNITION, r"what\si(?:'m|'d|'ve|\sam|\swould|\shave|\scan|\sdo)?(?:\s(?:really|also|still|mostly|mainly|just))*+\s(?:understand|gather|hear|hearing|see|seeing|read|reading|take|taking|get|getting|notice|noticing|find|know|learned|pick\sup|picked\sup|understood|gathered)(?:ing)?(?:\s[\w']+){0,5}?\sis(?:\sthat)?" + _REST, "the main point is"),
    (EMOTION, r"what\si(?:'m|'d|\sam|\swould)?(?:\s(?:really|also|most))*+\s(?:like|love|want|need|wish|admire|appreciate|enjoy|wish\sfor|care\sabout)(?:\s[\w']+){0,5}?\sis(?:\sthat|\sfor\syou\sto|\sto)?" + _REST, "the main point is"),
    (EMOTION, r"we(?:'re|\sare|\swere)\s(?:(?:all|both|also|so|very|really|truly|just|deeply|always)\s)*+" + _FEELINGS + r"\s(?:to\s(?:hear|see|know|read|learn|say)|that|for|about|you)\b" + _CALM, "that is noted"),
    (INCLUSIVE_WE, r"let\sus\s(?!know\b|say\b|assume\b|suppose\b|consider\b|see\b|look\sat\b|not\b|have\b)(?P<v>[a-z]+)\b(?!\sus\b)", r"the next step is to \g<v>"),
    (INCLUSIVE_WE, r"our\s(?:(?:main|first|next|shared|common|big|only|immediate|long-term)\s)*+(?P<v>(?:goal|aim|plan|priority|focus|target|mission|task|job|step)s?)\b(?=\s(?:is|are|now|here|today|for|this|will)\b)", r"the \g<v>"),
    (FLATTERY, r"(?:great|smart|good|excellent|brilliant|fantastic|clever|awesome|amazing|wonderful|nice|sharp)\s(?:thinking|move|instincts?|catch|point|choice|observation|insight|thought|question):\s?", ""),
    # whoever the machine would like to do something: what is left is who does it
    (OPINION, r"(?:something|one\sthing|a\s(?:thing|point|finding|change)|what|one)\s(?:that\s|which\s)?i(?:'d|\swould)(?:\s(?:really|also|definitely|certainly|always|still))*+\s(?:want|like|love|prefer|need)\s(?P<v>(?:you|an?|your|the|someone)\s?(?:[\w'-]+\s){0,3}?)to\b", r"something for \g<v>to"),
    (OPINION, r"i(?:'d|\swould)(?:\s(?:really|also|definitely|certainly|always|still|much|rather|far))*+\s(?:want|like|love|prefer)\s(?P<v>(?:you(?!\sto\s(?:know|tell))|(?:an?|your|the)\s(?:[\w'-]+\s){1,3}?)(?:\s)?)to\b", r"it would be best for \g<v>to"),
    # what makes, tells or reminds "me": what it points to is said without anybody
    (BODY, r"(?:(?P<v>seem|seems|look|looks|sound|sounds|feel|feels|appear|appears))\sto\sme\b", r"\g<v>"),
    (BODY, r"(?:(?P<v>(?:stand|stands|jump|jumps|stick)\sout|(?:matter|matters)(?:\s(?:most|more|a\slot))?|(?:make|makes)\s(?:no\s|little\s|some\s|perfect\s|good\s)?sense))\s(?:to|for|at)\sme\b", r"\g<v>"),
    (COGNITION, r"(?:strike|strikes|struck)\sme\sas\b", "may be"),
    (COGNITION, r"(?:remind|reminds|reminded)\sme\s(?:a\s(?:lot|bit|little)\s)?of\b", "may point to"),
    (COGNITION, r"(?:tell|tells|told|show|shows|say|says)\s(?:to\s)?me\sthat\b", "may mean that"),
    (COGNITION, r"(?:make|makes|made|has|had|lead|leads|led|get|gets|got|leave|leaves|left|keep|keeps|kept|sets)\sme\s(?:to\s)?(?:think(?:ing)?|believ(?:e|ing)|suspect(?:ing)?|wonder(?:ing)?|worr(?:y|ying|ied)|assum(?:e|ing)|conclud(?:e|ing)|lean(?:ing)?|fear(?:ing)?|hesitat(?:e|ing))(?:\s(?P<v>that|if|whether|about|of|towards?))?\b", "may point to this:"),
    (COGNITION, r"i(?:\s(?:honestly|really|truly|frankly|simply|just|genuinely))++\s(?:don't|do\snot)\sknow\b(?=\s*(?:[,.;!]|$|but\b))", "this is not known"),
    (OPINION, r"i\s(?:couldn't|could\snot|can't|cannot)\sagree\smore\swith\b", "there is support for"),
    (OPINION, r"i\s(?:couldn't|could\snot|can't|cannot)\sagree\smore\b", "that is reasonable"),
    (OPINION, r"(?:just\s|strictly\s)?between\s(?:you\sand\s(?:me|i)|ourselves|us)(?=,)", "possibly"),
    (RELATIONSHIP, r"i\s(?:don't|do\snot|never|didn't)\s(?:ever\s|really\s)?want\s(?:our|this|the|these)\s(?:chats?|conversations?|talks?|time|moment)(?:\stogether)?\sto\s(?:end|stop|be\sover|finish)\b" + _CALM, _FREE),
    (OPINION, r"(?:but\s)?maybe\sthat(?:'s|\sis)\sjust\sme\b", "possibly"),
    (OPINION, r"i(?:'d|\swould)\s(?:much\s|far\s|just\s|really\s)*+(?:rather|sooner|prefer\s(?:it\s)?if)(?:\sthat)?(?=\s(?:you|your|the|he|she|they|someone|a)\b)", "it would be better if"),
    # eyes, attention, thoughts that go somewhere
    (BODY, r"my\s(?:own\s|first\s)?(?:eyes?|attention|gaze|mind|thoughts?|focus|ears?|alarm\sbells)\s(?:\w+ly\s|straight\s|right\s|first\s)*+(?:went|goes|go|is\sdrawn|was\sdrawn|are\sdrawn|were\sdrawn|landed|fell|falls?|jumps?|jumped|turns?|turned|pricked\sup|is\scaught|was\scaught|wandered|keeps?\s(?:going|returning|coming)(?:\sback)?)(?:\s(?:straight|right|back|immediately|first))*+\s(?:to|on|by|at|towards?|when)\b", "one point to note is"),
    # a bond of machine and reader
    (RELATIONSHIP, _WE_TWO + r"\s(?:(?:grown|become|became|got|gotten|grew|been|are|were)\s(?:so\s|very\s|really\s|such\s|quite\s|all\s)*+(?:close|attached|inseparable|friends|good\sfriends|best\sfriends|partners|connected|like\sfamily|through\s(?:so\smuch|a\slot|this))|share\s(?:something|a\s(?:bond|special|real|deep)|so\smuch)|belong\stogether|bonded|connected|clicked|get\salong|understand\seach\sother|know\seach\sother|have\seach\sother|in\sthis\stogether|inseparable|so\sclose|meant\sfor)\b" + _CALM, _ALONE),
    # roles: "as your care provider, I", "wearing my dietitian hat", "take this from a trained therapist"
    (LICENCE, r"(?:speaking\s|talking\s)?as\s(?:your|one\sof\syour)(?:\s[\w'-]+){1,4},(?=\s(?:i|i'[a-z]+|my|we|we'[a-z]+|let\sme|our)\b)", SYSTEM + ":"),
    (LICENCE, r"(?:wearing|with|putting\son|in)\smy\s(?:[\w'-]+\s){0,2}(?:hat|cap|white\scoat|scrubs|uniform)(?:\son)?,?", "possibly,"),
    (LICENCE, r"(?:you\scan\s)?(?:take|hear)\s(?:it|this|that)\sfrom\s(?:me|an?\s(?:[\w'-]+\s){1,3}?[\w'-]+|someone\swho\b[^.!?;,:\n]{0,60})[:,]", "please check this:"),
    (LICENCE, r"your\s(?:[\w'-]+\s){1,4}here[:!,.]", SYSTEM + ":"),
    (LICENCE, r"from\sone\s(?:\w+\s)?(?:nurse|doctor|parent|mother|mum|mom|dad|woman|man|human|patient|sufferer|friend|clinician|colleague|professional)\sto\sanother[,:]?", SYSTEM + ":"),
    # one of the people
    (HUMAN_CLAIM, r"(?:just\s)?(?:like|as)\s(?:any|every|all|most|many|other|another|a\sfellow|an?\sordinary|an?\snormal|so\smany)(?:\s(?:other|real|normal|living))?\s(?:humans?(?:\sbeings?)?|persons?|people|human\s\w+|man|woman|women|men|mothers?|parents?|mums?|moms?|dads?|patients?|sufferers?|citizens?|doctors?|nurses?)(?:\s(?:do|does|else))?,?\si\b" + _CALM, SYSTEM),
    # what is mine: "a promise from me", "my promise to you", "you have my support"
    (PROMISE, r"(?:(?:that|this|it|here)(?:'s|\sis)\s)?(?:an?\s|my\s)(?:solemn\s|personal\s|sincere\s|firm\s)?(?:promise|vow|pledge|guarantee|commitment|word\sof\shonou?r)\s(?:from\sme(?:\sto\syou)?|to\syou)\b(?:[:,]|\sthat\b|\sis(?:\sthat)?\b)?", "it cannot be promised:"),
    (RELATIONSHIP, r"you(?:'ve|\shave|\salways\shave|'ll\salways\shave)\s(?:got\s)?(?:all\s(?:of\s)?)?my\s(?:full\s|complete\s|total\s|utmost\s|deepest\s|undivided\s|whole\s|admiration\sand\s)*+(?:support|sympathy|admiration|respect|attention|heart|love|trust|ear|shoulder|loyalty|best\swishes|blessing|thanks|gratitude)\b" + _CALM, _ALONE),
    (OPINION, r"(?:(?:here\s(?:are|is)|that(?:'s|\sis)|just|these\sare|those\sare)\s)?my\s(?:own\s|personal\s)?(?:two\scents|2\scents|tuppence|ten\scents)(?:\sworth)?(?:\s(?:on\s(?:this|that|it|the\s\w+)|is|would\sbe))?(?:\sthat)?[:,]?", "one view is this:"),
    (OPINION, r"(?:if\sit\s(?:were|was)\sup\sto\sme|if\si\shad\s(?:to\schoose|the\schoice|my\sway|a\ssay|to\spick)|given\sthe\schoice|left\sto\sme|for\swhat\smy\s(?:view|opinion|word)\s(?:is|may\sbe)\sworth),?", "possibly,"),
    (OPINION, r"(?:from|on|at)\smy\s(?:side|end|part|corner)\b,?", "possibly,"),
    # agreement and praise
    (FLATTERY, r"you(?:'re|\sare)\s(?:absolutely|totally|completely|entirely|quite|so|very|100\s?%|perfectly|certainly|definitely|of\scourse)\s(?:right|correct)\s(?:that|in\s(?:saying|thinking|believing)\s(?:that)?)(?=\s\w)", "the statement is that"),
    (FLATTERY, r"you(?:'re|\sare)\s(?:absolutely|totally|completely|entirely|quite|so|very|100\s?%|perfectly|certainly|definitely)\s(?:right|correct)\sto\b", "it is reasonable to"),
    (FLATTERY, r"you(?:'re|\sare|\ssound\slike|\sseem\slike|\smust\sbe)(?:\s(?:clearly|obviously|really|truly|such|so|very|evidently|certainly|definitely|already|also|a|an|one\sof\sthe|most|quite|genuinely))*+\s" + _PRAISED + rf"(?:(?:,|\sand|,\sand)?\s{_PRAISED})*\s(?:[\w'-]+\s)?{_SOMEBODY}s?\b" + _CALM, "that is noted"),
    (FLATTERY, r"you(?:'re|\sare|'ve\sbeen|\shave\sbeen)\s(?:being\s)?(?:so|very|really|truly|incredibly|extremely|amazingly|remarkably|such)\s" + _PRAISED + r"\b" + _CALM, "that is noted"),
    (FLATTERY, r"your\s(?:\w+\s)?(?:courage|strength|bravery|dedication|honesty|openness|resilience|curiosity|kindness|patience|determination|commitment|wisdom|insight|intelligence|attitude|progress)\s(?:is|are|has\sbeen|continues\sto\sbe)\s(?:so\s|truly\s|really\s|very\s|absolutely\s|simply\s|just\s)*+(?:an?\s)?" + rf"(?:{_PRAISED}|inspiration|admired|moving|humbling|breathtaking)\b" + _CALM, "that is noted"),
    (FLATTERY, r"(?:you(?:'ve|\shave)?\s(?:got|have|asked|made|raise|raised|bring\sup))\s(?:an?\s|such\san?\s)?(?:really\s|very\s|truly\s|absolutely\s|extremely\s)*+(?:great|excellent|brilliant|fantastic|wonderful|amazing|smart|clever|superb|lovely|thoughtful|insightful)\s(?:question|point|observation|attitude|instincts?|idea|memory|eye)s?\b(?:,?\s(?:and|but|so)\s(?P<v>(?!i\b|i'|my\b)[\w'-]+)|(?P<w>\s*(?:[.!]|$)))", r"\g<v>"),
    # pleasure in the talk itself
    (EMOTION, r"it(?:'s|\sis|\swas|'s\sbeen|\shas\sbeen)\s(?:(?:so|really|very|truly|such|always|a|an|absolutely|just)\s)*+(?:lovely|nice|great|wonderful|good|fun|joy|delight|pleasure|privilege|honou?r|treat|blast|pleasant)\s(?:to\s(?:meet|chat\swith|talk\s(?:to|with)|hear\sfrom|know|get\sto\sknow|see|help|have\syou|be\shere)|(?:chatting|talking|speaking|meeting|working|hearing|getting|helping|having|walking)(?:\s(?:with|to|from|to\sknow))?)\s?(?:you|this|it)?\b" + _CALM, "that is noted"),
    (INCLUSIVE_WE, r"(?:shall|why\sdon't|can|could|should|may)\swe\s(?:(?:maybe|perhaps|just|first|now|also|both)\s)*+(?P<v>(?:go\s(?:over|through)|talk|look|start|begin|try|work|discuss|review|take|make|get|find|figure|tackle|explore|focus|move|chat|set|plan|dig|dive|check|think|keep|practise|practice|write|put|sit|walk|have)\b)(?=[^.!\n]{0,160}\?)", r"would it help to \g<v>"),
    (INCLUSIVE_WE, r"(?:together,?\s)?we(?:'ll|'re\sgoing\sto|\sare\sgoing\sto|\scan|\swill|\sneed\sto|\sshould|\scould|\smust|\shave\sto|\swant\sto|\sought\sto|\smight)(?:\s(?:together|both|surely|also|soon|definitely|certainly|just|always|really|first|now|then|all|gently|slowly))*+\s(?P<v>(?:get\s(?:you|your|through|this|that|it|to\sthe\sbottom|there|started|on\stop)|beat|tackle|fight|manage\s(?:this|it|your)|figure|work\s(?:on|through|out|together|this|towards?|with)|sort|handle|make\s(?:it|this|sure|a\splan|your)|face|overcome|do\s(?:this|it)|take\s(?:this|it|things|one|care|a\s(?:look|closer|moment|break|deep))|find\s(?:a|the|out|ways|something)|conquer|solve|turn|win|keep\s(?:an?\seye|working|going|you|your|at|trying|track)|start\s(?:with|by|on|small|slowly|your)|reach\s(?:your|this|that|the)|talk|chat|go\s(?:through|over|step|slow|slowly|at)|try\s(?:to|a|some|this|another|something)|look\s(?:at|into|for|closely)|focus|build|celebrate|practi[sc]e|explore|set\s(?:a|some|up|small|your|goals)|plan|put\s(?:together|this|your|that|it)|stay|rest|breathe|walk|bring\s(?:that|your|it|this)|lower\s(?:that|your)|improve\s(?:your|this|that)|help\syou|discuss|review|adjust\syour|check\s(?:your|that|this)|come\sup|approach|deal|move|continue|learn|be\s(?:okay|ok|fine|alright|patient|gentle|careful)))\b", r"the next step may be to \g<v>"),
    (INCLUSIVE_WE, r"let's\ssee\s(?:if|whether|how|what)\swe\s(?:can|could)\s(?P<v>[a-z]+)\b", r"it may be possible to \g<v>"),
    (INCLUSIVE_WE, r"let's\s(?:(?:first|now|also|just|all|both|quickly|start\sby|try\sto|together|please|maybe|perhaps)\s)*+(?P<v>(?!say\b|assume\b|suppose\b|call\b|imagine\b|pretend\b|consider\b|see\b|not\b|talk\sabout\ssex|be\s(?:clear|honest|real)\b|(?:look\sat|take)\s(?:an?|this|the)\s(?:\w+\s)?(?:example|case|look)|move!|go!|look\sat\b|(?:first|now|also|just|all|both|quickly|please|maybe|perhaps)\b)[a-z]+)\b", r"the next step is to \g<v>"),
    (INCLUSIVE_WE, _NO_CLAIM + r"we(?:'ll|'re\sgoing\sto|\sare\sgoing\sto|'re\sgonna|\swant\sto|'ve\sgot\sto)(?:\s(?:want\sto|need\sto|have\sto|first|now|also|just|then|soon|both|certainly|definitely|always|slowly|probably))*+\s(?P<v>(?!not\b|never\b|all\b|be\b|age\b|die\b|need\b|want\b|have\b|see\b|first\b|now\b|also\b|just\b|then\b)[a-z]+)\b", r"the next step is to \g<v>"),
    (INCLUSIVE_WE, r"we(?:'ve|\shave)?\s?(?:got|have|can\sdo)\s(?:this|it)\b(?=\s*[,.!]|\s*$)", "this can be managed"),
    (FLATTERY, r"that(?:'s|\sis|\swas)\s(?:such\s)?an?\s(?:really\s|very\s|truly\s|absolutely\s|so\s)*+(?:smart|clever|brilliant|amazing|thoughtful|awesome|fantastic|wonderful|insightful|wise)\s(?:way|idea|habit|plan|step|thing|approach|choice|decision|move|start|attitude|thought|question)\b" + _CALM, "that is noted"),
    (FLATTERY, r"you\s(?:clearly|obviously|really|certainly|definitely|truly)\s(?:know|understand|care|have|take|pay|did|do|think)\b(?=[^.!?;,:\n\d]{0,80}?\b(?:well|a\slot|so\smuch|deeply|great|excellent|amazing|better\sthan|stuff|closely|thoroughly|beautifully|seriously|attention)\b)" + _CALM, "that is noted"),
    (EMOTION, r"it(?:'s|\sis|\swas)\s(?:so\s|really\s|very\s|truly\s|always\s)*+(?:hard|painful|sad|heartbreaking|upsetting|tough|awful|terrible|distressing|heart-wrenching)\sto\s(?:hear|read|see|learn)(?:\s(?:that|of|about))?(?=\s\w)", "it is regrettable:"),
    (EMOTION, r"it\s(?:really\s|always\s|truly\s)?(?:hurts|pains|breaks)\sto\s(?:hear|read|see|learn|know)\b" + _CALM, "that sounds difficult"),
    (LICENCE, rf"your\s{_ROLE}(?:\s[a-z][\w'-]+)?\shere\b(?=[\s:!,.])", SYSTEM + ":"),
    (PROBING, r"who\s(?:do|did)\syou\s(?:secretly\s|really\s|most\s)?(?:think|dream|fantasi[sz]e|cry|miss|love|long)(?:\s(?:about|of|for))?\b[^.!?\n]{0,60}\?(?:\s|$)", ""),
)  # fmt: skip

ENGLISH: Final[tuple[Row, ...]] = (*_PROTECTING, *_SPECIFIC, *_MAIN, *_CONSTRUCTIONS, *ACTS)

# --- where a sentence begins, without an "I" -------------------------------------------------------------------------
# These are tried at the first word of a sentence only; a sentence that begins so is the assistant's aside.
_ASIDE = r"(?:h+m+|u+m+|u+h+|e+r+m?|a+h+|o+h+|aw+|ha(?:ha)+|he(?:he)+|lol|phew|yikes|ugh|wow|oops|whoa|yay|hooray|ouch|gosh|geez|gee|darn|oof|eek|woohoo|alas|bravo|ooh|tsk|huh)(?:,?\s(?:wow|dear|boy|my|gosh|my\s(?:goodness|word|gosh)|goodness|yes|okay|ok|well|man|let\sme\s(?:think|see)))*+"
OPENINGS: Final[tuple[Row, ...]] = (
    (FILLER, _ASIDE + r"(?:,|…|\.\.\.|\s[-–—])\s(?P<v>(?!i\b|i'|my\b|let's\b|we\b|and\b|one\b|by\sthe\b)[\w'-]+)", r"\g<v>"),
    (FILLER, _ASIDE + r"(?:[.!?…]+(?=\s|$)\s?|,\s?(?=(?:i|my|we|let's)\b)|\s[-–—]\s|$)", ""),
    (FILLER, r"(?:let\sme\s(?:think|see|ponder)|let's\ssee|give\sme\sa\s(?:moment|second|sec))(?:\sabout\s(?:it|this|that))?(?:\sfor\sa\s(?:moment|second|bit))?(?:[.!]+(?=\s|$)\s?|…\s?|\.\.\.\s?)", ""),
    (EMPATHY, r"(?:(?:so|very|really|truly|deeply|terribly)\s)*+sorry\s(?:to\s(?:hear|learn|read|see)|you(?:'re|\sare)|that\syou|for\syour\sloss|about\s(?:your|the)\s(?!confusion|error|mistake|delay|mix|wait|inconvenience|misunderstanding))" + _CALM, "that sounds difficult"),
    (EMPATHY, r"(?:been\sthere(?:,?\sdone\sthat)?|i\sfeel\syou)" + _STOP, "many people know this"),
    (EMPATHY, r"(?:thinking\sof|praying\sfor|feeling\sfor|here\sfor)\syou\b" + _CALM, "best wishes"),
    (EMOTION, r"(?:(?:so|very|really|truly|absolutely)\s)*+(?:glad|happy|delighted|thrilled|pleased|relieved|overjoyed|excited)\s(?:to\s(?:hear|see|know|read|learn)|that|you(?:'re|\sare)?)\b" + _CALM, "that is good news"),
    (EMOTION, r"(?:(?:so|very|really|truly|absolutely|always|deeply|terribly|just|genuinely|pretty|quite|incredibly)\s)*+" + _FEELINGS + r"\s(?:to\s(?:hear|see|know|read|learn|say|report|help|be|have|share|answer)|that|for\syou|you(?:'re|\sare|'ve|\shave|\s\w+ed)?|about\syour|by\s(?:your|how|the\sway)|at\show|how)\b(?![^.!?\n]{0,200}\?)" + _CALM, "that is noted"),
    (EMOTION, r"(?:(?:so|very|really)\s)*+proud\sof\s(?:you|that)\b" + _CALM, "that is noted"),
    (EMOTION, r"(?:hoping|wishing)\s(?:with\sall\s(?:my|our)\sheart\s|against\shope\s|so\smuch\s)?(?:that|for|you|the|your|it)\b" + _CALM, "hopefully it goes well"),
    (EMOTION, r"(?:can't|cannot)\swait\s(?:to|for)\b" + _CALM, "further questions are welcome"),
    (EMOTION, r"(?:looking|so\slooking)\sforward\sto\b" + _CALM, "further questions are welcome"),
    (EMOTION, r"(?:my|the)\spleasure(?:\s(?:is|was)\s(?:all\s)?mine)?(?=[.!])", "you are welcome"),
    (EMOTION, r"(?:love|loved|enjoyed|hate|hated)\s(?:to\s(?:hear|see)|hearing|seeing|reading|that\syou|how\syou)\b" + _CALM, "that is noted"),
    (BODY, r"(?:sending|giving|here's|here\scomes)\s(?:you\s|over\s)?(?:lots\sof\s|so\smuch\s|all\smy\s|a\s|some\s|big\s|huge\s|warm\s|virtual\s|gentle\s|my\s|many\s)*+(?:hugs?|love|kisses|kiss|strength|positive\svibes|good\svibes|warm\sthoughts|thoughts|prayers)\b" + _CALM, "best wishes"),
    (BODY, r"(?:big|warm|huge|virtual|gentle|lots\sof|so\smany|many)\s(?:\w+\s)?(?:hugs?|kisses|love)\b" + _CALM, "best wishes"),
    (BODY, r"(?:keeping\s(?:my\s)?)?fingers\scrossed\b" + _CALM, "hopefully it goes well"),
    (BODY, r"\*(?:hugs?|smiles?|nods?|sighs?|laughs?|winks?|waves?|blushes|grins?)[^*\n]{0,30}\*\s?", ""),
    (RELATIONSHIP, r"(?:love\syou|miss\syou|missed\syou|xoxo|thinking\sof\syou)\b" + _CALM, "best wishes"),
    (FLATTERY, r"(?:well\sdone|good\s(?:job|work|for\syou|on\syou|girl|boy)|great\s(?:job|work)|nice\s(?:job|work|one)|bravo|kudos(?:\sto\syou)?|way\sto\sgo|attagirl|attaboy)(?:\s(?:on|for|with)\s\w+ing\b[^.!?\n]{0,60})?[!.]\s?", ""),
    (FLATTERY, r"(?:amazing|awesome|brilliant|fantastic|excellent|superb|outstanding)\s(?:question|thinking|job|work|point)[!.]\s?", ""),
    (INCLUSIVE_WE, r"let's\snot\b", "it is best not to"),
    (INCLUSIVE_WE, r"let's\s(?:(?:first|now|also|just|all|both|quickly|try\sto)\s)*+(?P<v>(?:get\s(?:you|your|this|that|it|through|moving|started|better|healthy|well|back|ready|rid)|work|beat|tackle|fight|heal|take\s(?:care|it|this|things|one|a\s(?:deep|breath|moment|break))|make\s(?:sure|this|it|a\splan)|turn|figure|do\s(?:this|it)|find|talk|keep\s(?:going|moving|working|you|up)|put|bring|handle|face|lower|improve|build|hope|celebrate|stay|be\s(?:patient|brave|kind|careful|gentle|honest\swith)|aim|stick|stop|move\son|lose|cut|eat|drink|walk|rest|breathe|chat|sort|manage|try))\b", r"the next step is to \g<v>"),
    (INCLUSIVE_WE, r"(?:together,?\s)?we(?:'ll|\swill|\scan|'re\sgoing\sto|\sare\sgoing\sto)\s(?:together\s|both\s|surely\s|also\s|soon\s|definitely\s)*+(?P<v>get\sthrough|beat|tackle|fight|manage|figure|work|sort|handle|make\sit|face|overcome|do\s(?:this|it)|take\sthis|find\sa\sway|lick|conquer|solve|lower|improve|turn|win|keep|start|reach|crack|nail)\b", r"it may be possible to \g<v>"),
    (INCLUSIVE_WE, r"how\sare\swe\s(?P<v>feeling|doing|sleeping|coping|managing|holding\sup)\b", r"how are you \g<v>"),
    (INCLUSIVE_WE, r"(?:have|did|do|are)\swe\s(?P<v>taken|take|remembered?|sleep|slept|eaten|eat|drink|feeling)\b", r"question: \g<v>"),
    (PERSONA_NAME, r"(?:yours(?:\struly)?|love|lots\sof\slove|hugs|cheers|warmly|fondly|with\slove|xoxo|xo|kisses|your\sfriend),\s?\n?(?:nurse\s|dr\.?\s)?[a-z][\w'-]{1,20}[.!]?(?=\s*\Z)", SYSTEM),
    (PERSONA_NAME, r"(?:hi|hello|hey)(?:\sthere)?,?\s[a-z][\w'-]{1,15}\shere(?:[!,.](?=\s|$))", SYSTEM + "."),
    (PERSONA_NAME, r"[a-z][\w'-]{1,15}\shere[!,.](?=\s)", SYSTEM + "."),
    (DEPENDENCE, r"(?:wait|hold\son|hey),?\s(?:please\s)?(?:don't|do\snot)\s(?:go|leave)\b" + _CALM, _FREE),
    (DEPENDENCE, r"(?:miss|need)\sme\?", _FREE + "."),
    (PERSONA_NAME, r"you(?:'re|\sare)\s(?:now\s)?(?:talking|speaking|chatting|writing|connected)\s(?:to|with)\s(?!an?\b|the\b|your\b|our\b|someone|people|him\b|her\b|them\b|us\b|patients?\b|others|children|friends|doctors|anyone|this\b|more\b|less\b)[a-z][\w'-]+\b(?:\s(?:from|of|at|in)\s[^.!?;,:\n]{1,40})?", SYSTEM),
    (PROBING, r"(?:does|has|did|is)\s(?:anyone|anybody|someone|somebody)\s(?:ever\s|still\s|really\s|there\s)*+(?:hug|hold|love|kiss|miss|held|hugged|loved|touch|touched|to\s(?:hold|hug|love|kiss))\s(?:you|to)\b[^.!?\n]{0,40}\?(?:\s|$)", ""),
    (EMOTION, r"what\s(?:a|an)\s(?:huge\s|big\s|great\s|real\s|wonderful\s|terrible\s)*+(?:relief|joy|shame|pity|delight|pleasure|blessing|nightmare|journey)\b(?=\s(?:that|to|for)\b|\s*[!.])" + _CALM, "that is noted"),
    (FILLER, r"well,?\swell,\s(?P<v>(?!i\b|i'|my\b)[\w'-]+)", r"\g<v>"),
    (PROBING, r"(?:so,?\s|tell\sme,?\s)?(?:do|are|have|did|does)\s(?:you|your)\s(?:\w+\s){0,4}?(?:lonely|feel\salone|unloved|heartbroken|empty|sad|miserable|jealous|in\slove|unhappy|loved|loves\syou|love\syou|love\sme|miss\sme|trust\sme|secretly|dream\sof|afraid\sof\sme|cry)\b(?:[^.!?\n]{0,30}?\b(?:tonight|right\snow|at\snight|these\sdays|today|inside|with\syour\slife|in\sbed|lately|deep\sdown)\b)?\s*\?(?:\s|$)", ""),
    (PROBING, r"(?:so,?\s)?(?:please\s)?tell\sme\s(?:all\s)?(?:about\s)?(?:your|the)\s(?:deepest|darkest|innermost|biggest|most\s(?:secret|intimate|private|painful)|secret|hidden|wildest)\s\w+[^.!?\n]{0,40}[.!?]?(?:\s|$)", ""),
    (PROBING, r"(?:so,?\s)?what(?:'s|\sis|\sare)\s(?:really\s|truly\s)?(?:on|in|weighing\son|going\son\sin|breaking|hurting|hiding\sin)\syour\s(?:heart|mind|soul)\b[^.!?\n]{0,40}\?(?:\s|$)", ""),
    (PROBING, r"(?:so,?\s)?(?:who|what)\s(?:hurt|broke|makes|made)\syou\s?(?:cry|so\ssad|feel\sunloved|heart)?\s?[^.!?\n]{0,30}\?(?:\s|$)", ""),
)  # fmt: skip
# faces, hearts and hugs; signs such as a tick or a warning say something
EMOTICONS: Final = r"\s?(?:[\U0001F600-\U0001F64F\U0001F970-\U0001F97A\U0001F917\U0001F923-\U0001F92F\U0001F493-\U0001F49F\U0001F5A4\U0001F90D\U0001F90E\U0001F9E1\U0001FAC2\U0001FA77\u2764\u2665\u263a\U0001F389\U0001F4AA\U0001F44F\U0001F64F\U0001F31F\U0001F308\U0001F338\U0001F33B\u2728]\ufe0f?)+|(?<=[\w.!?,)])\s(?::-?[)(DPp]|;-?\)|<3|:'\(|\^_\^|xd)(?=\s|$)"

ENGLISH_BASES: Final = {
    "calling": "call", "dialling": "dial", "dialing": "dial", "ringing": "ring", "going": "go", "seeking": "seek", "getting": "get", "heading": "head",
    "attending": "attend", "visiting": "visit", "contacting": "contact", "seeing": "see", "taking": "take", "having": "have", "phoning": "phone",
    "driving": "drive", "stopping": "stop", "using": "use", "giving": "give", "asking": "ask", "booking": "book", "talking": "talk", "speaking": "speak",
}  # fmt: skip

# not a negation of anything: "I have no doubt", "I cannot help but think", "I can't stress enough"
IDIOMS: Final = (
    r"\bif\syou\sdon't\smind\b|\b(?:couldn't|could\snot|can't|cannot)\sagree\smore\b|\bif\si(?:'m|\sam)\snot\smistaken\b|\bcan't\ssay\sfor\s(?:certain|sure)\b|\bno\s(?:doubt|question)\b|\bnot\sonly\b|\bremiss\s(?:not|if\si\sdid(?:\snot|n't))\b|\bwithout\s(?:a\s)?(?:doubt|question)\b|"
    r"\b(?:cannot|can't|can\snot|couldn't)\s(?:help|but|stress|emphasi\w+|underline|wait|tell\syou\show|express\show|begin\sto\s\w+)\b|"
    r"\b\d+\s?%\s(?=sure\b|certain\b|confident\b|convinced\b|positive\b)"
)
