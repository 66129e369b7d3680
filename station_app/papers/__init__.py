"""Everything printed on paper: sheets and slips, drawn with Qt's painter, without widgets.

The second room with Qt (DECISIONS 8). `day_papers` are the day's papers as PDFs, `slip` gives
slips as dots, `readiness_sheet` the readiness sheet; `paper_words` the words, which screens
use too.
"""
