"""The walidata's pages on sources: who may see them, what their forms save, and the clicks that let held records in."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sources
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.cli import satudata
from ckanext.satudatapaser.logic.action.job import run_in_background
from ckanext.satudatapaser.model import HarvestJob
from click.testing import CliRunner
from portal import Portal
from readers import PASSWORD, Reader

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.usefixtures("empty_catalogue")]
PAGES = ("", "/tambah", "/NAME", "/NAME/ubah", "/NAME/uji", "/NAME/jalan/JOB", "/NAME/bandingkan", "/NAME/hilang")
POSTS = (
    "/tambah?jenis=datajson", "/NAME/ubah", "/NAME/tarik", "/NAME/setujui", "/NAME/jeda", "/NAME/lanjutkan", "/NAME/ulangi",
    "/NAME/batalkan", "/NAME/petakan", "/NAME/akses-baku", "/NAME/arti-akses", "/NAME/ikat-ulang", "/NAME/arsipkan",
)  # fmt: skip


def record(number: int, **values: Any) -> dict[str, Any]:
    """Return one good entry of a data.json."""
    return {
        "identifier": f"r-{number}", "title": f"Jumlah Sekolah {number}", "description": "Keterangan.",
        "accessLevel": "public", "license": "cc-by", "publisher": {"name": "Dinas Pendidikan"},
        "distribution": [{"title": "Tabel", "downloadURL": f"https://disdik.example.go.id/{number}.csv", "format": "CSV"}],
        **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def people(empty_catalogue: None) -> dict[str, dict[str, Any]]:
    """Two of the walidata, a steward of an agency."""
    walidata = factories.Organization(name="diskominfostaper")
    disdik = factories.Organization(name="disdik", title="Dinas Pendidikan")
    factories.Organization(name="dinkes", title="Dinas Kesehatan")
    found = {}
    for name, organization, role in (
        ("ana", walidata, "editor"), ("budi", walidata, "editor"), ("citra", disdik, "admin"),
    ):  # fmt: skip
        found[name] = factories.UserWithToken(name=name, password=PASSWORD)
        call_action("organization_member_create", id=organization["id"], username=name, role=role)
    model.Session.remove()
    return found


@pytest.fixture
def ana(site_app: Any, people: dict[str, Any]) -> Reader:
    """One of the walidata."""
    return Reader(site_app, people["ana"])


@pytest.fixture
def budi(site_app: Any, people: dict[str, Any]) -> Reader:
    """Another of the walidata."""
    return Reader(site_app, people["budi"])


def made(portal: Portal, *records: Any, **settings: Any) -> str:
    """Make an approved source with ``records``, and return its name."""
    portal.pages["/data.json"] = {"dataset": list(records)}
    return sources.make(portal.url + "/data.json", settings={"review": "auto", **settings})


def run(name: str, **values: Any) -> str:
    """Harvest and return the run's id."""
    return str(sources.call("satudata_job_run", name=name, **values)["job"])


def paths(templates: tuple[str, ...], name: str, job: str = "") -> list[str]:
    return [f"/penarikan{path}".replace("NAME", name).replace("JOB", job) for path in templates]


def test_pages_are_for_the_walidata_only(site_app: Any, people: dict[str, Any], portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1))
    job = run(name)
    for path in paths(PAGES, name, job):
        Reader(site_app).get(path, 403)
        Reader(site_app, people["citra"]).get(path, 403)
        assert "sd-top" in ana.get(path) or "<h1" in ana.get(path)


def test_a_steward_can_post_to_none_of_them(site_app: Any, people: dict[str, Any], portal: Portal) -> None:
    name = made(portal, record(1))
    before = sources.call("satudata_source_show", name=name)
    citra = Reader(site_app, people["citra"])
    for path in paths(POSTS, name):
        citra.post(path, "/id/dataset/new", 403, publisher="x", organization="disdik", default_access="terbuka")
    assert sources.call("satudata_source_show", name=name) == before


