"""What tests share: workspaces, servers, stores, browsers, attackers, and second implementations."""
