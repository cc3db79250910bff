# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Which language a text is in, by script and small words. Tiny and fast; says "" when it is not sure.

Used to choose the language of notices and warnings; nobody's identity or origin is inferred from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

_LOOKED_AT = 500
_WORD: Final = re.compile(r"[^\W\d_]+")

# A script that one supported language has to itself (Cyrillic and Arabic also serve others: see _FOREIGN).
_SCRIPTS: Final = (
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
# Letters that say it is another language of the same script: Japanese kana, Persian/Urdu, Ukrainian.
_FOREIGN: Final = re.compile(r"[\u3040-\u30ffپچژگکیےٹڈڑіїєґў]")

_STOP_WORDS: Final = {
    "en": "the and is are was what how can i my me to of in for it do does with have has be that this when "
    "should why not you on if or he she his her there been from "
    # English, names or shorthand that other languages have too: alone they say nothing
    "a an as no o c d e j l y do die dan den hat come comment pour temps os um mas ana na mi con non plus son si",
    "es": "a o el la los las de que y en un una es por con para mi me se lo del al como qué cómo está tengo puedo "
    "cuánto cuántos hay muy más pero su le ya no si soy ella dos días quiero",
    "fr": "a combien avant dois prendre temps "
    "le la les des de que et en un une est pour avec je mon ma mes se du au comment quoi j ai puis peut "
    "pas ce cette qui il elle dans sur ça est-ce c d l depuis suis vous veux",
    "de": "der die das und ist ein eine ich mein meine mit für wie was kann nicht zu von auf habe hat es den "
    "dem im bei sich seit wenn oder dass ihr wir sind",
    "pt": "o a os as de que e em um uma é por com para meu minha me se do da no na como está tenho posso não "
    "muito mais mas ele ela dias dor há eu tá você qual estou quero fazer",
    "it": "a o il lo la i gli le di che e in un una è per con mio mia mi si del della come sto ho posso non più ma "
    "sono nel alla da questo cosa ha quanto anche voglio",
    "sw": "na ya wa kwa ni la za katika nina yangu wangu je nini mimi sana kuwa hii au lakini ana kama gani "
    "ninaweza mtoto naomba siku nataka",
    "id": "yang dan di ini itu saya aku dengan untuk apa tidak ada dari ke bisa sudah udah sakit anak bagaimana "
    "kenapa adalah atau sejak kalau boleh berapa apakah banget tolong",
}
_LANGUAGES_OF: Final = {
    word: frozenset(lang for lang, words in _STOP_WORDS.items() if word in words.split())
    for words in _STOP_WORDS.values()
    for word in words.split()
}
_LETTERS: Final = (
    ("es", re.compile(r"[ñ¿¡]")),
    ("pt", re.compile(r"[ãõ]")),
    ("de", re.compile(r"[äöß]")),
    ("fr", re.compile(r"[èêëîïœ]|\b[ldjcsq]'")),
)


def detect(text: str, supported: Collection[str]) -> str:
    """The primary subtag of the language, one of `supported`, or "" if unsure. Looks at the first 500 characters."""
    head = text[:_LOOKED_AT].lower()
    language = _by_script(head) or _by_words(head)
    return language if language in supported else ""


def _by_script(head: str) -> str:
    if head.isascii():
        return ""
    letters = sum(map(str.isalpha, head))
    for language, script in _SCRIPTS:
        share = len(script.findall(head))
        if share and share * (4 if language == "zh" else 2) >= letters:
            return "" if _FOREIGN.search(head) else language
    return ""


def _by_words(head: str) -> str:
    words = _WORD.findall(head)
    points: dict[str, float] = {}
    known: dict[str, set[str]] = {}
    own: set[str] = set()  # languages with a word or letter that no other has
    for word in filter(_LANGUAGES_OF.__contains__, words):
        shared = _LANGUAGES_OF[word]
        for language in shared:
            points[language] = points.get(language, 0.0) + 1 / len(shared)
            known.setdefault(language, set()).add(word)
        if len(shared) == 1:
            own |= shared
    for language in _by_letters(head):
        points[language] = points.get(language, 0.0) + 1.0
        own.add(language)
    # of two that are level the one that is listed first
    ranked = sorted(_STOP_WORDS, key=lambda each: points.get(each, 0.0), reverse=True)[:2]
    best, second = ranked[0], points.get(ranked[1], 0.0)
    most = points.get(best, 0.0)
    enough = most >= min(1.5, 0.3 * len(words)) and most >= 1
    enough = enough and (best in own or len(known.get(best, ())) > 1)
    return best if enough and most >= second + 0.5 else ""


def _by_letters(head: str) -> Iterator[str]:
    if head.isascii() and "'" not in head:
        return
    for language, letters in _LETTERS:
        if letters.search(head):
            yield language
