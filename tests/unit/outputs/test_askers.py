"""Which addresses are outputs, and what is kept of a User-Agent."""

from __future__ import annotations

import pytest
from ckanext.satudatapaser.outputs import askers


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("/data.json", "data.json"),
        ("/catalog.ttl", "dcat"),
        ("/catalog.jsonld", "dcat"),
        ("/dataset/jumlah-sekolah.rdf", "dcat"),
        ("/csw", "csw"),
        ("/feeds/dataset.atom", "atom"),
        ("/feeds/organization/disdik.rss", "rss"),
        ("/sitemap.xml", "sitemap"),
        ("/sitemap-2.xml", "sitemap"),
        ("/api/3/action/package_search", "api"),
        ("/api/action/current_package_list_with_resources", "api"),
        ("/", ""),
        ("/dataset/jumlah-sekolah", ""),
        ("/dataset/", ""),
        ("/api/3/action/package_show", ""),
        ("/data.json/x", ""),
        ("/organization/disdik", ""),
    ],
)
def test_an_address_is_of_one_output_or_none(path: str, output: str) -> None:
    assert askers.output(path) == output


@pytest.mark.parametrize(
    ("agent", "product"),
    [
        ("python-requests/2.32.3", "python-requests"),
        ("curl/8.5.0", "curl"),
        ("GeoNetwork", "GeoNetwork"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        (
            "Mozilla/5.0 (Linux; Android 6) AppleWebKit/537 (KHTML, like Gecko) Chrome/1 Safari/5 AhrefsBot/7",
            "AhrefsBot",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "browser"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "browser"),
        ("", "unnamed"),
        ("192.0.2.7 someone", "unnamed"),
        ("someone@example.go.id", "unnamed"),
        ("a b\nSet-Cookie: x", "a"),
        ("X" * 300, "X" * 40),
    ],
)
def test_of_a_user_agent_only_the_product_s_name_is_kept(agent: str, product: str) -> None:
    assert askers.product(agent) == product
