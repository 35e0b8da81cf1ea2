"""One run of one source, stage by stage: fetch -> guards -> decide -> write -> retire."""

from __future__ import annotations

import collections
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import ConfigError, GuardStop, RejectRecord, RetryLater, SatuDataError
from ckanext.satudatapaser.harvesters import Kind, Net
from ckanext.satudatapaser.intake import ledger
from ckanext.satudatapaser.intake.decide import decide, prepare
from ckanext.satudatapaser.intake.identity import Known, Same, Seen, is_change_of_identity, rebinding
from ckanext.satudatapaser.intake.listing import Lister, Listing, spooled
from ckanext.satudatapaser.intake.retire import plan
from ckanext.satudatapaser.intake.write import Work, Writer
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.record.fingerprint import canonical
from ckanext.satudatapaser.record.model import Issue, Outcome
from sqlalchemy.exc import DBAPIError, ProgrammingError

CHUNK, ROWS = 100, 5000
COUNTS = (
    "seen", "added", "updated", "unchanged", "missing", "archived", "restored", "held", "rejected", "failed",
)  # fmt: skip
Progress = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Show nothing."""


def organizations() -> dict[str, str]:
    """Return name -> id of every active organisation."""
    rows = model.Session.execute(
        sa.select(model.Group.name, model.Group.id).where(model.Group.is_organization, model.Group.state == "active")
    )
    return {row.name: row.id for row in rows}


class Run:
    """State of one run; ``settings`` are parsed, ``net`` is a guarded session.

    ``full``: fetch everything even where the source can tell what changed; ``only_failed``: look only at records that
    failed before; ``confirmed``: a person has confirmed that the many missing records are gone.
    """

    def __init__(
        self,
        source: HarvestSource,
        kind: Kind,
        settings: Mapping[str, Any],
        net: Net,
        *,
        dry_run: bool = False,
        confirmed: bool = False,
        full: bool = False,
        only_failed: bool = False,
        progress: Progress = quiet,
    ) -> None:
        self.source_id, self.url, self.owner = source.id, source.url, source.owner_org
        self.watermark, self.last_full = source.watermark, source.last_full
        self.kind, self.settings, self.net, self.progress = kind, settings, net, progress
        self.dry_run, self.confirmed, self.full, self.only_failed = dry_run, confirmed, full, only_failed
        self.counts: collections.Counter[str] = collections.Counter(dict.fromkeys(COUNTS, 0))
        self.job_id = ""
        self.rows: list[dict[str, Any]] = []
        self.unchanged: list[tuple[int, str]] = []
        self.marks: list[tuple[str, bytes, tuple[Issue, ...]]] = []
        # records that cannot be written, whose source no longer calls them open
        self.doubtful: list[tuple[Known, str | None]] = []

    def since(self, lister: Lister) -> str:
        """Return the stamp from which changes are enough, "" when the whole listing is due.

        Whole: asked for, the last one older than ``full_days``, other settings or code since, or records whose case is open.
        """
        version, _, stamp = self.watermark.partition(" ")
        due = clock.now() - dt.timedelta(days=float(self.settings["full_days"]))
        if self.full or self.only_failed or version != lister.version.hex() or not self.last_full:
            return ""
        return stamp if self.last_full > due and ledger.all_settled(self.source_id) else ""

    def stages(self) -> SatuDataError | None:
        """Run all stages; return why the run ended early, if so."""
        lister = Lister(self.url, self.owner, self.kind, self.settings, self.net, ledger.marks(self.source_id))
        with tempfile.TemporaryFile(prefix="satudata-") as spool:
            try:
                writer = Writer(self.source_id, self.job_id, organizations(), self.settings["keep_fields"])
                if not self.dry_run:
                    # before the source is asked: one that is away must not keep what was closed findable
                    writer.catch_up()
                listing = lister.read(spool, self.since(lister))
                known = ledger.known_records(self.source_id, listing.same())
                self._guard_identity(known, listing)
                self._records(writer, listing, known, spool)
                if not listing.complete and not listing.problem:
                    self._unmentioned(listing)
                stopped = self._retire(writer, listing, known)
                writer.finish()
                self._remember(lister, listing, stopped)
            except SatuDataError as error:
                model.Session.rollback()
                return error
            return stopped or listing.problem

    def _guard_identity(self, known: Mapping[str, Known], listing: Listing) -> None:
        seen, same = listing.seen(), len(listing.same())
        if not listing.complete or not known.keys() - {item.key for item in seen}:
            return
        moved = rebinding(known.values(), seen, ledger.strangers(self.source_id))
        if is_change_of_identity(moved, known.values(), same):
            total = len(known) + same
            raise GuardStop(
                "identity-changed",
                f"{len(moved)} dari {total} catatan kembali dengan pengenal baru. Tidak ada yang ditulis.",
                "Bandingkan dan ikat ulang: bin/ckan satudata source rebind NAMA (tambahkan --apply untuk menerapkan).",
            )

    def _records(self, writer: Writer, listing: Listing, known: dict[str, Known], spool: IO[bytes]) -> None:
        # the entry that came back word for word is the record; whatever else claims its key is another one
        done = ledger.taken_keys(self.source_id, listing.same(), [item.key for item in listing.seen()])
        chunk: list[Work] = []
        total = len(listing.items)
        for item in listing.items:
            if isinstance(item, Same):
                if not self.only_failed:
                    self._same(item)
            elif work := self._judge(writer, item, known, spool, done):
                chunk.append(work)
            if len(chunk) >= CHUNK:
                self._flush(writer, chunk)
            if len(self.rows) + len(self.unchanged) >= ROWS:
                self._save()
            self.progress(item.position + 1, total)
        self._flush(writer, chunk)
        if not self.dry_run:
            for start in range(0, len(self.doubtful), CHUNK):
                writer.close(self.doubtful[start : start + CHUNK])
        self._save()

    def _same(self, item: Same) -> None:
        self.counts["seen"] += 1
        self.counts["unchanged"] += 1
        self.unchanged.append((item.position, item.id))

    def _unmentioned(self, listing: Listing) -> None:
        """Count what a source that names its changes did not name: it vouches that those are as they were."""
        if self.dry_run:
            return
        named = [item.key for item in listing.seen()] + ledger.keys(listing.same())
        count = ledger.write_unmentioned(self.job_id, self.source_id, named, len(listing.items))
        self.counts["seen"] += count
        self.counts["unchanged"] += count
        model.Session.commit()

    def _flush(self, writer: Writer, chunk: list[Work]) -> None:
        if chunk and self.dry_run:
            for work in chunk:
                self.counts["updated" if work.known and work.known.package_id else "added"] += 1
        elif chunk:
            for outcome in writer.write(chunk):
                if outcome is Outcome.RESTORED:
                    self.counts["restored"] += 1
                    self.counts["updated"] += 1
                else:
                    self.counts[str(outcome)] += 1
            self._beat()
        chunk.clear()

    def _save(self) -> None:
        if not self.dry_run:
            ledger.write_rows(self.rows)
            ledger.write_unchanged(self.job_id, self.unchanged)
            ledger.set_marks(self.marks)
            self._beat()
        self.rows, self.unchanged, self.marks = [], [], []

    def _beat(self) -> None:
        ledger.beat(self.job_id, self.counts)
        model.Session.commit()
        if ledger.cancelled(self.job_id):
            raise GuardStop(
                "cancelled", "Penarikan dibatalkan. Yang sudah ditulis tetap tersimpan.", "Tarik lagi bila perlu."
            )

    def _judge(
        self, writer: Writer, item: Seen, known: Mapping[str, Known], spool: IO[bytes], done: set[str]
    ) -> Work | None:
        """Return what is to be written; count and keep the row of a record that is not."""
        before = known.get(item.key)
        if self.only_failed and (before is None or before.outcome != "failed"):
            return None
        self.counts["seen"] += 1
        package_id = before.package_id if before else None
        raw, record = spooled(spool, item)

        def ends(outcome: Outcome, issues: tuple[Issue, ...], kept: Any = None) -> None:
            self.counts[str(outcome)] += 1
            self.rows.append(ledger.row(self.job_id, item, outcome, issues, package_id, kept))

        if isinstance(record, Issue):
            ends(Outcome.REJECTED, (record,), raw)
            return None
        if item.key in done:
            text = f"Pengenal {item.key!r} sudah dipakai catatan lain dalam daftar yang sama. Perbaiki pengenalnya di sumber."
            ends(
                Outcome.REJECTED,
                (Issue("identifier-twice", text, "identifier", stage="identity", value=item.key),),
                raw,
            )
            return None
        done.add(item.key)
        decision = decide(record, self.owner, self.settings, writer.organizations)
        if decision.outcome:
            said = record.access or record.access_stated
            if before and before.package_id and before.hash and said and record.access != "terbuka":
                # closed once: when a person opens it again, that holds until the source changes
                self.doubtful.append((before, record.access))
            ends(decision.outcome, decision.issues, raw)
            return None
        if before and before.package_id and before.hash == decision.hash and not before.archived:
            self.marks.append((before.id, item.mark, decision.issues))
            ends(Outcome.UNCHANGED, decision.issues)
            return None
        return Work(item, decision, before, raw)

    def _retire(self, writer: Writer, listing: Listing, known: Mapping[str, Known]) -> GuardStop | None:
        """Deal with what a complete listing no longer has."""
        keys = {item.key for item in listing.seen()}
        if not self.dry_run:
            ledger.came_back(self.source_id, [*listing.same(), *(known[key].id for key in keys if key in known)])
        if not listing.complete or self.only_failed:
            return None
        todo = plan(known, keys, self.settings, clock.now(), self.confirmed, len(listing.same()))
        self.counts["missing"] = len(todo.waiting) + len(todo.archive)
        self.counts["archived"] = len(todo.archive)
        if not self.dry_run:
            for start in range(0, len(todo.archive), CHUNK):
                gone = list(todo.archive[start : start + CHUNK])
                writer.archive(gone, f"Diarsipkan {clock.today()}: tidak ada lagi di sumber")
            if not todo.stopped:
                ledger.still_missing([item.id for item in todo.waiting])
            model.Session.commit()
        if todo.stopped:
            return GuardStop(
                "too-many-missing",
                f"{len(todo.waiting)} catatan hilang sekaligus dari sumber. "
                "Perubahan lain sudah ditulis; tidak ada yang diarsipkan.",
                "Bila memang benar: bin/ckan satudata source confirm-missing NAMA.",
            )
        return None

    def _remember(self, lister: Lister, listing: Listing, stopped: GuardStop | None) -> None:
        """Keep how far the source's own clock is, so that the next run can ask for changes only."""
        if self.dry_run or self.only_failed or listing.problem or stopped:
            return
        stamp = max(listing.newest, self.watermark.partition(" ")[2] if not listing.complete else "")
        values: dict[str, Any] = {"watermark": f"{lister.version.hex()} {stamp}" if stamp else ""}
        if listing.complete:
            values["last_full"] = clock.now()
        ledger.set_source(self.source_id, **values)
        model.Session.commit()


