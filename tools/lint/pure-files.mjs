/**
 * What a pure file may not do: import a framework, or reach clock, environment, randomness or I/O,
 * by whatever way. The built-in objects that hide a source of change (`Date`, `Math`) may be used in
 * their harmless forms only, so that no alias of them can be made.
 */

/** Suffixes of files that may have effects. */
export const SHELL_ROLES = [
  'module',
  'controller',
  'consumer',
  'repository',
  'client',
  'adapter',
  'config',
];

const shellFiles = SHELL_ROLES.join('|');

/** Type imports pass: a pure file may speak of a shell's types, never call it. */
const typesOnly = [
  {
    regex: '^@hutong/(config|database|gateway|http|messaging|openapi|telemetry|testing|world)$',
    allowTypeImports: true,
    message: 'A pure file takes types from a shell lib, nothing else.',
  },
  {
    regex: `(\\.(${shellFiles})|(^|/)main)\\.js$`,
    allowTypeImports: true,
    message: 'A pure file takes types from a shell file, nothing else.',
  },
  { regex: '/generated/', message: 'Only repositories know Prisma.' },
];

/** @param npm packages that this kind of pure file may import all the same. */
export const pureImports = (...npm) => [
  {
    regex: `^(?!\\.{1,2}/|@hutong/${npm.map((name) => `|${name}$`).join('')})`,
    message: 'A pure file imports no package and no node: module; effects arrive as arguments.',
  },
  ...typesOnly,
];

const EFFECTS = [
  'fetch process global globalThis self window navigator performance crypto console require module',
  'setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval clearImmediate',
  'eval Function Atomics Temporal WebSocket EventSource XMLHttpRequest BroadcastChannel Worker',
].flatMap((line) => line.split(' '));

export const pureGlobals = EFFECTS.map((name) => ({
  name,
  message: 'A pure file has no clock, environment, randomness or I/O; they arrive as arguments.',
}));

const CLOCK = 'A pure file reads no clock: take a Date as argument.';
const RANDOM = 'A pure file has no randomness: take it as argument.';
const ZONE = "A pure file does not read the machine's time zone or locale: use the UTC methods.";
const LATE = 'A pure file imports nothing at run time.';
const ESCAPE = 'Reaching a constructor this way gets around the rules for pure files.';

const whole = (name) =>
  `:not(NewExpression, MemberExpression, TSTypeReference, TSQualifiedName, BinaryExpression[operator="instanceof"]) > Identifier[name="${name}"]`;

const rules = {
  [CLOCK]: [
    'NewExpression[callee.name="Date"][arguments.length=0]',
    'NewExpression[callee.name="Date"] > SpreadElement',
    'MemberExpression[object.name="Date"]:not([computed=false][property.name=/^(UTC|parse)$/])',
    'NewExpression > Identifier.arguments[name="Date"]',
    'MemberExpression > Identifier.property[name="Date"]',
    whole('Date'),
    'MemberExpression[object.name="Intl"][property.name="DateTimeFormat"]',
  ],
  [RANDOM]: [
    // Called or read off an object; an argument of that name is how randomness should arrive.
    'CallExpression > Identifier.callee[name=/^random/]',
    'MemberExpression > Identifier.property[name=/^random/]',
    'MemberExpression[object.name="Math"][computed=true]',
    'NewExpression > Identifier.arguments[name="Math"]',
    whole('Math'),
  ],
  [ZONE]: [
    'NewExpression[callee.name="Date"][arguments.length>1]',
    'MemberExpression[property.name=/^(get|set)(Hours|Minutes|Date|Day|Month|FullYear|TimezoneOffset)$/]',
    'MemberExpression[property.name=/^toLocale(Date|Time)?String$/]',
  ],
  [LATE]: ['ImportExpression', 'MetaProperty[meta.name="import"]'],
  [ESCAPE]: [
    'MemberExpression[property.name="constructor"]',
    'MemberExpression[computed=true][property.value="constructor"]',
  ],
};

export const pureSyntax = Object.entries(rules).flatMap(([message, selectors]) =>
  selectors.map((selector) => ({ selector, message })),
);
