"""Texts over a real line to an SMS gateway, and what came of each; on its bad days too."""

import random
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from balie.messages.gateways import Accepted, GatewayDown, Rejected, Sms, Unknown
from balie.messages.gateways.smpp import Smpp
from balie.rules.sms import ALPHABET, EXTENSION, segments
from tests.messages.smpp_lines import HERE, LONG, Breaking, Clock, heard, hurried, line, sent, texts, until
from tests.notifications.mail_server import PAPERS
from tests.telephony.smsc import ENQUIRE, QUEUE_FULL, THROTTLED, UNBIND, Smsc, Ways

INVALID_RECIPIENT = 0x0B


def random_text(rng: random.Random) -> str:
    """Dutch and German as people write it, with what telephones add."""
    plain = "".join(sorted(ALPHABET | EXTENSION))
    alphabet = rng.choice(
        [plain, "abc €[]{}~", "Geef patiënten, cliënt en ïdee door. ", "ja 😀👍🏽 nee ë", plain + "ë😀漢"]
    )
    return "".join(rng.choices(alphabet, k=rng.choice([0, 1, 20, 69, 70, 71, 134, 159, 160, 161, 306, 307, 700])))


def test_every_text_arrives_as_it_was_written_in_as_many_parts_as_count(smsc: Smsc) -> None:
    rng = random.Random(11)
    some = [Sms(f"k{n}", HERE, f"+3161234{n:04d}", random_text(rng)) for n in range(300)]
    with line(smsc) as gateway:
        outcomes = sent(gateway, some)
    assert smsc.book.texts() == [(HERE[1:], sms.recipient[1:], sms.text) for sms in some]
    wanted = {sms.key: segments(sms.text).parts for sms in some}
    assert {key: len(one.ids) for key, one in outcomes.items() if isinstance(one, Accepted)} == wanted
    assert {(one.registered, one.sender[:2], one.recipient[:2]) for one in smsc.book.taken} == {(1, (1, 1), (1, 1))}


def test_texts_to_one_telephone_are_not_mixed_up(smsc: Smsc) -> None:
    some = [Sms(f"k{n}", HERE, "+31612345678", f"{n} {LONG}") for n in range(30)]
    with line(smsc, window=100) as gateway:
        sent(gateway, some)
    assert [text for _from, _to, text in smsc.book.texts()] == [sms.text for sms in some]


