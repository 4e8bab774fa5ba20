// @ts-check
// The supervisors' console: crossings, one crossing, stations, log check. It shows views of the server and keeps no state.
import { html, mount } from 'ui/dom';
import { connect } from 'ui/socket';
import { badge, caseFacts, decisions, findings, offline, signOut, when } from 'ui/staff';

const { view, online, send } = connect('/socket');
const tabs = [['crossings', 'Crossings'], ['stations', 'Stations'], ['log', 'Log check']];

function figure(label, value, note) {
  return html`<div class="card"><p class="soft">${label}</p><p class="figure">${value}</p><p class="soft">${note}</p></div>`;
}

function figures(f) {
  return html`<section class="grid" aria-label="Figures">
    ${figure('Passed', f.passed, 'cleared or admitted, holder seen')}
    ${figure('On the way to the desk', f.awaiting, 'not counted yet')}
    ${figure('Asked to see an officer', f.referred, `of ${f.inspections} inspections`)}
    ${figure('Left or interrupted', f.left + f.interrupted, 'not counted')}
  </section>`;
}

function crossings(model) {
  if (!model.crossings.length) return html`<p class="notice">No crossing has arrived yet.</p>`;
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Crossings"><table>
    <thead><tr><th scope="col">Time</th><th scope="col">Token</th><th scope="col">Kiosk</th><th scope="col">Outcome</th>
      <th scope="col">Ending</th><th scope="col">Reasons</th><th scope="col"><span class="visually-hidden">Open</span></th></tr></thead>
    <tbody>${model.crossings.map((c) => html`<tr key=${c.id}>
      <td>${when(c.at)}</td><td class="mono">${c.token}</td><td>${c.kiosk}</td>
      <td>${badge(c.outcome)}</td><td>${badge(c.ending)}</td><td>${c.reasons.join(', ')}</td>
      <td><button class="button" data-kind="quiet" onClick=${() => send('open', c.id)}>Open<span class="visually-hidden"> ${c.token}</span></button></td>
    </tr>`)}</tbody></table></div>`;
}

function crossing(model) {
  const c = model.crossing;
  if (!c) return html`<p class="notice">This crossing is no longer in memory.</p>`;
  return html`<div class="stack">
    <div class="row"><h2>Crossing <span class="mono">${c.token}</span></h2>${badge(c.outcome)}${badge(c.ending)}
      <button class="button push" data-kind="quiet" onClick=${() => send('show', 'crossings')}>Back to the list</button></div>
    ${caseFacts(c)}${findings(c)}${decisions(c)}
  </div>`;
}

function stations(model) {
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Stations"><table>
    <thead><tr><th scope="col">Station</th><th scope="col">Events</th><th scope="col">Last event</th><th scope="col">Last received</th>
      <th scope="col">Its clock</th><th scope="col">Last note</th></tr></thead>
    <tbody>${model.stations.map((s) => html`<tr key=${s.id}><th scope="row">${s.id}</th><td>${s.events}</td>
      <td>${when(s.last_event)}</td><td>${when(s.last_received)}</td><td>${badge(s.clock)}</td><td>${s.note}</td></tr>`)}</tbody></table></div>`;
}

function log(model) {
  const check = model.check;
  return html`<div class="stack">
    <p>Every stored event is read again, its header hashed, its link followed and its body compared with its digest.</p>
    <div class="row"><button class="button" data-kind="primary" onClick=${() => send('check_log')}>Check the log now</button></div>
    ${check && html`<div class="notice" role="status" data-tone=${check.whole ? 'good' : 'problem'}>
      ${check.whole ? `All ${check.events} events hold.` : 'A chain does not hold. Do not change anything; call the log officer.'} ${check.error}
      <span class="soft"> Checked ${when(check.at)}.</span></div>
      <div class="table-box" tabindex="0" role="region" aria-label="Chains"><table>
        <thead><tr><th scope="col">Station</th><th scope="col">Epoch</th><th scope="col">Events</th><th scope="col">Erased bodies</th><th scope="col">Head</th><th scope="col">Standing</th></tr></thead>
        <tbody>${check.chains.map((c) => html`<tr><th scope="row">${c.station}</th><td class="mono">${c.epoch}</td><td>${c.events}</td><td>${c.erased}</td>
          <td class="mono">${c.head}</td><td>${c.problem ? html`<span class="badge" data-tone="problem">${c.problem}</span>` : html`<span class="badge" data-tone="good">holds</span>`}</td></tr>`)}</tbody>
      </table></div>`}
    <h2>Incidents</h2>
    ${model.incidents.length ? html`<ul>${model.incidents.map((i) => html`<li><span class="mono">${i.code}</span> at ${i.station}, event ${i.sequence}, ${when(i.at)}</li>`)}</ul>`
      : html`<p class="soft">None.</p>`}
  </div>`;
}

const bodies = { crossings, crossing, stations, log };

function page() {
  const v = view.value;
  const body = v && bodies[v.state];
  return html`${offline(online.value)}
    <header class="bar"><span class="brand">Paso</span><span>Console</span>
      <nav class="row" aria-label="Parts">${tabs.map(([id, label]) => html`<button class="button" data-kind="quiet"
        aria-pressed=${v?.state === id ? 'true' : 'false'} onClick=${() => send('show', id)}>${label}</button>`)}</nav>
      <span class="push row"><span class="soft">${v?.model.user}</span>${signOut()}</span></header>
    <main class="page" id="main"><h1>${(tabs.find(([id]) => id === v?.state) ?? ['', 'Crossing'])[1]}</h1>
      ${v && v.model.store_errors > 0 && html`<p class="notice" data-tone="problem">The store could not be read ${v.model.store_errors} times since the start.</p>`}
      ${v && figures(v.model.figures)}
      ${body ? body(v.model) : html`<p role="status">One moment.</p>`}</main>`;
}

mount(page, /** @type {Element} */ (document.getElementById('app')));
