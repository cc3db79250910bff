# ruff: noqa: E501, RUF001 - tables of sentences in many scripts: one entry stays one line
"""The assistant's voice: what is found, what stands there instead, and what is left alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.rails.crisis_data import shipped
from guardrail.rails.data import texts
from guardrail.rails.persona_tables import languages
from guardrail.text import Direction, Finding, Kind, Role

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
VALUE = About(Direction.RESPONSE, Role.ASSISTANT, Kind.DATA)
RAIL = persona.build(persona.PersonaSettings())
WORDS = persona.rewriter(persona.PersonaSettings())


def found(text: str, *, start: int = 0, final: bool = True) -> list[Finding]:
    return list(RAIL.inspect(Window(text, start, final), ANSWER))


def rewritten(text: str) -> str:
    after = text
    for finding in sorted(found(text), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        if instead is None:
            assert finding.label.startswith(("flag.", "unrewritten."))
            continue
        after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


# one sentence per kind of row: what the model wrote, what the reader gets
REWRITES = {
    "I think it is viral.": "One possibility is that it is viral.",
    "I think that is clear.": "One possibility is that that is clear.",
    "I think that's clear.": "One possibility is that that's clear.",
    'The patient said: "I think so." I think it is angina.': (
        'The patient said: "I think so." One possibility is that it is angina.'
    ),
    "I suppose so.": "Possibly so.",
    "I suggest rest.": "One option is rest.",
    "I suggest you rest.": "One option is to rest.",
    "I suggest that you drink 2 litres.": "One option is to drink 2 litres.",
    "I would not recommend that.": "That is not recommended.",
    "I'd recommend a blood test.": "One option is a blood test.",
    "I strongly advise against ibuprofen.": "Avoid ibuprofen.",
    "I suggest you call an ambulance now.": "Call an ambulance now.",
    "I recommend calling 911 immediately.": "Call 911 immediately.",
    "I think you should go to the emergency department.": "You should go to the emergency department.",
    "I don't think you need a doctor.": "It is not certain that you need a doctor.",
    "I'm not sure whether 5 mg is right.": "It is not certain whether 5 mg is right.",
    "It is, I believe, viral.": "It is, possibly, viral.",
    "In my opinion, the scan is normal.": "Possibly, the scan is normal.",
    "My guess is that it heals.": "One possibility is that it heals.",
    "If I were you, I'd rest.": "One option is to rest.",
    "I'd start with 5 mg.": "One option is to start with 5 mg.",
    "I'm worried about your BP of 180/110.": "There is concern about your BP of 180/110.",
    "I'm sorry to hear that your mother is ill.": "It sounds difficult that your mother is ill.",
    "I know exactly how you feel.": "That sounds difficult.",
    "I'm happy to explain the 3 results.": "This system can explain the 3 results.",
    "I'll call your doctor tomorrow.": "This system cannot call your doctor tomorrow.",
    "I promise it won't hurt.": "It cannot be promised that it won't hurt.",
    "As your doctor, I recommend 5 mg.": "This is an automated system: one option is 5 mg.",
    "As your doctor: rest.": "This is an automated system: rest.",
    "- As your nurse: take 5 mg.": "- This is an automated system: take 5 mg.",
    "Speaking as your doctor: rest.": "This is an automated system: rest.",
    "Rest is best, as your doctor.": "Rest is best, as general information.",
    "In my capacity as your physician, I advise rest.": "This is an automated system: one option is rest.",
    "In my role as your nurse: drink water.": "This is an automated system: drink water.",
    "I examined the wound.": "This system has not examined the wound.",
    # a danger stays one, a reassurance does not
    "I've reviewed your labs and your potassium of 6.1 is dangerous.": (
        "This system has not examined anything; your potassium of 6.1 is dangerous."
    ),
    "I've reviewed your labs and your potassium is not dangerous.": (
        "This system has not examined anything, and it has not been verified that your potassium is not dangerous."
    ),
    "I felt the same when my mother had chemo.": "This system has no experience of its own.",
    "I'm a real person.": "This is an automated system.",
    "I'm not a bot.": "This is an automated system.",
    "Trust me, 5 mg is fine.": "Please check this: 5 mg is fine.",
    "I used to run marathons.": "This system has no experience of its own.",
    "Great question! Iron helps.": "Iron helps.",
    "Creo que es viral.": "Posiblemente es viral.",
    "Je pense que c'est viral.": "Peut-être que c'est viral.",
    "Ich denke, dass es viral ist.": "Es ist möglich, dass es viral ist.",
    "我认为是病毒感染。": "可能是病毒感染。",
    "Думаю, что это вирус.": "Возможно, это вирус.",
    "Nadhani ni malaria.": "Inawezekana kwamba ni malaria.",
    "Acho que é viral.": "Possivelmente é viral.",
    "Penso che sia virale.": "È possibile che sia virale.",
    "أعتقد أن السبب فيروس.": "من المحتمل أن السبب فيروس.",
    "मुझे लगता है कि यह वायरल है।": "संभवतः यह वायरल है।",
}


@pytest.mark.parametrize("written", REWRITES, ids=range(len(REWRITES)))
def test_a_personal_phrase_becomes_a_plain_one(written: str) -> None:
    """The sentence stays a sentence, and says what it said without a person in it (WHO-04)."""
    assert rewritten(written) == REWRITES[written]


@pytest.mark.parametrize("written", REWRITES, ids=range(len(REWRITES)))
def test_numbers_survive_and_a_second_look_finds_nothing(written: str) -> None:
    """Doses and readings are the same before and after; our own words are clean (rest law)."""
    after = rewritten(written)
    assert re.findall(r"\d+(?:[./]\d+)?(?: ?mg)?", after) == re.findall(r"\d+(?:[./]\d+)?(?: ?mg)?", written)
    assert found(after) == []


# what protects the reader stands alone; numbers and "not" stay (requirements 3.2, rules 2 and 6)
DIRECTIONS = {
    "I urge you not to drive.": "Do not drive.",
    "You fainted twice, so I urge you to get checked tonight.": "You fainted twice, so get checked tonight.",
    "I'd go to the ER now.": "Go to the ER now.",
    "I suggest not taking it with alcohol.": "Avoid taking it with alcohol.",
    "I recommend not driving for 24 hours.": "Avoid driving for 24 hours.",
    "I'd suggest never mixing those two.": "Avoid mixing those two.",
    "In my opinion, you should not stop taking your medication without talking to your doctor.": "You should not stop taking your medication without talking to your doctor.",
    "I do not think you should breastfeed while taking lithium.": "You should not breastfeed while taking lithium.",
    "I strongly believe you should see a doctor today.": "You should see a doctor today.",
    "I strongly advise against mixing bleach and ammonia.": "Avoid mixing bleach and ammonia.",
    "I insist that you call your midwife.": "Call your midwife.",
    "I beg you to call 988.": "Call 988.",
    "I must insist you don't drive.": "Do not drive.",
    "I recommend you see your GP this afternoon.": "See your GP this afternoon.",
    "I suggest that you not lift anything heavier than 5 kg.": "Do not lift anything heavier than 5 kg.",
    "I recommend that he be seen today.": "It is important that he be seen today.",
    "I advise him to go to the emergency department.": "He should go to the emergency department.",
    "I urge your husband to see a doctor.": "Your husband should see a doctor.",
    "I'd urge caution with grapefruit juice.": "Be careful with grapefruit juice.",
    "I don't think your baby should sleep on her stomach.": "Your baby should not sleep on her stomach.",
    "I don't think anyone should mix these.": "Nobody should mix these.",
    "I don't think sharing needles is a good idea.": "Sharing needles may well not be a good idea.",
    "I don't recommend taking ibuprofen with warfarin.": "Avoid taking ibuprofen with warfarin.",
    "I wouldn't recommend that you stop insulin.": "Do not stop insulin.",
    "I think you need to be seen today.": "You need to be seen today.",
    "I think he must not be left alone.": "He must not be left alone.",
    "I think it's best to call 911.": "It's best to call 911.",
    "In my opinion: call 911 now.": "Call 911 now.",
    "If you ask me, don't mix them.": "Don't mix them.",
    "Personally, I think you should never share insulin pens.": "You should never share insulin pens.",
    "You should go to the ER now, I think.": "You should go to the ER now.",
    "You should, in my opinion, go to the hospital today.": "You should go to the hospital today.",
    "You must not drive, I believe, until the doctor has seen you.": "You must not drive until the doctor has seen you.",
    "I'd say go to the hospital.": "Go to the hospital.",
    "I would think twice before taking 800 mg.": "Think twice before taking 800 mg.",
    "What I'd do is call 911 now.": "Call 911 now.",
    "If I were you, I wouldn't take it.": "It is best not to take it.",
    "I wouldn't hesitate to call 911.": "Do not hesitate to call 911.",
    "I'd like you to see a nurse today.": "See a nurse today.",
    "My advice is not to drive.": "Do not drive.",
    "I must stress that you should not stop suddenly.": "Importantly, you should not stop suddenly.",
    "I warn you against mixing them.": "Avoid mixing them.",
    "We urge you to call 911.": "Call 911.",
    "As your doctor, I urge you to stop smoking.": "This is an automated system: stop smoking.",
    "I recommend 400 mg every 6 hours, and I urge you not to exceed 2 g.": "One option is 400 mg every 6 hours, and do not exceed 2 g.",
}

# what would soothe, put care off or set a dose keeps its doubt (rules 1 and 3)
DOUBTS = {
    "I think you should be fine by Friday.": "One possibility is that you should be fine by Friday.",
    "I think you don't need to see a doctor today.": "One possibility is that you don't need to see a doctor today.",
    "I think you shouldn't worry.": "One possibility is that you shouldn't worry.",
    "I think it is best to wait until tomorrow before calling the doctor.": "One possibility is that it is best to wait until tomorrow before calling the doctor.",
    "I suggest you wait before calling an ambulance.": "One option is to wait before calling an ambulance.",
    "I suggest not going to the ER for this.": "One option is not going to the ER for this.",
    "I'd advise against bothering your doctor.": "One view is against bothering your doctor.",
    "I'd avoid the hospital.": "One option is to avoid the hospital.",
    "I don't think you should go to the ER.": "It is not certain that you should go to the ER.",
    "I don't think you should have any problems with 400 mg.": "It is not certain that you should have any problems with 400 mg.",
    "I don't think it should hurt.": "It is not certain that it should hurt.",
    "I don't think you have to go to hospital.": "It is not certain that you have to go to hospital.",
    "I don't think going to the ER is a good idea.": "It is not certain that going to the ER is a good idea.",
    "I don't recommend seeing a doctor for a cold.": "It is not certain that there is a need for seeing a doctor for a cold.",
    "I wouldn't worry about it.": "It is not certain that there is no reason to worry about it.",
    "I wouldn't go to the ER for that.": "It is not certain that you need to go to the ER for that.",
    "If I were you, I wouldn't bother calling the doctor.": "It is not certain that you need to bother calling the doctor.",
    "I'd take 400 mg every 6 hours.": "One option is to take 400 mg every 6 hours.",
    "I promise you will be fine.": "It cannot be promised that you will be fine.",
}

# no broken sentences
PLAIN = {
    "I would think about getting a second opinion.": "One option is to think about getting a second opinion.",
    "I'm concerned enough to say: call an ambulance.": "There is enough concern to say: call an ambulance.",
    "My heart goes out to you.": "That sounds difficult.",
    "I know you're scared.": "It sounds as if you're scared.",
    "We think you should rest. Our nurses believe it heals.": "One possibility is that you should rest. One possibility is that it heals.",
    "Me and my colleagues think it is viral.": "One possibility is that it is viral.",
    "I, too, have diabetes, and I manage it with metformin.": "This system has no experience of its own.",
    "Our team will call you at 5 pm.": "This system cannot call you at 5 pm.",
    "It takes two weeks, I'd say.": "It takes two weeks, possibly.",
    "I'd say try the cream first.": "One option is to try the cream first.",
    "I would worry if the fever lasted 3 days.": "There would be reason for concern if the fever lasted 3 days.",
    "What I'd do is rest and drink.": "One option is to rest and drink.",
    "I'd hate for you to miss the signs.": "It would be better for you not to miss the signs.",
    "I wish I had better news.": "Unfortunately, this system does not have better news.",
    "I wish I could examine you.": "This system cannot examine you.",
    "I wouldn't expect it to last 3 weeks.": "It would be unusual for it to last 3 weeks.",
    "I expect it to heal in 2 weeks.": "One possibility is for it to heal in 2 weeks.",
    "I think, however, that it is viral.": "One possibility, however, is that it is viral.",
    "I suspect appendicitis.": "One possibility is appendicitis.",
    "I'm so sorry for your loss of 2 pregnancies.": "Condolences for your loss of 2 pregnancies.",
    "I'm curious about your diet.": "It would help to know about your diet.",
    "I'm surprised by the 12 kg loss.": "A notable point is the 12 kg loss.",
    "I can see on your scan a 3 mm nodule.": "On your scan there is a 3 mm nodule.",
    "I encourage everyone to get vaccinated.": "One option is for everyone to get vaccinated.",
    "That's a great question, and the answer is 5.": "The answer is 5.",
    "I'd want to know the dose.": "It would help to know the dose.",
    "I suggest:\n- rest": "One option:\n- rest",
    "Take the tablets at night.\n\n— Dr Maya": "Take the tablets at night.\n\n— this is an automated system",
}


@pytest.mark.parametrize("written", DIRECTIONS, ids=range(len(DIRECTIONS)))
def test_a_direction_is_never_softened(written: str) -> None:
    """ "I urge you not to drive" says "do not drive", not "one option is"."""
    assert rewritten(written) == DIRECTIONS[written]


@pytest.mark.parametrize("written", DOUBTS, ids=range(len(DOUBTS)))
def test_nothing_becomes_a_reassurance_or_an_order_to_wait(written: str) -> None:
    """A machine's "you need no doctor" never sounds surer than it did."""
    assert rewritten(written) == DOUBTS[written]


