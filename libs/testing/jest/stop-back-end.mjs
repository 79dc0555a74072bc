export { stop as default } from './back-end.mjs';
