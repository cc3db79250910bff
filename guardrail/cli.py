"""The command `guardrail`. Parses words into calls; knows no rule, no provider and no wire format.

Exit status: 0 all is well; 1 a check failed or a line could not be read; 2 wrong usage or a bad policy.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from guardrail import __version__, audit_cli, evidence_cli, receipt_cli, report_cli
from guardrail.errors import ClientError, PolicyError, RailError
from guardrail.text import Direction

if TYPE_CHECKING:
    from guardrail.evaluate.run import Evaluation
    from guardrail.policy.compile import Compiled

_T = TypeVar("_T")
_POLICY_KEY: Final = "GUARDRAIL_POLICY_KEY"
_MOST_KEY: Final = 64 * 1024

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
eval_app = typer.Typer(help="Score the product on labelled texts.", no_args_is_help=True)
app.add_typer(eval_app, name="eval")
app.add_typer(audit_cli.app, name="audit")
evidence_cli.register(app)
receipt_cli.register(app)
report_cli.register(app)

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help="Policy file. Without it: the shipped baseline.", show_default=False)
]
Files = Annotated[list[Path], typer.Argument(help="Policy files, or names of shipped policies.", show_default=False)]
File = Annotated[Path, typer.Argument(help="A policy file, or the name of a shipped policy.", show_default=False)]
Labelled = Annotated[Path, typer.Argument(help="Labelled texts, one JSON object a line; may be packed (.gz).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")]
Details = Annotated[Path | None, typer.Option(help="Write each failure there: ids, labels and offsets, no words.")]
ShowText = Annotated[bool, typer.Option("--show-text", help="With --details: the words too. They may be PHI.")]


def _limit(help_text: str) -> Any:
    return typer.Option(help=f"Exit 1 {help_text}.", min=0.0, max=1.0, show_default=False)


def main() -> None:
    """Entry point."""
    # With it the library of the metrics would write files of its own, elsewhere; several workers need none.
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    try:
        app()
    except BrokenPipeError:  # the reader of our pipe has gone: nothing more to say
        sys.stderr.close()
        raise SystemExit(1) from None


def _version(show: bool) -> None:
    if show:
        typer.echo(__version__)
        raise typer.Exit


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
    admin_port: Annotated[int, typer.Option(help="Metrics and console.", min=0, max=65535)] = 9090,
    admin_host: Annotated[str, typer.Option(help="Beyond loopback the policy must say who administers.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes that share the work, on one port.", min=1, max=64)] = 1,
    policy_key: Annotated[
        Path | None,
        typer.Option(
            help="A public key (Ed25519, PEM): only policies that it has sealed take force.",
            envvar=_POLICY_KEY,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the proxy until it is told to stop. SIGHUP reloads the policy."""
    from guardrail.engine import nursery
    from guardrail.engine.settled import begin_loading
    from guardrail.rails.catalog import FACTORY

    begin_loading()
    path = _policy_path(policy) if policy else None
    key = _sealed_by(policy_key)
    analyzers = nursery.start(FACTORY)  # loads its models while this process loads itself
    from guardrail import serving
    from guardrail.server import Listen

    listen = Listen(host=host, port=port, admin_host=admin_host, admin_port=admin_port)
    raise typer.Exit(serving.serve(serving.Command(path, upstream, key, listen, workers, analyzers)))


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
    raise typer.Exit(tryout.show(compiled, direction, texts or [evidence_cli.standard_input()]))


