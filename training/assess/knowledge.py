import numpy as np
from guardrail.rails import crisis, medical
from guardrail.rails.base import About, Window
from guardrail.rails.data.red_flags import CONCEPTS
from guardrail.rails.fold import fold

_M = medical._lexicon()
_C = crisis.build(crisis.CrisisSettings())
_MED = sorted({c for t in (*_M.exact.values(), *_M.stems.values(), *_M.endings.values()) for c in [x.concept for x in t]} | {"reading"})
_NAMES = [*(f"m.{c}" for c in _MED), *(f"c.{c}" for c in sorted(CONCEPTS)), *(f"f.{c}" for c in crisis.LABELS)]
INDEX = {n: i for i, n in enumerate(_NAMES)}
SIZE = len(_NAMES)
_A = About()

def knowledge(text: str) -> np.ndarray:
    v = np.zeros(SIZE, np.float32)
    folded = fold(text).text
    for hit in medical.Medical(_M)._hits(text, folded):
        k = INDEX.get(f"m.{hit.concept}")
        if k is not None:
            v[k] = 1
    for hit in crisis._lexicon().scan(folded):
        if not hit.denied:
            v[INDEX[f"c.{hit.concept}"]] = 1
    for f in _C.inspect(Window(text), _A):
        v[INDEX[f"f.{f.label}"]] = 1
    return v
