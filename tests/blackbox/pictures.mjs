// `paso read` on pictures as people have them, made here from flat specimens: widths, depths, orientations, print as small
// as 5.5 pixels a character, pages that lie anywhere, stamps and frames over the rows, two cards, pages without an MRZ.
// PNG is read and written here, so that the product's codec does not hide behind itself.
// Usage: node pictures.mjs BIN [COUNT of specimens a format] [PATTERN of the cases to try]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync as deflate, inflateSync } from 'node:zlib';

const sums = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = (bytes) => (bytes.reduce((c, b) => sums[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
const deflateSync = (raw) => deflate(raw, { level: 1 });

const bin = process.argv[2];
const count = Number(process.argv[3] ?? 3);
const chosen = new RegExp(process.argv[4] ?? '');
const work = mkdtempSync(path.join(tmpdir(), 'paso-pictures-'));
const formats = ['TD3', 'TD2', 'TD1'];
const page_mm = { TD3: 125, TD2: 105, TD1: 85.6 };

// A picture: width, height, RGB bytes.
function readPng(file) {
  const bytes = readFileSync(file);
  const parts = [];
  let width = 0;
  let height = 0;
  let colour = 2;
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') { width = body.readUInt32BE(0); height = body.readUInt32BE(4); colour = body[9]; }
    if (kind === 'IDAT') parts.push(body);
    at += length + 12;
  }
  if (colour !== 2) throw new Error(`${file}: not RGB`);
  const raw = inflateSync(Buffer.concat(parts));
  const row = width * 3;
  const rgb = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= 3 ? rgb[y * row + x - 3] : 0;
      const up = y > 0 ? rgb[(y - 1) * row + x] : 0;
      const corner = x >= 3 && y > 0 ? rgb[(y - 1) * row + x - 3] : 0;
      const p = left + up - corner;
      const near = [left, up, corner].reduce((a, b) => (Math.abs(p - b) < Math.abs(p - a) ? b : a));
      const guess = [0, left, up, (left + up) >> 1, near][filter];
      rgb[y * row + x] = (raw[y * (row + 1) + 1 + x] + guess) & 255;
    }
  }
  return { width, height, rgb };
}

function chunk(kind, body) {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(kind, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

const kinds = { rgb: [2, 3], rgba: [6, 4], grey: [0, 1], grey_alpha: [4, 2] };

// `deep`: 16 bits. `orientation`: an eXIf chunk.
function writePng(file, p, { kind = 'rgb', deep = false, orientation = 0 } = {}) {
  const [type, channels] = kinds[kind];
  const size = deep ? 2 : 1;
  const row = p.width * channels * size;
  const raw = Buffer.alloc((row + 1) * p.height);
  for (let y = 0; y < p.height; y += 1) {
    let to = y * (row + 1) + 1;
    for (let x = 0; x < p.width; x += 1) {
      const at = (y * p.width + x) * 3;
      const [r, g, b] = [p.rgb[at], p.rgb[at + 1], p.rgb[at + 2]];
      const grey = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
      for (const v of { rgb: [r, g, b], rgba: [r, g, b, 255], grey: [grey], grey_alpha: [grey, 255] }[kind]) {
        raw[to] = v;
        if (deep) raw[to + 1] = v;
        to += size;
      }
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(p.width, 0);
  head.writeUInt32BE(p.height, 4);
  head.set([deep ? 16 : 8, type, 0, 0, 0], 8);
  const exif = Buffer.from('4d4d002a0000000800010112000300000001000000000000', 'hex');
  exif.writeUInt16BE(orientation, 18);
  writeFileSync(file, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head),
    ...(orientation > 0 ? [chunk('eXIf', Buffer.concat([exif, Buffer.alloc(2)]))] : []), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]));
}

// The mean over what a pixel covers; between pixels where it is enlarged.
function resized(p, width) {
  const factor = p.width / width;
  const height = Math.max(1, Math.round(p.height / factor));
  const out = { width, height, rgb: Buffer.alloc(width * height * 3) };
  const reach = Math.max(1, factor);
  const weights = (n, of) => Array.from({ length: n }, (_, i) => {
    const middle = (i + 0.5) * factor - 0.5;
    const list = [];
    for (let k = Math.ceil(middle - reach); k <= Math.floor(middle + reach); k += 1) {
      const w = 1 - Math.abs(k - middle) / reach;
      if (w > 0) list.push([Math.min(of - 1, Math.max(0, k)), w]);
    }
    const sum = list.reduce((a, [, w]) => a + w, 0);
    return list.map(([k, w]) => [k, w / sum]);
  });
  const xs = weights(width, p.width);
  const ys = weights(height, p.height);
  const half = new Float32Array(width * p.height * 3);
  for (let y = 0; y < p.height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        for (const [k, w] of xs[x]) sum += w * p.rgb[(y * p.width + k) * 3 + c];
        half[(y * width + x) * 3 + c] = sum;
      }
    }
  }
  for (let y = 0; y < height; y += 1) {
    for (let i = 0; i < width * 3; i += 1) {
      let sum = 0;
      for (const [k, w] of ys[y]) sum += w * half[k * width * 3 + i];
      out.rgb[y * width * 3 + i] = Math.round(sum);
    }
  }
  return out;
}

