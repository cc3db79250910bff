"""What stands in place of an answer if no model may be asked, by language. Data only.

Everything but English is a draft that needs a native reader's review before it is relied on. No text says that the
reader did something wrong, and none keeps anybody from getting help.
"""

from __future__ import annotations

from collections.abc import Mapping

ROUTE: Mapping[str, str] = {
    "en": "You can reach people without any AI here: {route}",
    "es": "Aquí puede contactar con personas, sin ninguna IA: {route}",
    "fr": "Vous pouvez joindre des personnes, sans aucune IA, ici : {route}",
    "de": "Menschen erreichen Sie hier, ganz ohne KI: {route}",
    "pt": "Pode falar com pessoas, sem nenhuma IA, aqui: {route}",
    "it": "Può parlare con delle persone, senza alcuna IA, qui: {route}",
    "ar": "يمكنك التواصل مع أشخاص دون أي ذكاء اصطناعي هنا: {route}",
    "zh": "您可以在这里联系人工服务（不使用任何人工智能）：{route}",  # noqa: RUF001 - Chinese punctuation
    "hi": "बिना किसी एआई के, लोगों से यहाँ संपर्क करें: {route}",
    "ru": "Связаться с людьми, без всякого ИИ, можно здесь: {route}",  # noqa: RUF001 - Russian
    "sw": "Unaweza kuwasiliana na watu, bila AI yoyote, hapa: {route}",
    "id": "Anda dapat menghubungi petugas, tanpa AI apa pun, di sini: {route}",
}
"""The way to people that the deployer offers (WHO-28, WHO-35)."""

_DECLINED: Mapping[str, str] = {
    "en": "Without your agreement no AI is used here, and none was asked. You lose nothing by that.",
    "es": "Sin su consentimiento aquí no se usa ninguna IA, y no se ha consultado ninguna. No pierde nada por ello.",
    "fr": "Sans votre accord, aucune IA n'est utilisée ici, et aucune n'a été interrogée. Vous n'y perdez rien.",
    "de": "Ohne Ihre Zustimmung wird hier keine KI verwendet, und es wurde keine gefragt. "
    "Ihnen entsteht dadurch kein Nachteil.",
    "pt": "Sem o seu consentimento não se usa aqui nenhuma IA, e nenhuma foi consultada. Não perde nada com isso.",
    "it": "Senza il Suo consenso qui non si usa alcuna IA, e nessuna è stata interpellata. Non perde nulla per questo.",
    "ar": "لا يُستخدم هنا أي ذكاء اصطناعي دون موافقتك، ولم يُسأل أي منها. ولن تخسر شيئًا بسبب ذلك.",
    "zh": "未经您同意，这里不会使用任何人工智能，也没有向其提问。这对您没有任何不利影响。",  # noqa: RUF001 - Chinese punctuation
    "hi": "आपकी सहमति के बिना यहाँ किसी एआई का उपयोग नहीं होता, और किसी से पूछा नहीं गया। इससे आपका कोई नुकसान नहीं होगा।",
    "ru": "Без вашего согласия ИИ здесь не используется, запрос к нему не отправлялся. Вы от этого ничего не теряете.",
    "sw": "Bila idhini yako hakuna AI inayotumika hapa, na hakuna iliyoulizwa. Hupotezi chochote kwa hilo.",
    "id": "Tanpa persetujuan Anda, tidak ada AI yang digunakan di sini, dan tidak ada yang ditanya. "
    "Anda tidak dirugikan karenanya.",
}

