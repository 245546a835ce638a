"""What a screen reader knows of the window, and does in it, over AT-SPI. Ends the test as skipped where Python's
bindings of it are not here."""
import subprocess
import sys
import time
import warnings

try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
except (ImportError, ValueError):
    print("skipped: Python's bindings of AT-SPI are not here (Debian: gir1.2-atspi-2.0 python3-gi)")
    sys.exit(77)

warnings.simplefilter("ignore", DeprecationWarning)  # of names that Debian 12 has only
GONE = gi.repository.GLib.Error  # what was there a moment ago


def fail(text):
    print(f"FAILED: {text}")
    sys.exit(1)


def role_of(node):
    """As Debian 12 has it, AT-SPI 2.46 and GTK 4.8: later ones tell more kinds of buttons apart."""
    role = node.get_role_name()
    return "push button" if role in ("button", "toggle button", "radio button") else role


def walk(node, depth=0, seen=None):
    """Each once: GTK 4.18 has the page in front within each of the others, too."""
    seen = set() if seen is None else seen
    if node is None or node in seen or depth > 60:
        return
    seen.add(node)
    yield node
    for i in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(i), depth + 1, seen)


def find_window():
    """The application."""
    for _ in range(100):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and "unknot" in (child.get_name() or ""):
                return child
        time.sleep(0.1)
    fail("AT-SPI knows no window")


def wait(what, found, seconds=30):
    """What `found` returns once that is something."""
    end = time.monotonic() + seconds
    while True:
        try:
            got = found()
        except GONE:
            got = None
        if got:
            return got
        if time.monotonic() > end:
            fail(what)
        time.sleep(0.1)


def all_of(root, role, name):
    """In the order of the page; `name` may end with * for anything."""
    for node in walk(root):
        try:
            own = (node.get_name() or "").lstrip("_")  # a letter that GTK 4.8 leaves marked
            if (own == name or name[-1:] == "*" and own.startswith(name[:-1])) and role_of(node) == role:
                yield node
        except GONE:
            continue


def above(node, role):
    """What of that role holds it."""
    while node is not None and role_of(node) != role:
        node = node.get_parent()
    return node


def dialog(application, button):
    """The other window, the one that has this button."""
    def found():
        for i in range(application.get_child_count()):
            window = application.get_child_at_index(i)
            if window is not None and window.get_role_name() != "frame":
                if next(all_of(window, "push button", button), None) is not None:
                    return window
        return None
    return wait(f"no dialog with {button} comes: " + ", ".join(
        application.get_child_at_index(i).get_role_name() for i in range(application.get_child_count())), found)


def one(root, role, name, which=0):
    def found():
        nodes = list(all_of(root, role, name))
        return nodes[which] if len(nodes) > which else None
    return wait(f"there is no {role} \"{name}\"", found)


def press(root, name, role="push button", which=0):
    """A menu's button is a button within one that nobody can press: the one that has the action is meant."""
    def found():
        nodes = [node for node in all_of(root, role, name)
                 if any(Atspi.Action.get_action_name(node, i) == "click"
                        for i in range(Atspi.Action.get_n_actions(node)))]
        return nodes[which] if len(nodes) > which else None
    node = wait(f"there is no {role} \"{name}\" to press", found)
    for i in range(Atspi.Action.get_n_actions(node)):
        if Atspi.Action.get_action_name(node, i) == "click":
            Atspi.Action.do_action(node, i)
    time.sleep(0.3)


def bring_up(node, x):
    """The wheel, turned at that x of the page, brings it into view; where it lies then."""
    for _ in range(60):
        at = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        if 50 < at.y < 560:
            break
        subprocess.run(["xdotool", "mousemove", str(x), "400", "click", "4" if at.y <= 50 else "5"], check=True,
                       timeout=30)
        time.sleep(0.2)
    time.sleep(1)  # it glides on
    return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
