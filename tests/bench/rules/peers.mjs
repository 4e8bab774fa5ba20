// The same 30 rules over the same travellers by Paso and by the npm packages @bufbuild/cel, @marcbachmann/cel-js and
// json-rules-engine: the answers must be the same, then the times are printed. Usage: node peers.mjs BIN_DIR [COUNT].
// What the others do not have is done for them before the clock starts: days are numbers, `trip.today + months(6)` and
// known() are facts.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const bin = path.resolve(process.argv[2] ?? 'build/release/bin');
const count = Number(process.argv[3] ?? 2000);
if (!existsSync(path.join(here, 'node_modules'))) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: here, stdio: 'inherit' });
}
const { celEnv, parse, plan } = await import('@bufbuild/cel');
const { Environment } = await import('@marcbachmann/cel-js');
const { Engine } = await import('json-rules-engine');

const lines = execFileSync(path.join(bin, 'paso-bench-rules'), ['--travellers', String(count)], { encoding: 'utf8', maxBuffer: 1 << 30 })
  .trim().split('\n').map((l) => JSON.parse(l));
const { rules, us } = lines.shift();
const travellers = lines;

// --- The rules in CEL that the others have, and the facts as they take them.

// (`list` is the name of a type in one of them.)
const named = (name) => name.replace(/^list\./, 'lists.');
const cel = (text) => text.replaceAll(/\blist\./g, 'lists.').replaceAll('trip.today + months(6)', 'trip.in_six_months').replaceAll(/days\((\d+)\)/g, '$1')
  .replaceAll(/known\((\w+)\.(\w+)\)/g, '$1.$2_known');
const whole = ({ when, unless }) => (unless === '' ? cel(when) : `(${cel(when)}) && !(${cel(unless)})`);

const sixMonthsAfter = (days) => {
  const day = new Date(days * 86400000);
  const month = day.getUTCMonth() + 6;
  const last = new Date(Date.UTC(day.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(day.getUTCFullYear(), month, Math.min(day.getUTCDate(), last)) / 86400000;
};
const complete = (facts) => ({
  ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [named(name), value])), 'trip.in_six_months': sixMonthsAfter(facts['trip.today']), 'stay.last_exit_known': 'stay.last_exit' in facts,
});
const nested = (facts, number) => {
  const out = {};
  for (const [name, value] of Object.entries(complete(facts))) {
    const [room, field] = name.split('.');
    (out[room] ??= {})[field] = typeof value === 'number' ? number(value) : value;
  }
  return out;
};

// --- A condition as json-rules-engine writes it: read from CEL by a small parser of the shapes that the rules have.

class Translator {
  constructor(text) {
    this.tokens = text.match(/'[^']*'|[\w.]+|&&|\|\||==|!=|<=|>=|[<>!?:()[\],+]/g);
    this.at = 0;
  }
  peek() { return this.tokens[this.at]; }
  take(wanted) {
    const token = this.tokens[this.at++];
    if (wanted && token !== wanted) throw new Error(`${wanted} expected, ${token} found`);
    return token;
  }
  condition() {
    const c = this.or();
    if (this.peek() !== '?') return c;
    this.take('?');
    const x = this.condition();
    this.take(':');
    const y = this.condition();
    return { any: [{ all: [c, x] }, { all: [{ not: c }, y] }] };
  }
  or() { return this.chain('||', 'any', () => this.and()); }
  and() { return this.chain('&&', 'all', () => this.simple()); }
  chain(operator, key, part) {
    const parts = [part()];
    while (this.peek() === operator) { this.take(); parts.push(part()); }
    return parts.length === 1 ? parts[0] : { [key]: parts };
  }
  simple() {
    if (this.peek() === '!') { this.take(); return { not: this.simple() }; }
    if (this.peek() === '(') {
      this.take();
      const c = this.condition();
      this.take(')');
      return c;
    }
    const token = this.peek();
    if (token.endsWith('.exists')) return this.exists();
    const left = this.value();
    const operators = { '==': 'equal', '!=': 'notEqual', '<': 'lessThan', '<=': 'lessThanInclusive', '>': 'greaterThan', '>=': 'greaterThanInclusive' };
    if (this.peek() === 'in') {
      this.take();
      if (this.peek() === '[') return { fact: left.fact, operator: 'in', value: this.list() };
      return { fact: this.value().fact, operator: 'contains', value: left };
    }
    const operator = operators[this.peek()];
    if (!operator) return { fact: left.fact, operator: 'equal', value: true };
    this.take();
    const right = this.value();
    return { fact: left.fact, operator, value: right };
  }
  exists() {
    const fact = this.take().slice(0, -'.exists'.length);
    this.take('(');
    this.take();
    this.take(',');
    this.take();
    this.take('in');
    const value = this.list();
    this.take(')');
    return { fact, operator: 'meets', value };
  }
  list() {
    const out = [];
    this.take('[');
    while (this.peek() !== ']') {
      out.push(this.take().slice(1, -1));
      if (this.peek() === ',') this.take();
    }
    this.take(']');
    return out;
  }
  value() {
    const token = this.take();
    let out = token[0] === "'" ? token.slice(1, -1) : /^\d+$/.test(token) ? Number(token) : { fact: token };
    if (this.peek() === '+') {
      this.take();
      out = { fact: `${token} + ${this.take()}` }; // a fact that is computed
    }
    return out;
  }
}

