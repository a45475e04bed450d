"""The trade's arithmetic. Pure: no Django, no clock, no files, no network."""
