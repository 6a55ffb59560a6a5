"""Mistakes that people and attackers make, one folder each, with the exact message.

A folder holds the input and `case.json`: `run` is the command line (`{here}` is the folder), `exit` its exit
code, `says` the whole message on stderr or the reason in the quarantine, and `kept` how many artifacts were
loaded all the same. An input that is binary, huge or hostile to tools is made by the function named in `make`.
"""
