"""`balie staff` and `balie token`: who may come in, people and programs."""

import click

from balie.accounts import actions
from balie.accounts.factors import reset_factors
from balie.accounts.models import Role
from balie.cli.face import say, speaks
from balie.cli.setup import author
from balie.operator.queries import operator, pages

ROLES = click.Choice([role.value for role in Role])


@click.command()
@click.argument("email")
@click.option(
    "--role", type=ROLES, required=True, help="What this person may do; each role may what the one before may."
)
@click.option("--name", default="", help="As pages show it.")
@click.option("--language", type=click.Choice(["nl", "de", "en"]), help="Of pages and mails; default: the operator's.")
@click.option(
    "--reset-second-factor", is_flag=True, help="Takes app, keys and recovery codes away from somebody who lost them."
)
@speaks
def staff(email: str, role: str, name: str, language: str | None, reset_second_factor: bool, as_json: bool) -> None:
    """Makes or changes a staff user and prints a link to set the password.

    The link is good for one time and for three days. The first administrator comes in this way.

    \b
    Examples:
      balie staff eva@example.com --role administrator
      balie staff eva@example.com --role administrator --reset-second-factor
    """
    settings = operator()
    link = actions.make_staff(
        email=email, role=role, name=name, language=language or "", default_language=settings.language, author=author()
    )
    if reset_second_factor and reset_factors(user=link.user, author=author()):
        click.echo(
            f"{link.user.email} logs in with the password alone, until a second factor is set up anew.", err=True
        )
    url = pages(settings) + link.path
    document = {"email": link.user.email, "role": link.user.role, "new": link.new, "link": url}
    done = "is new" if link.new else "is changed"
    say(document, as_json=as_json, text=f"{link.user.email} ({role}) {done}. To set the password, once:\n{url}")


@click.command()
@click.argument("name")
@click.option("--role", type=ROLES, required=True, help="What the program may do.")
@speaks
def token(name: str, role: str, as_json: bool) -> None:
    """Makes a token for another program and prints it, this one time.

    The program sends it as `Authorization: Bearer TOKEN`. The same NAME again makes a new token; the old one dies.

    \b
    Example:
      balie token wallboard --role manager
    """
    made = actions.make_token(name=name, role=role, author=author())
    if made.replaced:
        click.echo(f"The earlier token {made.name} is void from now on.", err=True)
    say({"name": made.name, "role": role, "token": made.plaintext}, as_json=as_json, text=made.plaintext)
