"""What is in deploy/ is what systemd and nginx read, and names only what there is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import trustme

from bot.web.telegram import UPDATES_PATH
from respite.cli.up import Part
from respite.settings import Settings

DEPLOY = Path("deploy")
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = "/opt/respite/.venv/bin/respite"
NOT_OURS = {"FORWARDED_ALLOW_IPS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"}


def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed.")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, "/bin/true"))
    command = [analyze, "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in checked.stderr.splitlines() if "respite" in line]
    assert (checked.returncode, ours) == (0, [])


def test_every_unit_starts_a_part_that_there_is() -> None:
    started = re.findall(
        rf"^ExecStart={PROGRAM} up (\w+)$", "\n".join(unit.read_text() for unit in UNITS), re.MULTILINE
    )
    assert sorted(started) == sorted(Part)


def test_the_example_names_only_settings_that_there_are() -> None:
    lines = (DEPLOY / "respite.env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", lines, re.MULTILINE))
    settings = {f"RESPITE_{name.upper()}" for name in Settings.model_fields}
    assert named <= settings | NOT_OURS


def test_nginx_does_not_limit_how_often_telegram_calls() -> None:
    config = (DEPLOY / "nginx.conf").read_text()
    [limited] = re.findall(r"map \$uri \$limited_address {(.+?)}", config, re.DOTALL)
    assert re.findall(r"(\S+)\s+'';", limited) == [UPDATES_PATH]
    assert re.findall(r"limit_\w+_zone\s+(\S+)", config) == ["$limited_address"] * 2


def test_nginx_reads_its_example(tmp_path: Path) -> None:
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed.")
    certificate = trustme.CA().issue_cert("chat.lender.example")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    config = re.sub(r"/etc/ssl/\S+(?=;)", str(tmp_path / "both.pem"), (DEPLOY / "nginx.conf").read_text())
    (tmp_path / "respite.conf").write_text(config)
    main = tmp_path / "nginx.conf"
    main.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ access_log off; include {tmp_path}/respite.conf; }}\n")
    checked = subprocess.run([nginx, "-t", "-c", main], capture_output=True, text=True, check=False)
    assert "syntax is ok" in checked.stderr, checked.stderr
