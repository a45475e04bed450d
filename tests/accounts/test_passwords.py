"""Why a new password is refused is said in the reader's language."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override


@pytest.mark.parametrize(("language", "said"), [("nl", "te kort"), ("de", "zu kurz"), ("en", "too short")])
def test_too_short_a_password_is_refused_in_each_language(language: str, said: str) -> None:
    with override(language), pytest.raises(ValidationError) as weak:
        validate_password("bijl 7 q")
    assert said in weak.value.messages[0] and "10" in weak.value.messages[0]
