export { assertNever } from './assert-never.js';
export { notWritten, NotWrittenYet } from './not-written-yet.js';
export { ok, refuse, type Ok, type Refused, type Result } from './result.js';
