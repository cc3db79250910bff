"""The plain manifests: `python -m tests.deploy.render` writes deploy/kubernetes/guardrail.yaml from the chart."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

from tests.deploy.files import CHART, DEPLOY, documents
from tests.support.debian import needs_helm

PLAIN: Final = DEPLOY / "kubernetes/guardrail.yaml"
KUBERNETES: Final = "1.33"
_HEAD: Final = """\
# The chart deploy/helm/guardrail with its own values, for those who have no Helm.
# Written by: python -m tests.deploy.render
# Before: namespace.yaml, the three secrets of docs/deployment.md#kubernetes, your image, and your tokens in the policy.
"""


def helm(command: str, *arguments: str, chart: Path = CHART) -> subprocess.CompletedProcess[str]:
    """Helm about the chart, without any cluster."""
    release = ("guardrail",) if command == "template" else ()
    version = ("--namespace", "guardrail", "--kube-version", f"{KUBERNETES}.0") if command == "template" else ()
    return subprocess.run(
        [needs_helm(), command, *release, str(chart), *version, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def rendered(*arguments: str) -> str:
    """What Kubernetes would get. Fails with what Helm says if it says no."""
    done = helm("template", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def manifests(*arguments: str) -> list[dict[str, Any]]:
    """The same, read."""
    return [each for each in documents(rendered(*arguments)) if each]


def plain() -> str:
    """The file as it should be."""
    return _HEAD + rendered()


if __name__ == "__main__":
    PLAIN.write_text(plain(), encoding="utf-8")
