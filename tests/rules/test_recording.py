"""Each check finds what it is for, and leaves alone what lies next to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.rules.recording import (
    CHECKS,
    CODES,
    Around,
    Finding,
    Limits,
    Noted,
    Outcome,
    Talk,
    findings,
    is_email,
    plain,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
END = START + timedelta(minutes=3)
CALL = Talk("k1", client="1001", agent="201", start=START, end=END)
NOTE = Noted(7, client="1001", agent="201", at=END + timedelta(minutes=1), text="Wants a quote for the bathroom")
AROUND = Around(call=CALL, region="NL", received=NOTE.at)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def after(span: timedelta) -> dict[str, Any]:
    """A note submitted so long after its call."""
    return {"at": END + span, "received": END + span}


def found(values: dict[str, Any], limits: Limits = Limits()) -> list[Finding]:  # noqa: B008 - frozen
    """The findings of a clean note with these values of its own, its call's, or what stands around it."""
    note = {name: value for name, value in values.items() if name in Noted._fields}
    call = {name.removeprefix("call_"): value for name, value in values.items() if name.startswith("call_")}
    known = call.pop("s_known", None)
    around = {name: value for name, value in values.items() if name in Around._fields}
    if call:
        around["call"] = CALL._replace(**call)
    assert known is None or "calls_known" in around
    return findings(NOTE._replace(**note), AROUND._replace(**around), limits)


CALLBACK = {"outcome": Outcome.CALLBACK}
NEIGHBOURS: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "no_call": [({"call": None}, {}), ({"call": None}, {"call": None, "calls_known": False})],
    "other_client": [({"call_client": "1002"}, {"call_client": ""})],
    "other_agent": [({"call_agent": "202"}, {"call_agent": ""})],
    "outcome": [
        ({"outcome": Outcome.FORWARDED}, {"outcome": Outcome.FORWARDED, "call_passed_on": True}),
        ({"outcome": Outcome.FORWARDED}, {"outcome": Outcome.MESSAGE, "call_passed_on": True}),
        ({"outcome": Outcome.FORWARDED}, {"outcome": Outcome.NONE}),
    ],
    "callback_number": [
        (CALLBACK, {"callback": ""}),
        (CALLBACK | {"callback": "0612345"}, CALLBACK | {"callback": "06 12345678"}),
        (CALLBACK | {"callback": "020 123"}, CALLBACK | {"callback": "+49 30 23125000"}),
        (CALLBACK | {"callback": "06123456789"}, CALLBACK | {"callback": "0800 1234"}),
        (CALLBACK | {"callback": "123"}, CALLBACK | {"callback": "06 99999999"}),  # as long as one is enough
        (CALLBACK | {"callback": "his mobile"}, CALLBACK | {"callback": " (020) 123 45 01 "}),
    ],
    "bad_email": [
        ({"emails": ("info@bakker",)}, {"emails": ("info@bakker.nl",)}),
        ({"emails": ("info@bakker.nl", "jan.bakker.nl")}, {"emails": ()}),
    ],
    "empty_text": [({"text": ""}, {}), ({"text": " \n\t"}, {}), ({"text": "\u200b\ufeff"}, {})],
    "short_text": [
        ({"text": "a" * 14}, {"text": "a" * 15}),
        ({"text": "please call me"}, {"text": "please call me!"}),
        ({"text": "a        b       c"}, {"text": "a b c d e f g h"}),
        ({"text": "Straße gesucht"}, {"text": "Straßen gesucht"}),  # as signs are typed, not as they are compared
        ({"text": "cafe\u0301 gesloten."}, {"text": "café is gesloten"}),
    ],
    "copied_text": [({"copied": True}, {"copied": False})],
    "late_note": [(after(30 * MINUTE + SECOND), after(30 * MINUTE))],
    "two_notes": [({"second": True}, {"second": False})],
    "missing_field": [
        ({"needed": ("plate",)}, {"needed": ("plate",), "fields": {"plate": "AB-123-C"}}),
        ({"needed": ("plate",), "fields": {"plate": "  "}}, {"needed": (), "fields": {"plate": ""}}),
        ({"needed": ("a", "b"), "fields": {"a": "x"}}, {"needed": ("a", "b"), "fields": {"a": "x", "b": "y"}}),
    ],
    "undelivered": [
        ({"reachable": False}, {}),
        ({"delivered": False}, {"delivered": None}),
        ({"delivered": False}, {"delivered": True}),
    ],
    "impossible_times": [
        ({"at": START - 2 * MINUTE - SECOND}, {"at": START - 2 * MINUTE}),
        ({"received": NOTE.at - 2 * MINUTE - SECOND}, {"received": NOTE.at - 2 * MINUTE}),
    ],
}  # fmt: skip
PAIRS = [(code, wrong, clean) for code, rows in NEIGHBOURS.items() for wrong, clean in rows]


