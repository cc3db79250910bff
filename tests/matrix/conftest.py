"""One recording upstream and one proxy for all dialects."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pytest

from guardrail.build import DIALECTS
from tests.matrix.catalogue import ALL
from tests.specimens.base import Specimen
from tests.support.fake_upstream import CLOSE, Answer, FakeUpstream, answer, raw
from tests.support.pool import lent
from tests.support.proxy import Proxy

STEP = int(os.environ.get("FAULTS_STEP", "5"))
"""Of what takes long each fifth; `make faults` looks at all."""
KEY = "AKIAEXAMPLEEXAMPLE:secret-of-the-hospital"
CREDENTIALS = {"authorization": "Bearer sk-of-the-hospital"}


@dataclass
class Told:
    """What the client got."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool

    @classmethod
    def of(cls, response: http.client.HTTPResponse) -> Self:
        """As much as comes of it."""
        body, whole = b"", True
        try:
            while piece := response.read1(65536):
                body += piece
        except (http.client.HTTPException, OSError):
            whole = False
        return cls(response.status, {name.lower(): value for name, value in response.getheaders()}, body, whole)

    def json(self) -> Any:
        return json.loads(self.body)


def headers_of(specimen: Specimen) -> dict[str, str]:
    """What its client sends; a bearer token unless it has a key of its own."""
    own = {name.lower() for name in specimen.headers}
    key = {} if own & {"x-api-key", "api-key", "x-goog-api-key"} else CREDENTIALS
    return {"content-type": "application/json", **key, **specimen.headers}


class House:
    """The recording upstream, the proxy before it, and a client that speaks plain HTTP."""

    def __init__(self, proxy: Proxy, upstream: FakeUpstream) -> None:
        self.proxy, self.upstream = proxy, upstream

    def ask(self, specimen: Specimen, body: Any, *, stream: bool = False) -> Told:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=30)
        path = specimen.stream_path if stream else specimen.path
        headers = headers_of(specimen)
        try:
            connection.request("POST", path or "", json.dumps(body), headers)
            return Told.of(connection.getresponse())
        finally:
            connection.close()

    def reply(self, body: Any, status: int = 200) -> None:
        self.upstream.reply(answer(body, status))

    def reply_stream(self, specimen: Specimen, data: bytes, *, cut: int | None = None) -> None:
        self.upstream.reply(streamed(specimen, data if cut is None else data[:cut], whole=cut is None))


def head_of_stream(specimen: Specimen) -> bytes:
    """What stands before the chunks."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {specimen.stream_type}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()


def streamed(specimen: Specimen, data: bytes, *, whole: bool = True) -> Answer:
    """The bytes as a chunked answer, ended in good order or broken off."""
    head = head_of_stream(specimen)
    body = b"%x\r\n%s\r\n" % (len(data), data) if data else b""
    return raw(head + body + b"0\r\n\r\n") if whole else raw(head + body, CLOSE)


def policy_of(url: str, **more: Any) -> dict[str, Any]:
    """A policy that sends every dialect to the upstream at this address."""
    dialects = sorted(DIALECTS | {each.name for each in ALL})
    described = {each.name: each.api for each in ALL if each.api is not None}
    known = [name for name in dialects if name in DIALECTS or name in described]
    return {
        "name": "matrix",
        # Its errors are meant: in some random order there are enough of them in a row to open the circuit.
        "upstreams": {"fake": {"base_url": url, "dialects": known, "breaker": {"failures": 1000}}},
        "default_upstream": "fake",
        "apis": {name.partition(".")[2]: api for name, api in described.items()},
        **more,
    }


@pytest.fixture(scope="module")
def matrix_house() -> Iterator[House]:
    with FakeUpstream(answer({})) as upstream, lent(policy_of(upstream.url)) as proxy:
        yield House(proxy, upstream)


@pytest.fixture(scope="module")
def blocking_house() -> Iterator[House]:
    """Its policy lets no question with PHI through at all."""
    rails = [{"rail": "phi", "request": "block"}]
    with FakeUpstream(answer({})) as upstream, lent(policy_of(upstream.url, rails=rails)) as proxy:
        yield House(proxy, upstream)
