"""The pages on sources in a real browser, with data: on every width, in both languages, without scripts, while a run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sources
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.satudatapaser.model import HarvestJob
from portal import serve

pytestmark = [pytest.mark.ckan, pytest.mark.search, pytest.mark.browser]
PAGES = (
    "", "/tambah", "/tambah?jenis=ckan", "/HELD", "/HELD/ubah", "/HELD/uji", "/HELD/jalan/JOB",
    "/HELD/jalan/JOB?code=access-unknown", "/STOPPED", "/STOPPED/bandingkan", "/VANISHED", "/VANISHED/hilang",
    "/DRAFT", "/DEAD", "/DEAD/uji",
)  # fmt: skip
WIDTHS = (320, 412, 1366)


def record(number: int, **values: Any) -> dict[str, Any]:
    """Return one good entry of a data.json."""
    return {
        "identifier": f"r-{number}", "title": f"Jumlah Sekolah menurut Kecamatan {number}", "description": "Keterangan.",
        "accessLevel": "public", "license": "cc-by", "publisher": {"name": "Dinas Pendidikan"}, "keyword": ["sekolah"],
        "distribution": [{"title": "Tabel", "downloadURL": f"https://disdik.example.go.id/{number}.csv", "format": "CSV"}],
        **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def desk(empty_catalogue: None, site_app: Any) -> Iterator[dict[str, str]]:
    """Sources in every state, and one of the walidata (``token``) who has added one of them."""
    walidata = factories.Organization(name="diskominfostaper", title="Dinas Komunikasi")
    user = factories.UserWithToken()
    call_action("organization_member_create", id=walidata["id"], username=user["name"], role="editor")
    found = {"token": user["token"]}
    with serve() as portal:

        def harvest(name: str, *records: Any) -> str:
            portal.pages[f"/{name}.json"] = {"dataset": list(records)}
            return str(sources.call("satudata_job_run", name=found[name])["job"])

        for name in ("HELD", "STOPPED", "VANISHED", "DEAD"):
            settings = {"review": "auto", "schedule": "0 2 * * 1"}
            settings |= {"organization_map": {"Dinas Pendidikan": "diskominfostaper"}} if name == "HELD" else {}
            found[name] = sources.make(f"{portal.url}/{name}.json", settings=settings)
        many = [record(n) for n in range(12)]
        odd = [
            record(90, publisher={"name": "Puskesmas"}), record(91, accessLevel=None), record(92, accessLevel="entah"),
            record(93, title="", distribution=[]), record(94, modified="kemarin"), "bukan objek",
        ]  # fmt: skip
        harvest("HELD", *many)
        found["JOB"] = harvest("HELD", *many, *odd)
        harvest("STOPPED", *many)
        harvest("STOPPED", *(record(n, identifier=f"baru-{n}") for n in range(12)))
        harvest("VANISHED", *many)
        harvest("VANISHED", record(1))
        sources.call("satudata_job_run", name=found["DEAD"])
        made = call_action(
            "satudata_source_create", context={"user": user["name"]}, name="sumber-baru", kind="ckan", title="Sumber baru",
            url=portal.url, owner_org="diskominfostaper",
        )  # fmt: skip
        found["DRAFT"] = made["name"]
        model.Session.remove()
        yield found


def address(path: str, desk: dict[str, str], language: str = "id") -> str:
    for word in ("HELD", "JOB", "STOPPED", "VANISHED", "DRAFT", "DEAD"):
        path = path.replace(word, desk[word])
    return f"/{language}/penarikan{path}"


@pytest.mark.parametrize(("width", "language"), [*((width, "id") for width in WIDTHS), (412, "en")])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_sources_has_no_axe_finding_and_asks_no_other_host(
    visit: Any, server: str, desk: dict[str, str], path: str, width: int, language: str
) -> None:
    seen = visit(address(path, desk, language), width, headers={"Authorization": desk["token"]})
    assert seen.status == 200
    assert seen.violations == []
    assert seen.sideways == 0
    assert [url for url in seen.requests if not url.startswith((server, "data:"))] == []


SMALL = """() => [...document.querySelectorAll(
    'main a, main button, main select, main summary, main label.sd-check, main input:not([type=hidden]):not([type=checkbox])'
)].filter(found => found.checkVisibility()).map(found => [found.innerText || found.name, found.getBoundingClientRect()])
  .filter(([_, box]) => box.height < 44 || box.width < 24).map(([text, box]) => `${text} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("path", PAGES)
def test_what_a_finger_touches_is_high_enough_and_a_card_uses_the_screen_s_width(
    visit: Any, desk: dict[str, str], path: str
) -> None:
    seen = visit(address(path, desk), 360, headers={"Authorization": desk["token"]})
    assert seen.sideways == 0
    assert seen.page.evaluate(SMALL) == []
    narrow = """() => [...document.querySelectorAll('.sd-stack th, .sd-stack td:not(.sd-num)')]
        .filter(found => found.checkVisibility() && !found.closest('thead') && found.getBoundingClientRect().width < 200)
        .map(found => found.innerText)"""
    assert seen.page.evaluate(narrow) == []


@pytest.mark.parametrize("path", ["", "/HELD", "/HELD/jalan/JOB", "/STOPPED/bandingkan"])
def test_a_table_fits_the_widths_between_phone_and_desk(visit: Any, desk: dict[str, str], path: str) -> None:
    page = visit(address(path, desk), headers={"Authorization": desk["token"]}).page
    for width in (600, 768, 959, 961, 1024, 1119, 1121, 1200, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        element = "document.documentElement"
        assert page.evaluate(f"{element}.scrollWidth - {element}.clientWidth") == 0, width


def test_a_source_is_added_and_corrected_without_scripts(visit: Any, desk: dict[str, str]) -> None:
    page = visit("/id/penarikan", scripts=False, headers={"Authorization": desk["token"]}).page
    page.click("text=Tambah sumber")
    page.click("text=data.json")
    page.fill("#name", "Tanpa Skrip")
    page.fill("#title", "Sumber tanpa skrip")
    page.fill("#url", "https://disdik.example.go.id/data.json")
    page.select_option("#owner_org", "diskominfostaper")
    page.select_option("[id='s.schedule.choice']", "0 2 * * *")
    page.fill("[name='s.organization_map.0.key']", "Dinas Pendidikan")
    page.select_option("[name='s.organization_map.0.value']", "diskominfostaper")
    page.click("text=Tambah baris")
    assert page.input_value("[name='s.organization_map.0.key']") == "Dinas Pendidikan"
    page.click("main button:text('Simpan')")
    page.click("[role=alert] a")
    assert page.url.endswith("#name")
    page.fill("#name", "tanpa-skrip")
    page.click("main button:text('Simpan')")
    assert page.inner_text("h1") == "Sumber tanpa skrip"
    assert "Setiap hari pukul 02.00 WITA" in page.inner_text("main")
    assert page.locator("button:text('Setujui')").is_disabled()


def test_the_field_for_another_value_shows_only_when_it_is_chosen(visit: Any, desk: dict[str, str]) -> None:
    page = visit("/id/penarikan/tambah?jenis=ckan", headers={"Authorization": desk["token"]}).page
    other = page.locator("[id='s.schedule']")
    assert not other.is_visible()
    page.select_option("[id='s.schedule.choice']", "…")
    assert other.is_visible()


def test_a_running_run_shows_how_far_it_is_and_its_records_once_it_is_done(visit: Any, desk: dict[str, str]) -> None:
    def change(**values: Any) -> None:
        job = model.Session.get(HarvestJob, desk["JOB"])
        for key, value in values.items():
            setattr(job, key, value)
        model.Session.commit()
        model.Session.remove()

    counts = model.Session.get(HarvestJob, desk["JOB"]).counts
    change(state="running", counts={**counts, "seen": 4})
    page = visit(address("/HELD/jalan/JOB", desk), headers={"Authorization": desk["token"]}).page
    assert "4 catatan sejauh ini" in page.inner_text("#progress")
    change(counts={**counts, "seen": 7})
    page.wait_for_function(
        "document.querySelector('#progress').innerText.includes('7 catatan sejauh ini')", timeout=15_000
    )
    change(state="finished", counts=counts)
    page.wait_for_function("!document.querySelector('#progress').hasAttribute('hx-get')", timeout=15_000)
    page.wait_for_selector("text=Selesai")
    assert page.locator("text=Batalkan").count() == 0


def test_an_empty_list_says_what_to_do(visit: Any, desk: dict[str, str]) -> None:
    seen = visit("/id/penarikan?keadaan=paused", headers={"Authorization": desk["token"]})
    assert "Tidak ada sumber dalam keadaan ini" in seen.page.inner_text("main")
