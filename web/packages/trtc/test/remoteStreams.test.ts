import { beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../src/client.js';
import type { RemoteStream } from '../src/remoteStream.js';
import { Scene, codeOf, onStage, settle, stubMediaElements } from './scene.js';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
  stubMediaElements();
  document.body.innerHTML = '<div id="place"></div>';
});

/** The stream of someone who is on stage already, and the client that sees it. */
async function streamOf(sends: string, autoSubscribe = true): Promise<{ client: Client; stream: RemoteStream }> {
  scene.room({ stage: [onStage(0, 'A', sends)] });
  const client = scene.client({ autoSubscribe });
  scene.watch(client);
  const added: RemoteStream[] = [];
  client.on('stream-added', ({ stream }) => added.push(stream));
  await scene.join(client);
  const stream = added[0];
  if (stream === undefined) {
    throw new Error('No stream was added.');
  }
  scene.heard.length = 0;
  return { client, stream };
}

const slot = (k: number): string[] => [`peer1-${2 * k}`, `peer1-${2 * k + 1}`];

describe('A stream is announced', () => {
  it('after joining, when it was there before', async () => {
    scene.room({ stage: [onStage(0, 'A'), onStage(1, 'me'), onStage(2, 'B', '')] });
    await scene.joined();
    expect(scene.heard).toEqual(['peer-join A', 'stream-added A', 'stream-subscribed A', 'peer-join B']);
  });

  it('to who asks only after joining', async () => {
    scene.room({ stage: [onStage(0, 'A')] });
    const client = scene.client();
    await scene.join(client);
    await settle();
    scene.watch(client);
    await settle();
    expect(scene.heard).toEqual(['stream-added A', 'stream-subscribed A', 'peer-join A']);
  });

  it('no longer, once it is gone', async () => {
    scene.room({ stage: [onStage(0, 'A')] });
    const client = scene.client();
    await scene.join(client);
    await scene.stage();
    scene.watch(client);
    await settle();
    expect(scene.heard).toEqual([]);
  });

  it('when someone comes on stage and publishes', async () => {
    await scene.joined();
    await scene.stage(onStage(0, 'A', ''));
    expect(scene.heard).toEqual(['peer-join A']);
    await scene.stage(onStage(0, 'A'));
    expect(scene.heard.slice(1)).toEqual(['stream-added A', 'stream-subscribed A']);
  });

  it('with sound alone, when the publisher says right away that there is no picture', async () => {
    const client = await scene.joined();
    const kinds: boolean[] = [];
    client.on('stream-added', ({ stream }) => kinds.push(stream.hasAudio(), stream.hasVideo()));
    scene.tell('stage.changed', { stage: [onStage(0, 'A')], canvas: { width: 1, height: 1 } });
    await scene.fakes.timers.advance(50);
    await scene.stage(onStage(0, 'A', 'audio'));
    expect(kinds).toEqual([true, false]);
    expect(scene.heard).toEqual(['peer-join A', 'stream-added A', 'stream-subscribed A']);
  });

  it('for a host of another room that is connected, even of the own name', async () => {
    await scene.joined();
    await scene.stage(onStage(0, 'me', 'audio video', 'other'));
    expect(scene.heard).toEqual(['peer-join me', 'stream-added me', 'stream-subscribed me']);
  });
});

