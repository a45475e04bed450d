"""The fixture `installation` itself: many tests stand on it."""

from tests.installation import Installation, Installations


def test_installation_is_ready_and_alone(installations: Installations) -> None:
    one, other = installations.ready(), installations.ready()
    assert one.rows("SELECT count(*) FROM calls_call") == other.rows("SELECT count(*) FROM calls_call") == [(0,)]
    assert one.home != other.home
    assert one.database_url != other.database_url


def test_refusal_is_one_json_document(installation: Installation) -> None:
    answer = installation.run("import", "calls", "missing.csv", "--source", "pbx", "--json")
    assert (answer.code, list(answer.json)) == (1, ["error"])


def test_wrong_usage_is_exit_two(installation: Installation) -> None:
    assert installation.run("nonsense").code == 2


def test_command_that_goes_on_is_known_to_and_how_it_ended(installation: Installation) -> None:
    process = installation.start("work")
    assert process.poll() is None
    process.kill()
    assert (process.wait(), process.poll()) == (-9, -9)
    process.communicate()
