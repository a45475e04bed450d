"""Offers that are sent: mails, answers by link, code and staff, declines, reminders; what the watch leaves alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.contracts.actions import change_tariff, undo_change
from balie.contracts.models import Contract
from balie.controlling import letters, links
from balie.controlling.actions import watch
from balie.controlling.models import Economics, Offer, Sending
from balie.controlling.offers import (
    accept_offer,
    decline_offer,
    open_follow_ups,
    send_offer,
    settle_offers,
    take_back_tariff,
    take_tariff,
)
from balie.controlling.outcomes import State, offers, outcomes, state_of
from balie.notifications.models import Mail
from balie.notifications.queries import wording
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.tariffs.actions import withdraw_code
from balie.tariffs.models import TariffVersion
from balie.tasks.actions import close_task, dismiss_task
from balie.tasks.models import Task
from balie.worker.jobs import lane_called
from tests import make
from tests.inside import Inside

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
STAFF, GUEST = Author("Marit", NOW, 7), Author("Client 1001", NOW)
DAY = timedelta(days=1)
HOME = "https://balie.example.nl"
WORDS = Wording("From {from_day}", "Dear {client},\n\n{link}\n\n{tariff} at {fee}: {code}", "See it")
TO = ["kees@bakker.example"]


@pytest.fixture
def offer() -> Offer:
    """The watch's offer to a client with a flat rate of 100.00 that costs 250.00 a month: 315.00."""
    make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"})
    client = make.client("1001", email="info@bakker.example", language="en")
    make.contract(client, tariff=make.tariff("FLAT", items=({"meter": "basic_fee", "price": "100.00"},)))
    busy(client, 8, 9, 10)
    watch(author=Author("test", NOW))
    return Offer.objects.select_related("task__client", "tariff").get()


def busy(client: Client, *months: int, talk: int = 1500) -> None:
    """Twenty long calls in each of these months of 2026: 250.00 at 30.00 an hour."""
    for month in months:
        for day in range(1, 21):
            make.call(client, start=datetime(2026, month, day, 9, tzinfo=UTC), talk=talk)


def send(offer: Offer, *, now: datetime = NOW, times: int | None = None, **given: Any) -> Offer:
    wanted = {"to": TO, "words": WORDS, "home": HOME, **given}
    times = Offer.objects.get(pk=offer.pk).times_sent if times is None else times
    return send_offer(offer=offer, times=times, author=Author("Marit", now, 7), **wanted)


def fresh(offer: Offer) -> Offer:
    return Offer.objects.select_related("task__client", "tariff", "follow_up").get(pk=offer.pk)


def deeds() -> list[str]:
    found = LogEntry.objects.filter(about="client:1001", deed__startswith="offer.").order_by("pk")
    return [entry.deed for entry in found]


def test_sent_offer_is_a_mail_to_each_address_with_its_own_link_and_the_clients_prices(offer: Offer) -> None:
    sent = send(offer, to=[*TO, " info@bakker.example", TO[0]])
    rows = list(Sending.objects.order_by("pk"))
    assert [(row.time, row.recipient, row.by) for row in rows] == [
        (1, "kees@bakker.example", "Marit"),
        (1, "info@bakker.example", "Marit"),
    ]
    mail = rows[0].mail
    assert mail is not None
    assert (mail.kind, mail.recipient, mail.subject) == ("client_offer", TO[0], "From 1 December 2026")
    link = f"{HOME}/offer/{links.token(offer.pk, sent=NOW)}/"
    assert f"See it:\n{link}" in mail.text and "FLAT at £315.00".replace("£", "€") + " a month:" in mail.text
    assert offer.tariff.code in mail.text and "Dear Client 1001," in mail.text
    assert (sent.sent, sent.times_sent, sent.task.closed) == (NOW, 1, None)
    assert Mail.objects.count() == 2 and deeds() == ["offer.sent"]


