// All programs of Paso on loopback in a folder of their own, and Chromium.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync, openSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
export const pictures = path.join(here, 'out');

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, test, patience = 20000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await test();
    if (value) return value;
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await sleep(50);
  }
}

export class World {
  constructor(bin, port, mode) {
    this.bin = bin;
    this.port = port;
    this.folder = mkdtempSync(path.join(tmpdir(), 'paso-e2e-'));
    this.run = path.join(this.folder, 'run');
    this.scanner = path.join(this.folder, 'scanner');
    execFileSync(path.join(root, 'deploy/demo-files'), [this.run, bin, mode], {
      env: { ...process.env, PASO_DEMO_PORT: String(port), PASO_DEMO_SCANNER: this.scanner },
    });
    const lines = readFileSync(path.join(this.run, 'passwords'), 'utf8').trim().split('\n').map((l) => l.split(' '));
    this.passwords = Object.fromEntries(lines);
    this.children = new Map();
  }

  start(name, command, args) {
    const log = openSync(path.join(this.folder, `${name}.log`), 'a');
    const stdin = name === 'scanner' ? 'pipe' : 'ignore';
    const child = spawn(command, args, { stdio: [stdin, log, log] });
    child.on('exit', () => { child.gone = true; });
    this.children.set(name, child);
    return child;
  }

  program(name) {
    const file = { centre: 'paso-centre', desk: 'paso-desk', kiosk: 'paso-kiosk' }[name];
    return this.start(name, path.join(this.bin, file), ['--config', path.join(this.run, `${name}.toml`)]);
  }

  async startAll() {
    this.start('scanner', 'socat', ['-u', '-', `pty,raw,echo=0,link=${this.scanner}`]);
    await until('the scanner line', () => existsSync(this.scanner));
    for (const name of ['centre', 'desk', 'kiosk']) this.program(name);
    this.start('specimen', path.join(this.bin, 'paso-specimen'), ['play', '--socket', path.join(this.run, 'camera.sock'),
      '--control', path.join(this.run, 'specimen.sock'), '--size', '1280x720', '--fps', '10']);
    for (const offset of [0, 1, 2]) await this.reachable(this.port + offset);
    await until('the specimen player', () => existsSync(path.join(this.run, 'specimen.sock')));
  }

  reachable(port) {
    return until(`port ${port}`, () => new Promise((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => { socket.destroy(); done(true); });
      socket.on('error', () => done(false));
    }));
  }

  url(face) {
    return `http://127.0.0.1:${this.port + { traveller: 0, desk: 1, console: 2 }[face]}/`;
  }

  specimen(...words) {
    execFileSync(path.join(this.bin, 'paso-specimen'), ['tell', '--control', path.join(this.run, 'specimen.sock'), ...words]);
  }

  scan(payload) {
    this.children.get('scanner').stdin.write(`]L0${payload}`);
  }

  boardingPass() {
    return execFileSync(path.join(this.bin, 'paso-specimen'), ['boarding-pass', '--name', 'clear'], { encoding: 'utf8' }).replace(/\n$/, '');
  }

  logs() {
    return [...this.children.keys()].map((name) => `--- ${name}\n${readFileSync(path.join(this.folder, `${name}.log`), 'utf8').split('\n').slice(-12).join('\n')}`).join('\n');
  }

  async end(name) {
    const child = this.children.get(name);
    child.kill('SIGTERM');
    await until(`${name} to end`, () => child.gone, 8000);
  }

  // Neither the pack nor the last good one can be opened any more.
  spoilPack() {
    for (const file of ['rules.pack', 'kiosk/last-good.pack']) writeFileSync(path.join(this.run, file), 'no pack');
  }

  async stop() {
    for (const child of this.children.values()) if (!child.gone) child.kill('SIGTERM');
    const late = [];
    await Promise.all([...this.children].map(async ([name, child]) => {
      await until(`${name} to end`, () => child.gone, 8000).catch(() => { late.push(name); child.kill('SIGKILL'); });
    }));
    rmSync(this.folder, { recursive: true, force: true });
    return late;
  }
}

export async function openBrowser() {
  const { chromium } = await import('playwright-core'); // here, so that tests without a browser need no npm package
  mkdirSync(pictures, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}
