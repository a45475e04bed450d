"""Documents on paper: typst templates, the font, and the press that turns one document's data into a PDF.

Nothing here knows of the database or of Django: the press also runs in processes of its own.
"""
