// @ts-check
// The view protocol: the server sends one view a state, `{state, revision, model, actions}`, as JSON text; the page answers
// `{revision, action, value}`. The server ignores an answer to a stale revision, so a double touch does nothing twice.
import { signal } from '@preact/signals';

/**
 * @typedef {{state: string, revision: number, model: any, actions: string[]}} View
 * @typedef {{
 *   view: import('@preact/signals').Signal<View | null>,
 *   online: import('@preact/signals').Signal<boolean>,
 *   send: (action: string, value?: unknown) => boolean,
 *   close: () => void
 * }} Connection
 */

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * Connects to a WebSocket of this server and stays connected. `view` is the newest view (null before the first), `online`
 * says whether the server is there; a page shows `offline` words while it is not, and never acts on an old view.
 * @param {string} path "/socket"
 * @param {{onBinary?: (data: ArrayBuffer) => void}} [options]
 * @returns {Connection}
 */
export function connect(path, options = {}) {
  const view = signal(/** @type {View | null} */ (null));
  const online = signal(false);
  let pause = FIRST_PAUSE_MS;
  let closed = false;
  /** @type {WebSocket | null} */
  let socket = null;

  function open() {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const now = new WebSocket(`${scheme}//${location.host}${path}`);
    now.binaryType = 'arraybuffer';
    socket = now;
    now.onmessage = (event) => {
      if (typeof event.data !== 'string') {
        options.onBinary?.(event.data);
        return;
      }
      const next = parse(event.data);
      if (!next) return;
      pause = FIRST_PAUSE_MS;
      view.value = next;
      online.value = true;
    };
    now.onclose = () => {
      online.value = false;
      if (closed) return;
      setTimeout(open, pause * (0.8 + 0.4 * Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
  }

  open();
  return {
    view,
    online,
    send(action, value = null) {
      const current = view.peek();
      if (!current || !online.peek() || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify({ revision: current.revision, action, value }));
      return true;
    },
    close() {
      closed = true;
      socket?.close();
    },
  };
}

/**
 * @param {string} text
 * @returns {View | null}
 */
function parse(text) {
  try {
    const v = JSON.parse(text);
    if (typeof v?.state !== 'string' || typeof v.revision !== 'number') return null;
    return { state: v.state, revision: v.revision, model: v.model ?? {}, actions: Array.isArray(v.actions) ? v.actions : [] };
  } catch {
    console.error('socket.js: a message was not a view');
    return null;
  }
}
