// @ts-check
// Signing in for officers and supervisors.
import { signal } from '@preact/signals';
import { html, mount } from 'ui/dom';

const message = signal('');
const busy = signal(false);

const words = {
  401: 'User and password do not match. Please try again.',
  429: 'Too many tries. Please wait half a minute.',
};

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  busy.value = true;
  message.value = '';
  try {
    const answer = await fetch('/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: form.get('user'), password: form.get('password') }),
    });
    if (answer.ok) {
      location.href = '/';
      return;
    }
    message.value = words[answer.status] ?? 'The server could not answer. Please try again.';
  } catch {
    message.value = 'The server cannot be reached. Please try again.';
  } finally {
    busy.value = false;
  }
}

mount(() => html`<main class="page sign-in"><form class="card stack" onSubmit=${submit}>
  <p class="brand">Paso</p><h1>${document.title.replace('Paso ', '')}</h1>
  <div class="field"><label for="user">User</label><input class="input" id="user" name="user" autocomplete="username" required autofocus /></div>
  <div class="field"><label for="password">Password</label><input class="input" id="password" name="password" type="password" autocomplete="current-password" required /></div>
  <p role="alert" class=${message.value ? 'notice' : 'visually-hidden'} data-tone="attention">${message.value}</p>
  <button class="button" data-kind="primary" disabled=${busy.value}>Sign in</button></form></main>`,
/** @type {Element} */ (document.getElementById('app')));
