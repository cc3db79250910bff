"""The chart and the plain manifests: rendered by Helm, held to Kubernetes' schemas, and to what a hospital asks."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from typer.main import get_command

from guardrail.build import read_policy
from guardrail.cli import app
from guardrail.policy.load import load_policy
from guardrail.policy.seal import Seals, public_key, sign
from tests.deploy.files import CHART, DEPLOY, RULES, documents, read
from tests.deploy.render import KUBERNETES, PLAIN, helm, manifests, plain
from tests.policy.test_seal import key_pair

EVERYTHING = "--set=monitoring.podMonitor.enabled=true,monitoring.prometheusRule=true,monitoring.dashboards=true"
ONE_POD = (
    "--set=autoscaling.enabled=false,replicas=1,secrets.auditUrl=,secrets.auditKeys=,networkPolicy.enabled=false,"
    "workers=4,service.port=8080,image.digest=sha256:" + "a" * 64
)
CELL = DEPLOY / "helm/values-cell.yaml"
FOREIGN = {"monitoring.coreos.com/v1"}
"""Of the Prometheus operator: no schema of Kubernetes' own."""


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    """What is rendered with the chart's own values, by kind (of the services the first)."""
    kinds: dict[str, dict[str, Any]] = {}
    for each in manifests():
        kinds.setdefault(each["kind"], each)
    return kinds


