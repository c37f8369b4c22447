/** A live room in the operator's list. */
export interface RoomRow {
  readonly roomId: string;
  readonly name: string;
  readonly owner: { readonly userId: string; readonly userName: string };
  readonly createdAt: number;
  readonly phase: 'live' | 'hostAway';
  readonly maxSeats: number;
  readonly seatsTaken?: number;
  readonly audienceCount: number;
  readonly isPublic: boolean;
}

/** Rooms that are connected. */
export interface ConnectionRow {
  readonly connectionId: string;
  readonly members: readonly { readonly roomId: string; readonly host: { readonly userName: string } }[];
}

/** A webhook endpoint. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly fromSettings: boolean;
  readonly parked: number;
}

/** How one try to deliver ended. */
export interface TryResult {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly failure: string | null;
  readonly durationMs: number;
}

/** What an endpoint was sent lately, and what was given up. */
export interface Deliveries {
  readonly recent: readonly {
    readonly noticeId: string;
    readonly eventType: number;
    readonly roomId: string;
    readonly at: number;
    readonly failures: number;
    readonly result: TryResult;
  }[];
  readonly parked: readonly {
    readonly noticeId: string;
    readonly eventType: number;
    readonly roomId: string;
    readonly parkedAt: number;
    readonly failure: string;
  }[];
  readonly parkedCount: number;
}

/** What became of a redelivery. */
export interface Redelivered {
  readonly delivered: number;
  readonly remaining: number;
  readonly last: TryResult | null;
}

/** A refusal of the server (RFC 9457), or that there was no answer: status 0. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
    this.name = 'ApiProblem';
  }

  /** Whether the token is not good, or not for this. */
  get isAboutToken(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** What the operator's page asks the server. */
export interface OperatorApi {
  /** Every live room, newest first; at most a thousand. */
  rooms: () => Promise<readonly RoomRow[]>;
  connections: () => Promise<readonly ConnectionRow[]>;
  webhooks: () => Promise<readonly WebhookRow[]>;
  deliveries: (webhookId: string) => Promise<Deliveries>;
  /** Sends one parked notice again, or all of an endpoint. */
  redeliver: (webhookId: string, noticeId?: string) => Promise<Redelivered>;
  /** The metrics, as text. */
  metrics: () => Promise<string>;
}

const roomPagesMax = 10;

/** Calls of the server's API over HTTP with an access token of the role `server`. */
export function createOperatorApi(token: string, send: typeof fetch = fetch): OperatorApi {
  async function call(path: string, method: 'GET' | 'POST' = 'GET'): Promise<Response> {
    let response: Response;
    try {
      response = await send(path, { method, headers: { authorization: `Bearer ${token}` }, cache: 'no-store' });
    } catch {
      throw new ApiProblem(0, 'The server cannot be reached.', true);
    }
    if (!response.ok) {
      throw await problemOf(response);
    }
    return response;
  }

  const get = async <T>(path: string): Promise<T> => (await (await call(path)).json()) as T;
  const of = (webhookId: string): string => `/v1/webhooks/${encodeURIComponent(webhookId)}`;

  return {
    rooms: async () => {
      const rooms: RoomRow[] = [];
      let cursor = '';
      for (let page = 0; page < roomPagesMax; page++) {
        const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer = await get<{ rooms: RoomRow[]; cursor: string }>(`/v1/rooms?count=100${query}`);
        rooms.push(...answer.rooms);
        cursor = answer.cursor;
        if (cursor === '') {
          break;
        }
      }
      return rooms;
    },
    connections: async () => (await get<{ connections: ConnectionRow[] }>('/v1/connections')).connections,
    webhooks: async () => (await get<{ webhooks: WebhookRow[] }>('/v1/webhooks')).webhooks,
    deliveries: (webhookId) => get<Deliveries>(`${of(webhookId)}/deliveries`),
    redeliver: async (webhookId, noticeId) => {
      const one = noticeId === undefined ? '' : `/${encodeURIComponent(noticeId)}`;
      return (await (await call(`${of(webhookId)}/deliveries${one}/redeliver`, 'POST')).json()) as Redelivered;
    },
    metrics: async () => (await call('/metrics')).text(),
  };
}

async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const { title, detail, retryable } = (await response.json()) as Record<string, unknown>;
    const sentence = [title, detail].filter((part) => typeof part === 'string' && part !== '').join('. ');
    return new ApiProblem(response.status, sentence || `The server answered ${response.status}.`, retryable === true);
  } catch {
    // Something else answered, a proxy for one.
    return new ApiProblem(response.status, `The server answered ${response.status}.`, response.status >= 500);
  }
}
