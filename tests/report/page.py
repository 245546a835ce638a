"""page.py UNKNOT HISTORY: the report's pages without a browser: well-formed, self-contained, accessible as
far as markup tells, coloured for every kind of colour vision, and with the numbers of the JSON."""
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

DAY, DAYS = "2026-03-13", 40
VOID = {"meta", "br", "hr", "img", "input", "link", "base", "col", "wbr"}
bad = 0


def check(good, what):
    global bad
    if not good:
        print("FAILED:", what)
        bad += 1


# ---- markup ----

class Page(HTMLParser):
    """A stricter reader than a browser: every element is closed, in order; attributes come once."""

    def __init__(self, name, text):
        super().__init__(convert_charrefs=True)
        self.name, self.open, self.elements, self.data, self.ids = name, [], [], [], []
        self.feed(text)
        self.close()
        check(not self.open, f"{name}: left open: {[e['tag'] for e in self.open]}")

    def handle_starttag(self, tag, attrs):
        line = self.getpos()[0]
        names = [k for k, _ in attrs]
        check(len(names) == len(set(names)), f"{self.name}:{line}: <{tag}> has an attribute twice")
        check(all(v is not None for _, v in attrs), f"{self.name}:{line}: <{tag}> attribute without value")
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "line": line,
                   "parents": [e["tag"] for e in self.open], "above": list(self.open)}
        self.elements.append(element)
        if "id" in element["attrs"]:
            self.ids.append(element["attrs"]["id"])
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        check("svg" in self.elements[-1]["parents"], f"{self.name}: <{tag}/> outside of SVG")
        self.open.pop()

    def handle_endtag(self, tag):
        check(bool(self.open) and self.open[-1]["tag"] == tag,
              f"{self.name}:{self.getpos()[0]}: </{tag}> closes {self.open[-1]['tag'] if self.open else '-'}")
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag):
        return [e for e in self.elements if e["tag"] == tag]


def check_markup(page, text, language):
    check(text.startswith(f"<!DOCTYPE html>\n<html lang=\"{language}\">"), f"{page.name}: doctype and language")
    check(not re.search(r"&(?!(amp|lt|gt|quot|#39);)", text.split("</style>")[1]), f"{page.name}: a bare &")
    check(len(page.ids) == len(set(page.ids)), f"{page.name}: an id twice")
    for tag, parent in (("title", "head"), ("style", "head"), ("main", "body"), ("h1", "header")):
        check(len([e for e in page.all(tag) if e["parents"][-1] == parent]) == 1,
              f"{page.name}: one <{tag}> in <{parent}>")
    for e in page.elements:
        where = f"{page.name}:{e['line']}: <{e['tag']}>"
        ref = e["attrs"].get("aria-labelledby")
        check(ref is None or ref in page.ids, f"{where} labelled by nothing")
        if e["tag"] in ("li", "tr", "td", "th", "dt", "dd", "summary", "title"):
            wanted = {"li": ("ul", "ol"), "tr": ("tbody", "thead"), "td": ("tr",), "th": ("tr",),
                      "dt": ("div",), "dd": ("div",), "summary": ("details",),
                      "title": ("head", "rect", "svg", "circle")}[e["tag"]]
            check(e["parents"] and e["parents"][-1] in wanted, f"{where} in {e['parents'][-1:]}")


def check_self_contained(page, text):
    for e in page.elements:
        where = f"{page.name}:{e['line']}: <{e['tag']}>"
        check(e["tag"] not in ("script", "link", "img", "iframe", "object", "embed", "base", "form", "a",
                               "image", "use", "foreignobject"), f"{where}: not in a page of ours")
        for key, value in e["attrs"].items():
            check(not key.startswith("on") and key not in ("src", "href", "xlink:href", "style", "srcset"),
                  f"{where} {key}: not in a page of ours")
    style = page.all("style")[0]["text"]
    check("@import" not in style and "@font-face" not in style, f"{page.name}: the style sheet loads")
    check(all(u.startswith("#") for u in re.findall(r"url\(([^)]*)", text)), f"{page.name}: url() leads away")
    for u in re.findall(r"url\(#([^)]*)", style):
        check(u in page.ids, f"{page.name}: url(#{u}) leads nowhere")
    policy = [e for e in page.all("meta") if e["attrs"].get("http-equiv") == "Content-Security-Policy"]
    check(len(policy) == 1 and policy[0]["attrs"]["content"].startswith("default-src 'none'"),
          f"{page.name}: no policy")


