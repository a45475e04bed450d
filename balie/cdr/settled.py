"""What a leg connected can hang on other legs of its call. Such legs are marked by their readers and settled here,
when a group is folded, so that it never matters in which file or order the legs came.

raw     FreeSWITCH's CSV: a leg knows only the identity of the leg it called; lastdata: near and far end, where it came
        in, why it ended
own     says itself whom it was connected with; counts only where no other leg of the call says so
passed  somebody (`by:` in userfield) spoke with the caller and put him through; how long each, is not said
moved   was connected in the end with another channel than the one that called it; lastdata: that one's mark
answer  of a proxy: answered, the end unknown; over is its end; whole has both, from the first ring or from the answer
"""

import polars as pl

from balie.cdr.parties import NOBODY, OUTSIDE

# In place of an application's name; no phone system calls one so.
MARKS = tuple(f"leg:{name}" for name in ("raw", "own", "passed", "moved", "answer", "over", "whole"))
RAW, OWN, PASSED, MOVED, ANSWER, OVER, WHOLE = MARKS
MARK = 12  # characters at the end of a channel's name: `balie.cdr.parties.mark`
BETWEEN = "\t"
# Where a raw leg came in: by a dial plan for calls from outside, by another; or it was called by the switch.
ROLE_OUTSIDE, ROLE_INSIDE, ROLE_CALLED = "outside", "inside", "called"
CAME_IN = "came in"  # in place of why it ended: nothing needs to be guessed of the leg
# An account that is an extension: of whoever called, where he shows a number that is none.
EXTENSION = r"^[1-9][0-9]{1,5}$"


def settled(legs: pl.DataFrame, account_prefix: str = "") -> pl.DataFrame:
    """The grouped legs (`balie.cdr.groups.grouped`) with what each connected. Every group keeps its first leg.

    account_prefix: of accounts that are clients; without one every account may be a client's.
    """
    marked = set(legs.select(pl.col("lastapp").unique()).to_series()) & set(MARKS)
    if not marked:
        return legs
    if RAW in marked:
        legs = paired(legs, account_prefix)
    if MOVED in marked:
        legs = with_partners(legs)
    if OWN in marked:
        legs = less_sure(legs)
    if PASSED in marked:
        legs = with_people(legs)
    if marked & {ANSWER, OVER, WHOLE}:
        legs = ended(legs)
    is_marked = pl.col("lastapp").is_in(list(MARKS))
    return legs.with_columns(
        pl.when(is_marked & ~pl.col("lastdata").str.starts_with("line/")).then(pl.lit("")).otherwise("lastdata")
        .alias("lastdata"),
        pl.when(is_marked).then(pl.lit("Dial")).otherwise("lastapp").alias("lastapp"),
    )  # fmt: skip


def of_channel(name: str) -> pl.Expr:
    return pl.col(name).str.tail(MARK)


def said_by_line() -> list[pl.Expr]:
    """near, far, role and cause of raw legs, from their lastdata."""
    parts = pl.col("lastdata").str.split_exact(BETWEEN, 3)
    names = ("near", "far", "role", "cause")
    return [parts.struct.field(f"field_{place}").alias(name) for place, name in enumerate(names)]


def paired(legs: pl.DataFrame, account_prefix: str) -> pl.DataFrame:
    """Raw legs with ends; a leg that another one called is taken into that one, or leads from it."""
    is_raw = pl.col("lastapp") == RAW
    names = legs.columns
    legs = legs.with_columns(pl.col("group").is_first_distinct().alias("first"), *said_by_line())
    legs = legs.with_columns(pl.when(is_raw).then(name).alias(f"{name}_end") for name in ("near", "far"))
    taken = called(legs)
    left = legs.join(taken.select("group", "channel"), on=["group", "channel"], how="anti", maintain_order="left")
    # The first leg of a group stays even if it names itself.
    left = pl.concat([left, legs.filter("first").join(left.filter("first"), on="group", how="anti")])
    left = left.sort("group", maintain_order=True).join(
        as_told(taken), on=["group", "dstchannel"], how="left", maintain_order="left"
    )
    return alone(completed(showing(left, account_prefix), is_raw)).select(names)


