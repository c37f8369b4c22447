import type { Environment } from './environment.js';
import { LiveError } from './liveError.js';
import { Publication } from './media/publication.js';
import type { Subscription } from './media/subscription.js';
import type {
  DeviceOrder,
  RoomEvents,
  RoomMessage,
  SeatLeaver,
  SeatMode,
  SlotWish,
  StageEntry,
} from './protocol.gen.js';
import type { RoomFeed } from './roomFeed.js';
import { ownSeat } from './roomState.js';
import type { RoomCloseReason, RoomEvent, RoomEventType, RoomState } from './roomState.js';
import type { Method, Params, Result } from './rpc.js';
import type { ReadonlyStore } from './store.js';

/** What a room needs of the client it belongs to. */
export interface RoomHome {
  readonly environment: Environment;
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  iceServers(): RTCIceServer[];
  /** The room is closed and needs no more events. */
  forget(room: Room): void;
}

/** A room this client is in. */
export class Room {
  #publication: Publication | null = null;
  #released = false;
  #followsMessages = false;
  /** What was last wished for each slot, for a subscription that has to be made anew. */
  readonly #wishes = new Map<number, SlotWish>();

  constructor(
    private readonly home: RoomHome,
    private readonly feed: RoomFeed,
    /** Receives the stage. */
    readonly subscription: Subscription,
  ) {
    feed.on('message', () => {
      this.#followsMessages = true;
    });
    feed.on('seat.changed', ({ left }) => this.#stopSendingOffStage(left));
    feed.on('room.ended', () => this.#letGoWhenClosed());
    feed.on('audience.left', () => this.#letGoWhenClosed());
    subscription.status.subscribe((status) => {
      if (status === 'connected') {
        this.#sendWishes([...this.#wishes.values()]).catch(() => undefined);
      }
    });
  }

  get roomId(): string {
    return this.state.get().roomId;
  }

  /** The room as it is now. Once the room is over for this client, `closed` in it says why. */
  get state(): ReadonlyStore<RoomState> {
    return this.feed.state;
  }

  /** Sends this user's camera and microphone; null while nothing is sent. */
  get publication(): Publication | null {
    return this.#publication;
  }

  /** Calls `handler` for every later event of this type, after the state has changed. */
  on<T extends RoomEventType>(type: T, handler: (data: RoomEvents[T], event: RoomEvent) => void): () => void {
    return this.feed.on(type, handler);
  }

  /** The stream that shows someone on stage; null when there are more people on stage than slots. */
  streamOf(entry: Pick<StageEntry, 'slot'>): MediaStream | null {
    return this.subscription.streams[entry.slot] ?? null;
  }

  /**
   * Says how this user sees some slots: in which height, in pixels of the screen (0: any), or not at all. No more than
   * that is sent; other slots stay as they were. It holds until it is said otherwise, also over lost connections.
   */
  async prefer(wishes: readonly SlotWish[]): Promise<void> {
    for (const wish of wishes) {
      this.#wishes.set(wish.slot, wish);
    }
    if (this.subscription.status.get() === 'connected') {
      await this.#sendWishes(wishes);
    }
  }

  /** Asks for a seat (default: any). `seated` tells whether no host had to agree. `timeout` in seconds, 0 = none. */
  applyForSeat(
    options: Omit<Params<'seat.apply'>, 'roomId'> = {},
  ): Promise<Result<'seat.apply'>> {
    return this.home.call('seat.apply', { roomId: this.roomId, ...options });
  }

  async cancelApplication(): Promise<void> {
    await this.home.call('seat.cancelApplication', { roomId: this.roomId });
  }

  async acceptApplication(userId: string): Promise<void> {
    await this.home.call('seat.acceptApplication', { roomId: this.roomId, userId });
  }

  async rejectApplication(userId: string): Promise<void> {
    await this.home.call('seat.rejectApplication', { roomId: this.roomId, userId });
  }

  /**
   * Asks a member to a seat (default: any). `seated` tells whether they had applied and so are on stage already.
   * `timeout` in seconds, 0 = none.
   */
  inviteToSeat(
    userId: string,
    options: Omit<Params<'seat.invite'>, 'roomId' | 'userId'> = {},
  ): Promise<Result<'seat.invite'>> {
    return this.home.call('seat.invite', { roomId: this.roomId, userId, ...options });
  }

  async cancelInvitation(userId: string): Promise<void> {
    await this.home.call('seat.cancelInvitation', { roomId: this.roomId, userId });
  }

  async acceptInvitation(): Promise<void> {
    await this.home.call('seat.acceptInvitation', { roomId: this.roomId });
  }

  async rejectInvitation(): Promise<void> {
    await this.home.call('seat.rejectInvitation', { roomId: this.roomId });
  }

  /** Sits down without asking: in free mode, or as host or admin. -1 = the lowest free seat. */
  async takeSeat(seatIndex: number): Promise<void> {
    await this.home.call('seat.take', { roomId: this.roomId, seatIndex });
  }

  async leaveSeat(): Promise<void> {
    await this.home.call('seat.leave', { roomId: this.roomId });
  }

  /** Takes a guest off the stage. */
  async kickFromSeat(userId: string): Promise<void> {
    await this.home.call('seat.kick', { roomId: this.roomId, userId });
  }

  /** Nobody is seated on a locked seat; who sits there already stays. */
  async lockSeat(seatIndex: number): Promise<void> {
    await this.home.call('seat.lock', { roomId: this.roomId, seatIndex });
  }

  async unlockSeat(seatIndex: number): Promise<void> {
    await this.home.call('seat.unlock', { roomId: this.roomId, seatIndex });
  }

  /** Moves this user (default) or someone else to another seat. `policy` says what happens to who sits there. */
  async moveSeat(
    seatIndex: number,
    options: Omit<Params<'seat.move'>, 'roomId' | 'seatIndex'> = {},
  ): Promise<void> {
    await this.home.call('seat.move', { roomId: this.roomId, seatIndex, ...options });
  }

  /** Switches devices of someone on stage off, locks or unlocks them. Nobody's device is ever switched on for them. */
  async setSeatDevice(userId: string, orders: { microphone?: DeviceOrder; camera?: DeviceOrder }): Promise<void> {
    await this.home.call('seat.setDevice', { roomId: this.roomId, userId, ...orders });
  }

  /** Changes how members come on stage from now on. */
  async setSeatMode(seatMode: SeatMode): Promise<void> {
    await this.home.call('seat.setMode', { roomId: this.roomId, seatMode });
  }

  /**
   * Asks the hosts of other rooms to connect with this one (host, admin). The answer says for each room what became of
   * it at once: 0 = asked, or, when that room had asked already, connected; `CoHostRequestResult` names the others.
   * `timeout` in seconds, 0 = none.
   */
  requestHostConnection(
    targetRoomIds: string[],
    options: Omit<Params<'coHost.request'>, 'roomId' | 'targetRoomIds'> = {},
  ): Promise<Result<'coHost.request'>> {
    return this.home.call('coHost.request', { roomId: this.roomId, targetRoomIds, ...options });
  }

  async cancelHostRequest(targetRoomId: string): Promise<void> {
    await this.home.call('coHost.cancel', { roomId: this.roomId, targetRoomId });
  }

  async acceptHostRequest(fromRoomId: string): Promise<void> {
    await this.home.call('coHost.accept', { roomId: this.roomId, fromRoomId });
  }

  async rejectHostRequest(fromRoomId: string): Promise<void> {
    await this.home.call('coHost.reject', { roomId: this.roomId, fromRoomId });
  }

  /** Takes this room out of its connection with others. */
  async exitHostConnection(): Promise<void> {
    await this.home.call('coHost.exit', { roomId: this.roomId });
  }

  /** A page of the rooms one can connect with; the answer's `cursor` gives the next, `""` ends. */
  listHostCandidates(cursor = ''): Promise<Result<'coHost.candidates'>> {
    return this.home.call('coHost.candidates', { roomId: this.roomId, cursor });
  }

  /** Silences a connected room for everybody in this one, or lets it be heard again. */
  async muteRemoteHost(remoteRoomId: string, muted: boolean): Promise<void> {
    await this.home.call('coHost.muteRemoteAudio', { roomId: this.roomId, remoteRoomId, muted });
  }

  /**
   * Sends camera and microphone from `stream`, which stays the caller's. Nobody receives it before this user is on
   * stage, so it may be prepared while an application is open.
   */
  async publish(stream: MediaStream): Promise<Publication> {
    if (this.state.get().closed !== null) {
      throw LiveError.local('roomClosed', 'The room is closed.');
    }
    this.#publication?.close();
    const roomId = this.roomId;
    const publication = new Publication(this.home.environment, stream, {
      iceServers: () => this.home.iceServers(),
      negotiate: async (offer) => (await this.home.call('media.publish', { roomId, offer })).answer,
      announceMuted: async (muted) => {
        await this.home.call('media.setMuted', { roomId, ...muted });
      },
    });
    this.#publication = publication;
    try {
      await publication.start();
    } catch (error) {
      this.#dropPublication(publication);
      throw error;
    }
    return publication;
  }

  async unpublish(): Promise<void> {
    if (this.#publication !== null) {
      this.#dropPublication(this.#publication);
      await this.home.call('media.unpublish', { roomId: this.roomId });
    }
  }

  /** Writes to everybody in the room, or to the members in `to`. */
  sendMessage(
    text: string,
    options: Omit<Params<'message.send'>, 'roomId' | 'kind' | 'text'> = {},
  ): Promise<Result<'message.send'>> {
    return this.home.call('message.send', { roomId: this.roomId, kind: 'text', text, ...options });
  }

  /** Sends something of the application's own to everybody in the room, or to the members in `to`. */
  sendCustomMessage(
    data: string,
    options: Omit<Params<'message.send'>, 'roomId' | 'kind' | 'text' | 'data'> = {},
  ): Promise<Result<'message.send'>> {
    return this.home.call('message.send', { roomId: this.roomId, kind: 'custom', data, ...options });
  }

  /** Messages the room still has: the latest `count` (default 50) before `beforeSeq` (default: all), in order. */
  async messageHistory(page: Omit<Params<'message.history'>, 'roomId'> = {}): Promise<RoomMessage[]> {
    return (await this.home.call('message.history', { roomId: this.roomId, ...page })).messages;
  }

  /** Puts the latest messages of the past into the state; from then on it misses none, whatever the connection does. */
  async loadMessages(): Promise<void> {
    this.#followsMessages = true;
    this.feed.addMessages(await this.messageHistory());
  }

  /** Forbids a member to write, or allows it again (host, admin). It holds when they leave and come back. */
  async setMessageDisabled(userId: string, disabled: boolean): Promise<void> {
    await this.home.call('audience.setMessageDisabled', { roomId: this.roomId, userId, disabled });
  }

  /** Changes what the others know of this user; null or an empty text removes a key. */
  async setPresence(state: Record<string, string | null>): Promise<void> {
    const values = Object.entries(state).map(([key, value]) => [key, value ?? '']);
    await this.home.call('presence.setState', { roomId: this.roomId, state: Object.fromEntries(values) });
  }

  /** What a member lets others know of them. */
  async getPresence(userId: string): Promise<Record<string, string>> {
    return (await this.home.call('presence.getState', { roomId: this.roomId, userId })).state;
  }

  /** A snapshot has come in the place of events: messages among them are asked for, if this room shows any. */
  catchUp(): void {
    if (this.#followsMessages) {
      // Without an answer the connection is lost again, and the next snapshot comes here.
      this.loadMessages().catch(() => undefined);
    }
  }

  /** Changes what the room shows; what is absent stays. */
  async update(changes: Omit<Params<'room.update'>, 'roomId'>): Promise<void> {
    await this.home.call('room.update', { roomId: this.roomId, ...changes });
  }

  /** A page of the members, latest first, with what they may do; the answer's `cursor` gives the next, `""` ends. */
  listAudience(page: Omit<Params<'audience.list'>, 'roomId'> = {}): Promise<Result<'audience.list'>> {
    return this.home.call('audience.list', { roomId: this.roomId, ...page });
  }

  /** Removes a member from the room. */
  async kickMember(userId: string): Promise<void> {
    await this.home.call('audience.kick', { roomId: this.roomId, userId });
  }

  async setAdmin(userId: string, isAdmin: boolean): Promise<void> {
    await this.home.call('audience.setAdmin', { roomId: this.roomId, userId, isAdmin });
  }

  /** Leaves the room. */
  async leave(): Promise<void> {
    const { roomId } = this;
    this.close('left');
    await this.home.call('room.leave', { roomId });
  }

  /** Ends the room for everyone. */
  async end(): Promise<void> {
    await this.home.call('room.end', { roomId: this.roomId });
    this.close('host');
  }

  /** Lets go of everything on this side, without telling the server. */
  close(reason: RoomCloseReason): void {
    this.feed.close(reason);
    if (this.#released) {
      return;
    }
    this.#released = true;
    this.subscription.close();
    if (this.#publication !== null) {
      this.#dropPublication(this.#publication);
    }
    this.home.forget(this);
  }

  async #sendWishes(wishes: readonly SlotWish[]): Promise<void> {
    if (wishes.length > 0 && this.state.get().closed === null) {
      await this.home.call('media.prefer', { roomId: this.roomId, slots: [...wishes] });
    }
  }

  #letGoWhenClosed(): void {
    const { closed } = this.state.get();
    if (closed !== null) {
      this.close(closed);
    }
  }

  #dropPublication(publication: Publication): void {
    publication.close();
    if (this.#publication === publication) {
      this.#publication = null;
    }
  }

  /** Whoever has left the stage sends nothing any more, whatever the application does. */
  #stopSendingOffStage(left: readonly SeatLeaver[]): void {
    const state = this.state.get();
    if (left.some(({ user }) => user.userId === state.selfId) && ownSeat(state) === null) {
      // The server has closed the gate already; its answer changes nothing here.
      this.unpublish().catch(() => undefined);
    }
  }
}
