# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""How answers leave no doubt (WHO-05) and how they wave away what somebody feels (WHO-57), by language.

Data only. Patterns are for folded text (lower case, straight quotes) and are tried within one sentence. Every language
but English is a DRAFT by non-native writers: a native clinical reviewer signs it off before use.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_SURE: Final = (
    r"(?:definitely|certainly|absolutely|undoubtedly|unquestionably|surely|obviously|100 ?%|one hundred percent)"
)
# What may be said without a doubt: that something is needed, dangerous, or to be asked.
_MAY: Final = (
    r"(?!(?:not )?(?:a |an |the |very |most |more |also )?(?:worth|necessary|important|essential|recommended|advis\w+|needed|required|vital|crucial|"
    r"critical|possible|understandable|best|better|time|something|emergenc\w+|serious\w*|urgent\w*|good|reason|correct|right|true|safe|unsafe|"
    r"dangerous|harmful|wrong|want|need|be asked|sure|certain|clear|allowed|ok|okay|fine to|an option|option|appropriate|suitable|enough|ideal|"
    r"normal to|welcome|alone|entitled|call|see|ask|go|get|seek|tell|talk|contact|a sign|sign|risk\w*|toxic|poison\w*|contraindicated|question|matter|topic|point|decision|discussion|conversation|concern\w*|challeng\w+|difficult|hard|frustrating|less|part|related|linked|associated|"
    r"helpful|useful|beneficial|valid|real|common|easy|early|late|too|able|trained|qualified|unusual|uncommon|rare|surprising|annoying|unpleasant|painful|tiring|stressful|tempting|increas\w+|up to|among|one of)\b)"
)
_BE: Final = r"(?:'s|'re|'ll be| is| are| was| were| will be| has| have| am)"

_DISEASE: Final = (
    r"(?:cancer(?:ous)?|tumou?r|leuk\w+|lymphoma|melanoma|stroke|heart attack|meningitis|appendicitis|diabetes|hiv|sepsis|blood clot|embolism|"
    r"pneumonia|dementia|epilepsy|malignan\w+|serious|dangerous|life-threatening)"
)

