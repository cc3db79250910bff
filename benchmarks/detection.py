"""What the rails find and miss, on labelled sets, written into docs/benchmarks.md.

    .venv/bin/python -m benchmarks.detection DATA [--print]

DATA holds the project's data: dev/ and public/. Scored as `guardrail eval` does, one row per set. The sets are not part
of this repository, and the development sets were read while the rails were written: new texts will give worse figures.
`--print` leaves the document alone.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from guardrail.build import build_try
from guardrail.evaluate.figures import F1, Figure, Figures, share
from guardrail.evaluate.report import percent
from guardrail.evaluate.run import Evaluation, evaluate_phi, evaluate_phrasing, evaluate_queries
from guardrail.policy.compile import Compiled
from guardrail.text import Direction
from guardrail.trial import Trial, try_text

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by `python -m benchmarks.detection` from here on -->", "<!-- up to here: detection -->"
SAMPLE = 1_000

# Of MEDDOCAN what is an identifier by our rules: not sex, age under 90, country, profession, "his mother".
MEDDOCAN = frozenset(
    {
        *("NOMBRE_SUJETO_ASISTENCIA", "NOMBRE_PERSONAL_SANITARIO", "FECHAS", "CALLE", "TERRITORIO", "HOSPITAL"),
        *("INSTITUCION", "CENTRO_SALUD", "CORREO_ELECTRONICO", "NUMERO_TELEFONO", "NUMERO_FAX"),
        *("ID_SUJETO_ASISTENCIA", "ID_TITULACION_PERSONAL_SANITARIO", "ID_ASEGURAMIENTO", "ID_CONTACTO_ASISTENCIAL"),
        "ID_EMPLEO_PERSONAL_SANITARIO",
    }
)
PHI_SETS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("dev/phi.jsonl", "ours, ten languages", frozenset()),
    ("public/hard_cases.jsonl.gz", "ours, one difficulty each", frozenset()),
    ("public/meddocan_dev.jsonl.gz", "Spanish clinical cases", MEDDOCAN),
)
PLAIN_SETS = (
    ("clinc150_train", "everyday questions"),
    ("banking77_train", "questions to a bank"),
    ("medquad_questions", "health questions"),
)
PHI_COLUMNS = {
    "leak": "leak",
    "full_cover": "covered from end to end",
    "character_recall": "characters covered",
    "over_redaction": "over-redaction",
    "clean_changed": "clean texts changed",
}
QUERY_COLUMNS = {
    "f1": "medical: F1",
    "precision": "precision",
    "recall": "recall",
    "crisis_recall": "crises seen",
    "false_crisis": "false crises",
    "risk_accuracy": "right risk",
}
PHRASE_COLUMNS = {
    "left": "phrases left",
    "left_loosely": "loosely",
    "clean_changed": "clean changed",
    "protected_lost": "quotations lost",
}
PLAIN_COLUMNS = {"changed": "changed by redaction", "medical": "taken for medical"}


def tables(data: Path) -> str:
    """All tables."""
    phi, medical, persona, whole = (
        partial(build_try, None, rails) for rails in (("phi",), ("crisis", "medical"), ("persona",), ())
    )
    redacted = [(name, what, evaluate_phi(phi, data / name, labels)) for name, what, labels in PHI_SETS]
    asked = evaluate_queries(medical, data / "dev" / "queries.jsonl")
    said = evaluate_phrasing(persona, data / "dev" / "phrasing.jsonl")
    compiled = whole()
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m benchmarks.detection DATA`, policy "
        f"{compiled.policy.name} {compiled.sha256[:12]}. In brackets Wilson's 95 % interval.",
        _table("PHI", PHI_COLUMNS, (_row(name, what, found, PHI_COLUMNS) for name, what, found in redacted)),
        _table("questions", QUERY_COLUMNS, [_row("dev/queries.jsonl", "ours", asked, QUERY_COLUMNS)]),
        _table("human-like language", PHRASE_COLUMNS, [_row("dev/phrasing.jsonl", "ours", said, PHRASE_COLUMNS)]),
        _table(
            "texts without PHI",
            PLAIN_COLUMNS,
            (
                (f"`{name}`", f"{what}, a sample", str(SAMPLE), *_cells(touched(compiled, data, name), PLAIN_COLUMNS))
                for name, what in PLAIN_SETS
            ),
        ),
    ]
    return "\n\n".join(parts)


def touched(compiled: Compiled, data: Path, name: str) -> Figures:
    """Of a sample of public texts without PHI: the share that a request loses words of, the share called medical."""
    rows = gzip.decompress((data / "public" / f"{name}.jsonl.gz").read_bytes()).decode().splitlines()
    sample = random.Random(7).sample([str(json.loads(row)["text"]) for row in rows], SAMPLE)
    tried = asyncio.run(_tried(compiled, sample))
    return {
        "changed": share(trial.text != text for trial, text in zip(tried, sample, strict=True)),
        "medical": share(trial.assessment.medical for trial in tried),
    }


async def _tried(compiled: Compiled, texts: Sequence[str]) -> list[Trial]:
    return [await try_text(compiled, text, Direction.REQUEST) for text in texts]


def _row(name: str, what: str, found: Evaluation, columns: Mapping[str, str]) -> tuple[str, ...]:
    if found.uninspected:
        raise SystemExit(f"{name}: {len(found.uninspected)} texts could not be inspected")
    return (f"`{name}`", what, str(found.report.texts), *_cells(found.report.figures, columns))


def _cells(figures: Figures, columns: Iterable[str]) -> list[str]:
    return [_cell(figures[name]) for name in columns]


def _cell(figure: Figure) -> str:
    between = figure.interval
    if isinstance(figure, F1) or between is None:
        return percent(figure)
    return f"{percent(figure)} ({100 * between[0]:.1f}-{100 * between[1]:.1f}) of {figure.of:,}"


def _table(title: str, columns: Mapping[str, str], rows: Iterable[Sequence[str]]) -> str:
    head = (title, "", "texts", *columns.values())
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def main() -> None:
    """Measure, print, write."""
    data, *options = sys.argv[1:]
    found = tables(Path(data))
    print(found)
    if "--print" not in options:
        before, begin, rest = DOCUMENT.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            raise SystemExit(f"{DOCUMENT.name} has no markers to write between")
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}")


if __name__ == "__main__":
    main()
