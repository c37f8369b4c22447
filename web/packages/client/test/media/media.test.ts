import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveError } from '../../src/liveError.js';
import { openLocalMedia } from '../../src/media/localMedia.js';
import { Publication } from '../../src/media/publication.js';
import { Subscription } from '../../src/media/subscription.js';
import { FakeStream, FakeTrack } from '../fakes/fakeMedia.js';
import { settle } from '../fakes/fakeTimers.js';
import { FakeWorld } from '../fakes/fakeWorld.js';

let world: FakeWorld;
const negotiate = vi.fn<(offer: string) => Promise<string>>();
const announceMuted = vi.fn<(muted: object) => Promise<void>>();

beforeEach(() => {
  world = new FakeWorld();
  negotiate.mockReset().mockImplementation((offer) => Promise.resolve(`answer to ${offer}`));
  announceMuted.mockReset().mockResolvedValue();
});

function subscribe(slots = 10): Subscription {
  return new Subscription(world.environment, { slots, iceServers: () => [], negotiate });
}

function publish(...tracks: FakeTrack[]): Publication {
  const stream = new FakeStream(...tracks) as unknown as MediaStream;
  return new Publication(world.environment, stream, { iceServers: () => [], negotiate, announceMuted });
}

async function connected(): Promise<Subscription> {
  const subscription = subscribe(2);
  await subscription.start();
  world.peer.become('connected');
  return subscription;
}

