"""Clients that gave notice: cases with their figures, offers that take the cancellation back, how cases close."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.contracts.actions import end_contract, withdraw_cancellation
from balie.contracts.models import Cancellation, Contract
from balie.controlling import links
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.offers import take_back_tariff, take_tariff
from balie.controlling.win_back import (
    accept_win_back,
    decline_win_back,
    dismiss_win_back,
    offer_best,
    other_price,
    reopen_win_back,
    send_win_back,
)
from balie.controlling.win_back_files import win_backs_file
from balie.controlling.win_back_letters import MAIL
from balie.controlling.win_backs import Standing, counted, funnel, reasons, seen
from balie.notifications.models import Mail
from balie.notifications.queries import wording
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from tests import make
from tests.controlling.leaving import NOW, bakkers, cancel, look, opened, tariff

pytestmark = pytest.mark.django_db
STAFF, GUEST = Author("Marit", NOW, 7), Author("Client 1001", NOW)
DAY = timedelta(days=1)
HOME = "https://balie.example.nl"
WORDS = Wording("Stay after {ends}", "Dear {client},\n\n{link}\n\n{tariff} at {price}: {code}", "See it")
TO = ["kees@bakker.example"]


@pytest.fixture
def bakker() -> Client:
    return bakkers()


@pytest.fixture
def case(bakker: Client) -> WinBack:
    return opened(bakker)


def send(case: WinBack, code: str = "LIGHT", *, now: datetime = NOW, **given: Any) -> WinBackOffer:
    wanted = {"to": TO, "words": WORDS, "home": HOME, "times": WinBack.objects.get(pk=case.pk).times_sent, **given}
    return send_win_back(case=case, tariff=tariff(code), author=Author("Marit", now, 7), **wanted)


def state(case: WinBack, now: datetime = NOW) -> Standing:
    return seen(now=now, pk=case.pk)[0].standing


def contracts() -> list[tuple[str, date, date | None]]:
    rows = Contract.objects.order_by("start").values_list("tariff__code", "start", "end")
    return list(rows)


def deeds() -> list[str]:
    found = LogEntry.objects.filter(about="client:1001", deed__startswith="win_back.").order_by("pk")
    return [entry.deed for entry in found]


def test_offer_is_a_mail_with_what_an_average_month_would_have_cost(case: WinBack) -> None:
    made = send(case, to=[*TO, "info@bakker.example"])
    mails = list(Mail.objects.filter(kind=MAIL).order_by("pk"))
    assert [mail.recipient for mail in mails] == [*TO, "info@bakker.example"] == made.recipients
    assert mails[0].subject == "Stay after 31 December 2026"
    link = f"{HOME}/stay/{links.token(made.pk, sent=NOW, of=links.WIN_BACK)}/"
    assert f"See it:\n{link}" in mails[0].text
    price = "€60.00 a month instead of €120.00, going by your last 3 months, without VAT"
    assert f"LIGHT at {price}: LIGHT" in mails[0].text.replace("\n", " ")
    assert (made.mail, made.revenue, state(case)) == (mails[0], Decimal("180.00"), "offered")
    assert send(case, times=0) == made and Mail.objects.filter(kind=MAIL).count() == 2
    assert deeds() == ["win_back.opened", "win_back.sent"]


def test_standard_words_of_each_language_can_be_sent_as_they_are(case: WinBack) -> None:
    for time, language in enumerate(("nl", "de", "en")):
        Client.objects.update(language=language)
        send(case, words=wording(kind=MAIL, language=language), now=NOW + time * DAY)
        mail = Mail.objects.filter(kind=MAIL).latest("pk")
        assert mail.language == language and "{" not in mail.text + mail.subject


def test_best_tariff_is_offered_in_standard_words_once(case: WinBack) -> None:
    made = offer_best(case=case, author=STAFF)
    assert made and (made.tariff.code, made.recipients) == ("LIGHT", ["info@bakker.example"])
    assert "http://127.0.0.1:8000/stay/" in Mail.objects.get(kind=MAIL).text
    case.refresh_from_db()
    assert offer_best(case=case, author=STAFF) is None


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("BIG", {}, "same_tariff"),
        ("HIDDEN", {}, "unknown_code"),
        ("SMS", {}, "other_service"),
        ("LIGHT", {"to": []}, "no_recipient"),
        ("LIGHT", {"words": Wording("x", "{link}", "x")}, "code_missing"),
    ],
)
def test_offer_that_would_keep_nobody_is_not_sent(case: WinBack, code: str, given: dict[str, Any], said: str) -> None:
    make.tariff("HIDDEN")
    Tariff.objects.filter(code="HIDDEN").update(client=make.client("1009"))
    make.tariff("SMS")
    Tariff.objects.filter(code="SMS").update(service="sms")
    with pytest.raises(Refused) as refusal:
        send(case, code, **given)
    assert (refusal.value.code, state(case), Mail.objects.filter(kind=MAIL).count()) == (said, "open", 0)


def test_client_that_accepts_has_no_cancellation_and_the_tariff_from_next_month(case: WinBack) -> None:
    made = send(case)
    contract = accept_win_back(offer=made, how="link", author=GUEST)
    assert (contract.tariff.code, contract.start) == ("LIGHT", date(2026, 12, 1))
    expected = [("BIG", date(2026, 1, 1), date(2026, 11, 30)), ("LIGHT", date(2026, 12, 1), None)]
    assert contracts() == expected
    assert Cancellation.objects.get().withdrawn == NOW
    made.refresh_from_db()
    case.refresh_from_db()
    assert (made.accepted, made.accepted_how, made.accepted_by) == (NOW, "link", "Client 1001")
    assert (case.state, case.closed, case.kept) == ("won", NOW, Decimal("720.00"))  # 180.00 in three months
    assert accept_win_back(offer=made, how="link", author=GUEST) == contract and contracts() == expected
    assert deeds() == ["win_back.opened", "win_back.sent", "win_back.won"] and look() == 0


def test_code_on_the_telephone_takes_the_cancellation_back_too(case: WinBack) -> None:
    send(case)
    take_tariff(client=case.client, service="telephone", tariff=tariff(), how="staff", author=STAFF)
    assert contracts()[-1] == ("LIGHT", date(2026, 12, 1), None)
    assert (state(case), WinBackOffer.objects.get().accepted_how) == ("won", "staff")


def test_tariff_that_was_not_offered_leaves_the_cancellation_alone(case: WinBack) -> None:
    send(case)
    take_tariff(client=case.client, service="telephone", tariff=tariff("LARGE"), how="code", author=GUEST)
    assert contracts()[-1] == ("LARGE", date(2026, 12, 1), date(2026, 12, 31))
    assert (state(case), Cancellation.objects.get().withdrawn) == ("offered", None)


def test_change_taken_back_leaves_a_client_that_stays_without_an_offer(case: WinBack) -> None:
    accept_win_back(offer=send(case), how="link", author=GUEST)
    take_back_tariff(client=case.client, service="telephone", author=GUEST)
    case.refresh_from_db()
    assert contracts() == [("BIG", date(2026, 1, 1), None)]
    assert (case.state, case.kept, WinBackOffer.objects.get().accepted) == ("won", Decimal("1440.00"), None)
    assert state(case) == "stayed"
    assert deeds()[-1] == "win_back.won" and look() == 0


@pytest.mark.parametrize("was_offered", [False, True])
def test_cancellation_taken_back_without_taking_an_offer_is_nobodys_win(case: WinBack, was_offered: bool) -> None:
    if was_offered:
        send(case)
    withdraw_cancellation(cancellation=case.cancellation, author=GUEST)
    assert [look(), look()] == [1, 0] and deeds()[-1] == "win_back.stayed"
    (found,) = seen(now=NOW)
    assert (found.standing, found.kept, found.document()["kept_a_year"]) == ("stayed", None, None)
    sums = counted([found])
    assert (sums.won, sums.stayed, sums.open, sums.share, sums.kept) == (0, 1, 0, None, Decimal("0.00"))


def test_offer_taken_only_after_the_cancellation_was_taken_back_wins_the_case(case: WinBack) -> None:
    send(case)
    withdraw_cancellation(cancellation=case.cancellation, author=GUEST)
    look()
    take_tariff(client=case.client, service="telephone", tariff=tariff(), how="code", author=GUEST)
    look()
    assert (state(case), seen(now=NOW)[0].kept) == ("won", Decimal("720.00"))


def test_service_that_ended_loses_the_case_and_one_that_goes_on_does_not(case: WinBack) -> None:
    assert look(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == 0  # its last minute
    ended = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    contract = Contract.objects.get()
    end_contract(contract=contract, last_day=None, author=STAFF)
    assert look(ended) == 1 and state(case, ended) == "stayed"
    WinBack.objects.update(state="open", closed=None, kept=None)
    end_contract(contract=contract, last_day=date(2026, 12, 31), author=STAFF)
    assert look(ended) == 1 and state(case, ended) == "lost"
    case.refresh_from_db()
    assert (case.closed, case.kept) == (ended, None)


def test_offer_after_the_end_is_too_late(case: WinBack) -> None:
    made, late = send(case), NOW + 40 * DAY
    for deed in (
        lambda: accept_win_back(offer=made, how="link", author=Author("x", late)),
        lambda: send(case, now=late),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "case_lost"
    assert contracts() == [("BIG", date(2026, 1, 1), date(2026, 12, 31))]


def test_another_price_is_an_individual_tariff_with_a_code_of_its_own(case: WinBack) -> None:
    made = other_price(case=case, changes="basic_fee", amount=Decimal("75.00"), author=STAFF)
    assert (made.client, made.public, made.code != "BIG") == (case.client, False, True)
    assert other_price(case=case, changes="basic_fee", amount=Decimal("75.00"), author=STAFF) == made
    sent = send(case, made.code)
    assert sent.revenue == Decimal("225.00")
    accept_win_back(offer=sent, how="code", author=GUEST)
    assert contracts()[-1] == (made.code, date(2026, 12, 1), None)
    assert WinBack.objects.get().kept == Decimal("900.00")


@pytest.mark.parametrize(
    ("changes", "amount", "code"),
    [
        ("basic_fee", "120", "same_price"),
        ("basic_fee", "-1", "bad_amount"),
        ("basic_fee", "NaN", "bad_amount"),
        ("call_price", "1", "no_such_price"),
        ("cost_limit", "1", "no_such_price"),
    ],
)
def test_price_that_cannot_be_is_refused(case: WinBack, changes: str, amount: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        other_price(case=case, changes=changes, amount=Decimal(amount), author=STAFF)
    assert refusal.value.code == code


def test_another_offer_takes_the_place_of_the_first_and_its_code(case: WinBack) -> None:
    individual = other_price(case=case, changes="basic_fee", amount=Decimal(75), author=STAFF)
    first = send(case, individual.code)
    second = send(case, now=NOW + DAY)
    individual.refresh_from_db()
    assert individual.code_withdrawn and not tariff("LIGHT").code_withdrawn
    with pytest.raises(Refused, match="newest mail"):
        accept_win_back(offer=first, how="link", author=GUEST)
    assert (WinBackOffer.objects.get(withdrawn=None), state(case)) == (second, "offered")


def test_client_that_says_no_may_think_better_of_it(case: WinBack) -> None:
    made = send(case)
    decline_win_back(offer=made, reason=" Still  too dear ", author=GUEST)
    decline_win_back(offer=made, reason="Twice", author=GUEST)
    made.refresh_from_db()
    assert (made.decline_reason, state(case)) == ("Still too dear", "declined")
    accept_win_back(offer=made, how="link", author=GUEST)
    assert state(case) == "won"


def test_offer_without_an_answer_says_so_after_seven_days(case: WinBack) -> None:
    send(case)
    week = NOW + 7 * DAY
    assert [state(case, week - DAY), state(case, week)] == ["offered", "unanswered"]
    send(case, now=week)
    assert state(case, week) == "offered"


def test_dismissed_case_is_left_alone_until_it_is_opened_again(case: WinBack) -> None:
    with pytest.raises(Refused, match="Say in a few words"):
        dismiss_win_back(case=case, reason=" ", author=STAFF)
    dismiss_win_back(case=case, reason="Moves abroad", author=STAFF)
    assert look(NOW + 60 * DAY) == 0 and state(case) == "dismissed"
    with pytest.raises(Refused) as refusal:
        send(case)
    assert refusal.value.code == "case_dismissed"
    reopen_win_back(case=case, author=STAFF)
    reopen_win_back(case=case, author=STAFF)
    assert state(case) == "open"
    assert deeds() == ["win_back.opened", "win_back.dismissed", "win_back.reopened"]


def test_dismissed_client_that_stays_after_all_is_won(case: WinBack) -> None:
    made = send(case)
    dismiss_win_back(case=case, reason="Moves abroad", author=STAFF)
    accept_win_back(offer=made, how="link", author=GUEST)
    assert state(case) == "won"
    with pytest.raises(Refused) as refusal:
        dismiss_win_back(case=case, reason="x", author=STAFF)
    assert refusal.value.code == "case_won"


def test_second_notice_is_a_case_of_its_own(case: WinBack) -> None:
    withdraw_cancellation(cancellation=case.cancellation, author=GUEST)
    cancel(case.client, now=NOW + DAY)
    assert look(NOW + DAY) == 2
    assert [one.standing for one in seen(now=NOW + DAY)] == ["open", "stayed"]


def test_funnel_and_reasons_count_by_the_month_of_the_notice(case: WinBack) -> None:
    send(case)
    for number, received in ((1002, datetime(2026, 10, 5, 9, tzinfo=UTC)), (1003, NOW)):
        client = make.client(str(number))
        make.contract(client, tariff=tariff("BIG"))
        cancel(client, now=received, reason="too dear." if number == 1002 else "")
    look()
    ended = NOW + 20 * DAY
    accept_win_back(offer=WinBackOffer.objects.get(), how="link", author=Author("x", ended))
    look(ended)
    listed = seen(now=ended)
    got = funnel(listed, [Period(2026, 9), Period(2026, 10), Period(2026, 11)])
    told = {key: (row.cancelled, row.offered, row.won, row.lost, row.open, row.kept) for key, row in got.items()}
    assert told == {
        202609: (0, 0, 0, 0, 0, Decimal("0.00")),
        202610: (1, 0, 0, 1, 0, Decimal("0.00")),  # ended on 30 November
        202611: (2, 1, 1, 0, 1, Decimal("720.00")),
    }
    assert counted(listed).share == Decimal("0.5")
    found = [(said, row.cancelled, row.won, lost) for said, row, lost in reasons(listed)]
    assert found == [("Too dear", 2, 1, Decimal("1440.00")), ("", 1, 0, Decimal("0.00"))]
    rows = win_backs_file(listed, "csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 4 and "720.00" in rows[1] + rows[2]