def harvest(
    source: HarvestSource,
    kind: Kind,
    settings: Mapping[str, Any],
    net: Net,
    *,
    user: str = "",
    wait: bool = False,
    **how: Any,
) -> dict[str, Any]:
    """Run ``source`` once (``how``: see Run); return the job as a dict with its counts. A fault of the source is a result.

    While another run of the source is under way this one ends at once, or with ``wait`` begins after it.
    """
    start, name, source_id = time.monotonic(), source.name, source.id
    run = Run(source, kind, settings, net, **how)
    state, reason = "stopped", None
    try:
        with lease(f"source {source_id}", wait):
            ledger.close_dead_jobs(source_id)
            how = {"dry_run": run.dry_run, "only_failed": run.only_failed}
            job = HarvestJob(source_id=source_id, created_by=user, counts={}, **how)
            model.Session.add(job)
            model.Session.commit()
            run.job_id = job.id
            reason = run.stages()
            state = "finished" if reason is None else "stopped" if isinstance(reason, GuardStop) else "failed"
            ledger.close_job(run.job_id, state, run.counts, reason.as_dict() if reason else None)
    except GuardStop as busy:
        reason = busy
    except DBAPIError as error:
        # the run stays marked as running; whoever gets the lease next closes it
        model.Session.remove()
        state, reason = "failed", _database_fault(error)
    return _result(name, state, run, reason, start)


