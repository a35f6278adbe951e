"""People, roles, regions, sessions and the audit trail."""
