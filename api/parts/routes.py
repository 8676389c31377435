"""GET /api/v1/parts."""

from msgspec import Struct

from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.parts.answers import Parts
from api.parts.service import StackParts


async def _parts(context: Context[NoQuery, None]) -> Struct:
    return context.services[StackParts].all()


ROUTES = (Route(f"{API}/parts", _parts, NoQuery, Parts, "Programs and servers that `quaystream up` keeps going", ()),)
