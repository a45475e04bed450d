"""What phone systems have, as templates write it."""

from django import template

from balie.web.formats import format_name

register = template.Library()

register.filter("call_format", format_name)
