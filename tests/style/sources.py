#!/usr/bin/env python3
"""sources.py SOURCE: what the exercises, the messages and the questions name as their source is a row, a
heading or a paragraph of ergonomics.md; and a name that is none is noticed."""
import re
import sys

coach = sys.argv[1] + "/src/coach/"
page = open(coach + "ergonomics.md", encoding="utf-8").read()
known = tuple(name.strip().lower() for name in
              re.findall(r"^\| ([^|]+?) \|", page, re.M) + re.findall(r"^## (.+)", page, re.M) +
              re.findall(r"^(?:\*\*)?([A-Z][a-z ]+?)(?: \(NHS\))?\. ?", page, re.M))


def unknown(text):
    """The names in a table's text that the page does not have."""
    text = re.sub(r'"\s*\n\s*"', "", text)
    for source in re.findall(r'"ergo: ([^"]+)"', text):
        for name in re.sub(r" \([^)]*\)", "", source).split("; "):
            if not name.lower().startswith(known):
                yield name


bad = [f"{name}.inc: {what}" for name in ("exercises", "catalogue", "care")
       for what in unknown(open(f"{coach}{name}.inc", encoding="utf-8").read())]
if bad:
    sys.exit("FAILED: not in ergonomics.md: " + ", ".join(sorted(set(bad))))
if list(unknown('"ergo: hold; a herring"')) != ["a herring"]:
    sys.exit("FAILED: a source that nobody knows is not noticed")
print("every source is in ergonomics.md")
