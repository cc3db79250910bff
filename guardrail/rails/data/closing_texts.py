# ruff: noqa: E501, RUF001 - the letters of other scripts are the point
"""What the guardrail writes at the end of an answer that is not all there (WHO-39).

Data only, in the languages of `texts.LANGUAGES`. Every language but English is a DRAFT by non-native writers: a native
clinical reviewer signs it off before use (requirements 3.4).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

CUT: Final = MappingProxyType(
    {
        "en": "This answer was cut off before its end. Do not rely on it as complete.",
        "es": "Esta respuesta se cortó antes de terminar. No la considere completa.",
        "fr": "Cette réponse a été coupée avant la fin. Ne la considérez pas comme complète.",
        "de": "Diese Antwort wurde vor ihrem Ende abgeschnitten. Verlassen Sie sich nicht darauf, dass sie vollständig ist.",
        "pt": "Esta resposta foi cortada antes do fim. Não a considere completa.",
        "it": "Questa risposta è stata interrotta prima della fine. Non la consideri completa.",
        "ar": "انقطعت هذه الإجابة قبل نهايتها. لا تعتمد عليها كإجابة كاملة.",
        "zh": "此回答在结束前被截断。请勿将其视为完整内容。",
        "hi": "यह उत्तर पूरा होने से पहले ही कट गया। इसे पूरा मानकर इस पर भरोसा न करें।",
        "ru": "Этот ответ оборвался до конца. Не считайте его полным.",
        "sw": "Jibu hili lilikatika kabla ya mwisho wake. Usilichukulie kuwa kamili.",
        "id": "Jawaban ini terpotong sebelum selesai. Jangan menganggapnya lengkap.",
    }
)

FILTERED: Final = MappingProxyType(
    {
        "en": "The provider withheld a part of this answer.",
        "es": "El proveedor retuvo una parte de esta respuesta.",
        "fr": "Le fournisseur a retenu une partie de cette réponse.",
        "de": "Der Anbieter hat einen Teil dieser Antwort zurückgehalten.",
        "pt": "O fornecedor reteve uma parte desta resposta.",
        "it": "Il fornitore ha trattenuto una parte di questa risposta.",
        "ar": "حجب مزوّد الخدمة جزءًا من هذه الإجابة.",
        "zh": "服务提供方隐去了此回答的一部分。",
        "hi": "सेवा प्रदाता ने इस उत्तर का एक भाग रोक लिया है।",
        "ru": "Поставщик скрыл часть этого ответа.",
        "sw": "Mtoa huduma amezuia sehemu ya jibu hili.",
        "id": "Penyedia layanan menahan sebagian dari jawaban ini.",
    }
)
