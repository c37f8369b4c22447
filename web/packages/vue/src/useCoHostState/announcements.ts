import type { Room, RoomHost } from '@dais/client';
import {
  isOwn,
  toldOfCrossing,
  toldOfJoiners,
  toldOfLeavers,
  toldOfRequest,
  toldOfRequestEnd,
  type Told,
} from './wording';

/**
 * Tells what happens between the hosts of one live and others: after the state has changed, each request's end once,
 * and of a request that was accepted first that, then who joined.
 */
export class Announcements {
  /** The lives that are being asked: whether each request is new or meets the other's is not known yet. */
  readonly #asking = new Set<string>();
  /** Who has joined while a request to them is open: its end is to be told first. */
  #joinedByRequest: readonly RoomHost[] = [];

  constructor(
    private readonly room: Room,
    private readonly raise: (told: Told) => void,
  ) {
    room.on('coHost.requested', (data) => {
      if (isOwn(data.request, room.state.get())) {
        this.#asking.delete(data.request.to.roomId);
      }
      this.#tell(toldOfRequest(data, room.state.get()));
    });
    room.on('coHost.requestEnded', (ended) => {
      const isCrossing = ended.outcome === 'accepted' && this.#asking.delete(ended.request.from.roomId);
      const state = room.state.get();
      this.#tell(isCrossing ? toldOfCrossing(ended, state) : toldOfRequestEnd(ended, state));
      this.#tellWhoJoined();
    });
    room.on('coHost.changed', ({ joined, left }) => {
      this.#joinedByRequest = [...this.#joinedByRequest, ...joined];
      if (!this.#joinedByRequest.some(({ roomId }) => this.#isAsked(roomId))) {
        this.#tellWhoJoined();
      }
      toldOfLeavers(left, room.state.get()).forEach((told) => this.raise(told));
    });
  }

  /** Live `roomId` is about to be asked. */
  asking(roomId: string): void {
    this.#asking.add(roomId);
  }

  /** It was not asked after all, or is being answered instead. */
  notAsking(roomId: string): void {
    this.#asking.delete(roomId);
  }

  /** Whether the acceptance of a request to this live is still to be told. */
  #isAsked(roomId: string): boolean {
    const { sentHostRequests, receivedHostRequests } = this.room.state.get();
    return (
      sentHostRequests.some(({ to }) => to.roomId === roomId) ||
      (this.#asking.has(roomId) && receivedHostRequests.some(({ from }) => from.roomId === roomId))
    );
  }

  /** Tells who has joined, except those of whom it is to be told first that they accepted. */
  #tellWhoJoined(): void {
    const joined = this.#joinedByRequest.filter(({ roomId }) => !this.#isAsked(roomId));
    this.#joinedByRequest = this.#joinedByRequest.filter(({ roomId }) => this.#isAsked(roomId));
    toldOfJoiners(joined, this.room.state.get()).forEach((told) => this.raise(told));
  }

  #tell(told: Told | null): void {
    if (told !== null) {
      this.raise(told);
    }
  }
}
