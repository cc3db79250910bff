"""The command `guardrail`. Parses words into calls; knows no rule, no provider and no wire format.

Exit status: 0 all is well; 1 a check failed or a line could not be read; 2 wrong usage or a bad policy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from guardrail import __version__
from guardrail.errors import PolicyError
from guardrail.text import Direction

_T = TypeVar("_T")

# What is heavy is imported by the command that needs it: `guardrail --help` answers at once.

app = typer.Typer(
    name="guardrail",
    help="A safety proxy between clinical applications and any large multi-modal model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
policy_app = typer.Typer(help="Check, merge and explain policy files.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help="Policy file. Without it: the shipped baseline.", show_default=False)
]
Files = Annotated[list[Path], typer.Argument(help="Policy files, or names of shipped policies.", show_default=False)]
File = Annotated[Path, typer.Argument(help="A policy file, or the name of a shipped policy.", show_default=False)]


def main() -> None:
    """Entry point."""
    try:
        app()
    except BrokenPipeError:  # the reader of our pipe has gone: nothing more to say
        sys.stderr.close()
        raise SystemExit(1) from None


def _version(show: bool) -> None:
    if show:
        typer.echo(__version__)
        raise typer.Exit


def _one_worker(workers: int) -> int:
    if workers != 1:
        raise typer.BadParameter("one process for now; start several guardrails behind a load balancer")
    return workers


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """A safety proxy between clinical applications and any large multi-modal model."""


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="One exchange, then exit.")] = False,
    port: Annotated[int, typer.Option(help="Port of the proxy; 0: any free one.", min=0, max=65535)] = 0,
) -> None:
    """Show one clinical chat through the proxy, with a built-in stand-in for a model. Needs no network."""
    from guardrail import demo as demo_module

    raise typer.Exit(demo_module.run(once=once, port=port))


@app.command()
def serve(
    policy: PolicyOption = None,
    upstream: Annotated[str | None, typer.Option(help="Base URL in place of the default upstream's.")] = None,
    host: Annotated[str, typer.Option(help="Beyond loopback the policy must list clients.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
    admin_port: Annotated[int, typer.Option(help="Metrics; on loopback.", min=0, max=65535)] = 9090,
    workers: Annotated[int, typer.Option(help="Worker processes: one for now.", callback=_one_worker)] = 1,
) -> None:
    """Run the proxy until it is told to stop. SIGHUP reloads the policy."""
    from guardrail import service

    path = _policy_path(policy) if policy else None
    raise typer.Exit(service.serve(path, upstream, host, port, admin_port))


@app.command("try")
def try_command(
    texts: Annotated[list[str] | None, typer.Argument(help="Texts; without any, standard input.")] = None,
    policy: PolicyOption = None,
    direction: Annotated[Direction, typer.Option(help="request: to the model; response: back.")] = Direction.REQUEST,
    rails: Annotated[str, typer.Option(help="Only these checks, e.g. phi,persona.")] = "",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per line, in and out.")] = False,
) -> None:
    """Send texts through a policy without any model, and show what would be passed on."""
    from guardrail import tryout
    from guardrail.build import build_try

    names = [name.strip() for name in rails.split(",") if name.strip()]
    compiled = _or_exit(lambda: build_try(_policy_path(policy) if policy else None, names))
    if jsonl:
        raise typer.Exit(tryout.try_lines(compiled, direction, sys.stdin.buffer, sys.stdout))
    raise typer.Exit(tryout.show(compiled, direction, texts or [sys.stdin.read().rstrip("\n")]))


@policy_app.command("check")
def check(files: Files) -> None:
    """Say what is wrong with policies, one line `file:line: path: what` for each thing. Exit 2 if anything is."""
    from guardrail.build import read_policy

    failed = False
    for file in files:
        try:
            loaded = read_policy(_policy_path(file))
            typer.echo(f"{file.name}: ok ({loaded.policy.name} version {loaded.policy.version}, {loaded.sha256[:12]})")
        except PolicyError as error:
            failed = True
            typer.echo(error.message, err=True)
    raise typer.Exit(2 if failed else 0)


@policy_app.command("show")
def show(file: File) -> None:
    """Print a policy as it holds: with what it extends, every default written out."""
    import yaml

    from guardrail.build import read_policy

    policy = _or_exit(lambda: read_policy(_policy_path(file))).policy
    values = policy.model_dump(mode="json", exclude_none=True)
    typer.echo(yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120), nl=False)


@policy_app.command("explain")
def explain(file: File) -> None:
    """Say in plain words what a policy does, and why."""
    from guardrail.build import read_policy
    from guardrail.policy.explain import explain as in_words

    typer.echo(in_words(_or_exit(lambda: read_policy(_policy_path(file)))), nl=False)


def _policy_path(name: Path) -> Path:
    """A file, or the name of a shipped policy (`baseline`)."""
    from guardrail.policy.load import shipped_policies

    shipped = shipped_policies() / f"{name}.yaml"
    return shipped if not name.exists() and shipped.is_file() else name


def _or_exit(make: Callable[[], _T]) -> _T:
    try:
        return make()
    except PolicyError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(2) from None