describe('A stream', () => {
  it('is received once it is subscribed to', async () => {
    const { client, stream } = await streamOf('audio video', false);
    expect(scene.heard).toEqual([]);
    expect([stream.getAudioTrack(), stream.getVideoTrack()]).toEqual([null, null]);
    await client.subscribe(stream, { audio: true, video: true });
    expect(scene.heard).toEqual(['stream-subscribed A']);
    expect([stream.getAudioTrack()?.id, stream.getVideoTrack()?.id]).toEqual(slot(0));
    expect([stream.getUserId(), stream.getType()]).toEqual(['A', 'main']);
  });

  it('is subscribed to once, by itself or by the handler', async () => {
    const { client, stream } = await streamOf('audio video');
    await client.subscribe(stream, { audio: true, video: true });
    expect(scene.heard).toEqual([]);
    await client.subscribe(stream, { audio: true });
    expect(scene.heard).toEqual(['stream-subscribed A']);
    expect(stream.getVideoTrack()).toBeNull();
  });

  it('is left to the handler that says what to do with it', async () => {
    scene.room({ stage: [onStage(0, 'A'), onStage(1, 'B')] });
    const client = scene.client();
    const received: RemoteStream[] = [];
    client.on('stream-added', ({ stream }) => {
      void (stream.getUserId() === 'A' ? client.subscribe(stream, { video: true }) : client.unsubscribe(stream));
      received.push(stream);
    });
    await scene.join(client);
    expect(received.map((stream) => stream.subscribed)).toEqual([
      { audio: false, video: true },
      { audio: false, video: false },
    ]);
  });

  it('stays when one of its kinds is muted, and says so', async () => {
    const { client, stream } = await streamOf('audio video');
    await scene.stage(onStage(0, 'A', 'audio'));
    await scene.stage(onStage(0, 'A', ''));
    expect(client.getRemoteMutedState()).toEqual([
      { userId: 'A', hasAudio: true, hasVideo: true, audioMuted: true, videoMuted: true },
    ]);
    await scene.stage(onStage(0, 'A', 'video'));
    expect(scene.heard).toEqual(['mute-video A', 'mute-audio A', 'unmute-video A']);
    expect(stream.hasAudio()).toBe(true);
  });

  it('grows when its user adds what it did not have', async () => {
    const { stream } = await streamOf('audio');
    expect(stream.hasVideo()).toBe(false);
    await scene.stage(onStage(0, 'A'));
    expect(stream.hasVideo()).toBe(true);
    expect(scene.heard).toEqual(['stream-updated A', 'unmute-video A']);
  });

  it('is removed when its user publishes no longer', async () => {
    const { client, stream } = await streamOf('audio video');
    await stream.play('place');
    await scene.stage(onStage(0, 'A', ''));
    expect(scene.heard).toEqual(['stream-removed A']);
    expect(document.querySelector('video')).toBeNull();
    expect(stream.getVideoTrack()).toBeNull();
    expect(await codeOf(client.subscribe(stream))).toBe(0x4010);
    await scene.stage(onStage(0, 'A'));
    expect(scene.heard.slice(1)).toEqual(['stream-added A', 'stream-subscribed A']);
  });

  it('is removed when its user leaves the stage', async () => {
    await streamOf('audio video');
    await scene.stage();
    expect(scene.heard).toEqual(['stream-removed A', 'peer-leave A']);
  });

  it('follows its user to another slot', async () => {
    const { stream } = await streamOf('audio video');
    await stream.play('place');
    await scene.stage(onStage(3, 'A'));
    expect([stream.getAudioTrack()?.id, stream.getVideoTrack()?.id]).toEqual(slot(3));
    const playing = document.querySelector('video')?.srcObject as MediaStream;
    expect(playing.getTracks().map(({ id }) => id)).toEqual(slot(3));
  });

  it('that finds no slot cannot be received', async () => {
    const { client, stream } = await streamOf('audio video', false);
    await scene.stage(onStage(10, 'A'));
    expect(await codeOf(client.subscribe(stream))).toBe(0x4010);
  });

  it('plays no longer once it is unsubscribed, or the room is left', async () => {
    const { client, stream } = await streamOf('audio video');
    await stream.play('place');
    await client.unsubscribe(stream);
    expect(document.querySelector('video')).toBeNull();
    await client.subscribe(stream);
    await stream.play('place');
    await client.leave();
    expect(document.querySelector('video')).toBeNull();
    expect(await codeOf(client.unsubscribe(stream))).toBe(0x1001);
  });

  it('is subscribed to for something', async () => {
    const { client, stream } = await streamOf('audio video');
    expect(await codeOf(client.subscribe(stream, { audio: false, video: false }))).toBe(0x1000);
    expect(await codeOf(client.subscribe({} as RemoteStream))).toBe(0x1000);
  });

  it('is muted for the own ears and eyes alone', async () => {
    const { stream } = await streamOf('audio video');
    await stream.play('place');
    const video = document.querySelector('video');
    expect(stream.muteAudio()).toBe(true);
    expect(stream.muteVideo()).toBe(true);
    expect([video?.muted, video?.style.visibility]).toEqual([true, 'hidden']);
    stream.unmuteAudio();
    stream.unmuteVideo();
    expect([video?.muted, video?.style.visibility]).toEqual([false, '']);
    expect(scene.methods).not.toContain('media.setMuted');
  });
});

describe('Statistics', () => {
  it('are of whoever is received', async () => {
    const { client, stream } = await streamOf('audio');
    expect(await client.getRemoteAudioStats()).toEqual({ A: { bytesReceived: 7, packetsReceived: 0, packetsLost: 0 } });
    expect(await client.getRemoteVideoStats()).toEqual({});
    expect(await client.getTransportStats()).toEqual({ rtt: 12 });
    expect(await client.getLocalAudioStats()).toEqual({});
    await client.unsubscribe(stream);
    expect(await client.getRemoteAudioStats()).toEqual({});
  });

  beforeEach(() => {
    const createPeer = scene.world.createPeerConnection;
    scene.world.createPeerConnection = (configuration) => {
      const peer = createPeer(configuration);
      peer.getStats = () =>
        Promise.resolve([
          { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.012 },
          { type: 'inbound-rtp', bytesReceived: 7 },
        ] as unknown as RTCStatsReport);
      return peer;
    };
  });
});
