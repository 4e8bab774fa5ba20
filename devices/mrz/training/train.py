"""Trains the recogniser of devices/mrz. Resumes from its checkpoint, so it can run for hours beside other work.

    /usr/bin/python3 train.py --out DIR [--steps 6000] [--seed 1] [--threads 1]
    /usr/bin/python3 train.py --out DIR --start OTHER/checkpoint.pt ...   # from the weights of another training
    /usr/bin/python3 train.py --out DIR --export ../model/mrz.onnx

The net is pure convolution with 38 classes a time step (37 characters and blank), one step for each four pixels. Since lines are
synthetic, the place of each character is known: the loss is the cross-entropy of each step, character at its centre and blank
between, which converges many times faster than CTC and is read by the same best-path decoder.
"""
import argparse
import hashlib
import json
import os
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lines  # noqa: E402

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
            block(1, 16, 3, 2, 1), block(16, 32, 3, 1, 1), block(32, 48, 3, 2, 1), block(48, 64, 3, 1, 1),
            block(64, 96, (6, 1)), block(96, 96, (1, 5), 1, (0, 2)))
        self.head = nn.Conv2d(96, 38, 1)

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
    drawn = [lines.sample(rng, faces, hard) for _ in range(size)]
    width = (max(p.shape[1] for p, _, _ in drawn) + 7) // 8 * 8
    x = np.zeros((size, 1, lines.HEIGHT, width), np.float32)
    y = np.full((size, width // STRIDE), IGNORE, np.int64)
    for i, (pixels, text, xs) in enumerate(drawn):
        w = pixels.shape[1]
        x[i, 0, :, :w] = lines.normalise(pixels)
        y[i, :w // STRIDE] = target(text, xs, w // STRIDE)
    return torch.from_numpy(x), torch.from_numpy(y), [(t, p.shape[1]) for p, t, _ in drawn]


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


def evaluate(net, faces, seed, hard, count=200):
    rng = random.Random(seed)
    net.eval()
    exact = 0
    with torch.no_grad():
        for _ in range(count // 10):
            x, _, truth = batch(rng, faces, 10, hard)
            logits = net(x)[:, :, 0].numpy()
            exact += sum(decode(l[:, :w // STRIDE]) == t for l, (t, w) in zip(logits, truth))
    net.train()
    return exact / count


def measure(net, faces, seed, hard, count):
    """Exact lines, and characters by edit distance, without the pitch rule that the C++ side adds."""
    rng = random.Random(seed)
    net.eval()
    exact = wrong = total = 0
    with torch.no_grad():
        for _ in range(count):
            pixels, text, _ = lines.sample(rng, faces, hard)
            read = decode(net(torch.from_numpy(lines.normalise(pixels))[None, None])[0, :, 0].numpy())
            exact += read == text
            wrong += edits(read, text)
            total += len(text)
    return {"exact_lines": exact / count, "exact_characters": 1 - wrong / total}


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


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
    if with_check:
        write_check(net, os.path.join(os.path.dirname(path), "check.txt"))
    with open(path, "rb") as f:
        print(path, os.path.getsize(path), "bytes, sha256", hashlib.sha256(f.read()).hexdigest())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", help="checkpoint whose weights a new training starts from")
    parser.add_argument("--save-every", type=int, default=250)
    parser.add_argument("--export")
    parser.add_argument("--no-check", action="store_true", help="no check.txt beside the exported net")
    parser.add_argument("--figures", type=int, default=0, help="measure on so many held-out lines of each kind and end")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    checkpoint = os.path.join(a.out, "checkpoint.pt")
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-4)
    step = 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    elif a.start:
        net.load_state_dict(torch.load(a.start)["net"])
    if a.export:
        return export(net, a.export, not a.no_check)
    faces = lines.Faces()
    if a.figures:
        for name, seed, hard in (("clean", 910_001, False), ("degraded", 910_002, True)):
            print(json.dumps({"step": step, "kind": name, "lines": a.figures, **measure(net, faces, seed, hard, a.figures)}), flush=True)
        return None
    print(sum(p.numel() for p in net.parameters()), "parameters; from step", step, flush=True)
    began = time.time()
    while step < a.steps:
        rng = random.Random(a.seed * 1_000_003 + step)  # a step's lines depend on its number alone: resuming changes nothing
        progress = step / a.steps
        for group in optimiser.param_groups:
            group["lr"] = a.rate * min(1, (step + 1) / 100) * (0.5 * (1 + np.cos(np.pi * progress)) * 0.98 + 0.02)
        x, y, _ = batch(rng, faces, a.batch, hard=rng.random() < min(0.7, 0.2 + progress * 2))
        loss = F.cross_entropy(net(x)[:, :, 0], y, ignore_index=IGNORE)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} loss {loss.item():.4f} ({time.time() - began:.0f} s)", flush=True)
        if step % a.save_every == 0 or step == a.steps:
            torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, checkpoint + ".new")
            os.replace(checkpoint + ".new", checkpoint)
            figures = {"step": step, "clean": evaluate(net, faces, 900_001, False), "hard": evaluate(net, faces, 900_002, True)}
            with open(os.path.join(a.out, "curve.jsonl"), "a") as f:
                f.write(json.dumps(figures) + "\n")
            print(figures, flush=True)


if __name__ == "__main__":
    main()
