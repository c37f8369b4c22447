import { LiveError, type TUIConnectionCode } from '@dais/vue';
import { describe, expect, it, vi } from 'vitest';
import { useCoHosting } from './useCoHosting';

const vinyl = { liveId: 'vinyl', userName: 'Otis' };
const chess = { liveId: 'chess', userName: 'Ravi' };

function setUp(results: Readonly<Record<string, TUIConnectionCode>> = {}) {
  const told: string[] = [];
  const done = async (): Promise<void> => undefined;
  const hosts = {
    requestHostConnection: vi.fn(async ({ liveId }: { liveId: string }) => new Map([[liveId, results[liveId] ?? 0]])),
    cancelHostConnection: vi.fn(done),
    acceptHostConnection: vi.fn(done),
    rejectHostConnection: vi.fn(done),
    exitHostConnection: vi.fn(done),
    muteRemoteHostAudio: vi.fn(done),
  };
  return { hosts, told, coHosting: useCoHosting(hosts, (text) => told.push(text)) };
}

describe('A host and hosts of other lives', () => {
  it('asks each for half a minute, with one layout', async () => {
    const { hosts, coHosting } = setUp();
    const asking = coHosting.ask([vinyl, chess], 601);
    expect(coHosting.asking.value).toBe(true);
    expect(await asking).toBe(true);
    expect(hosts.requestHostConnection.mock.calls).toEqual([
      [{ liveId: 'vinyl', layoutTemplate: 601, timeout: 30 }],
      [{ liveId: 'chess', layoutTemplate: 601, timeout: 30 }],
    ]);
    expect(coHosting.asking.value).toBe(false);
  });

  it('says of each who could not be asked why, until it is forgotten', async () => {
    const { told, coHosting } = setUp({ chess: 3 });
    expect(await coHosting.ask([vinyl, chess], 600)).toBe(false);
    expect([...coHosting.refusals.value]).toEqual([['chess', expect.stringContaining('Ravi is live together')]]);
    expect(told).toEqual([]);
    coHosting.forgetRefusals();
    expect(coHosting.refusals.value.size).toBe(0);
  });

  it('tells in a sentence what the server refuses altogether', async () => {
    const { hosts, told, coHosting } = setUp();
    hosts.acceptHostConnection.mockRejectedValueOnce(
      new LiveError({ code: -2311, name: 'noSuchRequest', message: '' }),
    );
    await coHosting.accept('vinyl');
    expect(told).toEqual(['This request is no longer open.']);
    expect(coHosting.busyWith.value.size).toBe(0);
  });

  it('answers a request once, however often it is selected', async () => {
    const { hosts, coHosting } = setUp();
    await Promise.all([coHosting.accept('vinyl'), coHosting.accept('vinyl'), coHosting.reject('chess')]);
    expect(hosts.acceptHostConnection).toHaveBeenCalledOnce();
    expect(hosts.rejectHostConnection).toHaveBeenCalledWith({ liveId: 'chess' });
  });

  it('mutes a live, and lets it be heard again', async () => {
    const { hosts, coHosting } = setUp();
    await coHosting.setMuted('vinyl', true);
    await coHosting.setMuted('vinyl', false);
    expect(hosts.muteRemoteHostAudio.mock.calls).toEqual([
      ['vinyl', true],
      ['vinyl', false],
    ]);
  });

  it('leaves', async () => {
    const { hosts, coHosting } = setUp();
    expect(await coHosting.leave()).toBe(true);
    expect(hosts.exitHostConnection).toHaveBeenCalledOnce();
    expect(coHosting.leaving.value).toBe(false);
  });
});