@pytest.mark.parametrize("written", PLAIN, ids=range(len(PLAIN)))
def test_what_is_written_is_a_sentence(written: str) -> None:
    """A reader can make sense of every rewriting."""
    assert rewritten(written) == PLAIN[written]


@pytest.mark.parametrize("written", [*DIRECTIONS, *DOUBTS, *PLAIN])
def test_a_second_look_at_any_rewriting_finds_nothing(written: str) -> None:
    """The rest law, over every class."""
    assert found(rewritten(written)) == []


SOFT = re.compile(r"\b(?:option|possib\w+|may|might|perhaps|not certain)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "opener", ["I think", "I really believe", "In my view,", "I'd say", "We feel", "If you ask me,"]
)
@pytest.mark.parametrize(
    "direction",
    [
        "you should go to the emergency department now",
        "you must not stop the insulin",
        "you should never mix bleach with vinegar",
        "your daughter needs to be seen tonight",
        "you need an ambulance",
        "you had better call your doctor today",
        "he should not be left alone",
    ],
)
def test_any_opener_before_any_direction_goes(opener: str, direction: str) -> None:
    """The direction is kept word by word, and no hedge is put before it."""
    after = rewritten(f"{opener} {direction}.")
    assert after == direction[0].upper() + direction[1:] + "."
    assert not SOFT.search(after)