function jsonRules() {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addOperator('meets', (set, list) => set.some((s) => list.includes(s)));
  const sums = new Set();
  rules.forEach((rule, n) => {
    const condition = new Translator(whole(rule)).condition();
    for (const [, sum] of JSON.stringify(condition).matchAll(/"fact":"([^"]+ \+ [^"]+)"/g)) sums.add(sum);
    engine.addRule({ conditions: condition.all || condition.any ? condition : { all: [condition] }, event: { type: String(n) } });
  });
  for (const sum of sums) {
    const [a, b] = sum.split(' + ');
    engine.addFact(sum, async (_, almanac) => (await almanac.factValue(a)) + (/^\d+$/.test(b) ? Number(b) : await almanac.factValue(b)));
  }
  return engine;
}

// --- Each engine: what it makes of a traveller beforehand, and which rules say yes.

function engines() {
  const env = celEnv();
  const planned = rules.map((r) => plan(env, parse(whole(r))));
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const parsed = rules.map((r) => environment.parse(whole(r)));
  const engine = jsonRules();
  const yesOf = (list, bindings) => list.flatMap((rule, n) => (rule(bindings) === true ? [n] : []));
  return [
    { name: '@bufbuild/cel', prepare: (f) => nested(f, BigInt), ask: (b) => yesOf(planned, b) },
    { name: '@marcbachmann/cel-js', prepare: (f) => nested(f, BigInt), ask: (b) => yesOf(parsed, b) },
    { name: 'json-rules-engine', prepare: complete, ask: async (f) => (await engine.run(f)).events.map((e) => Number(e.type)).sort((a, b) => a - b) },
  ];
}

let failed = 0;
console.log(`${rules.length} rules, ${count} travellers, microseconds a traveller\n${'paso (facts bound, every rule)'.padEnd(34)}${us.toFixed(3).padStart(10)}`);
for (const { name, prepare, ask } of engines()) {
  const prepared = travellers.map((t) => prepare(t.facts));
  let different = 0;
  for (const [i, facts] of prepared.entries()) {
    const yes = await ask(facts);
    if (JSON.stringify(yes) === JSON.stringify(travellers[i].yes)) continue;
    if (different++ === 0) console.log(`${name}: traveller ${i}: ${yes} where we say ${travellers[i].yes}`);
  }
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const begin = performance.now();
    for (const facts of prepared) {
      const answer = ask(facts);
      if (answer instanceof Promise) await answer;
    }
    best = Math.min(best, ((performance.now() - begin) * 1000) / count);
  }
  console.log(`${name.padEnd(34)}${best.toFixed(3).padStart(10)}  ${(best / us).toFixed(0)} times ours; ${different} answers differ`);
  failed += different;
}
process.exit(failed === 0 ? 0 : 1);
