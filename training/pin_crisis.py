"""Writes guardrail/rails/data/crisis/SHA256SUMS anew after somebody changed a crisis text or a service on purpose."""

from __future__ import annotations

from guardrail.rails.crisis_data import FOLDER, MANIFEST, manifest, read


def main() -> None:
    (FOLDER / MANIFEST).write_text(manifest(), encoding="ascii")
    data = read()
    print(f"pinned {len(data.texts)} languages and {len(data.services)} countries")


if __name__ == "__main__":
    main()
