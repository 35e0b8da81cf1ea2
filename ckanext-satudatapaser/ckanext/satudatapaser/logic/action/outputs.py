"""Actions about what the portal gives out."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.outputs import askers
from redis import RedisError

Context = Any


@tk.side_effect_free
def satudata_asker_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return who asked for our outputs (data.json, DCAT, CSW, feeds, sitemap, the API's lists), counted. Walidata only.

    Askers are known by the product name that they give themselves; no addresses and no single requests are kept.

    :param days: how many days back, today included; 30 unless given, 90 at most (optional)
    :returns: ``days``, and ``rows``, the newest day first: day, output (data.json, dcat, csw, atom, rss, sitemap, api), product
        (a name, or unnamed, browser, other) and count
    """
    tk.check_access("satudata_asker_list", context, data_dict)
    given = str(data_dict.get("days") or 30)
    if not given.isdigit() or not 1 <= int(given) <= askers.KEPT.days:
        raise tk.ValidationError({"days": [tk._("A number from 1 to 90 is needed.")]})
    try:
        return {"days": int(given), "rows": askers.counts(int(given))}
    except RedisError as error:
        text = tk._("The counts cannot be read: Redis does not answer. Outputs go out all the same, uncounted.")
        raise tk.ValidationError({"redis": [text]}) from error
