"""What the demo's clients are called about, and what agents say for them: one value a trade, in their language.

Words in braces are drawn for each note (balie.demo.people); {boss} and {second} are people of the client.
"""

from importlib.resources import files

from balie.demo.trades.trade import Trade, trades_in

FILES = ("building", "homes", "care", "offices", "shops", "roads", "german", "visitors")

# By client number.
TRADES: dict[str, Trade] = {
    number: trade for name in FILES for number, trade in trades_in(files(__name__) / f"{name}.toml").items()
}
