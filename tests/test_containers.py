"""The container files, as far as they can be checked without an engine: they agree with the project."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from flows.pool import COMMAND
from refpad.cli import app
from refpad.settings import Settings
from tests.test_house import CARRIED, PROJECT, ROOMS, ROOT, names_of

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").split()


def _make_variable(name: str) -> list[str]:
    found = re.search(rf"^{name} := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found
    return found[1].split()


def test_the_image_installs_the_packages_that_make_installs() -> None:
    """Two lists of system packages would drift apart, and a reader would be missing in one of them."""
    found = re.search(r"apt-get install -y --no-install-recommends (.+?) +&&", DOCKERFILE)
    assert found
    assert found[1].split() == _make_variable("APT_RUN")


def test_the_image_s_python_is_one_the_project_allows() -> None:
    """And both stages use the same, or the environment would not start."""
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2
    [version] = re.findall(r"^ARG PYTHON_IMAGE=python:(3\.\d+)-slim", DOCKERFILE, re.MULTILINE)
    least = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert int(version.split(".")[1]) >= int(least.split(".")[1])


def test_images_of_others_can_be_pinned_by_their_digest() -> None:
    """A name can be given to other bytes; whoever looks the digests up writes them into .env and edits no file."""
    [python] = re.findall(r"^ARG PYTHON_IMAGE=(\S+)", DOCKERFILE, re.MULTILINE)
    services = COMPOSE["services"]
    for name, service in services.items():
        if "build" in service:
            assert service["build"]["args"] == {"PYTHON_IMAGE": f"${{REFPAD_PYTHON_IMAGE:-{python}}}"}, name
            assert service["image"] == "refpad"
        else:
            assert re.fullmatch(r"\$\{REFPAD_POSTGRES_IMAGE:-postgres:\d+\}", service["image"]), name
    guide = (ROOT / "docs" / "running.md").read_text("utf-8")
    assert {"REFPAD_PYTHON_IMAGE", "REFPAD_POSTGRES_IMAGE"} <= set(re.findall(r"REFPAD_\w+_IMAGE", guide))


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last user is no root, and the folders for data and state are theirs alone."""
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE)[-1] == "refpad"
    assert "install -d -m 0700 -o refpad -g refpad /data /state" in DOCKERFILE


def test_everything_the_image_copies_exists() -> None:
    """A renamed file breaks the build only where somebody builds."""
    sources = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    assert [source for source in sources if not (ROOT / source).exists()] == []


def _allowed() -> list[str]:
    return [line.removeprefix("!") for line in IGNORED if line.startswith("!")]


def test_only_what_runs_goes_into_the_image() -> None:
    """An image is passed on: no records, no scans, no history in it. A new room must be let in."""
    assert "*" in IGNORED
    assert sorted(_allowed()) == sorted([*ROOMS, *CARRIED, "requirements.lock", "scripts/venv.sh"])


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the image holds, and no others."""
    folder = tmp_path_factory.mktemp("image")
    listed = subprocess.run(["git", "ls-files", "-z", "--", *_allowed()], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("command", [["--help"], ["pad", "list"], ["pad", "layout", "met"], ["status"]])
def test_what_the_image_holds_is_enough_to_run(image: Path, tmp_path: Path, command: list[str]) -> None:
    """The entry point, run directly on the image's files, from another folder and with its own data."""
    folders = {"REFPAD_FOLDER": str(tmp_path / "data"), "REFPAD_STATE_FOLDER": str(tmp_path / "state")}
    environment = {"PYTHONPATH": str(image), "PATH": "/usr/bin:/bin", **folders}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "refpad", *command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_health_check_and_the_commands_are_commands_of_refpad() -> None:
    """A health check that does not exist says the container is ill, for ever."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    called = re.findall(r'CMD \["refpad", "(\w+)"', DOCKERFILE) + re.findall(
        r'^CMD \["(\w+)"\]', DOCKERFILE, re.MULTILINE
    )
    called += [each for each in COMPOSE["services"]["refpad"]["command"] if not each.startswith("-")]
    assert len(called) == 3
    assert set(called) <= set(command.commands)
    assert "health" in called  # tests/refpad/ops/test_health.py: it ends with 3 when the watcher is dead


def _variables(service: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in service.get("environment", {}).items()}


def test_compose_gives_only_settings_that_exist() -> None:
    """refpad does not complain about a misspelt variable: it would silently use its default."""
    ours = [*_variables(COMPOSE["services"]["refpad"]), *_variables(COMPOSE["services"]["desk"])]
    given = [name for name in ours if name.startswith("REFPAD_")]
    in_image = re.findall(r"(REFPAD_\w+)=", DOCKERFILE)
    known = set(names_of(Settings, "REFPAD_"))
    known |= {f"{name}_FILE" for name in known}
    assert {*given, *in_image} <= known
    assert given


def test_compose_settings_are_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The database's URL, Prefect's and its password, as compose would hand them over."""
    monkeypatch.chdir(tmp_path)
    written = {"database_url": "postgresql+psycopg://refpad:secret@database/refpad", "prefect_auth": "refpad:secret"}
    for name, value in written.items():
        (tmp_path / name).write_text(f"{value}\n")
    for name, value in _variables(COMPOSE["services"]["refpad"]).items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(tmp_path)))
    settings = Settings()
    assert settings.url == "postgresql+psycopg://refpad:secret@database/refpad"
    assert settings.prefect_url == "http://prefect:4200"
    assert settings.prefect_auth is not None
    assert settings.prefect_auth.get_secret_value() == "refpad:secret"


