"""What must hold: the audit of a workspace, and SHACL over situations and over plain files."""
