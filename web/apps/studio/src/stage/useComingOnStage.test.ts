import type { Room, RoomState, Seat, SeatRequest, User } from '@dais/client';
import { describe, expect, it, vi } from 'vitest';
import { effectScope, ref, shallowRef } from 'vue';
import type { LocalMedia } from '../media/localMedia';
import { useComingOnStage } from './useComingOnStage';

const self: User = { userId: 'self', userName: 'Ada', avatarUrl: '' };
const request = { requestId: 'r', user: self, expiresAt: null } as SeatRequest;
const seat = { index: 1, user: self } as Seat;

function setUp({ opens = true, refuses = false } = {}) {
  const status = ref('closed');
  const media = {
    status,
    open: vi.fn(async () => {
      status.value = opens ? 'open' : 'failed';
      return opens;
    }),
    close: vi.fn(),
  };
  const room = {
    applyForSeat: vi.fn(async () => {
      if (refuses) {
        throw new Error('refused');
      }
      return { requestId: 'r', seated: false };
    }),
  };
  const state = shallowRef({ selfId: 'self', seats: [], applications: [] } as unknown as RoomState);
  const way = effectScope().run(() =>
    useComingOnStage(shallowRef(room as unknown as Room), state, media as unknown as LocalMedia),
  );
  if (way === undefined) {
    throw new Error('The scope is over.');
  }
  const become = (part: Partial<RoomState>): void => {
    state.value = { ...state.value, ...part };
  };
  return { media, room, way, become };
}

describe('coming on stage', () => {
  it('asks for the camera first, then for a place', async () => {
    const { media, room, way } = setUp();
    const asking = way.ask();
    expect(way.phase.value).toBe('preparing');
    expect(room.applyForSeat).not.toHaveBeenCalled();
    await asking;
    expect(media.open).toHaveBeenCalled();
    expect(room.applyForSeat).toHaveBeenCalledWith({ timeout: 60 });
  });

  it('does not ask the host without a camera', async () => {
    const { room, way } = setUp({ opens: false });
    await way.ask();
    expect(room.applyForSeat).not.toHaveBeenCalled();
    expect(way.phase.value).toBe('watching');
  });

  it('goes through asking to the stage as the room says', async () => {
    const { way, become } = setUp();
    await way.ask();
    become({ applications: [request] });
    expect(way.phase.value).toBe('asking');
    become({ seats: [seat], applications: [] });
    expect(way.phase.value).toBe('onStage');
  });

  it('lets the camera go when the way ends', async () => {
    const { media, way, become } = setUp();
    await way.ask();
    become({ applications: [request] });
    await Promise.resolve();
    media.close.mockClear();
    become({ applications: [] });
    await Promise.resolve();
    expect(way.phase.value).toBe('watching');
    expect(media.close).toHaveBeenCalled();
  });

  it('tells a refusal and goes back to watching', async () => {
    const { way } = setUp({ refuses: true });
    await expect(way.ask()).rejects.toThrow('refused');
    expect(way.phase.value).toBe('watching');
  });
});
