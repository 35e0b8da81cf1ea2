"""The only writer of harvested datasets: chunks in one transaction each, together with our rows; Solr after it."""

from __future__ import annotations

import dataclasses as dc
import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import logic, model
from ckan.lib import search
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser.intake import ledger, package
from ckanext.satudatapaser.intake.decide import Decision
from ckanext.satudatapaser.intake.identity import Known, Seen
from ckanext.satudatapaser.model import HarvestObject
from ckanext.satudatapaser.record.model import Issue, Outcome
from ckanext.satudatapaser.record.vocabulary import plain

log = logging.getLogger(__name__)


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


class Writer:
    """Writes the records of one run. ``organizations``: name -> id."""

    def __init__(
        self, source_id: str, job_id: str, organizations: Mapping[str, str], keep_fields: Iterable[str]
    ) -> None:
        self.source_id = source_id
        self.job_id = job_id
        self.organizations = organizations
        self.keep = frozenset(keep_fields)
        self.topics = topics()
        self.user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def write(self, chunk: list[Work]) -> list[Outcome]:
        """Write a chunk and commit it; return the outcome of each record.

        A record that cannot be written rolls the chunk back; then each is written alone, so that only that one fails.
        """
        try:
            outcomes = [self._one(work) for work in chunk]
            model.Session.commit()
        except Exception:  # noqa: BLE001 - whatever one record does must not lose the others
            model.Session.rollback()
            outcomes = [self._alone(work) for work in chunk]
        self.index()
        return outcomes

    def _alone(self, work: Work) -> Outcome:
        try:
            outcome = self._one(work)
            model.Session.commit()
        except tk.ValidationError as error:
            model.Session.rollback()
            return self._unwritten(work, Outcome.REJECTED, _issues(error))
        except Exception as error:  # one record's fault is one record's row; the cause is in the log
            log.exception("record %s of job %s cannot be written", work.seen.key, self.job_id)
            model.Session.rollback()
            issue = Issue("write-failed", f"Catatan tidak dapat ditulis: {type(error).__name__}.", stage="write")
            return self._unwritten(work, Outcome.FAILED, [issue])
        return outcome

    def _unwritten(self, work: Work, outcome: Outcome, issues: list[Issue]) -> Outcome:
        package_id = work.known.package_id if work.known else None
        ledger.write_rows([ledger.row(self.job_id, work.seen, outcome, issues, package_id, work.raw)])
        ledger.remember(self.source_id, work.seen, hash="", outcome=str(outcome), package_id=package_id)
        model.Session.commit()
        return outcome

    def _one(self, work: Work) -> Outcome:
        existing = self._existing(work.known)
        outcome = Outcome.UPDATED if existing else Outcome.ADDED
        if existing:
            package_id = self._update(work, existing)
            outcome = Outcome.RESTORED if work.known and work.known.archived else Outcome.UPDATED
        else:
            package_id = self._create(work)
        shown = Outcome.UPDATED if outcome is Outcome.RESTORED else outcome
        ledger.write_rows([ledger.row(self.job_id, work.seen, shown, work.decision.issues, package_id)])
        ledger.remember(
            self.source_id,
            work.seen,
            hash=work.decision.hash,
            outcome=str(shown),
            package_id=package_id,
            needs_index=True,
        )
        return outcome

    def _existing(self, known: Known | None) -> dict[str, Any] | None:
        if not known or not known.package_id:
            return None
        try:
            context = {"user": self.user, "use_cache": False}
            found: dict[str, Any] = tk.get_action("package_show")(context, {"id": known.package_id})
        except tk.ObjectNotFound:
            return None
        return found if found["state"] == "active" else None

    def _context(self) -> dict[str, Any]:
        return {"user": self.user, "defer_commit": True, "return_id_only": True, "satudata_may_set_status": True}

    def _create(self, work: Work) -> str:
        organization = self.organizations[work.decision.organization]
        name = package.slug(work.seen.title)
        taken = model.Session.scalars(sa.select(model.Package.name).where(model.Package.name == name)).all()
        values = {
            **package.fields(work.decision, organization, self.topics),
            "id": str(uuid.uuid4()),
            "name": package.free_name(work.seen.title, f"{self.source_id}{work.seen.key}", taken),
            "resources": package.resources(work.decision.record.resources, []),
        }
        created: str = tk.get_action("package_create")(self._context(), values)
        return created

    def _update(self, work: Work, existing: dict[str, Any]) -> str:
        organization = self.organizations[work.decision.organization]
        values = package.updated(existing, work.decision, organization, self.keep, self.topics)
        values.pop("metadata_modified", None)
        changed: str = tk.get_action("package_update")(self._context(), values)
        return changed

    def archive(self, known: Known, note: str) -> None:
        """Make the dataset of a vanished record private, with a note; its id and everything else stays."""
        existing = self._existing(known)
        if existing:
            values = {**existing, "private": True, "publishing_status": "archived", "version": note}
            values.pop("metadata_modified", None)
            tk.get_action("package_update")(self._context(), values)
        ledger.set_objects(
            [known.id], archived=True, outcome=str(Outcome.ARCHIVED), hash="", needs_index=bool(existing)
        )
        model.Session.commit()
        self.index()

    def index(self) -> None:
        """Give Solr every dataset of this source that it has yet to see, also those of a run that died."""
        query = sa.select(HarvestObject.id, HarvestObject.package_id).where(
            HarvestObject.source_id == self.source_id, HarvestObject.needs_index
        )
        waiting = model.Session.execute(query).all()
        if not waiting:
            return
        for _, package_id in waiting:
            if package_id:
                logic.index_update_package({"ignore_auth": True}, package_id, True)
        search.commit()
        ledger.set_objects([object_id for object_id, _ in waiting], needs_index=False)
        model.Session.commit()
        model.Session.remove()


def _issues(error: tk.ValidationError) -> list[Issue]:
    return [
        Issue("write-refused", f"{field}: {message}", str(field), stage="write")
        for field, messages in error.error_dict.items()
        for message in (messages if isinstance(messages, list) else [messages])
    ]
