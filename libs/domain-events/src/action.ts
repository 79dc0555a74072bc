/** What to show the payer of an attempt so that the money can be paid, until when. */
export type Action = Readonly<{ validUntil: Date }> &
  (
    | Readonly<{ type: 'qr'; content: string }>
    | Readonly<{ type: 'redirect'; url: string }>
    | Readonly<{ type: 'app' | 'mini_program'; parameters: Readonly<Record<string, string>> }>
  );
