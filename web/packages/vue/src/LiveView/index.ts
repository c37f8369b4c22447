export { default as LiveView } from './LiveView.vue';
export { default as UserAvatar } from './UserAvatar.vue';
export { default as VideoPicture } from './VideoPicture.vue';
export { hueOf, initialsOf } from './avatar';
export type { Tile } from './tile';
