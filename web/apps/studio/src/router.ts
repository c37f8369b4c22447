import { createRouter, createWebHistory, type Router } from 'vue-router';
import HomePage from './home/HomePage.vue';
import { loadLivePage } from './room/loadLivePage';

/** The pages of the app. Only the list comes with the first load. */
export function createAppRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'home', component: HomePage },
      { path: '/go-live', name: 'go-live', component: async () => import('./golive/GoLivePage.vue') },
      { path: '/live/:roomId', name: 'live', component: loadLivePage, props: true },
      { path: '/operator', name: 'operator', component: async () => import('./operator/OperatorPage.vue') },
      { path: '/:any(.*)*', redirect: { name: 'home' } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
}