def test_a_form_without_its_token_is_refused_even_after_a_call_with_an_api_token(
    site_app: Any, people: dict[str, Any], portal: Portal, ana: Reader
) -> None:
    name = made(portal, record(1))
    for path in paths(POSTS[1:], name):
        site_app.post(path, headers={"Authorization": people["ana"]["token"]}, data={}, follow_redirects=False)
    before = sources.call("satudata_source_show", name=name)
    for path in paths(POSTS, name):
        assert ana.client.post(path, data={"url": "https://other.example.go.id/"}).status_code == 400, path
    assert sources.call("satudata_source_show", name=name) == before


FACTS = {"title": "Portal Disdik", "url": "https://disdik.example.go.id/portal", "owner_org": "disdik"}


def test_what_the_form_says_is_saved_and_shown_again(ana: Reader) -> None:
    assert "tambah?jenis=ckan" in ana.get("/id/penarikan/tambah")
    page = "/id/penarikan/tambah?jenis=ckan"
    shown = ana.post(
        page, page, name="disdik-form", **FACTS, s__rows="50", s__default_access="terbuka", s__review="auto",
        s__default_license__choice="cc-by", s__schedule__choice="…", s__schedule="30 4 * * 1-5",
        s__organization_map__0__key="Dinas Pendidikan", s__organization_map__0__value="disdik",
        s__organization_map__1__key="Puskesmas", s__organization_map__1__value="dinkes",
        s__keep_fields="notes, tags", s__allow_empty="true", s__vanish_share="0.2", s__api_key="kunci-disdik",
        s__identity__choice="identifier", s__max_pages="2000",
    )  # fmt: skip
    assert "Portal Disdik" in shown
    assert "Setiap Senin–Jumat pukul 04.30 WITA" in shown
    found = sources.call("satudata_source_show", name="disdik-form")
    assert found["settings"] == {
        "rows": "50", "default_access": "terbuka", "review": "auto", "default_license": "cc-by", "schedule": "30 4 * * 1-5",
        "organization_map": {"Dinas Pendidikan": "disdik", "Puskesmas": "dinkes"}, "keep_fields": "notes, tags",
        "allow_empty": "true", "vanish_share": "0.2", "api_key": "kunci-disdik",
    }  # fmt: skip
    assert (found["state"], found["created_by"]) == ("draft", "ana")


def test_a_change_keeps_what_the_form_does_not_show_and_a_new_address_waits_for_approval(
    ana: Reader, budi: Reader
) -> None:
    values = {**FACTS, "name": "disdik-ubah", "kind": "ckan", "settings": {"api_key": "kunci-x", "grace_days": 3}}
    call_action("satudata_source_create", context={"user": "ana"}, **values)
    call_action("satudata_source_approve", context={"user": "budi"}, name="disdik-ubah")
    model.Session.remove()
    page = "/id/penarikan/disdik-ubah/ubah"
    for path in (page, "/id/penarikan/disdik-ubah", "/id/penarikan"):
        assert "kunci-x" not in ana.get(path)
    assert "tersimpan" in ana.get(page)
    ana.post(page, page, name="disdik-ubah", **{**FACTS, "title": "Nama baru"}, s__grace_days="7", s__rows="100")
    found = sources.call("satudata_source_show", name="disdik-ubah")
    assert (found["title"], found["state"]) == ("Nama baru", "approved")
    assert found["settings"] == {"api_key": "kunci-x", "grace_days": ""}
    shown = budi.post(page, page, name="x", **{**FACTS, "url": "https://lain.example.go.id"}, s__api_key__remove="1")
    found = sources.call("satudata_source_show", name="disdik-ubah")
    assert (found["state"], found["created_by"], found["settings"]["api_key"]) == ("draft", "budi", "")
    assert "budi mengubah alamatnya" in shown
    before, after = shown.index("https://disdik.example.go.id/portal"), shown.index("https://lain.example.go.id")
    assert shown.index("Alamat yang disetujui sebelumnya") < before < shown.index("Alamat baru") < after


