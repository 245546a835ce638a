"""manages.py UNKNOT STATE STEP: what people arrange in the window, done as a screen reader does it and by mouse and keys
where something is written: profiles are renamed and deleted, a limit that was widened is undone, the camera paused
until a time, working hours set, a question about grave signs answered. The daemon and the files say whether it came to
what it should."""
import datetime
import json
import os
import subprocess
import sys
import time

from reader import Atspi, above, all_of, bring_up, dialog, fail, find_window, one, press, wait, walk

unknot, state, step = sys.argv[1:4]
application = find_window()


def command(*arguments):
    return subprocess.run([unknot, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout.strip()


def status():
    return json.loads(command("status", "--format", "json"))


def open_page(place, role, name):
    """And looks at it; what it names is something that it has."""
    subprocess.run([unknot, "window", place], check=True, timeout=30)
    return above(one(application, role, name), "scroll pane")


def has_profile(name):
    return os.path.exists(os.path.join(state, "profiles", name + ".json"))


def profiles():
    subprocess.run([unknot, "window", "calibrate:profiles"], check=True, timeout=30)
    press(application, "Rename desk")
    asked = dialog(application, "Rename*")
    Atspi.EditableText.set_text_contents(one(asked, "text", "Name"), "table")
    press(asked, "Rename*")
    wait("a profile is not renamed", lambda: has_profile("table") and not has_profile("desk"))
    wait("the configuration does not follow", lambda: command("config", "get", "watch.profile") == "table")
    wait(f"the daemon does not follow: {status()['profile']}", lambda: status()["profile"].startswith("table"))
    # Not without a question.
    press(application, "Delete home")
    press(dialog(application, "Delete*"), "Cancel*")
    time.sleep(0.5)
    if not has_profile("home"):
        fail("a profile that was to be kept is gone")
    press(application, "Delete home")
    press(dialog(application, "Delete*"), "Delete*")
    wait("a profile is not deleted", lambda: not has_profile("home"))
    if not has_profile("table") or command("config", "get", "watch.profile") != "table":
        fail("another profile is touched")
    # The last, which is in force: the daemon has none then, and the page says what to do.
    press(application, "Delete table")
    press(dialog(application, "Delete*"), "Delete*")
    wait("the daemon keeps a profile that is gone", lambda: status()["profile"].startswith("none"))
    if command("config", "get", "watch.profile") != "auto":
        fail("the configuration names a profile that is gone")
    one(application, "label", "There is none yet.*")


def wrong():
    path = os.path.join(state, "wrong.json")
    page = open_page("settings", "label", "Camera off until")
    one(page, "label", "Told only from 35 % beyond its limit on.")
    press(page, "Undo")

    def left():
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    wait("the limit stays widened", lambda: left() == {"too_close": 0.2})
    wait("it is still listed", lambda: not list(all_of(page, "label", "Told only from 35 %*")))
    one(page, "label", "Told only from 20 % beyond its limit on.")
    press(page, "Undo")
    wait("the limit stays widened", lambda: left() == {})
    one(page, "label", "Nothing. A message that you answer*")


def pause():
    page = open_page("settings", "label", "Camera off until")
    now = datetime.datetime.now()
    press(page, "Pause")
    wait("the daemon is not paused", lambda: "user" in status()["off"])
    # Proposed is the next full hour but one.
    end = now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=2)
    left = status()["paused_s"]
    if abs(left - (end - now).total_seconds()) > 30:
        fail(f"at {now} it is paused for {left:.0f} s, not until {end}")
    one(page, "label", f"You paused it until {end:%H:%M}.")
    press(page, "Resume")
    wait("the daemon does not go on", lambda: status()["off"] == [])
    one(page, "label", "It looks at nobody until then*")


def write(page, role, title, text):
    """By mouse and keys into what is called so."""
    def found():
        for node in walk(page):
            if node.get_role_name() == role and any(
                    relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and
                    relation.get_target(0).get_name() == title for relation in node.get_relation_set()):
                return node
        return None
    node = wait(f"there is no {role} {title}", found)
    box = bring_up(node, 20)  # beside what the wheel would change
    # GTK 4.18 leaves out what pads the widgets that hold it: it lies up to 17 pixels further right and below.
    subprocess.run(["xdotool", "mousemove", str(box.x + 25), str(box.y + box.height * 2 // 3), "click", "1", "key", "ctrl+a",
                    "type", "--delay", "60", text], check=True, timeout=30)
    subprocess.run(["xdotool", "key", "Return"], check=True, timeout=30)


def hours():
    page = open_page("settings", "label", "Camera off until")
    write(page, "spin button", "Working hours, from", "8:30")
    wait("the hour is not written", lambda: command("config", "get", "hours.from_h") == "8.5")
    write(page, "spin button", "Working hours, from", "0:00")
    wait("the hour is not written again", lambda: command("config", "get", "hours.from_h") == "0")
    # Never on this day of the week nor the next: it may be midnight.
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    other = names[(datetime.date.today().weekday() + 3) % 7]
    write(page, "text", "Working days", other)
    wait("the day is not written", lambda: command("config", "get", "hours.days") == other)
    wait(f"the daemon watches on another day: {status()['off']}", lambda: status()["off"] == ["hours"])
    write(page, "text", "Working days", "mon-fun")
    time.sleep(1)
    if command("config", "get", "hours.days") != other:
        fail("what is no day is written")
    write(page, "text", "Working days", "mon-sun")
    wait("the daemon does not go on", lambda: status()["off"] == [])


def care():
    """A grave sign: what to do about it stands above the scale of pain, until somebody has looked at it."""
    def stand(first, second):
        return [Atspi.Component.get_extents(one(page, "label", name), Atspi.CoordType.WINDOW).y for name in (first, second)]
    subprocess.run([unknot, "window", "care"], check=True, timeout=30)
    one(application, "label", "Question 1 of *")
    time.sleep(1)
    subprocess.run(["xdotool", "key", "alt+y"], check=True, timeout=30)
    press(application, "Done")
    page = open_page("diary", "label", "How much does it hurt?")
    wait("the advice does not come first", lambda: sorted(y := stand("Is it one*", "How much*")) == y)
    press(page, "It was looked at")
    wait("the scale does not come first again", lambda: sorted(y := stand("How much*", "Is it one*")) == y)


{"profiles": profiles, "wrong": wrong, "pause": pause, "hours": hours, "care": care}[step]()
