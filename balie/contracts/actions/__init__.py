"""Writes of contracts and what is booked on them, a file a verb."""

from balie.contracts.actions.book import (
    book,
    cancel_booking,
    change_quantity,
    delete_booking,
    enter_service,
    reopen_booking,
)
from balie.contracts.actions.change import Ended, change_tariff, end_contract, undo_change
from balie.contracts.actions.put import Key, Put, put_bookings, put_contracts, refuse_overlaps

__all__ = [
    "Ended",
    "Key",
    "Put",
    "book",
    "cancel_booking",
    "change_quantity",
    "change_tariff",
    "delete_booking",
    "end_contract",
    "enter_service",
    "put_bookings",
    "put_contracts",
    "refuse_overlaps",
    "reopen_booking",
    "undo_change",
]
