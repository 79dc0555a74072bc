/**
 * What Alipay's error pages are written in. Node can read GBK and not write it, so the table is what
 * its reader makes of every pair of bytes.
 */
export function gbkEncoder(): (text: string) => Uint8Array<ArrayBuffer> {
  const reader = new TextDecoder('gbk');
  const table = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const letter = reader.decode(Uint8Array.of(lead, trail));
      if (letter.length === 1 && letter !== UNREADABLE) table.set(letter, [lead, trail]);
    }
  }
  return (text) =>
    Uint8Array.from(
      [...text].flatMap((letter) => {
        const code = letter.codePointAt(0) ?? 0;
        return code < 0x80 ? [code] : (table.get(letter) ?? [QUESTION_MARK]);
      }),
    );
}

const UNREADABLE = '\ufffd';
const QUESTION_MARK = 0x3f;
