"""Whether agents may be told apart where recording is looked at: figures, missing notes, findings, reviews. Reads.

An operator that agreed with its staff to look at all of them together (`aggregated`, see docs/decisions/together.md)
sees sums only: no name, no code, no filter by agent, in no page, file, mail or answer about recording. There are no
pseudonyms: whoever counts an agent's calls elsewhere knows who "A" is. Agents see their own at their desk as ever.

    known = names()
    known.name(agent), known.code(agent)   # "" where agents are not told apart
    known.call(note)                       # the key of its call, "" there too: the call says whose it was
    known.apart                            # whether to offer a column, a filter or an order by agent
    known.demand()                         # Refused for a question about one agent
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from balie.accounts.models import Agent
from balie.notes.models import Note
from balie.quality.looking import settings
from balie.rules.errors import Refused

LEAST_TOGETHER = 5  # agents: sums over fewer speak of persons


@dataclass(frozen=True)
class Names:
    """What may be said of agents. apart: they may be told apart."""

    apart: bool

    def name(self, agent: Agent) -> str:
        """For pages, PDFs and mails."""
        return str(agent) if self.apart else ""

    def code(self, agent: Agent) -> str:
        """For files and programs."""
        return agent.code if self.apart else ""

    def call(self, note: Note) -> str:
        """The key of the note's call, or of the one it names; for files and programs."""
        if not self.apart:
            return ""
        return note.call.key if note.call else note.given

    def enough(self, agents: int) -> bool:
        """Whether sums over so many agents may be shown."""
        return self.apart or agents >= LEAST_TOGETHER

    def demand(self) -> None:
        """Refused where agents are not told apart."""
        if not self.apart:
            raise Refused("agents_together", _("Recording is looked at for all agents together, not one by one."))


def names() -> Names:
    """As it is set now. One query."""
    return Names(apart=not settings().aggregated)
