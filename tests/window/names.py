"""names.py PAGE...: what a screen reader hears of the window, asked over AT-SPI: each page has its role as one among
others, and whatever takes the focus has a name. Prints what has none."""
import re
import subprocess
import sys
import time

from reader import Atspi, GONE, find_window, walk

window, pages = sys.argv[1], sys.argv[2:]


def is_asked(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.FOCUSABLE) and states.contains(Atspi.StateType.VISIBLE)


# What groups others, or shows text of its own.
UNNAMED = {Atspi.Role.PANEL, Atspi.Role.SCROLL_PANE, Atspi.Role.FILLER, Atspi.Role.LIST, Atspi.Role.LABEL,
           Atspi.Role.APPLICATION, Atspi.Role.WINDOW, Atspi.Role.FRAME, Atspi.Role.VIEWPORT}


def has_name(node):
    return bool(node.get_name()) and not re.match("(Gtk|Adw)[A-Z]", node.get_name())


def name_of(node):
    """Its own, or that of what labels it. GTK 4.8 says its type's where there is none."""
    if has_name(node):
        return node.get_name()
    if node.get_role() == Atspi.Role.LIST_ITEM:  # whose content is its name
        return next((name_of(child) for child in walk(node) if child != node and has_name(child)), "")
    parent = node.get_parent()
    if parent is not None and parent.get_role() == Atspi.Role.COMBO_BOX:  # the button that it is made of
        return parent.get_name()
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and relation.get_n_targets() > 0:
            return relation.get_target(0).get_name()
    return ""


application = find_window()
bad = 0
for page in pages:
    subprocess.run([window, page], check=True, timeout=30)
    time.sleep(1)
    asked, roles = 0, set()
    for node in walk(application):
        try:
            if not is_asked(node):
                continue
            asked += 1
            roles.add(node.get_role_name())
            if node.get_role() not in UNNAMED and not name_of(node):
                print(f"{page}: a {node.get_role_name()} that takes the focus has no name "
                      f"(in {node.get_parent().get_role_name()} \"{node.get_parent().get_name()}\")")
                bad += 1
        except GONE:
            continue  # gone meanwhile
    print(f"{page}: {asked} that take the focus: {', '.join(sorted(roles))}")
    if asked == 0:
        print(f"FAILED: {page}: nothing takes the focus")
        bad += 1
sys.exit(1 if bad else 0)
