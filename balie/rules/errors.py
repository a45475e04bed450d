"""What a user can mend is a `Refused`; everything else is a bug and crashes loudly.

Refused          the one error of the whole product that a person reads
  code           a short English word for programs: "unknown_client"
  message        one sentence: what happened and what to do
  where          the path or place it concerns: "clients[3].contracts[0].tariff", "Master.csv, line 7", ""
"""


class Refused(Exception):
    """Something a user can mend. Each face shows it in its own way: form error, 4xx JSON, one line and exit 1."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message
