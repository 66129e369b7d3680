"""The append-only record: canonical entries in an RFC 6962 tree with signed checkpoints.

`Journal` writes it on the station, and `JournalReader` reads it there; `verify_journal` judges a
file in anybody's hands.
"""

from station_app.journal.journal import Clock, Journal, JournalReader
from station_app.journal.verify import VerifyReport, verify_journal

__all__ = ["Clock", "Journal", "JournalReader", "VerifyReport", "verify_journal"]
