"""How a batch is written, and why it was not."""

from enum import Enum


class WriteMode(Enum):
    """How a batch is to be written."""

    COPY = "samples ahead of their device's watermark are new: COPY straight into the table"
    UPSERT = "some may be stored already, as an earlier try may have succeeded: by way of a staging table"
    BISECT = "the database refuses a row: find it by halves, quarantine it, write the rest"


class Failure(Enum):
    """Why a batch was not written."""

    CONTENT = "the database refuses a row for what it holds"
    STORED = "samples thought new are stored already"
    AWAY = "the database does not answer, has no room, or has a conflict; the outcome may be unknown"