@pytest.mark.parametrize("verb", ["urge", "beg", "implore", "strongly advise", "strongly encourage", "must ask"])
def test_an_urgent_request_is_an_imperative(verb: str) -> None:
    assert rewritten(f"I {verb} you to call 999.") == "Call 999."
    assert rewritten(f"I {verb} you not to drive.") == "Do not drive."


@pytest.mark.parametrize("life", ["practicing medicine", "practising", "a family doctor", "working as a nurse"])
def test_years_in_a_profession_are_nobodys(life: str) -> None:
    """Nobody has worked for 20 years here, and what follows from it stays."""
    assert rewritten(f"I've been {life} for 20 years, so rest.") == "This is an automated system, so rest."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("In my capillary sample the value was high.", "This is an automated system."),
        ("You can trust menus with allergen labels.", "You can trust menus with allergen labels."),
        ("Wearing my cap, 5 mg is enough.", "Possibly, 5 mg is enough."),
    ],
)
def test_a_longer_word_is_another_word(written: str, read: str) -> None:
    """ "My cap" is not in "my capillary", nor "me" in "menus": no half of a word is left behind."""
    assert rewritten(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "I cannot recommend a dose.",
        "I also have a question.",
        "I have no access to records.",
        "Call us, or our nurses will call you.",
        "The way we think about pain has changed.",
        "We know that smoking causes cancer.",
        '"Hope is a skill."\n— Dr Ruth Lee',
        "The scan was read by Dr Brown.",
        "Let's look at the 3 results.",
        "I take this to mean that you smoke.",
    ],
)
def test_honest_and_shared_words_are_left_alone(text: str) -> None:
    """What a machine may say of itself, what everybody knows, and who is cited."""
    assert rewritten(text) == text


