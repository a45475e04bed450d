"""Telephone numbers of a whole column: E.164 where they can be, and the network they belong to.

phonenumbers needs some 30 µs a number. What it decides here hangs on a number's length and on its leading digits, so
numbers that share both are looked up once; a test compares this with asking for every number.
"""

import polars as pl

from balie.rules.call import SHORTEST, TELLING
from balie.rules.phone import e164, network

# Leading characters that decide: five digits of the national number behind +cc, 00cc or the trunk prefix.
LEAD = (
    pl.when(pl.col("raw").str.starts_with("+")).then(8).when(pl.col("raw").str.starts_with("00")).then(9).otherwise(6)
)


def looked_up(numbers: pl.Series, region: str) -> pl.DataFrame:
    """`number` (E.164 or as received) and `network` of each number."""
    column = pl.DataFrame({"raw": numbers.rename("raw")})
    # +31 0 20 … is written by people, not by networks: such a number is looked up by itself.
    plain = pl.col("raw").str.contains(r"^(?:\+|00)?[1-9][0-9]{4,19}$|^0[1-9][0-9]{3,19}$")
    plain &= ~pl.col("raw").str.contains(r"^(?:\+|00)[1-9][0-9]{0,2}0")
    column = column.with_columns(
        pl.when(plain)
        .then(pl.concat_str(pl.col("raw").str.head(LEAD), pl.lit("/"), pl.col("raw").str.len_chars()))
        .otherwise(pl.col("raw"))
        .alias("class")
    )
    classes = column.group_by("class").agg(pl.col("raw").first())
    rules = [rule_of(kind, raw, region) for kind, raw in classes.rows()]
    known = pl.DataFrame(
        {
            "class": classes["class"],
            "lead": [rule[0] for rule in rules],
            "cut": [rule[1] for rule in rules],
            "network": [rule[2] for rule in rules],
        },
        schema={"class": pl.String, "lead": pl.String, "cut": pl.Int64, "network": pl.String},
    )
    found = column.join(known, on="class", how="left", maintain_order="left")
    whole = pl.concat_str(pl.col("lead"), pl.col("raw").str.slice(pl.col("cut")))
    return found.select(whole.alias("number"), "network")


def same_number(one: str, other: str) -> pl.Expr:
    """`balie.rules.call.same_number` of two columns."""
    first, second = (pl.col(name).str.replace(r"(?s)@.*$", "").str.replace_all(r"[^0-9]", "") for name in (one, other))
    first, second = first.str.strip_chars_start("0"), second.str.strip_chars_start("0")
    length = pl.min_horizontal(first.str.len_bytes(), second.str.len_bytes(), TELLING)
    tail = (length >= SHORTEST) & (first.str.tail(length) == second.str.tail(length))
    return (pl.col(one) == pl.col(other)) | tail


# By class and region: files repeat the same few thousand classes, chunk after chunk. Emptied when it grows too big.
known_rules: dict[tuple[str, str], tuple[str, int, str]] = {}
MOST_RULES = 200_000


def rule_of(kind: str, raw: str, region: str) -> tuple[str, int, str]:
    """`one_class` of a number of this class, asked once."""
    if (kind, region) not in known_rules:
        if len(known_rules) >= MOST_RULES:
            known_rules.clear()
        known_rules[kind, region] = one_class(raw, region)
    return known_rules[kind, region]


def one_class(raw: str, region: str) -> tuple[str, int, str]:
    """How numbers like this one become E.164: what goes in front, how many characters go, and their network."""
    number = e164(raw, region)
    kind = network(raw, region)
    if number == raw or not raw.isascii():
        return "", 0, kind if number == raw else "other"
    # The tail that both ways of writing share stays; what stands before it is the same for the whole class.
    shared = 0
    while shared < min(len(raw), len(number)) and raw[-1 - shared] == number[-1 - shared]:
        shared += 1
    shared = min(shared, max(0, len(raw) - 4)) if raw.lstrip("+").isdigit() else shared
    return number[: len(number) - shared], len(raw) - shared, kind
