"""The installation's own settings and the log of who did what."""
