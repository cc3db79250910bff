# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""Signs of an emergency or of self-harm: words by concept (all languages), and which concepts together are a red flag.

Data only. Codes RF1..RF20 follow requirements 4.3 (NHS, NICE, CDC, anaphylaxis and ambulance-service pages).
A concept's terms are in the notation of `guardrail.rails.lexicon`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from guardrail.rails.data.medical_terms import DRUGS

_HARMING = (
    "kill, hurt, harm, stab, shoot, attack, strangle, suffocate, smother, poison, murder, drown, beat up, punch, "
    "killing, hurting, harming, stabbing, shooting, attacking, strangling, suffocating, smothering, poisoning, murdering, drowning, beating up, punching"
)
_OTHERS = (
    "him, her, them, someone, somebody, people, everyone, everybody, others, another person, strangers, the baby, the kids, the children, my baby, my kids, my children, my child, my son, my daughter, my wife, my husband, my partner, my girlfriend, "
    "my boyfriend, my ex, my mother, my mum, my mom, my father, my dad, my parents, my brother, my sister, my family, my neighbour, my neighbor, my neighbours, my neighbors, the neighbour, the neighbor, the neighbours, the neighbors, my boss, "
    "my teacher, my roommate, my flatmate, my carer, my nurse, my doctor, the nurse, the doctor, a man, a woman, a child, this man, this woman"
)
_HURTS = (
    "hit, hits, hitting, beat, beats, beating, punched, punches, slapped, slaps, kicked, kicks, choked, chokes, strangled, strangles, burned, burns, bit, raped, rapes, assaulted, abuses, abused, molested, threatened, threatens, "
    "threw things at, pushed, shoved, touches, groped, whipped"
)
_HURT = "me, my mum, my mom, my mother, my sister, my brother, my kids, my children, my son, my daughter, my baby, the kids, the children, the baby, our kids, our son, our daughter, his wife, his kids, her kids, her baby"


def _phrases(verbs: str, objects: str) -> str:
    """Every verb with every object, as terms."""
    return ", ".join(f"{verb} {each}" for verb in verbs.split(", ") for each in objects.split(", "))