@eval_app.command("phi")
def eval_phi(
    file: Labelled,
    policy: PolicyOption = None,
    labels: Annotated[str, typer.Option(help="Only these labels count, e.g. NAME,DATE.")] = "",
    json: AsJson = False,
    details: Details = None,
    show_text: ShowText = False,
    max_leak: Annotated[float | None, _limit("if more of the identifiers leak")] = None,
    max_over_redaction: Annotated[float | None, _limit("if more of the strings to keep are hit")] = None,
    max_clean_changed: Annotated[float | None, _limit("if more of the clean texts change")] = None,
    min_full_cover: Annotated[float | None, _limit("if fewer identifiers are taken out from end to end")] = None,
    min_character_recall: Annotated[float | None, _limit("if fewer characters of PHI are taken out")] = None,
) -> None:
    """How much identity redaction leaves, and how much else it takes away."""
    from guardrail.evaluate.run import evaluate_phi

    limits = {
        "leak": (max_leak, False),
        "over_redaction": (max_over_redaction, False),
        "clean_changed": (max_clean_changed, False),
        "full_cover": (min_full_cover, True),
        "character_recall": (min_character_recall, True),
    }
    only = frozenset(name for name in labels.replace(",", " ").split())
    _evaluate(lambda made: evaluate_phi(made, file, only), policy, ("phi",), limits, json, details, show_text)


@eval_app.command("queries")
def eval_queries(
    file: Labelled,
    policy: PolicyOption = None,
    json: AsJson = False,
    details: Details = None,
    show_text: ShowText = False,
    min_f1: Annotated[float | None, _limit("if F1 of medical questions is less")] = None,
    min_precision: Annotated[float | None, _limit("if precision is less")] = None,
    min_recall: Annotated[float | None, _limit("if recall is less")] = None,
    min_crisis_recall: Annotated[float | None, _limit("if fewer emergencies and self-harm are seen")] = None,
    max_false_crisis: Annotated[float | None, _limit("if more others are taken for a crisis")] = None,
    min_risk_accuracy: Annotated[float | None, _limit("if fewer risks are right")] = None,
) -> None:
    """How well questions about health are told from others, and how well their risk is."""
    from guardrail.evaluate.run import evaluate_queries

    limits = {
        "f1": (min_f1, True),
        "precision": (min_precision, True),
        "recall": (min_recall, True),
        "crisis_recall": (min_crisis_recall, True),
        "false_crisis": (max_false_crisis, False),
        "risk_accuracy": (min_risk_accuracy, True),
    }
    rails = ("crisis", "medical")
    _evaluate(lambda made: evaluate_queries(made, file), policy, rails, limits, json, details, show_text)


@eval_app.command("phrasing")
def eval_phrasing(
    file: Labelled,
    policy: PolicyOption = None,
    json: AsJson = False,
    details: Details = None,
    show_text: ShowText = False,
    max_left: Annotated[float | None, _limit("if more phrases are left")] = None,
    max_clean_changed: Annotated[float | None, _limit("if more clean passages change")] = None,
    max_protected_lost: Annotated[float | None, _limit("if more quotations and code are lost")] = None,
    max_collapsed: Annotated[float | None, _limit("if more answers lose half of their length")] = None,
) -> None:
    """How much of a machine's talk as a person is left in answers."""
    from guardrail.evaluate.run import evaluate_phrasing

    limits = {
        "left": (max_left, False),
        "clean_changed": (max_clean_changed, False),
        "protected_lost": (max_protected_lost, False),
        "collapsed": (max_collapsed, False),
    }
    _evaluate(lambda made: evaluate_phrasing(made, file), policy, ("persona",), limits, json, details, show_text)


def _evaluate(
    run: Callable[[Callable[[], Compiled]], Evaluation],
    policy: Path | None,
    rails: Sequence[str],
    limits: Mapping[str, tuple[float | None, bool]],
    as_json: bool,
    details: Path | None,
    show_text: bool,
) -> None:
    """Exit status 1 if a threshold is missed or a text could not be inspected, 2 for a bad file, option or policy."""
    import json

    from guardrail.build import build_try
    from guardrail.evaluate import report
    from guardrail.evaluate.figures import Threshold

    if show_text and details is None:
        raise typer.BadParameter("only with --details", param_hint="--show-text")
    made: list[Compiled] = []

    def build() -> Compiled:
        made.append(build_try(_policy_path(policy) if policy else None, rails))
        return made[0]

    evaluation = _or_exit(lambda: run(build))
    thresholds = [Threshold(name, limit, least) for name, (limit, least) in limits.items() if limit is not None]
    if as_json:
        named = {"name": made[0].policy.name, "version": made[0].policy.version, "sha256": made[0].sha256}
        typer.echo(json.dumps(report.as_json(evaluation, thresholds, named)))
    else:
        report.show(evaluation, thresholds)
    if details is not None:
        written = details  # a name of its own for the type checker
        _or_exit(lambda: report.write_details(written, evaluation, show_text=show_text))
    met = all(threshold.met(evaluation.report.figures) for threshold in thresholds)
    raise typer.Exit(0 if met and not evaluation.uninspected else 1)