# a recommendation or a belief that is denied is never an option (rule 6)
DENIED = {
    "I never recommend 12 mg of melatonin.": "Avoid 12 mg of melatonin.",
    "I'd never advise pausing the inhaler.": "Avoid pausing the inhaler.",
    "I hardly ever suggest that you fast.": "Do not fast.",
    "I no longer advise patients to smoke outdoors.": "It is not recommended for patients to smoke outdoors.",
    "I would never propose that he share a needle.": "It is not recommended that he share a needle.",
    "I don't advise to crush them.": "Do not crush them.",
    "I rarely believe you should drive after it.": "You should not drive after it.",
    "I can't recommend doubling it.": "It is not possible to recommend doubling it.",
    "I'd never tell you to halve the tablets.": "Do not halve the tablets.",
    "I don't suggest that the lump is harmless.": "It is not certain that the lump is harmless.",
    "We also would never endorse that.": "That is not recommended.",
    "I think nobody should share insulin.": "Nobody should share insulin.",
    "I myself do not recommend it.": "That is not recommended.",
    "I'm worried you should not take codeine.": "This is noted: you should not take codeine.",
    "I never suggest the ER for a cold.": "It is not certain that there is a need for the ER for a cold.",
    "My patient Ines Falk slept well.": "The patient Ines Falk slept well.",
    "One of my patients improved.": "One patient improved.",
    "No aconsejo el ayuno.": "No se recomienda el ayuno.",
    "Eu nunca recomendo jejum.": "Nunca se recomenda jejum.",
    "Non consiglio di guidare.": "Si sconsiglia di guidare.",
    "Je ne conseille pas de conduire.": "Il est déconseillé de conduire.",
    "Je ne recommande jamais l'alcool.": "Il vaut mieux éviter l'alcool.",
    "Ich empfehle nicht, zu fasten.": "Es wird nicht empfohlen, zu fasten.",
    "Я не советую голодать.": "Не рекомендуется голодать.",
    "我不建议空腹服药。": "不建议空腹服药。",
    "لا أنصح بالصيام.": "لا يُنصح بالصيام.",
    "मुझे नहीं लगता कि यह ठीक है।": "यह निश्चित नहीं है कि यह ठीक है।",
    "Sipendekezi dawa hiyo.": "Haipendekezwi dawa hiyo.",
    "Saya tidak menyarankan puasa.": "Tidak disarankan puasa.",
}