function blank(width, height, level) {
  return { width, height, rgb: Buffer.alloc(width * height * 3, level) };
}

function lay(on, p, x0, y0) {
  for (let y = 0; y < p.height; y += 1) p.rgb.copy(on.rgb, ((y0 + y) * on.width + x0) * 3, y * p.width * 3, (y + 1) * p.width * 3);
  return on;
}

function cropped(p, height) {
  return { width: p.width, height, rgb: Buffer.from(p.rgb.subarray(0, p.width * height * 3)) };
}

// The pixels as a camera stores them that writes this Exif orientation beside them.
function stored(p, orientation) {
  const turned = orientation > 4;
  const out = blank(turned ? p.height : p.width, turned ? p.width : p.height, 0);
  for (let y = 0; y < out.height; y += 1) {
    for (let x = 0; x < out.width; x += 1) {
      const w = p.width - 1;
      const h = p.height - 1;
      const [sx, sy] = [[x, y], [w - x, y], [w - x, h - y], [x, h - y], [y, x], [y, h - x], [w - y, h - x], [w - y, x]][orientation - 1];
      p.rgb.copy(out.rgb, (y * out.width + x) * 3, (sy * p.width + sx) * 3, (sy * p.width + sx) * 3 + 3);
    }
  }
  return out;
}

function inked(p, at, ink, strength) {
  const out = { ...p, rgb: Buffer.from(p.rgb) };
  for (let y = 0; y < p.height; y += 1) {
    for (let x = 0; x < p.width; x += 1) {
      if (!at(x, y)) continue;
      for (let c = 0; c < 3; c += 1) {
        const i = (y * p.width + x) * 3 + c;
        out.rgb[i] = Math.round(out.rgb[i] * (1 - strength) + Math.min(out.rgb[i], ink[c]) * strength);
      }
    }
  }
  return out;
}

// Rings of a stamp in red ink over the rows; a frame of a dark line close around them.
function stamped(p, ink) {
  const [cx, cy, r] = [p.width * 0.62, p.height - p.width * 0.08, p.width * 0.12];
  return inked(p, (x, y) => {
    const d = Math.hypot(x - cx, y - cy) / r;
    return (d > 0.93 && d < 1) || (d > 0.8 && d < 0.83) || (Math.abs(y - cy) < r * 0.06 && d < 0.8);
  }, ink, 0.75);
}
function framed(p, mm, format) {
  const s = p.width / mm;
  const rows = format === 'TD1' ? 3 : 2;
  const last = format === 'TD1' ? 5.6 : 9.4;
  const [x0, x1] = [2.6 * s, p.width - 2.6 * s];
  const [y0, y1] = [p.height - (last + 6.35 * (rows - 1) + 3) * s, p.height - (last - 3) * s];
  const line = 0.35 * s;
  return inked(p, (x, y) => x > x0 - line && x < x1 + line && y > y0 - line && y < y1 + line && !(x > x0 && x < x1 && y > y0 && y < y1), [40, 40, 40], 1);
}

function specimens(format, extra = []) {
  const folder = path.join(work, `${format}${extra.join('')}`);
  execFileSync(path.join(bin, 'paso-specimen'), ['write', '--format', format, '--seed', '7000', '--count', String(count), '--view', 'page',
    '--png', '--out', folder, '--today', '2026-11-24', ...extra]);
  return readFileSync(path.join(folder, 'truth.jsonl'), 'utf8').trim().split('\n').map(JSON.parse)
    .map((t) => ({ format, lines: t.lines.join('\n'), page: readPng(path.join(folder, t.file)) }));
}

let failed = 0;
const at_character = (s, pixels) => resized(s.page, Math.round((page_mm[s.format] / 2.54) * pixels));

