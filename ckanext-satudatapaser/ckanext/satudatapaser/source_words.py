"""Template helpers of the pages on sources: schedules, durations and settings in words, the chart of runs."""

from __future__ import annotations

import datetime as dt
import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from babel import dates
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import charts
from ckanext.satudatapaser.clock import WITA
from markupsafe import Markup

ALIASES = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
PARTS = {
    "written": ("added", "updated"),
    "unchanged": ("unchanged",),
    "held": ("held",),
    "failed": ("rejected", "failed"),
}


def _english() -> bool:
    return bool(tk.h.lang() != "id")


def _day(text: str) -> str:
    names = dates.get_day_names("wide", locale="en" if _english() else "id")
    return str(names[(int(text) + 6) % 7])  # cron counts from Sunday = 0, Babel from Monday = 0


def _days(text: str) -> str:
    """Return days of the week in words: 1 -> Monday, 1,4 -> Monday, Thursday, 1-5 -> Monday–Friday; "" if it is none."""
    parts = [part.split("-") for part in text.split(",")]
    if not all(day.isdigit() and int(day) <= 7 for part in parts for day in part) or any(
        len(part) > 2 for part in parts
    ):
        return ""
    return ", ".join("–".join(map(_day, part)) for part in parts)


def satudata_schedule(cron: str) -> str:
    """Return a cron schedule in words, or as it is where words would be longer than it."""
    cron = " ".join(str(cron or "").split())
    parts = ALIASES.get(cron, cron).split()
    if not cron:
        return tk._("Only on request")
    return (_words(*parts) if len(parts) == 5 else "") or tk._("By cron: {cron}").format(cron=cron)


def _words(minute: str, hour: str, day: str, month: str, week: str) -> str:
    if minute.isdigit() and hour.isdigit() and month == "*":
        return _daily(f"{int(hour):02}.{int(minute):02}", day, week)
    if (day, month, week) != ("*", "*", "*"):
        return ""
    if minute.isdigit() and hour == "*":
        return tk._("Every hour")
    for part, rest, words in ((hour, minute, tk._("Every {n} hours")), (minute, "0", tk._("Every {n} minutes"))):
        if part.startswith("*/") and part[2:].isdigit() and rest.isdigit() and (part is hour or hour == "*"):
            return words.format(n=part[2:])
    return ""


def _daily(time: str, day: str, week: str) -> str:
    if (day, week) == ("*", "*"):
        return tk._("Every day at {time} WITA").format(time=time)
    if day == "*" and _days(week):
        return tk._("Every {day} at {time} WITA").format(day=_days(week), time=time)
    if week == "*" and day.isdigit():
        return tk._("On day {day} of every month at {time} WITA").format(day=int(day), time=time)
    return ""


def satudata_seconds(run: Mapping[str, Any]) -> float | None:
    """Return how long a run took, None while it runs."""
    if not run["finished"]:
        return None
    return (dt.datetime.fromisoformat(run["finished"]) - dt.datetime.fromisoformat(run["started"])).total_seconds()


def satudata_duration(seconds: float | None) -> str:
    """Return a duration in words: 12 seconds, 3 min 20 s, 1 h 5 min; "" for None."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 1:
        return tk._("under 1 second")
    if whole < 60:
        return tk.ungettext("{n} second", "{n} seconds", whole).format(n=whole)
    if whole < 3600:
        return tk._("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    return tk._("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


def satudata_setting_text(setting: Mapping[str, Any], part: str) -> str:
    """Return a setting's ``part`` (label or help) in the reader's language, if its kind gives it."""
    english = setting.get(f"{part}_en") if _english() else ""
    return str(english or setting[part] or (setting["name"] if part == "label" else ""))


def satudata_setting_lang(setting: Mapping[str, Any]) -> str:
    """Return the language in which a setting's texts are shown."""
    return "en" if _english() and setting.get("label_en") else "id"


def satudata_setting_value(value: Any) -> str:
    """Return the words for a coded value of a setting; another value as it is."""
    words = {
        "auto": tk._("Published at once when it passes the gate"),
        "manual": tk._("Waits for the walidata"),
        "terbuka": tk._("Open"),
        "terbatas": tk._("Limited"),
        "tertutup": tk._("Closed"),
        "identifier": tk._("The source's identifier"),
        "landing_page": tk._("The address of its page"),
        "title_publisher": tk._("Title and publisher"),
        "True": tk._("Yes"),
        "true": tk._("Yes"),
        "False": tk._("No"),
        "false": tk._("No"),
    }
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return words.get(str(value), str(value))


