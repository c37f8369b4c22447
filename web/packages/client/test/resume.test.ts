import { describe, expect, it } from 'vitest';
import { DaisClient } from '../src/daisClient.js';
import type { RoomSnapshot } from '../src/protocol.gen.js';
import type { Room } from '../src/room.js';
import { reduceRoom, roomStateOf } from '../src/roomState.js';
import type { RoomEvent, RoomEventType, RoomState } from '../src/roomState.js';
import { settle } from './fakes/fakeTimers.js';
import { FakeWorld } from './fakes/fakeWorld.js';
import { application, seat, snapshot, stageEntry, user } from './fakes/rooms.js';

/** The connection is cut at random points of a random script; what the client knows in the end is compared. */

const roundCount = 300;
const stepsPerRound = 60;

/** Small and good enough chance from a seed (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A server with one room, which holds only the latest events, and loses what is under way when a connection is cut. */
class ScriptedRoom {
  /** What is true: the room as somebody sees it who never lost a connection. */
  truth: RoomState = roomStateOf(snapshot(), 10, 'guest');
  /** Sequence numbers of the events that happened. */
  readonly happened: number[] = [];
  /** Up to where a snapshot has told the client, so that events may be missing: the client's seqs then. */
  readonly syncedUpTo: { from: number; to: number }[] = [];
  #held: RoomEvent[] = [];
  #firstHeld = 11;
  #isOpen = false;
  #knowsSession = true;

  constructor(
    private readonly world: FakeWorld,
    private readonly chance: () => number,
  ) {
    const { server } = world;
    server.on('session.open', ({ resume }) => {
      const resumed = resume !== undefined && this.#knowsSession;
      this.#knowsSession = true;
      this.#isOpen = resumed;
      if (resumed) {
        queueMicrotask(() => this.#catchUp(resume.seqs?.['room'] ?? 0));
      }
      return {
        sessionId: 'session',
        resumeKey: 'key',
        resumed,
        userId: 'guest',
        userName: 'Guest',
        serverTime: 0,
        pingSeconds: 20,
        graceSeconds: 10,
        developmentMode: true,
        iceServers: [],
      };
    });
    server.on('room.join', ({ offer }) => {
      this.#isOpen = true;
      this.syncedUpTo.push({ from: 0, to: this.truth.seq });
      return { room: this.#snapshot(), seq: this.truth.seq, answer: `answer to ${offer}` };
    });
    server.on('media.subscribe', ({ offer }) => ({ answer: `answer to ${offer}` }));
  }

  /** One event, which the client gets if it has a connection. */
  step(): void {
    const gap = this.chance() < 0.3 ? 2 : 1;
    const event = { roomId: 'room', seq: this.truth.seq + gap, at: 0, ...this.#anything() } as RoomEvent;
    this.truth = reduceRoom(this.truth, event);
    this.happened.push(event.seq);
    this.#held.push(event);
    while (this.#held.length > 8) {
      this.#firstHeld = (this.#held.shift()?.seq ?? 0) + 1;
    }
    if (this.#isOpen) {
      this.world.server.notify('room.event', event);
    }
  }

  /** The connection is gone: some of the last events never arrived. */
  async cut(client: DaisClient): Promise<void> {
    const { socket } = this.world.server;
    if (this.chance() < 0.5) {
      // The server still sends, into nothing.
      socket.onmessage = null;
      for (let lost = 0; lost < 4; lost++) {
        this.step();
      }
    }
    this.#isOpen = false;
    this.#knowsSession = this.chance() < 0.9;
    socket.end(1006);
    while (client.status.get() !== 'open') {
      if (this.chance() < 0.5) {
        this.step();
      }
      const before = this.world.server.sockets.length;
      await this.world.timers.advance(400);
      if (this.world.server.sockets.length > before) {
        this.world.server.socket.open();
      } else if (client.status.get() === 'connecting' && this.chance() < 0.7) {
        this.world.server.socket.open();
      }
      await settle();
    }
  }

  #catchUp(seq: number): void {
    if (seq + 1 < this.#firstHeld) {
      this.syncedUpTo.push({ from: seq, to: this.truth.seq });
      this.world.server.notify('room.sync', { roomId: 'room', seq: this.truth.seq, room: this.#snapshot() });
      return;
    }
    for (const event of this.#held.filter((held) => held.seq > seq)) {
      this.world.server.notify('room.event', event);
    }
  }

  #snapshot(): RoomSnapshot {
    return snapshot(
      Object.fromEntries(Object.keys(snapshot()).map((field) => [field, this.truth[field as keyof RoomSnapshot]])),
    );
  }

  #anything(): Pick<RoomEvent, 'type' | 'data'> {
    const name = ['ann', 'bob', 'guest'][Math.floor(this.chance() * 3)] ?? 'ann';
    const request = application(name);
    const end = { outcome: 'rejected', by: user('host'), code: 0, message: '' } as const;
    const seats = [seat(0, 'host'), seat(1, name)];
    const choices: Pick<RoomEvent, 'type' | 'data'>[] = [
      { type: 'seat.applied', data: { request } },
      { type: 'seat.applicationEnded', data: { request, ...end } },
      { type: 'seat.changed', data: { seats, joined: [user(name)], left: [] } },
      { type: 'stage.changed', data: { stage: [stageEntry(1, name)], canvas: { width: 1, height: 1 } } },
      { type: 'audience.joined', data: { user: user(name), role: 'audience' } },
      { type: 'room.phase', data: { phase: this.chance() < 0.5 ? 'live' : 'hostAway' } },
    ];
    const renamed = { type: 'room.updated', data: { name: `Name ${Math.floor(this.chance() * 1000)}` } } as const;
    return choices[Math.floor(this.chance() * 7)] ?? renamed;
  }
}

const types: readonly RoomEventType[] = [
  'seat.applied',
  'seat.applicationEnded',
  'seat.changed',
  'stage.changed',
  'audience.joined',
  'room.phase',
  'room.updated',
];

async function play(seed: number): Promise<{ server: ScriptedRoom; room: Room; heard: number[] }> {
  const chance = chanceFrom(seed);
  const world = new FakeWorld();
  const server = new ScriptedRoom(world, chance);
  const client = new DaisClient({ environment: world.environment });
  const session = client.login({ userId: 'guest' });
  await settle();
  world.server.socket.open();
  await session;
  const room = await client.joinRoom('room');
  const heard: number[] = [];
  for (const type of types) {
    room.on(type, (_, { seq }) => heard.push(seq));
  }
  for (let step = 0; step < stepsPerRound; step++) {
    server.step();
    if (chance() < 0.08) {
      await server.cut(client);
    }
  }
  await settle();
  return { server, room, heard };
}

describe('A client whose connection is cut at random points', () => {
  it(`knows in the end what is true, and has heard nothing twice (${roundCount} rounds)`, async () => {
    for (let seed = 1; seed <= roundCount; seed++) {
      const { server, room, heard } = await play(seed);
      expect(room.state.get(), `seed ${seed}`).toEqual(server.truth);
      expect(heard, `seed ${seed}`).toEqual([...new Set(heard)].sort((a, b) => a - b));
      // What it has not heard, a snapshot has told.
      const isInSnapshot = (seq: number): boolean => server.syncedUpTo.some(({ from, to }) => seq > from && seq <= to);
      expect(server.happened.filter((seq) => !heard.includes(seq) && !isInSnapshot(seq)), `seed ${seed}`).toEqual([]);
    }
  });
});
