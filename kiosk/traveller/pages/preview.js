// @ts-check
// The live preview: JPEG pictures from the server, drawn on a canvas. Nothing is kept.
const PAUSE_MS = 1000;

/** @param {() => HTMLCanvasElement | null} canvas where to draw now, if anywhere */
export function drawPreview(canvas) {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}/preview`);
  socket.binaryType = 'blob';
  socket.onmessage = async (event) => {
    const target = canvas();
    if (!target || !(event.data instanceof Blob)) return;
    try {
      const picture = await createImageBitmap(event.data);
      target.getContext('2d')?.drawImage(picture, 0, 0, target.width, target.height);
      target.dataset.drawn = String(Number(target.dataset.drawn ?? '0') + 1);
      picture.close();
    } catch {
      console.error('preview.js: a picture could not be decoded');
    }
  };
  socket.onclose = () => setTimeout(() => drawPreview(canvas), PAUSE_MS);
}
