"""Packaging of Satu Data Paser.

The source kinds (harvesters/) and the dataset schemas (schemas/) lie at the top of the repository, where
people who add one look first; they are installed as ckanext.satudatapaser.harvesters and .schemas.
"""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
CODE = "ckanext-satudatapaser"
PACKAGE = "ckanext.satudatapaser"

inner = find_packages(f"{CODE}/ckanext", include=["satudatapaser", "satudatapaser.*"])
kinds = sorted(path.stem for path in (ROOT / "harvesters").glob("[!_]*.py"))

setup(
    packages=[f"ckanext.{name}" for name in inner] + [f"{PACKAGE}.harvesters", f"{PACKAGE}.schemas"],
    package_dir={
        PACKAGE: f"{CODE}/ckanext/satudatapaser",
        f"{PACKAGE}.harvesters": "harvesters",
        f"{PACKAGE}.schemas": "schemas",
    },
    package_data={
        PACKAGE: [
            "config_declaration.yaml",
            "templates/**/*",
            "assets/**/*",
            "public/**/*",
            "i18n/**/*",
            "migration/**/*",
        ],
        f"{PACKAGE}.schemas": ["**/*.yaml", "**/*.csv", "**/*.md"],
    },
    entry_points={
        "ckan.plugins": [f"satudatapaser = {PACKAGE}.plugin:SatuDataPaserPlugin"],
        "ckan.rdf.profiles": [f"satudata_dcat_ap_3 = {PACKAGE}.outputs.rdf.profile:SatuDataProfile"],
        "satudatapaser.kinds": [f"{kind} = {PACKAGE}.harvesters.{kind}" for kind in kinds],
        "babel.extractors": ["ckan = ckan.lib.extract:extract_ckan"],
    },
)
