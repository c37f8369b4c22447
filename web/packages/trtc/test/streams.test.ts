import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamConfig } from '../src/capture.js';
import { TRTC } from '../src/index.js';
import * as module from '../src/index.js';
import type { LocalStream } from '../src/localStream.js';
import { RtcError } from '../src/rtcError.js';
import { DeviceTrack, Scene, asTrack, codeOf, stubMediaElements } from './scene.js';

let scene: Scene;
let browser: { refuse: string | null };

beforeEach(() => {
  scene = new Scene();
  browser = stubMediaElements();
  document.body.innerHTML = '<div id="place"></div><div id="other"></div>';
});

async function open(config: StreamConfig = { audio: true, video: true }): Promise<LocalStream> {
  const stream = scene.stream({ userId: 'me', ...config });
  await stream.initialize();
  return stream;
}

const video = (): HTMLVideoElement => {
  const found = document.querySelector('video');
  if (found === null) {
    throw new Error('Nothing is played.');
  }
  return found;
};

describe('A stream is played', () => {
  it('in an element of the page, given itself or by its id', async () => {
    const stream = await open();
    await stream.play('place');
    expect(document.querySelector('#place video')).toBe(video());
    await stream.play(document.getElementById('other') as HTMLElement);
    expect(document.querySelectorAll('video')).toHaveLength(1);
    expect(document.querySelector('#other video')).toBe(video());
    stream.stop();
    expect(document.querySelector('video')).toBeNull();
  });

  it('silently and as in a mirror, when it is the own', async () => {
    await (await open()).play('place');
    expect([video().muted, video().style.transform, video().style.objectFit]).toEqual([true, 'scaleX(-1)', 'cover']);
  });

  it('whole and as it is, when it is a screen', async () => {
    await (await open({ screen: true })).play('place');
    expect([video().style.transform, video().style.objectFit]).toEqual(['', 'contain']);
  });

  it('as it is wanted', async () => {
    await (await open({ video: true, mirror: false })).play('place', { objectFit: 'fill' });
    expect([video().style.transform, video().style.objectFit]).toEqual(['', 'fill']);
  });

  it('nowhere where there is no element', async () => {
    expect(await codeOf((await open()).play('nowhere'))).toBe(0x1000);
  });

  it('after a gesture, where the browser wants one', async () => {
    const stream = await open();
    const heard: unknown[] = [];
    stream.on('error', (error) => heard.push(error.getCode()));
    stream.on('player-state-changed', ({ type, state }) => heard.push(`${type} ${state}`));
    browser.refuse = 'NotAllowedError';
    expect(await codeOf(stream.play('place'))).toBe(0x4043);
    expect(await codeOf(stream.resume())).toBe(0x4043);
    browser.refuse = null;
    await stream.resume();
    stream.stop();
    await stream.resume();
    expect(heard).toEqual([
      0x4043, 0x4043, 'audio PLAYING', 'video PLAYING', 'audio STOPPED', 'video STOPPED',
    ]);
  });

  it('by itself later, where nothing has come yet', async () => {
    const stream = await open();
    HTMLMediaElement.prototype.play = () => new Promise(() => undefined);
    const played = stream.play('place');
    await scene.fakes.timers.advance(3_000);
    expect(await codeOf(played)).toBe(0);
    expect(video().autoplay).toBe(true);
  });

  it('as loud as wanted', async () => {
    const stream = await open();
    expect([stream.getAudioLevel(), stream.getVideoFrame()]).toEqual([0, '']);
    stream.setAudioVolume(0.5);
    await stream.play('place');
    expect(video().volume).toBe(0.5);
    stream.setAudioVolume(0);
    expect(video().volume).toBe(0);
    expect(() => stream.setAudioVolume(2)).toThrow('from 0 to 1');
  });
});

describe('A local stream', () => {
  it.each<[string, StreamConfig]>([
    ['of nothing', {}],
    ['of camera and screen', { video: true, screen: true }],
    ['of two sounds', { audio: true, screen: true, screenAudio: true }],
    ['of the sound of no screen', { video: true, screenAudio: true }],
    ['of a microphone and a track', { audio: true, audioSource: asTrack(new DeviceTrack('audio', 'own')) }],
  ])('is not made %s', (_, config) => {
    expect(() => scene.stream(config)).toThrow(RtcError);
  });

  it('asks once for what it was made for', async () => {
    const stream = scene.stream({ audio: true, video: true, microphoneId: 'm', facingMode: 'user' });
    stream.setAudioProfile('high-stereo');
    await stream.setVideoProfile('720p');
    await Promise.all([stream.initialize(), stream.initialize()]);
    expect(scene.asked).toMatchObject([
      {
        audio: { deviceId: { exact: 'm' }, channelCount: { ideal: 2 } },
        video: { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 720 } },
      },
    ]);
  });

  it('changes the picture of an open camera, and not its sound', async () => {
    const stream = await open();
    await stream.setVideoProfile({ width: 200, height: 100, frameRate: 5 });
    const { constraints } = stream.getVideoTrack() as unknown as DeviceTrack;
    expect(constraints).toEqual([{ width: { ideal: 200 }, height: { ideal: 100 }, frameRate: { ideal: 5 } }]);
    expect(() => stream.setAudioProfile('high')).toThrow('before initialize()');
    expect(await codeOf(stream.setVideoProfile('9000p'))).toBe(0x1000);
    await stream.setScreenProfile('720p');
    expect(constraints).toHaveLength(1);
  });

  it.each([
    ['NotFoundError', 0x1003],
    ['OverconstrainedError', 0x1003],
    ['NotAllowedError', 0x1004],
    ['NotReadableError', 0x1004],
  ])('that cannot be opened says why: %s', async (name, code) => {
    scene.refuseDevices = name;
    const stream = scene.stream();
    await expect(stream.initialize()).rejects.toMatchObject({ name });
    expect(await codeOf(stream.initialize())).toBe(code);
    scene.refuseDevices = null;
    await stream.initialize();
    expect(stream.hasVideo()).toBe(true);
  });

  it('is opened before its tracks change', async () => {
    expect(await codeOf(scene.stream().addTrack(asTrack(new DeviceTrack('audio', 'own'))))).toBe(0x1001);
    const stream = await open();
    expect(await codeOf(stream.removeTrack(asTrack(new DeviceTrack('audio', 'own'))))).toBe(0x1000);
  });
});

describe('The entry point', () => {
  it('is there by name, by default and as a global', async () => {
    await import('../src/global.js');
    expect(module.default).toBe(TRTC);
    expect((globalThis as { TRTC?: unknown }).TRTC).toBe(TRTC);
  });

  it('makes clients and streams', () => {
    const client = TRTC.createClient({ sdkAppId: 0, userId: 'A', userSig: 'xxxx', mode: 'live' });
    expect(client.getRemoteMutedState()).toEqual([]);
    expect(TRTC.createStream({ userId: 'A', audio: true }).getUserId()).toBe('A');
    expect(() => TRTC.createClient({ sdkAppId: 0, userId: '', userSig: 'xxxx', mode: 'live' })).toThrow(RtcError);
    expect(TRTC.isSmallStreamSupported()).toBe(false);
  });
});
