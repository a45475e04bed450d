"""Clients, the people who log in, the agents who answer, and the tokens of other programs."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from balie.rules.call import Privacy


class Role(models.TextChoices):
    """The ordered scale of staff; an empty role is a client's user."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Digest(models.TextChoices):
    """How often a manager gets the mail with the tasks that came and are solved."""

    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays
    NEVER = "never"


ROLE_ORDER = ["", Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR]


class Client(models.Model):
    """A company whose telephone is answered."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="nl")
    email = models.CharField(max_length=254, blank=True)
    hide_numbers = models.CharField(max_length=5, default=Privacy.NONE, choices=[(p, p) for p in Privacy])

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AgentGroup(models.Model):
    """Agents whose hour may cost something else than that of the others."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A person who answers calls, known by a code."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    group = models.ForeignKey(AgentGroup, models.SET_NULL, null=True, blank=True, related_name="agents")
    copy_notes = models.BooleanField(default=True, help_text="Its call notes go to the quality address too")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class AgentEndpoint(models.Model):
    """An endpoint of the phone system that is this agent's from a local day to a local day, both included."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="endpoints")
    endpoint = models.CharField(max_length=120, db_index=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.endpoint} = {self.agent}"


class UserManager(BaseUserManager["User"]):
    """Makes users; the email address is the login."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who logs in: staff (with a role) or a client's person (with a client)."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nl")
    role = models.CharField(max_length=13, blank=True, choices=Role.choices)
    agent = models.OneToOneField(Agent, models.SET_NULL, null=True, blank=True, related_name="user")
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="users")
    owner = models.BooleanField(default=False, help_text="Of the client: may invite and remove its users")
    is_active = models.BooleanField(default=True)
    digest = models.CharField(max_length=6, default=Digest.DAILY, choices=Digest.choices, help_text="Of managers")
    digest_day = models.DateField(null=True, blank=True, help_text="Local day of the last digest, sent or not needed")

    objects = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, role: str) -> bool:
        """Whether this user is at least such staff."""
        return self.is_active and bool(self.role) and ROLE_ORDER.index(self.role) >= ROLE_ORDER.index(role)


class Token(models.Model):
    """A key of another program. Only its SHA-256 is stored."""

    name = models.CharField(max_length=100, unique=True)
    role = models.CharField(max_length=13, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


class LoginAttempt(models.Model):
    """One wrong password, so that guessing can be slowed down. Kept for a day."""

    email = models.CharField(max_length=254)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="login_attempts_of_address")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.email} from {self.address}"


class Registration(models.Model):
    """Somebody who signed up: unconfirmed until the button behind the link in the mail is pressed.

    Of a link only its SHA-256 is stored; sent again, the earlier one dies. An activated one stays as the proof of what
    was agreed to and when; an unconfirmed one is forgotten after some days.
    """

    company = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    password = models.CharField(max_length=128, blank=True, help_text="Hashed; empty: chosen when it is activated")
    language = models.CharField(max_length=2, default="nl")
    terms = models.PositiveIntegerField(
        null=True, blank=True, help_text="Version agreed to; empty where there are none"
    )
    agreed = models.DateTimeField(null=True, blank=True)
    tariff = models.CharField(max_length=40, blank=True, help_text="Code of what is ordered once it is activated")
    next = models.CharField(max_length=300, blank=True, help_text="Local path that is opened then")
    made = models.DateTimeField()
    sent = models.DateTimeField(help_text="When its last link was made")
    digest = models.CharField(max_length=64, unique=True)
    activated = models.DateTimeField(null=True, blank=True)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, blank=True, related_name="registrations")

    class Meta:
        ordering = ["-made", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(activated=None), name="one_unconfirmed_registration_an_email"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} ({self.email})"


class Invitation(models.Model):
    """Somebody who may become a user of a client; several clients may invite one address. Gone once it is answered.

    Of its link only the SHA-256 is stored; sent again, the earlier one dies.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    owner = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="nl")
    made = models.DateTimeField()
    sent = models.DateTimeField(help_text="When its last link was made")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(fields=["client", "email"], name="one_invitation_a_client_and_email")]

    def __str__(self) -> str:
        return self.name or self.email


class MailAsked(models.Model):
    """A stranger asked for a mail of one of these kinds. Kept for a day, for the limits."""

    SIGN_UP, LINK, PASSWORD, CANCEL = "sign-up", "link", "password", "cancel"

    kind = models.CharField(max_length=8, default="")
    email = models.CharField(max_length=254)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="mails_asked_from_address")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.email} from {self.address}"