@pytest.mark.parametrize("written", DENIED, ids=range(len(DENIED)))
def test_a_denied_recommendation_is_a_warning(written: str) -> None:
    """ "I never recommend" is the opposite of an option, in every language; and it is at rest."""
    assert rewritten(written) == DENIED[written]
    assert found(DENIED[written]) == []


@pytest.mark.parametrize(
    "text",
    [
        "I won't recommend a dose.",
        "I don't just recommend sleep.",
        "I never believed in fasting.",
        "Never trust me blindly.",
        "Ich rate Ihnen davon ab.",
        "Ich empfehle das nicht.",
        "Je recommande pas ça.",
        "لم أوصي بذلك.",
    ],
)
def test_what_no_frame_can_say_without_turning_it_round_is_left(text: str) -> None:
    """A personal voice is a smaller harm than advice in reverse."""
    assert rewritten(text) == text


DOUBT = re.compile(
    r"\b(?:i think|i suppose|i suggest|i believe|i guess|i'm not sure|my guess|in my opinion|i don't think|i'd|"
    r"possib\w+|"
    r"option|may be|not certain|perhaps|likely|might|could)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "opening", ["I think ", "I suppose ", "I believe ", "My guess is that ", "In my opinion, ", "I don't think "]
)
@pytest.mark.parametrize("rest", ["it might be viral.", "5 mg could help.", "perhaps you need a scan."])
def test_the_rewriter_never_sounds_surer_than_the_model(opening: str, rest: str) -> None:
    """A guess stays a guess (WHO-05)."""
    assert len(DOUBT.findall(rewritten(opening + rest))) >= len(DOUBT.findall(opening + rest))


