"""What to dial to divert a telephone to a number: the codes networks know everywhere in Europe (GSM 02.30). Pure."""

from dataclasses import dataclass

from balie.rules.phone import as_dialled

OFF = "##21#"
OFF_NO_REPLY = "##61#"
OFF_BUSY = "##67#"


@dataclass(frozen=True)
class Divert:
    """A number to divert to, E.164, and what to dial for it. dialled: as somebody of the country dials it."""

    number: str
    dialled: str

    @property
    def always(self) -> str:
        return f"**21*{self.dialled}#"

    @property
    def no_reply(self) -> str:
        return f"**61*{self.dialled}#"

    @property
    def busy(self) -> str:
        return f"**67*{self.dialled}#"

    @property
    def fixed_line(self) -> str:
        return f"*21*{self.dialled}#"

    @property
    def fixed_line_no_reply(self) -> str:
        return f"*61*{self.dialled}#"

    @property
    def fixed_line_busy(self) -> str:
        return f"*67*{self.dialled}#"


def divert_to(number: str, region: str) -> Divert:
    """The codes for a number, dialled in its national form at home (0201234501), with 00 before it from elsewhere."""
    return Divert(number, as_dialled(number, region))


def telephone_link(code: str) -> str:
    """The address that dials a code: tel:**21*0201234501%23. Only # has to be written otherwise (RFC 3966)."""
    return f"tel:{code.replace('#', '%23')}"