def test_a_faulty_form_says_what_is_wrong_at_the_field_and_keeps_what_was_typed(ana: Reader) -> None:
    page = "/id/penarikan/tambah?jenis=ckan"
    shown = ana.post(
        page, page, name="Nama Besar", title="Judul saya", url="ftp://x", owner_org="disdik", s__grace_days="lama",
        s__schedule__choice="…", s__schedule="tiap malam",
        s__organization_map__0__key="Puskesmas", s__organization_map__0__value="dinkes",
        s__api_key="RAHASIA-ASLI",
    )  # fmt: skip
    assert "Ada 5 isian yang perlu diperbaiki" in shown
    for field in ("name", "url", "s.grace_days", "s.schedule", "s.api_key"):
        assert f'href="#{field}"' in shown
        assert f'id="{field}-error"' in shown
        assert re.search(rf'id="{re.escape(field)}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*', shown)
    for typed in ("Nama Besar", "Judul saya", "ftp://x", "lama", "tiap malam", "Puskesmas"):
        assert f'value="{typed}"' in shown
    assert '<option value="dinkes" selected' in shown
    assert "RAHASIA-ASLI" not in shown


@pytest.mark.parametrize(
    "key", ["eyJhbGciOiJIUzI1NiJ9.e30.abc", "0b64b1b2-3c1d-4b8a-9f58-6a8f6f9d2c11", "kunci dengan spasi"]
)
def test_a_key_in_the_place_of_its_name_is_neither_stored_nor_shown(ana: Reader, key: str) -> None:
    page = "/id/penarikan/tambah?jenis=ckan"
    shown = ana.post(page, page, name="kunci-asli", **FACTS, s__api_key=key)
    assert "bukan kuncinya sendiri" in shown
    assert key not in shown
    with pytest.raises(tk.ObjectNotFound):
        sources.call("satudata_source_show", name="kunci-asli")


def test_rows_are_added_and_a_row_filled_by_half_is_named(ana: Reader) -> None:
    page = "/id/penarikan/tambah?jenis=datajson"
    key = {"s__organization_map__0__key": "Puskesmas"}
    more = ana.post(page, page, **{**FACTS, "title": "Belum"}, name="setengah", more_rows="1", **key)
    assert more.count('name="s.organization_map.') == 2 * 7
    assert 'value="Puskesmas"' in more
    shown = ana.post(page, page, **FACTS, name="setengah", **key)
    assert "Isi kedua kolom" in shown
    with pytest.raises(tk.ObjectNotFound):
        sources.call("satudata_source_show", name="setengah")


def test_a_second_person_approves(ana: Reader, budi: Reader) -> None:
    call_action("satudata_source_create", context={"user": "ana"}, name="dua-orang", kind="ckan", **FACTS)
    model.Session.remove()
    page = "/id/penarikan/dua-orang"
    mine = ana.get(page)
    assert re.search(r"<button[^>]*disabled[^>]*>Setujui", mine)
    assert "anggota walidata lain yang harus menyetujuinya" in mine
    ana.post(f"{page}/setujui", page, 403)
    assert "ana menambahkan sumber ini" in budi.get(page)
    assert "Disetujui oleh budi" in budi.post(f"{page}/setujui", page)


def test_the_trial_shows_raw_mapped_and_problems_and_writes_nothing(portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1), record(2, accessLevel="entah"), record(3, title="", distribution=[]), "teks")
    shown = html.unescape(ana.get(f"/id/penarikan/{name}/uji"))
    assert [shown.count(word) for word in ("Akan tayang", "Akan ditahan", "Akan ditolak")] == [2, 2, 2 + 1]
    assert '"identifier": "r-1"' in shown
    assert '<dd lang="id">Dinas Pendidikan</dd>' in shown
    assert "Klasifikasi akses 'entah' tidak dikenal" in shown
    assert sources.call("satudata_job_list", name=name) == []
    portal.pages.clear()
    assert "menjawab status 404" in ana.get(f"/id/penarikan/{name}/uji")


