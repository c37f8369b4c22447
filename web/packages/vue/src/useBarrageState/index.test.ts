import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../../../client/test/fakes/fakeTimers';
import { Scene, user } from '../../test/scene';
import { BarrageEvent, BarrageType, useBarrageState, useLiveListState } from '../index';

let scene: Scene;

beforeEach(() => {
  scene = new Scene('guest');
  scene.server.on('message.history', () => ({
    messages: [{ messageId: 'm5', seq: 5, at: 5_000, from: user('host'), kind: 'text', text: 'welcome' }],
  }));
  scene.server.on('message.send', () => ({ messageId: 'm', seq: 20 }));
});

describe('useBarrageState', () => {
  it('shows what was written before and what is written now', async () => {
    const { messageList } = useBarrageState();
    await scene.join();
    await settle();
    const data = '{"color":"red","x":1}';
    scene.tell('message', { messageId: 'm11', from: user('ada'), kind: 'text', text: 'hello', data });
    expect(messageList.value).toEqual([
      {
        liveId: 'room',
        sender: user('host'),
        sequence: 5,
        timestampInSecond: 5,
        messageType: BarrageType.text,
        textContent: 'welcome',
        extensionInfo: {},
        businessId: '',
        data: '',
      },
      {
        liveId: 'room',
        sender: user('ada'),
        sequence: 11,
        timestampInSecond: 1,
        messageType: BarrageType.text,
        textContent: 'hello',
        extensionInfo: { color: 'red' },
        businessId: '',
        data: '',
      },
    ]);
  });

  it('tells of each message after the list shows it', async () => {
    const { messageList, subscribeEvent } = useBarrageState();
    await scene.join();
    await settle();
    const heard: unknown[] = [];
    subscribeEvent(BarrageEvent.onBarrageReceived, ({ barrage }) =>
      heard.push([barrage.messageType, barrage.businessId, barrage.data, messageList.value.length]),
    );
    scene.tell('message', { messageId: 'm', from: user('ada'), kind: 'custom', customType: 'rose', data: '3' });
    scene.tell('message', { messageId: 'n', from: user('ada'), kind: 'text', text: 'x', data: 'no table' });
    expect(heard).toEqual([
      [BarrageType.custom, 'rose', '3', 2],
      [BarrageType.text, '', '', 3],
    ]);
  });

  it('sends texts and the application\'s own', async () => {
    const { sendTextMessage, sendCustomMessage } = useBarrageState();
    await scene.join();
    await sendTextMessage({ text: 'hello' });
    await sendTextMessage({ text: 'hello', extensionInfo: { color: 'red' } });
    await sendCustomMessage({ businessId: 'rose', data: '3' });
    expect(scene.server.paramsOf('message.send')).toEqual([
      { roomId: 'room', kind: 'text', text: 'hello' },
      { roomId: 'room', kind: 'text', text: 'hello', data: '{"color":"red"}' },
      { roomId: 'room', kind: 'custom', data: '3', customType: 'rose' },
    ]);
  });

  it('goes back to what is not in the list any more', async () => {
    const { messageList, listEarlierMessages } = useBarrageState();
    await scene.join();
    await settle();
    const earlier = await listEarlierMessages({ sequence: 9 });
    expect(scene.server.paramsOf('message.history')).toEqual([{ roomId: 'room' }, { roomId: 'room', beforeSeq: 9 }]);
    expect(earlier).toEqual(messageList.value);
  });

  it('knows whether this user, or everybody, has been forbidden to write', async () => {
    const { isMessageDisabled } = useBarrageState();
    const { currentLive } = useLiveListState();
    await scene.join({ messageDisabled: true });
    expect(isMessageDisabled.value).toBe(true);
    scene.tell('member.messageDisabledChanged', { user: user('guest'), disabled: false });
    expect(isMessageDisabled.value).toBe(false);
    expect(currentLive.value?.isMessageDisableForAllUser).toBe(false);
    scene.tell('room.updated', { messagesDisabled: true });
    expect(currentLive.value?.isMessageDisableForAllUser).toBe(true);
  });

  it('is empty and silent outside a live', async () => {
    const { messageList, sendTextMessage } = useBarrageState();
    await scene.join();
    await useLiveListState().leaveLive();
    expect(messageList.value).toEqual([]);
    await expect(sendTextMessage({ text: 'hello' })).rejects.toMatchObject({ code: -2101 });
  });
});
