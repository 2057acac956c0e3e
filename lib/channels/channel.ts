/** What is told, in whatever words and envelope a channel has. */
export interface Notice {
  /** The same at each attempt, so that a receiver recognises a repeat. */
  id: string;
  kind: 'firing' | 'resolved' | 'test';
  severity: 'warning' | 'critical';
  /** One line. */
  title: string;
  /** The details, a line each: what it is about, and what is known. */
  lines: [name: string, value: string][];
  /** The page; null where the service does not know its own address. */
  url: string | null;
  /** For programs. */
  data: Record<string, unknown>;
  at: Date;
}

/** Where notices go. */
export interface Channel {
  name: string;
  /** Below this nothing is sent. */
  min_severity: 'warning' | 'critical';
  /**
   * @returns what the receiver said, in a few words
   * @throws Undelivered
   */
  send(notice: Notice): Promise<string>;
  close(): void;
}

/** The receiver did not take it. The message names no address and no secret. */
export class Undelivered extends Error {
  override name = 'Undelivered';
}
