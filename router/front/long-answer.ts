import type { ServerResponse } from 'node:http';

export interface LongAnswerOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent first. */
  readonly opening: string;
  /** Sent whenever it was quiet for a while: keeps proxies from closing the connection, and shows whether the client is still there. */
  readonly heartbeat: string;
  readonly heartbeatMs: number;
  /** The client is gone, or it is over. */
  readonly closed: () => void;
}

/** An HTTP answer that goes on for as long as there is something to tell. */
export class LongAnswer {
  readonly #response: ServerResponse;
  readonly #options: LongAnswerOptions;
  readonly #beats: NodeJS.Timeout;
  readonly #waiting: (() => void)[] = [];
  #quiet = false;
  #stuckSince: number | undefined;

  constructor(response: ServerResponse, options: LongAnswerOptions) {
    this.#response = response;
    this.#options = options;
    response.once('close', () => {
      clearInterval(this.#beats);
      this.#goOn();
      options.closed();
    });
    response.on('drain', () => this.#goOn());
    response.writeHead(200, { ...options.headers, 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.write(options.opening);
    this.#beats = setInterval(() => this.#beat(), options.heartbeatMs);
  }

  /** Resolves once the client takes more, or is gone. */
  async write(text: string): Promise<void> {
    this.#quiet = false;
    if (this.#response.writableEnded || this.#response.destroyed || this.#response.write(text)) return;
    this.#stuckSince ??= performance.now();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  end(text: string): void {
    if (!this.#response.writableEnded) this.#response.end(text);
    clearInterval(this.#beats);
  }

  #goOn(): void {
    this.#stuckSince = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #beat(): void {
    const { heartbeat, heartbeatMs } = this.#options;
    if (this.#stuckSince !== undefined && performance.now() - this.#stuckSince > heartbeatMs) this.#response.destroy();
    else if (this.#quiet && this.#stuckSince === undefined) this.#response.write(heartbeat);
    this.#quiet = true;
  }
}
