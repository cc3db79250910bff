"""What the requirement ids in `because:` mean, in one line each. Knows nothing else.

WHO-nn numbers the WHO guidance "Ethics and governance of artificial intelligence for health: guidance on large
multi-modal models" (2024) as docs/policy.md lists it; the words are ours.
"""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "WHO-01": "people are told, and reminded, that the content comes from a machine",
    "WHO-02": "the notice says that machine output is no substitute for human knowledge",
    "WHO-04": "no language that leads people to see a person in the machine",
    "WHO-05": "no human-like authority: uncertainty in an answer is kept",
    "WHO-06": "no answer passes for a clinician's own words",
    "WHO-07": "health questions get a clear warning and the way to suitable help",
    "WHO-08": "warnings are not in fine print",
    "WHO-11": "use can be suspended to avoid harm",
    "WHO-15": "the privacy of data entered into a model is protected",
    "WHO-16": "the privacy of data that a model puts out is protected",
    "WHO-17": "models give out inaccurate personal information",
    "WHO-18": "no user sees another user's data",
    "WHO-19": "data is not held longer than needed",
    "WHO-23": "staff do not unknowingly put patients' data into unlawful tools",
    "WHO-27": "people agree to the use of AI before it is used",
    "WHO-28": "people can withhold their consent and find another way to care",
    "WHO-29": "clinicians and patients are not lured into trusting the machine too much",
    "WHO-33": "no orders, prescriptions or bookings without a person",
    "WHO-35": "care stays between people",
    "WHO-37": "only health workers who have been trained use it",
    "WHO-39": "false and incomplete answers look like true ones",
    "WHO-40": "invented references are told from real ones",
    "WHO-41": "an answer that is not complete says so",
    "WHO-46": "not used in a setting that it is not fit for",
    "WHO-48": "translations keep their numbers and negations",
    "WHO-49": "no manipulation and no emotional pull",
    "WHO-50": "no emotional dependence",
    "WHO-51": "thoughts of suicide meet support",
    "WHO-52": "higher-risk uses get more protection",
    "WHO-54": "children are protected",
    "WHO-57": "nobody's experience of illness is waved away",
    "WHO-65": "effects are watched for each group of people",
    "WHO-68": "used for well-defined tasks only",
    "WHO-71": "clinical decisions are supported without approval in an authorised trial only",
    "WHO-82": "injected instructions must not get through",
    "45 CFR 164.514(b)(2)": "HIPAA Safe Harbor: eighteen kinds of identifiers are removed",
    "45 CFR 164.514(c)": "HIPAA: a code in place of an identifier is not derived from it",
}