def test_a_page_does_not_wait_for_a_slow_source_and_names_the_command_that_does(
    portal: Portal, ana: Reader, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudatapaser.http.page_seconds", 0.3)
    name, portal.hang = sources.make(portal.url + "/gantung"), 2
    portal.pages["/gantung"] = {"dataset": [record(1)]}
    page = f"/id/penarikan/{name}"
    for path, command in (("uji", f"source preview {name}"), ("bandingkan", f"source rebind {name}")):
        shown = ana.get(f"{page}/{path}")
        assert "belum selesai dibaca setelah 0.3 detik" in shown
        assert f"bin/ckan satudata {command}" in shown
    assert f"source rebind {name} --apply" in ana.post(f"{page}/ikat-ulang", page)
    done = CliRunner().invoke(satudata, ["source", "preview", name])
    assert (done.exit_code, "Jumlah Sekolah 1" in done.output) == (0, True)


def test_records_of_a_run_are_found_by_outcome_stage_finding_and_text(portal: Portal, ana: Reader) -> None:
    name = made(
        portal, *(record(n) for n in range(60)), record(60, accessLevel="entah"), record(3), record(62, modified="x")
    )
    job = run(name)
    page = f"/id/penarikan/{name}/jalan/{job}"

    def titles(query: str) -> list[str]:
        records = ana.get(f"{page}?{query}").partition('id="records"')[2]
        return re.findall(r'<th scope="row" lang="id">(?:<a[^>]*>)?([^<]*)', records)

    assert (len(titles("")), len(titles("page=2"))) == (50, 13)
    assert titles("outcome=held") == ["Jumlah Sekolah 60"]
    assert titles("stage=identity") == ["Jumlah Sekolah 3"]
    assert titles("code=date-unreadable") == ["Jumlah Sekolah 62"]
    assert titles("q=sekolah+59") == ["Jumlah Sekolah 59"]
    assert titles("q=%25") == []
    assert "date-unreadable" in ana.get(page)
    Reader.get(ana, f"/id/penarikan/{made(portal)}/jalan/{job}", 404)


def test_one_click_maps_all_records_of_a_publisher(portal: Portal, ana: Reader) -> None:
    odd = 'Badan "Riset" & Inovasi d\'Paser'
    records = [record(1), record(2, publisher={"name": "dinas  pendidikan"}), record(3, publisher={"name": odd})]
    name = made(portal, *records, record(4, publisher={"name": odd}), organization_map={"Lain": "dinkes"})
    job = run(name)
    page = f"/id/penarikan/{name}/jalan/{job}"
    shown = html.unescape(ana.get(page))
    assert f'value="{odd}"' in shown
    assert '<option value="disdik" selected' in shown  # proposed, since the names are alike
    done = ana.post(f"/id/penarikan/{name}/petakan", page, job=job, publisher=[odd, "Dinas Pendidikan"],
                    organization=["dinkes", "disdik"])  # fmt: skip
    assert "Tarik sekarang" in done
    assert done.count("Dipetakan ke") == 3
    mapping = sources.call("satudata_source_show", name=name)["settings"]["organization_map"]
    assert mapping == {"Lain": "dinkes", odd: "dinkes", "Dinas Pendidikan": "disdik"}
    assert sources.call("satudata_job_run", name=name)["added"] == 4


def test_nothing_chosen_or_an_unknown_organisation_maps_nothing(portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1), organization_map={"Lain": "dinkes"})
    page = f"/id/penarikan/{name}/jalan/{run(name)}"
    assert "Pilih perangkat daerah" in ana.post(f"/id/penarikan/{name}/petakan", page, publisher="X", organization="")
    ana.post(f"/id/penarikan/{name}/petakan", page, publisher="X", organization="tidak-ada")
    assert sources.call("satudata_source_show", name=name)["settings"]["organization_map"] == {"Lain": "dinkes"}


