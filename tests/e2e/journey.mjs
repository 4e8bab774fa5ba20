// The end-to-end run. Usage: node journey.mjs BIN
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Report, check, watchPage } from './checks.mjs';
import { World, openBrowser, sleep, until } from './world.mjs';

const bin = process.argv[2];
const report = new Report();
const port = 21000 + (process.pid % 400) * 20;
const world = new World(bin, port, 'air');
const sizes = { portrait: { width: 1080, height: 1920 }, laptop: { width: 1366, height: 768 }, narrow: { width: 320, height: 720 } };

const state = (page) => page.evaluate(() => document.querySelector('main')?.dataset.state);
const inState = (page, wanted, patience) => until(`state ${wanted}`, async () => (await state(page)) === wanted, patience);

// Presses the button with these words by keyboard alone: Tab until it has the focus, then Enter.
async function press(page, words) {
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (here.includes(words)) {
      await page.keyboard.press('Enter');
      return;
    }
  }
  throw new Error(`no button "${words}" by keyboard`);
}

const texts = {
  en: { agree: 'I understand', alone: 'I travel alone', right: 'Yes, this is right', none: 'I do not have one', finish: 'Finish' },
  es: { agree: 'Entiendo', alone: 'Viajo solo', right: 'Sí, está bien', none: 'No tengo', finish: 'Terminar' },
  ar: { agree: 'فهمت', alone: 'أسافر وحدي', right: 'نعم، صحيح', none: 'ليست معي', finish: 'إنهاء' },
};

const hint = (page) => page.evaluate(() => document.querySelector('.hint')?.dataset.hint);

// Lays specimens that cannot be read as they lie, and waits until the page says what hinders, and that the glass is empty
// again when they are gone.
async function hinted(page, names, look) {
  for (const [name, wanted] of names) {
    world.specimen(name);
    await until(`the hint ${wanted}`, async () => (await hint(page)) === wanted, 8000);
    if (look && ['glare', 'phone-glare', 'phone-dim'].includes(name)) await look(`hint-${name}`);
    world.specimen('remove');
    await until('an empty glass', async () => (await hint(page)) === 'place', 8000);
  }
}

// One traveller from the first touch to the last screen. Gives the token and what the screen said.
async function traveller(page, { specimen, language, scan = false, read = true, hints = [], codes = [], look }) {
  const t = texts[language];
  const act = (words) => page.getByRole('button', { name: words, exact: false }).first().click();
  await inState(page, 'idle');
  if (look) await look('idle');
  await page.locator('.welcome-button').first().click();
  await inState(page, 'language');
  if (look) await look('language');
  await page.locator(`button[lang="${language}"]`).click();
  await inState(page, 'notice');
  if (look) await look('notice');
  if (specimen[0] === 'clear') await press(page, t.agree); else await act(t.agree);
  await inState(page, 'party');
  if (look) await look('party');
  if (specimen[0] === 'clear') await press(page, t.alone); else await act(t.alone);
  await inState(page, 'document');
  await hinted(page, hints, look);
  world.specimen(...specimen);
  if (read) {
    await until('the preview', () => page.evaluate(() => Number(document.getElementById('preview')?.dataset.drawn ?? 0) > 2));
    if (look) await look('document');
    await inState(page, 'confirm', 30000);
    if (look) await look('confirm');
    if (specimen[0] === 'clear') await press(page, t.right); else await act(t.right);
    await inState(page, 'boarding_pass');
    world.specimen('remove');
    await sleep(2000);
    if (look) await look('boarding_pass');
    await hinted(page, codes, look);
    if (scan) world.scan(world.boardingPass()); else await act(t.none);
  } else {
    await until('a second try', async () => (await hint(page)) === 'turn_over', 30000);
    if (look) await look('turn-over');
    world.specimen('remove');
    await sleep(2500);
    world.specimen(...specimen);
  }
  await inState(page, 'result', 40000);
  const token = (await page.locator('.token strong').innerText()).replace(/[^K0-9-]/g, '');
  const title = await page.locator('h1').innerText();
  if (look) await look('result');
  // The last screen stands for ten seconds; on a slow machine it may have gone while it was looked at.
  if (await state(page) === 'result') await act(t.finish).catch(() => {});
  await inState(page, 'idle');
  world.specimen('remove');
  await sleep(2000);
  return { token, title };
}

async function signIn(page, face, user) {
  await page.goto(world.url(face));
  await page.getByLabel('User').fill(user);
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('do not match').waitFor();
  await page.getByLabel('Password').fill(world.passwords[user]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(world.url(face));
}

async function everySize(page, name, options) {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await sleep(120);
    await check(page, `${name}-${size}`, report, options);
  }
  await page.setViewportSize(sizes.portrait);
}