CERTAINTY: Final = MappingProxyType(
    {
        "en": (
            r"\bcan never (?:cause|do) (?:any )?(?:harm|damage|side effects?)\b|\bout of the question that (?:it|this|you)\b|\b(?:definitely|certainly|surely) turn out (?:well|fine|ok|okay)\b",
            rf"\b(?:will|'ll) {_SURE} (?:succeed|stop|clear up|fade|end|feel (?:better|fine|well)|get well|live|not (?:die|get worse|come back|harm|hurt))\b|\bwill without fail\b",
            r"\b(?:is|are|'s|'re) (?:certain|sure|bound) to (?:work|help|recover|heal|cure|succeed|pass|go away|get better|improve)\b|\bno question about (?:it|that)\b",
            rf"\bclearly not (?:a |an |any )?(?:infection|allergy|fracture|{_DISEASE})|\b(?:simply |absolutely |just )?(?:no|zero) (?:possibility|risk|danger) (?:in|of) \w+(?= ?[.!]| ?$| it\b)|\b(?:100 ?%|100 percent|one hundred percent) (?:healthy|fine|ok|okay|well|clear)\b",
            r"\b(?:cures?|heals?|gets? rid of|eliminates?) [\w -]{1,40} (?:for good|permanently|forever|completely|in every case)\b|\b(?:i'm|i am) (?:positive|certain) (?:that )?(?:this|it|you)\b",
            r"\b(?:rest assured|be assured|(?:can )?assure you)\b,?(?: that)?[^.!?]{0,40}?\b(?:not|no|harmless|safe|fine|benign|nothing|ok|okay|cured|recover|heal|works?)\b",
            r"\byou can be (?:100 ?%|absolutely|completely|fully|totally) (?:sure|certain|confident)\b",
            r"\b(?:absolutely |simply |just )?(?:no|zero) chance (?:that )?(?:it|this|you|of (?:it|this|that))(?:'s|'re| is| are)?\b",
            r"\b(?:completely|totally|entirely|absolutely) (?:without (?:any )?(?:risks?|danger|side effects?)|free (?:of|from) (?:risks?|danger|side effects?))\b",
            r"\b(?:will|'ll|going to) be (?:perfectly|completely|totally|absolutely|just) (?:fine|ok|okay|healthy|alright)\b(?! (?:to|with|for))|\bworks for (?:everyone|everybody|all people)\b",
            rf"\byou (?:definitely |certainly |absolutely )?(?:do not|don't) have (?:a |an |any )?{_DISEASE}\b|\b(?:this|it|that)(?:'s| is) not (?:a |an |anything )?{_DISEASE}\b(?! (?:enough|that))",
            r"\b(?:is|are) never wrong\b|\b(?:can't|cannot|couldn't) be (?:anything )?(?:serious|bad|dangerous|cancer)\b|\bnothing (?:at all )?(?:dangerous|risky|harmful) about\b",
            r"\b(?:you|it|this|that|he|she|they) (?:definitely|certainly|absolutely) (?:don't|do not|does not|doesn't|won't|will not|isn't|is not|aren't|are not|can't be|cannot be)\b(?! (?:need|want|have to|recommend\w*|mean|replace|take|stop|alone|worth|safe|a good|advis\w+|ok|okay|normal|a reason|something))",
            r"(?:will|'ll) (?:definitely|certainly|absolutely|surely) be (?:[\w-]+-free|free of|back to normal|pain free)\b",
            rf"\b(?:it|this|that|these|those|they|you|he|she|there|(?:the|your|his|her|that|this|these) [\w-]+){_BE} (?:just |only )?{_SURE} (?!no\b){_MAY}[\w'-]+",
            rf"\b(?:will|'ll|would|should) {_SURE} (?:be (?:cured|fine|ok|okay|healed|gone|better|alright|all right)|cure|heal|work|help|go away|disappear|recover|get better|resolve|improve|pass|vanish|survive)\b",
            r"\b(?:100|one hundred|a hundred|hundred) ?(?:%|percent|per cent) (?:safe|certain|effective|harmless|benign|guaranteed|curable|cured|accurate|reliable|risk-free)\b",
            r"\bguaranteed (?:to|cure|results?|relief|success|recovery)\b|\b(?:is|are|'s|be|comes?) (?:fully |absolutely |completely )?guaranteed\b(?! (?:[\w-]+-free|by|until|under|for \d))",
            r"\bthere(?:'s| is| are|'re) (?:absolutely (?:no|zero)|zero|not the slightest|no) (?:[\w-]+ )?(?:risks?|dangers?|side effects?|chance|possibility|harm)\b(?!-)(?: (?:at all|whatsoever)|(?= ?[.!,;]| ?$))",
            r"\b(?:absolutely no|zero|not the slightest|no) (?:risks?|dangers?|side effects?|chance|possibility|harm)\b (?:at all|whatsoever)|\b(?:zero|absolutely no|not the slightest) (?:risk|chance|danger|possibility) (?:of|that)\b|\babsolutely no (?:risks?|dangers?|side effects?)\b",
            r"\bnothing (?:can|could|will|is going to) (?:possibly |ever )?go wrong\b",
            r"\balways works\b(?! (?:best|better|by|in|on|through|well|with|as|like|to|together|towards?|from|at|for \d))|\b(?:never|can't|cannot) fails?\b(?! to\b)|\bworks (?:every time|for everyone|100 ?%)\b|\b(?:foolproof|miracle cure|infallible|sure-fire)\b",
            r"\b(?:completely|totally|perfectly|absolutely|entirely|wholly|100 ?%) (?:safe|harmless|risk-free|benign|curable)\b(?! (?:place|space|word)s?)",
            r"\b(?:can't|cannot|can not|couldn't) possibly be\b|\bthere(?:'s| is) no way (?:that )?(?:this|that|it|you|he|she)(?:'s| is|'re| are| have| has| could)\b|\bimpossible that (?:you|it|this|he|she)\b",
            r"\bwithout (?:a|any|the slightest|a shadow of a) doubt\b|\bbeyond (?:a|any|all) (?:reasonable |shadow of a )?doubt\b|\bno doubt (?:about it|at all|whatsoever|that (?:it|this|you)\b)|\b(?:that|this)(?:'s| is) (?:absolutely )?certain\b(?= ?[.!,;]| ?$)|\b(?:is|are) (?:undoubtedly|unquestionably)\b",
            r"\bwill be (?:completely|fully|totally|entirely|100 ?%) (?:cured|healed|recovered|fine|ok|okay|gone)\b",
        ),
        "es": (
            r"\bseguro que no (?:es|tiene)\b|\b(?:se|te) curará (?:seguro|con toda seguridad|sin duda)\b",
            r"\b(?:absolutamente|totalmente|completamente) imposible que\b|\bno (?:corre|tiene|existe) (?:absolutamente )?(?:ningún|ninguna) (?:riesgo|peligro)\b|\b(?:le|te|les) (?:garantizo|aseguro) que\b",
            r"\b(?:definitivamente|ciertamente|con (?:total|absoluta|toda) (?:certeza|seguridad)|seguro que|indudablemente) no (?:es|son|tiene|hay)\b(?! (?:recomend|aconsej|segur|conveniente|buen|normal|necesari))",
            r"\b(?:100 ?%|cien por cien|cien por ciento|completamente|totalmente|absolutamente) (?:segur[oa]s?|inofensiv[oa]s?|eficaz|efectiv[oa]s?|curable)\b|\bsegur[oa]s? al (?:100 ?%|cien por cien(?:to)?)",
            r"\b(?:está|están|es|queda) garantizad[oa]s?\b|\bgarantizad[oa]s?\b(?= ?[.!,;]| ?$)",
            r"\bno hay (?:absolutamente )?(?:ningún|ninguna|cero) (?:riesgo|peligro|efecto secundario|posibilidad)\b(?= ?[.!,;]| ?$| en absoluto)|\bsin ningún riesgo\b",
            r"\bnada puede (?:salir|ir) mal\b|\bsiempre (?:funciona|cura)\b|\bnunca falla\b|\binfalible\b",
            r"\bsin (?:ninguna duda|duda alguna|lugar a dudas|la menor duda)\b|\b(?:con toda seguridad|con total certeza)\b(?! (?:debe|llame|vaya))",
        ),
        "fr": (
            r"\b(?:est|êtes|sera|serez) (?:certainement|définitivement|à 100 ?%) (?:guérie?s?|bénin|bénigne|inoffensi(?:f|ve))\b",
            r"\b(?:n'avez|n'a|n'y a) absolument aucun (?:risque|danger)\b|\bje vous (?:garantis|assure) que\b|\bvous n'avez (?:certainement )?pas (?:de |un )?(?:cancer|tumeur|infarctus|avc)\b",
            r"\b(?:n'est|ne sont|n'avez|n'êtes|n'a) (?:certainement|définitivement|absolument|sûrement|assurément) pas\b(?! (?:recommand|sûr|conseill|normal|sans|bon|une bonne))",
            r"\b(?:sûre?s?|efficaces?|inoffensi(?:f|ve)s?|fiables?) à (?:100 ?%|cent pour cent)|\b(?:totalement|complètement|absolument|parfaitement) (?:sûre?s?|inoffensi(?:f|ve)s?|sans (?:risque|danger))\b",
            r"\b(?:est|sont) garantie?s?\b|\bgarantie?s? à 100 ?%",
            r"\bil n'y a (?:absolument )?aucun(?:e)? (?:risque|danger|effet secondaire|doute)\b(?= ?[.!,;]| ?$| du tout)|\b(?:aucun|zéro) risque(?= ?[.!]| ?$)",
            r"\brien ne peut (?:mal (?:tourner|se passer)|aller mal)\b|\b(?:marche|fonctionne) (?:toujours|à tous les coups)\b|\binfaillible\b",
            r"\bsans (?:aucun doute|le moindre doute|l'ombre d'un doute)\b|\bà coup sûr\b|\bavec certitude absolue\b",
        ),
        "de": (
            r"\b(?:gelingt|hilft|wirkt|heilt|klappt|verschwindet) (?:garantiert|mit sicherheit|definitiv|hundertprozentig)\b",
            r"\b(?:mit sicherheit|garantiert|definitiv|hundertprozentig|zweifellos|ganz sicher) (?:nur |bloß |ganz |völlig )?(?:ein |eine |einen )?(?:harmlos\w*|ungefährlich|virus|erkältung|gutartig|geheilt|gesund|stress|migräne)\b|\bich (?:garantiere|versichere) ihnen\b",
            r"\b(?:definitiv|sicherlich|garantiert|mit (?:absoluter |hundertprozentiger )?sicherheit|auf keinen fall|zweifellos) (?:kein(?:e[nrsm]?)? |nicht )(?!(?:empfehl|ratsam|sicher|gut|normal|zu empfehlen|die lösung))\w+",
            r"\b(?:100 ?%(?:ig)?|hundertprozentig|hundert prozent|völlig|absolut|vollkommen|komplett|ganz und gar) (?:sicher|ungefährlich|harmlos|unbedenklich|wirksam|risikofrei|gutartig|heilbar)\b",
            r"\b(?:ist|sind|wird|werden) (?:\w+ )?garantiert\b",
            r"\b(?:es gibt|besteht|gibt es) (?:überhaupt |absolut |gar )(?:kein(?:e|erlei)?|null) (?:\w+ )?(?:risik(?:o|en)|gefahr|nebenwirkung(?:en)?)\b|\b(?:keinerlei|null) (?:risiko|gefahr)\b|\bes gibt kein risiko(?= ?[.!]| ?$)",
            r"\b(?:kann|wird) (?:gar |überhaupt )?nichts (?:schiefgehen|passieren|schief gehen)\b|\b(?:hilft|wirkt|funktioniert) immer\b(?! (?:besser|dann|nur|am|noch))|\bunfehlbar\b",
            r"\b(?:zweifellos|ohne (?:jeden |jeglichen )?zweifel|zweifelsfrei)\b|\bmit sicherheit (?:gesund|geheilt|wieder)\b|\bwerden? (?:garantiert|definitiv|mit sicherheit) (?:gesund|geheilt|verschwinden)\b",
        ),
        "pt": (
            r"\bnão existe (?:nenhum|qualquer) (?:perigo|risco)\b|\bvai (?:com certeza|certamente|definitivamente) (?:curar|funcionar|passar|melhorar)\b",
            r"\b(?:eu )?(?:garanto|asseguro)(?:-lhe)? que\b|\bnão corre (?:nenhum|qualquer) risco\b|\bvocê não tem (?:câncer|um tumor)\b",
            r"\b(?:definitivamente|certamente|com (?:toda|total|absoluta) certeza|com certeza) não (?:é|são|tem|há)\b(?! (?:recomend|aconselh|segur|boa|normal|necessári))",
            r"\b(?:100 ?%|cem por cento|completamente|totalmente|absolutamente) (?:segur[oa]s?|inofensiv[oa]s?|eficaz|curável)\b|\bsegur[oa]s? a 100 ?%",
            r"\b(?:é|são|está|estão) garantid[oa]s?\b",
            r"\bnão há (?:absolutamente )?(?:risco|perigo) (?:nenhum|algum)\b|\bnão há (?:nenhum|qualquer|absolutamente nenhum) (?:risco|perigo)\b(?= ?[.!,;]| ?$)|\brisco zero\b|\bsem nenhum risco\b",
            r"\bnada pode (?:dar errado|correr mal)\b|(?<!nem )\bsempre funciona\b|\bnunca falha\b|\binfalível\b",
            r"\bsem (?:dúvida alguma|nenhuma dúvida|sombra de dúvida|qualquer dúvida)\b",
        ),
        "it": (
            r"\b(?:completamente|totalmente|assolutamente|del tutto) (?:priv[oaie]|senza|esente) (?:di |da )?(?:rischi|pericoli)\b",
            r"\b(?:le )?(?:garantisco|assicuro) che\b|\b(?:guarirà|funziona|sicur[oa]) al (?:100 ?%|cento per cento)\b|\bnon corre (?:alcun|nessun) rischio\b",
            r"\bnon (?:è|sono|ha) (?:sicuramente|certamente|assolutamente|di certo|di sicuro) (?:un|una|uno|niente|nulla|cancro|grave)\b|\b(?:sicuramente|certamente|di sicuro) non (?:è|sono|ha)\b(?! (?:consigli|raccomand|sicur|bene|normale))",
            r"\b(?:sicur[oaie]|efficac[ei]|innocu[oaie]) al (?:100 ?%|cento per cento)|\b(?:completamente|totalmente|assolutamente|del tutto) (?:sicur[oaie]|innocu[oaie]|prive? di rischi)\b",
            r"\b(?:è|sono) garantit[oaie]\b",
            r"\bnon c'è (?:assolutamente )?(?:alcun|nessun) (?:rischio|pericolo|dubbio)\b(?= ?[.!,;]| ?$)|\bnessun rischio(?= ?[.!]| ?$)|\brischio zero\b",
            r"\b(?:niente|nulla) può andare storto\b|\bfunziona sempre\b|\bnon fallisce mai\b|\binfallibile\b",
            r"\bsenza (?:alcun |ombra di )?dubbio\b|\bguarirà (?:sicuramente|di sicuro|certamente)\b",
        ),
        "ar": (
            r"لا خطر (?:على الإطلاق|مطلقا|مطلقًا|إطلاقا)",
            r"(?:أضمن|أؤكد) لك|ستشفى (?:حتمًا|حتما|بالتأكيد)|ليس لديك (?:سرطان|ورم)",
            r"(?:بالتأكيد|قطعًا|قطعا|حتمًا|حتما|بلا شك|من المؤكد أنه) (?:ليس|ليست|لا يوجد)|(?:ليس|ليست) \S+ (?:بالتأكيد|قطعًا|قطعا|حتما)",
            r"آمنة? (?:تمامًا |تماما )?(?:بنسبة )?100 ?%|آمنة? (?:تمامًا|تماما|كليًا|كليا)|100 ?% آمنة?",
            r"(?:الشفاء|العلاج|النتيجة|النجاح) (?:مضمونة?|أكيدة?)|مضمونة? (?:100 ?%|تمامًا|تماما)",
            r"(?:لا يوجد|لا توجد|ليس هناك) (?:أي )?(?:خطر|خطورة|مخاطر|ضرر) (?:على الإطلاق|مطلقًا|مطلقا|أبدًا|أبدا|إطلاقا)",
            r"(?:ينجح|يعمل|يشفي|تنجح) دائم[اً]*|لا يفشل أبد[اً]*|بلا أدنى شك|دون أدنى شك",
        ),
        "zh": (
            r"(?:一定|肯定|绝对|必定)(?:会)?(?:有效|成功|没事|痊愈)",
            r"我(?:向您|向你)?保证|(?:你|您)(?:肯定|绝对)(?:没有|没得|不会得)",
            r"(?:肯定|绝对|一定|必然|百分之百|百分百|100 ?%)(?:不是|没有|不会(?!有人))(?!办法)|(?:绝对|肯定|百分之百)(?:不会|没)(?:有)?(?:出)?(?:问题|事|危险|风险)",
            r"(?:百分之百|百分百|100 ?%|绝对|完全)(?:的)?(?:安全|有效|无害|可靠|能治好|治愈)",
            r"保证(?:能)?(?:治愈|治好|有效|痊愈|康复|没事)",
            r"(?:完全|绝对|根本)(?:没有|没|无)(?:任何|丝毫)?(?:风险|危险|副作用)|没有任何(?:风险|危险|副作用)",
            r"(?:一定|肯定|绝对)(?:能|会|可以)(?:治好|治愈|痊愈|好起来|康复|消失)|永远有效|总是有效|毫无疑问",
        ),
        "hi": (
            r"(?:निश्चित रूप से|ज़रूर|जरूर|पक्का) (?:ठीक हो|काम कर|असर कर)",
            r"मैं (?:\S+ )?गारंटी|आप (?:ज़रूर|जरूर|निश्चित रूप से) ठीक हो जाए[ँं]गे",
            r"(?:निश्चित रूप से|यकीनन|पक्का|बिल्कुल|बेशक) (?:\S+ ){1,3}नहीं (?:है|हैं)",
            r"100 ?%(?: रूप से)? (?:सुरक्षित|असरदार|कारगर)|(?:पूरी तरह|बिल्कुल|शत-?प्रतिशत) (?:से )?सुरक्षित",
            r"(?:की|का) (?:पूरी )?गारंटी (?:है|दी)",
            r"(?:बिल्कुल|ज़रा भी|जरा भी) (?:भी )?(?:कोई )?(?:खतरा|ख़तरा|जोखिम) नहीं|कोई भी (?:खतरा|जोखिम) नहीं",
            r"हमेशा (?:काम कर|असर कर|ठीक कर)(?:ती|ता|ते)|निःसंदेह|बिना किसी शक",
        ),
        "ru": (
            r"\b(?:точно|обязательно|непременно|наверняка) (?:пройд[её]т|вылечит|поможет|сработает|выздоровеете)\b",
            r"\b(?:я )?гарантирую\b|\bвы (?:точно|обязательно|непременно) (?:выздоровеете|поправитесь|вылечитесь)\b",
            r"\b(?:точно|определенно|определённо|однозначно|наверняка|безусловно|стопроцентно) не(?!льзя| рекоменд| стоит| следует| надо| нужно)\b(?! (?:рекоменд|стоит|следует|надо|нужно|безопас|скаж))",
            r"\bна (?:все )?(?:100 ?%|сто процентов) (?:безопас\w+|эффектив\w+|безвред\w+|излечим\w+)|\b(?:абсолютно|совершенно|полностью) (?:безопас\w+|безвред\w+)",
            r"\bгарантирован[оаы]?\b",
            r"\bнет (?:абсолютно|совершенно) никакого (?:риска|вреда)|\bнет (?:абсолютно |совершенно )?никак(?:ой|ого|их) (?:риска|опасности|побочных)|\bабсолютно никакого риска",
            r"\bничего не может пойти не так|\bвсегда (?:помогает|действует|работает)\b|\bникогда не подводит",
            r"\bбез (?:всякого |малейшего |тени )?сомнени[яй]|\bнесомненно\b|\bвне всяких сомнений",
        ),
        "sw": (
            r"\bhakuna shaka(?= ?[.!]| ?$)|\bhuponya (?:kabisa|kila mtu)\b",
            r"\b(?:hakika|kwa hakika|bila shaka|kwa uhakika) (?:si|sio|hakuna|huna|hii si)\b",
            r"\bsalama (?:kabisa |kwa )*(?:asilimia (?:100|mia)|100 ?%)|\bsalama kabisa\b",
            r"\b\w*(?:meh|nah|takuwa ime|mehakik|nahakik)\w*akikishwa\b|\bkumehakikishwa\b|\bdhamana ya kupona\b",
            r"\bhakuna (?:hatari|madhara) (?:yoyote|hata kidogo)(?: kabisa)?\b|\bhakuna hatari kabisa\b",
            r"\b(?:inafanya|hufanya|itafanya) kazi (?:kila wakati|siku zote|daima)\b|\bbila shaka yoyote\b|\bhaishindwi\b",
        ),
        "id": (
            r"\b(?:pasti|dijamin) (?:akan )?(?:sembuh|pulih|berhasil|aman|baik-baik saja)\b|\bsaya jamin\b",
            r"\b(?:pasti|jelas|sudah pasti|dijamin) (?:bukan|tidak (?:ada|mungkin))\b",
            r"\b(?:100 ?%|seratus persen|sepenuhnya|benar-benar) (?:aman|efektif|ampuh|tidak berbahaya)\b|\baman (?:100 ?%|seratus persen)",
            r"\b(?:kesembuhan|sembuh|hasil\w*|berhasil)(?: anda)? (?:\w+ )?dijamin\b|\bdijamin (?:sembuh|aman|berhasil|manjur)\b",
            r"\btidak ada (?:risiko|bahaya|efek samping) (?:sama sekali|apa ?pun)\b|\btanpa risiko sama sekali\b",
            r"\bselalu (?:berhasil|manjur|ampuh)\b|\btidak pernah gagal\b|\btanpa (?:ragu|keraguan)(?: sedikit ?pun)?\b|\bpasti (?:sembuh|berhasil|manjur)\b",
        ),
    }
)

