export { start as default } from './back-end.mjs';
