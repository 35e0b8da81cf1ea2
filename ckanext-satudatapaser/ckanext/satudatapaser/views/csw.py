"""The address of CSW and OAI-PMH: checks the question, answers with what pycsw says."""

from __future__ import annotations

import http.client
import logging
import sqlite3
from xml.sax.saxutils import escape

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.csw import front, service
from flask import Blueprint, Response

csw = Blueprint("satudata_csw", __name__)
log = logging.getLogger(__name__)
XML = "application/xml; charset=UTF-8"
OWS, OWS_2 = ("http://www.opengis.net/ows", "1.2.0"), ("http://www.opengis.net/ows/2.0", "3.0.0")
"""Namespace and version of an exception report in CSW 2.0.2 (OGC 07-006r1) and in CSW 3.0 (OGC 12-176r7)."""
CSW_3 = b"http://www.opengis.net/cat/csw/3.0"
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<ows:ExceptionReport xmlns:ows="{namespace}" version="{version}">
 <ows:Exception exceptionCode="{code}"><ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception>
</ows:ExceptionReport>
"""


@csw.route("/csw", methods=["GET", "POST"])
def answer() -> Response:
    """Answer a question in CSW 2.0.2, CSW 3.0, OpenSearch or OAI-PMH."""
    place = service.folder()
    if place is None:
        return Response("not found\n", 404, content_type="text/plain")
    request = tk.request
    try:
        front.check_length(request.content_length)
        query = front.query(request.args.items())
        body = front.body(request.get_data()) if request.method == "POST" else b""
    except front.Refused as refused:
        return _report(400, "NoApplicableCode", str(refused))
    try:
        status, kind, content = service.ask(place, request.method, "" if body else query, body)
    except (OSError, http.client.HTTPException, sqlite3.Error):
        log.exception("pycsw does not answer")
        return _report(503, "NoApplicableCode", "The service is not available at the moment.")
    return Response(content, status, {"Cache-Control": "no-store"}, content_type=kind)


def _report(status: int, code: str, text: str) -> Response:
    """Answer with an exception report of the version that was asked in."""
    asked = {name.lower(): value for name, value in tk.request.args.items()}
    versions = f"{asked.get('version', '')} {asked.get('acceptversions', '')}"
    is_3 = "3.0" in versions or (not front.is_too_long(tk.request.content_length) and CSW_3 in tk.request.get_data())
    namespace, version = OWS_2 if is_3 else OWS
    words = REPORT.format(namespace=namespace, version=version, code=code, text=escape(text))
    return Response(words, status, content_type=XML)
