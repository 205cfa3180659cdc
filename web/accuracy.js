// The page Accuracy: all of it is in the page; only the site is to be kept.

import { keepOffline } from './offline/offline.js';

keepOffline();
