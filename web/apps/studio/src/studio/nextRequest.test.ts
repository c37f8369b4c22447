import type { CoHostRequestInfo, SeatRequestInfo } from '@dais/vue';
import { describe, expect, it } from 'vitest';
import { nextOf } from './nextRequest';

const host = (requestId: string) => ({ requestId }) as CoHostRequestInfo;
const guest = (requestId: string) => ({ requestId }) as SeatRequestInfo;

describe('What a host sees next', () => {
  it('is the oldest request of another host', () => {
    expect(nextOf([host('a'), host('b')], [guest('c')], [host('d')])).toMatchObject({
      kind: 'received',
      request: { requestId: 'a' },
    });
  });

  it('is a guest when no host asks', () => {
    expect(nextOf([], [guest('c')], [host('d')])).toMatchObject({ kind: 'application', request: { requestId: 'c' } });
  });

  it('is what is waited for when nobody asks', () => {
    expect(nextOf([], [], [host('d')])).toMatchObject({ kind: 'sent', request: { requestId: 'd' } });
    expect(nextOf([], [], [])).toBeNull();
  });
});
