"""A language model's server for tests: speaks the OpenAI chat protocol, and says what the test wants at its pace."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from tests.support.running import until


@dataclass(slots=True)
class Model:
    """What it says, word by word, and what it was asked. `url` ends in `/v1`."""

    answer: str
    pause_s: float = 0.0
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def words(self) -> AsyncIterator[str]:
        """The answer as server-sent events."""
        for word in self.answer.split(" "):
            await asyncio.sleep(self.pause_s)
            chunk = {"choices": [{"index": 0, "delta": {"content": word + " "}, "finish_reason": None}]}
            yield f"data: {json.dumps(chunk)}\n\n"
        yield 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
        yield "data: [DONE]\n\n"


@asynccontextmanager
async def modelling(answer: str, pause_s: float = 0.0) -> AsyncIterator[Model]:
    """Serve a model on a free loopback port while the body runs."""
    model = Model(answer, pause_s)
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: dict[str, Any]) -> StreamingResponse:
        model.asked.append(request)
        return StreamingResponse(model.words(), media_type="text/event-stream")

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": "test", "object": "model"}]}

    # A thread of its own: starting Aisle blocks the test's loop until it is ready, and it asks this server meanwhile.
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    await until(lambda: server.started)
    model.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    try:
        yield model
    finally:
        server.should_exit = True
        server.force_exit = True
        await asyncio.to_thread(thread.join)
