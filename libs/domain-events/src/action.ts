/** What to show the payer of an attempt so that the money can be paid, until when. */
export type Action = Readonly<{
  /** The payer can pay with it until then. */
  validUntil: Date;
}> &
  (
    | Readonly<{
        /** What the fields are to be used for. */
        type: 'qr';
        /** What the QR code holds. */
        content: string;
      }>
    | Readonly<{
        type: 'redirect';
        /** Where to send the payer's browser. */
        url: string;
      }>
    | Readonly<{
        type: 'app' | 'mini_program';
        /** What the provider's app or mini program is started with, as the provider names it. */
        parameters: Readonly<Record<string, string>>;
      }>
    /** Nothing to show: the provider has the payer's code and asks the payer itself. */
    | Readonly<{ type: 'wait' }>
  );
