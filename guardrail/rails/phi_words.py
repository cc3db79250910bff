"""Word lists of the PHI rail: what looks like a name or a place and is none. Knows no pattern and no text.

Written by hand for this rail. A word here is not proof, it only takes away the benefit of a weak cue.
"""

from __future__ import annotations

from typing import Final


def table(words: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(words.split())


FUNCTION_WORDS: Final = table(
    """
    a about above across after again against ago all almost already also although always am among an and another
    any anyone anything are aren around as ask asked asking at away back bad be became because become been
    before began being below best better between big both bring brought but by call called calling calls came
    can cannot cant come comes coming could couldn daily day days did didn died do does doesn doing don done
    down due during each early either else end enough even ever every everyone everything feel feeling feels
    fell felt few fine first for found from full gave get gets getting give given gives giving go goes going
    gone good got great had half happy hard has hasn have haven having he her here hers herself high him himself
    his home hour hours how however i id if ill im in instead into is isn it its itself ive just keep keeps kept
    kind knew know knows last late lately later least left less let like little live lives living ll long look
    looking looks lost lot low made make makes making many may maybe me mean might mine minutes month months
    more morning most much must my myself need needed needs neither never new next night no none nor not nothing
    now of off often ok okay old on once one only onto or other our ours out over own past per please possible
    post pre previous put quite rather re really recent recently regarding right said same saw say saying says
    second see seeing seem seems seen send sent several she should shouldn show since sir small so some someone
    something sometimes somewhere soon sorry start started starting starts still stop stopped such sure take
    taken takes taking tell telling thank thanks that the their them then there these they thing things think
    third this those though thought three through till time times to today together told tomorrow tonight too
    took tried try trying turned twice two u under unless until up upon ur us use used using usually ve very via
    want wanted wants was wasn way we week weeks well went were weren what whatever when where whether which
    while who whole whom whose why will with within without wont worse would wouldn wrong year years yes
    yesterday yet you young your yours yourself hi hello hey dear sincerely regards cheers love best thanks hope
    everybody anybody nobody madam maam all team folks guys yall concern concerned whom
    """
)

CLINICAL_WORDS: Final = table(
    """
    abdomen abdominal abnormal absent abscess access accident acute adhd admin admission admit admitted adult
    advice aed afebrile age aged agreed alert alive allergic allergies allergy ambulance ambulatory amputation
    analysis anemia angina ankle anterior antibiotic antibiotics anxiety anxious appetite appointment
    appointments appt apt arm arrival arrived arthritis aspirin assess assessed assessment asthma asymptomatic
    attending autism awake baby back balance baseline bed bedside behavior benefits benign beta bid bilateral
    bill billing biopsy birth bladder bleed bleeding blood bloody blurry bmi body bone bones bowel bp brain
    breast breath breathing brief broken bruise bruising burn burning calm cancer capsule card cardiac
    cardiology care caregiver case catheter cause cbc center centre chair change changed changes chart check
    checked chest chief child children chills cholesterol chronic class clear clinic clinical clinician coach
    code cold colon colonoscopy coming communication complain complained complaining complains complaint
    complete concerns condition confused congestion conscious consent consult consultant contact continue
    continued continues control copd cough coughing counseling count county course covid cramping cramps cream
    critical crying ct current currently cut cva cxr dad data date daughter dead deaf death deceased decreased
    degree dehydrated delivery dementia denied denies dental department depressed depression dept dermatology
    details diabetes diabetic diagnosed diagnosis diarrhea diet difficulty disability discharge discharged
    discomfort discussed disease disorder distress diuretic dizziness dizzy dnr dob doctor doctors dose doses
    drink drinking drinks drive drop drug drugs dry ear ears eat eating echo ecg ed edema education eeg effect
    ekg elderly elevated elective emergency emotional employee endorses epilepsy er error established etoh
    evaluate evaluated evaluation evening exam examination examined exercise experienced experiences
    experiencing eye eyes face facility factor failure fall falls family fasting father fatigue fax fear female
    fetal fever final find finger fistula flu fluid follow followup foot form fracture fractured friend function
    gait gas gave gender general gestation getting girl glasses glucose gp group growth gyn habits had hand
    hands handout hb head headache headaches health hearing heart height hemoglobin hepatitis hernia high hip
    history hold home hospice hospital hospitalist hospitalized house htn husband hx hygiene hyper hypertension
    icu impression improved improving inches incident including increased independent infant infection
    inflammation info information inhaler injection injured injury inpatient inr instructions insulin insurance
    intake intern internal intubated iron issue issues iv joint kidney kids knee lab labs lactate laceration
    large leg legs lesion level levels licence license light lipid list liver locked login low lower lpn lump
    lung lungs lymph male man manager mass md med medicaid medical medicare medication medications medicine meds
    member memory menopause mental message meter mg middle midwife migraine mild minor miss missed mobile
    mobility moderate mom mood morphine mother mouth move moved moves mri ms mum muscle name named names nausea
    neck negative neonate nerve neuro neurology new newborn night nkda noncompliant normal nose note notes
    notified np npo numb number nurse nurses nursing obese ob observation office officer oncology onset
    operation opioid options oral order ordered orders orthopedic oriented osteoarthritis out outcome outpatient
    overdose overnight oxygen pa pain painful pale panel panic parent parents part partner password pasta past
    patch patient patients pcp pediatric pelvic period person personal pharmacist pharmacy phone physical
    physician pill pills placed plan plans plate pneumonia pod portal positive possible post postop practitioner
    pregnancy pregnant prenatal preop prescribed prescription prescriptions present presented presenting
    presents pressure preterm prior private probable problem problems procedure program progress prostate
    protocol provided provider provides psych psychiatric psychiatry pt pulse pump question questions quit
    radiology ran range rash rate rated reaction ready reason received receiving recommend record records
    recovery red reference referral referred refill refused refuses registered regular rehab related relative
    released remains renal reply report reported reports request requested requesting requests require requires
    resident residents resp respiratory rest results return returned review reviewed rheumatology risk rm rn
    room round routine rx safe safety sat scale scan schedule scheduled school score screen screening seizure
    seizures self sepsis septic serious service services severe sex sexual shaking share shortness shot shoulder
    shower sick side sign signed signs sister site sitting size skin sleep sleeping sleeps slept slight slow
    smoke smoked smoker smokes smoking sob social son sore speaks specialist speech spine spouse stable staff
    stage staged standing stat state stated states statement status stay steroid stomach stool strength stress
    stroke strong student study subject sugar suicidal suicide summary supplement support surgeon surgery
    surgical suspected sweating swelling swollen symptom symptoms syndrome system tablet tablets takes temp
    temperature tender test tested testing tests therapist therapy throat thyroid tired tissue title toddler toe
    tolerated tongue total toxic transfer transferred transplant trauma treated treatment tremor trial trimester
    trouble tube tumor twin twins type ulcer ulcers ultrasound unable unit unknown unresponsive unstable upper
    upset urgent urinary urine urology vaccine vaccines vagina vein veteran viral virus vision visit visiting
    visitor visits vital vitals vitamin vomited vomiting vte waiting waking walk walked walker walking walks
    ward warm water weak weakness weaning wears weight wheelchair wheeze wife witness woke woman women work
    worker working works worried worry worsening wound wounds wrist xray yellow zone info id ids key user users
    account address email fax dr mr mrs prof mychart zoom mrn ssn npi dea vs bpm hr rr spo2 ra po prn tid qid
    qhs qd hs sc im tab cap caps bmp cmp a1c tsh uti gerd chf cad afib mi pe dvt tia ckd esrd hiv aids ibs ibd
    ptsd ocd bpd add ards copd dka nsaid nsaids ace arb ssri snri otc type grade stage class group step phase
    level part section chapter question answer figure table page version model kollegin kollege there sir
    everyone whom get set list update create delete search fetch read write find default value values string
    object array optional required example sample assistant system tool function call agent bot chatbot gpt ai
    api
    """
)

CALENDAR_WORDS: Final = table(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january
    february march april june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec spring summer autumn winter fall christmas easter thanksgiving halloween ramadan hanukkah
    diwali eid
    """
)

PEOPLES: Final = table(
    """
    african american asian black white hispanic latino latina latinx caucasian european english british irish
    scottish welsh french german italian spanish portuguese polish russian ukrainian turkish greek dutch swedish
    norwegian danish finnish chinese japanese korean vietnamese thai indian pakistani bangladeshi filipino
    mexican brazilian canadian australian arab arabic somali nigerian kenyan ethiopian egyptian moroccan jewish
    muslim christian catholic protestant hindu sikh buddhist mormon atheist vegan vegetarian mandarin cantonese
    hindi urdu swahili tagalog
    """
)

EPONYMS: Final = table(
    """
    addison alzheimer apgar asperger babinski baker barre barré barrett bartholin basedow becker behcet behçet bechterew
    bell berger billroth braxton bright broca brugada budd burkitt carpal charcot chagas chiari colles cooper
    coombs coxsackie creutzfeldt crohn cushing down dupuytren ebola ehlers epstein ewing fabry fallot fanconi
    foley fournier friedreich gaucher gehrig gray grey gilbert glasgow gleason goodpasture graves guillain hansen
    hashimoto heimlich henoch heberden hickman hirschsprung hodgkin horner huntington hoehn jakob kaposi
    kawasaki kernig klinefelter korsakoff kussmaul kwashiorkor legionnaire lewy lyme lynch mallory marfan
    mcburney menkes ménière meniere mohs morton munchausen murphy nissen noonan osgood osler paget palmer pap
    parkinson peyronie phalen pompe pott prader purkinje quincke raynaud reiter reye romberg roux sjogren
    sjögren spitz stevens sturge tay tinel tourette trendelenburg turner valsalva veress virchow waldenstrom
    wernicke whipple willebrand wilms wilson wolff zollinger
    """
)

WORD_NAMES: Final = table(
    """
    early young long best may hope love will little good small low christian april june august summer autumn
    winter short high day week black white german french english irish welsh hand head hands page card church
    hall case west new full fine kind like look low moore need strong lost light pale pain drop factor fall
    burns bush cook baker walker ward mason mercy joy faith grace patience rose dawn dusty rich major minor
    sharp savage bright blood stone sugar swallow starling story stage wise worth close cross coach chance chase
    case constant earnest friend fear freeman frank
    """
)
"""Words of the lists above that are also people's names: believed right after a title, in capitals."""

SURNAMES: Final = WORD_NAMES | table(
    """
    house bill small self still read list price street field fields pope bone foot child weeks water waters wood
    woods marks mark given key heart law pool cross flowers fish book books bowls mass home post friday monday
    speaks stable noble rush root mears winters summers holiday pill register record records seal seals shoulder
    person parent temple bell twin witness
    """
)
"""Also family names: believed only behind a title that nothing else can follow ("Dr. House")."""

GIVEN_NAMES: Final = table(
    """
    aaron abdul adam adrian ahmed aisha alan albert alejandro alex alexander alice alicia alison ali amanda amber
    amina amir amy ana andrea andrew angela anita anna anne anthony antonio april arthur ashley barbara ben
    benjamin bernard beth betty beverly bill billy bob bonnie brandon brenda brian bruce bryan carl carla carlos
    carmen carol caroline catherine charles cheryl chris christina christine christopher cindy claire clara
    claudia colin craig cynthia daniel daniela danielle darren david dawn deborah denise dennis derek diana diane
    diego donald donna doris dorothy douglas dylan edward eileen elaine elena elizabeth ellen emily emma eric erin
    esther ethan eva evelyn fatima felix fernando fiona frances francis francisco frank fred gabriel gareth gary
    george gerald gina gloria gordon grace graham greg gregory hamid hannah harold harry hassan heather heidi
    helen henry howard hugo ian ibrahim ines irene isaac isabel ivan jack jacob jacqueline james jamie jan jane
    janet janice jason javier jean jeff jeffrey jennifer jeremy jerry jessica jill jim joan joanne joe joel john
    johnny jonathan jorge jose joseph joshua joyce juan judith judy julia julian julie justin karen karl kate
    katherine kathleen kathryn keith kelly kenneth kevin khalid kim kimberly kyle larry laura lauren laurie leah
    leila leo leonard leslie liam lily linda lisa lois lori louis louise lucas lucia lucy luis luke lynn manuel
    marcus margaret maria marie marilyn mario marion mark martha martin marvin mary matthew maureen megan
    mei melissa michael michelle miguel mike mohamed mohammed monica nadia nancy naomi natalie nathan neil
    nicholas nicole nigel nina noah nora norma olga oliver olivia omar oscar pablo pamela patricia patrick paul
    paula pedro peggy peter philip phillip phyllis priya rachel rafael ralph ramon raymond rebecca renee ricardo
    richard rita robert roberto robin rodney roger roland ronald rosa rosemary roy russell ruth ryan sally sam
    samantha samuel sandra sara sarah scott sean sergio shannon sharon sheila shirley simon sofia sonia sophia
    sophie stanley stella stephanie stephen steve steven stuart susan suzanne sylvia tamara tanya tara teresa
    terry theodore theresa thomas tiffany tim timothy tina todd tom tony tracy travis trevor tyler valerie
    vanessa veronica victor vincent walter wanda wayne wendy will william yolanda yusuf yvonne zoe
    """
)
"""Common given names: a weak cue ("X is 54") believes these and no other word."""

DEVICE_MAKERS: Final = table(
    """
    medtronic abbott biotronik scientific biomet stryker depuy livanova dexcom insulet tandem resmed fresenius
    siemens philips omron nephew zimmer edwards cochlear baxter intuitive microport sorin guidant oticon phonak
    """
)
"""What follows them is a model ("Medtronic Azure"): device brands are nobody's."""

EPONYM_KINDS: Final = (
    "diseases?|syndromes?|signs?|palsy|lymphoma|sarcoma|chorea|thyroiditis|contracture|o?esophagus|triad|tetralogy"
    "|anomaly|malformation|ganglion|cyst|phenomenon|encephalopathy|paralysis|law|man(?:oeu|eu)v(?:er|re)|criteria"
    "|classification"
)
"""What medicine calls after people, also with 's: "Barrett's esophagus"."""

BARE_EPONYM_KINDS: Final = (
    "catheter|tube|drain|score|scale|index|test|stain|procedure|operation|repair|reflex|position|method|staging|grade"
    "|sequence|fracture|hernia|nodes?|bod(?:y|ies)|disorder|dementia|virus|fever|an(?:ae|e)mia|ataxia|tumou?r|ulcer"
    "|crisis|nephropathy|purpura|angina"
)
"""The same, only without 's: "Foley catheter", but "Foley's catheter" is the patient's."""
NOT_NAMES: Final = FUNCTION_WORDS | CLINICAL_WORDS | CALENDAR_WORDS | PEOPLES

NOT_PEOPLE: Final = table(
    """
    protein bark mushroom charcoal seed leaf berry herb powder fiber fibre supplement velvet weed debit scan tumor
    tumour teeth consequence mineral
    oil acid tea root extract pay card app cell cells sinus cavity disorders disabilities lymphoma leukemia
    tract tube syndrome disease dystrophy malformation deficiency sequence anomaly fever virus flu pox palsy
    plan care street road avenue park lake river mountain university college institute society association
    foundation service services guidelines guideline criteria score scale index tablet oral topical sodium
    chloride sulfate hydrochloride vitamin omega complex juice honey salt ketone syrup drops plus xr er google
    apple microsoft amazon facebook samsung iphone android windows chrome netflix spotify uber american united
    national royal inflammatory pervasive neuronal ovarian epithelial adult childhood juvenile congenital
    hereditary familial idiopathic primary secondary open source machine deep natural language learning
    intelligence data science project team court law act bill
    """
)
"""What stands in capitals beside another capital without being a person."""

PARTICLES: Final = table(
    "de la las los del della di da do dos das du des le van von der den ten ter zu bin ibn ben al el bint y freiherr"
)

CREDENTIALS: Final = table(
    "md do rn np pa pac phd dds dmd dpm od pharmd lcsw lpc lpn cna "
    "crna cnm bsn msn aprn mbbs mba frcs mrcp dnp psyd jr sr ii iii "
    "iv"
)

STATES: Final = table(
    """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
    missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia
    washington wisconsin wyoming
    """
)
_TWO_WORD_STATES: Final = frozenset(
    {
        "new hampshire",
        "new jersey",
        "new mexico",
        "new york",
        "north carolina",
        "north dakota",
        "rhode island",
        "south carolina",
        "south dakota",
        "west virginia",
        "puerto rico",
        "new york state",
        "washington state",
    }
)
COUNTRIES: Final = table(
    """
    afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus
    belgium belize benin bhutan bolivia bosnia botswana brazil brunei bulgaria burundi cambodia cameroon canada
    chad chile china colombia congo croatia cuba cyprus czechia denmark ecuador egypt england eritrea estonia
    ethiopia europe africa asia america fiji finland france gabon gambia germany ghana greece guatemala guinea
    guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan
    kazakhstan kenya korea kosovo kuwait laos latvia lebanon lesotho liberia libya lithuania luxembourg
    madagascar malawi malaysia maldives mali malta mauritania mauritius mexico moldova monaco mongolia
    montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan
    panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa scotland senegal serbia
    singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan tajikistan tanzania
    thailand togo tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe
    usa us uk uae eu españa deutschland österreich schweiz italia brasil portugal méxico frankreich
    """
)
WIDE_PLACES: Final = (
    STATES | COUNTRIES | _TWO_WORD_STATES | frozenset({"united states", "united kingdom", "north america"})
)
STATE_CODES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA"
    "|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC"
    "|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR"
)
