"""Groups of legs turned into calls, in bulk.

Most groups are plain: every leg leaves the caller's own channel and no Local channel is in the way. Those are folded
with whole columns here; the others, a few in a hundred, leg by leg in `balie.cdr.intricate`, which holds the rules.
"""

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import polars as pl

from balie.cdr.callers import callers
from balie.cdr.channels import AGENT, LOCAL, TRUNK, bare, endpoints, kinds
from balie.cdr.dialled import all_numbers, numbers_at
from balie.cdr.intricate import CALLED_SIDE, Leg, Undecided, fold_group
from balie.cdr.legs import PhoneSystem, keys
from balie.cdr.parties import NOBODY
from balie.cdr.settled import settled

# A call as folded. begin in seconds since 1970 UTC; durations in seconds. What decides whose call it is:
#   did       behind did: in userfield          dst    of the first leg      dst_dialled  whether a later leg dialled it
#   customer  behind cust: in userfield         account  of the first leg that has the source's prefix, without it
FOLDED: dict[str, pl.DataType] = {
    "key": pl.String(),
    "group": pl.UInt32(),
    "direction": pl.String(),
    "type": pl.String(),
    "begin": pl.Int64(),
    "caller": pl.String(),
    "called": pl.String(),
    "endpoint": pl.String(),
    "agent_code": pl.String(),
    "ring": pl.Int64(),
    "talk": pl.Int64(),
    "did": pl.String(),
    "dst": pl.String(),
    "dst_dialled": pl.Boolean(),
    "customer": pl.String(),
    "account": pl.String(),
}
# did:0201234501 in a userfield, which may hold several such marks.
TAGGED = r"(?:^|[;, ]){}:([^;, ]+)"
CALL = [name for name in FOLDED if name not in ("did", "dst", "dst_dialled", "customer", "account", "group")]


@dataclass
class Folded:
    """All calls of some groups, the lines of groups that could not be decided with why, groups that stayed inside."""

    calls: pl.DataFrame
    undecided: dict[int, str] = field(default_factory=dict)  # group -> reason
    internal: pl.Series = field(default_factory=lambda: pl.Series("group", [], dtype=pl.UInt32))


def fold(legs: pl.DataFrame, system: PhoneSystem) -> Folded:
    """The calls of grouped legs (`balie.cdr.groups.grouped`)."""
    if not legs.height:
        return Folded(pl.DataFrame(schema=FOLDED))
    legs = with_kinds(settled(legs, system.account_prefix), system)
    firsts = first_legs(legs)
    legs, firsts = mark_plain(legs, firsts)
    hints = owner_hints(legs, firsts, system)
    plain = firsts.filter("plain")
    to_trunk = legs["group"].filter(legs["to"] == TRUNK).unique()
    is_out = (pl.col("from") == AGENT) & pl.col("group").is_in(to_trunk.implode())
    internal = plain.filter((pl.col("from") == AGENT) & ~is_out)["group"]
    inbound = plain.filter(pl.col("from") == TRUNK)
    outbound = plain.filter(is_out)
    spans = legs.select("group", "dstchannel", "far", "to", "answered", "until", "billsec", "plain", "connected")
    answered = spans.filter(pl.col("plain") & pl.col("connected")).drop("plain", "connected")
    parts = [*fold_inbound(inbound, answered, legs), fold_outbound(outbound, answered, legs)]
    slow = fold_intricate(legs.filter(~pl.col("plain")))
    calls = pl.concat([*parts, slow.calls.select([*CALL, "group"])]).join(hints, on="group", how="left")
    calls = calls.with_columns(spoken_agent(calls, legs), callers(calls, legs))
    calls = calls.with_columns(pl.col("endpoint").replace(NOBODY, ""))
    calls = calls.select(list(FOLDED)).sort("begin", "key")
    return Folded(calls, slow.undecided, pl.concat([internal, slow.internal]))


def with_kinds(legs: pl.DataFrame, system: PhoneSystem) -> pl.DataFrame:
    """The legs with endpoints and kinds of both channels, whether they connected anybody, and until when."""
    near, far = endpoints(legs["channel"]), endpoints(legs["dstchannel"])
    return legs.with_columns(
        near.alias("near"),
        far.alias("far"),
        kinds(near, system.trunks).alias("from"),
        kinds(far, system.trunks).alias("to"),
        ((pl.col("disposition") == "ANSWERED") & pl.col("answered").is_not_null() & (pl.col("dstchannel") != "")).alias(
            "connected"
        ),
        (pl.col("answered") + pl.col("billsec")).alias("until"),
    )


