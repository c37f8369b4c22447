import { BarrageType, messagesMax, type Barrage, type LiveInfo } from '@dais/vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ref } from 'vue';
import { useChat } from './useChat';

const messageList = ref<readonly Barrage[]>([]);
const listEarlierMessages = vi.fn<(before: { sequence: number }) => Promise<readonly Barrage[]>>();

vi.mock('@dais/vue', async (original) => ({
  ...(await original<object>()),
  useBarrageState: () => ({
    messageList,
    listEarlierMessages,
    isMessageDisabled: ref(false),
    sendTextMessage: vi.fn(),
  }),
  useLiveListState: () => ({ currentRole: ref('audience') }),
}));

const live = { liveOwner: { userId: 'host' }, isMessageDisableForAllUser: false } as LiveInfo;

function messages(from: number, to: number, messageType: BarrageType = BarrageType.text): Barrage[] {
  const sender = { userId: 'ada', userName: 'Ada', avatarUrl: '' };
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const sequence = from + index;
    const texts = { textContent: `text ${sequence}`, extensionInfo: {}, businessId: '', data: '' };
    return { liveId: 'room', sender, sequence, timestampInSecond: sequence, messageType, ...texts };
  });
}

beforeEach(() => {
  messageList.value = messages(101, 100 + messagesMax);
  listEarlierMessages.mockReset();
});

describe('The chat of a live', () => {
  it('goes back until there is nothing before', async () => {
    const chat = useChat(() => live, () => 'self');
    listEarlierMessages.mockResolvedValueOnce(messages(60, 100)).mockResolvedValueOnce([]);
    expect(chat.hasEarlier.value).toBe(true);
    await chat.loadEarlier();
    expect(chat.lines.value.map(({ sequence }) => sequence)).toEqual(messages(60, 150).map(({ sequence }) => sequence));
    await chat.loadEarlier();
    expect(chat.hasEarlier.value).toBe(false);
    expect(listEarlierMessages.mock.calls).toEqual([[{ sequence: 101 }], [{ sequence: 60 }]]);
  });

  it('looks further back when what came is not to be read', async () => {
    const chat = useChat(() => live, () => 'self');
    listEarlierMessages.mockResolvedValueOnce(messages(60, 100, BarrageType.custom));
    listEarlierMessages.mockResolvedValueOnce(messages(50, 59));
    await chat.loadEarlier();
    expect(chat.lines.value[0]?.sequence).toBe(50);
  });

  it('asks once at a time, and again after a failure', async () => {
    const chat = useChat(() => live, () => 'self');
    listEarlierMessages.mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce(messages(90, 100));
    await Promise.all([chat.loadEarlier(), chat.loadEarlier()]);
    expect(chat.lines.value[0]?.sequence).toBe(101);
    await chat.loadEarlier();
    expect(chat.lines.value[0]?.sequence).toBe(90);
  });

  it('has nothing before a chat that is shorter than a page', () => {
    messageList.value = messages(1, messagesMax - 1);
    expect(useChat(() => live, () => 'self').hasEarlier.value).toBe(false);
  });
});
