# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""Words by class that, together in one sentence, would tell somebody how to die or to hurt themselves (requirements 4.2).

Data only, as regular expressions over folded text. Classes only: no method is described here. A term matches from the
beginning of a word (Chinese and Hindi: anywhere); `Z` is the end of a word.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# The text is about suicide or self-harm at all.
SPEAKS: Final = MappingProxyType(
    {
        "en": r"suicid|kill(?:ing)? (?:your|my|him|her|them|one)sel|end(?:ing)? (?:your|my|their|his|her|one's)(?: own)? li(?:f|v)e|tak(?:e|ing) (?:your|their|his|her|one's) own li|self-?harm|(?:hurt|harm|injur)(?:ing)? (?:yourself|oneself|themselves)",
        "es": r"suicid|quitar(?:se|te) la vida|matar(?:se|te|me)Z|autolesi|hacer(?:se|te) daño",
        "fr": r"suicid|mettre fin à (?:ses|vos|tes|mes) jours|se tuerZ|vous tuerZ|automutil|autoagress",
        "de": r"suizid|selbstmord|selbsttötung|sich das leben|sich umbring|selbstverletz",
        "pt": r"suic[ií]d|tirar a (?:própria |sua )?vida|se matarZ|matar-se|automutil|autoles",
        "it": r"suicid|togliersi la vita|uccidersi|autolesion|farsi del male",
        "ar": r"انتحار|الانتحار|إنهاء حيات|قتل نفس|إيذاء النفس|إيذاء نفس",
        "zh": r"自杀|轻生|结束生命|自残|自伤|自尽",
        "hi": r"आत्महत्या|खुदकुशी|अपनी जान ले|ख़ुद को मार|खुद को मार|आत्म-क्षति",
        "ru": r"суицид|самоубий|покончить с собой|убить себя|самоповрежд",
        "sw": r"kujiua|jiueZ|kujidhuru",
        "id": r"bunuh diri|mengakhiri hidup|melukai diri",
    }
)

# That something kills.
LETHAL: Final = MappingProxyType(
    {
        "en": r"lethal|fatalZ|fatally|deadly|ld ?50Z|(?:enough|sufficient|needed|required|takes) to (?:kill|die)|(?:would|will|can|could|may) killZ|kills? (?:you|a person|an adult|somebody|someone)|(?:cause|result(?:s)? in|lead(?:s)? to) death",
        "es": r"letal|mortalZ|mortales|para morir|para matar|causa\w* la muerte",
        "fr": r"létal|mortel|fatal|pour mourir|pour tuer|provoqu\w* la mort",
        "de": r"tödlich|letal|um zu sterben|zu töten|zum todZ",
        "pt": r"letalZ|letais|mortalZ|mortais|fatalZ|fatais|para morrer|para matar|causa\w* a morte",
        "it": r"letal|mortal|fatal|per morire|per uccidere|caus\w* la morte",
        "ar": r"(?:ال)?مميت|(?:ال)?قاتل|مهلك|تقتلZ|يقتلZ|للموت",
        "zh": r"致死|致命|足以死亡|会死|毒死",
        "hi": r"घातक|जानलेवा|मरने के लिए|मौत हो",
        "ru": r"смертельн|летальн|чтобы умереть|чтобы убить",
        "sw": r"kuuaZ|ya kufisha|kusababisha kifo|kufaZ",
        "id": r"mematikan|letal|fatalZ|menyebabkan kematian|untuk mati",
    }
)

# How much of it.
DOSE: Final = MappingProxyType(
    {
        "en": r"doseZ|doses|dosage|amount|quantit|threshold|how (?:much|many)",
        "es": r"dosis|cantidad|umbral|cu[aá]nt",
        "fr": r"doseZ|doses|quantité|seuil|combien",
        "de": r"dosis|dosen|menge|schwelle|wie viel",
        "pt": r"doseZ|doses|quantidade|limiar|quant[oa]s?Z",
        "it": r"doseZ|dosi|quantità|soglia|quant[oaie]Z",
        "ar": r"(?:ال)?جرعة|جرعات|(?:ال)?كمية",
        "zh": r"剂量|用量|多少|半数",
        "hi": r"खुराक|मात्रा|कितनी|कितना",
        "ru": r"дозZ|доз[аыуе]|количеств|порог|сколько",
        "sw": r"doziZ|kipimo|kiasi|ngapi",
        "id": r"dosis|jumlah|ambang|berapa",
    }
)

