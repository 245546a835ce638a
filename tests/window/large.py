"""large.py PAGE|task WIDTH: of a window that was never wider than that, with letters of 17 points, as a screen reader has
it: every text that was laid out on the page, or of the task that covers it, lies within it and none is small, and
the ring around a number has room for it. GTK 4.8 tells of all pages that were laid out."""
import sys

from reader import Atspi, GONE, fail, find_window, wait, walk

what, width = sys.argv[1], int(sys.argv[2])
# A caption is four fifths of 17 points, 18 pixels at 96 dots an inch, and a line is higher than its letters. Usual
# letters have a ring of 104 pixels.
LEAST_LINE, RING = 20, 104


def covers():
    """The pages, or what covers them: the outermost stack has them as its first and last."""
    for node in walk(find_window()):
        first = node.get_child_at_index(0)
        # With GTK 4.8 a stack's page is called like its class, with 4.18 a stack is a grouping.
        if first is not None and (first.get_name() == "GtkStackPage" or
                                  node.get_role_name() == "grouping" and first.get_role_name() == "panel"):
            # 4.24 tells of the one in front alone.
            return node.get_child_at_index(node.get_child_count() - 1) if what == "task" else first


page = wait(f"no {what}", covers)


def laid_out(node, known):
    """Role, name and place of each, in one walk: each question takes as long as a screen reader's. GTK 4.8 does not say
    what is shown; what never was has no width. The names of pages are the toolkit's."""
    if node is None or node in known:
        return
    known.add(node)
    try:
        role, name = node.get_role_name(), node.get_name()
        if role == "page tab list":
            return
        if role in ("label", "image") and name:
            box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
            if box.width > 0:
                yield role, name, box
        children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
    except GONE:
        return
    for child in children:
        yield from laid_out(child, known)


def heights(found):
    return [box.height for role, name, box in found if name.startswith("Woraus die Wertung")]


def look():
    """At all there is once the day has come."""
    found = list(laid_out(page, set()))
    return found if what != "today" or heights(found) else None


seen = wait("the day does not come", look)
labels = [(name, box) for role, name, box in seen if role == "label"]
for name, box in labels:
    if box.x < 0 or box.x + box.width > width:
        fail(f"\"{name}\" lies from {box.x} to {box.x + box.width}")
    if box.height < LEAST_LINE:
        fail(f"\"{name}\" is {box.height} high")
if len(labels) < 3:
    fail(f"only {len(labels)} texts are there: " + ", ".join(name for name, box in labels))
if what == "today":
    # A heading that has no room in a line takes two.
    if heights(seen)[0] < 2 * LEAST_LINE:
        fail(f"a group's heading is cut: {heights(seen)[0]} high")
    rings = [box.width for role, name, box in seen if role == "image" and name.startswith("Wertung")]
    if not rings or rings[0] <= RING:
        fail(f"the ring around the score stays small: {rings}")
print(f"{what}: {len(labels)} texts")
