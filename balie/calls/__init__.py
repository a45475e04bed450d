"""Calls, the phone systems they come from, imports with their bad lines, and rollups."""
