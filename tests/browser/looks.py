"""What holds for every page on desktop and phone, light and dark: axe finds nothing serious, and nothing sticks out.

A page is loaded once and then looked at in every way. Colours are what takes axe long, and all that differs between
light and dark: they are read from one row of each kind, everything else from the whole page.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

SERIOUS = ("serious", "critical")
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 780}
SCHEMES: tuple[Any, ...] = ("light", "dark")
# Rows and list entries of the same elements and classes, in the same place, as one before: the same colours once more.
MARK_REPEATED = """() => {
    const seen = new Set()
    const place = one => one ? place(one.parentElement) + one.tagName + one.className : ''
    for (const one of document.querySelectorAll('tr, li')) {
        const plain = one.outerHTML.replace(/>[^<]+/g, '>x').replace(/ (?!class)[\\w:-]+="[^"]*"/g, '')
        const shape = place(one.parentElement) + plain
        one.toggleAttribute('data-repeated', seen.has(shape))
        seen.add(shape)
    }
}"""
FOUND = "found => found.violations.map(one => [one.impact, `${one.id}: ${one.nodes[0].html.slice(0, 120)}`])"
COLOURS = ["color-contrast", "link-in-text-block"]
ASK_COLOURS = f"""rules => axe.run({{exclude: [['[data-repeated]']]}}, {{runOnly: rules, resultTypes: ['violations']}})
    .then({FOUND})"""
ASK_ALL_ELSE = f"""rules => axe.run({{
    rules: Object.fromEntries(rules.map(rule => [rule, {{enabled: false}}])), resultTypes: ['violations']
}}).then({FOUND})"""
OUTSIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def problems(page: Page, address: str, *, wide: ViewportSize = DESKTOP, status: int = 200) -> list[str]:
    """What is wrong with the page at an address, each with where and how it was seen."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(wide)
    answer = page.goto(address)
    assert answer and answer.status == status, (address, answer and answer.status)
    assert ("/login/" in page.url) == ("/login/" in address), f"{address} asked for a login"
    return problems_here(page, wide=wide)


def problems_here(page: Page, *, wide: ViewportSize = DESKTOP) -> list[str]:
    """What is wrong with the page that is open. It is left as wide as it was."""
    before = page.viewport_size
    page.evaluate(AXE_SCRIPT + ";0")
    page.evaluate(MARK_REPEATED)
    found: list[str] = []
    for size in (wide, PHONE):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += serious(page, ASK_COLOURS, f"{size['width']} {scheme}")
        found += serious(page, ASK_ALL_ELSE, f"{size['width']}")
        outside = page.evaluate(OUTSIDE)
        found += [f"{page.url} {size['width']}: {outside} px too wide"] if outside > 0 else []
    if before:
        page.set_viewport_size(before)
    return found


def serious(page: Page, ask: str, seen: str) -> list[str]:
    return [f"{page.url} {seen}: {said}" for impact, said in page.evaluate(ask, COLOURS) if impact in SERIOUS]
