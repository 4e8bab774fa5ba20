"""Synthetic lines of a machine readable zone, as the strips that devices/mrz cuts from a frame.

A strip is 24 pixels high and as wide as the line; text stands in it about 15 pixels high. A line is drawn with capitals of 32
pixels, seen by a camera at 5 to 24 pixels a character, and cut from its picture as devices/mrz/rectify.cpp does. Everything
comes from a seed. Nothing here depends on the specimen renderer (tests/specimens): what is trained and what is tested share
no code, and of the cuts of OCR-B that the claim set draws only the plain one is drawn here.
"""
import io
import math
import os
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
LETTERS = ALPHABET[:26]
ALIKE = "O0O0O0QDG6B8S5Z2I1UJ"  # what a small or soft picture confuses: drawn more often than its share
HEIGHT = 24
CAPITAL = 15.0  # height of a capital in the strip
CAP = 32  # and in the drawn line, before the camera
FINE = 4  # glyphs are thickened at so many times that size
EDGE = 10  # pixels around a glyph
ROW = 80  # height of the drawing: the line in its middle, the edges of its neighbours above and below
WEIGHTS = (-6, -3, 0, 2, 4, 7, 10)  # pixels of CAP * FINE on each side of a stroke, which is 18 wide by itself
HOLLOW = ((0, 1), (1, 1), (2, 1), (3, 2), (2, 2), (4, 3), (6, 3))  # weight, and the width of an outline
WIDTHS = (0.90, 1.0, 1.10)
OCR_B = "OCRB.otf"
# Other faces that machines print with, the first two like Courier. What the system lacks is left out.
OTHERS = ("Courier Prime.otf", "FreeMonoBold.otf", "LiberationMono-Regular.ttf", "DejaVuSansMono.ttf", "NotoMono-Regular.ttf")


def find_font(name):
    for folder, _, files in sorted(os.walk("/usr/share/fonts")):
        if name in files:
            return os.path.join(folder, name)
    return None


def capital_size(path, height):
    size = 8
    while True:
        left, top, right, bottom = ImageFont.truetype(path, size).getbbox("H")
        if bottom - top >= height:
            return size
        size += 1


def thickened(mask, pixels):
    """The strokes wider by so many pixels on each side, or thinner."""
    turn = np.maximum if pixels > 0 else np.minimum
    for axis in (0, 1):
        out = mask
        for shift in range(1, abs(pixels) + 1):
            out = turn(turn(out, np.roll(mask, shift, axis)), np.roll(mask, -shift, axis))
        mask = out
    return mask


