"""Many workers at the same rows, some of them killed: every row is done once, none is forgotten."""

import random
import subprocess
import sys
import time

from tests.installation import Installation

ROWS = 60
# Does rows until none is due. The effect and the row's new state go into one transaction.
WORKER = """
import sys, time
from datetime import timedelta
import django
django.setup()
from django.db import OperationalError, transaction
from django.utils import timezone
from balie.leases import actions as leases
from balie.operator.actions import Author, write_log
from balie.statements.models import Closing

due = Closing.objects.filter(done=None)
while due.exists():
    row = leases.claim(due, now=timezone.now(), length=timedelta(seconds=2))
    if row is None:
        time.sleep(0.02)
        continue
    time.sleep(0.02)
    with transaction.atomic():
        if leases.give_back(row, done=timezone.now()):
            write_log(author=Author(sys.argv[1], timezone.now()), deed="done", about=str(row.month))
"""


def start(installation: Installation, name: str) -> subprocess.Popen[str]:
    environment = installation.environment(DJANGO_SETTINGS_MODULE="balie.config.settings")
    return subprocess.Popen([sys.executable, "-c", WORKER, name], env=environment, stderr=subprocess.PIPE, text=True)


MAKE = """
import django
django.setup()
from django.utils import timezone
from balie.statements.models import Closing
Closing.objects.bulk_create(Closing(month=month, asked=timezone.now()) for month in range({rows}))
"""


def test_rows_of_killed_workers_are_done_once_by_others(installation: Installation) -> None:
    environment = installation.environment(DJANGO_SETTINGS_MODULE="balie.config.settings")
    subprocess.run([sys.executable, "-c", MAKE.format(rows=ROWS)], env=environment, check=True)
    dice = random.Random(4)
    workers = [start(installation, str(number)) for number in range(3)]
    for number in range(3, 9):
        time.sleep(0.5 + dice.random())
        victim = workers.pop(0)
        victim.kill()
        victim.communicate()
        workers.append(start(installation, str(number)))
    for worker in workers:
        _, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    done = installation.rows("SELECT about, count(*) FROM operator_logentry WHERE deed = 'done' GROUP BY about")
    assert sorted((int(about), count) for about, count in done) == [(month, 1) for month in range(ROWS)]
