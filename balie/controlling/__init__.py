"""What each client earns and costs, and what to do about it.

worked.py    what was worked for clients in a month, from the calls
looks.py     what contracts earned and cost in months, how their cost limits stand, what is expected
watch.py     which of that is a cause for a task, with the offer that would mend it
queries.py   tasks with the offers that stand for them; the watches asked for and done
actions.py   the watch: opens and closes tasks, makes offers
"""
