"""What a policy names but never holds: providers' keys, and what conversations are sealed with. Read at compiling.

A name without a usable value behind it is a broken policy: it refuses the start, and a reload leaves the old one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from guardrail.policy.crisis import check_webhook_url, is_private
from guardrail.policy.lint import Problem
from guardrail.policy.load import Loaded
from guardrail.policy.model import Upstream
from guardrail.policy.source import Refused
from guardrail.wire.jws import Key, read_key

STATE_KEY_BYTES = 32
HOOK_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class StateSecrets:
    """`key` is empty if the policy names none: then one is made that nobody else has."""

    key: bytes = field(default=b"", repr=False)
    redis_url: str = field(default="", repr=False)


def state_secrets(loaded: Loaded, environment: Mapping[str, str]) -> StateSecrets:
    """Raises Refused for a variable without 32 bytes in base64, or without Redis's address."""
    state = loaded.policy.state
    if not state.keep_at_provider:
        return StateSecrets()
    key = _bytes(environment.get(state.key_env, "")) if state.key_env else b""
    if state.key_env and len(key) != STATE_KEY_BYTES:
        what = f"there are no {STATE_KEY_BYTES} bytes in base64 in the environment variable {state.key_env}"
        raise _refused(loaded, "key_env", what)
    url = environment.get(state.redis_url_env or "", "").strip() if state.store == "redis" else ""
    if state.store == "redis" and not _is_redis(url):
        what = f"there is no redis:// or rediss:// address in the environment variable {state.redis_url_env}"
        raise _refused(loaded, "redis_url_env", what)
    return StateSecrets(key, url)


def _refused(loaded: Loaded, name: str, what: str) -> Refused:
    return Refused(loaded.complain(Problem(("state", name), what)), param=f"state.{name}")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("redis", "rediss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to tell that somebody may be in danger. `key` is empty if nothing is signed."""

    base_url: str
    path: str
    query: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)
    seconds: float = 3.0


def crisis_hook(loaded: Loaded, environment: Mapping[str, str]) -> Hook | None:
    """The webhook of the policy, None if there is none. Raises Refused without a usable address or key."""
    webhook = loaded.policy.crisis.webhook
    if webhook is None:
        return None
    url = webhook.url or environment.get(webhook.url_env or "", "").strip()
    if not _is_webhook(url, loaded.policy.unsafe):
        raise _no_hook(loaded, "url_env", f"there is no https address in the environment variable {webhook.url_env}")
    key = environment.get(webhook.key_env, "").strip().encode() if webhook.key_env else b""
    if webhook.key_env and len(key) < HOOK_KEY_BYTES:
        what = f"there are no {HOOK_KEY_BYTES} characters in the environment variable {webhook.key_env}"
        raise _no_hook(loaded, "key_env", what)
    parts = urlsplit(url)
    return Hook(f"{parts.scheme}://{parts.netloc}", parts.path or "/", parts.query, key, webhook.timeout_seconds)


def _is_webhook(url: str, unsafe: bool) -> bool:
    try:
        return is_private(check_webhook_url(url)) or unsafe
    except ValueError:
        return False


def _no_hook(loaded: Loaded, name: str, what: str) -> Refused:
    problem = Problem(("crisis", "webhook", name), what)
    return Refused(loaded.complain(problem), param=f"crisis.webhook.{name}")


def claim_keys(loaded: Loaded, environment: Mapping[str, str]) -> Mapping[str, Key]:
    """The key of every client that signs its claims, by the client's name. Raises Refused if one is no such key."""
    found: dict[str, Key] = {}
    for index, client in enumerate(loaded.policy.clients):
        if (named := client.claims) is None:
            continue
        text = environment.get(named.key_env, "") if named.key_env else _read_key(Path(named.key_file or ""))
        key = read_key(named.algorithm, text)
        if key is None:
            where = f"the environment variable {named.key_env}" if named.key_env else "this file"
            field_name = "key_env" if named.key_env else "key_file"
            problem = Problem(
                ("clients", index, "claims", field_name), f"there is no key for {named.algorithm} in {where}"
            )
            raise Refused(loaded.complain(problem), param=f"clients.{client.name}")
        found[client.name] = key
    return found


def provider_keys(loaded: Loaded, environment: Mapping[str, str]) -> Mapping[str, SecretStr]:
    """The key of every upstream that names one. Raises Refused if there is none at that place."""
    found: dict[str, SecretStr] = {}
    for name, upstream in loaded.policy.upstreams.items():
        named = _named_key(upstream, environment)
        if named is None:
            continue
        field_name, key = named
        if not key.isascii() or len(key.split()) != 1:
            where = f"the environment variable {upstream.api_key_env}" if upstream.api_key_env else "this file"
            problem = Problem(("upstreams", name, field_name), f"there is no usable key in {where}")
            raise Refused(loaded.complain(problem), param=f"upstreams.{name}")
        found[name] = SecretStr(key.strip())
    return found


def _named_key(upstream: Upstream, environment: Mapping[str, str]) -> tuple[str, str] | None:
    if upstream.api_key_env:
        return "api_key_env", environment.get(upstream.api_key_env, "")
    return ("api_key_file", _read_key(Path(upstream.api_key_file))) if upstream.api_key_file else None


def _read_key(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(16_384).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
