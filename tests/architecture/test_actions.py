"""Every action of ours has an auth function and a docstring, and asks for access before anything else."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from ckanext.satudatapaser.logic import action, auth

pytestmark = pytest.mark.ckan
ACTIONS = {name: function for name, function in action.get_actions().items() if name.startswith("satudata_")}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_checks_access_by_its_own_name(name: str) -> None:
    function: Callable[..., Any] = inspect.unwrap(ACTIONS[name])
    source = inspect.getsource(function)
    assert f'tk.check_access("{name}"' in source
    assert name in auth.get_auth_functions()


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_says_what_it_does_and_takes(name: str) -> None:
    text = inspect.getdoc(inspect.unwrap(ACTIONS[name])) or ""
    assert len(text) > 30
    source = inspect.getsource(inspect.unwrap(ACTIONS[name]))
    for parameter in ("name", "target", "id", "resource_id"):
        if f'get_or_bust(data_dict, "{parameter}")' in source:
            assert f":param {parameter}:" in text


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("name", ACTIONS)
def test_an_anonymous_visitor_may_do_none_of_them(name: str) -> None:
    from ckan.plugins import toolkit as tk

    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        tk.check_access(name, {"user": ""}, {"name": "x", "target": "x", "id": "x", "resource_id": "x"})
