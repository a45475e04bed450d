"""Clients, users, staff, agents and API tokens."""
