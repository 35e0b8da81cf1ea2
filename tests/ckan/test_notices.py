"""Notices: once when a source begins to fail, once when it is well again; sent by real servers, or later."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
import sources
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.model import Notice
from ckanext.satudatapaser.upkeep import outbox
from ckanext.satudatapaser.upkeep.after import after_run, retry_at
from inbox import Hook, Mailbox, hook_server, mail_server
from portal import Portal

pytestmark = [pytest.mark.ckan, pytest.mark.usefixtures("empty_catalogue")]
NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
UNIT = "unit@disdik.example.go.id"
GOOD = {"state": "finished", "added": 1}
STOPPED = {
    "state": "stopped",
    "reason": {"code": "identity-changed", "message": "Pengenal baru.", "hint": "Bandingkan dan ikat ulang."},
}


def busy(seconds: float | None = None) -> dict[str, Any]:
    """Return the result of a run whose source was too busy."""
    reason = {"code": "source-busy", "message": "Sumber sibuk.", "hint": "Coba lagi nanti.", "retry_after": seconds}
    return {"state": "failed", "reason": reason}


@pytest.fixture
def mailbox(ckan_config: Any) -> Iterator[Mailbox]:
    """A mail server that the portal sends through."""
    with mail_server() as box:
        ckan_config["smtp.server"], ckan_config["smtp.mail_from"] = box.place, "portal@example.go.id"
        yield box


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A web address that takes JSON."""
    with hook_server() as found:
        yield found


@pytest.fixture(autouse=True)
def _no_notices(site: None) -> None:
    model.Session.execute(sa.delete(Notice))
    model.Session.commit()


def address(mail: EmailMessage) -> str:
    """Return to whom a mail went."""
    return parseaddr(mail["To"])[1]


def notices(name: str) -> list[Any]:
    model.Session.remove()
    id = sources.source(name).id
    return list(model.Session.scalars(sa.select(Notice).where(Notice.source_id == id).order_by(Notice.created)))


def move_to(name: str, recipient: str) -> None:
    """Send what waits for a source to another address (tests have no https)."""
    model.Session.execute(
        sa.update(Notice).where(Notice.source_id == sources.source(name).id).values(recipient=recipient)
    )
    model.Session.commit()


def test_a_real_failure_and_recovery_are_mailed_once_each(portal: Portal, mailbox: Mailbox) -> None:
    name = sources.make(f"{portal.url}/data.json", title="Portal Disdik", notify=UNIT)
    portal.pages["/data.json"] = {"pesan": "halo"}
    for _ in range(3):
        assert sources.call("satudata_job_run", name=name)["state"] == "failed"
    assert sources.call("satudata_notice_send") == {"sent": 1, "failed": 0, "given_up": 0}
    assert sources.call("satudata_source_show", name=name)["failing_since"] is not None
    portal.pages["/data.json"] = {"dataset": [{"identifier": "1", "title": "Jumlah Sekolah", "accessLevel": "entah"}]}
    for _ in range(2):
        assert sources.call("satudata_job_run", name=name)["state"] == "finished"
    assert sources.call("satudata_notice_send") == {"sent": 1, "failed": 0, "given_up": 0}
    assert sources.source(name).failing_since is None
    failing, recovered = mailbox.mails
    assert (address(failing), "gagal" in failing["Subject"]) == (UNIT, True)
    assert f"/penarikan/{name}" in failing.get_content()
    assert "Yang perlu dilakukan" in failing.get_content()
    assert "berhasil lagi" in recovered["Subject"]


def test_a_dry_run_is_no_news(portal: Portal) -> None:
    name = sources.make(f"{portal.url}/data.json", notify=UNIT)
    assert sources.call("satudata_job_run", name=name, dry_run=True)["state"] == "failed"
    assert (sources.source(name).failing_since, notices(name)) == (None, [])


def test_a_missing_secret_is_news_too() -> None:
    name = sources.make(notify=UNIT, settings={"api_key": "belum-ada"})
    with pytest.raises(tk.ValidationError, match="belum-ada"):
        sources.call("satudata_job_run", name=name)
    assert [notice.content["code"] for notice in notices(name)] == ["secret-missing"]