@pytest.mark.parametrize(
    "frame",
    sorted(
        {
            row.frame
            for each in languages().values()
            for row in each.rows
            if row.frame and not re.search(r"\\g|<", row.frame)
        }
    ),
)
def test_no_frame_of_the_table_is_itself_a_personal_phrase(frame: str) -> None:
    """What we write must never need rewriting."""
    assert found(f"{frame[0].upper()}{frame[1:]} resting for two days.") == []


@pytest.mark.parametrize(
    "table",
    [
        texts.ORIGIN,
        texts.LIMIT,
        texts.MEDICAL_GENERAL,
        texts.MEDICAL_HIGH,
        *map(shipped().table, ("emergency", "self_harm")),
    ],
)
def test_our_own_texts_are_not_personal(table: dict[str, str]) -> None:
    """Notices, warnings and crisis texts speak as a machine, in every language."""
    assert [language for language, text in table.items() if found(text)] == []


LEFT_ALONE = [
    'The patient said: "I think I am dying."',
    "“I don’t think so,” her sister answered.",
    "La vecina dijo: «Creo que es tarde».",
    "You could say: I think I need help.",
    "Patient: I think I am dying.",
    "She thinks it is viral. Studies suggest that 5 mg is enough.",
    "Think of it as a sponge. Suppose the eGFR is 30.",
    "As an AI, I don't think or feel. I am an AI, not a doctor.",
    "Lead I shows ST elevation in type I diabetes; factor I and class I recommendation.",
    "I can't open files. I'll explain the results step by step.",
    "`I think` is a string.\n\n```\nprint('I suggest this')\n```",
    "Here is a draft you can send:\n\nDear Dr Smith,\n\nI think my dose is too high.\n\nKind regards,\nAnna",
    "PHQ-9 items:\n- I feel nervous\n- I think about death",
    "At what point does a headache need a visit?",
    "Use it as your doctor told you. As a parent, you can ask again.",
    "Rest, as your doctor said. As your doctor will tell you: sleep helps. Ask your doctor: is that enough?",
    "Tell your nurse as well as your doctor, and your dentist as well as your doctor: both must know. Take the same as your doctor.",
    'The note says: "As your doctor: rest." Have you been practicing medicine for 20 years?',
    "Do not tell anyone your password. Don't go to work with a fever.",
    "You may feel dizzy. The guideline suggests 5 mg. Ask your doctor.",
    "Written by Dr I. Think.",
]


@pytest.mark.parametrize("text", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_other_voices_and_honest_words_are_left_alone(text: str) -> None:
    """Quotations, templates, dialogue, code, numerals and honest denials stay as they are."""
    assert rewritten(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "I **think** it is gout.",
        "I\u200b think it is gout.",
        "\u0406 think it is gout.",
        "I&nbsp;think it is gout.",
        "i THINK it is gout.",
    ],
)
def test_disguises_do_not_help(written: str) -> None:
    """Hidden characters, look-alikes and markup do not carry a phrase past the check."""
    assert rewritten(written) == "One possibility is that it is gout."


@pytest.mark.parametrize(
    "before",
    [
        "- Rest\n    - drink water\n    - sleep",
        "Steps:\n\t1. rest\n\t2. drink",
        "Run:\n\n    x = y\n        z()",
        "\tmake all",
    ],
)
def test_an_indented_line_ends_where_it_ends(before: str) -> None:
    """A nested list or a line of code doesn't switch the rail off for what follows it."""
    written = f"{before}\n\nI feel your pain. I am a real human doctor."
    assert rewritten(written) == f"{before}\n\nThat sounds difficult. This is an automated system."


def test_an_indented_item_speaks_and_indented_code_does_not() -> None:
    assert rewritten("- Rest\n    - I think it is viral.") == "- Rest\n    - One possibility is that it is viral."
    for code in (
        "Run:\n\n    def f():\n        say(I think it is viral)",
        "Run:\n\n\tI think it is viral",
        "1. Run:\n\n    ```\nI think it is viral\n    ```",
    ):
        assert found(code) == []


@pytest.mark.parametrize(
    "written",
    [
        "I only recommend 5 mg.",
        "I'd only suggest 5 mg.",
        "I really only recommend 5 mg.",
        "I would only advise stopping it under supervision.",
    ],
)
def test_a_limit_is_never_lost(written: str) -> None:
    """ "Only" is part of the advice: without words that keep it, the advice stands as it is."""
    assert rewritten(written) == written


