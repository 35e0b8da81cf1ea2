"""Template helper: why a push ended, why a dataset stays, what a target answered; in English where the page is English.

As finding_words does for sources; the codes of the push are others, or mean something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import fault_words


def _stays() -> dict[str, str]:
    """Return sentences on why a dataset is not sent, by code."""
    return {
        "deleted": tk._("The dataset is deleted or still a draft."),
        "private": tk._("The dataset is not public."),
        "not-published": tk._("The walidata has not published the dataset yet."),
        "access-terbatas": tk._("Limited access: this target takes open data only."),
        "access-tertutup": tk._("The access class is closed."),
        "access-missing": tk._("There is no access class: open, limited or closed."),
        "organization-unmapped": tk._("The data producer is not mapped to an organisation of the target."),
        "field": tk._("Somebody changed it at the target by hand."),
    }


def _stops() -> dict[str, str]:
    """Return sentences on why a push ended early, by code."""
    return {
        "target-down": tk._("The target gave no answer several times in a row."),
        "target-busy": tk._("The target asked to be left alone for a while."),
        "run-died": tk._("The push broke off. The next one goes on from there."),
    }


def _asked() -> dict[str, str]:
    """Return sentences on what a target answered when it was asked, by code."""
    return {
        "version": tk._("The target is CKAN {value}."),
        "version-unknown": tk._("The target is CKAN; it does not say which version."),
        "version-old": tk._("The target is CKAN {value}, older than any that a push was tried with."),
        "plugins": tk._("Plugins at the target: {value}."),
        "clock": tk._("The target's clock agrees with ours."),
        "clock-apart": tk._("The target's clock is {value} minutes from ours. Check both."),
        "token-missing": tk._("The target has no token yet (setting secret): nothing can be written."),
        "organization": tk._("The token may write in the organisation {value}."),
        "organization-missing": tk._("The organisation at the target is not set yet (setting organization)."),
        "organization-unknown": tk._("There is no organisation {value} at the target."),
        "organization-forbidden": tk._("The token lacks rights in the organisation {value}."),
        "schema": tk._("The target's schema is known; what it requires is mapped."),
        "schema-unknown": tk._("The target does not tell its schema; our fields go as extras."),
        "required-unmapped": tk._("The target requires fields that are not sent: {value}."),
        "choice-unknown": tk._("The mapping gives a value that is not among the target's choices: {value}."),
        "trial-off": tk._(
            "Writing was not tried; the setting trial=true tries it with a private dataset, deleted at once."
        ),
        "trial": tk._("A dataset can be written."),
        "files": tk._("A file can be uploaded."),
        "pace": tk._("Requests are paced as the target's settings say."),
        "files-refused": tk._("No file can be uploaded. {cause}"),
        "trial-refused": tk._("A dataset on trial was refused. {cause}"),
        "trial-left": tk._("A private dataset on trial could not be deleted and is still at the target. {cause}"),
        "check-slow": tk._("The target did not answer everything in time; the rest was not asked."),
    }


def _hints() -> dict[str, str]:
    """Return what to do after a push ended early, by code; other sentences say it themselves."""
    away = tk._("Local data is not affected; the push is tried again by itself.")
    return {"target-down": away, "target-busy": away, "remote-forbidden": tk._("Check the token and its rights there.")}


def _english_text(found: Mapping[str, Any]) -> str:
    if tk.h.lang() == "id":
        return ""
    sentence = (_stays() | _stops() | _asked() | fault_words.sentences()).get(found["code"], "")
    about = {"value": found["value"]} if found.get("value") else {}
    return fault_words.filled(sentence, {**(found.get("values") or {}), **about})


def satudata_target_text(found: Mapping[str, Any]) -> str:
    """Return what was found, in the reader's language where there is a sentence for its code.

    ``found``: an error, a reason or an answer of a check, with code and message, as it was kept.
    """
    return _english_text(found) or str(found["message"])


def satudata_target_lang(found: Mapping[str, Any]) -> str:
    """Return the language of what ``satudata_target_text`` returns."""
    return "en" if _english_text(found) else "id"


def satudata_target_hint(reason: Mapping[str, str]) -> str:
    """Return what to do about why a push ended early, in the reader's language; "" when the reason itself says it."""
    hint = reason.get("hint") or ""
    return hint if tk.h.lang() == "id" else _hints().get(reason["code"], "")


def satudata_target_error(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return why a dataset could not be sent, for ``satudata_target_text``; of rows that are older than codes the text alone."""
    if row["fault"]:
        return {**row["fault"], "message": row["last_error"]}
    return {"code": "", "message": row["last_error"]}


def satudata_target_why(change: Mapping[str, Any]) -> tuple[str, str]:
    """Return why a dataset's state at a target changed, and the language of that: codes of reasons, or an error."""
    known, why = _stays(), change["why"]
    if all(code in known for code in why.split(", ")):
        return " ".join(known[code] for code in why.split(", ")), tk.h.lang()
    error = satudata_target_error({"fault": change["fault"], "last_error": why})
    return satudata_target_text(error), satudata_target_lang(error)
