// @ts-check
// The traveller's page. It shows the server's view and sends back what was touched; it decides nothing.
import { signal, effect } from '@preact/signals';
import { html, mount } from 'ui/dom';
import { connect } from 'ui/socket';
import { drawPreview } from '/preview.js';
import { icon } from '/icons.js';

const { view, online, send } = connect('/socket');
const party = signal({ adults: 1, children: 0, family: false });
const root = document.documentElement;

const steps = ['language', 'notice', 'party', 'document', 'confirm', 'result'];
const step_of = { boarding_pass: 'confirm', question: 'confirm', saving: 'result' };

const primary = (label, act, more = {}) => html`<button class="button" data-kind="primary" onClick=${act} ...${more}>${label}</button>`;
const plain = (label, act, more = {}) => html`<button class="button" onClick=${act} ...${more}>${label}</button>`;

function heading(text, line) {
  return html`<h1 tabindex="-1" id="title">${text}</h1>${line && html`<p class="lead">${line}</p>`}`;
}

function idle(m) {
  return html`<div class="centre">${icon('globe')}
    <h1 tabindex="-1" id="title" class="welcome-title">${m.languages.map((l) => html`<span lang=${l.id} dir=${l.dir}>${l.welcome}</span>`)}</h1>
    <ul class="welcome">${m.languages.map((l) => html`<li lang=${l.id} dir=${l.dir}><button class="button welcome-button" data-kind="primary"
      onClick=${() => send('start')}>${l.start}<span class="soft-on">${l.name}</span></button></li>`)}</ul></div>`;
}

function language(m) {
  return html`<h1 tabindex="-1" id="title" class="languages-title">${m.languages.map((l) => html`<span lang=${l.id} dir=${l.dir}>${l.choose}</span>`)}</h1>
    <ul class="choices">${m.languages.map((l) => html`<li><button class="button choice" lang=${l.id} dir=${l.dir} onClick=${() => send('language', l.id)}>${l.name}</button></li>`)}</ul>`;
}

function notice(m) {
  const t = m.text;
  return html`${heading(t.title)}
    <ul class="lines">${[['read', t.line_1], ['check', t.line_2], ['lock', t.line_3], ['person', t.line_4]].map(([i, line]) => html`<li>${icon(i)}<span>${line}</span></li>`)}</ul>
    <div class="pair">${primary(t.agree, () => send('agree'))}${plain(t.officer, () => send('officer'))}</div>`;
}

function counter(label, key, least, t) {
  const p = party.value;
  const set = (n) => { party.value = { ...p, [key]: Math.max(least, Math.min(5, n)) }; };
  return html`<div class="counter" role="group" aria-label=${label}><span>${label}</span>
    <button class="button" aria-label=${`${t.less}: ${label}`} onClick=${() => set(p[key] - 1)}>−</button>
    <output class="count">${p[key]}</output>
    <button class="button" aria-label=${`${t.more}: ${label}`} onClick=${() => set(p[key] + 1)}>+</button></div>`;
}

function family(m) {
  const t = m.text;
  const p = party.value;
  if (!p.family) {
    return html`${heading(t.title)}<div class="choices-two">
      <button class="button tile" onClick=${() => send('party', '1,0')}>${icon('one')}<span>${t.alone}</span></button>
      <button class="button tile" onClick=${() => { party.value = { adults: 2, children: 0, family: true }; }}>${icon('family')}<span>${t.family}</span></button></div>`;
  }
  return html`${heading(t.title)}<div class="stack">${counter(t.adults, 'adults', 0, t)}${counter(t.children, 'children', 0, t)}
    ${primary(t.next, () => send('party', `${p.adults},${p.children}`), { disabled: p.adults + p.children < 1 })}</div>`;
}

// The picture is the camera's whichever way the words run, and so is the ring around a place in it.
function glass(m, label) {
  const p = m.hint_place;
  const share = (v) => `${(v * 100).toFixed(1)}%`;
  const around = p && `inset-inline-start:${share(p.x)};inset-block-start:${share(p.y)};inline-size:${share(p.width)};block-size:${share(p.height)}`;
  return html`<div class="picture" dir="ltr"><canvas id="preview" width="640" height="360" role="img" aria-label=${label}></canvas>
    ${p && html`<span class="ring" style=${around} aria-hidden="true"></span>`}</div>`;
}

// What hinders the reading, heard too; nothing to say keeps its place, so that the page does not jump.
function hint(m, picture) {
  return html`<p class="hint" role="status" data-hint=${m.hint}>${m.text[m.hint] && html`${icon(picture)}<span>${m.text[m.hint]}</span>`}</p>`;
}

function documentPage(m) {
  const t = m.text;
  const turn = m.hint === 'turn_over';
  const picture = { turn_over: 'turn', upside_down: 'turn', wrong_page: 'turn', reading: 'read' }[m.hint] ?? 'place';
  return html`${heading(t.title, t.line)}
    <div class="glass">${glass(m, t.preview)}${hint(m, picture)}</div>
    ${turn && html`<div class="row">${plain(t.again, () => send('again'))}</div>`}`;
}

