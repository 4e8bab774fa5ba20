// @ts-check
// The officers' desk: who waits, one case, the decision. Keyboard first; ? shows the keys.
import { signal, effect } from '@preact/signals';
import { html, mount } from 'ui/dom';
import { connect } from 'ui/socket';
import { badge, caseFacts, decisions, findings, offline, signOut, when } from 'ui/staff';

const { view, online, send } = connect('/socket');
const chosen = signal(0);
const help = signal(false);
const reason = signal('');

const messages = {
  'desk.done': ['Written down.', 'good'],
  'desk.late': ['Written down. The list shows it a little later.', 'attention'],
  'desk.reason': ['Please say why in one line.', 'attention'],
  'desk.decided': ['Somebody has decided this already.', 'attention'],
  'desk.unknown': ['This crossing is no longer here.', 'attention'],
};
const message = (code) => messages[code] ?? ['It could not be written down. Nothing was changed.', 'problem'];

function lanes(m) {
  return html`<section class="row" aria-label="Lanes">${m.lanes.map((l) => html`<span class="badge" data-tone=${l.silent_s < 60 ? 'good' : 'attention'}>
    ${l.id}: ${l.silent_s < 60 ? 'in touch' : `last heard ${Math.floor(l.silent_s / 60)} min ago`}</span>`)}
    <span class="badge" data-tone=${m.centre.connected ? 'good' : 'attention'}>${m.centre.connected ? 'centre: in touch' : 'centre: away, working on'}</span></section>`;
}

function waitingRow(c, i) {
  const on = i === chosen.value;
  return html`<tr key=${c.id} aria-selected=${on ? 'true' : 'false'} data-on=${on ? 'yes' : 'no'}>
    <th scope="row" class="mono token">${c.token}</th><td>${c.wait_min} min</td><td>${badge(c.outcome)}</td>
    <td>${c.reasons.length ? html`<ul class="reasons">${c.reasons.map((r) => html`<li>${r}</li>`)}</ul>` : 'Compare person and document.'}</td>
    <td>${c.kiosk}</td><td>${c.language}</td>
    <td class="acts">${c.seen && html`<button class="button" data-kind="primary" onClick=${() => send('holder_seen', c.id)}>Holder seen<span class="visually-hidden"> ${c.token}</span></button>`}
      <button class="button" onClick=${() => send('open', c.id)}>Open<span class="visually-hidden"> ${c.token}</span></button></td></tr>`;
}

function queue(m) {
  return html`<h1>Waiting for a person</h1>
    ${m.waiting.length === 0 ? html`<p class="notice" data-tone="good">Nobody waits.</p>`
      : html`<div class="table-box" tabindex="0" role="region" aria-label="Waiting"><table class="queue"><thead><tr><th scope="col">Token</th><th scope="col">Wait</th><th scope="col">Outcome</th><th scope="col">Why</th>
        <th scope="col">Kiosk</th><th scope="col">Language</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead><tbody>${m.waiting.map(waitingRow)}</tbody></table></div>`}
    ${m.recent.length > 0 && html`<h2>Before</h2>
    <div class="table-box" tabindex="0" role="region" aria-label="Before"><table><thead><tr><th scope="col">Token</th><th scope="col">Time</th><th scope="col">Outcome</th><th scope="col">Ending</th><th scope="col">Kiosk</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${m.recent.map((c) => html`<tr key=${c.id}><th scope="row" class="mono">${c.token}</th><td>${when(c.at)}</td><td>${badge(c.outcome)}</td><td>${badge(c.ending)}</td><td>${c.kiosk}</td>
        <td class="acts"><button class="button" onClick=${() => send('open', c.id)}>Look<span class="visually-hidden"> at ${c.token}</span></button></td></tr>`)}</tbody></table></div>`}`;
}

