"""bin/ckan: the ckan command with the catalogue's ini."""

from __future__ import annotations

import sys

from ops import instance, sites

if __name__ == "__main__":
    try:
        sites.exec_ckan(instance.dev(), sys.argv[1:])
    except instance.SetupError as error:
        sys.exit(f"bin/ckan: {error}")
