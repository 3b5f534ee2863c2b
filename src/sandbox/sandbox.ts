import { mkdirSync } from 'node:fs';
import { compose, type WarehouseAddress } from './compose';
import { writeAwsConfig } from './profiles';
import { startServer } from './server';

export interface SandboxOptions {
  /** 0 picks a free one. */
  port: number;
  home: string;
  speed: number;
  /** The folder `media/sample`; without it there is no warehouse, no bucket and no project. */
  sample?: string;
  /** File that one JSON line per request is appended to. */
  record?: string;
  /** Called by `POST /_sandbox/stop`. */
  onStop?: () => void;
}

export interface Sandbox {
  url: string;
  port: number;
  /** AWS config file with one profile per account. */
  configFile: string;
  warehouse?: WarehouseAddress;
  projectFile?: string;
  /** Lets requests in flight finish and stops every part. */
  close(): Promise<void>;
}

/**
 * Starts the whole sandbox in this process.
 * @throws WarmstartError sandbox.port-in-use
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  mkdirSync(options.home, { recursive: true });
  const parts = await compose(options);
  try {
    const server = await startServer({ ...options, ...parts });
    return {
      url: server.url,
      port: server.port,
      configFile: writeAwsConfig(options.home, server.url),
      warehouse: parts.warehouse,
      projectFile: parts.projectFile,
      close: async () => {
        await server.close();
        await parts.close();
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
