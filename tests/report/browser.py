"""browser.py UNKNOT HISTORY [KEEP]: the report's pages in a real browser: light, dark, on a phone, printed.
Exit status 77 where there is none. With KEEP, a folder, the pictures stay there to be looked at.

Chromium (any of its names) is asked more than Firefox: it can print, and it can measure a copy of the page
into which a script of the test's was put."""
import html
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

from page import DAY, DAYS, check, unknot
import page as markup

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX = ("firefox-esr", "firefox")

# Says what is wider than the window, which letters lie on others, which are too small. A table that scrolls by
# itself is no fault. The page stands in a frame of the wanted width: windows are never narrower than 500 here.
WIDTHS = (320, 390, 768, 1100)
FRAMES = """<!DOCTYPE html><title>-</title><script>
const all = {};
onmessage = e => { all[e.data.width] = e.data; document.title = 'MEASURED' + JSON.stringify(all); };
</script>%s"""
MEASURE = """
const width = document.documentElement.clientWidth;
const found = {width: width, wide: [], over: [], small: []};
if (document.documentElement.scrollWidth > width) found.wide.push('page ' + document.documentElement.scrollWidth);
const inScroll = e => e.closest('.scroll') !== null;
for (const e of document.querySelectorAll('main *')) {
	const r = e.getBoundingClientRect();
	if (r.width > 0 && (r.right > width + 0.5 || r.left < -0.5) && !inScroll(e)) found.wide.push(e.tagName + ' ' + e.className);
}
for (const svg of document.querySelectorAll('svg, .columns')) {
	const texts = [...svg.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]).filter(([t, r]) => r.width > 0);
	for (const [t] of texts)
		if (parseFloat(getComputedStyle(t).fontSize) * (t.closest('.ring') ? 0.7 : 1) < 11) found.small.push(t.textContent);
	for (let i = 0; i < texts.length; i++)
		for (let k = i + 1; k < texts.length; k++) {
			const a = texts[i][1], b = texts[k][1];
			if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
				found.over.push(texts[i][0].textContent + ' on ' + texts[k][0].textContent);
		}
}
found.focus = [...document.querySelectorAll('summary, [tabindex="0"]')].length;
found.bold = document.querySelectorAll('b').length;
found.title = document.title;
parent.postMessage(found, '*');
"""


def read_png(path):
    """Width, height and a function that gives a pixel; 8-bit RGB or RGBA, which is what browsers write."""
    with open(path, "rb") as f:
        data = f.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[at + 8:at + 21])
        if kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    assert depth == 8 and colour in (2, 6) and interlace == 0, path
    step, raw, rows = 4 if colour == 6 else 3, zlib.decompress(packed), []
    size, before = width * step, bytearray(width * step)
    for y in range(height):
        kind, row = raw[y * (size + 1)], bytearray(raw[y * (size + 1) + 1:(y + 1) * (size + 1)])
        for i in range(size if kind else 0):
            left, up = row[i - step] if i >= step else 0, before[i]
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            else:
                corner = before[i - step] if i >= step else 0
                by = left + up - corner
                guess = min((left, up, corner), key=lambda v: abs(by - v))
            row[i] = (row[i] + guess) & 255
        rows.append(row)
        before = row
    return width, height, lambda x, y: tuple(rows[y][x * step:x * step + 3])


class Browser:
    def __init__(self, program, chromium, work):
        self.program, self.chromium, self.work = program, chromium, work

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], capture_output=True, timeout=300,
                              env=dict(os.environ, MOZ_HEADLESS="1"))

    def options(self, dark):
        home = os.path.join(self.work, "dark" if dark else "light")
        os.makedirs(home, exist_ok=True)
        if self.chromium:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            alone = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
            return ["--headless", "--disable-gpu", "--hide-scrollbars", *alone, f"--user-data-dir={home}",
                    f"--blink-settings=preferredColorScheme={0 if dark else 1}", *sandbox]
        with open(os.path.join(home, "user.js"), "w") as prefs:
            prefs.write('user_pref("layout.css.prefers-color-scheme.content-override", 2);\n'
                        'user_pref("ui.systemUsesDarkTheme", %d);\n' % dark)
        return ["--headless", "--no-remote", "--profile", home]

    def shoot(self, path, picture, width, height, dark=False):
        # Not of a page that is still being painted, on a machine that has more to do.
        whole = ["--virtual-time-budget=2000", "--run-all-compositor-stages-before-draw"]
        shot = [f"--screenshot={picture}", *whole] if self.chromium else ["--screenshot", picture]
        done = self.run(*self.options(dark), f"--window-size={width},{height}", *shot, "file://" + path)
        check(os.path.exists(picture), f"{self.program}: no picture: {done.stderr.decode()[-300:]}")

    def measure(self, path):
        """What MEASURE found, by width."""
        with open(path, encoding="utf-8") as f:
            text = f.read()
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        with open(path.replace(".html", ".measured.html"), "w", encoding="utf-8") as f:
            f.write(text.replace("</body>", f"<script>{MEASURE}</script></body>"))
        frames = os.path.join(os.path.dirname(path), "frames.html")
        with open(frames, "w", encoding="utf-8") as f:
            name = os.path.basename(path).replace(".html", ".measured.html")
            f.write(FRAMES % "".join(f'<iframe src="{name}" width="{w}" height="900" style="border:0">'
                                     "</iframe>" for w in WIDTHS))
        done = self.run(*self.options(False), "--virtual-time-budget=5000", "--dump-dom", "file://" + frames)
        found = re.search(r"<title>MEASURED(.*?)</title>", done.stdout.decode("utf-8"))
        check(found is not None, f"{self.program}: nothing measured: {done.stderr.decode()[-300:]}")
        return json.loads(html.unescape(found[1])) if found else {}

    def print(self, path, pdf):
        self.run(*self.options(True), "--no-pdf-header-footer", f"--print-to-pdf={pdf}", "file://" + path)
        check(os.path.exists(pdf), f"{self.program}: printed nothing")
        with open(pdf, "rb") as f:
            sheets = len(re.findall(rb"/Type /Page\b", f.read()))
        check(1 <= sheets <= 6, f"{path}: printed on {sheets} sheets, 1 to 6 expected")


