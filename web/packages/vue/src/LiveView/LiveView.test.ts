import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scene, quiet, seat, stageEntry, stubDevices } from '../../test/scene';
import { LiveView, useDeviceState } from '../index';

let scene: Scene;
let view: VueWrapper;

beforeEach(async () => {
  stubDevices();
  scene = new Scene('guest');
  await scene.join({ seats: [seat(0, 'host'), { ...seat(1, 'other'), reconnecting: true }, seat(2)] });
});
afterEach(() => {
  view.unmount();
  vi.unstubAllGlobals();
});

const tile = (userId: string) => view.get(`[data-testid=stage-tile][data-user-id=${userId}]`);

function show(slots: Record<string, string> = {}): VueWrapper {
  // Media elements take real streams only.
  return mount(LiveView, { slots, global: { stubs: { VideoPicture: true, SlotAudio: true } } });
}

function stage(...userIds: string[]): void {
  const entries = userIds.map((userId, slot) => ({
    ...stageEntry(slot, userId),
    region: { x: slot / 2, y: 0, width: 0.5, height: 1, zOrder: 0 },
  }));
  scene.tell('stage.changed', { stage: entries, canvas: { width: 720, height: 1280 } });
}

describe('LiveView', () => {
  it('draws everybody on stage where the server says', async () => {
    view = show();
    stage('host', 'other');
    await quiet();
    expect(tile('host').attributes('style')).toContain('left: 0%');
    expect(tile('other').attributes('style')).toContain('left: 50%');
    expect(tile('other').get('[role=status]').text()).toContain('Reconnecting');
  });

  it('plays the sound of everybody but oneself', async () => {
    view = show();
    stage('host', 'guest');
    await quiet();
    expect(view.findAll('slot-audio-stub')).toHaveLength(1);
  });

  it('shows the own camera mirrored, at once, and not while it is closed', async () => {
    view = show();
    scene.seats('guest');
    await quiet();
    expect(tile('guest').get('.picture').classes()).toContain('off');
    await useDeviceState().openLocalCamera();
    await quiet();
    expect(tile('guest').get('.picture').classes()).not.toContain('off');
    expect(tile('guest').get('video-picture-stub').attributes('mirrored')).toBe('true');
    expect(tile('guest').text()).toContain('microphone off');
  });

  it('draws the hosts of connected lives, whatever their seats\' numbers, and says of which they are', async () => {
    view = show();
    scene.connects(['b', 'c']);
    await quiet();
    const tiles = view.findAll('[data-testid=stage-tile]');
    expect(tiles.map((each) => each.attributes('data-seat-index'))).toEqual(['0', '0', '0']);
    expect(tiles.map((each) => each.attributes('data-live-id'))).toEqual(['room', 'b', 'c']);
    expect(tile('host').find('.live').exists()).toBe(false);
    expect(tile('host-b').get('.live').text()).toBe('b');
    expect(view.findAll('slot-audio-stub')).toHaveLength(3);
  });

  it('calls a connected live what the application calls it', async () => {
    view = show();
    await view.setProps({ liveNameOf: (liveId: string) => `Live ${liveId}` });
    scene.connects(['b']);
    await quiet();
    expect(tile('host-b').get('.live').text()).toBe('Live b');
  });

  it('silences a connected live at once, and shows it', async () => {
    view = show();
    scene.connects(['b', 'c'], [], ['c']);
    await quiet();
    expect(view.findAll('slot-audio-stub').map((each) => each.attributes('muted'))).toEqual(['false', 'false', 'true']);
    expect(tile('host-c').text()).toContain('silenced in this live');
    expect(tile('host-b').text()).not.toContain('silenced');
  });

  it('keeps apart the same user in two lives', async () => {
    view = show();
    const remote = { ...stageEntry(1, 'host'), roomId: 'b', seatIndex: 0 };
    scene.tell('stage.changed', { stage: [stageEntry(0, 'host'), remote], canvas: { width: 720, height: 1280 } });
    await quiet();
    expect(view.findAll('[data-user-id=host]').map((each) => each.attributes('data-live-id'))).toEqual(['room', 'b']);
    expect(view.findAll('slot-audio-stub')).toHaveLength(2);
  });

  it('takes what the application draws over a person', async () => {
    view = show({ tile: '<template #tile="{ tile }"><b>{{ tile.user.userId }}</b></template>' });
    stage('host');
    await quiet();
    expect(tile('host').get('b').text()).toBe('host');
  });

  it('is empty outside a live', async () => {
    scene.tell('room.ended', { reason: 'host' });
    view = show();
    expect(view.findAll('[data-testid=stage-tile]')).toHaveLength(0);
  });
});
