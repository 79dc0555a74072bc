/**
 * A name as it may be answered: that of a field, misspelt at worst, or a place in a list. Whatever else
 * stands in the place of a name, a number of a card or a person's address, is not said again.
 */
export function fieldName(name: string): string {
  const pieces = name.split(/[_-]/);
  const isWord = pieces.every((piece) => /^[A-Za-z]{0,30}\d{0,4}$/.test(piece));
  const digits = name.replaceAll(/\D/g, '');
  return isWord && name.length <= 64 && digits.length <= 4 ? name : '?';
}
