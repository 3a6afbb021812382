"""On what networks are trained, as it is chosen at the command line."""

import argparse

import pytest

from training.device import add_device


def _chosen(*typed: str, has_cuda: bool) -> str:
    parser = argparse.ArgumentParser()
    add_device(parser, has_cuda=has_cuda)
    return str(parser.parse_args(typed).device)


@pytest.mark.parametrize(("has_cuda", "device"), [(True, "cuda"), (False, "cpu")])
def test_a_gpu_is_used_where_there_is_one(has_cuda: bool, device: str) -> None:
    """The same command serves every machine."""
    assert _chosen(has_cuda=has_cuda) == device


@pytest.mark.parametrize("has_cuda", [True, False])
def test_the_processor_can_be_asked_for_everywhere(has_cuda: bool) -> None:
    """Weights of the same hash come from a processor only."""
    assert _chosen("--device", "cpu", has_cuda=has_cuda) == "cpu"


def test_a_gpu_can_be_asked_for_where_there_is_one() -> None:
    """A script that must not fall back to the processor says so."""
    assert _chosen("--device", "cuda", has_cuda=True) == "cuda"


def test_a_gpu_that_is_not_there_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Hours on a processor are no surprise, and neither is PyTorch's own error of many lines."""
    with pytest.raises(SystemExit):
        _chosen("--device", "cuda", has_cuda=False)
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith("PyTorch finds no GPU on this machine: leave --device out to train on its processor.")


def test_what_is_no_device_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The two that training knows are named."""
    with pytest.raises(SystemExit):
        _chosen("--device", "tpu", has_cuda=True)
    assert "cuda" in capsys.readouterr().err
