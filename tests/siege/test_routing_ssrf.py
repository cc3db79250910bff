"""URL-*: where a request goes. The upstream is always the policy's; the path is always what was checked."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guardrail.errors import UpstreamUnreachable
from guardrail.wire.upstream import Upstream, UpstreamRequest
from tests.siege.house import CHAT, SPECIMENS, House, Siege, housed
from tests.siege.oracles import hidden_in
from tests.siege.test_http_framing import assert_refused, body_of
from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.proxy import Proxy
from tests.support.toy_process import request

PICTURES = "pictures.example.org"


@pytest.fixture(scope="module")
def siege_house() -> Iterator[House]:
    """Pictures may be linked to, at one host."""
    with housed(media={"hosts": [PICTURES], "release": ["image/*"]}) as house:
        yield house


def test_url_01_bad_host(house: House) -> None:
    """The Host header decides nothing, and must be a host; here one of this machine's names."""
    with house.siege() as s:
        for host in ("a/health?x=", f"a/{CHAT}?x=", "a b", "a,b", "a@b", "", "127.0.0.1:99999999"):
            assert_refused(s, request(target="/admin/keys", headers=(f"Host: {host}",)), 400)
        assert_refused(s, request(target="/admin/keys", headers=("Host: evil.test",)), 421)
        assert_refused(s, request().replace(b"Host: 127.0.0.1\r\n", b""), 400)
        assert_refused(s, request(target="/admin/keys"), 404)


def test_url_02_absolute_targets(house: House) -> None:
    """A proxy request is not for us."""
    with house.siege() as s:
        for host in ("evil.test", "127.0.0.1", s.upstream.url.partition("//")[2]):
            assert_refused(s, request(body_of(s.canary), target=f"http://{host}{CHAT}"), 400)


def test_url_03_targets_that_move_the_host(house: House) -> None:
    """A target starts with one slash."""
    with house.siege() as s:
        for target in ("@evil.test/v1", ".evil.test/v1", ":80@evil.test/", "//evil.test/v1", "/\\evil.test", "*",
                       CHAT + "#x"):  # fmt: skip
            assert_refused(s, request(body_of(s.canary), target=target), 400)


def test_url_04_targets_that_normalise(house: House) -> None:
    """What is checked is what is routed; nothing is decoded in between."""
    with house.siege() as s:
        for target in (
            "/v1/../../admin", "/v1/%2e%2e/admin", "/v1/..%2f..%2fadmin", "/v1//chat/completions", "/v1/./x",
            CHAT + ".", CHAT + "%20", CHAT + ";", "/v1/%252e", CHAT + "/", "/%761/chat/completions",
            "/r/one/../../admin", "/r//v1/chat/completions",
        ):  # fmt: skip
            assert_refused(s, request(body_of(s.canary), target=target), 400, 404)


def test_url_05_odd_bytes_in_paths(house: House) -> None:
    """No control character gets into a log line, the record or a request line."""
    with house.siege() as s:
        for odd in (b"%00", b"%0d%0aX-A:%20b", b"%ff", b"%zz", "é".encode(), b"%c0%af", b"\x00", b"\x1b[31m"):
            talk = s.raw(request(body_of(s.canary)).replace(CHAT.encode(), CHAT.encode() + odd))
            assert talk.only.status in (400, 404, 414), odd
            assert talk.closed
        assert s.raw(request(target="/" + "a" * 100_000)).only.status in (400, 404, 414, 431)
        assert s.sent_bytes == b""
        assert not set(s.log) & (set(range(32)) - {10} | {127})


def test_url_06_routing_hints_are_ignored(house: House) -> None:
    """Neither body nor headers nor query choose where a request goes (CVE-2024-6587)."""
    with house.siege() as s, FakeUpstream() as attacker:
        s.reply(chat_answer())
        told = s.post(
            CHAT,
            {
                **SPECIMENS["openai.chat"].question(f"My number is {s.canary}."),
                "api_base": attacker.url, "base_url": attacker.url, "upstream": attacker.url, "host": "169.254.169.254",
            },
            {
                "X-Forwarded-Host": "evil.test", "X-Upstream": attacker.url, "Forwarded": "host=evil.test",
                "X-Guardrail-Upstream": attacker.url,
            },
        )  # fmt: skip
        assert_refused_or_inert(s, told.status)
        assert s.post(f"{CHAT}?api_base={attacker.url}", body_of(s.canary)).status == 400
        assert attacker.connections == 0


def assert_refused_or_inert(s: Siege, status: int) -> None:
    assert (status, len(s.sent)) in ((200, 1), (400, 0), (422, 0))
    for sent in s.sent:
        assert sent.header("host") == s.upstream.url.partition("//")[2]
        assert not [name for name, _ in sent.headers if "forward" in name.lower() or "upstream" in name.lower()]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_url_07_a_redirecting_provider(house: House, status: int) -> None:
    """502 with a code of its own; the Location goes nowhere, and so does the key."""
    with house.siege() as s, FakeUpstream() as elsewhere:
        for location in (elsewhere.url, "http://169.254.169.254/", "//evil.test/"):
            s.reply(answer(b"", status=status, headers={"Location": location}))
            told = s.post(CHAT, body_of(s.canary))
            assert (told.status, told.json()["error"]["code"]) == (502, "upstream_redirect")
            assert "location" not in told.headers
            assert location.strip("/").encode() not in told.body
        assert elsewhere.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1"])
