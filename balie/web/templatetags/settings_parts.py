"""The parts of the settings: groups of pages that belong together, and which of them this page is."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext_lazy, pgettext_lazy

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
        Part("operator_settings", gettext_lazy("Our company"),
             gettext_lazy("Name and letterhead, time zone, currency, where these pages are, how things are counted"),
             own=("put_operator",)),
        Part("closing_settings", gettext_lazy("Closing and margins"),
             gettext_lazy("When a month closes by itself, and what the watch over margins goes by"),
             own=("put_closing",)),
        Part("costs", gettext_lazy("Costs"), gettext_lazy("What an hour of work, a minute of talk and an SMS cost"),
             own=("put_costs", "add_fixed_cost", "add_agent_group", "put_agents_into_groups")),
        Part("terms_settings", gettext_lazy("Terms"), gettext_lazy("What somebody who signs up agrees to"),
             own=("put_terms",)),
    )),
    Group("calls", gettext_lazy("Telephone and SMS"), (
        Part("phone_systems", gettext_lazy("Phone systems"),
             gettext_lazy("Where calls come from: how their files read, where they lie, when they are looked for"),
             own=("phone_system", "new_phone_system", "put_phone_system", "try_phone_place", "try_phone_file",
                  "remove_phone_system")),
        Part("switch_settings", gettext_lazy("Setting up numbers"),
             gettext_lazy("Who tells your phone system which number is whose, when a client orders"),
             own=("put_switch", "try_switch")),
        Part("sms_gateway_settings", gettext_lazy("SMS gateway"), gettext_lazy("By which way SMS leave the house"),
             own=("put_sms_gateway", "try_sms_gateway")),
    )),
    Group("sms", gettext_lazy("Mail"), (
        Part("mail_settings", gettext_lazy("Mailboxes and server"),
             gettext_lazy("Where your own mails go, by which server mails leave, and whether it takes them"),
             own=("put_mail",)),
        Part("mails", gettext_lazy("Mails"), gettext_lazy("What was sent, what waits and what did not arrive"),
             own=("mail",)),
        Part("mail_texts", gettext_lazy("Texts of mails"), gettext_lazy("What your mails say, in every language"),
             own=("mail_text",)),
    )),
    Group("person", gettext_lazy("Staff and safety"), (
        Part("staff_settings", pgettext_lazy("settings", "Staff"), gettext_lazy("Who can log in here and may do what"),
             own=("staff_member", "invite_staff", "change_staff", "remove_staff", "invite_staff_again")),
        Part("agents_settings", gettext_lazy("Agents"),
             gettext_lazy("Who answers calls, and at which endpoint of the phone system"),
             own=("agent_settings", "new_agent", "change_agent", "agent_leaves", "give_endpoint")),
        Part("login_settings", gettext_lazy("Logging in"), gettext_lazy("Whether staff need a second factor"),
             own=("reset_second_factor",)),
        Part("retention_settings", gettext_lazy("Retention"),
             gettext_lazy("How long numbers, notes, SMS, mails and statements are kept"), own=("put_retention",)),
        Part("token_settings", gettext_lazy("Tokens"), gettext_lazy("Which other programs read and write here"),
             own=("new_token", "withdraw_token")),
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
