"""An Asterisk of the operator's: routes go over its manager interface into its own database (AstDB), from which the
dial plan of docs/asterisk/extensions_balie.conf takes them; nothing is reloaded, and a restart forgets nothing.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from balie.numbers.switches import Route, SwitchProblem, ami
from balie.rules.phone import as_dialled

DIAL = "Local/agents@balie"
TEST_FROM = "from-trunk"
ACCOUNT_PREFIX = "c"
NATIONAL, E164, PLUS = "national", "e164", "plus"
FORMS = (NATIONAL, E164, PLUS)
# One place to dial, of which Asterisk knows whether it is there; no options, no second place, nothing to evaluate.
TARGET = re.compile(r"[A-Za-z0-9_]+/[A-Za-z0-9_.+*#@/-]{1,120}", re.ASCII)
CONTEXT = re.compile(r"[A-Za-z0-9_.-]{1,79}", re.ASCII)
PREFIX = re.compile(r"[A-Za-z0-9_.-]{0,20}", re.ASCII)
ACCOUNT = re.compile(r"[A-Za-z0-9_.+-]{1,79}", re.ASCII)
NUMBER = re.compile(r"\+?[0-9]{2,32}", re.ASCII)
UNSHOWN = re.compile(r'[\x00-\x1f\x7f"\\<>]')  # what telephones read as the end of a name
FAMILIES = ("did", "didacct", "didnumber", "didname")
# A dial plan without ours could let the test call ring somewhere: not for longer than this.
RING_SECONDS = 2
EVENT_SECONDS = 1.0
LONGEST_NAME = 80
NOWHERE = "INVALID"


@dataclass(frozen=True)
class Asterisk:
    """dial: where calls go, as Dial() takes it. form: how the trunk writes numbers. test_from: the context in which
    its calls begin. prefix: stands before a client's number in account codes. region: two letters.
    """

    place: ami.Place
    dial: str
    form: str
    test_from: str
    prefix: str
    region: str

    @classmethod
    def of(cls, settings: Mapping[str, Any], region: str) -> "Asterisk":
        """Of the setting `switch`. Raises SwitchProblem for what cannot be."""
        prefix = settings.get("account_prefix")
        made = cls(
            place=ami.Place.parse(settings),
            dial=str(settings.get("dial") or DIAL),
            form=str(settings.get("number_form") or NATIONAL),
            test_from=str(settings.get("test_from") or TEST_FROM),
            prefix=ACCOUNT_PREFIX if prefix is None else str(prefix),
            region=region,
        )
        checks = (
            ("dial", bool(TARGET.fullmatch(made.dial))),
            ("number_form", made.form in FORMS),
            ("test_from", bool(CONTEXT.fullmatch(made.test_from))),
            ("account_prefix", bool(PREFIX.fullmatch(made.prefix))),
        )
        for name, possible in checks:
            if not possible:
                why = _('"%(name)s" of the phone system cannot be %(value)s.')
                raise SwitchProblem(why % {"name": name, "value": repr(settings[name])})
        return made

    def configure(self, route: Route) -> None:
        number, account = self.number(route), self.account(route)
        name = " ".join(UNSHOWN.sub(" ", route.name).split())[:LONGEST_NAME] or route.client
        # What makes the number work comes last: no call may arrive that would be counted for nobody.
        values = (("didacct", account), ("didnumber", route.number), ("didname", name), ("did", self.dial))
        with ami.connected(self.place) as talk:
            for family, value in values:
                talk.put(family, number, value)

    def remove(self, route: Route) -> None:
        number, account = self.number(route), self.account(route)
        with ami.connected(self.place) as talk:
            if talk.get("didacct", number) not in (None, account):
                return  # it is another client's by now
            for family in FAMILIES:
                talk.drop(family, number)

    def prove(self, route: Route) -> None:
        number, account = self.number(route), self.account(route)
        with ami.connected(self.place, events="user") as talk:
            said = self.test_call(talk, number)
            if said is None and talk.get("did", number) is None:
                raise SwitchProblem(_("The phone system was not told of %(number)s.") % {"number": number})
        if said is None:
            raise SwitchProblem(self.no_answer(number))
        found = f"{said.get('Account', '')} {said.get('Userfield', '')}"
        wanted = f"{account} did:{route.number}"
        if found != wanted:
            why = _(
                'Call data of %(number)s would say "%(found)s" and not "%(wanted)s": call data must be switched on, '
                "and the dial plan be that of extensions_balie.conf."
            )
            raise SwitchProblem(why % {"number": number, "found": found, "wanted": wanted})
        self.check_target(said)

    def look(self) -> str:
        """What answers, in a line, once the login, the rights, the dial plan and the place to dial are as they must be.

        Raises SwitchProblem. Rings nobody.
        """
        with ami.connected(self.place, events="user") as talk:
            talk.get("did", "balie-test")
            said = self.test_call(talk, "balie-test")
        if said is None:
            raise SwitchProblem(self.no_answer("balie-test"))
        self.check_target(said)
        return _("Asterisk at %(host)s answers; calls go to %(dial)s.") % {"host": self.place.host, "dial": self.dial}

    def test_call(self, talk: ami.Conversation, number: str) -> ami.Packet | None:
        """Calls the number as the trunk would; what the dial plan says became of it. None: it said nothing.

        Such a call is answered by no agent and leaves no call data: the dial plan sees its mark and ends it.
        """
        nonce = secrets.token_hex(8)
        answer = talk.act(
            "Originate",
            ("Channel", f"Local/{number}@{self.test_from}/n"),
            ("Application", "Wait"),
            ("Data", "1"),
            ("Timeout", str(RING_SECONDS * 1000)),
            ("CallerID", "Balie test <0>"),
            ("Variable", f"__BALIE_TEST={nonce}"),
            ("Variable", f"__BALIE_DIAL={self.dial}"),
            ("Variable", "CDR_PROP(disable)=1"),
        )
        if ami.not_permitted(answer):  # any other answer: nobody takes such a call, so it fails as it should
            raise SwitchProblem(ami.refusal("Originate", answer))
        return talk.event({"UserEvent": "BalieTest", "Nonce": nonce}, EVENT_SECONDS)

    def check_target(self, said: ami.Packet) -> None:
        """Raises SwitchProblem where the call would be put through to nothing, or elsewhere."""
        if said.get("Dial") != self.dial:
            why = _("A call would go to %(found)s and not to %(dial)s.")
            raise SwitchProblem(why % {"found": said.get("Dial", "") or "?", "dial": self.dial})
        if said.get("State", NOWHERE) == NOWHERE:
            why = _("The phone system has nothing at %(dial)s: calls would reach nobody. Make it in the dial plan.")
            raise SwitchProblem(why % {"dial": self.dial})

    def no_answer(self, number: str) -> str:
        why = _(
            "A test call to %(number)s in the context %(context)s did not come to Balie's dial plan: include it there "
            "as extensions_balie.conf says, with nothing before it that takes the number; %(user)s needs read = user."
        )
        return why % {"number": number, "context": self.test_from, "user": self.place.user}

    def number(self, route: Route) -> str:
        """The number as the trunk writes it. Raises SwitchProblem for what no trunk could deliver."""
        number = route.number
        if self.form == NATIONAL:
            number = as_dialled(number, self.region)
        elif self.form == E164:
            number = number.removeprefix("+")
        if not NUMBER.fullmatch(number):
            raise SwitchProblem(_("%(number)s is no number a trunk delivers.") % {"number": repr(route.number)})
        return number

    def account(self, route: Route) -> str:
        """The account code by which the call data name the client."""
        account = f"{self.prefix}{route.client}"
        if not ACCOUNT.fullmatch(account):
            why = _("%(client)s cannot stand in an account code of the phone system.")
            raise SwitchProblem(why % {"client": repr(route.client)})
        return account
