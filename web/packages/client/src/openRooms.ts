import { retryDelayMs } from './connectionState.js';
import type { Environment } from './environment.js';
import { LiveError } from './liveError.js';
import type { MediaOccasion } from './media/mediaState.js';
import { Subscription } from './media/subscription.js';
import { PreparedRooms } from './preparedRooms.js';
import type { PreparedRoom } from './preparedRooms.js';
import type { MediaLayersWantedParams, RoomSnapshot, RoomSyncParams } from './protocol.gen.js';
import { Room } from './room.js';
import { RoomFeed } from './roomFeed.js';
import type { RoomCloseReason, RoomEvent } from './roomState.js';
import type { Method, Notification, Params, Result } from './rpc.js';

export interface OpenRoomsOptions {
  environment: Environment;
  /** Slots of every subscription. */
  slots: number;
  call: <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>;
  iceServers: () => RTCIceServer[];
  selfId: () => string;
}

interface Entry {
  readonly room: Room;
  readonly feed: RoomFeed;
  /** How often joining again has begun: only the last one counts. */
  rejoins: number;
}

/** The rooms a client is in: how it gets in, gets in again after a lost connection, and what it hears of them. */
export class OpenRooms {
  readonly #entries = new Map<string, Entry>();
  readonly #entering = new Map<string, Promise<Room>>();
  /** Notifications of rooms whose snapshot is on its way. */
  readonly #held = new Map<string, Notification[]>();

  readonly #prepared: PreparedRooms;

  constructor(private readonly options: OpenRoomsOptions) {
    const { environment, call } = options;
    this.#prepared = new PreparedRooms({ environment, call, subscriptionOf: (roomId) => this.#subscriptionOf(roomId) });
  }

