// Kills programs with SIGKILL at random moments while travellers come and go, then shows that nothing that was confirmed is
// lost and nothing is doubled; and, under strace, that an fdatasync of the journal precedes each last screen.
// Usage: node kill.mjs BIN [KILLS] [SEED]
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { World, sleep, until } from '../e2e/world.mjs';
import { PageClient } from './page_client.mjs';

const [, , bin, kills = '50', seed = '1'] = process.argv;
let chance = Number(seed) || 1;
const random = () => { chance = (chance * 48271) % 2147483647; return chance / 2147483647; };
const world = new World(bin, 31000 + (process.pid % 400) * 20, 'land');
const programs = ['kiosk', 'desk', 'centre', 'devices'];
const confirmed = [];
let tries = 0;
let stopping = false;

// One visitor after the other asks for a person; the last screen with its number means: it is on disk.
async function visitors() {
  let page = null;
  while (!stopping) {
    if (!page || page.closed) { page?.close(); page = new PageClient(world.port); await sleep(20); }
    const state = page.view?.state;
    if (state === 'idle') page.send('start');
    else if (state === 'language') page.send('language', 'es');
    else if (state === 'notice' && page.view.revision !== page.asked) { tries += 1; page.asked = page.view.revision; page.send('officer'); }
    else if (state === 'result') {
      const token = page.view.model.token;
      if (page.counted !== page.view.revision) { confirmed.push(token); page.counted = page.view.revision; }
      page.send('done');
    }
    await sleep(5);
  }
  page?.close();
}

function kill(name) {
  if (name === 'devices') return spawnSync('pkill', ['-KILL', '-f', `paso-devices --config ${world.run}/`]).status === 0;
  const child = world.children.get(name);
  return !child.gone && child.kill('SIGKILL');
}

async function killing() {
  let done = 0;
  while (done < Number(kills)) {
    await sleep(40 + random() * 500);
    const name = programs[Math.floor(random() * programs.length)];
    if (!kill(name)) continue;
    done += 1;
    if (name !== 'devices') {
      await until(`${name} to be gone`, () => world.children.get(name).gone);
      world.program(name);
    }
  }
  return done;
}

const sql = (file, query) => execFileSync('sqlite3', ['-readonly', path.join(world.run, file), query], { encoding: 'utf8' }).trim();

async function atTheCentre() {
  const answer = await fetch(`http://127.0.0.1:${world.port + 2}/sign-in`, { method: 'POST', body: JSON.stringify({ user: 'supervisor', password: world.passwords.supervisor }),
    headers: { 'content-type': 'application/json', origin: `http://127.0.0.1:${world.port + 2}` } });
  const page = new PageClient(world.port + 2, answer.headers.get('set-cookie').split(';')[0]);
  await until('the console', () => page.view);
  const tokens = page.view.model.crossings.map((c) => c.token);
  const figures = page.view.model.figures;
  page.close();
  return { tokens, figures };
}

const problems = [];
const must = (good, what) => { console.log(`${good ? 'ok  ' : 'FAIL'} ${what}`); if (!good) problems.push(what); };

try {
  await world.startAll();
  const coming = visitors();
  const done = await killing();
  await sleep(1500);
  stopping = true;
  await coming;
  // Drained when both peers have the kiosk's head.
  await until('the backlog to drain', () => {
    const here = sql('kiosk/journal.db', 'SELECT max(sequence) FROM event');
    return [['centre/centre.db'], ['desk/desk.db']].every(([file]) => sql(file, "SELECT count(*) FROM event WHERE station = 'uto-001-k1'") === here);
  }, 90000);
  const { tokens, figures } = await atTheCentre();
  const left = [...tokens];
  const lost = confirmed.slice(-150).filter((t) => { const at = left.indexOf(t); if (at >= 0) left.splice(at, 1); return at < 0; });
  must(done === Number(kills), `${done} of ${kills} kills with SIGKILL`);
  must(confirmed.length > Number(kills) / 2, `${confirmed.length} crossings confirmed to travellers, ${tries} begun`);
  must(lost.length === 0, `none of the confirmed crossings is lost (${lost.join(' ')})`);
  must(figures.inspections >= confirmed.length && figures.inspections <= tries, `${figures.inspections} at the centre: not fewer than confirmed, not more than begun`);
  for (const file of ['centre/centre.db', 'desk/desk.db']) {
    must(sql(file, 'SELECT count(*) - count(DISTINCT hex(header)) FROM event') === '0', `${file}: nothing is doubled`);
  }
  for (const name of ['kiosk', 'desk']) {
    const verified = spawnSync(path.join(bin, 'paso'), ['log', 'verify', path.join(world.run, name, 'journal.db')], { encoding: 'utf8' });
    must(verified.status === 0, verified.stdout.trim() || verified.stderr.trim());
  }
  const replayed = spawnSync(path.join(bin, 'paso'), ['replay', '--pack', path.join(world.run, 'rules.pack'), path.join(world.run, 'kiosk/journal.db')], { encoding: 'utf8' });
  must(replayed.status === 0, `replay: ${replayed.stdout.trim().split('\n').pop() || replayed.stderr.trim()}`);

  // strace: in each session the journal's fdatasync comes before the last screen goes out.
  world.children.get('kiosk').kill('SIGTERM');
  await until('the kiosk to end', () => world.children.get('kiosk').gone);
  const trace = path.join(world.folder, 'strace.out');
  world.start('kiosk', 'strace', ['-f', '-y', '-s', '4096', '-e', 'trace=fdatasync,sendmsg,sendto,write,writev', '-o', trace, path.join(bin, 'paso-kiosk'), '--config', path.join(world.run, 'kiosk.toml')]);
  await world.reachable(world.port);
  const before = confirmed.length;
  stopping = false;
  const traced = visitors();
  await until('ten traced sessions', () => confirmed.length >= before + 10, 60000);
  stopping = true;
  await traced;
  let synced = false;
  let good = 0;
  let bad = 0;
  let last = '';
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/fdatasync\(\d+<[^>]*journal\.db-wal>\)?/.test(line) || (/fdatasync resumed/.test(line))) synced = true;
    const state = /\\"state\\":\\"([a-z_]+)\\"/.exec(line)?.[1];
    if (!state || state === last) continue;
    if (state === 'notice') synced = false;
    if (state === 'result') { if (synced) good += 1; else bad += 1; }
    last = state;
  }
  must(good >= 8 && bad === 0, `strace: fdatasync before the last screen in ${good} of ${good + bad} sessions`);
} catch (error) {
  problems.push(error.stack);
  console.log(`FAIL ${error.stack}`);
  console.log(world.logs());
}
spawnSync('pkill', ['-TERM', '-f', `paso-kiosk --config ${world.run}/`]);
await world.stop();
console.log(problems.length === 0 ? 'nothing lost, nothing doubled' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
