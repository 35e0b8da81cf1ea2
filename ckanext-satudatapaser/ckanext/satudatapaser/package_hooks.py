"""What happens to datasets as they are indexed, searched and shown (CKAN's IPackageController)."""


class PackageHooks:
    """Mixed into the plugin; each method hands over to one function of search.py or curation/access.py."""