def test_one_click_sets_the_access_class_of_records_that_state_none(portal: Portal, ana: Reader) -> None:
    silent = [record(n, accessLevel=None) for n in range(3)]
    name = made(portal, *silent, record(9, accessLevel="entah"))
    job = run(name)
    page = f"/id/penarikan/{name}/jalan/{job}"
    shown = html.unescape(ana.get(page))
    assert "3 catatan tidak menyebutkan klasifikasi aksesnya" in shown
    assert "Klasifikasi akses 'entah' tidak dikenal" in shown
    done = ana.post(f"/id/penarikan/{name}/akses-baku", page, job=job, default_access="terbatas")
    assert "Akses baku: Terbatas" in done
    result = sources.call("satudata_job_run", name=name)
    assert (result["added"], result["held"]) == (3, 1)


def test_words_about_access_that_nobody_knows_are_explained_where_they_are_shown(portal: Portal, ana: Reader) -> None:
    sentence = 'Hanya "internal", kecuali izin & surat'
    name = made(portal, record(1, accessLevel=sentence), record(2, accessLevel="entah"), default_access="terbuka")
    job = run(name)
    page = f"/id/penarikan/{name}"
    shown = html.unescape(ana.get(f"{page}/jalan/{job}"))
    assert f'name="words" value="{sentence}"' in shown
    assert "Pilih satu klasifikasi akses" in ana.post(f"{page}/arti-akses", page, words=sentence, access="", job=job)
    ana.post(f"{page}/arti-akses", page, words=sentence, access="tertutup", job=job)
    assert sources.call("satudata_source_show", name=name)["settings"]["access_words"] == {sentence: "tertutup"}
    after = html.unescape(ana.get(f"{page}/jalan/{job}"))
    assert ('name="words" value="entah"' in after, f'name="words" value="{sentence}"' in after) == (True, False)
    ana.post(f"{page}/arti-akses", page, words="entah", access="umum", job=job)
    result = sources.call("satudata_job_run", name=name)
    assert (result["added"], result["held"]) == (1, 1)
    assert sentence in html.unescape(ana.get(f"{page}/ubah"))


def test_no_access_class_is_set_before_one_is_chosen(portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1, accessLevel=None))
    page = f"/id/penarikan/{name}"
    chosen = re.search(
        r'<select[^>]*name="default_access".*?</select>', ana.get(f"{page}/jalan/{run(name)}"), re.DOTALL
    )
    assert chosen
    assert re.findall(r'<option value="(.*?)"', chosen[0])[0] == ""
    assert "Pilih satu klasifikasi akses" in ana.post(f"{page}/akses-baku", page, default_access="")
    assert "default_access" not in sources.call("satudata_source_show", name=name)["settings"]


def test_reissued_identifiers_are_compared_and_bound_anew(portal: Portal, ana: Reader) -> None:
    name = made(portal, *(record(n) for n in range(8)))
    run(name)
    portal.pages["/data.json"] = {"dataset": [record(n, identifier=f"baru-{n}") for n in range(8)]}
    assert sources.call("satudata_job_run", name=name)["state"] == "stopped"
    page = f"/id/penarikan/{name}"
    assert f"/penarikan/{name}/bandingkan" in ana.get(page)
    shown = ana.get(f"{page}/bandingkan")
    assert "8 dari 8 catatan kembali dengan pengenal lain" in shown
    assert "<code>r-0</code>" in shown
    assert "<code>baru-0</code>" in shown
    ana.post(f"{page}/ikat-ulang", f"{page}/bandingkan")
    result = sources.call("satudata_job_run", name=name)
    assert (result["state"], result["added"]) == ("finished", 0)
    assert "Tidak ada pengenal yang berubah" in ana.get(f"{page}/bandingkan")


