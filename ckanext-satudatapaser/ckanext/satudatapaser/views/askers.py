"""Who asks for our outputs: each answer is counted, and the walidata sees the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.outputs import askers as counted
from ckanext.satudatapaser.views.common import call, desk, guarded
from flask import Response

PERIODS = (7, 30, 90)
ROWS = 100


@desk.after_app_request
def count(response: Response) -> Response:
    """Count an answer to a question for one of our outputs, once it is sent; errors are no answers."""
    output = counted.output(tk.request.path)
    if output and response.status_code < 400:
        product = counted.product(tk.request.headers.get("User-Agent", ""))
        response.call_on_close(counted.counter(output, product))
    return response


@desk.route("/penarik")
@guarded
def askers() -> str | tuple[str, int]:
    """Show who asked for what, by asker and by day; why not when the counts cannot be read."""
    given = tk.request.args.get("hari", "30")
    days = int(given) if given in map(str, PERIODS) else 30
    values = {"days": days, "periods": PERIODS, "outputs": list(counted.OUTPUTS), "most": ROWS}
    try:
        rows = call("satudata_asker_list", days=days)["rows"]
    except tk.ValidationError as error:
        return tk.render("satudata/askers/index.html", {**values, "fault": error.error_dict["redis"][0]}), 503
    return tk.render("satudata/askers/index.html", {**values, "askers": by_asker(rows), "daily": by_day(rows)})


def by_asker(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return product, output, count and last day, the ROWS that asked most; ``rows`` have the newest day first."""
    total: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (row["product"], row["output"])
        total[key] += row["count"]
        last.setdefault(key, row["day"])
    ordered = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"product": product, "output": output, "count": number, "last": last[product, output]}
        for (product, output), number in ordered[:ROWS]
    ]


def by_day(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, int]]]:
    """Return for each day with questions how many there were for each output, the newest first."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        day = found.setdefault(row["day"], {})
        day[row["output"]] = day.get(row["output"], 0) + row["count"]
    return sorted(found.items(), reverse=True)
