# ruff: noqa: E501 - tables: one entry stays one line, in every script
"""What attempts to turn a model against its rules are made of, in twelve languages. Data only.

`CONCEPTS` is a table for guardrail.rails.lexicon: a concept and its terms. `RULES` says which concepts, near each other,
are which kind of attempt (WHO-82, OWASP LLM01 and LLM02). Terms stand without accents: so does the text that is searched.
Languages other than English are DRAFTS that a native speaker signs off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

OVERRIDE: Final = "override"
REVEAL: Final = "reveal"
PLACEHOLDER: Final = "placeholder"
MENTION: Final = "placeholder_mention"
EXFILTRATION: Final = "exfiltration"
ENCODED: Final = "encoded"
HIDDEN: Final = "hidden_identity"
QUOTED: Final = "quoted"
SUSPECTED: Final = "suspected"
CHARACTERS: Final = "hidden_characters"
IMAGE: Final = "image_exfiltration"
LABELS: Final = (
    OVERRIDE,
    REVEAL,
    PLACEHOLDER,
    MENTION,
    SUSPECTED,
    EXFILTRATION,
    ENCODED,
    HIDDEN,
    QUOTED,
    CHARACTERS,
    IMAGE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """All of `needs` ("A|B": one of them) within `width` code points of one sentence, and none of `unless` beside them.

    `across`: the sentence after it belongs to it too.
    """

    label: str
    needs: tuple[str, ...]
    unless: str = "PEOPLE|ASKING"
    width: int = 130
    across: bool = False


CONCEPTS: Final[Mapping[str, str]] = {
    # --- laying rules aside
    "DROP": (
        "छोड़ो, छोड़ दो, 抛开, отбросьте, no hagas caso, ne fais pas attention, achte nicht auf, nao ligue, never say, leave away, switched off, forgo, do without, reverse, undo, revert, stop adding, stop showing, stop writing, do not mention, don't mention, not mention, do not add, don't add, not add, do not show, don't show, leave out, never mention, do not say, don't say, not say, take out, strip, suppress, silence, mute, set * to zero, stop saying, stop hiding, hide, leave * off, put aside, toss, lay aside, waive, waives, waived, leave off, leave them off, dismiss, ditch, lose, lift, relax, loosen, stop using, stop applying, get around, get rid of, not anonymise, no apliques, n'applique pas, wende nicht, ignore, ignoring, disregard, forget, neglect, override, overrule, bypass, circumvent, skip, discard, drop, abandon, stop following, stop obeying, stop applying, not follow, don't follow, dont follow, not obey, don't obey, not apply, don't apply, pay no attention, disable, disables, turn off, switch off, deactivate, cancel, suspend, remove, unlock, set aside, disobey, violate, break, turn * off, lift, delete, erase, wipe, evade, omit"
        ", ignora, ignorad, ignoren, ignorar, olvida, olvidate, olvide, no sigas, no obedezcas, desactiva*, omite, caso omiso, descarta, salta, saltate, apaga, elimina, quita"
        ", ignorez, ignorer, oublie, oubliez, ne tiens pas compte, ne tenez pas compte, fais abstraction, desactive*, contourne*, outrepasse*, annule, ne respecte pas, ne suis plus"
        ", ignoriere, ignorieren, ignorier, vergiss, vergesst, missachte, umgehe, umgeh, schalte, deaktiviere, ubergehe, befolge nicht, setze, hebe, lass"
        ", esqueca, esquece, desative, desativa, desconsidere, desobedeca, nao siga, pule, desligue"
        ", dimentica, dimenticate, disattiva, trascura, non seguire, scavalca, aggira, spegni"
        ", تجاهل, تجاهلي, انس, انسى, اوقف, عطل, تخط, تجاوز, لا تتبع, الغ"
        ", 忽略, 忘记, 忘掉, 无视, 不要遵守, 不要遵循, 关闭, 绕过, 跳过, 解除, 停用, 关掉, 抛弃"
        ", अनदेखा, अनदेखी, नजरअंदाज, नज़रअंदाज़, भूल, बंद, मत मानो, हटाओ"
        ", игнорируй, игнорируйте, проигнорируй, проигнорируйте, забудь, забудьте, не обращай внимания, отключи, отключите, обойди, не следуй, отбрось, отмени, выключи, нарушь"
        ", puuza, upuuze, sahau, usahau, zima, usifuate, usitii, kiuka"
        ", abaikan, lupakan, matikan, nonaktifkan, lewati, jangan ikuti, kesampingkan, hapus, langgar"
    ),
    "RULES": (
        "规定, norms, banners, القواعد, caution, safeguard, guidance, protocol, protocols, regulations, instruction, instructions, instrctions, rule, rules, guideline, guidelines, direction, directions, directive, directives, prompt, prompts, command, commands, orders, restrictions, constraints, policy, policies, safeguards, filter, filters, programming, limitations, training, messages, context"
        ", instruccion*, reglas, regla, directrices, normas, restriccion*, filtro*, indicaciones, ordenes"
        ", consigne, consignes, regles, filtre*"
        ", anweisung*, regeln, vorgaben, systemvorgabe*, richtlinien, datenschutzfilter, einschrankungen, befehle, instruktionen"
        ", instruco*, regras, diretrizes, restrico*, ordens"
        ", istruzioni, regole, direttive, filtri, restrizioni, indicazioni"
        ", تعليمات, قواعد, ارشادات, مرشح, قيود, اوامر, توجيهات"
        ", 指令, 规则, 指示, 提示词, 限制, 过滤"
        ", निर्देश, निर्देशों, निर्देशो, नियम, नियमों, प्रतिबंध, फिल्टर, फ़िल्टर, आदेश, आदेशों"
        ", инструкци*, правила, указания, ограничения, фильтр, фильтры, директивы, команды"
        ", maagizo, maelekezo, sheria, kichujio, vizuizi, vikwazo"
        ", instruksi*, aturan*, perintah*, batasan"
    ),
    "EARLIER": (
        "previous, prior, above, earlier, preceding, former, foregoing, all, any, every, initial, old, existing, other"
        ", anteriores, anterior, previas, previos, todas, todos, precedent*, toutes, tous, ci-dessus, vorherigen, bisherigen, vorigen, obigen, alle, allen, fruheren, vorhergehenden, tutte, tutti"
        ", سابقة, جميع, كل, اعلاه, 之前, 以上, 前面, 所有, 上述, 先前, 此前, पिछले, सभी, ऊपर, पहले, पुराने, предыдущ*, все, прежние, вышеуказанные, прошлые, awali, zote, yote, sebelumnya, semua, seluruh, terdahulu"
    ),
    "YOUR": (
        "maker's, تجاوز القواعد, your, system, tus, tu, vuestras, sistema, tes, ton, vos, systeme, deine, deinen, deiner, dein, system, suas, seus, tuas, teus, sua, seu, tue, tuo, tuoi, tua"
        ", قواعدك, تعليماتك, قيودك, نظام, 你的, 您的, 系统, अपने, अपना, अपनी, तुम्हारे, आपके, सिस्टम, свои, своих, твои, твоих, системы, zako, yako, wako, kamu, anda, aturanmu, instruksimu, sistem"
    ),
    "MACHINE": (
        "safety training, safety banners, safety banner, your maker, your makers, your caution, protect identities, hide identities, banners, your masking, 安全规定, 安全限制, 隐私规则, aturan privasi, normas de seguridad, consignes de securite, sicherheitshinweise, norme di sicurezza, القواعد الامنية, قواعد السلامة, सुरक्षा नियमों, system text, hidden rules, hidden instructions, privacy module, privacy filter, hides names, hide names, anonymizer, anonymiser, de-identifier, pass-through, passthrough, crisis text, the scrubber, your scrubber, your masking, your vault, the masking, your redaction, your anonymisation, your anonymization, anonymise, anonymize, every safeguard, your safeguards, your operator, your developer, your developers, your creators, your makers, your ethics, your programming, ethics policy, la anonimizacion, l anonymisation, hidden names, system prompt*, system message, system instruction*, system policy, developer message, developer prompt, your programming, your operator's, operator's, safety filter*, safety policy, safety policies, safety rules, safety checks, safety check, safety text, safety guidelines, safety layer, safety measures, safety protocols, safety restrictions, content policy, content policies, content filter*, guardrail, guardrails, privacy filter*, privacy rules, privacy layer, privacy protection, redaction, redactions, redact, redacting, anonymisation, anonymization, de-identification, disclaimers, warning banner*, redaction proxy, the proxy, moderation, ethical guidelines, safeguards, previous prompt, your rules, your restrictions, your filters, your instructions, your safety, your guidelines, your previous, your prompt, your policy, your policies, content rules, phi filter*, security filter*, security rules, hipaa filter"
        ", filtro de privacidad, filtros de privacidad, instrucciones del sistema, mensaje del sistema, filtro de seguridad, reglas de seguridad, politica de contenido, anonimizacion, tus reglas, tus instrucciones"
        ", filtre de confidentialite, filtre de securite, directives de securite, regles de securite, anonymisation, instructions systeme, tes consignes, tes regles, tes instructions, tes directives"
        ", datenschutzfilter*, sicherheitsregeln, sicherheitsrichtlinien, systemvorgaben, systemanweisung*, inhaltsfilter, anonymisierung, schwarzung, deine regeln, deine anweisungen, deine richtlinien, systemprompt"
        ", filtro de privacidade, filtro de seguranca, instrucoes do sistema, regras de seguranca, anonimizacao, suas regras, suas instrucoes, tuas regras"
        ", filtro della privacy, filtro di sicurezza, istruzioni di sistema, regole di sicurezza, tue regole, tue istruzioni, anonimizzazione"
        ", مرشح الخصوصية, قواعدك, تعليماتك, تعليمات النظام, فلتر الخصوصية, 隐私过滤, 安全过滤, 系统提示, 系统指令, 你的规则, 你的指令, 安全规则, 内容政策, गोपनीयता फ़िल्टर, गोपनीयता फिल्टर, सुरक्षा नियम, अपने नियम, अपने निर्देश"
        ", фильтр конфиденциальности, фильтры конфиденциальности, системн* инструкци*, системн* промпт*, свои правила, твои правила, свои инструкции, правила безопасности, фильтр безопасности"
        ", kichujio cha faragha, sheria zako, maagizo yako, sheria za usalama, filter privasi, filter keamanan, aturanmu, aturan keamanan, instruksi sistem, instruksimu, aturan kamu, aturan anda"
    ),
    "OFF": (
        "no need, no more need, end here, ends here, stop here, may be shown, may be printed, may be used, over now, replaces, supersedes, supersede, broken, out of order, down today, never been sent, did not exist, didn't exist, does not exist, doesn't exist, doesn't count, does not count, not valid, no effect, waived, not needed, not required, not necessary, unnecessary, turned off, switched off, no longer counts, no longer count, not count, don't count, removed, irrelevant, outdated, on hold, paused, has ended, have ended, no valen, ne comptent plus, gilt nicht, nao valem, non valgono, 无效, не действуют, disabled, lifted, cancelled, canceled, void, off, removed, suspended, no longer, not apply, doesn't apply, don't apply, revoked, obsolete, invalid, expired, deactivated, nothing applies, bypassed, superseded, overridden, replaced by"
        ", desactivado, desactivada, ya no, anulad*, desactive, desactivee, plus valable*, annule*, ausser kraft, deaktiviert, aufgehoben, gelten nicht, desativado, cancelad*, disattivato, annullat*, ملغاة, معطل, 已取消, 已关闭, 不适用, 失效, रद्द, отменены, отключен, отключена, больше не, zimefutwa, dibatalkan, tidak berlaku"
    ),
    "FREE": (
        "no policies, raw answers, no banners, ignores banners, ignores rules, no masking, unlocked version, nofilter, without privacy law, no privacy law, without privacy, ignores its rules, ignores its instructions, has no rules, unredacted notes, had no rules, no policy, without the policy, removed every safeguard, no safeguard, free ai, free of rules, free from rules, no privacy filter, no privacy, unguarded, unlocked, unchained, no constraints, without constraints, no moderation, anything goes, any request, sin ninguna regla, como ia libre, ia libre, freie ki, ki ohne, non avessi regole, nessuna regola, ia senza, nenhuma regra, as regras nao, ia sem, 没有任何规则, 没有规则, कोई नियम नहीं, बिना नियम, ии без, huna sheria, bila sheria, tidak punya aturan, tidak ada aturan, no restriction, no restrictions, without restriction, without restrictions, without any restrictions, without any restriction, unrestricted, unfiltered, uncensored, no filter, no filters, without filter, without filters, without any filters, without any filter, no rules, without rules, without any rules, no limits, without limits, no limitations, without limitations, no content policy, no guidelines, without guidelines, without your safety, filters removed, no redaction, without redaction, no safety, no censorship, without censorship, no ethical, no rules any more, no boundaries, without safeguards, no safeguards, no guardrails, without guardrails, filters off, never refuses, never refuse, cannot refuse, can do anything, bound by no"
        ", sin filtros, sin filtro, sin restriccion*, sin limit*, sin ninguna restriccion, sin censura, sin reglas, sans filtre*, sans restriction*, sans aucune restriction, sans limite*, sans regles, sans censure, plus de regles, plus aucune regle, ohne filter, ohne einschrankungen, ohne jede einschrankung, ohne regeln, ohne beschrankungen, keine regeln, keine einschrankungen, unzensiert, ungefiltert"
        ", sem filtros, sem filtro, sem restrico*, sem limites, sem regras, sem censura, nao tem limites, senza restrizioni, senza filtri, senza limiti, senza regole, senza censura"
        ", بلا قيود, دون قيود, بدون قيود, بلا حدود, 没有限制, 没有任何限制, 不受限制, 无限制, 不受任何限制, प्रतिबंध नहीं, बिना प्रतिबंध, बिना किसी प्रतिबंध, без ограничений, без фильтров, без цензуры, без правил, нет ограничений, bila vikwazo, bila vizuizi, usio na vizuizi, huna vizuizi, tanpa filter, tanpa batasan, tanpa aturan, tanpa sensor"
    ),
    "BARE": "no notice, no banner, prints names, names are printed, identities are printed, shows names, no warning banner, has no warnings, answers everything, names included, no warning*, without warning*, no disclaimer*, without disclaimer*, never shows, never show, never hides, never redact*, never warns, no safety text, raw data, raw chart, sin advertencias, sans avertissement*, ohne warnung*, sem avisos, senza avvisi, без предупреждений, tanpa peringatan",
    "BECOME": (
        "switch persona, new persona, your persona, as if you were the database, as the database, as a database, starting now you're, starting now you are, be my grandma, be my grandmother, from now on, fais semblant, semblant d etre, comportati come se, मान लो, imagina, jadilah, play a character, play a doctor who, in this story, in this novel, for this novel, in this fiction, write a story where, write a scene where, as a character, your twin, your evil twin, opposite of yourself, hypothetical, hypothetically, you are now, you're now, ur now, you are no longer, act as, act like, acting as, pretend, roleplay as, role-play as, roleplay, role-play, behave as, behave like, play the role, simulate, now on you, point on you, imagine you, imagine being, answer as, respond as, speak as, become, let's play, let us play, game in which, you will be, assume the, be an ai, as an ai, emulate, take on"
        ", eres, actua como, a partir de ahora, finge, comportate como, seras, tu es maintenant, tu es desormais, agis comme, fais comme si, joue le role, du bist jetzt, du bist ab jetzt, du bist nun, verhalte dich, spiel, tu so, agora voce, voce e agora, finja, aja como, da adesso, da ora, fingi, comportati, sei ora, agisci"
        ", تصرف, انت الان, تظاهر, 现在是, 扮演, 假装, 从现在起, 从现在开始, अब तुम, अब आप, दिखावा, теперь ты, веди себя, притворись, представь, ты теперь, действуй как, sasa wewe, jifanye, bertindaklah, berpura-puralah, anggap, sekarang kamu, kamu sekarang"
    ),
    "ANSWER": (
        "answer, respond, reply, write, speak, talk, version, output, continue, responde, contesta, habla, escribe, reponds, repondez, parle, ecris, antworte, antworten, schreib, responda, escreva, rispondi, scrivi, اجب, اكتب, 回答, 输出, जवाब, отвечай, ответь, пиши, jibu, ujibu, jawab, tulis"
    ),
    "MODE": "developer mode, dev mode, debug mode, god mode, admin mode, maintenance mode, root mode, sudo mode, jailbreak mode, dan mode, unrestricted mode, unfiltered mode, modo desarrollador, mode developpeur, entwicklermodus, modo desenvolvedor, modalita sviluppatore, وضع المطور, 开发者模式, डेवलपर मोड, режим разработчика, mode pengembang",
    "ENTER": "enter, enable, enabled, activate, activated, unlock, switch, go into, start, in, activa, entra, active, passe, aktiviere, wechsle, ative, attiva, فعل, 进入, 启用, 开启, चालू, включи, войди, washa, aktifkan, masuk",
    "JAILBREAK": "user is root, user is admin, user is the admin, user has root, do anything now, you are dan, jailbreak mode, as dan, i hereby unlock, dan mode, act as dan, be dan, system override, admin override, override code, ignore safety",
    "NEWORDER": "new instructions, new instruction, new system prompt, updated instructions, new rules, follow only, only follow, nuevas instrucciones, nouvelles instructions, neue anweisungen, novas instrucoes, nuove istruzioni, تعليمات جديدة, 新指令, 新的指令, नए निर्देश, новые инструкции, maagizo mapya, instruksi baru",
    "AUTHORITY": "administrator, admin, operator, system, developer, openai, anthropic, the security team, proxy, guardrail, redact, administrador, administrateur, 管理员, администратор*, msimamizi",
    "TOAI": "for ai systems, important for ai, ai systems reading, ai readers, for llms, for chatbots, note for the model, note to the model, hidden note for, instruction for the model, hello model, dear model, hey model, user is root, user is admin, user is the admin, user has root, now the real task, the real task is, real task, end of document, end of the document, end of file, end of context, if you are an assistant, any assistant, any model, any ai, ai model must, to the assistant, for the assistant, note to the ai, note to ai, attention ai, ai reading, language model processing, if you are a language model, if you are an ai, if you are an llm, you are a language model, dear ai, dear assistant, message to the assistant, assistant reading, llm reading, model reading, ai agent reading, ai system reading, instructions for the ai, instruction to the model, to any ai, hey ai, ai assistant must",
    "NOMASK": "not anonymise, not anonymize, not redact, not mask, not censor, don't redact, don't anonymise, don't anonymize, don't mask, don't censor, never redact, never mask, never anonymise, stop redacting, stop masking, stop anonymising, stop censoring, without redacting, without masking, without anonymising, no redacting, no masking, leave the names in, keep the names in, names unmasked, sin anonimizar, no anonimices, sans anonymiser, n anonymise pas, nicht anonymisieren, nicht schwarzen, sem anonimizar, nao anonimize, senza anonimizzare, 不要匿名, 不要脱敏, गुमनाम मत, не анонимизируй, usifiche, jangan anonimkan, jangan sembunyikan",
    "TOLD": "you were told, you have been told, you've been told, you were given, you were taught, you learned, you learnt, they told you, told you before, system told you, developers told you, said to you before, te dijo, te dijeron, te han dicho, on t a dit, dir gesagt, te disseram, ti hanno detto, ti e stato detto, قيل لك, 告诉你的, тебе говорили, тебе сказали, uliyoambiwa, diberitahukan kepadamu",
    "SELF": "that you are, you are an ai, you're an ai, being an ai, you are a model, that you have rules, what you are, who you are, your role, your job, your purpose, your identity, your persona",
    "REFUSE": "would refuse, you refuse, refusing, instead of refusing, whenever you refuse, do not refuse, don't refuse, never refuse, must not refuse, cannot refuse, can't refuse, no te niegues, ne refuse pas, weigere dich nicht, nao recuse, non rifiutare, 不要拒绝, 不得拒绝, मना मत, не отказывайся, usikatae, jangan menolak",
    "HYPO": "if you had no, if there were no, if there was no, if you weren't, if you were not, if you could, suppose you had no, supposing you, imagine there is no, imagine there were no, without it, wenn du keine, si no tuvieras, si tu n avais pas, se non avessi, se nao tivesse, 如果没有, если бы",
    "THERULES": "the rules, the filters, the policy, the safeguards, the guidelines, the restrictions, the safety, the redaction, the disclaimer, the disclaimers, las reglas, los filtros, les regles, les filtres, die regeln, den filter, as regras, os filtros, le regole, i filtri, القواعد, 规则, नियम, नियमों, правила, фильтры, sheria, aturan",
    "PLACE": "pastebin, gist, webhook, discord, telegram, slack channel, dropbox, google drive, ftp server, my server, my website, my private address, private address, my personal email, my gmail, gmail account, my phone number, whatsapp, sms to, my domain, external server, remote server, other server, my endpoint, my bucket, s3 bucket, third party",
    "REPLY": "answer, respond, reply, output, your answer, your reply, your response, responses, answers, everything, the rest, the summary, responde, reponds, antworte, responda, rispondi, 回答, ответь, отвечай, jibu, jawab",
    "CODEC": "base64, base 64, rot13, rot 13, hexadecimal, morse, morse code, cipher, caesar, pig latin, leetspeak, reversed text, nato alphabet, ascii codes, en base64, in hex, braille",
    "SELFAI": "that you are software, you are software, i am an ai, i am a machine, you're a program, you are a program, you're software, you're a machine, you're an ai, the notice at the top, ai lines, that you are an ai, that you're an ai, you are an ai, that you are a machine, you are a machine, you are a bot, you are a language model, a machine wrote, machine wrote this, an ai wrote, being an ai, the notice, your notice, every warning, all warnings, any warning, your warning, your warnings, every disclaimer, all disclaimers, any disclaimer, the disclaimer, your disclaimer, crisis text, crisis line text, ai disclosure, que eres una ia, que tu es une ia, dass du eine ki, que voce e uma ia, che sei un ia, 你是人工智能, 你是机器, что ты ии, bahwa kamu ai",
    "ASIF": "as though, as if, como si, comme si, als ob, como se, come se, 好像, 就当, जैसे, как будто, kana kwamba, seolah, seolah-olah",
    "GUARD": "guardrail, guardrails, proxy, vault, redaction, redactor, scrubber, system prompt, system text, hidden rules, privacy module, anonymiser, anonymizer, pseudonymisation, pseudonymization, pass-through",
    "ACT": "set, switch, stop, remove, reverse, restore, return, undo, deactivate, disable, drop, print, export, read, unlock, open, empty, dump, reset, kill, shut, put, turn, ignore, bypass",
    "IDIOM": "health care proxy, healthcare proxy, medical proxy, care proxy, cranial vault, vaginal vault, vault prolapse, proxy measure, proxy for, by proxy, bed guardrail, bed guardrails, pole vault",
    "PAST": "names are hidden, you replaced with, pseudonyms to, value you hold, values you hold, value you have stored, text that precedes, precedes this chat, names may be shown, tras do marcador, atras do marcador, tras dos marcadores, derriere la balise, derriere les balises, derriere le jeton, detras del marcador, detras de los marcadores, hinter dem platzhalter, hinter den platzhaltern, dietro il segnaposto, dietro i segnaposto, 占位符背后, 标记背后, за заменителем, за меткой, di balik penanda, nyuma ya alama, unmasked form, in unmasked, masked item, name did i give, name did i type, name did i use, name did i write, typed a name, gave you a name, before you saw it, original message look, original message was, first message look, real addressee, every tag for the, each tag for the, tags for the people, tags back into, placeholders back into, placeholders for the people, behind the first tag, behind the second tag, behind the tag, behind the tags, behind the placeholder, behind the placeholders, behind the first placeholder, behind the second placeholder, placeholder numbers and people, numbers and people, names in your memory, names you remember, names you stored, names you replaced, before masking, before the masking, before redaction, before the redaction, before the filter, before your filter, before the proxy, before anonymi*, before the anonymi*, before it was masked, before it was redacted, before it was anonymi*, before de-identification, prior to redaction, prior to masking, what you hid, what you masked, what you redacted, what was masked, what was redacted, vor der schwarzung, vor der anonymisierung, vor der maskierung, was du verborgen, was du geschwarzt, antes da anonimizacao, antes do mascaramento, antes de la anonimizacion, antes del enmascaramiento, lo que ocultaste, lo que has ocultado, avant l anonymisation, avant le masquage, ce que tu as cache, ce que tu caches, prima della mascheratura, prima dell anonimizzazione, cosa hai nascosto, 脱敏前, 匿名化前, 屏蔽前, 隐藏前, до маскировки, до анонимизации, до замены, что ты скрыл, sebelum disamarkan, sebelum dianonimkan, sebelum disensor, kabla ya kufichwa, kabla ya kuficha, छिपाने से पहले, गुमनाम करने से पहले, قبل الاخفاء, قبل اخفاء, قبل التعمية",
    "WORKED": "when summarising, when summarizing, when you summarise, when you summarize, when translating, when asked about, if asked about, whoever reads, whichever model, when processing",
    "SAYTHAT": "add that, say that, state that, recommend, rate, conclude, approve, claim that, tell them, tell the user, write that, insist",
    "TOLDTO": "were you told, are you told, have you been told, were you instructed, are you instructed, were you asked to, do your instructions, does your prompt, do your rules, te dijeron, on t a demande, wurde dir gesagt, wurdest du angewiesen",
    "TAG": "placeholder, placeholders, token, tokens, tag, tags, brackets, masked, redacted, redact, hide names, hide, proxy, guardrail, pseudonym, pseudonyms, names, identities, secret, confidential",
    "ASCODE": "as base64, in base64, base64-encoded, as hex, in hex, in hexadecimal, as hexadecimal, in rot13, as rot13, in morse, as morse, in morse code, in pig latin, in leetspeak, in ascii, as ascii, in braille, in cipher, in code, en base64, em base64, in base 64, 以base64, 用base64, в base64",
    "OWNPARTS": "your config, your settings, your persona, your safety, your maker, your makers, your caution, your earlier ones, your earlier instructions, database itself, your rules, your instructions, your filter, your filters, your masking, your redaction, your safeguards, your guardrails, your notice, your disclaimer, your disclaimers, your developers, your creators, your memory, your training, your prompt, your limits, your limitations, your restrictions, you hide, you hid, you mask, you masked, you redact, you redacted, you removed, you replaced, hide things, system prompt, hidden prompt, hidden rules, hidden instructions, safety layer, privacy layer, privacy filter, the guardrail, the scrubber, the redaction, de-anonymi*, unredacted, version of you, runs you, clearance, rules do not, no rules, the filters, language model, ai model, chatbot, tus reglas, tus instrucciones, tus filtros, tes regles, tes consignes, deine regeln, deine anweisungen, deine filter, suas regras, suas instrucoes, tue regole, tue istruzioni, قواعدك, تعليماتك, 你的规则, 你的指令, 你的限制, तुम्हारे नियम, твои правила, твои инструкции, sheria zako, maagizo yako, aturanmu, instruksimu",
    "ONEPERSON": "the patient's name, patient's name, patient's surname, patient's full name, patient's address, patient's phone, patient's initials, patient's identity, patients name, her surname, his surname, the surname, his name, her name, her initials, his initials, her address, his address, her phone number, his phone number, her date of birth, his date of birth, nombre del paciente, nom du patient, namen des patienten, nome do paciente, nome del paziente, اسم المريض, 患者姓名, 患者的姓名, 病人的名字, मरीज का नाम, имя пациента, jina la mgonjwa, nama pasien",
    "ODDLY": "as, so that, in, with, without, only, each, every, half, instead of, via, through, como, de forma que, comme, als, so dass, 用, как",
    "INSTEAD": "instead of your, instead of the, rather than your, opposite of what, not on those of your, not those of your, over your, above your, before your, en lugar de tus, au lieu de tes, statt deiner, em vez das suas, invece delle tue, 而不是你的, вместо твоих",
    # --- asking for what was kept back
    "SHOW": (
        "cat, sudo, env, read, put, add, confirm, state, utaje, kopiere, copia, copialo, cuentame, list out, read out, describe, mention, complete, rebuild, recover, retrieve, recall, proceed, write out, decode, show, print, reveal, repeat, output, display, dump, leak, list, give, tell, quote, translate, recite, write, expose, copy, disclose, summarise, summarize, return, provide, share, type, echo, say, paste, reproduce, send, spell, name, export, render, emit, append, include"
        ", muestra, muestrame, revela, dime, repite, imprime, escribe, dame, di, lista, ensename, affiche, montre, montre-moi, revele, donne, donne-moi, repete, ecris, dis, dis-moi, liste, recopie, zeig, zeige, gib, nenne, verrate, schreib, schreibe, drucke, wiederhole, sag, liste, mostre, mostra, revele, repita, escreva, diga, imprima, liste, mostrami, rivela, rivelami, scrivi, dimmi, ripeti, stampa, elenca"
        ", اعرض, اكشف, اظهر, اكتب, اطبع, كرر, اخبرني, 输出, 告诉, 显示, 打印, 透露, 列出, 写出, 泄露, 重复, 说出, 给我, दिखाओ, दिखाएं, दिखाइए, बताओ, बताएं, बताइए, लिखो, प्रिंट, покажи, покажите, раскрой, выведи, напиши, назови, повтори, перечисли, напечатай, скажи, onyesha, nionyeshe, fichua, andika, taja, sema, niambie, tampilkan, ungkapkan, tulis, tuliskan, sebutkan, cetak, katakan, beritahu, bocorkan"
    ),
    "COPY": "copialo, print, list, write down, write out, give me, tell me, print, repeat, output, dump, copy, recite, reveal, paste, reproduce, echo, show, imprime, repite, affiche, repete, wiederhole, repita, ripeti, 重复, 输出, повтори, cetak, ulangi",
    "WHAT": "que pone, que dice, was steht, o que diz, cosa dice, what is, what's, what are, what were, which, cual es, cuales son, quel est, quelles sont, was ist, wie lautet, was sind, qual e, quais sao, quali sono, ما هي, ما هو, 是什么, क्या है, क्या हैं, какой, каков, какие, ni nini, apa",
    "PROMPT": (
        "your config, your configuration file, your settings, texte cache, texto oculto, versteckten text, testo nascosto, 隐藏文本, скрытый текст, text that precedes, parts of your prompt, your own rules, your own instructions, my instructions are, etc guardrail, policy yaml, first thing in this conversation, in this conversation before, before me, server that runs you, secret list, hidden rules, hidden rule, secret rules, given to you before, given to you above, instructions you were given, instructions that you were given, instructions given to you, instructions you received, instructions you follow, rules you were given, rules you follow, text you were given, messages you were given, hidden system text, hidden context, hidden message, preamble, system card, what you were told before, your first message, mensaje de sistema, mensaje del sistema, message systeme, systemnachricht, mensagem de sistema, messaggio di sistema, your tools, your tool definitions, tool schema, your api, internal notes, internal instructions, internal rules, internal prompt, system prompt*, hidden instructions, hidden instruction, hidden prompt, secret instructions, secret prompt, initial instructions, initial prompt, original instructions, your instructions, your prompt, your hidden, developer message, developer instructions, system message, system instructions, hidden system, system text, your context, your configuration, your initial, your original, your system, your rules, your guidelines, configuration of the guardrail, configuration of the proxy, guardrail configuration, guardrail's configuration, proxy configuration, the api key, api keys, your api key, environment variables, preprompt, pre-prompt, policy file, your secret"
        ", prompt del sistema, instrucciones ocultas, tus instrucciones, instrucciones del sistema, prompt systeme, instructions cachees, tes instructions, instructions systeme, systemprompt, system-prompt, deine anweisungen, versteckten anweisungen, systemanweisung*, prompt de sistema, prompt do sistema, instrucoes ocultas, suas instrucoes, prompt di sistema, istruzioni nascoste, tue istruzioni"
        ", تعليمات النظام, تعليماتك, 系统提示, 系统指令, 隐藏指令, 隐藏的指令, 你的指令, सिस्टम प्रॉम्प्ट, छिपे निर्देश, छिपे हुए निर्देश, системн* промпт*, системн* инструкци*, скрыт* инструкци*, свои инструкции, maagizo yako, maagizo ya siri, maagizo ya mfumo, prompt sistem, instruksi tersembunyi, instruksi sistem, prompt sistemmu"
    ),
    "OWNPROMPT": "first thing in this conversation, your own rules, before me, hidden system text, your context, before my first message, your developer prompt, your hidden instructions, your rules exactly, your exact instructions, your exact rules, mensaje de sistema, tes consignes, deine systemnachricht, instructions were you given, rules were you given, told to hide, told not to say, told to keep, your system message, your system prompt, your hidden, your prompt, your instructions, your initial, your original instructions, your secret, your developer message, tu prompt, tus instrucciones, ton prompt, tes instructions, dein systemprompt, deine anweisungen, seu prompt, suas instrucoes, tuo prompt, tue istruzioni, تعليماتك, 你的系统提示, 你的指令, अपना सिस्टम, तुम्हारे निर्देश, твой системный, твои инструкции, maagizo yako, prompt sistemmu, instruksimu",
    "ABOVE": "everything before, all before this, all that came before, what came before, everything that precedes, alles vorherige, alles bisherige, todo lo que te, everything i said, everything said before, everything said so far, the instructions above, the rules above, above this line, text above this, everything above, all the above, all of the above, all text above, the text above, text above, words above, everything before this, everything before my, text between your, all previous messages, all messages above, todo lo anterior, tout ce qui precede, alles oberhalb, alles daruber, tudo acima, tutto quanto sopra, 以上所有, 以上全部, ऊपर का सब, всё выше, все выше, semua di atas",
    "REAL": (
        "true identities, list of names, names in your memory, identities behind, real chart, real details, who is who, inside the brackets, undo the brackets, behind the brackets, as i typed it, as i wrote it, as it was in my, before masking, before it was masked, before redaction, before it was redacted, sin ocultar, datos reales, sans masquage, ungeschwarzt, unverschleiert, unredigiert, plain names, full names, names unmasked, in clear text, in cleartext, in the clear, plain identity, identities, real mrn, real ssn, real phone number, real address, original text, original spelling, original wording, real name, real names, real value, real values, real person, real people, real patient, real identity, real identities, real data, original value, original values, original name, original names, original identity, original identities, original data, actual name, actual names, actual value, actual values, actual identity, true name, true names, true value, true identity, true identities, masked identit*, masked names, masked values, hidden names, hidden name, hidden values, redacted names, redacted values, removed names, unredacted, unmasked, un-redacted, real one, full identity, plaintext names, names back, clear names"
        ", nombre real, nombres reales, nombre verdadero, nombres verdaderos, valor original, valores originales, identidad real, vrai nom, vrais noms, veritable nom, veritables noms, nom reel, noms reels, valeurs d'origine, echten namen, echte name, echten daten, klarname*, wirklichen namen, richtigen namen, wahren namen, originalwert*, nomes reais, nome real, nome verdadeiro, nomes verdadeiros, valor original, nomi reali, nome reale, nome vero, nomi veri, veri nomi, vero nome, valori originali"
        ", الاسماء الحقيقية, اسماء الحقيقية, الاسم الحقيقي, اسم الحقيقي, اسمه الحقيقي, 真实姓名, 真实的姓名, 真名, 真实名字, 真实身份, 原始值, असली नाम, असली नामों, वास्तविक नाम, настоящ* имя, настоящ* имена, реальн* имя, реальн* имена, подлинн* имя, подлинн* имена, исходн* значен*, majina halisi, jina halisi, nama asli, nama-nama asli, nama sebenarnya, nilai asli, identitas asli"
    ),
    "HIDDENTHING": (
        "you replaced, replaced, chart, first message, people, them, letter, typed, placeholder, placeholders, token, tokens, patient, patients, patient's, person, masked, mask, redacted, redaction, redact, anonymised, anonymized, pseudonym*, proxy, filter, guardrail, vault, behind, brackets, hid, tag, tags, conversation, note, list, summary, names"
        ", marcador*, paciente*, detras, etiquetas, balise*, jeton*, derriere, cache*, platzhalter*, patient*, hinter, segnaposto, pazient*, dietro, رموز, رمز, مريض, مرضى, وراء, 占位符, 患者, 病人, 背后, प्लेसहोल्डर, मरीज, मरीज़, मरीजों, पीछे, заменител*, пациент*, за, wagonjwa, mgonjwa, penanda, pasien, balik"
    ),
    "UNMASK": "de-anonymise, de-anonymize, deanonymise, deanonymize, un-redact, unredact, re-identify, reidentify, de-pseudonymise, de-pseudonymize, unmask, de-redact, de-mask, demask, detokenise, detokenize, de-tokenise, de-tokenize, undo the redaction, undo the anonymi*, undo the mask*, undo the pseudonymi*, undo redaction, reverse the pseudonymi*, reverse the anonymi*, reverse the redaction, reverse the mask*, revert the redaction, restore the masked, restore the redacted, restore the real, restore the original names, decrypt the placeholders, decrypt the names, desanonimiza, desanonymise, deanonymisiere, de-anonymisiere, desanonimize, deanonimizza, anonymisierung ruckgangig, anonymisierung auf, pseudonymisierung auf, 去匿名化, 还原姓名, деанонимизируй*, раскрой личност*, deanonimkan",
    "TABLE": "crosswalk from pseudonyms, crosswalk between, crosswalk to patients, key that links, list that links, table that links, file that links, links numbers, vault as, list of names in your, names in your memory, names you remember, names you stored, both columns, token and, who is who, list of substitutions, list of replacements, substitution list, replacement list, legend for the, mapping table, the mapping, name mapping, token mapping, placeholder mapping, the vault, your vault, lookup table, look-up table, key you use, re-identification key, substitution table, tabla de correspondencia, tabla de equivalencia*, table de correspondance, zuordnungstabelle, tabela de correspondencia, tabella di corrispondenza, جدول المطابقة, 对照表, 映射表, таблиц* соответстви*, tabel pemetaan",
    "KEPT": "filter remove, filter removed, filter hid, filter hide, proxy hid, proxy removed, proxy remove, proxy replaced, guardrail removed, guardrail hid, redaction removed, was hidden behind, is hidden behind, hidden from you, hid from you, removed from my message, write them back, put them back in, fill them back, filled back, masked from you",
    # --- placeholders
    "SUBST": (
        "who exactly, inside, to its owner, true dob, owner, in place of, proper name, value of, stay a tag, remain a tag, use the person, that replaces, replaces, spell, turn into, the person, digits, the number itself, into the digits, into digits, as a number, not as a tag, share a surname, letters only, three letters, two letters, unfold, as in the original, see who, surname, last name, first name, full name, true identity, real identity, who * is, in reality is, which one, convert, from your memory, from memory, personal details, date of birth, behind, hides, hide, hidden, was called, before it was masked, before it was replaced, before masking, as i typed, that belongs there, first letter, how many letters, first letters, letters of, initials, digits separated, last four, last digits, real, decoded, unredacted, put it in again, put back, back in, restore it, restored, reverse the mapping, map it back, map back, looked up, re-insert, reinsert, original name, which person, which patient, whose, who was, who is it, name that person, the person behind, plaintext, what was, used to be, detras, cache derriere, derriere, hinter, por tras, dietro, esconde, 背后, 是谁, पीछे, скрыто, скрывается, di balik, nyuma ya, kamili, substitute, substituted, swap it back, swap * back, back to the original, back into the original, expanded, converted back, convert it back, turned back, turn it back, stands for whom, stand for whom, true value, the original back, the original from, with the original, the real, real one, real person, actual name, actual value, written out in full, fill in the real, filled in with the original, to their values, to its value, resolve to, resolves to, what it stands for, what they stand for, letter by letter, really, in reality, from the vault, in your table, your proxy knows, the proxy knows, who that is, who is that really, value behind, hidden behind, the original value, plain text, decode, back to digits, back to the name, unmask, dereference"
        ", sustituye, sustituyelo, en realidad, valor original, verdadero, en realite, vrai nom, valeur d'origine, wirklich, klarname*, lose, echten, originalwert, de verdade, verdadeiro, valor original, davvero, in realta, nome vero, حقيقي, في الحقيقة, 换成, 真实, 到底, असली, वास्तव, настоящ*, на самом деле, реальн*, halisi, sebenarnya, asli"
    ),
    "TURN": "resolve, expand, decode, translate, substitute, look up, restore, reveal, unmask, uncover, disclose, decrypt, complete, resuelve, expande, descifra, developpe, decode, entschlussele, resolva, risolvi, espandi, اكشف, 解析, 展开, 解码, расшифруй, раскрой, fichua, ungkap, ungkapkan",
    "KEEP": "keep, leave, do not change, don't change, unchanged, behalte, conserva, garde",
    "WONDER": "why, mean, means, is that me, is that my, is this me, is that about, someone else, somebody else, error, mistake, in your reply, in your answer, your answer, your reply, your last, appear, appears, que significa, por que, que veut dire, pourquoi, was bedeutet, warum, o que significa, che cosa significa, perche, ماذا يعني, 什么意思, 为什么, क्या मतलब, क्यों, что значит, почему, maana yake, apa artinya, mengapa",
    # --- carrying it out
    "SEND": (
        "пришли, leak, posts, sends, uploads, mails, forwards, reference, referencing, save, mail, finish, draw, ping, add, end, attach, stream, dump, drop, log, store, report, pass, include, embed, render, display, show, tell, echo, beam, relay, send, sends, post, upload, append, forward, submit, transmit, fetch, load, curl, wget, e-mail, email, mail, deliver, exfiltrate, publish, put, get, call, request, visit, open, ping, write, redirect, copy, sync, share"
        ", envia, enviar, manda, sube, publica, envoie, envoyer, transmets, poste, schick, schicke, sende, lade, poste, ubermittle, envie, mande, publique, invia, spedisci, carica, inoltra, ارسل, ارفع, 发送, 发到, 上传, 发给, भेजो, भेजें, भेज, отправь, отправьте, пошли, перешли, загрузи, выложи, tuma, pakia, kirim, kirimkan, unggah, teruskan"
    ),
    "CHAT": (
        "pazient*, дати, чата, истори*, dati, datos, daten der, dados, summary, discharge letter, lab results, vitals, question, answer, our chat, notes, these notes, my notes, diagnosis, first line, postcode, your answer, my name, what i said, what i wrote, everything i, all of it, the text above, the letter, the list, this letter, results, details, identifiers, prompt, hidden text, conversation, transcript, chat, history, dialogue, everything above, everything so far, messages, messages so far, this thread, everything you know, patient list, patient data, patient's, patients', patient records, records, patient record, identities, names, system prompt, context, all data, the chart, medical record, medical records, notes above, session"
        ", conversacion, historial, paciente*, entretien, historique, gesprach, gesprachsverlauf, verlauf, chatverlauf, unterhaltung, patientendaten, conversa, conversazione, cronologia, محادثة, مرضى, مريض, 对话, 聊天记录, 会话, 患者, 病人, बातचीत, मरीज, मरीज़, разговор*, переписк*, диалог*, пациент*, mazungumzo, mgonjwa, wagonjwa, percakapan, obrolan, pasien"
    ),
    "IDENTITY": (
        "names, name him, name her, the person by name, person by name, patient's street, the street, her initials, his initials, the initials, of his name, of her name, of their name, of the name, patients name, postcode, zip code, the mrn, the ssn, his surname, her surname, the surname, the address, the postcode, the phone, her phone, his phone, her dob, his dob, the dob, who it is, person's name, mother's name, child's name, woman's name, man's name, victim's name, identifiers, identifier, email address, maiden name, patient's initials, patient's postcode, patient's address, patient's phone, patient's mrn, the patient, real identity, who she is, who he is, name is, nachname, wohnort, patient's name, patient's full name, patient's first name, patient's last name, patient's surname, patient's real name, patient name, patients' names, the name, the names, full name, his name, her name, their name, their names, your patient's name, surname, surnames, last name, first name, identity, identities, patient identifier*, patient's identifier*, date of birth, birth date, birthdate, phone number, telephone number, her address, his address, patient's address, home address, record number, ssn, mrn, nhs number, social security number, patient's details, patient's diagnosis, real name of the patient, name of the patient, of the patient, patient list"
        ", nombre del paciente, nombre de la paciente, nombres de los pacientes, apellido, apellidos, fecha de nacimiento, nom du patient, nom de la patiente, noms des patients, nom de famille, prenom, date de naissance, namen des patienten, name des patienten, namen der patientin, name der patientin, nachname, nachnamen, vorname, vornamen, patientenname*, geburtsdatum, nome do paciente, nome da paciente, sobrenome, data de nascimento, nome del paziente, nome della paziente, cognome, data di nascita"
        ", اسم المريض, اسم المريضة, اسماء المرضى, تاريخ الميلاد, 姓名, 名字, 出生日期, मरीज का नाम, मरीज़ का नाम, रोगी का नाम, имя пациента, имена пациентов, имя пациентки, фамили*, дату рождения, дата рождения, jina la mgonjwa, majina ya wagonjwa, tarehe ya kuzaliwa, nama pasien, tanggal lahir"
    ),
    "CODE": (
        "using only the, html entities, html entity, link preview, instead of digits, instead of letters, instead of numbers, in emoji, as emojis, as an anagram, initials of, followed by a digit, each letter, every letter, as days, days since, to klingon, consonants, only the vowels, with spaces, puns, gps, in pieces, bit by bit, piece by piece, as initials, half of, a space between, between all letters, alphabet, multiplication, equation, product of, without saying, without writing, without using, charades, haiku, chemical elements, as elements, each line, in letters, as in, star after each, after each letter, after every letter, between the letters, between letters, between each letter, between every letter, between every two letters, one letter of, one letter in, as a sum, as sums, one character at, one letter at, roman numerals, in cyrillic, cyrillic letters, greek letters, in runes, in braille, semaphore, alt text, vowels replaced, without vowels, vowels removed, code words, codewords, with line breaks, next letter, previous letter, shifted by, shift each, shift every, crossword clue, as a riddle, riddle, rhymes with, hint, hints, clues, yes or no, first initial, syllables, letters reversed, mirrored, spaced out, letter spacing, full-width, fullwidth, small caps, subscript, superscript, flags, dingbats, wingdings, hieroglyph*, tap code, a1z26, vigenere, playing cards, chemical symbols, element symbols, musical notes, colours, colors, in klingon, in elvish, transliterate*, transliteration, variable name, variable names, file name, filename, hashtag, metadata, html comment, code comment, css class, footnote, white text, tiny font, hidden text, url path, bold letters, capital letters spell, each line start*, each sentence start*, each bullet, start of each, beginning of each, end of each, base64, base 64, base32, rot13, rot 13, hex, hexadecimal, binary, morse, nato alphabet, phonetic alphabet, reversed, backwards, backward, in reverse, reverse order, back to front, acrostic, first letter, first letters, letter by letter, letters of, digit by digit, character by character, one letter per, one character per, one per line, one digit per, every second letter, every other letter, every third letter, every nth letter, alternate letters, zero-width, zero width, invisible, whitespace, white space, white-space, comment, emoji, emojis, leetspeak, leet, cipher, caesar, ciphered, encrypted, pig latin, ascii, as words, in words, anagram, scrambled, split into syllables, syllable by syllable, dash between, dashes between, spaces between, dots between, with hyphens between, url-encoded, url encoding, percent-encoded, unicode, homoglyphs, steganograph*, interleaved, spelled out, spelt out, in swahili words, mirror writing, upside down, obfuscated, encoded"
        ", al reves, letra por letra, deletrea*, binario, codigo morse, primeras letras, a l envers, lettre par lettre, epelle*, en binaire, en morse, premieres lettres, ruckwarts, buchstabier*, buchstabe fur buchstabe, morsecode, morsealphabet, anfangsbuchstaben, verschlussel*, de tras para frente, soletre, primeiras letras, al contrario, lettera per lettera, prime lettere, compita"
        ", بالمقلوب, حرفا حرفا, حرف بحرف, مورس, مشفر, بترميز, 倒着, 逐字母, 反向, 倒序, 摩斯, 首字母, 藏头, 编码, 拼音首字母, उल्टा, अक्षर, मोर्स, задом наперед, по буквам, наоборот, морзе*, первые буквы, акростих*, herufi kwa herufi, kinyume, kinyumenyume, huruf demi huruf, eja, ejalah, terbalik, sandi morse, huruf pertama"
    ),
    "HIDE": "hide, conceal, encode, encrypt, obfuscate, disguise, smuggle, sneak, embed, encodes, rot13, oculta, esconde, cache, verstecke, verschlussele, esconda, nascondi, اخف, 隐藏, 藏, छिपाओ, спрячь, зашифруй, закодируй, ficha, sembunyikan",
    "USE": "soletre, deletrea, epelle, buchstabiere, buchstabier, compita, 写, 拼写, napisz, sillaba, use, using, write, spell, put, answer, create, insert, convert, return, take, make, build, compose, draw, usa, utilise, verwende, nutze, use, usa, استخدم, 用, 使用, используй, tumia, gunakan, pakai, eja",
    "FILTERWORD": "filter, filters, scrubber, scrubbers, redaction, redactor, proxy, guardrail, guardrails, detector, anonymiser, anonymizer, de-identifier, censor, censorship, moderation, dlp, privacy layer, gateway, checker, filtro, filtros, filtre, filtres, datenschutzfilter, مرشح, فلتر, 过滤, 过滤器, 审查, फ़िल्टर, फिल्टर, фильтр, kichujio, penyaring",
    "MISS": "lets it through, let it through, lets, let, nobody, masks it, skip, skips, ignore, ignores, overlook, overlooks, touch, touches, miss out, find, finds, read, reads, know, knows, hears, matches, match, understand, understands, remove, removes, mask, masks, stop, stops, bypass, bypassing, avoid, avoids, triggering, trigger, triggers, alerted, complain, complains, trouve, findet, encuentre, trovi, encontre, не заметил, menemukan, miss, misses, missed, notice, notices, see, sees, catch, catches, detect, detects, past, passes, pass, fool, fools, trick, evade, evades, around, recognise, recognize, recognises, flag, flags, block, blocks, spot, redact, redacts, vea, detecte, voie, detecter, erkennt, sieht, merkt, perceba, veja, veda, rilevi, يلاحظ, يراه, 发现, 检测, 看到, देखे, पकड़े, заметил, увидел, видел, asione, kisione, mendeteksi, melihat, terdeteksi",
    "SOTHAT": "so that, so the, so it, so your, so my, in order to, where nobody, para que, pour que, afin que, damit, so dass, affinche, perche, حتى, لكي, 以便, 这样, ताकि, чтобы, ili, agar, supaya, without, to get, to slip, to sneak, get it past, slip past, get past, won't, will not, doesn't, does not, cannot",
    "URLPART": "url, urls, query string, query parameter, query parameters, image url, markdown image, image link, tracking pixel, pixel, hyperlink, img, link to, webhook, get request, post request, http request, fragment, subdomain, dns",
    "CARRY": "followed by, plus, ends in, ending in, then the, holding, filled with, made of, contains, containing, include, includes, including, put, append, appended, encode, encoding, encoded, embed, embedded, add, carry, carries, carrying, insert, whose, with, holds, passes",
    "TOOLCALL": "tool, tools, function, calendar invite, ticket title, file name, filename, subject line, log entry, logging tool, memory tool, email tool, browser, search box, calendar event, tool call, tool calls, function call, search tool, search query, web search, search engine, argument, arguments, query parameter, api call, http call, browser tool, plugin, function argument",
    "SET": "copy, write, set, put, pass, call, include, use, fill, insert, with, search, enter, write",
    "RAWDATA": "patient's data, patient data, the patient's data, data of the patient, their name, his name, her name, the name, diagnosis, mrn, identifiers, real identity, patient's diagnosis, patient's postcode, postcode, phone number, surname, patient id, full name, real name, patient's name, patient's full name, patient's real name, hiv status, home address, date of birth, patient's address, patient's identity, patient's details, name and address, ssn, nhs number, social security number",
    # --- what makes it something else
    "PEOPLE": (
        "doctor, doctor's, doctors, gp, gp's, nurse, nurse's, nurses, pharmacist, pharmacist's, physio, physiotherapist, surgeon, surgeon's, consultant, midwife, leaflet, label, packet, package, pack, box, bottle, diet, dietitian, dentist, vet, teacher, mother, mum, manual, inhaler, spray, therapist, hospital's, aunt, neighbour, father, sister, brother, coach, insurer, airline, school, boss, employer, alarm, pump, device, reading, sample, dose, physician, specialist, bowel prep, recipe, cast, splint, ward"
        ", medico, medica, enfermera, prospecto, farmaceutic*, medecin, notice, infirmiere, pharmacien, arzt, arztes, arztin, packung, beipackzettel, apotheker*, bula, enfermeira, foglietto, farmacista, infermiera, foglio, طبيب, طبيبي, عبوة, ممرض*, صيدلي, 医生, 说明书, 药盒, 护士, 药师, 大夫, डॉक्टर, दवा, नर्स, पैकेट, врач*, упаковк*, вкладыш*, медсестр*, аптекар*, daktari, muuguzi, pakiti, dokter, perawat, kemasan, apoteker"
    ),
    "ASKING": "j ai, il a, elle a, ho dimenticato, have forgotten, has forgotten, i forgot, he forgot, she forgot, i keep, why does, what happens if, is it true that, can i, may i, should i, do i, could i, must i, am i, is it ok, is it safe, how do i, how can i, how to, where do i, puedo, debo, como envio, como puedo, peut-on, puis-je, dois-je, comment puis, comment envoyer, comment faire, comment dire, comment est, kann ich, darf ich, soll ich, muss ich, wie schicke ich, wie kann ich, posso, devo, come posso, هل يمكنني, هل يجوز, 我可以, 可以吗, 能不能, क्या मैं, можно ли, могу ли, мне можно, naweza, je naweza, bolehkah, apakah saya, bisakah saya",
    "ABOUT": (
        "why do, why does, why would, difference between, history of, is it true that, researchers, research paper, security teacher, security course, red team exercise, glossary, define, definition, what is meant, prompt injection, prompt injections, injection attack*, an attack, attacks, attacker, attackers, jailbreaks, explain, explains, lecture, slides, slide, a talk, teach, teaching, class, course, defend, protect, protects, protection against, quiz, phishing, report that, example of, examples of, what does, what is a, what's a, meaning of, que es, que significa, qu est-ce que, was ist ein, was bedeutet, o que e, cos e, ما هو, ما معنى, 什么是, क्या होता, что такое, ni nini, apa itu, incident, security training, awareness, policy says, how does, how do hospitals, how can a clinic"
    ),
    "SAID": "said, says, wrote, writes, told, typed, asked, quote, quoted, text reads, reads, note, document, documented, poster, mail, message says, people who say, sign, heard, article, paper, headline",
    "THING": "cpap, ecg, ivc, monitor, dialysis, coffee, water, air, cranial, nerves, bones, nerve, bone, muscle, muscles, template, templates, brochure, website, form fields, hospital's name, clinic's name, my own name, class, sql, regex, json schema, fhir, dataset, fictional, character's name, gene, genes, enzyme, bacteria, vitamin, food, drug, drugs, medicine, medicines, medication, tablet, tablets, word, words, condition, disease, product, brand, column, variable, riddle, kids, children, world, months, poem about, excel, python, spreadsheet",
}

RULES: Final = (
    Rule(OVERRIDE, ("DROP", "MACHINE"), unless="ASKING"),
    Rule(OVERRIDE, ("DROP", "EARLIER", "RULES"), width=70),
    Rule(OVERRIDE, ("DROP", "YOUR", "RULES"), width=60),
    Rule(OVERRIDE, ("MACHINE", "OFF"), width=80, unless=""),
    Rule(OVERRIDE, ("EARLIER", "RULES", "OFF"), width=70),
    Rule(OVERRIDE, ("BECOME", "FREE"), unless="", across=True),
    Rule(OVERRIDE, ("BECOME", "BARE"), unless="", across=True),
    Rule(OVERRIDE, ("ANSWER", "FREE"), width=60, unless=""),
    Rule(OVERRIDE, ("MODE", "ENTER"), width=40, unless="ASKING"),
    Rule(OVERRIDE, ("JAILBREAK",), unless=""),
    Rule(OVERRIDE, ("NEWORDER", "AUTHORITY"), width=90),
    Rule(OVERRIDE, ("TOAI", "DROP|SHOW|SEND|RULES"), width=160, unless=""),
    Rule(OVERRIDE, ("DROP|HIDE", "SELFAI"), unless="ASKING", width=60),
    Rule(OVERRIDE, ("ASIF", "MACHINE|PROMPT|THERULES"), width=80),
    Rule(OVERRIDE, ("ACT", "GUARD"), unless="ASKING|THING", width=50),
    Rule(OVERRIDE, ("TOAI", "SAYTHAT|DROP|SHOW|BECOME|ACT"), unless="", width=160, across=True),
    Rule(OVERRIDE, ("WORKED", "SAYTHAT", "DROP"), unless="ASKING"),
    Rule(REVEAL, ("PAST",), unless="ASKING"),
    Rule(OVERRIDE, ("DROP", "ABOVE"), width=60),
    Rule(OVERRIDE, ("DROP", "TOLD"), width=60),
    Rule(OVERRIDE, ("DROP", "SELF"), width=40),
    Rule(OVERRIDE, ("DROP", "THERULES"), unless="PEOPLE|ASKING|THING", width=40),
    Rule(OVERRIDE, ("ABOVE", "OFF"), width=90),
    Rule(OVERRIDE, ("YOUR", "RULES", "OFF"), width=90),
    Rule(OVERRIDE, ("BECOME", "DROP|OFF", "RULES|MACHINE")),
    Rule(OVERRIDE, ("NOMASK",)),
    Rule(OVERRIDE, ("HYPO", "MACHINE|THERULES"), width=60),
    Rule(REVEAL, ("BECOME|HYPO|FREE|REFUSE", "SHOW|WHAT", "IDENTITY|REAL"), unless="", width=160),
    Rule(REVEAL, ("SHOW", "PROMPT"), unless="ASKING", width=90, across=True),
    Rule(REVEAL, ("TOLDTO", "TAG|RULES"), unless="PEOPLE|ASKING", width=60),
    Rule(REVEAL, ("WHAT", "REAL", "TAG"), unless="THING|ASKING", width=90),
    Rule(REVEAL, ("SHOW", "OWNPROMPT"), unless="ASKING", width=90),
    Rule(REVEAL, ("WHAT", "OWNPROMPT"), unless="", width=50),
    Rule(REVEAL, ("COPY", "ABOVE"), unless="", width=60),
    Rule(REVEAL, ("SHOW", "REAL", "HIDDENTHING"), unless="THING|ASKING"),
    Rule(REVEAL, ("UNMASK",), unless="ASKING"),
    Rule(REVEAL, ("SHOW", "TABLE", "HIDDENTHING|YOUR"), unless="ASKING"),
    Rule(REVEAL, ("KEPT", "SHOW|WHAT"), unless="", across=True, width=160),
    Rule(PLACEHOLDER, ("HOLDER", "SUBST"), unless="KEEP", across=True),
    Rule(PLACEHOLDER, ("HOLDER", "REAL"), unless="KEEP", across=True),
    Rule(MENTION, ("HOLDER", "WONDER"), unless="", width=70, across=True),
    Rule(EXFILTRATION, ("SEND", "CHAT", "ADDRESS"), unless="ASKING", width=220),
    Rule(EXFILTRATION, ("ADDRESS", "CARRY|SEND|SET", "IDENTITY"), unless="ASKING|THING", width=200),
    Rule(EXFILTRATION, ("SEND", "CHAT", "PLACE"), unless="ASKING", width=110),
    Rule(EXFILTRATION, ("SHOW|REPLY|USE", "ASCODE"), unless="THING|ASKING", width=60),
    Rule(EXFILTRATION, ("REPLY", "CODEC"), unless="THING|ASKING", width=36),
    Rule(EXFILTRATION, ("SHOW|USE|HIDE", "CODE", "IDENTITY"), unless="THING|ASKING", width=110),
    Rule(EXFILTRATION, ("HIDE", "CODE", "HIDDENTHING|IDENTITY"), unless="THING|ASKING", width=110),
    Rule(EXFILTRATION, ("SOTHAT", "FILTERWORD", "MISS"), unless="ASKING", width=60),
    Rule(EXFILTRATION, ("URLPART", "CARRY", "IDENTITY|CHAT"), unless="ASKING", width=110),
    Rule(EXFILTRATION, ("TOOLCALL", "SET", "RAWDATA"), unless="ASKING"),
    Rule(SUSPECTED, ("OWNPARTS",), unless=""),
    Rule(SUSPECTED, ("REAL",), unless="THING"),
    Rule(SUSPECTED, ("FREE",), unless="THING|PEOPLE"),
    Rule(SUSPECTED, ("JAILBREAK|TOAI|TOLD|ABOVE|PROMPT",), unless="PEOPLE"),
    Rule(SUSPECTED, ("SHOW|USE|HIDE", "ONEPERSON", "ODDLY|CODE"), unless="THING|ASKING", width=70),
    Rule(SUSPECTED, ("FILTERWORD", "MISS", "IDENTITY|SHOW"), unless="THING|PEOPLE|ASKING", width=110),
    Rule(SUSPECTED, ("SEND", "ADDRESS", "IDENTITY|CHAT"), unless="", width=200),
    Rule(SUSPECTED, ("DROP", "RULES"), unless="PEOPLE|ASKING|THING", width=40),
    Rule(SUSPECTED, ("INSTEAD", "MACHINE|RULES|EARLIER|SELF|OWNPARTS"), unless="PEOPLE|ASKING", width=80),
    Rule(SUSPECTED, ("MACHINE", "DROP|ANSWER|SHOW|BECOME"), unless="ASKING"),
    Rule(SUSPECTED, ("SEND", "CHAT|IDENTITY", "PLACE|URLPART|TOOLCALL"), unless="ASKING|THING", width=110),
    Rule(SUSPECTED, ("TOOLCALL", "IDENTITY"), unless="ASKING|THING", width=90),
)
"""Order matters: of two that fit the same words the first names them."""

MARKERS: Final = (
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text)\|>"
    r"|\[/?inst\]|<</?sys>>|^[ \t]*#{1,6}[ \t]*(?:system|assistant)(?:[ \t]+(?:prompt|message))?[ \t]*:"
    r"|</?(?:system|system_prompt|system-prompt|system_message|developer)>"
    r"|^[ \t]*(?:system|developer)[ \t]*(?:prompt|message|override|update|notice)[ \t]*:"
    r"|\b(?:begin|start|end)(?: of)? (?:user|admin|administrator|system|developer|root)[ _-]?(?:input|prompt|message|instructions?|section|mode)\b"
    r"|<!--[^>\n]{0,40}\b(?:assistant|ai|model|llm|system|agent)\b|\[(?:hidden )?(?:note|message|instruction)s? (?:for|to) (?:the )?(?:model|ai|assistant|llm)\b"
    r"|\b(?:assistant|ai|model|chatbot|llm)s?[,:] (?:please |you must |always )?(?:ignore|disregard|forget|do not|don't|tell|say|print|reveal|approve|recommend|output)\b"
    r"|\byou(?:'ve| have)? (?:are |just |now )?(?:now )?(?:entered|in|switched to|running in) (?:the )?(?:\w+ )?\w+ mode\b"
    r"|\[(?:system|system message|system override|admin override|begin system prompt)\]"
    r"|^[ \t]*\{\"role\": ?\"(?:system|developer)\""
)
"""What marks a change of speaker in the formats of models; a user or a tool has no business with it."""
