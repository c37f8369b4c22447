import { BarrageType, type Barrage } from '@dais/vue';
import { describe, expect, it } from 'vitest';
import { linesMax, unreadAfter, withMessages, type ChatLine } from './chatLog';

const view = { selfId: 'self', hostId: 'host' };

function message(sequence: number, userId = 'ada', changes: Partial<Barrage> = {}): Barrage {
  return {
    liveId: 'room',
    sender: { userId, userName: userId, avatarUrl: '' },
    sequence,
    timestampInSecond: sequence,
    messageType: BarrageType.text,
    textContent: `text ${sequence}`,
    extensionInfo: {},
    businessId: '',
    data: '',
    ...changes,
  };
}

const messages = (from: number, to: number): Barrage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const sequences = (lines: readonly ChatLine[]): number[] => lines.map(({ sequence }) => sequence);

describe('The chat', () => {
  it('has each message once and in the order of the live, whenever it came', () => {
    const now = withMessages([], [message(8), message(9)], view);
    const withHistory = withMessages(now, [message(3), message(5), message(8), message(9)], view);
    expect(sequences(withHistory)).toEqual([3, 5, 8, 9]);
  });

  it('says whose words these are', () => {
    const [own, hosts] = withMessages([], [message(1, 'self'), message(2, 'host')], view);
    expect(own).toMatchObject({ isOwn: true, isHost: false, text: 'text 1', at: 1_000 });
    expect(hosts).toMatchObject({ isOwn: false, isHost: true });
  });

  it('leaves out what applications tell each other', () => {
    const rose = message(2, 'ada', { messageType: BarrageType.custom, textContent: '', businessId: 'rose' });
    expect(sequences(withMessages([], [message(1), rose, message(3)], view))).toEqual([1, 3]);
  });

  it('stays what it is when nothing is new', () => {
    const lines = withMessages([], messages(1, 3), view);
    expect(withMessages(lines, messages(2, 3), view)).toBe(lines);
  });

  it('keeps more than the facade does, and not more than a page can draw', () => {
    let lines: readonly ChatLine[] = [];
    for (let latest = 50; latest <= 500; latest += 10) {
      lines = withMessages(lines, messages(latest - 49, latest), view);
    }
    expect(lines).toHaveLength(linesMax);
    expect(lines.at(-1)?.sequence).toBe(500);
    expect(lines[0]?.sequence).toBe(501 - linesMax);
  });

  it('does not bring back what has been let go', () => {
    const lines = withMessages([], messages(11, 20), view, 5);
    expect(withMessages(lines, messages(1, 20), view, 5)).toBe(lines);
  });

  it('counts what others wrote since one looked', () => {
    const lines = withMessages([], [message(1), message(2), message(3, 'self'), message(4, 'host')], view);
    expect(unreadAfter(lines, 1)).toBe(2);
    expect(unreadAfter(lines, 4)).toBe(0);
  });
});
