"""A real S3-compatible server on loopback, in a thread of the tests: moto's, started once a run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# The server looks at neither; its clients ask for both.
KEYS = {"AWS_ACCESS_KEY_ID": "studio", "AWS_SECRET_ACCESS_KEY": "open sesame", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "slips"


@dataclass
class S3Server:
    """The server, and a client of the tests' own; each record gets a prefix of its own in one bucket."""

    endpoint: str
    system: Any
    given: int = 0

    def new_address(self) -> str:
        """A prefix under which nothing lies."""
        self.given += 1
        return f"s3://{BUCKET}/studio-{self.given}"

    def keys(self, address: str) -> list[str]:
        """What lies under an address."""
        return sorted(self.system.find(address))


@contextmanager
def serving() -> Iterator[S3Server]:
    """A server with an empty bucket."""
    import fsspec
    from moto.server import ThreadedMotoServer  # takes seconds, and lives that are forked want only the keys

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ.update(KEYS)
    endpoint = f"http://{host}:{port}"
    system = fsspec.filesystem("s3", endpoint_url=endpoint, use_listings_cache=False, skip_instance_cache=True)
    system.mkdir(BUCKET)
    try:
        yield S3Server(endpoint, system)
    finally:
        server.stop()
