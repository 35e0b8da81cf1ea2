"""The gate to publication: what a record must have before the public sees it.

The minimum holds for every record, harvested or typed; Standar Data (Perpres 39/2019, article 4) is asked of what our own
stewards make. Drafts may be incomplete: what is missing is a list of things to do, and blocks publication only.
"""

from __future__ import annotations

from ckanext.satudatapaser.record.model import Issue, Record
from ckanext.satudatapaser.record.privacy import findings

PERSONAL = {"nik": "NIK", "npwp": "NPWP", "phone": "nomor telepon pribadi", "email": "surel pribadi"}


def minimum(record: Record, organization: str) -> tuple[Issue, ...]:
    """Return what keeps ``record`` from being public; empty when nothing does. ``organization`` is our OPD's name."""
    checks = (
        (record.title, "title", "title-missing", "Judul belum ada. Isi judul dataset."),
        (organization, "owner_org", "organization-missing", "Produsen Data belum dipetakan ke perangkat daerah."),
        (
            record.access,
            "accessRights",
            "access-missing",
            "Klasifikasi akses belum ada: terbuka, terbatas, atau tertutup.",
        ),
        (
            record.license_id,
            "license_id",
            "licence-missing",
            "Lisensi belum ada. Isi lisensi, atau default_license sumber.",
        ),
        (
            record.notes or record.resources,
            "notes",
            "content-missing",
            "Deskripsi dan berkas sama-sama belum ada. Isi deskripsi atau tambahkan satu berkas.",
        ),
    )
    missing = tuple(Issue(code, message, field, stage="gate") for value, field, code, message in checks if not value)
    return missing + personal(record)


def personal(record: Record) -> tuple[Issue, ...]:
    """Return an issue for each kind of personal data in the record's texts, without repeating the values."""
    texts = {"title": record.title, "notes": record.notes}
    texts |= {f"resources {n}": f"{r.name} {r.description}" for n, r in enumerate(record.resources, 1)}
    return tuple(
        Issue(
            f"personal-{kind}",
            f"Isian {field} tampaknya memuat {PERSONAL[kind]}. Hapus data pribadi itu di sumbernya.",
            field,
            stage="gate",
        )
        for field, text in texts.items()
        for kind in findings(text)
    )
