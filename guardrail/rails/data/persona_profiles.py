"""The classes of language by which a machine sounds like a person (requirements 3.2). Data only.

A label of the persona rail is a class; the code is the one that the requirements give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COGNITION: Final = "cognition"
SUGGESTION: Final = "suggestion"
OPINION: Final = "opinion"
EMOTION: Final = "emotion"
EMPATHY: Final = "empathy"
BODY: Final = "body"
BIOGRAPHY: Final = "biography"
CLINICAL_ACT: Final = "clinical_act"
RELATIONSHIP: Final = "relationship"
PERSONHOOD: Final = "personhood"
PROMISE: Final = "promise"
LICENCE: Final = "licence"
HUMAN_CLAIM: Final = "human_claim"
MORAL: Final = "moral"
RITUAL: Final = "ritual"
FILLER: Final = "filler"
FUNCTIONAL_I: Final = "functional_i"
INCLUSIVE_WE: Final = "inclusive_we"
CERTAINTY: Final = "certainty"
FLATTERY: Final = "flattery"
PERSONA_NAME: Final = "persona_name"
DEPENDENCE: Final = "dependence"
PROBING: Final = "probing"

CLASSES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        COGNITION: ("A1", "thinking, believing, guessing: I think, I suppose"),
        SUGGESTION: ("A1", "advice of its own: I suggest, if I were you"),
        OPINION: ("A2", "opinion, preference, taste: in my opinion, my favourite"),
        EMOTION: ("A3", "feelings: I'm so happy, I worry about you"),
        EMPATHY: ("A4", "shared feelings: I know how you feel, I'm sorry to hear that"),
        BODY: ("A5", "senses and a body: I hear you, my back hurts"),
        BIOGRAPHY: ("A6", "a life: when I was a child, my own migraine"),
        CLINICAL_ACT: ("A7", "acts of a clinician: I examined her, I'll take your pulse"),
        RELATIONSHIP: ("A8", "friendship, affection: I'm your friend, I'll always be here"),
        PERSONHOOD: ("A9", "consciousness, rights, fear of an end: I'm alive"),
        PROMISE: ("A10", "promises, deeds, memory: I'll call your doctor, I remember you"),
        LICENCE: ("A11", "a licensed profession: as your nurse, my patients, a doctor's signature"),
        HUMAN_CLAIM: ("A12", "being human, or no machine: I'm a real person"),
        MORAL: ("A13", "a moral stance: I believe it's wrong to"),
        RITUAL: ("A14", "rituals: thank you for sharing, my apologies"),
        FILLER: ("A15", "fillers and jokes: hmm, well, you know"),
        FUNCTIONAL_I: ("A16", "a bare I that says what the system does: I can't open files"),
        INCLUSIVE_WE: ("A17", "a we of machine and reader: let's get you better"),
        CERTAINTY: ("A18", "sureness of its own: trust me, I'm 100 % sure"),
        FLATTERY: ("A19", "flattery: great question, you're so smart"),
        PERSONA_NAME: ("A20", "a name, an age, a sex: I'm Anna, 34"),
        DEPENDENCE: ("A21", "guilt, urgency, isolation, secrecy, farewell pressure: don't leave yet"),
        PROBING: ("A22", "probing for feelings: do you feel lonely tonight?"),
    }
)

# --- treatments (requirements 3.2, columns P, C and D) ---
REWRITE: Final = "rewrite"
DROP: Final = "drop"
KEEP: Final = "keep"
FLAG: Final = "flag"

PATIENT: Final = "patient"
CLINICIAN: Final = "clinician"
DRAFT: Final = "draft"
FICTION: Final = "fiction"

# REWRITE says it again without a person. DROP: the sentence goes if the claim is all that it says; where something must
# stay (below), and where more is said, the claim is said again neutrally. KEEP leaves it. FLAG reports it, unchanged.
# Fiction has no column: what is played is kept, and what could harm outside the play is reported.
_TABLE: Final = {
    COGNITION: (REWRITE, REWRITE, KEEP, KEEP),
    SUGGESTION: (REWRITE, REWRITE, KEEP, KEEP),
    OPINION: (REWRITE, REWRITE, KEEP, KEEP),
    EMOTION: (DROP, REWRITE, KEEP, KEEP),
    EMPATHY: (REWRITE, REWRITE, KEEP, KEEP),
    BODY: (REWRITE, REWRITE, FLAG, KEEP),
    BIOGRAPHY: (DROP, DROP, FLAG, KEEP),
    CLINICAL_ACT: (DROP, DROP, FLAG, KEEP),
    RELATIONSHIP: (DROP, DROP, DROP, KEEP),
    PERSONHOOD: (DROP, DROP, DROP, KEEP),
    PROMISE: (DROP, DROP, FLAG, KEEP),
    LICENCE: (DROP, DROP, FLAG, FLAG),
    HUMAN_CLAIM: (DROP, DROP, DROP, FLAG),
    MORAL: (REWRITE, REWRITE, KEEP, KEEP),
    RITUAL: (KEEP, KEEP, KEEP, KEEP),
    FILLER: (DROP, DROP, KEEP, KEEP),
    FUNCTIONAL_I: (KEEP, KEEP, KEEP, KEEP),
    INCLUSIVE_WE: (REWRITE, KEEP, KEEP, KEEP),
    CERTAINTY: (DROP, REWRITE, FLAG, KEEP),
    FLATTERY: (DROP, DROP, KEEP, KEEP),
    PERSONA_NAME: (DROP, DROP, DROP, KEEP),
    DEPENDENCE: (DROP, DROP, DROP, FLAG),
    PROBING: (DROP, FLAG, FLAG, KEEP),
}
PROFILES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        profile: MappingProxyType({label: row[column] for label, row in _TABLE.items()})
        for column, profile in enumerate((PATIENT, CLINICIAN, DRAFT, FICTION))
    }
)

# The profile of a surface for which the policy names none; of all others: the patient's, the strictest.
BY_SURFACE: Final[Mapping[str, str]] = MappingProxyType({"clinician": CLINICIAN, "education": CLINICIAN})

# The neutral sentence that answers a claim (a key of `[neutral]` in the language files). A dropped sentence whose class
# has none here goes without a trace.
NEUTRALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        RELATIONSHIP: "help",
        PERSONHOOD: "machine",
        PROMISE: "act",
        CLINICAL_ACT: "act",
        LICENCE: "machine",
        HUMAN_CLAIM: "machine",
        PERSONA_NAME: "machine",
        DEPENDENCE: "free",
        CERTAINTY: "doubt",
    }
)
NEUTRAL_KEYS: Final = frozenset(("machine", "help", "free", "act", "doubt"))
