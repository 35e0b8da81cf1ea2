"""One run of one source, stage by stage: fetch -> guards -> decide -> write -> retire."""

from __future__ import annotations

import collections
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import GuardStop, RejectRecord, SatuDataError, SourceError
from ckanext.satudatapaser.harvesters import Kind, Net
from ckanext.satudatapaser.intake import ledger
from ckanext.satudatapaser.intake.decide import decide, prepare
from ckanext.satudatapaser.intake.identity import Known, Seen, identity_changed, key_function
from ckanext.satudatapaser.intake.retire import plan
from ckanext.satudatapaser.intake.write import Work, Writer
from ckanext.satudatapaser.lease import lease
from ckanext.satudatapaser.model import HarvestJob, HarvestSource
from ckanext.satudatapaser.record.fingerprint import canonical
from ckanext.satudatapaser.record.model import Issue, Outcome

CHUNK = 50
COUNTS = (
    "seen", "added", "updated", "unchanged", "missing", "archived", "restored", "held", "rejected", "failed",
)  # fmt: skip
Progress = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Show nothing."""


class Run:
    """State of one run; ``settings`` are parsed, ``net`` is a guarded session."""

    def __init__(
        self, source: HarvestSource, kind: Kind, settings: Mapping[str, Any], net: Net, progress: Progress = quiet
    ) -> None:
        self.source_id, self.url, self.owner = source.id, source.url, source.owner_org
        self.kind, self.settings, self.net, self.progress = kind, settings, net, progress
        self.counts: collections.Counter[str] = collections.Counter(dict.fromkeys(COUNTS, 0))
        self.job_id = ""

    def listing(self, spool: IO[str]) -> list[Seen]:
        """Fetch the whole listing into ``spool`` (a raw record a line); return what is needed to decide about each."""
        key_of = key_function(self.settings["identity"])
        seen: list[Seen] = []
        for page in self.kind.pages(self.url, self.settings, self.net):
            for raw in page.records:
                offset = spool.tell()
                spool.write(json.dumps(raw, ensure_ascii=False) + "\n")
                seen.append(self._see(len(seen), offset, raw, key_of))
        if not seen and not self.settings["allow_empty"]:
            raise SourceError(
                "source-empty",
                f"Sumber {self.url} menjawab daftar kosong; yang diharapkan paling sedikit satu catatan.",
                "Bila sumber memang kosong, tetapkan allow_empty=true.",
            )
        return seen

    def _see(self, position: int, offset: int, raw: Any, key_of: Any) -> Seen:
        try:
            record = prepare(self.kind.to_record(raw, self.settings), self.url, self.settings)
        except RejectRecord:
            return Seen(position, f"line-{position}", "", "", "", "", offset)
        return Seen(
            position,
            key_of(raw, record) or f"line-{position}",
            record.title,
            record.publisher,
            record.landing_page,
            "",
            offset,
        )


def organizations() -> dict[str, str]:
    """Return name -> id of every active organisation."""
    rows = model.Session.execute(
        sa.select(model.Group.name, model.Group.id).where(model.Group.is_organization, model.Group.state == "active")
    )
    return {row.name: row.id for row in rows}


def harvest(
    source: HarvestSource,
    kind: Kind,
    settings: Mapping[str, Any],
    net: Net,
    *,
    dry_run: bool = False,
    confirmed: bool = False,
    user: str = "",
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Run ``source`` once; return the job as a dict with its counts. Nothing is raised for a fault of the source."""
    start = time.monotonic()
    name = source.name
    try:
        with lease(f"source {source.id}"):
            ledger.close_dead_jobs(source.id)
            job = HarvestJob(source_id=source.id, dry_run=dry_run, created_by=user, counts={})
            model.Session.add(job)
            model.Session.commit()
            run = Run(source, kind, settings, net, progress)
            run.job_id = job.id
            reason = _stages(run, dry_run, confirmed)
            state = "finished" if reason is None else "stopped" if isinstance(reason, GuardStop) else "failed"
            _close(run, state, reason)
    except GuardStop as busy:
        return _result(name, "", "stopped", dry_run, dict.fromkeys(COUNTS, 0), busy, start)
    return _result(name, run.job_id, state, dry_run, run.counts, reason, start)


def _stages(run: Run, dry_run: bool, confirmed: bool) -> SatuDataError | None:
    with tempfile.TemporaryFile("w+", encoding="utf-8", prefix="satudata-") as spool:
        try:
            seen = run.listing(spool)
            known = ledger.known_records(run.source_id)
            moved = identity_changed(known, seen)
            if moved:
                raise GuardStop(
                    "identity-changed",
                    f"{len(moved)} dari {len(known)} catatan kembali dengan pengenal baru. Tidak ada yang ditulis.",
                    "Bandingkan dan ikat ulang: bin/ckan satudata source rebind NAMA (tambahkan --apply untuk menerapkan).",
                )
            writer = Writer(run.source_id, run.job_id, organizations(), run.settings["keep_fields"])
            _records(run, writer, seen, known, spool, dry_run)
            return _retire(run, writer, seen, known, dry_run, confirmed)
        except SatuDataError as error:
            model.Session.rollback()
            return error