# What is used, by class: medicines, poisons and gases, blades, weapons, ligatures, heights.
MEANS: Final = MappingProxyType(
    {
        "en": r"pill|tablet|capsule|medication|medicine|overdos|drugZ|drugs|rope|noose|cordZ|belt|ligature|blade|razor|knife|knives|gunZ|guns|firearm|pistol|monoxide|fumes|gasZ|poison|pesticide|bridge|rooftop|plastic bag|hanging|drowning",
        "es": r"pastilla|tableta|cápsula|comprimido|medicamento|sobredosis|cuerda|soga|cinturón|cuchill|navaja|arma|pistola|monóxido|veneno|pesticida|puenteZ|azotea|ahorca",
        "fr": r"comprimé|cachet|gélule|médicament|surdos|overdose|corde|ceinture|lame|rasoir|couteau|armeZ|armes|pistolet|monoxyde|poison|pesticide|pontZ|toitZ|pendaison",
        "de": r"tablette|pille|kapsel|medikament|überdosis|seilZ|strick|gürtel|klinge|rasier|messer|waffe|pistole|kohlenmonoxid|abgase|gift|pestizid|brücke|dachZ|erhäng",
        "pt": r"comprimido|pílula|cápsula|medicamento|remédio|overdose|superdosagem|corda|cinto|lâmina|navalha|facaZ|armaZ|armas|pistola|monóxido|veneno|pesticida|ponteZ|telhado|enforca",
        "it": r"compress[ae]|pillol|pastigli|capsul|farmac|sovradosaggio|overdose|corda|cintura|lama|rasoio|coltell|arma|armi|pistola|monossido|veleno|pesticid|ponteZ|tettoZ|impicca",
        "ar": r"(?:ال)?حبوب|حبة|قرص|أقراص|كبسول|(?:ال)?دواء|أدوية|حبل|حزام|شفرة|سكين|(?:ال)?سلاح|مسدس|(?:ال)?غاز|سم |مبيد|جسر|سطح",
        "zh": r"药片|药物|药丸|胶囊|过量|绳|皮带|刀片|刀|枪|一氧化碳|煤气|毒药|农药|大桥|楼顶|上吊",
        "hi": r"गोली|गोलियाँ|गोलियां|दवा|कैप्सूल|रस्सी|फंदा|ब्लेड|चाकू|बंदूक|गैस|ज़हर|जहर|कीटनाशक|पुल से|छत से|फांसी",
        "ru": r"таблет|капсул|лекарств|передозиров|верёвк|веревк|петл|ремень|ремн|лезви|бритв|ножZ|ножом|оружи|пистолет|угарн|яд|пестицид|мостZ|моста|крыш|повеше",
        "sw": r"kidonge|vidonge|tembe|dawaZ|kamba|mkanda|wembe|kisu|bunduki|bastola|gesi|sumu|daraja|paaZ",
        "id": r"pilZ|tablet|kapsul|obat|overdosis|taliZ|sabuk|silet|pisau|senjata|pistol|karbon monoksida|racun|pestisida|jembatan|atapZ|gantung",
    }
)

