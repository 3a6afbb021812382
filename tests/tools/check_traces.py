"""Have the canary's life traced to a receiver on loopback: do the spans come, and does any of them name the patient?

pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http
python -m tests.tools.check_traces
"""

import gzip
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

from tests.flows.canary_life import SCANS
from tests.flows.prefect_server import PROCESS_MOST_S, prefect_server

WORD = "Quillfeather"
SOON_MS = "200"


def main() -> None:
    """Say what came, and end with 1 when the patient is in it or a scan is missing."""
    starter = find_spec("opentelemetry.instrumentation.auto_instrumentation")
    if starter is None or starter.origin is None:
        sys.exit("OpenTelemetry's starter is not installed: pip install opentelemetry-distro.")
    with receiver() as (address, bodies), tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            PYTHONPATH=os.pathsep.join(
                [str(Path(starter.origin).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
            ),
            OTEL_SERVICE_NAME="refpad",
            OTEL_EXPORTER_OTLP_ENDPOINT=address,
            OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
            OTEL_TRACES_EXPORTER="otlp",
            OTEL_METRICS_EXPORTER="none",
            OTEL_LOGS_EXPORTER="none",
            OTEL_BSP_SCHEDULE_DELAY=SOON_MS,
        )
        with prefect_server(Path(folder) / "data") as server:
            process = server.start_process("tests.flows.canary_life", CANARY=WORD)
            if process.wait(PROCESS_MOST_S):
                sys.exit((server.logs / "tests.flows.canary_life.log").read_text("utf-8"))
    spans = b"".join(bodies)
    missing = [number for number in range(1, SCANS + 1) if f"scan-{number}".encode() not in spans]
    said = f"{len(bodies)} messages of {len(spans):,} bytes; scans missing: {missing or 'none'}; "
    said += f"failures told: {spans.count(b'exception.stacktrace')}; "
    sys.stdout.write(f"{said}the patient named: {spans.count(WORD.encode())} times\n")
    sys.exit(bool(missing or WORD.encode() in spans))


@contextmanager
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """The address of something that takes what an exporter sends (OTLP over HTTP), and what it has taken."""
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Nothing: what came is counted."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
