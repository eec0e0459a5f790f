"""The ceiling of the door, in a process of its own: bare aiohttp with the same signature check.

``python -m benchmarks.ceiling_server PORT DATABASE``. It has everything loaded which the hub is made of.
"""

import asyncio
import hashlib
import hmac
import signal
import sys
import time

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from benchmarks.store import bare_engine, create, insert_one, read_one

SECRET = b"a-signing-secret-of-the-tests"


async def signed_body(request: web.Request) -> bytes:
    """Check the signature as the chat's documentation tells."""
    stamp = request.headers["X-Slack-Request-Timestamp"]
    if abs(time.time() - int(stamp)) > 300:
        raise web.HTTPUnauthorized
    body = await request.read()
    expected = "v0=" + hmac.new(SECRET, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers["X-Slack-Signature"]):
        raise web.HTTPUnauthorized
    return body


async def serve(port: int, address: str) -> None:
    """Serve until SIGTERM."""
    engine = bare_engine(address)
    await create(engine)

    async def acknowledge(request: web.Request) -> web.Response:
        await signed_body(request)
        return web.Response()

    async def read(request: web.Request) -> web.Response:
        await signed_body(request)
        return web.json_response({"response_type": "ephemeral", "text": await read_one(engine)})

    async def write(request: web.Request) -> web.Response:
        await signed_body(request)
        await insert_one(engine)
        return web.Response()

    async def ready(_: web.Request) -> web.Response:
        await read_one(engine)
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/acknowledge", acknowledge)
    app.router.add_post("/read", read)
    app.router.add_post("/write", write)
    app.router.add_get("/readyz", ready)
    bolt = AsyncApp(token="xoxb-none", signing_secret="none", process_before_response=True)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()
    await engine.dispose()
    del bolt


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
