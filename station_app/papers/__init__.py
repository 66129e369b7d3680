"""What is printed on paper: sheets and slips, drawn with Qt's painter and without widgets.

The second room with Qt (DECISIONS 8). `day_papers` are the day's papers as PDFs, `slip` gives
slips as dots, `readiness_sheet` the readiness sheet; `words` has the words, for whoever says
them elsewhere.
"""
