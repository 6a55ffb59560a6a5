"""The web explorer: what the command line answers, in a browser. It shows results and has no rules of its own."""