def first_legs(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a group: its first leg, its length and its end."""
    firsts = legs.group_by("group", maintain_order=True).agg(
        pl.col("channel", "start", "uniqueid", "linkedid").first(),
        pl.col("begin").first(),
        pl.col("finish").max(),
        pl.col("src").first().alias("caller"),
        pl.col("dst").first(),
        pl.col("from").first(),
        pl.col("near").first(),
        pl.len().alias("legs"),
    )
    return firsts.with_columns(keys(firsts)).drop("start", "uniqueid", "linkedid")


def mark_plain(legs: pl.DataFrame, firsts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both frames with `plain`. Groups are numbered 0, 1, 2 …, so a group's first leg is found by position."""
    own = firsts["channel"].gather(legs["group"])
    odd = legs.select(
        (pl.col("channel") != own)
        | (pl.col("from") == LOCAL)
        | (pl.col("to") == LOCAL)
        | pl.col("lastapp").is_in(CALLED_SIDE)
        | pl.col("channel").str.contains(r"[<;]|^(?:AsyncGoto|Parked|Transfered|Bridge)/")
        | pl.col("dstchannel").str.contains(r"<", literal=True)
        # several outside numbers by one command: which channel is which is told by their turn
        | ((pl.col("to") == TRUNK) & pl.col("lastdata").str.contains("&", literal=True))
    ).to_series()
    # one outgoing channel dialled by several commands: which of them counts is told leg by leg
    trunk_legs = legs.select("group", "dstchannel", "lastdata", "to").filter(pl.col("to") == TRUNK)
    commands = trunk_legs.group_by("group", "dstchannel").agg(pl.col("lastdata").n_unique().alias("commands"))
    twice = commands["group"].filter(commands["commands"] > 1)
    odd_groups = pl.concat([legs["group"].filter(odd), twice]).unique()
    plain = ~firsts["group"].is_in(odd_groups.implode())
    firsts = firsts.with_columns(plain.alias("plain"))
    return legs.with_columns(plain.gather(legs["group"]).alias("plain")), firsts


def cover(spans: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Seconds covered by `answered` to `until` per key, overlaps once, with the first leg's `far` and moments."""
    first = pl.struct(by).is_first_distinct()
    alone = spans.filter(first & pl.struct(by).is_last_distinct()).select(
        *by, pl.col("billsec").alias("talk"), pl.col("answered").alias("connected_at"), pl.col("far").alias("endpoint")
    )
    several = spans.join(alone.select(by), on=by, how="anti").sort([*by, "answered"], maintain_order=True)
    reach = pl.col("until").cum_max().shift(1).over(by)
    gain = pl.max_horizontal(pl.col("until") - pl.max_horizontal("answered", reach), 0)
    summed = (
        several.with_columns(gain.alias("gain"))
        .group_by(by, maintain_order=True)
        .agg(
            pl.col("gain").sum().alias("talk"),
            pl.col("answered").min().alias("connected_at"),
            pl.col("far").sort_by("position").first().alias("endpoint"),
        )
    )
    return pl.concat([alone, summed])


def fold_inbound(groups: pl.DataFrame, answered: pl.DataFrame, legs: pl.DataFrame) -> list[pl.DataFrame]:
    """The inbound calls of plain groups, and the forwarded ones they led to."""
    answered = answered.join(groups.select("group"), on="group", how="semi").with_row_index("position")
    agents = answered.filter(pl.col("to") == AGENT)
    talk = cover(agents, ["group"])
    onward = fold_forwarded(groups, answered.filter(pl.col("to") == TRUNK), agents, legs)
    passed = onward.select(pl.col("group").unique(), pl.lit(True).alias("passed"))
    calls = groups.join(talk, on="group", how="left").join(passed, on="group", how="left")
    ring = pl.col("connected_at").fill_null(pl.col("finish")) - pl.col("begin")
    calls = calls.select(
        "key",
        pl.lit("inbound").alias("direction"),
        pl.when(pl.col("talk").is_not_null())
        .then(pl.lit("accepted"))
        .when(pl.col("passed").is_not_null())
        .then(pl.lit("forwarded"))
        .otherwise(pl.lit("missed"))
        .alias("type"),
        "begin",
        "caller",
        pl.lit("").alias("called"),
        pl.col("endpoint").fill_null(""),
        pl.lit("").alias("agent_code"),
        pl.max_horizontal(ring, 0).alias("ring"),
        pl.col("talk").fill_null(0),
        "group",
    )
    return [calls, onward]


def fold_forwarded(
    groups: pl.DataFrame, onward: pl.DataFrame, agents: pl.DataFrame, legs: pl.DataFrame
) -> pl.DataFrame:
    """One call for each outgoing channel with which the caller's was connected."""
    if not onward.height:
        return pl.DataFrame(schema={name: FOLDED[name] for name in [*CALL, "group"]})
    channel = ["group", "dstchannel"]
    time = cover(onward, channel).select(*channel, "talk", "connected_at")
    trunk_legs = legs.filter(pl.col("to") == TRUNK)
    tried = trunk_legs.join(time.select("group").unique(), on="group", how="semi", maintain_order="left")
    naming = tried.group_by(channel, maintain_order=True).agg(
        pl.col("begin").first(), pl.col("lastdata").first(), pl.col("far").first(), pl.col("dst").first()
    )
    calls = time.join(naming, on=channel).join(groups.select("group", "key", "caller"), on="group")
    spoke = calls.join(agents.select("group", "far", "answered", "until"), on="group", suffix="_agent")
    last = (
        spoke.filter(pl.col("answered") <= pl.col("connected_at"))
        .sort("until", "answered", maintain_order=True)
        .group_by(channel, maintain_order=True)
        .agg(pl.col("far_agent").last().alias("endpoint"))
    )
    calls = calls.join(last, on=channel, how="left").with_columns(numbers(calls).alias("called"))
    calls = calls.sort("group", "begin", "called", maintain_order=True)
    turn = pl.int_range(1, pl.len() + 1).over("group")
    return calls.select(
        pl.format("{}/{}", "key", turn).alias("key"),
        pl.lit("forwarded").alias("direction"),
        pl.lit("").alias("type"),
        "begin",
        "caller",
        "called",
        pl.col("endpoint").fill_null(""),
        pl.lit("").alias("agent_code"),
        pl.max_horizontal(pl.col("connected_at") - pl.col("begin"), 0).alias("ring"),
        "talk",
        "group",
    )


def fold_outbound(groups: pl.DataFrame, answered: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """The outbound calls of plain groups: the agent's own channel was connected with trunk channels."""
    trunk_legs = legs.filter(pl.col("to") == TRUNK)
    tried = trunk_legs.join(groups.select("group"), on="group", how="semi", maintain_order="left")
    # The first answered leg, else the first tried, says who was called.
    spoke_at = pl.when("connected").then("answered").alias("spoke_at")
    order = tried.with_columns(spoke_at).sort(
        "group", "spoke_at", "begin", "sequence", maintain_order=True, nulls_last=True
    )
    chosen = order.group_by("group", maintain_order=True).agg(
        pl.col("lastdata").first(), pl.col("far").first(), pl.col("dst").first()
    )
    trunk = answered.join(groups.select("group"), on="group", how="semi").filter(pl.col("to") == TRUNK)
    time = cover(trunk.with_row_index("position"), ["group"]).select("group", "talk", "connected_at")
    calls = groups.drop("dst").join(chosen, on="group").join(time, on="group", how="left")
    ring = pl.col("connected_at").fill_null(pl.col("finish")) - pl.col("begin")
    return calls.select(
        "key",
        pl.lit("outbound").alias("direction"),
        pl.lit("").alias("type"),
        "begin",
        "caller",
        numbers(calls).alias("called"),
        pl.col("near").alias("endpoint"),
        pl.lit("").alias("agent_code"),
        pl.max_horizontal(ring, 0).alias("ring"),
        pl.col("talk").fill_null(0),
        "group",
    )


def numbers(calls: pl.DataFrame) -> pl.Series:
    """The number each command in `lastdata` called at the endpoint `far`, else what was dialled (`dst`)."""
    found = numbers_at(calls["lastdata"], calls["far"])
    return calls.select(pl.when(found != "").then(found).otherwise("dst").alias("called")).to_series()


def spoken_agent(calls: pl.DataFrame, legs: pl.DataFrame) -> pl.Series:
    """agent_code of every call: agent: in userfield goes before the endpoint."""
    said = legs.filter(pl.col("plain") & pl.col("userfield").str.contains("agent:", literal=True))
    if not said.height:
        return calls["agent_code"]
    code = pl.col("userfield").str.extract(TAGGED.format("agent")).alias("code")
    said = said.select("group", pl.col("far").alias("endpoint"), code).drop_nulls("code")
    own = said.unique(["group", "endpoint"], keep="first", maintain_order=True)
    some = said.unique("group", keep="first", maintain_order=True).select("group", pl.col("code").alias("any"))
    found = calls.join(own, on=["group", "endpoint"], how="left", maintain_order="left").join(
        some, on="group", how="left", maintain_order="left"
    )
    # An agent who never spoke with anybody is not named: a missed call has none.
    spoke = (pl.col("endpoint") != "") | (pl.col("direction") == "outbound")
    code = pl.when(spoke).then(pl.coalesce("code", "any")).otherwise(pl.lit(None))
    return found.select(
        pl.when(pl.col("agent_code") != "").then("agent_code").otherwise(code.fill_null("")).alias("agent_code")
    ).to_series()


def owner_hints(legs: pl.DataFrame, firsts: pl.DataFrame, system: PhoneSystem) -> pl.DataFrame:
    """One row a group: what decides whose call it is (see FOLDED)."""
    prefix = system.account_prefix
    marks = {"did": "did", "customer": "cust"}
    named = pl.col("accountcode").str.starts_with(prefix) & (pl.col("accountcode").str.len_bytes() > len(prefix))
    found = {
        column: legs.filter(pl.col("userfield").str.contains(f"{tag}:", literal=True)).select(
            "group", pl.col("userfield").str.extract(TAGGED.format(tag)).alias(column)
        )
        for column, tag in marks.items()
    }
    found["account"] = legs.filter(named).select("group", pl.col("accountcode").str.slice(len(prefix)).alias("account"))
    dialled = dialled_later(legs, firsts)
    return firsts.select("group", "dst").with_columns(
        *(first_of_group(column, rows, firsts.height) for column, rows in found.items()),
        pl.Series("dst_dialled", [False]).new_from_index(0, firsts.height).scatter(dialled, True).alias("dst_dialled"),
    )


def first_of_group(column: str, rows: pl.DataFrame, groups: int) -> pl.Series:
    """For every group (0, 1, 2 …) the first value that the rows, in order of group, have for it, else nothing."""
    firsts = rows.drop_nulls().filter(pl.col("group").is_first_distinct())
    return pl.Series(column, [""]).new_from_index(0, groups).scatter(firsts["group"], firsts[column]).alias(column)


def dialled_later(legs: pl.DataFrame, firsts: pl.DataFrame) -> pl.Series:
    """Groups whose first leg's dst was dialled by a later leg: a transfer's target, not the number called."""
    later = legs.filter(
        (pl.col("group") == pl.col("group").shift(1)) & pl.col("lastdata").str.contains("/", literal=True)
    )
    dialled = all_numbers(later["lastdata"]).select(pl.col("command").alias("lastdata"), tail("number"))
    called = firsts.filter(pl.col("legs") > 1).select("group", tail("dst"))
    hit = later.select("group", "lastdata").join(dialled, on="lastdata").join(called, on=["group", "tail"], how="semi")
    return hit["group"].unique()


def tail(column: str) -> pl.Expr:
    """The last nine digits: the part that every way of writing a number shares; short numbers whole."""
    digits = pl.col(column).str.replace_all("[^0-9]", "")
    return pl.when(digits.str.len_bytes() > 9).then(digits.str.tail(9)).otherwise(pl.col(column)).alias("tail")


def fold_intricate(legs: pl.DataFrame) -> Folded:
    """The groups that are not plain, one by one."""
    rows: list[dict[str, object]] = []
    undecided: dict[int, str] = {}
    internal: list[int] = []
    names = {"channel": bare(legs["channel"]), "dstchannel": bare(legs["dstchannel"])}
    frame = legs.with_columns(keys(legs), **names).rename({"from": "near_kind", "to": "far_kind"})
    for group, part in groupby(frame.select("group", *Leg._fields).rows(), key=itemgetter(0)):
        found = fold_group([Leg._make(values[1:]) for values in part])
        if found is None:
            internal.append(group)
        elif isinstance(found, Undecided):
            undecided[group] = found.reason
        else:
            rows += [{**call.__dict__, "group": group} for call in found]
    calls = pl.DataFrame(rows, schema={name: FOLDED[name] for name in [*CALL, "group"]})
    return Folded(calls, undecided, pl.Series("group", internal, dtype=pl.UInt32))
