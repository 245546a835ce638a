"""acts.py UNKNOT FOLDER STEP...: what people do on the pages, done as a screen reader does it: entries of the diary are
corrected and deleted; days, weeks and months turned, a day chosen from its row; reports saved into FOLDER. The command
says whether it came to what it should."""
import datetime
import difflib
import os
import re
import subprocess
import sys
import time

from reader import Atspi, above, all_of, bring_up, dialog, fail, find_window, one, press, wait, walk

unknot, folder = sys.argv[1:3]
application = find_window()
page = None  # what is looked at of it: the whole is thousands of nodes


def command(*arguments):
    return subprocess.run([unknot, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout


def open_page(place, button):
    """And looks at it from now on; the button is one that it has."""
    global page
    subprocess.run([unknot, "window", place], check=True, timeout=30)
    page = above(one(application, "push button", button), "scroll pane")


# ---- the diary ----

def entries():
    """Level, place and note of each, oldest first, as the command lists them."""
    return command("pain", "list")


def in_diary(what, *wanted):
    wait(f"{what}: {entries()}", lambda: all(re.search(text, entries()) for text in wanted))


def write_into(title, text):
    """The entry's row, of that title."""
    for node in walk(page):
        if node.get_role_name() == "text" and name_of_entry(node) == title:
            Atspi.EditableText.set_text_contents(node, text)
            return
    fail(f"there is no entry {title}")


def name_of_entry(node):
    if node.get_name() and not node.get_name().startswith("Gtk"):
        return node.get_name()
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            return relation.get_target(0).get_name()
    return ""


def diary():
    command("pain", "3", "--where", "lower back", "--note", "first")
    command("pain", "5", "--where", "neck", "--note", "second")
    open_page("diary", "Write down")
    wait("the page does not show the diary", lambda: list(all_of(page, "label", "neck: second")))
    # The latest stands first; what it holds comes into the form, and leaves it again unchanged.
    press(page, "Correct this entry")
    press(page, "1, *")
    press(page, "Leave it as it is")
    time.sleep(0.5)
    in_diary("an entry that was left as it is changed", r"5 .*neck.*second", r"3 .*lower back.*first")
    press(page, "Correct this entry")
    press(page, "8, *")
    write_into("Note", "worse")
    press(page, "Correct")
    in_diary("an entry is not corrected", r"8 .*neck.*worse", r"3 .*lower back.*first")
    if "second" in entries():
        fail(f"the corrected entry stands beside the new one: {entries()}")
    # Deleted after a question only.
    wait("the page does not show the correction", lambda: list(all_of(page, "label", "neck: worse")))
    press(page, "Delete this entry", which=1)
    press(dialog(application, "Keep*"), "Keep*")
    time.sleep(0.5)
    in_diary("an entry that was to be kept is gone", "first", "worse")
    press(page, "Delete this entry", which=1)
    press(dialog(application, "Delete*"), "Delete*")
    wait(f"an entry is not deleted: {entries()}", lambda: "first" not in entries())
    in_diary("another entry was deleted", "worse")


# ---- days ----

def date():
    """What stands in the button between Earlier and Later."""
    days = r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d+ \w+ \d{4}"
    for node in all_of(page, "label", "*"):
        name = node.get_name() or ""
        if re.fullmatch(days, name) or re.fullmatch(r"[A-Z][a-z]+ \d{4}", name) or re.search(r"\d{4} to .*\d{4}$", name):
            return name
    return ""


def long(day):
    return day.strftime("%A, ") + str(day.day) + day.strftime(" %B %Y")


def shows(wanted):
    wait(f"it shows \"{date()}\" instead of \"{wanted}\"", lambda: date() == wanted)


def click(row):
    """With the mouse."""
    at = bring_up(row, 400)
    subprocess.run(["xdotool", "mousemove", str(at.x + at.width // 3), str(at.y + at.height // 2), "click", "1"],
                   check=True, timeout=30)


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def shows_the_report_of(day):
    """The sentence that leads the command's report stands on the page too."""
    report = plain(command("report", "--day", str(day)).split("\n\n")[0])
    sentence = re.search(r"(?:half of the time known|of 100) (.*?)\.? For tomorrow", report).group(1)
    wait(f"the page does not say \"{sentence}\"", lambda: [
        node for node in all_of(page, "label", "*") if plain(node.get_name() or "").startswith(sentence)])


def days(today):
    one_day = datetime.timedelta(1)
    open_page("today", "Month")
    shows(long(today))
    press(page, "Earlier*")
    shows(long(today - one_day))
    shows_the_report_of(today - one_day)
    press(page, "Later*")
    shows(long(today))
    press(page, "Month")
    shows(today.strftime("%B %Y"))
    press(page, "Earlier*")
    before = today.replace(day=1) - one_day
    shows(before.strftime("%B %Y"))
    press(page, "Later*")
    press(page, "Week")
    week = date()
    monday = today - datetime.timedelta(today.weekday())
    if str(monday.day) not in week or str((monday + 6 * one_day).day) not in week:
        fail(f"the week of {today} is \"{week}\"")
    press(page, "Earlier*")
    wait("the week does not change", lambda: date() != week)
    # A day's row opens the day.
    friday = monday - 3 * one_day
    name = friday.strftime("%a ") + str(friday.day) + friday.strftime(" %b")
    click(one(page, "list item", name))
    shows(long(friday))
    shows_the_report_of(friday)


# ---- files ----

def save(what, file):
    button = "Open or save this report"
    bring_up(one(page, "push button", button), 400)  # GTK 4.18 unfolds no menu where nobody sees it
    press(page, button)
    press(page, what + "*", role="menu item")
    where = os.path.join(folder, file)
    asked = dialog(application, "Save*")
    Atspi.EditableText.set_text_contents(one(asked, "text", "Name:"), where)
    press(asked, "Save*")
    wait(f"{what}: nothing is saved", lambda: os.path.exists(where) and os.path.getsize(where) > 0)
    with open(where, encoding="utf-8") as saved:
        return saved.read()


def files(day):
    """Of the day that the page shows; a page that was opened anew is turned to it. A file has all of it."""
    open_page("today", "Month")
    press(page, "Day")
    for what, format_, file in (("Save as CSV", "csv", "day.csv"), ("Save as JSON", "json", "day.json"),
                                ("Save as text", "text", "day.txt")):
        saved = save(what, file)
        printed = command("report", "--day", str(day), "--format", format_,
                          *(["--details"] if format_ == "text" else []))
        if saved.strip() != printed.strip():
            lines = difflib.unified_diff(printed.splitlines(), saved.splitlines(), "printed", "saved",
                                         lineterm="")
            fail(f"{what}: another report than the command's:\n" + "\n".join(lines))


today = datetime.date.today()
steps = {"diary": diary, "days": lambda: days(today), "files": lambda: files(today - datetime.timedelta(today.weekday() + 3))}
for step in sys.argv[3:]:
    steps[step]()
