"""EDIFACT interchanges taken apart by pydifact: segments with their place, whatever they hold."""

from collections.abc import Iterator

from pydifact.control.characters import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.tokenizer import Tokenizer

from processing.reconcile.coarri import Segment
from processing.reconcile.move_list import MOST_BYTES, Problem, TosError

UNA_LENGTH = 9
PLAIN = "UNA:+.? '"
MOST_SEGMENTS = 1_000_000


def segments(raw: bytes) -> list[Segment]:
    """The segments of an interchange, numbered from UNB = 1 on; UNA is not one of them.

    Raises:
        TosError: it is none, or breaks off; the message names the segment.
    """
    if len(raw) > MOST_BYTES:
        raise _refused(f"has {len(raw)} bytes; at most {MOST_BYTES} are read")
    # Numbers, codes and times are ASCII; only names of ships may not be, in the alphabet that UNB names.
    text = raw.decode("latin-1").removeprefix("\xef\xbb\xbf").strip()
    if "\0" in text:
        raise _refused("holds NUL characters: this is no EDIFACT interchange")
    signs = Characters.from_str(PLAIN)
    if text.startswith("UNA"):
        if len(text) < UNA_LENGTH or len(set(text[3:UNA_LENGTH].replace(" ", ""))) < 4:
            raise _refused("begins with UNA, which must name six different signs, such as UNA:+.? '")
        signs = Characters.from_str(text[:UNA_LENGTH])
        if text[6] == " ":  # no release character
            signs.escape_character = ""
        text = text[UNA_LENGTH:].lstrip()
    if not text.startswith("UNB"):
        raise _refused(f"does not begin with UNA or UNB but with {text[:20]!r}: this is no EDIFACT interchange")
    if not text.endswith(signs.segment_terminator):
        last = text.count(signs.segment_terminator) + 1
        raise _refused(f"ends without {signs.segment_terminator!r}: the file is cut off", last)
    return list(_numbered(text, signs))


def _numbered(text: str, signs: Characters) -> Iterator[Segment]:
    tokens = Tokenizer().get_tokens(text, signs)
    number = 0
    try:
        for number, (tag, *elements) in enumerate(Parser().convert_tokens_to_raw_segments(tokens), 1):
            if not isinstance(tag, str) or not (len(tag) == 3 and tag.isascii() and tag.isalnum()):
                raise _refused(f"begins with {tag!r}, which is no tag of three letters", number)
            if number > MOST_SEGMENTS:
                raise _refused(f"has more than {MOST_SEGMENTS} segments")
            yield Segment(number, tag, tuple((one,) if isinstance(one, str) else tuple(one) for one in elements))
    except EDISyntaxError as error:
        raise _refused(f"cannot be read: {error}", number + 1) from None


def _refused(text: str, segment: int | None = None) -> TosError:
    return TosError([Problem(segment, "file" if segment is None else "syntax", text, "segment")])
