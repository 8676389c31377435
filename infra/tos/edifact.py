"""EDIFACT interchanges taken apart by pydifact: segments with their place, whatever they hold."""

import re
from collections.abc import Iterator

from pydifact.control.characters import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.tokenizer import Tokenizer

from processing.model.reading import shown
from processing.reconcile.move_list import TosError
from processing.tos.problem import Problem
from processing.tos.segments import Broken, Segment
from processing.tos.table import MOST_BYTES

UNA_LENGTH = 9
PLAIN = "UNA:+.? '"
MOST_SEGMENTS = 1_000_000
BEGINS = (b"UNA", b"UNB")
OF_LIBRARY = re.compile(r"EDIFACT Syntax Error: |\(line \d+, column \d+\)")
"""What the library adds to its reasons: places are within the segment, and mislead."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_interchange(raw: bytes) -> bool:
    """Whether a file begins as an interchange does."""
    return raw.removeprefix(BYTE_ORDER_MARK).lstrip()[:3] in BEGINS


def count_of_segments(raw: bytes) -> int:
    """How many terminators there are, in little time: at least as many as segments."""
    text = raw.removeprefix(BYTE_ORDER_MARK).lstrip()
    return text.count(text[UNA_LENGTH - 1 : UNA_LENGTH] if text.startswith(b"UNA") else b"'")


def segments(raw: bytes) -> list[Segment]:
    """The segments of an interchange, numbered from UNB = 1 on; UNA is not one of them.

    Raises:
        TosError: it is none, or breaks off; the message names the segment.
    """
    if len(raw) > MOST_BYTES:
        raise _refused(Broken(None, f"has {len(raw)} bytes; at most {MOST_BYTES} are read"))
    found = []
    for one in pieces(raw):
        if isinstance(one, Broken):
            raise _refused(one)
        if one.number > MOST_SEGMENTS:
            raise _refused(Broken(None, f"has more than {MOST_SEGMENTS} segments"))
        found.append(one)
    return found


def pieces(raw: bytes) -> Iterator[Segment | Broken]:
    """Segments as `segments` numbers them, and what cannot be read in its place."""
    # Numbers, codes and times are ASCII; only names of ships may not be, in the alphabet that UNB names.
    text = raw.removeprefix(BYTE_ORDER_MARK).decode("latin-1").strip()
    if "\0" in text:
        yield Broken(None, "holds NUL characters: this is no EDIFACT interchange")
        return
    signs = Characters.from_str(PLAIN)
    if text.startswith("UNA"):
        if len(text) < UNA_LENGTH or len(set(text[3:UNA_LENGTH].replace(" ", ""))) < 4:
            yield Broken(None, "begins with UNA, which must name six different signs, such as UNA:+.? '")
            return
        signs = Characters.from_str(text[:UNA_LENGTH])
        if text[6] == " ":  # no release character
            signs.escape_character = ""
        text = text[UNA_LENGTH:].lstrip()
    if not text.startswith("UNB"):
        yield Broken(None, f"does not begin with UNA or UNB but with {text[:20]!r}: this is no EDIFACT interchange")
        return
    for number, (part, ended) in enumerate(_parts(text, signs), 1):
        yield _segment(number, part, signs) if ended else Broken(number, _cut_off(part, signs))


def _parts(text: str, signs: Characters) -> Iterator[tuple[str, bool]]:
    """The text of each segment, and whether its terminator ends it; the text may break off in the last one."""
    end = re.escape(signs.segment_terminator)
    release = re.escape(signs.escape_character)
    # Possessive: the places to go back to would take some 100 bytes a character, and lead nowhere.
    inside = rf"(?:[^{end}{release}]++|{release}.)*+" if release else rf"[^{end}]*"
    segment = re.compile(rf"{inside}{end}\s*", re.DOTALL)
    reached = 0
    while found := segment.match(text, reached):
        reached = found.end()
        yield found[0].strip(), True
    if reached < len(text):
        yield text[reached:], False


def _cut_off(part: str, signs: Characters) -> str:
    if part.endswith(signs.segment_terminator):
        return f"cannot be read: its terminator follows a {signs.escape_character!r}: the file is cut off"
    return f"ends without {signs.segment_terminator!r}: the file is cut off"


def _segment(number: int, part: str, signs: Characters) -> Segment | Broken:
    try:
        tokens = Tokenizer().get_tokens(part, signs)
        found = list(Parser().convert_tokens_to_raw_segments(tokens))
    except EDISyntaxError as error:
        reason = OF_LIBRARY.sub("", str(error)).strip(" .")
        return Broken(number, f"cannot be read: {reason} ({shown(part)})")
    tag, *elements = found[0] if found else [""]
    if not isinstance(tag, str) or not (len(tag) == 3 and tag.isascii() and tag.isalnum()):
        return Broken(number, f"begins with {tag!r}, which is no tag of three letters")
    return Segment(number, tag, tuple((one,) if isinstance(one, str) else tuple(one) for one in elements))


def _refused(broken: Broken) -> TosError:
    return TosError([Problem(broken.number, "file" if broken.number is None else "syntax", broken.text, "segment")])
