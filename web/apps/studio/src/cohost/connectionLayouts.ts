import { CoHostLayoutTemplate } from '@dais/vue';
import type { LayoutChoice } from '../golive/layouts';

/** How the stage of connected lives may be drawn, the usual one first. */
export const connectionLayouts: readonly LayoutChoice[] = [
  {
    id: CoHostLayoutTemplate.HostDynamicGrid,
    name: 'Side by side',
    text: 'Everyone equally large',
    sketch: [
      { x: 0, y: 0.2, width: 0.5, height: 0.5 },
      { x: 0.5, y: 0.2, width: 0.5, height: 0.5 },
    ],
  },
  {
    id: CoHostLayoutTemplate.HostDynamic1v6,
    name: 'Spotlight',
    text: 'Each host large at home',
    sketch: [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 0.56, y: 0.7, width: 0.38, height: 0.25 },
    ],
  },
  {
    id: CoHostLayoutTemplate.HostVideoLandscapeFixed2Seats,
    name: 'Landscape',
    text: 'Two halves of a wide picture',
    isLandscape: true,
    sketch: [
      { x: 0, y: 0, width: 0.5, height: 1 },
      { x: 0.5, y: 0, width: 0.5, height: 1 },
    ],
  },
];
