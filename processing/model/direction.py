"""Characters that turn the direction of text: with them, a name can be shown that reads as another one.

They are stored as they are sent, since texts in some scripts need a few of them; the page shows each by its code.
Source: Unicode Standard Annex 9, section 2, explicit and implicit directional formatting characters.
"""

from typing import Final

DIRECTION_CONTROLS: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
