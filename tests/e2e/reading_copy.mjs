// The reading copy of every shipped pack in a real browser: axe-core, words, width, print, both directions of writing.
// Usage: node reading_copy.mjs BIN. Pictures go to tests/e2e/out.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Report, check, watchPage } from './checks.mjs';
import { here, openBrowser } from './world.mjs';

const bin = process.argv[2];
const packs = path.resolve(here, '../../deploy/packs');
const folder = mkdtempSync(path.join(tmpdir(), 'paso-copy-'));
const report = new Report();
const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 320, height: 720 } };

const print = (pack, language) => {
  const file = path.join(folder, `${path.basename(pack, '.toml')}-${language}.html`);
  execFileSync(path.join(bin, 'paso'), ['pack', 'print', path.join(packs, pack), '--language', language, '--out', file]);
  return pathToFileURL(file).href;
};

async function look(browser, pack, language) {
  const url = print(pack, language);
  const name = `copy-${path.basename(pack, '.toml')}-${language}`;
  for (const [size, viewport] of Object.entries(sizes)) {
    const page = await browser.newPage({ viewport });
    watchPage(page, name, report);
    page.on('request', (r) => { if (r.url() !== url) report.problem(`${name}: asks for ${r.url()}`); });
    await page.goto(url);
    await check(page, `${name}-${size}`, report, { target: 0 });
    const found = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      scripts: document.querySelectorAll('script').length,
      rules: document.querySelectorAll('article').length,
      bare: [...document.querySelectorAll('article')].filter((a) => !a.querySelector('dl dd')).length,
      code: [...document.querySelectorAll('article p, article ol')].map((p) => p.innerText).filter((t) => /&&|\|\||==|!=|<=|>=|\w\.\w+\(/.test(t)),
      broken: [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash),
      directions: [...document.querySelectorAll('dd span[lang]')].map((s) => `${s.lang} ${s.dir}`),
    }));
    if (found.lang !== 'en') report.problem(`${name}: lang ${found.lang}`);
    if (found.scripts > 0) report.problem(`${name}: ${found.scripts} scripts`);
    if (found.rules === 0 || found.bare > 0) report.problem(`${name}: ${found.rules} rules, ${found.bare} without particulars`);
    for (const text of found.code) report.problem(`${name}: reads as code: ${text}`);
    for (const hash of found.broken) report.problem(`${name}: ${hash} leads nowhere`);
    if (language === 'ar' && !found.directions.includes('ar rtl')) report.problem(`${name}: Arabic from left to right`);
    if (size === 'wide') await page.pdf({ path: path.join(folder, `${name}.pdf`), format: 'A4' });
    await page.close();
  }
  report.ok(name);
}

const browser = await openBrowser();
try {
  for (const pack of readdirSync(packs).filter((f) => f.endsWith('.toml'))) await look(browser, pack, 'en');
  await look(browser, 'uto-demo.toml', 'ar');
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${report.passed} passed, ${report.problems.length} failed`);
process.exit(report.problems.length === 0 ? 0 : 1);
