import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { ChatLine } from './chatLog';
import ChatList from './ChatList.vue';

function line(sequence: number, userId = 'ada'): ChatLine {
  const author = { userId, userName: userId, avatarUrl: '' };
  const text = `<b>text ${sequence}</b>`;
  return { sequence, author, text, at: 0, isOwn: userId === 'self', isHost: userId === 'host' };
}

/** A list whose end is `left` pixels further down than what is in sight. */
async function mountList(lines: ChatLine[], moderates = false, hasEarlier = false) {
  const list = mount(ChatList, { props: { lines, moderates, hasEarlier } });
  const element = list.get('[role=log]').element;
  let left = 0;
  Object.defineProperties(element, {
    scrollHeight: { get: () => 1_000 },
    clientHeight: { get: () => 400 },
    scrollTop: { get: () => 600 - left, set: (top: number) => (left = Math.max(0, 600 - top)) },
  });
  const scrollUp = async (pixels: number): Promise<void> => {
    left = pixels;
    await list.get('[role=log]').trigger('scroll');
  };
  const write = async (...next: ChatLine[]): Promise<void> => {
    await list.setProps({ lines: [...list.props('lines'), ...next] });
    await nextTick();
  };
  return { list, scrollUp, write, left: () => left, latest: () => list.find('[data-testid=new-messages]') };
}

describe('The list of messages', () => {
  it('is a log with a name, and shows words as they are', async () => {
    const { list } = await mountList([line(1)]);
    expect(list.get('[role=log]').attributes('aria-label')).toBe('Messages');
    expect(list.get('[data-testid=chat-message]').text()).toContain('<b>text 1</b>');
  });

  it('leaves somebody alone who reads further up, and counts what is new', async () => {
    const { scrollUp, write, left, latest } = await mountList([line(1), line(2)]);
    expect(latest().exists()).toBe(false);
    await scrollUp(300);
    expect(latest().text()).toBe('To the latest');
    await write(line(3));
    await write(line(4), line(5));
    expect(left()).toBe(300);
    expect(latest().text()).toBe('3 new messages');
    await latest().trigger('click');
    expect([left(), latest().exists()]).toEqual([0, false]);
  });

  it('counts anew after one has been at the end', async () => {
    const { scrollUp, write, latest } = await mountList([line(1)]);
    await scrollUp(300);
    await write(line(2));
    await scrollUp(0);
    expect(latest().exists()).toBe(false);
    await scrollUp(300);
    await write(line(3));
    expect(latest().text()).toBe('1 new message');
  });

  it('goes to the end with what one writes oneself', async () => {
    const { scrollUp, write, left, latest } = await mountList([line(1)]);
    await scrollUp(300);
    await write(line(2, 'self'));
    expect([left(), latest().exists()]).toEqual([0, false]);
  });

  it('asks for what is before the first line when one comes near it, and keeps in place what is read', async () => {
    const { list, scrollUp, left } = await mountList([line(8), line(9)], false, true);
    await scrollUp(200);
    expect(list.emitted('earlier')).toBeUndefined();
    await scrollUp(580);
    expect(list.emitted('earlier')).toHaveLength(1);
    await list.get('[data-testid=earlier-messages]').trigger('click');
    expect(list.emitted('earlier')).toHaveLength(2);
    await list.setProps({ lines: [line(7), ...list.props('lines')], hasEarlier: false });
    expect([left(), list.find('[data-testid=earlier-messages]').exists()]).toEqual([580, false]);
    await scrollUp(590);
    expect(list.emitted('earlier')).toHaveLength(2);
  });

  it('leads a host, and nobody else, from the names of others to what can be done', async () => {
    const lines = [line(1), line(2, 'host'), line(3, 'self')];
    const { list } = await mountList(lines, true);
    const names = list.findAll('[data-testid=manage-author]');
    expect(names).toHaveLength(1);
    await names[0]?.trigger('click');
    expect(list.emitted('manage')).toEqual([[lines[0]?.author]]);
    expect((await mountList(lines)).list.find('[data-testid=manage-author]').exists()).toBe(false);
  });
});
