"""A form with a file, as another program reads it."""

from __future__ import annotations

import email
import email.policy
import io
from pathlib import Path
from typing import Any

from ckanext.satudatapaser.province.multipart import STEP, Form


def read(form: Form) -> dict[str, tuple[str | None, Any]]:
    body = b"".join(form)
    assert len(body) == form.length
    head = f"MIME-Version: 1.0\r\nContent-Type: {form.content_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_filename(), part.get_payload(decode=True))
        for part in message.iter_parts()
    }


def test_fields_and_file_arrive_as_they_are_and_again() -> None:
    content = bytes(range(256)) * 1024
    assert len(content) > 2 * STEP
    form = Form({"id": "a-b", "judul": "Jumlah Sekolah – 2025"}, "upload", "data.csv", io.BytesIO(content))
    wanted = {
        "id": (None, b"a-b"), "judul": (None, "Jumlah Sekolah – 2025".encode()), "upload": ("data.csv", content),
    }  # fmt: skip
    assert read(form) == wanted
    assert read(form) == wanted


def test_a_name_cannot_break_out_of_its_header() -> None:
    form = Form({}, "upload", 'a"\r\nX-Evil: 1.csv', io.BytesIO(b"1"))
    assert b"X-Evil: 1" not in b"".join(form).split(b"\r\n")
    assert b'filename="a%22%0D%0AX-Evil: 1.csv"' in b"".join(form)


def test_a_file_that_shrinks_or_grows_meanwhile_still_makes_a_whole_body(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x" * 100_000)
    with path.open("rb") as file:
        form = Form({}, "upload", "data.csv", file)
        path.write_bytes(b"y" * 10)
        assert len(b"".join(form)) == form.length
        path.write_bytes(b"z" * 300_000)
        assert len(b"".join(form)) == form.length
