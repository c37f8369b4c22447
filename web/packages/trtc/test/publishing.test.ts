import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalStream } from '../src/localStream.js';
import { DeviceTrack, Refusal, Scene, asTrack, codeOf, onStage, seat, settle, snapshot } from './scene.js';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

/** What the page sends: the tracks of the publication's senders. */
const sent = (): (string | undefined)[] =>
  scene.fakes.peer.transceivers.map(({ sender }) => sender.track?.id);

async function published(config = { audio: true, video: true }): Promise<LocalStream> {
  const client = await scene.onStage();
  const stream = scene.stream(config);
  await client.publish(stream);
  scene.fakes.peer.become('connected');
  return stream;
}

const muted = (): Record<string, unknown>[] =>
  scene.server.paramsOf('media.setMuted').map(withoutRoom);

function withoutRoom(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'roomId'));
}

describe('Publishing', () => {
  it('opens the devices and sends them', async () => {
    const stream = await published();
    expect(sent()).toEqual(['audio-1', 'video-1']);
    expect(scene.asked).toHaveLength(1);
    expect([stream.hasAudio(), stream.hasVideo()]).toEqual([true, true]);
  });

  it('opens nothing that was opened before', async () => {
    const client = await scene.onStage();
    const stream = scene.stream();
    await stream.initialize();
    await client.publish(stream);
    expect(scene.asked).toHaveLength(1);
  });

  it('is for who is in a room, and on stage', async () => {
    expect(await codeOf(scene.client().publish(scene.stream()))).toBe(0x1001);
    const client = await scene.joined('audience');
    expect(await codeOf(client.publish(scene.stream()))).toBe(0x1001);
    expect(scene.asked).toEqual([]);
  });

  it('is of one stream at a time', async () => {
    const client = await scene.onStage();
    const [first, second] = [scene.stream(), scene.stream()];
    await client.publish(first);
    expect(await codeOf(client.publish(second))).toBe(0x1001);
    expect(await codeOf(client.unpublish(second))).toBe(0x1001);
    await client.unpublish(first);
    await client.publish(second);
    expect(sent()).toEqual(['audio-2', 'video-2']);
  });

  it('takes no second stream beside the first, and nothing else than a stream', async () => {
    const client = await scene.onStage();
    expect(await codeOf(client.publish(scene.stream(), { isAuxiliary: true }))).toBe(0x1002);
    expect(await codeOf(client.publish({} as LocalStream))).toBe(0x1000);
  });

  it('that fails at the devices may be tried again', async () => {
    const client = await scene.onStage();
    const stream = scene.stream();
    scene.refuseDevices = 'NotFoundError';
    expect(await codeOf(client.publish(stream))).toBe(0x1003);
    scene.refuseDevices = null;
    await client.publish(stream);
    expect(sent()).toEqual(['audio-2', 'video-2']);
  });

  it('that the server refuses says why', async () => {
    const client = await scene.onStage();
    scene.server.on('media.publish', () => {
      throw new Refusal(1006, 'limitReached');
    });
    await expect(client.publish(scene.stream())).rejects.toMatchObject({ message: 'Refused: limitReached.' });
  });

  it('sends one stream through two clients', async () => {
    const first = await scene.onStage();
    const second = await scene.onStage();
    const stream = scene.stream({ audio: true });
    await first.publish(stream);
    await second.publish(stream);
    const [one, other] = [scene.fakes.peers[2], scene.fakes.peers[3]];
    const senders = (): unknown[] => [one, other].map((peer) => peer?.transceivers[0]?.sender.track?.id);
    expect(senders()).toEqual(['audio-1', 'audio-1']);
    stream.muteAudio();
    await settle();
    expect(senders()).toEqual([undefined, undefined]);
  });
});

