"""Writes of contracts and what is booked on them, of orders and cancellations, a file a verb."""

from balie.contracts.actions.activate import (
    Overtaken,
    claim_for,
    note_first_calls,
    reach,
    record_removed,
    try_again,
    wait,
    wait_to_remove,
)
from balie.contracts.actions.book import (
    book,
    cancel_booking,
    change_quantity,
    delete_booking,
    enter_service,
    reopen_booking,
)
from balie.contracts.actions.by_hand import confirm_by_hand
from balie.contracts.actions.cancel import cancel_once, cancel_service, withdraw_cancellation
from balie.contracts.actions.change import Ended, change_tariff, end_contract, undo_change
from balie.contracts.actions.order import Wish, begin_later, end_orders, place_order, withdraw_order
from balie.contracts.actions.put import Key, Put, put_bookings, put_contracts, refuse_overlaps
from balie.contracts.actions.request import Notice, accept_notice, confirm_notice, give_notice, reject_notice

__all__ = [
    "Ended",
    "Key",
    "Notice",
    "Overtaken",
    "Put",
    "Wish",
    "accept_notice",
    "begin_later",
    "book",
    "cancel_booking",
    "cancel_once",
    "cancel_service",
    "change_quantity",
    "change_tariff",
    "claim_for",
    "confirm_by_hand",
    "confirm_notice",
    "delete_booking",
    "end_contract",
    "end_orders",
    "enter_service",
    "give_notice",
    "note_first_calls",
    "place_order",
    "put_bookings",
    "put_contracts",
    "reach",
    "record_removed",
    "refuse_overlaps",
    "reject_notice",
    "reopen_booking",
    "try_again",
    "undo_change",
    "wait",
    "wait_to_remove",
    "withdraw_cancellation",
    "withdraw_order",
]
