"""The outbox of every mail: rendered when it is queued, sent by the worker, kept as it was sent.

kind.py      what a kind of mail is: variables, what must be said, standard texts in each language
kinds/       the kinds there are; mails.py lists them
wording.py   a text with variables: checked, filled in (pure)
texts.py     the operator's own words instead of the standard ones
letter.py    a filled-in text as plain text and as HTML
post.py      a letter as a MIME message, handed to the operator's mail server; no rows
"""
