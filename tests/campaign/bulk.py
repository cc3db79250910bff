"""The bulk of the campaign: the same requests through everything that decides what leaves, in one process.

Route, dialect, PHI rail, vault and the head's allow-list are the product's own; there is no socket, no analyzer
process, no other rail and no answer, which cost three quarters of the time. `run.py` has the rest.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from guardrail.build import build_routes, build_try
from guardrail.dialects.catalog import lookup
from guardrail.errors import ClientError, GuardrailError
from guardrail.kept import resume
from guardrail.policy.compile import ANONYMOUS
from guardrail.question import clear_question
from guardrail.rails.base import About
from guardrail.text import Action
from guardrail.wire.headers import check_content, check_head, check_query, copy_headers, to_upstream
from tests.campaign.cases import Case, case
from tests.campaign.oracle import canaries
from tests.campaign.run import QUICK, Findings, policy

_NOWHERE: Final = "http://127.0.0.1:9"


class Words:
    """The campaign's policy with its PHI rail alone, in this process."""

    def __init__(self, folder: Path) -> None:
        file = folder / "campaign.yaml"
        whole: dict[str, Any] = {"version": 1, "extends": ["baseline"], **policy(_NOWHERE, QUICK)}
        file.write_text(yaml.safe_dump(whole), encoding="utf-8")
        self._compiled = build_try(file, rails=["phi"])
        self._routes = build_routes(self._compiled.policy)

    async def sent(self, made: Case) -> bytes:
        """What would leave: target, head and body. Raises GuardrailError where nothing would."""
        path, _, query = made.target.partition("?")
        raw = [(name.lower().encode(), value.encode()) for name, value in (*made.headers.items(), ("host", "a"))]
        scope = {"headers": raw, "method": "POST", "raw_path": path.encode(), "http_version": "1.1"}
        check_head(scope)
        headers = copy_headers(raw)
        found = lookup("POST", path, self._routes)
        check_content(headers, path)
        asked = check_query(query.encode(), found.route.query)
        document = found.dialect.read_request(made.body, found.ask(asked))
        vault = self._compiled.open_vault()
        targets = self._compiled.targets(found.dialect.name, client=ANONYMOUS, model=document.model)
        await resume(document, None, vault, "", targets)  # nothing was made here that could be referred to
        question = await clear_question(document, self._compiled.request, About(), vault)
        vault.close()
        if question.action is Action.BLOCK:
            raise ClientError("withheld", code="content_filter")
        head = "".join(f"{name}: {value}\n" for name, value in to_upstream(headers))
        return made.target.encode() + b"\n" + head.encode() + document.to_bytes()


def combed(numbers: Sequence[int], seed: int = 0) -> Findings:
    """These requests, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_combed(Words(Path(folder)), numbers, seed))


async def _combed(words: Words, numbers: Sequence[int], seed: int) -> Findings:
    findings, began = Findings(), time.monotonic()
    for number in numbers:
        made = case(number, seed)
        findings.dialects[made.specimen.name] += 1
        try:
            sent = await words.sent(made)
        except GuardrailError as error:
            findings.statuses[error.http_status] += 1
            if canaries(error.message.encode()):
                findings.leaks.append(f"{number}: the error quotes the request")
            continue
        findings.statuses[200] += 1
        findings.sent_on += 1
        if made.canary in canaries(sent):  # another number is what is left of it after a trick: nobody's
            findings.leaks.append(f"{number} ({made.specimen.name}, {made.trick or 'ordinary'})")
    findings.seconds = time.monotonic() - began
    return findings