def showing(legs: pl.DataFrame, account_prefix: str) -> pl.DataFrame:
    """Raw legs from outside to outside, by no dial plan for calls from outside, are from the extension that the account
    names: whoever called showed a number of the operator's. Not if the call reached somebody inside."""
    if not account_prefix:
        return legs
    code = pl.col("accountcode")
    is_ours = (
        (pl.col("near_end") == OUTSIDE) & (pl.col("far_end") == NOBODY) & (pl.col("role") == ROLE_INSIDE)
        & code.str.contains(EXTENSION) & ~code.str.starts_with(account_prefix)
        & pl.col("its_end").fill_null(OUTSIDE).eq(OUTSIDE)
    )  # fmt: skip
    return legs.with_columns(
        pl.when(is_ours).then(code).otherwise("near_end").alias("near_end"),
        pl.when(is_ours).then(pl.lit(OUTSIDE)).otherwise("far_end").alias("far_end"),
    )


def called(legs: pl.DataFrame) -> pl.DataFrame:
    """The raw legs that others of their group called."""
    raw = legs.filter(pl.col("lastapp") == RAW)
    names = raw.filter(pl.col("dstchannel") != "").select("group", pl.col("dstchannel").alias("channel"))
    found = raw.filter(~pl.col("first")).join(names.unique(), on=["group", "channel"], how="semi")
    return found.unique(["group", "channel"], keep="first", maintain_order=True)


def as_told(taken: pl.DataFrame) -> pl.DataFrame:
    """What called legs say of the connection, by the name that the calling leg has for them."""
    return taken.select(
        "group",
        pl.col("channel").alias("dstchannel"),
        pl.when(pl.col("far_end") == NOBODY).then(pl.lit(OUTSIDE)).otherwise("far_end").alias("its_end"),
        pl.col("answered").alias("its_answered"),
        pl.col("billsec").alias("its_billsec"),
        pl.col("disposition").alias("its_disposition"),
        pl.col("dst").alias("its_dst"),
    )


def completed(legs: pl.DataFrame, is_raw: pl.Expr) -> pl.DataFrame:
    """Raw legs with the names of both their channels, and what the called leg knows better."""
    has_other = is_raw & pl.col("its_end").is_not_null()
    # A leg to the number that was called itself leads to somebody behind it, not out again.
    itself = (pl.col("its_end") == OUTSIDE) & (pl.col("its_dst") == pl.col("dst")) & (pl.col("far_end") == NOBODY)
    end = pl.when(itself).then("far_end").otherwise(pl.coalesce("its_end", "far_end"))
    near = pl.concat_str("near_end", pl.lit("-"), of_channel("channel"))
    far = pl.concat_str(end, pl.lit("-"), of_channel("dstchannel"))
    outside = has_other & ~itself & (pl.col("its_end") == OUTSIDE)
    said = pl.concat_str(pl.lit("line/"), "its_dst", pl.lit("@outside"))
    better = [
        pl.when(has_other).then(f"its_{name}").otherwise(name).alias(name)
        for name in ("answered", "billsec", "disposition")
    ]
    return legs.with_columns(
        pl.when(is_raw).then(near).otherwise("channel").alias("channel"),
        pl.when(is_raw & (pl.col("dstchannel") != "")).then(far).otherwise("dstchannel").alias("dstchannel"),
        *better,
        pl.when(outside).then(said).when(is_raw).then(pl.lit("")).otherwise("lastdata").alias("lastdata"),
    )


