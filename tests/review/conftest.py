"""Front desks for the tests of its pages."""

from collections.abc import Iterator

import pytest

from tests.review.studio import Studio, open_studio, scratch


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A studio with nothing in it."""
    with scratch() as folder, open_studio(folder) as opened:
        yield opened
