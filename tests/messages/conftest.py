"""What several tests of SMS stand on."""

from collections.abc import Iterator

import pytest

from tests.telephony.smsc import Smsc


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    """A gateway of its own for a test, in threads of this process."""
    made = Smsc()
    yield made
    made.stop()
