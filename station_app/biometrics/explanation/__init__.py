"""Why two prints were called the same finger or not: numbers, reasons, and one picture."""

from station_app.biometrics.explanation.dispute import Dispute, compare_files

__all__ = ["Dispute", "compare_files"]