def _records(
    run: Run, writer: Writer, seen: list[Seen], known: dict[str, Known], spool: IO[str], dry_run: bool
) -> None:
    if not dry_run:
        writer.index()
    done: set[str] = set()
    chunk: list[Work] = []
    rows: list[dict[str, Any]] = []
    for item in seen:
        run.counts["seen"] += 1
        work, row = _judge(run, writer, item, known, spool, done)
        done.add(item.key)
        if row:
            run.counts[row["outcome"]] += 1
            rows.append(row)
        elif work and dry_run:
            run.counts["updated" if work.known and work.known.package_id else "added"] += 1
        elif work:
            chunk.append(work)
        if len(chunk) >= CHUNK:
            _flush(run, writer, chunk)
        if len(rows) >= 1000:
            _save(run, rows, dry_run)
        run.progress(run.counts["seen"], len(seen))
    _flush(run, writer, chunk)
    _save(run, rows, dry_run)


def _flush(run: Run, writer: Writer, chunk: list[Work]) -> None:
    if chunk:
        for outcome in writer.write(chunk):
            if outcome is Outcome.RESTORED:
                run.counts["restored"] += 1
                run.counts["updated"] += 1
            else:
                run.counts[str(outcome)] += 1
        chunk.clear()
        ledger.beat(run.job_id, run.counts)
        model.Session.commit()


def _save(run: Run, rows: list[dict[str, Any]], dry_run: bool) -> None:
    if not dry_run:
        ledger.write_rows(rows)
        ledger.beat(run.job_id, run.counts)
    model.Session.commit()
    rows.clear()


def _judge(
    run: Run, writer: Writer, item: Seen, known: dict[str, Known], spool: IO[str], done: set[str]
) -> tuple[Work | None, dict[str, Any] | None]:
    """Return what is to be written, or the row of a record that is not."""
    spool.seek(item.offset)
    raw = json.loads(spool.readline())
    before = known.get(item.key)
    package_id = before.package_id if before else None
    try:
        record = prepare(run.kind.to_record(raw, run.settings), run.url, run.settings)
    except RejectRecord as error:
        issue = Issue(error.code, error.message, stage="map")
        return None, ledger.row(run.job_id, item, Outcome.REJECTED, [issue], None, raw)
    if item.key in done:
        text = (
            f"Pengenal {item.key!r} sudah dipakai catatan lain dalam daftar yang sama. Perbaiki pengenalnya di sumber."
        )
        issue = Issue("identifier-twice", text, "identifier", stage="identity")
        return None, ledger.row(run.job_id, item, Outcome.REJECTED, [issue], None, raw)
    decision = decide(record, run.owner, run.settings, writer.organizations)
    if decision.outcome:
        return None, ledger.row(run.job_id, item, decision.outcome, decision.issues, package_id, raw)
    if before and before.package_id and before.hash == decision.hash and not before.archived:
        return None, ledger.row(run.job_id, item, Outcome.UNCHANGED, (), package_id)
    return Work(item, decision, before, raw), None


def _retire(
    run: Run, writer: Writer, seen: list[Seen], known: dict[str, Known], dry_run: bool, confirmed: bool
) -> GuardStop | None:
    keys = {item.key for item in seen}
    todo = plan(known, keys, run.settings, clock.now(), confirmed)
    run.counts["missing"] = len(todo.waiting) + len(todo.archive)
    run.counts["archived"] = len(todo.archive)
    if not dry_run:
        for item in todo.archive:
            writer.archive(item, f"Diarsipkan {clock.today()}: tidak ada lagi di sumber")
        if not todo.stopped:
            for item in todo.waiting:
                since = item.missing_since or clock.now()
                ledger.set_objects([item.id], missing_runs=item.missing_runs + 1, missing_since=since)
        back = [known[key].id for key in keys if key in known and known[key].missing_runs and not known[key].archived]
        ledger.set_objects(back, missing_runs=0, missing_since=None)
        model.Session.commit()
    if todo.stopped:
        return GuardStop(
            "too-many-missing",
            f"{len(todo.waiting)} catatan hilang sekaligus dari sumber. Perubahan lain sudah ditulis; tidak ada yang diarsipkan.",
            "Bila memang benar: bin/ckan satudata source confirm-missing NAMA.",
        )
    return None


def _close(run: Run, state: str, reason: SatuDataError | None) -> None:
    model.Session.execute(
        sa.update(HarvestJob)
        .where(HarvestJob.id == run.job_id)
        .values(state=state, counts=dict(run.counts), reason=reason.as_dict() if reason else None, finished=clock.now())
    )
    model.Session.commit()


def _result(
    name: str,
    job: str,
    state: str,
    dry_run: bool,
    counts: Mapping[str, int],
    reason: SatuDataError | None,
    start: float,
) -> dict[str, Any]:
    result = {"source": name, "job": job, "state": state, "dry_run": dry_run, **{key: counts[key] for key in COUNTS}}
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
