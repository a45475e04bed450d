"""Writes of tariffs, a file a verb: as a world file says them, one at a time, codes, prices of many at once."""

from balie.tariffs.actions.codes import code_entered, restore_code, take_back_use, use_code, withdraw_code
from balie.tariffs.actions.prices import apply_price_change, undo_price_change
from balie.tariffs.actions.put import PutTariffs, VersionSaid, put_tariffs
from balie.tariffs.actions.versions import (
    change_offer,
    copy_for_client,
    delete_version,
    draft_version,
    freeze_versions,
    make_tariff,
    set_watch,
)

__all__ = [
    "PutTariffs",
    "VersionSaid",
    "apply_price_change",
    "change_offer",
    "code_entered",
    "copy_for_client",
    "delete_version",
    "draft_version",
    "freeze_versions",
    "make_tariff",
    "put_tariffs",
    "restore_code",
    "set_watch",
    "take_back_use",
    "undo_price_change",
    "use_code",
    "withdraw_code",
]
