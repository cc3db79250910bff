"""compose.yaml: held to the schema of the Compose specification, and to what may be open, readable and writable."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from guardrail.policy.load import load_policy
from tests.deploy.files import DEPLOY, ROOT, read
from tests.deploy.test_kubernetes import known_options, options
from tests.support.debian import file_of

COMPOSE = read(DEPLOY / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SCHEMA = "usr/lib/python3/dist-packages/compose/config/compose_spec.json"
SECRETS = {"audit_url", "provider_key", "postgres_password", "metrics_token", "grafana_admin_password"}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """deploy/compose after init.sh."""
    folder = tmp_path / "compose"
    shutil.copytree(DEPLOY / "compose", folder, ignore=shutil.ignore_patterns("secrets", "policy"))
    _init(folder)
    return folder


def _init(folder: Path, **environment: str) -> str:
    command = ["sh", str(folder / "init.sh")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    return done.stdout


def test_it_is_what_the_compose_specification_says() -> None:
    """The specification's own schema, as Debian ships it with docker-compose 1.29; `name` at the top came later."""
    schema = json.loads(file_of("docker-compose", SCHEMA).read_text())
    given = {key: value for key, value in COMPOSE.items() if key != "name"}
    jsonschema.Draft201909Validator(schema).validate(given)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(schema).validate({**given, "services": {"guardrail": {"imagine": "x"}}})


def test_only_applications_and_people_find_a_port_and_only_on_this_machine() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"guardrail": ["127.0.0.1:8080:8080"], "grafana": ["127.0.0.1:3000:3000"]}
    assert all(COMPOSE["networks"][name].get("internal") for name in ("records", "metrics"))
    assert SERVICES["postgres"]["networks"] == ["records"]
    assert SERVICES["prometheus"]["networks"] == ["metrics"]
    on_records = {name for name, service in SERVICES.items() if "records" in service["networks"]}
    assert on_records == {"guardrail", "postgres"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_as_little_as_can_be(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["mem_limit"]
    assert not any("docker.sock" in str(volume) for volume in service["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_one_version(name: str) -> None:
    tag = SERVICES[name]["image"].rpartition(":")[2]
    assert tag.lstrip("v")[0].isdigit(), "a name like latest is another image each day"
    assert tag.count(".") >= 1


def test_nobody_knows_a_password() -> None:
    """Every secret is a file that git ignores; nothing that looks like one stands in an environment."""
    assert COMPOSE["secrets"].keys() == SECRETS
    assert all(each == {"file": f"./compose/secrets/{name}"} for name, each in COMPOSE["secrets"].items())
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert used == SECRETS
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key or "SECRET" in key or "TOKEN" in key:
                assert key.endswith(("_FILE", "__FILE")), key
                assert value.startswith("/run/secrets/")
    assert SERVICES["grafana"]["environment"]["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    tracked = subprocess.run(["git", "ls-files", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not [line for line in tracked.splitlines() if "/secrets/" in line or "/policy/" in line]


def test_the_beginning_makes_secrets_once_and_for_their_owner(made: Path) -> None:
    files = {path.name: path for path in (made / "secrets").iterdir()}
    assert files.keys() == {*SECRETS, "client_token"}
    assert stat.S_IMODE((made / "secrets").stat().st_mode) == 0o700
    values = {name: path.read_text() for name, path in files.items()}
    random = [values[name] for name in ("postgres_password", "metrics_token", "grafana_admin_password", "client_token")]
    assert len(set(random)) == 4
    assert all(len(value) == 64 for value in random)
    assert values["postgres_password"] in values["audit_url"]
    assert not [value for value in random if value in _init(made)], "shown on a screen"
    assert {name: path.read_text() for name, path in files.items()} == values, "a second time changes nothing"


def test_the_beginning_makes_a_policy_that_lets_in_who_has_the_tokens(made: Path) -> None:
    policy = load_policy(made / "policy/policy.yaml").policy
    names = ("client_token", "metrics_token")
    hashes = {name: hashlib.sha256((made / "secrets" / name).read_bytes()).hexdigest() for name in names}
    assert [client.token_sha256 for client in policy.clients] == [hashes["client_token"]]
    assert [token.token_sha256 for token in policy.admin.tokens] == [hashes["metrics_token"]]
    assert policy.upstreams["openai"].api_key_file == "/run/secrets/provider_key"
    assert "@" not in (made / "policy/policy.yaml").read_text()


def test_the_provider_key_is_taken_from_a_file(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "compose", tmp_path / "compose", ignore=shutil.ignore_patterns("secrets", "policy"))
    (tmp_path / "key").write_text("sk-of-the-hospital\r\n")
    told = _init(tmp_path / "compose", PROVIDER_KEY_FILE=str(tmp_path / "key"))
    assert (tmp_path / "compose/secrets/provider_key").read_text() == "sk-of-the-hospital"
    assert "sk-of" not in told


def test_the_command_is_one_that_there_is_and_gets_the_address_of_the_database(made: Path) -> None:
    """From a secret's file: neither a variable nor an argument has it."""
    service = SERVICES["guardrail"]
    assert service["entrypoint"] == ["guardrail", "serve"]
    assert options(service["command"]) <= known_options("serve")
    file = load_policy(made / "policy/policy.yaml").policy.audit.url_file
    assert file is not None
    assert Path(file).parent == Path("/run/secrets")
    assert Path(file).name in service["secrets"]
    assert "environment" not in service


def test_what_is_mounted_is_there(made: Path) -> None:
    for service in SERVICES.values():
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            if source.startswith("./compose/"):
                assert (made / source.removeprefix("./compose/")).exists()
            elif source.startswith("./"):
                assert (DEPLOY / source).exists()
            else:
                assert source in COMPOSE["volumes"]


def test_its_end_has_the_time_that_the_policy_promises(made: Path) -> None:
    drain = load_policy(made / "policy/policy.yaml").policy.limits.drain_seconds
    assert int(SERVICES["guardrail"]["stop_grace_period"].rstrip("s")) >= drain + 5
