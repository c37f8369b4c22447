import { describe, expect, it } from 'vitest';
import { CushionPolicy, PlayoutCushion } from '../../src/media/playoutCushion.js';
import { FakeTimers } from '../fakes/fakeTimers.js';

/** Each second 100 packets, of which some are asked for again; gives the last delay. */
function pass(
  policy: CushionPolicy,
  state: { second: number; requests: number },
  seconds: number,
  requests: number,
  roundTripMs: number | null = 60,
): number | null {
  let target: number | null = null;
  for (let i = 0; i < seconds; i++) {
    state.second += 1;
    state.requests += requests;
    target = policy.take({ packets: state.second * 100, requests: state.requests, roundTripMs }, state.second * 1_000);
  }
  return target;
}

describe('The delay of pictures', () => {
  it('is as short as can be where hardly anything is lost', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    expect(pass(policy, state, 60, 0)).toBeNull();
    for (let i = 0; i < 20; i++) {
      expect(pass(policy, state, 1, 1)).toBeNull();
      expect(pass(policy, state, 3, 0)).toBeNull();
    }
  });

  it('is two round trips and a picture within seconds of a path that loses', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    pass(policy, state, 10, 0);
    expect(pass(policy, state, 3, 5)).toBe(180);
  });

  it('is never so long that it is no longer live', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    expect(pass(policy, state, 5, 10, 400)).toBe(250);
  });

  it('is a guess while the round trip is not known', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    expect(pass(policy, state, 5, 10, null)).toBe(250);
  });

  it('ends a quiet minute after the last loss', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    expect(pass(policy, state, 20, 5)).toBe(180);
    expect(pass(policy, state, 55, 0)).toBe(180);
    expect(pass(policy, state, 20, 0)).toBeNull();
  });

  it('does not follow every change of the round trip', () => {
    const [policy, state] = [new CushionPolicy(), { second: 0, requests: 0 }];
    pass(policy, state, 5, 5);
    expect(pass(policy, state, 1, 5, 70)).toBe(180);
    expect(pass(policy, state, 1, 5, 90)).toBe(240);
  });

  it('survives counters that begin anew', () => {
    const policy = new CushionPolicy();
    policy.take({ packets: 1_000, requests: 10, roundTripMs: 60 }, 0);
    expect(policy.take({ packets: 10, requests: 0, roundTripMs: 60 }, 1_000)).toBeNull();
    expect(policy.take({ packets: 110, requests: 20, roundTripMs: 60 }, 2_000)).toBe(180);
  });
});

describe('A cushion', () => {
  const receiver = (kind: string, hasTarget = true) =>
    ({ track: { kind }, ...(hasTarget ? { jitterBufferTarget: null } : {}) }) as unknown as RTCRtpReceiver;

  const cushionOn = (timers: FakeTimers): PlayoutCushion =>
    new PlayoutCushion({ startTimer: (callback, ms) => timers.start(callback, ms), now: () => timers.nowMs });

  function lossyPeer() {
    let looks = 0;
    return {
      connectionState: 'connected',
      getStats: () => {
        looks += 1;
        return Promise.resolve(
          new Map<string, object>([
            ['in', { type: 'inbound-rtp', kind: 'video', packetsReceived: looks * 100, nackCount: looks * 5 }],
            ['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.06 }],
          ]),
        );
      },
    };
  }

  it('keeps pictures back where they are lossy, not sound by itself', async () => {
    const timers = new FakeTimers();
    const cushion = cushionOn(timers);
    const [picture, sound] = [receiver('video'), receiver('audio')];
    cushion.watch(lossyPeer() as unknown as RTCPeerConnection, [picture, sound]);
    await timers.advance(4_000);
    expect(picture.jitterBufferTarget).toBe(180);
    expect(sound.jitterBufferTarget).toBeNull();
  });

  it('looks at nothing where the browser cannot be told, or after it was stopped', async () => {
    const timers = new FakeTimers();
    const cushion = cushionOn(timers);
    cushion.watch(lossyPeer() as unknown as RTCPeerConnection, [receiver('video', false)]);
    expect(timers.pendingMs).toEqual([]);
    cushion.watch(lossyPeer() as unknown as RTCPeerConnection, [receiver('video')]);
    expect(timers.pendingMs).toEqual([1_000]);
    cushion.stop();
    await timers.advance(5_000);
    expect(timers.pendingMs).toEqual([]);
  });

  it('goes on when there are no statistics for once', async () => {
    const timers = new FakeTimers();
    const cushion = cushionOn(timers);
    const peer = { connectionState: 'connected', getStats: () => Promise.reject(new Error('Not now.')) };
    cushion.watch(peer as unknown as RTCPeerConnection, [receiver('video')]);
    await timers.advance(2_500);
    expect(timers.pendingMs).toEqual([500]);
  });
});
