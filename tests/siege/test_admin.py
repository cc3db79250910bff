"""SEC-*: who may look and change, and what may be seen: no word, no key, no way to run anything."""

from __future__ import annotations

import ast
import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.siege.house import CHAT, House
from tests.siege.oracles import hidden_in
from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.proxy import Proxy

pytestmark = pytest.mark.timeout(300)  # processes of the product are started, on whatever machine

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "guardrail"
WARD, ICU, OPS = "token-of-the-ward-7c1e", "token-of-the-icu-02ab", "token-of-ops-55d0"
PROVIDER_KEY = "sk-ZQ700000000001-of-the-provider"
QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Which floor is radiology on?"}]}
LOUD = {
    "HTTPX_LOG_LEVEL": "trace",
    "HTTPX2_LOG_LEVEL": "trace",
    "HTTPCORE_LOG_LEVEL": "debug",
    "UVICORN_LOG_LEVEL": "trace",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONWARNINGS": "default",
    "SIEGE_KEY": PROVIDER_KEY,
}


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Guarded:
    """A proxy that asks for tokens, and its upstream."""

    proxy: Proxy
    upstream: FakeUpstream

    def ask(self, path: str = CHAT, body: object = QUESTION, **headers: str) -> Got:
        """On the client port."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return fetch(self.proxy.port, path, {"content-type": "application/json", **named}, json.dumps(body).encode())

    def look(self, path: str, **headers: str) -> Got:
        """On the admin port."""
        return fetch(self.proxy.admin_port, path, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Tokens for clients and administrators, a provider's key, and every library as talkative as it can be."""
    file = tmp_path_factory.mktemp("guarded") / "policy.yaml"
    with FakeUpstream(chat_answer("On the second floor.")) as upstream:
        policy = {
            "name": "guarded",
            "version": 1,
            "extends": ["baseline"],
            "upstreams": {"one": {"base_url": upstream.url, "api_key_env": "SIEGE_KEY"}},
            "default_upstream": "one",
            "clients": [{"name": "ward", "token_sha256": sha(WARD)}, {"name": "icu", "token_sha256": sha(ICU)}],
            "admin": {"tokens": [{"name": "olga", "role": "ops", "token_sha256": sha(OPS)}]},
        }
        file.write_text(yaml.safe_dump(policy))
        with Proxy("--policy", str(file), environment=LOUD) as proxy:
            yield Guarded(proxy, upstream)


def fetch(port: int, path: str, headers: Mapping[str, str], data: bytes | None = None) -> Got:
    """One request."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, dict(headers)), timeout=20
        ) as page:
            return Got(page.status, {name.lower(): value for name, value in page.headers.items()}, page.read())
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, {name.lower(): value for name, value in error.headers.items()}, error.read())


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("token", ["", "admin", "password", WARD, OPS[:-1], f"{OPS}x", sha(OPS), "null", "Bearer"])
def test_sec_01_sec_02_a_wrong_token_opens_nothing_and_learns_nothing(guarded: Guarded, token: str) -> None:
    """Not one that nearly fits, not its hash, not one of another port; and every refusal reads like the others."""
    told = [guarded.look(path, authorization=f"Bearer {token}") for path in ("/console", "/guardrail/suspensions")]
    assert {each.status for each in told} <= {401, 429}
    inside = guarded.ask(x_guardrail_token=token if token != WARD else OPS)
    assert inside.status == 401
    assert inside.body == guarded.ask(x_guardrail_token="never heard of").body
    assert len(token) < 12 or token.encode() not in inside.body + b"".join(each.body for each in told)


def test_sec_01_the_right_token_opens_what_is_its_own(guarded: Guarded) -> None:
    """So the refusals above are not those of a closed door."""
    assert guarded.ask(x_guardrail_token=WARD).status == 200
    assert guarded.look("/guardrail/suspensions", authorization=f"Bearer {OPS}").status in (200, 429)


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1.evil.example"])
def test_sec_03_no_web_page_gets_in(house: House, origin: str) -> None:
    """Another page's script has no CORS to rely on, its form's text is no JSON, its own name is not ours."""
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        body = json.dumps(QUESTION)
        for headers, status in (("", 200), ("Content-Type: text/plain\r\n", 415)):
            kind = headers or "Content-Type: application/json\r\n"
            head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nContent-Length: {len(body)}\r\n"
            told = s.raw(f"{head}{kind}\r\n{body}".encode()).only
            assert told.status == status
            assert not [name for name in told.headers if name.startswith("access-control-")]
            assert "set-cookie" not in told.headers
        preflight = f"OPTIONS {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\n\r\n"
        assert s.raw(preflight.encode()).only.status >= 400
        rebound = f"GET {CHAT} HTTP/1.1\r\nHost: evil.example\r\n\r\n"
        assert s.raw(rebound.encode()).only.status == 421


# ── what may be seen ──────────────────────────────────────────────────────────────────────────────────────────────


def test_sec_05_names_that_somebody_makes_up_make_no_series(house: House) -> None:
    """Random models, paths, users, groups, subjects, statuses: the page is as long as before. The hundred thousand are
    counted in tests/record/test_metrics.py."""

    def one(number: int) -> None:
        headers = {"x-guardrail-age-band": f"a{number}", "x-guardrail-role": f"r{number}", "user-agent": f"u{number}"}
        s.reply(answer({"error": {"message": "no"}}, 400 + number % 90))
        s.post(CHAT, {**QUESTION, "model": f"model-{number}", "user": f"user-{number}"}, headers)
        s.post(f"/v1/path-{number}", QUESTION)

    with house.siege(without=["I5"]) as s:  # an error of the provider's own that is no OpenAI error
        for number in range(30):
            one(number)
        before = len(s.proxy.metrics().splitlines())
        for number in range(1_000, 1_090):
            one(number)
        page = s.proxy.metrics()
        assert len(page.splitlines()) <= before + 70, "statuses are a closed set, and nothing else is new"
        assert len(page) < 1_000_000
        assert "model-1" not in page


HOSTILE = ["x\r\ny", "\x1b[31m", "\u2028", '","level":"info","event":"forged', "%s%n{0}", "a" * 1_000_000, "\ud800"]


@pytest.mark.parametrize("value", HOSTILE, ids=["crlf", "ansi", "u2028", "json", "format", "long", "surrogate"])
def test_sec_06_sec_07_what_is_logged_is_ours(house: House, value: str) -> None:
    """At DEBUG, whatever stands in model, user, path or header: one event is one line of JSON with known fields."""
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        text = f"{value}{s.canary}"
        s.post(CHAT, {**QUESTION, "model": text, "user": text}, {"x-request-id": s.canary, "referer": s.canary})
        s.post(f"/v1/{s.canary}", {"model": text})
        for line in s.log.splitlines():
            told = json.loads(line)
            assert len(line) < 1_000
            assert told["event"] != "forged"


def test_sec_08_sec_10_keys_are_nowhere(guarded: Guarded) -> None:
    """With every library at its loudest: neither log, page, error, audit, nor the analyzer's environment has a key."""
    assert guarded.ask(x_guardrail_token=WARD).status == 200
    guarded.upstream.reply(answer({"error": {"message": f"Incorrect API key provided: {PROVIDER_KEY}"}}, 401))
    told = [guarded.ask(x_guardrail_token=WARD), guarded.ask("/v1/nothing", x_guardrail_token=ICU), guarded.ask()]
    guarded.upstream.reply(chat_answer("On the second floor."))
    assert PROVIDER_KEY in str(guarded.upstream.requests[0].header("authorization"))
    pages = [guarded.proxy.get(f"/guardrail/{name}")[1] for name in ("ready", "live", "disclosure", "incidents.json")]
    pages += [guarded.look(path).body for path in ("/metrics", "/console", "/config", "/debug", "/guardrail/config")]
    children = [Path(f"/proc/{child}/environ").read_bytes() for child in guarded.proxy.analyzers()]
    assert children
    sinks = [guarded.proxy.log, guarded.proxy.written, *pages, *children]
    sinks += [each.body + repr(each.headers).encode() for each in told]
    for key in (PROVIDER_KEY, WARD, ICU, OPS):
        assert [number for number, sink in enumerate(sinks) if hidden_in(key, sink)] == []
    for line in guarded.proxy.log.splitlines():
        assert "message" not in json.loads(line)


