"""Trains the recogniser of devices/mrz. Resumes from its checkpoint, so it can run for hours beside other work.

    /usr/bin/python3 train.py --out DIR [--steps 12000] [--seed 1] [--threads 1] [--workers 1]
    /usr/bin/python3 train.py --out DIR --start OTHER/checkpoint.pt ...   # from the weights of another training
    /usr/bin/python3 train.py --out DIR --start ../model/mrz.onnx ...     # or from the committed net
    /usr/bin/python3 train.py --out DIR --export ../model/mrz.onnx

The net is pure convolution with 38 classes a time step (37 characters and blank), one step for each four pixels. Since lines are
synthetic, the place of each character is known: the loss is the cross-entropy of each step, character at its centre and blank
between, which converges many times faster than CTC and is read by the same best-path decoder.
"""
import argparse
import copy
import hashlib
import json
import os
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lines  # noqa: E402
import weights  # noqa: E402

BLANK = 37
STRIDE = 4
IGNORE = -100


def block(inputs, outputs, kernel, stride=1, padding=0):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Net(nn.Module):
    """1 x 1 x 24 x W to 1 x 38 x 1 x W/4 logits."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            block(1, 24, 5, 2, 2), block(24, 40, 3, 2, 1), block(40, 48, 3, 1, 1), block(48, 48, 3, 1, 1),
            block(48, 128, (6, 1)), block(128, 128, (1, 3), 1, (0, 1)), block(128, 128, (1, 3), 1, (0, 1)),
            block(128, 128, (1, 3), 1, (0, 1)))
        self.head = nn.Conv2d(128, 38, 1)

    def forward(self, x):
        return self.head(self.body(x))


def target(text, xs, steps):
    """Class of each time step; what lies between a centre and a blank is not judged."""
    out = np.full(steps, BLANK, np.int64)
    pitch = (xs[-1] - xs[0]) / (len(xs) - 1) / STRIDE
    for c, x in zip(text, xs):
        at = (x - 1.5) / STRIDE
        near = int(round(at))
        for t in range(int(at - pitch / 2), int(at + pitch / 2) + 2):
            if 0 <= t < steps:
                distance = abs(t - at) / pitch
                if t == near or distance < 0.18:
                    out[t] = lines.ALPHABET.index(c)
                elif distance < 0.34 and out[t] == BLANK:
                    out[t] = IGNORE
    return out


def batch(rng, faces, size, hard):
    """Lines of one length: little of the batch is padding. Grey levels, the width of each line, and the targets."""
    length = rng.choice((30, 36, 44))
    drawn = [lines.sample(rng, faces, hard, length) for _ in range(size)]
    width = (max(p.shape[1] for p, _, _ in drawn) + 63) // 64 * 64  # of few different widths
    x = np.zeros((size, lines.HEIGHT, width), np.uint8)
    widths = np.zeros(size, np.int32)
    y = np.full((size, width // STRIDE), IGNORE, np.int8)
    for i, (pixels, text, xs) in enumerate(drawn):
        w = pixels.shape[1]
        x[i, :, :w], widths[i] = pixels, w
        y[i, :w // STRIDE] = target(text, xs, w // STRIDE)
    return torch.from_numpy(x), torch.from_numpy(widths), torch.from_numpy(y)


def normalised(x, widths):
    """A batch as lines.normalise makes each line of it, zeros behind its end: n x 1 x 24 x W."""
    x = x.float()
    inside = (torch.arange(x.shape[2], device=x.device)[None] < widths[:, None])[:, None].float()
    count = (widths * lines.HEIGHT).float()
    x = (x - ((x * inside).sum((1, 2)) / count)[:, None, None]) * inside
    deviation = ((x * x).sum((1, 2)) / count).sqrt().clamp_min(8)
    return (x / deviation[:, None, None])[:, None]


class Drawer(torch.utils.data.Dataset):
    """Batch after batch of a training. A step's lines depend on its number alone: resuming changes nothing."""

    def __init__(self, a, faces):
        self.size, self.seed, self.steps, self.hard, self.faces = a.batch, a.seed, a.steps, a.hard, faces

    def __len__(self):
        return self.steps

    def __getitem__(self, step):
        rng = random.Random(self.seed * 1_000_003 + step)
        return batch(rng, self.faces, self.size, hard=rng.random() < (self.hard or min(0.88, 0.2 + 4 * step / self.steps)))


