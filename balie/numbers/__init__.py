"""The operator's pool of telephone numbers and whose they are when."""
