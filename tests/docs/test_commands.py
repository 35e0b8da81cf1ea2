"""Every command that a message, a page or a document tells people to type is there."""

import re
from pathlib import Path

import click
import pytest
from ckanext.satudatapaser.cli import satudata

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("bin/ops/*.py"), *(
    path for folder in ("ckanext-satudatapaser/ckanext", "harvesters", "demo") for suffix in ("py", "html", "po", "yaml")
    for path in (ROOT / folder).rglob(f"*.{suffix}")
)]  # fmt: skip
NAMED = re.compile(r"bin/ckan satudata((?: [a-z][a-z_-]*)+)(?:((?: (?:--[a-z-]+|[A-Z]+))*))")
FOUND = sorted({
    (named[1].strip(), named[2].strip())
    for path in PLACES for named in NAMED.finditer(" ".join(path.read_text(encoding="utf-8").split()))
})  # fmt: skip


def test_commands_are_named_at_all() -> None:
    assert ("source confirm-missing", "NAMA") in FOUND
    assert len(FOUND) > 15


@pytest.mark.parametrize(("words", "options"), FOUND, ids=" ".join)
def test_a_command_that_is_named_exists(words: str, options: str) -> None:
    command: click.Command = satudata
    for word in words.split():
        if not isinstance(command, click.Group):
            break  # the rest is its arguments
        assert word in command.commands, f"there is no `satudata {words}`"
        command = command.commands[word]
    assert not isinstance(command, click.Group), f"`satudata {words}` is no command but a group of them"
    known = {name for parameter in command.params for name in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", options)) <= known