def test_the_parts_of_compose_name_each_other() -> None:
    """Host names, networks, volumes and conditions refer to what the file defines."""
    services = COMPOSE["services"]
    assert {"refpad", "reader", "desk", "prefect", "database", "prefect-database"} == set(services)
    for service in services.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        named = [each.split(":")[0] for each in service["volumes"]]
        assert {each for each in named if not each.startswith(".")} <= set(COMPOSE["volumes"])
        for needed, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in services[needed]


def test_nothing_is_reachable_from_outside_the_machine() -> None:
    """Prefect's page and the front desk are on loopback, each behind its passwords; the rest is on an inner network."""
    services = COMPOSE["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert services["database"]["networks"] == services["prefect-database"]["networks"] == ["inside"]
    assert "ports" not in services["refpad"]
    assert "PREFECT_SERVER_API_AUTH_STRING" in services["prefect"]["entrypoint"][2]


def test_reading_reaches_the_mail_server_and_the_mailbox() -> None:
    """On the inner network alone its hourly letters would wait for ever, and nothing would be fetched."""
    assert "outside" in COMPOSE["services"]["refpad"]["networks"]


def test_every_container_is_kept_small_and_its_logs_short() -> None:
    """A container that grows takes the machine with it, and logs that never rotate fill its disk within a year."""
    for name, service in COMPOSE["services"].items():
        assert service["read_only"], name
        assert service["init"], name
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
        assert {"mem_limit", "pids_limit"} <= set(service), name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name


def test_readers_beside_reading_join_the_same_record_and_reach_nobody_else() -> None:
    """They are asked for (`--scale reader=3`), never begin a record, and neither send letters nor fetch mail."""
    refpad, reader = (COMPOSE["services"][name] for name in ("refpad", "reader"))
    assert reader["profiles"] == ["readers"]
    assert reader["command"] == ["reader"]
    assert _variables(reader).items() <= _variables(refpad).items()
    assert (reader["volumes"], reader["networks"]) == (refpad["volumes"], ["inside"])


def test_a_reader_of_kubernetes_is_a_command_that_only_reads_the_key() -> None:
    """The recipe of the guide is typed as it stands there."""
    guide = (ROOT / "docs" / "running.md").read_text("utf-8")
    given = [yaml.safe_load(found) for found in re.findall(r"```yaml\n(.+?)```", guide, re.DOTALL)]
    [recipe] = [document for document in given if document.get("kind") == "Deployment"]
    pod = recipe["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["args"] == COMPOSE["services"]["reader"]["command"]
    assert [mount["mountPath"] for mount in container["volumeMounts"] if mount.get("readOnly")] == ["/state"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_what_a_pool_of_containers_starts_is_a_reading_with_all_that_a_reader_has() -> None:
    """The recipes are copied by hand into another machine: nobody notices there that a name has changed here."""
    recipes = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "running.md").read_text(), re.DOTALL)
    docker, kubernetes = (json.loads(recipe)["job_configuration"] for recipe in recipes)
    [container] = kubernetes["job_manifest"]["spec"]["template"]["spec"]["containers"]
    assert ["refpad", *docker["command"].split()] == ["refpad", *container["args"]] == COMMAND.split()
    reader = COMPOSE["services"]["reader"]
    assert docker["image"] == container["image"] == reader["image"]
    assert docker["env"] == _variables(reader)
    assert docker["volumes"][:2] == reader["volumes"]
    assert docker["networks"] == [f"{COMPOSE['name']}_{name}" for name in reader["networks"]]


def test_a_job_of_the_pool_is_one_pod_to_kubernetes_and_to_prefects_worker() -> None:
    """They are fields of a job; the worker refuses a template in which the pod has none (prefect-kubernetes 0.8)."""
    recipes = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "running.md").read_text(), re.DOTALL)
    spec = json.loads(recipes[1])["job_configuration"]["job_manifest"]["spec"]
    both = (spec, spec["template"]["spec"])
    assert [(one["parallelism"], one["completions"]) for one in both] == [(1, 1), (1, 1)]


