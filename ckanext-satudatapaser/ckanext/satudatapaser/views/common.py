"""What the pages of the walidata share: their blueprint, errors as CKAN answers them, calling actions, paging."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint

desk = Blueprint("satudata", __name__)
ROWS = 50


@desk.before_request
def _check_csrf() -> None:
    """Ask for the form's token whatever came before.

    CKAN exempts a view from the check for good once an API token has called it, also for those who come with a cookie.
    """
    if tk.config["WTF_CSRF_ENABLED"] and not tk.g.get("login_via_auth_header"):
        csrf.protect()


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer 403 and 404 as CKAN's own pages do."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except tk.NotAuthorized as error:
            return tk.abort(403, str(error) or tk._("Only the walidata may do this."))
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("Page not found"))

    return wrapper


def call(action: str, **values: Any) -> Any:
    """Call an action as the reader."""
    return tk.get_action(action)({"user": tk.current_user.name, "auth_user_obj": tk.current_user}, values)


def page_number() -> int:
    """Return which page of a list the address asks for."""
    given = tk.request.args.get("page", "1")
    return max(1, int(given)) if given.isdigit() and len(given) < 8 else 1


def page_count(count: int) -> int:
    """Return how many pages ``count`` rows fill."""
    return max(1, -(-count // ROWS))