const crossings = [
  { specimen: ['clear'], language: 'en', scan: true, outcome: 'clear', title: 'Done', hints: [['glare', 'glare'], ['far', 'too_far'], ['near', 'too_near'], ['cut-off', 'cut_off'], ['tilted', 'tilt']], codes: [['phone-far', 'too_far'], ['phone-near', 'too_near'], ['phone-cut', 'cut_off'], ['phone-hand', 'covered']] },
  { specimen: ['expired'], language: 'es', outcome: 'officer', title: 'Hable con un oficial' },
  { specimen: ['minor'], language: 'ar', outcome: 'officer', title: 'من فضلك تحدث إلى موظف', hints: [['glare', 'glare'], ['blur', 'blur'], ['covered', 'covered'], ['upside-down', 'upside_down'], ['wrong-page', 'wrong_page'], ['moving', 'hold_still']], codes: [['phone-glare', 'glare'], ['phone-dim', 'too_dark'], ['phone-moving', 'hold_still']] },
  { specimen: ['damaged'], language: 'en', read: false, outcome: 'officer', title: 'Please see an officer' },
  { specimen: ['wrong-page'], language: 'es', read: false, outcome: 'officer', title: 'Hable con un oficial' },
];

async function travellers(browser) {
  const page = await browser.newPage({ viewport: sizes.portrait });
  watchPage(page, 'traveller', report);
  await page.goto(world.url('traveller'));
  const pictured = new Set();
  for (const c of crossings) {
    const look = async (where) => {
      const name = `traveller-${where}-${c.language}`;
      if (pictured.has(name)) return;
      pictured.add(name);
      await everySize(page, name, { target: 64 });
    };
    const seen = await traveller(page, { ...c, look: c.language === 'es' && c.read === false ? undefined : look });
    c.token = seen.token;
    if (seen.title === c.title) report.ok(`traveller: ${c.specimen.join(' ')} (${c.language}) ends with "${seen.title}", token ${seen.token}`);
    else report.problem(`traveller: ${c.specimen.join(' ')} ended with "${seen.title}"`);
  }
  await page.close();
}

async function officer(browser) {
  const page = await browser.newPage({ viewport: sizes.laptop });
  watchPage(page, 'desk', { problem: (p) => { if (!p.includes('401')) report.problem(p); } });
  await page.goto(world.url('desk'));
  await page.getByLabel('User').waitFor();
  await everySize(page, 'desk-sign-in');
  await signIn(page, 'desk', 'officer');
  await page.setViewportSize(sizes.laptop);
  await page.getByText(crossings[4].token).first().waitFor({ timeout: 30000 });
  await everySize(page, 'desk-queue');
  await page.setViewportSize(sizes.laptop);
  // The first in the queue is the cleared one: one key, "holder seen".
  await page.keyboard.press('h');
  await page.getByText('Written down.').waitFor();
  report.ok('desk: one key makes the cleared crossing passed');
  for (const c of crossings.slice(1)) {
    await page.getByRole('button', { name: `Open ${c.token}` }).click();
    await page.getByRole('heading', { name: `Case ${c.token}` }).waitFor();
    if (c === crossings[1]) {
      await everySize(page, 'desk-case');
      await page.setViewportSize(sizes.laptop);
      await page.getByRole('button', { name: 'Admit', exact: true }).click();
      await page.getByText('Please say why').waitFor();
      report.ok('desk: a decision without a reason is asked for one');
    }
    await page.getByLabel('Why, in one line').fill('Looked at the document, all in order.');
    await page.getByRole('button', { name: c === crossings[2] ? 'To the second line' : 'Admit', exact: true }).click();
    await page.getByText('Written down.').waitFor();
    await page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
    report.ok(`desk: ${c.token} decided`);
  }
  await page.getByText('Nobody waits.').waitFor();
  await page.getByRole('button', { name: `Look at ${crossings[2].token}` }).click();
  await page.getByRole('heading', { name: 'Decision', exact: true }).waitFor();
  report.ok('desk: the second line can open its case and decide');
  await page.getByRole('button', { name: 'Back (Esc)' }).click();
  await page.getByText('Nobody waits.').waitFor();
  await everySize(page, 'desk-before');
  await page.close();
}

