"""Whose call it is: which client's and agent's; and its numbers as reports show them (folding.md 9, 10, 19 to 21)."""

from dataclasses import dataclass

import polars as pl

from balie.cdr.telephone import looked_up, same_number

ASSIGNED = {"number": pl.String, "client": pl.Int64, "first_day": pl.Date, "last_day": pl.Date}
ENDPOINTS = {"endpoint": pl.String, "agent": pl.Int64, "code": pl.String, "first_day": pl.Date, "last_day": pl.Date}
CLIENTS = {"client": pl.Int64, "account": pl.String}


@dataclass(frozen=True)
class Owners:
    """Who has what when: frames with the columns above. Days are local days of `zone`, both included."""

    zone: str
    region: str
    assigned: pl.DataFrame
    endpoints: pl.DataFrame
    clients: pl.DataFrame  # every client's number, and account names given to clients by hand


def owned(folded: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """Rows of the call table without their source: folded calls with client, agent, type and numbers.

    Columns: key group start(UTC) day hour month direction type caller callee client agent endpoint account ring talk.
    """
    region = owners.region
    moment = pl.from_epoch("begin", time_unit="s").dt.replace_time_zone("UTC")
    calls = folded.with_columns(moment.alias("start"))
    local = calls["start"].dt.convert_time_zone(owners.zone)
    calls = calls.with_columns(
        local.dt.date().alias("day"),
        local.dt.hour().alias("hour"),
        (local.dt.year().cast(pl.Int32) * 100 + local.dt.month()).alias("month"),
        looked_up(calls["caller"], region)["number"].alias("caller"),
    )
    called = looked_up(calls["called"], region)
    did, dst = looked_up(calls["did"], region)["number"], looked_up(calls["dst"], region)["number"]
    calls = calls.with_columns(
        called["number"].alias("called"), called["network"], did.alias("did"), dst.alias("dst_number")
    )
    calls = calls.with_columns(
        pl.when(pl.col("type") != "")
        .then(pl.col("type"))
        .otherwise(pl.concat_str("direction", pl.lit("_"), "network"))
        .alias("type")
    )
    calls = with_client(calls, owners)
    return with_agent(calls, owners).select(
        "key", "group", "start", "day", "hour", "month", "direction", "type", "caller", "callee", "client", "agent",
        "endpoint", "account", "ring", "talk",
    )  # fmt: skip


def with_client(calls: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """The calls with `client` (null: unassigned), `callee` and `account` (what the phone system named the client)."""
    by_did = holder(calls, "did", owners)
    by_dst = holder(calls, "dst_number", owners)
    accounts = owners.clients.unique("account", keep="last")
    named = {name: calls.join(accounts, left_on=name, right_on="account", how="left", maintain_order="left")["client"]
             for name in ("customer", "account")}  # fmt: skip
    calls = calls.with_columns(
        by_did.alias("by_did"),
        by_dst.alias("by_dst"),
        named["customer"].alias("by_customer"),
        named["account"].alias("by_account"),
    )
    is_out = pl.col("direction") == "outbound"
    dst_counts = pl.col("by_dst").is_not_null() & ~pl.col("dst_dialled")
    inward = (
        pl.when(pl.col("did") != "")
        .then(pl.col("by_did"))
        .when(dst_counts)
        .then(pl.col("by_dst"))
        .otherwise(pl.col("by_account"))
    )
    calls = calls.with_columns(
        pl.when(is_out).then(pl.coalesce("by_customer", "by_account")).otherwise(inward).alias("client")
    )
    account = pl.when(pl.col("customer") != "").then(pl.col("customer")).otherwise(pl.col("account"))
    calls = calls.with_columns(callee(calls, owners, dst_counts), account.alias("account"))
    out = calls.with_row_index("place").filter(is_out)
    own = out.filter(same_number("caller", "called"))["place"]
    return calls.with_columns(calls["caller"].scatter(own, ""))


def callee(calls: pl.DataFrame, owners: Owners, dst_counts: pl.Expr) -> pl.Expr:
    """The number called of calls with `client`. dst_counts: whether `dst` is a number of that client.

    It is lost where a transfer wrote its target over it; that is never shown as the number called.
    """
    is_number = pl.col("dst_number").str.starts_with("+") & ~pl.col("dst_dialled")
    return (
        pl.when(pl.col("direction") != "inbound")
        .then(pl.col("called"))
        .when(pl.col("did") != "")
        .then(pl.col("did"))
        .when(dst_counts | is_number | (pl.col("client").is_null() & ~pl.col("dst_dialled")))
        .then(pl.col("dst_number"))
        .when(pl.col("called") != "")  # a file with a call a line says what was called: nothing is lost
        .then(pl.col("called"))
        .otherwise(only_number(calls, owners))
        .alias("callee")
    )


def holder(calls: pl.DataFrame, column: str, owners: Owners) -> pl.Series:
    """The client to whom the number in the column was assigned on the call's local day; null for nobody."""
    asked = calls.select(pl.col(column).alias("number"), "day").unique()
    held = asked.join(owners.assigned, on="number").filter(within()).unique(["number", "day"])
    found = calls.select(pl.col(column).alias("number"), "day").join(
        held.select("number", "day", "client"), on=["number", "day"], how="left", maintain_order="left"
    )
    return found["client"]


def only_number(calls: pl.DataFrame, owners: Owners) -> pl.Series:
    """The client's number if it had just one on the call's local day, else nothing."""
    asked = calls.select("client", "day").drop_nulls().unique()
    held = asked.join(owners.assigned, on="client").filter(within())
    single = (
        held.group_by("client", "day")
        .agg(pl.col("number").first(), pl.len().alias("count"))
        .filter(pl.col("count") == 1)
    )
    found = calls.select("client", "day").join(
        single.select("client", "day", "number"), on=["client", "day"], how="left", maintain_order="left"
    )
    return found["number"].fill_null("")


def with_agent(calls: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """The calls with `agent`: by the code the dial plan wrote, else by who had the endpoint on that day."""
    codes = owners.endpoints.filter(pl.col("code") != "").select("code", "agent").unique("code")
    by_code = calls.join(codes, left_on="agent_code", right_on="code", how="left", maintain_order="left")["agent"]
    asked = calls.select("endpoint", "day").unique()
    places = owners.endpoints.filter(pl.col("endpoint") != "")
    held = asked.join(places, on="endpoint").filter(within()).unique(["endpoint", "day"])
    by_endpoint = calls.join(
        held.select("endpoint", "day", "agent"), on=["endpoint", "day"], how="left", maintain_order="left"
    )["agent"]
    return calls.with_columns(pl.Series("agent", by_code).fill_null(by_endpoint))


def within() -> pl.Expr:
    """Whether `day` lies in first_day to last_day, open where a day is missing."""
    begun = pl.col("first_day").is_null() | (pl.col("day") >= pl.col("first_day"))
    return begun & (pl.col("last_day").is_null() | (pl.col("day") <= pl.col("last_day")))