def _database_fault(error: DBAPIError) -> SatuDataError:
    if isinstance(error, ProgrammingError):
        return ConfigError(
            "database-outdated",
            f"Basis data tidak mengenal tabel atau kolom yang diminta ({type(error.orig).__name__}).",
            "Jalankan: bin/ckan db upgrade -p satudatapaser.",
        )
    return RetryLater(
        "database-unavailable",
        f"Basis data terputus ({type(error.orig).__name__}). Yang sudah ditulis tetap tersimpan.",
        "Periksa PostgreSQL; penarikan berikutnya melanjutkan.",
    )


def _result(name: str, state: str, run: Run, reason: SatuDataError | None, start: float) -> dict[str, Any]:
    counts = {key: run.counts[key] for key in COUNTS}
    result = {"source": name, "job": run.job_id, "state": state, "dry_run": run.dry_run, **counts}
    if reason:
        result["reason"] = reason.as_dict()
    return {**result, "seconds": round(time.monotonic() - start, 2)}


def preview(
    source: HarvestSource, kind: Kind, settings: Mapping[str, Any], net: Net, limit: int
) -> Iterator[dict[str, Any]]:
    """Yield the first ``limit`` records as they came, as they would be kept, and what was found; writes nothing."""
    known = organizations()
    left = limit
    for page in kind.pages(source.url, settings, net):
        for raw in page.records[:left]:
            left -= 1
            try:
                record = prepare(kind.to_record(raw, settings), source.url, settings)
            except RejectRecord as error:
                yield {"raw": raw, "mapped": None, "outcome": "rejected", "issues": [error.as_dict()]}
                continue
            decision = decide(record, source.owner_org, settings, known)
            yield {
                "raw": raw,
                "mapped": canonical(record),
                "outcome": str(decision.outcome or decision.status),
                "issues": [issue.as_dict() for issue in decision.issues],
            }
        if left <= 0:
            return
