"""What clients earn and cost: pages over the rows that a worker keeps. None of them prices anything itself.

shown.py       what they share: the months asked for, how fresh the figures are
month.py       the month so far, against those before
ranking.py     clients by margin, and the same as a file
client.py      one client over the months
tariffs.py     tariffs against each other
listed.py      what the next two share: contracts found by client and state, sorted
limits.py      cost limits on a dial
flat_rates.py  flat rates with the minutes they pay for
costs.py       what work costs: from which day, fixed costs, groups of agents
cost_deeds.py  and what changes it
"""
