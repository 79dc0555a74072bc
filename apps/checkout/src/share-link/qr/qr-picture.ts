import { html, type Html } from '../html.js';
import { qrCode } from './qr-code.js';

/** Modules that readers need free around a code. */
const QUIET = 4;

/** The text as a QR code to look at, in SVG; undefined if it is too long for one. */
export function qrPicture(text: string): Html | undefined {
  const modules = qrCode(text);
  if (modules === undefined) return undefined;
  const size = String(modules.length + 2 * QUIET);
  const squares = modules.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return html`<svg
    role="img"
    aria-label="QR code"
    viewBox="0 0 ${size} ${size}"
    shape-rendering="crispEdges"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${squares.join('')}" fill="#000" />
  </svg>`;
}