def check_accessible(page):
    level = 0
    for e in page.elements:
        where = f"{page.name}:{e['line']}: <{e['tag']}>"
        if re.fullmatch("h[1-6]", e["tag"]):
            check(int(e["tag"][1]) <= level + 1, f"{where} skips a level")
            check(e["text"].strip() != "", f"{where} is empty")
            level = int(e["tag"][1])
        if e["tag"] == "svg":
            chain = e["above"] + [e]
            check(any(a["attrs"].get("aria-hidden") == "true" or
                      (a["attrs"].get("role") == "img" and a["attrs"].get("aria-label")) for a in chain),
                  f"{where} says nothing to a screen reader")
        if e["tag"] == "table":
            box = e["above"][-1]["attrs"]
            check(box.get("role") == "group" and box.get("tabindex") == "0" and box.get("aria-label"),
                  f"{where}: cannot be scrolled by keyboard")
        if e["tag"] == "th":
            check(e["attrs"].get("scope") in ("col", "row", "rowgroup"), f"{where} without scope")
            check(e["text"].strip() != "", f"{where} is empty")
        if e["attrs"].get("role") == "img" and e["tag"] in ("svg", "div"):
            check(any(t["line"] > e["line"] for t in page.all("table")), f"{where}: no table follows")


# ---- numbers ----

def shown_number(text):
    """What a reader takes from "6 h 30 min", "5 min \u00b1 2 min", "3 of 10", with how far it is rounded."""
    text = re.split("\u00b1| of | von ", text)[0].replace("\u00a0", " ").replace("\u2212", "-").strip()
    match = re.fullmatch(r"(\d+) h (\d\d) min", text)
    if match:
        return int(match[1]) * 3600 + int(match[2]) * 60, 31
    match = re.fullmatch(r"(\d+) min", text)
    if match:
        return int(match[1]) * 60, 31
    text = text.replace("under 1 %", "0.2 %").replace("unter 1 %", "0.2 %").replace(",", ".")
    match = re.fullmatch(r"(-?\d+(?:\.(\d+))?)( s| cm|\u00b0| %)?", text)
    if not match:
        return None, 0
    scale = 0.01 if match[3] == " %" else 1
    return float(match[1]) * scale, scale * 0.51 * 10 ** -len(match[2] or "") + 0.006


def look_up(report, path):
    for key in path.split("."):
        report = report[int(key)] if isinstance(report, list) else report[key]
    return report


def check_numbers(page, reports, least):
    numbers = [e for e in page.all("data") if "data-path" in e["attrs"]]
    check(len(numbers) >= least, f"{page.name}: {len(numbers)} numbers, at least {least} expected")
    for e in numbers:
        date, path = e["attrs"]["data-path"].split(":")
        value = float(e["attrs"]["value"])
        first, _, count = date.partition("+")
        dates = [d for d in sorted(reports) if d >= first][:int(count or 1)]
        try:
            wanted = sum(look_up(reports[d], path) for d in dates)
        except (KeyError, IndexError):
            check(False, f"{page.name}: {date} {path} is not in the JSON")
            continue
        # A sum of rounded numbers, and the rounded sum.
        check(abs(value - wanted) <= (0 if count == "" else 0.5 * len(dates)), f"{page.name}: {date} {path} {value}, in the JSON {wanted}")
        shown, within = shown_number(e["text"])
        check(shown is not None and abs(shown - value) <= within,
              f"{page.name}: {date} {path} {value} reads \"{e['text']}\"")
    return {e["attrs"]["data-path"].split(":")[1] for e in numbers}


