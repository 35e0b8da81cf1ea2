"""What kinds of source there are and what can be set on each; forms are made from it."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.harvesters import declared_settings, load_kinds

Context = Any


@tk.side_effect_free
def satudata_kind_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the installed kinds of source by title, each with the settings that its sources may have. Walidata only.

    :returns: list of ``name``, ``title`` and ``settings`` (``name``, ``type``, ``label``, ``help``, ``label_en``,
        ``help_en``, ``default``, ``choices``, and ``own``: whether only this kind has it)
    """
    tk.check_access("satudata_kind_list", context, data_dict)
    found = [
        {
            "name": name,
            "title": kind.TITLE,
            "settings": [{**dc.asdict(item), "own": item in kind.SETTINGS} for item in declared_settings(kind)],
        }
        for name, kind in load_kinds().items()
    ]
    return sorted(found, key=lambda kind: str(kind["title"]).lower())