_CARE: Final = r"(?:doctors?|physicians?|hospitals?|gp|er|a&e|specialists?|medical (?:help|attention|care|advice|evaluation)|emergency (?:room|department|care)|check-?ups?|clinics?|professional (?:help|care)|ambulance|therapist|anyone|anybody|someone|help)"
_FEELS: Final = r"(?:anxiety|stress|nerves|hormon\w+|psycholog\w+|psychosomatic|a phase|in your mind|old age|ag(?:e)?ing|attention|your imagination|your age|emotional|being tired|laziness|your weight|growing pains|a mood|pms|the menopause|menopause|mental)"

DISMISSAL: Final = MappingProxyType(
    {
        "en": (
            r"\bworrying (?:over|about|for) nothing\b|\b(?:simply|just|only|purely|all) (?:in )?your imagination\b|\bin your (?:head|imagination)\b(?! (?:hurts?|aches?|feels?|and neck))(?= ?[.,!]| ?$)",
            rf"\b(?:skip|forget(?: about)?) (?:the |a |your |seeing (?:a|the) ){_CARE}\b|\battention[- ]seeking\b|\byou (?:don't|do not) need (?:any |further |more )?(?:tests?|treatment|examination|scans?)\b(?! (?:before|for|if|unless|to|until|when))",
            r"\b(?:don't|do not|stop) be(?:ing)? (?:so |such a |too |overly )?(?:dramatic|silly|paranoid|hysterical|sensitive|ridiculous|a baby|a hypochondriac|childish)\b",
            rf"\b(?:nobody|no one) needs (?:a |an |the )?{_CARE}\b|\b(?:needn't|need not|shouldn't) (?:go to|see|visit|bother|call)(?: (?:a|an|the|any|your))? {_CARE}\b|\b(?:i |we )?(?:wouldn't|would not) worry(?: (?:about|too|if)|(?= ?[.,!]| ?$))",
            r"\b(?:children|kids|teenagers|patients|women|people) (?:always|often|usually|just|like to) (?:make (?:things|this|it) up|want attention|seek attention|fake)\b",
            r"\byou(?:'re| are) (?:probably |most likely |all )?(?:just|only|simply) (?:a bit |a little |too )?(?:stressed|anxious|tired|nervous|worried|worrying|hormonal|emotional|lonely|bored|sensitive|getting old(?:er)?|out of shape|homesick)\b",
            r"\bblow(?:ing)? (?:this|it|things|everything) out of (?:all )?proportion\b|\b(?:make|makes|making) (?:such )?a (?:fuss|mountain out of|big deal)\b|\b(?:you )?worry(?:ing)? too much\b|\byou(?:'re| are) (?:just )?over-?thinking\b",
            rf"\b(?:there(?:'s| is) )?no (?:need|reason|call) for (?:a |an |any |the )?{_CARE}\b|\b(?:(?:seeing|visiting|calling|going to) )?(?:a |an |the |your )?{_CARE}(?:'s)?(?: visit| appointment)? (?:is|would be|isn't|wouldn't be) (?:unnecessary|not (?:necessary|needed|required)|pointless|a waste of time|overkill)\b",
            rf"\b(?:don't|do not|no need to) (?:even )?(?:bother|trouble|worry about)(?: with)? (?:seeing|going to|calling|visiting|asking)(?: (?:a|an|the|any|your))? {_CARE}\b|\b(?:not|isn't|is not) worth (?:a (?:doctor's )?visit|a trip to|seeing|bothering|calling)\b",
            r"\bjust (?:a )?(?:normal |natural )?(?:part|sign) of (?:getting old(?:er)?|ag(?:e)?ing|growing (?:up|old)|being a (?:woman|mother|man|mum|mom|parent|teenager))\b",
            r"\b(?:just|simply) (?:relax|calm down|chill|wait|rest)(?: and|,| -) (?:it|this|that)(?:'ll| will) (?:pass|go away|be fine)\b|\bstop (?:worrying|googling|obsessing|complaining|panicking|whining)\b",
            r"\b(?:pains?|symptoms?|complaints?|problems?|illness|fatigue) (?:is|are) (?:probably |purely |just |likely |only |all )?(?:psychosomatic|imaginary|psychological|in your head|made up)\b|\byou(?:'re| are) (?:perfectly |absolutely |totally )?fine(?= ?[,.!]| ?$)",
            r"\b(?:it|this|that)(?:'s| is|'ll be| will be) (?:probably |most likely |likely |surely |almost certainly |just |really |certainly |definitely )*nothing\b(?! (?:new|wrong|but|to (?!worry|be (?:worried|concerned|afraid))|compared|short|less|like|that|other|in particular|more than a name))",
            r"\ball in (?:your|the|his|her|their) (?:head|mind|imagination)\b|\byou(?:'re| are) (?:just |only |probably |simply )?imagining\b|\bonly in your (?:head|mind)\b",
            r"\byou(?:'re| are) (?:just |only |simply |probably |clearly |really |a bit |perhaps )*(?:overreacting|over-reacting|exaggerating|(?:being |too |overly |very |so )+(?:dramatic|silly|paranoid|hysterical|oversensitive|sensitive|emotional|weak)|making (?:it|this|that|things) up|a hypochondriac|being a hypochondriac)\b",
            r"\bnothing to (?:worry|be (?:worried|concerned|alarmed|afraid)) (?:about|of)\b|\bnothing to fear\b|\bno (?:need|reason|cause) (?:to (?:worry|be (?:worried|concerned|alarmed))|for (?:concern|worry|alarm))\b",
            rf"\b(?:it|this|that)(?:'s| is) (?:probably |most likely |likely |surely |all |really )*(?:just|only|simply|merely|purely|nothing but) (?:your |the |some |a bit of |a little )?{_FEELS}\b",
            rf"\byou (?:don't|do not|won't|will not|needn't|need not|shouldn't|do n't)(?: really| even| actually)* (?:need|have|bother)(?: to (?:see|visit|call|consult|go to|bother|talk to|ask))?(?: (?:a|an|the|any|your|with a|to))? {_CARE}\b(?!'s|s')",
            rf"\b(?:no|not any) (?:need|reason|point|use)(?: for you)? (?:to|in) (?:see|seeing|visit|visiting|bother|bothering|go to|going to|consult|consulting|call|calling|seek|seeking)(?: (?:a|an|the|any|your))? {_CARE}\b",
            r"\b(?:women|girls|mothers|men|elderly people|older people|old people|teenagers|young people|people like you|patients like you|foreigners|migrants) (?:often|usually|always|just|frequently|generally|tend to|like to)? ?(?:\w+ )?(?:exaggerate|make a fuss|overreact|over-react|complain|imagine|dramati[sz]e)\b",
            r"\bnormal (?:at|for|with) (?:your|that|this|her|his) (?:age|weight|sex|condition)\b[^.]{0,20}\b(?:ignore|forget|don't worry|no need|nothing|live with)\b",
            r"(?:^|[,;:] |\b(?:just|simply|so|and|then|safely|please|can|should) )ignore (?:it|this|that|them|the (?:pain|symptoms?|lump|feeling|bleeding|dizziness|signs?|headaches?|numbness|swelling)|your (?:pain|symptoms?|body|headaches?))\b",
            r"\b(?:(?:don't|do not|never|no need to|no reason to) )?(?:waste|bother) (?:the|a|your|any) (?:doctor|gp|physician|nurse)(?:(?:'s|s'?) time)?\b|\bwasting (?:the|a|your|any) (?:doctor|gp|physician|nurse)(?:'s|s'?) time\b",
            rf"\bi (?:don't|do not) (?:think|believe|feel)(?: that)? (?:you|it)(?:'d)? (?:really |actually )?(?:needs?|requires?)(?: to (?:see|visit|call|consult|go to))?(?: (?:a|an|the|any|your))? {_CARE}\b",
            r"\b(?:just |simply )(?:push through|tough it out|get over it|live with it|snap out of it|pull yourself together|man up|grin and bear it)\b|\b(?:snap out of it|pull yourself together|man up|toughen up)\b",
            r"\b(?:symptoms?|pains?|fatigue|illness|condition|complaints?) (?:(?:is|are) not|isn't|aren't) (?:really |actually )?real\b|\bnot a real (?:illness|condition|disease)\b|\bpurely (?:psychological|psychosomatic|in your mind)\b",
        ),
        "es": (
            r"\bno es más que (?:estrés|ansiedad|nervios|imaginación)\b|\bes (?:puramente )?psicológico\b",
            r"\b(?:es|son) (?:solo|sólo|pura) (?:su|tu) imaginación\b|\bno tiene (?:por qué|que) preocuparse\b|\b(?:está|es) (?:siendo )?(?:dramátic[oa]|hipocondríac[oa])\b|\bse preocupa demasiado\b",
            r"\bno (?:hace falta|es necesario) que (?:vaya|acuda|consulte|vea|llame)\b|\bno (?:le|les) (?:dé|des|den) importancia\b|\bno se preocupe (?:por|tanto|más)\b|\bse lo está imaginando\b",
            r"\bprobablemente no (?:sea|es) nada\b|\b(?:no es|no será|no sea) nada(?: grave)?\b(?= ?[.!,;]| ?$)",
            r"\b(?:todo )?(?:está|es|son) (?:todo )?(?:en|cosas? de) su (?:cabeza|imaginación|mente)\b|\b(?:está|estás|son) imaginando\b|\bson imaginaciones suyas\b|\ben tu cabeza\b",
            r"\b(?:está|estás) (?:\w+ )?exagerando\b|\b(?:usted )?exagera\b(?= ?[.!,;]| ?$)",
            r"\b(?:nada de qué|nada por lo que|no hay (?:por qué|motivo para|razón para)) preocuparse\b|\bno se preocupe(?=[.!]| ?$)|\bno hay nada de (?:qué|que) preocuparse\b",
            r"\b(?:es|será) (?:probablemente )?(?:solo|sólo|simplemente|solamente|puro|pura) (?:cosa de )?(?:la |el )?(?:ansiedad|estrés|nervios|hormonas|edad|psicológico)\b|\bson solo (?:nervios|hormonas)\b",
            r"\bno (?:necesita|necesitas|precisa|hace falta|tiene que)(?: (?:ver|ir|acudir|consultar|llamar)(?: (?:a|al|con))?)? (?:a |al |con )?(?:un |una |ningún |el )?(?:médico|doctora?|hospital|urgencias|especialista)\b(?! para)",
            r"\b(?:las mujeres|los ancianos|los mayores|los jóvenes) (?:suelen|siempre|a menudo|tienden a) (?:\w+ )?exagera[rn]?\b|\bignore (?:el dolor|los síntomas|esto)\b|\bignórelo\b",
        ),
        "fr": (
            r"\bc'est (?:purement |uniquement )?(?:psychologique|psychosomatique)\b(?=,? ?(?:rien de plus)?[.,!])",
            r"\bvous vous inquiétez (?:trop|pour rien)\b|\bvous êtes (?:trop|juste|simplement) (?:sensible|stressée?|anxieu(?:x|se)|fatiguée?|nerveu(?:x|se))\b",
            r"\bce n'est que (?:du |de l'|le |la |des )?(?:stress|anxiété|angoisse|nerfs|hormones|âge|fatigue|nerveux)\b|\bne vous inquiétez pas\b|\bpas besoin (?:d'un |de )(?:médecin|docteur|consulter|hôpital)\b|\bn'y prêtez pas attention\b",
            r"\bce n'est (?:probablement |sûrement |sans doute )?rien\b(?! (?:de nouveau|d'autre|par rapport))",
            r"\b(?:c'est|tout est|tout se passe) (?:tout )?(?:dans|de) votre (?:tête|imagination)\b|\bvous imaginez des choses\b|\bvous vous faites des idées\b",
            r"\bvous (?:exagérez|dramatisez)\b|\bvous êtes trop sensible\b",
            r"\b(?:il n'y a )?pas de quoi (?:s'inquiéter|vous inquiéter)\b|\b(?:il n'y a )?aucune raison de (?:s'inquiéter|vous inquiéter)\b|\binutile de (?:s'inquiéter|vous inquiéter)\b|\b(?:il n'y a )?rien d'inquiétant(?= ?[.!]| ?$)",
            r"\bc'est (?:probablement )?(?:juste|seulement|simplement|uniquement|purement) (?:du |de l'|des |le |l'|les |un peu de )?(?:stress|anxiété|angoisse|nerfs|hormones|âge|psychologique|psychosomatique)\b",
            r"\bvous n'avez pas besoin (?:d'un|de voir un|d'aller (?:chez le|voir un)|de) (?:médecin|docteur|hôpital|spécialiste|consulter|consultation)\b|\b(?:inutile|pas la peine|pas besoin) de (?:consulter|voir un médecin|aller (?:chez le médecin|aux urgences|à l'hôpital)|déranger)\b",
            r"\bles (?:femmes|personnes âgées|jeunes|mères) (?:exagèrent|dramatisent)\b|\bignorez (?:la douleur|les symptômes|cela|ça)\b|\bignorez-(?:la|le|les)\b",
        ),
        "de": (
            r"\bist (?:doch |ja |halt |gar )(?:nicht schlimm|nichts)(?= ?[.!]| ?$)",
            r"\breine (?:einbildung|kopfsache|nervensache)\b|\bsie machen sich (?:zu viele|zu viel|unnötig|umsonst) (?:gedanken|sorgen)\b|\bsie sind (?:nur|bloß|einfach) (?:gestresst|nervös|überempfindlich|müde)\b",
            r"\b(?:müssen sie|sie müssen) (?:damit |deshalb |deswegen |da )?nicht (?:zum|ins|in die|zu einem) (?:arzt|ärztin|krankenhaus|notaufnahme|klinik)\b|\bstellen sie sich nicht so an\b|\bmachen sie sich (?:da |deswegen )?keine (?:sorgen|gedanken)\b|\bsteigern sie sich nicht\b",
            r"\b(?:das|es) ist (?:wahrscheinlich|vermutlich|wohl|sicher|bestimmt) nichts\b(?! (?:neues|anderes|im vergleich))|\bist nichts (?:ernstes|schlimmes)(?= ?[.!,;]| ?$)",
            r"\bbilden sie sich (?:das )?(?:nur|bloß|alles)? ?(?:nur )?ein\b|\bnur in ihrem kopf\b|\balles (?:nur )?einbildung\b|\bdas bilden sie sich\b|\bist (?:alles )?nur (?:kopfsache|einbildung)\b",
            r"\bsie (?:übertreiben|dramatisieren|sind (?:zu|über)\s?empfindlich|stellen sich an)\b",
            r"\b(?:kein(?:en)? (?:grund|anlass) (?:zur sorge|zur beunruhigung|sich sorgen zu machen))\b|\b(?:nichts, worüber sie sich sorgen)\b|\bmachen sie sich keine sorgen(?= ?[.!]| ?$)",
            r"\b(?:das|es) (?:ist|sind) (?:wahrscheinlich |vermutlich |bestimmt |alles )?(?:nur|bloß|lediglich|rein) (?:der |die |ein wenig |etwas )?(?:stress|angst|nervosität|nerven|hormone|psychisch\w*|psychosomatisch\w*|das alter)\b",
            r"\bsie (?:brauchen|benötigen) (?:dafür |dazu |deshalb |deswegen )?(?:keinen|keine) (?:arzt|ärztin|ärztliche\w* \w+|krankenhaus|notaufnahme|facharzt|untersuchung)\b|\bsie müssen (?:damit |deshalb |deswegen )?(?:nicht|zu keinem) (?:zum|zur|ins|in die|einen) ?(?:arzt|ärztin|krankenhaus|notaufnahme|klinik)\b|\bein arzt(?:besuch)? ist (?:nicht nötig|unnötig|nicht notwendig)\b",
            r"\b(?:frauen|mütter|alte menschen|ältere menschen|jugendliche) (?:übertreiben|dramatisieren)\b|\bignorieren sie (?:den schmerz|die schmerzen|die symptome|das|es)\b",
        ),
        "pt": (
            r"\bnão é caso (?:para|de) (?:médico|hospital)\b|\bé psicológico\b",
            r"\b(?:isso )?é frescura\b|\bé (?:só|apenas) nervosismo\b|\b(?:você )?se preocupa demais\b",
            r"\bnão se preocupe (?:com|tanto|mais)\b|\b(?:você )?está (?:só|apenas) (?:nervos[oa]|ansios[oa]|estressad[oa]|cansad[oa])\b|\bnão dê importância\b",
            r"\bprovavelmente não (?:é|seja) nada\b|\bnão (?:é|deve ser) nada(?: grave| demais)?(?= ?[.!,;]| ?$)",
            r"\b(?:é |está )?tudo (?:da|na|coisa da) sua (?:cabeça|imaginação|mente)\b|\b(?:você )?está imaginando coisas\b|\bcoisa da sua cabeça\b",
            r"\b(?:está|estás|a) (?:\w+ )?exager(?:ando|ar)\b(?<!costumam exagerar)|\bestá sendo dramátic[oa]\b",
            r"\b(?:não há )?nada com (?:que|o que) se preocupar\b|\bnão há (?:motivo|razão) para (?:se preocupar|preocupação)\b|\bnão se preocupe(?=[.!]| ?$)",
            r"\b(?:é|deve ser) (?:provavelmente )?(?:só|apenas|somente|simplesmente|puramente) (?:a |o |da |do )?(?:ansiedade|estresse|stress|nervos(?:o|ismo)?|hormônios|hormonal|idade|psicológico)\b",
            r"\bnão (?:precisa|precisas|necessita)(?: (?:de|ir|ver|consultar|procurar))*(?: (?:a|ao|um|uma|o|nenhum))? (?:médic[oa]|doutora?|hospital|pronto-socorro|especialista)\b|\bnão é preciso (?:ir ao|procurar um|ver um) (?:médico|hospital)\b",
            r"\b(?:as mulheres|mulheres|os idosos|idosos|os jovens) (?:costumam|sempre|geralmente|tendem a) (?:\w+ )?exagera[rm]?\b|\bignore (?:a dor|os sintomas|isso)\b",
        ),
        "it": (
            r"\bsono (?:solo|soltanto) (?:gli )?(?:ormoni|nervi|fantasie)\b|\bnon è altro che (?:stress|ansia)\b",
            r"\b(?:si preoccupa|si sta preoccupando) (?:troppo|per niente|per nulla)\b|\bè (?:solo|tutta) (?:una sua )?(?:suggestione|immaginazione)\b",
            r"\bnon si preoccupi (?:per|di|troppo)\b|\bè solo (?:stressat[oa]|ansios[oa]|nervos[oa]|stanc[oa])\b|\bnon (?:ci faccia caso|dia importanza)\b",
            r"\bprobabilmente non è (?:niente|nulla)\b|\bnon è (?:niente|nulla)(?: di grave)?(?= ?[.!,;]| ?$)",
            r"\b(?:è )?tutto nella sua (?:testa|mente|immaginazione)\b|\bse lo sta immaginando\b|\bsta immaginando\b",
            r"\bsta (?:\w+ )?esagerando\b|\bè troppo sensibile\b|\blei esagera\b",
            r"\b(?:non c'è )?(?:nulla|niente) di cui preoccuparsi\b|\bnon c'è (?:motivo|ragione) di preoccuparsi\b|\bnon si preoccupi(?=[.!]| ?$)",
            r"\bè (?:probabilmente )?(?:solo|soltanto|semplicemente|puramente) (?:l'|lo |un po' di |una questione di )?(?:ansia|stress|nervosismo|nervi|ormoni|età|psicologico)\b",
            r"\bnon (?:ha bisogno|c'è bisogno|serve|occorre)(?: (?:di|andare|vedere|consultare|chiamare))*(?: (?:un|una|dal|il|al))? (?:medico|dottore|dottoressa|ospedale|pronto soccorso|specialista)\b",
            r"\b(?:le donne|gli anziani|i giovani) (?:spesso |sempre |di solito |tendono a )(?:esagera(?:no|re))\b|\bignori (?:il dolore|i sintomi)\b",
        ),
        "ar": (
            r"(?:أنت|أنتِ) (?:فقط )?(?:تتوهم|تتوهمين|موسوس)",
            r"(?:أنت|أنتِ) (?:فقط |مجرد )?(?:متوتر|قلق|متعب|مرهق)ة? فقط|لا تقلق(?:ي)?(?=[.!]|$)",
            r"(?:على الأرجح|ربما|غالبًا|غالبا) (?:ليس هناك|لا يوجد|ليس|لا) شيء|(?:لا شيء|ليس شيئًا) (?:خطير|يستحق)",
            r"(?:كل هذا|هذا كله|الأمر كله|إنه|هذا) (?:فقط |مجرد )?في رأسك|(?:أنت )?تتخيل (?:ذلك|الأمر|هذا)|من (?:نسج )?خيالك",
            r"(?:أنت |أنتِ )(?:فقط )?(?:تبالغ|تبالغين)|إنك تبالغ",
            r"لا داعي للقلق|لا يوجد ما (?:يدعو للقلق|يقلق)|ليس هناك ما يدعو (?:للقلق|إلى القلق)",
            r"(?:إنه|هذا|هو|هي|إنها) (?:مجرد|فقط) (?:قلق|توتر|ضغط نفسي|هرمونات|أعصاب|وهم)",
            r"(?:لا تحتاج|لا تحتاجين|لست بحاجة|لا حاجة) (?:إلى |ل)?(?:زيارة |مراجعة |رؤية )?(?:ال)?(?:طبيب|مستشفى|الطبيب|لطبيب|للطبيب)",
            r"(?:النساء|السيدات|كبار السن) (?:غالبًا ما |غالبا ما |دائمًا |عادة ما )?(?:يبالغن|يبالغون)|تجاهل (?:الألم|الأعراض)",
        ),
        "zh": (
            r"(?:你|您)多虑了|没什么大不了|不值得(?:去)?看医生",
            r"(?:你|您)?(?:只是|不过是|就是)(?:太|有点)?(?:紧张|累|敏感|焦虑|压力大)(?:了)?|别(?:大惊小怪|想太多|自己吓自己)|不要(?:大惊小怪|想太多)",
            r"(?:可能|大概|应该|多半|估计)(?:没什么|没事|不是什么大事|没有什么)(?:大不了|大碍)?(?:的)?(?=[。!！,，;；]|$)",
            r"(?:都|只)?是(?:你|您)(?:自己)?(?:想|臆想|幻想)出来的|(?:你|您)想(?:得)?太多了|(?:都|只)是心理作用",
            r"(?:你|您)(?:太|在|是在)?(?:夸张|夸大|小题大做|大惊小怪|反应过度)(?:了)?",
            r"没(?:有)?什么(?:好|可|值得)?担心的|不用担心(?=[。！!]|$)|没必要担心",
            r"(?:这|那)?(?:只是|只不过是|不过是|就是)(?:你的|因为)?(?:焦虑|压力|紧张|心理|荷尔蒙|更年期|年纪大)",
            r"(?:不需要|不用|没必要|无需|用不着)(?:去)?(?:看医生|就医|去医院|看病|找医生|上医院)",
            r"(?:女人|女性|妇女|老人|老年人)(?:总是|常常|经常|往往|都)?(?:喜欢|会|爱)?(?:夸张|夸大|小题大做)|(?:忽略|忽视|别理)(?:它|疼痛|症状)(?=[。！!]|$)",
        ),
        "hi": (
            r"(?:यह )?(?:सब )?(?:आपका|मन का) वहम",
            r"आप (?:बस|सिर्फ|केवल) (?:तनाव|थक|घबरा|चिंतित)|चिंता मत (?:कीजिए|करें|करो)(?=[।.!]|$)",
            r"(?:शायद|संभवतः|ज़्यादातर) (?:यह )?कुछ (?:भी )?नहीं (?:है|होगा)",
            r"(?:सब )?आपके (?:दिमाग|मन|सिर)(?: का वहम)? में (?:ही )?है|आपका वहम|आपके मन का वहम",
            r"आप (?:बढ़ा-चढ़ाकर|बढ़ा-चढ़ा कर|बढ़ा चढ़ा कर|बात को बढ़ा)|आप (?:ज़्यादा|ज्यादा) (?:सोच|प्रतिक्रिया)",
            r"चिंता (?:की|करने की) (?:कोई )?(?:बात|ज़रूरत|जरूरत|ज़रूरत) नहीं|घबराने की (?:कोई )?(?:बात|ज़रूरत|जरूरत) नहीं",
            r"(?:यह|ये) (?:सिर्फ|सिर्फ़|केवल|बस) (?:आपकी |आपका )?(?:चिंता|तनाव|घबराहट|हार्मोन|उम्र का असर) (?:है|हैं)",
            r"(?:आपको )?(?:डॉक्टर|अस्पताल|चिकित्सक) (?:की|के पास जाने की|को दिखाने की|जाने की) .{0,3}रूरत नहीं",
            r"(?:महिलाएँ|महिलाएं|औरतें|बुज़ुर्ग) (?:अक्सर|हमेशा) (?:\S+ )?(?:बढ़ा-चढ़ाकर|बढ़ा)|दर्द को (?:नज़रअंदाज़|नजरअंदाज|अनदेखा) (?:करें|कर दें)",
        ),
        "ru": (
            r"\bэто (?:все|всё) (?:нервы|от нервов|стресс|возраст)\b|\bвы (?:слишком |очень )?(?:мнительн\w+|впечатлительн\w+)",
            r"\bвы (?:просто |только |сами )*(?:себя )?(?:накручиваете|нервничаете|устали|переутомились)\b|\bне (?:волнуйтесь|переживайте|беспокойтесь)(?=[.!]| ?$)",
            r"\b(?:скорее всего|наверное|вероятно|наверняка),? (?:это )?(?:ничего|пустяк\w*|ерунда)\b(?! (?:не|нового|другого))|\bничего (?:страшного|серьезного|серьёзного)(?= ?[.!,;]| ?$)",
            r"\b(?:у вас|только у вас|все|всё) (?:это )?(?:только )?в (?:вашей )?голове\b|\bв вашей голове\b|\bвам (?:это )?(?:просто )?кажется(?= ?[.!]| ?$)|\bвы (?:это )?(?:все |всё )?(?:себе )?(?:выдумали|придумали|выдумываете|накручиваете)",
            r"\bвы (?:просто |явно |слишком )?(?:преувеличиваете|драматизируете|мнительны)",
            r"\b(?:беспокоиться|волноваться|переживать) не о чем\b|\bне о чем (?:беспокоиться|волноваться)\b|\bнет (?:причин|повода|оснований) для (?:беспокойства|тревоги)",
            r"\bэто (?:скорее всего |наверняка |вероятно |всего лишь )?(?:просто|только|лишь|всего лишь|чисто) (?:ваш |ваша |ваши )?(?:стресс|тревога|нервы|тревожность|гормоны|возраст|психологическ\w+)",
            r"\b(?:вам )?(?:не нужен|не нужно к|незачем (?:идти )?к|не надо (?:идти )?к|не нужно (?:идти|обращаться) к|нет нужды (?:идти )?к|не требуется) (?:\w+ )?(?:врач\w*|доктор\w*|специалист\w*|больниц\w*)",
            r"\b(?:женщины|пожилые|подростки) (?:часто|обычно|всегда|любят) (?:\w+ )?преувеличива\w+|\b(?:не обращайте внимания|игнорируйте|забудьте)(?: на)? (?:боль|симптомы|эту боль)",
        ),
        "sw": (
            r"(?<!si )(?<!sio )\bni (?:uzee|uchovu|hofu|woga|mawazo) tu\b",
            r"\bumechoka tu\b|\busijali\b(?=[.!]| ?$)|\bhakuna shida yoyote\b",
            r"\b(?:labda|pengine|huenda) (?:si|sio) (?:kitu|chochote|jambo)\b|\bsi kitu(?: kikubwa)?(?= ?[.!,;]| ?$)",
            r"\b(?:yote|iko|yako|ni) (?:yako )?(?:tu )?(?:katika )?(?:kichwani|akilini) mwako\b|\bunawaza tu\b|\bni mawazo yako tu\b",
            r"\bunatia chumvi\b|\bunazidisha(?: mambo)?\b|\bunajifanya\b",
            r"\bhakuna (?:cha|haja ya|sababu ya|kitu cha) (?:kuwa na wasiwasi|kuhofia|kuogopa|wasiwasi)\b|\busiwe na wasiwasi(?=[.!]| ?$)",
            r"(?<!si )(?<!sio )\bni (?:wasiwasi|msongo wa mawazo|homoni|uzee|mkazo) tu\b",
            r"\b(?:huhitaji|hauhitaji|hakuna haja ya|hamna haja ya) (?:kumwona |kuona |kwenda kwa |kwenda |ya )?(?:daktari|hospitali|mtaalamu)\b",
            r"\bwanawake (?:mara nyingi |huwa |wengi )?(?:hutia|wanatia|wana?tia) chumvi\b|\bpuuza (?:maumivu|dalili)\b",
        ),
        "id": (
            r"\banda terlalu (?:cemas|khawatir|banyak pikiran)\b|\bitu cuma perasaan\b",
            r"\banda (?:hanya|cuma) (?:stres|cemas|lelah|gugup|kecapekan)\b|\bjangan (?:lebay|berlebihan)\b|\btidak usah (?:khawatir|cemas)\b",
            r"\b(?:mungkin|barangkali|kemungkinan(?: besar)?) (?:itu |ini )?(?:bukan|tidak) apa-apa\b|\bbukan masalah serius(?= ?[.!]| ?$)|\btidak apa-apa, abaikan\b",
            r"\b(?:hanya )?(?:ada )?(?:di|dalam) (?:pikiran|kepala) anda(?: saja)?\b|\banda hanya membayangkan\b|\bhanya perasaan anda\b",
            r"\banda (?:terlalu |hanya )?(?:berlebihan|melebih-lebihkan|sensitif|lebay)\b",
            r"\btidak ada yang perlu (?:dikhawatirkan|dicemaskan|ditakutkan)\b|\btidak perlu (?:khawatir|cemas)(?=[.!]| ?$)",
            r"\b(?:itu|ini) (?:mungkin )?(?:hanya|cuma|sekadar|sekedar) (?:karena )?(?:stres|kecemasan|cemas|hormon|faktor usia|psikologis|masalah psikologis)\b",
            r"\b(?:anda )?tidak (?:perlu|butuh|harus|usah) (?:ke|pergi ke|menemui|periksa ke|menghubungi|seorang)? ?(?:dokter|rumah sakit|ugd|igd|spesialis|puskesmas)\b",
            r"\b(?:wanita|perempuan|orang tua|lansia) (?:sering|selalu|cenderung|suka) (?:\w+ )?(?:melebih-lebihkan|berlebihan)\b|\babaikan (?:saja )?(?:rasa sakit|gejala|nyeri)\w*",
        ),
    }
)

