"""A real browser, where there is one: Debian's chromium without a window, over loopback."""

import html
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHROMIUM = shutil.which("chromium")
WHY_NOT = "no chromium here (apt-get install chromium)"
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep silent."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answers(folder: Path, page: str, script: str, *, width: int = 1000, dark: bool = False) -> str:
    """Run a script over a page in a frame of its own origin; what it returns, as text.

    The script has `frame`, the window of the page, and `page`, its document; it may wait. `dark`: who looks prefers it.
    """
    (folder / "harness.html").write_text(
        f"<!doctype html><iframe id=f src={page} width={width} height=900></iframe><pre id=out></pre><script>"
        "document.getElementById('f').addEventListener('load', async (event) => {"
        "const frame = event.target.contentWindow, page = frame.document;"
        f"try {{ document.getElementById('out').textContent = await (async () => {{ {script} }})(); }}"
        "catch (error) { document.getElementById('out').textContent = `error: ${error}`; } });</script>",
        encoding="utf-8",
    )
    with served(folder) as base:
        dom = _run(
            *(["--blink-settings=preferredColorScheme=0"] if dark else []),
            "--dump-dom",
            "--virtual-time-budget=20000",
            f"--window-size={width + 50},1000",
            f"{base}/harness.html",
        )
    output = re.search(r'<pre id="out">(.*?)</pre>', dom, re.DOTALL)
    return html.unescape(output[1]) if output else dom


def printed(folder: Path, page: str) -> bytes:
    """Print a page as it asks to be printed; the PDF."""
    with served(folder) as base:
        _run("--no-pdf-header-footer", f"--print-to-pdf={folder / 'page.pdf'}", f"{base}/{page}")
    return (folder / "page.pdf").read_bytes()


def _run(*words: str) -> str:
    assert CHROMIUM
    done = subprocess.run([CHROMIUM, *_FLAGS, *words], capture_output=True, encoding="utf-8", check=True, timeout=120)
    return done.stdout
