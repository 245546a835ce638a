"""films.py CLIP FOLDER: what the camera sees: a person upright and slouched, nothing, an exposure that never settles,
an empty room; each with a sensor's noise. And one picture that stands still."""
import io
import math
import sys

from PIL import Image, ImageChops, ImageDraw, ImageEnhance

# No two looks one after the other may fall on the same picture of a film: a camera that stands still is a fault.
# They are some ten pictures apart in bursts, and whole seconds of them in continuous mode.
LENGTH = 97

clip, folder = sys.argv[1:]
with open(f"{clip}/slouch.mjpg", "rb") as file:
    parts = file.read().split(b"\xff\xd8")[1:]
pictures = [Image.open(io.BytesIO(b"\xff\xd8" + part)).convert("RGB") for part in parts]
upright, slouched, size = pictures[0], pictures[34:38], pictures[0].size


def noisy(picture):
    noise = Image.merge("RGB", [Image.effect_noise(size, 6) for _ in range(3)])
    return ImageChops.add(picture, noise, offset=-128)


def grain():
    return Image.merge("RGB", [Image.effect_noise(size, 2)] * 3)


def film(name, pictures):
    with open(f"{folder}/{name}.mjpg", "wb") as out:
        for picture in pictures:
            picture.save(out, "JPEG", quality=85)


film("upright", [noisy(upright) for _ in range(LENGTH)])
film("slouched", [noisy(slouched[i % len(slouched)]) for i in range(LENGTH)])
film("black", [ImageChops.add(Image.new("RGB", size), grain(), offset=-127) for _ in range(LENGTH)])
film("ramp", [noisy(ImageEnhance.Brightness(upright).enhance(1 + 0.7 * math.sin(i / 60 * math.tau)))
              for i in range(60)])
room = Image.new("RGB", size, (150, 140, 128))
draw = ImageDraw.Draw(room)
draw.rectangle((60, 60, 220, 260), fill=(210, 220, 235))
draw.rectangle((380, 120, 600, 470), fill=(96, 70, 50))
for y in range(150, 470, 64):
    draw.line((380, y, 600, y), fill=(60, 42, 30), width=5)
film("empty", [noisy(room) for _ in range(LENGTH)])
film("still", [upright])
