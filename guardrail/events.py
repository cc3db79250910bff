"""What a stream is made of, in nobody's wire format: deltas of text inside frames.

A codec (dialects) turns bytes into frames, the relay (engine) decides what text may leave and when,
the codec turns frames back into bytes. Neither knows the other; they meet in these values.
"""

from __future__ import annotations

from dataclasses import dataclass

from guardrail.text import Kind, Role, Segment


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a segment that is still being written.

    `segment` names the segment within its stream ("choices/0/content"): all deltas with the same name
    are one text. `json` says that the text is JSON written piece by piece (tool arguments, structured
    output): it is held until the segment closes and judged as a document, so that it stays valid JSON.
    `tool` and `opens` as in `Segment`. Texts of the same `thread` are read as one, one after the other, although each
    is decided when it ends: thoughts before and after words that are shown. "": it stands alone.
    """

    segment: str
    role: Role
    text: str
    kind: Kind = Kind.PROSE
    json: bool = False
    tool: str = ""
    opens: bool = True
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many a provider counted, None where it does not say.

    input, output  all of the request, all of the answer
    cached         those of the request that came out of a cache
    reasoning      those of the answer that are no words of it
    """

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    reasoning: int | None = None


CUT, FILTERED = "cut", "filtered"


@dataclass(frozen=True, slots=True)
class Stop:
    """The provider says why an answer ends: `kind` is CUT, FILTERED (a part was withheld), "" if all is well (WHO-41).

    `choice` is the number of the answer, where there are several to choose from.
    """

    kind: str = ""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the wire, and what of it is text.

    lane       frames of one lane keep their order; `None` belongs to all lanes (it waits for every earlier
               frame, and every later frame waits for it)
    deltas     pieces of running text; the relay gives back one text for each
    wholes     strings that are complete in this frame
    closes     names of the segments that end with this frame
    keepalive  carries nothing and may overtake
    last       the upstream's own end of the stream ("[DONE]")
    failed     the upstream reports an error inside the stream; nothing comes after it
    stops      answers that end with this frame, and why
    payload    the codec's own memory of the frame; nobody else looks inside
    """

    lane: str | None = None
    deltas: tuple[Delta, ...] = ()
    wholes: tuple[Segment, ...] = ()
    closes: tuple[str, ...] = ()
    keepalive: bool = False
    last: bool = False
    failed: bool = False
    stops: tuple[Stop, ...] = ()
    payload: object = None
