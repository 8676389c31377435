"""The dashboard's files, built by `make dashboard`, and the headers that every answer carries."""

from pathlib import Path

from aiohttp import web

DIST = Path(__file__).parents[1] / "dashboard" / "dist"

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""No inline script, no foreign source; device names reach the page as text."""

HASHED = "public, max-age=31536000, immutable"
"""For /assets/: Vite puts a hash of the content in their names."""
ALWAYS_ASK = "no-cache"

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>quaystream</title>
<h1>quaystream</h1><p>The API runs; the dashboard is not built. Run <code>make dashboard</code>, then reload.</p>
<p><a href="/openapi.json">openapi.json</a> · <a href="/readyz">readyz</a> · <a href="/metrics">metrics</a></p></html>
"""


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: runs before each answer, errors and files included."""
    response.headers.update(SECURITY_HEADERS)


def _file(dist: Path, *parts: str) -> Path:
    """A file of the dashboard.

    Raises:
        aiohttp.web.HTTPNotFound: there is none of that name inside the folder.
    """
    try:
        path = dist.joinpath(*parts).resolve()
        if path.is_relative_to(dist.resolve()) and path.is_file():
            return path
    except (OSError, ValueError):
        pass
    raise web.HTTPNotFound


def _response(path: Path, cache_control: str) -> web.FileResponse:
    """A file, or the `.gz` beside it where the client takes gzip.

    aiohttp chooses, by the word `gzip` in Accept-Encoding, with the type of the file's own name, and ETag and length of
    what it sends. It names what the choice depends on only with the compressed one; caches need that with both.
    """
    return web.FileResponse(path, headers={"Cache-Control": cache_control, "Vary": "Accept-Encoding"})


def add_pages(app: web.Application, dist: Path) -> None:
    """Serve `/`, files beside the index, and `/assets/`."""

    async def index(_request: web.Request) -> web.StreamResponse:
        if not (dist / "index.html").is_file():
            return web.Response(text=NOT_BUILT, content_type="text/html", headers={"Cache-Control": ALWAYS_ASK})
        return _response(dist / "index.html", ALWAYS_ASK)

    async def beside(request: web.Request) -> web.StreamResponse:
        return _response(_file(dist, request.match_info["name"]), ALWAYS_ASK)

    async def asset(request: web.Request) -> web.StreamResponse:
        return _response(_file(dist, "assets", request.match_info["name"]), HASHED)

    app.router.add_get("/", index)
    app.router.add_get("/assets/{name}", asset)
    app.router.add_get("/{name}", beside)