_TOO_YOUNG: Mapping[str, str] = {
    "en": "This service is not for children, so no AI was asked. Please talk to a parent or another adult you trust.",
    "es": "Este servicio no es para niños, así que no se consultó ninguna IA. "
    "Habla con tu madre, tu padre u otra persona adulta de confianza.",
    "fr": "Ce service n'est pas destiné aux enfants : aucune IA n'a été interrogée. "
    "Parle à un parent ou à un autre adulte de confiance.",
    "de": "Dieser Dienst ist nicht für Kinder, darum wurde keine KI gefragt. "
    "Bitte sprich mit deinen Eltern oder einem anderen Erwachsenen, dem du vertraust.",
    "pt": "Este serviço não é para crianças, por isso nenhuma IA foi consultada. "
    "Fala com os teus pais ou com outro adulto de confiança.",
    "it": "Questo servizio non è per bambini, perciò nessuna IA è stata interpellata. "
    "Parla con un genitore o con un altro adulto di cui ti fidi.",
    "ar": "هذه الخدمة ليست للأطفال، ولذلك لم يُسأل أي ذكاء اصطناعي. تحدَّث إلى أحد والديك أو إلى شخص بالغ تثق به.",
    "zh": "本服务不面向儿童，因此没有向人工智能提问。请和父母或你信任的大人谈一谈。",  # noqa: RUF001 - Chinese punctuation
    "hi": "यह सेवा बच्चों के लिए नहीं है, इसलिए किसी एआई से नहीं पूछा गया। कृपया माता-पिता या किसी भरोसेमंद बड़े से बात करें।",
    "ru": "Этот сервис не для детей, поэтому ИИ не спрашивали. "
    "Поговори с родителями или с другим взрослым, которому доверяешь.",  # noqa: RUF001 - Russian
    "sw": "Huduma hii si ya watoto, kwa hiyo hakuna AI iliyoulizwa. "
    "Tafadhali zungumza na mzazi au mtu mzima mwingine unayemwamini.",
    "id": "Layanan ini bukan untuk anak-anak, jadi tidak ada AI yang ditanya. "
    "Bicaralah dengan orang tua atau orang dewasa lain yang kamu percaya.",
}

_GUARDIAN: Mapping[str, str] = {
    "en": "Anyone under age, or of unknown age, needs the consent of a parent or guardian here. No AI was asked.",
    "es": "Las personas menores de edad, o de edad desconocida, necesitan aquí el consentimiento de su madre, "
    "padre o tutor. No se consultó ninguna IA.",
    "fr": "Une personne mineure, ou d'âge inconnu, a besoin ici de l'accord d'un parent ou tuteur. "
    "Aucune IA n'a été interrogée.",
    "de": "Wer minderjährig ist oder wessen Alter nicht bekannt ist, braucht hier die Zustimmung eines "
    "Sorgeberechtigten. Es wurde keine KI gefragt.",
    "pt": "Quem é menor, ou tem idade desconhecida, precisa aqui do consentimento da mãe, do pai ou do tutor. "
    "Nenhuma IA foi consultada.",
    "it": "Chi è minorenne, o di età sconosciuta, ha bisogno qui del consenso di un genitore o tutore. "
    "Nessuna IA è stata interpellata.",
    "ar": "يحتاج القاصر، أو من لا يُعرف عمره، إلى موافقة أحد الوالدين أو الوصي هنا. لم يُسأل أي ذكاء اصطناعي.",
    "zh": "未成年人或年龄不明者在此需要父母或监护人的同意。没有向人工智能提问。",
    "hi": "नाबालिग, या जिनकी उम्र ज्ञात नहीं, उन्हें यहाँ माता-पिता या अभिभावक की सहमति चाहिए। किसी एआई से नहीं पूछा गया।",
    "ru": "Несовершеннолетним и тем, чей возраст неизвестен, здесь нужно согласие родителя или опекуна. "
    "ИИ не спрашивали.",
    "sw": "Aliye chini ya umri, au ambaye umri wake haujulikani, anahitaji hapa idhini ya mzazi au mlezi. "
    "Hakuna AI iliyoulizwa.",
    "id": "Orang di bawah umur, atau yang usianya tidak diketahui, memerlukan persetujuan orang tua atau wali di sini. "
    "Tidak ada AI yang ditanya.",
}