def test_ids_come_in_the_order_of_the_parts(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        assert sent(gateway, [Sms("k1", "De Linde", "+31612345678", LONG)]) == {"k1": Accepted("k1", ("1", "2", "3"))}
    assert smsc.book.taken[0].sender == (5, 0, "De Linde")


def test_line_is_bound_both_ways_by_name_and_password(smsc: Smsc) -> None:
    smsc.set(password="longer than eight signs".replace(" ", "-"))
    with line(smsc) as gateway:
        assert gateway.look() == f"The SMS gateway at 127.0.0.1:{smsc.port} answers and lets balie in."
    assert smsc.book.binds == [("transceiver", "balie", "longer-than-eight-signs")]
    until(lambda: smsc.lines == [])
    assert (smsc.book.enquiries, smsc.book.unbinds) == (0, 1)


def test_look_at_a_line_that_stands_asks_whether_it_does(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        gateway.look()
    assert (len(smsc.book.binds), smsc.book.enquiries) == (1, 1)


def nothing_taken(gateway: Smpp) -> str:
    """Why there is no line; no text was taken for that."""
    some = iter(texts(3))
    with pytest.raises(GatewayDown) as problem:
        next(gateway.submit(some))
    assert len(list(some)) == 3
    return problem.value.why


def test_wrong_password_is_said(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        smsc.set(password="another")
        assert nothing_taken(gateway) == (
            "The SMS gateway does not let balie in: name or password is wrong, or more is needed "
            f"(127.0.0.1:{smsc.port})."
        )


def test_refusal_to_let_us_in_is_said_in_the_gateways_words(smsc: Smsc) -> None:
    smsc.set(refusing=THROTTLED)
    with line(smsc) as gateway:
        assert "0x58 Throttling error" in nothing_taken(gateway)


def test_gateway_that_lets_in_once_is_reached_all_the_same(smsc: Smsc) -> None:
    smsc.set(once_only=True)
    with line(smsc) as gateway, line(smsc) as other:
        gateway.look()
        assert other.look().endswith("answers; the line of balie is in use.")
        assert "in use" in nothing_taken(other)


def test_nobody_at_the_address(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        smsc.gone()
        assert nothing_taken(gateway) == f"Nothing answers at the SMS gateway's address (127.0.0.1:{smsc.port})."
        assert gateway.receipts() == []


@contextmanager
def saying(data: bytes) -> Iterator[dict[str, str]]:
    """Something else at the address, that says this to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            with suppress(OSError):
                connection = server.accept()[0]
                with connection:
                    connection.sendall(data)
                    while connection.recv(4096):
                        pass

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        timeout = 30 if data else 0.2  # who says something may take its time
        url = f"smpp://balie@127.0.0.1:{server.getsockname()[1]}?timeout={timeout}"
        yield {"url": url, "password": "geheim"}
        thread.join(2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "What answers at the SMS gateway's address does not speak SMPP"),
        (b"\x00\x00\x00\x08\x80\x00\x00\x09" * 2, "What answers at the SMS gateway's address does not speak SMPP"),
        (b"", "The SMS gateway did not answer in time"),
        (struct.pack(">4I", 16, 0x80000000, 3, 0), "0x03"),
    ],
)
def test_what_answers_is_no_gateway(data: bytes, why: str) -> None:
    with saying(data) as settings:
        assert why in nothing_taken(Smpp.of(settings))


def test_no_more_are_without_an_answer_than_the_window_holds(smsc: Smsc) -> None:
    smsc.set(answer_late=0.01, window=7)
    with line(smsc, window=7) as gateway:
        outcomes = sent(gateway, texts(50))
    assert {type(one) for one in outcomes.values()} == {Accepted}
    assert smsc.book.most_open == 7


def test_texts_are_taken_only_as_there_is_room(smsc: Smsc) -> None:
    smsc.set(mute=frozenset(range(1, 100)))
    some = iter(texts(50))
    with line(smsc, window=4) as gateway:
        gateway.look()
        hurried(gateway, timeout=0.4)
        stream = gateway.submit(some)
        first = next(stream)
        assert (type(first), len(list(some))) == (Unknown, 50 - 4)


def test_full_queue_puts_off_and_another_refusal_is_the_last_word(smsc: Smsc) -> None:
    smsc.set(refuse={2: QUEUE_FULL, 3: INVALID_RECIPIENT})
    with line(smsc) as gateway:
        outcomes = sent(gateway, texts(3))
    assert outcomes == {
        "k1": Accepted("k1", ("1",)),
        "k2": Rejected("k2", "0x14 Message Queue is full", again=True),
        "k3": Rejected("k3", "0x0B Invalid Destination Address", again=False),
    }


def test_text_that_cannot_be_sent_is_refused_and_the_others_go(smsc: Smsc) -> None:
    some = [*texts(1), Sms("k2", HERE, "0612345678", "Hallo"), Sms("k3", HERE, "+31612345678", "\ud83d"), *texts(5)[3:]]
    with line(smsc) as gateway:
        outcomes = sent(gateway, some)
    assert {key: type(one) for key, one in outcomes.items()} == {
        "k1": Accepted, "k2": Rejected, "k3": Rejected, "k4": Accepted, "k5": Accepted,
    }  # fmt: skip


def test_refused_part_of_a_text_goes_again_and_the_others_do_not(smsc: Smsc) -> None:
    smsc.set(refuse={2: QUEUE_FULL})
    with line(smsc) as gateway:
        assert sent(gateway, texts(1, LONG)) == {"k1": Accepted("k1", ("1", "4", "3"))}
    assert [text for _from, _to, text in smsc.book.texts()] == [f"{LONG} 1"]
    assert len(smsc.book.taken) == 3


def test_text_of_which_the_gateway_wants_a_part_only_is_refused(smsc: Smsc) -> None:
    smsc.set(refuse={2: INVALID_RECIPIENT})
    with line(smsc) as gateway:
        outcome = sent(gateway, texts(1, LONG))["k1"]
    why = "The SMS gateway took 2 of 3 parts only: 0x0B Invalid Destination Address"
    assert outcome == Rejected("k1", why, again=False)


def test_text_of_which_every_part_was_put_off_is_put_off(smsc: Smsc) -> None:
    smsc.set(refuse=dict.fromkeys((1, 2, 3), QUEUE_FULL))
    with line(smsc) as gateway:
        outcome = sent(gateway, texts(1, LONG))["k1"]
    assert (type(outcome), outcome == Rejected("k1", getattr(outcome, "why", ""), again=True)) == (Rejected, True)


def test_text_without_an_answer_is_unknown_and_the_others_go_on(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    smsc.set(mute=frozenset({2}))
    clock = Clock(monkeypatch)

    def for_36_seconds() -> Iterator[Sms]:
        for sms in texts(30):
            if sms.key in ("k10", "k18", "k26"):
                clock.goes(12)
            yield sms

    with line(smsc, window=2, timeout=30) as gateway:
        outcomes = sent(gateway, for_36_seconds())
    unknown = [key for key, one in outcomes.items() if isinstance(one, Unknown)]
    assert (unknown, len(outcomes), len(smsc.book.binds)) == (["k2"], 30, 1)


def test_line_that_says_nothing_any_more_is_left(smsc: Smsc) -> None:
    smsc.set(mute=frozenset(range(3, 100)), deaf=True)
    with line(smsc, window=4) as gateway:
        stream = gateway.submit(texts(30))
        outcomes = [next(stream), next(stream)]
        hurried(gateway, timeout=0.3)
        outcomes += stream
        assert {one.key: type(one) for one in outcomes if one} == {
            "k1": Accepted, "k2": Accepted, "k3": Unknown, "k4": Unknown, "k5": Unknown, "k6": Unknown,
        }  # fmt: skip
        smsc.set(mute=frozenset())
        assert len(sent(gateway, texts(30)[6:])) == 24
    assert len(smsc.book.binds) == 2


@pytest.mark.parametrize("when", ["unread", "before", "after"])
def test_line_that_breaks_leaves_nobody_in_doubt_who_need_not_be(smsc: Smsc, when: str) -> None:
    smsc.set(drop=(20, when), answer_late=0.002)
    some = iter(texts(60))
    with line(smsc, window=5) as gateway:
        outcomes = sent(gateway, some)
        left = list(some)
        assert len(outcomes) + len(left) == 60
        here = {f"31612340{n:03d}" for n in range(1, 61)} & {one.recipient[2] for one in smsc.book.taken}
        for key, one in outcomes.items():
            there = f"31612340{int(key[1:]):03d}" in here
            assert there if isinstance(one, Accepted) else True
            assert not there if isinstance(one, Rejected) else True
            assert not isinstance(one, Rejected) or one.again
        doubtful = sum(isinstance(one, Unknown) for one in outcomes.values())
        assert doubtful <= 5 and (doubtful >= 1 or when == "after")
        assert {type(one) for one in sent(gateway, left).values()} == {Accepted}
    assert len(smsc.book.binds) == 2
    assert len(set(smsc.book.texts())) == len(smsc.book.texts())


def test_text_not_written_whole_was_not_taken_and_what_was_answered_counts(
    smsc: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line(smsc) as gateway:
        gateway.look()
        over = gateway.lines["transceiver"]
        monkeypatch.setattr(over, "socket", Breaking(over.socket, 100))  # one and a half
        outcomes = sent(gateway, texts(3))
    why = f"The SMS gateway hung up (127.0.0.1:{smsc.port})."
    assert outcomes == {
        "k1": Accepted("k1", ("1",)),
        "k2": Rejected("k2", why, again=True),
        "k3": Rejected("k3", why, again=True),
    }
    assert len(smsc.book.taken) == 1


def test_part_without_an_answer_on_a_broken_line_makes_its_text_unknown(smsc: Smsc) -> None:
    smsc.set(drop=(2, "before"))
    with line(smsc) as gateway:
        outcomes = sent(gateway, texts(1, LONG))
    assert outcomes == {"k1": Unknown("k1", f"The SMS gateway hung up (127.0.0.1:{smsc.port}).")}


def test_line_that_broke_while_nothing_was_sent_is_opened_anew(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        smsc.hang_up()
        assert {type(one) for one in sent(gateway, texts(3)).values()} == {Accepted}
    assert len(smsc.book.binds) == 2


def test_silent_line_is_tested_before_a_text_is_written_to_it(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    with line(smsc) as gateway:
        gateway.look()
        smsc.set(deaf=True)
        hurried(gateway, timeout=0.2)
        clock.goes(30)
        assert {type(one) for one in sent(gateway, texts(3)).values()} == {Accepted}
    assert (len(smsc.book.binds), smsc.book.enquiries) == (2, 1)


def test_gateway_that_is_gone_for_a_while_loses_and_repeats_nothing(smsc: Smsc) -> None:
    left = texts(40)
    with line(smsc) as gateway:
        sent(gateway, left[:10])
        smsc.gone()
        with pytest.raises(GatewayDown):
            list(gateway.submit(left[10:]))
        smsc.back()
        until(lambda: can_be_had(gateway))
        assert {type(one) for one in sent(gateway, left[10:]).values()} == {Accepted}
    assert [text for _from, _to, text in smsc.book.texts()] == [sms.text for sms in left]


def can_be_had(gateway: Smpp) -> bool:
    try:
        return bool(gateway.look())
    except GatewayDown:
        return False


def test_gateway_that_says_goodbye_is_answered_and_found_again(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        smsc.send(UNBIND)
        until(lambda: bool(gateway.receipts()) or bool(smsc.book.answers))
        assert smsc.book.answers == [(UNBIND | 0x80000000, 0)]
        assert {type(one) for one in sent(gateway, texts(3)).values()} == {Accepted}
    assert len(smsc.book.binds) == 2


def test_sign_of_life_is_given_and_what_nobody_knows_is_refused(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        smsc.send(ENQUIRE)
        smsc.send(0x103)
        smsc.send(0x102)  # a notification, to which there is no answer
        until(lambda: bool(gateway.receipts()) or len(smsc.book.answers) >= 2)
    assert smsc.book.answers == [(0x80000015, 0), (0x80000000, 3)]


def test_idle_line_is_kept(smsc: Smsc) -> None:
    with line(smsc, idle=0.1) as gateway:
        gateway.look()
        until(lambda: bool(gateway.receipts()) or smsc.book.enquiries == 2)
        assert len(smsc.book.binds) == 1


def test_idle_line_that_answers_no_more_is_opened_anew(smsc: Smsc) -> None:
    smsc.set(deaf=True)
    with line(smsc, idle=0.1) as gateway:
        gateway.look()
        hurried(gateway, timeout=0.1)
        until(lambda: bool(gateway.receipts()) or len(smsc.book.binds) == 2)


def test_close_says_goodbye_and_may_be_said_twice(smsc: Smsc) -> None:
    with line(smsc) as gateway:
        gateway.look()
        gateway.close()
        gateway.close()
    until(lambda: smsc.lines == [])
    assert smsc.book.unbinds == 1


def test_line_may_be_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(PAPERS)
    smsc = Smsc(Ways(receipts=1), secured=secured)
    try:
        with line(smsc, tls="yes") as gateway:
            assert "certificate" in nothing_taken(gateway)
            monkeypatch.setenv("SSL_CERT_FILE", str(PAPERS))
            outcomes = sent(gateway, texts(20, LONG))
            assert {type(one) for one in outcomes.values()} == {Accepted}
            assert len(heard(gateway, 60)) == 60
            gateway.confirm()
            until(lambda: len(smsc.book.confirmed) == 60)
    finally:
        smsc.stop()
