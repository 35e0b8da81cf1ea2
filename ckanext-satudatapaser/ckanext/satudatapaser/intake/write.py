"""The only writer of harvested datasets: chunks in one transaction each, together with our rows; Solr beside it."""

from __future__ import annotations

import dataclasses as dc
import logging
import uuid
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.intake import ledger, package, saved
from ckanext.satudatapaser.intake.bulk import Bulk, Changed
from ckanext.satudatapaser.intake.decide import Decision
from ckanext.satudatapaser.intake.identity import Known, Seen
from ckanext.satudatapaser.intake.index import Index
from ckanext.satudatapaser.record.model import Issue, Outcome
from ckanext.satudatapaser.record.vocabulary import plain
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
VISIBLE_EVERY = 1000  # documents between two commits of the index: each costs Solr a new searcher


def topics() -> dict[str, str]:
    """Return plain title and name -> name of every active topic."""
    rows = model.Session.execute(
        sa.select(model.Group.name, model.Group.title).where(
            model.Group.is_organization.is_(False), model.Group.type == "group", model.Group.state == "active"
        )
    ).all()
    return {plain(word): row.name for row in rows for word in (row.title or row.name, row.name)}


@dc.dataclass(frozen=True, slots=True)
class Work:
    """One record to write: what the listing says, what was decided, what we knew, the raw record for its row."""

    seen: Seen
    decision: Decision
    known: Known | None
    raw: Any


@dc.dataclass(slots=True)
class Result:
    """What became of one record of a chunk."""

    work: Work
    outcome: Outcome
    package_id: str | None = None
    issues: tuple[Issue, ...] = ()
    closed: bool = False  # fewer people may see the dataset than before


