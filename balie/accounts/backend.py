"""Whose a session is: the user, and in the same query whether it has a second factor."""

from django.contrib.auth.backends import ModelBackend

from balie.accounts.factors import with_factors
from balie.accounts.models import User


class Login(ModelBackend):
    """Django's own, with `has_factor` on the user: every request asks for it, and must not ask twice."""

    def get_user(self, user_id: int) -> User | None:
        """The user a session is of; None where it cannot log in any more."""
        found = with_factors(User.objects.filter(pk=user_id)).first()
        return found if found is not None and self.user_can_authenticate(found) else None
