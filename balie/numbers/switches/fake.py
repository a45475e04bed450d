"""A phone system that is none: it remembers in a table what it was told. For the demo, for tests, for who wants to try.

`down` in the settings makes it fail: "configure", "prove", "remove", or "always".
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from balie.numbers.models import FakeRoute
from balie.numbers.switches import Route, SwitchProblem

ALWAYS = "always"


@dataclass(frozen=True)
class Fake:
    """down: which verb fails, empty for none."""

    down: str = ""

    def configure(self, route: Route) -> None:
        self.fail("configure")
        said = {"client": route.client, "name": route.name, "order": route.order}
        FakeRoute.objects.update_or_create(number=route.number, defaults=said)

    def prove(self, route: Route) -> None:
        self.fail("prove")
        if not FakeRoute.objects.filter(number=route.number, client=route.client).exists():
            why = _("A call to %(number)s would not be %(client)s's.")
            raise SwitchProblem(why % {"number": route.number, "client": route.client})

    def remove(self, route: Route) -> None:
        self.fail("remove")
        FakeRoute.objects.filter(number=route.number, client=route.client).delete()

    def look(self) -> str:
        self.fail(ALWAYS)
        return _("an invented phone system; numbers it remembers: %(count)d.") % {"count": FakeRoute.objects.count()}

    def fail(self, verb: str) -> None:
        """Raises SwitchProblem if this verb is to fail."""
        if self.down in (verb, ALWAYS):
            raise SwitchProblem(_("The invented phone system is down."))
