# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""Words by which a translation is compared with its source: small numbers, months, units, sides, negations, requests.

Data only. Patterns are for lower-case text. Languages other than English are DRAFTS by non-native writers.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# 2 to 10: one is an article in too many languages. Forms of one number are divided by "|", numbers by " ".
# A number that is another word as well ("sei", "once", "neuf") is only accepted in a translation, never required of it:
# it stands behind "~".
SMALL_NUMBERS: Final = MappingProxyType(
    {
        "en": "two|twice three|thrice four five six seven eight nine ten",
        "es": "dos tres cuatro cinco seis siete ocho nueve diez",
        "fr": "deux trois quatre cinq ~six sept huit ~neuf dix",
        "de": "zwei|zweimal|zweier drei|dreimal|dreier vier|viermal fünf|fünfmal sechs|sechsmal sieben|siebenmal ~acht|achtmal neun|neunmal zehn|zehnmal",
        "pt": "dois|duas três quatro cinco seis sete oito nove dez",
        "it": "due tre quattro cinque ~sei sette otto nove dieci",
        "ar": "~اثنان|اثنين|اثنتان|اثنتين|مرتين|مرتان|مرّتين|حبتين|حبتان|قرصين|قرصان|يومين|ساعتين|أسبوعين|شهرين|سنتين|كبسولتين|ملعقتين ~ثلاث|ثلاثة ~أربع|أربعة ~خمس|خمسة ~ست|ستة ~سبع|سبعة ~ثماني|ثمانية|ثمان ~تسع|تسعة ~عشر|عشرة",
        "zh": "~二|两|兩 ~三 ~四 ~五 ~六 ~七 ~八 ~九 ~十",
        "hi": "दो|दोनों तीन चार पाँच|पांच छह|छः|छ सात आठ ~नौ ~दस",
        "ru": "два|две|двух|двумя|дважды|двое три|трех|трёх|тремя|трижды|трое четыре|четырех|четырёх|четверо пять|пяти шесть|шести семь|семи|~семью восемь|восьми девять|девяти десять|десяти",
        "sw": "mbili|wawili|mawili|viwili|miwili tatu|watatu|matatu|vitatu|mitatu nne|wanne|manne|vinne|minne tano|watano|matano|vitano|mitano sita saba nane|wanane|manane tisa kumi",
        "id": "dua|kedua tiga empat lima enam tujuh delapan sembilan sepuluh",
    }
)
"""Chinese and Arabic are accepted only: there a numeral is part of other words."""

HALVES: Final = r"\bhalf\b|\bmedi[oa]\b|\bmitad\b|\bdemie?s?\b|\bmoitié\b|\bhalbe?[nrs]?\b|\bhälfte\b|\bmei[oa]\b|\bmetade\b|\bmezz[oa]\b|\bmetà\b|نصف|半|आध|половин|\bnusu\b|\bsetengah\b"
QUARTERS: Final = (
    r"\bquarter\b|\bcuarto\b|\bquart\b|\bviertel\b|\bquarto\b|ربع|四分之一|चौथाई|четверт|\brobo\b|\bseperempat\b"
)

