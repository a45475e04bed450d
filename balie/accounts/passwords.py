"""What a new password is refused for in words of our own, where Django has none in each of our languages."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters. Django's own text for it is English on Dutch pages."""

    def get_error_message(self) -> str:
        return _("This password is too short. Use at least %(least)s characters.") % {"least": self.min_length}
