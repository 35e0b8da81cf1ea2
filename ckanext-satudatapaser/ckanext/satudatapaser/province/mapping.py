"""The field mapping of a target: which of our fields becomes which of theirs. A documented YAML file in config/province/.

```
fields:           our field: their field ("same" keeps the name)
constants:        their field: fixed value
values:           our field: {our value: their value}; a value that is not listed stays
groups:           our topic: their group
resource_fields:  [fields of a file that are sent]
withdraw:         private | delete
```
"""

from __future__ import annotations

import dataclasses as dc
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ckanext.satudatapaser.errors import ConfigError

KEYS = ("fields", "constants", "values", "groups", "resource_fields", "withdraw")
WITHDRAW = ("private", "delete")
# set by push itself, so that no mapping can open or move a dataset
RESERVED = frozenset({"id", "name", "owner_org", "private", "state", "type", "resources", "extras", "satudata_id"})


@dc.dataclass(frozen=True, slots=True)
class FieldMapping:
    """A checked mapping; ``digest`` changes when the file does."""

    fields: Mapping[str, str]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str]
    resource_fields: tuple[str, ...]
    withdraw: str
    digest: str


def load(folder: Path, name: str) -> FieldMapping:
    """Return the mapping called ``name``; raises ConfigError with file, line and reason."""
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not (folder / f"{name}.yaml").is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml"))) or "tidak ada"
        raise ConfigError("mapping-missing", f"Pemetaan {name!r} tidak ada di {folder}.", f"Yang ada: {known}.")
    return parse((folder / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")


def parse(text: str, file: str = "mapping") -> FieldMapping:
    """Return the mapping written in ``text``; raises ConfigError with line and reason for the first fault."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _fault(file, line, f"bukan YAML yang sah ({error.problem})") from error
    if not isinstance(root, yaml.MappingNode):
        raise _fault(file, 1, "yang diharapkan: kunci " + ", ".join(KEYS))
    for key, value in root.value:
        _check_section(file, key, value)
    if not data.get("fields"):
        raise _fault(file, 1, "bagian fields kosong; tanpa itu tidak ada yang dikirim")
    return FieldMapping(
        fields={ours: ours if theirs == "same" else theirs for ours, theirs in data["fields"].items()},
        constants=data.get("constants") or {},
        values=data.get("values") or {},
        groups=data.get("groups") or {},
        resource_fields=tuple(data.get("resource_fields") or ("name", "description", "format")),
        withdraw=data.get("withdraw") or "private",
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _fault(file: str, line: int, reason: str) -> ConfigError:
    text, values = f"{file} baris {line}: {reason}.", {"file": file, "line": str(line)}
    return ConfigError("mapping-invalid", text, "Perbaiki berkas pemetaan itu.", values)


def _check_section(file: str, key: yaml.Node, value: yaml.Node) -> None:
    line = key.start_mark.line + 1
    if key.value not in KEYS:
        raise _fault(file, line, f"bagian {key.value!r} tidak dikenal; yang dikenal: {', '.join(KEYS)}")
    if key.value == "withdraw":
        if value.value not in WITHDRAW:
            raise _fault(file, line, f"withdraw {value.value!r} tidak ada; pilihan: {', '.join(WITHDRAW)}")
    elif key.value == "resource_fields":
        if not isinstance(value, yaml.SequenceNode):
            raise _fault(file, line, "resource_fields harus berupa daftar")
    else:
        _check_pairs(file, str(key.value), value)


def _check_pairs(file: str, section: str, node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return
    if not isinstance(node, yaml.MappingNode):
        raise _fault(file, node.start_mark.line + 1, f"{section} harus berisi pasangan kunci: nilai")
    seen: set[Any] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value in seen:
            raise _fault(file, line, f"{section}: {key.value!r} ditulis dua kali")
        seen.add(key.value)
        if section == "values":
            _check_pairs(file, f"values {key.value}", value)
        elif not isinstance(value, yaml.ScalarNode) or not value.value:
            raise _fault(file, line, f"{section}: nilai {key.value!r} harus berupa satu kata")
        elif section in ("fields", "constants"):
            theirs = key.value if section == "constants" or value.value == "same" else value.value
            if theirs in RESERVED:
                raise _fault(file, line, f"{section}: {theirs!r} diisi oleh pengiriman sendiri")
