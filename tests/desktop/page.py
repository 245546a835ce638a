"""page.py NAME...: waits until a screen reader finds each of these names in the window, where it could be seen; what
is in front of the pages is made when it is shown, and a page's own name is one that is chosen: "*Today"."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "window"))
from reader import Atspi, GONE, find_window, wait, walk


def is_there(node, name):
    states = node.get_state_set()
    chosen = states.contains(Atspi.StateType.CHECKED) or states.contains(Atspi.StateType.PRESSED) or \
        states.contains(Atspi.StateType.SELECTED)
    return node.get_name() == name.lstrip("*") and states.contains(Atspi.StateType.VISIBLE) and \
        (chosen or name[0] != "*")


def shows(application, name):
    for node in walk(application):
        try:
            if is_there(node, name):
                return True
        except GONE:
            continue
    return False


for wanted in sys.argv[1:]:
    wait(f"the window does not show \"{wanted}\"", lambda: shows(find_window(), wanted))
