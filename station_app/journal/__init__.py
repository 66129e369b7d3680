"""The append-only record: canonical entries in an RFC 6962 tree with signed checkpoints.

`Journal` writes it on the station, `verify_journal` judges a file in anybody's hands.
"""

from station_app.journal.journal import Clock, Journal
from station_app.journal.verify import VerifyReport, verify_journal

__all__ = ["Clock", "Journal", "VerifyReport", "verify_journal"]