describe('A subscription', () => {
  it('offers one audio and one video line per slot, to receive only', async () => {
    await subscribe().start();
    expect(world.peer.transceivers.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'audio' : 'video')),
    );
    expect(new Set(world.peer.transceivers.map(({ direction }) => direction))).toEqual(new Set(['recvonly']));
  });

  it('offers only codecs the server forwards, and what makes up for losses', async () => {
    await subscribe(1).start();
    expect(world.peer.transceivers.map(({ codecs }) => codecs)).toEqual([
      ['audio/opus', 'audio/red'],
      ['video/VP8', 'video/rtx', 'video/VP9', 'video/H264', 'video/AV1'],
    ]);
  });

  it('has a stream with both tracks for every slot', async () => {
    const subscription = subscribe(2);
    await subscription.start();
    expect(subscription.streams.map((stream) => stream.getTracks().map(({ id }) => id))).toEqual([
      ['peer1-0', 'peer1-1'],
      ['peer1-2', 'peer1-3'],
    ]);
  });

  it('negotiates once as long as nothing breaks', async () => {
    const subscription = await connected();
    world.peer.become('disconnected');
    await world.timers.advance(2_000);
    world.peer.become('connected');
    await world.timers.advance(3_600_000);
    expect(subscription.negotiations).toBe(1);
    expect(subscription.status.get()).toBe('connected');
  });

  it('restarts ICE with the STUN and TURN servers of the present session', async () => {
    let credential = 'first';
    const subscription = new Subscription(world.environment, {
      slots: 1,
      iceServers: () => [{ urls: ['turn:turn.example.org'], username: 'vera', credential }],
      negotiate,
    });
    await subscription.start();
    world.peer.become('connected');
    credential = 'second';
    subscription.recover('networkChanged');
    await settle();
    expect(world.peer.iceRestarts).toEqual([false, true]);
    expect(world.peer.configuration.iceServers).toMatchObject([{ credential: 'second' }]);
    expect(world.peer.configuration.bundlePolicy).toBe('max-bundle');
  });

  it('throws what the server refused, and can be started again', async () => {
    const subscription = subscribe(1);
    negotiate.mockRejectedValueOnce(LiveError.local('badAnswer', 'No.'));
    await expect(subscription.start()).rejects.toMatchObject({ message: 'No.' });
    expect(subscription.status.get()).toBe('idle');
    await subscription.start();
    expect(subscription.negotiations).toBe(1);
  });

  it('restarts ICE once when its path stays silent', async () => {
    const subscription = await connected();
    world.peer.become('disconnected');
    await world.timers.advance(3_000);
    expect(subscription.status.get()).toBe('restarting');
    expect(world.peer.iceRestarts).toEqual([false, true]);
    expect(negotiate).toHaveBeenCalledTimes(2);
    world.peer.become('connected');
    expect(subscription.status.get()).toBe('connected');
    expect(world.peers).toHaveLength(1);
  });

  it('is made anew when the restart does not help, on the same streams', async () => {
    const subscription = await connected();
    const streams = [...subscription.streams];
    world.peer.become('failed');
    await settle();
    world.peer.become('failed');
    await settle();
    expect(subscription.status.get()).toBe('replacing');
    expect(world.peers.map(({ closed }) => closed)).toEqual([true, false]);
    expect(subscription.streams.map((stream) => stream.getTracks().map(({ id }) => id))).toEqual([
      ['peer2-0', 'peer2-1'],
      ['peer2-2', 'peer2-3'],
    ]);
    expect([...subscription.streams]).toEqual(streams);
    world.peer.become('connected');
    expect(subscription.negotiations).toBe(1);
  });

  it('waits with the restart until the server can be reached, and needs no new peer connection', async () => {
    const subscription = await connected();
    negotiate.mockRejectedValue(LiveError.local('notConnected', 'Not now.', true));
    world.peer.become('failed');
    await world.timers.advance(60_000);
    expect(subscription.status.get()).toBe('stranded');
    negotiate.mockImplementation((offer) => Promise.resolve(`answer to ${offer}`));
    subscription.recover('signalingBack');
    await settle();
    expect(subscription.status.get()).toBe('restarting');
    world.peer.become('connected');
    expect(subscription.status.get()).toBe('connected');
    expect(world.peers).toHaveLength(1);
    expect(world.peer.iceRestarts).toEqual([false, true, true]);
  });

  it('restarts ICE when the network changes, also when its path seems to work', async () => {
    const subscription = await connected();
    subscription.recover('networkChanged');
    await settle();
    expect(world.peer.iceRestarts).toEqual([false, true]);
    expect(subscription.status.get()).toBe('connected');
    expect(world.timers.pendingMs).toEqual([]);
  });

  it('needs nothing when only the signalling was away', async () => {
    const subscription = await connected();
    subscription.recover('signalingBack');
    await settle();
    expect(subscription.negotiations).toBe(1);
    expect(subscription.status.get()).toBe('connected');
  });

  it('keeps trying, more and more slowly, while the server refuses', async () => {
    const subscription = await connected();
    negotiate.mockRejectedValue(new LiveError({ code: 1006, name: 'limitReached', message: 'Full.', retryable: true }));
    world.peer.become('failed');
    await settle();
    const delays: (number | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      expect(subscription.status.get()).toBe('waiting');
      delays.push(world.timers.pendingMs[0]);
      await world.timers.advance(delays.at(-1) ?? 0);
    }
    expect(delays).toEqual([375, 750, 1500]);
  });

  it('begins again with a new peer connection when it is started again', async () => {
    const subscription = await connected();
    const rejoin = vi.fn((offer: string) => Promise.resolve(`joined with ${offer}`));
    await subscription.start(rejoin);
    expect(rejoin).toHaveBeenCalledWith('offer-peer2-1');
    expect(world.peer.answers).toEqual(['joined with offer-peer2-1']);
    expect(world.peers[0]?.closed).toBe(true);
  });

  it('lets the newest of two starts win', async () => {
    const subscription = subscribe(1);
    const first = subscription.start(() => new Promise(() => {}));
    const outcome = expect(first).rejects.toMatchObject({ name: 'roomClosed' });
    await settle();
    await subscription.start();
    await outcome;
    expect(subscription.negotiations).toBe(1);
    expect(world.peers.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('that is closed stays closed, also for an answer on its way', async () => {
    const subscription = subscribe(1);
    let answer: (sdp: string) => void = () => {};
    const started = subscription.start(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const outcome = expect(started).rejects.toMatchObject({ name: 'roomClosed' });
    await settle();
    subscription.close();
    answer('late');
    await settle();
    await outcome;
    expect(world.peer.answers).toEqual([]);
    await expect(subscription.start()).rejects.toMatchObject({ name: 'roomClosed' });
    expect(world.timers.pendingMs).toEqual([]);
  });
});

describe('A publication', () => {
  const microphone = new FakeTrack('audio', 'mic');
  const camera = new FakeTrack('video', 'cam');

  beforeEach(() => {
    microphone.enabled = camera.enabled = true;
  });

  it('sends the audio and the video track of its stream', async () => {
    await publish(microphone, camera).start();
    expect(world.peer.transceivers.map(({ kind, direction, sender }) => [kind, direction, sender.track])).toEqual([
      ['audio', 'sendonly', microphone],
      ['video', 'sendonly', camera],
    ]);
    expect(announceMuted).not.toHaveBeenCalled();
  });

  it('offers a camera that is not there, says it is off, and sends it later without negotiating', async () => {
    const publication = publish(microphone);
    await publication.start();
    expect(announceMuted).toHaveBeenCalledWith({ camera: true });
    await publication.replaceTrack('camera', camera as unknown as MediaStreamTrack);
    expect(world.peer.transceivers[1]?.sender.track).toBeNull();
    await publication.setMuted('camera', false);
    expect(world.peer.transceivers[1]?.sender.track).toBe(camera);
    expect(publication.negotiations).toBe(1);
  });

  it('mutes before it tells the server', async () => {
    const publication = publish(microphone, camera);
    await publication.start();
    announceMuted.mockImplementation(() => {
      expect(microphone.enabled).toBe(false);
      expect(world.peer.transceivers[0]?.sender.track).toBeNull();
      return Promise.resolve();
    });
    await publication.setMuted('microphone', true);
    expect(announceMuted).toHaveBeenCalledWith({ microphone: true });
    expect(publication.muted.get()).toEqual({ microphone: true, camera: false });
  });

  it('stays muted when the server does not agree', async () => {
    const publication = publish(microphone, camera);
    await publication.start();
    await publication.setMuted('camera', true);
    announceMuted.mockRejectedValue(new LiveError({ code: 100006, name: 'deviceLocked', message: 'Locked.' }));
    await expect(publication.setMuted('camera', false)).rejects.toMatchObject({ name: 'deviceLocked' });
    expect(camera.enabled).toBe(false);
    expect(publication.muted.get().camera).toBe(true);
  });

  it('stays muted, and says so, when its path is made anew', async () => {
    const publication = publish(microphone, camera);
    await publication.start();
    await publication.setMuted('microphone', true);
    await publication.start();
    expect(world.peer.transceivers.map(({ sender }) => sender.track)).toEqual([null, camera]);
    expect(announceMuted).toHaveBeenLastCalledWith({ microphone: true });
  });

  it('changes the camera without negotiating', async () => {
    const publication = publish(microphone, camera);
    await publication.start();
    const other = new FakeTrack('video', 'back camera');
    await publication.replaceTrack('camera', other as unknown as MediaStreamTrack);
    expect(world.peer.transceivers[1]?.sender.track).toBe(other);
    expect(publication.negotiations).toBe(1);
  });
});

describe('Camera and microphone', () => {
  it.each([
    ['NotAllowedError', 'devicePermissionDenied', false],
    ['NotFoundError', 'deviceUnavailable', false],
    ['NotReadableError', 'deviceUnavailable', true],
  ])('that fail with %s give %s', async (domName, name, retryable) => {
    world.userMedia = () => Promise.reject(Object.assign(new Error('No.'), { name: domName }));
    await expect(openLocalMedia(undefined, world.environment)).rejects.toMatchObject({ name, retryable });
  });

  it('come as the stream the browser gives', async () => {
    const stream = new FakeStream();
    world.userMedia = () => Promise.resolve(stream);
    expect(await openLocalMedia({ audio: true }, world.environment)).toBe(stream);
  });
});
