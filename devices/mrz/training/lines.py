"""Synthetic lines of a machine readable zone, as the strips that devices/mrz cuts from a frame.

A strip is 24 pixels high and as wide as the line; text stands in it about 15 pixels high. Everything comes from a seed.
Nothing here depends on the specimen renderer (tests/specimens): what is trained and what is tested share no code.
"""
import io
import math
import os
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
ALIKE = "O0O0O0QDG6B8S5Z2I1UJ"  # what a small or soft picture confuses: drawn more often than its share
HEIGHT = 24
CAP = 48  # height of a capital in the drawn line, before the camera
FONTS = ("/usr/share/fonts/opentype/ocr-b/OCRB.otf", "/usr/share/fonts/opentype/OCRB.otf")
OTHER_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"


def find_font():
    for path in FONTS:
        if os.path.exists(path):
            return path
    for folder, _, files in os.walk("/usr/share/fonts"):
        for name in files:
            if name.lower() == "ocrb.otf":
                return os.path.join(folder, name)
    raise SystemExit("OCR-B is missing: install Debian's package fonts-ocr-b")


def glyphs(path, weight):
    """A mask for each character, drawn at cap height CAP; weight -2 (thin) to 4 (bold) in pixels of stroke."""
    size = 10
    while True:
        font = ImageFont.truetype(path, size)
        left, top, right, bottom = font.getbbox("H")
        if bottom - top >= CAP:
            break
        size += 1
    base = font.getbbox("H")[3]
    out = {}
    for c in ALPHABET:
        width = int(font.getlength(c)) + 16
        image = Image.new("L", (width, CAP + 40), 0)
        ImageDraw.Draw(image).text((8, 20 + CAP - base), c, fill=255, font=font)
        if weight > 0:
            image = image.filter(ImageFilter.MaxFilter(2 * weight + 1))
        elif weight < 0:
            image = image.filter(ImageFilter.MinFilter(-2 * weight + 1))
        out[c] = np.asarray(image, dtype=np.float32) / 255.0
    return out


class Faces:
    def __init__(self):
        font = find_font()
        self.ocrb = [glyphs(font, w) for w in (-1, 0, 0, 1, 2)]
        self.other = [glyphs(OTHER_FONT, w) for w in (0, 1)]

    def pick(self, rng):
        return rng.choice(self.other) if rng.random() < 0.04 else rng.choice(self.ocrb)


def check_digit(text):
    value = lambda c: 0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55
    return str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def pad(text, length):
    return text[:length].ljust(length, "<")


def name_field(rng, length):
    word = lambda: "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(rng.randint(2, 11)))
    primary = "<".join(word() for _ in range(rng.randint(1, 2)))
    secondary = "<".join(word() for _ in range(rng.randint(0, 3)))
    return pad(primary + "<<" + secondary, length)


def number(rng, length):
    return "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(length))


def date(rng):
    return "%02d%02d%02d" % (rng.randint(0, 99), rng.randint(1, 12), rng.randint(1, 28))


def grammar_line(rng):
    state = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3))
    doc = number(rng, 9) if rng.random() < 0.8 else pad(number(rng, rng.randint(5, 8)), 9)
    middle = doc + check_digit(doc) + state
    birth, expiry = date(rng), date(rng)
    middle2 = birth + check_digit(birth) + rng.choice("MF<") + expiry + check_digit(expiry)
    kind = rng.randrange(8)
    if kind == 0:
        return pad(rng.choice("PVIAC") + rng.choice("<ABCDEFGOS") + state, 5) + name_field(rng, 39)
    if kind == 1:
        optional = pad(number(rng, rng.choice((0, 8, 14))), 14)
        return pad(middle + middle2 + optional + check_digit(optional) + check_digit(middle), 44)
    if kind == 2:
        return pad(rng.choice("PVIAC") + "<" + state, 5) + name_field(rng, 31)
    if kind == 3:
        return pad(middle + middle2, 35) + check_digit(middle)
    if kind == 4:
        return pad(rng.choice("IAC") + rng.choice("<DPR") + state + doc + check_digit(doc) + number(rng, rng.choice((0, 0, 7, 15))), 30)
    if kind == 5:
        return pad(middle2 + state + number(rng, rng.choice((0, 0, 11))), 29) + check_digit(middle2)
    if kind == 6:
        return name_field(rng, 30)
    return pad(middle + middle2 + number(rng, rng.choice((0, 0, 8, 16))), 44)


def line_text(rng):
    draw = rng.random()
    if draw < 0.60:
        return grammar_line(rng)
    length = rng.choice((30, 36, 44))
    if draw < 0.75:
        return "".join(rng.choice(ALIKE) for _ in range(length))
    if draw < 0.95:
        return "".join(rng.choice(ALPHABET) for _ in range(length))
    return pad("".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 6))), length)