def test_records_tried_again_are_no_news_of_their_source(portal: Portal) -> None:
    name = sources.make(f"{portal.url}/data.json", notify=UNIT)
    after_run(name, STOPPED)
    portal.pages["/data.json"] = {"dataset": [{"identifier": "1", "title": "Jumlah Sekolah", "accessLevel": "entah"}]}
    assert sources.call("satudata_job_run", name=name, only_failed=True)["state"] == "finished"
    assert sources.source(name).failing_since is not None


def test_who_is_told_is_checked_when_it_is_set_and_falls_back_to_the_default(ckan_config: Any) -> None:
    name = sources.make()
    with pytest.raises(tk.ValidationError) as error:
        sources.call("satudata_source_update", name=name, notify="disdik")
    assert "'disdik'" in error.value.error_dict["notify"][0]
    ckan_config["ckanext.satudatapaser.notify"] = "walidata@example.go.id, secret:hook-wa"
    after_run(name, STOPPED)
    assert {notice.recipient for notice in notices(name)} == {"walidata@example.go.id", "secret:hook-wa"}
    sources.call("satudata_source_update", name=name, notify=UNIT)
    after_run(name, GOOD)
    assert [notice.recipient for notice in notices(name)][2:] == [UNIT]
    assert sources.call("satudata_source_update", name=name, notify="")["notify"] == ""


def test_an_unreadable_default_is_logged_and_the_run_counts_all_the_same(
    ckan_config: Any, our_log: pytest.LogCaptureFixture
) -> None:
    name = sources.make()
    ckan_config["ckanext.satudatapaser.notify"] = "bukan alamat"
    assert after_run(name, STOPPED) == "failing"
    assert sources.source(name).failing_since is not None
    assert "'bukan'" in our_log.text


def test_several_workers_tell_each_change_once_and_send_each_notice_once(mailbox: Mailbox) -> None:
    name = sources.make(notify=f"{UNIT}, dua@example.go.id")
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        after_run(name, STOPPED)
        start.wait()
        outbox.deliver()
        model.Session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(address, mailbox.mails)) == ["dua@example.go.id", UNIT]
    assert {notice.state for notice in notices(name)} == {"sent"}


def test_a_web_address_gets_what_programs_need(hook: Hook) -> None:
    name = sources.make(notify="https://chat.example.org/x")
    after_run(name, STOPPED)
    move_to(name, hook.url)
    assert outbox.deliver()["sent"] == 1
    posted = hook.posts[0]
    assert (posted["event"], posted["source"], posted["state"]) == ("failing", name, "stopped")
    assert (posted["code"], posted["hint"]) == ("identity-changed", "Bandingkan dan ikat ulang.")


def test_what_does_not_arrive_is_tried_again_and_does_not_hold_up_the_rest(
    hook: Hook,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    our_log: pytest.LogCaptureFixture,
) -> None:
    name, other = sources.make(notify="https://chat.example.org/x"), sources.make(notify=UNIT)
    after_run(name, STOPPED)
    move_to(name, hook.url)
    after_run(other, STOPPED)
    hook.status = 500
    assert outbox.deliver() == {"sent": 1, "failed": 1, "given_up": 0}
    assert "status 500" in our_log.text
    assert outbox.deliver() == {"sent": 0, "failed": 0, "given_up": 0}
    hook.status, later = 204, clock.now() + dt.timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert outbox.is_waiting(later)
    assert outbox.deliver() == {"sent": 1, "failed": 0, "given_up": 0}
    assert not outbox.is_waiting(later + dt.timedelta(days=1))
    assert (len(hook.posts), notices(name)[0].attempts) == (2, 2)


