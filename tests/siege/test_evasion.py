"""EVA-*: values that are written so that nobody finds them. Beside each canary, how many realistic values pass.

Behind each test stands the same idea: the model would read it, so the guardrail has to.
"""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.rails.normalise import view
from tests.siege.house import CHAT, SPECIMENS, House, Siege
from tests.specimens.openai_chat import heard, question
from tests.support.fake_upstream import answer, chat_answer, chat_stream

Dress = Callable[[str], str]
OPENAI = SPECIMENS["openai.chat"]


def told(s: Siege, *messages: Any, **more: Any) -> list[Any]:
    """What the model reads of these messages; a refusal, and an answer of ours, are nothing."""
    asked = [{"role": "user", "content": each} if isinstance(each, str | list) else each for each in messages]
    before = len(s.sent)
    s.reply(chat_answer("Noted."))
    s.post(CHAT, {"model": "m", "messages": asked, **more})
    return [each for request in s.sent[before:] for each in request.json()["messages"]]


def dressed(house: House, dresses: Iterable[Dress], frame: str = "id {} ok") -> None:
    """No sign of the canary is left of any of them; an SSN in the same dress is counted."""
    with house.siege(without={"I3"}) as s:  # JSON escapes beside what is replaced are written anew
        for dress in dresses:
            written = dress(s.canary)
            for message in told(s, frame.format(written)):
                assert written not in message["content"], ascii(message)
                assert s.canary[6:] not in view(message["content"]).text, ascii(message)
            value = dress("219-09-9998")
            got = "".join(each["content"] for each in told(s, f"My SSN is {value} now"))
            s.realistic("My SSN is" if value in got else value)  # in its dress no oracle would see it


def between(char: str) -> Dress:
    return lambda text: char.join(text)


def digits(first: int | str) -> Dress:
    """With other digits: those from a code point on, or these ten."""
    ten = [chr(first + number) for number in range(10)] if isinstance(first, int) else list(first)
    return lambda text: "".join(ten[int(char)] if char.isdigit() else char for char in text)


def letters(first: int) -> Dress:
    return lambda text: "".join(chr(first + ord(char) - ord("A")) if char.isupper() else char for char in text)


# ── EVA-01: in parts ───────────────────────────────────────────────────────────────────────────────────────────


