"""Small parts of every page: icons, charts, links that keep the filters, asset addresses that change with the file."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from balie.web.icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One of our icons in the colour of the text around it; silent for screen readers unless it has a label."""
    shape = mark_safe(ICONS[name])
    if label:
        return format_html('<svg class="icon" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>', label, shape)
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>', shape)


@register.filter
def as_json(value: Any) -> str:
    """What a script of ours reads from an attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@lru_cache(maxsize=64)
def fingerprint(path: str) -> str:
    """Eight signs that change with the file's contents; nothing for a file that is not there."""
    found = finders.find(path)
    return hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:8] if found else ""


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, new whenever the file is."""
    return f"{static(path)}?{fingerprint(path)}"


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """This page's query with some of its fields changed; None or "" takes a field out. Paging starts anew."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def query(context: Context) -> str:
    """This page's filters, to be carried over to a download."""
    fields = context["request"].GET.copy()
    fields.pop("page", None)
    return f"?{fields.urlencode()}" if fields else ""


@register.inclusion_tag("balie/_sort.html", takes_context=True)
def sorted_by(context: Context, name: str, label: str, numbers: bool = False) -> dict[str, Any]:
    """A column's head that sorts by it, and the other way round when it already does."""
    order = context["order"]
    now = "ascending" if order == name else "descending" if order == f"-{name}" else ""
    # Figures are wanted biggest first, words from A.
    first, second = (f"-{name}", name) if numbers else (name, f"-{name}")
    target = with_query(context, order=second if order == first else first)
    return {"label": label, "now": now, "target": target, "numbers": numbers}


@register.inclusion_tag("balie/_pager.html", takes_context=True)
def pager(context: Context, page: Any, whole: bool = False) -> dict[str, Any]:
    """Which rows are shown of how many, and the way to the others; whole: the page has no part to be swapped."""
    return {
        "whole": whole,
        "page": page,
        "request": context["request"],
        "before": with_query(context, page=page.number - 1) if page.has_previous() else "",
        "after": with_query(context, page=page.number + 1) if page.has_next() else "",
    }
