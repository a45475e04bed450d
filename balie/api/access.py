"""Who calls: the token in `Authorization: Bearer …`, and what its role may do."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from balie.accounts.actions import token_role
from balie.accounts.models import ROLE_ORDER, Role, Token
from balie.rules.errors import Refused


class Bearer(HttpBearer):
    """Lets in programs whose token has at least this role. No token or a wrong one is 401, too small a role 403."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.role = role

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = token_role(token, now=timezone.now())
        if found and not reaches(found, self.role):
            raise Refused("forbidden", f"This needs the token of at least {article(self.role)}.", "Authorization")
        return found


def reaches(token: Token, role: Role) -> bool:
    """Whether the token's role is at least this one; roles no longer known reach nothing."""
    return token.role in ROLE_ORDER and ROLE_ORDER.index(token.role) >= ROLE_ORDER.index(role)


def article(role: Role) -> str:
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


def bearer(request: HttpRequest) -> str:
    """The token a request shows, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


AGENT = Bearer(Role.AGENT)
MANAGER = Bearer(Role.MANAGER)