def test_standard_words_of_each_language_can_be_sent_as_they_are(offer: Offer) -> None:
    for time, language in enumerate(("nl", "de", "en")):
        Client.objects.update(language=language)
        said = wording(kind=letters.MAIL, language=language)
        send(fresh(offer), words=said, now=NOW + time * DAY)
        mail = Mail.objects.latest("pk")
        assert mail.language == language and "{" not in mail.text + mail.subject
        price = {"nl": "€ 315,00", "de": "315,00 €", "en": "€315.00"}[language]
        assert price in mail.text.replace("\u00a0", " ")


def test_words_filled_in_for_one_mail_say_the_same(offer: Offer) -> None:
    begin, version = date(2026, 12, 1), TariffVersion.objects.get(tariff=offer.tariff)
    values = letters.values_of(offer, version, begin=begin, link="https://x.example")
    shown = letters.opened(WORDS, values)
    assert shown.subject == "From 1 December 2026"
    assert shown.body == f"Dear Client 1001,\n\n{{link}}\n\nFLAT at €315.00 a month: {offer.tariff.code}"
    plain = send(offer).pk and Mail.objects.latest("pk").text
    send(fresh(offer), words=shown, now=NOW)
    assert Mail.objects.latest("pk").text == plain


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": []}, "no_recipient"),
        ({"to": ["kees at bakker"]}, "bad_recipient"),
        ({"to": [f"{n}@bakker.example" for n in range(11)]}, "many_recipients"),
        ({"words": Wording(" ", WORDS.body, "x")}, "bad_text"),
        ({"words": Wording("x" * 201, WORDS.body, "x")}, "bad_text"),
        ({"words": Wording("x", "", "x")}, "bad_text"),
        ({"words": Wording("x", "Dear {who}\n\n{link}\n\n{code}", "x")}, "bad_text"),
        ({"words": Wording("x", "Your code is {code}", "x")}, "bad_text"),
        ({"words": Wording("x", "Here: {link}\n\n{code}", "x")}, "bad_text"),
        ({"words": Wording("x", "{link}\n\n{code}", "")}, "bad_text"),
        ({"words": Wording("x", "Here:\n\n{link}", "x")}, "code_missing"),
    ],
)
def test_mail_that_would_not_do_its_work_is_not_sent(offer: Offer, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        send(offer, **given)
    assert refusal.value.code == code
    assert not Mail.objects.exists() and fresh(offer).sent is None


def test_sent_twice_by_two_at_once_it_goes_out_once(offer: Offer) -> None:
    send(offer, times=0)
    send(offer, times=0, now=NOW + timedelta(seconds=1), to=["other@bakker.example"])
    assert [row.recipient for row in Sending.objects.all()] == TO
    assert fresh(offer).sent == NOW


def test_link_names_its_offer_until_its_end_and_no_other(offer: Offer) -> None:
    token = links.token(offer.pk, sent=NOW)
    found = links.read(token)
    assert (found.offer, found.ends) == (offer.pk, NOW + 60 * DAY)
    for wrong in (token[:-1], f"{offer.pk + 1}{token[1:]}", token.replace(".", "-"), "", "x"):
        with pytest.raises(Refused) as refusal:
            links.read(wrong)
        assert refusal.value.code == "no_such_link"


def test_accepted_offer_changes_the_tariff_from_next_month_and_closes_the_task(offer: Offer) -> None:
    send(offer)
    contract = accept_offer(offer=offer, how="link", author=GUEST)
    assert (contract.tariff_id, contract.start) == (offer.tariff_id, date(2026, 12, 1))
    found = fresh(offer)
    assert (found.accepted, found.accepted_how, found.accepted_by) == (NOW, "link", "Client 1001")
    assert (found.task.outcome, found.task.closed, found.task.closed_by) == ("accepted", NOW, "Client 1001")
    assert deeds() == ["offer.sent", "offer.accepted"]


def test_accepting_twice_is_accepting_once(offer: Offer) -> None:
    first = accept_offer(offer=send(offer), how="link", author=GUEST)
    again = accept_offer(offer=offer, how="staff", author=Author("Marit", NOW + DAY))
    assert again.pk == first.pk and Contract.objects.count() == 2
    assert (fresh(offer).accepted_how, deeds()) == ("link", ["offer.sent", "offer.accepted"])


@pytest.mark.parametrize("how", ["code", "staff"])
def test_code_that_is_used_accepts_the_offer_sent_or_not(offer: Offer, how: str) -> None:
    take_tariff(client=offer.task.client, service="telephone", tariff=offer.tariff, how=how, author=GUEST)
    found = fresh(offer)
    assert (found.accepted, found.accepted_how, found.task.outcome) == (NOW, how, "accepted")


def test_command_change_accepts_the_offer(offer: Offer, inside: Inside, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    change = ("change", "--client", "1001", "--service", "telephone", "--tariff", offer.tariff.code)
    assert [inside.run(*change).code for _again in (1, 2)] == [0, 0]
    found = fresh(offer)
    assert (found.accepted_how, found.task.outcome, Contract.objects.count()) == ("code", "accepted", 2)


def test_change_that_told_nobody_is_found_by_the_worker_once(offer: Offer) -> None:
    change_tariff(client=offer.task.client, service="telephone", tariff=offer.tariff, author=GUEST)
    later = Author("worker", NOW + DAY)
    assert (settle_offers(author=later), settle_offers(author=later)) == (1, 0)
    found = fresh(offer)
    assert (found.accepted, found.accepted_how, found.accepted_by) == (NOW, "code", "Client 1001")
    assert (found.task.outcome, found.task.closed) == ("accepted", NOW + DAY)


@pytest.mark.parametrize("told", [True, False])
def test_change_taken_back_opens_the_task_again(offer: Offer, told: bool) -> None:
    accept_offer(offer=send(offer), how="link", author=GUEST)
    undo = take_back_tariff if told else undo_change
    undo(client=offer.task.client, service="telephone", author=STAFF)
    settle_offers(author=STAFF)
    found = fresh(offer)
    assert (found.accepted, found.accepted_how, state_of(found, NOW)) == (None, "", State.SENT)
    assert (found.task.closed, found.task.outcome, found.task.closed_by) == (None, "", "")
    assert deeds() == ["offer.sent", "offer.accepted", "offer.reopened"]
    accept_offer(offer=offer, how="link", author=GUEST)
    assert fresh(offer).task.outcome == "accepted"


def test_another_tariff_instead_before_it_begins_takes_the_acceptance_back(offer: Offer) -> None:
    accept_offer(offer=send(offer), how="link", author=GUEST)
    other = make.tariff("OTHER", items=({"meter": "basic_fee", "price": "400.00"},))
    take_tariff(client=offer.task.client, service="telephone", tariff=other, how="staff", author=STAFF)
    assert fresh(offer).accepted is None and fresh(offer).task.closed is None


def test_offer_that_was_replaced_or_withdrawn_is_not_accepted_and_says_what_to_do(offer: Offer) -> None:
    send(offer)
    withdraw_code(tariff=offer.tariff, author=STAFF)
    with pytest.raises(Refused) as refusal:
        accept_offer(offer=offer, how="link", author=GUEST)
    assert (refusal.value.code, refusal.value.message) == (
        "offer_withdrawn",
        "This offer is not valid any more. Ask for a new one.",
    )
    Offer.objects.update(withdrawn=NOW)
    with pytest.raises(Refused) as refusal:
        accept_offer(offer=offer, how="link", author=GUEST)
    assert refusal.value.code == "offer_replaced"
    assert Contract.objects.count() == 1


def test_offer_to_a_client_that_leaves_is_neither_sent_nor_accepted(offer: Offer) -> None:
    Contract.objects.update(end=date(2026, 11, 30))
    for deed in (lambda: send(offer), lambda: accept_offer(offer=offer, how="link", author=GUEST)):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "no_contract"


def test_declined_offer_leaves_the_task_open_and_can_still_be_accepted(offer: Offer) -> None:
    send(offer)
    decline_offer(offer=offer, reason="  too   dear ", author=GUEST)
    decline_offer(offer=offer, reason="really", author=STAFF)
    found = fresh(offer)
    assert (found.declined, found.declined_by, found.decline_reason) == (NOW, "Client 1001", "too dear")
    assert found.task.closed is None and deeds() == ["offer.sent", "offer.declined"]
    accept_offer(offer=offer, how="link", author=GUEST)
    assert state_of(fresh(offer), NOW) == State.ACCEPTED


def test_accepted_offer_is_not_declined(offer: Offer) -> None:
    accept_offer(offer=send(offer), how="link", author=GUEST)
    with pytest.raises(Refused) as refusal:
        decline_offer(offer=offer, reason="", author=GUEST)
    assert refusal.value.code == "offer_accepted"


def test_long_reason_is_refused(offer: Offer) -> None:
    with pytest.raises(Refused) as refusal:
        decline_offer(offer=send(offer), reason="x" * 201, author=GUEST)
    assert refusal.value.code == "long_reason" and fresh(offer).declined is None


def follow_ups() -> list[Task]:
    return list(Task.objects.filter(kind="offer_follow_up").order_by("pk"))


def test_follow_up_opens_seven_days_after_sending_and_once(offer: Offer) -> None:
    send(offer)
    due = NOW + 7 * DAY
    opened = [open_follow_ups(now=at) for at in (due - timedelta(seconds=1), due, due + DAY)]
    assert opened == [0, 1, 0]
    (task,) = follow_ups()
    assert (task.client, task.opened, task.figures) == (offer.task.client, due, offer.task.figures)
    assert state_of(fresh(offer), due) == State.FOLLOWED


def test_worker_settles_and_follows_up_by_itself(offer: Offer) -> None:
    send(offer)
    chores = {chore.name: chore for chore in lane_called("closings").chores}
    assert chores["follow offers up"].run(NOW + 8 * DAY) == 1 and len(follow_ups()) == 1
    change_tariff(client=offer.task.client, service="telephone", tariff=offer.tariff, author=GUEST)
    assert chores["settle offers"].run(NOW + 8 * DAY) == 1
    assert (fresh(offer).accepted, follow_ups()[0].outcome) == (NOW, "accepted")


@pytest.mark.parametrize("answer", ["accepted", "declined", "dismissed", "changed", "never sent"])
def test_answered_offer_is_not_followed_up(offer: Offer, answer: str) -> None:
    if answer != "never sent":
        send(offer)
    if answer == "accepted":
        accept_offer(offer=offer, how="link", author=GUEST)
    if answer == "declined":
        decline_offer(offer=offer, reason="", author=GUEST)
    if answer == "dismissed":
        dismiss_task(task=offer.task, reason="It leaves", author=STAFF)
    if answer == "changed":
        close_task(task=offer.task, outcome="changed", now=NOW)
    assert open_follow_ups(now=NOW + 30 * DAY) == 0 and follow_ups() == []


def test_follow_up_closes_by_sending_again_decline_or_acceptance(offer: Offer) -> None:
    def reminded() -> None:
        send(fresh(offer))
        open_follow_ups(now=NOW + 7 * DAY)

    reminded()
    send(fresh(offer), now=NOW + 8 * DAY)
    reminded()
    decline_offer(offer=offer, reason="", author=GUEST)
    reminded()
    accept_offer(offer=offer, how="link", author=GUEST)
    assert [task.outcome for task in follow_ups()] == ["sent_again", "declined", "accepted"]


def test_offer_sent_again_is_followed_up_again_though_somebody_dismissed_the_first(offer: Offer) -> None:
    send(offer)
    open_follow_ups(now=NOW + 7 * DAY)
    dismiss_task(task=follow_ups()[0], reason="They are away", author=STAFF)
    send(fresh(offer), now=NOW + 8 * DAY)
    assert [open_follow_ups(now=NOW + days * DAY) for days in (14, 15)] == [0, 1]
    assert [task.outcome for task in follow_ups()] == ["dismissed", ""]


def test_watch_leaves_a_sent_offer_alone_though_the_figures_change(offer: Offer) -> None:
    send(offer)
    code = offer.tariff.code
    busy(offer.task.client, 10)
    for days in (1, 10):
        (task,) = watch(author=Author("test", NOW + days * DAY)).document()["tasks"]
        assert (task["kind"], task["offer"]["code"], task["figures"]["cost"]) == ("uneconomical", code, "333.33")


@pytest.mark.parametrize("why", ["declined", "expired", "withdrawn"])
def test_watch_makes_another_offer_once_the_sent_one_is_not_out_any_more(offer: Offer, why: str) -> None:
    send(offer)
    if why == "expired":
        Offer.objects.update(sent=NOW - 60 * DAY)
    if why == "declined":
        decline_offer(offer=offer, reason="", author=GUEST)
    if why == "withdrawn":
        withdraw_code(tariff=offer.tariff, author=STAFF)
    busy(offer.task.client, 10)
    (task,) = watch(author=Author("test", NOW + DAY)).document()["tasks"]
    assert task["offer"]["fee"] == "420.00" and fresh(offer).withdrawn == NOW + DAY


def test_declined_offer_is_not_made_again_with_the_same_figures(offer: Offer) -> None:
    decline_offer(offer=send(offer), reason="", author=GUEST)
    watch(author=Author("test", NOW + DAY))
    assert Offer.objects.count() == 1 and fresh(offer).withdrawn is None


def kept(offer: Offer, month: int, revenue: str, cost: str, **values: Any) -> None:
    """A month as controlling keeps it."""
    wanted = {"service": "telephone", "tariff": offer.tariff, "whole": True, **values}
    amounts = {"revenue": Decimal(revenue) if revenue else None, "cost": Decimal(cost)}
    Economics.objects.create(client=offer.task.client, month=month, **amounts, **wanted)


def test_gained_is_whole_months_at_the_new_tariff_against_the_average_month_before(offer: Offer) -> None:
    accept_offer(offer=send(offer), how="link", author=GUEST)
    old = Contract.objects.earliest("start").tariff
    kept(offer, 202611, "100.00", "250.00", tariff=old)
    kept(offer, 202612, "315.00", "240.00")
    kept(offer, 202701, "315.00", "260.01")
    kept(offer, 202702, "", "260.00")  # a price is missing
    kept(offer, 202703, "150.00", "1.00", whole=False)
    kept(offer, 202704, "315.00", "1.00")  # still running
    (one,) = outcomes(offers(), now=datetime(2027, 4, 10, tzinfo=UTC))
    assert one.gained is not None
    # Before: 100.00 - 250.00. Since: 75.00 and 54.99.
    assert (one.gained.before, one.gained.months, one.gained.after) == (Decimal("-150.00"), 2, Decimal("129.99"))
    assert one.gained.total == Decimal("429.99")
    told = one.document()
    names = ("margin_before", "months", "margin_after", "gained")
    assert [told[name] for name in names] == ["-150.00", 2, "65.00", "429.99"]


def test_nothing_is_gained_before_a_whole_month_has_passed(offer: Offer) -> None:
    accept_offer(offer=send(offer), how="link", author=GUEST)
    (one,) = outcomes(offers(), now=NOW)
    told = one.document()
    assert one.gained is None
    names = ("state", "to", "margin_before", "months", "gained")
    assert [told[name] for name in names] == ["accepted", TO[0], "-150.00", 0, None]


@pytest.mark.parametrize(("at", "state"), [(59, "follow_up"), (60, "expired")])
def test_sent_offer_expires_with_its_link(offer: Offer, at: int, state: str) -> None:
    send(offer)
    open_follow_ups(now=NOW + 7 * DAY)
    assert state_of(fresh(offer), NOW + at * DAY) == state
