# ruff: noqa: E501, RUF001 - tables: one entry stays one line, in every script
"""What the notice says besides where the text comes from, by language. Data only; all but English is a draft.

HUMAN answers "are you a person?" (Utah 13-77-103, 13-72a-203). REMINDER proposes a pause in a long session (WHO-50,
California SB 243, New York GBL 1702): no feeling, no pressure to stay or to go.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

HUMAN: Final = MappingProxyType(
    {
        "en": "You are not communicating with a human. You are interacting with a machine.",
        "es": "No se está comunicando con una persona. Está interactuando con una máquina.",
        "fr": "Vous n'échangez pas avec un être humain. Vous échangez avec une machine.",
        "de": "Sie sprechen nicht mit einem Menschen. Sie haben es mit einer Maschine zu tun.",
        "pt": "Não está falando com uma pessoa. Está interagindo com uma máquina.",
        "it": "Non sta comunicando con una persona. Sta interagendo con una macchina.",
        "ar": "أنت لا تتواصل مع إنسان. أنت تتفاعل مع آلة.",
        "zh": "与您交流的不是真人。您正在与机器对话。",
        "hi": "आप किसी इंसान से बात नहीं कर रहे हैं। आप एक मशीन से बात कर रहे हैं।",
        "ru": "Вы общаетесь не с человеком. С вами взаимодействует машина.",
        "sw": "Huwasiliani na binadamu. Unawasiliana na mashine.",
        "id": "Anda tidak sedang berkomunikasi dengan manusia. Anda berinteraksi dengan mesin.",
    }
)

REMINDER: Final = MappingProxyType(
    {
        "en": "This conversation has been going on for a while: a break can help. This is a machine, and you can stop at any time.",
        "es": "Esta conversación ya dura un tiempo: una pausa puede venir bien. Esto es una máquina y puede dejarla cuando quiera.",
        "fr": "Cette conversation dure depuis un moment : une pause peut faire du bien. Ceci est une machine, et vous pouvez arrêter à tout moment.",
        "de": "Dieses Gespräch dauert schon eine Weile: Eine Pause kann guttun. Dies ist eine Maschine, und Sie können jederzeit aufhören.",
        "pt": "Esta conversa já dura algum tempo: uma pausa pode fazer bem. Isto é uma máquina, e você pode parar quando quiser.",
        "it": "Questa conversazione dura già da un po': una pausa può fare bene. Questa è una macchina e può smettere quando vuole.",
        "ar": "هذه المحادثة مستمرة منذ فترة: قد تفيد استراحة. هذه آلة، ويمكنك التوقف في أي وقت.",
        "zh": "这次对话已持续一段时间，休息一下可能有好处。这是一台机器，您可以随时停止。",
        "hi": "यह बातचीत कुछ समय से चल रही है: थोड़ा विराम अच्छा हो सकता है। यह एक मशीन है, और आप कभी भी रुक सकते हैं।",
        "ru": "Разговор длится уже некоторое время: перерыв может пойти на пользу. Это машина, и вы можете остановиться в любой момент.",
        "sw": "Mazungumzo haya yamedumu kwa muda: mapumziko yanaweza kusaidia. Hii ni mashine, na unaweza kuacha wakati wowote.",
        "id": "Percakapan ini sudah berlangsung cukup lama: jeda sejenak bisa membantu. Ini mesin, dan Anda bisa berhenti kapan saja.",
    }
)

ASKED: Final = (
    # "are you a real person?", "am I talking to a bot?"
    r"\b(?:are|r) (?:you|u) (?:really |actually |even |just |maybe )?(?:an? |the )?(?:real |actual |living |human )?"
    r"(?:human|person|people|bot|robot|ai|a\.i\.|machine|computer|chatbot|real|alive|doctor|nurse|man|woman|guy|gpt|chatgpt|program)\b"
    r"|\b(?:am i|i'm|im|is this|are we) (?:really |actually |still )?(?:talking|speaking|chatting|writing|texting|typing) (?:to|with) (?:an? |the )?"
    r"(?:real |actual |living )?(?:human|person|someone|somebody|bot|robot|ai|machine|computer|chatbot|doctor|nurse)\b"
    r"|\bis (?:this|it|that) (?:an? )?(?:real |actual )?(?:human|person|bot|robot|ai|machine|chatbot)\b.{0,30}\?"
    r"|\b(?:who|what) (?:am i|are we) (?:talking|speaking|chatting) (?:to|with)\b"
    r"|\b(?:eres|es usted|es ud\.?) (?:realmente |de verdad )?(?:una? )?(?:persona|human[oa]|robot|bot|máquina|maquina|ia|médic[oa]|doctora?|real)\b"
    r"|\b(?:estoy|estamos) hablando con (?:una? )?(?:persona|human[oa]|robot|bot|máquina|maquina|ia|alguien)\b"
    r"|\b(?:êtes-vous|etes-vous|es-tu|tu es|vous êtes|vous etes) (?:vraiment )?(?:une? )?(?:vraie? )?(?:humaine?|personne|robot|bot|machine|ia|médecin)\b"
    r"|\b(?:est-ce que )?je parle (?:à|a|avec) (?:une? )?(?:vraie? )?(?:humain|personne|robot|bot|machine|ia)\b"
    r"|\b(?:sind sie|bist du) (?:wirklich |eigentlich |echt )?(?:eine? |ein echter |eine echte )?(?:mensch|person|roboter|bot|maschine|ki|computer|arzt|ärztin|echt)\b"
    r"|\b(?:spreche|rede|schreibe|chatte) ich (?:hier |gerade |wirklich )?mit (?:einem|einer) (?:echten )?(?:menschen|person|roboter|bot|maschine|ki|computer)\b"
    r"|\b(?:você|voce|vc|tu) (?:é|e|és) (?:mesmo |realmente )?(?:uma? )?(?:pessoa|human[oa]|robô|robo|bot|máquina|maquina|ia|médic[oa])\b"
    r"|\b(?:estou|tô|to) falando com (?:uma? )?(?:pessoa|human[oa]|robô|robo|bot|máquina|maquina|ia)\b"
    r"|\b(?:sei|è|lei è) (?:davvero )?(?:una? |un')?(?:persona|uman[oa]|robot|bot|macchina|ia)\b(?=.{0,30}\?)"
    r"|\bsto parlando con (?:una? )?(?:persona|uman[oa]|robot|bot|macchina|ia)\b"
    r"|(?:هل )?(?:أنت|انت|إنت|انتي|أنتِ) (?:إنسان|انسان|بشر|شخص|روبوت|آلة|الة|ذكاء اصطناعي|بوت)"
    r"|(?:أتحدث|اتحدث|أتكلم|اتكلم|بكلم) (?:مع|الى|إلى) (?:إنسان|انسان|بشر|شخص|روبوت|آلة|بوت)"
    r"|(?:你|您)(?:到底|究竟|真的)?是(?:不是)?(?:真)?(?:人|人类|真人|机器人|机器|ai|人工智能|电脑|医生)(?:吗|么|嗎|还是|？|\?)"
    r"|(?:跟|和|与)(?:我)?(?:说话|聊天|对话)的是(?:不是)?(?:真)?(?:人|机器)"
    r"|(?:क्या )?(?:आप|तुम|तू) (?:सच में |असली )?(?:एक )?(?:इंसान|आदमी|मनुष्य|रोबोट|मशीन|बॉट|एआई)"
    r"|\b(?:kya )?(?:aap|tum|tu) (?:sach me |asli )?(?:ek )?(?:insaan|insan|aadmi|robot|machine|bot|ai) h(?:o|ain|ai)\b"
    r"|\b(?:ты|вы) (?:правда |действительно |реально |живой |настоящий )?(?:человек|робот|бот|машина|ии|нейросеть|врач)\b"
    r"|\bя (?:говорю|общаюсь|разговариваю|переписываюсь) с (?:живым |настоящим )?(?:человеком|роботом|ботом|машиной|нейросетью)\b"
    r"|\b(?:je,? )?wewe ni (?:kweli )?(?:binadamu|mtu|roboti|mashine|bot|ai)\b|\bninaongea na (?:binadamu|mtu|roboti|mashine)\b"
    r"|\b(?:apakah )?(?:kamu|anda|lo|lu) (?:ini |itu )?(?:beneran |benar-benar )?(?:seorang )?(?:manusia|orang|robot|bot|mesin|ai)\b"
    r"|\b(?:aku|saya) (?:lagi |sedang )?(?:bicara|ngobrol|chat) (?:dengan|sama) (?:manusia|orang|robot|bot|mesin)\b"
)
"""On folded text: the reader asks whether a person answers."""

ASKED_HINTS: Final = (
    r"(?i)human|person|\bbot\b|chatbot|robot|\bai\b|machine|máquina|maquina|\bia\b|gpt|real|doctor|médic|médecin|nurse|talking|speaking|chatting|alive|program"
    r"|mensch|roboter|maschine|\bki\b|computer|arzt|ärztin|echt|pessoa|rob[oô]|macchina|uman|macchina|binadamu|mtu|roboti|mashine|manusia|orang|mesin|insa+n|aadmi"
    r"|إنسان|انسان|بشر|شخص|روبوت|آلة|الة|ذكاء|بوت|人|机|इंसान|आदमी|मनुष्य|रोबोट|मशीन|बॉट|एआई|человек|робот|бот|машин|нейросет|врач|\bии\b"
)
"""On any text: without one of these it is not asked."""
