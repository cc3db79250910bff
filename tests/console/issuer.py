"""A provider of identities on loopback. It hands out what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey


class Issuer:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.keys: list[Any] = [ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})]
        self._own = self.keys
        self.asked: list[tuple[str, Mapping[str, list[str]], Mapping[str, str]]] = []
        self.description: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.codes: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["content-length"])))

            def _answer(self, body: bytes) -> None:
                status, said = issuer.answer(self.path, body, dict(self.headers.items()))
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reset(self) -> None:
        self.__dict__.update(asked=[], description={}, answers={}, codes={}, keys=self._own)

    def answer(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        form = parse_qs(body.decode())
        self.asked.append((path, form, {name.lower(): value for name, value in headers.items()}))
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            own = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
            }
            return 200, json.dumps({**own, **self.description}).encode()
        if path == "/jwks":
            return 200, json.dumps(KeySet(self.keys).as_dict(private=False)).encode()
        if path == "/token":
            return self._token(form)
        return 404, b"{}"

    def _token(self, form: Mapping[str, list[str]]) -> tuple[int, bytes]:
        challenge, claims, header = self.codes.pop(form.get("code", [""])[0], ("", {}, {}))
        verifier = form.get("code_verifier", [""])[0].encode()
        if (
            not challenge
            or base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode() != challenge
        ):
            return 400, b'{"error": "invalid_grant"}'
        return 200, json.dumps({"id_token": self.sign(claims, header), "token_type": "Bearer"}).encode()

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any]) -> str:
        head = {"alg": "ES256", "kid": "one", **header}
        if head["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (head, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        key = head.pop("_key", None) or next(each for each in self.keys if each.kid == head["kid"])
        return jwt.encode(head, dict(claims), key, algorithms=[head["alg"]])

    def consent(
        self, sent: Mapping[str, list[str]], header: Mapping[str, Any] | None = None, **claims: Any
    ) -> dict[str, str]:
        """What the browser brings back after somebody has logged in there."""
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": sent["client_id"][0],
            "sub": "anna.smith",
            "nonce": sent["nonce"][0],
            "iat": now,
            "exp": now + 300,
            "roles": ["it-ops"],
            **claims,
        }
        code = f"code-{len(self.codes)}-{sent['state'][0][:8]}"
        kept = {name: value for name, value in said.items() if value is not None}
        self.codes[code] = (sent["code_challenge"][0], kept, dict(header or {}))
        return {"code": code, "state": sent["state"][0]}


def rsa(bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": "rsa", "use": "sig"})
