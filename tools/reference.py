"""Writes docs/commands.md: every command of `balie` with its arguments, from the commands themselves.

python -m tools.reference    part of `make docs` and `make fix`; a test fails when the page is stale
"""

import os
from collections.abc import Iterator
from pathlib import Path

import click

PAGE = Path(__file__).resolve().parent.parent / "docs/commands.md"
HEAD = """# Commands

Written by `make docs` from the commands themselves; change their texts in `balie/cli`, not this page.

Every command prints text for people and takes `--json` to print exactly one JSON document on standard output instead;
progress and notices go to standard error. Exit status: 0 done, 1 refused (one line says what and where), 2 wrong usage.
A command that writes may be repeated without harm.
"""


def page() -> str:
    """The whole page as it should be now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    django.setup()
    from balie.cli.main import balie

    return HEAD + "".join(sections(balie, click.Context(balie, info_name="balie")))


def sections(group: click.Group, context: click.Context) -> Iterator[str]:
    """A chapter for every command that does something, groups opened."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from sections(command, inner)
        else:
            yield section(command, inner)


def section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"\n## {context.command_path}\n", f"    {usage}\n", f"{told(command.help)}\n"]
    records = [each.get_help_record(context) for each in command.get_params(context)]
    options = [(cell(names), cell(meaning)) for names, meaning in filter(None, records) if meaning]
    lines += ["| option | |", "|---|---|"]
    lines += [f"| `{names}` | {meaning} |" for names, meaning in options if names != "--help"]
    return "\n".join(lines) + "\n"


def told(text: str | None) -> str:
    """Help as Markdown: paragraphs joined, an example as a code block."""
    paragraphs = []
    for paragraph in (text or "").replace("\b\n", "").strip().split("\n\n"):
        prose, example, shown = " ".join(paragraph.split()).partition("Example: ")
        paragraphs += [part for part in (prose.strip(), example and f"    {shown}") if part]
    return "\n\n".join(paragraphs)


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
