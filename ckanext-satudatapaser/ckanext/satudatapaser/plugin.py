"""Wiring only: which part of the package answers which of CKAN's plugin interfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import cli, helpers, views
from ckanext.satudatapaser.curation.access import PermissionLabels
from ckanext.satudatapaser.logic import action, auth, validators
from ckanext.satudatapaser.package_hooks import PackageHooks

HERE = Path(__file__).parent


@tk.blanket.config_declarations
@tk.blanket.helpers(helpers.get_helpers)
@tk.blanket.actions(action.get_actions)
@tk.blanket.auth_functions(auth.get_auth_functions)
@tk.blanket.validators(validators.get_validators)
@tk.blanket.blueprints(views.get_blueprints)
@tk.blanket.cli(cli.get_commands)
class SatuDataPaserPlugin(PackageHooks, PermissionLabels, DefaultTranslation, p.SingletonPlugin):
    """The extension; it stands first in ``ckan.plugins`` so that its translations win."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.IFacets)

    def update_config(self, config: Any) -> None:
        """Add our templates, static files and web assets."""
        tk.add_template_directory(config, str(HERE / "templates"))
        tk.add_public_directory(config, str(HERE / "public"))
        tk.add_resource(str(HERE / "assets"), "satudatapaser")

    def i18n_directory(self) -> str:
        """Return the folder of our message catalogues."""
        return str(HERE / "i18n")

    def i18n_domain(self) -> str:
        """Return the name of our message catalogues."""
        return "ckanext-satudatapaser"
