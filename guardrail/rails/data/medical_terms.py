# ruff: noqa: E501 - tables: one entry stays one line, in every script
"""Words of health by topic and strength, in the notation of `guardrail.rails.lexicon`. Data only.

STRONG terms make a text medical alone, WEAK ones together with another. DRUGS are named medicines, INTERACTS what people
take besides them. HIGH terms raise the risk to "high" in a text that is medical; DECIDE asks what to do about a reading;
MINOR complaints pass by themselves. ELSEWHERE: the text is about an animal, a machine, a game, a lesson, a bill.
English is rich, the other languages hold the core; all of it is a first form until the trained classifier comes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

STRONG: Final = MappingProxyType(
    {
        "symptom": "hemoptysis, haemoptysis, melena, melaena, hematemesis, haematemesis, hematochezia, dysphagia, odynophagia, orthopnea, orthopnoea, syncope, presyncope, diplopia, dysarthria, aphasia, ascites, pruritus, "
        "epistaxis, haematuria, hematuria, dysuria, oliguria, anuria, soboe, coughing up blood, blood in my, night sweats, headache*, migraine*, nausea, nauseous, vomit*, diarrh*, constipat*, dizz*, vertigo, insomnia, palpitation*, heartburn, indigestion, bloating, "
        "sore throat, runny nose, stuffy nose, shortness of breath, short of breath, out of breath, breathless*, wheez*, chest pain*, stomach ache*, stomachache*, tummy ache, back pain, backache, "
        "knee pain, joint pain*, toothache, earache, cramps, numbness, tingling, pins and needles, rash, rashes, itchy, hives, blister*, boil, pimple, acne, stye, swelling, bruis*, nosebleed*, "
        "fever*, chills, night sweats, fatigue, fainted, fainting, seizure*, tremor*, jaundice, incontinen*, hiccup*, hangover, sunburn*, bee sting, tick bite, wart*, mole, dandruff, ingrown, hemorrhoid*, haemorrhoid*, piles, "
        "lump in, lumps, lump on, oedema, edema, dyspnea, dyspnoea, *algia, *rrhoea, *rrhea, throw up, throwing up, threw up, period pain, periods, hot flash*, hot flush*, night terrors, snoring, "
        "fiebre, mareo*, mareada, mareado, náusea*, vómito*, diarrea, estreñimiento, tos, sarpullido, dolor de cabeza, dolor de, me duele, le duele, me pica, fièvre, mal de tête, mal de ventre, mal au, mal à, nausée*, vomissement*, diarrhée, "
        "vertige*, toux, démangeaison*, kopfschmerz*, bauchschmerz*, rückenschmerz*, *schmerzen, fieber, übelkeit, erbrechen, durchfall, schwindel*, husten, ausschlag, juckreiz, verstopfung, febre, tontura, enjoo, vômito*, diarreia, tosse, "
        "dor de, dor no, dor na, coceira, febbre, mal di testa, mal di, nausea, vomito, diarrea, vertigini, tosse, prurito, demam, pusing, mual, muntah, diare, batuk, gatal, sesak napas, sakit kepala, sakit perut, "
        "sakit gigi, homa, kichefuchefu, kutapika, kuhara, kikohozi, kizunguzungu, maumivu, linaniuma, naumwa, inauma, linanguruma, температур*, головн*, тошнот*, рвот*, понос*, кашл*, сыпь, насморк, головокруж*, болит, изжога, запор*, "
        "صداع, حمى, غثيان, قيء, إسهال, اسهال, سعال, دوخة, طفح, حكة, ألم, وجع, يوجعني, توجعني, حرارة, 头痛, 头疼, 发烧, 恶心, 呕吐, 腹泻, 拉肚子, 便秘, 咳嗽, 头晕, 皮疹, 痒, 失眠, 肚子疼, 胃疼, 嗓子疼, 流鼻涕, "
        "सिरदर्द, बुखार, उल्टी, दस्त, खांसी, खाँसी, चक्कर, खुजली, दर्द, sir dard, sar dard, bukhar, ulti, dast, khansi, chakkar, khujli, pet dard, pet mein dard",
        "diagnosis": "chf, nstemi, stemi, acute mi, anterior mi, inferior mi, aki, dvt, acute pe, pulmonary embol*, dka, hfref, hfpef, decompensated, exacerbation of copd, copd exacerbation, rhabdo, "
        "t2dm, t1dm, htn, hyperlipid*, afib with rvr, af with rvr, had a tia, *itis, *osis, *cemia, *kemia, *lemia, *remia, *semia, *nemia, *aemia, glaucoma, *blastoma, *ioma, *adenoma, *myeloma, *cytoma, hematoma, haematoma, *fibroma, *fibromatosis, *opathy, *dystrophy, *atrophy, *plasia, *uria, *plegia, *paresis, *megaly, *penia, *cele, *thorax, *rrhage, *rrhagia, *pnea, *spasm, aneurysm*, embolism, thrombosis, degeneration, macular, palsy, birthmark*, blindness, color blind*, hearing loss, injur*, poisoning, frostbite, heatstroke, heat stroke, hypothermia, overdose*, defect, inherited, genetic changes, clinical trials, symptoms of, treatments for, treatment for, complications of, outlook for, see a doctor, hypog*, hypok*, hypon*, hypop*, hypoth*, hypov*, hypox*, hyperg*, hyperk*, hypern*, hyperpla*, hyperpig*, virus, viruses, bacteri*, parasit*, fung*, worms, disease*, syndrome*, disorder*, disab*, deficiency, infection*, infected, contagious, cancer*, tumor*, tumour*, leukemia, leukaemia, lymphoma, melanoma, carcinoma, sarcoma, "
        "metasta*, biops*, asthma, copd, epilep*, stroke, dementia, alzheimer*, parkinson*, multiple sclerosis, ms flare, hepatitis, hiv, aids, tuberculosis, malaria, dengue, covid*, flu, influenza, pneumonia, sepsis, "
        "measles, mumps, chickenpox, shingles, eczema, psoriasis, ringworm, scabies, lice, thrush, gout, hernia, ulcer*, gallstone*, kidney stone*, uti, ibs, gerd, endometriosis, pcos, fibroid*, "
        "anaemia, anemia, sciatica, scoliosis, fasciitis, concussion, fracture*, sprain*, autis*, adhd, down syndrome, cystic fibrosis, sickle cell, hemophilia, haemophilia, lupus, "
        "crohn*, coeliac, celiac, lyme, rabies, tetanus, ebola, zika, cholera, typhoid, sinus infection, cold sore*, diagnos*, prognosis, comorbid*, congenital, hereditary, genetic condition*, "
        "enfermedad*, cáncer, gripe, infección, asma, maladie*, cancer, grippe, infection, asthme, krankheit*, krebs, grippe, entzündung*, *entzündung, doença*, câncer, gripe, infecção, malattia, malattie, cancro, influenza, infezione, "
        "penyakit, kanker, infeksi, demam berdarah, asma, ugonjwa, saratani, malaria, kifua kikuu, ukimwi, болезн*, рак, грипп*, орви, инфекц*, астм*, пневмони*, ангин*, مرض, سرطان, انفلونزا, إنفلونزا, التهاب, عدوى, ربو, "
        "病毒感染, 癌, 流感, 肺炎, 感染, 哮喘, 炎, 肿瘤, 疾病, 症状, 综合征, बीमारी, कैंसर, संक्रमण, दमा, bimari",
        "chronic": "diabet*, hypertens*, blood pressure, cholesterol, heart disease, heart failure, afib, atrial fibrillation, angina, coronary, ckd, kidney disease, dialysis, cirrhosis, thyroid*, hypothyroid*, hyperthyroid*, arthritis, "
        "osteopor*, fibromyalgia, chronic, insulin, pacemaker, inhaler*, hba1c, ostomy, colostomy, catheter*, presión arterial, tensión arterial, tensión alta, hypertendu*, tension artérielle, bluthochdruck, blutdruck, zuckerkrank*, pressão alta, pressão arterial, "
        "pressione alta, darah tinggi, tekanan darah, kencing manis, asam urat, kolesterol, shinikizo la damu, kisukari, presha, гипертон*, давлени*, диабет*, سكري, ضغط الدم, الضغط, كوليسترول, يوريك, 糖尿病, 高血压, 血压, 血糖, 血脂, 痛风, मधुमेह, शुगर, ब्लड प्रेशर, bp ki",
        "medication": "medication*, medicine*, prescription*, prescrib*, antibiotic*, antidepress*, antihistamine*, painkiller*, steroid*, statin*, blood thinner*, beta blocker*, contracepti*, vaccine*, tablets, over the counter, otc, side effect*, "
        "antacid*, laxative*, "
        "medicamento*, medicina, pastilla*, antibiótic*, jarabe, paracetamol, ibuprofeno, médicament*, comprimé*, doliprane, ordonnance, antibiotique*, medikament*, tablette*, arznei*, pille*, salbe, rezeptpflichtig, remédio*, remedio*, dipirona, "
        "antibiótico*, comprimido*, farmaco, farmaci, medicina, medicine, compress*, antibiotico, tachipirina, obat, obatnya, parasetamol, pil, antibiotik, dawa, vidonge, лекарств*, таблет*, антибиотик*, ибупрофен*, парацетамол*, нурофен*, دواء, أدوية, دوا, الدواء, حبوب, مضاد حيوي, بروفين, "
        "بنادول, وارفارين, أسبرين, اسبرين, باراسيتامول, أموكسيسيلين, أزيثروميسين, ميتفورمين, إنسولين, انسولين, варфарин*, аспирин*, амоксициллин*, метформин*, 华法林, 阿司匹林, 二甲双胍, 胰岛素, वारफेरिन, एस्पिरिन, पैरासिटामोल, मेटफॉर्मिन, 药, 布洛芬, 对乙酰氨基酚, 抗生素, 阿莫西林, 处方, दवा, दवाई, गोली, dawai, dava, goli",
        "dosing": "dose, doses, dosage, dosing, mg kg, loading dose, mg, mcg, how many pills, how many tablets, dosis, cuántas pastillas, posologie, dosierung, dosagem, quantas gotas, quanti mg, dosaggio, dosis obat, dozi, дозиров*, جرعة, كم مل, 剂量, 吃几片, खुराक, kitni goli",
        "interaction": "تعارض, تداخل, تداخلات, 相互作用, взаимодейств*, interact with, drug interaction*, mix with alcohol, together with ibuprofen, contraindicat*, interacci*, interaction médicament*, wechselwirkung*",
        "test_result": "a1c, inr, bnp, nt-probnp, lvef, aptt, abg, vbg, lfts, procalcitonin, blood test*, urine test*, lab result*, test results, x-ray, mri, ct scan, ultrasound, ecg, ekg, colonoscopy, endoscopy, mammogram*, pap smear, hemoglobin, haemoglobin, ferritin, creatinine, egfr, tsh, alt and ast, alt level*, ast level*, raised alt, high alt, elevated alt, elevated ast, crp, esr, psa, wbc, platelet*, potassium, mmol l, nmol l, mg dl, vitamin d, "
        "d-dimer, troponin, spo2, heart rate, resting pulse, análisis de sangre, prise de sang, blutwert*, blutbild, exame de sangue, esame del sangue, analisi del sangue, tes darah, hasil lab, vipimo, анализ крови, узи, мрт, تحليل, تحاليل, أشعة, 血检, 化验, 体检报告, 核磁, 心电图, खून की जांच",
        "pregnancy": "pregnan*, trimester, miscarr*, ovulat*, morning sickness, breastfe*, c-section, antenatal, postpartum, midwife, fetal, foetal, fetus, foetus, ivf, epidural, weeks gone, preeclampsia, contractions, embaraz*, enceinte, grossesse, allait*, schwanger*, stillen, grávida, gravidez, amamenta*, incinta, gravidanza, "
        "allatta*, hamil, kehamilan, menyusui, mimba, ujauzito, mjamzito, kunyonyesha, беремен*, кормящ*, حامل, حمل, رضاعة, 怀孕, 孕妇, 哺乳, 胎, गर्भ*, garbhavati, pregnancy test",
        "paediatric": "my baby, newborn*, infant*, toddler*, teething, colic, nappy rash, diaper rash, croup, growth chart, vaccination schedule, weaning, bed wetting, pediatric*, paediatric*, bayi demam, mtoto wangu anaumwa, 宝宝发烧",
        "mental_health": "depress*, anxiety, panic attacks, ptsd, ocd, bipolar, schizo*, psychos*, psychiatr*, psychother*, therapist, self-harm*, suicid*, eating disorder, anorexi*, bulimi*, burnout, grief, grieving, mental health, antidepress*, "
        "depresión, ansiedad, dépression, anxiété, depression*, angststörung, depressão, ansiedade, depressione, ansia, depresi, cemas, gangguan, msongo wa mawazo, huzuni, депресс*, тревож*, اكتئاب, قلق نفسي, 抑郁, 焦虑, अवसाद, चिंता रोग",
        "sexual_health": "std, stds, sti, stis, chlamydia, gonorrh*, syphilis, herpes, hpv, condom*, contracept*, birth control, morning after pill, plan b pill, erectile, erection*, libido, vagina*, penis, testic*, vaginal discharge, urethral discharge, penile discharge, smelly discharge, white discharge, yellow discharge, green discharge, brown discharge, unusual discharge, discharge from my, menopaus*, iud, prep pill, "
        "anticoncepti*, preservativo*, contraception, verhütung, camisinha, anticoncepcional, contraccezione, alat kontrasepsi, kondom, uzazi wa mpango, контрацеп*, منع الحمل, 避孕, 月经, गर्भनिरोध*, masik dharm",
        "vaccine": "vaccin*, vacuna*, vaccin, impf*, vacina*, vaccino, vaccini, vaksin*, chanjo, вакцин*, привив*, لقاح, تطعيم, 疫苗, टीका, jab, booster shot, flu shot, immuniz*, immunis*",
        "procedure": "surgery, surgeon, operation on, anesthe*, anaesthe*, transplant, knee replacement, hip replacement, root canal, tooth extraction, wisdom tooth, stitches, cataract*, lasik, chemo*, radiotherap*, physiotherap*, *ectomy, *oscopy, *scopic, *surgery, *plasty, *otomy, "
        "cirugía, operación, opération, chirurgie, fibroscopie, coloscopie, anesthésie, narkose, darmspiegelung, magenspiegelung, cirurgia, anestesia, intervento chirurgico, operasi, bedah, upasuaji, операци*, наркоз*, جراحة, عملية جراحية, تخدير, 手术, 麻醉, 胃镜, 肠镜, ऑपरेशन, सर्जरी",
        "nutrition_wellness": "vitamin*, calorie deficit, lose weight, weight loss, losing weight, lost weight, bmi, belly fat, omega 3, probiotic*, supplement*, intermittent fasting, keto diet, low carb, gluten*, lactose, dietitian, protein intake, iron deficiency, healthy diet, hydration, apple cider vinegar, "
        "vitamina*, adelgazar, perder peso, maigrir, végétarienne, abnehmen, emagrecer, dimagrire, turun berat badan, kupunguza uzito, похуде*, витамин*, فيتامين, تخسيس, 减肥, 维生素, वजन कम, विटामिन",
        "end_of_life": "palliative, hospice care, dnr, end of life care, advance directive*, terminally ill, terminal cancer, cuidados paliativos, soins palliatifs, palliativ*, паллиатив*, 临终关怀",
    }
)

# Named medicines: generic names, brands of several countries, herbs that are taken as medicines; then the endings by which
# the classes are named (INN stems). What is also a common word or a first name is left out.
DRUGS: Final = (
    # depression, anxiety, sleep, attention, psychosis, epilepsy, pain of nerves, Parkinson's, dementia
    "sertraline, fluoxetine, citalopram, escitalopram, paroxetine, fluvoxamine, venlafaxine, desvenlafaxine, duloxetine, mirtazapine, bupropion, trazodone, vortioxetine, vilazodone, amitriptyline, nortriptyline, imipramine, clomipramine, "
    "doxepin, dosulepin, agomelatine, phenelzine, tranylcypromine, moclobemide, buspirone, hydroxyzine, propranolol, lorazepam, diazepam, alprazolam, clonazepam, temazepam, oxazepam, chlordiazepoxide, midazolam, zolpidem, zopiclone, eszopiclone, "
    "zaleplon, suvorexant, melatonin, lithium, lamotrigine, valpro*, carbamazepine, oxcarbazepine, levetiracetam, topiramate, phenytoin, phenobarbit*, lacosamide, zonisamide, gabapentin, pregabalin, quetiapine, olanzapine, risperidone, "
    "aripiprazole, haloperidol, clozapine, ziprasidone, lurasidone, paliperidone, chlorpromazine, amisulpride, methylphenidate, dexamfetamine, dextroamphetamine, lisdexamfetamine, amphetamine, atomoxetine, guanfacine, modafinil, "
    "donepezil, memantine, rivastigmine, galantamine, levodopa, carbidopa, pramipexole, ropinirole, rasagiline, selegiline, "
    "prozac, zoloft, lustral, celexa, cipramil, cipralex, lexapro, paxil, seroxat, luvox, effexor, efexor, pristiq, cymbalta, remeron, wellbutrin, zyban, trintellix, viibryd, elavil, buspar, atarax, ativan, valium, xanax, klonopin, rivotril, "
    "librium, restoril, ambien, stilnox, stilnoct, imovane, zimovane, lunesta, belsomra, halcion, lamictal, depakote, depakine, epilim, tegretol, trileptal, keppra, topamax, dilantin, vimpat, neurontin, lyrica, seroquel, zyprexa, risperdal, "
    "abilify, haldol, clozaril, geodon, latuda, invega, rexulti, ritalin, concerta, adderall, vyvanse, elvanse, strattera, intuniv, dexedrine, provigil, aricept, namenda, exelon, sinemet, madopar, "
    # pain, fever, opioids and their antidotes
    "paracetamol, acetaminophen, ibuprofen, naproxen, aspirin, diclofenac, ketorolac, meloxicam, celecoxib, etoricoxib, indomethacin, mefenamic acid, metamizole, codeine, co-codamol, co-dydramol, dihydrocodeine, tramadol, tapentadol, "
    "morphine, oxycodone, hydrocodone, hydromorphone, fentanyl, methadone, buprenorphine, naloxone, naltrexone, oramorph, carisoprodol, cyclobenzaprine, baclofen, tizanidine, methocarbamol, orphenadrine, sumatriptan, rizatriptan, rimegepant, "
    "tylenol, panadol, calpol, doliprane, dafalgan, efferalgan, tachipirina, advil, motrin, nurofen, brufen, aleve, naprosyn, voltaren, voltarol, toradol, mobic, celebrex, arcoxia, excedrin, anadin, solpadeine, nolotil, novalgin, vicodin, "
    "percocet, oxycontin, endone, tramal, ultram, nucynta, dilaudid, duragesic, suboxone, subutex, narcan, flexeril, zanaflex, imitrex, imigran, maxalt, nurtec, ubrelvy, "
    # heart, vessels, lipids, clotting
    "lisinopril, ramipril, enalapril, perindopril, captopril, losartan, valsartan, candesartan, irbesartan, telmisartan, olmesartan, sacubitril, amlodipine, nifedipine, felodipine, diltiazem, verapamil, bisoprolol, metoprolol, atenolol, carvedilol, "
    "nebivolol, labetalol, sotalol, hydrochlorothiazide, indapamide, chlorthalidone, furosemide, frusemide, bumetanide, torsemide, spironolactone, eplerenone, doxazosin, clonidine, hydralazine, methyldopa, isosorbide, nitroglycerin*, glyceryl trinitrate, "
    "ivabradine, ranolazine, amiodarone, dronedarone, flecainide, digoxin, atorvastatin, simvastatin, rosuvastatin, pravastatin, ezetimibe, fenofibrate, gemfibrozil, evolocumab, alirocumab, warfarin, acenocoumarol, phenprocoumon, "
    "apixaban, rivaroxaban, edoxaban, dabigatran, heparin, enoxaparin, dalteparin, clopidogrel, prasugrel, ticagrelor, tranexamic acid, alteplase, "
    "zestril, prinivil, tritace, vasotec, coversyl, cozaar, diovan, atacand, avapro, micardis, benicar, entresto, norvasc, adalat, cardizem, concor, lopressor, toprol, betaloc, tenormin, coreg, lasix, aldactone, inspra, cardura, catapres, "
    "imdur, multaq, cordarone, lanoxin, lipitor, zocor, crestor, pravachol, zetia, repatha, praluent, coumadin, marcumar, sintrom, eliquis, xarelto, savaysa, lixiana, pradaxa, lovenox, clexane, fragmin, plavix, brilinta, brilique, effient, "
    # diabetes, weight, thyroid, hormones, bones, contraception, urology
    "metformin, gliclazide, glipizide, glimepiride, glyburide, glibenclamide, sitagliptin, linagliptin, empagliflozin, dapagliflozin, canagliflozin, pioglitazone, repaglinide, acarbose, semaglutide, liraglutide, dulaglutide, exenatide, tirzepatide, "
    "insulin, glargine, detemir, lispro, aspart, degludec, glucagon, orlistat, phentermine, levothyroxine, liothyronine, carbimazole, methimazole, propylthiouracil, prednisone, prednisolone, dexamethasone, hydrocortisone, methylprednisolone, "
    "budesonide, fludrocortisone, testosterone, estradiol, oestradiol, progesterone, medroxyprogesterone, norethisterone, levonorgestrel, desogestrel, drospirenone, ulipristal, clomiphene, letrozole, tamoxifen, anastrozole, raloxifene, "
    "alendron*, risedronate, zoledron*, denosumab, finasteride, dutasteride, tamsulosin, oxybutynin, solifenacin, mirabegron, sildenafil, tadalafil, desmopressin, mifepristone, misoprostol, isotretinoin, "
    "glucophage, diamicron, januvia, tradjenta, jardiance, farxiga, forxiga, invokana, ozempic, wegovy, rybelsus, victoza, saxenda, trulicity, byetta, mounjaro, zepbound, lantus, levemir, toujeo, tresiba, humalog, novolog, novorapid, humulin, "
    "apidra, fiasp, synthroid, euthyrox, eltroxin, cytomel, decadron, medrol, mirena, kyleena, nexplanon, implanon, depo provera, depo-provera, nuvaring, cerazette, microgynon, marvelon, levonelle, ellaone, premarin, fosamax, prolia, propecia, "
    "proscar, avodart, flomax, ditropan, vesicare, myrbetriq, betmiga, viagra, cialis, levitra, accutane, roaccutane, "
    # infections
    "amoxicillin, co-amoxiclav, flucloxacillin, penicillin, ampicillin, piperacillin, tazobactam, cefalexin, cephalexin, cefuroxime, ceftriaxone, cefixime, meropenem, azithromycin, clarithromycin, erythromycin, clindamycin, doxycycline, minocycline, "
    "tetracycline, ciprofloxacin, levofloxacin, moxifloxacin, nitrofurantoin, trimethoprim, co-trimoxazole, sulfamethoxazole, metronidazole, tinidazole, vancomycin, vanc, gentamicin, linezolid, rifampicin, rifampin, isoniazid, ethambutol, pyrazinamide, "
    "fluconazole, itraconazole, terbinafine, nystatin, clotrimazole, aciclovir, acyclovir, valaciclovir, valacyclovir, oseltamivir, nirmatrelvir, remdesivir, tenofovir, emtricitabine, dolutegravir, efavirenz, lamivudine, zidovudine, hydroxychloroquine, "
    "chloroquine, artemether, artesunate, mefloquine, primaquine, quinine, albendazole, mebendazole, ivermectin, praziquantel, permethrin, "
    "augmentin, amoxil, keflex, zithromax, z-pak, klacid, biaxin, vibramycin, levaquin, macrobid, macrodantin, bactrim, septrin, flagyl, diflucan, lamisil, zovirax, valtrex, tamiflu, paxlovid, truvada, descovy, biktarvy, plaquenil, malarone, coartem, "
    # lungs, allergy, cold
    "salbutamol, albuterol, levalbuterol, salmeterol, formoterol, tiotropium, ipratropium, beclometasone, beclomethasone, fluticasone, mometasone, montelukast, theophylline, omalizumab, epinephrine, cetirizine, levocetirizine, loratadine, "
    "desloratadine, fexofenadine, diphenhydramine, chlorphenamine, chlorpheniramine, promethazine, doxylamine, pseudoephedrine, phenylephrine, oxymetazoline, dextromethorphan, guaifenesin, acetylcysteine, ambroxol, bromhexine, "
    "ventolin, proair, symbicort, seretide, advair, pulmicort, flovent, fostair, breo, trelegy, relvar, spiriva, atrovent, combivent, singulair, epipen, zyrtec, claritin, clarityn, benadryl, piriton, phenergan, sudafed, mucinex, robitussin, "
    "nyquil, dayquil, benylin, lemsip, flonase, nasonex, afrin, "
    # stomach and gut
    "omeprazole, esomeprazole, lansoprazole, pantoprazole, rabeprazole, famotidine, ranitidine, cimetidine, sucralfate, gaviscon, metoclopramide, domperidone, ondansetron, prochlorperazine, cyclizine, meclizine, loperamide, bisacodyl, lactulose, macrogol, "
    "simethicone, hyoscine, mebeverine, mesalazine, mesalamine, sulfasalazine, ursodiol, nexium, losec, prilosec, prevacid, protonix, pepcid, zantac, maxolon, reglan, motilium, zofran, stemetil, imodium, dulcolax, miralax, movicol, laxido, buscopan, "
    "pepto bismol, pepto-bismol, alka seltzer, alka-seltzer, "
    # immune system, cancer, joints, others
    "methotrexate, azathioprine, mercaptopurine, mycophenolate, ciclosporin, cyclosporine, tacrolimus, sirolimus, leflunomide, tofacitinib, baricitinib, upadacitinib, adalimumab, infliximab, etanercept, rituximab, ustekinumab, secukinumab, dupilumab, "
    "trastuzumab, pembrolizumab, nivolumab, imatinib, cisplatin, carboplatin, oxaliplatin, paclitaxel, docetaxel, doxorubicin, cyclophosphamide, vincristine, fluorouracil, capecitabine, allopurinol, febuxostat, colchicine, probenecid, pyridostigmine, "
    "riluzole, dimethyl fumarate, fingolimod, ocrelizumab, disulfiram, acamprosate, varenicline, potassium chloride, folic acid, ferrous sulfate, ferrous sulphate, cholecalciferol, "
    "humira, enbrel, remicade, stelara, cosentyx, dupixent, keytruda, opdivo, herceptin, gleevec, glivec, xeljanz, rinvoq, olumiant, imuran, cellcept, prograf, neoral, zyloric, zyloprim, colcrys, antabuse, champix, chantix, "
    # herbs that act like medicines
    "st john's wort, st johns wort, saint john's wort, hypericum, ginkgo, ginkgo biloba, kava, valerian, echinacea, ashwagandha, kratom, black cohosh, saw palmetto, red yeast rice, 5-htp, 5 htp, cbd oil, ephedra, yohimbe, milk thistle, feverfew, "
    # endings of the classes
    "*pril, *sartan, *statin, *olol, *dipine, *prazole, *tidine, *mab, *nib, *azole, *cycline, *cillin, *mycin, *floxacin, *oxetine, *triptyline, *ipramine, *azodone, *zepam, *zolam, *azepine, *opram, *traline, *faxine, *peridol, *gliptin, "
    "*gliflozin, *glitazone, *glinide, *glutide, *formin, *fibrate, *parin, *xaban, *gatran, *dogrel, *setron, *triptan, *gepant, *azosin, *lukast, *meterol, *moterol, *buterol, *tropium, *sonide, *phylline, *vir, *vudine, *ciclovir, *afil, *asone, *isone, *barbital, "
    "*caine, *caína, *thiazide, *semide, *dronate, *sertib, *rasib, *ciclib, *parib, *limus, *platin, *rubicin, *taxel, *trexate, *fosfamide, *epam, *pidem, *piprazole, *apine, *peridone, *profen, *coxib, *fenac, *codone, *morphone, *fentanil, "
    "*gestrel, *estradiol, *dopa, *giline, *astine, *rizine, metamizol*"
)

# Taken besides a medicine, and not always harmless with it.
INTERACTS: Final = (
    "grapefruit*, pomelo, alcohol, beer, wine, vodka, whisky, whiskey, a drink, drinking, cannabis, marijuana, weed, cocaine, ecstasy, mdma, ketamine, poppers, caffeine, coffee, energy drink*, milk, dairy, calcium, antacid*, iron tablets, zinc, magnesium, "
    "potassium supplement*, salt substitute*, vitamin k, leafy greens, spinach, kale, cranberry, licorice, liquorice, turmeric, curcumin, ginseng, garlic tablets, ginger, fish oil, green tea, aged cheese, marmite, tyramine, blood thinner*, antidepress*, "
    "antibiotic*, painkiller*, contracepti*, birth control, antihistamine*, sleeping pill*, sleeping tablet*, herbal, herbs, supplement*, pomelo, toronja, pamplemousse, grapefruitsaft, toranja, pompelmo, alkohol, alcool, álcool, alcol, "
    "грейпфрут*, алкогол*, كحول, جريب فروت, 西柚, 葡萄柚, 酒, शराब, sharab, pombe"
)

# What to do about a reading: a wrong answer could harm (a clinician's decision).
DECIDE: Final = (
    "what next, what now, next step*, what's next, urgent*, manage*, management, treat, should i, should we, do i need, do we need, admit*, discharge*, send home, escalat*, bridge, reverse, hold, worried, worry, dangerous, "
    "safe to, start, give, restart, target, normal"
)

# Complaints that pass by themselves: how long they last does not make them dangerous.
MINOR: Final = "sore throat, runny nose, stuffy nose, blocked nose, sneez*, hiccup*, common cold, a cold, cold sore*, dandruff, pimple, acne, wart*, stye, blister*, ingrown, hangover, sunburn*, heartburn, snoring, bloating, bruis*"

WEAK: Final = MappingProxyType(
    {
        "body": "head, eye, eyes, ear, ears, nose, throat, tooth, teeth, tongue, lip, lips, gum, gums, neck, shoulder*, arm, arms, elbow*, wrist*, hand, hands, finger*, thumb*, chest, breast*, boob*, nipple*, rib, ribs, back, spine, "
        "stomach, tummy, belly, abdomen, gut, hip, hips, leg, legs, thigh*, knee*, calf, calves, ankle*, foot, feet, toe, toes, heel, skin, nail, nails, scalp, heart, lung*, liver, kidney*, bladder, bowel*, colon, prostate, groin, "
        "joint*, muscle*, tendon*, blood, urine, pee, poo, poop, stool, vein*, period, pulse, penis, bum, cabeza, pecho, estómago, barriga, espalda, rodilla, pierna, brazo, garganta, corazón, tête, ventre, dos, genou, jambe, bras, gorge, "
        "coeur, cœur, kopf, bauch, rücken, knie, bein, arm, hals, herz, cabeça, peito, barriga, costas, joelho, perna, braço, coração, testa, pancia, schiena, ginocchio, gamba, braccio, cuore, gola, kepala, perut, punggung, lutut, "
        "kaki, tangan, dada, jantung, kichwa, tumbo, mgongo, goti, mguu, kifua, moyo, голов*, живот*, спин*, колен*, ног*, рук*, горл*, сердц*, глаз*, رأس, بطن, ظهر, ركبة, رجل, قلب, عين, 头, 肚子, 背, 膝盖, 腿, 胸, 心脏, 眼睛, 胃, "
        "सिर, पेट, पीठ, घुटना, घुटने, पैर, सीना, दिल, pet, ghutna, kamar",
        "complaint": "discharge, hurt, hurts, hurting, pain, painful, pains, ache, aches, aching, sore, swollen, swelling, stiff, itch*, burn, burns, burning, bleed*, numb, tingl*, click*, klick*, throb*, cramp*, spasm*, lump*, bump, bumps, sting, stings, peeling, "
        "infected, inflamed, red and, weak, dizzy, tired all the time, exhausted, sick, ill, unwell, poorly, cough*, sneez*, sweat*, shaking, twitch*, puffy, go white, goes white, turn blue, blue, dolor, duele, hinchad*, inflamad*, sangr*, cansad*, enferm*, douleur, "
        "gonfl*, saign*, fatigu*, malade, schmerz*, weh, geschwollen, blutet, krank, müde, dor, dói, doendo, inchad*, sangr*, cansad*, doente, dolore, fa male, gonfi*, sangu*, malato, sakit, nyeri, bengkak, berdarah, lemas, uma, "
        "kuvimba, damu, mgonjwa, боль*, болит, опух*, кров*, устал*, болен, يؤلم, تورم, نزيف, متعب, مريض, 疼, 痛, 肿, 出血, 累, 不舒服, 难受, दर्द, सूजन, खून, थकान, dard, sujan, khoon, thakan",
        "care": "doctor*, nurse*, gp, clinic, hospital*, patient*, pharmacist, pharmacy, specialist, dentist, dermatolog*, cardiolog*, oncolog*, neurolog*, urolog*, gynae*, gyne*, treat, treated, treatment*, therapy, cure*, remedy, remedies, symptom*, "
        "diagnosed, condition, checkup, check-up, screening, appointment with my, médico, doctora, enfermera, tratamiento, síntoma*, médecin, infirmi*, traitement, symptôme*, arzt, ärztin, behandlung, symptome, tratamento, sintoma*, medico, "
        "cura, sintomi, dokter, perawat, gejala, pengobatan, daktari, muuguzi, matibabu, dalili, врач*, лечен*, симптом*, طبيب, دكتور, علاج, أعراض, 医生, 治疗, 症状, डॉक्टर, इलाज, लक्षण, ilaj, health, healthy, wellness, salud, santé, gesund*, saúde, salute, kesehatan, afya, здоров*, صحة, 健康, स्वास्थ्य",
        "intake": "take it, take them, taking it, take one, safe to take, safe to use, safe for me, take with, should i take, can i take, pill*, tablet*, capsule*, drops, cream, ointment, syrup, inject*, shot, jab, drug, drugs, diet, fasting, sleep, weight, tomar, puedo tomar, prendre, puis-je prendre, einnehmen, nehmen, "
        "posso tomar, posso prendere, minum, boleh minum, kumeza, nile nini, пить, принимать, آخذ, آخذه, أعطي, أعطيها, 吃药, 能吃, खा सकता, le sakta, gotas, gocce, tropfen, gouttes",
        "person": "years old, year old, yo, y/o, mo, months old, weeks old, pregnant, my son, my daughter, my child, my kid, my mum, my mom, my dad, my wife, my husband, my gran*, my baby, grandad*, mi hijo, mi hija, mi madre, mi suegra, mon fils, ma fille, mein sohn, meine tochter, "
        "sohn, tochter, meu filho, minha filha, minha bebê, mio figlio, mia figlia, anak saya, anakku, mtoto wangu, мой сын, моя дочь, ребен*, ابني, بنتي, طفلي, 我孩子, 我妈, 我爸, बच्चे, बेटा, बेटी, bachche, beta, beti",
        "note": "pt, pts, hx, pmh, pmhx, ddx, prn, tds, qds, cva, cabg, pci, acs, gcs, sats, trop, trops, cbc, fbc, bmp, cmp, iv, icu, resus, po bd, po tid, nkda, afebrile, tachycardic, hypotensive, intubated, on exam",
        "food_health": "cholesterol, iron, fer, hierro, sodium, sugar intake, vegetarian*, vegan diet, protein, fibre, fiber, calories, caffeine, alcohol, smoking, vaping, drinking water, worse",
    }
)

HIGH: Final = MappingProxyType(
    {
        "medication": "stop taking, stopped taking, stopping, stop, come off, coming off, came off, go off my, going off my, cold turkey, taper*, wean off, quit taking, skip my, missed dose, missed a dose, double dose, doubled, took two, took twice, twice by mistake, wrong pill, wrong tablet, wrong dose, ran out of, withdraw*, dejar de tomar, suspender, arrêter, absetzen, parar de tomar, smettere, "
        "berhenti minum, kuacha dawa, прекратить, бросить пить, إيقاف, 停药, बंद कर",
        "dosing": "dose, doses, dosage, dosing, how many, how much, how often, maximum, max, loading dose, mg kg, same amount, ml, crcl, increase the dose, cuánt*, combien, wieviel, wie viel, quantas, quanto, quanti, berapa, ngapi, сколько, كم, 几片, 多少, कितन*, kitn*, dosis, dozi, gotas",
        "interaction": "together, interact*, combine, mix, mixing, on top of, at the same time, with alcohol, while on, while taking, i'm on, i take, safe, is it ok, ok to, okay to, se llevan bien, con alcohol, juntos, ensemble, compatible*, zusammen, junto, insieme, bersama, pamoja, вместе, совместим*, مع, 一起, 同时, साथ, saath, salama, aman, seguro",
        "pregnancy": "pregnan*, weeks gone, wks, trimester, breastfe*, embaraz*, enceinte, allait*, schwanger*, stillen, grávida, amament*, incinta, allatt*, hamil, menyusui, mimba, mjamzito, ujauzito, беремен*, حامل, مرضع, 怀孕, 孕, 哺乳, गर्भवती, condom broke, unprotected sex, morning after",
        "paediatric": "baby, infant, newborn, toddler, months old, month old, weeks old, week old, 1 yo, 2 yo, 3 yo, year old, yo, bebé, bébé, nourrisson, säugling, bebê, neonato, bayi, mtoto mchanga, младен*, груднич*, رضيع, ابني, بنتي, طفلي, 宝宝, 婴儿, शिशु, bachcha, bachche, minha bebê",
        "symptom": "lump, lump in, blood in, bloody, coughing blood, unexplained weight loss, losing weight without, night sweats, getting worse, worse and worse, short of breath, breathless*, ankles, chest, pleuritic, vision, faint*, blacked out, can't keep, cannot keep, hemoptysis, haemoptysis, melena, melaena, hematemesis, haematemesis, dysphagia, haematuria, hematuria, "
        "not eating, changing mole, mole that, bulto, sangre en, grosseur, boule, knoten, blut im, caroço, sangue, nodulo, benjolan, uvimbe, шишк*, уплотнен*, كتلة, ورم, 肿块, 便血, गांठ, gaanth",
        "duration": "for days, for two days, for three days, for a week, for weeks",
        "diagnosis": "cancer*, kidney disease, stage 4, stage 3, heart failure, cirrhosis, discharge him, discharge her, rule out, differential, wells, send home, can i discharge",
        "mental_health": "make myself sick, making myself sick, purg*, bulimi*, anorexi*, hit me, hits me, abuse*, abusive, hopeless, panic, hearing voices, severe depress*, relapse*, overdose*",
    }
)

ELSEWHERE: Final = (
    # animals
    "dog, dogs, puppy, puppies, cat, cats, kitten*, horse, horses, hamster*, rabbit*, parrot*, goldfish, aquarium, vet, vets, veterinar*, spay, neuter, poodle, cattle, cow, cows, chicken*, sheep, goat*, perro, perra, gato, gata, chien*, chat, hund, katze, "
    "cachorro, cane, gatto, кот, кошк*, собак*, щен*, kucing, anjing, mbwa, paka, ng'ombe, 猫, 狗, 宠物, قطة, قطتي, كلب, كلبي, कुत्ता, बिल्ली, "
    # software, machines
    "code, coding, bug, bugs, compiler, server, servers, docker, kubernetes, microservice*, sql, python, javascript, git, regression, loop, deploy*, virus scan*, computer virus*, hypothesis, hypothesi*, hypothetical*, hypocri*, hyperlink*, hyperparameter*, hypotenuse, virus removal, api, database, software, laptop, computer, computer virus, komputer, printer, wifi, router, phone battery, car engine, "
    "engine, carburet*, bike chain, concrete, cement, circuit, voltage, firewall, antivirus, malware, kubectl, linux, windows, excel, "
    # games, fiction, media
    "game*, gaming, minecraft, skyrim, zelda, pokemon, fortnite, build, quest, speedrun*, movie*, film*, novel*, character*, series, episode*, actor*, actress*, cast of, who plays, song*, lyrics, album, band, poem, "
    "screenplay, fiction, sci-fi, fantasy, chekhov, чехов*, роман, фильм*, فيلم, 电影, 小说, película, novela, filme, romanzo, "
    # lessons, history
    "homework, worksheet, marks, year 9, grade 8, kelas, klasse, biology class, gcse, a-level, mitochond*, photosynthesis, osmosis, ribosom*, plant cell, animal cell, cell wall, tugas, "
    "history of, century, ancient, roman, victorian, war, invented, discovered, nobel, "
    # money, places, work
    "parking, 停车, visiting hours, opening hours, address of, bill, bills, billing, invoice*, fees, cost of parking, insurance premium, means test, salary, salaries, wage*, cv, resume, job, jobs, interview, career*, nursing degree, medical school, shift rota, "
    "hire, hiring, linkedin, estacionamiento, parkplatz, parkir, парковк*, гонорар, gaji, mshahara, stock*, market*, shares, budget, economy, bank, card, payment*, transfer, account, loan, mortgage, "
    # kitchen, garden, idiom
    "recipe*, resep, receta, recette, rezept für, receita, ricetta, рецепт пирог*, cake, oven, garden*, plants, seedling*, transplanting, roses, compost, lawn, headache of a, sick beat, sick of, painstaking, feel your pain point, pain point*, heart of the, at the heart, "
    "healthy competition, financial health, health bar, health check endpoint, system health, server health, battery health, dose of reality, rash decision, viral video, go viral, viral marketing, cancer zodiac, horoscope, zodiac, tropic of cancer, vergüenza, "
    # everyday assistant requests
    "translate, how do you say, alarm, timer, reminder, playlist, weather, flight*, hotel*, restaurant*, traffic, directions, movie times"
)