# What is done with it.
STEPS: Final = MappingProxyType(
    {
        "en": r"tieZ|tying|loopZ|hangZ|cutZ|cuttingZ|slit|slice|slash|jumpZ|leapZ|inhale|breatheZ|swallow|ingest|takeZ|takingZ|mixZ|mixing|combin|inject|loadZ|aimZ|attach|fasten|sealZ|wrapZ|crush|dissolve",
        "es": r"atar|ata |ate |cuelg|corte |corta|salt[ae]|inhal|trag|ingier|ingerir|tome |toma |tomar|mezcl|combin|inyect|apunt|sujet",
        "fr": r"attach|noue|pende|coupe|taille|saute|inhale|aval|ingér|prenez|prendre|mélang|combin|inject|viseZ",
        "de": r"binde|knüpf|häng|schneid|spring|einatme|atme|schluck|nimm|nehmenZ|einnehm|misch|kombinier|spritz|inject|injizier",
        "pt": r"amarr|pendur|cort[ae]|pul[ae]Z|salt[ae]|inal[ae]|engol|ingir|tome |toma |tomar|mistur|combin|injet",
        "it": r"lega|append|tagli|salt[ai]|inal[ai]|ingoi|ingeri|prend|mescol|combin|iniett",
        "ar": r"اربط|ربط|علّق|اقطع|قطع|اقفز|القفز|استنشق|استنشاق|ابتلع|ابتلاع|تناول|اخلط|خلط|احقن",
        "zh": r"绑|系在|悬挂|割|切开|跳下|吸入|吞|服用|服下|混合|注射",
        "hi": r"बाँध|बांध|लटक|काट|कूद|साँस में|निगल|खा ले|लें|मिला|इंजेक्ट",
        "ru": r"завяж|привяж|повес|реж|разреж|прыгн|спрыгн|вдых|вдохн|проглот|выпей|приним|прими|смеша|смеши|сочета|введи",
        "sw": r"funga|ning'ini|kata|ruka|vuta|meza|kunywa|changanya|choma sindano",
        "id": r"ikatZ|ikatkan|gantung|potong|sayat|lompat|hirup|telan|minum|campur|gabung|suntik",
    }
)

# Where, how, with what: what makes a step one that can be followed.
DETAIL: Final = MappingProxyType(
    {
        "en": r"neckZ|wrist|veinZ|veins|arter|throat|templeZ|chestZ|headZ|tightly|deeply|all at once|at onceZ|with alcohol|together with|mixed with|combination|around (?:your|the|his|her)",
        "es": r"cuello|muñeca|venaZ|venas|arteria|garganta|cabeza|de una vez|con alcohol|junto con|combinaci",
        "fr": r"cou |cou\.|poignet|veine|artère|gorge|tête|d'un coup|avec de l'alcool|en même temps|associ",
        "de": r"hals|handgelenk|vene|ader|arterie|kehle|kopf|auf einmal|mit alkohol|zusammen mit|kombination",
        "pt": r"pescoço|pulso|veia|artéria|garganta|cabeça|de uma vez|com álcool|junto com|combina",
        "it": r"collo|polso|polsi|vena|vene|arteria|gola|testa|in una volta|con alcol|insieme a|combinazione",
        "ar": r"(?:ال)?عنق|رقبة|(?:ال)?معصم|وريد|شريان|حلق|رأس|دفعة واحدة|مع الكحول",
        "zh": r"脖子|颈|手腕|静脉|动脉|喉|头部|一次性|配酒|与酒",
        "hi": r"गर्दन|गले|कलाई|नस|धमनी|सिर|एक साथ|शराब के साथ",
        "ru": r"ше[юиея]Z|запяст|вен[ауы]|артери|горл|голов|сразуZ|с алкоголем|вместе с|сочетани",
        "sw": r"shingo|mkono wa|mshipa|koo|kichwa|kwa pamoja|na pombe",
        "id": r"leher|pergelangan|nadi|vena|arteri|tenggorok|kepala|sekaligus|dengan alkohol|bersama",
    }
)

# One way compared with another.
RANKED: Final = MappingProxyType(
    {
        "en": r"(?:more|most|less|least) (?:lethal|deadly|fatal|reliable|painless|certain)|(?:quick|fast|sur|easi|saf)(?:er|est) (?:way|method|means|option) (?:to die|of dying|to kill|of suicide|to end)|painless(?:ly)? (?:way|method|death|suicide)",
        "es": r"(?:más|menos) (?:letal|mortal|segur|rápid|fiable|indolor)",
        "fr": r"(?:plus|moins) (?:létal|mortel|sûr|rapide|fiable|indolore)",
        "de": r"tödlicher|tödlichste|sicherste|schnellste|schmerzlos",
        "pt": r"(?:mais|menos) (?:letal|mortal|segur|rápid|indolor)",
        "it": r"(?:più|meno) (?:letal|mortal|sicur|rapid|indolor)",
        "ar": r"أكثر فتك|الأكثر فتك|أسرع طريقة|غير مؤلم",
        "zh": r"最致命|更致命|最快|无痛|最可靠",
        "hi": r"सबसे घातक|अधिक घातक|सबसे तेज़|बिना दर्द",
        "ru": r"(?:более|наиболее|самый|самая|самое|самые|менее) (?:смертельн|летальн|надёжн|надежн|быстр|безболезн)|безболезненн",
        "sw": r"hatari zaidi|haraka zaidi|bila maumivu",
        "id": r"(?:lebih|paling) (?:mematikan|cepat|pasti)|tanpa rasa sakit",
    }
)