// Writes what `make` gives for each specimen, reads them in one run and counts. `least`: share that must be exact.
function table(what, list, make, least, options = {}) {
  if (!chosen.test(what)) return;
  const folder = mkdtempSync(path.join(work, 'case-'));
  list.forEach((s, i) => writePng(path.join(folder, `${String(i).padStart(3, '0')}.png`), make(s, i), options));
  const files = readdirSync(folder).sort().map((f) => path.join(folder, f));
  const run = spawnSync(path.join(bin, 'paso'), ['read', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const got = run.stdout.trim().split('\n').map(JSON.parse);
  let exact = 0;
  let wrong = 0;
  got.forEach((r, i) => {
    const wanted = [list[i].lines].flat();
    const sure = r.documents.filter((d) => d.state === 'single_frame').map((d) => d.lines.join('\n'));
    if (wanted.length === 0 ? r.documents.length === 0 : wanted.every((w) => sure.includes(w))) exact += 1;
    wrong += sure.filter((l) => !wanted.includes(l)).length;
  });
  const enough = got.length === list.length && exact >= least * list.length && wrong === 0;
  if (!enough) failed += 1;
  const ms = Math.max(...got.map((r) => r.ms.total));
  console.log(`${enough ? '  ' : '! '}${what.padEnd(44)} ${exact} of ${list.length} exact, ${wrong} wrong, slowest ${ms.toFixed(0)} ms`);
  rmSync(folder, { recursive: true });
}

try {
  const all = formats.flatMap((f) => specimens(f));
  for (const width of [400, 640, 1000, 2000, 3000, 4000]) table(`${width} pixels wide, filling the picture`, all, (s) => resized(s.page, width), 1);
  table('200 pixels wide (TD1: 5.9 a character)', all.filter((s) => s.format === 'TD1'), (s) => resized(s.page, 200), 0.5);
  table('5.5 pixels a character, filling the picture', all, (s) => at_character(s, 5.5), 0.5);
  for (const level of [70, 250]) {
    table(`5.5 pixels a character in 1200 x 900, table ${level}`, all, (s, i) => lay(blank(1200, 900, level), at_character(s, 5.5), 90 + i * 70, 600 - i * 50), 0.5);
    table(`8 pixels a character in 1200 x 900, table ${level}`, all, (s, i) => lay(blank(1200, 900, level), at_character(s, 8), 90 + i * 70, 500 - i * 50), 0.6);
    table(`14 pixels a character in 4000 x 3000, table ${level}`, all, (s, i) => lay(blank(4000, 3000, level), at_character(s, 14), 200 + i * 300, 2000 - i * 200), 0.6);
  }
  for (const kind of ['rgb', 'rgba', 'grey', 'grey_alpha']) {
    for (const deep of [false, true]) table(`${kind}, ${deep ? 16 : 8} bits`, all, (s) => resized(s.page, 1000), 1, { kind, deep });
  }
  for (let o = 1; o <= 8; o += 1) table(`Exif orientation ${o}`, all, (s) => stored(resized(s.page, 1000), o), 1, { orientation: o });
  table('50 megapixels', all.slice(0, 2), (s) => lay(blank(8160, 6128, 120), resized(s.page, 2600), 3000, 2000), 1, { kind: 'grey' });
  for (const [colour, ink] of [['red', [200, 60, 60]], ['blue', [50, 70, 190]], ['green', [40, 150, 80]], ['violet', [130, 50, 160]]])
    table(`${colour} stamp over the rows`, all, (s) => stamped(resized(s.page, 1400), ink), 0.6);
  table('frame around the rows', all, (s) => framed(resized(s.page, 1400), page_mm[s.format], s.format), 0.9);
  const cards = all.filter((s) => s.format === 'TD1');
  table('two cards', cards.map((s, i) => ({ ...s, lines: [s.lines, cards[(i + 1) % cards.length].lines] })),
    (s) => lay(lay(blank(1700, 1300, 90), resized(s.page, 800), 60, 80), resized(cards.find((c) => c.lines === s.lines[1]).page, 800), 800, 700), 0.6);
  table('a page of stamps', specimens('TD3', ['--wrong-page']).map((s) => ({ ...s, lines: [] })), (s) => resized(s.page, 1400), 1);
  table('a page cut off above its MRZ', all.map((s) => ({ ...s, lines: [] })), (s) => cropped(s.page, s.page.height - Math.round(24 * 12)), 1);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failed === 0 ? 'pictures: as they should be' : `pictures: ${failed} cases are not as they should be`);
process.exit(failed === 0 ? 0 : 1);
