/** A mark on an axis. */
export interface Tick {
  /** Where it is, 0 to 1 along the axis. */
  readonly at: number;
  readonly label: string;
}

/** What an axis shows. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

const minuteMs = 60_000;
const timeStepsMs = [10_000, 30_000, minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs, 60 * minuteMs];
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** An axis from zero to a round number at or above `max`, with three to six marks. */
export function countAxis(max: number): Axis {
  const step = roundStep(Math.max(max, 4) / 4);
  const to = Math.ceil(Math.max(max, 1) / step) * step;
  const count = Math.round(to / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    at: index / count,
    label: compact.format(index * step),
  }));
  return { from: 0, to, ticks };
}

/** The least of 1, 2, 5, 10, 20, 50 ... that is not below `wanted`. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted - 1e-9) ?? 10;
  return Math.max(1, factor * power);
}

/** An axis of time with marks at whole steps of the clock, at most `ticksMax`. */
export function timeAxis(from: number, to: number, ticksMax: number, offsetMs = offsetAt(to)): Axis {
  const span = Math.max(to - from, 1);
  const step =
    timeStepsMs.find((candidate) => span / candidate <= ticksMax) ??
    Math.ceil(span / ticksMax / (60 * minuteMs)) * 60 * minuteMs;
  const ticks: Tick[] = [];
  for (let time = Math.ceil((from + offsetMs) / step) * step - offsetMs; time <= to; time += step) {
    ticks.push({ at: (time - from) / span, label: clockOf(time + offsetMs, step < minuteMs) });
  }
  return { from, to: from + span, ticks };
}

const offsetAt = (time: number): number => -new Date(time).getTimezoneOffset() * minuteMs;

function clockOf(local: number, withSeconds: boolean): string {
  return new Date(local).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** Where a value is along an axis, 0 to 1. */
export function along(axis: Axis, value: number): number {
  return (value - axis.from) / (axis.to - axis.from);
}
