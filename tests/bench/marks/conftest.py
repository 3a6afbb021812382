"""A reader and a folder of scans for trials: making them takes seconds."""

from collections.abc import Iterator

import pytest

from bench.marks.trial import TrialSetup
from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from pads.catalog import load_all
from pads.simulate.truth import Channel
from schemas.acceptance import Policy
from schemas.limits import Limits
from tests.ocr.paper import templates


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialSetup]:
    folder = tmp_path_factory.mktemp("trial")
    with PageOpener(Limits(), tmp_path_factory.mktemp("scratch")) as opener:
        reader = Reader(templates(), (), Policy(), marks_only=True)
        yield TrialSetup(Channel.FAX_FINE, load_all(), 3, folder, reader, opener)
