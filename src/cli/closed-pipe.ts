/** Windows names what was closed at the other end differently (ERROR_BROKEN_PIPE is EOF to libuv). */
const closed = new Set<unknown>(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

interface Stream {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && closed.has(error.code);
}

/**
 * Whoever reads may stop reading, as `head -1` does. What is written from then on goes nowhere, and that is no fault: Node
 * would end with a stack trace where other tools are ended by SIGPIPE, which Windows does not have.
 */
export function tolerateClosedPipes(streams: readonly Stream[]): void {
  for (const stream of streams) {
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
    });
  }
}

/** Calls back when nobody reads the stream any more. Returns what ends that. */
export function onClosedPipe(stream: Stream, then: () => void): () => void {
  const listener = (error: Error) => {
    if (isClosedPipe(error)) then();
  };
  stream.on('error', listener);
  return () => {
    stream.off('error', listener);
  };
}
