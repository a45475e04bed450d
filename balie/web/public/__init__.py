"""Pages for everybody: price lists to read, print and share. No login, and nothing of any client."""
