"""Actions on targets: the portals that our datasets are pushed to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.logic.targets import check_values, target_by_name, target_dict
from ckanext.satudatapaser.model import PushTarget

Context = Any


def satudata_push_target_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Add a CKAN that our datasets are pushed to. Walidata only.

    :param target: short name, lower case
    :param url: address of its front page
    :param secret: NAME of the secret that holds its API token (never the token itself)
    :param mapping: name of the field mapping in config/province, ``kaltim`` unless given
    :param settings: object with ``organization`` (theirs, for all datasets) or ``organization_map`` (ours -> theirs),
        ``restricted_metadata`` (true: metadata of terbatas datasets go up too, without files), ``schedule`` (when to push
        by itself, cron-like, WITA), ``on_change`` (true: also a minute after the catalogue's last change), ``notify`` (who is
        told when pushes begin to fail and when they are well again: mail or https addresses, separated by commas; else the
        installation's default), ``files`` (``link``: addresses of our files, the default; ``upload``: uploaded files of ours
        as files, other files as links), ``max_megabytes`` (larger files stay links; 100 unless given),
        ``requests_per_second`` (0 for any number; the installation's http.requests_per_second unless given), ``write_pause``
        (seconds between two writes), ``trial`` (true: asking the target may write a private dataset there and delete it)
    :returns: the target
    """
    tk.check_access("satudata_push_target_create", context, data_dict)
    values = {
        "name": tk.get_or_bust(data_dict, "target"),
        "url": tk.get_or_bust(data_dict, "url"),
        "secret": data_dict.get("secret") or "",
        "mapping": data_dict.get("mapping") or "kaltim",
        "settings": dict(data_dict.get("settings") or {}),
    }
    check_values(values)
    if model.Session.scalar(sa.select(PushTarget.id).where(PushTarget.name == values["name"])):
        raise tk.ValidationError({"target": [tk._("There is a target of this name already.")]})
    target = PushTarget(**values)
    model.Session.add(target)
    model.Session.commit()
    return target_dict(target)


def satudata_push_target_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change a target's address, secret's name, mapping or settings. Walidata only.

    :param target: name of the target
    :param settings: settings to change; the others stay
    :returns: the target
    """
    tk.check_access("satudata_push_target_update", context, data_dict)
    target = target_by_name(data_dict)
    values = {key: getattr(target, key) for key in ("name", "url", "secret", "mapping")}
    values |= {key: data_dict[key] for key in ("url", "secret", "mapping") if data_dict.get(key)}
    values["settings"] = {**target.settings, **(data_dict.get("settings") or {})}
    check_values(values)
    for key, value in values.items():
        setattr(target, key, value)
    model.Session.commit()
    return target_dict(target)


@tk.side_effect_free
def satudata_push_target_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all targets, each with the number of datasets in each state and its last run. Walidata only."""
    tk.check_access("satudata_push_target_list", context, data_dict)
    return [target_dict(target) for target in model.Session.scalars(sa.select(PushTarget).order_by(PushTarget.name))]
