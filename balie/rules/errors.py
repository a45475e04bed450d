"""What a user can mend is a `Refused`; everything else is a bug and crashes loudly.

Refused          the one error of the whole product that a person reads
  code           a short English word for programs: "unknown_client"
  message        one sentence: what happened and what to do
  where          the path or place it concerns: "clients[3].contracts[0].tariff", "Master.csv, line 7", ""

Rules and readers know no languages: what they say to people is a `Phrase`, which balie.operator.phrases translates.
"""


class Phrase(str):
    """English words, and what they were made of: `text` with places such as %(month)s, and the `values` in them.

    The texts are in the catalogues of balie/locale, so that whoever shows a phrase can say it in another language.
    """

    text: str
    values: dict[str, object]

    def __new__(cls, text: str, /, **values: object) -> "Phrase":
        phrase = super().__new__(cls, text % values if values else text)
        phrase.text, phrase.values = text, values
        return phrase


class Refused(Exception):
    """Something a user can mend. Each face shows it in its own way: form error, 4xx JSON, one line and exit 1."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message
