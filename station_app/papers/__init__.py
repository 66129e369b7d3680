"""What is printed on paper: sheets, drawn with Qt's painter and without widgets.

The second room with Qt (DECISIONS 8). A sheet is one page of A4, the same on a PDF and on a
picture. `write_readiness_pdf` and `readiness_picture` make the readiness sheet; `words_of`
has the words, for whoever says them elsewhere.
"""

from station_app.papers.readiness_sheet import readiness_picture, write_readiness_pdf
from station_app.papers.words import Words, words_of

__all__ = ["Words", "readiness_picture", "words_of", "write_readiness_pdf"]
