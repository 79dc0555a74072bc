export type Told = Readonly<{ id: string | undefined; data: Record<string, unknown> | undefined }>;

/** A client that reads an event stream as HTML's EventSource does, and keeps what came. */
export class Watcher {
  readonly events: Told[] = [];
  /** Everything, comments and all. */
  text = '';
  private readonly cut = new AbortController();
  private reading: Promise<'ended' | 'cut'> | undefined;

  private constructor(readonly response: Response) {}

  static async open(
    url: string,
    key: string,
    headers: Record<string, string> = {},
  ): Promise<Watcher> {
    const cut = new AbortController();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: cut.signal,
    });
    const watcher = new Watcher(response);
    watcher.cut.signal.addEventListener('abort', () => cut.abort());
    watcher.reading = watcher.read();
    return watcher;
  }

  /** How the stream ended, once it has. */
  get ending(): Promise<'ended' | 'cut'> | undefined {
    return this.reading;
  }

  /** The client goes away. */
  leave(): void {
    this.cut.abort();
  }

  get ids(): (string | undefined)[] {
    return this.events.map(({ id }) => id);
  }

  get statuses(): unknown[] {
    return this.events.map(({ data }) => data?.['status']);
  }

  private async read(): Promise<'ended' | 'cut'> {
    try {
      const decoder = new TextDecoder();
      let rest = '';
      const chunks: AsyncIterable<Uint8Array> | null = this.response.body;
      for await (const chunk of chunks ?? []) {
        const more = decoder.decode(chunk, { stream: true });
        this.text += more;
        const blocks = (rest + more).split('\n\n');
        rest = blocks.pop() ?? '';
        this.events.push(...blocks.filter((block) => block.includes('data:')).map(eventIn));
      }
      return 'ended';
    } catch {
      return 'cut';
    }
  }
}

function eventIn(block: string): Told {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const parsed: unknown = JSON.parse(field('data') ?? 'null');
  const data = typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  return { id: field('id'), data };
}