  get rooms(): readonly Room[] {
    return [...this.#entries.values()].map(({ room }) => room);
  }

  start(params: Params<'room.start'>): Promise<Room> {
    this.#prepared.drop(params.roomId);
    return this.#once(params.roomId, async (subscription) => {
      await this.#enter(params.roomId, subscription, () => this.options.call('room.start', params));
      await subscription.start();
    });
  }

  join(roomId: string): Promise<Room> {
    const prepared = this.#prepared.take(roomId);
    return prepared === null
      ? this.#once(roomId, (subscription) => this.#joinWith(roomId, subscription))
      : this.#once(roomId, () => this.#joinPrepared(roomId, prepared), prepared.subscription);
  }

  /** Opens the media path of a room ahead of joining it; tells whether that is done. */
  async prepare(roomId: string): Promise<boolean> {
    const isHere = this.#entries.has(roomId) || this.#entering.has(roomId);
    return isHere || this.#prepared.prepare(roomId);
  }

  /** The streams of a prepared room; none when nothing is prepared. */
  preparedStreams(roomId: string): readonly MediaStream[] {
    return this.#prepared.streamsOf(roomId);
  }

  /** Lets go of what was prepared for a room, or, without one, for all. */
  dropPrepared(roomId?: string): void {
    if (roomId === undefined) {
      this.#prepared.dropAll();
    } else {
      this.#prepared.drop(roomId);
    }
  }

  /** The last event known of each room. */
  seqs(): Record<string, number> {
    return Object.fromEntries([...this.#entries].map(([roomId, { feed }]) => [roomId, feed.state.get().seq]));
  }

  /** Lets media paths that are broken, or may be, repair themselves now. */
  recoverMedia(occasion: MediaOccasion): void {
    this.#prepared.dropAll();
    for (const { room } of this.#entries.values()) {
      room.subscription.recover(occasion);
      room.publication?.recover(occasion);
    }
  }

  /** Joins every room again: what was missed comes with the snapshots, the media paths are made anew. */
  rejoinAll(): void {
    for (const entry of this.#entries.values()) {
      void this.#rejoin(entry, 0);
    }
  }

  #sync({ roomId, seq, room }: RoomSyncParams): void {
    const entry = this.#entries.get(roomId);
    if (room !== null) {
      entry?.feed.replace(room, seq, this.options.selfId());
      entry?.room.catchUp();
    } else if (entry !== undefined) {
      // The place was lost while the connection was: the way back is to join again.
      void this.#rejoin(entry, 0);
    }
  }

  /** Takes a notification of the server. */
  receive(notification: Notification): void {
    const { roomId } = notification.params as { roomId: string };
    const held = this.#held.get(roomId);
    if (held !== undefined) {
      held.push(notification);
      return;
    }
    if (notification.method === 'room.event') {
      this.#entries.get(roomId)?.feed.apply(notification.params as RoomEvent);
    } else if (notification.method === 'room.sync') {
      this.#sync(notification.params as RoomSyncParams);
    } else if (notification.method === 'media.layersWanted') {
      const { rids } = notification.params as MediaLayersWantedParams;
      this.#entries.get(roomId)?.room.publication?.setWantedLayers(rids);
    }
  }

  closeAll(reason: RoomCloseReason): void {
    for (const room of this.rooms) {
      room.close(reason);
    }
  }

  /** Gets into a room unless this client is in it, or on its way in, already. */
  #once(
    roomId: string,
    enter: (subscription: Subscription) => Promise<void>,
    prepared?: Subscription,
  ): Promise<Room> {
    const existing = this.#entries.get(roomId);
    if (existing !== undefined) {
      return Promise.resolve(existing.room);
    }
    const entering = this.#entering.get(roomId) ?? this.#enterNew(roomId, enter, prepared);
    this.#entering.set(roomId, entering);
    return entering;
  }

  async #enterNew(
    roomId: string,
    enter: (subscription: Subscription) => Promise<void>,
    prepared?: Subscription,
  ): Promise<Room> {
    const subscription = prepared ?? this.#subscriptionOf(roomId);
    try {
      await enter(subscription);
      const entry = this.#entries.get(roomId);
      if (entry === undefined) {
        throw LiveError.local('roomClosed', 'The room was over before its media was ready.');
      }
      return entry.room;
    } catch (error) {
      subscription.close();
      // In the room, but without its stage: back out, so that another try starts afresh.
      this.#entries.get(roomId)?.room.leave().catch(() => undefined);
      throw error;
    } finally {
      this.#entering.delete(roomId);
    }
  }

  #joinWith(roomId: string, subscription: Subscription): Promise<void> {
    return subscription.start(async (offer) => {
      const { answer } = await this.#enter(roomId, subscription, () =>
        this.options.call('room.join', { roomId, offer }),
      );
      if (answer === undefined || answer === null) {
        throw LiveError.local('badAnswer', 'The server joined the room but did not answer the offer.');
      }
      return answer;
    });
  }

  /** Joins by what was prepared; when the server has it no more, the stage is subscribed to anew. */
  async #joinPrepared(roomId: string, { subscription, asked }: PreparedRoom): Promise<void> {
    await asked;
    const { prepared } = await this.#enter(roomId, subscription, () => this.options.call('room.join', { roomId }));
    if (prepared !== true) {
      await subscription.start();
    }
  }

  /** Asks to be let in; what happens in the room meanwhile is held back until its snapshot is here. */
  async #enter<T extends { room: RoomSnapshot; seq: number }>(
    roomId: string,
    subscription: Subscription,
    request: () => Promise<T>,
  ): Promise<T> {
    this.#held.set(roomId, []);
    try {
      const result = await request();
      const selfId = this.options.selfId();
      const known = this.#entries.get(roomId);
      if (known !== undefined) {
        known.feed.replace(result.room, result.seq, selfId);
        known.room.catchUp();
      } else if (subscription.status.get() !== 'closed') {
        this.#add(roomId, new RoomFeed(result.room, result.seq, selfId), subscription);
      }
      return result;
    } finally {
      const held = this.#held.get(roomId) ?? [];
      this.#held.delete(roomId);
      for (const notification of held) {
        this.receive(notification);
      }
    }
  }

  #add(roomId: string, feed: RoomFeed, subscription: Subscription): void {
    const room = new Room(
      {
        environment: this.options.environment,
        call: this.options.call,
        iceServers: this.options.iceServers,
        forget: () => this.#entries.delete(roomId),
      },
      feed,
      subscription,
    );
    this.#entries.set(roomId, { room, feed, rejoins: 0 });
  }

  async #rejoin(entry: Entry, attempt: number): Promise<void> {
    const { room } = entry;
    const { roomId } = room;
    entry.rejoins += 1;
    const turn = entry.rejoins;
    const isOutdated = (): boolean => this.#entries.get(roomId) !== entry || entry.rejoins !== turn;
    try {
      await this.#joinWith(roomId, room.subscription);
    } catch (thrown) {
      const error = LiveError.from(thrown);
      if (isOutdated() || error.name === 'notConnected' || error.name === 'connectionLost') {
        // The room is over, or the next session will try again.
        return;
      }
      if (!error.retryable) {
        room.close('gone');
        return;
      }
      const delayMs = retryDelayMs(attempt, this.options.environment.random());
      this.options.environment.startTimer(() => {
        if (!isOutdated()) {
          void this.#rejoin(entry, attempt + 1);
        }
      }, delayMs);
      return;
    }
    // A refused publication shows in its status; the room is joined all the same.
    await room.publication?.start().catch(() => undefined);
  }

  #subscriptionOf(roomId: string): Subscription {
    const { environment, slots, iceServers, call } = this.options;
    return new Subscription(environment, {
      slots,
      iceServers,
      negotiate: async (offer) => {
        const method = this.#entries.has(roomId) ? 'media.subscribe' : 'media.prepare';
        return (await call(method, { roomId, offer })).answer;
      },
    });
  }
}
