import type { Component } from 'vue';

/** Loads the page of a live, once. */
export const loadLivePage = async (): Promise<{ default: Component }> => import('./LivePage.vue');
