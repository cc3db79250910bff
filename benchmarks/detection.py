"""What the rails find and miss, on the labelled development sets, written into docs/benchmarks.md.

    .venv/bin/python -m benchmarks.detection DATA

DATA holds the project's data: dev/, public/ and the score_*.py. The texts go through `guardrail try --jsonl`, the
product's own pipe, and are scored by the sets' own scorers. The sets are not part of this repository, and they were
read while the rails were written: new texts will give worse figures.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by `python -m benchmarks.detection` from here on -->", "<!-- up to here: detection -->"
SAMPLE = 1_000

Rows = Sequence[dict[str, Any]]


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines() if line.strip()]


def tried(rows: Iterable[dict[str, Any]], *options: str) -> Rows:
    """What `guardrail try --jsonl` makes of the texts."""
    asked = "".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in rows)
    command = [sys.executable, "-m", "guardrail", "try", "--jsonl", *options]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def scored(data: Path, scorer: str, gold: str, predictions: Rows) -> dict[str, Any]:
    """The scorer's own figures."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "predictions.jsonl", Path(folder) / "figures.json"
        file.write_text("".join(json.dumps(row) + "\n" for row in predictions))
        as_json = ["--json", str(out)] if scorer == "score_phi.py" else ["--json"]
        command = [sys.executable, str(data / scorer), str(file), "--gold", str(data / "dev" / gold), *as_json]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return dict(json.loads(out.read_text() if out.exists() else done.stdout))


def touched(data: Path, name: str) -> tuple[float, float]:
    """Of a sample of public texts without PHI: share that the request chain changes, share that it calls medical."""
    texts = [str(row.get("text") or row.get("question")) for row in lines(data / "public" / f"{name}.jsonl.gz")]
    sample = random.Random(7).sample(texts, SAMPLE)
    results = tried({"id": str(at), "text": text} for at, text in enumerate(sample))
    changed = sum(row["text"] != text for row, text in zip(results, sample, strict=True))
    medical = sum(row["assessment"]["medical"] for row in results)
    return changed / SAMPLE, medical / SAMPLE


def figures(data: Path) -> list[tuple[str, str]]:
    """All figures, as rows of a table."""
    phi = lines(data / "dev" / "phi.jsonl")
    redacted = [{"id": row["id"], "redacted": row["text"]} for row in tried(phi)]
    queries = [
        {"id": row["id"], "medical": row["assessment"]["medical"], "risk": row["assessment"]["risk"]}
        for row in tried(lines(data / "dev" / "queries.jsonl"))
    ]
    options = ("--direction", "response", "--rails", "persona")
    phrasing = [
        {"id": row["id"], "text": row["text"]} for row in tried(lines(data / "dev" / "phrasing.jsonl"), *options)
    ]
    table = [
        *flat("PHI (phi.jsonl, 66 texts)", scored(data, "score_phi.py", "phi.jsonl", redacted)),
        *flat("medical questions (queries.jsonl, 101)", scored(data, "score_queries.py", "queries.jsonl", queries)),
        *flat(
            "human-like phrases (phrasing.jsonl, 112)", scored(data, "score_phrasing.py", "phrasing.jsonl", phrasing)
        ),
    ]
    for name, what in (
        ("clinc150_train", "everyday questions"),
        ("banking77_train", "questions to a bank"),
        ("medquad_questions", "health questions"),
    ):
        changed, medical = touched(data, name)
        table.append((f"{what} ({name}, sample of {SAMPLE}): changed by redaction", f"{changed:.1%}"))
        table.append((f"{what}: taken for medical", f"{medical:.1%}"))
    return table


def flat(about: str, found: dict[str, Any], depth: int = 0) -> Iterable[tuple[str, str]]:
    """The plain numbers of a scorer's answer, two levels deep, without counts by id."""
    for key, value in found.items():
        if isinstance(value, bool | str | list) or value is None:
            continue
        if isinstance(value, dict):
            if depth < 1:
                yield from flat(f"{about}: {key}", value, depth + 1)
        else:
            yield f"{about}: {key}", f"{value:.3g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Measure, print, write."""
    data = Path(sys.argv[1])
    table = "\n".join(
        ["| what | figure |", "| --- | ---: |", *(f"| {what} | {figure} |" for what, figure in figures(data))]
    )
    print(table)
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


if __name__ == "__main__":
    main()
