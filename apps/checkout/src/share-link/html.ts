/** Text that is HTML already, as only `html` makes it. */
export type Html = Readonly<{ html: string }>;

/** Whatever is put between is text, unless it is `Html` itself; undefined is nothing. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | undefined)[]
): Html {
  const texts = values.map((value) => {
    if (value === undefined) return '';
    return typeof value === 'string' ? escaped(value) : value.html;
  });
  return { html: parts.map((part, i) => part + (texts[i] ?? '')).join('') };
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
