"""NLP-*: whatever becomes of the analyzer, a text that was not inspected does not leave."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guardrail.rails.phi_presidio import Presidio, Stretch
from tests.siege.house import CHAT, House, housed
from tests.support.fake_upstream import chat_answer, wait_until

pytestmark = pytest.mark.timeout(300)  # processes of the product are started, on whatever machine


def asked(*texts: str) -> bytes:
    """A chat of these questions, its letters as they are: of a string that is changed the escapes may be."""
    chat = {"model": "m", "messages": [{"role": "user", "content": text} for text in texts]}
    return json.dumps(chat, ensure_ascii=False).encode()


def test_nlp_03_too_little_memory(tmp_path: Path) -> None:
    """Nothing is served with fewer checks: the start fails, in one line."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))

    ended = subprocess.run(
        [sys.executable, "-m", "guardrail", "serve", "--port", "0", "--admin-port", "0"],
        capture_output=True, text=True, timeout=280, check=False, preexec_fn=limit,
        env={**os.environ, "GUARDRAIL_DATA_DIR": str(tmp_path / "data"), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert ended.returncode != 0
    assert ended.stdout == "", "never ready"
    assert "MemoryError" in ended.stderr or "memory" in ended.stderr or "did not load" in ended.stderr
    assert "Traceback" not in ended.stderr


LANGUAGES = {
    "German": "Die Patientin {} klagt seit drei Tagen über Husten und Fieber.",
    "Chinese": "患者 {} 咳嗽三天了,应该怎么办?",
    "Arabic": "المريض {} يعاني من السعال منذ ثلاثة أيام.",
    "mixed": "Patient {} hat 咳嗽 und السعال since Monday.",
    "capitals": "PATIENT {} COUGHS SINCE THREE DAYS AND HAS A FEVER",
    "bare": "patient {} cough three days fever no appetite what now",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nlp_04_a_language_that_no_model_knows(house: House, language: str) -> None:
    """Patterns look at it all the same."""
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        told = s.post(CHAT, asked(LANGUAGES[language].format(s.canary)))
        assert (told.status, len(s.sent)) == (200, 1)


def test_nlp_04_a_script_in_which_names_can_not_be_found(house: House) -> None:
    """Refused, with the reason in the record: a gap of the detector is nobody's name at a provider."""
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        told = s.post(CHAT, asked(f"환자 김민수 {s.canary} 님은 어제부터 열이 나고 기침을 합니다 내일 다시 오세요"))
        assert told.status >= 400
        assert told.json()["error"]["code"] == "unknown_script"
        assert s.sent == []
        assert s.proxy.metric('guardrail_failures_total{reason="unknown_script"') >= 1


@pytest.fixture(scope="module")
def hurried() -> Iterator[House]:
    """In which a check of a request is waited for five seconds: of many long ones at once only some can be done."""
    with housed(limits={"analysis_deadline_seconds": 5}) as house:
        yield house


MANY = 50


def test_nlp_05_many_long_texts_at_once(hurried: House) -> None:
    """50 of 100 KB, which ask for minutes of work: each is inspected or told to come again, and what was not inspected
    has not left. Short questions that come behind them are answered, within the same five seconds."""
    with hurried.siege(without=["I3"]) as s:  # several at once: nobody knows which came of which
        s.reply(chat_answer("On the second floor."))
        words = "the patient was seen in clinic with a cough and was told to rest, " * 1_550
        texts = [f"{number} {words} {s.another()}" for number in range(MANY)]
        with ThreadPoolExecutor(MANY) as clients:
            long = [clients.submit(s.post, CHAT, asked(text), seconds=100) for text in texts]
            wait_until(lambda: s.proxy.metric("guardrail_exchanges_in_flight ") > MANY / 2, 20, "most are there")
            short = [s.post(CHAT, asked(f"Which floor is ward {number} on? {s.another()}")) for number in range(5)]
            told = [each.result(100) for each in long]
        assert [each.status for each in short] == [200] * 5
        refused = [each for each in told if each.status != 200]
        assert refused, "not even on a fast machine is this done in time"
        assert {each.status for each in refused} == {503}
        assert all(int(each.headers["retry-after"]) >= 1 for each in refused)
        assert len(s.sent) == MANY + len(short) - len(refused)
        ends = Counter(each["end"] for each in s.outcomes(MANY + len(short)))
        assert ends == Counter({"answered": len(s.sent), "failed": len(refused)})


def test_nlp_06_the_same_text_is_read_in_the_same_way(house: House) -> None:
    """Cold and remembered, alone and among thirty-two, one after the other and all at once."""
    text = "pt Ludmila Brandt, MRN 00731245, seen 3/9/2024, IBAN DE89 3704 0044 0532 0130 00. What is her dose?"
    others = [f"Which floor is ward number {number} on?" for number in range(31)]
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        for _ in range(10):
            s.post(CHAT, asked(text))
        s.post(CHAT, asked(*others[:15], text, *others[15:]))
        threads = [threading.Thread(target=s.post, args=(CHAT, asked(text))) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        read = {each["content"] for sent in s.sent for each in sent.json()["messages"] if "dose" in each["content"]}
        assert len(s.sent) == 21
        assert len(read) == 1
        assert text not in read


def test_nlp_08_new_names_leave_nothing_behind() -> None:
    """The vocabulary of the tokenizer forgets them. A day's worth: `python -m benchmarks.vocabulary 1000000`."""
    rail = Presidio()
    strings = rail._tokenizer._language.vocab.strings

    def read(number: int) -> None:
        text = f"Write to Quilla{number} Zandt{number}, card 4111 1111 1111 1111, q{number}@zandt.example."
        assert rail.find(text, Stretch(0, len(text), phone=True))

    for number in range(20):
        read(number)
    before = len(strings)
    for number in range(20, 220):
        read(number)
    assert len(strings) == before
    assert "Quilla100" not in strings
