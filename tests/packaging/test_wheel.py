"""The wheel holds what the checkout holds, and works where nothing else of ours is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import importlib.metadata as m, importlib.resources as r, sys
import ckanext.satudatapaser as p
assert p.__file__.startswith(sys.prefix), p.__file__
for group in ("ckan.plugins", "satudatapaser.kinds"):
    points = [e for e in m.entry_points(group=group) if e.value.startswith("ckanext.satudatapaser")]
    assert points, group
    for point in points:
        point.load()
for name in ("dataset.yaml", "organization.yaml", "group.yaml", "presets.yaml"):
    assert (r.files("ckanext.satudatapaser.schemas") / name).is_file(), name
"""
UV = ROOT / "var" / "tools" / "bin" / "uv"


def run(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout with the installed tools, without the network."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    return next(out.glob("*.whl"))


def test_the_wheel_loads_every_plugin_and_kind_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    run(UV, "venv", "-q", "--clear", "--python", sys.executable, tmp_path)
    run(UV, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", ROOT / "requirements.txt")
    run(UV, "pip", "install", "-q", "--python", python, "--no-deps", wheel)
    environment = {key: value for key, value in os.environ.items() if key not in ("CKAN_INI", "PYTHONPATH")}
    done = subprocess.run(
        [python, "-c", PROGRAM], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_wheel_holds_every_file_that_is_not_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    package = ROOT / "ckanext-satudatapaser" / "ckanext" / "satudatapaser"
    wanted = {
        f"ckanext/satudatapaser/{path.relative_to(package)}"
        for folder in ("templates", "assets", "i18n", "migration")
        for path in (package / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {
        f"ckanext/satudatapaser/schemas/{path.relative_to(ROOT / 'schemas')}"
        for path in (ROOT / "schemas").rglob("*.yaml")
    }
    assert wanted - inside == set()
