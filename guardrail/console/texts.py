# ruff: noqa: RUF001, E501 - the letters of other scripts are the point
"""The paragraph "AI was used in your care" for a letter or a record, by language (WHO-13). Data only.

Everything but English is a draft that needs a native reader's review before it is relied on.
Blanks: {date} {model} {purpose} {who} {contact} {receipt}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Insert:
    """One language. `purposes` by the task of the record; `nobody` stands for a contact that nobody told."""

    title: str
    used: str
    not_used: str
    purposes: Mapping[str, str]
    read_by: str
    to_be_read: str
    unread: str
    risk: str
    rights: str
    number: str
    nobody: str


def _purposes(*words: str) -> Mapping[str, str]:
    names = ("health_information", "decision_support", "translation", "documentation", "education", "administration")
    return dict(zip((*names, "other"), words, strict=True))


INSERTS: Mapping[str, Insert] = {
    "en": Insert(
        title="AI was used in your care",
        used="On {date} artificial intelligence (the model {model}) was used for {purpose}.",
        not_used="On {date} artificial intelligence was called for {purpose}, but nothing that a model wrote was shown.",
        purposes=_purposes(
            "information about health",
            "support of a clinical decision",
            "a translation",
            "writing notes or letters",
            "teaching",
            "administration",
            "another task",
        ),
        read_by="{who} read what it wrote before it was used.",
        to_be_read="The application stated that a health professional reads what it wrote before it is used.",
        unread="The record does not say that a health professional read what it wrote.",
        risk="Such texts can be wrong or incomplete. They do not replace the judgement of a health professional.",
        rights="You can ask how it was used, have a person look at the matter again, and object: {contact}.",
        number="Please give this number: {receipt}",
        nobody="ask whoever gave you this letter",
    ),
    "es": Insert(
        title="Se utilizó inteligencia artificial en su atención",
        used="El {date} se utilizó inteligencia artificial (el modelo {model}) para {purpose}.",
        not_used="El {date} se recurrió a la inteligencia artificial para {purpose}, pero no se mostró nada escrito por un modelo.",
        purposes=_purposes(
            "información sobre salud",
            "apoyar una decisión clínica",
            "una traducción",
            "redactar notas o cartas",
            "la enseñanza",
            "tareas administrativas",
            "otra tarea",
        ),
        read_by="{who} leyó lo que escribió antes de que se utilizara.",
        to_be_read="La aplicación declaró que un profesional de la salud lee lo escrito antes de que se utilice.",
        unread="El registro no dice que un profesional de la salud haya leído lo escrito.",
        risk="Estos textos pueden ser erróneos o incompletos. No sustituyen el criterio de un profesional de la salud.",
        rights="Puede preguntar cómo se utilizó, pedir que una persona revise el asunto y oponerse: {contact}.",
        number="Indique este número: {receipt}",
        nobody="pregunte a quien le entregó esta carta",
    ),
    "fr": Insert(
        title="L'intelligence artificielle a été utilisée pour vos soins",
        used="Le {date}, l'intelligence artificielle (le modèle {model}) a été utilisée pour {purpose}.",
        not_used="Le {date}, l'intelligence artificielle a été sollicitée pour {purpose}, mais rien de ce qu'un modèle a écrit n'a été montré.",
        purposes=_purposes(
            "une information sur la santé",
            "l'aide à une décision clinique",
            "une traduction",
            "la rédaction de notes ou de lettres",
            "l'enseignement",
            "des tâches administratives",
            "une autre tâche",
        ),
        read_by="{who} a lu ce qu'elle a écrit avant toute utilisation.",
        to_be_read="L'application a déclaré qu'un professionnel de santé lit le texte avant son utilisation.",
        unread="Le registre n'indique pas qu'un professionnel de santé a lu le texte.",
        risk="De tels textes peuvent être faux ou incomplets. Ils ne remplacent pas l'avis d'un professionnel de santé.",
        rights="Vous pouvez demander comment elle a été utilisée, faire réexaminer la question par une personne et vous y opposer : {contact}.",
        number="Indiquez ce numéro : {receipt}",
        nobody="adressez-vous à la personne qui vous a remis cette lettre",
    ),
    "de": Insert(
        title="Bei Ihrer Behandlung wurde künstliche Intelligenz verwendet",
        used="Am {date} wurde künstliche Intelligenz (das Modell {model}) verwendet, und zwar für {purpose}.",
        not_used="Am {date} wurde künstliche Intelligenz für {purpose} aufgerufen, aber nichts gezeigt, was ein Modell geschrieben hat.",
        purposes=_purposes(
            "Auskünfte zur Gesundheit",
            "die Unterstützung einer medizinischen Entscheidung",
            "eine Übersetzung",
            "das Schreiben von Notizen oder Briefen",
            "den Unterricht",
            "die Verwaltung",
            "eine andere Aufgabe",
        ),
        read_by="{who} hat das Geschriebene gelesen, bevor es verwendet wurde.",
        to_be_read="Die Anwendung hat erklärt, dass eine medizinische Fachperson das Geschriebene liest, bevor es verwendet wird.",
        unread="In der Aufzeichnung steht nicht, dass eine medizinische Fachperson das Geschriebene gelesen hat.",
        risk="Solche Texte können falsch oder unvollständig sein. Sie ersetzen nicht das Urteil einer medizinischen Fachperson.",
        rights="Sie können fragen, wie sie verwendet wurde, die Sache von einem Menschen noch einmal ansehen lassen und widersprechen: {contact}.",
        number="Bitte nennen Sie diese Nummer: {receipt}",
        nobody="fragen Sie die Stelle, die Ihnen diesen Brief gegeben hat",
    ),
    "pt": Insert(
        title="Foi usada inteligência artificial nos seus cuidados",
        used="Em {date} foi usada inteligência artificial (o modelo {model}) para {purpose}.",
        not_used="Em {date} recorreu-se à inteligência artificial para {purpose}, mas nada do que um modelo escreveu foi mostrado.",
        purposes=_purposes(
            "informação sobre saúde",
            "apoiar uma decisão clínica",
            "uma tradução",
            "escrever notas ou cartas",
            "ensino",
            "tarefas administrativas",
            "outra tarefa",
        ),
        read_by="{who} leu o que foi escrito antes de ser usado.",
        to_be_read="A aplicação declarou que um profissional de saúde lê o que foi escrito antes de ser usado.",
        unread="O registo não diz que um profissional de saúde tenha lido o que foi escrito.",
        risk="Estes textos podem estar errados ou incompletos. Não substituem a avaliação de um profissional de saúde.",
        rights="Pode perguntar como foi usada, pedir que uma pessoa reveja o assunto e opor-se: {contact}.",
        number="Indique este número: {receipt}",
        nobody="pergunte a quem lhe entregou esta carta",
    ),
    "it": Insert(
        title="Nella Sua assistenza è stata usata l'intelligenza artificiale",
        used="Il {date} è stata usata l'intelligenza artificiale (il modello {model}) per {purpose}.",
        not_used="Il {date} si è fatto ricorso all'intelligenza artificiale per {purpose}, ma non è stato mostrato nulla di scritto da un modello.",
        purposes=_purposes(
            "informazioni sulla salute",
            "sostenere una decisione clinica",
            "una traduzione",
            "scrivere note o lettere",
            "l'insegnamento",
            "compiti amministrativi",
            "un altro compito",
        ),
        read_by="{who} ha letto il testo prima che fosse usato.",
        to_be_read="L'applicazione ha dichiarato che un professionista sanitario legge il testo prima che sia usato.",
        unread="Il registro non dice che un professionista sanitario abbia letto il testo.",
        risk="Questi testi possono essere sbagliati o incompleti. Non sostituiscono il giudizio di un professionista sanitario.",
        rights="Può chiedere come è stata usata, far riesaminare la questione da una persona e opporsi: {contact}.",
        number="Indichi questo numero: {receipt}",
        nobody="si rivolga a chi Le ha consegnato questa lettera",
    ),
    "ar": Insert(
        title="استُخدم الذكاء الاصطناعي في رعايتك",
        used="في {date} استُخدم الذكاء الاصطناعي (النموذج {model}) من أجل {purpose}.",
        not_used="في {date} استُدعي الذكاء الاصطناعي من أجل {purpose}، لكن لم يُعرض أي شيء كتبه نموذج.",
        purposes=_purposes(
            "معلومات عن الصحة",
            "دعم قرار سريري",
            "ترجمة",
            "كتابة ملاحظات أو رسائل",
            "التعليم",
            "أعمال إدارية",
            "مهمة أخرى",
        ),
        read_by="قرأ {who} ما كُتب قبل استخدامه.",
        to_be_read="صرّح التطبيق بأن أحد المختصين الصحيين يقرأ ما كُتب قبل استخدامه.",
        unread="لا يذكر السجل أن أحد المختصين الصحيين قرأ ما كُتب.",
        risk="قد تكون هذه النصوص خاطئة أو ناقصة، ولا تغني عن رأي المختصين في الرعاية الصحية.",
        rights="يمكنك أن تسأل كيف استُخدم، وأن تطلب أن ينظر شخص في الأمر مرة أخرى، وأن تعترض: {contact}.",
        number="يُرجى ذكر هذا الرقم: {receipt}",
        nobody="اسأل من سلّمك هذه الرسالة",
    ),
    "zh": Insert(
        title="您的诊疗过程中使用了人工智能",
        used="{date}，人工智能（模型 {model}）被用于{purpose}。",
        not_used="{date}，曾为{purpose}调用人工智能，但没有向任何人显示模型所写的内容。",
        purposes=_purposes("提供健康信息", "支持临床决策", "翻译", "撰写记录或信函", "教学", "行政事务", "其他任务"),
        read_by="{who}在使用之前阅读了其所写的内容。",
        to_be_read="应用程序声明，专业医务人员会在使用之前阅读其所写的内容。",
        unread="记录中没有说明有专业医务人员阅读过其所写的内容。",
        risk="这类文字可能有错误或不完整，不能代替专业医务人员的判断。",
        rights="您可以询问它是如何被使用的，要求由人重新审视此事，也可以提出异议：{contact}。",
        number="请提供此编号：{receipt}",
        nobody="请询问把这封信交给您的人",
    ),
    "hi": Insert(
        title="आपकी देखभाल में कृत्रिम बुद्धिमत्ता (एआई) का उपयोग हुआ",
        used="{date} को {purpose} के लिए कृत्रिम बुद्धिमत्ता (मॉडल {model}) का उपयोग हुआ।",
        not_used="{date} को {purpose} के लिए कृत्रिम बुद्धिमत्ता को बुलाया गया, पर किसी मॉडल का लिखा कुछ भी नहीं दिखाया गया।",
        purposes=_purposes(
            "स्वास्थ्य की जानकारी",
            "चिकित्सकीय निर्णय में सहायता",
            "अनुवाद",
            "नोट या पत्र लिखने",
            "शिक्षण",
            "प्रशासनिक काम",
            "किसी और काम",
        ),
        read_by="{who} ने उपयोग से पहले उसका लिखा पढ़ा।",
        to_be_read="एप्लिकेशन ने बताया कि उपयोग से पहले कोई स्वास्थ्यकर्मी उसका लिखा पढ़ता है।",
        unread="अभिलेख में यह नहीं लिखा कि किसी स्वास्थ्यकर्मी ने उसका लिखा पढ़ा।",
        risk="ऐसे पाठ ग़लत या अधूरे हो सकते हैं। वे स्वास्थ्यकर्मी के निर्णय की जगह नहीं लेते।",
        rights="आप पूछ सकते हैं कि इसका उपयोग कैसे हुआ, किसी व्यक्ति से मामले को दोबारा देखने को कह सकते हैं, और आपत्ति कर सकते हैं: {contact}।",
        number="कृपया यह संख्या बताएँ: {receipt}",
        nobody="उनसे पूछें जिन्होंने आपको यह पत्र दिया",
    ),
    "ru": Insert(
        title="При оказании вам помощи использовался искусственный интеллект",
        used="{date} искусственный интеллект (модель {model}) использовался для следующего: {purpose}.",
        not_used="{date} искусственный интеллект был вызван для следующего: {purpose}, но ничего из написанного моделью показано не было.",
        purposes=_purposes(
            "сведения о здоровье",
            "поддержка клинического решения",
            "перевод",
            "составление записей или писем",
            "обучение",
            "административные задачи",
            "другая задача",
        ),
        read_by="{who} — прочитано до использования.",
        to_be_read="Приложение заявило, что медицинский работник читает написанное до использования.",
        unread="В записи не сказано, что медицинский работник прочитал написанное.",
        risk="Такие тексты могут быть ошибочными или неполными. Они не заменяют мнение медицинского работника.",
        rights="Вы можете спросить, как он использовался, попросить человека рассмотреть вопрос ещё раз и возразить: {contact}.",
        number="Назовите этот номер: {receipt}",
        nobody="обратитесь к тому, кто передал вам это письмо",
    ),
    "sw": Insert(
        title="Akili bandia (AI) ilitumika katika huduma yako",
        used="Tarehe {date} akili bandia (modeli {model}) ilitumika kwa {purpose}.",
        not_used="Tarehe {date} akili bandia iliitwa kwa {purpose}, lakini hakuna kilichoandikwa na modeli kilichoonyeshwa.",
        purposes=_purposes(
            "taarifa za afya",
            "kusaidia uamuzi wa kitabibu",
            "tafsiri",
            "kuandika maelezo au barua",
            "kufundisha",
            "kazi za utawala",
            "kazi nyingine",
        ),
        read_by="{who} alisoma kilichoandikwa kabla ya kutumika.",
        to_be_read="Programu ilieleza kwamba mhudumu wa afya husoma kilichoandikwa kabla ya kutumika.",
        unread="Kumbukumbu haisemi kwamba mhudumu wa afya alisoma kilichoandikwa.",
        risk="Maandishi kama haya yanaweza kuwa na makosa au kutokamilika. Hayachukui nafasi ya uamuzi wa mhudumu wa afya.",
        rights="Unaweza kuuliza jinsi ilivyotumika, kuomba mtu aangalie jambo hili tena, na kupinga: {contact}.",
        number="Tafadhali taja nambari hii: {receipt}",
        nobody="muulize aliyekupa barua hii",
    ),
    "id": Insert(
        title="Kecerdasan buatan (AI) digunakan dalam perawatan Anda",
        used="Pada {date} kecerdasan buatan (model {model}) digunakan untuk {purpose}.",
        not_used="Pada {date} kecerdasan buatan dipanggil untuk {purpose}, tetapi tidak ada tulisan model yang ditampilkan.",
        purposes=_purposes(
            "informasi kesehatan",
            "mendukung keputusan klinis",
            "terjemahan",
            "menulis catatan atau surat",
            "pengajaran",
            "administrasi",
            "tugas lain",
        ),
        read_by="{who} membaca tulisan itu sebelum digunakan.",
        to_be_read="Aplikasi menyatakan bahwa tenaga kesehatan membaca tulisan itu sebelum digunakan.",
        unread="Catatan tidak menyebutkan bahwa tenaga kesehatan membaca tulisan itu.",
        risk="Tulisan seperti ini bisa salah atau tidak lengkap, dan tidak menggantikan penilaian tenaga kesehatan.",
        rights="Anda dapat menanyakan bagaimana AI digunakan, meminta seseorang meninjau kembali, dan berkeberatan: {contact}.",
        number="Sebutkan nomor ini: {receipt}",
        nobody="tanyakan kepada yang memberi Anda surat ini",
    ),
}
