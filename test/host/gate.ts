import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between the extension and the sandbox: holds answers back, or answers itself. */
export class Gate {
  /** Requests of these access keys wait until {@link release}. */
  readonly #held = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  /** The body of an STS-like refusal that every request gets. */
  #refusal: { code: string; message: string } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async start(target: string): Promise<Gate> {
    const server = createServer((incoming, outgoing) => void gate.#pass(incoming, outgoing));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const gate = new Gate(server, new URL(target));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  hold(accessKeyId: string): void {
    this.#held.add(accessKeyId);
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  release(): void {
    this.#held.clear();
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Answers everything with this error, as STS and SageMaker write it; undefined passes requests on again. */
  refuse(refusal: { code: string; message: string } | undefined): void {
    this.#refusal = refusal;
  }

  async stop(): Promise<void> {
    this.release();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const authorization = incoming.headers.authorization ?? '';
    if ([...this.#held].some((key) => authorization.includes(key)))
      await new Promise<void>((go) => this.#waiting.push(go));
    if (this.#refusal) return answer(incoming, outgoing, this.#refusal);
    const { hostname, port } = this.target;
    // The Host header is signed, so it goes on as it came.
    const onward = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}

function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { code, message }: { code: string; message: string },
): void {
  incoming.resume();
  if ((incoming.headers['x-amz-target'] ?? '') !== '') {
    outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify({ __type: code, message }));
    return;
  }
  outgoing.writeHead(403, { 'content-type': 'text/xml' });
  outgoing.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}
