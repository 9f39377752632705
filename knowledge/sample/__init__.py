"""The sample programme: definitions, a seeded generator of synthetic patients, and the catalog it makes."""