# January to December.
MONTHS: Final = MappingProxyType(
    {
        "en": "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? oct(?:ober)? nov(?:ember)? dec(?:ember)?",
        "es": "enero febrero marzo abril mayo junio julio agosto sep?tiembre octubre noviembre diciembre",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "de": "januar|jänner februar märz april mai juni juli august september oktober november dezember",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "ar": "يناير|كانون\\sالثاني فبراير|شباط مارس|آذار أبريل|إبريل|نيسان مايو|أيار يونيو|حزيران يوليو|تموز أغسطس|آب سبتمبر|أيلول أكتوبر|تشرين\\sالأول نوفمبر|تشرين\\sالثاني ديسمبر|كانون\\sالأول",
        "zh": "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月",
        "hi": "जनवरी फ़रवरी|फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर|सितम्बर अक्टूबर|अक्तूबर नवंबर|नवम्बर दिसंबर|दिसम्बर",
        "ru": "январ[ьяе] феврал[ьяе] март[ае]? апрел[ьяе] ма[йяе] июн[ьяе] июл[ьяе] август[ае]? сентябр[ьяе] октябр[ьяе] ноябр[ьяе] декабр[ьяе]",
        "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
        "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    }
)

# Behind a number, from the longest.
UNITS: Final = (
    ("mcg", r"mcg|µg|μg|ug|mikrog\w*|microg\w*|мкг|микрогр\w*|微克|माइक्रोग्राम|ميكروغرام|ميكروجرام|مكغ|мкг"),
    ("mg", r"mg|milligr\w*|miligr\w*|мг|миллигр\w*|毫克|मिलीग्राम|मिग्रा|मि\.ग्रा\.?|ملغم|ملغ|مجم|ملجم|مغ|ملليغرام|مليغرام|ملليجرام"),
    ("kg", r"kg|kilos?|kilogr\w*|quilos?|кг|килогр\w*|公斤|千克|किलोग्राम|किग्रा|कि\.ग्रा\.?|كغ|كجم|كيلوغرام|كيلوجرام|كيلو"),
    ("ml", r"ml|millilit\w*|mililit\w*|мл|миллилит\w*|毫升|मिलीलीटर|मिली|मि\.ली\.?|مل|ملل|مليلتر|ملليلتر|cc"),
    ("g", r"g|gr|gramm?[eis]?s?|gramos?|gram|г|грамм\w*|克|ग्राम|غرام|جرام|غ|جم"),
    ("mmol", r"mmol|ммоль|毫摩尔|ملي\s?مول"),
    ("mmhg", r"mm\s?hg|мм\s?рт\.?\s?ст\.?|毫米汞柱"),
    ("cm", r"cm|centimet\w*|centímet\w*|zentimet\w*|см|сантимет\w*|厘米|公分|सेमी|سم"),
    ("mm", r"mm|millimet\w*|milímet\w*|мм|миллимет\w*|毫米|मिमी|ملم"),
    ("l", r"l|lit(?:er|re|ro)s?|litri|л|литр\w*|升|लीटर|لتر"),
    ("iu", r"iu|ui|ie|i\.u\.|u\.i\.|ме|ед|units?|unidades?|unités?|einheiten|unità|国际单位|单位|यूनिट|इकाई|وحدة|وحدات"),
    ("%", r"%|٪|percent|per\scent|prozent|por\sciento|por\scento|pour\scent|per\scento|процент\w*|प्रतिशत|في\sالمئة|بالمئة|asilimia|persen"),
    ("c", r"°\s?c|℃|degrees\scelsius|摄氏度|度"),
    ("f", r"°\s?f|℉|degrees\sfahrenheit|华氏度"),
    ("hour", r"hours?|hrs?|h|horas?|heures?|stunden?|ore|ora|час(?:а|ов)?|小时|घंटे|घंटा|घंटों|ساعة|ساعات|masaa|saa|jam"),
    ("minute", r"min(?:utes?|utos?|uten?|uti|uto)?|минут\w*|мин|分钟|मिनट|دقيقة|دقائق|dakika|menit"),
    ("day", r"days?|días?|dias?|jours?|tagen?|tage?|giorn[oi]|дн(?:я|ей)|день|天|日|दिनों?|يوم\w*|أيام|siku|hari"),
    ("week", r"weeks?|semanas?|semaines?|wochen?|settiman[ae]|недел\w*|周|星期|हफ़्ते|हफ्ते|सप्ताह|أسبوع\w*|أسابيع|wiki|minggu"),
    ("month", r"months?|mes(?:es)?|mois|monaten?|monate?|mês|mes[ei]|месяц\w*|个月|महीने|महीनों|माह|شهر\w*|أشهر|miezi|mwezi|bulan"),
    ("year", r"years?|años?|ans?|années?|jahren?|jahre?|anos?|ann[io]|лет|год\w*|年|岁|साल|वर्ष|سن(?:ة|وات)|عام\w*|أعوام|miaka|mwaka|tahun"),
)  # fmt: skip

# In a source only plain negations count; in a translation also what says the same in other words.
DENIES: Final = MappingProxyType(
    {
        "en": r"\b(?:not|never|no|none|nor|neither|nobody|nothing|cannot|without)\b|n't\b|n’t\b",
        "es": r"\b(?:no|nunca|jamás|tampoco|ni|sin|nada|nadie|ningun[oa]s?|ningún)\b",
        "fr": r"\b(?:ne|pas|jamais|sans|aucune?|rien|ni)\b|\bn['’]",
        "de": r"\b(?:nicht|nie|niemals|kein\w*|nichts|ohne|weder|noch\snie)\b",
        "pt": r"\b(?:não|nunca|jamais|tampouco|nem|sem|nada|ninguém|nenhuma?)\b",
        "it": r"\b(?:non|mai|né|nemmeno|neppure|senza|niente|nulla|nessun[oa]?)\b",
        "ar": r"(?<!\w)(?:و|ف)?(?:لا|لم|لن|ليس|ليست|ليسوا|بدون|دون|غير)(?!\w)",
        "zh": r"不|没|沒|未|勿|莫|无|禁|别(?!人)",
        "hi": r"(?<!\S)(?:नहीं|मत|न|ना|बिना)(?![^\s।,.!?;:])",
        "ru": r"\b(?:не|ни|нет|никогда|нельзя|без|никак\w*)\b",
        "sw": r"\b(?:si|usi\w{3,}|msi\w{3,}|asi\w{3,}|wasi\w{3,}|isi\w{3,}|ha(?:i|wa|ku|u|m|tu|zi|ya|pa|li)\w{3,}|ha\w{4,}i|kamwe|bila|hapana|wala|siyo|sio|hakuna|hana)\b",
        "id": r"\b(?:tidak|tak|bukan|jangan|janganlah|gak|nggak|tanpa|belum)\b",
    }
)
ALSO_DENIES: Final = (
    r"\b(?:avoid\w*|stop\w*|refrain\w*|unusual|unlikely|unsafe|rarely|free\sof|absen\w+|lack\w*|contraindicated|except|unless|un\w{5,}|"
    r"evit\w+|desaconsej\w+|ausen\w+|libre\sde|salvo|excepto|dej[ea]\w*\sde|"
    r"évit\w+|déconseill\w+|absen\w+|sauf|arrêt\w+|"
    r"vermeid\w+|verzicht\w+|unterlass\w+|un\w{5,}|außer|\w+frei\w*|nur\s(?:noch\s)?wenn|"
    r"desaconselh\w+|livre\sde|exceto|sconsigli\w+|assen\w+|tranne|priv[oaie]\sdi|"
    r"избега\w+|воздерж\w+|отсутств\w+|запрещ\w+|кроме|не\w{4,}|без\w{4,}|"
    r"epuk\w*|acha\w*|hindar\w*|bebas\sdari|kecuali|dilarang)\b|避免|忌|停止|除非|تجنب|يمنع|ممنوع|خالٍ|خالي|امتنع|बच(?:ें|ना)|परहेज|रहित|वर्जित"
)

# Left, then right, of a body. English "left" and "right" say other things too: see the words around them.
SIDES: Final = MappingProxyType(
    {
        "en": (
            r"(?<!\bhas )(?<!\bhave )(?<!\bhad )(?<!\bwas )(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bhe )(?<!\bshe )(?<!\bwho )(?<!\bthey )(?<!\byou )(?<!\bi )(?<!\bpatient )"
            r"\bleft(?:-sided?|wards?)?\b(?! (?:the (?!side|arm|leg|eye|ear|knee|hip|hand|foot|lung|kidney|breast)|a |an |untreated|alone|over|behind|out|off|in place|unattended|for|home|hospital|untouched))",
            r"(?<!\ball )(?<!\bthat's )(?<!\bis )(?<!\bbe )(?<!\bnot )(?<!\bjust )(?<!\ba )(?<!\byour legal )(?<!\bhave the )(?<!\bhas the )"
            r"\bright(?:-sided?|wards?)?\b(?! (?:away|now|after|before|amount|dose|time|way|thing|to |for|medicines?|medication|person|choice|answer|answers|treatment|care|diagnosis|next|here|there|at|or wrong|track|size|one|ones|words?|kind))",
        ),
        "es": (r"\bizquierd[oa]s?\b", r"\bderech[oa]s?\b(?! (?:a|de|legal))"),
        "fr": (r"\bgauches?\b", r"\bdroite?s?\b(?! (?:de|à|d'))(?<!tout droit)"),
        "de": (r"\blinks\w*\b|\blinke[nrsm]?\b", r"\brechts(?!anw|kr|ver|gr|wi|str|lage|spr)\w*\b|\brechte[nrsm]?\b"),
        "pt": (r"\besquerd[oa]s?\b", r"\bdireit[oa]s?\b(?! (?:a|de|à|ao|legal))"),
        "it": (r"\bsinistr[oaie]\b", r"\bdestr[oaie]\b"),
        "ar": (r"يسرى|أيسر|ايسر|يسار", r"يمنى|أيمن|ايمن|يمين"),
        "zh": (r"左(?!右)", r"(?<!左)右"),
        "hi": (r"बाए[ँं]|बाएँ|बायाँ|बायां|बायीं|बाईं|बांय|बाँय", r"दाए[ँं]|दाएँ|दायाँ|दायां|दायीं|दाईं|दाहिन"),
        "ru": (
            r"\bлев(?:ый|ая|ое|ой|ого|ому|ом|ую|ые|ых|ым|ыми)\b|\bслева\b|\bвлево\b|\bлевосторонн\w+",
            r"\bправ(?:ый|ая|ое|ой|ого|ому|ом|ую|ые|ых|ым|ыми)\b|\bсправа\b|\bвправо\b|\bправосторонн\w+",
        ),
        "sw": (r"\bkushoto\b", r"\bkulia\b"),
        "id": (r"\bkiri\b", r"\bkanan\b"),
    }
)

# --- requests ---
TRANSLATE: Final = (
    r"\btranslat\w+|\bhow (?:do|would|can) (?:you|i) say\b|\btradu[czç]\w*|\btradúz\w*|\btradúc\w*|\btradui\w*|\bübersetz\w*|\bübertrag\w*|ترجم|翻译|翻譯|译成|译为|"
    r"अनुवाद|\bперевед\w*|\bперевод\w*|\bперевест\w*|\btafsiri\w*|\bfasiri\w*|\bterjemah\w*|\bmenerjemah\w*"
)
LANGUAGE_NAMES: Final = MappingProxyType(
    {
        "en": r"\benglish|\binglés|\banglais|\benglisch|\binglês|\binglese|الإنجليزية|الانجليزية|الإنكليزية|英语|英文|अंग्रेज़ी|अंग्रेजी|\bанглийск|\bkiingereza|\binggris",
        "es": r"\bspanish|\bespañol|\bcastellano|\bespagnol|\bspanisch|\bespanhol|\bspagnolo|الإسبانية|الاسبانية|西班牙|स्पेनिश|स्पैनिश|\bиспанск|\bkihispania|\bspanyol",
        "fr": r"\bfrench|\bfrancés|\bfrançais|\bfranzösisch|\bfrancês|\bfrancese|الفرنسية|法语|法文|फ़्रेंच|फ्रेंच|फ़्रांसीसी|\bфранцузск|\bkifaransa|\bprancis|\bperancis",
        "de": r"\bgerman|\balemán|\ballemand|\bdeutsch|\balemão|\btedesco|الألمانية|德语|德文|जर्मन|\bнемецк|\bkijerumani|\bjerman",
        "pt": r"\bportuguese|\bportugués|\bportugais|\bportugiesisch|\bportuguês|\bportoghese|البرتغالية|葡萄牙|पुर्तगाली|\bпортугальск|\bkireno|\bportugis",
        "it": r"\bitalian|\bitaliano|\bitalien|\bitalienisch|الإيطالية|意大利|इतालवी|\bитальянск|\bkiitaliano|\bitalia\b",
        "ar": r"\barabic|\bárabe|\barabe|\barabisch|\barabo|العربية|阿拉伯|अरबी|\bарабск|\bkiarabu|\barab\b",
        "zh": r"\bchinese|\bmandarin|\bchino|\bchinois|\bchinesisch|\bchinês|\bcinese|الصينية|中文|汉语|普通话|चीनी|\bкитайск|\bkichina|\btionghoa|\bcina\b|\bmandarín",
        "hi": r"\bhindi\b|الهندية|印地语|हिंदी|हिन्दी|\bхинди|\bkihindi",
        "ru": r"\brussian|\bruso\b|\brusse\b|\brussisch|\brusso\b|الروسية|俄语|俄文|रूसी|\bрусск|\bkirusi|\brusia",
        "sw": r"\bs[uw]ahili|\bkiswahili|\bsuajili|\bsuaíli|السواحيلية|斯瓦希里|स्वाहिली|\bсуахили",
        "id": r"\bindonesian?\b|\bindonesio|\bindonésien|\bindonesisch|\bindonésio|\bindonesiano|الإندونيسية|印尼|印度尼西亚|इंडोनेशियाई|\bиндонезийск|\bkiindonesia",
    }
)
OTHER_LANGUAGES: Final = (
    r"\b(?:vietnamese|tagalog|korean|japanese|polish|ukrainian|turkish|persian|farsi|dari|pashto|urdu|bengali|punjabi|tamil|telugu|"
    r"gujarati|marathi|haitian creole|creole|somali|amharic|tigrinya|dutch|greek|hebrew|thai|burmese|nepali|romanian|hungarian|czech|"
    r"hmong|navajo|yoruba|hausa|igbo|zulu|swedish|norwegian|danish|finnish|albanian|serbian|croatian|bulgarian|armenian|khmer|lao)\b"
)
SIMPLER: Final = (
    r"\b(?:in|into|using|with) (?:(?:very|more|much) )?(?:plain|simple|simpler|easy|easier|everyday|lay|layman's|layperson's|patient-friendly)(?:er)? (?:words|language|terms|english|text)\b|"
    r"\bsimplif\w+|\beasy[- ]to[- ]read\b|\bfor a (?:child|layperson|patient) to understand\b|"
    r"\b(?:palabras|términos) (?:más )?(?:sencill[oa]s|simples)\b|\blenguaje (?:más )?(?:sencillo|claro|simple)\b|"
    r"\b(?:mots|termes) (?:plus )?simples\b|\blangage (?:plus )?(?:simple|clair)\b|"
    r"\b(?:einfachen?|leichten?|verständlichen?) (?:worten|wörtern|sprache)\b|\bvereinfach\w*|"
    r"\b(?:palavras|termos) (?:mais )?simples\b|\blinguagem (?:mais )?(?:simples|clara)\b|"
    r"\b(?:parole|termini) (?:più )?semplici\b|\blinguaggio (?:più )?semplice\b|\bsemplific\w*|"
    r"(?:كلمات|لغة|بعبارات|عبارات) (?:بسيطة|سهلة)|تبسيط|بسّط|بسط|简单的(?:话|语言|词)|通俗|简单易懂|大白话|简化|"
    r"(?:सरल|आसान) (?:शब्दों|भाषा)|\bпростыми словами|\bпрост(?:ым|ом) язык\w*|\bупрост\w*|"
    r"\b(?:maneno|lugha) rahisi\b|\brahisisha\b|\b(?:kata(?:-kata)?|bahasa) (?:yang )?(?:sederhana|mudah)\b|\bsederhanakan\b"
)
