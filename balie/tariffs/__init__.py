"""Tariffs, their versions and items."""
