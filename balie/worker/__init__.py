"""Background work without a broker: the rows are the queue, jobs.py lists the jobs, loop.py runs them.

schedule.py  when a source is looked at next (pure)
remote.py    where files lie: list them, fetch one, on any kind of server; sftp.py: with a known host key only
sources.py   the job that reads new files of phone systems
closings.py  the job that closes months
crew.py      one process a lane, started again when it dies
"""
