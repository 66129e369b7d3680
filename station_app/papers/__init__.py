"""What is printed on paper: sheets and slips, drawn with Qt's painter and without widgets.

The second room with Qt (DECISIONS 8). `zero_report`, `protocol`, `turnout_sheet` and
`day_log_sheet` give the day's papers as PDFs; `draw_slip` gives slips as dots.
`write_readiness_pdf` and `readiness_picture` make the readiness sheet; `words_of` has the
words, for whoever says them elsewhere.
"""

from station_app.papers.day_log_sheet import day_log_sheet
from station_app.papers.protocol import protocol
from station_app.papers.readiness_sheet import readiness_picture, write_readiness_pdf
from station_app.papers.slip import SlipPlace, draw_slip, slip_picture
from station_app.papers.turnout_sheet import turnout_sheet
from station_app.papers.words import Words, words_of
from station_app.papers.zero_report import zero_report

__all__ = [
    "SlipPlace",
    "Words",
    "day_log_sheet",
    "draw_slip",
    "protocol",
    "readiness_picture",
    "slip_picture",
    "turnout_sheet",
    "words_of",
    "write_readiness_pdf",
    "zero_report",
]
