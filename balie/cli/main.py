"""The command `balie`. Each group of commands is a file beside this one."""

import os

import click


@click.group()
@click.version_option(package_name="balie")
def balie() -> None:
    """The back office of a telephone answering service."""


def main() -> None:
    """What the console script runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django

    django.setup()
    balie()
