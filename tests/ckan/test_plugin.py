"""The plugin loads into a real CKAN and its tables are there."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.satudatapaser import model as ours

pytestmark = pytest.mark.ckan


@pytest.mark.usefixtures("rolled_back")
def test_every_table_of_ours_has_the_columns_its_model_declares() -> None:
    found = sa.inspect(model.meta.engine)
    for name in ours.__all__:
        table = getattr(ours, name).__table__
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert {c.name for c in table.columns} == set(columns), table.name
        assert {c.name: c.nullable for c in table.columns} == {n: c["nullable"] for n, c in columns.items()}