def satudata_kind_hint(name: str) -> str:
    """Return what a kind of source is for, in a sentence; "" for one that we do not know."""
    hints = {
        "ckan": tk._("Another CKAN portal: give its front address."),
        "datajson": tk._("One file that lists everything, as many regencies publish it."),
        "dcat": tk._("A DCAT catalogue in RDF: XML, Turtle or JSON-LD."),
        "csw": tk._("A catalogue of maps (geoportal)."),
        "wfs": tk._("Layers of a map server."),
        "arcgis": tk._("An ArcGIS server or hub."),
        "rest": tk._("Any web service that answers JSON."),
        "sheet": tk._("A spreadsheet at an address: XLSX, ODS, CSV or Google Sheets."),
        "sql": tk._("A table or view of a database."),
        "bps": tk._("The web service of Statistics Indonesia."),
        "sipd": tk._("e-Walidata of SIPD."),
        "oai": tk._("A repository that speaks OAI-PMH."),
    }
    return hints.get(name, "")


def satudata_pretty(raw: Any) -> str:
    """Return a raw record as people can read it."""
    return json.dumps(raw, ensure_ascii=False, indent=1)


def satudata_mapped(mapped: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return a mapped record as (label, texts), the fields of the national standard after our own."""
    names = {
        "title": tk._("Title"), "notes": tk._("Description"), "publisher": tk._("Publisher"), "access": tk._("Access"),
        "license_id": tk._("Licence"), "landing_page": tk._("Page"), "issued": tk._("Issued"), "tags": tk._("Tags"),
        "groups": tk._("Topics"), "resources": tk._("Files"), "contact_name": tk._("Contact"), "contact_email": tk._("Contact"),
    }  # fmt: skip
    rows = [(label, _texts(mapped[key])) for key, label in names.items() if key in mapped]
    rows = [(label, [satudata_setting_value(texts[0])] if label == names["access"] else texts) for label, texts in rows]
    labels = tk.h.satudata_field_labels()
    return rows + [(labels.get(key, key), _texts(value)) for key, value in mapped.get("sdi", {}).items()]


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    if items and isinstance(items[0], Mapping):
        return [" ".join(filter(None, (item.get("format"), item.get("name") or item.get("url")))) for item in items]
    return [", ".join(map(str, items))]


def _bar(run: Mapping[str, Any], label: str) -> charts.Bar:
    parts = {series: sum(run["counts"].get(key, 0) for key in keys) for series, keys in PARTS.items()}
    words = [f"{name}: {tk.h.satudata_number(parts[series])}" for series, name in satudata_series() if parts[series]]
    title = "; ".join([tk.h.satudata_moment(run["started"]), *words, satudata_duration(satudata_seconds(run))])
    return charts.Bar(title, parts, satudata_seconds(run), label)


def satudata_series() -> list[tuple[str, str]]:
    """Return the series of the chart of runs with their names."""
    names = (tk._("New or changed"), tk._("Same"), tk._("Held"), tk._("Rejected or failed"))
    return list(zip(charts.SERIES, names, strict=True))


def satudata_swatch(series: str) -> Markup:
    """Return the mark of a series for the legend."""
    return Markup(charts.swatch(series))  # noqa: S704 - made of our own constants


def _short(moment: str) -> str:
    found = dt.datetime.fromisoformat(moment).astimezone(WITA)
    return str(dates.format_date(found, "d MMM", locale="en" if _english() else "id"))


def satudata_short_moment(moment: str) -> str:
    """Return a moment as day and time in Paser without the year: 24 Nov, 14.05."""
    return f"{_short(moment)}, {dt.datetime.fromisoformat(moment).astimezone(WITA):%H.%M}"


def satudata_runs_chart(runs: Sequence[Mapping[str, Any]]) -> Markup:
    """Return the chart of a source's runs (the newest first, as they are listed), the newest on the right."""
    last = len(runs) - 1
    days = [_short(run["started"]) for run in reversed(runs)]
    shown = {0, last} if days[0] != days[last] else {0}
    bars = [_bar(run, days[n] if n in shown else "") for n, run in enumerate(reversed(runs))]
    most, longest = charts.tops_of(bars)
    tops = (tk.h.satudata_number(int(most)), tk.h.satudata_number(int(longest)))
    svg = charts.runs(bars, satudata_runs_sentence(runs), (tk._("Records"), tk._("Seconds")), tops)
    return Markup(svg)  # noqa: S704 - the module escapes every text


def satudata_runs_sentence(runs: Sequence[Mapping[str, Any]]) -> str:
    """Return what the chart of runs says, in words."""
    good = sum(run["state"] == "finished" for run in runs)
    taken = [seconds for run in runs if (seconds := satudata_seconds(run)) is not None]
    words = tk._("{good} of the last {count} runs finished.").format(good=good, count=len(runs))
    if not taken:
        return words
    usual = satudata_duration(statistics.median(taken))
    return f"{words} " + tk._("A run usually takes {usual}; the longest took {longest}.").format(
        usual=usual, longest=satudata_duration(max(taken))
    )
