"""The only reader of CKAN's configuration; one function a key, so that no other file knows a key's name."""

from __future__ import annotations

from pathlib import Path

from ckan.plugins import toolkit as tk


def config_dir() -> Path:
    """Return the folder with the portal's data files."""
    return Path(tk.config["ckanext.satudatapaser.config_dir"])


def secrets_dir() -> Path | None:
    """Return the folder of secret files, or None when only the environment is asked."""
    value = tk.config["ckanext.satudatapaser.secrets_dir"]
    return Path(value) if value else None


def allow_networks() -> list[str]:
    """Return the private networks (CIDR) that outbound requests may reach."""
    return list(tk.config["ckanext.satudatapaser.http.allow_networks"])


def requests_per_second() -> float:
    """Return how many requests a second one other server gets from us at most."""
    return float(tk.config["ckanext.satudatapaser.http.requests_per_second"])


def connect_timeout() -> float:
    """Return how many seconds making a connection may take."""
    return float(tk.config["ckanext.satudatapaser.http.connect_timeout"])


def read_timeout() -> float:
    """Return how many seconds another server may be silent."""
    return float(tk.config["ckanext.satudatapaser.http.read_timeout"])


def total_timeout() -> float:
    """Return how many seconds one request may take in all."""
    return float(tk.config["ckanext.satudatapaser.http.total_timeout"])


def page_seconds() -> float:
    """Return how many seconds a page may spend on reading a source while somebody waits."""
    return float(tk.config["ckanext.satudatapaser.http.page_seconds"])


def max_bytes() -> int:
    """Return how many bytes one answer may have after unpacking."""
    return int(tk.config["ckanext.satudatapaser.http.max_megabytes"]) * 1_000_000


def walidata_org() -> str:
    """Return the name of the organisation whose members are the walidata."""
    return str(tk.config["ckanext.satudatapaser.walidata_org"])


def notify() -> str:
    """Return who gets notices of sources that name nobody, separated by commas; "" for nobody."""
    return str(tk.config["ckanext.satudatapaser.notify"])


def keep_days() -> int:
    """Return for how many days a run with its counts is kept."""
    return int(tk.config["ckanext.satudatapaser.history.keep_days"])


def keep_runs() -> int:
    """Return of how many runs of each source the rows are kept."""
    return int(tk.config["ckanext.satudatapaser.history.keep_runs"])


def metrics_secret() -> str:
    """Return the NAME of the secret that opens the metrics without an account; "" for none."""
    return str(tk.config["ckanext.satudatapaser.metrics_secret"])


def storage_path() -> Path:
    """Return the folder of uploaded files."""
    return Path(tk.config["ckan.storage_path"])


def csw_dir() -> Path | None:
    """Return the folder shared with pycsw, or None when CSW is not offered."""
    value = tk.config["ckanext.satudatapaser.csw_dir"]
    return Path(value) if value else None


def site_url() -> str:
    """Return the portal's address, without a slash at its end."""
    return str(tk.config["ckan.site_url"]).rstrip("/")


def site_title() -> str:
    """Return the portal's name."""
    return str(tk.config["ckan.site_title"])


def site_description() -> str:
    """Return the portal's line about itself, or its name."""
    return str(tk.config["ckan.site_description"] or site_title())


def cache_dir() -> Path | None:
    """Return the folder for documents that can be made again at any time, or None when none are kept."""
    value = tk.config["ckanext.satudatapaser.cache_dir"]
    return Path(value) if value else None


def site_id() -> str:
    """Return the name that tells this portal from others on the same Redis and Solr."""
    return str(tk.config["ckan.site_id"])


def redis_url() -> str:
    """Return the address of Redis."""
    return str(tk.config["ckan.redis.url"])


def feed_size() -> int:
    """Return how many datasets one page of a feed holds."""
    return int(tk.config["ckan.feeds.limit"])


def rdf_page_size() -> int:
    """Return how many datasets one page of the catalogue as RDF holds."""
    return int(tk.config["ckanext.dcat.datasets_per_page"])


def restore() -> bool:
    """Return whether a dump is being loaded, so that an administrator may state a new dataset's state of publication."""
    return bool(tk.config["ckanext.satudatapaser.restore"])
