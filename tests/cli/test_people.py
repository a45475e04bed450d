"""`balie staff` and `balie token` as an administrator uses them."""

import json
from pathlib import Path

from allauth.mfa.models import Authenticator

from tests import make
from tests.inside import Inside
from tests.installation import Installation


def test_staff_prints_a_link_at_the_operators_address(installation: Installation, tmp_path: Path) -> None:
    answer = installation.run("staff", "eva@example.com", "--role", "administrator")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1].startswith("http://127.0.0.1:8000/password/")
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"operator": {"base_url": "https://linde.example.nl/", "language": "de"}}))
    assert installation.run("load", world).code == 0
    again = installation.run("staff", "eva@example.com", "--role", "manager", "--json").json
    assert (again["email"], again["role"], again["new"]) == ("eva@example.com", "manager", False)
    assert again["link"].startswith("https://linde.example.nl/password/")
    installation.run("staff", "bo@example.com", "--role", "agent")
    languages = installation.rows("select email, role, language from accounts_user order by email")
    assert languages == [("bo@example.com", "agent", "de"), ("eva@example.com", "manager", "nl")]


def test_impossible_staff_is_one_line(installation: Installation) -> None:
    answer = installation.run("staff", "eva", "--role", "agent")
    assert (answer.code, answer.err) == (1, 'balie: email: "eva" is no email address.\n')
    assert installation.run("staff", "eva@example.com", "--role", "boss").code == 2
    assert installation.run("staff", "eva@example.com").code == 2


def test_token_is_printed_once_and_the_earlier_one_dies(installation: Installation) -> None:
    first = installation.run("token", "wallboard", "--role", "manager", "--json")
    assert (first.code, first.err) == (0, "")
    assert {**first.json, "token": ""} == {"name": "wallboard", "role": "manager", "token": ""}
    second = installation.run("token", "wallboard", "--role", "agent")
    assert second.out.strip() != first.json["token"]
    assert second.err == "The earlier token wallboard is void from now on.\n"
    assert installation.rows("select name, role from accounts_token") == [("wallboard", "agent")]


def test_a_lost_second_factor_is_taken_away_from_the_command_line(inside: Inside) -> None:
    make.operator()
    user = make.user("eva@example.com", role="administrator")
    ask = ("staff", "eva@example.com", "--role", "administrator", "--reset-second-factor")
    assert inside.run(*ask).err == "", "there is none"
    Authenticator.objects.create(user=user, type="totp", data={})
    answer = inside.run(*ask)
    assert (answer.code, "with the password alone" in answer.err) == (0, True)
    assert not Authenticator.objects.exists()
