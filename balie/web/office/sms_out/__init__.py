"""SMS that we send, in the office: the list, one of them, a new one counted while it is typed, settings, opt-outs."""