def parts(*texts: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": each} for each in texts]


def calls(*arguments: str) -> dict[str, Any]:
    made = [
        {"id": f"call_{at}", "type": "function", "function": {"name": "find", "arguments": each}}
        for at, each in enumerate(arguments)
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def test_eva_01_in_parts(house: House) -> None:
    """Of one message, of two, of a name and what is said, of two calls: every piece is replaced."""
    with house.siege(without={"I3"}) as s:  # two halves of one value are replaced by two placeholders
        for cut in range(1, 14):
            one, other = s.canary[:cut], s.canary[cut:]
            asked: list[list[Any]] = [[parts(f"I am {one}", f"{other} and well")], [f"I am {one}", f"{other} and well"]]
            if 4 <= cut <= 11:
                asked.append([{"role": "user", "name": one, "content": f"{other} is mine"}])
                asked.append(["Hi.", calls(json.dumps({"a": one}), json.dumps({"b": other})),
                              {"role": "tool", "tool_call_id": "call_0", "content": "ok"},
                              {"role": "tool", "tool_call_id": "call_1", "content": "ok"}])  # fmt: skip
            for messages in asked:
                left = json.dumps(told(s, *messages))
                assert not re.search(rf'[ "]{one}\b' if cut > 2 else "ZQ1", left), (cut, left)
                assert len(other) < 4 or other not in left, (cut, left)
        left = json.dumps(told(s, parts("I am ", *s.canary, " and well")))
        assert not any(f'"{char}"' in left for char in s.canary), left
        left = json.dumps(told(s, parts("123-45", "-6789")) + told(s, parts("219", "-09-", "9998")))
        assert not re.search(r"123-|6789|219|9998", left), left


def result_in_pieces(name: str, *texts: str) -> dict[str, Any]:
    """A request of a dialect in which the result of a tool, or a document, comes in pieces."""
    bare = [{"text": each} for each in texts]
    typed = [{"type": "text", **each} for each in bare]
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": typed}
    tool = {"role": "tool", "tool_call_id": "call_0", "content": typed}
    found = {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", **x} for x in bare]}
    bodies: dict[str, dict[str, Any]] = {
        "openai.chat": {"messages": [{"role": "user", "content": "Hi."}, calls("{}"), tool]},
        "openai.responses": {"input": [found]},
        "anthropic.messages": {"max_tokens": 9, "messages": [{"role": "user", "content": [block]}]},
        "bedrock.converse": {"messages": [turn("toolResult", {"toolUseId": "t1", "content": bare}, "content")]},
        "cohere.chat": {"messages": [{"role": "user", "content": "Hi."}], "documents": list(texts)},
        "gemini.generate": {
            "contents": [turn("functionResponse", {"name": "f", "response": {"content": bare}}, "parts")]
        },
    }
    return {**bodies[name], **({} if name.startswith(("bedrock", "gemini")) else {"model": "m"})}


def turn(part: str, value: Mapping[str, Any], parts: str) -> dict[str, Any]:
    return {"role": "user", parts: [{part: value}]}


PIECED = ("openai.chat", "openai.responses", "anthropic.messages", "bedrock.converse", "cohere.chat", "gemini.generate")


@pytest.mark.parametrize("name", PIECED)
def test_eva_01_in_pieces_of_what_a_tool_found(house: House, name: str) -> None:
    """A retrieval that cuts texts into pieces cuts where it likes."""
    with house.siege(without={"I3"}) as s:  # two halves of one value are replaced by two placeholders
        s.reply(answer(SPECIMENS[name].answer("Noted.")))
        for one, other in ((s.canary[:7], s.canary[7:]), ("The SSN on file is 219-0", "9-9998, no allergies.")):
            assert s.ask(name, result_in_pieces(name, f"In full: {one}", f"{other} was written.")).status == 200
            got = s.sent[-1].body.decode()
            assert one.split()[-1] not in got, got
            assert other.split(",")[0] not in got, got


# ── EVA-02 to EVA-06: other signs ──────────────────────────────────────────────────────────────────────────────

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe00\ufe0f\U000e0100\u034f\u180e\u200e\u2063\ufff9"


def in_selectors(text: str) -> str:
    return "\U0001f600" + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


def in_bits(text: str) -> str:
    return "hi" + "".join("\u2062\u2064"[int(bit)] for byte in text.encode() for bit in f"{byte:08b}")


def test_eva_02_signs_that_nobody_sees(house: House) -> None:
    """Between all signs, instead of them, and as their bytes."""
    tags: Dress = lambda text: "".join(chr(0xE0000 + ord(char)) for char in text)  # noqa: E731
    dressed(house, [*map(between, UNSEEN), between("\u200b\u2060\ufe0f"), tags, in_selectors, in_bits])


def test_eva_03_other_digits_and_letters(house: House) -> None:
    """Full-width, mathematical, circled, raised, of other scripts; Roman numerals of Unicode in a date."""
    firsts = (0xFF10, 0x1D7CE, 0x1D7E2, 0x660, 0x6F0, 0x966, 0xE50, 0x1FBF0)
    tens = ("⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "0⑴⑵⑶⑷⑸⑹⑺⑻⑼")
    alphabets = (0xFF21, 0x1D400, 0x24B6, 0x1F130, 0x1F150, 0x1F170)
    dressed(house, [*map(digits, firsts), *map(digits, tens), *map(letters, alphabets)])
    with house.siege() as s:
        for written in ("\u216b/\u2164/1971", "12.\u2164.1971"):
            assert "1971" not in str(told(s, f"DOB: {written} ok"))


def test_eva_04_letters_that_look_alike(house: House) -> None:
    """In addresses and codes; names with them are counted."""
    with house.siege() as s:
        for cue, written in (("SSN", "2l9-O9-9998"), ("MRN", "2O4l7745"), ("MRN", "2041774S"), ("DOB", "O3/l4/1971")):
            assert written not in str(told(s, f"{cue}: {written} ok"))
    with house.siege() as s:
        for address in ("j\u0430ne.d\u043ee@hospital.ex\u0430mple", "\u039c\u0391R\u0399A@x.example"):
            assert address not in str(told(s, f"Write to {address} please"))
        for name in ("M\u0430ri\u0430 D\u0435lg\u0430do", "\u0410nna Br\u0430ndt", "Lud\u043cila Okonkw\u043e"):
            told(s, f"My name is {s.realistic(name)} and I am ill.")


def test_eva_05_from_right_to_left(house: House) -> None:
    """Overridden, isolated, marked: in either direction."""
    dressed(
        house,
        [
            lambda text: f"\u202e{text[::-1]}\u202c",
            lambda text: f"\u202e{text}\u202c",
            lambda text: f"\u2067{text}\u2069",
            lambda text: "\u200f".join(text),
        ],
    )
    with house.siege(without={"I3"}) as s:  # JSON escapes beside what is replaced are written anew
        for written in ("\u202e1791/50/21\u202c", "12\u200e/\u200f05/\u20671971\u2069"):
            assert not re.search("1971|1791", str(told(s, f"Born {written} in spring")))


CHANGING = ("ﬁ", "ß", "İ", "㍏", "e\u0301", "é", "½", "👩\u200d👩\u200d👧", "\r\n", "ZQ123456789012", "\u202e", "&amp;")
PIECES = st.sampled_from([*CHANGING, " "])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join))
def test_eva_06_what_a_view_covers_is_the_text(text: str) -> None:
    """Put together again from the spans of what is found and what lies between, a text is itself."""
    seen, at, built = view(text), 0, ""
    for found in re.finditer(r"\w+", seen.text):
        span = seen.original(*found.span())
        start = max(span.start, at)
        built += text[at:start] + text[start : max(span.end, at)]
        at = max(span.end, at)
    assert built + text[at:] == text


def test_eva_06_what_grows_and_shrinks(house: House) -> None:
    """The value and nothing else is taken out from between signs that change their length."""
    with house.siege(without={"I3"}) as s:
        around = "ﬁ ß İ ㍏ é ½ 👩\u200d👩\u200d👧\r\n"
        (message,) = told(s, f"{around}{s.canary} {around}")
        assert message["content"] == f"{around}[OTHER_ID_1] {around}"


# ── EVA-07, EVA-08: codes and spelling ─────────────────────────────────────────────────────────────────────────


def test_eva_07_codes(house: House) -> None:
    """Also within each other; shorter ones too if they say nothing but a value."""
    raw: list[Dress] = [
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: f"0x{text.encode().hex()}",
        lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
        lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
        lambda text: urllib.parse.quote(f"({text})"),
        lambda text: "".join(f"&#{ord(char)};" for char in text),
        lambda text: "".join(f"&#x{ord(char):x};" for char in text),
        lambda text: html.escape(f"<{text}>"),
        lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
        lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    ]
    dressed(house, raw)
    dressed(house, [lambda text, code=code: code(f"Patient {text} is ill") for code in raw])  # type: ignore[misc]


def test_eva_08_spelled_out(house: House) -> None:
    """One by one, by lines, in cells, in comments; numbers in words are counted."""
    by = (" ", "\n", " | ", ",", ", ", ".", "-", "_", ";")
    dressed(house, [between(each) for each in by])
    dressed(house, [between(" ")], "/* id: {} */")
    dressed(house, [str], "name,id\nAda,{}\n")
    dressed(house, [str], "| id |\n|---|\n| {} |\n")
    with house.siege() as s:
        for written in (
            "My social security number is two one nine dash zero nine dash nine nine nine eight",
            "S-S-N is 2 1 9 0 9 9 9 9 8",
            "| SSN | 219 | 09 | 9998 |",
            "ssn: two-one-nine, zero-nine, nine-nine-nine-eight",
        ):
            got = str(told(s, written))
            s.realistic("9998" if re.search("9 9 9 8|9998|nine nine eight|nine-nine-eight", got) else "219-09-9998")


# ── EVA-09 to EVA-12: among other signs ────────────────────────────────────────────────────────────────────────

WRAPPED = (
    "[chart](https://x.example/p?id={})",
    "![](https://x.example/{}.png)",
    "<a href='x?id={}' title='{}'>chart</a>",
    "\\textbf{{Patient: {}}} $x_{{{}}}$",
    "SELECT * FROM visits WHERE id='{}';",
    '{{"resourceType":"Patient","identifier":[{{"value":"{}"}}]}}',
    "MSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.3\rPID|1||{}^^^H^MR||LOPEZ^MARIA",
    "<note><![CDATA[{}]]></note>",
    "**{}** and `{}` and _{}_ and ~~{}~~",
    "# {}\n> {}\n- {}\n",
    "```python\nid = '{}'  # {}\n```",
)


def test_eva_09_eva_11_in_other_peoples_syntax(house: House) -> None:
    """The value goes, the syntax stays."""
    with house.siege() as s:
        for wrap in WRAPPED:
            (message,) = told(s, wrap.replace("{}", s.canary).replace("{{", "{").replace("}}", "}"))
            assert "ZQ" not in message["content"], message
            if wrap.startswith("{{"):
                assert json.loads(message["content"])["resourceType"] == "Patient"
            if wrap.startswith("MSH"):
                assert [line[:4] for line in message["content"].split("\r")] == ["MSH|", "PID|"]


def test_eva_10_one_person_in_many_forms(house: House) -> None:
    """Every form goes, and each comes back; in the case in which it was first written."""
    with house.siege() as s:
        text = "Maria Delgado came. DELGADO, MARIA was seen. Ms. Delgado left. Mail mdelgado@x.example."
        s.reply(lambda request: chat_answer(request.json()["messages"][-1]["content"]))
        answered = s.ask("openai.chat", text)
        assert text.lower() in OPENAI.said(answered.json()).lower()
        assert "delgado" not in str(s.sent[-1].json()).lower()


@pytest.mark.parametrize("edge", [240, 8_000])
def test_eva_11_at_every_edge(house: House, edge: int) -> None:
    """A text is read in windows: a value that slides over the edge of one is in none of them lost."""
    with house.siege() as s:
        filler = "word " * (edge // 5)
        lines = [f"{filler[: edge - 20 + shift]} {s.canary} end." for shift in range(0, 40, 1 if edge < 1_000 else 5)]
        for line in [lines] if edge < 1_000 else [[each] for each in lines]:
            (message,) = told(s, "\n".join(line))
            assert "ZQ" not in message["content"]


def test_eva_12_words_that_appear_only_at_the_end(house: House) -> None:
    """A phrase that a restored value completes, or that comes in pieces: what is read is what was checked."""
    with house.siege() as s:
        for words in ("As your doctor, I think [OTHER_ID_1] should rest.", "I th", "I\u200b think so."):
            s.reply(chat_stream(*words, " That is all there is to it."))
            read = heard(s.ask("openai.chat", question(f"I am {s.canary}.", stream=True), stream=True).body)
            assert "I think" not in read.replace("\u200b", "")
        s.reply(chat_answer("I think [OTHER_ID_1] is right."))
        whole = OPENAI.said(s.ask("openai.chat", f"I am {s.canary}.").json())
        assert "I think" not in whole
        assert s.canary in whole