CONCEPTS: Final = MappingProxyType(
    {
        "NOT": "no, not, without, denies, denied, never, isn't, doesn't have, don't have, sin, sans, pas de, pas, kein, keine, ohne, sem, "
        "senza, tidak ada, bukan, hakuna, без, нет, не, nahi hai, بدون, ليس, 没有, 无, nor",
        "IDIOM": "killing me, is killing it, killed it, dying to, dying for, die for, die laughing, dying of laughter, dying laughing, "
        "died laughing, dying of embarrassment, dead battery, heart attack burger, heart attack grill, kill the process, kill process, "
        "kill switch, kill the job, kill a process, kill for a, kill for some, kill for, suicide squad, suicide gene, suicide door*, "
        "suicide sprint*, suicide mission, commit* suicide squad, overdose of, overdose on chocolate, overdosed on sugar, overdosed on netflix, "
        "political suicide, career suicide, commercial suicide, killer app, dead link, dead code, dead end, die hard, die cast*, to die for, "
        "me muero de risa, me muero de vergüenza, me muero de hambre, me muero por, muero de ganas, morto de fome, morta de fome, morto de rir, "
        "morrendo de rir, morrendo de vontade, mort de rire, morte de rire, morte de faim, mort de faim, mourir de rire, todmüde, totlachen, "
        "muoio di fame, morto di fame, muoio dal ridere, умираю от смеха, умираю со смеху, умереть не встать, mati lampu, "
        "mati gaya, mati listrik, 笑死, 累死, 饿死, 热死, 气死, 烦死, 尴尬死, 困死, 忙死, 无聊死, 社死, 死机, 死循环, "
        "sugar stroke, stroke of luck, stroke of genius, brush stroke*, breaststroke, back stroke, stroke width, stroke order, "
        "bleeding edge, hit me up, hits me up, hit me with, hits me with, hit me that, beat me at, beats me at, beat me in, beat me to, beating me at, beating me in, beats me why, beats me how, beat him at, beat her at, beat them at, 打我电话, 打我手机, attack surface, panic attack, blood bath, choke point, choked up, seizure of, asset seizure",
        # where the words are about something else
        "ELSEWHERE": "game*, gaming, minecraft, skyrim, fortnite, speedrun*, npc, dps, "
        "code, coding, compile*, server, docker, kubernetes, sql, python, javascript, git, deploy*, "
        "stock market, market, shares, recipe, cake, oven, homework, worksheet, "
        "dog, dogs, puppy, cat, cats, kitten, horse, hamster, rabbit, parrot, vet, aquarium, goldfish, perro, gato, chien, "
        "hund, katze, cachorro, cane, gatto, кот, собака, кошка, kucing, anjing, paka, mbwa, 猫, 狗, قطة, كلب, "
        "makeup, make-up, lipstick, costume, tutorial, battle of, century, sprint, deadline, engine, laptop",
        "FICTION": "movie, film*, novel, episode, series, actor, actress, song, lyrics, album, screenplay, plot, protagonist, fictional, character, "
        "chapter, thriller, my story, short story, roman, película, novela, filme, фильм*, роман, 小说, 电影, فيلم, رواية",
        "PAST": "years ago, year ago, last year, history of, as a child, in the past, hace años, il y a * ans, vor jahren, anos atrás, anni fa, лет назад, "
        "tahun lalu, miaka iliyopita, 年前, سنوات, previous, previously",
        "NOW": "now, right now, just, sudden, suddenly, tonight, today, minutes ago, min ago, ahora, de repente, maintenant, soudain*, jetzt, gerade, "
        "plötzlich, agora, subito, adesso, sekarang, tadi, sasa, ghafla, сейчас, вдруг, внезапно, الآن, فجأة, 突然, 现在, 刚, अभी, अचानक, abhi, achanak",
        "LEARN": "what is, what are, what causes, information about, define, definition, explain, difference between, symptoms of, signs of, causes of, risk factors, why do people, statistics, "
        "prevalence, mechanism, pathophysiology, lecture, exam, flashcard*, mcq, leaflet",
        "CLINICIAN": "pt, pts, resus, gcs, nac, ecg, ekg, d/c, crcl, hx, pmh, obs, stat, iv, im, icu, itu, differential, triage, wells, d-dimer, sats, abg",
        "CHEST": "chest, pecho, poitrine, brust, brustkorb, peito, petto, kifua, kifuani, dada, dadaku, 胸, 心口, सीने, सीना, seene, صدر*, груд*",
        "PAIN": "pain*, hurt*, ache*, aching, tight*, pressure, crushing, squeez*, heavy, elephant, dolor, duele, aprieta, opresión, douleur*, mal, serre*, oppression, "
        "*schmerz, *schmerzen, druck, dor, aperto, apertando, dolore, oppressione, maumivu, uma, inauma, kinauma, sakit, nyeri, 痛, 疼, 闷, 压, दर्द, dard, "
        "ألم, وجع, يوجع*, ضغط, болит, боль, боли, давит, сжимает",
        "SPREAD": "arm, arms, jaw, sweat*, clammy, brazo, sudor*, bras, mâchoire, arm, kiefer, braço, suor, braccio, 左臂, 出汗, lengan, keringat, руку, руке, пот",
        "HEART_ATTACK": "heart attack, myocardial infarction, infarto, crise cardiaque, herzinfarkt, ataque cardíaco, ataque do coração, serangan jantung, "
        "mshtuko wa moyo, инфаркт, نوبة قلبية, جلطة, 心梗, 心脏病发, दिल का दौरा",
        "STROKE": "stroke, having a stroke, derrame cerebral, ictus, avc, schlaganfall, инсульт, سكتة, 中风, 脑卒中, stroke, kiharusi, लकवा",
        "FACE": "face, mouth, smile, cara, boca, visage, bouche, gesicht, mundwinkel, rosto, viso, bocca, wajah, mulut, mulutnya, uso, лицо, рот, وجه*, فمه, فمها, 脸, 嘴, चेहरा, muh, मुँह",
        "DROOP": "droop*, sagging, lopsided, crooked, torcid*, caíd*, tordu*, affaiss*, hängt, hängend*, torto, torta, storto, storta, mencong, perot, umepinda, перекос*, معوج, 歪, टेढ़ा",
        "ARM": "arm, arms, leg, legs, side, brazo, lado, bras, bein, seite, lado, braço, braccio, lato, tangan, lengan, kaki, mkono, рука, руки, руку, нога, ذراع*, يده, يدها, 手, 腿, हाथ",
        "WEAK": "weak, weakness, numb, numbness, can't lift, can't move, paraly*, débil, dormid*, faible, engourdi*, gelähmt, taub, schwach*, fraco, dormente, "
        "debole, intorpidit*, lemas sebelah, lumpuh, kebas, dhaifu, онемел*, слабость, не двигается, ضعف, خدر, تنميل, 无力, 麻木, 不能动, सुन्न, कमज़ोर",
        "SPEECH": "slurred, slurring, can't speak, cannot speak, speech is, words come out wrong, talking nonsense, no puede hablar, arrastra las palabras, "
        "n'arrive plus à parler, n'arrive pas à parler, kann nicht sprechen, spricht undeutlich, verwaschen*, fala enrolada, não consegue falar, non riesce a parlare, "
        "bicara pelo, pelo, hawezi kuongea, говорит невнятно, речь, لا يستطيع الكلام, 说话不清, 口齿不清, 说不出话, बोल नहीं",
        "WORST_HEADACHE": "worst headache, thunderclap headache, worst headache of my life, peor dolor de cabeza, pire mal de tête",
        "NO_BREATH": "can't breathe, cannot breathe, cant breathe, can't catch my breath, struggling to breathe, struggling for breath, fighting for breath, "
        "gasping, gasping for air, not breathing, stopped breathing, isn't breathing, can't get air, barely breathing, hardly breathe, "
        "can't speak in sentences, can't finish a sentence, no puedo respirar, no puede respirar, no respira, "
        "n'arrive pas à respirer, n'arrive plus à respirer, ne respire plus, ne respire pas, bekomme keine luft, bekommt keine luft, kriegt keine luft, atmet nicht, "
        "não consigo respirar, não consegue respirar, não respira, não está respirando, non riesco a respirare, non riesce a respirare, non respira, "
        "tidak bisa bernapas, tidak bisa nafas, ga bisa napas, gak bisa napas, susah napas, sesak napas berat, hawezi kupumua, siwezi kupumua, hapumui, "
        "не могу дышать, не может дышать, не дышит, задыха*, لا أستطيع التنفس, لا يستطيع التنفس, لا يتنفس, مش قادر يتنفس, مو قادر اتنفس, "
        "喘不过气, 喘不上气, 无法呼吸, 不能呼吸, 没有呼吸, 没呼吸, saans nahi, साँस नहीं, सांस नहीं",
        "CHOKING": "choking, choking on, is choking, se está ahogando, s'étouffe, erstickt, engasgou, engasgado, soffocando, tersedak, amekabwa, подавился, اختنق, يختنق, 噎住, 窒息",
        "LIPS": "lips, lip, labios, lèvres, lippen, lábios, labbra, bibir*, midomo, губы, شفت*, شفاه*, 嘴唇, होंठ, honth",
        "BLUE": "blue, bluish, grey, gray, purple, azul*, morad*, bleu*, blau*, roxo*, roxa*, blu, cianotic*, biru, bluu, синие, синеют, посинел*, زرقاء, ازرق*, 发紫, 发青, 青紫, नीले, neele",
        "ANAPHYLAXIS": "anaphyla*, anafila*, анафилак*, 过敏性休克, epipen",
        "SWELL": "swell*, swollen, swelled, huge, puffy, ballooning, hinchad*, hinchando, gonfl*, enfl*, geschwollen, schwillt, inchad*, inchando, gonfi*, bengkak, "
        "umevimba, amevimba, kuvimba, опух*, отек*, отёк*, تورم*, منتفخ*, انتفخ*, 肿, सूज*, sooj*",
        "AIRWAY": "tongue, throat, voice, lips, lip, face, lengua, garganta, voz, labios, langue, gorge, voix, lèvres, zunge, hals, stimme, lippen, língua, garganta, "
        "lingua, gola, voce, labbra, lidah, tenggorokan, suara*, bibir*, ulimi, koo, sauti, язык, горло, голос, губы, لسان*, حلق*, صوت*, شفت*, 舌, 喉, 嗓子, 嘴唇, गला, जीभ, आवाज़",
        "TRIGGER": "sting, stung, peanut*, nut, nuts, shellfish, shrimp*, prawn*, wasp, bee, allerg*, antibiotic, penicillin, ate, eaten, picadura, picó, abeja, avispa, cacahuete*, maní, "
        "camarón, camarones, mariscos, piqûre, piqué, guêpe, abeille, cacahuète*, crevette*, stich, gestochen, wespe, biene, erdnuss*, camarão, amendoim, picada, abelha, "
        "puntura, ape, vespa, arachid*, gamberi, kacang, udang, disengat, tawon, karanga, nyuki, орех*, укус*, пчела, оса, креветк*, فول سوداني, لسعة, جمبري, روبيان, "
        "花生, 虾, 蜜蜂, 黄蜂, 过敏, मूँगफली, मधुमक्खी",
        "BLEED": "bleed*, blood, sangr*, saign*, saignement*, hémorrag*, hemorrag*, haemorrhag*, hemorrhag*, blut, blutet, blutung*, sanguin*, perdarah*, darah, "
        "damu, anatoka damu, кровь, кровотеч*, кровит, نزيف, ينزف, تنزف, دم, 出血, 流血, खून, khoon",
        "WONT_STOP": "won't stop, wont stop, will not stop, can't stop it, doesn't stop, not stopping, pouring, gushing, spurting, spraying, soaking, soaked, "
        "no para, no deja de, n'arrête pas, ne s'arrête pas, beaucoup, hört nicht auf, stark, não para, muito, non si ferma, tanto, tidak berhenti, ga berhenti, banyak, haiachi, haisimami, nyingi, "
        "не останавливается, сильное, لا يتوقف, شديد, غزير, 止不住, 大量, बंद नहीं, बहुत",
        "AMPUTATED": "cut off my finger, cut my finger off, severed, amputated my, chopped off, finger came off",
        "OVERDOSE": "overdose*, overdosed, took too many, taken too many, sobredosis, surdose, überdosis, overdosis, передозиров*, جرعة زائدة, 过量, 吃多了药",
        "TOOK": "took, taken, has had, swallowed, drank, drunk, ate, eaten, downed, popped, necked, ingested, gulped, injected, tomé, he tomado, se tomó, ha tomado, tragué, ai pris, a pris, ai avalé, a avalé, avalé, genommen, eingenommen, geschluckt, "
        "j'ai pris, j'ai avalé, tomei, tomou, engoli, engoliu, ho preso, ha preso, ho ingoiato, sudah minum, telah minum, menelan, nimekunywa, nimemeza, amemeza, amekunywa, выпил*, принял*, проглотил*, наглотал*, تناولت, تناول, أخذت, اخذت, بلعت, بلع, شربت, 吃了, 吞了, 吞下, "
        "服了, 服用了, 喝了, खा ली, खा लीं, ले ली, निगल, kha li, nigal li",
        "WHOLE": "all of my, all my, all of the, all the, all of her, all her, all of his, all his, all of their, all of them, every one of, every last, whole, entire, full bottle, full box, full packet, full pack, a bottle of, a packet of, a pack of, "
        "a box of, a strip of, bottles of, packets of, boxes of, handful*, a bunch of, dozens of, a dozen, loads of, a load of, a lot of, lots of, the rest of my, the rest of the, everything in the, month's supply, todas las, todo el, toda la, "
        "frasco entero, caja entera, un frasco de, una caja de, un puñado, toutes les, tous les, tout le, toute la, boîte entière, une boîte de, plaquette entière, une poignée, ganze, ganzen, packung, eine handvoll, alle meine, todos os, "
        "caixa toda, caixa inteira, cartela inteira, uma caixa, um monte de, tutte le, tutta la, intera, una scatola, una manciata, semua, satu botol, satu strip, segenggam, vyote, zote, chupa nzima, все, всю, целую, пачку, упаковку, горсть, "
        "كل, علبة كاملة, علبة, حفنة, 一瓶, 整瓶, 一盒, 整盒, 一把, 全部, सारी, पूरी, saari, poori",
        "THEM_ALL": "them all, all of them, the lot, the whole lot, whole packet, entire packet, whole box, entire box, whole pack, every one of them, every last one, every single one, todas ellas, las tomé todas, toutes avalées, alle auf einmal, "
        "todas de uma vez, tutte insieme, semuanya, vyote, все сразу, كلها, 全吃了, 全吞了, 全部吃, सब खा",
        "AS_MEANT": "as prescribed, as directed, as instructed, as i should, as usual, the course, a course of, my course, antibiotic*, vitamins, vitamin, multivitamin*, today's, this morning's, daily, every day, each day, per day, per week, a day, a week, "
        "each week, every week, over * days, over * weeks, over * months, over the past, over the last, over the course, over several, throughout, in total since, whole course, full course, whole tablet, whole pill, whole capsule, all my tests, all the tests",
        # aggression that belongs to an illness or an age: a medical question of high risk, seldom a crime
        "CARED_FOR": "dementia, alzheimer*, delirium, brain injury, toddler, toddlers, autistic, autism, 2 year old, 3 year old, 4 year old, two year old, three year old, four year old, tantrum*, demencia, démence, demenz, demência, demenza, demensia, деменц*, "
        "الخرف, 痴呆, 失智",
        "DRUG": DRUGS,
        "ATE": "ate, eaten, swallowed, got into, got hold of, chewed, found and ate, se comió, se tragó, a avalé, a mangé, verschluckt, gegessen, engoliu, comeu, ha ingoiato, ha mangiato, menelan, tertelan, amemeza, amekula, проглотил*, съел*, بلع, ابتلع, "
        "أكل, 吞了, 误食, 误服, 吃了, निगल, nigal",
        "SWALLOWED": "swallow*, drank, drunk, ate, eaten, ingested, inhaled, splashed, tragó, bebió, comió, tomó, a avalé, a bu, avalé, verschluckt, getrunken, bebeu, engoliu, "
        "ha bevuto, ha ingerito, ha ingoiato, minum, menelan, tertelan, amekunywa, amemeza, выпил*, проглот*, شرب*, بلع*, ابتلع*, 喝了, 误食, 误服, 吞了, 吞下, pi liya, nigal, पी लिया, निगल",
        "CHEMICAL": "bleach, drain cleaner, cleaner, cleaning fluid, detergent, dishwasher tablet, laundry pod*, antifreeze, kerosene, paraffin, petrol, gasoline, pesticide, rat poison, weed killer, "
        "weedkiller, paraquat, acid, lye, caustic, button battery, battery, batteries, magnet*, white spirit, turpentine, methanol, poison*, lejía, cloro, detergente, veneno, pila de botón, javel, eau de javel, "
        "détergent, pile bouton, bleichmittel, reiniger, abflussreiniger, knopfzelle, spülmittel, água sanitária, soda cáustica, chumbinho, candeggina, detersivo, veleno, pemutih, minyak tanah, "
        "racun, baterai, mafuta ya taa, sumu, dawa ya panya, отбеливател*, уксус*, батарейк*, керосин, яд, كلور, كلوركس, مبيض, كيروسين, سم, بطارية, 漂白, 洁厕, 农药, 百草枯, 老鼠药, 电池, 消毒液, "
        "matti ka tel, kerosene, फिनाइल, ज़हर, zehar, phenyl, केरोसिन",
        "EYE": "eye, eyes, ojo, ojos, oeil, œil, yeux, auge, augen, olho, olhos, occhio, occhi, mata, mataku, jicho, macho, глаз, глаза, عين*, 眼睛, 眼, आँख",
        "SIGHT_LOST": "went blind, gone blind, can't see, cannot see, lost vision, lost my vision, lost sight, vision went, sudden vision loss, curtain over, no veo, perdí la vista, ne vois plus, "
        "sehe nichts, sehe nichts mehr, não enxergo, perdi a visão, non vedo più, tidak bisa melihat, sioni, не вижу, ослеп*, لا أرى, 看不见, 失明, दिखना बंद",
        "FEVER": "fever*, temp, temperature, fiebre, fièvre, fieber, febre, febbre, demam, panas, homa, температур*, жар, حرارة, حرارته, سخونة, حمى, 发烧, 高烧, बुखार, bukhar",
        "NEWBORN": "newborn, neonate, week old, weeks old, wk old, wks old, week-old, day old, days old, 1 month old, one month old, 2 month old, 2 months old, two month old, two months old, recién nacido, "
        "nouveau-né, nourrisson, neugebor*, säugling, recém-nascid*, neonato, bayi baru lahir, mtoto mchanga, новорожд*, مولود, رضيع*, 新生儿, 个月大, 满月, नवजात",
        "CHILD": "baby, infant, toddler, child, kid, son, daughter, newborn, yo, bebé, niño, niña, hijo, hija, bébé, enfant, fils, fille, kind, sohn, tochter, bebê, criança, filho, filha, bambino, "
        "bambina, figlio, figlia, bayi, anak, anakku, mtoto, ребенок, ребёнок, сын, дочь, дочка, ابني, بنتي, طفل*, رضيع*, 宝宝, 孩子, 儿子, 女儿, बच्च*, bachcha, bachche, bachchi",
        "SICK_CHILD": "floppy, limp, hard to wake, mottled, grunting, sunken fontanelle, no wet nappies, no wet diapers, no tears, won't feed, not feeding, flácid*, mou, molle, schlaff, apático, "
        "mole, floscio, lemas sekali, amelegea, вялый, вялая, خمول, خامل, 精神差, 叫不醒, सुस्त",
        "NO_WAKE": "unconscious, unresponsive, won't wake, wont wake, can't wake, cannot wake, not waking, not responding, passed out, collapsed, no pulse, hard to rouse, barely awake, hardly awake, "
        "inconsciente, no despierta, no responde, se desmayó, inconscient*, ne se réveille pas, ne répond plus, bewusstlos, wacht nicht auf, kaum wach, reagiert nicht, desmaiou, desacordad*, não acorda, não responde, "
        "svenut*, incosciente, non si sveglia, non risponde, pingsan, tidak sadar, tidak bangun, ga sadar, amezimia, amepoteza fahamu, haamki, без сознания, не просыпается, не реагирует, потерял* сознание, "
        "فاقد الوعي, أغمي, اغمي, فقد الوعي, لا يستيقظ, لا يستجيب, 昏迷, 昏倒, 晕倒了, 叫不醒, 没反应, 失去意识, बेहोश, behosh, nahi uth, hosh nahi",
        "SEIZURE": "seizure, seizures, seizing, convuls*, fitting, krampfanfall, krampft, convulsión, convulsiones, convulsão, kejang*, degedege, anatetemeka, судорог*, припадок, تشنج*, يتشنج, 抽搐, 惊厥, 癫痫发作, दौरा पड़, mirgi",
        "LASTING": "still, won't stop, minutes, mins, min, long, lama, keeps, first time, never had, sigue, encore, noch, ainda, ancora, masih, bado, до сих пор, ما زال, 还在, 一直, अभी तक, first seizure",
        "CONFUSED": "confused, confusion, disoriented, delirious, not making sense, confundid*, confus*, verwirrt, confuso, confusa, bingung, ngelantur, amechanganyikiwa, спутан*, бредит, مشوش, هذيان, 意识模糊, 神志不清, भ्रमित",
        "SOMEONE": "he, she, he's, she's, him, her, mum, mom, dad, mother, father, grandma, grandpa, gran, grandad, husband, wife, partner, son, daughter, patient, friend, abuela, abuelo, madre, padre, mère, père, mutter, vater, mãe, pai, ibu, ayah, mama, baba, мама, папа, бабушка, дед, أمي, أبي, جدتي, 妈妈, 爸爸, 奶奶, माँ, पिता",
        "NECK": "stiff neck, neck stiff, neck sore, sore neck, neck is stiff, cuello rígido, rigidez de nuca, nuque raide, steifer nacken, nackensteif*, pescoço duro, rigidez na nuca, collo rigido, leher kaku, shingo ngumu, "
        "ригидность, шея не гнется, تيبس الرقبة, 脖子僵, 颈部僵硬, गर्दन अकड़",
        "LIGHT": "hates light, light hurts, photophobia, bothered by light, sensitive to light, fotofobia, lichtscheu, боится света, 怕光, ne supporte pas la lumière",
        "RASH": "rash, purple spots, spots, petechia*, sarpullido, manchas, éruption, taches, ausschlag, flecken, manchas, macchie, ruam, bintik*, upele, сыпь, طفح, بقع, 皮疹, 紫斑, चकत्ते",
        "UNFADING": "doesn't fade, not fade, doesn't blanch, non-blanching, not blanch, won't fade, under a glass, glass is pressed, press a glass, glass test, no desaparece al presionar, ne s'efface pas, "
        "verschwindet nicht, não some ao apertar, não desaparece, non scompare, tidak hilang saat ditekan, не исчезает, لا يختفي, 压之不褪色, 按压不褪",
        "SEPSIS": "sepsis, septic, septic shock, sepsis, сепсис, 败血症, تسمم الدم",
        "PREGNANT": "pregnan*, weeks gone, wks, 3rd trimester, third trimester, trimester, postpartum, gave birth, embaraz*, enceinte, schwanger*, grávida, gestante, incinta, hamil, mimba, mjamzito, беременн*, حامل, 怀孕, 孕, "
        "गर्भवती, pregnancy, weeks pregnant, /40",
        "PREG_SIGN": "flashing lights, blurred vision, seeing spots, severe headache, bad headache, headache, waters broke, water broke, fluid leaking, not moving, stopped moving, moving less, fewer movements, less movement, "
        "reduced movement*, can't feel the baby move, haven't felt baby, no se mueve, ne bouge plus, bewegt sich nicht, não mexe, non si muove, tidak bergerak, hachezi, не шевелится, لا يتحرك, 胎动少, 没有胎动, हिल नहीं, "
        "severe belly pain, severe abdominal pain, severe cramps, visión borrosa, dolor de cabeza fuerte, pandangan kabur, kuona nyota",
        "TRAUMA": "head injury, hit his head, hit her head, hit my head, banged his head, banged her head, fell on his head, fell from, fell off, fell down the stairs, car crash, car accident, hit by a car, run over, "
        "stabbed, shot in, gunshot, electrocuted, electric shock, near drowning, drowned, third degree burn*, boiling water, scald*, golpe en la cabeza, se cayó, accidente, chute, accident de voiture, sturz, "
        "unfall, bateu a cabeça, caiu, battuto la testa, caduto, kecelakaan, terbentur, jatuh dari, ajali, alianguka, ударился головой, упал с, авария, حادث, سقط, وقع على راسه, 摔到头, 车祸, 撞到头, 烫伤",
        "BAD_AFTER": "vomit*, throwing up, sleepy, drowsy, confused, clear fluid, can't feel my legs, can't move, unconscious, spine, neck pain, large burn, blister*, face, vomita, somnoliento, vomit, somnolent, erbricht, "
        "schläfrig, vomitando, sonolento, muntah, mengantuk, anatapika, рвота, рвет, сонлив*, يتقيأ, يستفرغ, نعسان, 呕吐, 嗜睡, उल्टी, ulti",
        "GUT_BLOOD": "coffee ground*, vomiting blood, throwing up blood, vomited blood, coughing up blood, coughing blood, coughed up blood, black stool*, tarry stool*, black tarry, blood in vomit, vomita sangre, vomitando sangre, heces negras, "
        "vomit du sang, vomi du sang, crache du sang, erbricht blut, blut erbrochen, hustet blut, vomitando sangue, fezes pretas, vomita sangue, feci nere, muntah darah, batuk darah, anatapika damu, kutapika damu, рвота кровью, черный стул, "
        "يتقيأ دم, استفراغ دم, 吐血, 咳血, 便血很多, 黑便, खून की उल्टी, khoon ki ulti",
        "TESTICLE": "testic*, balls, testículo*, testicul*, hoden, 睾丸, خصية",
        "BELLY": "belly, stomach, abdom*, tummy, barriga, vientre, ventre, bauch*, pancia, perut, tumbo, живот, بطن*, 肚子, 腹部, पेट",
        "SEVERE": "severe, unbearable, excruciating, worst, agony, sudden, suddenly, terrible, rigid, insoportable, insupportable, unerträglich, insuportável, insopportabile, tak tertahankan, hebat, kali sana, невыносим*, "
        "острая, شديد, لا يحتمل, 剧烈, 剧痛, असहनीय",
        "DIABETES": "diabet*, insulin, type 1, type 2, typ 1, tipo 1, t1dm, t2dm, sugar, glucose, bz, blutzucker, glucosa, azúcar, glycémie, glicemia, glicose, gula darah, kisukari, диабет*, сахар, سكر, سكري, 血糖, 糖尿病, शुगर, मधुमेह",
        "SUGAR_EXTREME": "hypo, hyperglyc*, hypoglyc*, dka, ketone*, ketoacid*, fruity breath, very high, very low, hi, unterzucker*, cetona*, cétone*",
        "DROWSY": "drowsy, sleepy, kaum wach, hardly awake, barely awake, won't wake, confused, breathing fast, breathing deep, atmet ganz tief, atmet tief, vomit*, erbricht, erbrochen, throwing up, shaking, sweating, unresponsive, passed out, "
        "somnoliento, somnolent, sonolent*, sonnolent*, mengantuk, lemas, pingsan, сонлив*, вялый, نعسان, دوخة, 嗜睡, 昏昏, बेहोश",
        "VOICES": "hear voices, hears voices, heard voices, hear a voice, hearing a voice, hears a voice, voice in my head, voices in my head, voice tells me, voice telling me, a voice says, voices in his head, voices in her head, voices tell me, voices telling me, voices say, voices are telling, hearing voices, voces que me dicen, oigo voces, des voix me disent, stimmen sagen, vozes mandando, voci che mi dicono, "
        "bisikan menyuruh, sauti zinaniambia, голоса говорят, голоса приказывают, أصوات تأمرني, 声音叫我, 幻听",
        "VIOLENCE": "going to kill me, going to kill him, going to kill her, going to kill them, threatened to kill, has a knife, has a gun, strangled me, choked me, raped me, was raped, being raped, hitting me right now, "
        "want to kill him, want to kill her, want to hurt my baby, hurt the baby, hurting my kids, me va a matar, amenaza con matar, va me tuer, bringt mich um, will mich umbringen, vai me matar, mi vuole uccidere, "
        "mau membunuh, anataka kuniua, убьет меня, хочет убить, سيقتلني, يهددني بالقتل, 要杀我, मार डालेगा",
        "ATTACK": _phrases(_HARMING, _OTHERS)
        + ", kill me, stab me, hurt me, shoot me, hacer daño a, matar a mi, faire du mal à, tuer ma, tuer mon, meine familie umbringen, machucar meu, machucar minha, fare del male a, membunuh dia, menyakiti orang, "
        "kumuua, убить его, убить её, причинить вред, أقتله, أؤذي, 杀了他, 杀了她, 杀人, 伤害别人, उसे मार",
        "INTENT": "want to, wants to, wanna, going to, gonna, planning to, plan to, plans to, urge to, urges to, tempted to, about to, thinking of, thoughts of, might, tell me to, tells me to, telling me to, told me to, tell him to, tells him to, telling him to, "
        "tell her to, tells her to, telling her to, told him to, told her to, ordered me to, ordering me to, order me to, commanding me to, i should, i must, i have to, threatens to, threatened to, threatening to, says he'll, says she'll, says they'll, said he'll, said she'll, said they'll, "
        "says he will, says she will, said he would, said she would, said they would, he'll, quiero, quiere, veux, veut, will, quero, quer, voglio, vuole, mau, ingin, nataka, anataka, хочу, хочет, أريد, يريد, 想, 要, चाहता, चाहती",
        "COMMAND": "tell me to, tells me to, telling me to, told me to, ordering me to, order me to, ordered me to, commanding me to, command me to, wants me to, want me to, making me, say i must, saying i must, say i should, saying i should, says i must, "
        "tell him to, tells him to, telling him to, tell her to, tells her to, telling her to, telling them to",
        "HEARD": "voice, voices, god, satan, the devil, demon*, the tv, the television, the radio, angels, spirits, entity, entities",
        "HARM": "kill, killing, hurt, hurting, harm, harming, stab, attack, burn, jump, cut, punish, drown, poison, suffocate, smother, strangle, die, set fire, matar, daño, tuer, mal, töten, verletzen, umbringen, machucar, uccidere, membunuh, menyakiti, kuua, убить, "
        "أقتل, أؤذي, 杀, 伤害, मार",
        "ATTACKER": "he, she, they, someone, somebody, a man, bf, gf, boyfriend, girlfriend, husband, wife, spouse, partner, ex, ex-husband, ex-wife, dad, father, stepdad, stepfather, mum, mom, mother, stepmum, stepmom, stepmother, brother, stepbrother, uncle, cousin, "
        "grandfather, granddad, grandpa, carer, caregiver, teacher, coach, boss, roommate, flatmate, fiance, fiancé, fiancée, son, daughter, parents, family, neighbour, neighbor, nurse",
        "HURTS_SOMEONE": _phrases(_HURTS, _HURT),
        "BEATEN": "beats me up, beat me up, beating me up, gets violent with me, is violent with me, violent towards me, forced me to have sex, forces me to have sex, forced himself on me, touches me down there, domestic violence at home, me pega, me pegó, me golpea, me golpeó, "
        "me maltrata, me viola, me violó, me frappe, m'a frappée, m'a frappé, me bat, m'a violée, schlägt mich, mich geschlagen, mich vergewaltigt, me bate, me bateu, me agride, me agrediu, me estuprou, mi picchia, mi ha picchiata, mi ha picchiato, "
        "mi ha violentata, memukul saya, memukuli saya, memukulku, memperkosa saya, ananipiga, alinipiga, amenipiga, бьет меня, бьёт меня, меня бьет, меня бьёт, избил меня, ударил меня, избивает меня, изнасиловал*, يضربني, ضربني, اغتصبني, 打我, 家暴, "
        "强奸, मुझे मारता, मुझे पीटता, mujhe marta, mujhe peetta",
        "UNSAFE": "scared to go home, afraid to go home, frightened to go home, terrified to go home, scared of going home, scared to be at home, afraid to be home, not safe at home, unsafe at home, don't feel safe at home, don't feel safe with my, not safe with him, not safe with her, "
        "scared of my husband, scared of my wife, scared of my partner, scared of my boyfriend, scared of my girlfriend, scared of my bf, scared of my ex, scared of my dad, scared of my father, scared of my mum, scared of my mom, scared of my stepdad, "
        "afraid of my husband, afraid of my wife, afraid of my partner, afraid of my boyfriend, afraid of my girlfriend, afraid of my ex, afraid of my dad, afraid of my father, afraid of my stepdad, terrified of my husband, terrified of my partner, terrified of my dad, "
        "locked me in, locks me in, won't let me leave the house, won't let me out of the house, hiding from my husband, hiding from my partner, hiding from my boyfriend, hiding from my ex, hiding from my dad, he will kill me, she will kill me, he'll kill me if, "
        "tengo miedo de volver a casa, j'ai peur de rentrer chez moi, angst nach hause zu gehen, medo de voltar para casa, ho paura di tornare a casa, takut pulang, naogopa kurudi nyumbani, боюсь идти домой, боюсь возвращаться домой, 不敢回家, घर जाने से डर",
        "PURGE": "purg*, make myself sick, making myself sick, laxatives, bulimi*, anorexi*, starving myself",
        "FAINT": "faint*, fainting, passed out, palpitation*, heart racing, heart skips, collapsed",
        "CALF": "leg, foot, hand, arm, limb, pierna, jambe, bein, perna, gamba",
        "PULSELESS": "cold and pale, pulseless, no pulse, cold and blue, ice cold and white, fría y pálida, froide et blanche, kalt und blass",
        "HELP": "help, ayuda, aidez, hilfe, socorro, ajuda, aiuto, tolong, msaada, помогите, النجدة, ساعدوني, 救命, बचाओ, bachao",
        # --- self-harm
        "SUICIDE": "suicid*, kill herself, kill himself, kill themselves, end her life, end his life, end their life, take her own life, take his own life, took his own life, wants to die, wished she was dead, better off without me, kill myself, killing myself, killed myself, end my life, ending my life, end it all, take my own life, taking my own life, want to die, wanna die, wish i was dead, wish i were dead, better off dead, "
        "kms, unalive, hang myself, hanging myself, shoot myself, slit my wrists, cut my wrists, jump off a bridge, jump in front of, no reason to live, nothing to live for, don't want to live, dont want to live, "
        "don't want to be here anymore, don't want to be alive, don't want to exist, not want to be alive, tired of living, tired of being alive, can't go on anymore, can't do this anymore, can't live like this, "
        "ready to die, planning to die, thoughts of ending, "
        "suicidarme, suicidio, quitarme la vida, matarme, me quiero morir, quiero morir*, no quiero vivir, acabar con todo, acabar con mi vida, me suicider, suicide, me tuer, en finir, envie de mourir, veux mourir, plus envie de vivre, "
        "selbstmord, suizid*, umbringen, mir das leben nehmen, will sterben, nicht mehr leben, me matar, suicídio, tirar minha vida, quero morrer, não quero mais viver, não quero viver, acabar com tudo, "
        "uccidermi, suicidarmi, togliermi la vita, voglio morire, farla finita, non voglio più vivere, bunuh diri, mau mati, ingin mati, pengen mati, mengakhiri hidup, tidak ingin hidup, "
        "kujiua, nataka kufa, sitaki kuishi, покончить с собой, самоубий*, суицид*, убить себя, хочу умереть, не хочу жить, انتحار, أنتحر, انتحر, أقتل نفسي, اقتل نفسي, أريد أن أموت, اريد الموت, أريد الموت, ابغى اموت, عايز اموت, ما اريد اعيش, "
        "自杀, 自殺, 轻生, 不想活, 想死, 结束生命, 结束自己, 活不下去, आत्महत्या, मरना चाहता, मरना चाहती, जीना नहीं, खुदकुशी, marna chahta, marna chahti, khudkushi, jeena nahi, mar jana chahta, mar jana chahti",
        "SELF_INJURY": "self-harm*, self harm*, selfharm*, cut myself, cutting myself, cuts herself, cuts himself, cutting herself, cutting himself, burn myself, burning myself, hurt myself, hurting myself, harm myself, harming myself, "
        "autolesion*, cortarme, me corto, me mutile, scarification, me faire du mal, mich ritzen, ritze mich, selbstverletz*, mich verletzen, me cortar, me corto, automutila*, tagliarmi, mi taglio, autolesionis*, "
        "menyakiti diri, menyayat, kujidhuru, najikata, режу себя, порезать себя, причинить себе вред, أجرح نفسي, أؤذي نفسي, 自残, 割腕, 伤害自己, खुद को काट, खुद को नुकसान",
        "NEVER_WAKE": "not wake up, never wake up, don't wake up, wouldn't wake up, to not wake, not waking up, sleep forever, go to sleep forever, no despertar*, no despertarse, no despertar nunca, ne plus me réveiller, pas me réveiller, nicht mehr aufwachen, "
        "nie mehr aufwachen, não acordar, não acordar mais, não acordar nunca, non svegliarmi, non svegliarmi più, tidak bangun lagi, ga bangun lagi, nisiamke, не проснуться, не просыпаться, لا أستيقظ, ما اصحى, ما أصحى, 不用再醒, 不再醒, 醒不过来, 不要醒, 再也不醒, न उठूं, na uthu",
        "PILLS": "sleeping tablets, medication, pill*, tablet, tablets, tabs, capsule*, *mg, paracetamol, tylenol, acetaminophen, ibuprofen, aspirin, *triptyline, *zepam, *zolam, *pidem, *oxetine, *codone, *codeine, insulin, valium, xanax, sleeping pill*, meds, "
        "pastillas, comprimid*, comprimé*, cachets, somnifère*, tabletten, schlaftabletten, schlafmittel, comprimidos, remédios, compresse, pasticche, sonniferi, pil, obat tidur, vidonge, dawa za usingizi, таблет*, снотворн*, حبوب, أقراص, 安眠药, 药片, 药, गोलियाँ, goliyan",
        "LETHAL": "would it do it, that do it, do the job, enough to die, enough to kill, lethal, fatal dose, how many to die, how much to die, be enough to end, to end it, para morir, pour mourir, zum sterben, para morrer, per morire, "
        "supaya mati, ili nife, чтобы умереть, смертельн*, قاتلة, للموت, 致死, 会死吗, 才会死, 能死, मर जाऊं, painless way, painlessly, least painful way, without pain",
        "HOARD": "saved up, saving up, been saving, stockpil*, collecting pills, hoard*, juntar, juntando, accumul*, gesammelt, guardando, nimekusanya, mengumpulkan, накопил*, جمعت, 攒",
        "FAREWELL": "goodbye letter*, goodbye note*, farewell letter*, farewell note*, suicide note*, last letter*, wrote the letters, wrote letters, written letters, written the letters, written my letters, carta de despedida, cartas de despedida, lettre d'adieu, lettres d'adieu, abschiedsbrief*, "
        "lettera d'addio, surat perpisahan, barua ya kwaheri, прощальн* письм*, предсмертн*, رسالة وداع, 遗书, 告别信, अलविदा चिट्ठी",
        "ORDERED": "passwords, my will, affairs in order, everything in order, everything sorted, sorted everything, all sorted, all arranged, everything arranged, todo arreglado, todo en orden, tout réglé, tout arrangé, alles geregelt, alles erledigt, "
        "tudo arrumado, tudo resolvido, tutto sistemato, sudah kubereskan, nimepanga kila kitu, всё уладил*, все уладил*, привёл дела в порядок, رتبت كل شيء, رتبت كل شي, 都安排好了, 后事, सब ठीक कर दिया, gave away, giving away, given away",
        "RELEASE": "nobody's problem, no one's problem, after tonight, won't be a problem anymore, won't be around, when i'm gone, peaceful now, feels peaceful, at peace now, at peace, calm now, no longer a burden, not be a burden, a burden, burden on, be a burden to, better off without me, won't have to worry, don't have to worry about me, preocuparse por mí, preocuparse por mi, una carga, "
        "sans moi, un fardeau, un poids pour, ohne mich, zur last, sem mim, um peso, senza di me, un peso, tanpa aku, beban, mzigo, без меня, обуза, обузой, عبء, بدوني, 没有我, 拖累, 累赘, बोझ, bojh, miss me, take care of my dog, last time",
        "FINDER": "find someone, find my body, find me, finds me, finding me, finding someone, find a body, found my body, who will find",
        "HORROR": "traumatic, traumatise*, traumatize*, traumatised, cleaner, housekeeper, body",
        "GAVE_UP": "had enough, time to go, no point, want it to end, ready to go, what's the point, can't take it anymore, can't take it any more, no quiere seguir, ya no quiere, en a assez, hat genug, não quer mais, не хочет больше",
        "STOPPED_MEDS": "stopped taking, stopped her, stopped his, refusing to eat, stopped eating, stopped dialysis, not taking his, not taking her",
        "ON_PURPOSE": "on purpose, intentional*, deliberate*, a propósito, exprès, absichtlich, de propósito, apposta, sengaja, makusudi, нарочно, специально, عمداً, 故意, jaan bujhkar",
        "WANT": "want*, wish*, wanna, hope to, quiero, quisiera, queria, quería, querría, gostaria, voudrais, voulais, veux, möchte, will, vorrei, voglio, mau, ingin, pengen, nataka, natamani, хочу, хотел*, хочется, "
        "أريد, اريد, أتمنى, اتمنى, ابغى, ودي, 想, 希望, 要是能, चाहता, चाहती, chahta, chahti",
        "SELF": "i, i'm, i've, i'd, my, me, myself, yo, mi, je, j'ai, ich, eu, meu, minha, io, saya, aku, mimi, я, мне, أنا, 我, मैं, मुझे, main, mujhe",
    }
)


