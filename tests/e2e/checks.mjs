// What is asked of every page, whoever looks at it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { here, pictures } from './world.mjs';

const axe = readFileSync(path.join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');
const words = { en: /\b(denied|refused|rejected|invalid|illegal|aliens?|suspect(s|ed)?)\b/i, es: /(denegad|rechazad|inválid|ilegal|sospechos)/i, ar: /(مرفوض|ممنوع|غير صالح|غير قانوني|مشتبه)/ };

/** axe-core, words, sideways overflow, targets; a picture of each. Problems are added to `report`. */
export async function check(page, name, report, { target = 24 } = {}) {
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of found.violations) report.problem(`${name}: axe ${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any?.[0]?.message ?? ''}`).join(' | ')}`);
  const text = await page.evaluate(() => document.body.innerText);
  for (const [language, banned] of Object.entries(words)) {
    const hit = banned.exec(text);
    if (hit) report.problem(`${name}: the word "${hit[0]}" (${language})`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) report.problem(`${name}: ${wide} px wider than the screen`);
  const small = await page.evaluate((least) => [...document.querySelectorAll('button, a, input')].filter((b) => b.offsetParent)
    .map((b) => ({ r: b.getBoundingClientRect(), t: b.textContent })).filter(({ r }) => r.width < least - 0.5 || r.height < least - 0.5)
    .map(({ r, t }) => `${t} ${Math.round(r.width)}x${Math.round(r.height)}`), target);
  for (const s of small) report.problem(`${name}: target under ${target} px: ${s}`);
}

export function watchPage(page, name, report) {
  page.on('console', (m) => { if (m.type() === 'error') report.problem(`${name}: console: ${m.text()}`); });
  page.on('pageerror', (e) => report.problem(`${name}: ${e.message}`));
}

export class Report {
  passed = 0;
  problems = [];
  ok(what) { this.passed += 1; console.log(`ok   ${what}`); }
  problem(what) { this.problems.push(what); console.log(`FAIL ${what}`); }
}