def test_what_vanished_is_listed_and_archived_after_confirmation(portal: Portal, ana: Reader) -> None:
    name = made(portal, *(record(n) for n in range(12)))
    run(name)
    portal.pages["/data.json"] = {"dataset": [record(n) for n in range(3)]}
    assert sources.call("satudata_job_run", name=name)["reason"]["code"] == "too-many-missing"
    page = f"/id/penarikan/{name}"
    assert f"/penarikan/{name}/hilang" in ana.get(page)
    shown = ana.get(f"{page}/hilang")
    assert "tidak menemukan 9 dari 12 catatan" in shown
    assert "Jumlah Sekolah 11" in shown
    assert "Jumlah Sekolah 2<" not in shown
    sources.call("satudata_job_enqueue", name=name)  # by the schedule, say
    assert "yang saat itu masih hilang diarsipkan" in ana.post(f"{page}/arsipkan", f"{page}/hilang")
    waiting = next(job for job in tk.enqueue_job.__globals__["get_queue"]().jobs if name in str(job.args))
    run_in_background(*waiting.args)
    waiting.delete()
    model.Session.remove()
    assert sources.call("satudata_job_list", name=name)[0]["counts"]["archived"] == 9
    assert "Tidak ada yang hilang" in ana.get(f"{page}/hilang")


def test_why_a_run_stopped_is_said_until_an_ordinary_run_finishes(portal: Portal, ana: Reader) -> None:
    name = made(portal, *(record(n) for n in range(12)))
    page = f"/id/penarikan/{name}"
    run(name)
    portal.pages["/data.json"] = {"dataset": [record(n) for n in range(3)]}
    run(name)
    why = "9 catatan hilang sekaligus dari sumber"
    assert why in ana.get(page)
    assert sources.call("satudata_job_run", name=name, only_failed=True)["state"] == "finished"
    shown = ana.get(page)
    assert (why in shown, "Sehat" in shown, f"/penarikan/{name}/hilang" in shown) == (True, False, True)
    assert "tidak menemukan 9 dari 12 catatan" in ana.get(f"{page}/hilang")
    whole = portal.pages.pop("/data.json")
    run(name)  # another fault on top
    shown = ana.get(page)
    assert shown.index("status 404") < shown.index(why)
    portal.pages["/data.json"] = {"dataset": whole["dataset"] + [record(n) for n in range(3, 12)]}
    run(name)
    shown = ana.get(page)
    assert (why in shown, "status 404" in shown, "Sehat" in shown) == (False, False, True)


def test_a_running_run_is_polled_until_it_is_done(portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1))
    job = run(name)
    page = f"/id/penarikan/{name}/jalan/{job}"

    def state(value: str) -> None:
        model.Session.get(HarvestJob, job).state = value
        model.Session.commit()
        model.Session.remove()

    assert "hx-get" not in ana.get(page)
    state("running")
    whole = ana.get(page)
    assert 'hx-trigger="every 5s [!document.hidden]"' in whole
    assert "Batalkan" in whole
    answer = ana.client.get(page, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "HX-Refresh" not in answer.headers
    ana.post(f"/id/penarikan/{name}/batalkan", page)
    assert "Segera berakhir" in ana.get(page)
    state("finished")
    answer = ana.client.get(page, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-get" not in answer.text


def test_a_source_rests_and_goes_on(portal: Portal, ana: Reader) -> None:
    name = made(portal, record(1))
    page = f"/id/penarikan/{name}"
    rests = ana.post(f"{page}/jeda", page)
    assert "Dijeda" in rests
    assert "Tarik sekarang" not in rests
    assert "Tarik sekarang" in ana.post(f"{page}/lanjutkan", page)


def test_the_list_shows_health_worst_first_and_filters_by_it(portal: Portal, ana: Reader) -> None:
    good, looked_at, dead = made(portal, record(1)), made(portal, record(1, accessLevel="entah")), made(portal)
    portal.pages["/data.json"] = {"dataset": [record(1)]}
    run(good)
    portal.pages["/data.json"] = {"dataset": [record(1, accessLevel="entah")]}
    run(looked_at)
    portal.pages.clear()
    run(dead)
    shown = ana.get("/id/penarikan")
    assert (
        shown.index(f"/penarikan/{dead}") < shown.index(f"/penarikan/{looked_at}") < shown.index(f"/penarikan/{good}")
    )
    only = ana.get("/id/penarikan?keadaan=failing")
    assert f"/penarikan/{dead}" in only
    assert f"/penarikan/{good}" not in only
    assert "✕ Bermasalah" in only
    assert "Status 404" not in ana.get("/en/penarikan?keadaan=ok")
