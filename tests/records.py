"""Records as hypothesis makes them: any text anywhere, mixed with what real sources write."""

from __future__ import annotations

from ckanext.satudatapaser.record import fields
from ckanext.satudatapaser.record.model import Record, Resource
from hypothesis import strategies as st

SEEN = (
    "<p>Jumlah</p>", "&amp;lt;b&amp;gt;", "<script>", "2026", "2026-11-24", "24/11/2026", "statistik", "geospasial", "Tahunan",
    "1 Tahun Sekali", "R/P1Y", "cc-by", "https://creativecommons.org/licenses/by/4.0/", "64.01.04", "Tanah Grogot", "-", "null",
    '{"type": "Point", "coordinates": [116.2, -1.9]}', '{"type": "Point", "coordinates": []}', "https://a.id/b c.csv",
    "a.csv", "http://[", "http://a.id:99999/", "javascript:x", "data@disdik.example.go.id", "a@b", "daerah-kabupaten", "<",
    "&#0;",     "\u202e", "&#x1f;amp;lt;b>", "x" * 600, "=1+1", "http://a.id/%zz", "http://ä.id/ä", "CSV ", "text/csv; charset=x",
)  # fmt: skip
texts = (
    st.text(max_size=80) | st.sampled_from(SEEN) | st.tuples(st.sampled_from(SEEN), st.sampled_from(SEEN)).map("".join)
)
CHECKED = [name for name, rule in fields.rules().items() if rule.check]
values = texts | st.lists(texts, max_size=3).map(tuple)
resources = st.builds(Resource, url=texts, name=texts, description=texts, format=texts, mimetype=texts, source_id=texts)
# every field that a validator looks at, all at once, or a few of any
sdi = st.fixed_dictionaries({}, optional=dict.fromkeys(CHECKED, texts)) | st.dictionaries(
    st.sampled_from([*fields.rules(), "lain"]), values, max_size=6
)
records = st.builds(
    Record,
    title=texts | st.just("Jumlah Sekolah"),
    identifier=texts,
    notes=texts,
    landing_page=texts,
    publisher=texts,
    access=st.sampled_from([None, "terbuka", "terbatas", "tertutup"]),
    access_stated=texts,
    license_id=texts,
    issued=texts,
    modified=texts,
    tags=st.lists(texts, max_size=5).map(tuple),
    groups=st.lists(texts, max_size=2).map(tuple),
    resources=st.lists(resources, max_size=3).map(tuple),
    contact_name=texts,
    contact_email=texts,
    sdi=sdi,
)
bases = st.sampled_from(["", "https://data.example.go.id/dataset/", "http://127.0.0.1:5000/data.json"])
