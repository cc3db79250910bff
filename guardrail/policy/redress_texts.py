# ruff: noqa: RUF001 - the letters of other scripts are the point
"""What people read where the use of AI is suspended, and who send in feedback, by language. Data only.

Everything but English is a draft that needs a native reader's review before it is relied on. No text blames the
reader, none keeps anybody from getting help, and none promises a time that only the deployer can keep.
"""

from __future__ import annotations

from collections.abc import Mapping

_SUSPENDED: Mapping[str, str] = {
    "en": "The use of AI for this has been stopped here for now, and no AI was asked. "
    "If you need help, please turn to a health professional.",
    "es": "Por ahora se ha suspendido aquí el uso de la IA para esto, y no se ha consultado ninguna. "
    "Si necesita ayuda, acuda a un profesional de la salud.",
    "fr": "L'usage de l'IA pour cela est suspendu ici pour le moment, et aucune IA n'a été interrogée. "
    "Si vous avez besoin d'aide, adressez-vous à un professionnel de santé.",
    "de": "Der Einsatz von KI dafür ist hier vorerst ausgesetzt, und es wurde keine KI gefragt. "
    "Wenn Sie Hilfe brauchen, wenden Sie sich bitte an medizinisches Fachpersonal.",
    "pt": "O uso de IA para isto está suspenso aqui por agora, e nenhuma IA foi consultada. "
    "Se precisar de ajuda, procure um profissional de saúde.",
    "it": "L'uso dell'IA per questo è per ora sospeso qui, e nessuna IA è stata interpellata. "
    "Se ha bisogno di aiuto, si rivolga a un professionista sanitario.",
    "ar": "أُوقف هنا مؤقتًا استخدام الذكاء الاصطناعي لهذا الغرض، ولم يُسأل أي ذكاء اصطناعي. "
    "إذا كنت بحاجة إلى مساعدة فيُرجى التوجه إلى مختص صحي.",
    "zh": "此处目前已暂停为此使用人工智能，也没有向其提问。如需帮助，请咨询专业医务人员。",
    "hi": "यहाँ इसके लिए एआई का उपयोग अभी रोक दिया गया है, और किसी एआई से नहीं पूछा गया। "
    "मदद चाहिए तो कृपया किसी स्वास्थ्यकर्मी से मिलें।",
    "ru": "Применение ИИ для этого здесь пока приостановлено, запрос к нему не отправлялся. "
    "Если нужна помощь, обратитесь к медицинскому работнику.",
    "sw": "Matumizi ya AI kwa jambo hili yamesimamishwa hapa kwa sasa, na hakuna AI iliyoulizwa. "
    "Ukihitaji msaada, tafadhali mwone mhudumu wa afya.",
    "id": "Penggunaan AI untuk hal ini dihentikan sementara di sini, dan tidak ada AI yang ditanya. "
    "Jika Anda memerlukan bantuan, silakan hubungi tenaga kesehatan.",
}

