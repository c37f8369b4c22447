import { DeviceStatus, type CoHostRequestInfo, type SeatUserInfo } from '@dais/vue';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import CoHostPanel from './CoHostPanel.vue';

function host(liveId: string, userName: string, on = true): SeatUserInfo {
  const status = on ? DeviceStatus.On : DeviceStatus.Off;
  const devices = { microphoneStatus: status, cameraStatus: status };
  return { liveId, userId: liveId, userName, avatarUrl: '', ...devices } as SeatUserInfo;
}

function request(liveId: string, userName: string, expiresAt: number | null = 30_000, extensionInfo = '') {
  const open = { requestId: `r-${liveId}`, layoutTemplate: 600, expiresAt, extensionInfo };
  return { ...host(liveId, userName), ...open } as CoHostRequestInfo;
}

function mountPanel(props: Partial<InstanceType<typeof CoHostPanel>['$props']> = {}) {
  return mount(CoHostPanel, {
    props: { hosts: [], mutedIds: [], received: [], sent: [], now: 12_000, busyWith: new Set<string>(), ...props },
  });
}

describe('CoHostPanel', () => {
  it('invites a host who is alone to look for others', async () => {
    const panel = mountPanel();
    expect(panel.text()).toContain('both audiences see you both');
    await panel.get('[data-testid=find-hosts]').trigger('click');
    expect(panel.emitted('find')).toHaveLength(1);
    expect(panel.find('[data-testid=leave-connection]').exists()).toBe(false);
  });

  it('shows every host who asks, what they say and how long there is to answer', async () => {
    const panel = mountPanel({
      received: [request('vinyl', 'Otis', 30_000, 'Shall we?'), request('chess', 'Ravi', null)],
    });
    const [first, second] = panel.findAll('[data-testid=host-request]');
    expect(first?.text()).toContain('Shall we?');
    expect(first?.get('[role=timer]').attributes('aria-label')).toBe('18 seconds left');
    expect(second?.find('[role=timer]').exists()).toBe(false);
    await first?.get('[data-testid=accept-host]').trigger('click');
    await second?.get('[data-testid=reject-host]').trigger('click');
    expect(panel.emitted()).toMatchObject({ accept: [['vinyl']], reject: [['chess']] });
  });

  it('takes no second answer while one is under way', () => {
    const panel = mountPanel({ received: [request('vinyl', 'Otis')], busyWith: new Set(['vinyl']) });
    expect(panel.get('[data-testid=accept-host]').attributes('disabled')).toBeDefined();
    expect(panel.get('[data-testid=reject-host]').attributes('disabled')).toBeDefined();
  });

  it('counts down what was asked, and takes it back', async () => {
    const panel = mountPanel({ sent: [request('vinyl', 'Otis')] });
    expect(panel.get('[data-testid=sent-host-request]').text()).toContain('18 s to answer');
    await panel.get('[data-testid=cancel-host-request]').trigger('click');
    expect(panel.emitted('cancel')).toEqual([['vinyl']]);
  });

  it('shows who is connected, how they are, and the ways to mute them and to leave', async () => {
    const panel = mountPanel({ hosts: [host('vinyl', 'Otis'), host('chess', 'Ravi', false)], mutedIds: ['vinyl'] });
    const rows = panel.findAll('[data-testid=connected-host]').map((row) => row.text());
    expect(rows).toEqual([expect.stringContaining('Not heard in this live'), expect.stringContaining('Away')]);
    await panel.get('[data-testid=mute-host][data-live-id=vinyl]').trigger('click');
    await panel.get('[data-testid=mute-host][data-live-id=chess]').trigger('click');
    await panel.get('[data-testid=leave-connection]').trigger('click');
    expect(panel.emitted()).toMatchObject({ mute: [['vinyl', false], ['chess', true]], leave: [[]] });
  });

  it('looks for no others when nine lives are connected', () => {
    const hosts = Array.from({ length: 8 }, (_, index) => host(`live-${index}`, `Host ${index}`));
    expect(mountPanel({ hosts }).find('[data-testid=find-hosts]').exists()).toBe(false);
    expect(mountPanel({ hosts: hosts.slice(1) }).find('[data-testid=find-hosts]').exists()).toBe(true);
  });
});