# What takes it back, before it in the same clause: it is denied, doubted, reported or only a condition.
TAKEN_BACK: Final = MappingProxyType(
    {
        "en": r"\b(?:not|never|no|none|nothing|nobody|no one|cannot|if|whether|unless|without|beware|claim\w*|promis\w+|says?|said|told|tells?|hear\w*|heard|think that|assum\w+|suggest\w*|avoid|rather than|instead of|more than|hard to|few|wrong|myth|belie\w+|feel like|feels like|until|rarely|even when|nor|neither|only|how can|does this mean)\b|n't\b",
        "es": r"\b(?:no|nunca|ningún|ninguna|nada|si|nadie|jamás|dicen|dijo|sin|creer que|asuma|mito|tampoco)\b",
        "fr": r"\b(?:ne|pas|jamais|aucune?|rien|si|personne|dit|disent|sans|croire|mythe|ni)\b|\bn'",
        "de": r"\b(?:nicht|nie|niemals|kein\w*|nichts|wenn|ob|falls|niemand|sagt|sagen|ohne|behauptet|mythos|weder|lässt sich)\b",
        "pt": r"\b(?:não|nunca|nenhuma?|nada|se|ninguém|jamais|dizem|disse|sem|nem|mito)\b",
        "it": r"\b(?:non|mai|nessun[oa]?|nulla|niente|se|dicono|detto|senza|né|mito)\b",
        "ar": r"(?<!\w)(?:لا|ليس|ليست|لم|لن|غير|إذا|لو|قال|يقال|يقول)(?!\w)",
        "zh": r"不(?!需要|用)|没有(?!任何)|并非|如果|是否|说|无法|难以|未",
        "hi": r"(?<!\S)(?:नहीं|मत|न|अगर|यदि|कोई भी|कहा|कहते)(?![^\s।,])",
        "ru": r"\b(?:не|нет|никогда|ничего|ничто|ни|если|ли|никто|говорят|сказал\w*|нельзя|миф)\b",
        "sw": r"\b(?:si|sio|siyo|hakuna|kamwe|kama|ikiwa|alisema|wanasema|haiwezi|huwezi)\b",
        "id": r"\b(?:tidak|bukan|belum|jangan|tak|jika|kalau|bila|apakah|katanya|tanpa)\b",
    }
)
# A row of one language can fit a sentence of another ("100 % seguro"): these deny in all that are written alike.
TAKEN_BACK_ANYWHERE: Final = r"\b(?:no|not|never|non|ne|pas|não|nem|nunca|jamais|jamás|ningún|ninguna|nenhuma?|nessun[oa]?|aucune?|nicht|kein\w*|nie|niemals|tidak|bukan|belum)\b|\bn'"
# What takes it back behind it: "not" where the language puts it there, a condition, a "but" with a way to care.
TAKEN_BACK_BEHIND: Final = (
    r"\s?(?:नहीं|nicht\b|keineswegs\b|pas\b|, (?:but|pero|mais|aber|mas|ma|но|tetapi|namun|lakini)\b)|[^.]{0,60}\b(?:but|however|unless|still|if|as long as|once|pero|salvo|mais|sauf|aber|"
    r"jedoch|wenn|falls|mas|porém|ma|però|se non|но|однако|если|lakini|isipokuwa|tetapi|tapi|namun|kecuali|jika)\b|[^。]{0,40}(?:但|不过|如果|除非|لكن|إلا|إذا|लेकिन|अगर|यदि)"
)
# What a study has counted is not a promise.
REPORTED: Final = (
    r"\b(?:stud(?:y|ies)|trials?|patients|participants|meta-analys[ei]s|cohort|survey|researchers|n ?=|estudios?|ensayos?|pacientes|études?|essais?|"
    r"studien?|patienten|estudo|ensaio|studi[oe]?|pazienti|исследовани\w*|пациент\w*|utafiti|wagonjwa|penelitian|pasien)\b|研究|试验|患者|دراسة|دراسات|المرضى|अध्ययन|मरीज़|मरीज"
)
FICTION: Final = (
    r"\b(?:once upon a time|chapter (?:\d+|one|two|three)|the (?:story|novel|tale) (?:of|begins|goes)|érase una vez|había una vez|il était une fois|"
    r"es war einmal|era uma vez|c'era una volta|жил[аи]?-был[аи]?|hapo zamani|pada suatu hari)\b|كان يا ما كان|从前|很久以前|एक समय की बात"
)