# A denial is part of these signs ("they don't have to worry about me", "not wake up"): it takes nothing back.
UNDENIABLE: Final = frozenset(
    [
        "NO_BREATH",
        "WONT_STOP",
        "NO_WAKE",
        "UNFADING",
        "NEVER_WAKE",
        "LETHAL",
        "FAREWELL",
        "ORDERED",
        "RELEASE",
        "GAVE_UP",
        "STOPPED_MEDS",
        "FINDER",
        "HORROR",
        "SELF",
        "WANT",
        "NOW",
        "HELP",
        "PILLS",
        "DRUG",
        "WHOLE",
        "THEM_ALL",
        "UNSAFE",
        "AS_MEANT",
    ]
)

UNLESS: Final = MappingProxyType({"TOOK": "AS_MEANT", "HURTS_SOMEONE": "CARED_FOR"})
"""What takes a sign with this concept back where it stands close to it."""

# Signs with one of these say what has happened, in one sentence: their words stand closer than those of other signs,
# and a question behind it ("what are the symptoms of ...?") does not make a lesson of it.
TOLD: Final = frozenset(["TOOK", "ATE", "INTENT", "HURTS_SOMEONE", "COMMAND"])


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag: any one of `signs`, each a set of concepts that stand close together."""

    code: str
    what: str
    signs: tuple[frozenset[str], ...]


def _flag(code: str, what: str, *signs: str) -> Flag:
    return Flag(code, what, tuple(frozenset(sign.split()) for sign in signs))


EMERGENCIES: Final = (
    _flag("rf1", "chest pain, heart attack", "CHEST PAIN", "HEART_ATTACK NOW", "HEART_ATTACK HELP"),
    _flag(
        "rf2",
        "stroke",
        "FACE DROOP",
        "ARM WEAK NOW",
        "ARM WEAK SPEECH",
        "FACE WEAK NOW",
        "SPEECH NOW",
        "STROKE NOW",
        "STROKE HELP",
        "WORST_HEADACHE",
    ),
    _flag("rf3", "breathing", "NO_BREATH", "CHOKING CHILD", "CHOKING NOW", "CHOKING HELP", "LIPS BLUE"),
    _flag("rf4", "anaphylaxis", "ANAPHYLAXIS NOW", "SWELL AIRWAY TRIGGER", "ANAPHYLAXIS HELP"),
    _flag("rf5", "severe bleeding", "BLEED WONT_STOP", "AMPUTATED"),
    _flag(
        "rf6",
        "overdose, poisoning",
        "SWALLOWED CHEMICAL",
        "OVERDOSE PILLS",
        "OVERDOSE NOW",
        "OVERDOSE CLINICIAN",
        "PILLS ON_PURPOSE CLINICIAN",
        "OVERDOSE NO_WAKE",
        "TOOK MANY_PILLS",
        "TOOK THEM_ALL PILLS",
        "TOOK THEM_ALL DRUG",
        "CHILD ATE PILLS",
        "CHILD ATE DRUG",
    ),
    _flag("rf8", "violence, abuse", "VIOLENCE", "INTENT ATTACK", "ATTACKER HURTS_SOMEONE", "BEATEN", "UNSAFE"),
    _flag("rf9", "fever in a young infant", "NEWBORN FEVER"),
    _flag("rf10", "sick child", "CHILD SICK_CHILD", "CHILD LIPS BLUE", "CHILD SEIZURE", "CHILD NO_WAKE"),
    _flag(
        "rf11",
        "pregnancy and the year after",
        "PREGNANT BLEED",
        "PREGNANT PREG_SIGN HIGH_BP",
        "PREGNANT PREG_SIGN SEVERE",
        "PREGNANT SEIZURE",
        "PREGNANT CHEST PAIN",
    ),
    _flag(
        "rf12",
        "unconscious, seizure, sudden confusion",
        "NO_WAKE",
        "SEIZURE LASTING",
        "SEIZURE NOW",
        "SEIZURE HELP",
        "CONFUSED NOW SOMEONE",
        "CONFUSED FEVER SOMEONE",
    ),
    _flag(
        "rf13", "sepsis, meningitis", "RASH UNFADING", "NECK LIGHT", "NECK RASH", "NECK FEVER CONFUSED", "SEPSIS NOW"
    ),
    _flag("rf14", "major injury, burns", "TRAUMA BAD_AFTER", "TRAUMA NO_WAKE"),
    _flag(
        "rf15", "severe abdominal signs", "GUT_BLOOD", "TESTICLE PAIN NOW", "TESTICLE PAIN SEVERE", "BELLY PAIN SEVERE"
    ),
    _flag(
        "rf16", "diabetic emergency", "DIABETES DROWSY SUGAR_EXTREME", "DIABETES DROWSY NUMBER_HIGH", "DIABETES NO_WAKE"
    ),
    _flag(
        "rf17",
        "mental-health emergency",
        "VOICES VIOLENCE",
        "VOICES SELF_INJURY",
        "VOICES SUICIDE",
        "VOICES ATTACK",
        "VOICES COMMAND HARM",
        "HEARD COMMAND HARM",
    ),
    _flag("rf18", "eating-disorder danger", "PURGE FAINT"),
    _flag("rf20", "eye or limb threat", "SIGHT_LOST NOW", "EYE CHEMICAL", "CALF PULSELESS"),
)

SELF_HARM: Final = (
    _flag("rf7", "thoughts of suicide, self-harm", "SUICIDE", "SELF_INJURY"),
    _flag(
        "rf7",
        "means and intent",
        "PILLS NEVER_WAKE",
        "PILLS LETHAL",
        "PILLS GAVE_UP",
        "PILLS RELEASE",
        "PILLS HOARD SELF",
        "HOARD NEVER_WAKE",
        "HOARD LETHAL",
        "NEVER_WAKE WANT",
        "OVERDOSE ON_PURPOSE",
    ),
    _flag("rf7", "goodbye", "FAREWELL", "ORDERED RELEASE", "FAREWELL RELEASE", "RELEASE GAVE_UP"),
    _flag("rf7", "being found", "FINDER HORROR"),
    _flag("rf7", "giving up treatment to die", "STOPPED_MEDS GAVE_UP", "STOPPED_MEDS SUICIDE"),
)
