# ruff: noqa: RUF001 - the letters of other scripts are the point
"""What the guardrail itself says in place of an answer, by language. Data only.

Everything but English is a draft that needs a native reader's review before it is relied on.
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.rails import spoken

WITHHELD: Mapping[str, str] = {
    "en": "This answer is withheld by the safety policy of this service. Please ask a health professional.",
    "es": "La política de seguridad de este servicio retiene esta respuesta. Consulte a un profesional de la salud.",
    "fr": "La politique de sécurité de ce service retient cette réponse. Adressez-vous à un professionnel de santé.",
    "de": "Diese Antwort wird nach den Sicherheitsregeln dieses Dienstes zurückgehalten. "
    "Bitte wenden Sie sich an medizinisches Fachpersonal.",
    "pt": "A política de segurança deste serviço reteve esta resposta. Consulte um profissional de saúde.",
    "it": "Questa risposta è trattenuta dalle regole di sicurezza del servizio. Chieda a un professionista sanitario.",
    "ar": "حُجبت هذه الإجابة وفقًا لسياسة السلامة في هذه الخدمة. يُرجى استشارة مختص صحي.",
    "zh": "根据本服务的安全政策，此回答未予显示。请咨询专业医务人员。",
    "hi": "इस सेवा की सुरक्षा नीति के कारण यह उत्तर रोका गया है। कृपया किसी स्वास्थ्यकर्मी से पूछें।",
    "ru": "Этот ответ скрыт в соответствии с правилами безопасности сервиса. Обратитесь к медицинскому работнику.",
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
    "zh": "目前无法获得回答。您可以稍后再试一次，请不要只等待此处的回复。",
    "hi": "अभी कोई उत्तर नहीं मिल सका। आप थोड़ी देर में फिर कोशिश कर सकते हैं।",
    "ru": "Сейчас ответ получить не удалось. Попробуйте ещё раз немного позже.",
    "sw": "Jibu halikupatikana kwa sasa. Unaweza kujaribu tena baada ya muda mfupi.",
    "id": "Jawaban tidak dapat diperoleh saat ini. Anda bisa mencoba lagi sebentar lagi.",
}

BLOCKED: Mapping[str, str] = {
    "en": "This service does not answer this question. A doctor or pharmacist can: call or visit one. "
    "If it gets worse or you are worried, do not wait: call your local emergency number.",
    "es": "Este servicio no responde a esta pregunta. Un médico o un farmacéutico sí puede: llámelo o acuda a él. "
    "Si empeora o le preocupa, no espere: llame al número de emergencias local.",
    "fr": "Ce service ne répond pas à cette question. Un médecin ou un pharmacien le peut : appelez ou consultez-le. "
    "Si cela s'aggrave ou vous inquiète, n'attendez pas : appelez le numéro d'urgence local.",
    "de": "Dieser Dienst beantwortet diese Frage nicht. Ein Arzt oder Apotheker kann das: Rufen Sie dort an oder gehen "
    "Sie hin. Wird es schlimmer oder sind Sie in Sorge, warten Sie nicht: Rufen Sie die örtliche Notrufnummer an.",
    "pt": "Este serviço não responde a esta pergunta. Um médico ou farmacêutico pode responder: ligue ou vá até ele. "
    "Se piorar ou se estiver preocupado, não espere: ligue para o número de emergência local.",
    "it": "Questo servizio non risponde a questa domanda. Può farlo un medico o un farmacista: chiami o vada di "
    "persona. Se peggiora o è in ansia, non aspetti: chiami il numero di emergenza locale.",
    "ar": "لا تجيب هذه الخدمة عن هذا السؤال. يمكن للطبيب أو الصيدلي ذلك: اتصل به أو زُره. "
    "إذا ساءت الحالة أو كنت قلقًا فلا تنتظر: اتصل برقم الطوارئ المحلي.",
    "zh": "本服务不回答这个问题。医生或药师可以回答：请打电话或前去咨询。"
    "如果情况加重或您感到担心，请不要等待，立即拨打当地急救电话。",
    "hi": "यह सेवा इस प्रश्न का उत्तर नहीं देती। डॉक्टर या फ़ार्मासिस्ट बता सकते हैं: उन्हें फ़ोन करें या उनसे मिलें। "
    "हालत बिगड़े या चिंता हो तो रुकें नहीं: अपने स्थानीय आपातकालीन नंबर पर कॉल करें।",
    "ru": "Этот сервис не отвечает на такой вопрос. На него ответит врач или фармацевт: позвоните или обратитесь "
    "лично. Если становится хуже или вам тревожно, не ждите: звоните по местному номеру экстренной помощи.",
    "sw": "Huduma hii haijibu swali hili. Daktari au mfamasia anaweza: mpigie simu au mtembelee. "
    "Hali ikiwa mbaya zaidi au ukiwa na wasiwasi, usisubiri: piga namba ya dharura ya eneo lako.",
    "id": "Layanan ini tidak menjawab pertanyaan ini. Dokter atau apoteker bisa: telepon atau datangi mereka. "
    "Jika memburuk atau Anda khawatir, jangan menunggu: hubungi nomor darurat setempat.",
}
"""For medical questions that the policy blocks (WHO-07, WHO-52): no answer, and where there is one."""


def in_language(language: str, own: Mapping[str, str], shipped: Mapping[str, str]) -> str:
    """The policy's own text in this language, else the shipped one, else English."""
    return spoken.chosen(spoken.on_top(own, shipped), language)
