"""Who a terminal is in events of DCSA, in the site file."""

import re
from typing import Any, Final, get_args

from infra.site_file.problems import Problems, near
from infra.site_file.toml_lines import Place
from processing.dcsa.documents import PublisherRole
from processing.dcsa.party import Party

FORMS: Final = {
    "name": (re.compile(r"\S(.{0,98}\S)?"), "1 to 100 characters"),
    "code": (re.compile(r"\S{1,4}"), "1 to 4 characters without blanks"),
    "un_location": (re.compile(r"[A-Z]{2}[A-Z2-9]{3}"), "a UN/LOCODE of 5 characters, such as PECHY"),
    "facility": (re.compile(r"\S{1,6}"), "1 to 6 characters without blanks"),
}
WORDS: Final = {"role": get_args(PublisherRole), "code_list": ("SMDG", "NMFTA"), "facility_list": ("SMDG", "BIC")}
TOGETHER: Final = (("code", "code_list"), ("facility", "facility_list"))


def party(problems: Problems, place: Place, value: object) -> Party:
    """The party of a terminal; what is wrong is noted, and left out.

    Args:
        problems: takes what is wrong.
        place: of the table.
        value: the table.
    """
    table = problems.table(place, value)
    problems.unknown(place, table, (*FORMS, *WORDS))
    found: dict[str, Any] = {}
    for key, (form, what) in FORMS.items():
        if key in table:
            if isinstance(table[key], str) and form.fullmatch(table[key]):
                found[key] = table[key]
            else:
                problems.add((*place, key), f"{table[key]!r} must be {what}")
    for key, words in WORDS.items():
        if key in table:
            if table[key] in words:
                found[key] = table[key]
            else:
                problems.add((*place, key), f"{table[key]!r} is not known; {near(table[key], words)}")
    for key, other in TOGETHER:
        if (key in table) != (other in table):
            problems.add((*place, key if key in table else other), f"{key} and {other} stand together")
    return Party(**found)
