"""Addresses of whole-catalogue documents: sent from what is kept, and not at all to whoever has them already."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.catalogue import public
from ckanext.satudatapaser.outputs import pod
from ckanext.satudatapaser.outputs.kept import kept
from flask import Blueprint, Response, stream_with_context

outputs = Blueprint("satudata_outputs", __name__)


@outputs.route("/data.json")
def data_json() -> Response:
    """Answer with the catalogue in DCAT-US 1.1."""
    return document("data.json", "application/json", pod.catalogue)


def document(name: str, content_type: str, make: Callable[[], Iterable[bytes]]) -> Response:
    """Answer with a document over the public catalogue, or 304; readers may keep it but must ask whether it still holds."""
    stamp = public.stamp()
    headers = _headers(stamp)
    if tk.request.if_none_match.contains_weak(stamp):
        return Response(status=304, headers=headers)
    return Response(stream_with_context(kept(name, stamp, make)), headers=headers, content_type=content_type)


def page(content_type: str, make: Callable[[], bytes | None]) -> Response:
    """Answer with one page of the public catalogue, too small to be kept, or 304; 404 when ``make`` says that there is none."""
    stamp = public.stamp()
    if tk.request.if_none_match.contains_weak(stamp):
        return Response(status=304, headers=_headers(stamp))
    content = make()
    if content is None:
        return tk.abort(404, tk._("Page not found"))
    return Response(content, headers=_headers(stamp), content_type=content_type)


def _headers(stamp: str) -> dict[str, str]:
    return {"Cache-Control": "public, no-cache", "ETag": f'"{stamp}"'}
