import { CloseCodes, ownSeat } from '@dais/client';
import type { DaisClient, Device, Room, RoomCloseReason, RoomState, Seat, User } from '@dais/client';
import type { BanReason, ClientEvents } from './clientEvents.js';
import { takeRole, type Role } from './entering.js';
import type { EventHub } from './eventHub.js';
import type { LocalStream } from './localStream.js';
import { RemotePeers } from './remotePeers.js';
import { RtcError, rtcErrorOf } from './rtcError.js';
import type { World } from './world.js';

interface Ban {
  reason: BanReason;
  message: string;
}

const bansByCloseCode: Readonly<Record<number, Ban>> = {
  [CloseCodes.replaced]: { reason: 'kick', message: 'The same user has come into the room once more.' },
  [CloseCodes.kicked]: { reason: 'banned', message: 'A host or admin has removed the user.' },
  [CloseCodes.roomEnded]: { reason: 'room-disband', message: 'The room has ended.' },
};

/** A client's stay in a room: from the moment it is in until it leaves, or is sent away. */
export class Stay {
  readonly peers: RemotePeers;
  readonly #stopFollowing: () => void;
  #published: LocalStream | null = null;
  #seat: Seat | null;
  #isAnnounced = false;
  /** Why it ended, for calls that were under way. */
  #ban: Ban | null = null;

  constructor(
    readonly dais: DaisClient,
    readonly room: Room,
    private readonly hub: EventHub<ClientEvents>,
    world: World,
    autoSubscribe: boolean,
    private readonly onOver: () => void,
  ) {
    this.peers = new RemotePeers(world, room, hub, autoSubscribe);
    this.#seat = ownSeat(room.state.get());
    this.#stopFollowing = room.state.subscribe((state) => this.#onState(state));
  }

  get role(): Role {
    return ownSeat(this.room.state.get()) === null ? 'audience' : 'anchor';
  }

  get published(): LocalStream | null {
    return this.#published;
  }

  /** Members who are not on stage, latest first. */
  get audience(): User[] {
    const { audience, seats } = this.room.state.get();
    return audience.filter(({ userId }) => seats.every(({ user }) => user?.userId !== userId));
  }

  /** Tells of everyone who is there, and of all that happens from here on. */
  announce(): void {
    if (this.room.state.get().closed === null) {
      this.#isAnnounced = true;
      this.peers.update(this.room.state.get().stage, true);
    }
  }

  async publish(stream: LocalStream): Promise<void> {
    this.#published = stream;
    try {
      await stream.initialize();
      const publication = await this.room.publish(stream.media());
      await stream.attach(publication);
    } catch (thrown) {
      await this.unpublish().catch(() => undefined);
      throw thrown;
    }
  }

  async unpublish(): Promise<void> {
    this.#letGo();
    if (this.room.state.get().closed === null) {
      await this.room.unpublish();
    }
  }

  async takeRole(role: Role): Promise<void> {
    if (role === 'audience') {
      this.#letGo();
    }
    await takeRole(this.room, role);
  }

  /**
   * Leaves. Whoever started the room and leaves nobody on stage behind ends it, as the last anchor does; with others on
   * stage it lives on for as long as the server waits for its owner.
   */
  async leave(): Promise<void> {
    const { role, stage, closed } = this.room.state.get();
    const isLast = stage.every(({ user, roomId }) => roomId !== this.room.roomId || user.userId === this.#selfId);
    this.#end();
    if (closed === null) {
      // However the server answers, this client is out: its connection ends here.
      await (role === 'host' && isLast ? this.room.end() : this.room.leave()).catch(() => undefined);
    }
    this.dais.close();
  }

  /** An error of something that was done in this room. */
  errorOf(thrown: unknown, otherwise: Parameters<typeof rtcErrorOf>[1]): RtcError {
    return this.#ban === null ? rtcErrorOf(thrown, otherwise) : new RtcError('CLIENT_BANNED', this.#ban.message);
  }

  get #selfId(): string {
    return this.room.state.get().selfId;
  }

  #onState(state: RoomState): void {
    if (state.closed !== null) {
      this.#onClosed(state.closed);
      return;
    }
    this.#followOwnSeat(ownSeat(state));
    if (this.#isAnnounced) {
      this.peers.update(state.stage);
    }
  }

  #onClosed(reason: RoomCloseReason): void {
    this.#ban = this.#banOf(reason);
    this.#end();
    this.onOver();
    // The client that tells of this is in the middle of it.
    queueMicrotask(() => this.dais.close());
    if (this.#ban !== null) {
      this.hub.emit('client-banned', this.#ban);
    } else {
      const error = this.dais.lastError.get();
      const isToken = error !== null && ['badToken', 'tokenExpired'].includes(error.name);
      const code = isToken || error?.code === CloseCodes.unauthorized ? 'SIGNAL_CHANNEL_RECONNECTION_FAILED' : null;
      const message = error?.message ?? 'The connection was closed.';
      this.hub.emit('error', new RtcError(code ?? 'SIGNAL_CHANNEL_ERROR', message, { extraCode: error?.code ?? 0 }));
    }
  }

  #banOf(reason: RoomCloseReason): Ban | null {
    switch (reason) {
      case 'kicked':
        return bansByCloseCode[CloseCodes.kicked] ?? null;
      case 'connectionClosed':
        return bansByCloseCode[this.dais.lastError.get()?.code ?? 0] ?? null;
      case 'left':
        return null;
      default:
        return bansByCloseCode[CloseCodes.roomEnded] ?? null;
    }
  }

  /** The server tells states, not orders: what is switched off while it is sent can only be another's doing. */
  #followOwnSeat(seat: Seat | null): void {
    const before = this.#seat;
    this.#seat = seat;
    if (before !== null && seat === null && this.#published !== null) {
      this.unpublish().catch(() => undefined);
      this.hub.emit('error', new RtcError('INVALID_OPERATION', 'You are no longer on stage: nothing is published.'));
    }
    for (const device of ['microphone', 'camera'] as const) {
      if (before?.[device] === 'on' && seat !== null && seat[device] !== 'on' && this.#isSending(device)) {
        const stream = this.#published;
        const isMuted = device === 'microphone' ? stream?.muteAudio() : stream?.muteVideo();
        if (isMuted === true) {
          const message = `A host or admin has switched your ${device} off.`;
          this.hub.emit('error', new RtcError('INVALID_OPERATION', message));
        }
      }
    }
  }

  #isSending(device: Device): boolean {
    const { publication } = this.room;
    return publication?.status.get() === 'connected' && !publication.muted.get()[device];
  }

  #letGo(): void {
    const { publication } = this.room;
    if (publication !== null) {
      this.#published?.detach(publication);
    }
    this.#published = null;
  }

  #end(): void {
    this.#stopFollowing();
    this.#letGo();
    this.peers.close();
    this.hub.forgetKept();
  }
}