def one_thread(_):
    torch.set_num_threads(1)


def batches(drawer, steps, workers, device):
    """The batches of these steps in order; so many processes draw a little ahead."""
    more = {"prefetch_factor": 3, "worker_init_fn": one_thread} if workers else {}
    return torch.utils.data.DataLoader(drawer, batch_size=None, sampler=steps, num_workers=workers,
                                       pin_memory=device == "cuda", **more)


def decode(logits):
    """Best path of 38 x T logits."""
    best = logits.argmax(0)
    out = []
    last = BLANK
    for c in best:
        if c != last and c != BLANK:
            out.append(lines.ALPHABET[c])
        last = c
    return "".join(out)


def read_at(logits, xs):
    """The likeliest character at each known place of 38 x T logits, as the pitch decoder of core/mrz takes it."""
    pitch = (xs[-1] - xs[0]) / (len(xs) - 1) / STRIDE
    out = ""
    for x in xs:
        at = (x - 1.5) / STRIDE
        near = logits[:, max(0, int(np.ceil(at - 0.42 * pitch))):int(np.floor(at + 0.42 * pitch)) + 1]
        if near.shape[1] == 0:
            out += "?"
            continue
        odds = np.exp(near - near.max(0))
        best = (odds[BLANK] / odds.sum(0)).argmin()
        out += lines.ALPHABET[near[:BLANK, best].argmax()]
    return out


def measure(net, faces, seed, hard, count):
    """Exact lines, and characters, where the place of each character is known."""
    rng = random.Random(seed)
    net.eval()
    exact = wrong = total = 0
    with torch.no_grad():
        for _ in range(count):
            pixels, text, xs = lines.sample(rng, faces, hard)
            read = read_at(net(torch.from_numpy(lines.normalise(pixels))[None, None])[0, :, 0].numpy(), xs)
            exact += read == text
            wrong += sum(a != b for a, b in zip(read, text))
            total += len(text)
    net.train()
    return {"exact_lines": exact / count, "exact_characters": round(1 - wrong / total, 5)}


def load_exported(net, path):
    """The weights of an exported net; its normalisations are measured on lines of the generator."""
    x, widths, _ = batch(random.Random(900_004), lines.Faces(), 64, hard=True)
    weights.load(net, path, normalised(x, widths))


def start_from(net, path):
    """The weights of a checkpoint, or of an exported net: beside one lies check.txt, what it must answer."""
    if not path.endswith(".onnx"):
        return net.load_state_dict(torch.load(path, map_location="cpu")["net"])
    load_exported(net, path)
    check = os.path.join(os.path.dirname(path), "check.txt")
    if os.path.exists(check) and (off := weights.differs_from(net, check)) > 0.01:
        raise SystemExit(f"{path} as it was read differs from {check} by {off:.4f}")
    return None


def write_check(net, path, seed=900_003):
    """One strip and what torch makes of it: the C++ test compares OpenCV's answer. The width needs no padding there."""
    rng = random.Random(seed)
    faces = lines.Faces()
    while True:
        pixels, text, _ = lines.sample(rng, faces, False)
        width = pixels.shape[1] // 64 * 64
        pixels = pixels[:, :width]
        with torch.no_grad():
            logits = net(torch.from_numpy(lines.normalise(pixels))[None, None])[0, :, 0].numpy()
        if decode(logits) == text:  # the cut to a whole width took no character
            break
    with open(path, "w") as f:
        f.write(f"{width} {logits.shape[1]} {text}\n")
        for row in pixels:
            f.write(" ".join(str(v) for v in row) + "\n")
        for row in logits:
            f.write(" ".join(f"{v:.4f}" for v in row) + "\n")


def export(net, path, with_check):
    net.eval()
    torch.onnx.export(net, torch.zeros(1, 1, lines.HEIGHT, 640), path, opset_version=12, input_names=["strip"],
                      output_names=["logits"], dynamic_axes={"strip": {0: "n", 3: "w"}, "logits": {0: "n", 3: "t"}})
    weights.round_off(path)
    load_exported(net, path)  # as the file now answers
    net.eval()
    if with_check:
        write_check(net, os.path.join(os.path.dirname(path), "check.txt"))
    with open(path, "rb") as f:
        print(path, os.path.getsize(path), "bytes, sha256", hashlib.sha256(f.read()).hexdigest())


