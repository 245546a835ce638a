"""seen.py DUMP COLOUR TOP BOTTOM [LEFT]: how many pixels of an X window dump of 32 bits a pixel (what
Xvfb keeps with -fbdir) have this colour, or nearly, in these rows from that column on, and a place
in the middle of them."""
import struct
import sys

data = open(sys.argv[1], "rb").read()
head = struct.unpack(">25I", data[:100])
size, width, height, order, bits, stride, colours = (head[i] for i in (0, 4, 5, 7, 11, 12, 19))
assert bits == 32, bits
start, at = size + 12 * colours, int(sys.argv[2], 16)
wanted = ((at >> 16) & 255, (at >> 8) & 255, at & 255)
top, bottom = int(sys.argv[3]), min(int(sys.argv[4]), height)
left = int(sys.argv[5]) if len(sys.argv) > 5 else 0
places = []
for y in range(top, bottom):
    for x in range(left, width):
        i = start + y * stride + 4 * x
        b, g, r = data[i:i + 3] if order == 0 else data[i + 3:i:-1]
        if abs(r - wanted[0]) < 12 and abs(g - wanted[1]) < 12 and abs(b - wanted[2]) < 12:
            places.append((x, y))
print(len(places), *(places[len(places) // 2] if places else ()))
