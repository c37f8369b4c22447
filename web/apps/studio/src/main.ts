import '@fontsource-variable/bricolage-grotesque';
import '@fontsource-variable/figtree';
import './design/tokens.css';
import './design/base.css';
import { createApp } from 'vue';
import App from './App.vue';
import { createAppRouter } from './router';

createApp(App).use(createAppRouter()).mount('#app');
