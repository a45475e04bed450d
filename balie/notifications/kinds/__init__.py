"""The kinds of mails there are, those about one thing in a file of their own; `mails.py` lists them all."""
