"""The other CKAN, over the guarded session: few calls, errors that say what it answered."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from ckanext.satudatapaser.errors import RetryLater, SatuDataError, SourceError, Values
from ckanext.satudatapaser.province.multipart import Form

ATTEMPTS = 4
LONGEST_WAIT = 120.0
NO_SUCH_ACTION = "Action name not known"
"""In CKAN's answer, in every language, to an action that no plugin of it has."""


class Reply(Protocol):
    """An answer."""

    @property
    def status(self) -> int:
        """Its status."""

    @property
    def body(self) -> bytes:
        """Its content."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""


class Session(Protocol):
    """What is needed of the guarded session."""

    requests: int

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        headers: Any = None,
        data: bytes | Iterable[bytes] | None = None,
    ) -> tuple[int, bytes, str]:
        """Return status, body and content type."""

    def exchange(self, method: str, url: str) -> Reply:
        """Return the whole answer."""


class RemoteRefused(SatuDataError):
    """The target understood and refused one dataset; the others may go on. ``fields``: those that it names as wrong."""

    def __init__(
        self, code: str, message: str, hint: str = "", values: Values | None = None, fields: Collection[str] = ()
    ) -> None:
        super().__init__(code, message, hint, values)
        self.fields = frozenset(fields)


class RemoteHidden(RemoteRefused):
    """The target has this dataset, but does not show it to us."""


class Remote:
    """A target's API. Reads are repeated where that helps; a write is repeated only when it surely was not carried out."""

    def __init__(self, url: str, session: Session, pause: float = 0.0, attempts: int = ATTEMPTS) -> None:
        """``pause``: seconds between two writes; ``attempts``: how often one request is made of a target that is busy."""
        self.url = url.rstrip("/")
        self.session = session
        self._pause, self._attempts, self._next_write = pause, attempts, 0.0

    def call(self, action: str, values: dict[str, Any]) -> Any:
        """Call an action and return its result; None when it does not exist or its object is not found.

        Raises RemoteRefused (this call is wrong), SourceError (the target is no CKAN or refuses the token), RetryLater.
        """
        return self._ask(action, {"Content-Type": "application/json"}, json.dumps(values).encode())

    def _ask(self, action: str, headers: dict[str, str], data: bytes | Iterable[bytes]) -> Any:
        address = f"{self.url}/api/3/action/{action}"
        for attempt in range(1, self._attempts + 1):
            try:
                status, body, _ = self.session.request("POST", address, headers=headers, data=data)
            except RetryLater as error:
                # 429 and 503 say that nothing was done; after a time-out nobody knows, so the next run looks first
                wait = error.seconds if error.seconds is not None else 2.0**attempt
                if error.code != "source-busy" or attempt == self._attempts or wait > LONGEST_WAIT:
                    raise
                time.sleep(wait)
            else:
                return self._result(action, address, status, body)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _result(self, action: str, address: str, status: int, body: bytes) -> Any:
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if status == 200 and isinstance(answer, dict) and answer.get("success"):
            return answer["result"]
        if status == 404 and isinstance(answer, dict):
            return None
        if status == 400 and isinstance(answer, str) and NO_SUCH_ACTION in answer:
            return None
        error = answer.get("error") if isinstance(answer, dict) else None
        values = {"action": action, "status": str(status)}
        if status in (400, 409) and error:
            fields, said = error if isinstance(error, dict) else (), _words(error)
            text, values = f"Sasaran menolak {action}: {said}", values | {"said": said}
            raise RemoteRefused("remote-refused", text, values=values, fields=fields)
        if status == 413:
            text = f"Sasaran menolak {action}: kiriman terlalu besar (status 413)."
            raise RemoteRefused("remote-too-big", text, "Turunkan setelan max_megabytes sasaran.", values)
        if status == 403 and error and action == "package_show":
            text = "Dataset ini ada di sasaran, tetapi tidak diperlihatkan kepada kita."
            raise RemoteHidden("remote-hidden", text, "Tanyakan kepada pengelola sasaran.")
        if status == 403:
            text = f"Sasaran {self.url} menolak {action}: token tidak sah atau tidak berhak."
            raise SourceError("remote-forbidden", text, "Periksa token dan haknya di organisasi sasaran.")
        if status >= 500:
            text = f"Sasaran menjawab status {status} pada {action}."
            raise RetryLater("remote-error", text, "Dicoba lagi nanti.", values=values)
        text = f"Sasaran {address} tidak menjawab seperti CKAN (status {status})."
        raise SourceError("remote-not-ckan", text, "Periksa alamat sasaran.")

    def write(self, action: str, values: dict[str, Any]) -> dict[str, Any]:
        """Call an action that writes and return its result; raises RemoteRefused when its object is not there (any more)."""
        with self._paced():
            return _there(action, self.call(action, values))

    def upload(self, action: str, values: dict[str, str], filename: str, file: BinaryIO) -> dict[str, Any]:
        """Call an action that takes ``file`` besides ``values``; as ``write``."""
        form = Form(values, "upload", filename, file)
        headers = {"Content-Type": form.content_type, "Content-Length": str(form.length)}
        with self._paced():
            return _there(action, self._ask(action, headers, form))

    def remove(self, action: str, values: dict[str, Any]) -> None:
        """Call an action that takes something away; what is gone already is fine."""
        with self._paced():
            self.call(action, values)

    @contextmanager
    def _paced(self) -> Iterator[None]:
        """Keep the pause between two writes."""
        wait = self._next_write - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            yield
        finally:
            self._next_write = time.monotonic() + self._pause if self._pause else 0.0

    def status(self) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Return what the target says of itself, and the headers of that answer."""
        address = f"{self.url}/api/3/action/status_show"
        reply = self.session.exchange("GET", address)
        return self._result("status_show", address, reply.status, reply.body) or {}, reply.headers

    def package(self, id_or_name: str) -> dict[str, Any] | None:
        """Return a dataset of the target, or None; raises RemoteHidden when it is not for us."""
        found: dict[str, Any] | None = self.call("package_show", {"id": id_or_name})
        return found

    def known_fields(self) -> frozenset[str]:
        """Return the dataset fields that the target's own schema has; empty when it has none or does not say."""
        try:
            schema = self.call("scheming_dataset_schema_show", {"type": "dataset"})
        except RemoteRefused:
            return frozenset()
        fields = schema.get("dataset_fields", []) if isinstance(schema, dict) else []
        return frozenset(str(field.get("field_name")) for field in fields)


def _there(action: str, done: dict[str, Any] | None) -> dict[str, Any]:
    if done is None:
        text = f"Sasaran tidak menemukan apa yang ditulis oleh {action}."
        raise RemoteRefused("remote-gone", text, values={"action": action})
    return done


def _words(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)[:300]
    return "; ".join(f"{key}: {value}" for key, value in error.items() if key != "__type")[:300]