@pytest.fixture(scope="module")
def pod(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = found["StatefulSet"]["spec"]["template"]["spec"]
    return spec


def test_helm_finds_nothing_to_say_about_the_chart() -> None:
    done = helm("lint", "--strict")
    assert done.returncode == 0, done.stdout


def test_the_plain_manifests_are_the_chart() -> None:
    assert PLAIN.read_text(encoding="utf-8") == plain(), "run: python -m tests.deploy.render"


@pytest.mark.parametrize(
    "values",
    [(), (EVERYTHING,), (ONE_POD,), (f"--values={CELL}",)],
    ids=["as it is", "everything", "one pod", "a cell"],
)
@pytest.mark.parametrize("version", [KUBERNETES, "1.30"])
def test_kubernetes_would_take_it(values: tuple[str, ...], version: str) -> None:
    for each in manifests(*values):
        if each["apiVersion"] not in FOREIGN:
            kubernetes_validate.validate(each, version, strict=True)
    for path in (DEPLOY / "kubernetes").glob("*.yaml"):
        for each in documents(path.read_text()):
            if each and "kind" in each:
                kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize(
    "wrong",
    [
        "replicas=0",
        "image.tag=latest",
        "policy=",
        "drainSeconds=soon",
        "networkPolicy.clients=null",
        "reticulate=true",
        "secrets.auditUrl=",
        "secrets.auditKeys=",
    ],
)
def test_values_that_can_not_be_meant_are_refused_by_name(wrong: str) -> None:
    """Also several pods without a database that they share: a suspension would reach one of them only."""
    done = helm("template", f"--set={wrong}")
    if wrong.endswith("=null"):  # Helm takes null for "as if it were not written"
        done = helm("template", "--set-json=networkPolicy.clients=[]")
    assert done.returncode != 0
    assert wrong.partition("=")[0].rpartition(".")[2] in done.stderr


def test_a_cell_of_the_plan_carries_its_share_with_a_pod_that_fails() -> None:
    """docs/scaling.md: 1,000 exchanges a second of 20 seconds each, and a third more pods than that needs."""
    scaling = read(CELL)["autoscaling"]
    (of_pods,) = [each["spec"] for each in manifests(f"--values={CELL}") if each["kind"] == "HorizontalPodAutoscaler"]
    needed = 1_000 * 20 / scaling["exchangesInFlight"]
    assert of_pods["minReplicas"] < needed < 14
    assert of_pods["maxReplicas"] >= needed * 4 / 3


def test_no_secret_is_made_or_shown(found: dict[str, dict[str, Any]], pod: dict[str, Any]) -> None:
    assert "Secret" not in found
    (container,) = pod["containers"]
    assert all("value" not in each or "/" in each["value"] for each in container["env"]), "a value that is no path"
    assert {each["name"] for each in container["env"] if "valueFrom" in each} == {"GUARDRAIL_AUDIT_URL"}


def test_the_pod_may_do_as_little_as_can_be(found: dict[str, dict[str, Any]], pod: dict[str, Any]) -> None:
    """Pod Security Standards, profile restricted, and beyond it a root file system that nobody can write."""
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is found["ServiceAccount"]["automountServiceAccountToken"] is False
    writable = {each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")}
    assert writable == {"/data", "/tmp"}
    assert "USER 10001" in (DEPLOY.parent / "Dockerfile").read_text()
    assert pod["securityContext"]["runAsUser"] == 10001


def test_probes_ask_what_the_guardrail_answers(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    probes = {name: container[f"{name}Probe"] for name in ("startup", "readiness", "liveness")}
    paths = {name: probe["httpGet"]["path"] for name, probe in probes.items()}
    assert paths == {"startup": "/guardrail/ready", "readiness": "/guardrail/ready", "liveness": "/guardrail/live"}
    assert {probe["httpGet"]["port"] for probe in probes.values()} == {"client"}
    assert probes["startup"]["periodSeconds"] * probes["startup"]["failureThreshold"] >= 120, "models take their time"


def test_the_end_is_given_the_time_that_the_policy_promises(pod: dict[str, Any], tmp_path: Path) -> None:
    """docs/deployment.md: drain_seconds and 5; and before that nobody may send new requests any more (OPS-01)."""
    policy = _policy(tmp_path).policy
    pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert read(CHART / "values.yaml")["drainSeconds"] == policy.limits.drain_seconds
    assert pod["terminationGracePeriodSeconds"] >= pause + policy.limits.drain_seconds + 5


def test_the_policy_is_one_and_lets_nobody_in_until_it_is_yours(tmp_path: Path) -> None:
    policy = _policy(tmp_path).policy
    assert {client.token_sha256 for client in policy.clients} == {"0" * 64}, "the hash of no token"
    assert policy.admin.tokens
    assert {token.token_sha256 for token in policy.admin.tokens} == {"0" * 63 + "1"}
    assert policy.audit.store == "postgresql"


def _policy(folder: Path) -> Any:
    (folder / "policy.yaml").write_text(read(CHART / "values.yaml")["policy"])
    return load_policy(folder / "policy.yaml")


def test_a_policy_that_must_be_sealed_travels_with_its_seal(tmp_path: Path) -> None:
    """What the ConfigMap holds is what the command takes: the policy of the chart and its seal (CFG-06)."""
    private, public = key_pair()
    policy, seal = tmp_path / "policy.yaml", tmp_path / "policy.yaml.seal"
    policy.write_text("name: ward\nversion: 2\nextends: [baseline]\n")
    seal.write_text(sign(read_policy(policy), private))
    values = (f"--set-file=policy={policy},policySeal={seal}", "--set=secrets.policyKey=policy-key")
    found = {each["kind"]: each for each in manifests(*values)}
    (container,) = found["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    mounts = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert f"--policy-key={mounts['policy-key']}/policy-key.pem" in container["args"]
    assert set(found["ConfigMap"]["data"]) == {"policy.yaml", "policy.yaml.seal"}, "who may change it has no key in it"
    mounted = tmp_path / "etc"
    mounted.mkdir()
    for name, text in found["ConfigMap"]["data"].items():
        (mounted / name).write_text(text)
    there = mounted / "policy.yaml"
    seals = Seals(there, public_key(public))
    assert seals.read(partial(read_policy, there)).policy.name == "ward"


def test_what_the_policy_reads_is_what_is_mounted(pod: dict[str, Any], tmp_path: Path) -> None:
    policy = _policy(tmp_path).policy
    (container,) = pod["containers"]
    mounts = {each["mountPath"] for each in container["volumeMounts"]}
    files = [policy.audit.signing_key_file, policy.audit.secret_file, policy.upstreams["openai"].api_key_file]
    assert all(str(Path(str(file)).parent) in mounts for file in files)
    assert policy.audit.url_env in {each["name"] for each in container["env"]}


def test_the_command_is_one_that_there_is(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert container["command"] == ["guardrail", "serve"]
    assert options(container["args"]) <= known_options("serve")


def options(arguments: list[str]) -> set[str]:
    """The names of what is given."""
    return {each.partition("=")[0] for each in arguments}


def known_options(command: str) -> set[str]:
    """The options of one of our commands."""
    found = get_command(app).commands[command]  # type: ignore[attr-defined]
    return {name for parameter in found.params for name in parameter.opts}


def test_who_is_not_listed_gets_in_nowhere_and_goes_nowhere(found: dict[str, dict[str, Any]]) -> None:
    policy = found["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["podSelector"]["matchLabels"] == found["StatefulSet"]["spec"]["selector"]["matchLabels"]
    assert [[port["port"] for port in rule["ports"]] for rule in policy["ingress"]] == [["client"], ["admin"]]
    assert all(rule["from"] for rule in policy["ingress"])
    assert [sorted({port["port"] for port in rule["ports"]}) for rule in policy["egress"]] == [[53], [5432], [443]]
    assert all(rule["to"] for rule in policy["egress"])
    blocks = [each["ipBlock"] for rule in policy["egress"] for each in rule["to"] if "ipBlock" in each]
    private = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}
    assert private <= set(blocks[0]["except"]), "a provider is outside; 169.254 has the cloud's own secrets"


def test_it_grows_by_what_is_in_flight_and_never_shrinks_to_nobody(found: dict[str, dict[str, Any]]) -> None:
    spec = found["HorizontalPodAutoscaler"]["spec"]
    assert spec["scaleTargetRef"]["name"] == found["StatefulSet"]["metadata"]["name"]
    assert "replicas" not in found["StatefulSet"]["spec"], "two masters"
    (metric,) = spec["metrics"]
    (rule,) = read(DEPLOY / "kubernetes/prometheus-adapter.yaml")["rules"]["custom"]
    assert metric["pods"]["metric"]["name"] == rule["name"]["matches"] == "guardrail_exchanges_in_flight"
    assert spec["minReplicas"] >= 2
    assert found["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1


def test_every_selector_finds_the_pods(found: dict[str, dict[str, Any]]) -> None:
    labels = found["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    ports = {each["name"] for each in found["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]["ports"]}
    for each in manifests(EVERYTHING):
        selector = each.get("spec", {}).get("selector") or each.get("spec", {}).get("podSelector")
        if selector:
            assert selector.get("matchLabels", selector).items() <= labels.items(), each["kind"]
        if each["kind"] == "Service":
            assert {port["targetPort"] for port in each["spec"]["ports"]} <= ports


def test_the_operator_gets_the_same_rules_and_boards() -> None:
    kinds = {each["kind"]: each for each in manifests(EVERYTHING) if each["kind"] != "Service"}
    assert kinds["PrometheusRule"]["spec"]["groups"] == [group for path in RULES for group in read(path)["groups"]]
    boards = next(each for each in manifests(EVERYTHING) if each["metadata"]["name"] == "guardrail-dashboards")
    for name in ("ops", "safety"):
        given = json.loads(boards["data"][f"guardrail-{name}.json"])
        assert given == json.loads((DEPLOY / f"grafana/dashboards/{name}.json").read_text())
    (endpoint,) = kinds["PodMonitor"]["spec"]["podMetricsEndpoints"]
    assert endpoint["authorization"]["credentials"] == {"name": "guardrail-metrics", "key": "token"}


def test_documents_are_apart() -> None:
    """Two objects without `---` between them would be one, and the last of equal keys would win unseen."""
    for text in (PLAIN.read_text(), *(path.read_text() for path in (CHART / "templates").glob("*.yaml"))):
        kinds = [number for number, line in enumerate(text.splitlines()) if line.startswith("kind: ")]
        lines = text.splitlines()
        assert all("---" in lines[first:second] for first, second in pairwise(kinds))
