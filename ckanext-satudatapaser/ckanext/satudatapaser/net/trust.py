"""Which TLS certificates are believed: those of the public authorities, and one private authority where a source needs it."""

from __future__ import annotations

import functools
import ssl
from pathlib import Path

import certifi
from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.net.wire import TimedTLS


def _public() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.sslsocket_class = TimedTLS
    return context


@functools.cache
def public() -> ssl.SSLContext:
    """Return the context of the public authorities; shared, so nothing may be changed in it."""
    return _public()


def with_private(bundle: Path) -> ssl.SSLContext:
    """Return a context that believes the authorities in ``bundle`` (PEM) too; raises ConfigError when it has none."""
    context = _public()
    try:
        context.load_verify_locations(cafile=str(bundle))
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise ConfigError(
            "ca-invalid",
            f"Berkas CA {bundle.name!r} tidak dapat dibaca sebagai sertifikat.",
            "Yang diharapkan: satu atau beberapa sertifikat CA dalam bentuk PEM.",
        ) from None
    return context


def find(name: str, *folders: Path | None) -> Path:
    """Return the file called ``name`` inside the first of ``folders`` that has it; raises ConfigError.

    The name may lead into subfolders, never out of the folder.
    """
    for folder in filter(None, folders):
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    raise ConfigError(
        "ca-missing",
        f"Berkas CA {name!r} tidak ada.",
        "Taruh di folder konfigurasi (ckanext.satudatapaser.config_dir) atau folder rahasia, dan sebut nama berkasnya.",
    )
