"""The example on the page about described APIs is a policy that loads and works."""

from __future__ import annotations

import json
import re
from pathlib import Path

from guardrail.build import build_routes, read_policy
from guardrail.dialects.catalog import lookup
from guardrail.policy import apis

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = next(
    page.read_text(encoding="utf-8")
    for page in (DOCS / "dialects" / "generic.md", DOCS / "parts" / "generic.md")
    if page.is_file()
)


def test_the_example_is_a_policy(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    file = tmp_path / "house.yaml"
    file.write_text(text)
    routes = build_routes(read_policy(file).policy)
    found = lookup("POST", "/infer/v2/house-1:run", routes)
    body = json.dumps({"messages": [{"role": "human", "content": "Hi"}], "stream": True}).encode()
    request = found.dialect.read_request(body, found.ask({}))
    assert (request.model, request.stream, list(request.turn)) == ("house-1", True, ["/messages/0/content"])


def test_every_key_is_explained() -> None:
    models = (apis.Api, apis.ApiRequest, apis.ApiAnswer, apis.ApiStream, apis.ApiError, apis.ApiEnd, apis.ApiEvent)
    missing = {name for model in models for name in model.model_fields if not re.search(rf"`{name}\b", PAGE)}
    assert missing <= {"request", "answer", "stream", "error"}
