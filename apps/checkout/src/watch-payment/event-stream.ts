/** What the `text/event-stream` of HTML's server-sent events is made of. Source: WHATWG HTML, 9.2. */
export const EVENT_STREAM = 'text/event-stream';

/** One version of a payment. JSON has no line break, so its data is one line. */
export const versionEvent = (version: number, view: object): string =>
  `id: ${version}\nevent: payment\ndata: ${JSON.stringify(view)}\n\n`;

/** Asks the client to come back so soon after the stream has ended. */
export const comeBackAfter = (milliseconds: number): string => `retry: ${milliseconds}\n\n`;

/** A comment: says nothing, and tells everybody on the way that the connection is in use. */
export const HEARTBEAT = ':\n\n';

/** The version that a client saw last; undefined if it says none of ours. */
export const lastVersionIn = (lastEventId: string | undefined): number | undefined =>
  /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
