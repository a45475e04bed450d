"""JSON for other programs, a file per resource; and what monitoring asks (health.py, metrics.py)."""