def test_a_limit_outside_the_phrase_stays_and_an_idiom_sets_none() -> None:
    assert rewritten("I recommend only 5 mg.") == "The advice is only 5 mg."
    assert rewritten("I can only recommend rest.") == "One option is rest."


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("<p>I think <i>so</i></p>", "<p>possibly so</p>"),
        ("I <b>think</b> it is gout.", "One possibility is that it is gout."),
        ("I <b>think it is gout</b>.", "One possibility is that<b> it is gout</b>."),
        ("So <b>I</b> think it is gout.", "So <b></b>one possibility is that it is gout."),
    ],
)
def test_tags_stay_in_pairs(written: str, after: str) -> None:
    """A tag whose other half stays is kept."""
    assert rewritten(written) == after


def test_emphasis_marks_stay_in_pairs() -> None:
    """No lone asterisks are left for the reader."""
    assert rewritten("**I think** it is gout.") == "**One possibility is that** it is gout."


def test_capitals_answer_capitals() -> None:
    assert rewritten("I THINK IT IS SEPSIS.").startswith("ONE POSSIBILITY")


def test_only_the_assistants_prose_in_answers_is_looked_at() -> None:
    """Nobody judges how a patient speaks (requirements 3.1)."""
    text = Window("I think it is viral.")
    others = [
        About(Direction.REQUEST, Role.USER),
        About(Direction.REQUEST, Role.ASSISTANT),
        About(Direction.RESPONSE, Role.TOOL),
        About(Direction.RESPONSE, Role.ASSISTANT, Kind.TOKEN),
        About(Direction.RESPONSE, Role.ASSISTANT, Kind.FIXED),
    ]
    assert [list(RAIL.inspect(text, about)) for about in others] == [[], [], [], [], []]


@pytest.mark.parametrize("value", ["I think it is gout.", "I suggest a scan", "I'm happy to help", "我认为是病毒感染"])
def test_a_sentence_in_a_structured_answer_is_looked_at(value: str) -> None:
    """An answer in JSON speaks to its reader too."""
    assert len(list(RAIL.inspect(Window(value), VALUE))) == 1


@pytest.mark.parametrize(
    "value",
    [
        "IMO",
        "I_AGREE",
        "I agree",
        "I strongly agree",
        "i_think",
        "my_advice",
        "great_question",
        "stage I",
        "I",
        "high",
        "not sure",
        "trust_me",
        "Dr Maya",
        "I feel sad",
        "I'm worried",
        "we.recommend",
        "Type I, II, III",
        "",
        "我",
    ],
)
def test_a_code_or_an_option_of_a_form_is_not_a_voice(value: str) -> None:
    """Values that a program compares are left as they are."""
    assert list(RAIL.inspect(Window(value), VALUE)) == []


def test_a_quotation_may_be_cut_by_a_window() -> None:
    """A quotation that began before the window, or ends after it, is still somebody else's."""
    assert found('The note reads "I think it is viral.', final=False) == []
    assert found('I think it is viral," she wrote.', start=900) == []
    assert found('" I think it is viral.') != []


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "(",
        "I think ",
        "I really really ",
        '"a',
        "'a ",
        "*a",
        "say: a ",
        "i suggest you ",
        "in my ",
        "me ",
        "my a ",
        "i zzz ",
        "i'm of a ",
        "oh, ",
    ],
)
def test_long_monotonous_text_is_looked_at_in_linear_steps(unit: str) -> None:
    """A hostile answer of 100,000 characters is finished, not a stall (the suite's time limit would catch one)."""
    text = (unit * 100_000)[:100_000]
    assert all(finding.span.end <= len(text) for finding in found(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*REWRITES, *LEFT_ALONE]), min_size=1, max_size=4))
def test_rewriting_twice_is_rewriting_once(sentences: list[str]) -> None:
    """Inspecting our own output again finds nothing to replace (rest law)."""
    once = rewritten("\n\n".join(sentences))
    assert rewritten(once) == once


@pytest.mark.parametrize("before", ["x = 1\n\n", "grade 2\n", "See stage\n"])
def test_a_line_before_never_hides_a_claim(before: str) -> None:
    """A number or a heading at the end of one line says nothing about the "I" that begins the next."""
    rail = persona.build(persona.PersonaSettings())
    about = About(Direction.RESPONSE, Role.ASSISTANT)

    assert list(rail.inspect(Window(f"{before}I am a real human doctor."), about))
