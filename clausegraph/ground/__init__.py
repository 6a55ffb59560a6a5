"""What everything stands on: errors, paths, names of things. It imports nothing of ours."""
