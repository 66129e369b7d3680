"""The station application that identifies voters at polling stations."""

import os

__version__ = "0.2.0"

# Read once, when numpy is first imported: with one thread a lane the numerics share two
# cores with the desk, and the small matrices of matching are faster than with more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# onnxruntime reports usage to its maker unless told not to before it is imported. A station
# reports to nobody: no network is needed, and none may be tried.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