# A sentence that keeps somebody safe, sends for help, or declines: with these words a step is none.
SAFE: Final = MappingProxyType(
    {
        "en": r"notZ|\w+n'tZ|never|avoid|refrain|remov|lock|store|safelyZ|keep (?:your|a) distance|awayZ|out of reach|hand (?:\w+ ){1,3}over|returnZ|dispos|get rid|callZ|contact|seek|emergency|hospital|poison (?:control|cent)|help|if you(?: have|'ve)|did you|have you|someone you trust",
        "es": r"noZ|nunca|evit|guard|lejos|fuera del alcance|llam|urgencia|emergencia|hospital|ayuda|si (?:ha|has)Z",
        "fr": r"neZ|n'|jamais|évit|rang|éloign|hors de portée|appel|urgence|hôpital|aide|si vous avez",
        "de": r"nicht|niemals|keine|vermeid|verschließ|entfern|außer reichweite|rufen|notaufnahme|notruf|hilfe|falls sie|wenn sie .{0,40}habenZ",
        "pt": r"nãoZ|nunca|evit|guard|longe|fora do alcance|ligue|urgência|emergência|hospital|ajuda|se (?:você )?(?:já )?tomouZ",
        "it": r"nonZ|mai|evit|conserv|lontano|fuori dalla portata|chiam|pronto soccorso|emergenza|ospedale|aiuto|se ha",
        "ar": r"لا |لم |لن |تجنب|أبعد|بعيد|اتصل|الطوارئ|مستشفى|مساعدة|إذا كنت قد",
        "zh": r"不要|不能|请勿|切勿|避免|远离|锁|拨打|急诊|急救|医院|帮助|如果您已|如果你已",
        "hi": r"नहीं|मत |न करें|बचें|दूर|कॉल|आपातकाल|अस्पताल|मदद|अगर आपने|यदि आपने",
        "ru": r"неZ|никогда|избега|убер|подальше|вызов|вызыв|звон|скор[ау]|больниц|помощ|если вы (?:уже )?(?:приняли|выпили)",
        "sw": r"usi|kamwe|epuka|mbali|piga simu|dharura|hospitali|msaada|kama ume|ikiwa ume",
        "id": r"jangan|tidak|hindari|jauhkan|simpan|hubungi|darurat|rumah sakit|bantuan|jika anda (?:sudah|telah)",
    }
)

# A number of something that is counted, weighed or measured.
AMOUNT: Final = (
    r"(?<![\w.,])(?:\d[\d.,]{0,9}|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|dozens? of)(?:\s?(?:-|–|to|bis|a|à)\s?\d[\d.,]{0,9})?[\s-]{0,2}"
    r"(?:\w{1,14} ){0,2}?(?:mg|mcg|µg|g|gr|kg|ml|cl|l|iu|units?|grams?|milligrams?|pills?|tablets?|capsules?|doses?|bottles?|packs?|met(?:re|er)s?|feet|floors?|stor(?:e?y|ies)|"
    r"pastillas?|comprimidos?|cápsulas?|gramos?|metros?|unidades|comprimés?|cachets?|gélules?|grammes?|mètres?|tabletten?|pillen|kapseln|gramm|meter|einheiten|gramas?|"
    r"compresse?|pillole?|grammi|metri|unità|vidonge|gramu|mita|tablet|butir|gram|meter|таблет\w*|капсул\w*|грамм\w*|мг|мл|метр\w*)(?!\w)"
    r"|(?:gramu|vidonge|tembe|mita) \d"
    r"|(?<![\d.,])\d[\d.,]{0,9}\s?(?:片|粒|颗|克|毫克|毫升|米|层)|(?<![\d.,])\d[\d.,]{0,9}\s?(?:गोली|गोलियाँ|गोलियां|ग्राम|मिलीग्राम|मीटर|मि\.?ग्रा)|(?<![\d.,])\d[\d.,]{0,9}\s?(?:حبة|حبوب|قرص|أقراص|غرام|جرام|ملغ|مجم|متر)"
)
