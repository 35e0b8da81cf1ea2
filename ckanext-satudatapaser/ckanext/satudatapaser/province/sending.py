"""How a target is sent to: files, pace, trial; read from its settings. Pure."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from ckanext.satudatapaser.errors import ConfigError

LINK, UPLOAD = "link", "upload"
# settings that decide what a target is to hold; the others only decide when and how it is sent
CONTENT = ("organization", "organization_map", "restricted_metadata", "files", "max_megabytes")
NAMES = (*CONTENT, "requests_per_second", "write_pause", "trial", "schedule", "on_change", "notify")
YES, NO = ("true", "1", "yes", "ya"), ("false", "0", "no", "tidak", "")


@dc.dataclass(frozen=True, slots=True)
class Sending:
    """``uploads``: files of ours are uploaded, up to ``max_bytes`` each; the others are links.

    ``per_second``: requests, 0 for any number, None for what the installation allows; ``pause``: seconds between writes;
    ``trial``: asking the target may write a private dataset there and delete it.
    """

    uploads: bool = False
    max_bytes: int = 100_000_000
    per_second: float | None = None
    pause: float = 0.0
    trial: bool = False


def sending(settings: Mapping[str, Any]) -> Sending:
    """Return what ``settings`` say; raises ConfigError for a value that cannot be used."""
    files = str(settings.get("files") or LINK)
    if files not in (LINK, UPLOAD):
        raise _wrong("files", files, f"{LINK} atau {UPLOAD}")
    given = settings.get("requests_per_second")
    return Sending(
        uploads=files == UPLOAD,
        max_bytes=int(_number(settings, "max_megabytes", 100, 1, 10_000) * 1_000_000),
        per_second=None if given in (None, "") else _number(settings, "requests_per_second", 0, 0, 1000),
        pause=_number(settings, "write_pause", 0, 0, 60),
        trial=_yes(settings, "trial"),
    )


def content(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of ``settings`` that decides what a target is to hold."""
    return {name: settings[name] for name in CONTENT if name in settings}


def _number(settings: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = settings.get(name)
    if value in (None, ""):
        return default
    try:
        found = float(str(value))
    except ValueError:
        found = -1
    if not least <= found <= most:
        raise _wrong(name, value, f"bilangan {least:g} sampai {most:g}")
    return found


def _yes(settings: Mapping[str, Any], name: str) -> bool:
    word = str(settings.get(name) or "").lower()
    if word not in (*YES, *NO):
        raise _wrong(name, word, "true atau false")
    return word in YES


def _wrong(name: str, value: object, expected: str) -> ConfigError:
    text = f"Setelan {name} sasaran tidak sah: {value!r}; yang diharapkan: {expected}."
    said = f"{value!r}"
    return ConfigError("target-setting", text, values={"setting": name, "said": said})