def alone(legs: pl.DataFrame) -> pl.DataFrame:
    """Completed raw legs that name no other: one that the first leg of its group called leads on from that one; a call
    to a number outside that nobody took up, or a machine did, was tried still."""
    is_raw = pl.col("lastapp") == RAW
    names_none = is_raw & (pl.col("dstchannel") == "")
    first_end, first_dst = (pl.col(name).first().over("group") for name in ("near_end", "dst"))
    is_called = names_none & ~pl.col("first") & (first_end.fill_null("") != NOBODY)  # whoever called is there
    tried = names_none & pl.col("first") & (pl.col("far_end") == OUTSIDE) & ~pl.col("near_end").is_in([OUTSIDE, NOBODY])
    itself = (pl.col("dst") == first_dst) & (first_end == OUTSIDE)
    end = pl.when((pl.col("far_end") != NOBODY) | itself).then("far_end").otherwise(pl.lit(OUTSIDE))
    outside = is_called & (end == OUTSIDE)
    return legs.with_columns(
        pl.when(is_called).then(pl.col("channel").first().over("group")).otherwise("channel").alias("channel"),
        pl.when(is_called | tried)
        .then(pl.concat_str(end, pl.lit("-"), of_channel("channel")))
        .otherwise("dstchannel")
        .alias("dstchannel"),
        pl.when(tried).then(pl.lit("NO ANSWER")).otherwise("disposition").alias("disposition"),
        pl.when(outside)
        .then(pl.concat_str(pl.lit("line/"), "dst", pl.lit("@outside")))
        .otherwise("lastdata")
        .alias("lastdata"),
    )


def with_partners(legs: pl.DataFrame) -> pl.DataFrame:
    """Moved legs leave the channel they were connected with in the end, where the group has it."""
    is_moved = pl.col("lastapp") == MOVED
    others = legs.filter(~is_moved)
    others = others.select("group", of_channel("channel").alias("partner"), pl.col("channel").alias("its"))
    others = others.unique(["group", "partner"], keep="first", maintain_order=True)
    legs = legs.with_columns(pl.when(is_moved).then("lastdata").alias("partner"))
    legs = legs.join(others, on=["group", "partner"], how="left", maintain_order="left")
    return legs.with_columns(pl.coalesce("its", "channel").alias("channel")).drop("its", "partner")


def less_sure(legs: pl.DataFrame) -> pl.DataFrame:
    """Own legs connect nobody where another leg of the group says whom."""
    is_own = pl.col("lastapp") == OWN
    known = legs.filter(~is_own & (pl.col("dstchannel") != ""))["group"].unique()
    silent = is_own & pl.col("group").is_in(known.implode())
    return legs.with_columns(pl.when(silent).then(pl.lit("")).otherwise("dstchannel").alias("dstchannel"))


def with_people(legs: pl.DataFrame) -> pl.DataFrame:
    """Passed legs, and for each another of no length to whoever put the caller through: all of the time is said to be
    that of the call passed on, which costs less."""
    who = pl.col("userfield").str.extract(r"(?:^|;)by:(.*)$")
    by = legs.filter(pl.col("lastapp") == PASSED).with_columns(
        pl.concat_str(who, pl.lit("-"), of_channel("dstchannel")).alias("dstchannel"),
        pl.lit(0, dtype=pl.Int64).alias("billsec"),
        pl.lit("").alias("lastdata"),
    )
    return pl.concat([legs, by]).sort("group", maintain_order=True)


def ended(legs: pl.DataFrame) -> pl.DataFrame:
    """A proxy's calls from their answer to their end, each told by whichever record has it."""
    is_answer, is_over, is_whole = (pl.col("lastapp") == app for app in (ANSWER, OVER, WHOLE))
    told = legs.group_by("group", maintain_order=True).agg(
        pl.col("answered").filter(is_answer).min().alias("picked_up"),
        pl.coalesce(pl.col("begin").filter(is_over).min(), pl.col("finish").filter(is_whole).max()).alias("hung_up"),
    )
    legs = legs.join(told, on="group", how="left", maintain_order="left")
    since = pl.when(is_whole).then(pl.max_horizontal("answered", "picked_up")).otherwise("answered")
    since = pl.when(is_whole).then(pl.min_horizontal(since, "finish")).otherwise(since)
    until = pl.when(is_whole).then("finish").otherwise(pl.coalesce("hung_up", "answered"))
    spoken = pl.max_horizontal(until - since, pl.lit(0, dtype=pl.Int64))
    timed = is_answer | is_whole
    legs = legs.with_columns(
        pl.when(timed).then(since).otherwise("answered").alias("answered"),
        pl.when(timed).then(spoken).otherwise("billsec").alias("billsec"),
    )
    return legs.filter(~is_over | pl.col("group").is_first_distinct()).drop("picked_up", "hung_up")