class Writer:
    """Writes the records of one run. ``organizations``: name -> id."""

    def __init__(
        self, source_id: str, job_id: str, organizations: Mapping[str, str], keep_fields: Iterable[str]
    ) -> None:
        self.source_id = source_id
        self.job_id = job_id
        self.organizations = organizations
        self.keep = frozenset(keep_fields)
        self._unseen: list[str] = []  # datasets that Solr has been sent and not yet committed

    @cached_property
    def user(self) -> str:
        """The name that datasets are written under."""
        return str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])

    @cached_property
    def topics(self) -> dict[str, str]:
        """See ``topics``; asked for by the first run that writes something, as what follows."""
        return topics()

    @cached_property
    def bulk(self) -> Bulk:
        """What saves datasets."""
        return Bulk(self.user)

    @cached_property
    def index(self) -> Index:
        """The way to Solr."""
        return Index(self.user)

    def write(self, chunk: list[Work]) -> list[Outcome]:
        """Write a chunk and commit it; return the outcome of each record.

        A record that cannot be written rolls the chunk back; then each is written alone, so that only that one fails.
        """
        try:
            results = self._chunk(chunk)
            model.Session.commit()
        except Exception as error:
            model.Session.rollback()
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            if len(chunk) > 1:
                return [outcome for work in chunk for outcome in self.write([work])]
            # one record's fault is one record's row; the cause is in the log
            log.exception("record %s of job %s cannot be written", chunk[0].seen.key, self.job_id)
            issue = Issue("write-failed", f"Catatan tidak dapat ditulis: {type(error).__name__}.", stage="write")
            results = [Result(chunk[0], Outcome.FAILED, issues=(issue,))]
            self._keep(results)
            model.Session.commit()
        self._show([r.package_id for r in results if r.package_id], at_once=any(r.closed for r in results))
        return [result.outcome for result in results]

    def _chunk(self, chunk: list[Work]) -> list[Result]:
        ids = [work.known.package_id for work in chunk if work.known and work.known.package_id]
        existing = saved.packages(ids) if ids else {}
        results = self._update([work for work in chunk if _id(work) in existing], existing)
        results += self._create([work for work in chunk if _id(work) not in existing])
        self._keep(results)
        by_key = {result.work.seen.key: result for result in results}
        return [by_key[work.seen.key] for work in chunk]

    def _create(self, new: list[Work]) -> list[Result]:
        names = self._names(new)
        results, checked = [], []
        for work in new:
            decision = work.decision
            values = {
                **package.fields(decision, self.organizations[decision.organization], self.topics),
                "id": str(uuid.uuid4()),
                "name": names[work.seen.key],
                "resources": package.resources(decision.record.resources, []),
            }
            try:
                checked.append(self.bulk.check_new(values))
                results.append(Result(work, Outcome.ADDED, values["id"], decision.issues))
            except tk.ValidationError as error:
                results.append(Result(work, Outcome.REJECTED, issues=_issues(error)))
        if checked:
            self.bulk.create(checked)
        return results

    def _names(self, new: list[Work]) -> dict[str, str]:
        """Return a free name for each new dataset by its record's key."""
        wanted = {package.slug(work.seen.title) for work in new}
        taken = set(model.Session.scalars(sa.select(model.Package.name).where(model.Package.name.in_(wanted))))
        names = {}
        for work in new:
            names[work.seen.key] = package.free_name(work.seen.title, f"{self.source_id}{work.seen.key}", taken)
            taken.add(names[work.seen.key])
        return names

    def _update(self, changed: list[Work], existing: Mapping[str, model.Package]) -> list[Result]:
        shown = self.index.shown.customs([_id(work) for work in changed]) if changed else {}
        results, checked = [], []
        for work in changed:
            id = _id(work)
            organization = self.organizations[work.decision.organization]
            values = package.updated(shown[id], work.decision, organization, self.keep, self.topics)
            try:
                checked.append(self.bulk.check_changed(existing[id], values, shown[id]))
                back = bool(work.known and work.known.archived)
                outcome = Outcome.RESTORED if back else Outcome.UPDATED
                results.append(Result(work, outcome, id, work.decision.issues, package.closes(shown[id], values)))
            except tk.ValidationError as error:
                closes = package.closes(shown[id], values)
                if closes:
                    checked.append(self._made_private(existing[id], shown[id], {"publishing_status": "submitted"}))
                results.append(Result(work, Outcome.REJECTED, id, _issues(error), closes))
        self.bulk.change(checked)
        return results

    def _keep(self, results: list[Result]) -> None:
        """Keep the row and the state of each record, in the present transaction."""
        rows, objects = [], []
        for result in results:
            work, written = result.work, result.outcome in (Outcome.ADDED, Outcome.UPDATED, Outcome.RESTORED)
            shown = Outcome.UPDATED if result.outcome is Outcome.RESTORED else result.outcome
            package_id = result.package_id or (work.known.package_id if work.known else None)
            raw = None if written else work.raw
            rows.append(ledger.row(self.job_id, work.seen, shown, result.issues, package_id, raw))
            objects.append(
                ledger.object_row(
                    self.source_id, work.seen, hash=work.decision.hash if written else "", outcome=str(shown),
                    package_id=package_id, needs_index=written or result.closed, mark=work.seen.mark if written else None,
                    issues=[issue.as_dict() for issue in result.issues],
                )
            )  # fmt: skip
        ledger.write_rows(rows)
        ledger.remember(objects)

    def archive(self, gone: list[Known], note: str) -> None:
        """Make the datasets of vanished records private, with a note; ids and everything else stay."""
        existing = saved.packages([item.package_id for item in gone if item.package_id])
        self._close(existing, {"publishing_status": "archived", "version": note})
        changes = {"archived": True, "outcome": str(Outcome.ARCHIVED), "hash": "", "mark": None}
        self._closed(gone, changes)

    def close(self, doubtful: list[tuple[Known, str | None]]) -> None:
        """Make public datasets private whose record cannot be written and has another class of access now.

        ``doubtful``: record and class, None when nobody knows it. Whoever knows it publishes the dataset again.
        """
        classes = {item.package_id: access for item, access in doubtful if item.package_id}
        existing = {
            id: found for id, found in saved.packages(list(classes)).items()
            if not found.private and (found.extras or {}).get("accessRights") != classes[id]
        }  # fmt: skip
        if existing:
            self._close(existing, {"publishing_status": "submitted"})
            self._closed([item for item, _ in doubtful if item.package_id in existing], {"hash": "", "mark": None})

    def _close(self, existing: Mapping[str, model.Package], values: dict[str, Any]) -> None:
        shown = self.index.shown.customs(list(existing))
        self.bulk.change([self._made_private(found, shown[id], values) for id, found in existing.items()])

    def _made_private(self, existing: model.Package, shown: dict[str, Any], values: dict[str, Any]) -> Changed:
        return self.bulk.check_changed(existing, {**shown, "private": True, **values}, shown)

    def _closed(self, records: list[Known], changes: dict[str, Any]) -> None:
        ledger.set_objects([item.id for item in records], needs_index=True, **changes)
        model.Session.commit()
        self._show([item.package_id for item in records if item.package_id], at_once=True)

    def catch_up(self) -> None:
        """Give Solr what a run that died wrote without telling it, and let searches see it."""
        waiting = ledger.waiting_for_index(self.source_id)
        for start in range(0, len(waiting), 100):
            self._show(waiting[start : start + 100], at_once=True)

    def _show(self, ids: list[str], at_once: bool = False) -> None:
        """Send datasets to Solr; ``at_once``: searches must not find any longer what they say now."""
        if ids:
            self.index.add(ids)
            self._unseen += ids
        if at_once or len(self._unseen) >= VISIBLE_EVERY:
            self.finish()
        model.Session.rollback()
        model.Session.expunge_all()

    def finish(self) -> None:
        """Let searches see everything that was written; raises RetryLater when Solr does not take it."""
        if self._unseen:
            self.index.commit()
            ledger.indexed(self.source_id, self._unseen)
            model.Session.commit()
            self._unseen = []


def _id(work: Work) -> str:
    return (work.known.package_id if work.known else None) or ""


def _issues(error: tk.ValidationError) -> tuple[Issue, ...]:
    return tuple(
        Issue("write-refused", f"{field}: {message}", str(field), stage="write", value=f"{field}: {message}")
        for field, messages in error.error_dict.items()
        for message in (messages if isinstance(messages, list) else [messages])
    )
