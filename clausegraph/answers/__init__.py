"""One question, one frozen answer: check, compat, recipe, license, comparison."""
