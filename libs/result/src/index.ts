export { assertNever } from './assert-never.js';
export { ok, refuse, type Ok, type Refused, type Result } from './result.js';
