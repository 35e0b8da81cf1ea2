"""What a kept message tells besides its code: a status, an action, an answer. Pure; the words are in fault_words.

The ledger keeps a failure as the Indonesian sentence that it had; so does a run its reason, beside the code. Each sentence has
one form, given here, from which its code and the values in it are found again.
"""

from __future__ import annotations

import re

FORMS: tuple[tuple[str, str], ...] = (
    ("remote-too-big", r"Sasaran menolak (?P<action>\w+): kiriman terlalu besar \(status 413\)"),
    ("remote-forbidden", r"Sasaran \S+ menolak (?P<action>\w+): token tidak sah atau tidak berhak"),
    ("remote-refused", r"Sasaran menolak (?P<action>\w+): (?P<said>.*)"),
    ("remote-hidden", r"Dataset ini ada di sasaran, tetapi tidak diperlihatkan kepada kita"),
    ("remote-error", r"Sasaran menjawab status (?P<status>\d+) pada (?P<action>\w+)\."),
    ("remote-not-ckan", r"Sasaran \S+ tidak menjawab seperti CKAN \(status (?P<status>\d+)\)"),
    ("remote-gone", r"Sasaran tidak menemukan apa yang ditulis oleh (?P<action>\w+)"),
    ("remote-file-unmarked", r"Sasaran tidak menyimpan (?P<field>\w+) pada berkas"),
    ("target-down", r"Sasaran (?:gagal menjawab \d+ kali berturut-turut|masih tidak menjawab): (?P<cause>.*)"),
    ("target-busy", r"Sasaran meminta jeda (?P<minutes>\d+) menit"),
    ("target-setting", r"Setelan (?P<setting>\w+) sasaran tidak sah: (?P<said>.*?); yang diharapkan"),
    ("already-running", r".* sedang berjalan\."),
    ("mapping-missing", r"Pemetaan .* tidak ada di "),
    ("mapping-invalid", r"(?P<file>\S+) baris (?P<line>\d+): "),
    ("source-status", r"Sumber \S+ menjawab status (?P<status>\d+), bukan 200: (?P<said>.*?['\"])\."),
    ("source-busy", r"Sumber \S+ menjawab status \d+ \(sedang sibuk"),
    ("source-timeout", r"Sumber \S+ tidak menjawab dalam "),
    ("source-truncated", r"Sumber \S+ memutus jawaban "),
    ("source-not-http", r"Sumber \S+ menjawab .*; yang diharapkan: jawaban HTTP\."),
    ("source-no-body", r"Sumber \S+ menjawab tanpa isi"),
    ("source-not-json", r"Sumber \S+ menjawab halaman HTML atau XML"),
    ("source-invalid-json", r"Sumber \S+ mengirim JSON yang rusak"),
    ("source-closed", r"Sumber \S+ menutup sambungan "),
    ("source-name-unknown", r"Sumber \S+ memakai nama yang tidak dikenal DNS"),
    ("address-refused", r"Sumber \S+ menuju alamat yang tidak diizinkan"),
    ("source-tls-expired", r"Sumber \S+ memakai sertifikat TLS yang (?:belum berlaku|sudah kedaluwarsa)"),
    ("source-tls-host", r"Sumber \S+ memakai sertifikat TLS untuk nama lain"),
    ("source-tls-untrusted", r"Sumber \S+ memakai sertifikat TLS yang tidak dapat dipercaya"),
    ("source-tls", r"Sumber \S+ tidak dapat membuka sambungan TLS"),
    ("source-unreachable", r"Sumber \S+ (?:tidak (?:dapat dihubungi|terjangkau)|menolak sambungan|memutus sambungan saat)"),
    ("source-redirects", r"Sumber \S+ mengalihkan lebih dari "),
    ("source-redirect-refused", r"Sumber \S+ mengalihkan ke "),
    ("source-too-big", r"Sumber \S+ mengirim lebih dari batas "),
    ("source-long", r"Sumber \S+ belum selesai dibaca "),
    ("source-slow", r"Sumber \S+ belum selesai "),
    ("source-encoding", r"Sumber \S+ .* atau tanpa kemasan\."),
    ("secret-missing", r"Rahasia .* belum disimpan\."),
    ("secret-unreadable", r"Rahasia .* tidak dapat dibaca\."),
    ("files-refused", r"Berkas tidak dapat diunggah ke sasaran\. (?P<cause>.*)"),
    ("trial-left", r"Dataset percobaan \S+ tertinggal \(privat\) di sasaran: (?P<cause>.*)"),
    ("trial-refused", r"Dataset percobaan ditolak\. (?P<cause>.*)"),
)  # fmt: skip
# of a code that is kept; too short to be recognised without it
_FIELD = ("write-refused", r"(?P<field>[a-zA-Z_]\w*): (?P<said>.+)")
_COMPILED = tuple((code, re.compile(form, re.DOTALL)) for code, form in (*FORMS, _FIELD))


def code_of(message: str) -> str:
    """Return the code of a kept sentence, "" when it has none of these forms."""
    return next((code for code, form in _COMPILED if code != _FIELD[0] and form.match(message)), "")


def values_of(code: str, message: str) -> dict[str, str]:
    """Return the values in a sentence of ``code`` by their names; none when it has not the form of that code."""
    found = (form.match(message) for known, form in _COMPILED if known == code)
    return next((match.groupdict() for match in found if match), {})
