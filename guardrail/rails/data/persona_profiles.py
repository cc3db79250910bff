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
