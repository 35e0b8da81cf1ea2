"""Notices on their way: by CKAN's mailer or as JSON to an https address, until they arrive or are too old."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer
from ckan.plugins import INotifier, PluginImplementations
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import ConfigError, SatuDataError
from ckanext.satudatapaser.model import Notice
from ckanext.satudatapaser.net.redact import redact
from ckanext.satudatapaser.net.session import guarded_session, secret
from ckanext.satudatapaser.upkeep.notice import MAIL, recipients

log = logging.getLogger(__name__)
SHORTEST, LONGEST = dt.timedelta(minutes=5), dt.timedelta(hours=6)
TOO_OLD = dt.timedelta(days=3)
# of a whole delivery, in seconds; shorter than SHORTEST, so that what hangs is not tried by two at once
TIMEOUT = 240


class NotSentError(Exception):
    """A notice did not arrive; the text holds no secret."""


def put(addresses: str, content: dict[str, Any], **about: str) -> None:
    """Let a notice wait for each of ``addresses``, in the present transaction; ``about``: source_id or target_id.

    Addresses of the ini file that cannot be used are logged; those of a source or target are checked when they are set.
    """
    try:
        wanted = recipients(addresses)
    except ConfigError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says all
        return
    for recipient in wanted:
        model.Session.add(Notice(event=content["event"], recipient=recipient, content=content, **about))


def is_waiting(now: dt.datetime) -> bool:
    """Tell whether a notice is to be sent."""
    return model.Session.scalar(sa.select(_due(now).exists())) is True


def _due(now: dt.datetime) -> Any:
    return sa.select(Notice).where(Notice.state == "waiting", Notice.next_try <= now)


def deliver() -> dict[str, int]:
    """Send what waits; return how many were sent, failed and given up. A failure is logged and tried again later.

    A notice is claimed before it is sent: of several workers one sends it, and one that hangs does not hold up the
    others. Only a crash between sending and noting it down sends a notice again.
    """
    counts = {"sent": 0, "failed": 0, "given_up": 0}
    while (claimed := _claim(clock.now())) is not None:
        try:
            send(claimed.recipient, claimed.content)
        except NotSentError as error:
            old = claimed.created < clock.now() - TOO_OLD
            _keep(claimed.id, last_error=str(error), state="given_up" if old else "waiting")
            counts["given_up" if old else "failed"] += 1
            log.warning("Notice %s (%s) was not sent: %s", claimed.id, claimed.event, error)
        else:
            _keep(claimed.id, state="sent", sent=clock.now(), last_error="")
            counts["sent"] += 1
    return counts


def _claim(now: dt.datetime) -> Any:
    """Return one due notice after setting the time of its next try, or None."""
    notice = model.Session.scalar(_due(now).order_by(Notice.next_try).limit(1).with_for_update(skip_locked=True))
    if notice is None:
        model.Session.rollback()
        return None
    notice.next_try = now + min(SHORTEST * 2**notice.attempts, LONGEST)
    notice.attempts += 1
    columns = [getattr(Notice, name) for name in ("id", "recipient", "content", "event", "created")]
    claimed = model.Session.execute(sa.select(*columns).where(Notice.id == notice.id)).one()
    model.Session.commit()
    return claimed


def _keep(id: str, **values: Any) -> None:
    model.Session.execute(sa.update(Notice).where(Notice.id == id).values(**values))
    model.Session.commit()


def send(recipient: str, content: dict[str, Any]) -> None:
    """Send one notice now; raises NotSentError with the reason."""
    if MAIL.fullmatch(recipient):
        _mail(recipient, content)
    else:
        _post(recipient, content)


def _mail(address: str, content: dict[str, Any]) -> None:
    if not tk.config.get("smtp.server") and not list(PluginImplementations(INotifier)):
        raise NotSentError("smtp.server is not set")  # CKAN's mailer would say nothing
    try:
        mailer.mail_recipient(address, address, content["subject"], content["text"])
    except (
        mailer.MailerException,
        OSError,
        AssertionError,
    ) as error:  # an assertion is its word for a missing password
        raise NotSentError(redact(str(error)) or type(error).__name__) from error


def _post(recipient: str, content: dict[str, Any]) -> None:
    hidden: tuple[str, ...] = ()
    try:
        address = recipient
        if recipient.startswith("secret:"):
            address = secret(recipient.removeprefix("secret:"))
            hidden = (address,)
        status, _ = guarded_session(hidden=hidden).post_json(address, content)
    except SatuDataError as error:
        raise NotSentError(redact(str(error), hidden)) from None
    if not 200 <= status < 300:
        raise NotSentError(f"status {status}")
