"""Values of named secrets. Settings hold names only; values come from the environment or from files."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ckanext.satudatapaser.errors import ConfigError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def read(name: str, folder: Path | None) -> str:
    """Return the secret called ``name``: SATUDATA_SECRET_<NAME> first, then the file of that name in ``folder``.

    Raises ConfigError when the name is malformed, nothing is stored under it, or it cannot be read; the value is never
    in the text.
    """
    if not NAME.fullmatch(name):
        raise ConfigError("secret-name", f"Nama rahasia {name!r} tidak sah: huruf kecil, angka, - dan _ saja.")
    value = os.environ.get("SATUDATA_SECRET_" + name.upper().replace("-", "_"))
    if value is None and folder is not None and (folder / name).is_file():
        value = _file(name, folder / name)
    if not value or not value.strip():
        raise ConfigError(
            "secret-missing",
            f"Rahasia {name!r} belum disimpan.",
            "Simpan nilainya sebagai berkas bernama sama di folder rahasia (ckanext.satudatapaser.secrets_dir).",
        )
    return value.strip()


def _file(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "secret-unreadable",
            f"Rahasia {name!r} tidak dapat dibaca.",
            "Periksa bahwa pengguna portal boleh membaca berkasnya dan isinya teks UTF-8.",
        ) from None
