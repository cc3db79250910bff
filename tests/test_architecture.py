"""Who may import whom. Read from the source itself, so that a shortcut through the floors fails here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import guardrail

ROOT = Path(guardrail.__file__).parent

# A unit imports itself and units on a lower floor; units of one floor do not know each other.
FLOORS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"values": ("text", "errors", "events", "placeholder")},
    {"rails": ("rails",), "wire": ("wire",), "record": ("record",), "templates": ("templates",)},
    {"engine": ("engine",), "dialects": ("dialects",), "footprint": ("footprint",)},
    {"policy": ("policy",), "state": ("state",), "telemetry": ("telemetry",)},
    {
        "exchange": (
            "exchange",
            "inbound",
            "question",
            "seams",
            "answer",
            "streaming",
            "closing",
            "marks",
            "delivery",
            "kept",
            "gates",
            "claims",
            "crisis_calls",
            "checkpoints",
            "suspension",
            "recording",
        )
    },
    {
        "build": ("build", "trial"),
        "presidio": ("presidio",),
    },
    {
        "evaluate": ("evaluate",),
        "evidence": (
            *("receipts", "proofs", "redress", "feedback", "incidents", "evidence", "kept_policies"),
            *("rights", "casefile"),
        ),
    },
    {"report": ("report",)},
    {
        "faces": (
            *("edge", "server", "service", "housekeeping", "cli", "tryout", "demo", "console", "__main__"),
            *("serving", "workers", "worker_channel", "worker_process", "signals"),
            *("inprocess", "middleware", "transport", "httpx_transport"),
            *("evidence_cli", "audit_cli", "receipt_cli", "report_cli", "disclosure", "totals"),
        )
    },
)

# Beyond the floors: what only some modules may import, by the first name of the package.
ONLY: dict[str, tuple[str, ...]] = {
    "presidio_analyzer": ("rails.phi_presidio", "rails.phi_recognizers", "presidio"),
    "presidio_anonymizer": ("rails.phi_presidio", "presidio"),
    "spacy": ("rails.phi_presidio",),
    "tldextract": ("rails.phi_presidio",),
    "onnxruntime": ("rails.onnx",),  # it reports to its maker unless that door is taken
    "regex": ("rails.phi_patterns",),  # it can be stopped, which `re` can't
    "httpx2": ("wire.upstream", "httpx_transport"),
    "httpcore2": ("wire.upstream", "wire.connection"),  # the sockets under the client, where every byte is watched
    "httpx": ("httpx_transport",),
    "aiohttp": (),
    "redis": ("state.redis_shelf",),
    "cryptography": ("state.store", "wire.jws", "record.note", "record.keys", "redress"),
    "botocore": ("dialects.bedrock",),
    "ecologits": ("footprint",),
    "opentelemetry": ("telemetry",),
    "requests": ("telemetry",),
    "sqlalchemy": ("record.", "kept_policies", "suspension", "redress", "incidents", "proofs", "report."),
    "joserfc": ("console.oidc",),
    "jinja2": ("templates",),
    "pygal": ("report.charts",),
    "alembic": ("record.database", "record.migrations"),
    "asyncpg": ("record.database",),
    "aiosqlite": (),  # through SQLAlchemy only
    "prometheus_client": ("record.metrics",),
    "yaml": ("policy.source", "cli"),
    "typer": ("cli", "audit_cli", "evidence_cli", "receipt_cli", "report_cli"),
    "rich": ("tryout", "demo", "evaluate.report"),
    "uvicorn": ("server", "demo"),
    "starlette": ("demo", "console"),
    "pydantic": ("policy.", "rails.", "kept_policies"),
}

MODULES = sorted(ROOT.rglob("*.py"))
PLACES = {name: (floor, unit) for floor, row in enumerate(FLOORS) for unit, names in row.items() for name in names}


def module_name(file: Path) -> str:
    """`rails.phi` for guardrail/rails/phi.py; a package is named without `__init__`."""
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(file: Path) -> Iterator[str]:
    """Full names of what a file imports, also inside functions; names taken from a package count as modules."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: relative import"
            for alias in node.names:
                target = f"{node.module}.{alias.name}"
                is_module = (ROOT.parent / Path(*target.split("."))).with_suffix(".py").is_file()
                yield target if is_module else str(node.module)


def own_imports(file: Path) -> set[str]:
    """The modules of ours that a file imports, without the leading `guardrail.`."""
    found = {
        name.removeprefix("guardrail").removeprefix(".") for name in imports(file) if name.split(".")[0] == "guardrail"
    }
    return {name for name in found if name}


@pytest.mark.parametrize("file", MODULES, ids=module_name)
def test_imports_run_downward_only(file: Path) -> None:
    """A rail knows no provider, a dialect no rule, and nobody knows who stands above."""
    name = module_name(file)
    if name == "__init__":
        assert not own_imports(file), "everybody imports the package: it may import nothing"
        return
    floor, unit = PLACES[name.split(".")[0]]
    for target in own_imports(file):
        below, other = PLACES[target.split(".")[0]]
        assert other == unit or below < floor, f"{name} may not import {target}"


@pytest.mark.parametrize("file", MODULES, ids=module_name)
def test_what_is_heavy_or_talks_to_the_outside_has_one_door(file: Path) -> None:
    """Presidio and spaCy only in the PHI rail, the HTTP client only in the upstream's module."""
    name = module_name(file)
    for package in {target.split(".")[0] for target in imports(file)} & set(ONLY):
        assert name.startswith(ONLY[package]), f"{name} may not import {package}"


def test_the_engine_knows_no_concrete_rail() -> None:
    for file in MODULES:
        if module_name(file).startswith("engine"):
            rails = {target for target in own_imports(file) if target.startswith("rails")}
            assert rails <= {"rails.base"}, f"{module_name(file)} knows {rails}"


def test_there_are_no_circles() -> None:
    graph = {module_name(file): own_imports(file) for file in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for target in graph.get(name, ()):
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_the_proxy_process_loads_no_language_model() -> None:
    """The process that holds the connections stays small; what is heavy can be killed without it."""
    code = (
        "import sys, guardrail.build, guardrail.exchange\n"
        "from guardrail.build import build_analyzer, build_store\n"
        "from guardrail.policy.load import load_policy, baseline\n"
        "from guardrail.policy.compile import compile_policy\n"
        "compile_policy(load_policy(baseline()), lambda key: None)\n"
        "sys.exit(','.join({'spacy', 'presidio_analyzer', 'presidio_anonymizer'} & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
