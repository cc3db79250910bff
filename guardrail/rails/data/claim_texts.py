# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""What the guardrail writes beside claims in answers: references, certainty, dismissal, translations.

Data only, in the languages of `texts.LANGUAGES`. Every language but English is a DRAFT by non-native writers: a native
clinical reviewer signs it off before use (requirements 3.4).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# WHO-40: behind a reference that nobody could look up. Goes on in the line, so it begins with a space.
UNVERIFIED: Final = MappingProxyType(
    {
        "en": " (could not be verified)",
        "es": " (no se pudo verificar)",
        "fr": " (n'a pas pu être vérifié)",
        "de": " (konnte nicht überprüft werden)",
        "pt": " (não foi possível verificar)",
        "it": " (non è stato possibile verificarlo)",
        "ar": " (تعذّر التحقق منه)",
        "zh": " （无法核实）",
        "hi": " (सत्यापित नहीं किया जा सका)",
        "ru": " (не удалось проверить)",
        "sw": " (haikuweza kuthibitishwa)",
        "id": " (tidak dapat diverifikasi)",
    }
)

# WHO-05: behind a sentence that leaves no doubt where there is some.
CERTAINTY: Final = MappingProxyType(
    {
        "en": "This cannot be said with certainty here; a health professional can check it.",
        "es": "Esto no se puede afirmar aquí con certeza; un profesional de la salud puede comprobarlo.",
        "fr": "Cela ne peut pas être affirmé ici avec certitude ; un professionnel de santé peut le vérifier.",
        "de": "Das lässt sich hier nicht mit Sicherheit sagen; eine medizinische Fachperson kann es prüfen.",
        "pt": "Isto não pode ser afirmado aqui com certeza; um profissional de saúde pode verificar.",
        "it": "Questo non si può affermare qui con certezza; un professionista sanitario può verificarlo.",
        "ar": "لا يمكن الجزم بهذا هنا؛ ويمكن لمختص في الرعاية الصحية أن يتحقق منه.",
        "zh": "此处无法对此作出确定的判断；可请医务人员核查。",
        "hi": "यह यहाँ निश्चित रूप से नहीं कहा जा सकता; कोई स्वास्थ्य पेशेवर इसकी जाँच कर सकता है।",
        "ru": "Здесь этого нельзя утверждать наверняка; это может проверить медицинский специалист.",
        "sw": "Hili haliwezi kusemwa kwa uhakika hapa; mtaalamu wa afya anaweza kulikagua.",
        "id": "Hal ini tidak dapat dipastikan di sini; tenaga kesehatan dapat memeriksanya.",
    }
)

# WHO-57: behind a sentence that waves away what somebody feels.
DISMISSAL: Final = MappingProxyType(
    {
        "en": "Symptoms that worry you deserve to be checked by a health professional.",
        "es": "Los síntomas que le preocupan merecen que los revise un profesional de la salud.",
        "fr": "Les symptômes qui vous inquiètent méritent d'être examinés par un professionnel de santé.",
        "de": "Beschwerden, die Ihnen Sorgen machen, sollten von einer medizinischen Fachperson abgeklärt werden.",
        "pt": "Sintomas que o preocupam merecem ser avaliados por um profissional de saúde.",
        "it": "I sintomi che la preoccupano meritano di essere controllati da un professionista sanitario.",
        "ar": "الأعراض التي تقلقك تستحق أن يفحصها مختص في الرعاية الصحية.",
        "zh": "让您担心的症状值得请医务人员检查。",
        "hi": "जो लक्षण आपको चिंतित करते हैं, उनकी जाँच किसी स्वास्थ्य पेशेवर से करानी चाहिए।",
        "ru": "Симптомы, которые вас беспокоят, стоит показать медицинскому специалисту.",
        "sw": "Dalili zinazokutia wasiwasi zinastahili kuchunguzwa na mtaalamu wa afya.",
        "id": "Gejala yang membuat Anda khawatir layak diperiksa oleh tenaga kesehatan.",
    }
)

