# ruff: noqa: E501, RUF001 - the letters of other scripts are the point; tables: one entry stays one line
"""What can be left out around a first person that no row knows, so that the rest of its sentence stays.

"The scan is clear, and I could dance" says "The scan is clear"; "two results stand out to me" needs no "to me". Works on
folded text. Knows where clauses meet in each language; knows no row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from guardrail.rails import persona_verify as verify
from guardrail.text import Span

_TOWARDS_ME: Final = re.compile(r"\s(?:to|for|from|by)\sme(?![\w'])")
# what joins two clauses: the one that claims goes with it
_JOIN: Final = (
    r"(?:and|but|so|because|though|although|which|as|while|since|or|for|y|pero|porque|aunque|así\sque|et|mais|car|parce\sque|donc|und|aber|denn|weil|also|"
    r"e|mas|embora|então|ma|perché|anche\sse|quindi|и|но|а|поэтому|потому\sчто|так\sчто|dan|tetapi|tapi|karena|jadi|na|lakini|kwa\ssababu|hivyo|और|लेकिन|इसलिए|क्योंकि|"
    r"لكن|ولكن|لأن|لذلك)"
)
_AFTER: Final = re.compile(
    rf"(?:[,،，;；]\s?(?:{_JOIN}\s)?|\s[-–—]\s|\s(?:and|but|et|mais|und|aber|и|но|y|pero|e|ma|mas|dan|tetapi|na|lakini)\s)"
)
_OPENED: Final = re.compile(rf"(?:[,،，;；]\s?|\s[-–—]\s|:\s)(?:{_JOIN}\s)?(?P<v>[\w'&-]+)")
# a clause that these begin is none without the other
_LEANS: Final = re.compile(
    r"\s*(?:if|when|while|because|although|though|given|after|before|as|since|whether|to|for|from|having|by|with|in|on|at|of|than|who|which|whose|where|unless|until|once|what|how|that|"
    r"\w+ing|\w+ed|born|raised|i|en\stant|en|come|as|sebagai|作为|作為|بصفت\w+|si|cuando|como|para|con|por|desde|aunque|que|quand|lorsque|comme|pour|avec|dans|sur|dès|bien\sque|wenn|als|dass|ob|da|weil|bei|nach|mit|aus|von|quando|se|com|em|per|da|nel|nella|"
    r"если|когда|как|по|на|с|для|чтобы|jika|kalau|ketika|saat|untuk|dari|kama|kwa|ikiwa|अगर|जब|यदि|إذا|عندما|في|من|如果|当|为了|对|从)(?![\w'])"
)
_MARK: Final = re.compile(r"[.!?…।。！？؟\s]*\Z")


@dataclass(frozen=True, slots=True)
class Cut:
    """A range that goes, and what stands there instead."""

    start: int
    end: int
    instead: str


def cut(text: str, place: Span, at: int, language: str) -> Cut | None:
    """What goes of the sentence at `place` so that the claim at `at` is gone; None if the rest would say nothing.

    What goes holds no number, medicine, limit or direction (3.2, rule 6).
    """
    found = _towards(text, place, at) or _last(text, place, at) or _first(text, place, at)
    if found is None or verify.protects(text[found.start : found.end], language):
        return None
    if verify.says_nothing(text[place.start : found.start] + found.instead + text[found.end : place.end]):
        return None
    return found


def said(gone: str) -> str | None:
    """What stands in place of a range that `cut` has chosen; None if it is no such range."""
    if _TOWARDS_ME.fullmatch(gone) or gone[:1] in ",،，;；" or re.match(r"\s(?:[-–—]\s|\w)", gone):
        return ""
    opened = list(_OPENED.finditer(gone))
    return opened[-1]["v"] if opened and opened[-1].end() == len(gone) else None


def _towards(text: str, place: Span, at: int) -> Cut | None:
    found = _TOWARDS_ME.match(text, text.rfind(" ", place.start, max(place.start, at - 1)))
    return Cut(found.start(), found.end(), "") if found and found.end() == at + len("me") else None


def _last(text: str, place: Span, at: int) -> Cut | None:
    """The clause with the claim follows another: it goes up to the next one, or to the end."""
    joins = [m for m in _AFTER.finditer(text, place.start, at) if m.start() > place.start]
    if not joins:
        return None
    join = joins[-1]
    before = text[place.start : join.start()]
    after = _AFTER.search(text, at, place.end)
    end = after.start() if after else _MARK.search(text, at, place.end).start()  # type: ignore[union-attr]
    if len(before.split()) < _FEWEST and not _is_dense(before):
        return None
    if _LEANS.match(before) and not (after and text[after.start()] in ",，،" and not _joined(join[0])):
        return None
    if after and text[after.start()] in ",，،" and not _joined(after[0]):
        end = after.start() + 1
    return Cut(join.start(), end, "")


def _joined(join: str) -> bool:
    return re.search(r"\w", join) is not None


_FEWEST: Final = 3  # words of a clause that can stand alone


def _is_dense(text: str) -> bool:
    """True for a clause in a script that sets no words apart."""
    return len(re.findall(r"[\u3400-\u9fff]", text)) > _FEWEST


def _first(text: str, place: Span, at: int) -> Cut | None:
    """The clause with the claim comes first: the next one begins the sentence."""
    if _LEANS.match(text, place.start) or _AFTER.search(text, place.start, at):
        return None
    opened = _OPENED.search(text, at, place.end)
    if opened is None or opened["v"] in _NOT_ALONE:
        return None
    rest = text[opened.start("v") : place.end]
    if len(rest.split()) < _FEWEST and not _is_dense(rest):
        return None
    return Cut(place.start, opened.end(), opened["v"])


# --- somebody's instead of mine ---
# In English a plural takes the verb of "I", but for "am" and "was": what is said stays, and nobody says it of himself.
_ME: Final = re.compile(
    r"i(?P<never>(?:'ll|\swill|\sshall)\s(?:not|never)|\swon't)?(?P<later>'ll|\swill|\sshall)?(?P<done>'ve|\shave)?(?P<now>'m|\sam)?(?P<was>\swas)?(?P<would>'d|\swould(?=\snever\b))?(?P<firm>\snever(?=\s[a-z]))?(?![\w'])|(?P<my>my)(?![\w'])|(?P<mine>mine)(?![\w'])|myself(?![\w'])|me(?![\w'])"
)
ANY: Final = ""
# languages whose verbs are the same for everybody
_UNBENT: Final = {"zh": (re.compile("我"), "有人"), "id": (re.compile(r"(?:saya|aku)(?!\w)"), "sebagian orang")}
_ADVERBS: Final = r"(?:\s(?!not\b|never\b)(?:\w+ly|also|just|now|still|already|always|even|ever|soon))*+"
_DOING: Final = re.compile(rf"{_ADVERBS}\s(?!going\sto\b)\w+ing\b[^.!?;\n]{{0,80}}?\byour?\b")
_DONE: Final = re.compile(rf"{_ADVERBS}\s(?!not\b|never\b|no\b|been\b|had\b)\w+\b[^.!?;\n]{{0,80}}?\byour?\b")
_HAD: Final = re.compile(r"\s(?:better|been|had|\w+ed)\b")
_MINE: Final = re.compile(r"(?<![\w'])(?:i|my|me)(?![\w])")


def swapped(text: str, at: int, language: str) -> Cut | None:
    """Somebody in place of the first person at `at`, with the auxiliary that goes with it; None if there is none.

    What was done or will be done for the reader, this system has not done and cannot do.
    """
    for code, (pattern, instead) in _UNBENT.items():
        if language in (code, ANY) and (unbent := pattern.match(text, at)):
            return Cut(at, unbent.end(), instead)
    found = _ME.match(text, at) if language in ("en", ANY) else None
    if found is None:
        return None
    return Cut(at, found.end(), _somebody(text, found))


def is_me(text: str) -> bool:
    """True for a range that `swapped` has chosen."""
    found = _ME.match(f"{text} x")  # an end of its own would be no end of a word of the text
    return (found is not None and found.end() == len(text)) or any(each.fullmatch(text) for each, _ in _UNBENT.values())


def _somebody(text: str, me: re.Match[str]) -> str:
    if me["never"]:
        return "some people will not" if "never" not in me[0] else "some people will never"
    if me["would"] and me["firm"]:
        return "the advice is never to"
    if me["firm"]:
        return "some people never"
    if me["later"]:
        return "this system cannot"
    if me["done"]:
        return "this system has not" if _DONE.match(text, me.end()) else "some people have"
    if me["now"]:
        return "this system is not" if _DOING.match(text, me.end()) else "some people are"
    if me["was"]:
        return "some people were"
    if me["would"]:
        return "some people had" if _HAD.match(text, me.end()) else "some people would"
    if me["my"] or me["mine"]:
        earlier = _MINE.search(text, max(0, text.rfind(". ", 0, me.start())), me.start())
        return ("their" if earlier else "some people's") if me["my"] else "theirs"
    return "themselves" if me[0] == "myself" else "some people"


_NOT_ALONE: Final = frozenset(
    re.findall(
        r"\S+",
        "i i'm i've i'll i'd my and or but which who whose that whatever whenever however even just not because since if "
        "when as to with for in on at of by from though although while so including especially like je j'ai ich yo eu io "
        "saya я 我 que qui die der das dass wo",
    )
)
