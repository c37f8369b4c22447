import type { SeatRequestInfo, SeatUserInfo } from '@dais/vue';
import { describe, expect, it, vi } from 'vitest';
import { computed, effectScope, ref, shallowRef } from 'vue';
import { useComingOnStage } from './useComingOnStage';

const self = { userId: 'self', userName: 'Ada', avatarUrl: '' };
const request = { ...self, requestId: 'r', expiresAt: null } as SeatRequestInfo;
const seated = { ...self } as SeatUserInfo;

function setUp({ opens = true, refuses = false } = {}) {
  const devices = { open: vi.fn(async () => opens), close: vi.fn(), problem: computed(() => null) };
  const connected = ref<readonly SeatUserInfo[]>([]);
  const application = shallowRef<SeatRequestInfo | null>(null);
  const answer = async (): Promise<void> => {
    if (refuses) {
      throw new Error('refused');
    }
  };
  const guests = {
    connected: computed(() => connected.value),
    ownApplication: computed(() => application.value),
    applyForSeat: vi.fn(answer),
    cancelApplication: vi.fn(answer),
    acceptInvitation: vi.fn(answer),
    disConnect: vi.fn(answer),
  };
  const way = effectScope().run(() => useComingOnStage(ref(self), guests, devices));
  if (way === undefined) {
    throw new Error('The scope was stopped.');
  }
  return { devices, guests, way, connected, application };
}

describe('coming on stage', () => {
  it('asks for the camera first, then for a place', async () => {
    const { devices, guests, way } = setUp();
    const asking = way.ask();
    expect(way.phase.value).toBe('preparing');
    expect(guests.applyForSeat).not.toHaveBeenCalled();
    await asking;
    expect(devices.open).toHaveBeenCalled();
    expect(guests.applyForSeat).toHaveBeenCalledWith({ seatIndex: -1, timeout: 60 });
  });

  it('does not ask the host without a camera', async () => {
    const { guests, way } = setUp({ opens: false });
    await way.ask();
    expect(guests.applyForSeat).not.toHaveBeenCalled();
    expect(way.phase.value).toBe('watching');
  });

  it('asks for the camera before an invitation is accepted', async () => {
    const { devices, guests, way } = setUp();
    await way.accept('host');
    expect(devices.open).toHaveBeenCalled();
    expect(guests.acceptInvitation).toHaveBeenCalledWith({ inviterId: 'host' });
  });

  it('goes through asking to the stage as the live says', async () => {
    const { way, connected, application } = setUp();
    await way.ask();
    application.value = request;
    expect(way.phase.value).toBe('asking');
    application.value = null;
    connected.value = [seated];
    expect(way.phase.value).toBe('onStage');
  });

  it('lets the camera go when the way ends', async () => {
    const { devices, way, application } = setUp();
    await way.ask();
    application.value = request;
    await Promise.resolve();
    devices.close.mockClear();
    application.value = null;
    await Promise.resolve();
    expect(way.phase.value).toBe('watching');
    expect(devices.close).toHaveBeenCalled();
  });

  it('tells a refusal and goes back to watching', async () => {
    const { way } = setUp({ refuses: true });
    await expect(way.ask()).rejects.toThrow('refused');
    expect(way.phase.value).toBe('watching');
  });
});
