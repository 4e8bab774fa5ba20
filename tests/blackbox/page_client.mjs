// A page without a browser: the view protocol over a plain WebSocket (RFC 6455, client side).
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export class PageClient {
  constructor(port, cookie = '') {
    this.view = null;
    this.closed = false;
    this.buffer = Buffer.alloc(0);
    this.open = false;
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('connect', () => this.socket.write([`GET /socket HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`,
      'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...(cookie ? [`Cookie: ${cookie}`] : []), '', ''].join('\r\n')));
    this.socket.on('data', (data) => this.#take(data));
    this.socket.on('error', () => { this.closed = true; });
    this.socket.on('close', () => { this.closed = true; });
  }

  #take(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    if (!this.open) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.buffer.subarray(0, end).toString().startsWith('HTTP/1.1 101')) { this.close(); return; }
      this.buffer = this.buffer.subarray(end + 4);
      this.open = true;
    }
    while (this.buffer.length >= 2) {
      const last = (this.buffer[0] & 0x80) !== 0;
      const opcode = this.buffer[0] & 15;
      let length = this.buffer[1] & 127;
      let at = 2;
      if (length === 126) { if (this.buffer.length < 4) return; length = this.buffer.readUInt16BE(2); at = 4; }
      else if (length === 127) { if (this.buffer.length < 10) return; length = Number(this.buffer.readBigUInt64BE(2)); at = 10; }
      if (this.buffer.length < at + length) return;
      const payload = this.buffer.subarray(at, at + length);
      this.buffer = this.buffer.subarray(at + length);
      if (opcode <= 1) {
        this.text = opcode === 1 ? payload : Buffer.concat([this.text, payload]);
        if (last) this.view = JSON.parse(this.text.toString());
      }
      if (opcode === 9) this.#frame(10, payload);
      if (opcode === 8) this.close();
    }
  }

  #frame(opcode, payload) {
    const mask = randomBytes(4);
    const head = payload.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | payload.length]) : Buffer.from([0x80 | opcode, 0xFE, payload.length >> 8, payload.length & 255]);
    this.socket.write(Buffer.concat([head, mask, Buffer.from(payload.map((b, i) => b ^ mask[i % 4]))]));
  }

  send(action, value = null) {
    if (this.view && !this.closed) this.#frame(1, Buffer.from(JSON.stringify({ revision: this.view.revision, action, value })));
  }

  close() {
    this.closed = true;
    this.socket.destroy();
  }
}