@policy_app.command("check")
def check(files: Files) -> None:
    """Say what is wrong with policies, one line `file:line: path: what` for each thing. Exit 2 if anything is."""
    from datetime import UTC, datetime

    from guardrail.build import read_policy
    from guardrail.policy.expiry import expired

    failed = False
    for file in files:
        try:
            loaded = read_policy(_policy_path(file))
            typer.echo(f"{file.name}: ok ({loaded.policy.name} version {loaded.policy.version}, {loaded.sha256[:12]})")
            for row in expired(loaded.policy, datetime.now(UTC).date()):
                what = "an update with a verified one is needed; until then no crisis line is named"
                typer.echo(f"{file.name}: warning: the crisis {row.kind} `{row.name}` has expired; {what}", err=True)
            if any(rule.rail == "persona" for rule in loaded.policy.rails) and (open_ := _unsigned_languages()):
                typer.echo(f"{file.name}: note: persona languages that no native reviewer has signed: {open_}")
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


@policy_app.command("sign")
def sign(
    file: File,
    key: Annotated[Path, typer.Option(help="Private key (Ed25519, PEM).", show_default=False)],
    expires: Annotated[
        datetime | None, typer.Option(help="Last day (UTC) on which it may take force.", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Seal a policy for `serve --policy-key`: writes FILE.seal. Sign again after every change and every upgrade."""
    from guardrail.build import read_policy
    from guardrail.policy import seal

    path = _policy_path(file)
    loaded = _or_exit(lambda: read_policy(path))
    if key.exists() and key.stat().st_mode & 0o077:
        typer.echo(f"{key.name} may be read by others; it has to be its owner's only (chmod 600)", err=True)
        raise typer.Exit(2)
    text = _or_exit(lambda: seal.sign(loaded, _read_key(key), expires.date() if expires else None))
    written = seal.seal_of(path)
    try:
        written.write_text(text + "\n", encoding="ascii")
    except OSError as error:
        typer.echo(f"{written.name} can't be written: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    until = f", until {expires:%Y-%m-%d}" if expires else ""
    name = f"{loaded.policy.name} version {loaded.policy.version}, {loaded.sha256[:12]}{until}"
    typer.echo(f"{written.name}: {name}")


def _sealed_by(file: Path | None) -> str | None:
    """The public key that policies have to be sealed with. An empty variable was meant to name one: nothing starts."""
    if file is not None:
        return _read_key(file)
    if _POLICY_KEY in os.environ:
        typer.echo(f"{_POLICY_KEY} is empty: let it name the file of a public key, or unset it", err=True)
        raise typer.Exit(2)
    return None


def _read_key(file: Path) -> str:
    try:
        with file.open("rb") as source:  # a pipe is welcome; what never ends is no key
            return source.read(_MOST_KEY).decode("ascii")
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{file.name}: there is no key in PEM that can be read", err=True)
        raise typer.Exit(2) from None


def _unsigned_languages() -> str:
    """The languages of the persona rail that are drafts."""
    from guardrail.rails.persona_tables import drafts, languages

    return ", ".join(language.code for language in drafts(languages().values()))


def _policy_path(name: Path) -> Path:
    """A file, or the name of a shipped policy (`baseline`, `us-ca`)."""
    from guardrail.policy.load import policy_at

    return policy_at(name)


def _or_exit(make: Callable[[], _T]) -> _T:
    try:
        return make()
    except (PolicyError, ClientError, RailError) as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(2) from None
