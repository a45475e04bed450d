"""Contracts: client × service × tariff from a date, maybe to a date."""