def check_complete(page, report, paths):
    """What a day's page must hold of its JSON."""
    wanted = ["sitting.total_s", "good_s", "alert_count"]
    wanted += [f"posture_s.{p}" for p, s in report["posture_s"].items() if s > 0]
    wanted += [f"hours.{i}.fault_s" for i in range(len(report["hours"]))]
    wanted += [f"breaks.{k}.{w}" for k in ("micro", "movement")
               for w in ("due", "taken", "verified", "cut_short", "skipped", "natural")]
    wanted += [f"breaks.list.{i}.length_s" for i in range(len(report["breaks"]["list"]))]
    wanted += [f"measures.{m}.{p}" for m in report["measures"] for p in ("p10", "p50", "p90")]
    wanted += [f"rula.{s}.bands.{i}.seconds" for s, v in report["rula"].items()
               for i in range(len(v["bands"]))]
    check(report["pain"] and report["alerts"], "the made-up day has both")
    wanted += [f"thresholds.{t}" for t in report["thresholds"]]
    wanted += [f"pain.{i}.level" for i in range(len(report["pain"]))]
    for path in wanted:
        check(path in paths, f"{page.name}: {path} is missing")
    said = [e["text"] for e in page.all("li")]
    for alert in report["alerts"]:
        check(any(alert["text"] in s for s in said), f"{page.name}: not told: {alert['text']}")


def check_ribbon(page, report):
    """Widths in the picture against seconds in the JSON, to half a minute per change of state."""
    ribbon = next(e for e in page.elements if e["attrs"].get("class") == "ribbon")
    rects = [e for e in page.all("rect") if ribbon in e["above"]]
    first, last = re.search(r"from (\d+):\d+ to (\d+):", ribbon["attrs"]["aria-label"]).groups()
    axis = (int(last) - int(first)) * 3600
    for group, seconds in (("call", report["presence_s"]["in_call"]),
                           ("low", report["posture_s"]["slouched"]),
                           ("away", report["presence_s"]["away"]),
                           ("good", report["good_s"])):
        runs = [r for r in rects if r["attrs"]["class"] == group]
        drawn = sum(float(r["attrs"]["width"].rstrip("%")) for r in runs) / 100 * axis
        check(runs and abs(drawn - seconds) <= 60 * len(runs),
              f"{page.name}: {group} drawn {drawn:.0f} s in {len(runs)} pieces, is {seconds}")


# ---- colours ----

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}


def linear(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def contrast(a, b):
    """WCAG 2.1."""
    x, y = sorted((sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(v))) for v in (a, b)))
    return (y + 0.05) / (x + 0.05)


def oklab(rgb):
    """Ottosson 2020."""
    r, g, b = (max(0, c) for c in rgb)
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)


def distance(a, b, matrix):
    seen = [oklab([sum(k * c for k, c in zip(row, linear(v))) for row in matrix]) for v in (a, b)]
    return sum((x - y) ** 2 for x, y in zip(*seen)) ** 0.5


def check_colours(style):
    roots = re.findall(r":root \{(.*?)\}", style, re.S)
    check(len(roots) == 3, f"{len(roots)} sets of colours; light, dark and print expected")
    for name, root in zip(("light", "dark", "print"), roots):
        c = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})\b", root))
        for text, ground in itertools.product(("ink", "soft", "accent"), ("page", "card")):
            check(contrast(c[text], c[ground]) >= 4.5,
                  f"{name}: {text} on {ground}: contrast {contrast(c[text], c[ground]):.2f}")
        for shape in ("good", "low", "near", "askew", "call", "unseen", "away", "off"):
            check(contrast(c[shape], c["card"]) >= 3,
                  f"{name}: {shape}: contrast {contrast(c[shape], c['card']):.2f}")
        for a, b in itertools.combinations(("good", "low", "near", "askew", "call", "unseen"), 2):
            for vision, matrix in VISION.items():
                d = distance(c[a], c[b], matrix)
                check(d >= (0.09 if b == "unseen" else 0.1), f"{name}: {a} and {b} under {vision}: {d:.3f} apart")


# ---- the pages ----

def unknot(program, state, *arguments):
    done = subprocess.run([program, "report", "--state-dir", state, *arguments], capture_output=True,
                          timeout=60)
    check(done.returncode == 0, f"unknot report {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8")


def check_page(name, text, language="en"):
    page = Page(name, text)
    check_markup(page, text, language)
    check_self_contained(page, text)
    check_accessible(page)
    return page


