import type { SeatRequestInfo } from '@dais/vue';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import type { DeviceProblem } from '../media/deviceProblem';
import type { OwnDevices } from '../media/ownDevices';
import type { StagePhase } from '../stage/useComingOnStage';
import ViewerControls from './ViewerControls.vue';

const application = {
  requestId: 'r',
  userId: 'self',
  userName: 'Ada',
  avatarUrl: '',
  createdAt: 0,
  expiresAt: 60_000,
} as SeatRequestInfo;

function mountControls(phase: StagePhase, problem: DeviceProblem | null = null) {
  const devices = {
    stream: shallowRef(null),
    cameraOn: ref(true),
    microphoneOn: ref(true),
    problem: ref(problem),
  } as unknown as OwnDevices;
  return mount(ViewerControls, {
    props: {
      phase,
      application: phase === 'asking' ? application : null,
      hostName: 'Grace',
      now: 0,
      devices,
      online: true,
      wide: false,
      microphoneLocked: phase === 'onStage',
      cameraLocked: false,
    },
  });
}

describe('ViewerControls', () => {
  it('invites a viewer on stage', async () => {
    const controls = mountControls('watching');
    await controls.get('[data-testid=apply-seat]').trigger('click');
    expect(controls.emitted('ask')).toHaveLength(1);
  });

  it('takes no second request while the first is prepared', () => {
    expect(mountControls('preparing').get('[data-testid=apply-seat]').attributes('disabled')).toBeDefined();
  });

  it('shows whom one waits for, how long, and a way out', async () => {
    const controls = mountControls('asking');
    expect(controls.text()).toContain('Waiting for Grace');
    expect(controls.get('[role=timer]').attributes('aria-label')).toBe('60 seconds left');
    await controls.get('[data-testid=cancel-application]').trigger('click');
    expect(controls.emitted('cancel')).toHaveLength(1);
  });

  it('gives someone on stage their switches and a way down', async () => {
    const controls = mountControls('onStage');
    expect(controls.find('[data-testid=toggle-camera]').exists()).toBe(true);
    expect(controls.get('[data-testid=toggle-microphone]').attributes('disabled')).toBeDefined();
    await controls.get('[data-testid=leave-seat]').trigger('click');
    expect(controls.emitted('leave')).toHaveLength(1);
  });

  it('explains a blocked camera instead of asking again', () => {
    const controls = mountControls('watching', 'denied');
    expect(controls.get('[role=alert]').text()).toContain('blocked');
    expect(controls.find('[data-testid=apply-seat]').exists()).toBe(false);
  });
});