def test_every_check_is_tried() -> None:
    assert tuple(NEIGHBOURS) == CODES == tuple(check.__name__ for check in CHECKS)


def test_clean_note_has_no_finding() -> None:
    assert found({}) == []


@pytest.mark.parametrize(("code", "wrong", "clean"), PAIRS)
def test_check_finds_its_fault_alone_and_nothing_in_its_neighbour(
    code: str, wrong: dict[str, Any], clean: dict[str, Any]
) -> None:
    assert [one.code for one in found(wrong)] == [code]
    assert [one.code for one in found(clean)] == []


@pytest.mark.parametrize(("code", "wrong", "clean"), PAIRS)
def test_check_that_is_off_finds_nothing(code: str, wrong: dict[str, Any], clean: dict[str, Any]) -> None:
    assert found(wrong, Limits(off=frozenset([code]))) == []


@pytest.mark.parametrize(
    ("limits", "wrong", "clean"),
    [
        (Limits(shortest=5), {"text": "abcd"}, {"text": "abcde"}),
        (Limits(shortest=0), {"text": ""}, {"text": "a"}),
        (Limits(late_after=5 * MINUTE), after(5 * MINUTE + SECOND), after(5 * MINUTE)),
        (Limits(slack=timedelta()), {"at": START - SECOND}, {"at": START}),
    ],
)
def test_parameters_move_the_boundary(limits: Limits, wrong: dict[str, Any], clean: dict[str, Any]) -> None:
    assert len(found(wrong, limits)) == 1
    assert found(clean, limits) == []


def test_findings_of_one_note_come_in_the_order_of_checks_with_their_figures() -> None:
    wrong = {
        "call_client": "1002", "call_agent": "202", "callback": "123", "emails": ("a@b",), "text": "hm", "second": True,
        "needed": ("plate",), **CALLBACK, **after(45 * MINUTE + 59 * SECOND),
    }  # fmt: skip
    assert [(one.code, dict(one.figures)) for one in found(wrong)] == [
        ("other_client", {"call": "1002", "note": "1001"}),
        ("other_agent", {"call": "202", "note": "201"}),
        ("callback_number", {"number": "123"}),
        ("bad_email", {"email": "a@b"}),
        ("short_text", {"characters": "2"}),
        ("late_note", {"minutes": "45"}),
        ("two_notes", {}),
        ("missing_field", {"field": "plate"}),
    ]


def test_every_required_field_that_is_empty_is_named() -> None:
    said = found({"needed": ("caller_name", "plate", "text"), "fields": {"plate": "AB-123-C", "text": " "}})
    assert [dict(one.figures) for one in said] == [{"field": "caller_name", "fields": ["caller_name", "text"]}]


def test_words_are_compared_without_capitals_blanks_and_hidden_signs() -> None:
    assert plain("  Belt\u200b\n  morgen TERUG ") == plain("belt morgen terug")
    assert plain("cafe\u0301") == plain("CAFÉ")
    assert plain("belt morgen") != plain("belt morgen terug")


@pytest.mark.parametrize(
    "address",
    [
        "info@bakker.nl", "Jan.de-Vries+notes@post.bakker.co.uk", " info@bakker.nl ", "o'brien@bakker.ie", "1@2.nl",
        "jürgen@müller.de", "x@xn--mller-kva.de", "a_b@b-c.example", f"{'a' * 64}@bakker.nl", "ik@bakker.amsterdam",
    ],
)  # fmt: skip
def test_address_can_be_one(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "info", "info@", "@bakker.nl", "info@bakker", "info@@bakker.nl", "a@b@bakker.nl", "info@bakker..nl",
        "info bakker.nl", "in fo@bakker.nl", "info@bak ker.nl", "info@bakker.nl.", "info@.nl", "info@-bakker.nl",
        "info@bakker-.nl", "info@bakker.n", "info@bakker.123", "info@bak_ker.nl", "info@bakker,nl", "info.@bakker.nl",
        ".info@bakker.nl", "in..fo@bakker.nl", "Jan <info@bakker.nl>", "info@bakker.nl, jan@bakker.nl", "n/a", "-",
        "info(at)bakker.nl", "www.bakker.nl", "info@bakker/nl", f"{'a' * 65}@bakker.nl", f"a@{'b' * 250}.nl",
        f"info@{'b' * 64}.nl", "06 12345678", "in\u200bfo@bakker.nl", "info@bak\u00adker.nl",
    ],
)  # fmt: skip
def test_address_cannot_be_one(address: str) -> None:
    assert not is_email(address)
