"""`python -m clausegraph` is the command line."""

from clausegraph.cli import main

if __name__ == "__main__":
    main()
