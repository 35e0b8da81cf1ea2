"""Invented records of a regency's geographic node: ISO 19139 and Dublin Core, as catalogues really write them."""

from __future__ import annotations

ISO = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"
 xmlns:gml="http://www.opengis.net/gml">
 <gmd:fileIdentifier><gco:CharacterString>iso-{number}</gco:CharacterString></gmd:fileIdentifier>
 <gmd:hierarchyLevel><gmd:MD_ScopeCode codeListValue="dataset">dataset</gmd:MD_ScopeCode></gmd:hierarchyLevel>
 <gmd:contact><gmd:CI_ResponsibleParty>
  <gmd:organisationName><gco:CharacterString>Dinas Pekerjaan Umum</gco:CharacterString></gmd:organisationName>
  <gmd:role><gmd:CI_RoleCode codeListValue="pointOfContact"/></gmd:role>
 </gmd:CI_ResponsibleParty></gmd:contact>
 <gmd:dateStamp><gco:Date>2026-11-02</gco:Date></gmd:dateStamp>
 <gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier><gmd:RS_Identifier>
  <gmd:code><gco:CharacterString>EPSG:4326</gco:CharacterString></gmd:code>
 </gmd:RS_Identifier></gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>
 <gmd:identificationInfo><gmd:MD_DataIdentification>
  <gmd:citation><gmd:CI_Citation>
   <gmd:title><gco:CharacterString>Jaringan Jalan {number}</gco:CharacterString></gmd:title>
   <gmd:date><gmd:CI_Date><gmd:date><gco:Date>2026-01-15</gco:Date></gmd:date>
    <gmd:dateType><gmd:CI_DateTypeCode codeListValue="publication"/></gmd:dateType></gmd:CI_Date></gmd:date>
  </gmd:CI_Citation></gmd:citation>
  <gmd:abstract><gco:CharacterString>Jalan kabupaten menurut kondisi.</gco:CharacterString></gmd:abstract>
  <gmd:pointOfContact><gmd:CI_ResponsibleParty>
   <gmd:organisationName><gco:CharacterString>Dinas Pekerjaan Umum</gco:CharacterString></gmd:organisationName>
   <gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address><gmd:electronicMailAddress>
    <gco:CharacterString>data@pu.example.go.id</gco:CharacterString>
   </gmd:electronicMailAddress></gmd:CI_Address></gmd:address></gmd:CI_Contact></gmd:contactInfo>
   <gmd:role><gmd:CI_RoleCode codeListValue="owner"/></gmd:role>
  </gmd:CI_ResponsibleParty></gmd:pointOfContact>
  <gmd:resourceMaintenance><gmd:MD_MaintenanceInformation><gmd:maintenanceAndUpdateFrequency>
   <gmd:MD_MaintenanceFrequencyCode codeListValue="annually"/>
  </gmd:maintenanceAndUpdateFrequency></gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>
  <gmd:descriptiveKeywords><gmd:MD_Keywords><gmd:keyword><gco:CharacterString>jalan</gco:CharacterString></gmd:keyword>
   <gmd:keyword><gco:CharacterString>transportasi</gco:CharacterString></gmd:keyword></gmd:MD_Keywords></gmd:descriptiveKeywords>
  <gmd:resourceConstraints><gmd:MD_LegalConstraints>
   <gmd:useLimitation><gco:CharacterString>CC BY 4.0</gco:CharacterString></gmd:useLimitation>
   <gmd:accessConstraints><gmd:MD_RestrictionCode codeListValue="otherRestrictions"/></gmd:accessConstraints>
   <gmd:otherConstraints><gco:CharacterString>{access}</gco:CharacterString></gmd:otherConstraints>
  </gmd:MD_LegalConstraints></gmd:resourceConstraints>
  <gmd:topicCategory><gmd:MD_TopicCategoryCode>transportation</gmd:MD_TopicCategoryCode></gmd:topicCategory>
  <gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_GeographicBoundingBox>
   <gmd:westBoundLongitude><gco:Decimal>115.6</gco:Decimal></gmd:westBoundLongitude>
   <gmd:eastBoundLongitude><gco:Decimal>116.8</gco:Decimal></gmd:eastBoundLongitude>
   <gmd:southBoundLatitude><gco:Decimal>-2.4</gco:Decimal></gmd:southBoundLatitude>
   <gmd:northBoundLatitude><gco:Decimal>-0.8</gco:Decimal></gmd:northBoundLatitude>
  </gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent>
 </gmd:MD_DataIdentification></gmd:identificationInfo>
 <gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions><gmd:MD_DigitalTransferOptions>
  <gmd:onLine><gmd:CI_OnlineResource>
   <gmd:linkage><gmd:URL>https://simpul.example.go.id/geoserver/ows?service=WMS</gmd:URL></gmd:linkage>
   <gmd:protocol><gco:CharacterString>OGC:WMS</gco:CharacterString></gmd:protocol>
   <gmd:name><gco:CharacterString>Peta jalan</gco:CharacterString></gmd:name>
  </gmd:CI_OnlineResource></gmd:onLine>
  <gmd:onLine><gmd:CI_OnlineResource>
   <gmd:linkage><gmd:URL>https://simpul.example.go.id/unduh/jalan-{number}.zip</gmd:URL></gmd:linkage>
   <gmd:protocol><gco:CharacterString>WWW:DOWNLOAD-1.0-http--download</gco:CharacterString></gmd:protocol>
  </gmd:CI_OnlineResource></gmd:onLine>
  <gmd:onLine><gmd:CI_OnlineResource>
   <gmd:linkage><gmd:URL>https://simpul.example.go.id/jalan/{number}</gmd:URL></gmd:linkage>
   <gmd:protocol><gco:CharacterString>WWW:LINK-1.0-http--link</gco:CharacterString></gmd:protocol>
  </gmd:CI_OnlineResource></gmd:onLine>
 </gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>
 <gmd:dataQualityInfo><gmd:DQ_DataQuality><gmd:lineage><gmd:LI_Lineage>
  <gmd:statement><gco:CharacterString>Survei lapangan 2025.</gco:CharacterString></gmd:statement>
 </gmd:LI_Lineage></gmd:lineage></gmd:DQ_DataQuality></gmd:dataQualityInfo>
</gmd:MD_Metadata>"""

CORE = """<csw:Record xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dct="http://purl.org/dc/terms/" xmlns:ows="http://www.opengis.net/ows">
 <dc:identifier>dc-{number}</dc:identifier><dc:title>Peta Irigasi {number}</dc:title><dc:type>dataset</dc:type>
 <dc:subject>irigasi</dc:subject><dct:abstract>Saluran irigasi.</dct:abstract><dc:publisher>Dinas Pertanian</dc:publisher>
 <dct:modified>2026-11-01</dct:modified><dc:rights>{access}</dc:rights>
 <dct:references scheme="OGC:WFS">https://simpul.example.go.id/geoserver/wfs</dct:references>
 <ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326"><ows:LowerCorner>-2.4 115.6</ows:LowerCorner>
  <ows:UpperCorner>-0.8 116.8</ows:UpperCorner></ows:BoundingBox>
</csw:Record>"""


def iso(number: int, access: str = "terbuka") -> str:
    """Return one ISO 19139 record."""
    return ISO.format(number=number, access=access)


def core(number: int, access: str = "terbuka") -> str:
    """Return one Dublin Core record."""
    return CORE.format(number=number, access=access)
