"""Small policies for tests."""

from pathlib import Path
from textwrap import dedent

MINIMAL = """\
name: ward
version: 1
upstreams:
  lmm: {base_url: https://lmm.example.org}
default_upstream: lmm
rails:
  - {rail: notice, response: warn}
  - {rail: phi, request: replace, response: replace}
"""

NOTICE_ONLY = """\
name: ward
version: 1
unsafe: true
upstreams:
  lmm: {base_url: https://lmm.example.org}
default_upstream: lmm
rails:
  - {rail: notice, request: replace, response: warn}
"""


def write(folder: Path, text: str, name: str = "ward.yaml") -> Path:
    """A policy file with this text."""
    file = folder / name
    file.write_text(dedent(text), encoding="utf-8")
    file.chmod(0o644)
    return file
