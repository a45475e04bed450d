"""Exit 0 when the PostgreSQL of BALIE_DATABASE_URL answers, else one line that says why not. Used by `make check`."""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

if __name__ == "__main__":
    # The database named there need not exist: the tests make their own beside it.
    server = urlunsplit(urlsplit(os.environ["BALIE_DATABASE_URL"])._replace(path="/postgres"))
    try:
        psycopg.connect(server, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        where = urlsplit(server)
        sys.exit(f"No tests on PostgreSQL: {where.hostname}:{where.port or 5432}: {str(error).splitlines()[0]}")