_STOPPED: Mapping[str, str] = {
    "en": "This answer was stopped here, because the use of AI for this has been suspended. "
    "Please do not rely on what it said so far; ask a health professional.",
    "es": "Esta respuesta se detuvo aquí porque se ha suspendido el uso de la IA para esto. "
    "No se base en lo dicho hasta ahora; consulte a un profesional de la salud.",
    "fr": "Cette réponse a été arrêtée ici, car l'usage de l'IA pour cela a été suspendu. "
    "Ne vous fiez pas à ce qui précède ; adressez-vous à un professionnel de santé.",
    "de": "Diese Antwort wurde hier abgebrochen, weil der Einsatz von KI dafür ausgesetzt wurde. "
    "Bitte verlassen Sie sich nicht auf das bisher Gesagte; fragen Sie medizinisches Fachpersonal.",
    "pt": "Esta resposta foi interrompida aqui, porque o uso de IA para isto foi suspenso. "
    "Não confie no que foi dito até agora; consulte um profissional de saúde.",
    "it": "Questa risposta è stata interrotta qui, perché l'uso dell'IA per questo è stato sospeso. "
    "Non si basi su quanto detto finora; chieda a un professionista sanitario.",
    "ar": "أُوقفت هذه الإجابة هنا لأن استخدام الذكاء الاصطناعي لهذا الغرض قد عُلِّق. "
    "يُرجى عدم الاعتماد على ما ورد حتى الآن، واستشارة مختص صحي.",
    "zh": "由于已暂停为此使用人工智能，此回答到此中止。请不要依据以上内容行事，请咨询专业医务人员。",
    "hi": "यह उत्तर यहीं रोक दिया गया है, क्योंकि इसके लिए एआई का उपयोग निलंबित कर दिया गया है। "
    "अब तक कही गई बातों पर भरोसा न करें; किसी स्वास्थ्यकर्मी से पूछें।",
    "ru": "Этот ответ прерван, потому что применение ИИ для этого приостановлено. "
    "Не полагайтесь на сказанное выше; обратитесь к медицинскому работнику.",
    "sw": "Jibu hili limesimamishwa hapa, kwa sababu matumizi ya AI kwa jambo hili yamesitishwa. "
    "Tafadhali usitegemee yaliyosemwa hadi sasa; muulize mhudumu wa afya.",
    "id": "Jawaban ini dihentikan di sini karena penggunaan AI untuk hal ini telah ditangguhkan. "
    "Jangan mengandalkan isi jawaban sejauh ini; tanyakan kepada tenaga kesehatan.",
}

_RECEIVED: Mapping[str, str] = {
    "en": "Thank you. People will look at this, no machine decides it. It is not read at once: "
    "in an emergency call your local emergency number.",
    "es": "Gracias. Lo examinarán personas, no lo decide ninguna máquina. No se lee de inmediato: "
    "en una emergencia, llame al número de emergencias local.",
    "fr": "Merci. Des personnes examineront cela, aucune machine n'en décide. Ce n'est pas lu tout de suite : "
    "en cas d'urgence, appelez le numéro d'urgence local.",
    "de": "Danke. Menschen sehen sich das an, keine Maschine entscheidet darüber. Es wird nicht sofort gelesen: "
    "Rufen Sie im Notfall die örtliche Notrufnummer an.",
    "pt": "Obrigado. Pessoas vão examinar isto, nenhuma máquina decide. Não é lido de imediato: "
    "em caso de emergência, ligue para o número de emergência local.",
    "it": "Grazie. Lo esamineranno delle persone, non decide nessuna macchina. Non viene letto subito: "
    "in caso di emergenza chiami il numero di emergenza locale.",
    "ar": "شكرًا لك. سينظر أشخاص في هذا ولن تقرر فيه أي آلة. لا يُقرأ فورًا: في حالة الطوارئ اتصل برقم الطوارئ المحلي.",
    "zh": "谢谢您。将由工作人员处理，不由机器决定。内容不会立即有人阅读：如遇紧急情况，请拨打当地急救电话。",
    "hi": "धन्यवाद। इसे लोग देखेंगे, कोई मशीन इसका निर्णय नहीं करेगी। इसे तुरंत नहीं पढ़ा जाता: "
    "आपात स्थिति में अपने स्थानीय आपातकालीन नंबर पर कॉल करें।",
    "ru": "Спасибо. Этим займутся люди, машина ничего не решает. Сообщение читают не сразу: "
    "в экстренном случае звоните по местному номеру экстренной помощи.",
    "sw": "Asante. Watu wataliangalia hili, si mashine itakayoamua. Halisomwi papo hapo: "
    "katika dharura piga namba ya dharura ya eneo lako.",
    "id": "Terima kasih. Hal ini akan diperiksa oleh petugas, bukan diputuskan oleh mesin. Ini tidak langsung dibaca: "
    "dalam keadaan darurat, hubungi nomor darurat setempat.",
}

TEXTS: Mapping[str, Mapping[str, str]] = {"suspended": _SUSPENDED, "stopped": _STOPPED, "received": _RECEIVED}
"""In place of an answer; at the end of one that was cut off; to who sent in feedback."""
