import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import StageTile from './StageTile.vue';
import type { Tile } from './tile';

const tile: Tile = {
  user: { userId: 'ben', userName: 'Ben Carter', avatarUrl: '' },
  slot: 1,
  liveId: 'room',
  isRemote: false,
  isMutedHere: false,
  seatIndex: 1,
  region: { x: 0, y: 0.216, width: 0.5, height: 0.5, zOrder: 0 },
  isSelf: false,
  cameraOn: true,
  microphoneOn: true,
  reconnecting: false,
  stream: null,
};
const mountTile = (part: Partial<Tile> = {}, liveName = '') =>
  mount(StageTile, { props: { tile: { ...tile, ...part }, liveName } });

describe('StageTile', () => {
  it('says who it shows and holds their picture', () => {
    const shown = mountTile();
    expect(shown.attributes('data-user-id')).toBe('ben');
    expect(shown.find('video').exists()).toBe(true);
    expect(shown.get('figcaption').text()).toBe('Ben Carter');
  });

  it('has its name at the edge that is asked for, clear of controls where it goes edge to edge', () => {
    const region = { x: 0, y: 0, width: 0.5, height: 1, zOrder: 0 };
    expect(mountTile().get('figcaption').classes()).toEqual(['label', 'bottom']);
    const shown = mount(StageTile, { props: { tile: { ...tile, region }, labelAt: 'top' } });
    expect(shown.get('figcaption').classes()).toEqual(['label', 'top', 'whole']);
  });

  it('calls oneself you and mirrors the own picture', () => {
    const shown = mountTile({ isSelf: true });
    expect(shown.get('figcaption').text()).toBe('You');
    expect(shown.get('.frame').classes()).toContain('mirrored');
  });

  it('hides the picture while the camera is off', () => {
    expect(mountTile({ cameraOn: false }).get('.picture').classes()).toContain('off');
  });

  it('says when the microphone is off and when someone is reconnecting', () => {
    const shown = mountTile({ microphoneOn: false, reconnecting: true });
    expect(shown.text()).toContain('microphone off');
    expect(shown.get('[role=status]').text()).toContain('Reconnecting');
  });

  it('says of which other live someone is', () => {
    const shown = mountTile({ liveId: 'bakery', isRemote: true }, 'The bakery');
    expect(shown.attributes()).toMatchObject({ 'data-live-id': 'bakery', 'aria-label': 'Ben Carter, The bakery' });
    expect(shown.get('figcaption').text()).toBe('Ben CarterThe bakery');
    expect(mountTile().find('.live').exists()).toBe(false);
  });

  it('says when a live is silenced here, whatever its microphone does', () => {
    const shown = mountTile({ isRemote: true, isMutedHere: true, microphoneOn: false }, 'The bakery');
    expect(shown.find('.silenced').exists()).toBe(true);
    expect(shown.text()).toContain('silenced in this live');
    expect(shown.text()).not.toContain('microphone off');
  });
});
