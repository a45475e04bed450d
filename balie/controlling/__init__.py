"""What each client earns and costs, and what to do about it.

costs.py     what work costs on which day
worked.py    what was worked for clients in a month, and what that cost, from the calls
economics.py what every service of every client earned and cost in a month
keep.py      that as rows: asked for when something changed, worked out by a worker
ranking.py   sums of these rows, for pages; files.py: the same as files
looks.py     what contracts earned and cost in months, how their cost limits stand, what is expected
daily.py     calls per client and day; expected.py: what the running month will come to
limit_day.py when a cost limit will be reached; outlook.py: what all clients together will have brought
backtest.py  what forecasts were worth; forecasting.py: all of that as rows, worked out by a worker
watch.py     which of that is a cause for a task, with the offer that would mend it
queries.py   tasks with the offers that stand for them; the watches asked for and done
actions.py   the watch: opens and closes tasks, makes offers
"""