def speak(language):
    """Of what is started from now on. The build made a German locale, to which LOCPATH points."""
    os.environ.pop("LANGUAGE", None)
    os.environ["LC_ALL"] = "de_DE.UTF-8" if language == "de" else "C.UTF-8"


def check_german(program, state, reports):
    """The same pages in another language: the same numbers, with a decimal comma, and nothing left over."""
    if not os.path.exists(os.path.join(os.environ.get("UNKNOT_LOCALE_DIR", ""), "de/LC_MESSAGES/unknot.mo")):
        print("no translations were built (Debian: gettext); German is not looked at")
        return
    if not os.path.isdir(os.path.join(os.environ.get("LOCPATH", ""), "de_DE.utf8")):
        print("no German locale could be made (Debian: locales); German is not looked at")
        return
    speak("de")
    for name, least, arguments in (("day", 200, ()), ("week", 60, ("--week",))):
        text = unknot(program, state, "--day", DAY, "--format", "html", *arguments)
        page = check_page("German " + name, text, "de")
        check_numbers(page, reports, least)
        heading = page.all("h1")[0]["text"]
        check(heading == ("Freitag, 13. März 2026" if name == "day" else "7. März 2026 bis 13. März 2026"),
              f"German {name}: {heading}")
        check(re.search(r"\d,\d", text) is not None or name == "week", f"German {name}: no decimal comma")
        left = re.search(r"\b(the|and|with|breaks?|sitting)\b", " ".join(e["text"] for e in page.elements
                         if e["tag"] in ("h1", "h2", "h3", "dt", "th", "summary")), re.I)
        check(left is None, f"German {name}: {left and left[0]} is left")
    said = unknot(program, state, "--day", DAY)
    check("Wertung: " in said and "Am Schreibtisch" in said, "the text is in German")
    check(json.loads(unknot(program, state, "--day", DAY, "--format", "json")) == reports[DAY],
          "JSON knows no language")
    speak("en")


def main():
    program, history = sys.argv[1:3]
    speak("en")
    with tempfile.TemporaryDirectory() as work:
        state = os.path.join(work, "state")
        os.environ.update(HOME=work, TZ="Europe/Berlin", XDG_CONFIG_HOME=work, XDG_DATA_HOME=work)
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        os.mkdir(os.path.join(work, "unknot"))
        with open(os.path.join(work, "unknot", "unknot.conf"), "w") as config:
            config.write('[watch]\nprofile = "><b>desk & \'chair\'\n')
        subprocess.run([history, state, DAY, str(DAYS)], check=True)
        listed = json.loads(unknot(program, state, "--day", DAY, "--month", "--format", "json"))
        reports = {r["date"]: r for r in listed}
        check(len(reports) == 30, f"{len(reports)} days in a month")
        pages = {}
        for name, least, arguments in (("day", 200, ()), ("week", 60, ("--week",)), ("month", 250, ("--month",))):
            text = unknot(program, state, "--day", DAY, "--format", "html", *arguments)
            page = pages[name] = check_page(name, text)
            paths = check_numbers(page, reports, least)
            check("<b>" not in text and "&lt;b&gt;desk &amp; &#39;chair&#39;" in text, f"{name}: the profile's name")
            related = text.partition("Days with more pain and with less")[2].partition("</table>")[0]
            for row in ("Sitting", "Longest sitting", "Slouched", "Breaks taken"):
                check(f">{row}</th>" in related, f"{name}: pain is not related to {row}")
            if name == "day":
                check_complete(page, reports[DAY], paths)
                check_ribbon(page, reports[DAY])
                check("&lt;script&gt;document.title=" in text, "the hostile text is told")
        check_colours(pages["day"].all("style")[0]["text"])
        check_page("empty", unknot(program, state, "--day", "2025-01-01", "--format", "html"))
        check_page("empty week", unknot(program, state, "--day", "2025-01-01", "--week", "--format", "html"))
        check_page("one day", unknot(program, state, "--from", DAY, "--to", DAY, "--format", "html"))
        check_german(program, state, reports)
    print(f"{bad} failed" if bad else "ok")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
