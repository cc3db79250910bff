"""Laws of the templates for stream frames: they make reading faster and nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.wire.jsondoc import JsonDocument
from guardrail.wire.shapes import ShapeReader
from tests.laws.json_documents import LETTERS, Made, Writer, read, spoiled

SEEDS = st.integers(0, 2**32)
SIZES = st.integers(1, 12)
TEXTS = st.text(st.sampled_from([*LETTERS, "\ud800", "\udc00"]), max_size=8)


@settings(max_examples=1_500, deadline=None, database=None)
@given(SEEDS, SIZES, st.data())
def test_a_frame_reads_the_same_with_and_without_a_template(seed: int, size: int, data: st.DataObject) -> None:
    """The fast way to read a stream's frames sees exactly what the careful way sees, whatever frame comes."""
    writer = Writer(seed, size)
    made = writer.document()
    reader = ShapeReader()
    bodies = [made.body] + [sibling(writer, made) for _ in range(3)]
    bodies += [spoiled(body, data.draw(SEEDS)) for body in bodies] + bodies[:1]
    for body in bodies:
        assert read(reader.read, body) == read(JsonDocument, body)


@settings(max_examples=500, deadline=None, database=None)
@given(SEEDS, SIZES, TEXTS)
def test_a_frame_is_written_the_same_with_and_without_a_template(seed: int, size: int, text: str) -> None:
    """What the client gets doesn't depend on which way a frame was read."""
    writer = Writer(seed, size)
    made = writer.document()
    reader = ShapeReader()
    for body in (made.body, sibling(writer, made), sibling(writer, made)):
        written = []
        for document in (reader.read(body), JsonDocument(body)):
            for pointer in made.strings:
                document.replace(pointer, text)
            written.append(document.to_bytes())
        assert written[0] == written[1]


def sibling(writer: Writer, made: Made) -> bytes:
    """The same frame with other strings and numbers."""
    strings = {number: writer.spell(writer.words()) for number in made.strings.values()}
    numbers = {number: str(writer.random.randint(-5, 5000)) for number in made.numbers}
    return made.having(strings | numbers)