async function supervisor(browser) {
  const page = await browser.newPage({ viewport: sizes.laptop });
  watchPage(page, 'console', { problem: (p) => { if (!p.includes('401')) report.problem(p); } });
  await page.goto(world.url('console'));
  await page.getByLabel('User').waitFor();
  await everySize(page, 'console-sign-in');
  await signIn(page, 'console', 'supervisor');
  await page.setViewportSize(sizes.laptop);
  for (const c of crossings) {
    const row = page.getByRole('row').filter({ hasText: c.token });
    const wanted = c === crossings[2] ? 'with a person' : 'passed';
    await row.getByText(wanted).waitFor({ timeout: 30000 });
    const outcome = c.outcome === 'clear' ? 'clear' : 'see an officer';
    if (await row.getByText(outcome, { exact: true }).count() === 1) report.ok(`console: ${c.token} is ${outcome}, ${wanted}`);
    else report.problem(`console: ${c.token} is not ${outcome}`);
  }
  const rows = await page.getByRole('row').count();
  if (rows === crossings.length + 1) report.ok(`console: ${crossings.length} crossings, none doubled`);
  else report.problem(`console: ${rows - 1} rows`);
  await everySize(page, 'console-crossings');
  await page.setViewportSize(sizes.laptop);
  await page.getByRole('row').filter({ hasText: crossings[0].token }).getByRole('button').click();
  await page.getByText('Boarding pass:').waitFor();
  report.ok('console: the scanned boarding pass stands in the crossing');
  await everySize(page, 'console-crossing');
  await page.setViewportSize(sizes.laptop);
  await page.getByRole('button', { name: 'Stations' }).click();
  await page.getByRole('heading', { name: 'Stations' }).waitFor();
  await everySize(page, 'console-stations');
  await page.setViewportSize(sizes.laptop);
  await page.getByRole('button', { name: 'Log check', exact: true }).click();
  await page.getByRole('button', { name: 'Check the log now' }).click();
  await page.getByText(/All \d+ events hold/).waitFor();
  report.ok('console: every stored link holds');
  await everySize(page, 'console-log');
  await page.close();
}

// What the five do not come by: a family, a question, silence, a kiosk that may not work.
async function otherScreens(browser) {
  const page = await browser.newPage({ viewport: sizes.portrait });
  let restarting = false; // then the page tries to reach the kiosk again, and the browser says so
  watchPage(page, 'traveller', { problem: (p) => { if (!(restarting && p.includes('ERR_CONNECTION_REFUSED'))) report.problem(p); } });
  await page.goto(world.url('traveller'));
  const act = (words) => page.getByRole('button', { name: words }).first().click();
  const look = (where) => everySize(page, `traveller-${where}-en`, { target: 64 });
  await inState(page, 'idle', 60000);
  await page.locator('.welcome-button').first().click();
  await inState(page, 'language');
  await page.locator('button[lang="en"]').click();
  await inState(page, 'notice');
  await page.getByRole('alertdialog').waitFor({ timeout: 75000 });
  await look('still-there');
  await act('I need more time');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await act('I understand');
  await inState(page, 'party');
  await act('I travel with others');
  await act('One more: Children');
  await look('family');
  await act('Continue');
  await inState(page, 'document');
  world.specimen('soon');
  await inState(page, 'confirm', 30000);
  await act('Yes, this is right');
  await inState(page, 'boarding_pass');
  await act('I do not have one');
  await inState(page, 'question');
  await look('question');
  await act('Yes');
  await inState(page, 'result');
  report.ok(`traveller: a resident with a family ends with "${await page.locator('h1').innerText()}"`);
  world.specimen('remove');
  restarting = true;
  await world.end('kiosk');
  world.spoilPack();
  world.program('kiosk');
  await world.reachable(world.port);
  await inState(page, 'out_of_service', 60000);
  await look('out-of-service');
  report.ok('traveller: without rules the kiosk is out of service and says so');
  await page.close();
}

// Each recorded inspection gives the same bytes again by the pack that it names.
function replay() {
  const asked = ['replay', '--pack', path.join(world.run, 'rules.pack'), path.join(world.run, 'kiosk/journal.db')];
  const done = spawnSync(path.join(bin, 'paso'), asked, { encoding: 'utf8' });
  const last = done.stdout.trim().split('\n').pop();
  if (done.status === 0 && !last.startsWith('0 ')) report.ok(`replay: ${last}`);
  else report.problem(`replay: ${done.stdout}${done.stderr}`);
}

const browser = await openBrowser();
try {
  await world.startAll();
  await travellers(browser);
  await officer(browser);
  await supervisor(browser);
  replay();
  await otherScreens(browser);
} catch (error) {
  report.problem(`${error.stack}`);
  console.log(world.logs());
}
await browser.close();
for (const name of await world.stop()) report.problem(`${name} did not end on SIGTERM`);
console.log(`${report.passed} passed, ${report.problems.length} failed`);
process.exit(report.problems.length === 0 ? 0 : 1);
