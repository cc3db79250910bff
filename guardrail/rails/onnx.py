"""The only door to onnxruntime, which tells its maker about each use unless it is told not to before it is imported.

Source: `Privacy.md` in its package ("telemetry is turned on by default"; Linux too since 1.32). It would also keep an
identifier of this machine on disk, and a thread that a process to be forked must not have.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

ort.disable_telemetry_events()  # a program around us may have imported it before

__all__ = ["ort"]
