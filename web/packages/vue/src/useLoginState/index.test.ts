import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Scene, quiet } from '../../test/scene';
import { LoginEvent, LoginStatus, useLiveListState, useLoginState } from '../index';

let scene: Scene;

beforeEach(() => {
  scene = new Scene('ada');
});

describe('useLoginState', () => {
  it('signs in with a bare user id and a name', async () => {
    await scene.signIn();
    const { loginUserInfo, loginStatus, connectionStatus } = useLoginState();
    expect(loginUserInfo.value).toEqual({ userId: 'ada', userName: 'Name of ada', avatarUrl: '' });
    expect(loginStatus.value).toBe(LoginStatus.LOGINED);
    expect(connectionStatus.value).toBe('open');
  });

  it('takes the token from userSig and has no use for sdkAppId', async () => {
    const done = useLoginState().login({ sdkAppId: 0, userId: 'ada', userSig: 'a token' });
    await quiet();
    scene.server.socket.open();
    await done;
    expect(scene.server.socket.url).toBe('wss://live.example.org/v1/ws');
    expect(scene.server.paramsOf('session.open')).toEqual([{ platform: 7, userId: 'ada', token: 'a token' }]);
  });

  it('goes to the address it is given', async () => {
    void useLoginState().login({ url: 'http://localhost:5180', userId: 'ada' });
    await quiet();
    expect(scene.server.socket.url).toBe('ws://localhost:5180/v1/ws');
  });

  it('throws what the server refused, and can be tried again', async () => {
    scene.server.on('session.open', () => {
      throw new Refusal(1002, 'badToken');
    });
    const { login, loginStatus } = useLoginState();
    const done = login({ userId: 'ada', token: 'forged' });
    await quiet();
    scene.server.socket.open();
    await expect(done).rejects.toMatchObject({ code: 1002 });
    expect(loginStatus.value).toBe(LoginStatus.UNKNOWN);
    void login({ userId: 'ada', token: 'better' }).catch(() => undefined);
    await quiet();
    expect(scene.server.sockets).toHaveLength(2);
  });

  it('opens no second session for the same user', async () => {
    await scene.signIn();
    await useLoginState().login({ userId: 'ada', userName: 'Name of ada' });
    expect(scene.server.sockets).toHaveLength(1);
  });

  it('shows a new name to others', async () => {
    await scene.signIn();
    const { setSelfInfo, loginUserInfo } = useLoginState();
    const done = setSelfInfo({ userName: 'Countess' });
    await quiet();
    scene.server.socket.open();
    await done;
    expect(loginUserInfo.value?.userName).toBe('Countess');
  });

  it('signs out', async () => {
    await scene.join();
    const { logout, loginUserInfo } = useLoginState();
    await logout();
    expect(loginUserInfo.value).toBeNull();
    expect(useLiveListState().currentLive.value).toBeNull();
    expect(scene.server.socket.closedWith).toBe(1000);
  });

  it('tells who was put out by a newer connection', async () => {
    await scene.signIn();
    const { subscribeEvent, loginStatus } = useLoginState();
    const heard = vi.fn();
    subscribeEvent(LoginEvent.onKickedOffline, heard);
    scene.server.socket.end(4501, 'replaced');
    await quiet();
    expect(heard).toHaveBeenCalledOnce();
    expect(loginStatus.value).toBe(LoginStatus.UNKNOWN);
  });

  it('tells when the token is no longer good', async () => {
    await scene.signIn();
    const heard = vi.fn();
    useLoginState().subscribeEvent(LoginEvent.onLoginExpired, heard);
    scene.server.socket.end(4401);
    await quiet();
    expect(heard).toHaveBeenCalledOnce();
  });
});
