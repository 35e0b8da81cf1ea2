"""Actions, authorisation, validators and schemas, as CKAN expects them."""
