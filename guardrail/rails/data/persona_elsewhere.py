# ruff: noqa: E501 - tables: one entry stays one line
"""What every language but English shares: words of deeds, of advice and of speech, by the beginnings of words. Data only."""

from __future__ import annotations

from typing import Final

DEEDS: Final = (
    r"(?<!\w)(?:medi[ck]|méd[ie]|arzt|ärzt|doctor|docteur|doutor|dottor|dokter|daktari|врач|доктор|klini|clíni|clini|hôpital|hospital|ospedal|krankenhaus|больниц|rumah sakit|hospitali|"
    r"apothek|farmac|pharmac|аптек|apotek|tom[aeoáéó]|pren[de]|presa|prise|nehm|nimm|einnehm|принима|приём|minum|mengonsumsi|kunywa|tumia|meza|us[aeoá]|utili|verwend|brauch|benötig|использ|"
    r"beb[aeo]|boi[rst]|buvez|trink|пить|пейте|com[aeo]|mang|iss|ess|ешьте|makan|kula|condu[czi]|fahr|guid[aio]|водить|за рул|menyetir|kuendesha|par[aeo]r?\b|deten|arrêt|stopp|absetz|smett|interromp|"
    r"прекра|отмен|berhenti|acha|dosis|dose|доз|dozi|tabl|pill|comprim|compress|kidonge|обезбол|лекарств|препарат|dawa|obat|alcohol|alkohol|alcool|álcool|алкогол|pombe|deb[aeo]|deve|doi[st]|"
    r"soll|muss|darf|dürf|нужно|надо|долж|нельзя|harus|perlu|lazima|unapaswa|necesit|precis|bisogno|besoin|urgen|notfall|emergen|срочн|darurat|dharura|embaraz|enceinte|schwanger|grávid|incint|беремен|hamil|mjamzito|"
    r"cáncer|câncer|cancer|krebs|рак\b|kanker|saratani|grave|grav[ei]|ernst|schlimm|gefähr|peligr|perig|perico|danger|опасн|серьёзн|berbahaya|serius|hatari|segur|sicher|sûr|sicur|безопас|aman\b|salama|worry|preocup|sorge|inquiét|беспоко)"
    r"|医|药|藥|吃|服|喝|停|用|剂|劑|酒|应该|應該|必须|必須|需要|急|孕|癌|严重|嚴重|危险|危險|安全|担心|डॉक्टर|दवा|अस्पताल|लें|लेना|पिएँ|खाएँ|बंद|गोली|खुराक|शराब|चाहिए|ज़रूर|जरूर|गंभीर|खतर|कैंसर|गर्भ|सुरक्ष|"
    r"طبيب|دواء|مستشفى|تناول|تأخذ|خذ|تشرب|توقف|جرعة|قرص|كحول|يجب|ينبغي|تحتاج|طوارئ|حامل|سرطان|خطير|آمن|تقلق"
)
"""What a "not" may be about that a reader needs."""
ADVICE: Final = (
    r"(?<!\w)(?:(?:des|dé|s)?(?:aconsej|aconselh|conseil|consigli)|recom[ae]n|raccomand|empfehl|empfohl|rate\b|rat(?:en)?\b|warn|avert|advert|avvert|suger|sugg|рекоменд|совет|предупре|saran|menyarankan|anjur|nakushauri|nashauri|pendekez)|"
    r"建议|建議|推荐|推薦|警告|सलाह|सुझाव|चेतावनी|أنصح|أوصي|أقترح|أحذر"
)
"""Advice and warnings: never left out with the sentence that they stand in."""
OF_WORDS: Final = (
    r"(?<!\w)(?:ai|ia|ki|ии|bot|chatbot\w*|robot\w*|roboti|automat\w*|autom[aá]t\w*|автомат\w*|otomatis|kiotomatiki|program\w*|программ\w*|machine|maschine|máquina|macchina|mashine|mesin|sprachmodell\w*|"
    r"descartes|cartesio|декарт\w*|satz|frase|phrase|oração|oración|preghiera|prière|título|titel|titre|titolo|judul|palabra|wort|begriff|mot|parola|palavra|слово|kata|neno|"
    r"sagt|sagen|sagte|dit|disent|dice|dicen|diz|dizem|disse|dicono|говорят|говорит|berkata|anasema|wanasema|жалоб\w*|образец|modelo|modèle|muster|beispiel\w*|ejemplo|exemple|exemplo|esempio|contoh|mfano)(?!\w)"
    r"|自动|自動|人工智能|机器|機器|程序|电脑|這個詞|这个词|量表|角色扮演|病历|翻译|स्वचालित|एआई|शब्द|آلي|برنامج|مصطلح|كلمة"
)
"""A sentence about a machine, about a word, or about what somebody says: its first person is nobody's claim."""