def test_the_health_of_reading_is_that_of_the_work() -> None:
    """A database that answers says nothing of a watcher that is gone."""
    assert COMPOSE["services"]["refpad"]["healthcheck"]["test"] == ["CMD", "refpad", "health"]


class _Refuses(BaseHTTPRequestHandler):
    """A front desk that answers to its public name alone."""

    status = 421

    def do_GET(self) -> None:
        self.send_error(self.status)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_the_front_desk_is_well_behind_a_proxy() -> None:
    """It refuses the loopback name there (421), and a container that is called ill for ever is no news when it is."""
    [*_, program] = COMPOSE["services"]["desk"]["healthcheck"]["test"]

    def ends_with(port: int) -> int:
        asked = [sys.executable, "-I", "-c", program.replace("4180", str(port))]
        return subprocess.run(asked, capture_output=True, check=False, timeout=60).returncode

    with HTTPServer(("127.0.0.1", 0), _Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert ends_with(server.server_port) == 0
        _Refuses.status = 503
        assert ends_with(server.server_port) == 1
        server.shutdown()
    assert ends_with(server.server_port) != 0


def test_the_anchor_outlives_a_container() -> None:
    """Without its anchor each start would hold all letters; it lies apart from what a backup puts back."""
    assert 'VOLUME ["/data", "/state"]' in DOCKERFILE
    for name in ("refpad", "reader", "desk"):
        assert "./refpad-state:/state" in COMPOSE["services"][name]["volumes"]


def test_every_password_lies_in_a_file_that_its_services_are_given() -> None:
    """An environment is seen by whoever may inspect a container; the top of compose.yaml says how each file is made."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for name, service in COMPOSE["services"].items():
        used = re.findall(r"/run/secrets/(\w+)", str(service))
        assert sorted(set(used)) == sorted(service.get("secrets", [])), name
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert f">secrets/{name}" in text
    assert "PASSWORD:" not in text


def test_prefect_has_a_database_of_its_own() -> None:
    """Its account could not read the record, and its runs are no part of what is backed up."""
    record, runs = (COMPOSE["services"][name] for name in ("database", "prefect-database"))
    assert (
        {"POSTGRES_PASSWORD_FILE", "POSTGRES_USER", "POSTGRES_DB"}
        == set(record["environment"])
        == set(runs["environment"])
    )
    assert not {str(value) for value in record["environment"].values()} & {
        str(value) for value in runs["environment"].values()
    }
    assert not set(record["secrets"] + record["volumes"]) & set(runs["secrets"] + runs["volumes"])
    assert runs["environment"]["POSTGRES_DB"] in runs["healthcheck"]["test"]


def test_prefect_starts_with_the_password_of_its_file(tmp_path: Path) -> None:
    """The entrypoint, run with another program in Prefect's place; compose writes a dollar twice."""
    (tmp_path / "prefect_auth").write_text("refpad:open sesame\n")
    (tmp_path / "prefect_database_password").write_text("tell nobody\n")
    command = [part.replace("$$", "$") for part in COMPOSE["services"]["prefect"]["entrypoint"]]
    command[2] = command[2].replace("/run/secrets", str(tmp_path)).replace("python -P -m prefect ", "sh -c ")
    command[2] = command[2].replace("python", sys.executable)
    told = ['printf "%s %s" "$PREFECT_SERVER_API_AUTH_STRING" "$PREFECT_SERVER_DATABASE_CONNECTION_URL"']
    given = {"PREFECT_SERVER_UI_STATIC_DIRECTORY": str(tmp_path / "ui"), "PATH": os.environ["PATH"]}
    done = subprocess.run([*command, *told], cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    url = "postgresql+asyncpg://prefect:tell nobody@prefect-database/prefect"
    assert (done.stdout, done.stderr) == (f"refpad:open sesame {url}", "")
    assert "secrets/prefect_auth" in (tmp_path / "ui" / "v1" / "index.html").read_text("utf-8")


def test_prefect_elsewhere_is_set_up_like_the_bundled_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What protects the bundled server must protect the one in its own container."""
    from flows.prefect_server import prepare_home, server_part

    monkeypatch.chdir(tmp_path)
    settings = Settings()
    prepare_home(settings)
    bundled = {name for name in server_part(settings, {}).env if name.startswith("PREFECT_SERVER_")}
    given = {*_variables(COMPOSE["services"]["prefect"]), "PREFECT_SERVER_API_AUTH_STRING"}  # by its entrypoint
    assert bundled - {"PREFECT_SERVER_API_HOST", "PREFECT_SERVER_API_PORT"} <= given
    assert "PREFECT_SERVER_ANALYTICS_ENABLED" in given