def background(rng, width, height):
    """Paper: a tint, a slope of light, and guilloche lines under the text. Values around 200."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    paper = np.full((height, width), rng.uniform(150, 245), np.float32)
    paper += (x / width - 0.5) * rng.uniform(-50, 50) + (y / height - 0.5) * rng.uniform(-15, 15)
    for _ in range(rng.choice((0, 1, 2, 3))):
        period = rng.uniform(6, 40)
        wave = rng.uniform(0, 14) * np.sin(x / rng.uniform(20, 200) + rng.uniform(0, 6))
        angle = rng.uniform(-0.6, 0.6)
        phase = (y + angle * x + wave) / period * 2 * math.pi
        paper -= rng.uniform(4, 38) * np.clip(np.cos(phase) * rng.uniform(1, 4) - rng.uniform(0, 2.5), 0, 1)
    return paper


def draw_line(rng, faces, text):
    """The line at drawing size (72 high): image, and the x of each character's centre."""
    face = faces.pick(rng)
    pitch = CAP * rng.uniform(0.80, 1.02)
    left = rng.uniform(22, 90)
    right = rng.uniform(22, 90)
    width = int(left + pitch * len(text) + right)
    height = 72 + 24  # 12 above and below, so that turning the line cuts nothing
    ink = np.zeros((height, width), np.float32)
    centres = []

    def put(row_top, x, c):
        mask = face[c]
        h, w = mask.shape
        x0, y0 = int(round(x - w / 2)), int(round(row_top - 20))
        xa, ya, xb, yb = max(x0, 0), max(y0, 0), min(x0 + w, width), min(y0 + h, height)
        if xa < xb and ya < yb:
            part = mask[ya - y0:yb - y0, xa - x0:xb - x0]
            ink[ya:yb, xa:xb] = np.maximum(ink[ya:yb, xa:xb], part)

    top = (height - CAP) / 2
    for i, c in enumerate(text):
        x = left + (i + 0.5) * pitch
        centres.append(x)
        put(top + rng.uniform(-1, 1), x + rng.uniform(-1.2, 1.2), c)
    gap = CAP * rng.uniform(1.75, 2.2)  # the neighbouring rows, whose edges may show
    for side in (-1, 1):
        if rng.random() < 0.5:
            for i in range(len(text)):
                put(top + side * gap, left + (i + 0.5) * pitch, rng.choice(ALPHABET))
    if rng.random() < 0.12:  # a margin that is not paper: the edge of the document, a frame, clutter
        side = rng.random() < 0.5
        cut = int(rng.uniform(2, max(3, (left if side else right) - 4)))
        clutter = rng.uniform(0, 1)
        if side:
            ink[:, :cut] = clutter
        else:
            ink[:, width - cut:] = clutter
    return ink, centres


def sample(rng, faces, hard=True):
    """One strip (uint8, HEIGHT x W), its text, and the x of each character's centre in the strip."""
    text = line_text(rng)
    ink, centres = draw_line(rng, faces, text)
    height, width = ink.shape
    paper = background(rng, width, height)
    dark = rng.uniform(5, 90)
    contrast = rng.uniform(0.55, 1.0) if hard else rng.uniform(0.8, 1.0)
    page = paper * (1 - ink * contrast) + dark * ink * contrast
    if hard and rng.random() < 0.02:
        page = 255 - page
    # Into the strip: cap height to 15 +- 15 %, a small turn, offset and shear, all in one resampling.
    scale = CAP / (15.0 * rng.uniform(0.85, 1.17))
    squeeze = rng.uniform(0.93, 1.07)
    out_width = int(round(width / (scale * squeeze)))
    turn = math.radians(rng.uniform(-1.0, 1.0) if hard else rng.uniform(-0.4, 0.4)) * 30 / len(text)
    shear = rng.uniform(-0.12, 0.12)
    cy = height / 2 + rng.uniform(-2.2, 2.2) * scale
    # output (u, v) -> drawing (x, y)
    a = scale * squeeze
    b = scale * shear
    c = width / 2 - a * out_width / 2 - b * HEIGHT / 2
    d = math.tan(turn) * scale
    f = cy - d * out_width / 2 - scale * HEIGHT / 2
    blur_before = scale * rng.uniform(0.25, 0.55) + (rng.uniform(0, 1.0) ** 2 * 2.2 if hard else 0)
    image = Image.fromarray(np.clip(page, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur_before))
    strip = image.transform((out_width, HEIGHT), Image.AFFINE, (a, b, c, d, scale, f), Image.BILINEAR, fillcolor=int(paper.mean()))
    if hard and rng.random() < 0.45:  # the camera saw it smaller
        ratio = rng.uniform(0.42, 0.95)
        small = strip.resize((max(8, int(out_width * ratio)), max(6, int(HEIGHT * ratio))), Image.BOX)
        strip = small.resize((out_width, HEIGHT), Image.BILINEAR)
    if rng.random() < (0.5 if hard else 0.3):
        buffer = io.BytesIO()
        strip.save(buffer, "JPEG", quality=rng.randint(25, 92) if hard else rng.randint(70, 95))
        strip = Image.open(buffer)
    pixels = np.asarray(strip, dtype=np.float32)
    noise = rng.uniform(0, 12) if hard else rng.uniform(0, 5)
    state = np.random.RandomState(rng.getrandbits(31))
    pixels = pixels + state.normal(0, 1, pixels.shape).astype(np.float32) * noise
    if hard and rng.random() < 0.08:  # glare at a place
        gx, gw = rng.uniform(0, out_width), rng.uniform(10, 60)
        pixels += rng.uniform(30, 110) * np.exp(-(((np.arange(out_width) - gx) / gw) ** 2))[None, :]
    v = HEIGHT / 2
    xs = [(x - c - b * v) / a for x in centres]
    return np.clip(pixels, 0, 255).astype(np.uint8), text, xs


def normalise(pixels):
    """What the net sees: zero mean, unit deviation of the whole strip; the C++ side does the same."""
    x = pixels.astype(np.float32)
    return (x - x.mean()) / max(float(x.std()), 8.0)


def show(path, seed, count=14):
    rng = random.Random(seed)
    faces = Faces()
    strips = [sample(rng, faces)[0] for _ in range(count)]
    sheet = Image.new("L", (max(s.shape[1] for s in strips), count * (HEIGHT + 4)), 128)
    for i, s in enumerate(strips):
        sheet.paste(Image.fromarray(s), (0, i * (HEIGHT + 4)))
    sheet.save(path)
