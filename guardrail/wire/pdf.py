"""The words of a PDF file, read in a process of its own that can be stopped: such files are made to hurt parsers.

No I/O but that process. A file with pictures, embedded files or forms holds more than its words and is not read.
"""

from __future__ import annotations

import json
import subprocess
import sys

from guardrail.errors import UnreadablePayload

SECONDS = 10
MAX_PAGES = 300
MEMORY = 512 << 20

_READER = """
import io, json, logging, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
logging.disable()
from pypdf import PdfReader
reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
if reader.is_encrypted or len(reader.pages) > {pages}:
    sys.exit(3)
more, words = bool(reader.attachments) or bool(reader.get_fields()), []
for page in reader.pages:
    more = more or bool(len(page.images)) or "/Annots" in page
    words.append(page.extract_text())
told = [str(value) for value in (reader.metadata or {{}}).values()]
json.dump({{"more": more, "text": "\\n".join([*words, *told])}}, sys.stdout)
"""


def read_pdf(data: bytes) -> str:
    """The words of a PDF file, its metadata too.

    Raises UnreadablePayload (422 uninspected_part) for a file that holds anything else, or nothing that can be read.
    """
    code = _READER.format(memory=MEMORY, seconds=SECONDS, pages=MAX_PAGES)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-c", code], input=data, capture_output=True, timeout=SECONDS, check=True
        )
        read = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise _unread() from None
    text = str(read["text"])
    if read["more"] or not text.strip():
        raise _unread()
    return text


def _unread() -> UnreadablePayload:
    return UnreadablePayload("this PDF holds more than words that can be read", code="uninspected_part", status=422)