def glyphs(path, weight, wide, hollow=0):
    """A uint8 mask for each character at cap height CAP; its middle is the middle of the character's cell."""
    font = ImageFont.truetype(path, capital_size(path, CAP * FINE))
    base = font.getbbox("H")[3]
    edge = EDGE * FINE
    out = {}
    for c in ALPHABET:
        width = int(font.getlength(c)) + 2 * edge
        image = Image.new("L", (width, CAP * FINE + 2 * edge), 0)
        ImageDraw.Draw(image).text((edge, edge + CAP * FINE - base), c, fill=255, font=font)
        mask = thickened(np.asarray(image), weight)
        if hollow:  # the outline of the strokes alone
            mask = mask - thickened(mask, -hollow)
        out[c] = np.asarray(Image.fromarray(mask).resize((int(width * wide) // FINE, CAP + 2 * EDGE), Image.BOX))
    return out


class Faces:
    def __init__(self):
        ocr_b = find_font(OCR_B)
        if ocr_b is None:
            raise SystemExit("OCR-B is missing: install Debian's package fonts-ocr-b")
        self.plain = [glyphs(ocr_b, weight, wide) for weight in WEIGHTS for wide in WIDTHS]
        self.hollow = [glyphs(ocr_b, weight, 1.0, line) for weight, line in HOLLOW]
        paths = [path for path in map(find_font, OTHERS) if path is not None]
        self.other = [glyphs(path, weight, 1.0) for path in paths for weight in (0, 4)]
        self.grounds = Grounds(77)
        self.stamps = [ImageFont.truetype(path, size) for path in [ocr_b, *paths] for size in (22, 34, 48, 70)]

    def pick(self, rng):
        draw = rng.random()
        if draw < 0.06 and self.other:
            return rng.choice(self.other)
        return rng.choice(self.hollow if draw < 0.20 else self.plain)


class Grounds:
    """Papers with guilloche and noise of a sensor, made once: each line takes its own part of one."""

    def __init__(self, seed, count=96, width=2600):
        rng = random.Random(seed)
        self.papers = [paper(rng, width, ROW + 40) for _ in range(count)]
        self.noise = np.random.RandomState(seed).normal(0, 1, (96, 1 << 15)).astype(np.float32)

    def cut(self, rng, height, width):
        source = rng.choice(self.papers)
        y = rng.randrange(source.shape[0] - height + 1)
        x = rng.randrange(source.shape[1] - width + 1)
        out = source[y:y + height, x:x + width]
        return out[:, ::-1] if rng.random() < 0.5 else out

    def grain(self, rng, height, width):
        x = rng.randrange(self.noise.shape[1] - width + 1)
        y = rng.randrange(self.noise.shape[0] - height + 1)
        return self.noise[y:y + height, x:x + width]


def paper(rng, width, height):
    """What guilloche and print under the text take from the paper's light, in grey levels."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    out = np.zeros((height, width), np.float32)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        period = rng.uniform(4, 30)
        wave = rng.uniform(0, 10) * np.sin(x / rng.uniform(15, 150) + rng.uniform(0, 6))
        angle = rng.choice((rng.uniform(-0.7, 0.7), rng.uniform(-4, 4)))
        phase = (y + angle * x + wave) / (period * math.hypot(1, angle)) * 2 * math.pi
        out -= rng.uniform(4, 45) * np.clip(np.cos(phase) * rng.uniform(1, 4) - rng.uniform(0, 2.5), 0, 1)
    if rng.random() < 0.3:  # dots
        step = rng.uniform(7, 18)
        out -= rng.uniform(8, 50) * (((x % step - step / 2) ** 2 + (y % step - step / 2) ** 2) < (step * 0.2) ** 2)
    if rng.random() < 0.3:  # circles around a place
        r = np.hypot(x - rng.uniform(0, width), (y - rng.uniform(-200, 300)) * rng.uniform(0.9, 1.1))
        out -= rng.uniform(8, 45) * np.clip(np.cos(r / rng.uniform(6, 26) * 2 * math.pi) * 3 - 1.6, 0, 1)
    return out


def check_digit(text):
    value = lambda c: 0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55
    return str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def pad(text, length):
    return text[:length].ljust(length, "<")


def word(rng, least=2, most=11):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(least, most)))


def name_field(rng, length):
    primary = "<".join(word(rng) for _ in range(rng.randint(1, 2)))
    secondary = "<".join(word(rng) for _ in range(rng.randint(0, 3)))
    return pad(primary + "<<" + secondary, length)


def number(rng, length):
    source = ALIKE if rng.random() < 0.3 else "0123456789" if rng.random() < 0.4 else ALPHABET[:36]
    return "".join(rng.choice(source) for _ in range(length))


def date(rng):
    return "%02d%02d%02d" % (rng.randint(0, 99), rng.randint(1, 12), rng.randint(1, 28))


def grammar_line(rng, length):
    """A line of a document whose rows have this many columns."""
    state = word(rng, 3, 3) if rng.random() < 0.95 else "D<<"
    doc = number(rng, 9) if rng.random() < 0.8 else pad(number(rng, rng.randint(5, 8)), 9)
    middle = doc + check_digit(doc) + state
    birth, expiry = date(rng), date(rng)
    dates = birth + check_digit(birth) + rng.choice("MF<") + expiry + check_digit(expiry)
    kind = rng.randrange(4)
    if length == 44:
        if kind < 2:
            return pad(rng.choice("PPVIAC") + rng.choice("<<<ABCDEFGOS") + state, 5) + name_field(rng, 39)
        if kind == 2:
            optional = pad(number(rng, rng.choice((0, 8, 14))), 14)
            return pad(middle + dates + optional + check_digit(optional) + check_digit(middle), 44)
        return pad(middle + dates + number(rng, rng.choice((0, 0, 8, 16))), 44)
    if length == 36:
        if kind == 0:
            return pad(rng.choice("PVIAC") + "<" + state, 5) + name_field(rng, 31)
        if kind == 1:
            return pad(middle + dates, 35) + check_digit(middle)
        if kind == 2:  # old French card, both rows
            return pad("IDFRA" + pad(word(rng), 25) + number(rng, 6), 36)
        return pad(number(rng, 12) + check_digit(doc) + pad(word(rng) + "<<" + word(rng), 14) + birth + check_digit(birth), 35) + rng.choice("MF")
    if kind == 0:
        return pad(rng.choice("IAC") + rng.choice("<DPR") + state + doc + check_digit(doc) + number(rng, rng.choice((0, 0, 7, 15))), 30)
    if kind == 1:
        return pad(dates + state + number(rng, rng.choice((0, 0, 11))), 29) + check_digit(dates)
    if kind == 2:
        return name_field(rng, 30)
    return pad("FACHE" + number(rng, 12) + "<<" + birth, 30)  # Swiss licence


def line_text(rng, length):
    draw = rng.random()
    if draw < 0.78:
        return grammar_line(rng, length)
    if draw < 0.90:
        return "".join(rng.choice(ALPHABET) for _ in range(length))
    return name_field(rng, length)


def draw_line(rng, faces, text):
    """The line at drawing size as ink from 0 to 255, and the x of each character's centre."""
    face = faces.pick(rng)
    pitch = CAP * rng.uniform(0.80, 1.10)
    left = rng.uniform(15, 60)
    right = rng.uniform(15, 60)
    width = int(left + pitch * len(text) + right)
    ink = np.zeros((ROW, width), np.uint8)

    def put(top, x, c):
        mask = face[c]
        h, w = mask.shape
        x0, y0 = int(x - w / 2 + 0.5), int(top - EDGE)
        xa, ya, xb, yb = max(x0, 0), max(y0, 0), min(x0 + w, width), min(y0 + h, ROW)
        if xa < xb and ya < yb:
            place = ink[ya:yb, xa:xb]
            np.maximum(place, mask[ya - y0:yb - y0, xa - x0:xb - x0], out=place)

    centres = [left + (i + 0.5) * pitch for i in range(len(text))]
    top = (ROW - CAP) / 2
    loose = rng.choice((0, 0, 1))
    for x, c in zip(centres, text):
        put(top + rng.uniform(0.1, 0.9) + loose * rng.uniform(-1, 1), x + loose * rng.uniform(-1, 1), c)
    gap = CAP * rng.uniform(1.6, 2.2)  # the neighbouring rows, whose edges may show
    for side in (-1, 1):
        if rng.random() < 0.5:
            for x in centres:
                put(top + side * gap, x, rng.choice("<<" + ALPHABET))
    if rng.random() < 0.12:  # a margin that is not paper: the edge of the document, a frame, clutter
        clutter = int(rng.uniform(0, 255))
        if rng.random() < 0.5:
            ink[:, :int(rng.uniform(2, left - 8))] = clutter
        else:
            ink[:, width - int(rng.uniform(2, right - 8)):] = clutter
    return ink, centres


def stamp(rng, faces, width):
    """A stamp or a line across the text: how much of the light it takes, 0 to 1."""
    image = Image.new("L", (width, ROW), 0)
    draw = ImageDraw.Draw(image)
    strength = int(rng.uniform(15, 160))
    for _ in range(rng.randint(1, 3)):
        x, y = rng.uniform(0, width), rng.uniform(-20, ROW + 20)
        a, b = rng.uniform(40, 160), rng.uniform(20, 80)
        wide = rng.randint(2, 7)
        kind = rng.randrange(5)
        if kind == 0:
            draw.ellipse((x - a, y - b, x + a, y + b), outline=strength, width=wide)
        elif kind == 1:
            draw.line((x - a, y - b, x + a, y + b * rng.uniform(-1, 1)), fill=strength, width=wide)
        elif kind == 2:
            draw.rectangle((x - a, y - b, x + a, y + b), outline=strength, width=wide)
        else:  # words and dates
            words = "".join(rng.choice(ALPHABET[:36] + " .-") for _ in range(rng.randint(3, 12)))
            font = rng.choice(faces.stamps)
            piece = Image.new("L", (int(font.getlength(words)) + 8, int(font.size * 1.4)), 0)
            ImageDraw.Draw(piece).text((4, 2), words, fill=strength, font=font)
            piece = piece.rotate(rng.uniform(-40, 40), Image.BILINEAR, expand=True)
            image.paste(strength, (int(x - piece.width / 2), int(y - piece.height / 2)), piece.point(lambda v: v * 255 // strength))
    return np.asarray(image, np.float32) / 255


def worn(rng, ink):
    """Print that is rubbed off in places, scratched, or held less ink there."""
    height, width = ink.shape
    if rng.random() < 0.6:
        coarse = np.random.RandomState(rng.randrange(1 << 30)).uniform(0, 1, (rng.randint(2, 6), max(2, width // rng.randint(20, 120))))
        field = Image.fromarray((255 * coarse ** rng.uniform(0.3, 1.5)).astype(np.uint8)).resize((width, height), Image.BICUBIC)
        least = rng.uniform(0.2, 0.8)
        return ink * (least + (1 - least) * np.asarray(field, np.float32) / 255)
    scratches = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(scratches)
    for _ in range(rng.randint(1, 12)):
        x, y, long = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(2, 200)
        turn = rng.uniform(0, math.pi)
        draw.line((x, y, x + long * math.cos(turn), y + long * math.sin(turn)), fill=rng.randint(0, 160), width=rng.randint(1, 4))
    return ink * (np.asarray(scratches, np.float32) / 255)


def camera(rng, grounds, pixels, rough):
    """What lens, sensor and coder make of the picture, at the camera's own resolution. rough: 0 to 1."""
    height, width = pixels.shape
    image = Image.fromarray(pixels)
    blur = rng.uniform(0.2, 0.5 + 1.1 * rough)
    if blur > 0.3:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    out = np.asarray(image, np.float32)
    if rng.random() < 0.35 * rough:  # motion
        n, angle = rng.randint(2, 6), rng.uniform(0, math.pi)
        moved = [(round(i * math.cos(angle)), round(i * math.sin(angle))) for i in range(n)]
        out = sum(np.roll(out, place, (1, 0)) for place in moved) / n
    if rng.random() < 0.25:  # the halo of a camera that sharpens
        soft = np.asarray(Image.fromarray(np.clip(out, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.4)), np.float32)
        out = out + rng.uniform(0.2, 1.0) * (out - soft)
    if rng.random() < 0.35 * rough:  # glare at a place, which may burn the print out
        gx, gw = rng.uniform(0, width), rng.uniform(0.5, 8) * height
        gy, gh = rng.uniform(-2, 3) * height, rng.uniform(0.5, 4) * height
        across = np.exp(-(((np.arange(width, dtype=np.float32) - gx) / gw) ** 2))
        down = np.exp(-(((np.arange(height, dtype=np.float32) - gy) / gh) ** 2))
        out = out + rng.uniform(20, 300) * down[:, None] * across[None, :]
    out = np.clip(out + rng.uniform(0, 2 + 8 * rough) * grounds.grain(rng, height, width), 0, 255)
    if rng.random() < 0.3:
        out = 255 * (out / 255) ** rng.uniform(0.75, 1.35)
    image = Image.fromarray(out.astype(np.uint8))
    if rng.random() < 0.6:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(25 + int(50 * (1 - rough)), 90))
        image = Image.open(buffer)
        image.load()
    return image


def otsu(pixels):
    counts = np.bincount(pixels.ravel(), minlength=256).astype(np.float64)
    below, mass = counts.cumsum(), (counts * np.arange(256)).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mass[-1] * below / below[-1] - mass) ** 2 / (below * (below[-1] - below))
    return np.where(pixels > np.nanargmax(between), 255, 0).astype(np.uint8)


def sample(rng, faces, hard=True, length=None):
    """One strip (uint8, HEIGHT x W), its text, and the x of each character's centre in the strip."""
    text = line_text(rng, length or rng.choice((30, 36, 44)))
    ink, centres = draw_line(rng, faces, text)
    height, width = ink.shape
    rough = rng.random() ** 1.4 if hard else 0.2 * rng.random()  # most lines are not good and not bad
    light = rng.uniform(100, 245)
    page = light + faces.grounds.cut(rng, height, width) * (0.25 + 0.5 * rough)
    page += np.linspace(-1, 1, width, dtype=np.float32)[None, :] * rng.uniform(-1, 1) * light * 0.2
    if hard and rng.random() < 0.08:
        ink = worn(rng, ink)
    faint = rng.uniform(0.3, 0.7) if hard and rng.random() < 0.1 else 1.0
    cover = ink.astype(np.float32) * faint * rng.uniform(0.95 - 0.45 * rough, 1.0) / 255
    page += cover * (light * rng.uniform(0.04, 0.2 + 0.2 * rough) - page)
    if hard and rng.random() < 0.1:  # the edge of a shadow
        edge = np.clip((np.arange(width, dtype=np.float32) - rng.uniform(0, width)) / rng.uniform(2, 80), -1, 1)
        page *= 1 - rng.uniform(0.1, 0.6) * (0.5 + 0.5 * edge)[None, :]
    if hard and rng.random() < 0.2:
        page *= 1 - stamp(rng, faces, width)
    if hard and rng.random() < 0.03:
        page = 255 - page
    # To the camera: `seen` of its pixels a pixel of the strip; a character of the strip is 12 to 16 wide.
    seen = rng.uniform(0.42, 1.0) if rng.random() < 0.5 else rng.uniform(0.7, 1.8)
    if not hard:
        seen = rng.uniform(0.8, 1.8)
    strip_scale = CAP / (CAPITAL * rng.uniform(0.86, 1.16))  # drawing pixels a strip pixel
    scale = strip_scale / seen  # drawing pixels a camera pixel
    shear = rng.uniform(-0.12, 0.12) if rng.random() < 0.85 else rng.uniform(-0.32, 0.32)
    turn = math.tan(math.radians(rng.uniform(-1.0, 1.0) if hard else rng.uniform(-0.4, 0.4)) * 30 / len(text))
    squeeze = rng.uniform(0.94, 1.06)
    wide, high = int(width / (scale * squeeze)), int(math.ceil((HEIGHT + 4) * seen))
    a, b = scale * squeeze, scale * shear
    c = width / 2 - a * wide / 2 - b * high / 2
    d = turn * scale
    f = height / 2 - d * wide / 2 - scale * high / 2
    image = Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))
    if scale > 1.8:
        image = image.filter(ImageFilter.BoxBlur((scale - 1) / 2))
    image = image.transform((wide, high), Image.AFFINE, (a, b, c, d, scale, f), Image.BILINEAR, fillcolor=int(light))
    image = camera(rng, faces.grounds, np.asarray(image), rough)
    # And to the strip, with the error of its measured middle.
    if seen > 1.6:
        image = image.filter(ImageFilter.BoxBlur(0.5))
    out_width = int(wide / seen)
    shift = rng.uniform(-2.0, 2.0) if hard else rng.uniform(-1, 1)
    top = (high / seen - HEIGHT) / 2 + shift
    strip = np.asarray(image.transform((out_width, HEIGHT), Image.AFFINE, (seen, 0, 0, 0, seen, top * seen), Image.BILINEAR,
                                       fillcolor=int(light)))
    if rough < 0.5 and rng.random() < 0.04:
        strip = otsu(strip)
    v = (HEIGHT / 2 + top) * seen  # of the strip's middle, in camera pixels
    xs = [((x - c - b * v) / a) / seen for x in centres]
    return strip, text, xs


def normalise(pixels):
    """What the net sees: zero mean, unit deviation of the whole strip; the C++ side does the same."""
    x = pixels.astype(np.float32)
    return (x - x.mean()) / max(float(x.std()), 8.0)


def show(path, seed, count=14, hard=True):
    rng = random.Random(seed)
    faces = Faces()
    strips = [sample(rng, faces, hard)[0] for _ in range(count)]
    sheet = Image.new("L", (max(s.shape[1] for s in strips), count * (HEIGHT + 4)), 128)
    for i, s in enumerate(strips):
        sheet.paste(Image.fromarray(s), (0, i * (HEIGHT + 4)))
    sheet.save(path)
