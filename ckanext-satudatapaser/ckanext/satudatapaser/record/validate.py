"""What makes a record unusable, whatever is repaired: such a record is rejected with its reason."""

from __future__ import annotations

from ckanext.satudatapaser.record.model import Issue, Record


def validate(record: Record) -> tuple[Issue, ...]:
    """Return the errors of a normalised record; empty when it can be kept."""
    if record.title:
        return ()
    message = "Judul kosong, dan tidak ada nama berkas sebagai gantinya. Isi judul di sumbernya."
    return (Issue("title-missing", message, "title"),)
