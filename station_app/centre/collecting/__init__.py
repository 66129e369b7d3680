"""The journals of a country in one PostgreSQL: collected, held against each other, reported.

`collect` loads bundles and logs, each in one transaction; `report` adds a day up by precinct
and says what is wrong. Nothing here changes what a station has signed: an entry is kept as
the very text that its station signed, and a second history of a station lies beside the
first. docs/centre.md is the guide.
"""
