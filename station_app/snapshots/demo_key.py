"""The key of lists of invented people. It protects nothing and is meant to be known."""

from typing import Final

from station_app.vault import Secret

PUBLIC_DEMO_LIST_KEY: Final = Secret(b"station-app public demo list key")