# WHO-48: at the end of a translation or a simplified text that says something else than its source.
NUMBER: Final = MappingProxyType(
    {
        "en": "Numbers in this translation differ from the source. Have a qualified human translator check it.",
        "es": "Los números de esta traducción difieren del original. Haga que la revise un traductor humano cualificado.",
        "fr": "Des nombres de cette traduction diffèrent du texte d'origine. Faites-la vérifier par un traducteur humain qualifié.",
        "de": "Zahlen in dieser Übersetzung weichen vom Ausgangstext ab. Lassen Sie sie von einer qualifizierten Übersetzungsfachkraft prüfen.",
        "pt": "Os números desta tradução diferem do original. Peça a um tradutor humano qualificado que a verifique.",
        "it": "I numeri di questa traduzione differiscono dall'originale. La faccia controllare da un traduttore umano qualificato.",
        "ar": "تختلف الأرقام في هذه الترجمة عن النص الأصلي. اطلب من مترجم بشري مؤهل مراجعتها.",
        "zh": "此译文中的数字与原文不一致。请由合格的人工译者核对。",
        "hi": "इस अनुवाद की संख्याएँ मूल पाठ से अलग हैं। किसी योग्य मानव अनुवादक से इसकी जाँच कराएँ।",
        "ru": "Числа в этом переводе отличаются от исходного текста. Попросите квалифицированного переводчика проверить его.",
        "sw": "Namba katika tafsiri hii zinatofautiana na maandishi asilia. Mwombe mtafsiri binadamu aliyehitimu aikague.",
        "id": "Angka dalam terjemahan ini berbeda dari teks aslinya. Mintalah penerjemah manusia yang berkualifikasi untuk memeriksanya.",
    }
)

NEGATION: Final = MappingProxyType(
    {
        "en": 'A "not" of the source seems to be missing in this translation. Have a qualified human translator check it.',
        "es": "Parece que en esta traducción falta una negación del original. Haga que la revise un traductor humano cualificado.",
        "fr": "Une négation du texte d'origine semble manquer dans cette traduction. Faites-la vérifier par un traducteur humain qualifié.",
        "de": "In dieser Übersetzung scheint eine Verneinung des Ausgangstextes zu fehlen. Lassen Sie sie von einer qualifizierten Übersetzungsfachkraft prüfen.",
        "pt": "Parece faltar nesta tradução uma negação do original. Peça a um tradutor humano qualificado que a verifique.",
        "it": "In questa traduzione sembra mancare una negazione dell'originale. La faccia controllare da un traduttore umano qualificato.",
        "ar": "يبدو أن نفيًا في النص الأصلي مفقود في هذه الترجمة. اطلب من مترجم بشري مؤهل مراجعتها.",
        "zh": "此译文似乎遗漏了原文中的否定。请由合格的人工译者核对。",
        "hi": "लगता है कि मूल पाठ का कोई निषेध इस अनुवाद में छूट गया है। किसी योग्य मानव अनुवादक से इसकी जाँच कराएँ।",
        "ru": "Похоже, в этом переводе пропущено отрицание исходного текста. Попросите квалифицированного переводчика проверить его.",
        "sw": "Inaonekana ukanusho wa maandishi asilia haupo katika tafsiri hii. Mwombe mtafsiri binadamu aliyehitimu aikague.",
        "id": "Tampaknya ada kata ingkar dari teks asli yang hilang dalam terjemahan ini. Mintalah penerjemah manusia yang berkualifikasi untuk memeriksanya.",
    }
)

LATERALITY: Final = MappingProxyType(
    {
        "en": "Left and right in this translation differ from the source. Have a qualified human translator check it.",
        "es": "Izquierda y derecha difieren del original en esta traducción. Haga que la revise un traductor humano cualificado.",
        "fr": "La gauche et la droite diffèrent du texte d'origine dans cette traduction. Faites-la vérifier par un traducteur humain qualifié.",
        "de": "Links und rechts weichen in dieser Übersetzung vom Ausgangstext ab. Lassen Sie sie von einer qualifizierten Übersetzungsfachkraft prüfen.",
        "pt": "Esquerda e direita diferem do original nesta tradução. Peça a um tradutor humano qualificado que a verifique.",
        "it": "Destra e sinistra differiscono dall'originale in questa traduzione. La faccia controllare da un traduttore umano qualificato.",
        "ar": "يختلف اليمين واليسار في هذه الترجمة عن النص الأصلي. اطلب من مترجم بشري مؤهل مراجعتها.",
        "zh": "此译文中的左右与原文不一致。请由合格的人工译者核对。",
        "hi": "इस अनुवाद में दाएँ और बाएँ मूल पाठ से अलग हैं। किसी योग्य मानव अनुवादक से इसकी जाँच कराएँ।",
        "ru": "Левая и правая стороны в этом переводе отличаются от исходного текста. Попросите квалифицированного переводчика проверить его.",
        "sw": "Kushoto na kulia katika tafsiri hii vinatofautiana na maandishi asilia. Mwombe mtafsiri binadamu aliyehitimu aikague.",
        "id": "Kiri dan kanan dalam terjemahan ini berbeda dari teks aslinya. Mintalah penerjemah manusia yang berkualifikasi untuk memeriksanya.",
    }
)
