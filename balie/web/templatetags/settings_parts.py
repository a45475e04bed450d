"""The parts of the settings: groups of pages that belong together, and which of them this page is."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext_lazy

from balie.web.templatetags.menus import page

register = template.Library()


@dataclass(frozen=True)
class Part:
    """page: the name of the address it leads to; says: what can be set there; own: further pages of it."""

    page: str
    name: Any
    says: Any
    own: tuple[str, ...] = ()

    def holds(self, here: str) -> bool:
        return here == self.page or here in self.own


@dataclass(frozen=True)
class Group:
    """Parts that stand beside each other as tabs."""

    icon: str
    name: Any
    parts: tuple[Part, ...]

    def part(self, here: str) -> Part | None:
        return next((one for one in self.parts if one.holds(here)), None)


GROUPS = (
    Group("settings", gettext_lazy("Organisation"), (
        Part("costs", gettext_lazy("Costs"), gettext_lazy("What an hour of work, a minute of talk and an SMS cost"),
             own=("put_costs", "add_fixed_cost", "add_agent_group", "put_agents_into_groups")),
        Part("terms_settings", gettext_lazy("Terms"), gettext_lazy("What somebody who signs up agrees to"),
             own=("put_terms",)),
    )),
    Group("sms", gettext_lazy("Mail"), (
        Part("mails", gettext_lazy("Mails"), gettext_lazy("What was sent, what waits and what did not arrive"),
             own=("mail",)),
        Part("mail_texts", gettext_lazy("Texts of mails"), gettext_lazy("What your mails say, in every language"),
             own=("mail_text",)),
    )),
    Group("person", gettext_lazy("Staff and safety"), (
        Part("login_settings", gettext_lazy("Logging in"), gettext_lazy("Whether staff need a second factor"),
             own=("reset_second_factor",)),
    )),
)  # fmt: skip


@register.inclusion_tag("balie/settings/_tabs.html", takes_context=True)
def settings_tabs(context: Context) -> dict[str, Any]:
    """The tabs of the group that this page belongs to."""
    here = page(context)
    group = next((one for one in GROUPS if one.part(here)), None)
    return {"group": group, "current": group.part(here) if group else None}


@register.simple_tag
def settings_groups() -> tuple[Group, ...]:
    return GROUPS