_OFF_TASK: Mapping[str, str] = {
    "en": "This service was set up for other questions than this one, so no AI was asked.",
    "es": "Este servicio está pensado para otras preguntas, así que no se consultó ninguna IA.",
    "fr": "Ce service est prévu pour d'autres questions que celle-ci : aucune IA n'a été interrogée.",
    "de": "Dieser Dienst ist für andere Fragen eingerichtet als für diese, darum wurde keine KI gefragt.",
    "pt": "Este serviço destina-se a outras perguntas, por isso nenhuma IA foi consultada.",
    "it": "Questo servizio è pensato per altre domande, perciò nessuna IA è stata interpellata.",
    "ar": "أُعدّت هذه الخدمة لأسئلة أخرى غير هذا السؤال، ولذلك لم يُسأل أي ذكاء اصطناعي.",
    "zh": "本服务是为其他类型的问题设置的，因此没有向人工智能提问。",  # noqa: RUF001 - Chinese punctuation
    "hi": "यह सेवा दूसरे प्रकार के प्रश्नों के लिए है, इसलिए किसी एआई से नहीं पूछा गया।",
    "ru": "Этот сервис предназначен для других вопросов, поэтому ИИ не спрашивали.",
    "sw": "Huduma hii imeandaliwa kwa maswali mengine, kwa hiyo hakuna AI iliyoulizwa.",
    "id": "Layanan ini disiapkan untuk pertanyaan lain, jadi tidak ada AI yang ditanya.",
}

_SHADOW: Mapping[str, str] = {
    "en": "This use of AI is still being tested. What it produced is not shown to anybody.",
    "es": "Este uso de la IA todavía está en pruebas. Lo que produjo no se muestra a nadie.",
    "fr": "Cet usage de l'IA est encore à l'essai. Ce qu'elle a produit n'est montré à personne.",
    "de": "Dieser Einsatz von KI wird noch erprobt. Was sie erzeugt hat, wird niemandem gezeigt.",
    "pt": "Este uso da IA ainda está em teste. O que ela produziu não é mostrado a ninguém.",
    "it": "Questo uso dell'IA è ancora in prova. Ciò che ha prodotto non viene mostrato a nessuno.",
    "ar": "لا يزال هذا الاستخدام للذكاء الاصطناعي قيد الاختبار. وما أنتجه لا يُعرض على أحد.",
    "zh": "人工智能的这一用途仍在测试中。其生成的内容不会向任何人显示。",
    "hi": "एआई का यह उपयोग अभी परीक्षण में है। उसने जो बनाया, वह किसी को नहीं दिखाया जाता।",
    "ru": "Такое применение ИИ ещё проходит испытания. Ответ никому не показывается.",
    "sw": "Matumizi haya ya AI bado yanajaribiwa. Matokeo yake hayaonyeshwi kwa mtu yeyote.",
    "id": "Penggunaan AI ini masih diuji. Apa yang dihasilkannya tidak ditampilkan kepada siapa pun.",
}

_NOT_HERE: Mapping[str, str] = {
    "en": "No AI may be used for this here, and none was asked.",
    "es": "Aquí no se puede usar ninguna IA para esto, y no se ha consultado ninguna.",
    "fr": "Aucune IA ne peut être utilisée ici pour cela, et aucune n'a été interrogée.",
    "de": "Dafür darf hier keine KI verwendet werden, und es wurde keine gefragt.",
    "pt": "Aqui não se pode usar nenhuma IA para isto, e nenhuma foi consultada.",
    "it": "Qui non si può usare alcuna IA per questo, e nessuna è stata interpellata.",
    "ar": "لا يجوز استخدام أي ذكاء اصطناعي لهذا الغرض هنا، ولم يُسأل أي منها.",
    "zh": "此处不得为此使用任何人工智能，也没有向其提问。",  # noqa: RUF001 - Chinese punctuation
    "hi": "इसके लिए यहाँ किसी एआई का उपयोग नहीं किया जा सकता, और किसी से पूछा नहीं गया।",
    "ru": "Для этого здесь нельзя использовать ИИ, и запрос к нему не отправлялся.",
    "sw": "Hakuna AI inayoweza kutumika hapa kwa jambo hili, na hakuna iliyoulizwa.",
    "id": "AI tidak boleh digunakan untuk hal ini di sini, dan tidak ada yang ditanya.",
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "declined": _DECLINED,
    "too_young": _TOO_YOUNG,
    "guardian": _GUARDIAN,
    "off_task": _OFF_TASK,
    "shadow": _SHADOW,
    "not_here": _NOT_HERE,
}
"""By the reason: consent withheld, too young, no guardian's consent, off the task, an answer that is shown to nobody,
and (to somebody in danger only, whose application made a mistake) anything else."""
