"""What the demo's clients are called about, and what agents say for them: one value a trade, in their language.

Words in braces are drawn for each note (balie.demo.people); {boss} and {second} are people of the client.
"""

from balie.demo.trades import building, care, german, homes, offices, roads, shops, visitors
from balie.demo.trades.trade import Trade

# By client number.
TRADES: dict[str, Trade] = {
    **building.TRADES,
    **homes.TRADES,
    **care.TRADES,
    **offices.TRADES,
    **shops.TRADES,
    **roads.TRADES,
    **german.TRADES,
    **visitors.TRADES,
}