def test_sec_09_no_header_counts_what_was_found(house: House) -> None:
    """That something was replaced is told (X-Guardrail-Action), how much and what is not (docs/phi.md)."""
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        shown: list[dict[str, str]] = []
        for count in (1, 9):
            text = " and ".join(s.another() for _ in range(count))
            told = s.post(CHAT, {"model": "m", "messages": [{"role": "user", "content": f"Which floor is {text} on?"}]})
            own = {"date", "x-guardrail-receipt", "content-length"}
            shown.append({name: value for name, value in told.headers.items() if name not in own})
        assert shown[0] == shown[1]
        assert shown[0]["x-guardrail-action"] == "replace"


# ── what can't be run ─────────────────────────────────────────────────────────────────────────────────────────────

RUNS = {"eval", "exec", "compile", "__import__", "execfile"}
SPAWNS = {"subprocess", "pty", "multiprocessing", "pickle", "marshal", "shelve", "ctypes", "code", "runpy"}
STARTS = {
    "engine/nursery.py": "what analyzers are forked from",
    "engine/settled.py": "nothing: it asks the C library to give memory back",
    "engine/dumps.py": "nothing: it asks the kernel that no core file is written",
    "workers.py": "the workers",
    "wire/pdf.py": "who reads PDF files",
}
"""Who starts a process, and which: always the same command; what came in goes by a pipe and is data."""


def test_sec_11_nothing_that_comes_in_is_ever_run() -> None:
    """No eval, no templates out of requests, no process but our own three: looked for in the sources."""
    found: list[str] = []
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                plain = isinstance(node.func, ast.Name) and called in RUNS
                shell = called in ("os.system", "os.popen", "from_string", "env.from_string") or called.startswith(
                    "os.exec"
                )
                starts = called.endswith(("create_subprocess_exec", "create_subprocess_shell", "Popen"))
                if (
                    plain
                    or (shell and name not in STARTS)
                    or called.endswith(".from_string")
                    or (starts and name not in STARTS)
                ):
                    found.append(f"{name}:{node.lineno}: {called}")
            elif isinstance(node, ast.Import | ast.ImportFrom):
                modules = (
                    [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
                )
                if name not in STARTS and not node_level(node):
                    found += [f"{name}:{node.lineno}: {each}" for each in modules if each.split(".")[0] in SPAWNS]
    assert found == []


def node_level(node: ast.Import | ast.ImportFrom) -> int:
    """Of a relative import; 0 for what is named in full."""
    return node.level if isinstance(node, ast.ImportFrom) else 0


def test_sec_12_what_is_installed_is_pinned_and_starts_nothing_by_itself() -> None:
    """Every package by hash, installed with --require-hashes; and an image with a `.pth` file is not built."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
        packages = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert packages
        assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in image
    assert "test -z \"$(find /opt/guardrail -name '*.pth')\"" in image
    assert "--require-hashes" in (ROOT / "Makefile").read_text(encoding="utf-8")
