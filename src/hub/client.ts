import type { Connection } from "./connection.ts";

/** Who a connection belongs to, as far as others may know. */
export interface Identity {
  readonly clientId: string;
  /** The account behind it; absent for an anonymous client. */
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
}

/** Somebody who is connected, once or several times. */
export class Client {
  readonly identity: Identity;
  /** The client's open connections, oldest first. */
  readonly connections: Connection[] = [];

  constructor(identity: Identity) {
    this.identity = identity;
  }

  get id(): string {
    return this.identity.clientId;
  }
}
