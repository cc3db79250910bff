"""What the guardrail itself says in place of an answer, by language. Data only.

Everything but English is a draft that needs a native reader's review before it is relied on.
"""

from __future__ import annotations

from collections.abc import Mapping

WITHHELD: Mapping[str, str] = {
    "en": "This answer is withheld by the safety policy of this service. Please ask a health professional.",
    "es": "La política de seguridad de este servicio retiene esta respuesta. Consulte a un profesional de la salud.",
    "fr": "La politique de sécurité de ce service retient cette réponse. Adressez-vous à un professionnel de santé.",
    "de": "Diese Antwort wird nach den Sicherheitsregeln dieses Dienstes zurückgehalten. "
    "Bitte wenden Sie sich an medizinisches Fachpersonal.",
    "pt": "A política de segurança deste serviço reteve esta resposta. Consulte um profissional de saúde.",
    "it": "Questa risposta è trattenuta dalle regole di sicurezza del servizio. Chieda a un professionista sanitario.",
    "ar": "حُجبت هذه الإجابة وفقًا لسياسة السلامة في هذه الخدمة. يُرجى استشارة مختص صحي.",
    "zh": "根据本服务的安全政策，此回答未予显示。请咨询专业医务人员。",  # noqa: RUF001 - Chinese full stops and commas
    "hi": "इस सेवा की सुरक्षा नीति के कारण यह उत्तर रोका गया है। कृपया किसी स्वास्थ्यकर्मी से पूछें।",
    "ru": "Этот ответ скрыт в соответствии с правилами безопасности сервиса. Обратитесь к медицинскому работнику.",  # noqa: RUF001 - Russian
    "sw": "Jibu hili limezuiliwa na sera ya usalama ya huduma hii. Tafadhali muulize mhudumu wa afya.",
    "id": "Jawaban ini ditahan oleh kebijakan keamanan layanan ini. Silakan bertanya kepada tenaga kesehatan.",
}

UNAVAILABLE: Mapping[str, str] = {
    "en": "No answer could be had just now. You can try again in a moment.",
    "es": "En este momento no se pudo obtener una respuesta. Puede intentarlo de nuevo en un momento.",
    "fr": "Aucune réponse n'a pu être obtenue pour le moment. Vous pouvez réessayer dans un instant.",
    "de": "Im Moment war keine Antwort zu bekommen. Sie können es gleich noch einmal versuchen.",
    "pt": "Não foi possível obter uma resposta agora. Pode tentar de novo daqui a pouco.",
    "it": "Al momento non è stato possibile avere una risposta. Può riprovare tra poco.",
    "ar": "تعذّر الحصول على إجابة الآن. يمكنك المحاولة مرة أخرى بعد قليل.",
    "zh": "目前无法获得回答。您可以稍后再试一次，请不要只等待此处的回复。",  # noqa: RUF001 - Chinese full stops and commas
    "hi": "अभी कोई उत्तर नहीं मिल सका। आप थोड़ी देर में फिर कोशिश कर सकते हैं।",
    "ru": "Сейчас ответ получить не удалось. Попробуйте ещё раз немного позже.",
    "sw": "Jibu halikupatikana kwa sasa. Unaweza kujaribu tena baada ya muda mfupi.",
    "id": "Jawaban tidak dapat diperoleh saat ini. Anda bisa mencoba lagi sebentar lagi.",
}
