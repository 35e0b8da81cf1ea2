"""Metrics for a monitoring server: for administrators, or with the key that the configuration names."""

from __future__ import annotations

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

metrics = Blueprint("satudata_metrics", __name__)
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@metrics.route("/api/satudata/metrics")
def show() -> Response:
    """Answer in Prometheus' text format."""
    given = tk.request.headers.get("Authorization", "")
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    context["satudata_metrics_key"] = given.removeprefix("Bearer ") if given.startswith("Bearer ") else ""
    try:
        text = tk.get_action("satudata_metrics_show")(context, {})["text"]
    except tk.NotAuthorized:
        return Response("not authorised\n", 403, {"Cache-Control": "no-store"}, content_type="text/plain")
    return Response(text, 200, {"Cache-Control": "no-store"}, content_type=PROMETHEUS)
