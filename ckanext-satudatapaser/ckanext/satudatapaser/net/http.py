"""HTTP within limits: checked addresses, time, size, pace, retries; errors that say what was expected and what came."""

from __future__ import annotations

import dataclasses as dc
import hashlib
import io
import itertools
import json
import re
import ssl
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import urljoin

from ckanext.satudatapaser.errors import ConfigError, RetryLater, SourceError
from ckanext.satudatapaser.net import answers, faults, urls
from ckanext.satudatapaser.net.answers import Answer, Download, Reply
from ckanext.satudatapaser.net.body import OFFERED, content
from ckanext.satudatapaser.net.connect import Pools, Terms
from ckanext.satudatapaser.net.faults import Fault, FaultError, GiveUp, Unsent
from ckanext.satudatapaser.net.guard import Policy
from ckanext.satudatapaser.net.jsonlist import JsonList
from ckanext.satudatapaser.net.limits import Budget, Circuit, Limits, Pace, next_wait, retry_after
from ckanext.satudatapaser.net.redact import guard_logs, shown
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, Timeout
from urllib3.exceptions import HTTPError

USER_AGENT = "SatuDataPaser/0.1 (katalog data Kabupaten Paser; ckanext-satudatapaser)"
RETRY_STATUS = frozenset({429, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
READING = frozenset({"GET", "HEAD"})
# a caller's headers that may follow a redirect to another server; any other may be a secret
HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
Result = TypeVar("Result")
Texts = Mapping[str, str]
# in pieces: must give the same ones each time it is iterated, and Content-Length must be among the headers
Body = bytes | Iterable[bytes]


@dc.dataclass(frozen=True, slots=True)
class _Call:
    """One request as a caller wants it; ``subject`` is its URL as errors show it."""

    method: str
    first: urls.Target
    subject: str
    headers: dict[str, str]
    data: Body | None


class _InTime:
    """A file that can be read only while the session's time lasts."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file, self._budget = file, budget
        self.seek = file.seek

    def read(self, size: int = -1) -> bytes:
        self._budget.check()
        return self._file.read(size)


class GuardedSession:
    """HTTP for everything that leaves this machine: harvest, push, table files. For one thread.

    ``requests`` counts the requests made. ``headers`` go to the first server that the session asks, and to no other; their
    values are cut out of every error, as is what ``hidden`` holds (a URL that is a secret itself, say). No cookie is kept, no
    proxy used, no .netrc read.

    Errors: SourceError when the answer is not what it must be, RetryLater when the other side is down or asks to wait,
    ConfigError for a URL that is never asked. docs/outbound.md lists the codes.
    """

    def __init__(
        self,
        policy: Policy,
        limits: Limits | None = None,
        headers: Texts | None = None,
        tls: ssl.SSLContext | None = None,
        hidden: Iterable[str] = (),
    ) -> None:
        guard_logs()
        self.limits = limits or Limits()
        self.requests = 0
        self._private = _checked(headers or {})
        self._secrets = (*self._private.values(), *hidden)
        self._home: urls.Target | None = None
        self._budget = Budget(self.limits)
        self._pace = Pace(self.limits.per_second)
        self._circuit = Circuit(self.limits.circuit)
        self._pools = Pools(Terms(policy, self._budget), tls)

    def get_json(self, url: str, params: Texts | None = None, headers: Texts | None = None) -> Any:
        """Return the JSON at ``url``; anything but status 200 is an error."""
        status, body, kind = self.request("GET", url, params=params, headers=headers)
        with self._explained(shown(url, self._secrets)):
            return answers.parsed(self._expected(status, body), kind, self._secrets)

    @contextmanager
    def get_json_list(self, url: str, names: Collection[str]) -> Iterator[JsonList]:
        """Give the list under one of ``names`` in the JSON at ``url``, by way of a temporary file."""
        with tempfile.TemporaryFile(prefix="satudata-") as file:
            done = self.download(url, file)
            with self._explained(shown(url, self._secrets)):
                found = JsonList(cast(BinaryIO, _InTime(file, self._budget)), done.content_type, names, self._secrets)
                yield found

    def get_bytes(self, url: str, params: Texts | None = None, headers: Texts | None = None) -> bytes:
        """Return the body at ``url``; anything but status 200 is an error."""
        status, body, _ = self.request("GET", url, params=params, headers=headers)
        with self._explained(shown(url, self._secrets)):
            return self._expected(status, body)

    def get_if_changed(self, url: str, etag: str = "", modified: str = "") -> Answer | None:
        """Return the answer at ``url``, or None when it is still the one that ``etag`` and ``modified`` came with."""
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        # what was stored long ago may be damaged; asking without it is always right
        headers = {name: value for name, value in known.items() if value and _VALUE.fullmatch(value)}

        def take(response: BaseHTTPResponse) -> Answer | None:
            if response.status == 304 and headers:
                return None
            body = self._expected(response.status, self._read(response))
            named = response.headers.get
            return Answer(body, named("Content-Type", ""), named("ETag", ""), named("Last-Modified", ""))

        return self._repeated(self._call("GET", url, headers=headers), take)

    def download(self, url: str, file: BinaryIO, headers: Texts | None = None) -> Download:
        """Write the body at ``url`` to ``file``, from where it stands, without holding it in memory.

        After an error, what ``file`` holds is a part at best.
        """
        start = file.tell()

        def take(response: BaseHTTPResponse) -> Download:
            if response.status != 200:
                raise FaultError(answers.unexpected(response.status, self._start(response), self._secrets))
            file.seek(start)
            file.truncate()
            digest = hashlib.sha256()
            for chunk in self._content(response):
                file.write(chunk)
                digest.update(chunk)
            named = response.headers.get
            kind, etag, modified = named("Content-Type", ""), named("ETag", ""), named("Last-Modified", "")
            return Download(file.tell() - start, digest.hexdigest(), kind, etag, modified)

        return self._repeated(self._call("GET", url, headers=headers), take)

    def post_json(self, url: str, payload: Any, headers: Texts | None = None) -> tuple[int, Any]:
        """Post ``payload`` and return status and parsed answer (None when it is no JSON)."""
        words = {"Content-Type": "application/json", **(headers or {})}
        status, body, _ = self.request("POST", url, data=json.dumps(payload).encode(), headers=words)
        try:
            return status, json.loads(body)
        except (ValueError, RecursionError):
            return status, None

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Texts | None = None,
        headers: Texts | None = None,
        data: Body | None = None,
    ) -> tuple[int, bytes, str]:
        """Return status, body and content type; as ``exchange``."""
        reply = self.exchange(method, url, params=params, headers=headers, data=data)
        return reply.status, reply.body, reply.headers.get("Content-Type", "")

    def exchange(
        self,
        method: str,
        url: str,
        *,
        params: Texts | None = None,
        headers: Texts | None = None,
        data: Body | None = None,
    ) -> Reply:
        """Return the answer, whatever its status.

        GET and HEAD are tried again where that may help, and follow redirects; everything else is sent once (again only
        when no connection was made, so that nothing can have happened) and gets a redirect as the answer.
        """

        def take(response: BaseHTTPResponse) -> Reply:
            return Reply(response.status, self._read(response), response.headers)

        return self._repeated(self._call(method, url, params, headers, data), take)

    def _call(
        self,
        method: str,
        url: str,
        params: Texts | None = None,
        headers: Texts | None = None,
        data: Body | None = None,
    ) -> _Call:
        target = urls.parse(url, params, self._secrets)
        return _Call(method, target, shown(url, self._secrets), _checked(headers or {}), data)

    def _repeated(self, call: _Call, take: Callable[[BaseHTTPResponse], Result]) -> Result:
        """Ask until an answer is there that ``take`` can use, or there is no point in asking once more."""
        for attempt in itertools.count(1):
            try:
                return self._once(call, take)
            except GiveUp:
                raise
            except RetryLater as error:
                wait = next_wait(error.seconds, attempt, self.limits)
                if wait is None or not (call.method in READING or isinstance(error, Unsent)):
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, call: _Call, take: Callable[[BaseHTTPResponse], Result]) -> Result:
        self._home = self._home or call.first
        self._budget.start()
        target, subject = call.first, call.subject
        for _ in range(self.limits.redirects + 1):
            with self._explained(subject):
                self._budget.check()
                self._circuit.check(target.server)
                self._pace.wait(target.server)
                response = self._send(call, target)
                with response:
                    location = response.headers.get("Location")
                    if call.method not in READING or response.status not in REDIRECTS or not location:
                        if response.status in RETRY_STATUS:
                            raise FaultError(_busy(response))
                        return take(response)
                    target = self._redirected(target, location)
            subject = f"{call.subject} (dialihkan ke {shown(target.url, self._secrets)})"
        fault = Fault(SourceError, "source-redirects", f"mengalihkan lebih dari {self.limits.redirects} kali.")
        raise fault.error(subject, self._secrets)

    def _headers(self, call: _Call, target: urls.Target) -> HTTPHeaderDict:
        """Return what is sent to ``target``: a secret goes to the server that it was meant for, and along no redirect."""
        private = self._private if self._home and self._home.trusts(target) else {}
        everywhere = call.first.trusts(target)
        given = {name: value for name, value in call.headers.items() if everywhere or name.lower() in HARMLESS}
        headers = HTTPHeaderDict({"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": OFFERED})
        headers.update(private)
        headers.update(given)
        return headers

    def _send(self, call: _Call, target: urls.Target) -> BaseHTTPResponse:
        self.requests += 1
        self._budget.head()
        try:
            response = self._pools.urlopen(
                call.method, target.url, body=call.data, headers=self._headers(call, target), redirect=False, retries=False,
                preload_content=False, decode_content=False,
                timeout=Timeout(connect=self.limits.connect, read=self.limits.read),
            )  # fmt: skip
        except FaultError as error:
            if issubclass(error.fault.kind, Unsent):
                self._circuit.failed(target.server, error.fault)
            raise
        except (HTTPError, OSError) as error:
            raise FaultError(faults.of_transport(error, self.limits.read, None)) from None
        self._circuit.answered(target.server)
        if not self._budget.head_is_whole():
            response.close()
            raise FaultError(faults.broken_off_in_head())
        return response

    def _redirected(self, target: urls.Target, location: str) -> urls.Target:
        try:
            # servers write UTF-8 where the header's bytes are read as Latin-1
            place = location.encode("latin-1").decode("utf-8")
        except UnicodeError:
            place = location
        try:
            return urls.parse(urljoin(target.url, place), secrets=self._secrets)
        except (ConfigError, ValueError) as error:
            named = repr(shown(place, self._secrets))
            reason = error.message if isinstance(error, ConfigError) else f"Alamat {named} tidak sah."
            what = f"mengalihkan ke alamat yang tidak dapat dipakai. {reason}"
            raise FaultError(Fault(SourceError, "source-redirect-refused", what)) from None

    def _content(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in content(response, self.limits):
                size += len(chunk)
                yield chunk
        except (HTTPError, OSError) as error:
            raise FaultError(faults.of_transport(error, self.limits.read, size)) from None

    def _read(self, response: BaseHTTPResponse) -> bytes:
        body = io.BytesIO()
        body.writelines(self._content(response))
        return body.getvalue()

    def _start(self, response: BaseHTTPResponse) -> bytes:
        return next(self._content(response), b"")

    def _expected(self, status: int, body: bytes) -> bytes:
        if status != 200:
            raise FaultError(answers.unexpected(status, body, self._secrets))
        return body

    @contextmanager
    def _explained(self, subject: str) -> Iterator[None]:
        """Turn a fault into the error that callers know.

        Without its cause: tracebacks are logged, and those of the transport library quote URLs and headers.
        """
        try:
            yield
        except FaultError as error:
            raise error.fault.error(subject, self._secrets) from None


def _checked(headers: Texts) -> dict[str, str]:
    """Return ``headers``; raises ConfigError for one that would break the request (its value is not repeated)."""
    for name, value in headers.items():
        if not _VALUE.fullmatch(value):
            raise ConfigError(
                "header-invalid",
                f"Nilai untuk tajuk {name} memuat tanda yang tidak dapat dikirim (misalnya baris baru).",
                "Bila itu rahasia, simpan lagi nilainya: satu baris, tanpa tanda khusus.",
            )
    return dict(headers)


def _busy(response: BaseHTTPResponse) -> Fault:
    what = f"menjawab status {response.status} (sedang sibuk atau tidak tersedia)."
    return Fault(RetryLater, "source-busy", what, "Coba lagi nanti.", retry_after(response.headers.get("Retry-After")))