function decide(c) {
  if (!c.can_decide && !c.can_see) return html`<p class="notice">This case is closed.</p>`;
  const act = (kind) => send('decide', { id: c.id, kind, reason: reason.value.trim() });
  return html`<section class="card stack" aria-label="Decision"><h2>Decision</h2>
    ${c.can_see && html`<div class="row"><button class="button" data-kind="primary" onClick=${() => send('holder_seen', c.id)}>Holder seen</button><span class="soft">The person is the holder of the document.</span></div>`}
    ${c.can_decide && html`<div class="field"><label for="reason">Why, in one line</label><input class="input" id="reason" maxlength="300" value=${reason.value} onInput=${(e) => { reason.value = e.target.value; }} /></div>
      <div class="row"><button class="button" data-kind="primary" onClick=${() => act('admitted')}>Admit</button>
      <button class="button" onClick=${() => act('to_second_line')}>To the second line</button>
      <button class="button" onClick=${() => act('left')}>Did not come</button>
      <button class="button" onClick=${() => act('not_admitted')}>Not admitted</button></div>`}</section>`;
}

function casePage(m) {
  const c = m.case;
  return html`<div class="row"><h1>Case <span class="mono">${c.token}</span></h1><button class="button push" data-kind="quiet" onClick=${() => send('queue')}>Back (Esc)</button></div>
    ${caseFacts(c)}
    <section class="stack" aria-label="Outcome"><div class="row"><h2>Outcome</h2>${badge(c.outcome)}${badge(c.ending)}</div>
    ${c.reasons.length > 0 && html`<ul>${c.reasons.map((r) => html`<li>${r}</li>`)}</ul>`}</section>
    ${decide(c)}${findings(c)}${decisions(c)}`;
}

const keys = [['↑ ↓', 'choose'], ['H', 'holder seen'], ['Enter', 'open'], ['Esc', 'back'], ['?', 'these keys']];

function helpSheet() {
  return help.value ? html`<aside class="card stack" role="note"><h2>Keys</h2><dl class="facts">${keys.map(([k, what]) => html`<dt><kbd>${k}</kbd></dt><dd>${what}</dd>`)}</dl></aside>` : '';
}

function page() {
  const v = view.value;
  const m = v?.model;
  const said = m?.message ? message(m.message) : null;
  return html`${offline(online.value)}
    <header class="bar"><span class="brand">Paso</span><span>Desk</span><button class="button" data-kind="quiet" aria-expanded=${help.value ? 'true' : 'false'} onClick=${() => { help.value = !help.value; }}>Keys (?)</button>
      <span class="push row"><span class="soft">${m?.user}</span>${signOut()}</span></header>
    <main class="page">${m && lanes(m)}${helpSheet()}
      <div role="status">${said && html`<p class="notice" data-tone=${said[1]}>${said[0]}</p>`}</div>
      ${!v ? html`<p role="status">One moment.</p>` : v.state === 'case' ? casePage(m) : queue(m)}</main>`;
}

mount(page, /** @type {Element} */ (document.getElementById('app')));

effect(() => {
  const v = view.value;
  const count = v?.model.waiting?.length ?? 0;
  if (chosen.peek() >= count) chosen.value = Math.max(0, count - 1);
  if (v?.state !== 'case') reason.value = '';
});

document.addEventListener('keydown', (event) => {
  const v = view.peek();
  const target = /** @type {HTMLElement} */ (event.target);
  if (!v || event.ctrlKey || event.altKey || event.metaKey || target.closest('input, textarea')) return;
  const now = v.model.waiting?.[chosen.peek()];
  if (event.key === '?') help.value = !help.peek();
  else if (event.key === 'Escape') { help.value = false; if (v.state === 'case') send('queue'); }
  else if (v.state === 'case') { if ((event.key === 'h' || event.key === 'H') && v.model.case.can_see) send('holder_seen', v.model.case.id); }
  else if (event.key === 'ArrowDown') { chosen.value = Math.min((v.model.waiting?.length ?? 1) - 1, chosen.peek() + 1); event.preventDefault(); }
  else if (event.key === 'ArrowUp') { chosen.value = Math.max(0, chosen.peek() - 1); event.preventDefault(); }
  else if ((event.key === 'h' || event.key === 'H') && now?.seen) send('holder_seen', now.id);
  else if (event.key === 'Enter' && now && !target.closest('button')) send('open', now.id);
});
