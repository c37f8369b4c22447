/** What a client has received of the session it watches. */
export interface Figures {
  /** Pictures decoded; for a client without a decoder, packets of the picture received. */
  readonly videoFrames: number;
  readonly audioPackets: number;
  /** The SRTP profile as the client calls it; empty when it does not tell. */
  readonly srtp: string;
}

/** A real WebRTC stack that can publish by WHIP and watch by WHEP, one session each at a time. */
export interface Client {
  publish(url: string): Promise<void>;
  watch(url: string): Promise<void>;
  figures(): Promise<Figures>;
  /** Ends its sessions by DELETE. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** How a client is started; null when what it needs is not installed here. */
export interface ClientKind {
  readonly name: string;
  /** What it is, for the matrix. */
  readonly stack: string;
  /** What "received" means for it. */
  readonly proof: 'frames decoded' | 'packets received';
  start(pageAddress: string): Promise<Client | null>;
}

/** A session by HTTP: an offer for an answer, and the URL that ends it. */
export async function openSession(url: string, offer: string): Promise<{ answer: string; session: string }> {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: offer });
  const answer = await response.text();
  if (response.status !== 201) {
    throw new Error(`${url}: ${response.status} ${answer}`);
  }
  return { answer, session: new URL(response.headers.get('Location') ?? '', url).href };
}

/** Ends a session. */
export async function endSession(session: string): Promise<void> {
  await fetch(session, { method: 'DELETE' });
}