describe('A published stream', () => {
  it('is muted, and unmuted', async () => {
    const stream = await published();
    expect(stream.muteVideo()).toBe(true);
    await settle();
    expect(sent()).toEqual(['audio-1', undefined]);
    expect(stream.unmuteVideo()).toBe(true);
    await settle();
    expect(sent()).toEqual(['audio-1', 'video-1']);
    expect(muted()).toEqual([{ camera: true }, { camera: false }]);
  });

  it('that was muted before it was published sends nothing of that', async () => {
    const client = await scene.onStage();
    const stream = scene.stream();
    await stream.initialize();
    stream.muteAudio();
    await client.publish(stream);
    expect(sent()).toEqual([undefined, 'video-1']);
    expect(muted()).toEqual([{ microphone: true }]);
    stream.unmuteAudio();
    await settle();
    expect(sent()).toEqual(['audio-1', 'video-1']);
  });

  it('stays muted when a host has locked the device, and says so', async () => {
    const stream = await published();
    stream.muteAudio();
    await settle();
    scene.server.on('media.setMuted', () => {
      throw new Refusal(-2360, 'microphoneLocked');
    });
    const errors: number[] = [];
    stream.on('error', (error) => errors.push(error.getCode()));
    stream.unmuteAudio();
    await settle();
    expect(errors).toEqual([0x1001]);
    expect([sent()[0], stream.getAudioTrack()?.enabled]).toEqual([undefined, false]);
  });

  it('has nothing to mute where it has no track', async () => {
    const stream = await published({ audio: true, video: false });
    expect(stream.muteVideo()).toBe(false);
    expect(scene.stream().muteAudio()).toBe(false);
  });

  it('is muted when a host switches the device off', async () => {
    const stream = await published();
    const own = { ...seat(1, 'me'), camera: 'on' as const };
    const seats = (microphone: 'on' | 'off') => [seat(0, 'host'), { ...own, microphone }];
    scene.tell('seat.changed', { seats: seats('on'), joined: [], left: [] });
    scene.tell('seat.changed', { seats: seats('off'), joined: [], left: [] });
    await settle();
    expect(stream.getAudioTrack()?.enabled).toBe(false);
    expect(scene.heard).toEqual(['error 0x1001']);
  });

  it('ends when its user is taken off the stage', async () => {
    await published();
    const me = { userId: 'me', userName: '', avatarUrl: '' };
    const left = [{ user: me, seatIndex: 1, reason: 'kicked' as const, by: null }];
    scene.tell('seat.changed', { seats: [seat(0, 'host'), seat(1)], joined: [], left });
    expect(scene.heard).toEqual(['error 0x1001']);
    expect(scene.fakes.peer.closed).toBe(true);
  });

  it('ends when its user goes to the audience, and may begin again', async () => {
    const client = await scene.onStage();
    const stream = scene.stream();
    await client.publish(stream);
    await client.switchRole('audience');
    expect(scene.methods.slice(-2)).toEqual(['media.unpublish', 'seat.leave']);
    expect(scene.heard).toEqual([]);
    scene.server.on('seat.take', () => {
      throw new Refusal(100205, 'allSeatsOccupied', true);
    });
    scene.tell('seat.changed', { seats: [seat(0, 'host'), seat(1)], joined: [], left: [] });
    expect(await codeOf(client.switchRole('anchor'))).toBe(0x404a);
  });

  it('is let go of when the room is left; the devices stay open', async () => {
    const client = await scene.onStage();
    const stream = scene.stream();
    await client.publish(stream);
    await client.leave();
    const track = stream.getAudioTrack() as unknown as DeviceTrack;
    expect(track.stopped).toBe(false);
    stream.close();
    expect(track.stopped).toBe(true);
  });
});

