"""Background work without a broker: the rows are the queue, jobs.py lists the jobs, loop.py runs them.

schedule.py  when a source is looked at next (pure)
remote.py    where files lie: list them, fetch one, on any kind of server; sftp.py: with a known host key only
sources.py   the job that looks at the files of phone systems; reading.py: one such look
closings.py  the job that closes months; watches.py: the job that watches limits and profit
economics.py the job that works out what clients earned and cost in a month
forecasts.py the job that works out how the month will end, and what forecasts were worth
whatifs.py   the job that prices closed months with another tariff
mails.py     the job that sends what waits in the outbox
turn.py      a worker's hold on one row; process.py: how a process ends
crew.py      one process a lane, started again when it dies
"""
