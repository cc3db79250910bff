"""How a request to Bedrock is signed: with a bearer token, or with an access key (SigV4, by botocore).

Looks for no credentials of its own: nothing in the environment, no file, no metadata service. What is signed is the
method, the path, the host, the type and the body as they are sent (`wire/upstream.py`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from guardrail.dialects.base import Outgoing
from guardrail.errors import UpstreamUnreachable

SERVICE = "bedrock"

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)?bedrock-runtime(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.]+")

logging.getLogger("botocore.auth").setLevel(logging.INFO)  # below, it tells the session's token


@dataclass(frozen=True, slots=True)
class Key:
    """What a policy's key says: `id:secret`, `id:secret:token`, either with `region:` in front; else a bearer token."""

    access: str = ""
    secret: str = ""
    token: str | None = None
    region: str = ""
    bearer: str = ""

    @classmethod
    def read(cls, key: str) -> Key:
        """An access key has no colon in any of its parts, and a bearer token none at all."""
        parts = key.split(":")
        region = parts.pop(0) if len(parts) > 2 and _REGION.fullmatch(parts[0]) else ""
        if len(parts) not in (2, 3):
            return cls(bearer=key)
        return cls(parts[0], parts[1], parts[2] if parts[2:] else None, region)


def sign(key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
    """The headers that sign this request. Raises UpstreamUnreachable if nobody says for which region."""
    told = Key.read(key)
    if told.bearer:
        return (("authorization", f"Bearer {told.bearer}"),)
    region = told.region or region_of(outgoing.url)
    if not region:
        raise UpstreamUnreachable(
            "The upstream's host names no region; put `region:` before the access key.", code="upstream_url"
        )
    signed = AWSRequest(
        method=outgoing.method,
        url=outgoing.url,
        data=outgoing.body,
        headers={"Content-Type": outgoing.headers.get("content-type", "application/json")},
    )
    SigV4Auth(Credentials(told.access, told.secret, told.token), SERVICE, region).add_auth(signed)
    names = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")
    return tuple((name.lower(), signed.headers[name]) for name in names if name in signed.headers)


def region_of(url: str) -> str:
    """The region in the name of one of Amazon's hosts, "" for any other."""
    match = _HOST.fullmatch(urlsplit(url).hostname or "")
    return match["region"] if match else ""
