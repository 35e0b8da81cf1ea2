"""Settings of a source: what every kind knows, and how values given as text become what a kind declares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.harvesters import Setting

ACCESS = ("", "terbuka", "terbatas", "tertutup")
COMMON_SETTINGS = (
    Setting(
        "default_access", "choice", "Akses baku",
        "Klasifikasi akses bagi catatan yang tidak menyebutkannya; tanpa ini catatan itu ditahan.", "", ACCESS,
        label_en="Default access",
        help_en="Access class of records that state none; without it they are held.",
    ),
    Setting(
        "access_words", "json", "Arti kalimat akses",
        "Kalimat tentang akses seperti ditulis sumber dan klasifikasinya di sini: terbuka, terbatas, atau tertutup. "
        "Kalimat yang tidak dikenal menahan catatannya.", None, ACCESS[1:],
        label_en="Meaning of words about access",
        help_en="Words about access as the source writes them, and their class: open, limited or closed (terbuka, terbatas, "
        "tertutup). Words that nobody knows hold their record.",
    ),
    Setting(
        "default_license", "text", "Lisensi baku", "Lisensi bagi catatan yang tidak menyebutkannya.", "",
        label_en="Default licence",
        help_en="Licence of records that state none.",
    ),
    Setting(
        "organization_map", "json", "Pemetaan Produsen Data",
        "Nama penerbit seperti ditulis sumber dan perangkat daerahnya di sini; yang tidak ada di dalamnya ditahan. "
        "Tanpa pemetaan semua catatan milik perangkat daerah sumber ini.", None,
        label_en="Publishers and data producers",
        help_en="Publisher as the source writes it, and our data producer; those not listed are held. "
        "Without a list every record belongs to the data producer of this source.",
    ),
    Setting(
        "identity", "text", "Pengenal catatan",
        "identifier, landing_page, title_publisher, atau ungkapan JMESPath atas catatan mentah.", "identifier",
        label_en="Identifier of a record",
        help_en="identifier, landing_page, title_publisher, or a JMESPath on the raw record.",
    ),
    Setting(
        "grace_days", "int", "Tenggang (hari)", "Berapa hari catatan boleh hilang sebelum diarsipkan.", 7,
        label_en="Grace (days)",
        help_en="How many days a record may be missing before it is archived.",
    ),
    Setting(
        "grace_runs", "int", "Tenggang (penarikan)", "Berapa penarikan catatan boleh hilang sebelum diarsipkan.", 3,
        label_en="Grace (runs)",
        help_en="In how many runs a record may be missing before it is archived.",
    ),
    Setting(
        "vanish_share", "float", "Batas hilang",
        "Bagian catatan yang boleh hilang sekaligus; lebih dari ini (dan lebih dari 5) menghentikan pengarsipan.", 0.1,
        label_en="Limit of vanishing",
        help_en="Share of records that may vanish at once; more than this (and more than 5) stops archiving.",
    ),
    Setting(
        "keep_fields", "list", "Isian setempat", "Isian yang disunting di sini dan tidak ditimpa penarikan.", (),
        label_en="Local fields",
        help_en="Fields that are edited here and that a harvest does not overwrite.",
    ),
    Setting(
        "schedule", "text", "Jadwal",
        "Kapan ditarik, waktu WITA, ditulis seperti cron (30 4 * * 1-5); kosong berarti hanya bila diminta.", "",
        label_en="Schedule",
        help_en="When to harvest, WITA time, written as cron does (30 4 * * 1-5); empty means on request only.",
    ),
    Setting(
        "review", "choice", "Pemeriksaan",
        "Apakah catatan yang lolos gerbang langsung tayang (auto) atau menunggu walidata (manual).", "manual", ("manual", "auto"),
        label_en="Review",
        help_en="Whether records that pass the gate are published at once (auto) or wait for the walidata (manual).",
    ),
    Setting(
        "allow_empty", "bool", "Boleh kosong", "Terima daftar kosong sebagai jawaban yang benar.", False,
        label_en="May be empty",
        help_en="Take an empty listing for a correct answer.",
    ),
    Setting(
        "api_key", "secret", "Kunci", "NAMA rahasia yang berisi kunci API sumber; bukan kuncinya sendiri.", "",
        label_en="Key",
        help_en="NAME of the secret that holds the source's API key; not the key itself.",
    ),
    Setting(
        "ca_bundle", "text", "Otoritas sertifikat",
        "Nama berkas PEM di folder konfigurasi atau rahasia, bagi sumber dengan sertifikat dari otoritas sendiri.", "",
        label_en="Certificate authority",
        help_en="Name of a PEM file in the folder of settings or secrets, for a source whose authority is its own.",
    ),  # fmt: skip
    Setting(
        "full_days", "float", "Daftar lengkap (hari)",
        "Sumber yang dapat menyebut perubahannya tetap dibaca seluruhnya setelah sekian hari, agar yang hilang diketahui.", 7,
        label_en="Complete listing (days)",
        help_en="A source that can tell what changed is read whole all the same after so many days, to find what vanished.",
    ),
    Setting(
        "max_records", "int", "Catatan paling banyak", "Lebih dari ini penarikan dihentikan.", 200_000,
        label_en="Most records",
        help_en="More than this stops the run.",
    ),
)  # fmt: skip


def parse(values: Mapping[str, Any], declared: Iterable[Setting]) -> dict[str, Any]:
    """Return ``values`` with the types that ``declared`` asks for and its defaults for what is not given.

    Raises ConfigError that names the setting, what was given and what is expected.
    """
    by_name = {setting.name: setting for setting in declared}
    for name in values:
        if name not in by_name:
            raise ConfigError(
                "setting-unknown", f"Setelan {name!r} tidak dikenal.", f"Yang dikenal: {', '.join(sorted(by_name))}."
            )
    return {
        name: _value(setting, values[name]) if values.get(name) not in (None, "") else setting.default
        for name, setting in by_name.items()
    }


def _value(setting: Setting, given: Any) -> Any:
    try:
        value = _READ[setting.type](given)
    except (ValueError, TypeError) as error:
        raise ConfigError(
            "setting-invalid", f"Setelan {setting.name}: {given!r} bukan {_WORDS[setting.type]}.", setting.help
        ) from error
    wrong = [item for item in (value.values() if setting.type == "json" else [value]) if item not in setting.choices]
    if setting.choices and wrong:
        allowed = ", ".join(choice for choice in setting.choices if choice)
        raise ConfigError("setting-invalid", f"Setelan {setting.name}: {wrong[0]!r} tidak ada.", f"Pilihan: {allowed}.")
    return value


def _object(given: Any) -> dict[str, str]:
    value = json.loads(given) if isinstance(given, str) else given
    if not isinstance(value, Mapping):
        raise TypeError
    return {str(key): str(item) for key, item in value.items()}


def _bool(given: Any) -> bool:
    words = {"true": True, "ya": True, "1": True, "false": False, "tidak": False, "0": False}
    try:
        return words[str(given).lower()]
    except KeyError as error:
        raise ValueError from error


def _list(given: Any) -> tuple[str, ...]:
    return tuple(given.replace(",", " ").split()) if isinstance(given, str) else tuple(map(str, given))


_READ: dict[str, Any] = {
    "text": str, "choice": str, "secret": str, "int": int, "float": float, "bool": _bool, "json": _object, "list": _list,
}  # fmt: skip
_WORDS = {
    "text": "teks", "choice": "salah satu pilihan", "secret": "nama rahasia", "int": "bilangan bulat",
    "float": "bilangan", "bool": "true atau false", "json": "objek JSON", "list": "daftar nama",
}  # fmt: skip
