"""How the schedule becomes known to Prefect's server."""

import logging
from dataclasses import dataclass, field

import httpx
import pytest
from prefect.deployments.runner import DeploymentApplyError, RunnerDeployment
from prefect.runner import Runner

from flows import serve
from flows.export_csv import export
from flows.serve import deploy, register

LOST: list[Exception] = [
    httpx.ReadTimeout("too slow"),
    httpx.ConnectError("no such port"),
    httpx.HTTPStatusError("503", request=httpx.Request("GET", "http://127.0.0.1"), response=httpx.Response(503)),
    DeploymentApplyError("Error while applying deployment: "),  # what Prefect makes of a time-out at the last request
]


@dataclass
class BusyServersRunner(Runner):
    """A runner whose server does not answer until it has failed in each of these ways."""

    failures: list[Exception]
    known: list[str] = field(default_factory=list)

    def add_deployment(self, deployment: RunnerDeployment) -> None:  # type: ignore[override]
        if self.failures:
            raise self.failures.pop(0)
        self.known.append(deployment.name)


def test_the_schedule_goes_on_asking_a_server_that_is_too_busy_to_answer(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is busy when all parts start is no fault; an exit would fill the log with two pages of code."""
    monkeypatch.setattr(serve, "RETRY_S", 0.0)
    runner = BusyServersRunner(list(LOST))
    with caplog.at_level(logging.WARNING, "refpad.schedule"):
        register(runner, deploy(export, "by-hand", "exports"))
    assert runner.known == ["by-hand"]
    assert [message.split("(")[1].split(")")[0] for message in caplog.messages] == [
        type(lost).__name__ for lost in LOST
    ]
    assert "Traceback" not in caplog.text