function confirm(m) {
  const t = m.text;
  return html`${heading(t.title, t.line)}
    <dl class="name card"><dt>${t.given_names}</dt><dd><bdi dir="ltr">${m.given_names || '–'}</bdi></dd><dt>${t.surname}</dt><dd><bdi dir="ltr">${m.surname}</bdi></dd></dl>
    <div class="pair">${primary(t.right, () => send('right'))}${plain(t.wrong, () => send('wrong'))}</div>`;
}

function boardingPass(m) {
  const t = m.text;
  return html`${heading(t.title, t.line)}<div class="glass">${glass(m, t.title)}${hint(m, 'place')}</div>
    <div class="row">${plain(t.none, () => send('none'))}</div>`;
}

function question(m) {
  const t = m.text;
  return html`${heading(t.title, t.line)}<div class="three">${plain(t.yes, () => send('answer', 'yes'))}${plain(t.no, () => send('answer', 'no'))}${plain(t.unsure, () => send('answer', 'unsure'))}</div>`;
}

function waiting(m) {
  return html`<div class="centre">${icon('wait')}${heading(m.text.title, m.text.line)}</div>`;
}

// Cleared and not cleared look the same from behind: same layout, same colours, only the words and the small picture differ.
function result(m) {
  return html`<div class="centre">${icon(m.kind === 'done' ? 'done' : 'person')}${heading(m.title)}
    <div class="result-lines">${m.lines.map((line) => html`<p class="lead">${line}</p>`)}</div>
    <div class="token card"><span>${m.text.token}</span><strong class="mono"><bdi dir="ltr">${m.token}</bdi></strong></div>
    ${primary(m.text.finish, () => send('done'))}</div>`;
}

const bodies = { idle, language, notice, party: family, document: documentPage, confirm, boarding_pass: boardingPass, question, saving: waiting, result, out_of_service: waiting };

function progress(state) {
  const at = steps.indexOf(step_of[state] ?? state);
  if (at < 0) return '';
  return html`<ol class="progress" aria-hidden="true">${steps.map((_, i) => html`<li data-on=${i <= at ? 'yes' : 'no'}></li>`)}</ol>`;
}

function still(m) {
  if (!m.warned) return '';
  return html`<div class="still" role="alertdialog" aria-labelledby="still-title"><div class="card stack"><h2 id="still-title">${m.text['common.still_there']}</h2>
    <p class="lead">${m.text['common.still_there_line']}</p>${primary(m.text['common.more_time'], () => send('more_time'))}</div></div>`;
}

function toggle(name, value) {
  if (root.dataset[name] === value) delete root.dataset[name];
  else root.dataset[name] = value;
}

function foot(v) {
  const t = v.model.text;
  const can = (a) => v.actions.includes(a);
  return html`<footer class="foot">
    ${can('officer') && html`<button class="button help" onClick=${() => send('officer')}>${icon('person')}${t['common.officer']}</button>`}
    <div class="row push">
      ${can('back') && plain(t['common.back'], () => send('back'))}
      ${can('cancel') && html`<button class="button" onClick=${() => send('cancel')}>${t['common.cancel']}</button>`}
      <button class="button" onClick=${() => toggle('text', 'big')} aria-label=${t['common.bigger']}>${icon('bigger')}</button>
      <button class="button" onClick=${() => toggle('contrast', 'more')} aria-label=${t['common.contrast']}>${icon('contrast')}</button></div></footer>`;
}

function page() {
  const v = view.value;
  if (!v) return html`<main class="kiosk"><p class="centre" role="status">…</p></main>`;
  const m = v.model;
  return html`<div class="kiosk" lang=${m.language} dir=${m.dir}>
    <header class="head"><span class="brand">Paso</span>${progress(v.state)}${m.demo && html`<span class="badge push">${m.text['common.demo']}</span>`}</header>
    ${!online.value && html`<p class="offline" role="status">${m.text['common.offline']}</p>`}
    <main class="body" data-state=${v.state}>${bodies[v.state]?.(m)}</main>${foot(v)}${still(m)}</div>`;
}

mount(page, /** @type {Element} */ (document.getElementById('app')));

// A new state: language and direction of the whole page, and the focus at its title for those who hear the page.
let shown = '';
effect(() => {
  const v = view.value;
  if (!v) return;
  root.lang = v.model.language;
  root.dir = v.model.dir;
  if (v.state === shown) return;
  shown = v.state;
  document.title = `Paso: ${v.model.title ?? v.model.text.title ?? ''}`;
  if (v.state === 'idle' || v.state === 'language') {
    party.value = { adults: 1, children: 0, family: false };
    if (v.state === 'idle') { delete root.dataset.text; delete root.dataset.contrast; }
  }
  requestAnimationFrame(() => document.getElementById('title')?.focus());
});
drawPreview(() => /** @type {HTMLCanvasElement | null} */ (document.getElementById('preview')));