def palette(path):
    """The page's own colours, light and dark."""
    with open(path, encoding="utf-8") as f:
        roots = re.findall(r":root \{(.*?)\}", f.read(), re.S)
    colours = [dict(re.findall(r"--(\w+): #([0-9a-f]{6})\b", r)) for r in roots[:2]]
    return [{k: tuple(bytes.fromhex(v)) for k, v in c.items()} for c in colours]


def check_picture(name, picture, colours, wanted):
    width, height, pixel = read_png(picture)
    check(pixel(2, 2) == colours["page"], f"{name}: ground {pixel(2, 2)}, not {colours['page']}")
    counts = {}
    for y in range(0, height, 2):
        for x in range(0, width, 2):
            p = pixel(x, y)
            counts[p] = counts.get(p, 0) + 1
    for colour, least in wanted.items():
        share = counts.get(colours[colour], 0) / sum(counts.values())
        check(share >= least, f"{name}: {colour} fills {share:.4f} of it, at least {least} expected")
    return width


def check_measures(name, found):
    check(found["wide"] == [], f"{name}: wider than the window: {found['wide'][:5]}")
    check(found["over"] == [], f"{name}: letters on letters: {found['over'][:5]}")
    check(found["small"] == [], f"{name}: too small: {found['small'][:5]}")
    check(found["bold"] == 0 and found["title"] != "seen", f"{name}: a text became markup")
    check(found["focus"] >= 3, f"{name}: the keyboard reaches {found['focus']}")


def main():
    names = [n for n in CHROMIUM + FIREFOX if shutil.which(n)]
    only = os.environ.get("BROWSER_UNDER_TEST")
    names = [n for n in names if only in (None, n)]
    if not names:
        print("SKIP: no browser here; install chromium or firefox-esr to look at the pages")
        return 77
    keep = sys.argv[3] if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        out, state = keep or work, os.path.join(work, "state")
        os.makedirs(out, exist_ok=True)
        os.environ.update(HOME=work, TZ="Europe/Berlin", XDG_CONFIG_HOME=work, XDG_DATA_HOME=work)
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        subprocess.run([sys.argv[2], state, DAY, str(DAYS)], check=True)
        browser = Browser(names[0], names[0] in CHROMIUM, work)
        for name, arguments in (("day", ()), ("week", ("--week",)), ("month", ("--month",))):
            path = os.path.join(out, name + ".html")
            with open(path, "w", encoding="utf-8") as f:
                f.write(unknot(sys.argv[1], state, "--day", DAY, "--format", "html", *arguments))
            light, dark = palette(path)
            # A phone's second screen has the first chart.
            for kind, width, height, colours, wanted in (
                    ("light", 1100, 900, light, {"card": 0.3, "good": 0.01, "ink": 0.001, "low": 0.0003}),
                    ("dark", 1100, 900, dark, {"card": 0.3, "good": 0.01, "ink": 0.001, "low": 0.0003}),
                    ("phone", 390, 1400, light, {"card": 0.3, "good": 0.005, "ink": 0.001})):
                picture = os.path.join(out, f"{name}-{kind}.png")
                browser.shoot(path, picture, width, height, kind == "dark")
                got = check_picture(f"{name} {kind}", picture, colours, wanted)
                check(got == width, f"{name} {kind}: {got} pixels wide, not {width}")
            if browser.chromium:
                measured = browser.measure(path)
                check(sorted(measured) == sorted(map(str, WIDTHS)), f"{name}: measured at {sorted(measured)}")
                for width, found in measured.items():
                    check_measures(f"{name} {width}", found)
                browser.print(path, os.path.join(out, name + ".pdf"))
        print(f"{markup.bad} failed" if markup.bad else f"ok, with {names[0]}")
    return markup.bad != 0


if __name__ == "__main__":
    sys.exit(main())
