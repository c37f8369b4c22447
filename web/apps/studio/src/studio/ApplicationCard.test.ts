import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import ApplicationCard from './ApplicationCard.vue';

const request = {
  requestId: 'r',
  userId: 'ben',
  userName: 'Ben Carter',
  avatarUrl: '',
  seatIndex: -1,
  createdAt: 0,
  expiresAt: 60_000,
  extensionInfo: '',
};

describe('ApplicationCard', () => {
  it('shows who asks and how long there is to answer', () => {
    const card = mount(ApplicationCard, { props: { request, now: 18_000 } });
    expect(card.text()).toContain('Ben Carter');
    expect(card.text()).toContain('42 s');
  });

  it('shows no countdown where there is no deadline', () => {
    const card = mount(ApplicationCard, { props: { request: { ...request, expiresAt: null }, now: 18_000 } });
    expect(card.text()).toContain('Wants to come up');
    expect(card.text()).not.toContain(' s');
  });

  it('accepts and declines', async () => {
    const card = mount(ApplicationCard, { props: { request, now: 0 } });
    await card.get('[data-testid=accept-application]').trigger('click');
    await card.get('[data-testid=reject-application]').trigger('click');
    expect(Object.keys(card.emitted())).toEqual(expect.arrayContaining(['accept', 'reject']));
  });

  it('takes no second answer while one is under way', () => {
    const card = mount(ApplicationCard, { props: { request, now: 0, busy: true } });
    expect(card.get('[data-testid=accept-application]').attributes('disabled')).toBeDefined();
  });
});
