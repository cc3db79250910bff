"""Signed lines: the right key and the right algorithm, one spelling, one reading (RFC 7515, RFC 8037)."""

from __future__ import annotations

import base64
import json
from typing import Any, Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guardrail.wire.jws import BadSignature, Key, read_key, verify
from tests.support.claims import PRIVATE, SECRET, as_written, part, sign

PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEYS: dict[str, Key] = {"HS256": Key("HS256", SECRET), "EdDSA": Key("EdDSA", PUBLIC)}
SAID = {"role": "nurse", "n": 1}


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_is_signed_is_read(algorithm: str) -> None:
    assert verify(sign(SAID, algorithm), KEYS[algorithm]) == SAID
    assert verify(sign(SAID, algorithm, head={"alg": algorithm, "typ": "JWT", "kid": "1"}), KEYS[algorithm]) == SAID


def test_the_example_of_rfc_8037_holds() -> None:
    """Appendix A.4 and A.5: its payload is no JSON object, so it is the signature alone that passes there."""
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    token = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    Ed25519PrivateKey.from_private_bytes(
        base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    ).public_key().verify(base64.urlsafe_b64decode(token.split(".")[2] + "=="), token.rpartition(".")[0].encode())
    with pytest.raises(BadSignature):
        verify(token, Key("EdDSA", public))


@pytest.mark.parametrize("algorithm", KEYS)
def test_one_changed_bit_of_head_payload_or_signature_is_one_too_many(algorithm: str) -> None:
    token = sign(SAID, algorithm)
    for place in range(3):
        parts = token.split(".")
        raw = bytearray(base64.urlsafe_b64decode(parts[place] + "=="))
        for at in range(0, len(raw), 5):
            changed = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
            with pytest.raises(BadSignature):
                verify(".".join([*parts[:place], part(changed), *parts[place + 1 :]]), KEYS[algorithm])


HEADS: dict[str, Any] = {
    "no signature": {"alg": "none"},
    "no signature, in capitals": {"alg": "None"},
    "another algorithm": {"alg": "HS512"},
    "the other algorithm": {"alg": "EdDSA"},
    "no algorithm": {"typ": "JWT"},
    "an algorithm that is no word": {"alg": ["HS256"]},
    "a critical extension": {"alg": "HS256", "crit": ["b64"], "b64": False},
    "a key that comes along": {"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}},
    "a key from somewhere": {"alg": "HS256", "jku": "https://evil.example"},
    "no object": b"[]",
    "no JSON": b"{",
    "not UTF-8": b'{"alg": "HS256\xff"}',
    "a member twice": b'{"alg": "none", "alg": "HS256"}',
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_a_head_says_nothing_but_the_algorithm_that_was_agreed(head: Any) -> None:
    with pytest.raises(BadSignature):
        verify(sign(SAID, head=head), KEYS["HS256"])


def test_a_public_key_is_no_secret_for_hmac() -> None:
    """The classic confusion: what everybody may know would open the door."""
    with pytest.raises(BadSignature):
        verify(sign(SAID, "HS256", key=PUBLIC), KEYS["EdDSA"])


PAYLOADS: dict[str, bytes] = {
    "no object": b'"granted"',
    "a member twice": b'{"role": "nurse", "role": "patient"}',
    "a number that is none": b'{"exp": NaN}',
    "too deep": b"[" * 4_000,
    "empty": b"",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_a_payload_has_one_reading(payload: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(sign(payload), KEYS["HS256"])


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_line_has_one_spelling(algorithm: str) -> None:
    token = sign(SAID, algorithm)
    head, payload, signature = token.split(".")
    last = signature[-1]
    sloppy = signature[:-1] + chr(ord(last) + 1)  # the bits that padding leaves over
    wrong = [
        *("", ".", "..", "...", "a.b.c", f"{head}.{payload}", f"{head}.{payload}.", f"{token}.", f"{token}="),
        *(f" {token}", f"{token}\n", token.replace(".", ". "), f"{head}.{payload}.{sloppy}", f"{head}..{signature}"),
        f"{head}.{payload}.{'A' * 9_000}",
    ]
    for line in wrong:
        with pytest.raises(BadSignature):
            verify(line, KEYS[algorithm])


def test_nothing_of_a_value_is_in_the_refusal() -> None:
    with pytest.raises(BadSignature) as caught:
        verify(sign({"role": "Maria Delgado"}, key=b"x" * 32), KEYS["HS256"])
    assert "Maria" not in str(caught.value) + repr(caught.value.__context__) + repr(caught.value.__cause__)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (
        401,
        "bad_claims",
        "x-guardrail-claims",
    )


def test_keys_as_operators_write_them() -> None:
    for algorithm in ("HS256", "EdDSA"):
        assert read_key(algorithm, as_written(algorithm) + "\n") == KEYS[algorithm]
    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert read_key("EdDSA", pem) == KEYS["EdDSA"]
    assert "sss" not in repr(KEYS["HS256"])


@pytest.mark.parametrize(
    ("algorithm", "text"),
    [
        *(("HS256", ""), ("HS256", "short"), ("HS256", base64.b64encode(b"s" * 31).decode()), ("HS256", "ä" * 44)),
        *(("EdDSA", ""), ("EdDSA", base64.b64encode(b"s" * 33).decode())),
        ("EdDSA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
        (
            "EdDSA",
            X25519PrivateKey.generate()
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode(),
        ),
    ],
)
def test_what_is_no_key_is_none(algorithm: Literal["EdDSA", "HS256"], text: str) -> None:
    assert read_key(algorithm, text) is None


def test_the_tests_own_tokens_are_what_they_say() -> None:
    head = sign(SAID).split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256"}
