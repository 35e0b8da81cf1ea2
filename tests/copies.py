"""A large catalogue that was pushed, in a moment: copies of datasets and of their rows in the ledger, by SQL.

For pushes that pass by what did not change. The copies stand nowhere else: not in Solr, not at the target.
"""

# as many copies of each dataset that stands at a target as :times says
DATASETS = """
insert into package (id, name, title, type, state, private, owner_org, metadata_modified, metadata_created, extras)
select p.id || '-' || n, p.name || '-' || n, p.title, p.type, p.state, p.private, p.owner_org, p.metadata_modified,
       p.metadata_created, p.extras
from package p join satudata_ledger l on l.package_id = p.id and l.state = 'ok', generate_series(1, :times) n
"""
ROWS = """
insert into satudata_ledger (id, target_id, package_id, remote_id, state, pushed_version, pushed_hash, remote_hash, reasons,
                             attempts, last_error, fault, modified, pushed)
select l.id || '-' || n, l.target_id, l.package_id || '-' || n, l.remote_id || '-' || n, l.state, l.pushed_version,
       l.pushed_hash, l.remote_hash, l.reasons, l.attempts, l.last_error, l.fault, l.modified, l.pushed
from satudata_ledger l, generate_series(1, :times) n where l.state = 'ok'
"""
