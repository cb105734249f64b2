/** The members of Bun's TCP API that the benchmark uses; the checker runs without Bun's own types. */

export interface TcpSocket<Data> {
  data: Data;
  /** Bytes taken, which may be fewer than all: then `drain` tells when to go on. */
  write(bytes: Uint8Array): number;
  terminate(): void;
}

export interface TcpHandlers<Data> {
  open?(socket: TcpSocket<Data>): void;
  data(socket: TcpSocket<Data>, chunk: Uint8Array): void;
  drain?(socket: TcpSocket<Data>): void;
  close?(socket: TcpSocket<Data>): void;
  error?(socket: TcpSocket<Data>, error: Error): void;
}

interface TcpAddress {
  readonly hostname: string;
  readonly port: number;
}

interface BunTcp {
  /** Rejects where the connection is refused. */
  connect<Data>(
    options: TcpAddress & {
      /** The address to connect from. */
      readonly localAddress?: string;
      readonly data: Data;
      readonly socket: TcpHandlers<Data>;
    },
  ): Promise<TcpSocket<Data>>;
  listen<Data>(
    options: TcpAddress & { readonly socket: TcpHandlers<Data> },
  ): { readonly port: number };
}

declare const Bun: BunTcp;

/** Raw sockets with the least between them and the system. */
export function bunTcp(): BunTcp {
  return Bun;
}
