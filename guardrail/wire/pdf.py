"""The words of a PDF file, read in a process of its own that can be stopped: such files are made to hurt parsers.

No I/O but that process. Every string of every object is read, not only the pages': bookmarks, alternative texts, names.
A file with pictures, embedded files, forms, other streams, or anything behind its end holds more and is not read.
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
import io, json, logging, re, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
logging.disable()
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject, StreamObject
sys.stdin_bytes = sys.stdin.buffer.read()
reader = PdfReader(io.BytesIO(sys.stdin_bytes))
if reader.is_encrypted or len(reader.pages) > {pages}:
    sys.exit(3)
more, words = bool(reader.attachments) or bool(reader.get_fields()), []
for page in reader.pages:
    more = more or bool(len(page.images)) or "/Annots" in page
    words.append(page.extract_text())
told = []
def read(value):
    if isinstance(value, dict):
        for each in value.values():
            read(each)
    elif isinstance(value, list):
        for each in value:
            read(each)
    elif isinstance(value, (str, bytes)) and not isinstance(value, NameObject):
        told.append(value.decode("latin-1") if isinstance(value, bytes) else str(value))
if not any(word.strip() for word in words):
    sys.exit(4)
pages = set()
for page in reader.pages:
    contents = page["/Contents"].get_object() if "/Contents" in page else []
    pages.update(id(each.get_object()) for each in (contents if isinstance(contents, list) else [contents]))
known = {{"/XRef", "/ObjStm"}}
for number in sorted({{n for table in reader.xref.values() for n in table}} | set(reader.xref_objStm)):
    value = IndirectObject(number, 0, reader).get_object()
    read(value)
    if isinstance(value, StreamObject) and value.get("/Type") not in known and id(value) not in pages:
        kinds = ("/Type1C", "/CIDFontType0C", "/OpenType")
        font = "/Length1" in value or "/Length3" in value or value.get("/Subtype") in kinds
        cmap = b"begincmap" in value.get_data()[:400] or value.get("/Type") == "/CMap"
        more = more or not (font or cmap)
source = sys.stdin_bytes
more = more or bool(source[source.rindex(b"%%EOF") + 5:].strip()) or b"/ActualText" in source
text = "\\n".join([*words, *told])
upright = re.sub(r"(?m)^(.)\\n(?=.$)", r"\\1", text)
json.dump({{"more": more, "text": text if upright == text else text + "\\n" + upright}}, sys.stdout)
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