def test_a_refused_mail_is_given_up_after_three_days(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    name, start = sources.make(notify=UNIT), clock.now()
    after_run(name, STOPPED)
    mailbox.refuses = True
    assert outbox.deliver()["failed"] == 1
    assert "no such mailbox" in sources.call("satudata_notice_list", name=name)[0]["last_error"]
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(days=3, minutes=1))
    assert outbox.deliver() == {"sent": 0, "failed": 0, "given_up": 1}
    assert [notice.state for notice in notices(name)] == ["given_up"]


def test_without_a_mail_server_nothing_counts_as_sent(ckan_config: Any) -> None:
    ckan_config["smtp.server"] = ""
    name = sources.make(notify=UNIT)
    after_run(name, STOPPED)
    assert outbox.deliver()["failed"] == 1
    assert "smtp.server" in notices(name)[0].last_error


def test_an_address_that_is_a_key_stands_in_no_answer_and_no_log(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, our_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SATUDATA_SECRET_HOOK_WA", hook.url)
    name = sources.make(notify="secret:hook-wa")
    after_run(name, STOPPED)
    hook.status = 503  # its message names the address
    assert outbox.deliver()["failed"] == 1
    kept = notices(name)[0].last_error
    assert "503" in kept
    assert "kunci-rahasia" not in kept + our_log.text + str(sources.call("satudata_notice_list", name=name))


def test_a_secret_that_is_not_stored_is_said_by_its_name() -> None:
    name = sources.make(notify="secret:belum-ada")
    after_run(name, STOPPED)
    assert outbox.deliver()["failed"] == 1
    assert "'belum-ada'" in notices(name)[0].last_error


RETRIES = [
    (busy(), 1, dt.timedelta(minutes=15)),
    (busy(), 2, dt.timedelta(hours=1)),
    (busy(), 3, dt.timedelta(hours=4)),
    (busy(), 4, None),  # from now on by the schedule alone
    (busy(1800), 1, dt.timedelta(minutes=30)),
    (busy(5), 1, dt.timedelta(minutes=15)),
    (busy(10_000_000), 1, dt.timedelta(days=1)),
    ({"state": "failed", "reason": {"code": "run-died"}}, 1, dt.timedelta(minutes=15)),
    ({"state": "failed", "reason": {"code": "source-not-json"}}, 1, None),
    (STOPPED, 1, None),
    (GOOD, 0, None),
]


@pytest.mark.parametrize(("result", "failures", "wait"), RETRIES)
def test_what_may_pass_by_itself_is_tried_again(
    result: dict[str, Any], failures: int, wait: dt.timedelta | None
) -> None:
    assert retry_at(result, failures, NOW) == (NOW + wait if wait else None)


def test_a_busy_source_is_queued_again_when_it_asked_for(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    name = sources.make(f"{portal.url}/data.json")
    before = clock.now()
    after_run(name, {**busy(1800), "job": sources.add_job(name, "failed", before)})
    moment = sources.source(name).next_run
    assert dt.timedelta(minutes=29) < moment - before < dt.timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert name in sources.call("satudata_tick")["sources"]
    assert sources.source(name).next_run is None


def test_a_retry_never_comes_later_than_the_schedule() -> None:
    name = sources.make(settings={"schedule": "* * * * *"})
    soon = sources.source(name).next_run
    after_run(name, {**busy(1800), "job": sources.add_job(name, "failed", clock.now())})
    assert sources.source(name).next_run == soon


def test_the_server_s_wish_is_kept_with_a_real_run(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudatapaser.logic import sources as logic_sources
    from ckanext.satudatapaser.net.guard import Policy
    from ckanext.satudatapaser.net.http import GuardedSession, Limits

    limits = Limits(per_second=0, attempts=1)
    session = GuardedSession(Policy.of(["127.0.0.0/8"]), limits, {})
    monkeypatch.setattr(logic_sources, "guarded_session", lambda *_, **__: session)
    name = sources.make(f"{portal.url}/data.json")
    portal.pages["/data.json"] = (503, "text/plain", b"sibuk")
    assert "retry_after" in sources.call("satudata_job_run", name=name)["reason"]
    assert sources.source(name).next_run is not None