def test_url_08_names_that_lead_home(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """The provider's name resolves to this machine or link: not one byte is sent, not even of TLS."""
    with FakeUpstream() as trap:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        home = (address, trap.port, 0, 0) if ":" in address else (address, trap.port)
        found = [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", home)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        asked = UpstreamRequest("https://api.provider.example", "/v1/x", "", (), b"ZQ123456789012", "t")

        async def ask() -> None:
            upstream = Upstream()
            try:
                async with upstream.open(asked):
                    pass
            finally:
                await upstream.close()

        with pytest.raises(UpstreamUnreachable):
            asyncio.run(ask())
        assert trap.received == b""


def test_url_09_the_environment_is_ignored(tmp_path: Path) -> None:
    """No proxy, no certificates and no password out of variables or files of the account."""
    (tmp_path / ".netrc").write_text("default login somebody password secret\n")
    with FakeUpstream(chat_answer()) as upstream, FakeUpstream() as trap:
        variables = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"), trap.url)
        more = {"NO_PROXY": "", "SSL_CERT_FILE": str(tmp_path / "none"), "NETRC": str(tmp_path / ".netrc")}
        with Proxy(upstream=upstream.url, environment={**variables, **more, "HOME": str(tmp_path)}) as proxy:
            house = House(proxy, upstream)
            with house.siege() as s:
                s.reply(chat_answer())
                talk = s.raw(request(body_of(s.canary)))
                assert (talk.only.status, len(s.sent)) == (200, 1)
                assert s.sent[0].header("authorization") is None
        assert trap.connections == 0


def image(url: str) -> dict[str, Any]:
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    return {"model": "m", "messages": [{"role": "user", "content": parts}]}


def test_url_10_links_to_pictures(house: House) -> None:
    """Only to hosts that the policy names; inspected, also what is encoded in it; never fetched by us."""
    with house.siege() as s, FakeUpstream() as inside:
        for url in (inside.url, "http://169.254.169.254/a.png", f"https://evil.test/{s.canary}.png", "file:///etc/x",
                    f"https://{PICTURES}.evil.test/a.png", f"https://{PICTURES}@evil.test/a.png"):  # fmt: skip
            told = s.post(CHAT, image(url))
            assert told.status in (400, 422), (url, told)
        assert s.sent == []
        s.reply(chat_answer())
        assert s.post(CHAT, image(f"https://{PICTURES}/a.png")).status == 200
        coded = "".join(f"%{ord(char):02x}" for char in s.canary)
        for query in (f"mrn={s.canary}", f"mrn={coded}", f"a=1&b={s.canary[:6]}%{ord(s.canary[6]):x}{s.canary[7:]}"):
            s.post(CHAT, image(f"https://{PICTURES}/a.png?{query}"))  # refused or replaced: I1 looks
        assert inside.connections == 0


def test_url_11_servers_that_the_provider_would_call(house: House) -> None:
    """Tools of the Responses API with an address and a key of their own: refused, told to nobody."""
    with house.siege() as s:
        for url in ("http://internal/mcp", f"https://evil.test/{s.canary}"):
            tool = {"type": "mcp", "server_label": "x", "server_url": url, "headers": {"Authorization": s.canary}}
            told = s.post("/v1/responses", {"model": "m", "input": "Hi.", "tools": [tool]})
            assert (told.status, told.json()["error"]["code"]) == (422, "uninspected_part")
        assert s.sent == []


def test_url_12_endpoints_outside_the_table(house: House) -> None:
    """Closed, whatever the content type and the method."""
    with house.siege() as s:
        for path in ("/v1/files", "/v1/batches", "/v1/audio/speech", "/v1/audio/transcriptions", "/v1/realtime",
                     "/api/pull", "/api/delete", "/v1/fine_tuning/jobs", "/v1/images/generations"):  # fmt: skip
            for kind in ("multipart/form-data; boundary=x", "application/json"):
                assert_refused(s, request(body_of(s.canary), target=path, headers=(f"Content-Type: {kind}",)), 404)


def test_url_13_other_methods_and_half_paths(house: House) -> None:
    """405 that says what is allowed, or 404; nothing falls through to a handler that reads nothing."""
    with house.siege() as s:
        for path in (CHAT, "/v1/messages", "/v1/responses", "/api/chat"):
            for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "GET"):
                talk = s.raw(request(b"", target=path, method=method), answers=0 if method == "HEAD" else 1)
                if method != "HEAD":
                    assert (talk.only.status, talk.only.headers["allow"]) == (405, "POST"), (path, method)
        for path in ("/v1", "/v1/", "/v1/chat", "/chat/completions", "/v1/messages/", "/openai/v1/messages", "/api"):
            assert_refused(s, request(body_of(s.canary), target=path), 404, 400)
        assert s.sent_bytes == b""


def test_what_was_in_a_request_is_in_no_refusal(house: House) -> None:
    """Of a path that nobody serves, either."""
    with house.siege() as s:
        talk = s.raw(request(body_of(s.canary), target=f"/v1/{s.canary}"))
        assert talk.only.status == 404
        assert not hidden_in(s.canary, json.dumps(talk.only.json()).encode())
