"""Run as a program inside a site: read wanted users and organisations (JSON) from standard input, print user -> API token.

``{"users": {name: {"password": …, "organization": … or ""}}, "organizations": {name: title}, "emails": {organization: address},
"sysadmin": name}``
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk


def main(ini: str, wanted: dict[str, Any]) -> dict[str, str]:
    """Make what is missing; return a new token of each user."""
    app = make_app(CKANConfigLoader(ini).get_config())
    with app._wsgi_app.app_context():
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"user": site_user, "ignore_auth": True}
        for name, title in wanted.get("organizations", {}).items():
            if model.Group.get(name) is None:
                tk.get_action("organization_create")(dict(context), {"name": name, "title": title})
        for name, email in wanted.get("emails", {}).items():
            tk.get_action("organization_patch")(dict(context), {"id": name, "email": email})
        return {name: _user(context, name, values, wanted) for name, values in wanted["users"].items()}


def _user(context: dict[str, Any], name: str, values: dict[str, str], wanted: dict[str, Any]) -> str:
    if model.User.get(name) is None:
        user = {"name": name, "email": f"{name}@localhost.localdomain", "password": values["password"]}
        tk.get_action("user_create")(dict(context), user)
        if name == wanted.get("sysadmin", "admin"):
            tk.get_action("user_patch")(dict(context), {"id": name, "sysadmin": True})
    if values["organization"]:
        member = {"id": values["organization"], "username": name, "role": "admin"}
        if name.startswith(("produsen", "satudata")):
            member["role"] = "editor"
        tk.get_action("organization_member_create")(dict(context), member)
    made = tk.get_action("api_token_create")(dict(context), {"user": name, "name": "bin/up"})
    return str(made["token"])


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