def save(checkpoint, net, optimiser, step, faces):
    """The checkpoint; and says how the net reads by now."""
    torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, checkpoint + ".new")
    os.replace(checkpoint + ".new", checkpoint)
    measured = copy.deepcopy(net).to("cpu")
    print({"step": step, "clean": measure(measured, faces, 900_001, False, 200), "hard": measure(measured, faces, 900_002, True, 200)}, flush=True)


def draw_curve(points, path):
    """The loss by step, by its logarithm."""
    width, height, edge = 900, 420, 50
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    last = sum(p["steps"] for p in points)
    low, high = 0.05, 1.0
    down = lambda loss: edge + np.log(high / min(max(loss, low), high)) / np.log(high / low) * (height - 2 * edge)
    across = lambda step: edge + step / last * (width - 2 * edge)
    for loss in (0.05, 0.1, 0.2, 0.5, 1.0):
        draw.line((edge, down(loss), width - edge, down(loss)), fill="#cccccc")
        draw.text((8, down(loss) - 6), f"{loss:g}", fill="black")
    done = 0
    places = []
    for p in points:
        places.append((across(done + p["steps"] / 2), down(p["loss"])))
        done += p["steps"]
    draw.line(places, fill="#1b6e3c", width=2)
    draw.text((edge, height - 30), f"loss on the lines of each stretch of steps, {last} in all", fill="black")
    image.save(path, optimize=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1, help="processes that draw lines; 0: this one does")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cuda where there is one")
    parser.add_argument("--hard", type=float, default=0, help="share of batches that are hard; 0: it grows to 0.88")
    parser.add_argument("--minutes", type=float, default=0,
                        help="end after so long; the rate falls by the clock, --steps says how the lines grow hard")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--start", help="checkpoint or exported net that a new training starts from")
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--export")
    parser.add_argument("--no-check", action="store_true", help="no check.txt beside the exported net")
    parser.add_argument("--curve", help="draw the learning curve of this training as PNG and end")
    parser.add_argument("--figures", type=int, default=0, help="measure on so many held-out lines of each kind and end")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    checkpoint = os.path.join(a.out, "checkpoint.pt")
    if a.curve:
        with open(os.path.join(a.out, "curve.jsonl")) as f:
            return draw_curve([json.loads(line) for line in f], a.curve)
    net = Net()
    step = 0
    resumed = None
    if os.path.exists(checkpoint):
        resumed = torch.load(checkpoint, map_location="cpu")
        net.load_state_dict(resumed["net"])
        step = resumed["step"]
    elif a.start:
        start_from(net, a.start)
    if a.export:
        return export(net, a.export, not a.no_check)
    faces = lines.Faces()
    if a.figures:
        for name, seed, hard in (("clean", 910_001, False), ("degraded", 910_002, True)):
            print(json.dumps({"step": step, "kind": name, "lines": a.figures, **measure(net, faces, seed, hard, a.figures)}), flush=True)
        return None
    net.to(a.device)
    optimiser = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-4)
    if resumed:
        optimiser.load_state_dict(resumed["optimiser"])
    print(sum(p.numel() for p in net.parameters()), "parameters; from step", step, flush=True)
    began = time.time()
    losses = []
    for x, widths, y in batches(Drawer(a, faces), range(step, a.steps), a.workers, a.device):
        progress = (time.time() - began) / 60 / a.minutes if a.minutes else step / a.steps
        if progress >= 1:
            save(checkpoint, net, optimiser, step, faces)
            break
        for group in optimiser.param_groups:
            group["lr"] = a.rate * min(1, (step + 1) / min(200, a.steps / 10)) * (0.5 * (1 + np.cos(np.pi * progress)) * 0.98 + 0.02)
        x, widths, y = (part.to(a.device, non_blocking=True) for part in (x, widths, y))
        loss = F.cross_entropy(net(normalised(x, widths))[:, :, 0], y.long(), ignore_index=IGNORE)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        step += 1
        losses.append(loss.detach())
        if step % 50 == 0:
            mean = float(torch.stack(losses).mean())
            print(f"step {step} loss {mean:.4f} ({time.time() - began:.0f} s)", flush=True)
            with open(os.path.join(a.out, "curve.jsonl"), "a") as f:
                f.write(json.dumps({"steps": len(losses), "loss": round(mean, 5)}) + "\n")
            losses = []
        if step % a.save_every == 0 or step == a.steps:
            save(checkpoint, net, optimiser, step, faces)
    return None


if __name__ == "__main__":
    main()
