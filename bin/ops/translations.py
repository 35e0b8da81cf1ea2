"""Message catalogues: extract our messages, merge them into i18n/<language>, compile.

The Indonesian catalogue also holds messages of CKAN itself that visitors and stewards meet: CKAN's own translation lacks
most of them and calls some things by other words than ours. Such an entry is added to the .po by hand; it stays as long
as CKAN has the message. English needs no catalogue: the messages are English.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import ckan
import polib

from ops.instance import ROOT, VENV

CODE = ROOT / "ckanext-satudatapaser"
I18N = CODE / "ckanext" / "satudatapaser" / "i18n"
DOMAIN = "ckanext-satudatapaser"
LANGUAGES = ("id",)
CORE = Path(ckan.__file__).parent / "i18n" / "ckan.pot"
HEADER = {
    "Project-Id-Version": "Satu Data Paser",
    "Language": "id",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    # the catalogue that is loaded last gives its plural rule to all others
    "Plural-Forms": "nplurals=1; plural=0;",
}


def extracted() -> polib.POFile:
    """Return the messages that stand in our code, without line numbers: they would change with every edit."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "messages.pot")
        subprocess.run(
            [VENV / "pybabel", "-q", "extract", "-F", CODE / "babel.cfg", "--add-location=file", "--sort-output",
             "-o", path, CODE.name, "harvesters"],
            cwd=ROOT, check=True,
        )  # fmt: skip
        found = polib.pofile(str(path))
    for entry in found:
        entry.occurrences = sorted({(name, "") for name, _ in entry.occurrences})
    found.metadata = {key: value for key, value in HEADER.items() if key != "Language"}
    found.header = "Messages of Satu Data Paser."
    return found


def merged(template: polib.POFile, old: polib.POFile, core: set[str]) -> polib.POFile:
    """Return ``old`` with exactly the messages of ``template`` and those of CKAN that it translates already."""
    known = {entry.msgid: entry for entry in old}
    new = polib.POFile(wrapwidth=120)
    new.metadata = HEADER
    ours = {entry.msgid for entry in template}
    for entry in template:
        before = known.get(entry.msgid)
        new.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr="" if entry.msgid_plural or not before else before.msgstr,
                msgstr_plural=(before.msgstr_plural if before else {0: ""}) if entry.msgid_plural else {},
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    for entry in sorted(old, key=lambda entry: entry.msgid):
        if entry.msgid not in ours and entry.msgid in core:
            entry.occurrences, entry.comment = [], "CKAN"
            new.append(entry)
    return new


def main() -> int:
    """Write template and catalogues; with --check write nothing and fail when something would change."""
    check = "--check" in sys.argv[1:]
    template = extracted()
    core = {entry.msgid for entry in polib.pofile(str(CORE))}
    wanted: dict[Path, str | bytes] = {I18N / f"{DOMAIN}.pot": str(template)}
    for language in LANGUAGES:
        path = I18N / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = merged(template, polib.pofile(str(path)) if path.exists() else polib.POFile(), core)
        wanted[path] = str(catalogue)
        wanted[path.with_suffix(".mo")] = catalogue.to_binary()
        print(f"{language}: {len(catalogue)} messages, {len(catalogue.untranslated_entries())} untranslated")
    stale = [path for path, content in wanted.items() if _read(path) != _bytes(content)]
    for path in stale:
        if not check:
            path.write_bytes(_bytes(wanted[path]))
        print(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


if __name__ == "__main__":
    sys.exit(main())
