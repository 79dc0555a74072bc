/** One column, readable on a telephone in a shop; follows the reader's light or dark choice. */
export const STYLE = `
:root { --ink: #1b1f24; --paper: #f4f5f6; --card: #fff; --soft: #5c6570; --line: #dfe3e8; --go: #067a3d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9ecef; --paper: #121416; --card: #1d2124; --soft: #a4adb7; --line: #343a40; --go: #2fbf71; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
header { padding: .75rem 1rem; border-bottom: 1px solid var(--line); background: var(--card); font-weight: 600; }
header p, header nav { margin: 0 auto; max-width: 28rem; }
header nav a { display: inline-block; padding: .5rem .75rem .25rem 0; font-weight: 400; }
small, .soft, dt { color: var(--soft); font-weight: 400; }
main { max-width: 28rem; margin: 0 auto; padding: 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0 0 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.amount { font-size: 2.5rem; font-weight: 600; margin: .25rem 0 1rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dd { margin: 0; overflow-wrap: anywhere; text-align: right; }
button { width: 100%; margin-bottom: .75rem; min-height: 3rem; border-radius: .5rem; border: 1px solid var(--line); background: none; color: inherit; font: inherit; cursor: pointer; }
button.go { background: var(--go); border-color: var(--go); color: #fff; font-weight: 600; margin-bottom: .75rem; }
@media (prefers-color-scheme: dark) { button.go { color: #06210f; } }
label { display: block; margin-bottom: .5rem; }
input, select, textarea { width: 100%; min-height: 3rem; padding: .5rem; border-radius: .5rem; border: 1px solid var(--line); background: var(--paper); color: inherit; font: inherit; margin-bottom: .75rem; }
a { color: var(--go); }
a:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible, textarea:focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
ul { list-style: none; padding: 0; margin: 0; }
li a { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
li span { overflow-wrap: anywhere; }
`;
