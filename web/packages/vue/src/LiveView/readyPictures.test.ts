import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { forgetReady, makeReady, takeReady } from './readyPictures';
import VideoPicture from './VideoPicture.vue';

describe('An element that plays a stream before it is shown', () => {
  it('is the one that shows it', () => {
    const stream = new MediaStream();
    makeReady(stream);
    const shown = mount(VideoPicture, { props: { stream } });
    const video = shown.get('video').element;
    expect(video.srcObject).toBe(stream);
    expect(video.muted).toBe(true);
    expect(takeReady(stream)).toBeNull();
  });

  it('is one, however often it is asked for, and shown once', () => {
    const stream = new MediaStream();
    makeReady(stream);
    const video = takeReady(stream);
    makeReady(stream);
    makeReady(stream);
    expect(takeReady(stream)).not.toBe(video);
    expect(takeReady(stream)).toBeNull();
  });

  it('plays nothing any more once it is forgotten', () => {
    const stream = new MediaStream();
    forgetReady(stream);
    makeReady(stream);
    forgetReady(stream);
    expect(takeReady(stream)).toBeNull();
  });
});
