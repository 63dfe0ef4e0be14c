"""The pages and files that a browser loads: the demo shop, the widget, the protocol's description."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from bot import frames

WEB = Path(__file__).resolve().parent.parent.parent / "web"


def mount(app: FastAPI) -> None:
    """Add the pages to `app`."""

    @app.get("/", include_in_schema=False)
    async def demo() -> FileResponse:
        """A sample shop's page with the widget in it."""
        return FileResponse(WEB / "demo.html")

    @app.get("/signin", include_in_schema=False)
    async def signin() -> FileResponse:
        """Where staff and admins sign in."""
        return FileResponse(WEB / "signin.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        """The HTTP routes and the wire protocol, for developers."""
        return FileResponse(WEB / "docs.html")

    @app.get("/protocol.json", tags=["protocol"])
    async def protocol() -> JSONResponse:
        """JSON Schema of the websocket's frames, both directions."""
        schema: dict[str, Any] = frames.json_schema()
        return JSONResponse(schema)

    app.mount("/web", StaticFiles(directory=WEB), name="web")
