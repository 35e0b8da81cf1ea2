"""Documents to Solr: built here, sent a chunk at a time while the next chunk is being written."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pysolr
from ckan import logic
from ckan.lib.search.common import make_connection
from ckanext.satudatapaser.errors import RetryLater
from ckanext.satudatapaser.intake.documents import Shown, document, needs_ckan


class Index:
    """One run's way to Solr. ``sent`` counts the documents; nothing is visible to searches before ``commit``."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.shown = Shown()
        self.sent = 0
        self._solr = make_connection()
        self._sender = ThreadPoolExecutor(1, "solr")
        self._under_way: Future[Any] | None = None

    def add(self, ids: Collection[str]) -> None:
        """Send the documents of these datasets, without waiting for the answer; raises RetryLater for the chunk before."""
        found = self.shown.of(ids)
        documents = []
        for package_id in ids:
            if package_id in found and not needs_ckan(found[package_id][0]):
                documents.append(document(*found[package_id]))
            else:
                logic.index_update_package({"user": self.user, "ignore_auth": True}, package_id, True)
        self._wait()
        self.sent += len(ids)
        if documents:
            self._under_way = self._sender.submit(self._solr.add, documents, commit=False)

    def commit(self) -> None:
        """Wait for what is under way and let searches see it; raises RetryLater when Solr does not take it."""
        self._wait()
        try:
            self._solr.commit(waitSearcher=False)
        except (pysolr.SolrError, OSError) as error:
            raise _unavailable(error) from error

    def _wait(self) -> None:
        if self._under_way is None:
            return
        under_way, self._under_way = self._under_way, None
        try:
            under_way.result()
        except (pysolr.SolrError, OSError) as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> RetryLater:
    return RetryLater(
        "index-unavailable",
        f"Mesin pencari (Solr) tidak menerima dokumen ({type(error).__name__}). Data yang sudah ditulis tetap tersimpan.",
        "Periksa Solr; penarikan berikutnya melanjutkan dan melengkapi indeks.",
    )
