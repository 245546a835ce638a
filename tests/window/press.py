"""press.py BUTTON: presses that button of the window, as a screen reader does."""
import sys

from reader import find_window, press

press(find_window(), sys.argv[1])
