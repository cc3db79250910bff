"""The examples of docs/integration.md run as they stand there, with a recording upstream in the provider's place."""

from __future__ import annotations

import contextlib
import io
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.proxy import leaked
from tests.support.served import served

PAGE = Path(__file__).parent.parent.parent / "docs" / "integration.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("\n## In-process\n")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```python\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeUpstream]:
    """The provider of both SDKs and of `policy.yaml` in the current directory."""
    with FakeUpstream(chat_answer("Hello [PATIENT_1].")) as made:
        house = {"base_url": made.url, "dialects": ["openai.chat", "anthropic.messages"]}
        policy = {"name": "p", "version": 1, "extends": ["baseline"], "default_upstream": "house"}
        (tmp_path / "policy.yaml").write_text(yaml.safe_dump({**policy, "upstreams": {"house": house}}))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{made.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", made.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-2")
        yield made


def run(block: str) -> tuple[dict[str, Any], str]:
    """What the example defines, and what it prints."""
    names: dict[str, Any] = {"__name__": "example"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(block, str(PAGE), "exec"), names)
    return names, printed.getvalue()


def test_the_page_has_three_examples_of_some_ten_lines() -> None:
    assert len(BLOCKS) == 3
    assert all(len([line for line in block.splitlines() if line.strip()]) <= 14 for block in BLOCKS)


def test_the_wrapped_server(upstream: FakeUpstream) -> None:
    names, _ = run(BLOCKS[0])
    question = {"model": "m", "messages": [{"role": "user", "content": "My name is Maria Delgado. Ibuprofen?"}]}
    with served(names["app"]) as url:
        request = urllib.request.Request(
            f"{url}/v1/chat/completions", json.dumps(question).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as page:
            said = json.loads(page.read())["choices"][0]["message"]["content"]
    assert said.endswith("Maria Delgado should ask a pharmacist first.")
    assert "machine" in said[:200]
    assert upstream.received == b""


def test_the_asynchronous_client(upstream: FakeUpstream) -> None:
    _, printed = run(BLOCKS[1])
    assert printed.rstrip().endswith("Hello Maria Delgado.")
    assert not leaked("20417745", upstream.received)
    assert not leaked("Delgado", upstream.received)


def test_the_client_without_an_event_loop(upstream: FakeUpstream) -> None:
    upstream.reply(answer({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_reason": "end_turn",
        "stop_sequence": None, "content": [{"type": "text", "text": "Hello [PATIENT_1]."}],
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }))  # fmt: skip
    _, printed = run(BLOCKS[2])
    assert "machine" in printed[:200]
    assert printed.rstrip().endswith("Hello Maria Delgado.")
    assert not leaked("Delgado", upstream.received)
