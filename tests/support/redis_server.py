"""The Redis that tests use. Where CI runs it has to be there; elsewhere tests that need it say why they are skipped."""

from __future__ import annotations

import os

import pytest
import redis

REDIS = "redis://127.0.0.1:6379/9"


def need_redis() -> str:
    """Its address. Skips the test if nobody answers there, and fails it in CI."""
    try:
        with redis.Redis.from_url(REDIS, socket_timeout=2, socket_connect_timeout=2) as server:
            server.ping()
    except redis.RedisError:
        if os.environ.get("CI"):
            pytest.fail("Redis does not run on 127.0.0.1:6379; CI must have it")
        pytest.skip("Redis does not run on 127.0.0.1:6379")
    return REDIS