describe('The tracks of a stream', () => {
  it('come and go without another negotiation', async () => {
    const stream = await published({ audio: true, video: false });
    const camera = new DeviceTrack('video', 'own');
    await stream.addTrack(asTrack(camera));
    expect(sent()).toEqual(['audio-1', 'own']);
    expect(await codeOf(stream.addTrack(asTrack(new DeviceTrack('video', 'second'))))).toBe(0x1001);
    await stream.removeTrack(asTrack(camera));
    expect(sent()).toEqual(['audio-1', undefined]);
    expect(camera.stopped).toBe(false);
    expect(muted().slice(1)).toEqual([{ camera: false }, { camera: true }]);
    expect(scene.fakes.peer.iceRestarts).toEqual([false]);
  });

  it('are replaced by others of their kind', async () => {
    const stream = await published();
    await stream.replaceTrack(asTrack(new DeviceTrack('audio', 'music')));
    expect(sent()).toEqual(['music', 'video-1']);
    const silent = await published({ audio: false, video: true });
    expect(await codeOf(silent.replaceTrack(asTrack(new DeviceTrack('audio', 'music'))))).toBe(0x1001);
  });

  it('come from another device when it is switched', async () => {
    const stream = await published();
    const before = stream.getVideoTrack() as unknown as DeviceTrack;
    stream.muteVideo();
    await stream.switchDevice('video', 'back-camera');
    expect(scene.asked[1]).toMatchObject({ audio: false, video: { deviceId: { exact: 'back-camera' } } });
    expect(before.stopped).toBe(true);
    expect(stream.getVideoTrack()).toMatchObject({ id: 'video-2', enabled: false });
    stream.unmuteVideo();
    await settle();
    expect(sent()).toEqual(['audio-1', 'video-2']);
    await stream.switchDevice('video', 'environment');
    expect(scene.asked[2]).toMatchObject({ video: { facingMode: 'environment' } });
  });

  it('of the application are not switched, and not stopped', async () => {
    const music = new DeviceTrack('audio', 'music');
    const stream = scene.stream({ audioSource: asTrack(music) });
    await stream.initialize();
    expect(scene.asked).toEqual([]);
    expect(await codeOf(stream.switchDevice('audio', 'mic'))).toBe(0x1001);
    stream.close();
    expect(music.stopped).toBe(false);
  });

  it('say when a device or the screen is gone', async () => {
    const heard: unknown[] = [];
    const camera = scene.stream();
    const screen = scene.stream({ screen: true });
    for (const stream of [camera, screen]) {
      stream.on('error', (error) => heard.push(error.getCode()));
      stream.on('screen-sharing-stopped', () => heard.push('screen'));
      await stream.initialize();
      (stream.getVideoTrack() as unknown as DeviceTrack).onended?.();
    }
    expect(heard).toEqual([0x4044, 'screen']);
  });
});

describe('A place on stage that is lost while the connection is', () => {
  it('ends what is published', async () => {
    await published();
    const room = { ...snapshot({ roomId: '1000', seats: [seat(0, 'host'), seat(1)], stage: [] }) };
    scene.server.notify('room.sync', { roomId: '1000', seq: 100, room });
    await settle();
    expect(scene.heard).toEqual(['error 0x1001']);
    expect(scene.methods.at(-1)).toBe('media.unpublish');
  });
});

describe('What the server does not do', () => {
  it('is refused, not silently ignored', async () => {
    const client = await scene.onStage();
    expect(await codeOf(client.startMixTranscode())).toBe(0x1002);
    expect(await codeOf(client.startPublishCDNStream())).toBe(0x1002);
    expect(await codeOf(client.enableSmallStream())).toBe(0x1002);
    expect(await codeOf(client.setRemoteVideoStreamType())).toBe(0x1002);
    for (const call of [client.setTurnServer, client.setProxyServer, client.sendSEIMessage]) {
      expect(() => call.call(client)).toThrow('is not supported');
    }
    expect(() => client.enableAudioVolumeEvaluation()).toThrow('getAudioLevel');
  });

  it('shows nobody the own stream', async () => {
    const client = await scene.onStage();
    await scene.stage(onStage(1, 'me'));
    expect(client.getRemoteMutedState()).toEqual([]);
  });
});
