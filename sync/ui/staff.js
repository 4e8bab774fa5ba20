// @ts-check
// Pieces that the officers' and the supervisors' pages share.
import { html } from 'ui/dom';

const labels = {
  clear: ['clear', 'good'], officer: ['see an officer', 'attention'], health: ['health desk', 'attention'], protection: ['protection desk', 'attention'],
  awaiting: ['on the way to the desk', 'neutral'], passed: ['passed', 'good'], left: ['left', 'neutral'],
  interrupted: ['interrupted', 'neutral'], handed_over: ['with a person', 'attention'],
  holder_seen: ['holder seen', 'good'], admitted: ['admitted', 'good'], to_second_line: ['second line', 'attention'],
  not_admitted: ['not admitted', 'attention'],
  passed_check: ['holds', 'good'], failed: ['does not hold', 'attention'], unknown: ['unknown', 'attention'], absent: ['none', 'neutral'],
  sure: ['sure', 'good'], unsure: ['not compared yet', 'attention'],
  yes: ['yes', 'attention'], no: ['no', 'neutral'],
  verified: ['verified', 'good'], single_frame: ['one frame', 'attention'], proposed: ['proposed', 'attention'], unreadable: ['not readable', 'attention'],
};

/** @param {string | undefined} code @param {string} [as] */
export function badge(code, as) {
  const [text, tone] = labels[as ?? code ?? ''] ?? [code ?? '', 'neutral'];
  return code ? html`<span class="badge" data-tone=${tone}>${text}</span>` : '';
}

/** @param {string} iso a UTC time */
export function when(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.valueOf()) || time.valueOf() === 0) return 'not yet';
  return html`<time datetime=${iso}>${time.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}</time>`;
}

/** @param {boolean} online */
export function offline(online) {
  return online ? '' : html`<p class="offline" role="status">The server cannot be reached. What you see may be old. It tries again by itself.</p>`;
}

export function signOut() {
  const leave = async () => {
    await fetch('/sign-out', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    location.href = '/sign-in';
  };
  return html`<button class="button" data-kind="quiet" onClick=${leave}>Sign out</button>`;
}

const fact = (name, value) => html`<dt>${name}</dt><dd>${value || html`<span class="soft">not known</span>`}</dd>`;
const ltr = (text) => html`<bdi dir="ltr">${text}</bdi>`;

/** Document facts come before any result, so that nobody decides by the result alone. */
export function caseFacts(c) {
  const d = c.document;
  return html`<section class="grid" aria-label="What was read">
    <div class="card stack"><h2>Document</h2>
      ${d ? html`<dl class="facts">
        ${fact('Surname', ltr(d.surname))}${fact('Given names', ltr(d.given_names))}${fact('Birth', d.birth)}${fact('Sex', d.sex)}
        ${fact('Nationality', ltr(d.nationality))}${fact('Issuer', ltr(d.issuer))}${fact('Document', html`${ltr(d.code)} ${d.format}`)}
        ${fact('Number', html`<span class="mono">${ltr(d.number)}</span>`)}${fact('Expiry', d.expiry)}</dl>`
        : html`<p>No document was read.</p>`}</div>
    <div class="card stack"><h2>Reading</h2>
      ${d ? html`<div class="row">${badge(d.reading)}</div>
        <dl class="facts">${Object.entries(d.check_digits).map(([k, v]) => fact(`Check digit, ${k}`, badge(v, v === 'passed' ? 'passed_check' : v)))}</dl>
        ${d.problems.length > 0 && html`<ul>${d.problems.map((p) => html`<li>${p.field}: <span class="mono">${p.code}</span></li>`)}</ul>`}
        <pre class="mono mrz" tabindex="0" aria-label="Machine readable zone">${d.lines.join('\n')}</pre>` : ''}
      <dl class="facts">${fact('Travels', c.party ? (c.party.alone ? 'alone' : `${c.party.adults} adults, ${c.party.children} children`) : '')}
        ${fact('Direction', c.direction)}${fact('Language', c.language)}${fact('Rule pack', c.pack)}</dl>
      ${(c.boarding_passes ?? []).map((b) => html`<p>Boarding pass: ${ltr(b.name)}; ${b.legs.map((l) => `${l.carrier} ${l.flight} ${l.from}-${l.to} ${l.date}`).join('; ')}</p>`)}</div>
  </section>`;
}

export function findings(c) {
  const all = c.findings ?? [];
  if (!all.length) return '';
  const rows = [...all].sort((a, b) => Number(b.refers) - Number(a.refers));
  return html`<section class="stack" aria-label="Rules"><h2>What the rules say</h2>
    <div class="table-box" tabindex="0" role="region" aria-label="Table of rules"><table><thead><tr><th scope="col">Rule</th><th scope="col">Asks for a person</th><th scope="col">Reason</th><th scope="col">Basis</th><th scope="col">Facts it read</th></tr></thead>
    <tbody>${rows.map((f) => html`<tr><th scope="row">${f.rule}</th><td>${badge(f.value)}${f.refers && badge(f.then)}</td><td>${f.reason}</td>
      <td>${f.basis}${f.exempted_by && html`<div><span class="soft">not here, by</span> ${f.exempted_by}</div>`}</td>
      <td>${f.facts.map((x) => html`<div><span class="soft">${x.name}</span> ${ltr(x.value)}</div>`)}</td></tr>`)}</tbody></table></div></section>`;
}

export function decisions(c) {
  if (!c.decisions?.length) return '';
  return html`<section class="stack" aria-label="Decisions"><h2>Decisions</h2><ul>${c.decisions.map((d) => html`<li>
    ${badge(d.kind)} by ${d.officer} at ${d.desk}, ${when(d.at)}${d.reason && html`: ${d.reason}`}</li>`)}</ul></section>`;
}
