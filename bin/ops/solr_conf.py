"""Make a Solr core's schema.xml: the installed CKAN's own, plus Indonesian fields, facets on disk and spatial floats.

Nothing of CKAN's schema is vendored, so an upgrade brings its new fields; what we rely on is checked, and a schema that
changed there ends with a sentence. The schema's name stays CKAN's, which CKAN checks at start.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from lxml import etree

from ops.instance import SetupError

WORDS = (
    '<filter class="solr.WordDelimiterGraphFilterFactory" generateWordParts="1" generateNumberParts="1" '
    'catenateWords="{join}" catenateNumbers="{join}" catenateAll="0" splitOnCaseChange="1" stemEnglishPossessive="0"/>'
)
STEMS = (
    '<filter class="solr.KeywordRepeatFilterFactory"/>'
    '<filter class="solr.StemmerOverrideFilterFactory" dictionary="stemdict_id.txt" ignoreCase="true"/>'
    '<filter class="solr.IndonesianStemFilterFactory" stemDerivational="true"/>'
    '<filter class="solr.RemoveDuplicatesTokenFilterFactory"/>'
)
FOLD = '<filter class="solr.LowerCaseFilterFactory"/><filter class="solr.ASCIIFoldingFilterFactory"/>'
SYNONYMS = '<filter class="solr.SynonymGraphFilterFactory" synonyms="synonyms_id.txt" ignoreCase="true" expand="true"/>'

# The word itself is kept beside its stem, because Indonesian stemming cuts too much off some nouns.
TEXT_ID = f"""
<fieldType name="text_id" class="solr.TextField" positionIncrementGap="100">
  <analyzer type="index"><tokenizer class="solr.WhitespaceTokenizerFactory"/>{WORDS.format(join=1)}
    <filter class="solr.FlattenGraphFilterFactory"/>{FOLD}{STEMS}</analyzer>
  <analyzer type="query"><tokenizer class="solr.WhitespaceTokenizerFactory"/>{WORDS.format(join=0)}
    {FOLD}{SYNONYMS}{STEMS}</analyzer>
</fieldType>
"""
ON_DISK = {"docValues": "true", "useDocValuesAsStored": "false"}
# Never the string type as a whole: data_dict is a string and docValues end at 32,766 bytes.
FACET_OR_SORT = (
    "name", "dataset_type", "organization", "groups", "tags", "res_format", "license_id", "title_string",
    "metadata_created", "metadata_modified", "views_total", "views_recent",
)  # fmt: skip
TO_TEXT_ID = (
    "name", "title", "notes", "tags", "groups", "organization", "res_name", "res_description", "author", "maintainer",
    "license", "extras_*", "res_extras_*", "vocab_*",
)  # fmt: skip


def ckan_schema() -> Path:
    """Return the installed CKAN's schema.xml."""
    spec = importlib.util.find_spec("ckan")
    for base in (spec.submodule_search_locations if spec else None) or []:
        path = Path(base, "config", "solr", "schema.xml")
        if path.is_file():
            return path
    raise SetupError("CKAN is not installed in .venv: run bin/up.")


def build(schema: Path) -> bytes:
    """Return our schema, made from CKAN's at ``schema``."""
    root = etree.parse(str(schema)).getroot()

    def one(xpath: str) -> etree._Element:
        found = root.xpath(xpath)
        if len(found) != 1:
            raise SetupError(f"CKAN's Solr schema has changed: {xpath} is there {len(found)} times, expected once.")
        return found[0]

    def add_field(**attributes: str) -> None:
        if root.xpath(f"//field[@name='{attributes['name']}']"):
            raise SetupError(f"CKAN's Solr schema has a field {attributes['name']} of its own now.")
        root.xpath("//fields/field")[-1].addnext(etree.Element("field", attributes))

    # Replicas of a SolrCloud cannot recover with a text _version_ (ckan/ckan#8373, #9088).
    one("//field[@name='_version_']").attrib.update(
        {"type": "plong", "indexed": "false", "stored": "false", "docValues": "true"}
    )
    for name in FACET_OR_SORT:
        one(f"//field[@name='{name}']").attrib.update(ON_DISK)
    one("//dynamicField[@name='vocab_*']").attrib.update(ON_DISK)
    one("//types").append(etree.fromstring(TEXT_ID))
    add_field(name="owner_org", type="string", indexed="true", stored="false", **ON_DISK)
    add_field(name="title_id", type="text_id", indexed="true", stored="false")
    add_field(name="text_id", type="text_id", indexed="true", stored="false", multiValued="true")
    root.append(etree.Element("copyField", {"source": "title", "dest": "title_id"}))
    for source in TO_TEXT_ID:
        root.append(etree.Element("copyField", {"source": source, "dest": "text_id"}))
    for name in ("bbox_area", "maxx", "maxy", "minx", "miny"):
        add_field(name=name, type="float", indexed="true", stored="true", docValues="true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def write(conf: Path, schema: Path) -> None:
    """Write schema.xml, made from CKAN's at ``schema``, into a core's ``conf`` folder."""
    (conf / "schema.xml").write_bytes(build(schema))
